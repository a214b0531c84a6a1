package account

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// The bounds of a password, in characters and, against megabytes, in bytes.
const (
	MinPassword      = 10
	MaxPasswordBytes = 1024
)

// Passwords that people choose when ten characters are asked for, one per line.
//
//go:embed common.txt
var commonText string

var common = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.Lines(commonText) {
		set[strings.TrimSpace(word)] = true
	}
	return set
})

// FoldUsername returns the form in which usernames are compared and stored:
// half-width, lower case, without surrounding space.
func FoldUsername(s string) string { return strings.ToLower(strings.TrimSpace(norm.NFKC.String(s))) }

// CheckPassword returns a refusal if the person called username may not choose
// the password: "password.too_short", "password.too_long", "password.is_username",
// "password.common" or "password.repetitive".
func CheckPassword(username, password string) error {
	password = normal(password)
	switch lower := strings.ToLower(password); {
	case len(password) > MaxPasswordBytes:
		return refuse("password.too_long", MaxPasswordBytes)
	case utf8.RuneCountInString(password) < MinPassword:
		return refuse("password.too_short", MinPassword)
	case dressedUp(FoldUsername(username), lower):
		return refuse("password.is_username")
	case common()[lower]:
		return refuse("password.common")
	case distinct(lower) < 4:
		return refuse("password.repetitive")
	}
	return nil
}

// dressedUp reports whether the password is the username, the username twice, or
// the username between digits and signs: "wangfang" and "wangfang@2026".
func dressedUp(username, password string) bool {
	if username == "" {
		return false
	}
	const trimmings = "0123456789!@#$%^&*.-_ "
	core := strings.Trim(username, trimmings)
	return password == username || password == username+username ||
		core != "" && strings.Trim(password, trimmings) == core
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// normal makes a password independent of the input method: with a Chinese one the
// same keys can give full-width characters.
func normal(password string) string { return norm.NFKC.String(password) }

// params are those OWASP lists first: 19 MiB, two passes, one thread.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// A Hasher hashes passwords with argon2id, so many at once and no more: each takes
// 19 MiB, and a rush of sign-ins must not take the memory of the pages.
// Make it with [NewHasher].
type Hasher struct {
	seats  chan struct{}
	nobody func() (string, error)
}

// NewHasher returns a hasher for at most atOnce passwords at a time; at least one.
func NewHasher(atOnce int) *Hasher {
	return &Hasher{
		seats: make(chan struct{}, max(1, atOnce)),
		nobody: sync.OnceValues(func() (string, error) {
			return argon2id.CreateHash("the password of nobody", params)
		}),
	}
}

// Hash returns the hash to store. It waits for a free seat, or until ctx is done.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.sit(ctx); err != nil {
		return "", err
	}
	defer h.rise()
	hash, err := argon2id.CreateHash(normal(password), params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Matches reports whether password is the one behind hash. For an unknown user
// pass "" as hash: the answer is no, after the same work, so that the time it takes
// does not tell which usernames exist. It waits like [Hasher.Hash].
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > 4*MaxPasswordBytes {
		return false, nil // cannot be anyone's, whoever is asked for
	}
	if err := h.sit(ctx); err != nil {
		return false, err
	}
	defer h.rise()
	known := hash != ""
	if !known {
		var err error
		if hash, err = h.nobody(); err != nil {
			return false, fmt.Errorf("hash a password: %w", err)
		}
	}
	match, err := argon2id.ComparePasswordAndHash(normal(password), hash)
	if err != nil {
		return false, fmt.Errorf("compare a password with its hash: %w", err)
	}
	return match && known, nil
}

func (h *Hasher) sit(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to hash a password: %w", err)
	}
	select {
	case h.seats <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

func (h *Hasher) rise() { <-h.seats }
