package web

import (
	"strings"
	"testing"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// five is a site with a round of five parties, of whom the organisation department
// is asked about flagged findings only, and three judge the closing application.
// Finding 1 is flagged, 2 is not; the first report of both has been sent.
func five(t *testing.T) testSite {
	t.Helper()
	s := newSite(t)
	m := mechanism.Presets()["dali"]
	for i, p := range m.Parties {
		if p.Code == "personnel" {
			m.Parties[i].Sees = mechanism.SeesOrganCadre
		}
	}
	s.Supervise.Mechanisms = map[string]mechanism.Mechanism{"dali": m}
	s.do("clerk", ledger.AddBody{Code: "propaganda", Name: "县委宣传部"})
	s.console(ledger.AddPerson{ID: "xuan", Username: "xuan", Name: "宣宁"})
	s.console(ledger.Appoint{Person: "xuan", Post: ledger.Post{ID: "xuan-1", Role: ledger.Reviewer, Body: "propaganda", Since: day("2024-01-01")}})
	s.roundUnder("dali", 2)
	for _, number := range []string{"08-JT-001", "08-JT-002"} {
		s.moves("liaison", "/findings/"+number+"/fill", filled("1"))
	}
	s.do("clerk", ledger.Classify{Number: "08-JT-001", Class: ledger.Class{
		Category: "决策部署", Aspect: "教育方针", Kind: ledger.Dated, Deadline: day("2026-03-31"), OrganCadre: true,
	}, Reason: "涉组涉干"})
	s.send(1)
	return s
}

// give lets those named give the same verdict, without an opinion.
func (s testSite) give(submission, number string, c joint.Conclusion, who ...string) {
	s.t.Helper()
	paper, err := s.Supervise.DB.Read().Submission(s.t.Context(), submission)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, name := range who {
		actor, known := actors[name]
		if !known {
			actor = policy.Actor{Person: "xuan", Name: "宣宁", Role: ledger.Reviewer, Body: "propaganda"}
		}
		v := ledger.GiveVerdict{Submission: submission, Finding: number, Party: actor.Party(paper.Subject()), Judged: ledger.Judged{Conclusion: c, Words: map[string]string{}}}
		for _, crit := range mechanism.Presets()["dali"].Criteria(paper.Doc) {
			v.Judged.Words[crit.Code] = "pass"
		}
		if c != joint.Agree {
			v.Opinions = []ledger.Said{{Kind: ledger.Must, Text: "缺数据（" + name + "）。"}}
		}
		if _, err := s.Supervise.Do(s.t.Context(), actor, supervise.Order{Act: v, Seen: supervise.Any}); err != nil {
			s.t.Fatalf("%s on %s: %v", name, number, err)
		}
	}
}

// namesNone sees that a part of a page names none of the parties.
func namesNone(t *testing.T, what, body string, names ...string) {
	t.Helper()
	for _, name := range names {
		if strings.Contains(body, name) {
			t.Errorf("%s names %s, which has no seat there", what, name)
		}
	}
}

// rowOf is the part of a page from the number of a finding to the end of its row.
func rowOf(t *testing.T, body, number string) string {
	t.Helper()
	_, rest, found := strings.Cut(body, ">"+number+"<")
	if !found {
		t.Fatalf("the page does not list %s", number)
	}
	text, _, _ := strings.Cut(rest, "</tr>")
	return text
}

func TestOnlyThePanelOfTheFindingHasASeat(t *testing.T) {
	s := five(t)
	s.give(reportOne, "08-JT-002", joint.Agree, "clerk", "discipline", "team", "propaganda")
	s.give(reportOne, "08-JT-001", joint.Agree, "clerk", "discipline", "team", "propaganda")

	list := s.see("discipline", "/rounds/8/consolidate", "08-JT-001", "08-JT-002")
	if !strings.Contains(list, "一致同意") {
		t.Error("the finding that the organisation department does not see still waits for it")
	}
	namesNone(t, "the row of the unflagged finding", rowOf(t, list, "08-JT-002"), "组织部")
	if !strings.Contains(rowOf(t, list, "08-JT-001"), "组织部") {
		t.Error("the row of the flagged finding lacks the organisation department")
	}
	ledger := s.see("leader", "/rounds/8/ledger?view=all")
	namesNone(t, "the ledger", rowOf(t, ledger, "08-JT-002"), "组织部")
	if !strings.Contains(rowOf(t, ledger, "08-JT-001"), "组织部") {
		t.Error("the ledger's row of the flagged finding lacks the organisation department")
	}
	_, table, _ := strings.Cut(s.see("discipline", consolidatePath(reportOne, "08-JT-002"), "宣传部"), "<table")
	namesNone(t, "the comparison", table[:strings.Index(table, "</table>")], "组织部")
	namesNone(t, "the review", s.see("discipline", reviewPath(reportOne, "08-JT-002"), "宣传部"), "组织部")
}

func TestAnOverrideAndAMeetingAreNamedWithTheirReason(t *testing.T) {
	m := mechanism.Presets()["dali"]
	m.Letter.Reasons = true
	c := ledger.Consolidation{Submission: reportOne, Finding: "08-JT-001", Person: "ge", OnBehalf: "王平", Reason: "台账已补齐", Ruling: ledger.Ruling{Override: true}}
	met := c
	met.Ruling = ledger.Ruling{Disputed: true, Meeting: "8-m1"}
	var l letter
	l.Round.Mechanism = m
	for want, c := range map[string]ledger.Consolidation{"由纪委监委改判：台账已补齐": c, "经联席会议（8-m1）会商：台账已补齐": met} {
		if got := l.reason(c); got != want {
			t.Errorf("the letter says %q, want %q", got, want)
		}
	}
	d := findingData{Letters: []ledger.Consolidation{c}, People: map[string]string{"ge": "葛强"}, Scope: policy.Scope{Verdicts: policy.Consolidated}}
	d.Round.Mechanism = m
	ctx := lang.With(t.Context(), lang.ZH)
	if got := d.ruled(ctx, reportOne); got != "改判，葛强（代王平）：台账已补齐" {
		t.Errorf("the history says %q", got)
	}
	d.Scope.Verdicts = policy.NoVerdicts
	if got := d.ruled(ctx, reportOne); strings.Contains(got, "葛强") || !strings.Contains(got, "台账已补齐") {
		t.Errorf("the organisation reads %q; want the reason without a name", got)
	}
	d.Round.Mechanism.Letter.Reasons = false
	if got := d.ruled(ctx, reportOne); got != "" {
		t.Errorf("the organisation reads %q where letters give no reasons", got)
	}
}

func TestALetterKnowsWhoWasPassedOver(t *testing.T) {
	var l letter
	l.Round.Mechanism = mechanism.Presets()["dali"]
	l.Submission = ledger.Submission{Doc: mechanism.Report, PassedOver: []ledger.PassedOver{{Party: "propaganda"}, {Party: "team"}}}
	l.Made = []ledger.Consolidation{{Finding: "08-JT-001", Ruling: ledger.Ruling{Views: map[joint.Party]joint.Conclusion{"team": joint.Agree}}}}
	if got := l.passedOver(); len(got) != 1 || got[0] != "propaganda" {
		t.Errorf("passed over: %v; want the one that was silent", got)
	}
}

func TestASheetNamesTheDeputyAndThePrincipal(t *testing.T) {
	s := newSite(t)
	var paper paperView
	paper.Round.Mechanism = mechanism.Presets()["dali"]
	verdicts := []ledger.Verdict{{Person: "ge", OnBehalf: "王平"}, {Person: "ge", OnBehalf: "王平"}, {Person: "ge"}}
	words, _ := s.writeSheet(paper, "discipline", verdicts, nil, map[string]string{"ge": "葛强"})
	if words.Reviewers != "葛强（代王平）、葛强" {
		t.Errorf("reviewers %q", words.Reviewers)
	}
}
