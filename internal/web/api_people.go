package web

import (
	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// apiPeople adds what concerns who reviews: deputies and recusals.
func (s *Server) apiPeople(api huma.API) {
	acting[delegateInput](s, api, "/delegations", "People", "Let a deputy act by a post.", delegationShown)
	acting[recuseInput](s, api, "/recusals", "People", "Recuse oneself or, as the convener, another from an organisation.", sameRecusal)
	acting[liftInput](s, api, "/recusals/lift", "People", "Lift a recusal, as the convener.", sameRecusal)
}

func sameRecusal(_ policy.Actor, s ledger.State) ledger.Recusal { return s.(ledger.Recusal) }

// apiDelegation is the newest post of a deputy. Other posts of theirs are not told.
type apiDelegation struct {
	Person  string      `json:"person"`
	Name    string      `json:"name"`
	Post    ledger.Post `json:"post"`
	Version int64       `json:"version"`
}

func delegationShown(_ policy.Actor, s ledger.State) apiDelegation {
	p := s.(ledger.Person)
	return apiDelegation{p.ID, p.Name, p.Posts[len(p.Posts)-1], p.Version}
}

// Waived is ReadAt for acts that replace nothing: the version may be left out.
type Waived struct {
	Seen int64 `json:"seen,omitempty" minimum:"0" doc:"version that was read; left out, it is not compared"`
}

func (w Waived) seen() int64 {
	if w.Seen == 0 {
		return supervise.Any
	}
	return w.Seen
}

type delegateInput struct {
	Keyed
	Body struct {
		Waived
		Person string       `json:"person" maxLength:"100" doc:"ID of the deputy"`
		From   string       `json:"from" maxLength:"100" doc:"ID of the principal"`
		Post   string       `json:"post" maxLength:"100" doc:"ID of the principal's post"`
		Since  workday.Date `json:"since"`
		Until  workday.Date `json:"until,omitzero" doc:"last day; left out for a standing deputy"`
		Reason string       `json:"reason"`
	}
}

func (in *delegateInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: b.seen(), Act: ledger.Delegate{
		Person: b.Person, From: b.From, Post: b.Post, Since: b.Since, Until: b.Until, Reason: b.Reason,
	}}
}

type recuseInput struct {
	Keyed
	Body struct {
		Waived
		Round        int           `json:"round"`
		Organisation string        `json:"organisation" maxLength:"12"`
		Person       string        `json:"person" maxLength:"100"`
		Ground       ledger.Ground `json:"ground" enum:"former_member,relative,interest,other"`
		Reason       string        `json:"reason"`
	}
}

func (in *recuseInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: b.seen(), Act: ledger.Recuse{
		Round: b.Round, Organisation: b.Organisation, Person: b.Person, Ground: b.Ground, Reason: b.Reason,
	}}
}

type liftInput struct {
	Keyed
	Body struct {
		Waived
		Round        int    `json:"round"`
		Organisation string `json:"organisation" maxLength:"12"`
		Person       string `json:"person" maxLength:"100"`
		Reason       string `json:"reason"`
	}
}

func (in *liftInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: b.seen(), Act: ledger.LiftRecusal{
		Round: b.Round, Organisation: b.Organisation, Person: b.Person, Reason: b.Reason,
	}}
}
