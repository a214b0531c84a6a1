package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
)

// Finding returns the finding if it lies within the scope, else ErrNotFound.
// Without Scope.Drafts its plan and progress are those last sent, or those it
// was registered with.
func (r Reader) Finding(ctx context.Context, scope policy.Scope, number string) (ledger.Finding, error) {
	f, err := load[ledger.Finding](ctx, r, ledger.FindingRef(number))
	if err != nil {
		return f, err
	}
	if !scope.Sees(f.Subject()) {
		return ledger.Finding{}, fmt.Errorf("finding %s: %w", number, ErrNotFound)
	}
	list, err := r.withoutDrafts(ctx, scope, []ledger.Finding{f})
	if err != nil {
		return ledger.Finding{}, err
	}
	return list[0], nil
}

// A Row is a finding as lists show it.
type Row struct {
	Number, Organisation, Team, Title, Category, Aspect string
	Round                                               int
	Kind                                                ledger.FindingKind
	OrganCadre                                          bool
	Leader, Section, Handler                            string
	Watch                                               ledger.Watch
	Due, Running                                        string // "2026-03-31" or ""
	Stage                                               ledger.Stage
	Claim                                               ledger.Claim
	Measures, Evidence, Gaps                            int
	LastReport                                          string
	Version                                             int64
}

const rowColumns = `id, organisation, team, title, category, aspect, round, kind, organ_cadre, leader, section, handler,
	watch_body, watch_section, watch_person, watch_number, due, running, stage, claim, measures, evidence, gaps, last_report, version`

func scanRow(rows *sql.Rows) (f Row, err error) {
	var cadre int64
	err = rows.Scan(&f.Number, &f.Organisation, &f.Team, &f.Title, &f.Category, &f.Aspect, &f.Round, &f.Kind, &cadre,
		&f.Leader, &f.Section, &f.Handler, &f.Watch.Body, &f.Watch.Section, &f.Watch.Person, &f.Watch.Number,
		&f.Due, &f.Running, &f.Stage, &f.Claim, &f.Measures, &f.Evidence, &f.Gaps, &f.LastReport, &f.Version)
	f.OrganCadre = cadre == 1
	return f, err
}

// A Filter picks findings. Empty fields pick everything, except Round: 0 is
// every round.
type Filter struct {
	Round        int
	Organisation string
	Category     string
	Kind         ledger.FindingKind
	Stages       []ledger.Stage
	Claim        ledger.Claim
	OrganCadre   bool   // only those
	Gaps         bool   // only those with a gap
	Watcher      string // watch_person
	WatchBody    string
	Supervised   *ledger.Watch // by exactly this body, section and person, each of which may be nobody
	Before       string        // running deadline before this day: overdue, if it is today
	From, To     string        // running deadline within these days, both included
	Number       []string
	Text         string
	Outcome      mechanism.Outcome
	Position     ledger.Position // what the organisation holds of it; Unsaid for those on which it has said nothing
	Extension    Extended
	Import       string      // only those of this import
	ImportDid    string      // and of those, to which it did this: see ImportAdded; "" for all
	ToReview     joint.Party // only those in a submission under review on which the party has not spoken
}

func (f Filter) where(d dialect, scope policy.Scope) *where {
	w := &where{}
	w.cases(scope, "")
	if f.Round != 0 {
		w.and("round = ?", f.Round)
	}
	for _, eq := range []struct{ column, value string }{
		{"organisation", f.Organisation},
		{"category", f.Category},
		{"kind", string(f.Kind)},
		{"claim", string(f.Claim)},
		{"watch_person", f.Watcher},
		{"watch_body", f.WatchBody},
		{"outcome", string(f.Outcome)},
	} {
		if eq.value != "" {
			w.and(eq.column+" = ?", eq.value)
		}
	}
	if x := f.Supervised; x != nil {
		w.and("watch_body = ? and watch_section = ? and watch_person = ?", x.Body, x.Section, x.Person)
	}
	if len(f.Stages) > 0 {
		w.in("stage", texts(f.Stages))
	}
	if f.OrganCadre {
		w.and("organ_cadre = 1")
	}
	if f.Gaps {
		w.and("gaps > 0")
	}
	if f.Before != "" {
		w.and("running <> '' and running < ?", f.Before)
	}
	if f.To != "" {
		w.and("running <> '' and running >= ? and running <= ?", f.From, f.To)
	}
	if f.Number != nil {
		w.in("id", f.Number)
	}
	if f.Import != "" {
		w.and("id in (select i.finding from import_finding i where i.import = ? and (i.did = ? or ? = ''))", f.Import, f.ImportDid, f.ImportDid)
	}
	f.life(w)
	f.toReview(w)
	f.search(w, d, scope)
	return w
}

