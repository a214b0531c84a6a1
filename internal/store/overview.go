package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// RoundsOf returns the rounds that concern somebody with the scope, newest first,
// at most limit: those in which their organisation or team takes part.
func (r Reader) RoundsOf(ctx context.Context, scope policy.Scope, limit int) ([]RoundName, error) {
	w := &where{}
	for _, mine := range []struct{ column, value string }{{"organisation", scope.Organisation}, {"team", scope.Team}} {
		if mine.value != "" {
			w.and("number in (select x.round from round_organisation x where x."+mine.column+" = ?)", mine.value)
		}
	}
	w.args = append(w.args, limit)
	list, err := recall(ctx, r, fmt.Sprintf(
		"select number, name from round %s order by number desc limit $%d", w, len(w.args)), w.args, func(rows *sql.Rows) (x RoundName, err error) { return x, rows.Scan(&x.Number, &x.Name) })
	if err != nil {
		return nil, fmt.Errorf("list rounds: %w", err)
	}
	return list, nil
}

// A PaperRow is a submission as overviews show it, without its text. Instants
// are zero before they came about.
type PaperRow struct {
	ID, Organisation, Team    string
	Doc                       mechanism.Doc
	Number, Findings          int // version of the document; findings sent
	Stage                     ledger.SubmissionStage
	Sent, Delivered, Received time.Time
	AnswerBy                  string // "2026-03-31" or ""

	Due        []ledger.PartyDue // while under review
	PassedOver []ledger.PassedOver
}

// Times returns of the submission what its parties' times are read from.
func (p PaperRow) Times() ledger.Submission {
	return ledger.Submission{ID: p.ID, Doc: p.Doc, Due: p.Due, PassedOver: p.PassedOver}
}

// PaperRows returns the submissions of a round by organisation, document and
// version. What has not been sent only its organisation sees.
func (r Reader) PaperRows(ctx context.Context, scope policy.Scope, round int) ([]PaperRow, error) {
	w := &where{}
	w.papers(scope)
	w.and("x.round = ?", round)
	list, err := recall(ctx, r, `
		select x.id, x.organisation, x.team, x.doc, x.number, x.findings, x.stage, x.sent_at, x.delivered_at, x.received_at, x.answer_by,
			case when x.stage = 'in_review' then x.state else '{}' end
		from   submission x `+w.String()+` order by x.organisation, x.doc, x.number`, w.args, func(rows *sql.Rows) (x PaperRow, err error) {
		var sent, delivered, received int64
		var state string
		err = rows.Scan(&x.ID, &x.Organisation, &x.Team, &x.Doc, &x.Number, &x.Findings, &x.Stage, &sent, &delivered, &received, &x.AnswerBy, &state)
		if err == nil {
			var times ledger.Submission
			err = json.Unmarshal([]byte(state), &times)
			x.Due, x.PassedOver = times.Due, times.PassedOver
		}
		x.Sent, x.Delivered, x.Received = instant(sent), instant(delivered), instant(received)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("list submissions of round %d: %w", round, err)
	}
	return list, nil
}

// Owed is what a letter asks of an organisation: its entries, and how many of
// them have no answer yet, without those on settled findings.
type Owed struct{ Entries, Unanswered int }

// Owed returns what is owed on the submissions of a round, as far as the actor
// may read the letters.
func (r Reader) Owed(ctx context.Context, scope policy.Scope, round int) (map[string]Owed, error) {
	w := &where{}
	w.letters(scope)
	w.and("x.round = ?", round)
	type row struct {
		id string
		Owed
	}
	list, err := recall(ctx, r, `
		select x.submission, cast(sum(x.entries) as bigint), cast(sum(case when `+unsettled+` then x.unanswered else 0 end) as bigint)
		from   consolidation x `+w.String()+` group by x.submission`, w.args, func(rows *sql.Rows) (x row, err error) { return x, rows.Scan(&x.id, &x.Entries, &x.Unanswered) })
	if err != nil {
		return nil, fmt.Errorf("count answers of round %d: %w", round, err)
	}
	owed := map[string]Owed{}
	for _, x := range list {
		owed[x.id] = x.Owed
	}
	return owed, nil
}

// Answered is how many opinions of a party have an answer it has not looked at,
// and the first finding with one.
type Answered struct {
	Count   int
	Finding string
}

// Answered returns the answered opinions of the party by submission.
func (r Reader) Answered(ctx context.Context, scope policy.Scope, round int, party joint.Party) (map[string]Answered, error) {
	w := &where{}
	w.voices(scope)
	w.and("x.round = ?", round)
	w.and("x.party = ?", string(party))
	w.and("x.stage = ?", string(ledger.Answered))
	type row struct {
		id string
		Answered
	}
	rows, err := r.q.QueryContext(ctx, "select x.submission, count(*), min(x.finding) from opinion x "+w.String()+" group by x.submission", w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x row, err error) { return x, rows.Scan(&x.id, &x.Count, &x.Finding) })
	if err != nil {
		return nil, fmt.Errorf("count answered opinions of round %d: %w", round, err)
	}
	answered := map[string]Answered{}
	for _, x := range list {
		answered[x.id] = x.Answered
	}
	return answered, nil
}

