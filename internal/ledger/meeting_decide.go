package ledger

import (
	"maps"
	"slices"
	"strings"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// Most that one meeting takes on.
const (
	mostItems     = 500
	mostAttendees = 200
)

func (m Meeting) decide(act Act, env Env) ([]Fact, error) {
	if call, ok := act.(CallMeeting); ok {
		return m.call(call, env)
	}
	if !m.Open() {
		return nil, refuse("meet.closed", m.ID)
	}
	switch act := act.(type) {
	case AmendMeeting:
		return m.amend(act, env)
	case Attend:
		return m.attend(act, env)
	case Resolve:
		return m.resolve(act, env)
	case Defer:
		return m.put(act, env)
	case CloseMeeting:
		return m.close(env)
	default:
		return nil, unhandled(m, act)
	}
}

// call expects the matters of the agenda in env.
func (m Meeting) call(act CallMeeting, env Env) ([]Fact, error) {
	switch {
	case m.Version > 0, act.Number != env.LastMeeting+1:
		return nil, refuse("meet.number", env.LastMeeting+1)
	case act.Kind != JointMeeting && act.Kind != SpotSession:
		return nil, refuse("meet.kind_unknown", string(act.Kind))
	}
	terms, err := act.Terms.checked()
	if err != nil {
		return nil, err
	}
	if err := m.checkAgenda(env.Docket, env); err != nil {
		return nil, err
	}
	return on(m, MeetingCalled{m.Round, m.Number, act.Kind, terms, agendaOf(env.Docket), env.Person, env.Now}), nil
}

func (t MeetingTerms) checked() (MeetingTerms, error) {
	t.Title, t.Place, t.Chair = strings.TrimSpace(t.Title), strings.TrimSpace(t.Place), strings.TrimSpace(t.Chair)
	switch {
	case t.Title == "":
		return t, refuse("meet.title_missing")
	case t.On.IsZero():
		return t, refuse("meet.date_missing")
	case t.Chair == "":
		return t, refuse("meet.chair_missing")
	case tooLong(200, t.Title, t.Place, t.Chair):
		return t, refuse("field.too_long", 200)
	}
	return t, nil
}

// checkAgenda sees that the items may be put before the meeting. It says whether
// a finding is complete, which everybody may know, and never whether the parties
// differ: a convener who has not spoken must not learn it from a refusal.
func (m Meeting) checkAgenda(docket []Matter, env Env) error {
	if len(docket) == 0 {
		return refuse("meet.agenda_empty")
	}
	if len(docket) > mostItems {
		return refuse("meet.agenda_long", mostItems)
	}
	seen := map[string]bool{}
	for _, x := range docket {
		number := x.Finding.Number
		switch key := x.Submission.ID + ":" + number; {
		case seen[key]:
			return refuse("meet.item_twice", number)
		case x.Submission.Round != m.Round:
			return refuse("meet.item_other_round", number)
		case x.Submission.Stage != Reviewed || !x.Submission.Has(number):
			return refuse("meet.item_not_in_review", number)
		default:
			seen[key] = true
		}
		if err := m.takes(x, env); err != nil {
			return err
		}
	}
	return nil
}

// takes sees that the matter is one for this kind of meeting.
func (m Meeting) takes(x Matter, env Env) error {
	doc, _ := env.Mechanism.Document(x.Submission.Doc)
	_, decided := m.Decision(x.Submission.ID, x.Finding.Number)
	switch {
	case m.Kind == SpotSession && doc.Mode != mechanism.OnTheSpot:
		return refuse("meet.not_on_the_spot", x.Submission.ID)
	case x.Elsewhere != "":
		return refuse("meet.item_elsewhere", x.Finding.Number, x.Elsewhere)
	case m.Kind == SpotSession || decided:
		return nil
	case x.Made:
		return refuse("meet.item_consolidated", x.Finding.Number)
	case !x.reading(env).Complete():
		return refuse("meet.item_incomplete", x.Finding.Number)
	}
	return nil
}

// panel is the parties that review the matter.
func (x Matter) panel(mech mechanism.Mechanism) []joint.Party {
	return mech.Panel(x.Submission.Doc, x.Finding.Class.OrganCadre)
}

// reading is what the panel says on the matter.
func (x Matter) reading(env Env) joint.Reading {
	return x.Submission.Reading(env.Mechanism, x.Finding.Class.OrganCadre, Conclusions(x.Verdicts), env.Today)
}

// amend expects the matters of the new agenda in env.
func (m Meeting) amend(act AmendMeeting, env Env) ([]Fact, error) {
	terms, err := act.Terms.checked()
	if err != nil {
		return nil, err
	}
	if act.Agenda == nil {
		return on(m, MeetingAmended{terms, m.Agenda}), nil
	}
	if m.Kind == SpotSession {
		return nil, refuse("meet.agenda_fixed")
	}
	if err := m.checkAgenda(env.Docket, env); err != nil {
		return nil, err
	}
	agenda := agendaOf(env.Docket)
	for _, r := range m.Decisions {
		kept := slices.ContainsFunc(agenda, func(i AgendaItem) bool { return i.same(r.Submission, r.Finding) })
		if !kept && !r.Deferred {
			return nil, refuse("meet.item_resolved", r.Finding)
		}
	}
	return on(m, MeetingAmended{terms, agenda}), nil
}

func (m Meeting) attend(act Attend, env Env) ([]Fact, error) {
	if len(act.Attendance) > mostAttendees {
		return nil, refuse("meet.attendance_long", mostAttendees)
	}
	var list []Attendee
	for i, a := range act.Attendance {
		a.Name, a.Note = strings.TrimSpace(a.Name), strings.TrimSpace(a.Note)
		_, member := env.Mechanism.Party(a.Party)
		switch {
		case a.Name == "" && a.Note == "":
			continue
		case a.Name == "":
			return nil, refuse("meet.name_missing", i+1)
		case a.Party != "" && !member:
			return nil, refuse("meet.party_unknown", string(a.Party))
		case tooLong(200, a.Name, a.Note):
			return nil, refuse("field.too_long", 200)
		}
		list = append(list, a)
	}
	return on(m, AttendanceTaken{list}), nil
}

// resolve expects the one matter in env.
func (m Meeting) resolve(act Resolve, env Env) ([]Fact, error) {
	reason, by := strings.TrimSpace(act.Reason), strings.TrimSpace(act.DecidedBy)
	x, err := m.item(act.Submission, act.Finding, env)
	if err != nil {
		return nil, err
	}
	if err := m.ripe(x, env); err != nil {
		return nil, err
	}
	switch {
	case !act.Conclusion.Known():
		return nil, refuse("verdict.conclusion_missing")
	case reason == "":
		return nil, refuse("meet.reason_missing")
	case by == "":
		return nil, refuse("meet.decided_by_missing")
	case tooLong(MaxText, reason) || tooLong(200, by):
		return nil, refuse("field.too_long", MaxText)
	}
	for party, c := range act.Votes {
		if _, member := env.Mechanism.Party(party); !member || !c.Known() {
			return nil, refuse("meet.vote_unknown", string(party))
		}
	}
	return on(m, ItemResolved{Resolution{
		Submission: act.Submission, Finding: act.Finding, Conclusion: act.Conclusion, Reason: reason, DecidedBy: by,
		Votes: maps.Clone(act.Votes), Person: env.Person, At: env.Now,
	}}), nil
}

// item returns the matter on the agenda, if it can still be decided on.
func (m Meeting) item(submission, finding string, env Env) (Matter, error) {
	if !m.Has(submission, finding) || len(env.Docket) != 1 {
		return Matter{}, refuse("meet.not_on_agenda", finding)
	}
	if env.Docket[0].Made {
		return Matter{}, refuse("meet.item_consolidated", finding)
	}
	return env.Docket[0], nil
}

// ripe sees that there is something for the meeting to resolve: all parties have
// spoken and differ, or the finding has been returned as often as the mechanism
// allows. Whoever presides learns so only once the own party has spoken.
func (m Meeting) ripe(x Matter, env Env) error {
	reading := x.reading(env)
	doc, _ := env.Mechanism.Document(x.Submission.Doc)
	exhausted := doc.Returns > 0 && x.Returns >= doc.Returns
	switch {
	case !reading.Complete():
		return refuse("meet.item_incomplete", x.Finding.Number)
	case x.silent(env):
		return refuse("meet.own_missing", x.Finding.Number)
	case !reading.Disputed && !exhausted:
		return refuse("meet.item_undisputed", x.Finding.Number)
	}
	return nil
}

// put records that an item is put off.
func (m Meeting) put(act Defer, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	if _, err := m.item(act.Submission, act.Finding, env); err != nil {
		return nil, err
	}
	switch {
	case reason == "":
		return nil, refuse("meet.reason_missing")
	case tooLong(MaxText, reason):
		return nil, refuse("field.too_long", MaxText)
	}
	return on(m, ItemDeferred{Resolution{
		Submission: act.Submission, Finding: act.Finding, Deferred: true, Reason: reason, Person: env.Person, At: env.Now,
	}}), nil
}

// close expects the matters of the whole agenda in env.
func (m Meeting) close(env Env) ([]Fact, error) {
	open := 0
	for _, x := range env.Docket {
		if _, decided := m.Decision(x.Submission.ID, x.Finding.Number); !decided && !x.done(m.Kind, env) {
			open++
		}
	}
	switch present := func(a Attendee) bool { return a.Present }; {
	case open > 0:
		return nil, refuse("meet.unresolved", open)
	case !slices.ContainsFunc(m.Attendance, present):
		return nil, refuse("meet.nobody_present")
	}
	return on(m, MeetingClosed{Adjourned{env.Person, env.Now}}), nil
}

// done reports whether the matter needs no decision of the meeting: it has been
// consolidated, or the panel of an on-the-spot session agrees.
func (x Matter) done(kind MeetingKind, env Env) bool {
	return x.Made || kind == SpotSession && !x.silent(env) && x.reading(env).Settled
}

// silent reports whether the seat of whoever acts has not answered on the matter,
// so that nothing of what the others hold may show in an answer.
func (x Matter) silent(env Env) bool {
	_, spoken := Conclusions(x.Verdicts)[env.Speaks]
	return env.Speaks != "" && !spoken && slices.Contains(x.panel(env.Mechanism), env.Speaks)
}
