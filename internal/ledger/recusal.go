package ledger

import (
	"slices"
	"strings"
	"time"

	"lianshen/internal/ledger/joint"
)

// A Recusal (回避) keeps one person away from the review of one organisation in
// one round. What they gave before stays in the record.
type Recusal struct {
	ID           string      `json:"id"` // "8:JT:zhou"
	Round        int         `json:"round"`
	Organisation string      `json:"organisation"`
	Team         string      `json:"team"`
	Person       string      `json:"person"`
	Name         string      `json:"name"`
	Party        joint.Party `json:"party"`    // for which the person would speak
	Convenes     joint.Party `json:"convenes"` // that orders and lifts recusals there

	Ground  Ground    `json:"ground"`
	Reason  string    `json:"reason"`
	By      string    `json:"by"` // who declared or ordered it
	At      time.Time `json:"at"`
	Lifted  Lifting   `json:"lifted,omitzero"`
	Version int64     `json:"version"`
}

// Ground is why somebody keeps away.
type Ground string

// The grounds of a recusal.
const (
	FormerMember Ground = "former_member" // worked in the organisation
	Relative     Ground = "relative"      // of one of its leaders
	Interest     Ground = "interest"      // has a stake in the matter
	OtherGround  Ground = "other"
)

// Grounds lists them.
func Grounds() []Ground { return []Ground{FormerMember, Relative, Interest, OtherGround} }

// Lifting says who ended a recusal, when and why.
type Lifting struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// Applies reports whether the person has to keep away now.
func (r Recusal) Applies() bool { return r.Version > 0 && r.Lifted.At.IsZero() }

// Ordered reports whether somebody else ordered it.
func (r Recusal) Ordered() bool { return r.By != r.Person }

func (r Recusal) Ref() Ref   { return Ref{KindRecusal, r.ID} }
func (r Recusal) Ver() int64 { return r.Version }
func (r Recusal) Subject() Subject {
	s := Subject{Kind: KindRecusal, Round: r.Round, Organisation: r.Organisation, Team: r.Team, Party: r.Party, Person: r.Person}
	s.Bench.Convenes = r.Convenes
	return s
}

// RecusalID forms the identity of a recusal.
func RecusalID(round int, organisation, person string) string {
	return itoa(round) + ":" + organisation + ":" + person
}

// Acts on recusals.
type (
	// Recuse is declared by the person or ordered by the party that convenes.
	Recuse struct {
		Round                int
		Organisation, Person string
		Ground               Ground
		Reason               string
	}
	// LiftRecusal lets the person review again.
	LiftRecusal struct {
		Round                int
		Organisation, Person string
		Reason               string
	}
)

func (a Recuse) Target() Ref {
	return Ref{KindRecusal, RecusalID(a.Round, a.Organisation, a.Person)}
}
func (a Recuse) Under() Ref { return RoundRef(a.Round) }

// Blank expects the person in env.Principal.
func (a Recuse) Blank(env Env) State {
	team, _ := env.Round.Team(a.Organisation)
	return Recusal{
		ID: a.Target().ID, Round: a.Round, Organisation: a.Organisation, Team: team,
		Person: a.Person, Name: env.Principal.Name, Party: partyOf(env, team), Convenes: env.Mechanism.Bench().Convenes,
	}
}

func (a LiftRecusal) Target() Ref {
	return Ref{KindRecusal, RecusalID(a.Round, a.Organisation, a.Person)}
}

// partyOf is the seat of the panel that env.Principal would take on what the team
// inspected; "" for none. Of several it is the one by which they act now.
func partyOf(env Env, team string) (found joint.Party) {
	for _, p := range env.Principal.PostsOn(env.Today) {
		party := p.Speaks(team)
		if _, seated := env.Mechanism.Party(party); !seated {
			continue
		}
		acting := env.Person == env.Principal.ID && p.Body == env.Body
		if found == "" || acting {
			found = party
		}
	}
	return found
}

// Events of recusals.
type (
	Recused struct {
		Round        int         `json:"round"`
		Organisation string      `json:"organisation"`
		Team         string      `json:"team"`
		Person       string      `json:"person"`
		Name         string      `json:"name"`
		Party        joint.Party `json:"party"`
		Convenes     joint.Party `json:"convenes"`
		Ground       Ground      `json:"ground"`
		Reason       string      `json:"reason"`
		By           string      `json:"by"`
		At           time.Time   `json:"at"`
	}
	RecusalLifted struct {
		Lifting Lifting `json:"lifting"`
	}
)

func (Recused) event()       {}
func (RecusalLifted) event() {}

func (r Recusal) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case Recuse:
		return r.recuse(act, env)
	case LiftRecusal:
		return r.lift(act, env)
	default:
		return nil, unhandled(r, act)
	}
}

// recuse is refused to nobody because a seat would become empty: the convener is
// told of the empty seat instead.
func (r Recusal) recuse(act Recuse, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	switch {
	case r.Applies():
		return nil, refuse("recusal.twice", r.Name)
	case r.Team == "":
		return nil, refuse("register.not_in_round", act.Organisation)
	case r.Party == "":
		return nil, refuse("recusal.not_on_panel")
	case !slices.Contains(Grounds(), act.Ground):
		return nil, refuse("recusal.ground_missing")
	case reason == "" || tooLong(MaxText, reason):
		return nil, refuse("recusal.reason_missing")
	}
	return on(r, Recused{
		r.Round, r.Organisation, r.Team, r.Person, r.Name, r.Party, r.Convenes,
		act.Ground, reason, env.Person, env.Now,
	}), nil
}

func (r Recusal) lift(act LiftRecusal, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	switch {
	case !r.Applies():
		return nil, refuse("recusal.lifted")
	case env.Person == r.Person:
		return nil, refuse("recusal.lift_own")
	case reason == "" || tooLong(MaxText, reason):
		return nil, refuse("recusal.reason_missing")
	}
	return on(r, RecusalLifted{Lifting{env.Person, env.Now, reason}}), nil
}

// Apply returns the recusal after the event.
func (r Recusal) Apply(e Event) State {
	switch e := e.(type) {
	case Recused:
		r.Round, r.Organisation, r.Team, r.Person, r.Name = e.Round, e.Organisation, e.Team, e.Person, e.Name
		r.Party, r.Convenes, r.Ground, r.Reason, r.By, r.At = e.Party, e.Convenes, e.Ground, e.Reason, e.By, e.At
		r.Lifted = Lifting{}
	case RecusalLifted:
		r.Lifted = e.Lifting
	}
	r.Version++
	return r
}

// Judges reports whether the act judges an organisation, from which a recusal
// keeps a person away.
func Judges(act Act) bool {
	switch act.(type) {
	case GiveVerdict, Recheck, Consolidate, Resolve:
		return true
	}
	return false
}

// barred refuses an act that judges to whoever is recused, or deputises for
// somebody who is.
func barred(act Act, env Env) error {
	if Judges(act) && env.Recused.Applies() {
		return refuse("recusal.applies", env.Recused.Name)
	}
	return nil
}
