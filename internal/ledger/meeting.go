package ledger

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/workday"
)

// A Meeting is a joint meeting (联席会议) of the parties on findings about which
// they differ, or an on-the-spot session (现场会审) on a whole submission.
type Meeting struct {
	ID         string       `json:"id"` // "8-m1"
	Round      int          `json:"round"`
	Number     int          `json:"number"` // 1, 2, ...: of the round
	Kind       MeetingKind  `json:"kind"`
	Team       string       `json:"team,omitempty"` // that inspected the organisations of all items; "" for several teams
	Terms      MeetingTerms `json:"terms"`
	Agenda     []AgendaItem `json:"agenda"`
	Convener   string       `json:"convener"` // who called it
	CalledAt   time.Time    `json:"called_at"`
	Attendance []Attendee   `json:"attendance,omitempty"`
	Decisions  []Resolution `json:"decisions,omitempty"` // at most one for each item
	Closed     Adjourned    `json:"closed,omitzero"`
	Version    int64        `json:"version"`
}

// MeetingKind is what a meeting is about.
type MeetingKind string

// The kinds of meeting.
const (
	JointMeeting MeetingKind = "joint"       // 联席会议: chosen findings, after the parties have spoken
	SpotSession  MeetingKind = "on_the_spot" // 现场会审: all findings of one submission, while they speak
)

// MeetingTerms are title, time and place of a meeting, and who chairs it.
type MeetingTerms struct {
	Title string       `json:"title"`
	On    workday.Date `json:"on"`
	Place string       `json:"place,omitempty"`
	Chair string       `json:"chair"` // name of a person, who need not have an account
}

// An AgendaItem (议题) is one finding of one submission on the agenda of a meeting.
type AgendaItem struct {
	Submission   string `json:"submission"`
	Finding      string `json:"finding"`
	Organisation string `json:"organisation,omitempty"`
	Team         string `json:"team,omitempty"`
}

// same reports whether both are about the same finding of the same submission.
func (i AgendaItem) same(submission, finding string) bool {
	return i.Submission == submission && i.Finding == finding
}

// An Attendee is somebody on the attendance list, for a party or invited.
type Attendee struct {
	Party   joint.Party `json:"party,omitempty"` // "" for somebody invited
	Name    string      `json:"name"`
	Present bool        `json:"present,omitempty"`
	Note    string      `json:"note,omitempty"` // post, or why absent
}

// A Resolution (会商结论) is what the meeting made of one item: a conclusion, or
// the decision to put it off.
type Resolution struct {
	Submission string                           `json:"submission"`
	Finding    string                           `json:"finding"`
	Deferred   bool                             `json:"deferred,omitempty"`
	Conclusion joint.Conclusion                 `json:"conclusion,omitempty"`
	Reason     string                           `json:"reason"`
	DecidedBy  string                           `json:"decided_by,omitempty"`
	Votes      map[joint.Party]joint.Conclusion `json:"votes,omitempty"`
	Person     string                           `json:"person"` // who recorded it
	At         time.Time                        `json:"at"`
}

// Concluded is a resolution and the meeting that drew it.
type Concluded struct {
	Meeting string
	Resolution
}

// Adjourned says who closed a meeting, and when.
type Adjourned struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

// A Matter is what a meeting has to know of one finding on its agenda.
type Matter struct {
	Submission Submission
	Finding    Finding
	Verdicts   []Verdict
	Returns    int    // earlier versions in which the finding was returned
	Made       bool   // consolidated already
	Elsewhere  string // another open meeting that has still to decide on it
}

// MeetingID forms the identity of a meeting of the round.
func MeetingID(round, number int) string { return fmt.Sprintf("%d-m%d", round, number) }

// MeetingRef names the meeting with the identity.
func MeetingRef(id string) Ref { return Ref{KindMeeting, id} }

func (m Meeting) Ref() Ref   { return MeetingRef(m.ID) }
func (m Meeting) Ver() int64 { return m.Version }

// Subject names the team only where all items are its own: others' items are no
// business of a team.
func (m Meeting) Subject() Subject {
	return Subject{Kind: KindMeeting, Round: m.Round, Team: m.Team}
}

// Decision returns what the meeting made of the item.
func (m Meeting) Decision(submission, finding string) (Resolution, bool) {
	i := slices.IndexFunc(m.Decisions, func(r Resolution) bool { return r.Submission == submission && r.Finding == finding })
	if i < 0 {
		return Resolution{}, false
	}
	return m.Decisions[i], true
}

// Has reports whether the finding is on the agenda.
func (m Meeting) Has(submission, finding string) bool {
	return slices.ContainsFunc(m.Agenda, func(i AgendaItem) bool { return i.same(submission, finding) })
}

// Open reports whether the meeting may still change.
func (m Meeting) Open() bool { return m.Closed.At.IsZero() }

// Pending counts the items without a decision.
func (m Meeting) Pending() int {
	n := 0
	for _, i := range m.Agenda {
		if _, decided := m.Decision(i.Submission, i.Finding); !decided {
			n++
		}
	}
	return n
}

