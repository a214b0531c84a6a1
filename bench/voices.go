package main

import (
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
)

// How far the organisations of the province's round are: two have their letter,
// two are with the parties, three are still rectifying.
const (
	lettersIn = 2
	sentIn    = 4
)

// voices sends reports, gives verdicts and delivers letters.
func (f *filler) voices() error {
	for i := range sentIn {
		if err := f.report(provinceRound, i, func(s ledger.Submission, x ledger.Finding) ([]ledger.Fact, error) {
			return f.said(s, x, i < lettersIn), nil
		}); err != nil {
			return err
		}
	}
	for round := firstReviewed; round < provinceRound; round++ {
		for i := range organisationsIn {
			if err := f.report(round, i, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// report sends the first report of an organisation; then follows for each finding.
func (f *filler) report(round, i int, then func(ledger.Submission, ledger.Finding) ([]ledger.Fact, error)) error {
	list, err := f.whole(round, i)
	if err != nil {
		return err
	}
	id := submission(round, i)
	s := ledger.Submission{ID: id, Round: round, Organisation: organisation(round, i), Team: team(round, i), Doc: mechanism.Report, Number: 1}
	pledge := ledger.Pledged{Person: "u-head", Name: "主要负责人", At: f.db.Now(), Hash: ledger.ContentHash(mechanism.Report, list)}
	sending := ledger.Sending{Person: "u-liaison", At: f.db.Now()}
	for _, x := range list {
		sending.Findings = append(sending.Findings, x.Number)
	}
	facts := []ledger.Fact{
		{On: s, Event: ledger.SubmissionPrepared{Round: round, Organisation: s.Organisation, Team: s.Team, Doc: s.Doc, Number: 1}},
		{On: s, Event: ledger.SubmissionPledged{Pledge: pledge}},
		{On: s, Event: ledger.SubmissionSent{Sent: sending}},
	}
	for _, x := range list {
		facts = append(facts, ledger.Fact{On: x, Event: ledger.ItemSent{Submission: id, Item: ledger.ItemOf(mechanism.Report, x)}})
		if then == nil {
			continue
		}
		more, err := then(s, x)
		if err != nil {
			return err
		}
		facts = append(facts, more...)
	}
	if then != nil && i < lettersIn {
		letter := ledger.Letter{Number: "维巡办函〔2026〕" + organisation(round, i) + "号", Person: "u-office", At: f.db.Now(), AnswerBy: f.today.AddDays(10)}
		facts = append(facts, ledger.Fact{On: s, Event: ledger.LetterDelivered{Letter: letter}})
	}
	return f.put(facts...)
}

func submission(round, i int) string {
	return ledger.SubmissionID(round, organisation(round, i), mechanism.Report, 1)
}

// whole reads the findings of an organisation back.
func (f *filler) whole(round, i int) (list []ledger.Finding, err error) {
	if err := f.flush(); err != nil {
		return nil, err
	}
	err = f.db.Write(f.ctx, func(tx *store.Tx) error {
		list, err = tx.OpenFindings(f.ctx, round, organisation(round, i), mechanism.Report, f.today)
		return err
	})
	return list, err
}

// said is what the parties hold of one finding: all four and the letter where it
// is delivered, else the first few.
func (f *filler) said(s ledger.Submission, x ledger.Finding, letter bool) []ledger.Fact {
	w := written(x.Number + "/said")
	speaking := parties
	if !letter {
		speaking = parties[:w.IntN(len(parties))]
	}
	agreed := w.IntN(10) < 7
	var facts []ledger.Fact
	var merged []ledger.Fact
	entry := ledger.Entry{Text: pick(w, faults) + "。", Change: pick(w, measureTexts) + "。"}
	for n, party := range speaking {
		judged := ledger.Judged{Words: words("pass"), Conclusion: joint.Agree}
		v := ledger.Verdict{ID: ledger.VerdictID(s.ID, x.Number, party)}
		person := "u-" + users[n].Body
		if !agreed && n == 1 {
			judged.Words["result"], judged.Conclusion = "fail", joint.Continue
			o := ledger.Opinion{ID: v.ID + ":1"}
			entry.Origins = []string{o.ID}
			merged = append(merged,
				ledger.Fact{On: o, Event: ledger.OpinionRaised{
					Submission: s.ID, Finding: x.Number, Round: s.Round, Organisation: s.Organisation, Team: s.Team, Party: party,
					Said: ledger.Said{Criterion: "result", Kind: ledger.Must, Text: entry.Text, Change: entry.Change}, Person: person, At: f.db.Now(),
				}})
			if letter {
				merged = append(merged, ledger.Fact{On: o, Event: ledger.OpinionMerged{Entry: 1}}, ledger.Fact{On: o, Event: ledger.OpinionDelivered{}})
			}
		}
		facts = append(facts, ledger.Fact{On: v, Event: ledger.VerdictGiven{
			Submission: s.ID, Finding: x.Number, Round: s.Round, Organisation: s.Organisation, Team: s.Team,
			Party: party, Judged: judged, Person: person, At: f.db.Now(),
		}})
	}
	facts = append(facts, merged...)
	if !letter {
		return facts
	}
	return append(facts, f.consolidated(s, x, agreed, entry)...)
}

func (f *filler) consolidated(s ledger.Submission, x ledger.Finding, agreed bool, entry ledger.Entry) []ledger.Fact {
	c := ledger.Consolidated{
		Submission: s.ID, Finding: x.Number, Round: s.Round, Organisation: s.Organisation, Team: s.Team,
		Conclusion: joint.Agree, Person: "u-office", At: f.db.Now(),
	}
	reviewed := ledger.ReportReviewed{Submission: s.ID, Recognised: agreed, On: f.today}
	if !agreed {
		c.Conclusion, c.Disputed, c.Reason, c.Entries = joint.Continue, true, "佐证材料不足以说明整改到位。", []ledger.Entry{entry}
		reviewed.AnswerBy = f.today.AddDays(10)
	}
	return []ledger.Fact{
		{On: ledger.Consolidation{ID: ledger.ConsolidationRef(s.ID, x.Number).ID, Submission: s.ID, Finding: x.Number}, Event: c},
		{On: x, Event: reviewed},
	}
}

// words judges every criterion of a report alike.
func words(word string) map[string]string {
	all := map[string]string{}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		all[c.Code] = word
	}
	return all
}
