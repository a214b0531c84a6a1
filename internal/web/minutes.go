package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

func minutesPath(meeting string) string { return "/meetings/" + url.PathEscape(meeting) + "/minutes" }

func (s *Server) minutesMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	return s.minutes(ctx, who, r.PathValue("meeting"))
}

// minutes makes the minutes of a meeting that is closed. They are whole or not
// there at all: for a team with items that are not its own, and as long as one
// party's position on one item is sealed to the actor.
func (s *Server) minutes(ctx context.Context, who policy.Actor, id string) (printout, error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	none := fmt.Errorf("minutes of %s: %w", id, store.ErrNotFound)
	if !policy.CanOpen(who, policy.PageMeeting) {
		return printout{}, none
	}
	m, err := db.Meeting(ctx, scope, id)
	if err != nil {
		return printout{}, err
	}
	if m.Open() || !scope.All && m.Team != scope.Team {
		return printout{}, none
	}
	round, err := db.Round(ctx, m.Round)
	if err != nil {
		return printout{}, err
	}
	issuer, err := s.issuer(ctx, round)
	if err != nil {
		return printout{}, err
	}
	words := paper.Minutes{
		Kind: say("paper.minutes." + string(m.Kind)), Round: round.Name, Title: m.Terms.Title, Issuer: issuer,
		On: dayZH(m.Terms.On), Place: m.Terms.Place, Chair: m.Terms.Chair, Closed: s.paperDay(m.Closed.At),
	}
	words.Present, words.Absent = attendanceZH(round, m)
	version := m.Version
	for _, on := range m.Agenda {
		item, facts, err := s.minutesItem(ctx, scope, round, m, on)
		if err != nil {
			return printout{}, err
		}
		if facts == 0 {
			return printout{}, none
		}
		words.Items, version = append(words.Items, item), version+facts
	}
	p := printout{
		Title: lang.T(ctx, "paper.minutes"), Sub: m.Terms.Title, Name: words.Kind + "_" + id, Path: minutesPath(id), Round: m.Round, Doc: words.Document(),
	}
	p.mark(paper.Mark{Ref: id, Version: version})
	return p, nil
}

// minutesItem words one item and counts the facts it was made from, 0 where the
// parties' positions are sealed to the actor.
func (s *Server) minutesItem(ctx context.Context, scope policy.Scope, round ledger.Round, m ledger.Meeting, on ledger.AgendaItem) (item paper.MinutesItem, facts int64, err error) {
	db := s.Supervise.DB.Read()
	verdicts, err := db.Verdicts(ctx, scope, store.VoiceFilter{Submission: on.Submission, Finding: on.Finding})
	if err != nil {
		return item, 0, err
	}
	views := map[joint.Party]joint.Conclusion{}
	var parties []joint.Party
	for _, v := range verdicts {
		views[v.Party], parties, facts = v.Judged.Conclusion, append(parties, v.Party), facts+v.Version
	}
	organisation, err := db.Organisation(ctx, on.Organisation)
	if err != nil {
		return item, 0, err
	}
	item.Heading = organisation.NameOn(round.FeedbackOn).Short + " " + aboutZH(on.Finding)
	if !ledger.IsWhole(on.Finding) {
		f, err := db.Finding(ctx, scope, on.Finding)
		if err != nil {
			return item, 0, err
		}
		item.Text = f.Text
	}
	item.Positions = viewsZH(round, parties, views)
	d, decided := m.Decision(on.Submission, on.Finding)
	if !decided {
		item.Resolved = say("paper.minutes.undecided")
		return item, facts, nil
	}
	var voters []joint.Party
	for party := range d.Votes {
		voters = append(voters, party)
	}
	item.Votes, item.Reason, item.DecidedBy = viewsZH(round, voters, d.Votes), d.Reason, d.DecidedBy
	item.Resolved = say("paper.minutes.deferred")
	if !d.Deferred {
		item.Resolved = conclusionZH(round, d.Conclusion)
	}
	return item, facts, nil
}

// attendanceZH lists who was there and who was not, with the party they sat for.
func attendanceZH(round ledger.Round, m ledger.Meeting) (present, absent []string) {
	for _, a := range m.Attendance {
		text := a.Name
		if p, is := round.Mechanism.Party(a.Party); is {
			text = p.Name + a.Name
		}
		if a.Note != "" {
			text += "（" + a.Note + "）"
		}
		if a.Present {
			present = append(present, text)
		} else {
			absent = append(absent, text)
		}
	}
	return present, absent
}
