package store

import (
	"context"
	"database/sql"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// Views counts the saved views of a round, and names its categories.
type Views struct {
	All, Open, Overdue, Soon, Returned, Cadre, Gaps int
	Mine                                            int // supervised by the person asked for
	Categories                                      []string
}

// Views reads one index once. Overdue is before today, soon up to the day until;
// person is whose findings Mine counts, "" for nobody's.
func (r Reader) Views(ctx context.Context, scope policy.Scope, round int, today, until, person string) (v Views, err error) {
	w := &where{args: []any{today, until, person}}
	w.cases(scope, "")
	w.and("round = ?", round)
	list, err := recall(ctx, r, `
		select category, count(*),
		       count(*) filter (where stage <> 'recognised' and stage <> 'closed' and stage <> 'settled'),
		       count(*) filter (where running <> '' and running < $1),
		       count(*) filter (where running >= $1 and running <= $2),
		       count(*) filter (where stage = 'returned'),
		       count(*) filter (where organ_cadre = 1),
		       count(*) filter (where gaps > 0),
		       count(*) filter (where watch_person <> '' and watch_person = $3)
		from   finding `+w.String()+`
		group  by category order by category`, w.args, func(rows *sql.Rows) (x Views, err error) {
		x.Categories = make([]string, 1)
		return x, rows.Scan(&x.Categories[0], &x.All, &x.Open, &x.Overdue, &x.Soon, &x.Returned, &x.Cadre, &x.Gaps, &x.Mine)
	})
	if err != nil {
		return v, fmt.Errorf("count the views of round %d: %w", round, err)
	}
	for _, x := range list {
		v.All, v.Open, v.Overdue, v.Soon = v.All+x.All, v.Open+x.Open, v.Overdue+x.Overdue, v.Soon+x.Soon
		v.Returned, v.Cadre, v.Gaps, v.Mine = v.Returned+x.Returned, v.Cadre+x.Cadre, v.Gaps+x.Gaps, v.Mine+x.Mine
		v.Categories = append(v.Categories, x.Categories...)
	}
	return v, nil
}

// Spoken says that a party has spoken on the version of a finding that was sent
// last. Conclusion is "" where the reader may not know it yet.
type Spoken struct {
	Submission string // of which it has
	Party      joint.Party
	Conclusion joint.Conclusion
}

// Spoken returns who has spoken on the findings of a page, by number: for each the
// version sent last, or the plan where no report was sent. That somebody has
// spoken is no secret among the parties; what they said obeys the scope.
// Inspected organisations, who read letters only, learn neither.
func (r Reader) Spoken(ctx context.Context, scope policy.Scope, page []Row) (map[string][]Spoken, error) {
	if len(page) == 0 || scope.Verdicts == policy.NoVerdicts {
		return nil, nil
	}
	numbers := make([]string, len(page))
	report := map[string]string{}
	for i, f := range page {
		numbers[i], report[f.Number] = f.Number, f.LastReport
	}
	who := &where{}
	who.cases(scope, "x.")
	who.standing()
	who.in("x.finding", numbers)
	known := &where{args: who.args} // its places go on counting
	known.voices(scope)
	known.standing()
	known.in("x.finding", numbers)
	rows, err := r.q.QueryContext(ctx, `
		select submission, finding, party, max(at) as at, max(conclusion) as conclusion from (
			select x.submission, x.finding, x.party, x.at, '' as conclusion from verdict x `+who.String()+`
			union all
			select x.submission, x.finding, x.party, x.at, x.conclusion from verdict x `+known.String()+`) as y
		group  by submission, finding, party
		order  by at, submission, party`, known.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x voice, err error) {
		return x, rows.Scan(&x.Submission, &x.finding, &x.Party, &x.at, &x.Conclusion)
	})
	if err != nil {
		return nil, fmt.Errorf("who has spoken: %w", err)
	}
	return latest(list, report), nil
}

type voice struct {
	Spoken
	finding string
	at      int64
}

// latest keeps, for each finding, what was said of its report sent last or, where
// none was sent, of the document spoken of last. The list is in order of time.
func latest(list []voice, report map[string]string) map[string][]Spoken {
	of := map[string]string{} // finding -> submission
	for _, x := range list {
		of[x.finding] = x.Submission
	}
	for finding, id := range report {
		if id != "" {
			of[finding] = id
		}
	}
	out := map[string][]Spoken{}
	for _, x := range list {
		if of[x.finding] == x.Submission {
			out[x.finding] = append(out[x.finding], x.Spoken)
		}
	}
	return out
}

// OrganisationsNamed returns the organisations with the codes, by code.
func (r Reader) OrganisationsNamed(ctx context.Context, codes []string) (map[string]ledger.Organisation, error) {
	named := map[string]ledger.Organisation{}
	if len(codes) == 0 {
		return named, nil
	}
	var w where
	w.in("id", codes)
	list, err := states[ledger.Organisation](ctx, r, ledger.KindOrganisation, `select state from organisation `+w.String(), w.args...)
	if err != nil {
		return nil, fmt.Errorf("name organisations: %w", err)
	}
	for _, o := range list {
		named[o.Code] = o
	}
	return named, nil
}

// LastNumber returns the highest number of the organisation's findings in the
// round, as text is ordered; "" if there is none.
func (r Reader) LastNumber(ctx context.Context, round int, organisation string) (string, error) {
	rows, err := r.q.QueryContext(ctx, `
		select id from finding where round = $1 and organisation = $2 order by id desc limit 1`, round, organisation)
	list, err := all(rows, err, scanText)
	if err != nil {
		return "", fmt.Errorf("last number of %s in round %d: %w", organisation, round, err)
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0], nil
}

// Unanswered returns the consolidations of delivered letters that have an entry
// without an answer, by finding, at most limit.
func (r Reader) Unanswered(ctx context.Context, scope policy.Scope, round, limit int) ([]ledger.Consolidation, error) {
	w := &where{}
	w.letters(scope)
	w.and("x.round = ?", round)
	w.and("x.unanswered > 0")
	w.and(unsettled)
	w.and("exists (select 1 from submission l where l.id = x.submission and l.delivered_at > 0)")
	w.args = append(w.args, limit)
	list, err := states[ledger.Consolidation](ctx, r, ledger.KindConsolidation,
		fmt.Sprintf("select x.state from consolidation x %s order by x.finding, x.id limit $%d", w, len(w.args)), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list what has no answer in round %d: %w", round, err)
	}
	return list, nil
}