// toReview looks from the few submissions under review, not from the findings.
func (f Filter) toReview(w *where) {
	if f.ToReview == "" {
		return
	}
	from, args := "s.stage = 'in_review'", []any{}
	if f.Round != 0 {
		from, args = from+" and s.round = ?", append(args, f.Round)
	}
	w.and(`id in (
			select i.finding from submission s join submission_item i on i.submission = s.id
			where  `+from+` and not exists (
				select 1 from verdict v where v.submission = i.submission and v.finding = i.finding and v.party = ? and v.conclusion <> ''))`,
		append(args, string(f.ToReview))...)
}

func texts[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// AllFindings walks the findings within the scope by number, a page at a time,
// so that an export of any size takes the memory of one page.
func (r Reader) AllFindings(ctx context.Context, scope policy.Scope, f Filter) iter.Seq2[ledger.Finding, error] {
	return func(yield func(ledger.Finding, error) bool) {
		for after := ""; ; {
			w := f.where(r.d, scope)
			w.and("id > ?", after)
			list, err := states[ledger.Finding](ctx, r, ledger.KindFinding, "select state from finding "+w.String()+" order by id limit 500", w.args...)
			if err != nil {
				yield(ledger.Finding{}, fmt.Errorf("walk findings after %s: %w", after, err))
				return
			}
			full := len(list) == 500
			if list, err = r.withoutDrafts(ctx, scope, list); err != nil {
				yield(ledger.Finding{}, err)
				return
			}
			for _, x := range list {
				if !yield(x, nil) {
					return
				}
				after = x.Number
			}
			if !full {
				return
			}
		}
	}
}

// CountFindings counts the findings that a filter picks.
func (r Reader) CountFindings(ctx context.Context, scope policy.Scope, f Filter) (n int, err error) {
	w := f.where(r.d, scope)
	if n, err = r.count(ctx, "select count(*) from finding "+w.String(), w.args); err != nil {
		return 0, fmt.Errorf("count findings: %w", err)
	}
	return n, nil
}

// RateRows returns what the rates of a filter count, by number.
func (r Reader) RateRows(ctx context.Context, scope policy.Scope, f Filter) ([]rate.Row, error) {
	w := f.where(r.d, scope)
	rows, err := r.q.QueryContext(ctx, "select id, claim, stage, organ_cadre, acknowledged from finding "+w.String()+" order by id", w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x rate.Row, err error) {
		var cadre int64
		err = rows.Scan(&x.Number, &x.Claim, &x.Stage, &cadre, &x.Position)
		x.OrganCadre = cadre == 1
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("read rows of the rates: %w", err)
	}
	return list, nil
}

// A Tally counts findings of a round that are alike in everything the overview shows.
type Tally struct {
	Organisation string
	Category     string
	Stage        ledger.Stage
	Claim        ledger.Claim
	OrganCadre   bool
	Running      string // running deadline, or ""
	Position     ledger.Position
	Count        int
}

// Tallies returns the counts of a round in one pass over one index.
func (r Reader) Tallies(ctx context.Context, scope policy.Scope, round int) ([]Tally, error) {
	w := Filter{Round: round}.where(r.d, scope)
	list, err := recall(ctx, r, `
		select organisation, category, stage, claim, organ_cadre, running, acknowledged, count(*) from finding `+w.String()+`
		group by organisation, category, stage, claim, organ_cadre, running, acknowledged
		order by organisation, category, stage, claim, organ_cadre, running, acknowledged`, w.args, func(rows *sql.Rows) (x Tally, err error) {
		var cadre int64
		err = rows.Scan(&x.Organisation, &x.Category, &x.Stage, &x.Claim, &cadre, &x.Running, &x.Position, &x.Count)
		x.OrganCadre = cadre == 1
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("count round %d: %w", round, err)
	}
	return list, nil
}
