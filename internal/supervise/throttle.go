package supervise

import (
	"sync"
	"time"
)

// How many sign-ins may go wrong from one address in a while. A whole office can
// stand behind one address, so this is generous; each account has its own rule.
const (
	wrongPerRemote = 100
	wrongWindow    = 15 * time.Minute
	remotesKept    = 10_000
)

// A throttle counts wrong sign-ins by address. It forgets at a restart: it slows
// down whoever tries many usernames, and guards nothing by itself.
type throttle struct {
	mu    sync.Mutex
	wrong map[string]tally
}

type tally struct {
	n     int
	since time.Time
}

// shut returns until when nobody may try from the address; zero if one may.
func (t *throttle) shut(remote string, now time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x := t.wrong[remote]; x.n >= wrongPerRemote && now.Sub(x.since) < wrongWindow {
		return x.since.Add(wrongWindow)
	}
	return time.Time{}
}

// count notes one wrong sign-in from the address.
func (t *throttle) count(remote string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wrong == nil || len(t.wrong) >= remotesKept {
		t.wrong = map[string]tally{}
	}
	x := t.wrong[remote]
	if now.Sub(x.since) >= wrongWindow {
		x = tally{since: now}
	}
	x.n++
	t.wrong[remote] = x
}
