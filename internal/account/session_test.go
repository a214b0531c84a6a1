package account_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"strings"
	"testing"
	"time"

	"lianshen/internal/account"
)

var noon = time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)

func TestLockOutDoublesUpToALimit(t *testing.T) {
	var a account.Attempts
	now := noon
	for i := range 4 {
		if a = a.Failed(now); a.Locked(now) {
			t.Fatalf("shut after %d failures", i+1)
		}
	}
	for _, want := range []time.Duration{15, 30, 60, 120, 240, 240, 240} {
		a = a.Failed(now)
		if got := a.LockedUntil().Sub(now); got != want*time.Minute {
			t.Fatalf("after %d failures shut for %v, want %v", a.Failures, got, want*time.Minute)
		}
		if again := a.Failed(now.Add(time.Minute)); again != a {
			t.Fatalf("a try while shut changed %+v to %+v", a, again)
		}
		if !a.Locked(a.LockedUntil().Add(-1)) || a.Locked(a.LockedUntil()) {
			t.Fatal("does not open when it says")
		}
		now = a.LockedUntil()
	}
	if a = a.Failed(now.Add(account.FailuresForgot)); a.Failures != 1 {
		t.Errorf("a day later %d failures, want 1", a.Failures)
	}
}

func TestAnyNumberOfFailuresStaysWithinTheLimit(t *testing.T) {
	a := account.Attempts{Failures: 1 << 40, Last: noon}
	if got := a.LockedUntil().Sub(noon); got != account.LongestLockOut {
		t.Errorf("shut for %v", got)
	}
}

func TestSecretIsGoodForOneUse(t *testing.T) {
	secret, digest, err := account.NewSecret(rand.Reader, account.ForAPI)
	if err != nil || !strings.HasPrefix(secret, "lsa_") || len(secret) != 4+43 || len(digest) != 64 {
		t.Fatalf("NewSecret = %q, %q, %v", secret, digest, err)
	}
	if got, ok := account.Digest(account.ForAPI, secret); !ok || got != digest {
		t.Errorf("Digest = %q, %v; want %q", got, ok, digest)
	}
	for _, bad := range []string{"", "lsa_", secret[4:], secret[:46], secret + "A", "lss_" + secret[4:], secret[:46] + "*"} {
		if _, ok := account.Digest(account.ForAPI, bad); ok {
			t.Errorf("Digest takes %q", bad)
		}
	}
	if _, ok := account.Digest(account.ForSession, secret); ok {
		t.Error("a personal token is taken for a session")
	}
	other, _, _ := account.NewSecret(rand.Reader, account.ForAPI)
	if other == secret {
		t.Error("the same secret twice")
	}
	if _, _, err := account.NewSecret(io.LimitReader(rand.Reader, 31), account.ForAPI); err == nil {
		t.Error("a secret of 31 random bytes")
	}
	fixed, _, _ := account.NewSecret(bytes.NewReader(make([]byte, 32)), account.ForSetUp)
	if want := "lsu_" + strings.Repeat("A", 43); fixed != want {
		t.Errorf("secret of zero bytes = %q, want %q", fixed, want)
	}
}

func TestScopeActIncludesRead(t *testing.T) {
	for _, tt := range []struct {
		have, need account.Scope
		want       bool
	}{
		{account.ScopeRead, account.ScopeRead, true},
		{account.ScopeRead, account.ScopeAct, false},
		{account.ScopeAct, account.ScopeRead, true},
		{account.ScopeAct, account.ScopeAct, true},
		{"", account.ScopeRead, false},
		{"", "", false},
	} {
		if got := tt.have.Allows(tt.need); got != tt.want {
			t.Errorf("%q allows %q: %v, want %v", tt.have, tt.need, got, tt.want)
		}
	}
	if _, err := account.ParseScope("all"); code(t, err) != "token.unknown_scope" {
		t.Errorf("ParseScope: %v", err)
	}
}

func TestTokenIsGoodUntilItExpiresOrIsRevoked(t *testing.T) {
	token := account.Token{Created: noon}
	if !token.Good(noon.AddDate(10, 0, 0)) {
		t.Error("a token without end is not good")
	}
	token.Expires = noon.Add(time.Hour)
	if !token.Good(noon) || token.Good(token.Expires) {
		t.Error("a token does not expire when it says")
	}
	token.Revoked = noon
	if token.Good(noon) {
		t.Error("a revoked token is good")
	}
}

func TestSessionEndsWhenIdleOrOld(t *testing.T) {
	s := account.Session{Created: noon, Seen: noon}
	if got := s.Ends().Sub(noon); got != 8*time.Hour {
		t.Errorf("idle session ends after %v", got)
	}
	s.Seen = noon.Add(20 * time.Hour)
	if got := s.Ends().Sub(noon); got != 24*time.Hour {
		t.Errorf("busy session ends after %v", got)
	}
	if !s.Alive(noon.Add(24*time.Hour-1)) || s.Alive(noon.Add(24*time.Hour)) {
		t.Error("session does not end when it says")
	}
	if s.Stale(s.Seen.Add(59*time.Second)) || !s.Stale(s.Seen.Add(time.Minute)) {
		t.Error("Seen is to be written once a minute")
	}
}

func TestSetUpLinkIsGoodForADay(t *testing.T) {
	link := account.SetUp{Digest: "d", Created: noon}
	if !link.Good(noon) || link.Good(noon.Add(account.SetUpLife)) {
		t.Error("link does not end when it says")
	}
	if (account.SetUp{Created: noon}).Good(noon) {
		t.Error("a link that was never made is good")
	}
}
