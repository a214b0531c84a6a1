package web

import (
	"context"
	"maps"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// What waits for an inspected organisation: its liaison officer and its head.

// documents are what an organisation sends in the round.
func (st standing) documents() []mechanism.Doc { return st.Round.Mechanism.Reviewed() }

// own is the subject of the actor's own organisation.
func (d desk) own() ledger.Subject {
	team, _ := d.Round.Team(d.Who.Organisation)
	return ledger.Subject{Kind: ledger.KindSubmission, Round: d.Round.Number, Organisation: d.Who.Organisation, Team: team}
}

// toAnswer are letters to take delivery of and to answer.
func (d desk) toAnswer(ctx context.Context) (list []todo) {
	if !policy.Can(d.Who, ledger.Receive{}, d.own()) {
		return nil
	}
	for _, doc := range d.documents() {
		p := d.lettered(doc)
		if p.ID == "" {
			continue
		}
		t := todo{Kind: todoPaper, Icon: "file-text", Href: answersPath(p.ID), Due: dateOf(p.AnswerBy)}
		n := d.Owed[p.ID].Unanswered
		switch {
		case p.Received.IsZero():
			t.Title = lang.T(ctx, "overview.todo.receive", paperWord(ctx, p.Doc, p.Number))
			t.Sub = lang.T(ctx, "overview.todo.receive.sub", d.dayOf(ctx, p.Delivered), n)
			t.Act = lang.T(ctx, "overview.act.receive")
			if n == 0 {
				t.Due = workday.Date{} // there is nothing to answer
			}
		case n > 0:
			t.Title = lang.T(ctx, "overview.todo.answer", n)
			t.Sub = lang.T(ctx, "overview.todo.answer.sub", paperWord(ctx, p.Doc, p.Number), d.Owed[p.ID].Entries)
			t.Act, t.Icon = lang.T(ctx, "overview.act.answer"), "message-2"
		default:
			continue
		}
		list = append(list, t)
	}
	return list
}

// lettered returns the newest version of the document with a letter.
func (d desk) lettered(doc mechanism.Doc) (newest store.PaperRow) {
	for _, p := range d.Papers {
		if p.Doc == doc && p.Organisation == d.Who.Organisation && !p.Delivered.IsZero() && p.Number > newest.Number {
			newest = p
		}
	}
	return newest
}

// toSend is the next version of each document on its way to the parties.
func (d desk) toSend(ctx context.Context) (list []todo) {
	if !policy.Can(d.Who, ledger.Prepare{}, d.own()) {
		return nil
	}
	for _, doc := range d.documents() {
		last := d.latest(d.Who.Organisation, doc)
		switch {
		case last.Stage == ledger.Prepared && !d.pledged(doc):
			list = append(list, todo{
				Kind: todoPaper, Icon: "send", Href: d.path("send", string(doc)), Act: lang.T(ctx, "action.send"), Due: d.sendBy(last),
				Title: lang.T(ctx, "overview.todo.send", paperWord(ctx, doc, last.Number)), Sub: lang.T(ctx, "documents.wait_liaison"),
			})
		case doc.Whole():
			list = append(list, d.toWrite(ctx, doc, last)...)
		case last.Stage == ledger.Pledging:
			list = append(list, todo{
				Kind: todoPaper, Icon: "send", Href: d.path("send", string(doc)), Act: lang.T(ctx, "action.send"), Due: d.sendBy(last),
				Title: lang.T(ctx, "overview.todo.send", paperWord(ctx, doc, last.Number)), Sub: lang.T(ctx, "overview.todo.send.sub"),
			})
		case last.ID == "", last.Stage == ledger.SentBack, last.Stage == ledger.Accepted:
			if t, needed := d.nextVersion(ctx, doc, last); needed {
				list = append(list, t)
			}
		}
	}
	return list
}

// nextVersion is what is missing before the next version, or that nothing is.
func (d desk) nextVersion(ctx context.Context, doc mechanism.Doc, last store.PaperRow) (t todo, needed bool) {
	open := d.open(doc)
	if len(open) == 0 || d.Owed[last.ID].Unanswered > 0 {
		return t, false // the letter comes first
	}
	next := last
	next.Number, next.Doc = last.Number+1, doc
	word := paperWord(ctx, doc, next.Number)
	t = todo{
		Kind: todoPaper, Icon: "signature", Href: d.path("send", string(doc)), Act: lang.T(ctx, "overview.act.prepare"), Due: d.sendBy(next),
		Title: lang.T(ctx, "overview.todo.prepare", word), Sub: lang.T(ctx, "overview.todo.prepare.sub", len(open)),
	}
	lacking := map[string]bool{}
	lacks := ledger.Check(doc, open)
	for _, l := range lacks {
		if l.Blocks {
			lacking[l.Finding] = true
		}
	}
	if len(lacking) > 0 {
		t.Kind, t.Icon, t.Href, t.Act = todoReview, "edit", d.path("fill"), lang.T(ctx, "overview.act.fill")
		t.Title = lang.T(ctx, "overview.todo.fill", word, len(lacking))
		t.Sub = lang.T(ctx, "overview.todo.fill.sub", ledger.Blocking(lacks), len(open))
	}
	return t, true
}

// open are the findings that go into the next version of the document.
func (d desk) open(doc mechanism.Doc) (list []ledger.Finding) {
	for _, f := range d.Cases {
		if f.Open(doc, d.Today) {
			list = append(list, f)
		}
	}
	return list
}

// sendBy is the day by which the version is due: that of the round for the first
// one, that of the letter for those after it.
func (d desk) sendBy(p store.PaperRow) workday.Date {
	if p.Number <= 1 {
		return d.firstDue(p.Doc)
	}
	return dateOf(d.lettered(p.Doc).AnswerBy)
}

// toPledge are the documents that wait for the head.
func (d desk) toPledge(ctx context.Context) (list []todo) {
	if !policy.Can(d.Who, ledger.MakePledge{}, d.own()) {
		return nil
	}
	for _, doc := range d.documents() {
		if p := d.latest(d.Who.Organisation, doc); p.Stage == ledger.Prepared && d.pledged(doc) {
			list = append(list, todo{
				Kind: todoPaper, Icon: "signature", Href: d.path("send", string(doc)), Act: lang.T(ctx, "overview.act.pledge"), Due: d.sendBy(p),
				Title: lang.T(ctx, "overview.todo.pledge", paperWord(ctx, doc, p.Number)),
				Sub:   lang.T(ctx, "overview.todo.pledge.sub", len(d.open(doc))),
			})
		}
	}
	return list
}

// dayShown is how many findings due on one day are listed one by one.
const dayShown = 2

// toMeet are the own findings whose deadline has passed or is near, those of one
// day together where they are many.
func (d desk) toMeet(ctx context.Context) (list []todo) {
	days := map[workday.Date][]ledger.Finding{}
	for _, f := range d.Cases {
		if f.Running() && d.near(f.Due()) && (f.Stage != ledger.ContinuingStage || f.Resting(d.Today)) {
			days[f.Due()] = append(days[f.Due()], f)
		}
	}
	for _, day := range slices.SortedFunc(maps.Keys(days), workday.Date.Compare) {
		if len(days[day]) > dayShown {
			list = append(list, d.dueTogether(ctx, day, days[day]))
			continue
		}
		for _, f := range days[day] {
			list = append(list, d.dueAlone(ctx, f))
		}
	}
	return list
}

func (d desk) dueAlone(ctx context.Context, f ledger.Finding) todo {
	t := todo{
		Kind: todoUrge, Icon: "calendar-due", Due: f.Due(), Title: brief(f.Text, 32), Sub: f.Number + " · " + stageWord(ctx, f.Stage),
		Href: findingPath(f.Number), Act: lang.T(ctx, "action.view"),
	}
	if f.ReportIn == "" && policy.Can(d.Who, ledger.WriteProgress{}, d.own()) {
		t.Href, t.Act = fillPath(f.Number), lang.T(ctx, "overview.act.fill")
	}
	return t
}

func (d desk) dueTogether(ctx context.Context, day workday.Date, due []ledger.Finding) todo {
	t := todo{
		Kind: todoUrge, Icon: "list-details", Due: day, Act: lang.T(ctx, "action.view"),
		Title: lang.T(ctx, "overview.todo.due", len(due), d.date(ctx, day.String())),
		Sub:   lang.T(ctx, "overview.todo.due.sub", due[0].Number+lang.T(ctx, "word.and")+due[1].Number),
		Href:  ledgerPath(d.Round.Number, "view", viewOpen, "sort", string(store.ByDue)),
	}
	if policy.Can(d.Who, ledger.WriteProgress{}, d.own()) {
		t.Href, t.Act = d.path("fill"), lang.T(ctx, "overview.act.fill")
	}
	return t
}