// Acts on meetings.
type (
	// CallMeeting calls meeting Number of the round. The agenda of an on-the-spot
	// session is all findings of Submission, that of a joint meeting is given.
	CallMeeting struct {
		Round, Number int
		Kind          MeetingKind
		Terms         MeetingTerms
		Submission    string       // of an on-the-spot session
		Agenda        []AgendaItem // of a joint meeting: Submission and Finding
	}
	// AmendMeeting changes the terms and, of a joint meeting, the agenda.
	AmendMeeting struct {
		Meeting string
		Terms   MeetingTerms
		Agenda  []AgendaItem // nil leaves it as it is
	}
	// Attend writes the attendance list anew.
	Attend struct {
		Meeting    string
		Attendance []Attendee
	}
	// Resolve records what the meeting concludes on an item.
	Resolve struct {
		Meeting, Submission, Finding string
		Conclusion                   joint.Conclusion
		Reason, DecidedBy            string
		Votes                        map[joint.Party]joint.Conclusion
	}
	// Defer records that the meeting leaves an item open, and why.
	Defer struct{ Meeting, Submission, Finding, Reason string }
	// CloseMeeting ends it: nothing changes any more.
	CloseMeeting struct{ Meeting string }
)

func (a CallMeeting) Target() Ref { return MeetingRef(MeetingID(a.Round, a.Number)) }
func (a CallMeeting) Under() Ref  { return RoundRef(a.Round) }
func (a CallMeeting) Blank(env Env) State {
	return Meeting{ID: a.Target().ID, Round: a.Round, Number: a.Number, Kind: a.Kind, Team: teamOf(agendaOf(env.Docket))}
}
func (a AmendMeeting) Target() Ref { return MeetingRef(a.Meeting) }
func (a Attend) Target() Ref       { return MeetingRef(a.Meeting) }
func (a Resolve) Target() Ref      { return MeetingRef(a.Meeting) }
func (a Defer) Target() Ref        { return MeetingRef(a.Meeting) }
func (a CloseMeeting) Target() Ref { return MeetingRef(a.Meeting) }

// Events of meetings.
type (
	MeetingCalled struct {
		Round    int          `json:"round"`
		Number   int          `json:"number"`
		Kind     MeetingKind  `json:"kind"`
		Terms    MeetingTerms `json:"terms"`
		Agenda   []AgendaItem `json:"agenda"`
		Convener string       `json:"convener"`
		At       time.Time    `json:"at"`
	}
	MeetingAmended struct {
		Terms  MeetingTerms `json:"terms"`
		Agenda []AgendaItem `json:"agenda"`
	}
	AttendanceTaken struct {
		Attendance []Attendee `json:"attendance"`
	}
	ItemResolved struct {
		Resolution Resolution `json:"resolution"`
	}
	ItemDeferred struct {
		Resolution Resolution `json:"resolution"`
	}
	MeetingClosed struct {
		Closed Adjourned `json:"closed"`
	}
)

func (MeetingCalled) event()   {}
func (MeetingAmended) event()  {}
func (AttendanceTaken) event() {}
func (ItemResolved) event()    {}
func (ItemDeferred) event()    {}
func (MeetingClosed) event()   {}

// Apply returns the meeting after the event.
func (m Meeting) Apply(e Event) State {
	switch e := e.(type) {
	case MeetingCalled:
		m.Round, m.Number, m.Kind, m.Terms = e.Round, e.Number, e.Kind, e.Terms
		m.Agenda, m.Team, m.Convener, m.CalledAt = e.Agenda, teamOf(e.Agenda), e.Convener, e.At
	case MeetingAmended:
		m.Terms, m.Agenda, m.Team = e.Terms, e.Agenda, teamOf(e.Agenda)
		m.Decisions = slices.DeleteFunc(slices.Clone(m.Decisions), func(r Resolution) bool { return !m.Has(r.Submission, r.Finding) })
	case AttendanceTaken:
		m.Attendance = e.Attendance
	case ItemResolved:
		m.Decisions = decided(m.Decisions, e.Resolution)
	case ItemDeferred:
		m.Decisions = decided(m.Decisions, e.Resolution)
	case MeetingClosed:
		m.Closed = e.Closed
	}
	m.Version++
	return m
}

// decided replaces the decision on an item, or adds it.
func decided(list []Resolution, r Resolution) []Resolution {
	r.Votes = maps.Clone(r.Votes)
	list = slices.DeleteFunc(slices.Clone(list), func(x Resolution) bool {
		return x.Submission == r.Submission && x.Finding == r.Finding
	})
	return append(list, r)
}

// teamOf is the team of all items, "" if they have no common one.
func teamOf(agenda []AgendaItem) string {
	if len(agenda) == 0 {
		return ""
	}
	for _, i := range agenda[1:] {
		if i.Team != agenda[0].Team {
			return ""
		}
	}
	return agenda[0].Team
}

func agendaOf(docket []Matter) []AgendaItem {
	agenda := make([]AgendaItem, len(docket))
	for i, x := range docket {
		agenda[i] = AgendaItem{x.Submission.ID, x.Finding.Number, x.Submission.Organisation, x.Submission.Team}
	}
	return agenda
}
