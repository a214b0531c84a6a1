package web

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
)

// Every address says who may enter, so that none is open by oversight.
func TestEveryRouteDeclaresItsAccess(t *testing.T) {
	seen := map[string]bool{}
	for _, rt := range (&Server{}).routes() {
		if rt.open == nil || rt.serve == nil {
			t.Errorf("%s: no access or no handler", rt.pattern)
		}
		if seen[rt.pattern] {
			t.Errorf("%s: listed twice", rt.pattern)
		}
		seen[rt.pattern] = true
	}
}

// What is public is listed here, and nothing else may be.
func TestPublicRoutes(t *testing.T) {
	want := map[string]bool{"GET /healthz": true, "POST /theme": true, "POST /language": true}
	allow := func(pattern string) bool {
		return want[pattern] || strings.Contains(pattern, "/signin") || strings.Contains(pattern, "/setup")
	}
	for _, rt := range (&Server{}).routes() {
		if reflect.ValueOf(rt.open).Pointer() == reflect.ValueOf(access(public)).Pointer() && !allow(rt.pattern) {
			t.Errorf("%s is public", rt.pattern)
		}
	}
}

func TestAddressThatDoesNotExist(t *testing.T) {
	s := newSite(t)
	w := s.get("clerk", "/nowhere")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "未找到") {
		t.Errorf("code %d, body:\n%s", w.Code, w.Body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'") || strings.Contains(csp, "unsafe") {
		t.Errorf("content policy %q", csp)
	}
}

func TestPostFromAnotherSiteIsRefused(t *testing.T) {
	s := newSite(t)
	r := httptest.NewRequest("POST", "/theme", strings.NewReader("theme=dark"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if w := s.ask("clerk", r); w.Code != http.StatusForbidden {
		t.Errorf("code %d, want 403", w.Code)
	}
}

func TestReturnAddressStaysOnThisSite(t *testing.T) {
	for to, want := range map[string]string{
		"/rounds/8": "/rounds/8", "//evil.example": "/", "https://evil.example": "/", "/\\evil.example": "/", "": "/",
	} {
		if got := local(to); got != want {
			t.Errorf("local(%q) = %q, want %q", to, got, want)
		}
	}
}
