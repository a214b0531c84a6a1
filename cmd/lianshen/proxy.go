package main

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// believe takes the address of the sender from X-Forwarded-For where a trusted proxy
// wrote it. Without this everybody behind the proxy would share one address, and
// somebody who guesses passwords would lock them all out. Nobody else is believed:
// the header is easily forged.
func believe(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, ok := sender(proxies, r.RemoteAddr, r.Header.Values("X-Forwarded-For")); ok {
			r.RemoteAddr = net.JoinHostPort(from.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}

// sender goes back from the peer through the header, as long as each address is a
// trusted proxy, and returns the first that is not.
func sender(proxies []netip.Prefix, peer string, header []string) (netip.Addr, bool) {
	at, err := netip.ParseAddrPort(peer)
	if err != nil {
		return netip.Addr{}, false
	}
	addr := at.Addr().Unmap()
	hops := strings.Split(strings.Join(header, ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !trusted(proxies, addr) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = before.Unmap()
	}
	return addr, true
}

func trusted(proxies []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}
