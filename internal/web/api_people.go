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

type delegateInput struct {
	Keyed
	Body struct {
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
	return supervise.Order{Key: in.Key, Seen: supervise.Any, Act: ledger.Delegate{
		Person: b.Person, From: b.From, Post: b.Post, Since: b.Since, Until: b.Until, Reason: b.Reason,
	}}
}

type recuseInput struct {
	Keyed
	Body struct {
		Round        int           `json:"round"`
		Organisation string        `json:"organisation" maxLength:"12"`
		Person       string        `json:"person" maxLength:"100"`
		Ground       ledger.Ground `json:"ground" enum:"former_member,relative,interest,other"`
		Reason       string        `json:"reason"`
	}
}

func (in *recuseInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: supervise.Any, Act: ledger.Recuse{
		Round: b.Round, Organisation: b.Organisation, Person: b.Person, Ground: b.Ground, Reason: b.Reason,
	}}
}

type liftInput struct {
	Keyed
	Body struct {
		Round        int    `json:"round"`
		Organisation string `json:"organisation" maxLength:"12"`
		Person       string `json:"person" maxLength:"100"`
		Reason       string `json:"reason"`
	}
}

func (in *liftInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Key: in.Key, Seen: supervise.Any, Act: ledger.LiftRecusal{
		Round: b.Round, Organisation: b.Organisation, Person: b.Person, Reason: b.Reason,
	}}
}
