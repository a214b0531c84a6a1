package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// reviewView is the workspace as it is drawn.
type reviewView struct {
	passage
	OnlyOpen   bool // the list shows what is still to be judged
	List       []ui.Passing
	Prev, Next string
	Light      string
	LightWord  string
	Changes    []change // against the version before; nil for a first version
	Evidence   []ui.Evidence
	Form       *reviewFormView // nil if the actor cannot give a verdict here
	Why        string          // why not; "" if the own party has given one
	Said       *saidView       // nil while nothing may be known
	Rival      []ui.ConflictRow
	Draft      string

	MayBulk                 bool // something is left that may be agreed with together
	MayTakeBack             bool
	BackProblem, BackReason string
}

// change is one part of the text in two versions.
type change struct {
	Label string
	Parts []ui.DiffPart
}

func (s *Server) reviewView(ctx context.Context, who policy.Actor, p passage, state reviewState) reviewView {
	view := reviewView{passage: p, List: passing(ctx, p)}
	view.Prev, view.Next = neighbour(p, -1), neighbour(p, 1)
	running := ""
	if p.Finding.Running() {
		running = p.Finding.Due().String()
	}
	view.Light, view.LightWord = light(ctx, s.today(), p.Finding.Due().String(), running)
	view.Changes = changes(ctx, p)
	for _, e := range p.Item.Evidence() {
		card := itemCard(lang.From(ctx), p.Submission, p.Finding.Number, e)
		if p.BeforeID != "" && !slices.ContainsFunc(p.Before.Evidence(), func(x ledger.Evidence) bool { return x.ID == e.ID }) {
			card.Flags = append(card.Flags, ui.ChipWord{Hue: ui.Blue, Icon: "plus", Word: lang.T(ctx, "review.evidence.new")})
		}
		view.Evidence = append(view.Evidence, card)
	}
	view.MayBulk = len(p.Given) < len(p.Findings) && p.bulkable(who)
	view.MayTakeBack, view.BackProblem, view.BackReason = p.mayTakeBack(who), state.BackProblem, state.BackReason
	if len(p.Verdicts) > 0 {
		view.Said = said(ctx, p)
	}
	if p.open(who) {
		view.Form = formView(ctx, p, state)
		if state.Values != nil && state.Problems == nil && state.Rival == nil {
			view.Draft = lang.T(ctx, "review.draft.restored")
		}
	} else {
		view.Why = whyNot(ctx, p)
	}
	if state.Rival != nil {
		view.Rival = rivalRows(ctx, p, *state.Rival, state.Values)
	}
	return view
}

// stands says what became of the own party's earlier verdict: it stays on this
// version, or its turn has come back, and why.
func (v reviewView) stands(ctx context.Context) string {
	own, given := v.own()
	switch {
	case given && own.From != "":
		return lang.T(ctx, "review.carried", v.number(own.LookedAt()))
	case len(v.Changes) > 0 || v.evidenceChanged():
		return lang.T(ctx, "review.expired")
	case len(v.Recheck) > 0:
		return lang.T(ctx, "review.expired.answer")
	}
	return lang.T(ctx, "review.stale")
}

// evidenceChanged reports whether material came or went since the version before.
func (p passage) evidenceChanged() bool {
	return !slices.EqualFunc(p.Before.Progress.Evidence, p.Item.Progress.Evidence,
		func(a, b ledger.Evidence) bool { return a.Same(b) })
}

func neighbour(p passage, steps int) string {
	if number := p.beside(steps); number != "" {
		return reviewPath(p.Submission.ID, number)
	}
	return ""
}

// whyNot says why there is no form; "" if the own verdict stands in its place.
func whyNot(ctx context.Context, p passage) string {
	_, member := p.mech().Party(p.Party)
	_, given := p.own()
	switch {
	case given:
		return ""
	case !member:
		return lang.T(ctx, "review.not_member")
	case p.Submission.Stage != ledger.Reviewed:
		return lang.T(ctx, "review.over")
	case p.Made:
		return lang.T(ctx, "review.made")
	case p.shut():
		return lang.T(ctx, "review.shut")
	}
	return lang.T(ctx, "review.not_yours")
}