// Closable counts the recognised findings of a round by organisation. settled
// leaves out those with an opinion on which something is still due, applied those
// to whose closing the parties have not agreed.
func (r Reader) Closable(ctx context.Context, scope policy.Scope, round int, settled, applied bool) (map[string]int, error) {
	w := &where{}
	w.cases(scope, "f.")
	w.and("f.round = ?", round)
	w.and("f.stage = ?", string(ledger.Recognised))
	if applied {
		w.and("f.closing_passed = 1")
	}
	if settled {
		due := &where{args: w.args} // its places go on counting
		due.and("o.finding = f.id")
		due.in("o.stage", texts(ledger.UnsettledStages()))
		w.args = due.args
		w.and("not exists (select 1 from opinion o " + due.String() + ")")
	}
	return r.counts(ctx, "count findings to close",
		"select f.organisation, count(*) from finding f "+w.String()+" group by f.organisation", w.args)
}

// Unwatched counts the findings of a round, by organisation, that nobody supervises.
func (r Reader) Unwatched(ctx context.Context, scope policy.Scope, round int) (map[string]int, error) {
	w := &where{}
	w.cases(scope, "")
	w.and("round = ?", round)
	w.and("gaps > 0")
	w.and("(watch_body = '' or watch_person = '')")
	return r.counts(ctx, "count findings without supervisor",
		"select organisation, count(*) from finding "+w.String()+" group by organisation", w.args)
}

// counts runs a query of names and counts.
func (r Reader) counts(ctx context.Context, doing, query string, args []any) (map[string]int, error) {
	type row struct {
		name string
		n    int
	}
	list, err := recall(ctx, r, query, args, func(rows *sql.Rows) (x row, err error) { return x, rows.Scan(&x.name, &x.n) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	counts := map[string]int{}
	for _, x := range list {
		counts[x.name] = x.n
	}
	return counts, nil
}

// Judged counts the findings of a round under review on whose report its whole
// panel has spoken. It says nothing of what was said and may be shown while blind;
// inspected organisations, who read letters only, learn nothing from it.
func (r Reader) Judged(ctx context.Context, scope policy.Scope, round int, m mechanism.Mechanism) (n int, err error) {
	if scope.Verdicts == policy.NoVerdicts {
		return 0, nil
	}
	w := &where{}
	w.cases(scope, "f.")
	w.and("f.round = ?", round)
	w.and("f.stage = ?", string(ledger.InReview))
	w.and("(select count(*) from verdict v where v.submission = f.last_report and v.finding = f.id and v.conclusion <> '') >= " + panelSize(m, mechanism.Report))
	if n, err = r.count(ctx, "select count(*) from finding f "+w.String(), w.args); err != nil {
		return 0, fmt.Errorf("count findings judged by all: %w", err)
	}
	return n, nil
}

// panelSize is, in SQL, how many parties review the document of the finding f; f
// is missing where the document is judged as one text.
func panelSize(m mechanism.Mechanism, doc mechanism.Doc) string {
	return fmt.Sprintf("case when f.organ_cadre = 1 then %d else %d end", len(m.Panel(doc, true)), len(m.Panel(doc, false)))
}

// panelSizes is panelSize for the document of the submission s.
func panelSizes(m mechanism.Mechanism) string {
	var text strings.Builder
	text.WriteString("case s.doc")
	for _, doc := range mechanism.Docs() {
		fmt.Fprintf(&text, " when '%s' then %s", doc, panelSize(m, doc))
	}
	return text.String() + " end"
}

// Voiced counts opinions that are alike.
type Voiced struct {
	Party     joint.Party
	Criterion string
	Count     int
}

// Voiced counts the opinions of a round that the actor may know, by party and
// criterion, and says how many are still sealed although all the parties have
// spoken on their finding. A number that went up with each verdict would tell who
// found fault. Inspected organisations are told of none.
func (r Reader) Voiced(ctx context.Context, scope policy.Scope, round int, m mechanism.Mechanism) (known []Voiced, sealed int, err error) {
	if scope.Verdicts == policy.NoVerdicts {
		return nil, 0, nil
	}
	w := &where{}
	w.cases(scope, "x.")
	w.sealed(scope)
	w.and("x.round = ?", round)
	w.and("x.stage <> ?", string(ledger.TakenBack))
	w.and("(select count(*) from verdict v where v.submission = x.submission and v.finding = x.finding and v.conclusion <> '') >= " + panelSizes(m))
	if sealed, err = r.count(ctx, "select count(*) from opinion x join submission s on s.id = x.submission left join finding f on f.id = x.finding "+w.String(), w.args); err != nil {
		return nil, 0, fmt.Errorf("count sealed opinions of round %d: %w", round, err)
	}
	w = &where{}
	w.voices(scope)
	w.and("x.round = ?", round)
	w.and("x.stage <> ?", string(ledger.TakenBack))
	known, err = recall(ctx, r, "select x.party, x.criterion, count(*) from opinion x "+w.String()+
		" group by x.party, x.criterion order by x.party, x.criterion", w.args, func(rows *sql.Rows) (x Voiced, err error) {
		return x, rows.Scan(&x.Party, &x.Criterion, &x.Count)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("count opinions of round %d by party: %w", round, err)
	}
	return known, sealed, nil
}
