package supervise

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Console is the actor behind the command line: whoever holds the machine may
// enter people, appoint them and set passwords, and nothing else.
var Console = policy.Actor{Person: "system:console", Name: "console", System: true}

// A NewUser is a person to be entered.
type NewUser struct {
	Username, Name string
	Password       string        // "" draws one
	Posts          []ledger.Post // identities may be empty
}

// AddUser enters a person with a password that has to be changed at the first
// sign-in, and with the posts, in one transaction. It returns the password, which
// is kept nowhere. Whoever may enter people need not be allowed to appoint them:
// then Posts has to be empty.
func (s *Service) AddUser(ctx context.Context, who policy.Actor, u NewUser) (p ledger.Person, password string, err error) {
	password, hash, err := s.initial(ctx, u.Username, u.Password)
	if err != nil {
		return p, "", err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		p, err = s.addUser(ctx, tx, who, u, store.Credential{Hash: hash, MustChange: true})
		return err
	})
	return p, password, err
}

// initial checks or draws a password and hashes it.
func (s *Service) initial(ctx context.Context, username, given string) (password, hash string, err error) {
	if password = given; password == "" {
		password, err = account.NewPassword(s.random)
	} else {
		err = account.CheckPassword(username, password)
	}
	if err != nil {
		return "", "", err
	}
	hash, err = s.hasher.Hash(ctx, password)
	return password, hash, err
}

func (s *Service) addUser(ctx context.Context, tx *store.Tx, who policy.Actor, u NewUser, c store.Credential) (ledger.Person, error) {
	id, err := newID()
	if err != nil {
		return ledger.Person{}, err
	}
	acts := []ledger.Act{ledger.AddPerson{ID: id, Username: account.FoldUsername(u.Username), Name: u.Name}}
	for _, post := range u.Posts {
		if post.ID == "" {
			if post.ID, err = newID(); err != nil {
				return ledger.Person{}, err
			}
		}
		if post.Since.IsZero() {
			post.Since = s.Today()
		}
		acts = append(acts, ledger.Appoint{Person: id, Post: post})
	}
	state, err := s.actAll(ctx, tx, who, append(acts, ledger.SetPassword{Person: id}))
	if err != nil {
		return ledger.Person{}, err
	}
	c.Person = id
	return state.(ledger.Person), tx.PutCredential(ctx, c)
}

// actAll does the acts in turn and returns the target of the last.
func (s *Service) actAll(ctx context.Context, tx *store.Tx, who policy.Actor, acts []ledger.Act) (state ledger.State, err error) {
	for _, act := range acts {
		if state, err = s.DoIn(ctx, tx, who, Order{Act: act, Seen: Any}); err != nil {
			return nil, err
		}
	}
	return state, nil
}

// newID returns an identity that nobody can confuse with a name, in order of time.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("draw an identity: %w", err)
	}
	return id.String(), nil
}

// Appoint gives the person a post, from today if since is zero. The identity of
// the post is drawn here.
func (s *Service) Appoint(ctx context.Context, who policy.Actor, person string, post ledger.Post) (ledger.Person, error) {
	id, err := newID()
	if err != nil {
		return ledger.Person{}, err
	}
	post.ID = id
	if post.Since.IsZero() {
		post.Since = s.Today()
	}
	state, err := s.Do(ctx, who, Order{Act: ledger.Appoint{Person: person, Post: post}, Seen: Any})
	if err != nil {
		return ledger.Person{}, err
	}
	return state.(ledger.Person), nil
}

// ChangePassword sets the actor's own password, which takes the old one; a wrong
// old one counts like a wrong one at sign-in. Every session of the person ends,
// and a new one is opened, whose secret is returned.
func (s *Service) ChangePassword(ctx context.Context, who policy.Actor, old, password string) (secret string, err error) {
	person, err := s.DB.Read().Person(ctx, who.Person)
	if err != nil {
		return "", err
	}
	if err := s.checkOwn(ctx, person, old); err != nil {
		return "", err
	}
	if old == password {
		return "", refuse("password.same")
	}
	if err := account.CheckPassword(person.Username, password); err != nil {
		return "", err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		if err := s.setPassword(ctx, tx, who, person, store.Credential{Hash: hash}); err != nil {
			return err
		}
		secret, _, err = s.openSession(ctx, tx, person)
		return err
	})
	return secret, err
}

func (s *Service) checkOwn(ctx context.Context, person ledger.Person, password string) error {
	attempts, err := s.startAttempt(ctx, person.Username)
	if err != nil {
		return err
	}
	c, err := s.DB.Read().Credential(ctx, person.ID)
	if err != nil {
		return err
	}
	match, err := s.hasher.Matches(ctx, password, c.Hash)
	switch {
	case err != nil:
		return err
	case attempts.Locked(attempts.Last) && !match:
		return refuse("signin.locked", attempts.LockedUntil())
	case !match:
		return refuse("password.old_wrong")
	}
	return nil
}

// setPassword also forgets failed sign-ins: it is how a locked account is opened.
func (s *Service) setPassword(ctx context.Context, tx *store.Tx, who policy.Actor, p ledger.Person, c store.Credential) error {
	if _, err := s.DoIn(ctx, tx, who, Order{Act: ledger.SetPassword{Person: p.ID}, Seen: Any}); err != nil {
		return err
	}
	if err := tx.PutAttempts(ctx, p.Username, account.Attempts{}); err != nil {
		return err
	}
	c.Person = p.ID
	return tx.PutCredential(ctx, c)
}

// ResetPassword gives somebody else an initial password, drawn if password is "",
// and returns it. It opens a locked account and ends the person's sessions.
func (s *Service) ResetPassword(ctx context.Context, who policy.Actor, person, password string) (string, error) {
	if who.Person == person {
		return "", refuse("password.own") // one's own takes the old one
	}
	p, err := s.DB.Read().Person(ctx, person)
	if err != nil {
		return "", err
	}
	password, hash, err := s.initial(ctx, p.Username, password)
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		return s.setPassword(ctx, tx, who, p, store.Credential{Hash: hash, MustChange: true})
	})
	if err != nil {
		return "", err
	}
	return password, nil
}
