package ledger

import (
	"slices"
	"strings"
	"time"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// PartyDue is the day by which a party has to have judged a submission. A party that
// is Awaited is waited for after it even where others are shut out: it consolidates,
// and nothing could go on without its own answer.
type PartyDue struct {
	Party   joint.Party  `json:"party"`
	By      workday.Date `json:"by"`
	Awaited bool         `json:"awaited,omitempty"`
}

// PassedOver says that a party is not waited for (逾期未反馈). What it has judged
// before counts, and it may speak on a finding until that is consolidated.
type PassedOver struct {
	Party  joint.Party `json:"party"`
	Reason string      `json:"reason"`
	Person string      `json:"person"`
	At     time.Time   `json:"at"`
}

// PassOver goes on without a party that is late or has nobody left.
type PassOver struct {
	Submission string
	Party      joint.Party
	Reason     string
}

func (a PassOver) Target() Ref { return SubmissionRef(a.Submission) }

// PartyPassedOver happened to a submission.
type PartyPassedOver struct {
	Passed PassedOver `json:"passed"`
}

func (PartyPassedOver) event() {}

// DueOf returns the day by which the party has to judge; the zero Date for none.
func (s Submission) DueOf(party joint.Party) workday.Date {
	for _, d := range s.Due {
		if d.Party == party {
			return d.By
		}
	}
	return workday.Date{}
}

// Overdue reports whether the party's time has passed.
func (s Submission) Overdue(party joint.Party, today workday.Date) bool {
	by := s.DueOf(party)
	return by != workday.Date{} && today.After(by)
}

// Passes reports whether the party is not waited for: it was passed over, or its
// time has passed and the mechanism shuts the door then.
func (s Submission) Passes(party joint.Party, late mechanism.Late, today workday.Date) bool {
	over := slices.ContainsFunc(s.PassedOver, func(p PassedOver) bool { return p.Party == party })
	return over || s.Shuts(party, late, today)
}

// Shuts reports whether the party's time has passed and it may no longer speak.
func (s Submission) Shuts(party joint.Party, late mechanism.Late, today workday.Date) bool {
	awaited := slices.ContainsFunc(s.Due, func(d PartyDue) bool { return d.Party == party && d.Awaited })
	return late == mechanism.LateShut && !awaited && s.Overdue(party, today)
}

// Answers returns what the parties hold of a finding: what they said and, for those
// that are not waited for, joint.Passed. It is what joint.Read reads.
func (s Submission) Answers(doc mechanism.Document, panel []joint.Party, said map[joint.Party]joint.Conclusion, today workday.Date) map[joint.Party]joint.Conclusion {
	answers := map[joint.Party]joint.Conclusion{}
	for _, party := range panel {
		c, spoke := said[party]
		switch {
		case spoke:
			answers[party] = c
		case s.Passes(party, doc.Late, today):
			answers[party] = joint.Passed
		}
	}
	return answers
}

// Reading is what the panel of the document holds of one finding in it, from what
// the parties said. It is the one way from what was said to what holds: a reading
// that forgot who is passed over would wait for them for ever.
func (s Submission) Reading(m mechanism.Mechanism, organCadre bool, said map[joint.Party]joint.Conclusion, today workday.Date) joint.Reading {
	doc, _ := m.Document(s.Doc)
	panel := m.Panel(s.Doc, organCadre)
	return joint.Read(panel, doc.Rule, s.Answers(doc, panel, said, today))
}

// dues returns the day of each party, in working days from the day of sending.
func dues(doc mechanism.Document, env Env) ([]PartyDue, error) {
	var list []PartyDue
	for _, party := range env.Mechanism.Panel(doc.Code, true) {
		days := doc.DaysFor(party)
		if days == 0 {
			continue
		}
		by, err := env.Calendar.Add(env.Today, days)
		if err != nil {
			return nil, refuse("calendar.unknown_year", err.Error())
		}
		awaited := doc.Late == mechanism.LateShut && party == env.Mechanism.Bench().Consolidates
		list = append(list, PartyDue{party, by, awaited})
	}
	return list, nil
}

// passOver expects the mechanism, and in env.Seats who may speak for each party.
func (s Submission) passOver(act PassOver, env Env) ([]Fact, error) {
	doc, _ := env.Mechanism.Document(s.Doc)
	reason := strings.TrimSpace(act.Reason)
	vacant := env.Seats != nil && len(env.Seats.Vacant([]joint.Party{act.Party}, nil)) > 0 // it would never answer
	mayPass := vacant || doc.Late != mechanism.LateWaits && s.Overdue(act.Party, env.Today)
	switch {
	case s.Stage != Reviewed:
		return nil, refuse("pass_over.not_in_review")
	case !slices.Contains(env.Mechanism.Panel(s.Doc, true), act.Party):
		return nil, refuse("verdict.not_on_panel", string(act.Party))
	case slices.ContainsFunc(s.PassedOver, func(p PassedOver) bool { return p.Party == act.Party }):
		return nil, refuse("pass_over.twice")
	case !mayPass:
		return nil, refuse("pass_over.not_late", partyNames(env, []joint.Party{act.Party}))
	case reason == "":
		return nil, refuse("pass_over.reason_missing")
	case tooLong(MaxText, reason):
		return nil, refuse("field.too_long", MaxText)
	}
	return on(s, PartyPassedOver{PassedOver{act.Party, reason, env.Person, env.Now}}), nil
}
