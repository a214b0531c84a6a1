package web

import (
	"context"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Kinds of turn. Each has its wording under "turns.kind.".
const (
	turnReview      = "review"
	turnRecheck     = "recheck"
	turnConsolidate = "consolidate"
	turnDeliver     = "deliver"
	turnReceive     = "receive"
	turnAnswer      = "answer"
)

// A turn is something that waits for a body or for an organisation: how many, and
// since when. It is derived from the record whenever it is shown; it counts, and
// says nothing of what anybody held.
type turn struct {
	Kind         string
	Body         string // whose turn it is; "" where it is the organisation's
	Organisation string // on which, or whose turn it is
	Paper        string // in words
	Count        int
	Since        time.Time
	Href         string
}

// circle is what turns are derived from.
type circle struct {
	standing
	Reviewed []ledger.Submission // under review
	Cadre    map[string]int      // by submission
	Recheck  []store.Recheckable
	Spoken   map[string]time.Time // last verdict, of what is complete
	Worded   map[string]time.Time // last consolidation, of what is to be delivered
	Seated   seated
}

// turnSources are what can wait for somebody. A slice with another kind of turn
// adds its own here.
var turnSources = []func(circle, context.Context) []turn{
	circle.reviewing, circle.rechecking, circle.consolidating, circle.answering,
}

// circle reads a round with a fixed number of questions.
func (s *Server) circle(ctx context.Context, who policy.Actor, round ledger.Round) (c circle, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	if c.standing, err = s.standing(ctx, who, round); err != nil || who.Organisation != "" {
		return c, err
	}
	c.Reviewed, err = db.Papers(ctx, scope, store.PaperFilter{Round: round.Number, Stages: []ledger.SubmissionStage{ledger.Reviewed}})
	if err != nil {
		return c, err
	}
	if c.Cadre, err = db.CadreItems(ctx, scope, paperIDs(c.Reviewed)); err != nil {
		return c, err
	}
	if c.Recheck, err = db.Recheckable(ctx, scope, round.Number); err != nil {
		return c, err
	}
	var complete, worded []string
	for _, p := range c.Reviewed {
		switch {
		case len(c.waitedFor(p)) > 0:
		case c.Merged[p.ID] < len(p.Sent.Findings):
			complete = append(complete, p.ID)
		default:
			worded = append(worded, p.ID)
		}
	}
	if c.Spoken, err = db.LastVerdicts(ctx, scope, complete); err != nil {
		return c, err
	}
	if c.Worded, err = db.LastConsolidations(ctx, scope, worded); err != nil {
		return c, err
	}
	c.Seated, err = s.seated(ctx, round.Number)
	return c, err
}

// turns lists what waits for anybody the actor may know of.
func (c circle) turns(ctx context.Context) (list []turn) {
	for _, source := range turnSources {
		for _, t := range source(c, ctx) {
			if t.Count > 0 && c.shows(t) {
				list = append(list, t)
			}
		}
	}
	return list
}

// shows reports whether the actor may know of the turn: those who see all bodies
// and the party that convenes of each, others of their own.
func (c circle) shows(t turn) bool {
	scope := policy.ScopeOf(c.Who)
	switch {
	case c.Who.Organisation != "":
		return t.Body == "" && t.Organisation == c.Who.Organisation
	case scope.Bodies, c.Who.Body == string(c.Round.Mechanism.Bench().Convenes):
		return true
	}
	return t.Body != "" && t.Body == c.Who.Body
}

// share is how many findings of the submission are put to the party.
func (c circle) share(p ledger.Submission, party joint.Party) int {
	x, _ := c.Round.Mechanism.Party(party)
	if x.Sees == mechanism.SeesOrganCadre && !p.Doc.Whole() {
		return c.Cadre[p.ID]
	}
	return len(p.Sent.Findings)
}

// left is how many findings the party has still to judge.
func (c circle) left(p ledger.Submission, party joint.Party) int {
	doc, _ := c.Round.Mechanism.Document(p.Doc)
	if p.Passes(party, doc.Late, c.Today) {
		return 0
	}
	return max(0, c.share(p, party)-c.Given[p.ID][party])
}

func (c circle) waitedFor(p ledger.Submission) (parties []joint.Party) {
	for _, party := range c.Round.Mechanism.Panel(p.Doc, true) {
		if c.left(p, party) > 0 {
			parties = append(parties, party)
		}
	}
	return parties
}

// bodyOf is the body that sits for the party on what the team inspected.
func bodyOf(party joint.Party, team string) string {
	if party == mechanism.TeamParty {
		return team
	}
	return string(party)
}

// reviewing are verdicts to give, since the submission was sent.
func (c circle) reviewing(ctx context.Context) (list []turn) {
	for _, p := range c.Reviewed {
		for _, party := range c.waitedFor(p) {
			list = append(list, turn{
				Kind: turnReview, Body: bodyOf(party, p.Team), Organisation: p.Organisation, Count: c.left(p, party),
				Since: p.Sent.At, Paper: paperWord(ctx, p.Doc, p.Number), Href: submissionPath(p.ID),
			})
		}
	}
	return list
}

// rechecking are answers to look at. Where the next version is under review, that
// is part of the review.
func (c circle) rechecking(ctx context.Context) (list []turn) {
	for _, x := range c.Recheck {
		for _, p := range c.Papers {
			if p.ID == x.Submission && c.latest(p.Organisation, p.Doc).Stage != ledger.Reviewed {
				list = append(list, turn{
					Kind: turnRecheck, Body: bodyOf(x.Party, p.Team), Organisation: p.Organisation, Count: x.Count,
					Since: x.Since, Paper: paperWord(ctx, p.Doc, p.Number), Href: submissionPath(p.ID),
				})
			}
		}
	}
	return list
}

// consolidating is what all have spoken on: to be worded since the last verdict,
// then to be delivered since the last wording.
func (c circle) consolidating(ctx context.Context) (list []turn) {
	editor := string(c.Round.Mechanism.Bench().Consolidates)
	for _, p := range c.Reviewed {
		if len(c.waitedFor(p)) > 0 {
			continue
		}
		t := turn{
			Kind: turnConsolidate, Body: editor, Organisation: p.Organisation, Count: len(p.Sent.Findings) - c.Merged[p.ID],
			Since: c.Spoken[p.ID], Paper: paperWord(ctx, p.Doc, p.Number), Href: submissionPath(p.ID),
		}
		if t.Count <= 0 {
			t.Kind, t.Count, t.Since = turnDeliver, 1, c.Worded[p.ID]
		}
		list = append(list, t)
	}
	return list
}

// answering is what a delivered letter asks of an organisation, since it was delivered.
func (c circle) answering(ctx context.Context) (list []turn) {
	for _, p := range c.Papers {
		if p.Delivered.IsZero() || c.latest(p.Organisation, p.Doc).ID != p.ID {
			continue
		}
		t := turn{Organisation: p.Organisation, Since: p.Delivered, Paper: paperWord(ctx, p.Doc, p.Number), Href: submissionPath(p.ID)}
		if p.Received.IsZero() {
			t.Kind, t.Count = turnReceive, 1
			list = append(list, t)
		}
		t.Kind, t.Count = turnAnswer, c.Owed[p.ID].Unanswered
		list = append(list, t)
	}
	return list
}
