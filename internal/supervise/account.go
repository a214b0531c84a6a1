package supervise

import (
	"context"
	"errors"
	"fmt"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// ErrSignedOut says that a session or a token is unknown, over, or no longer
// backed by a person and a post. The way on is to sign in. It is a
// store.ErrNotFound: a session that is over does not exist.
var ErrSignedOut = fmt.Errorf("signed out: %w", store.ErrNotFound)

func refuse(code string, args ...any) error { return ledger.Refusal{Code: code, Args: args} }

// SignIn opens a session for whoever knows the password. It returns the secret of
// the session, which is kept nowhere, and who acts in it.
//
// Refusals: "signin.wrong", whatever of the two is wrong; "signin.locked" with the
// instant at which the account opens again; "signin.remote" likewise for an
// address from which too many went wrong. An unknown username takes the same
// steps and the same time as a known one, lock-out included.
func (s *Service) SignIn(ctx context.Context, username, password, remote string) (secret string, who policy.Actor, err error) {
	now := s.DB.Now()
	if until := s.remotes.shut(remote, now); !until.IsZero() {
		return "", who, refuse("signin.remote", until)
	}
	username = account.FoldUsername(username)
	attempts, err := s.startAttempt(ctx, username)
	if err != nil {
		return "", who, err
	}
	person, c, err := s.credentialNamed(ctx, username)
	if err != nil {
		return "", who, err
	}
	match, err := s.hasher.Matches(ctx, password, c.Hash)
	switch {
	case err != nil:
		return "", who, err
	case !match:
		s.remotes.count(remote, now)
		return "", who, wrong(attempts)
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		current, err := tx.Credential(ctx, person.ID)
		switch {
		case err != nil:
			return err
		case current.Hash != c.Hash: // changed while it was compared
			return refuse("signin.wrong")
		}
		if err := tx.PutAttempts(ctx, username, account.Attempts{}); err != nil {
			return err
		}
		secret, who, err = s.openSession(ctx, tx, person)
		return err
	})
	return secret, who, err
}

// startAttempt counts a try as failed before it is looked at, so that a burst of
// tries at once cannot outrun the count. A success forgets it.
func (s *Service) startAttempt(ctx context.Context, username string) (account.Attempts, error) {
	var a account.Attempts
	err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.Attempts(ctx, username); err != nil {
			return err
		}
		if a.Locked(tx.Now) {
			return refuse("signin.locked", a.LockedUntil())
		}
		a = a.Failed(tx.Now)
		return tx.PutAttempts(ctx, username, a)
	})
	return a, err
}

// wrong is the answer to a wrong password; it says if it was one too many.
func wrong(a account.Attempts) error {
	if until := a.LockedUntil(); !until.IsZero() {
		return refuse("signin.locked", until)
	}
	return refuse("signin.wrong")
}

