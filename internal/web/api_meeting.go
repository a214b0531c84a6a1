package web

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// apiMeetings adds joint meetings: to read, and the acts on them.
func (s *Server) apiMeetings(api huma.API) {
	reading(s, api, "/rounds/{round}/meetings", "Meetings", "Joint meetings of a round, newest first, as far as the caller may read them.", s.apiMeetingList)
	reading(s, api, "/meetings/{meeting}", "Meetings", "One joint meeting.", s.apiMeeting)
	acting[callInput](s, api, "/meetings", "Meetings", "Call a joint meeting or an on-the-spot session.", sameMeeting)
	acting[amendMeetingInput](s, api, "/meetings/{meeting}/amend", "Meetings", "Change terms and agenda.", sameMeeting)
	acting[attendInput](s, api, "/meetings/{meeting}/attend", "Meetings", "Write the attendance list.", sameMeeting)
	acting[resolveInput](s, api, "/meetings/{meeting}/resolve", "Meetings", "Record the resolution on an item.", sameMeeting)
	acting[deferInput](s, api, "/meetings/{meeting}/defer", "Meetings", "Put an item off.", sameMeeting)
	acting[closeMeetingInput](s, api, "/meetings/{meeting}/close", "Meetings", "Close the meeting; nothing changes any more.", sameMeeting)
}

// sameMeeting shows a meeting to whoever changed it, with the decisions they
// recorded: those of others may be on findings on which they have not spoken.
func sameMeeting(who policy.Actor, s ledger.State) ledger.Meeting {
	m := s.(ledger.Meeting)
	m.Decisions = slices.DeleteFunc(slices.Clone(m.Decisions), func(d ledger.Resolution) bool { return d.Person != who.Person })
	return m
}

func (s *Server) apiMeetingList(ctx context.Context, in *RoundPath) ([]ledger.Meeting, error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(actorOf(ctx))
	if err := s.mayMeet(ctx); err != nil {
		return nil, err
	}
	if _, err := db.Round(ctx, in.Round); err != nil {
		return nil, err
	}
	list, err := db.Meetings(ctx, scope, in.Round)
	return append([]ledger.Meeting{}, list...), err
}

// mayMeet keeps meetings from those who may not open their pages.
func (s *Server) mayMeet(ctx context.Context) error {
	if !policy.CanOpen(actorOf(ctx), policy.PageMeeting) {
		return supervise.ErrForbidden
	}
	return nil
}

// MeetingPath names a meeting: 8-m1.
type MeetingPath struct {
	Meeting string `path:"meeting" maxLength:"20"`
}

func (s *Server) apiMeeting(ctx context.Context, in *MeetingPath) (m ledger.Meeting, err error) {
	if err := s.mayMeet(ctx); err != nil {
		return m, err
	}
	return s.Supervise.DB.Read().Meeting(ctx, policy.ScopeOf(actorOf(ctx)), in.Meeting)
}

// MeetingItem is one finding of one submission.
type MeetingItem struct {
	Submission string `json:"submission"`
	Finding    string `json:"finding"`
}

func itemsOf(list []MeetingItem) (agenda []ledger.AgendaItem) {
	for _, i := range list {
		agenda = append(agenda, ledger.AgendaItem{Submission: i.Submission, Finding: i.Finding})
	}
	return agenda
}

type callInput struct {
	Keyed
	Body struct {
		Begun
		Round      int                 `json:"round"`
		Number     int                 `json:"number" minimum:"1" doc:"of the meeting in the round, counted from 1"`
		Kind       ledger.MeetingKind  `json:"kind" enum:"joint,on_the_spot"`
		Terms      ledger.MeetingTerms `json:"terms"`
		Submission string              `json:"submission,omitempty" doc:"of an on-the-spot session: all its findings are the agenda"`
		Agenda     []MeetingItem       `json:"agenda,omitempty" doc:"of a joint meeting"`
	}
}

func (in *callInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Seen: b.Seen, Key: in.Key, Act: ledger.CallMeeting{
		Round: b.Round, Number: b.Number, Kind: b.Kind, Terms: b.Terms, Submission: b.Submission, Agenda: itemsOf(b.Agenda),
	}}
}

type amendMeetingInput struct {
	Keyed
	MeetingPath
	Body struct {
		ReadAt
		Terms  ledger.MeetingTerms `json:"terms"`
		Agenda []MeetingItem       `json:"agenda,omitempty" doc:"the whole agenda anew; left out, it stays"`
	}
}

func (in *amendMeetingInput) order() supervise.Order {
	act := ledger.AmendMeeting{Meeting: in.Meeting, Terms: in.Body.Terms, Agenda: itemsOf(in.Body.Agenda)}
	return supervise.Order{Act: act, Seen: in.Body.Seen, Key: in.Key}
}

type attendInput struct {
	Keyed
	MeetingPath
	Body struct {
		ReadAt
		Attendance []ledger.Attendee `json:"attendance"`
	}
}

func (in *attendInput) order() supervise.Order {
	return supervise.Order{Act: ledger.Attend{Meeting: in.Meeting, Attendance: in.Body.Attendance}, Seen: in.Body.Seen, Key: in.Key}
}

type resolveInput struct {
	Keyed
	MeetingPath
	Body struct {
		ReadAt
		MeetingItem
		Conclusion joint.Conclusion                 `json:"conclusion" enum:"agree,continue,return"`
		Reason     string                           `json:"reason"`
		DecidedBy  string                           `json:"decided_by"`
		Votes      map[joint.Party]joint.Conclusion `json:"votes,omitempty"`
	}
}

func (in *resolveInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Seen: b.Seen, Key: in.Key, Act: ledger.Resolve{
		Meeting: in.Meeting, Submission: b.Submission, Finding: b.Finding,
		Conclusion: b.Conclusion, Reason: b.Reason, DecidedBy: b.DecidedBy, Votes: b.Votes,
	}}
}

type deferInput struct {
	Keyed
	MeetingPath
	Body struct {
		ReadAt
		MeetingItem
		Reason string `json:"reason"`
	}
}

func (in *deferInput) order() supervise.Order {
	b := in.Body
	act := ledger.Defer{Meeting: in.Meeting, Submission: b.Submission, Finding: b.Finding, Reason: b.Reason}
	return supervise.Order{Act: act, Seen: b.Seen, Key: in.Key}
}

type closeMeetingInput struct {
	Keyed
	MeetingPath
	Body ReadAt
}

func (in *closeMeetingInput) order() supervise.Order {
	return supervise.Order{Act: ledger.CloseMeeting{Meeting: in.Meeting}, Seen: in.Body.Seen, Key: in.Key}
}
