package demo

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/sheet"
)

// The words of the sample in the codes of the mechanism.
var (
	panel    = []joint.Party{"office", "discipline", "personnel", "team"}
	parties  = map[string]joint.Party{"巡察办": "office", "纪委监委": "discipline", "组织部": "personnel", "巡察组": "team"}
	criteria = map[string]string{
		"责任落实": "responsibility", "措施精准": "measures", "整改到位": "result",
		"建章立制": "rules", "成效明显": "effect", "群众认可": "recognition",
	}
	review = mechanism.Presets()["weixi"]
	// grave are the flaws that must be put right even where the party only asks
	// for an addition.
	grave = []string{"sum_mismatch", "softened", "foreign_name", "docno_conflict", "missing_item"}
	// days on which the first reports were reviewed.
	days = []string{"2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-08"}
)

// reviewer is who speaks for the party on the i-th finding of the organisation,
// where the sample names nobody.
func reviewer(o inspected, party joint.Party, i int) User {
	switch party {
	case "office":
		return named([]string{"江一帆", "方敏"}[i%2])
	case "discipline":
		return named(sectionHeads[o.section])
	case "personnel":
		return named([]string{"尹丽", "柯斌"}[i%2])
	}
	for _, u := range users {
		if u.Body == o.team {
			return u
		}
	}
	panic("demo: nobody leads " + o.team)
}

// pass is a verdict without a word against it.
func pass(doc mechanism.Doc, submission, finding string, party joint.Party) ledger.GiveVerdict {
	words := map[string]string{}
	for _, c := range review.Criteria(doc) {
		words[c.Code] = "pass"
	}
	return ledger.GiveVerdict{
		Submission: submission, Finding: finding, Party: party,
		Judged: ledger.Judged{Words: words, Conclusion: joint.Agree},
	}
}

// firstReview has all four parties judge every finding of every first report.
func (s *script) firstReview() {
	for i, o := range organisations {
		submission := ledger.SubmissionID(Round, o.code, mechanism.Report, 1)
		type session struct {
			day string
			who User
		}
		acts := map[session][]ledger.Act{}
		for n, row := range s.of(o.code) {
			for p, party := range panel {
				at := session{days[(n+p)%len(days)], reviewer(o, party, n)}
				give := pass(mechanism.Report, submission, row.Number, party)
				if said, spoke := s.on(row.Number, party); spoke {
					at = session{said.Date, named(last(strings.Fields(said.Reviewer)))}
					give = said.judge(give)
				}
				acts[at] = append(acts[at], give)
			}
		}
		order := slices.SortedFunc(maps.Keys(acts), func(a, b session) int {
			return strings.Compare(a.day+a.who.Username, b.day+b.who.Username)
		})
		for k, at := range order {
			s.at(clockTime(at.day, 9, 55*i+2*(k%20)), at.who, acts[at]...)
		}
	}
}

func last(words []string) string { return words[len(words)-1] }

// judge turns a verdict without objection into that of the opinion.
func (o opinion) judge(give ledger.GiveVerdict) ledger.GiveVerdict {
	criterion := criteria[o.Criterion]
	said := ledger.Said{Criterion: criterion, Kind: ledger.Should, Text: o.Text, Change: o.Change}
	switch o.Verdict {
	case "认可":
		said.Kind = ledger.Remark
	case "需补充":
		give.Judged.Conclusion = joint.Continue
		give.Judged.Words[criterion] = "basic"
	case "待现场核实":
		give.Judged.Conclusion, give.Judged.OnSite = joint.Continue, true
		give.Judged.Words[criterion] = "basic"
	case "退回重写":
		said.Kind = ledger.Must
		give.Judged.Conclusion = joint.Return
		give.Judged.Words[criterion] = "fail"
	default:
		panic(fmt.Sprintf("demo: opinion %s: verdict %q", o.ID, o.Verdict))
	}
	if said.Kind == ledger.Should && slices.ContainsFunc(o.Flags, func(f string) bool { return slices.Contains(grave, f) }) {
		said.Kind = ledger.Must
	}
	give.Opinions = []ledger.Said{said}
	return give
}

// secondReview is where the second versions stand on the demo day.
func (s *script) secondReview() {
	for p, party := range panel {
		s.reviewAgain(clockTime("2026-03-23", []int{9, 10, 14, 15}[p], 10), "SW", party, s.returned("SW"))
	}
	jt := s.returned("JT")
	s.reviewAgain("2026-03-24 08:40", "JT", "discipline", jt[:len(jt)/2])
	s.reviewAgain("2026-03-24 09:05", "JT", "team", jt[len(jt)/3:])
	s.reviewAgain("2026-03-24 09:30", "JT", "office", s.rewrittenOf(jt))
}

// rewrittenOf are the findings whose text version 2 changed.
func (s *script) rewrittenOf(rows []sheet.Row) []sheet.Row {
	return slices.DeleteFunc(slices.Clone(rows), func(row sheet.Row) bool {
		second := s.sample.reports.Second[row.Number]
		return second == "" || second == s.firstText(row)
	})
}

// reviewAgain has one party judge findings of version 2 and look again at its
// answered opinions. What was answered without a change passes with a lower word.
func (s *script) reviewAgain(when, code string, party joint.Party, rows []sheet.Row) {
	submission := ledger.SubmissionID(Round, code, mechanism.Report, 2)
	var o inspected
	for _, x := range organisations {
		if x.code == code {
			o = x
		}
	}
	byReviewer := map[User][]ledger.Act{}
	for i, row := range rows {
		give := pass(mechanism.Report, submission, row.Number, party)
		same := len(s.rewrittenOf([]sheet.Row{row})) == 0
		if said, spoke := s.on(row.Number, party); spoke && s.delivered(said) {
			give.Rechecks = map[string]bool{said.ref(): true}
			if same {
				give.Judged.Words[criteria[said.Criterion]] = "basic"
			}
		} else if same {
			continue // its verdict on version 1 stays
		}
		who := reviewer(o, party, i)
		byReviewer[who] = append(byReviewer[who], give)
	}
	for _, u := range users {
		s.at(when, u, byReviewer[u]...)
	}
}

// ref is the identity of the opinion in the database: each party has at most one
// on a finding of a first report.
func (o opinion) ref() string {
	submission := ledger.SubmissionID(Round, organisationOf(o.Finding), mechanism.Report, 1)
	return ledger.VerdictID(submission, o.Finding, parties[o.Party]) + ":1"
}

// delivered reports whether an entry of the letter carries the opinion.
func (s *script) delivered(o opinion) bool {
	for _, e := range s.letter(o.Finding).Entries {
		if slices.Contains(e.Origins, o.ID) {
			return true
		}
	}
	return false
}
