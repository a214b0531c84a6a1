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
}

// change is one part of the text in two versions.
type change struct {
	Label string
	Parts []ui.DiffPart
}

// reviewFormView is the form with what was typed.
type reviewFormView struct {
	Action, DraftKey, Key string
	Flagged               bool
	Criteria              []criterionView
	Other                 []boxView
	OtherOpen             bool
	Conclusion            ui.Group
	OnSite, Survey        bool
	Rechecks              []recheckView
	Phrases               []string
	Lacks                 []string
	Errors                []ui.FieldProblem
	ShowFirst             bool // on a small screen: the form, because something in it is wrong
}

type criterionView struct {
	Code, Hint string
	Group      ui.Group
	Boxes      []boxView
	Open       bool
}

type boxView struct {
	Code, Name         string // of the criterion
	N                  int    // from 0
	Kind, Text, Change string
	Problem            string
}

type recheckView struct {
	Opinion ledger.Opinion
	Group   ui.Group
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
	for _, e := range p.Item.Progress.Evidence {
		card := evidenceCard(lang.From(ctx), p.Finding.Number, e)
		if p.BeforeID != "" && !slices.ContainsFunc(p.Before.Progress.Evidence, func(x ledger.Evidence) bool { return x.ID == e.ID }) {
			card.Flags = append(card.Flags, ui.ChipWord{Hue: ui.Blue, Icon: "plus", Word: lang.T(ctx, "review.evidence.new")})
		}
		view.Evidence = append(view.Evidence, card)
	}
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
	}
	return lang.T(ctx, "review.not_yours")
}

// passing lists the findings with where the own party stands on each.
func passing(ctx context.Context, p passage) []ui.Passing {
	var list []ui.Passing
	for _, h := range p.Findings {
		x := ui.Passing{
			Href: reviewPath(p.Submission.ID, h.Number), Number: h.Number, Text: h.Title,
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

// conclusionLevel draws a conclusion with the picture of a verdict.
var conclusionLevel = map[joint.Conclusion]string{joint.Agree: ui.Pass, joint.Continue: ui.Basic, joint.Return: ui.Fail}

var conclusionIcons = map[joint.Conclusion]string{
	joint.Agree: "circle-check", joint.Continue: "progress", joint.Return: "corner-up-left",
}

func conclusionChip(ctx context.Context, m mechanism.Mechanism, c joint.Conclusion) ui.ChipWord {
	return ui.ChipWord{Hue: conclusionHues[c], Icon: conclusionIcons[c], Word: conclusionWord(ctx, m, c)}
}

// wordLevel is the colour of a verdict word: the most lenient passes, those
// beyond the fail line fail, the rest lies between.
func wordLevel(scale []mechanism.Word, code string) string {
	w, known := onScale(scale, code)
	switch {
	case !known:
		return ui.Waiting
	case w.Fail:
		return ui.Fail
	case w.Code == scale[0].Code:
		return ui.Pass
	}
	return ui.Basic
}

var levelChips = map[string]ui.ChipWord{
	ui.Pass: {Hue: ui.Green, Icon: "circle-check"}, ui.Basic: {Hue: ui.Amber, Icon: "circle-half-2"},
	ui.Fail: {Hue: ui.Red, Icon: "circle-x"}, ui.Waiting: {Hue: ui.Grey, Icon: "circle-dashed"},
}

func onScale(scale []mechanism.Word, code string) (mechanism.Word, bool) {
	i := slices.IndexFunc(scale, func(w mechanism.Word) bool { return w.Code == code })
	if i < 0 {
		return mechanism.Word{}, false
	}
	return scale[i], true
}

func wordChip(ctx context.Context, scale []mechanism.Word, code string) ui.ChipWord {
	chip := levelChips[wordLevel(scale, code)]
	if w, known := onScale(scale, code); known {
		chip.Word = named(ctx, w.Name, w.NameEn)
	}
	return chip
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

// formView lays out the form with what was typed or kept.
func formView(ctx context.Context, p passage, state reviewState) *reviewFormView {
	m, v := p.mech(), state.Values
	view := &reviewFormView{
		Action: reviewPath(p.Submission.ID, p.Finding.Number), DraftKey: reviewForm(p.Submission.ID, p.Finding.Number),
		Key: state.Key, Flagged: v.Get("flag") != "", OnSite: v.Get("onsite") != "", Survey: v.Get("survey") != "",
		Phrases: m.Phrases, Lacks: lacks(ctx, p, v), ShowFirst: state.Problems != nil || state.Rival != nil,
	}
	if view.Key == "" {
		view.Key = newKey()
	}
	for _, c := range m.Criteria(p.Submission.Doc) {
		x := criterionView{Code: c.Code, Hint: named(ctx, c.Hint, c.HintEn), Group: wordGroup(ctx, p.scale(), c, state)}
		x.Boxes = boxes(v, c.Code, named(ctx, c.Name, c.NameEn), state.Problems)
		w, _ := onScale(p.scale(), v.Get("w-"+c.Code))
		x.Open = w.Fail || len(x.Boxes) > 1 || x.Boxes[0].Text+x.Boxes[0].Change+x.Boxes[0].Problem != ""
		view.Criteria = append(view.Criteria, x)
	}
	view.Other = boxes(v, otherBox, lang.T(ctx, "review.other"), state.Problems)
	view.OtherOpen = len(view.Other) > 1 || view.Other[0].Text+view.Other[0].Change+view.Other[0].Problem != ""
	view.Conclusion = conclusionGroup(ctx, m, state)
	for i, o := range p.Recheck {
		view.Rechecks = append(view.Rechecks, recheckOf(ctx, i, o, state))
	}
	view.Errors = summary(p, state.Problems)
	return view
}

func wordGroup(ctx context.Context, scale []mechanism.Word, c mechanism.Criterion, state reviewState) ui.Group {
	g := ui.Group{
		Name: "w-" + c.Code, Legend: named(ctx, c.Name, c.NameEn),
		Value: state.Values.Get("w-" + c.Code), Problem: state.Problems["w-"+c.Code],
	}
	classes := map[string]string{ui.Pass: "ok", ui.Basic: "mid", ui.Fail: "no"}
	for _, w := range scale {
		g.Choices = append(g.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn), Class: classes[wordLevel(scale, w.Code)]})
	}
	return g
}

func conclusionGroup(ctx context.Context, m mechanism.Mechanism, state reviewState) ui.Group {
	g := ui.Group{
		Name: "conclusion", Legend: lang.T(ctx, "review.conclusion"), Required: true,
		Value: state.Values.Get("conclusion"), Problem: state.Problems["conclusion"],
	}
	for _, w := range m.Conclusions {
		g.Choices = append(g.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn), Icon: conclusionIcons[joint.Conclusion(w.Code)]})
	}
	return g
}

