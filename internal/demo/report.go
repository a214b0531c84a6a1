package demo

import (
	"regexp"
	"strconv"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/sheet"
	"lianshen/internal/workday"
)

// reports has every organisation write its progress and send version 1 on the
// day the sample's report bears.
func (s *script) reports() {
	for i, o := range organisations {
		liaison, head := of(o.code, ledger.Liaison), of(o.code, ledger.Head)
		signed := date(s.sample.reports.Dates[o.code][0])
		rows := s.of(o.code)
		half := len(rows) / 2
		s.at(clockTime(signed.AddDays(-1).String(), 16, i), liaison, s.written(rows[:half], signed.AddDays(-1))...)
		s.at(clockTime(signed.String(), 8, 10+i), liaison, s.written(rows[half:], signed)...)
		s.send(signed.String(), i, liaison, head, 1)
	}
}

// send prepares, pledges and sends a version of the report within one day.
func (s *script) send(day string, minutes int, liaison, head User, number int) {
	code := liaison.Organisation
	s.at(clockTime(day, 9, minutes), liaison, ledger.Prepare{Round: Round, Organisation: code, Doc: mechanism.Report, Number: number})
	s.pledge(clockTime(day, 15, minutes), head, mechanism.Report, number)
	s.at(clockTime(day, 16, 30+minutes), liaison, ledger.Send{Submission: ledger.SubmissionID(Round, code, mechanism.Report, number)})
}

func (s *script) written(rows []sheet.Row, signed workday.Date) []ledger.Act {
	var acts []ledger.Act
	for _, row := range rows {
		acts = append(acts, ledger.WriteProgress{Number: row.Number, Progress: s.progress(row, s.firstText(row))})
		for i, e := range row.Evidence {
			acts = append(acts, ledger.Attach{Number: row.Number, Evidence: ledger.Evidence{
				ID: evidenceID(row, i), Name: e.Name, DocNumber: e.DocNumber, Date: datedBy(e.Date, signed),
			}})
		}
	}
	return acts
}

// firstText is what version 1 says. Four reports leave a finding out; a report
// cannot be sent like that here, so the words of the ledger stand in.
func (s *script) firstText(row sheet.Row) string {
	if text := s.sample.reports.First[row.Number]; text != "" {
		return text
	}
	return row.Progress
}

func (s *script) progress(row sheet.Row, text string) ledger.Progress {
	return ledger.Progress{
		Text: text, Claim: ledger.Claim(row.Status), EvidenceText: row.EvidenceText, Remark: row.Remark,
		Quantities: s.quantities[row.Number], Rules: rulesMade(row),
	}
}

func evidenceID(row sheet.Row, i int) string { return row.Number + "-e" + strconv.Itoa(i+1) }

// datedBy leaves out the date of a document that did not exist yet when the
// report was written: evidence from the future is refused.
func datedBy(day string, latest workday.Date) workday.Date {
	d := date(day)
	if d.After(latest) {
		return workday.Date{}
	}
	return d
}

// ruleTitle finds the title of a rule that stays in force, as against a notice.
var ruleTitle = regexp.MustCompile(`^《(.*(办法|制度|规定|细则|规则|规程))》$`)

// rulesMade are the rules among the evidence.
func rulesMade(row sheet.Row) []ledger.RuleMade {
	var made []ledger.RuleMade
	for _, e := range row.Evidence {
		if ruleTitle.MatchString(e.Name) && e.Date >= "2025-11-20" {
			made = append(made, ledger.RuleMade{Title: e.Name, DocNumber: e.DocNumber, Date: date(e.Date)})
		}
	}
	return made
}

// secondVersions has JT and SW send version 2 and DX prepare it. In JT
// three parties have begun to review it and one has not, so that each has
// something left to do; in SW all are through.
func (s *script) secondVersions() {
	s.rewritten("2026-03-19 15:40", "SW")
	s.rewritten("2026-03-20 16:10", "JT")
	s.rewritten("2026-03-20 10:25", "DX")
	s.send("2026-03-20", 3, of("SW", ledger.Liaison), of("SW", ledger.Head), 2)
	s.send("2026-03-23", 6, of("JT", ledger.Liaison), of("JT", ledger.Head), 2)
	s.at("2026-03-23 17:20", of("DX", ledger.Liaison), ledger.Prepare{Round: Round, Organisation: "DX", Doc: mechanism.Report, Number: 2})
	s.secondReview()
}

// rewritten changes the text of the findings that were sent back, where version 2
// has another.
func (s *script) rewritten(when, code string) {
	var acts []ledger.Act
	for _, row := range s.returned(code) {
		text := s.sample.reports.Second[row.Number]
		if text == "" || text == s.firstText(row) {
			continue
		}
		acts = append(acts, ledger.WriteProgress{Number: row.Number, Progress: s.progress(row, text)})
		acts = append(acts, supplied[row.Number]...)
	}
	s.at(when, of(code, ledger.Liaison), acts...)
}

// supplied is what came with version 2 of DX beside the texts.
var supplied = map[string][]ledger.Act{
	"08-DX-011": {
		ledger.Detach{Number: "08-DX-011", Evidence: "08-DX-011-e3"},
		ledger.Attach{Number: "08-DX-011", Evidence: ledger.Evidence{ID: "08-DX-011-e4", Name: "伙食满意度复测表", Date: date("2026-03-03")}},
	},
	"08-DX-014": {
		ledger.Attach{Number: "08-DX-014", Evidence: ledger.Evidence{
			ID: "08-DX-014-e3", Name: "《青年教师培养计划（2026—2028年）》", DocNumber: "云党校发〔2026〕4号", Date: date("2026-03-16"),
		}},
	},
}

// returned are the findings that the first letter sent back, by number.
func (s *script) returned(code string) []sheet.Row {
	var rows []sheet.Row
	for _, row := range s.of(code) {
		if l := s.letter(row.Number); l.Conclusion != "agree" {
			rows = append(rows, row)
		}
	}
	return rows
}
