package supervise

import (
	"errors"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// What the rules of joint meetings read.

// called gathers the agenda of a meeting that is being called.
func (g *gatherer) called(act ledger.CallMeeting, who policy.Actor) {
	g.round(act.Round)
	gather(g, &g.env.LastMeeting, func() (int, error) { return g.tx.LastMeeting(g.ctx, act.Round) })
	agenda := act.Agenda
	if act.Kind == ledger.SpotSession {
		agenda = g.wholeOf(act.Submission)
	}
	g.docket("", agenda)
	g.presiding(who)
}

// wholeOf is an agenda of all findings of the submission.
func (g *gatherer) wholeOf(submission string) (agenda []ledger.AgendaItem) {
	g.submission(submission)
	for _, number := range g.env.Submission.Sent.Findings {
		agenda = append(agenda, ledger.AgendaItem{Submission: submission, Finding: number})
	}
	return agenda
}

// meeting gathers the mechanism of a meeting and the named items of its agenda.
func (g *gatherer) meeting(id string, who policy.Actor, items ...ledger.AgendaItem) {
	g.roundOf(ledger.MeetingRef(id))
	g.docket(id, items)
	g.presiding(who)
}

// agenda is the whole agenda of the meeting.
func (g *gatherer) agenda(id string) []ledger.AgendaItem {
	var m ledger.Meeting
	gather(g, &m, func() (ledger.Meeting, error) {
		s, err := g.tx.Load(g.ctx, ledger.MeetingRef(id))
		if err != nil {
			return m, err
		}
		return s.(ledger.Meeting), nil
	})
	return m.Agenda
}

// presiding says for whom the actor speaks at the meeting: a team where all items
// are of organisations that it inspected.
func (g *gatherer) presiding(who policy.Actor) {
	var s ledger.Subject
	for i, x := range g.env.Docket {
		if i == 0 || x.Submission.Team == s.Team {
			s.Team = x.Submission.Team
		} else {
			s.Team = ""
			break
		}
	}
	g.env.Speaks = who.Party(s)
}

// docket gathers what is to be known of the items. One that does not exist is
// left out: the rule then misses it.
func (g *gatherer) docket(meeting string, items []ledger.AgendaItem) {
	papers := map[string]ledger.Submission{}
	for _, i := range items {
		var x ledger.Matter
		gather(g, &x, func() (ledger.Matter, error) {
			paper, known := papers[i.Submission]
			if !known {
				var err error
				if paper, err = g.tx.Submission(g.ctx, i.Submission); err != nil {
					return x, err
				}
				papers[i.Submission] = paper
			}
			return g.matter(meeting, paper, i.Finding)
		})
		if errors.Is(g.err, store.ErrNotFound) {
			g.err = nil
			continue
		}
		g.env.Docket = append(g.env.Docket, x)
	}
}

func (g *gatherer) matter(meeting string, paper ledger.Submission, finding string) (x ledger.Matter, err error) {
	x.Submission = paper
	if ledger.IsWhole(finding) {
		x.Finding.Number = finding // a document judged as one text has no finding behind it
	} else {
		f, err := g.tx.Load(g.ctx, ledger.FindingRef(finding))
		if err != nil {
			return x, err
		}
		x.Finding = f.(ledger.Finding)
	}
	if x.Verdicts, err = g.tx.VerdictsOn(g.ctx, paper.ID, finding); err != nil {
		return x, err
	}
	if x.Returns, err = g.tx.Returns(g.ctx, paper, finding); err != nil {
		return x, err
	}
	made, err := g.tx.Consolidation(g.ctx, paper.ID, finding)
	if err != nil {
		return x, err
	}
	x.Made = made.Version > 0
	x.Elsewhere, err = g.tx.MeetingOn(g.ctx, paper.ID, finding, meeting)
	return x, err
}

// resolutions gathers what joint meetings made of the finding, and how often it
// was returned before.
func (g *gatherer) resolutions(submission, finding string) {
	gather(g, &g.env.Resolved, func() ([]ledger.Concluded, error) { return g.tx.Resolutions(g.ctx, submission, finding) })
	gather(g, &g.env.Returns, func() (int, error) { return g.tx.Returns(g.ctx, g.env.Submission, finding) })
}