func recheckOf(ctx context.Context, i int, o ledger.Opinion, state reviewState) recheckView {
	name := againName(o)
	return recheckView{o, ui.Group{
		Name: name, Legend: lang.T(ctx, "review.recheck.nth", i+1), Required: true,
		Value: state.Values.Get(name), Problem: state.Problems[name],
		Choices: []ui.Choice{
			{Value: "content", Label: lang.T(ctx, "review.recheck.content"), Icon: "check"},
			{Value: "again", Label: lang.T(ctx, "review.recheck.again"), Icon: "refresh"},
		},
	}}
}

// boxes are the opinions on one criterion, at least one, empty boxes at the end
// included only where somebody asked for one more.
func boxes(v url.Values, code, name string, problems map[string]string) []boxView {
	list := []boxView{}
	for i, said := range saidIn(v, code) {
		list = append(list, boxView{
			Code: code, Name: name, N: i, Kind: string(said.Kind), Text: said.Text, Change: said.Change,
			Problem: problems[boxID("t", code, i)],
		})
	}
	if len(list) == 0 {
		list = append(list, boxView{Code: code, Name: name, Kind: string(ledger.Must), Problem: problems[boxID("t", code, 0)]})
	}
	return list
}

// summary lists the problems in the order of the form.
func summary(p passage, problems map[string]string) []ui.FieldProblem {
	var order []string
	for _, code := range boxCodes(p.mech(), p.Submission.Doc) {
		order = append(order, "w-"+code)
		for i := range 20 {
			order = append(order, boxID("t", code, i))
		}
	}
	order = append(order, "conclusion")
	for _, o := range p.Recheck {
		order = append(order, againName(o))
	}
	var list []ui.FieldProblem
	for _, id := range append(order, "") {
		if text, wrong := problems[id]; wrong {
			list = append(list, ui.FieldProblem{ID: id, Text: text})
		}
	}
	return list
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
			Mine:   strings.TrimSpace(wordChip(ctx, p.scale(), mine.Get("w-"+c.Code)).Word + "\n" + typedOn(mine, c.Code)),
		})
	}
	return append(rows, ui.ConflictRow{
		Field: lang.T(ctx, "review.conclusion"), Theirs: conclusionWord(ctx, m, v.Judged.Conclusion),
		Mine: strings.TrimSpace(conclusionWord(ctx, m, joint.Conclusion(mine.Get("conclusion"))) + "\n" + typedOn(mine, otherBox)),
	})
}

