package ledger

import (
	"slices"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// Seats is who may speak for each party on one organisation: IDs of people who
// hold a post for it today, are not disabled and have not recused themselves.
type Seats map[joint.Party][]string

// Vacant returns the parties of the panel for which nobody may speak on a finding
// with these editors: who wrote the text cannot review it.
func (s Seats) Vacant(panel []joint.Party, editors []string) []joint.Party {
	var vacant []joint.Party
	for _, party := range panel {
		free := func(person string) bool { return !slices.Contains(editors, person) }
		if !slices.ContainsFunc(s[party], free) {
			vacant = append(vacant, party)
		}
	}
	return vacant
}

// seated sees that every seat of the panel can answer for each finding that is
// about to be sent. A panel without a seat would pass everything, and one with an
// empty seat would never answer.
func (env Env) seated(doc mechanism.Doc) error {
	if doc.Whole() {
		return env.checkPanel(doc, false, nil)
	}
	for _, f := range env.Findings {
		if err := env.checkPanel(doc, f.Class.OrganCadre, f.Editors); err != nil {
			return err
		}
	}
	return nil
}

func (env Env) checkPanel(doc mechanism.Doc, organCadre bool, editors []string) error {
	panel := env.Mechanism.Panel(doc, organCadre)
	if len(panel) == 0 {
		return refuse("panel.empty")
	}
	if vacant := env.Seats.Vacant(panel, editors); len(vacant) > 0 {
		return refuse("panel.seat_empty", partyNames(env, vacant))
	}
	return nil
}

// A Speaker is a person and a post by which they speak for a body today.
type Speaker struct {
	Person, Name, Username string
	Post                   Post
}

// An Absence is a recusal that applies.
type Absence struct{ Organisation, Person string }

// SeatsOn returns who may speak on the organisation that the team inspected. Whoever
// deputises for a person that keeps away keeps away as well.
func SeatsOn(speakers []Speaker, away []Absence, organisation, team string) Seats {
	seats := Seats{}
	for _, s := range speakers {
		party := s.Post.Speaks(team)
		absent := func(person string) bool { return slices.Contains(away, Absence{organisation, person}) }
		if party == "" || absent(s.Person) || absent(s.Post.Deputises.Person) || slices.Contains(seats[party], s.Person) {
			continue
		}
		seats[party] = append(seats[party], s.Person)
	}
	return seats
}
