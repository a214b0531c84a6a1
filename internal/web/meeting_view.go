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
	"lianshen/internal/web/ui"
)

// meetingView is a meeting as it is drawn; on paper it is the minutes.
type meetingView struct {
	sitting
	State    ui.ChipWord
	Facts    []ui.KV
	Items    []itemView
	Seats    []seatView // of the attendance form
	Amend    *callView
	Presides bool
	Key      string
	Typed    meetingTyped
	Errors   []ui.FieldProblem
}

// itemView is one item of the agenda.
type itemView struct {
	ledger.AgendaItem
	N          int
	Anchor     string
	Value      string // names it in a form
	Title      string
	Office     string
	Paper      string
	Seals      []ui.Seal
	Holds      ui.ChipWord // Word "" while the panel is incomplete
	Comparison ui.Comparison
	Decision   *decisionView
	Made       *ui.ChipWord // what was consolidated
	MadeHref   string
	Note       string // why there is nothing to resolve
	Form       *resolveView
}

type decisionView struct {
	ledger.Resolution
	Chip  ui.ChipWord
	Votes []ui.Seal
	Who   string
	When  string
}

// resolveView is the form that records a resolution.
type resolveView struct {
	Conclusion, Reason, DecidedBy ui.Field
	Votes                         []ui.Field
	Defer                         ui.Reasoned
	Key                           string
	Open                          bool
}

type seatView struct {
	N int
	ledger.Attendee
	Parties []ui.Choice
}

func (s *Server) meetingView(ctx context.Context, x sitting, typed meetingTyped) (v meetingView, err error) {
	v = meetingView{sitting: x, State: meetingChip(ctx, x.Meeting), Presides: x.presides(), Key: newKey(), Typed: typed}
	v.Facts = meetingFacts(ctx, x)
	for n, i := range x.Agenda {
		v.Items = append(v.Items, x.item(ctx, n+1, i, typed, v.Presides))
	}
	for field, text := range typed.Problems {
		v.Errors = append(v.Errors, ui.FieldProblem{ID: problemAnchor(typed.Form, field), Text: text})
	}
	slices.SortFunc(v.Errors, func(a, b ui.FieldProblem) int { return strings.Compare(a.ID, b.ID) })
	if !v.Presides {
		return v, nil
	}
	v.Seats = x.seats(ctx, typed)
	v.Amend, err = s.amendForm(ctx, x, typed)
	return v, err
}

// problemAnchor is the place of a control on the page.
func problemAnchor(form, field string) string {
	kind, item, ofItem := strings.Cut(form, ":")
	switch {
	case !ofItem:
		return field
	case field == "":
		return itemAnchor(item)
	}
	return fieldID(kind, item, field)
}

func fieldID(kind, item, field string) string { return kind + "-" + field + "-" + itemAnchor(item) }

func meetingFacts(ctx context.Context, x sitting) []ui.KV {
	facts := []ui.KV{
		{Key: lang.T(ctx, "meet.kind"), Value: lang.T(ctx, "meet.kind."+string(x.Kind))},
		{Key: lang.T(ctx, "meet.field.on"), Value: lang.Date(lang.From(ctx), x.Terms.On.String())},
		{Key: lang.T(ctx, "meet.field.place"), Value: orDash(x.Terms.Place)},
		{Key: lang.T(ctx, "meet.field.chair"), Value: x.Terms.Chair},
		{Key: lang.T(ctx, "meet.convener"), Value: orDash(x.Names[x.Convener])},
	}
	if !x.Open() {
		facts = append(facts, ui.KV{Key: lang.T(ctx, "meet.closed_at"), Value: when(ctx, x.Closed.At) + " · " + x.Names[x.Closed.Person]})
	}
	return facts
}

