// Package supervise is the one door through which anything changes: every act of
// a page, the API, the command line or an import is authorised, decided and
// recorded here, in one transaction. It holds no rule and no right of its own.
package supervise

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// ErrForbidden says that the actor may see the record but not do this to it.
var ErrForbidden = errors.New("forbidden")

// Service is the door.
type Service struct {
	DB         *store.DB
	Calendar   workday.Calendar
	Mechanisms map[string]mechanism.Mechanism
	Zone       *time.Location // where "today" is decided
	Demo       bool           // anybody may sign in as anybody; see SignInDemo

	hasher  *account.Hasher
	random  io.Reader // of secrets
	remotes *throttle
}

// New returns a door on the database with the published calendars and the
// mechanisms that come with the program.
func New(db *store.DB, zone *time.Location) *Service {
	return &Service{
		DB: db, Calendar: workday.Published(), Mechanisms: mechanism.Presets(), Zone: zone,
		hasher: account.NewHasher(2), random: rand.Reader, remotes: &throttle{},
	}
}

// Today returns the day it is now.
func (s *Service) Today() workday.Date { return workday.In(s.DB.Now(), s.Zone) }

// An Order is an act together with what its sender had seen.
type Order struct {
	Act  ledger.Act
	Seen int64  // version of the target on the sender's page; 0 where it did not exist; Any to waive
	Key  string // idempotency key; "" for none

	Draft string // form whose draft is forgotten with the act; "" for none
}

// Any as Order.Seen waives the comparison, for acts that replace nothing.
const Any int64 = -1

// Do does one act. It returns the target as it is afterwards.
//
// Errors: store.ErrNotFound (does not exist or may not be seen), ErrForbidden,
// store.StaleError (changed since Seen), ledger.Refusal (a rule forbids it);
// anything else is a fault. After an error nothing has changed.
func (s *Service) Do(ctx context.Context, who policy.Actor, o Order) (ledger.State, error) {
	states, err := s.DoAll(ctx, who, []Order{o})
	if err != nil {
		return nil, err
	}
	return states[0], nil
}

// DoAll does several acts in one transaction: all of them or none. The error of
// an act is an OrderError that names its position.
func (s *Service) DoAll(ctx context.Context, who policy.Actor, orders []Order) ([]ledger.State, error) {
	var after []ledger.State
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		after = after[:0]
		for i, o := range orders {
			state, err := s.do(ctx, tx, who, o)
			if err != nil {
				return OrderError{i, err}
			}
			after = append(after, state)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return after, nil
}

// An OrderError says which of several orders failed, counted from 0.
type OrderError struct {
	Index int
	Err   error
}

func (e OrderError) Error() string { return fmt.Sprintf("order %d: %v", e.Index, e.Err) }

func (e OrderError) Unwrap() error { return e.Err }

// DoIn does one act inside a transaction that does more, such as setting a
// password hash beside the act that says so.
func (s *Service) DoIn(ctx context.Context, tx *store.Tx, who policy.Actor, o Order) (ledger.State, error) {
	return s.do(ctx, tx, who, o)
}

func (s *Service) do(ctx context.Context, tx *store.Tx, who policy.Actor, o Order) (ledger.State, error) {
	if o.Key != "" {
		ref, done, err := tx.Replay(ctx, store.Key{ID: o.Key, Person: who.Person})
		if err != nil || done {
			if err == nil {
				return tx.Load(ctx, ref)
			}
			return nil, err
		}
	}
	env, err := s.env(ctx, tx, who, o.Act)
	if err != nil {
		return nil, err
	}
	state, subject, err := target(ctx, tx, o.Act, env)
	subject = subject.Under(env.Mechanism)
	switch {
	case err != nil:
		return nil, err
	case !policy.ScopeOf(who).Sees(subject):
		return nil, store.ErrNotFound // what you may not see does not exist
	case !policy.Can(who, o.Act, subject) && tells(o.Act, subject):
		return nil, store.ErrNotFound // "forbidden" would tell that another party has spoken
	case !policy.Can(who, o.Act, subject):
		return nil, ErrForbidden
	case stale(o, state):
		return nil, store.StaleError{Current: state}
	}
	if env.Recused, err = recusal(ctx, tx, who, o.Act, subject); err != nil {
		return nil, err
	}
	facts, err := ledger.Decide(state, o.Act, env)
	if err != nil {
		return nil, err
	}
	after, err := tx.Record(ctx, store.Who{Person: who.Person, For: who.For()}, facts)
	if err != nil {
		return nil, err
	}
	if o.Draft != "" {
		if err := tx.DropDraft(ctx, who.Person, o.Draft); err != nil {
			return nil, err
		}
	}
	state = after[o.Act.Target()]
	if o.Key != "" {
		err = tx.Keep(ctx, store.Key{ID: o.Key, Person: who.Person}, state)
	}
	return state, err
}

// tells reports whether a refusal to do the act would tell that the record exists,
// which while blind is for its party alone to know.
func tells(act ledger.Act, s ledger.Subject) bool {
	_, creates := act.(ledger.Creator)
	return !creates && (s.Kind == ledger.KindOpinion || s.Kind == ledger.KindVerdict)
}

// target returns the record the act is done to and the subject that rights are
// measured by: the record's own or, for one that does not exist yet, that of the
// record above it.
func target(ctx context.Context, tx *store.Tx, act ledger.Act, env ledger.Env) (ledger.State, ledger.Subject, error) {
	state, err := tx.Load(ctx, act.Target())
	if err == nil {
		return state, state.Subject(), nil
	}
	creator, creates := act.(ledger.Creator)
	if !creates || !errors.Is(err, store.ErrNotFound) {
		return nil, ledger.Subject{}, err
	}
	blank := creator.Blank(env)
	if above := creator.Under(); above != (ledger.Ref{}) {
		parent, err := tx.Load(ctx, above)
		if err != nil {
			return nil, ledger.Subject{}, err
		}
		if above.Kind != ledger.KindRound {
			return blank, parent.Subject(), nil
		}
	}
	return blank, blank.Subject(), nil
}
