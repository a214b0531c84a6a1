package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// What waits for a party: to be reviewed, to be looked at again, to be supervised.

// toReview are the submissions on which the actor's party has not said all.
func (d desk) toReview(ctx context.Context) (list []todo) {
	for _, p := range d.inReview() {
		subject := d.subject(p)
		party := d.Who.Party(subject)
		work, member := workOf(d.works(p), party)
		left := work.left()
		if !member || left <= 0 || !policy.Can(d.Who, ledger.GiveVerdict{Party: party}, subject) {
			continue
		}
		act := "overview.act.review"
		if left < work.Of {
			act = "overview.act.review_on"
		}
		list = append(list, todo{
			Kind: todoReview, Icon: "scale", Href: reviewPath(p.ID, ""), Act: lang.T(ctx, act),
			Title: lang.T(ctx, "overview.todo.review", d.name(p.Organisation), paperWord(ctx, p.Doc, p.Number)),
			Sub:   lang.T(ctx, "overview.todo.review.sub", left, work.Of-left, work.Of),
			Since: d.since(ctx, p.Sent),
		})
	}
	return list
}

// toRecheck are the letters with answers the actor's party has not looked at.
// Where the next version is under review already, that is part of the review.
func (d desk) toRecheck(ctx context.Context) (list []todo) {
	for _, p := range d.Papers {
		answered := d.Answered[p.ID]
		if answered.Count == 0 || d.latest(p.Organisation, p.Doc).Stage == ledger.Reviewed {
			continue
		}
		list = append(list, todo{
			Kind: todoReview, Icon: "message-2", Href: findingPath(answered.Finding) + "#opinions", Act: lang.T(ctx, "overview.act.recheck"),
			Title: lang.T(ctx, "overview.todo.recheck", d.name(p.Organisation)),
			Sub:   lang.T(ctx, "overview.todo.recheck.sub", answered.Count, paperWord(ctx, p.Doc, p.Number)),
		})
	}
	return list
}

// toSupervise are the findings that the actor supervises in person.
func (d desk) toSupervise(ctx context.Context) (list []todo) {
	late, soon := 0, 0
	for _, row := range d.Mine {
		if row.Running < d.Today.String() {
			late++
		} else {
			soon++
		}
	}
	add := func(n int, key, light, due string) {
		if n > 0 {
			list = append(list, todo{
				Kind: todoUrge, Icon: "calendar-due", Act: lang.T(ctx, "overview.act.urge"), Due: dateOf(due),
				Href:  ledgerPath(d.Round.Number, "view", viewMine, "light", light),
				Title: lang.T(ctx, key, n), Sub: lang.T(ctx, "overview.todo.mine.sub"),
			})
		}
	}
	if late > 0 {
		add(late, "overview.todo.mine.overdue", ui.Overdue, d.Mine[0].Running)
	}
	if soon > 0 {
		add(soon, "overview.todo.mine.soon", ui.Soon, d.Mine[late].Running)
	}
	return list
}

// What waits for the office alone.

// toConsolidate are the submissions on which every party has said all: to be
// consolidated, and once that is done to go out as a letter.
func (d desk) toConsolidate(ctx context.Context) (list []todo) {
	for _, p := range d.inReview() {
		if len(d.missing(p)) > 0 || !policy.Can(d.Who, ledger.Consolidate{}, d.subject(p).Under(d.Round.Mechanism)) {
			continue
		}
		left := p.Findings - d.Merged[p.ID]
		t := todo{
			Kind: todoReview, Icon: "users-group", Href: d.path("consolidate"), Act: lang.T(ctx, "overview.act.consolidate"),
			Title: lang.T(ctx, "overview.todo.consolidate", d.name(p.Organisation), paperWord(ctx, p.Doc, p.Number)),
			Sub:   lang.T(ctx, "overview.todo.consolidate.sub", left, p.Findings), Since: d.since(ctx, p.Sent),
		}
		if left <= 0 {
			t.Kind, t.Icon, t.Act = todoPaper, "file-text", lang.T(ctx, "overview.act.deliver")
			t.Title = lang.T(ctx, "overview.todo.deliver", d.name(p.Organisation))
			t.Sub = lang.T(ctx, "overview.todo.deliver.sub", paperWord(ctx, p.Doc, p.Number), p.Findings, d.Owed[p.ID].Entries)
		}
		list = append(list, t)
	}
	return list
}