func (x sitting) item(ctx context.Context, n int, i ledger.AgendaItem, typed meetingTyped, presides bool) itemView {
	m, paper, value := x.Round.Mechanism, x.Papers[i.Submission], itemValue(i.Submission, i.Finding)
	v := itemView{
		AgendaItem: i, N: n, Anchor: itemAnchor(value), Value: value, Title: x.Headings[i.Submission][i.Finding].Title,
		Office: or(x.Offices[i.Organisation], i.Organisation), Paper: paperTitle(ctx, paper), Seals: saidSeals(ctx, m, x.panel(i), x.said(i)),
	}
	reading := x.reading(i)
	if reading.Complete() {
		v.Holds = conclusionChip(ctx, m, reading.Holds)
	}
	if x.Kind == ledger.JointMeeting || reading.Disputed {
		v.Comparison, _ = comparison(ctx, x.consolidating(i))
		v.Comparison.Label = lang.T(ctx, "ui.seal", i.Finding, v.Comparison.Label) // several on one page need names of their own
	}
	made, consolidated := x.made(i)
	if consolidated {
		word := conclusionChip(ctx, m, made.Conclusion)
		v.Made = &word
	}
	if edits(x.Who, m) && reading.Complete() {
		v.MadeHref = consolidatePath(i.Submission, i.Finding)
	}
	d, decided := x.Decision(i.Submission, i.Finding)
	if decided {
		v.Decision = x.decision(ctx, i, d)
	}
	switch {
	case consolidated || !presides:
	case !reading.Complete():
		v.Note = lang.T(ctx, "meet.waits")
	case !reading.Disputed && !decided && x.Kind == ledger.SpotSession:
		v.Note = lang.T(ctx, "meet.unanimous")
	default:
		v.Form = x.resolveForm(ctx, i, d, typed)
	}
	return v
}

// consolidating is the item as the consolidation compares the parties' views.
func (x sitting) consolidating(i ledger.AgendaItem) consolidating {
	c := consolidating{Round: x.Round, Submission: x.Papers[i.Submission], Names: x.Names}
	c.Finding.Number = i.Finding
	c.Matters = []matter{{Heading: x.Headings[i.Submission][i.Finding], Panel: x.panel(i), Said: x.said(i), Reading: x.reading(i)}}
	for _, v := range x.Verdicts {
		if v.Submission == i.Submission && v.Finding == i.Finding {
			c.Verdicts = append(c.Verdicts, v)
		}
	}
	for _, o := range x.Opinions {
		if o.Submission == i.Submission && o.Finding == i.Finding {
			c.Opinions = append(c.Opinions, o)
		}
	}
	return c
}

func (x sitting) decision(ctx context.Context, i ledger.AgendaItem, d ledger.Resolution) *decisionView {
	v := &decisionView{Resolution: d, Who: x.Names[d.Person], When: when(ctx, d.At)}
	if d.Deferred {
		v.Chip = ui.ChipWord{Hue: ui.Grey, Icon: "clock", Word: lang.T(ctx, "meet.deferred")}
		return v
	}
	v.Chip = conclusionChip(ctx, x.Round.Mechanism, d.Conclusion)
	var voted []joint.Party
	for _, p := range x.panel(i) {
		if _, did := d.Votes[p]; did {
			voted = append(voted, p)
		}
	}
	v.Votes = saidSeals(ctx, x.Round.Mechanism, voted, d.Votes)
	return v
}

