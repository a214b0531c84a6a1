package main

import (
	"context"
	"fmt"
	"iter"
	"time"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// perTransaction is how many findings are recorded at once.
const perTransaction = 1000

// The people who sign in. They have one password.
const password = "bench-密码-2026"

var users = []ledger.Post{
	{ID: "p-office", Role: ledger.Clerk, Body: "office"},
	{ID: "p-discipline", Role: ledger.Reviewer, Body: "discipline"},
	{ID: "p-personnel", Role: ledger.Reviewer, Body: "personnel"},
	{ID: "p-team", Role: ledger.Reviewer, Body: "team-1"},
}

// A filler writes facts into a database, many in a transaction. They are facts
// that acts would have led to, so "lianshen verify" accepts the result.
type filler struct {
	ctx      context.Context
	db       *store.DB
	who      store.Who
	today    workday.Date
	feedback workday.Date
	waiting  [][]ledger.Fact
}

func newFiller(ctx context.Context, db *store.DB) *filler {
	today := workday.In(db.Now(), time.UTC)
	return &filler{ctx: ctx, db: db, who: store.Who{Person: "system:bench", For: "office"}, today: today, feedback: today.AddDays(-60)}
}

// put takes facts that belong together, and writes when there are enough.
func (f *filler) put(facts ...ledger.Fact) error {
	f.waiting = append(f.waiting, facts)
	if len(f.waiting) < perTransaction {
		return nil
	}
	return f.flush()
}

func (f *filler) flush() error {
	err := f.db.Write(f.ctx, func(tx *store.Tx) error {
		for _, facts := range f.waiting {
			if _, err := tx.Record(f.ctx, f.who, facts); err != nil {
				return err
			}
		}
		return nil
	})
	f.waiting = f.waiting[:0]
	if err != nil {
		return fmt.Errorf("fill the ledger: %w", err)
	}
	return nil
}

// grow brings an empty ledger, or one grown to the size from, to the size to.
func (f *filler) grow(from, to int) error {
	if from == 0 {
		if err := f.frame(); err != nil {
			return err
		}
		if err := f.texts(); err != nil {
			return err
		}
	}
	for facts := range f.findings(from, to) {
		if err := f.put(facts...); err != nil {
			return err
		}
	}
	if err := f.flush(); err != nil || from > 0 {
		return err
	}
	if err := f.voices(); err != nil {
		return err
	}
	return f.flush()
}

// findings gives the facts of every finding that the size to has and from has not.
func (f *filler) findings(from, to int) iter.Seq[[]ledger.Fact] {
	return func(yield func([]ledger.Fact) bool) {
		for round := 1; round <= rounds; round++ {
			for i := range organisationsIn {
				first := 1
				if from > 0 {
					first = count(from, round, i) + 1
				}
				for n := first; n <= count(to, round, i); n++ {
					blank, e := registered(round, i, n, f.feedback)
					if !yield([]ledger.Fact{{On: blank, Event: e}}) {
						return
					}
				}
			}
		}
	}
}

// frame enters bodies, people, organisations and rounds.
func (f *filler) frame() error {
	for _, code := range []string{"office", "discipline", "personnel"} {
		if err := f.put(ledger.Fact{On: ledger.Body{Code: code}, Event: ledger.BodySet{Name: code, Short: code, Sections: sections}}); err != nil {
			return err
		}
	}
	for t := 1; t <= 12; t++ {
		set := ledger.BodySet{Name: fmt.Sprintf("县委第%d巡察组", t), Short: fmt.Sprintf("第%d巡察组", t), Team: true}
		if err := f.put(ledger.Fact{On: ledger.Body{Code: fmt.Sprintf("team-%d", t)}, Event: set}); err != nil {
			return err
		}
	}
	if err := f.people(); err != nil {
		return err
	}
	for round := 1; round <= rounds; round++ {
		if err := f.round(round); err != nil {
			return err
		}
	}
	return f.flush()
}

func (f *filler) round(number int) error {
	opened := ledger.RoundOpened{
		Terms: ledger.RoundTerms{
			Name: fmt.Sprintf("第%d轮巡察", number), Source: "县委巡察", FeedbackOn: f.feedback, RectifyUntil: f.feedback.AddDays(180),
		},
		Mechanism: mechanism.Presets()["weixi"],
	}
	for i := range organisationsIn {
		code := organisation(number, i)
		w := written(code)
		short := fmt.Sprintf("%s%d局", string(pick(w, givens)), (number-1)*organisationsIn+i+1)
		name := ledger.Name{Full: "维西县" + short, Short: short, Since: f.feedback}
		if err := f.put(ledger.Fact{On: ledger.Organisation{Code: code}, Event: ledger.OrganisationAdded{Name: name}}); err != nil {
			return err
		}
		opened.Organisations = append(opened.Organisations, ledger.Inspected{Organisation: code, Team: team(number, i)})
	}
	return f.put(ledger.Fact{On: ledger.Round{Number: number}, Event: opened})
}

// people enters those who sign in, each with the password.
func (f *filler) people() error {
	hash, err := account.NewHasher(1).Hash(f.ctx, password)
	if err != nil {
		return fmt.Errorf("hash the password: %w", err)
	}
	for _, post := range users {
		post.Since = f.feedback
		id := "u-" + post.Body
		blank := ledger.Person{ID: id}
		err := f.put(
			ledger.Fact{On: blank, Event: ledger.PersonAdded{Username: "bench-" + post.Body, Name: post.Body}},
			ledger.Fact{On: blank, Event: ledger.Appointed{Post: post}},
			ledger.Fact{On: blank, Event: ledger.PasswordSet{}})
		if err != nil {
			return err
		}
	}
	if err := f.flush(); err != nil {
		return err
	}
	return f.db.Write(f.ctx, func(tx *store.Tx) error {
		for _, post := range users {
			if err := tx.PutCredential(f.ctx, store.Credential{Person: "u-" + post.Body, Hash: hash}); err != nil {
				return err
			}
		}
		return nil
	})
}

// parties of the mechanism, in the order of users.
var parties = []joint.Party{"office", "discipline", "personnel", mechanism.TeamParty}
