package main

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"lianshen/internal/ledger"
	"lianshen/internal/workday"
)

// The shape of every measured ledger. The round of a province and the rounds under
// review are the same at each size, so that a page shows the same rows in a small
// ledger and in a large one; the other rounds make up the rest.
const (
	rounds          = 1000
	organisationsIn = 7    // of each round: 7,000 organisations in all
	provinceRound   = 1000 // the newest
	provinceSize    = 2000
	firstReviewed   = 994 // to 999: every finding of them is with the parties
	reviewedEach    = 35  // findings of each organisation there, as in a real round
	emptyRound      = 993 // takes the import
	smallRounds     = 992 // 1 to 992
	seed            = 20261122
)

// fixedFindings are those that every size has.
const fixedFindings = provinceSize + (provinceRound-firstReviewed)*organisationsIn*reviewedEach

// organisation is the code of the i-th organisation of a round, from 0.
func organisation(round, i int) string { return fmt.Sprintf("D%04d", (round-1)*organisationsIn+i+1) }

// team is the inspection team of the i-th organisation. Those under review all
// have one, so that one reviewer can speak for it.
func team(round, i int) string {
	if round >= firstReviewed {
		return "team-1"
	}
	return fmt.Sprintf("team-%d", 1+(round+i)%12)
}

// number is that of the n-th finding of an organisation, from 1.
func number(round, i, n int) string {
	return fmt.Sprintf("%d-%s-%03d", round, organisation(round, i), n)
}

// count is how many findings the i-th organisation of a round has in a ledger of
// the size.
func count(size, round, i int) int {
	switch {
	case round == provinceRound:
		return share(provinceSize, organisationsIn, i)
	case round >= firstReviewed:
		return reviewedEach
	case round > smallRounds:
		return 0
	}
	return share(size-fixedFindings, smallRounds*organisationsIn, (round-1)*organisationsIn+i)
}

// share is the part of the i-th of n when they share a sum as evenly as can be.
func share(sum, n, i int) int {
	part := sum / n
	if i < sum%n {
		part++
	}
	return part
}

// written gives the writer of one finding.
func written(number string) writer {
	h := fnv.New64a()
	_, _ = h.Write([]byte(number)) // a hash takes everything
	return writer{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// registered is the finding as its ledger brought it: the text, and in nine cases
// of ten a plan and a report.
func registered(round, i, n int, feedback workday.Date) (ledger.Finding, ledger.FindingRegistered) {
	id := number(round, i, n)
	w := written(id)
	e := ledger.FindingRegistered{
		Round: round, Organisation: organisation(round, i), Team: team(round, i),
		Feedback: ledger.Feedback{Text: w.finding(), Manifestations: []string{pick(w, faults), pick(w, faults)}},
		Class: ledger.Class{
			Category: pick(w, categories), Kind: pick(w, []ledger.FindingKind{ledger.Immediate, ledger.Dated, ledger.Dated, ledger.LongTerm}),
			OrganCadre: w.IntN(4) == 0, Deadline: feedback.AddDays(20 + w.IntN(160)),
		},
		Progress: ledger.Progress{Claim: ledger.NotStarted},
	}
	if w.IntN(10) < 9 || round == emptyRound {
		e.Watch = ledger.Watch{Body: "discipline", Section: pick(w, sections), Person: w.person(), Number: "ZZ-" + id}
	}
	if w.IntN(10) < 9 || round >= firstReviewed && round < provinceRound {
		e.Plan, e.Progress = planned(w, id, e.Class.Deadline), reported(w, id, feedback)
	}
	return ledger.Finding{Number: id, Round: round, Organisation: e.Organisation, Team: e.Team}, e
}

func planned(w writer, id string, until workday.Date) ledger.Plan {
	p := ledger.Plan{
		Cause: pick(w, outcomes) + "，" + pick(w, faults) + "。", Target: "建立长效机制，" + pick(w, measureTexts) + "。",
		Leader: w.person(), Section: pick(w, sections), Handler: w.person(),
	}
	for m := range 2 + w.IntN(2) {
		p.Measures = append(p.Measures, ledger.Measure{
			Number: fmt.Sprintf("%s-%d", id, m+1), Text: pick(w, measureTexts) + "。", Owner: p.Section, Deadline: until,
		})
	}
	return p
}

func reported(w writer, id string, feedback workday.Date) ledger.Progress {
	p := ledger.Progress{Text: w.progress(), Claim: pick(w, []ledger.Claim{ledger.InProgress, ledger.BasicallyDone, ledger.Done, ledger.Done})}
	for e := range 1 + w.IntN(3) {
		p.Evidence = append(p.Evidence, ledger.Evidence{
			ID: fmt.Sprintf("%s-e%d", id, e+1), Name: "《关于" + pick(w, measureTexts) + "的通知》", DocNumber: w.docNumber(),
			Date: feedback.AddDays(w.IntN(15)), File: scanned(w.IntN(fileTexts), e),
		})
	}
	return p
}