func (x sitting) resolveForm(ctx context.Context, i ledger.AgendaItem, d ledger.Resolution, typed meetingTyped) *resolveView {
	item := itemValue(i.Submission, i.Finding)
	form := "resolve:" + item
	values, mine := typed.of(form)
	if !mine {
		values = url.Values{"conclusion": {string(d.Conclusion)}, "reason": {d.Reason}, "decided_by": {d.DecidedBy}}
		for p, c := range d.Votes {
			values.Set("vote-"+string(p), string(c))
		}
	}
	field := func(name string) ui.Field {
		return ui.Field{
			ID: fieldID("resolve", item, name), Name: name, Label: lang.T(ctx, "meet.field."+name), Required: true,
			Value: values.Get(name), Problem: typed.problem(form, name), Rows: 2, Complete: "off",
		}
	}
	v := &resolveView{Conclusion: field("conclusion"), Reason: field("reason"), DecidedBy: field("decided_by"), Key: newKey(), Open: mine}
	v.Conclusion.Choices = conclusionChoices(ctx, x.Round.Mechanism, lang.T(ctx, "action.choose"))
	v.DecidedBy.Hint = lang.T(ctx, "meet.decided_by.hint")
	for _, code := range x.panel(i) {
		party, _ := x.Round.Mechanism.Party(code)
		v.Votes = append(v.Votes, ui.Field{
			ID: fieldID("resolve", item, "vote-"+string(code)), Name: "vote-" + string(code), Value: values.Get("vote-" + string(code)),
			Label: named(ctx, party.Name, party.NameEn), Choices: conclusionChoices(ctx, x.Round.Mechanism, "—"),
		})
	}
	deferring, later := typed.of("defer:" + item)
	v.Defer = ui.Reasoned{
		ID: "defer-" + itemAnchor(item), Label: lang.T(ctx, "meet.defer"), Icon: "clock", Title: lang.T(ctx, "meet.defer.title"),
		Explain: lang.T(ctx, "meet.defer.text"), Action: meetingPath(x.ID, "defer"), Confirm: lang.T(ctx, "meet.defer"),
		Value: deferring.Get("reason"), Problem: or(typed.problem("defer:"+item, "reason"), typed.problem("defer:"+item, "")), Open: later,
		Hidden: []ui.Hidden{{Name: "item", Value: item}, {Name: "seen", Value: itoa(int(x.Version))}, {Name: "key", Value: newKey()}},
	}
	if !later {
		v.Defer.Value = ""
	}
	return v
}

func conclusionChoices(ctx context.Context, m mechanism.Mechanism, none string) []ui.Choice {
	choices := []ui.Choice{{Label: none}}
	for _, w := range m.Conclusions {
		choices = append(choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn)})
	}
	return choices
}

// seats are the lines of the attendance form: as typed, as stored, or one for
// each party, and a few empty ones.
func (x sitting) seats(ctx context.Context, typed meetingTyped) (seats []seatView) {
	list := slices.Clone(x.Attendance)
	if values, mine := typed.of("attend"); mine {
		list = attendanceIn(values)
	}
	if len(list) == 0 {
		for _, p := range x.Round.Mechanism.Parties {
			list = append(list, ledger.Attendee{Party: p.Code})
		}
	}
	const spare = 2
	for range spare {
		list = append(list, ledger.Attendee{})
	}
	choices := []ui.Choice{{Label: lang.T(ctx, "meet.invited")}}
	for _, p := range x.Round.Mechanism.Parties {
		choices = append(choices, ui.Choice{Value: string(p.Code), Label: named(ctx, p.Name, p.NameEn)})
	}
	for i, a := range list {
		seats = append(seats, seatView{i + 1, a, choices})
	}
	return seats
}

// amendForm offers the terms and the agenda with what may be added to it.
func (s *Server) amendForm(ctx context.Context, x sitting, typed meetingTyped) (*callView, error) {
	values, mine := typed.of("amend")
	if !mine {
		values = url.Values{
			"title": {x.Terms.Title}, "on": {x.Terms.On.String()}, "place": {x.Terms.Place}, "chair": {x.Terms.Chair},
		}
		for _, i := range x.Agenda {
			values.Add("item", itemValue(i.Submission, i.Finding))
		}
		typed = meetingTyped{}
	}
	view := &callView{Key: newKey(), Terms: termFields(ctx, values, typed.Problems)}
	if x.Kind == ledger.SpotSession {
		return view, nil
	}
	for _, i := range x.Agenda {
		value := itemValue(i.Submission, i.Finding)
		view.Items = append(view.Items, itemChoice{
			value, numberWord(ctx, i.Finding), x.Headings[i.Submission][i.Finding].Title, x.Offices[i.Organisation], slices.Contains(values["item"], value),
		})
	}
	contests, err := s.contests(ctx, x.Who, x.Round)
	if err != nil {
		return nil, err
	}
	for _, c := range contests {
		if c.Meeting == "" && !x.Has(c.Submission, c.Finding) {
			view.Items = append(view.Items, choiceOf(ctx, c, x.Offices, values["item"]))
		}
	}
	return view, nil
}