// credentialNamed returns the person and their credential, zero values for
// somebody who does not exist, is disabled or has no password.
func (s *Service) credentialNamed(ctx context.Context, username string) (ledger.Person, store.Credential, error) {
	r := s.DB.Read()
	person, err := r.PersonNamed(ctx, username)
	if err == nil && !person.Disabled {
		var c store.Credential
		if c, err = r.Credential(ctx, person.ID); err == nil {
			return person, c, nil
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return ledger.Person{}, store.Credential{}, err
}

// SignInDemo opens a session without a password, in a demonstration only;
// elsewhere it is forbidden.
func (s *Service) SignInDemo(ctx context.Context, username string) (secret string, who policy.Actor, err error) {
	if !s.Demo {
		return "", who, ErrForbidden
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.PersonNamed(ctx, account.FoldUsername(username))
		if err != nil {
			return err
		}
		if person.Disabled {
			return store.ErrNotFound
		}
		secret, who, err = s.openSession(ctx, tx, person)
		return err
	})
	return secret, who, err
}

// openSession begins with the first post the person holds today.
func (s *Service) openSession(ctx context.Context, tx *store.Tx, person ledger.Person) (string, policy.Actor, error) {
	secret, digest, err := account.NewSecret(s.random, account.ForSession)
	if err != nil {
		return "", policy.Actor{}, err
	}
	session := account.Session{Digest: digest, Person: person.ID, Created: tx.Now, Seen: tx.Now}
	if held := person.PostsOn(s.Today()); len(held) > 0 {
		session.Post = held[0].ID
	}
	if err := tx.AddSession(ctx, session); err != nil {
		return "", policy.Actor{}, err
	}
	b, err := tx.SessionOf(ctx, digest)
	return secret, actor(b), err
}

// actor is the bearer at work. With an initial password one has no post, and so
// may do nothing but choose another password.
func actor(b store.Bearer) policy.Actor {
	who := policy.Actor{Person: b.Person, Name: b.Name}
	if !b.MustChange {
		who.Post, who.Role, who.Body, who.Organisation = b.Post.ID, b.Post.Role, b.Post.Body, b.Post.Organisation
		who.Principal, who.OnBehalf = b.Post.Deputises.Person, b.Post.Deputises.Name
	}
	return who
}

// WhoIs returns who acts in the session: one look-up, and one small write a minute.
// A person without a post, or with an initial password, is an actor without a role,
// who sees and may do nothing but change their password.
// The error is ErrSignedOut for a session that is over: by time, because the person
// is disabled or has another password, or because the post is not held any more.
func (s *Service) WhoIs(ctx context.Context, secret string) (policy.Actor, error) {
	digest, ok := account.Digest(account.ForSession, secret)
	if !ok {
		return policy.Actor{}, ErrSignedOut
	}
	b, err := s.DB.Read().SessionOf(ctx, digest)
	if errors.Is(err, store.ErrNotFound) {
		return policy.Actor{}, ErrSignedOut
	}
	if err != nil {
		return policy.Actor{}, err
	}
	now := s.DB.Now()
	if !b.Session.Alive(now) || b.Disabled || !s.holds(b, b.Session.Post) {
		if err := s.DB.EndSession(ctx, digest); err != nil {
			return policy.Actor{}, fmt.Errorf("end a session: %w", err)
		}
		return policy.Actor{}, ErrSignedOut
	}
	if b.Session.Stale(now) && !unattended(ctx) {
		if err := s.DB.TouchSession(ctx, digest, now); err != nil {
			return policy.Actor{}, fmt.Errorf("keep a session alive: %w", err)
		}
	}
	return actor(b), nil
}

type unattendedKey struct{}

// Unattended returns a context in which WhoIs does not take the request as a sign
// that somebody is there: a page that asks by itself keeps no session alive.
func Unattended(ctx context.Context) context.Context {
	return context.WithValue(ctx, unattendedKey{}, true)
}

func unattended(ctx context.Context) bool {
	by, _ := ctx.Value(unattendedKey{}).(bool)
	return by
}

// holds reports whether the bearer still has the post that the secret is for.
func (s *Service) holds(b store.Bearer, post string) bool {
	return post == "" || b.Post.ID == post && b.Post.HeldOn(s.Today())
}

// SwitchPost lets the person of the session act by another post they hold today;
// store.ErrNotFound if they do not.
func (s *Service) SwitchPost(ctx context.Context, secret, post string) (policy.Actor, error) {
	who, err := s.WhoIs(ctx, secret)
	if err != nil {
		return who, err
	}
	digest, _ := account.Digest(account.ForSession, secret) // WhoIs has seen that it is one
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		person, err := tx.Person(ctx, who.Person)
		if err != nil {
			return err
		}
		for _, p := range person.PostsOn(s.Today()) {
			if p.ID == post {
				return tx.SwitchSession(ctx, digest, post)
			}
		}
		return fmt.Errorf("post %q of %s: %w", post, person.ID, store.ErrNotFound)
	})
	if err != nil {
		return policy.Actor{}, err
	}
	return s.WhoIs(ctx, secret)
}

// SignOut ends the session. One that is over already is no error.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	digest, ok := account.Digest(account.ForSession, secret)
	if !ok {
		return nil
	}
	return s.DB.EndSession(ctx, digest)
}
