package demo

import (
	"strconv"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/sheet"
)

// plans has every organisation write its plan, the parties review it and the
// office accept it, in December.
func (s *script) plans() {
	for i, o := range organisations {
		liaison, head := of(o.code, ledger.Liaison), of(o.code, ledger.Head)
		submission := ledger.SubmissionID(Round, o.code, mechanism.Plan, 1)
		var written, consolidated []ledger.Act
		for _, row := range s.of(o.code) {
			written = append(written, ledger.WritePlan{Number: row.Number, Plan: planOf(row)})
			consolidated = append(consolidated, ledger.Consolidate{Submission: submission, Finding: row.Number, Conclusion: joint.Agree})
		}
		minutes := 7 * i
		s.at(clockTime("2025-12-02", 14, minutes), liaison, s.acknowledged(o.code)...)
		s.at(clockTime("2025-12-03", 14, minutes), liaison, written...)
		s.at(clockTime("2025-12-04", 9, minutes), liaison, ledger.Prepare{Round: Round, Organisation: o.code, Doc: mechanism.Plan, Number: 1})
		s.pledge(clockTime("2025-12-04", 15, minutes), head, mechanism.Plan, 1)
		s.at(clockTime("2025-12-05", 9, minutes), liaison, ledger.Send{Submission: submission})
		for p, party := range panel {
			s.passPlan(clockTime(date("2025-12-09").AddDays(p).String(), 10, minutes), submission, o, party)
		}
		s.at(clockTime("2025-12-15", 10, minutes), named("江一帆"), consolidated...)
		s.at(clockTime("2025-12-16", 9, minutes), named("江一帆"), ledger.Deliver{
			Submission: submission, LetterNumber: "云巡办函〔2025〕" + strconv.Itoa(31+i) + "号",
		})
		s.at(clockTime("2025-12-16", 15, minutes), liaison, ledger.Receive{Submission: submission})
	}
}

// acknowledged has the organisation agree with its findings, where the mechanism asks.
func (s *script) acknowledged(organisation string) (acts []ledger.Act) {
	if !review.Acceptance {
		return nil
	}
	for _, row := range s.of(organisation) {
		acts = append(acts, ledger.Acknowledge{Number: row.Number, Position: ledger.Agrees})
	}
	return acts
}

func (s *script) passPlan(when, submission string, o inspected, party joint.Party) {
	byReviewer := map[User][]ledger.Act{}
	for i, row := range s.of(o.code) {
		give := pass(mechanism.Plan, submission, row.Number, party)
		who := reviewer(o, party, i)
		byReviewer[who] = append(byReviewer[who], give)
	}
	for _, u := range users { // in a fixed order
		s.at(when, u, byReviewer[u]...)
	}
}

// planOf is the plan as the ledger has it.
func planOf(row sheet.Row) ledger.Plan {
	p := ledger.Plan{Cause: row.Cause, Target: row.Target, Leader: row.Leader, Section: row.Section, Handler: row.Handler}
	for _, m := range row.Measures {
		p.Measures = append(p.Measures, ledger.Measure{
			Number: m.Number, Text: m.Text, Deadline: date(m.Deadline), DeadlineText: m.DeadlineText,
		})
	}
	return p
}
