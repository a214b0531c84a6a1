package account

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Use is what a secret is good for. It is the first part of the secret, so that one
// cannot be used for another, and a leaked one is recognised by a scanner.
type Use string

// The uses of a secret.
const (
	ForSession Use = "lss" // in the cookie
	ForAPI     Use = "lsa" // personal token, in the header Authorization
	ForSetUp   Use = "lsu" // in the one-time set-up link
)

const secretBytes = 32

// NewSecret returns a secret of 32 random bytes in base64url after its use, and the
// digest of it: only the digest is stored. Random is crypto/rand.Reader except in tests.
func NewSecret(random io.Reader, use Use) (secret, digest string, err error) {
	raw := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", "", fmt.Errorf("draw a secret: %w", err)
	}
	secret = string(use) + "_" + base64.RawURLEncoding.EncodeToString(raw)
	return secret, digestOf(secret), nil
}

// Digest returns the digest under which a secret is stored, and ok = false if secret
// cannot be one for this use: then no look-up is needed. An ordinary look-up by
// digest is safe: a digest tells nothing about another secret.
func Digest(use Use, secret string) (digest string, ok bool) {
	rest, ok := strings.CutPrefix(secret, string(use)+"_")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if !ok || err != nil || len(raw) != secretBytes {
		return "", false
	}
	return digestOf(secret), true
}

func digestOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Scope is what an API token may be used for.
type Scope string

// The scopes of a token.
const (
	ScopeRead Scope = "read" // see what its person sees
	ScopeAct  Scope = "act"  // do what its person may do, and read
)

// ParseScope reads the word of a scope.
func ParseScope(s string) (Scope, error) {
	if scope := Scope(s); slices.Contains([]Scope{ScopeRead, ScopeAct}, scope) {
		return scope, nil
	}
	return "", refuse("token.unknown_scope", s)
}

// Allows reports whether a token of scope s is good for need.
func (s Scope) Allows(need Scope) bool {
	return s == need && need != "" || s == ScopeAct && need == ScopeRead
}

// A Token lets a program act as a person.
type Token struct {
	ID      string // UUIDv7, shown to its owner
	Digest  string
	Person  string // id
	Post    string // id of the post it acts by
	Name    string // what the person calls it: "夜间导出"
	Scope   Scope
	Created time.Time
	Expires time.Time // zero for never
	Revoked time.Time // zero while it is good
	Used    time.Time // last use; zero for never
}

// Good reports whether t can be used at now.
func (t Token) Good(now time.Time) bool {
	return t.Revoked.IsZero() && (t.Expires.IsZero() || now.Before(t.Expires))
}

// The life of a session.
const (
	SessionIdle    = 8 * time.Hour  // without a request
	SessionLongest = 24 * time.Hour // in all
	SessionTouch   = time.Minute    // how exactly Seen is kept
)

// A Session is one sign-in on one device.
type Session struct {
	Digest  string
	Person  string // id
	Post    string // id of the post acted by; "" if the person holds none
	Created time.Time
	Seen    time.Time // last request
}

// Ends returns the instant at which s ends if there is no further request.
func (s Session) Ends() time.Time {
	idle, longest := s.Seen.Add(SessionIdle), s.Created.Add(SessionLongest)
	if idle.Before(longest) {
		return idle
	}
	return longest
}

// Alive reports whether s can be used at now.
func (s Session) Alive(now time.Time) bool { return now.Before(s.Ends()) }

// Stale reports whether Seen should be written anew at now. Once a minute is often
// enough, and keeps reading a page from being a write.
func (s Session) Stale(now time.Time) bool { return now.Sub(s.Seen) >= SessionTouch }

// SetUpLife is how long the link for the first person of an empty installation is good.
const SetUpLife = 24 * time.Hour

// A SetUp is the one-time link of an empty installation. It is forgotten once used.
type SetUp struct {
	Digest  string    `json:"digest"`
	Created time.Time `json:"created"`
}

// Good reports whether the link can be used at now.
func (s SetUp) Good(now time.Time) bool {
	return s.Digest != "" && now.Before(s.Created.Add(SetUpLife))
}