func typedOn(v url.Values, code string) string {
	var lines []string
	for _, said := range saidIn(v, code) {
		if line := strings.TrimSpace(said.Text + " " + said.Change); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// saidOn joins what a party said on a criterion.
func saidOn(ctx context.Context, list []ledger.Opinion, party joint.Party, criterion string) string {
	var lines []string
	for _, o := range list {
		if o.Party == party && o.Said.Criterion == criterion {
			line := o.Said.Text
			if o.Said.Change != "" {
				line += " " + lang.T(ctx, "review.change", o.Said.Change)
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// saidView is what the parties said, as far as the actor may know.
type saidView struct {
	Own     ui.ChipWord // the own party's conclusion; Word "" if it has given none
	When    string
	Marks   []ui.Seal // heads of the columns
	Rows    []saidRow
	Parties []partySaid
}

type saidRow struct {
	Name  string
	Seals []ui.Seal
}

type partySaid struct {
	Seal     ui.Seal
	Who      string
	Chip     ui.ChipWord
	Needs    []string // on-site check, survey
	Opinions []spokenLine
}

// spokenLine is one opinion with the name of its criterion, "" for none.
type spokenLine struct {
	Criterion string
	ledger.Said
}

func said(ctx context.Context, p passage) *saidView {
	m, view := p.mech(), &saidView{}
	by := map[joint.Party]ledger.Verdict{}
	for _, v := range p.Verdicts {
		by[v.Party] = v
		if v.Party == p.Party {
			view.Own, view.When = conclusionChip(ctx, m, v.Judged.Conclusion), lang.Moment(v.At.In(p.Zone))
		}
	}
	for _, party := range m.Parties {
		view.Marks = append(view.Marks, partySeal(ctx, party, ""))
		if v, given := by[party.Code]; given {
			view.Parties = append(view.Parties, partySaidOf(ctx, p, party, v))
		}
	}
	for _, c := range m.Criteria(p.Submission.Doc) {
		row := saidRow{Name: named(ctx, c.Name, c.NameEn)}
		for _, party := range m.Parties {
			seal := partySeal(ctx, party, ui.Waiting)
			if v, given := by[party.Code]; given {
				seal.Verdict = wordLevel(p.scale(), v.Judged.Words[c.Code])
				seal.Word = wordChip(ctx, p.scale(), v.Judged.Words[c.Code]).Word
			}
			row.Seals = append(row.Seals, seal)
		}
		view.Rows = append(view.Rows, row)
	}
	return view
}

func partySaidOf(ctx context.Context, p passage, party mechanism.Party, v ledger.Verdict) partySaid {
	x := partySaid{Seal: partySeal(ctx, party, conclusionLevel[v.Judged.Conclusion]), Who: p.Names[v.Person], Chip: conclusionChip(ctx, p.mech(), v.Judged.Conclusion)}
	x.Seal.Word = x.Chip.Word
	if v.Judged.OnSite {
		x.Needs = append(x.Needs, lang.T(ctx, "review.onsite"))
	}
	if v.Judged.Survey {
		x.Needs = append(x.Needs, lang.T(ctx, "review.survey"))
	}
	for _, o := range p.Opinions {
		if o.Party == v.Party {
			x.Opinions = append(x.Opinions, spokenLine{criterionName(ctx, p.mech(), p.Submission.Doc, o.Said.Criterion), o.Said})
		}
	}
	return x
}

func partySeal(ctx context.Context, party mechanism.Party, verdict string) ui.Seal {
	return ui.Seal{Mark: party.Seal, Name: named(ctx, party.Name, party.NameEn), Verdict: verdict}
}

// criterionName names the criterion of an opinion; "" for none.
func criterionName(ctx context.Context, m mechanism.Mechanism, doc mechanism.Doc, code string) string {
	for _, c := range m.Criteria(doc) {
		if c.Code == code {
			return named(ctx, c.Name, c.NameEn)
		}
	}
	return ""
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
