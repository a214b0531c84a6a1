package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

func (s *Server) meetingRoutes() []route {
	panel := opens(policy.PageMeeting)
	return []route{
		{"GET /rounds/{round}/disputes", panel, s.disputes},
		{"GET /rounds/{round}/meetings", panel, s.meetingList},
		{"POST /rounds/{round}/meetings", panel, s.callMeeting},
		{"GET /meetings/{meeting}", panel, s.meetingPage},
		{"GET /meetings/{meeting}/wall", panel, s.wall},
		{"POST /meetings/{meeting}/amend", panel, s.amendMeeting},
		{"POST /meetings/{meeting}/attend", panel, s.attendMeeting},
		{"POST /meetings/{meeting}/resolve", panel, s.resolveItem},
		{"POST /meetings/{meeting}/defer", panel, s.deferItem},
		{"POST /meetings/{meeting}/close", panel, s.closeMeeting},
	}
}

// meetingPath is the address of a meeting, followed by the parts.
func meetingPath(id string, parts ...string) string {
	return strings.Join(append([]string{"/meetings/" + url.PathEscape(id)}, parts...), "/")
}

// itemValue names an item of an agenda in a form.
func itemValue(submission, finding string) string { return submission + ":" + finding }

// itemsIn reads the items ticked in a form.
func itemsIn(values []string) (agenda []ledger.AgendaItem) {
	for _, v := range values {
		submission, finding, _ := strings.Cut(v, ":")
		agenda = append(agenda, ledger.AgendaItem{Submission: submission, Finding: finding})
	}
	return agenda
}

// mayCall reports whether the actor may call a meeting of the round.
func mayCall(who policy.Actor, round ledger.Round) bool {
	subject := ledger.Subject{Kind: ledger.KindMeeting, Round: round.Number, Team: policy.ScopeOf(who).Team}
	return policy.Can(who, ledger.CallMeeting{}, subject.Under(round.Mechanism))
}

// meetingsView is the list of meetings, and the form that calls one.
type meetingsView struct {
	Round    ledger.Round
	Rows     []meetingRow
	Call     *callView
	Problems map[string]string
}

type meetingRow struct {
	ledger.Meeting
	Pending int
	Chip    ui.ChipWord
}

// callView is the form that calls a meeting, or changes one.
type callView struct {
	Key    string
	Terms  [4]ui.Field // title, day, place, chair
	Items  []itemChoice
	Papers []ui.Choice // submissions that are reviewed on the spot
	Paper  string
}

type itemChoice struct {
	Value, Number, Title, Office string
	On                           bool
}

func (s *Server) meetingList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	return s.showMeetings(w, r, who, http.StatusOK, round, r.URL.Query(), nil)
}

func (s *Server) showMeetings(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, round ledger.Round, typed url.Values, problems map[string]string) error {
	ctx := r.Context()
	list, err := s.Supervise.DB.Read().Meetings(ctx, policy.ScopeOf(who), round.Number)
	if err != nil {
		return err
	}
	view := meetingsView{Round: round, Problems: problems}
	for _, m := range list {
		view.Rows = append(view.Rows, meetingRow{m, m.Pending(), meetingChip(ctx, m)})
	}
	if mayCall(who, round) {
		if view.Call, err = s.callForm(ctx, who, round, typed, problems); err != nil {
			return err
		}
	}
	f := frame{Title: lang.T(ctx, "nav.meetings"), At: "meetings", Round: round.Number}
	return s.showAs(w, r, who, status, f, meetingsPage(view))
}

func meetingChip(ctx context.Context, m ledger.Meeting) ui.ChipWord {
	if m.Open() {
		return ui.ChipWord{Hue: ui.Violet, Icon: "progress", Word: lang.T(ctx, "meet.state.open")}
	}
	return ui.ChipWord{Hue: ui.Green, Icon: "checks", Word: lang.T(ctx, "meet.state.closed")}
}

// callForm offers the disagreements that are on no agenda yet, and what is
// reviewed on the spot.
func (s *Server) callForm(ctx context.Context, who policy.Actor, round ledger.Round, typed url.Values, problems map[string]string) (*callView, error) {
	view := &callView{Key: or(typed.Get("key"), newKey()), Terms: termFields(ctx, typed, problems), Paper: typed.Get("submission")}
	contests, err := s.contests(ctx, who, round)
	if err != nil {
		return nil, err
	}
	q, err := s.queueOf(ctx, who, round.Number)
	if err != nil {
		return nil, err
	}
	for _, c := range contests {
		if c.Meeting == "" {
			view.Items = append(view.Items, choiceOf(ctx, c, q.Names, typed["item"]))
		}
	}
	for _, p := range q.Papers {
		if doc, _ := round.Mechanism.Document(p.Doc); doc.Mode == mechanism.OnTheSpot {
			view.Papers = append(view.Papers, ui.Choice{Value: p.ID, Label: q.Names[p.Organisation] + " · " + paperTitle(ctx, p)})
		}
	}
	return view, nil
}

func choiceOf(ctx context.Context, c contest, names map[string]string, ticked []string) itemChoice {
	value := itemValue(c.Submission, c.Finding)
	return itemChoice{value, numberWord(ctx, c.Finding), c.Title, names[c.Organisation], slices.Contains(ticked, value)}
}

func termFields(ctx context.Context, v url.Values, problems map[string]string) [4]ui.Field {
	field := func(name, kind string, required bool) ui.Field {
		return ui.Field{
			Name: name, Label: lang.T(ctx, "meet.field."+name), Value: v.Get(name), Problem: problems[name],
			Kind: kind, Required: required, Complete: "off", More: map[string]any{"maxlength": "200"},
		}
	}
	return [4]ui.Field{field("title", "text", true), field("on", "date", true), field("place", "text", false), field("chair", "text", true)}
}