// toKeep are the findings that may be closed and those without a supervisor.
func (d desk) toKeep(ctx context.Context) (list []todo) {
	if codes, n := d.count(d.Closable); n > 0 {
		list = append(list, todo{
			Kind: todoReview, Icon: "checks", Href: stagesPath(d.Round.Number, ledger.Recognised), Act: lang.T(ctx, "overview.act.close"),
			Title: lang.T(ctx, "overview.todo.close", n), Sub: d.names(ctx, codes),
		})
	}
	if codes, n := d.count(d.Unwatched); n > 0 {
		list = append(list, todo{
			Kind: todoUrge, Icon: "user", Href: d.path("gaps"), Act: lang.T(ctx, "overview.act.assign"),
			Title: lang.T(ctx, "overview.todo.assign", n), Sub: d.names(ctx, codes),
		})
	}
	return list
}

// count adds up counts by organisation, and names these in the order of the round.
func (d desk) count(counts map[string]int) (codes []string, n int) {
	for _, code := range d.organisations() {
		if counts[code] > 0 {
			codes, n = append(codes, code), n+counts[code]
		}
	}
	return codes, n
}

// toUrge are the organisations that let a deadline pass or are about to.
func (d desk) toUrge(ctx context.Context) (list []todo) {
	groups := sumBy(d.Tallies, d.Today, byOrganisation)
	var later []string // those with nothing due this week
	for _, code := range d.organisations() {
		g := groups[code]
		if g == nil {
			continue
		}
		if g.Parts[partOverdue] > 0 {
			list = append(list, d.late(ctx, code, g))
		}
		switch {
		case g.Parts[partSoon] == 0:
		case stretchOf(dateOf(g.Next), d.Today) == whenLater:
			later = append(later, code)
		default:
			list = append(list, d.soon(ctx, code, g))
		}
	}
	list = append(list, d.later(ctx, later, groups)...)
	for _, doc := range d.documents() {
		list = append(list, d.unsent(ctx, doc)...)
	}
	return list
}

func (d desk) late(ctx context.Context, code string, g *sums) todo {
	return todo{
		Kind: todoUrge, Icon: "alert-triangle", Due: dateOf(g.First), Act: lang.T(ctx, "overview.act.urge"),
		Href:  ledgerPath(d.Round.Number, "organisation", code, "light", ui.Overdue),
		Title: lang.T(ctx, "overview.todo.overdue", d.name(code), g.Parts[partOverdue]),
		Sub:   lang.T(ctx, "overview.todo.overdue.sub", d.date(ctx, g.First)),
	}
}

func (d desk) soon(ctx context.Context, code string, g *sums) todo {
	return todo{
		Kind: todoUrge, Icon: "clock", Due: dateOf(g.Next), Act: lang.T(ctx, "overview.act.remind"),
		Href:  ledgerPath(d.Round.Number, "organisation", code, "light", ui.Soon),
		Title: lang.T(ctx, "overview.todo.soon", d.name(code), g.Parts[partSoon]),
		Sub:   lang.T(ctx, "overview.todo.soon.sub", d.date(ctx, g.Next)),
	}
}

// later is one reminder for all organisations whose next deadline is not this
// week: a line for each would bury what is urgent.
func (d desk) later(ctx context.Context, codes []string, groups map[string]*sums) []todo {
	switch len(codes) {
	case 0:
		return nil
	case 1:
		return []todo{d.soon(ctx, codes[0], groups[codes[0]])}
	}
	n, first := 0, ""
	for _, code := range codes {
		n += groups[code].Parts[partSoon]
		if first == "" || groups[code].Next < first {
			first = groups[code].Next
		}
	}
	return []todo{{
		Kind: todoUrge, Icon: "clock", Due: dateOf(first), Act: lang.T(ctx, "overview.act.remind"),
		Href:  ledgerPath(d.Round.Number, "view", viewSoon),
		Title: lang.T(ctx, "overview.todo.soon_all", len(codes), n), Sub: d.names(ctx, codes),
	}}
}

