package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// What waits because of a finding's own life: an answer to it, a decision on its
// deadline, a day until which it rested.

// readLife counts for those to whom something may come from it.
func (d desk) readLife(ctx context.Context, db store.Reader, scope policy.Scope) (lifeCounts, error) {
	if !d.Office && !d.extends() {
		return lifeCounts{}, nil
	}
	lots, err := db.Lots(ctx, scope, d.Round.Number)
	return countLife(lots), err
}

// extends reports whether the actor decides on extensions for anyone in the round.
func (d desk) extends() bool {
	for _, code := range d.organisations() {
		if d.decidesFor(code) {
			return true
		}
	}
	return false
}

func (d desk) decidesFor(organisation string) bool {
	team, _ := d.Round.Team(organisation)
	subject := ledger.Subject{Kind: ledger.KindFinding, Round: d.Round.Number, Organisation: organisation, Team: team}
	return policy.Can(d.Who, ledger.DecideExtension{}, subject.Under(d.Round.Mechanism))
}

// toExtend are the requests for a later deadline on which the actor's party decides.
func (d desk) toExtend(ctx context.Context) []todo {
	codes, n := []string{}, 0
	for _, code := range d.organisations() {
		if k := d.Life.PendingBy[code]; k > 0 && d.decidesFor(code) {
			codes, n = append(codes, code), n+k
		}
	}
	if n == 0 {
		return nil
	}
	return []todo{{
		Kind: todoReview, Icon: "calendar-due", Act: lang.T(ctx, "overview.act.decide"),
		Href:  ledgerPath(d.Round.Number, "extension", string(store.ExtensionPending)),
		Title: lang.T(ctx, "overview.todo.extend", n), Sub: d.names(ctx, codes),
	}}
}

// toContest are the findings with which an organisation does not agree in full,
// as long as its plan is not passed.
func (d desk) toContest(ctx context.Context) []todo {
	if !d.Round.Mechanism.Acceptance || d.Life.Contested == 0 {
		return nil
	}
	codes, n := d.count(d.Life.ByOrg)
	return []todo{{
		Kind: todoReview, Icon: "alert-circle", Act: lang.T(ctx, "overview.act.look"),
		Href:  ledgerPath(d.Round.Number, "view", viewContested),
		Title: lang.T(ctx, "overview.todo.contested", n), Sub: d.names(ctx, codes),
	}}
}

// toRereview are the findings that rested and are due again. The date says so;
// nothing was stored when it came.
func (d desk) toRereview(ctx context.Context) []todo {
	counts, first := map[string]int{}, ""
	for _, t := range d.Tallies {
		if t.Stage == ledger.ContinuingStage && t.Running != "" && t.Running <= d.Today.String() {
			counts[t.Organisation] += t.Count
			if first == "" || t.Running < first {
				first = t.Running
			}
		}
	}
	codes, n := d.count(counts)
	if n == 0 {
		return nil
	}
	return []todo{{
		Kind: todoUrge, Icon: "refresh", Due: dateOf(first), Act: lang.T(ctx, "overview.act.urge"),
		Href:  ledgerPath(d.Round.Number, "view", viewContinuing),
		Title: lang.T(ctx, "overview.todo.rereview", n), Sub: d.names(ctx, codes),
	}}
}

// toAcknowledge are the findings on which the organisation has to say whether it
// agrees, before its plan.
func (d desk) toAcknowledge(ctx context.Context) []todo {
	n := ledger.Unacknowledged(d.Round.Mechanism, mechanism.Plan, d.open(mechanism.Plan))
	if n == 0 || !policy.Can(d.Who, ledger.Acknowledge{}, d.own()) {
		return nil
	}
	return []todo{{
		Kind: todoReview, Icon: "signature", Href: d.path("fill"), Act: lang.T(ctx, "overview.act.ack"), Due: d.firstDue(mechanism.Plan),
		Title: lang.T(ctx, "overview.todo.ack", n), Sub: lang.T(ctx, "overview.todo.ack.sub"),
	}}
}

// toAwait tells the organisation of its requests that wait, and of what rested
// and is due again.
func (d desk) toAwait(ctx context.Context) (list []todo) {
	pending, due := 0, 0
	var day workday.Date
	for _, f := range d.Cases {
		if _, waits := f.Pending(); waits {
			pending++
		}
		if f.Stage == ledger.ContinuingStage && !f.Resting(d.Today) {
			if due++; day.IsZero() || f.Settlement.Until.Before(day) {
				day = f.Settlement.Until
			}
		}
	}
	if due > 0 {
		list = append(list, todo{
			Kind: todoReview, Icon: "refresh", Due: day, Href: ledgerPath(d.Round.Number, "view", viewContinuing), Act: lang.T(ctx, "action.view"),
			Title: lang.T(ctx, "overview.todo.rereview", due), Sub: lang.T(ctx, "overview.todo.rereview.sub"),
		})
	}
	if pending > 0 {
		list = append(list, todo{
			Kind: todoUrge, Icon: "calendar-due", Href: ledgerPath(d.Round.Number, "extension", string(store.ExtensionPending)), Act: lang.T(ctx, "action.view"),
			Title: lang.T(ctx, "overview.todo.extend.wait", pending), Sub: lang.T(ctx, "overview.todo.extend.wait.sub"),
		})
	}
	return list
}
