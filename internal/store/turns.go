package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// LastVerdicts returns when the last verdict on each submission was given. It is
// for submissions on which all have spoken; before that it would tell of one party
// to another when it spoke.
func (r Reader) LastVerdicts(ctx context.Context, scope policy.Scope, submissions []string) (map[string]time.Time, error) {
	w := counted(scope, submissions)
	return r.instants(ctx, "time of the last verdicts",
		"select x.submission, max(x.at) from verdict x "+w.String()+" group by x.submission", w.args)
}

// LastConsolidations returns when the last finding of each submission was consolidated.
func (r Reader) LastConsolidations(ctx context.Context, scope policy.Scope, submissions []string) (map[string]time.Time, error) {
	w := counted(scope, submissions)
	w.and("t.kind = ?", string(ledger.KindConsolidation))
	w.and("t.event = ?", ledger.EventName(ledger.Consolidated{}))
	return r.instants(ctx, "time of the last consolidations",
		"select x.submission, max(t.at) from consolidation x join trail t on t.id = x.id "+w.String()+" group by x.submission", w.args)
}

func (r Reader) instants(ctx context.Context, doing, query string, args []any) (map[string]time.Time, error) {
	type row struct {
		id string
		at int64
	}
	list, err := recall(ctx, r, query, args, func(rows *sql.Rows) (x row, err error) { return x, rows.Scan(&x.id, &x.at) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	found := map[string]time.Time{}
	for _, x := range list {
		found[x.id] = instant(x.at)
	}
	return found, nil
}

// Recheckable is how many opinions of a party on a submission have an answer it
// has not looked at, and since when the first of them waits.
type Recheckable struct {
	Submission string
	Party      joint.Party
	Count      int
	Since      time.Time
}

// Recheckable returns what parties have to look at again in a round.
func (r Reader) Recheckable(ctx context.Context, scope policy.Scope, round int) ([]Recheckable, error) {
	w := &where{}
	w.voices(scope)
	w.and("x.round = ?", round)
	w.and("x.stage = ?", string(ledger.Answered))
	w.and("t.kind = ?", string(ledger.KindOpinion))
	w.and("t.event = ?", ledger.EventName(ledger.OpinionAnswered{}))
	list, err := recall(ctx, r, `
		select x.submission, x.party, count(distinct x.id), min(t.at)
		from   opinion x join trail t on t.id = x.id `+w.String()+`
		group  by x.submission, x.party order by x.submission, x.party`, w.args, func(rows *sql.Rows) (x Recheckable, err error) {
		var at int64
		err = rows.Scan(&x.Submission, &x.Party, &x.Count, &at)
		x.Since = instant(at)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("count answers to look at in round %d: %w", round, err)
	}
	return list, nil
}

// CadreItems counts the findings of each submission that concern organisation and
// cadres: those are all that some parties see.
func (r Reader) CadreItems(ctx context.Context, scope policy.Scope, submissions []string) (map[string]int, error) {
	w := &where{}
	w.cases(scope, "f.")
	w.and("f.organ_cadre = 1")
	w.in("x.submission", submissions)
	return r.counts(ctx, "count findings on organisation and cadres",
		"select x.submission, count(*) from submission_item x join finding f on f.id = x.finding "+w.String()+" group by x.submission", w.args)
}
