package supervise

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// LongestTokenName is the limit of what a person calls a token, in characters.
const LongestTokenName = 60

// A NewToken is a personal token to be made.
type NewToken struct {
	Person, Post string // the post it acts by, held today
	Name         string
	Scope        account.Scope
	Days         int // how long it is good; 0 for until revoked
}

// MakeToken makes a personal token of the API and returns its secret, which is
// kept nowhere. People make their own; the command line makes anybody's.
func (s *Service) MakeToken(ctx context.Context, who policy.Actor, n NewToken) (secret string, t account.Token, err error) {
	n.Name = strings.TrimSpace(n.Name)
	if !who.System && (who.Person != n.Person || who.ReadOnly || who.Role == "") {
		return "", t, ErrForbidden
	}
	if n.Name == "" || utf8.RuneCountInString(n.Name) > LongestTokenName {
		return "", t, refuse("token.name", LongestTokenName)
	}
	if _, err := account.ParseScope(string(n.Scope)); err != nil {
		return "", t, err
	}
	secret, digest, err := account.NewSecret(s.random, account.ForAPI)
	if err != nil {
		return "", t, err
	}
	id, err := newID()
	if err != nil {
		return "", t, err
	}
	t = account.Token{ID: id, Digest: digest, Person: n.Person, Post: n.Post, Name: n.Name, Scope: n.Scope}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(ctx, n.Person)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(person.PostsOn(s.Today()), func(p ledger.Post) bool { return p.ID == n.Post }) {
			return refuse("token.post")
		}
		t.Created = tx.Now
		if n.Days > 0 {
			t.Expires = tx.Now.AddDate(0, 0, n.Days)
		}
		return tx.AddToken(ctx, t)
	})
	if err != nil {
		return "", account.Token{}, err
	}
	return secret, t, nil
}

// RevokeToken makes one of the actor's own tokens useless at once.
func (s *Service) RevokeToken(ctx context.Context, who policy.Actor, id string) error {
	if who.ReadOnly {
		return ErrForbidden
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error { return tx.RevokeToken(ctx, who.Person, id) })
}

// WhoIsToken returns who acts with the token; with the scope "read" the actor is
// ReadOnly. The error is ErrSignedOut for a token that is no longer good, for the
// same reasons as a session, or because the person has to choose a password first.
func (s *Service) WhoIsToken(ctx context.Context, secret string) (policy.Actor, error) {
	digest, ok := account.Digest(account.ForAPI, secret)
	if !ok {
		return policy.Actor{}, ErrSignedOut
	}
	b, err := s.DB.Read().TokenOf(ctx, digest)
	if errors.Is(err, store.ErrNotFound) {
		return policy.Actor{}, ErrSignedOut
	}
	if err != nil {
		return policy.Actor{}, err
	}
	now := s.DB.Now()
	if !b.Token.Good(now) || b.Disabled || b.MustChange || b.Token.Post == "" || !s.holds(b, b.Token.Post) {
		return policy.Actor{}, ErrSignedOut
	}
	if now.Sub(b.Token.Used) >= account.SessionTouch {
		if err := s.DB.TouchToken(ctx, digest, now); err != nil {
			return policy.Actor{}, fmt.Errorf("note the use of a token: %w", err)
		}
	}
	who := actor(b)
	who.ReadOnly = !b.Token.Scope.Allows(account.ScopeAct)
	return who, nil
}