// passing lists the findings with where the own party stands on each.
func passing(ctx context.Context, p passage) []ui.Passing {
	var list []ui.Passing
	for _, h := range p.Findings {
		x := ui.Passing{
			Href: reviewPath(p.Submission.ID, h.Number), Number: numberWord(ctx, h.Number), Text: h.Title,
			Word: lang.T(ctx, "review.state.open"), Current: h.Number == p.Finding.Number,
		}
		given, done := p.Given[h.Number]
		draft, begun := p.Drafts[h.Number]
		switch {
		case done:
			x.State, x.Word = conclusionLevel[given], lang.T(ctx, "review.state.given", conclusionWord(ctx, p.mech(), given))
		case draft.Get("flag") != "":
			x.State, x.Word = "flag", lang.T(ctx, "review.state.flag")
		case x.Current:
			x.State, x.Word = "now", lang.T(ctx, "review.state.now")
		case begun:
			x.State, x.Word = "draft", lang.T(ctx, "review.state.draft")
		}
		list = append(list, x)
	}
	return list
}

// changes compares the parts of the document with those of the version before.
func changes(ctx context.Context, p passage) []change {
	if p.BeforeID == "" {
		return nil
	}
	var list []change
	add := func(key, old, new string) {
		if old != new {
			list = append(list, change{lang.T(ctx, key), diffText(old, new)})
		}
	}
	add("documents.text", p.Before.Text, p.Item.Text)
	add("application.statement", p.Before.Application, p.Item.Application)
	if p.Submission.Doc == mechanism.Report {
		add("review.progress", p.Before.Progress.Text, p.Item.Progress.Text)
		add("review.facts", factLines(ctx, p.Before.Progress), factLines(ctx, p.Item.Progress))
	}
	add("review.cause", p.Before.Plan.Cause, p.Item.Plan.Cause)
	add("review.target", p.Before.Plan.Target, p.Item.Plan.Target)
	add("review.measures", measureLines(p.Before.Plan.Measures), measureLines(p.Item.Plan.Measures))
	return list
}

// factLines are the figures and rules of a report, one on each line.
func factLines(ctx context.Context, p ledger.Progress) string {
	var lines []string
	for _, kv := range progressFacts(ctx, p) {
		lines = append(lines, strings.TrimSpace(lang.T(ctx, "ui.seal", kv.Key, kv.Value)+" "+kv.Note))
	}
	return strings.Join(lines, "\n")
}

// rivalRows put a colleague's verdict, which stands, beside what was typed.
func rivalRows(ctx context.Context, p passage, v ledger.Verdict, mine url.Values) []ui.ConflictRow {
	m := p.mech()
	var rows []ui.ConflictRow
	for _, c := range m.Criteria(p.Submission.Doc) {
		name := named(ctx, c.Name, c.NameEn)
		rows = append(rows, ui.ConflictRow{
			Field:  name,
			Theirs: strings.TrimSpace(wordChip(ctx, p.scale(), v.Judged.Words[c.Code]).Word + "\n" + saidOn(ctx, p.Opinions, v.Party, c.Code)),
			Mine:   strings.TrimSpace(wordChip(ctx, p.scale(), mine.Get("w-"+c.Code)).Word + "\n" + typedOn(ctx, mine, c.Code)),
		})
	}
	return append(rows, ui.ConflictRow{
		Field: lang.T(ctx, "review.conclusion"), Theirs: conclusionWord(ctx, m, v.Judged.Conclusion),
		Mine: strings.TrimSpace(conclusionWord(ctx, m, joint.Conclusion(mine.Get("conclusion"))) + "\n" + typedOn(ctx, mine, otherBox)),
	})
}

func typedOn(ctx context.Context, v url.Values, code string) string {
	var lines []string
	for _, said := range saidIn(v, code) {
		if line := fullWords(ctx, said); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// paragraphs splits a text for ui.Prose.
func paragraphs(text string) [][]ui.Span {
	var list [][]ui.Span
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, []ui.Span{{Text: line}})
		}
	}
	return list
}

// measureNote says who does a measure until when.
func measureNote(p ledger.Plan, m ledger.Measure) string {
	owner := m.Owner
	if owner == "" {
		owner = p.Handler
	}
	return strings.Trim(owner+" · "+measureDue(m), " ·")
}

// lackWords says in the footer what is still missing.
func lackWords(ctx context.Context, names []string) string {
	if len(names) == 0 {
		return lang.T(ctx, "review.lacks.none")
	}
	return lang.T(ctx, "review.lacks", len(names), strings.Join(names, listMark(ctx)))
}

// rowTab lets the first row of a list take the focus.
func rowTab(i int) string {
	if i == 0 {
		return "0"
	}
	return "-1"
}

// listMark stands between the entries of a list inside a sentence.
func listMark(ctx context.Context) string {
	if lang.From(ctx) == lang.EN {
		return ", "
	}
	return "、"
}
