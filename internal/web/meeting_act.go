package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// mostSeats bounds the lines of an attendance list that a form may hold.
const mostSeats = 60

func termsIn(f *form) ledger.MeetingTerms {
	return ledger.MeetingTerms{Title: f.text("title"), On: f.date("on"), Place: f.text("place"), Chair: f.text("chair")}
}

// meetingFields says beside which control a refusal stands.
var meetingFields = map[string]string{
	"meet.title_missing": "title", "meet.date_missing": "on", "meet.chair_missing": "chair",
	"meet.reason_missing": "reason", "meet.decided_by_missing": "decided_by", "verdict.conclusion_missing": "conclusion",
}

func (s *Server) callMeeting(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	last, err := s.Supervise.DB.Read().LastMeeting(r.Context(), round.Number)
	if err != nil {
		return err
	}
	act := ledger.CallMeeting{Round: round.Number, Number: last + 1, Kind: ledger.JointMeeting, Terms: termsIn(f), Agenda: itemsIn(f.list("item"))}
	if f.text("kind") == string(ledger.SpotSession) {
		act.Kind, act.Submission, act.Agenda = ledger.SpotSession, f.text("submission"), nil
	}
	if len(f.problems) == 0 {
		state, err := s.Supervise.Do(r.Context(), who, f.order(act))
		if err == nil {
			return seeOther(w, r, meetingPath(state.Ref().ID))
		}
		if !f.refusedMeeting(err) {
			return err
		}
	}
	return s.showMeetings(w, r, who, http.StatusUnprocessableEntity, round, r.PostForm, f.problems)
}

// refusedMeeting puts a refusal beside the control it speaks of.
func (f *form) refusedMeeting(err error) bool {
	var refusal ledger.Refusal
	return errors.As(err, &refusal) && f.refusedAt(meetingFields[refusal.Code], err)
}

// meetingTyped is what was typed into which form of the page, and what is wrong.
type meetingTyped struct {
	Form     string // "amend", "attend", "close", or an item with "resolve:" or "defer:" before it
	Values   url.Values
	Problems map[string]string
	Conflict *ui.Conflict
}

// of returns the typed values if they are of the form, and whether they are.
func (t meetingTyped) of(form string) (url.Values, bool) { return t.Values, t.Form == form }

// problem is what is wrong with a control of the form.
func (t meetingTyped) problem(form, name string) string {
	if t.Form != form {
		return ""
	}
	return t.Problems[name]
}

// meet does one act on a meeting and shows what became of it.
func (s *Server) meet(w http.ResponseWriter, r *http.Request, who policy.Actor, name, anchor string, read func(*form) ledger.Act) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if _, err := s.Supervise.DB.Read().Meeting(r.Context(), policy.ScopeOf(who), r.PathValue("meeting")); err != nil {
		return err
	}
	act := read(f)
	if item := f.text("item"); name == "resolve" || name == "defer" {
		name += ":" + item
	}
	if len(f.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, f.order(act))
		if err == nil {
			return seeOther(w, r, meetingPath(r.PathValue("meeting"))+"#"+anchor)
		}
	}
	x, readErr := s.sitting(r, who)
	if readErr != nil {
		return readErr
	}
	typed := meetingTyped{Form: name, Values: r.PostForm, Problems: f.problems}
	if current, stale := conflict(err); stale {
		typed.Conflict = meetingConflict(r.Context(), x, current.(ledger.Meeting), r)
		return s.showMeeting(w, r, http.StatusConflict, x, typed)
	}
	if err != nil && !f.refusedMeeting(err) {
		return err
	}
	return s.showMeeting(w, r, http.StatusUnprocessableEntity, x, typed)
}

func (s *Server) amendMeeting(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.meet(w, r, who, "amend", "terms", func(f *form) ledger.Act {
		act := ledger.AmendMeeting{Meeting: r.PathValue("meeting"), Terms: termsIn(f)}
		if f.checked("agenda") {
			act.Agenda = append([]ledger.AgendaItem{}, itemsIn(f.list("item"))...)
		}
		return act
	})
}

