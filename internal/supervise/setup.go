package supervise

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// setUp is the actor behind the one-time link of an empty installation.
var setUp = policy.Actor{Person: "system:setup", Name: "setup", System: true}

const setUpSetting = "set_up"

// EnsureSetUpToken returns the secret of the one-time set-up link if the
// installation has no account yet. Only its digest is kept, so each start makes a
// new one, and the one before is void.
func (s *Service) EnsureSetUpToken(ctx context.Context) (secret string, needed bool, err error) {
	secret, digest, err := account.NewSecret(s.random, account.ForSetUp)
	if err != nil {
		return "", false, err
	}
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		if needed, err = tx.NoPeople(ctx); err != nil || !needed {
			return err
		}
		text, err := json.Marshal(account.SetUp{Digest: digest, Created: tx.Now})
		if err != nil {
			return err
		}
		return tx.SetSetting(ctx, setUpSetting, string(text))
	})
	if err != nil || !needed {
		return "", false, err
	}
	return secret, true, nil
}

// CheckSetUp returns store.ErrNotFound unless the secret is that of the set-up
// link and the link is still good.
func (s *Service) CheckSetUp(ctx context.Context, secret string) error {
	return s.checkSetUp(ctx, s.DB.Read(), secret)
}

func (s *Service) checkSetUp(ctx context.Context, r store.Reader, secret string) error {
	text, err := r.Setting(ctx, setUpSetting)
	if err != nil {
		return err
	}
	digest, ok := account.Digest(account.ForSetUp, secret)
	if !ok || text == "" {
		return fmt.Errorf("set-up link: %w", store.ErrNotFound)
	}
	var link account.SetUp
	if err := json.Unmarshal([]byte(text), &link); err != nil {
		return fmt.Errorf("decode the set-up link: %w", err)
	}
	if !link.Good(s.DB.Now()) || subtle.ConstantTimeCompare([]byte(link.Digest), []byte(digest)) != 1 {
		return fmt.Errorf("set-up link: %w", store.ErrNotFound)
	}
	return nil
}

// A SetUp is what an installation begins with.
type SetUp struct {
	Bodies []ledger.AddBody // that of the convening party among them
	People []NewUser        // one to three, each with a password of their own choice
}

// SetUp enters the bodies and the first people, all or nothing, and makes the
// link void. Between them the people must be system administrator, security
// administrator and clerk of the office, or nobody could go on from there.
//
// Errors: store.ErrNotFound for a link that is not good; an OrderError with the
// position of the person for what is wrong with one of them; refusals.
func (s *Service) SetUp(ctx context.Context, secret string, u SetUp) error {
	if err := s.CheckSetUp(ctx, secret); err != nil {
		return err // before the work of hashing
	}
	if err := u.check(); err != nil {
		return err
	}
	hashes := make([]string, len(u.People))
	for i, p := range u.People {
		var err error
		if _, hashes[i], err = s.initial(ctx, p.Username, p.Password); err != nil {
			return OrderError{i, err}
		}
	}
	return s.DB.Write(ctx, func(tx *store.Tx) error {
		if err := s.checkSetUp(ctx, tx.Reader, secret); err != nil {
			return err
		}
		for _, b := range u.Bodies {
			if _, err := s.DoIn(ctx, tx, setUp, Order{Act: b}); err != nil {
				return fmt.Errorf("enter body %s: %w", b.Code, err)
			}
		}
		for i, p := range u.People {
			if _, err := s.addUser(ctx, tx, setUp, p, store.Credential{Hash: hashes[i]}); err != nil {
				return OrderError{i, err}
			}
		}
		return tx.SetSetting(ctx, setUpSetting, "")
	})
}

func (u SetUp) check() error {
	if len(u.People) < 1 || len(u.People) > 3 {
		return refuse("setup.people_count")
	}
	roles := map[ledger.Role]bool{}
	for i, p := range u.People {
		if p.Password == "" {
			return OrderError{i, refuse("password.too_short", account.MinPassword)}
		}
		for _, post := range p.Posts {
			roles[post.Role] = true
		}
	}
	for _, r := range []ledger.Role{ledger.Clerk, ledger.SysAdmin, ledger.SecAdmin} {
		if !roles[r] {
			return refuse("setup.role_missing", r)
		}
	}
	return nil
}