// unsent reminds of the first version of a document that is due, and of the next
// one that a letter asked for.
func (d desk) unsent(ctx context.Context, doc mechanism.Doc) (list []todo) {
	var never []string
	for _, code := range d.organisations() {
		p := d.latest(code, doc)
		switch {
		case p.ID == "":
			never = append(never, code)
		case p.Stage == ledger.SentBack && d.near(dateOf(p.AnswerBy)):
			list = append(list, d.unanswered(ctx, p))
		case !p.Delivered.IsZero() && p.Received.IsZero():
			list = append(list, todo{
				Kind: todoPaper, Icon: "file-text", Href: d.path("letters"), Act: lang.T(ctx, "overview.act.remind"),
				Title: lang.T(ctx, "overview.todo.unreceived", d.name(code)),
				Sub:   lang.T(ctx, "overview.todo.unreceived.sub", d.dayOf(ctx, p.Delivered)),
			})
		}
	}
	if due := d.firstDue(doc); len(never) > 0 && d.near(due) {
		list = append(list, todo{
			Kind: todoUrge, Icon: "send", Due: due, Href: d.path("letters"), Act: lang.T(ctx, "overview.act.urge"),
			Title: lang.T(ctx, "overview.todo.unsent", lang.T(ctx, "doc."+string(doc)), len(never)), Sub: d.names(ctx, never),
		})
	}
	return list
}

func (d desk) unanswered(ctx context.Context, p store.PaperRow) todo {
	sub := lang.T(ctx, "overview.todo.resend.answered")
	if n := d.Owed[p.ID].Unanswered; n > 0 {
		sub = lang.T(ctx, "overview.todo.resend.unanswered", n)
	}
	return todo{
		Kind: todoUrge, Icon: "corner-up-left", Due: dateOf(p.AnswerBy), Href: answersPath(p.ID), Act: lang.T(ctx, "overview.act.urge"),
		Title: lang.T(ctx, "overview.todo.resend", d.name(p.Organisation), paperWord(ctx, p.Doc, p.Number+1)), Sub: sub,
	}
}

// firstDue is the day by which the first version of a document is due.
func (d desk) firstDue(doc mechanism.Doc) workday.Date {
	switch doc {
	case mechanism.Plan:
		return d.Round.PlanDue
	case mechanism.Report, mechanism.HeadReport:
		return d.Round.ReportDue // the head reports on the same work
	case mechanism.LifeMeeting, mechanism.ClosingDoc:
	}
	return workday.Date{} // when the meeting was held, when there is something to close
}

// near reports whether the day has passed or is close.
func (d desk) near(day workday.Date) bool {
	return !day.IsZero() && !day.After(d.Today.AddDays(warnDays))
}

// date words a stored date.
func (d desk) date(ctx context.Context, text string) string { return lang.Date(lang.From(ctx), text) }

// todos is everything that waits for the actor in this round.
func (d desk) todos(ctx context.Context) []todo {
	if d.Who.Organisation != "" {
		return slices.Concat(d.toAcknowledge(ctx), d.toAnswer(ctx), d.toSend(ctx), d.toPledge(ctx), d.toMeet(ctx), d.toAwait(ctx))
	}
	list := slices.Concat(d.toReview(ctx), d.toRecheck(ctx), d.toExtend(ctx), d.toSupervise(ctx), d.toConsolidate(ctx), d.toResolve(ctx))
	if d.Office {
		list = slices.Concat(list, d.toKeep(ctx), d.toRereview(ctx), d.toContest(ctx), d.toUrge(ctx))
	}
	return list
}
