package account_test

import (
	"crypto/rand"
	"io"
	"regexp"
	"testing"

	"lianshen/internal/account"
)

func TestInitialPasswordIsLegibleAndAllowed(t *testing.T) {
	shape := regexp.MustCompile(`^[a-z2-9+]{4}(-[a-z2-9+]{4}){3}$`)
	seen := map[string]bool{}
	for range 200 {
		p, err := account.NewPassword(rand.Reader)
		if err != nil || !shape.MatchString(p) || seen[p] {
			t.Fatalf("NewPassword = %q, %v", p, err)
		}
		seen[p] = true
		if err := account.CheckPassword("zhou", p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
	if _, err := account.NewPassword(io.LimitReader(rand.Reader, 15)); err == nil {
		t.Error("a password of 15 random bytes")
	}
}
