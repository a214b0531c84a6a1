package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// deedWindow is how far back Deeds looks, in entries of the trail: a few busy
// days. Without a bound a quiet round would make it read the whole trail.
const deedWindow = 4000

// A Deed is what somebody did in a round, in one act or several alike. It says
// nothing of what was written or judged.
type Deed struct {
	At           time.Time // of the last act
	Person, For  string    // as the trail has them
	Event        string    // name of the event
	Organisation string    // whose finding or submission it was
	Submission   string    // identity; "" for acts on findings alone
	Doc          mechanism.Doc
	Number       int    // version of the document
	Finding      string // number, where Count is 1
	Count        int    // findings concerned; 0 for acts on a submission
	seq          int64
}

// Deeds returns the last acts of a round within the scope, newest first, at most
// limit. That a party has spoken is told to those who may read single verdicts
// one day; what it said is not in here. Texts that have not been sent are told
// of to those who may read drafts.
func (r Reader) Deeds(ctx context.Context, scope policy.Scope, round, limit int) ([]Deed, error) {
	var deeds []Deed
	for _, part := range []func(policy.Scope, int, int) (string, []any){deedsOnPapers, deedsOnFindings, deedsOfParties} {
		query, args := part(scope, round, limit)
		list, err := recall(ctx, r, query, args, scanDeed)
		if err != nil {
			return nil, fmt.Errorf("last acts of round %d: %w", round, err)
		}
		deeds = append(deeds, list...)
	}
	slices.SortFunc(deeds, func(a, b Deed) int { return cmp.Compare(b.seq, a.seq) })
	return deeds[:min(limit, len(deeds))], nil
}

func scanDeed(rows *sql.Rows) (d Deed, err error) {
	var at int64
	err = rows.Scan(&d.seq, &at, &d.Person, &d.For, &d.Event, &d.Organisation, &d.Submission, &d.Doc, &d.Number, &d.Finding, &d.Count)
	d.At = instant(at)
	if d.Count > 1 {
		d.Finding = ""
	}
	return d, err
}

// recent limits trail entries, alias t, to the window and the events.
func (w *where) recent(kind ledger.Kind, events ...ledger.Event) {
	w.and("t.seq > (select size from trail_head) - ?", deedWindow)
	w.and("t.kind = ?", string(kind))
	names := make([]string, len(events))
	for i, e := range events {
		names[i] = ledger.EventName(e)
	}
	w.in("t.event", names)
}

func deedsOnPapers(scope policy.Scope, round, limit int) (string, []any) {
	w := &where{}
	w.recent(ledger.KindSubmission, ledger.SubmissionPrepared{}, ledger.SubmissionPledged{}, ledger.SubmissionSent{},
		ledger.LetterDelivered{}, ledger.LetterReceived{})
	w.papers(scope)
	w.and("x.round = ?", round)
	return w.deeds(`
		select t.seq, t.at, t.actor, t.acted_for, t.event, x.organisation, x.id, x.doc, x.number, '', 0
		from   trail t join submission x on x.id = t.id`, "", limit)
}

func deedsOnFindings(scope policy.Scope, round, limit int) (string, []any) {
	events := []ledger.Event{
		ledger.FindingRegistered{}, ledger.FindingCorrected{}, ledger.Classified{}, ledger.Assigned{}, ledger.FindingClosed{}, ledger.FindingReopened{},
	}
	if scope.Drafts {
		events = append(events, ledger.PlanWritten{}, ledger.ProgressWritten{}, ledger.EvidenceAttached{}, ledger.EvidenceAmended{}, ledger.FileReplaced{})
	}
	w := &where{}
	w.recent(ledger.KindFinding, events...)
	w.cases(scope, "x.")
	w.and("x.round = ?", round)
	return w.deeds(`
		select max(t.seq), t.at, t.actor, t.acted_for, t.event, x.organisation, '', '', 0, min(x.id), count(distinct x.id)
		from   trail t join finding x on x.id = t.id`,
		" group by t.at, t.actor, t.acted_for, t.event, x.organisation", limit)
}

func deedsOfParties(scope policy.Scope, round, limit int) (string, []any) {
	w := &where{}
	w.recent(ledger.KindVerdict, ledger.VerdictGiven{})
	w.cases(scope, "x.")
	if scope.Verdicts == policy.NoVerdicts {
		w.and("1 = 0")
	}
	w.and("x.round = ?", round)
	return w.deeds(`
		select max(t.seq), max(t.at), t.actor, t.acted_for, t.event, x.organisation, x.submission, s.doc, s.number, min(x.finding), count(*)
		from   trail t join verdict x on x.id = t.id join submission s on s.id = x.submission`,
		" group by t.actor, t.acted_for, t.event, x.organisation, x.submission, s.doc, s.number", limit)
}

// deeds ends a query whose first column is the number in the trail.
func (w *where) deeds(from, group string, limit int) (string, []any) {
	w.args = append(w.args, limit)
	return fmt.Sprintf("%s %s%s order by 1 desc limit $%d", from, w, group, len(w.args)), w.args
}