func (s *Server) attendMeeting(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.meet(w, r, who, "attend", "attendance", func(f *form) ledger.Act {
		return ledger.Attend{Meeting: r.PathValue("meeting"), Attendance: attendanceIn(f.r.PostForm)}
	})
}

// attendanceIn reads the lines of the attendance list: party-N, name-N, present-N, note-N.
func attendanceIn(v url.Values) (list []ledger.Attendee) {
	n, err := strconv.Atoi(v.Get("seats"))
	if err != nil {
		return nil
	}
	for i := 1; i <= min(n, mostSeats); i++ {
		a := ledger.Attendee{
			Party: joint.Party(v.Get(seatField("party", i))), Name: clean(v.Get(seatField("name", i))),
			Present: v.Get(seatField("present", i)) != "", Note: clean(v.Get(seatField("note", i))),
		}
		if a.Name != "" || a.Note != "" {
			list = append(list, a)
		}
	}
	return list
}

func seatField(control string, n int) string { return control + "-" + strconv.Itoa(n) }

func (s *Server) resolveItem(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.meet(w, r, who, "resolve", itemAnchor(r.PostFormValue("item")), func(f *form) ledger.Act {
		submission, finding, _ := strings.Cut(f.text("item"), ":")
		act := ledger.Resolve{
			Meeting: r.PathValue("meeting"), Submission: submission, Finding: finding,
			Conclusion: joint.Conclusion(f.text("conclusion")), Reason: f.text("reason"), DecidedBy: f.text("decided_by"),
			Votes: map[joint.Party]joint.Conclusion{},
		}
		for name := range f.r.PostForm {
			if party, vote := strings.CutPrefix(name, "vote-"); vote && f.text(name) != "" {
				act.Votes[joint.Party(party)] = joint.Conclusion(f.text(name))
			}
		}
		return act
	})
}

func (s *Server) deferItem(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.meet(w, r, who, "defer", itemAnchor(r.PostFormValue("item")), func(f *form) ledger.Act {
		submission, finding, _ := strings.Cut(f.text("item"), ":")
		return ledger.Defer{Meeting: r.PathValue("meeting"), Submission: submission, Finding: finding, Reason: f.text("reason")}
	})
}

func (s *Server) closeMeeting(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.meet(w, r, who, "close", "main", func(*form) ledger.Act {
		return ledger.CloseMeeting{Meeting: r.PathValue("meeting")}
	})
}

// itemAnchor is the place of an item on the page.
func itemAnchor(item string) string { return "i-" + strings.NewReplacer(":", "_").Replace(item) }

// meetingConflict puts how the meeting stands now beside what was typed.
func meetingConflict(ctx context.Context, x sitting, now ledger.Meeting, r *http.Request) *ui.Conflict {
	path := meetingPath(x.ID)
	view := &ui.Conflict{Who: x.Names[now.Convener], When: when(ctx, now.CalledAt), Action: r.URL.Path, Keep: path}
	submission, finding, _ := strings.Cut(r.PostForm.Get("item"), ":")
	stored, _ := x.Decision(submission, finding)
	if stored.Person != "" {
		view.Who, view.When = x.Names[stored.Person], when(ctx, stored.At)
	}
	theirs := map[string]string{
		"title": x.Terms.Title, "on": x.Terms.On.String(), "place": x.Terms.Place, "chair": x.Terms.Chair,
		"reason": stored.Reason, "decided_by": stored.DecidedBy, "conclusion": string(stored.Conclusion),
	}
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if r.PostForm.Has(name) {
			view.Rows = append(view.Rows, ui.ConflictRow{Field: lang.T(ctx, "meet.field."+name), Theirs: theirs[name], Mine: r.PostForm.Get(name)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if name == "seen" || name == "key" {
			continue
		}
		for _, value := range r.PostForm[name] {
			view.Hidden = append(view.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	view.Hidden = append(view.Hidden, ui.Hidden{Name: "seen", Value: strconv.FormatInt(now.Version, 10)}, ui.Hidden{Name: "key", Value: newKey()})
	return view
}