// A sitting is one meeting with all that the actor may read of it.
type sitting struct {
	ledger.Meeting
	Round    ledger.Round
	Who      policy.Actor
	Today    workday.Date
	Offices  map[string]string
	Headings map[string]map[string]store.Heading // by submission and finding
	Papers   map[string]ledger.Submission
	Verdicts []ledger.Verdict // on the items
	Opinions []ledger.Opinion
	Made     []ledger.Consolidation
	Names    map[string]string // of people
}

// subject is the meeting as rights see it.
func (x sitting) subject() ledger.Subject { return x.Meeting.Subject().Under(x.Round.Mechanism) }

// presides reports whether the actor may change the meeting now.
func (x sitting) presides() bool {
	return x.Open() && policy.Can(x.Who, ledger.Resolve{}, x.subject())
}

// whole reports whether the actor reads the whole meeting, so that there are
// minutes of it for them.
func (x sitting) whole() bool {
	scope := policy.ScopeOf(x.Who)
	return (scope.All || x.Team == scope.Team) && len(x.Decisions) == len(x.Agenda)
}

func (s *Server) sitting(r *http.Request, who policy.Actor) (sitting, error) {
	return s.sittingOf(r.Context(), who, r.PathValue("meeting"))
}

func (s *Server) sittingOf(ctx context.Context, who policy.Actor, id string) (x sitting, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	x = sitting{Who: who, Today: s.today(), Headings: map[string]map[string]store.Heading{}, Papers: map[string]ledger.Submission{}}
	if x.Meeting, err = db.Meeting(ctx, scope, id); err != nil {
		return x, err
	}
	if x.Round, err = db.Round(ctx, x.Meeting.Round); err != nil {
		return x, err
	}
	organisations, err := db.OrganisationsOf(ctx, x.Round.Number)
	if err != nil {
		return x, err
	}
	x.Offices = namesOn(organisations, x.Round)
	for _, i := range x.Agenda {
		if x.Headings[i.Submission] != nil {
			continue
		}
		if err := s.readPaper(ctx, scope, &x, i.Submission); err != nil {
			return x, err
		}
	}
	people := append(speakers(x.Verdicts), x.Convener, x.Closed.Person)
	for _, d := range x.Decisions {
		people = append(people, d.Person)
	}
	x.Names, err = db.Names(ctx, people)
	return x, err
}

// readPaper reads what a submission says and what was said of it.
func (s *Server) readPaper(ctx context.Context, scope policy.Scope, x *sitting, submission string) error {
	db := s.Supervise.DB.Read()
	paper, err := db.Paper(ctx, scope, submission)
	if err != nil {
		return err
	}
	headings, err := db.Headings(ctx, submission)
	if err != nil {
		return err
	}
	x.Papers[submission], x.Headings[submission] = paper, map[string]store.Heading{}
	for _, h := range headings {
		x.Headings[submission][h.Number] = h
	}
	all := store.VoiceFilter{Submission: submission, Limit: 5000}
	verdicts, err := db.Verdicts(ctx, scope, all)
	if err != nil {
		return err
	}
	opinions, err := db.Opinions(ctx, scope, all)
	if err != nil {
		return err
	}
	made, err := db.Consolidations(ctx, scope, all)
	x.Verdicts, x.Opinions, x.Made = append(x.Verdicts, verdicts...), append(x.Opinions, opinions...), append(x.Made, made...)
	return err
}

// panel is the parties that review an item.
func (x sitting) panel(i ledger.AgendaItem) []joint.Party {
	return x.Round.Mechanism.Panel(x.Papers[i.Submission].Doc, x.Headings[i.Submission][i.Finding].OrganCadre)
}

// said is what the parties hold of an item, as far as the actor may know.
func (x sitting) said(i ledger.AgendaItem) map[joint.Party]joint.Conclusion {
	paper := x.Papers[i.Submission]
	doc, _ := x.Round.Mechanism.Document(paper.Doc)
	return paper.Answers(doc, x.panel(i), x.concluded(i), x.Today)
}

// concluded is what the parties themselves concluded on an item, of the same.
func (x sitting) concluded(i ledger.AgendaItem) map[joint.Party]joint.Conclusion {
	var on []ledger.Verdict
	for _, v := range x.Verdicts {
		if v.Submission == i.Submission && v.Finding == i.Finding {
			on = append(on, v)
		}
	}
	return ledger.Conclusions(on)
}

// reading is what the panel says on an item, as far as the actor may know.
func (x sitting) reading(i ledger.AgendaItem) joint.Reading {
	organCadre := x.Headings[i.Submission][i.Finding].OrganCadre
	return x.Papers[i.Submission].Reading(x.Round.Mechanism, organCadre, x.concluded(i), x.Today)
}

// made returns the consolidation of an item.
func (x sitting) made(i ledger.AgendaItem) (ledger.Consolidation, bool) {
	at := slices.IndexFunc(x.Made, func(c ledger.Consolidation) bool { return c.Submission == i.Submission && c.Finding == i.Finding })
	if at < 0 {
		return ledger.Consolidation{}, false
	}
	return x.Made[at], true
}

func (s *Server) meetingPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	x, err := s.sitting(r, who)
	if err != nil {
		return err
	}
	return s.showMeeting(w, r, http.StatusOK, x, meetingTyped{})
}

func (s *Server) showMeeting(w http.ResponseWriter, r *http.Request, status int, x sitting, typed meetingTyped) error {
	ctx := r.Context()
	view, err := s.meetingView(ctx, x, typed)
	if err != nil {
		return err
	}
	f := frame{Title: x.Terms.Title, At: "meetings", Round: x.Round.Number}
	return s.showAs(w, r, x.Who, status, f, meetingBody(view))
}
