package ledger

import (
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A Round is one inspection of several organisations and the supervision of
// what follows. Its number is unique in the installation and part of the
// numbers of its findings.
type Round struct {
	Number        int                 `json:"number"`
	Name          string              `json:"name"`   // 十四届县委第八轮巡察
	Source        string              `json:"source"` // whose inspection: 县委巡察, 省委巡视
	FeedbackOn    workday.Date        `json:"feedback_on"`
	RectifyUntil  workday.Date        `json:"rectify_until"` // end of concentrated rectification
	PlanDue       workday.Date        `json:"plan_due,omitzero"`
	ReportDue     workday.Date        `json:"report_due,omitzero"`
	Mechanism     mechanism.Mechanism `json:"mechanism"` // as it was when the round opened
	Organisations []Inspected         `json:"organisations"`
	Version       int64               `json:"version"`
}

// Inspected is an organisation of a round and the team that inspected it.
type Inspected struct {
	Organisation string `json:"organisation"`
	Team         string `json:"team"` // a body
}

// Team returns the team that inspected the organisation in this round.
func (r Round) Team(organisation string) (team string, in bool) {
	i := slices.IndexFunc(r.Organisations, func(x Inspected) bool { return x.Organisation == organisation })
	if i < 0 {
		return "", false
	}
	return r.Organisations[i].Team, true
}

func (r Round) Ref() Ref         { return RoundRef(r.Number) }
func (r Round) Ver() int64       { return r.Version }
func (r Round) Subject() Subject { return Subject{Kind: KindRound, Round: r.Number} }

// RoundRef names the round with the number.
func RoundRef(number int) Ref { return Ref{KindRound, strconv.Itoa(number)} }

// RoundTerms are the dates and the name of a round.
type RoundTerms struct {
	Name         string       `json:"name"`
	Source       string       `json:"source"`
	FeedbackOn   workday.Date `json:"feedback_on"`
	RectifyUntil workday.Date `json:"rectify_until"`
	PlanDue      workday.Date `json:"plan_due,omitzero"`
	ReportDue    workday.Date `json:"report_due,omitzero"`
}

// Acts on rounds.
type (
	// OpenRound starts a round under the mechanism with the code.
	OpenRound struct {
		Number        int
		Terms         RoundTerms
		Mechanism     string
		Organisations []Inspected
	}
	// AmendRound changes name and dates.
	AmendRound struct {
		Number int
		Terms  RoundTerms
	}
	// Inspect adds an organisation to the round, or names another team for one
	// that has no finding yet.
	Inspect struct {
		Number    int
		Inspected Inspected
	}
)

func (a OpenRound) Target() Ref     { return RoundRef(a.Number) }
func (a OpenRound) Under() Ref      { return Ref{} }
func (a OpenRound) Blank(Env) State { return Round{Number: a.Number} }
func (a AmendRound) Target() Ref    { return RoundRef(a.Number) }
func (a Inspect) Target() Ref       { return RoundRef(a.Number) }

// Events of rounds.
type (
	RoundOpened struct {
		Terms         RoundTerms          `json:"terms"`
		Mechanism     mechanism.Mechanism `json:"mechanism"`
		Organisations []Inspected         `json:"organisations"`
	}
	RoundAmended struct {
		Terms RoundTerms `json:"terms"`
	}
	OrganisationInspected struct {
		Inspected Inspected `json:"inspected"`
	}
)

func (RoundOpened) event()           {}
func (RoundAmended) event()          {}
func (OrganisationInspected) event() {}

func (r Round) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case OpenRound:
		return r.open(act, env)
	case AmendRound:
		terms, err := checkTerms(act.Terms)
		if err != nil {
			return nil, err
		}
		return on(r, RoundAmended{terms}), nil
	case Inspect:
		if err := checkInspected(act.Inspected); err != nil {
			return nil, err
		}
		if team, in := r.Team(act.Inspected.Organisation); in && team != act.Inspected.Team && len(env.Findings) > 0 {
			return nil, refuse("round.team_has_findings", act.Inspected.Organisation)
		}
		if !env.Bodies[act.Inspected.Team] {
			return nil, refuse("round.team_unknown", act.Inspected.Team)
		}
		return on(r, OrganisationInspected{act.Inspected}), nil
	default:
		return nil, unhandled(r, act)
	}
}

func (r Round) open(act OpenRound, env Env) ([]Fact, error) {
	switch {
	case r.Version > 0:
		return nil, refuse("round.number_taken", act.Number)
	case act.Number < 1 || act.Number > 99999:
		return nil, refuse("round.number_invalid")
	}
	terms, err := checkTerms(act.Terms)
	if err != nil {
		return nil, err
	}
	m, known := env.Mechanisms[act.Mechanism]
	if !known {
		return nil, refuse("round.mechanism_unknown", act.Mechanism)
	}
	seen := map[string]bool{}
	for _, in := range act.Organisations {
		if err := checkInspected(in); err != nil {
			return nil, err
		}
		if seen[in.Organisation] {
			return nil, refuse("round.organisation_twice", in.Organisation)
		}
		if !env.Bodies[in.Team] {
			return nil, refuse("round.team_unknown", in.Team)
		}
		seen[in.Organisation] = true
	}
	for _, p := range m.Parties {
		if !p.PerOrganisation && !env.Bodies[string(p.Code)] {
			return nil, refuse("round.seat_without_body", p.Label(), p.Code)
		}
	}
	return on(r, RoundOpened{terms, m, act.Organisations}), nil
}

// checkInspected refuses a seat without a holder: without its team an
// organisation's panel could never be complete.
func checkInspected(in Inspected) error {
	if in.Organisation == "" || in.Team == "" {
		return refuse("round.team_missing", in.Organisation)
	}
	return nil
}

func checkTerms(t RoundTerms) (RoundTerms, error) {
	t.Name, t.Source = strings.TrimSpace(t.Name), strings.TrimSpace(t.Source)
	zero := workday.Date{}
	switch {
	case t.Name == "":
		return t, refuse("round.name_missing")
	case t.FeedbackOn == zero:
		return t, refuse("round.feedback_missing")
	case t.RectifyUntil != zero && t.RectifyUntil.Before(t.FeedbackOn),
		t.PlanDue != zero && t.PlanDue.Before(t.FeedbackOn),
		t.ReportDue != zero && t.ReportDue.Before(t.FeedbackOn):
		return t, refuse("round.before_feedback", t.FeedbackOn.String())
	}
	return t, nil
}

func (r Round) Apply(e Event) State {
	switch e := e.(type) {
	case RoundOpened:
		r = r.with(e.Terms)
		r.Mechanism, r.Organisations = e.Mechanism, e.Organisations
	case RoundAmended:
		r = r.with(e.Terms)
	case OrganisationInspected:
		others := slices.DeleteFunc(slices.Clone(r.Organisations), func(x Inspected) bool {
			return x.Organisation == e.Inspected.Organisation
		})
		r.Organisations = append(others, e.Inspected)
	}
	r.Version++
	return r
}

func (r Round) with(t RoundTerms) Round {
	r.Name, r.Source, r.FeedbackOn = t.Name, t.Source, t.FeedbackOn
	r.RectifyUntil, r.PlanDue, r.ReportDue = t.RectifyUntil, t.PlanDue, t.ReportDue
	return r
}
