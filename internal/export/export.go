// Package export makes the tables that leave a round as files: the ledger in its
// layouts, the supervising ledger, opinions and answers, letters, meetings and
// statistics, each as .xlsx, .csv and .json. What a table holds is what the scope
// lets its reader see; it is read while it is written, so that memory does not grow
// with the round.
//
// It does not know who asks or where the file goes, and it changes nothing.
package export

import (
	"context"
	"fmt"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// A Source is what the tables of a round are made from. Tables are worded in
// Chinese, which is what the offices file.
type Source struct {
	DB            store.Reader
	Scope         policy.Scope
	Round         ledger.Round
	Organisations []ledger.Organisation
	AsOf          time.Time // in the zone of the office
	Issuer        string    // who issues the tables: the body that consolidates

	names  map[string]ledger.Name
	bodies map[string]string
}

// Open reads what all tables of the round need: its organisations and bodies. now
// is in the zone of the office.
func Open(ctx context.Context, db store.Reader, scope policy.Scope, round ledger.Round, now time.Time) (*Source, error) {
	s := &Source{DB: db, Scope: scope, Round: round, AsOf: now, names: map[string]ledger.Name{}, bodies: map[string]string{}}
	var err error
	if s.Organisations, err = db.OrganisationsOf(ctx, round.Number); err != nil {
		return nil, err
	}
	for _, o := range s.Organisations {
		s.names[o.Code] = o.NameOn(round.FeedbackOn)
	}
	bodies, err := db.Bodies(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		s.bodies[b.Code] = b.Name
	}
	for _, p := range round.Mechanism.Parties {
		if p.Consolidates {
			s.Issuer = or(s.bodies[string(p.Code)], p.Name)
		}
	}
	return s, nil
}

// Today is the day of the tables.
func (s *Source) Today() workday.Date { return workday.In(s.AsOf, s.AsOf.Location()) }

// Short is the short name of an organisation as it was when the round was fed back.
func (s *Source) Short(code string) string { return or(s.names[code].Short, code) }

// Full is its full name.
func (s *Source) Full(code string) string { return or(s.names[code].Full, code) }

func (s *Source) body(code string) string { return or(s.bodies[code], code) }

// title words the title of a table: 第八轮巡察督促台账（截至2026-03-18）.
func (s *Source) title(what string) string {
	return fmt.Sprintf("%s%s（截至%s）", s.Round.Name, what, s.Today())
}

// issued is the line below the title.
func (s *Source) issued() string { return "填报单位：" + s.Issuer }

// word words a code for a table; a code without a wording stays as it is.
func word(prefix, code string) string {
	key := prefix + code
	switch {
	case code == "":
		return ""
	case lang.Has(key):
		return lang.Say(lang.ZH, key)
	}
	return code
}

// moment words an instant in the zone of the office; "" for none.
func (s *Source) moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return lang.Moment(at.In(s.AsOf.Location()))
}

// percent is a rate as a cell; nothing out of nothing is no cell.
func percent(r rate.Rate) any {
	p, ok := r.Percent()
	if !ok {
		return nil
	}
	return percentCell(p)
}

// or returns the first text that is not empty.
func or(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
