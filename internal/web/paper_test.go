package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/ledger/mechanism/mechanismtest"
	"lianshen/internal/policy"
)

const (
	headPaper = "8-JT-head_report-1"
	headWhole = "8-JT-head_report"
)

// everyDocument is a site with a round in which all five documents are reviewed.
func everyDocument(t *testing.T, findings int) testSite {
	s := newSite(t)
	s.Supervise.Mechanisms = mechanismtest.With()
	s.roundUnder(mechanismtest.Code, findings)
	return s
}

// judgeBy gives the verdicts of the two parties that review what the default does not.
func (s testSite) judgeBy(submission, finding string, c joint.Conclusion, answered ...string) {
	s.t.Helper()
	all := ledger.Consolidate{Submission: submission, Finding: finding, Conclusion: c}
	for who, party := range map[string]joint.Party{"clerk": "office", "discipline": "discipline"} {
		give := ledger.GiveVerdict{Submission: submission, Finding: finding, Party: party, Judged: ledger.Judged{
			Conclusion: c, Words: map[string]string{"result": "pass"},
		}, Rechecks: map[string]bool{}}
		for _, o := range answered {
			if strings.Contains(o, ":"+string(party)+":") {
				give.Rechecks[o] = true
			}
		}
		if c != joint.Agree {
			give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "会议不等于落实。"}}
			all.Entries = []ledger.Entry{{Text: "请写明推动解决了什么问题。", Origins: append(origins(all.Entries), ledger.VerdictID(submission, finding, party)+":1")}}
		}
		s.do(who, give)
	}
	s.do("clerk", all)
}

func (s testSite) see(who, path string, want ...string) string {
	s.t.Helper()
	w := s.get(who, path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s asks for %s: code %d", who, path, w.Code)
	}
	body := w.Body.String()
	for _, text := range want {
		if !strings.Contains(body, text) {
			s.t.Errorf("%s at %s does not see %q", who, path, text)
		}
	}
	return body
}

func (s testSite) moves(who, path string, fields url.Values) {
	s.t.Helper()
	if w := s.post(who, path, fields); w.Code != http.StatusSeeOther {
		s.t.Fatalf("%s posts %s: code %d; %s", who, path, w.Code, w.Body)
	}
}

func TestHeadReportFromWritingToAcceptance(t *testing.T) {
	s := everyDocument(t, 1)
	const at = "/rounds/8/papers/head_report"
	s.see("liaison", "/rounds/8/fill", "主要负责人组织落实情况报告", "专题民主生活会材料", "销号申请")
	s.see("liaison", "/rounds/8/send/head_report", "没有正文")
	s.moves("head", at, url.Values{"seen": {"0"}, "text": {"本人主持专题会议3次。"}})
	if w := s.upload("liaison", at+"/files", "纪要.pdf", "%PDF-1.4 纪要", map[string]string{"name": "会议纪要"}); w.Code != http.StatusSeeOther {
		t.Fatalf("attach: code %d; %s", w.Code, w.Body)
	}
	if w := s.post("liaison", at, url.Values{"seen": {"1"}, "text": {"另一份"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "本人主持专题会议3次。") {
		t.Errorf("stale text: code %d; want 409 with both", w.Code)
	}
	if w := s.get("discipline", "/submissions/"+headPaper); w.Code != http.StatusNotFound {
		t.Errorf("a party asks for what is being written: code %d; want 404", w.Code)
	}
	s.see("head", "/rounds/8/send/head_report", "本人主持专题会议3次。", "会议纪要")
	s.sendDoc(mechanism.HeadReport, 1)
	if w := s.post("liaison", at, url.Values{"seen": {"3"}, "text": {"晚了"}}); w.Code == http.StatusSeeOther {
		t.Error("what was sent could be changed")
	}
	s.see("discipline", "/rounds/8/review", "主要负责人组织落实情况报告")
	s.see("discipline", "/review/"+headPaper+"/"+headWhole, "本人主持专题会议3次。", "会议纪要", "内容是否实在", "整篇")
	s.see("personnel", "/submissions/"+headPaper, "本人主持专题会议3次。")
	s.judgeBy(headPaper, headWhole, joint.Return)
	s.see("clerk", "/consolidate/"+headPaper+"/"+headWhole, "会议不等于落实。")
	s.moves("clerk", "/consolidate/"+headPaper+"/deliver", url.Values{"number": {"云巡办函〔2026〕5号"}, "seen": {"6"}})
	s.see("liaison", "/submissions/"+headPaper+"/letter", "关于主要负责人组织落实情况报告", "请写明推动解决了什么问题。")
	if w := s.get("liaison", "/submissions/"+headPaper+"/letter.docx"); w.Code != http.StatusOK {
		t.Errorf("letter as a file: code %d", w.Code)
	}
	s.see("liaison", "/submissions/"+headPaper+"/answers", "请写明推动解决了什么问题。")
	s.do("liaison", ledger.AnswerEntry{Submission: headPaper, Finding: headWhole, Entry: 1, Response: ledger.Adopted, Place: "第二段"})
	s.see("liaison", at, "第 2 稿", "请写明推动解决了什么问题。", "本人主持专题会议3次。", "会议纪要")
	s.moves("liaison", at, url.Values{"seen": {"0"}, "text": {"本人推动解决问题5件。"}})
	s.sendDoc(mechanism.HeadReport, 2)
	s.see("discipline", "/review/8-JT-head_report-2/"+headWhole, "本人推动解决问题5件。", "<del", "会议不等于落实。")
	s.judgeBy("8-JT-head_report-2", headWhole, joint.Agree, headPaper+":"+headWhole+":office:1", headPaper+":"+headWhole+":discipline:1")
	s.do("clerk", ledger.Deliver{Submission: "8-JT-head_report-2", LetterNumber: "6号"})
	s.see("liaison", at, "已经报送")
	s.see("clerk", "/rounds/8", "负责人报告第2稿")
	for _, who := range []string{"liaison", "head", "clerk", "discipline", "leader"} {
		s.see(who, "/")
		s.see(who, "/rounds/8/letters", "主要负责人组织落实情况报告")
	}
}

func TestLifeMeetingIsSentWithoutAPledge(t *testing.T) {
	s := everyDocument(t, 1)
	s.moves("liaison", "/rounds/8/papers/life_meeting", url.Values{"seen": {"0"}, "text": {"查摆问题12条。"}})
	if w := s.post("head", "/rounds/8/papers/life_meeting", url.Values{"seen": {"2"}, "text": {"负责人改"}}); w.Code != http.StatusForbidden {
		t.Errorf("the head writes what is not the head's own: code %d; want 403", w.Code)
	}
	s.moves("liaison", "/rounds/8/send/life_meeting/prepare", url.Values{})
	body := s.see("liaison", "/rounds/8/send/life_meeting", "第 1 稿已经备妥。")
	if strings.Contains(body, "等待主要负责人审核承诺") {
		t.Error("the page waits for a pledge that nobody asks for")
	}
	s.moves("liaison", "/rounds/8/send/life_meeting/send", url.Values{})
	s.see("clerk", "/submissions/8-JT-life_meeting-1", "查摆问题12条。")
}

func TestPaperRefusedKeepsWhatWasTyped(t *testing.T) {
	s := everyDocument(t, 1)
	long := strings.Repeat("长", ledger.MaxPaper+1)
	w := s.post("liaison", "/rounds/8/papers/head_report", url.Values{"seen": {"0"}, "text": {long}})
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "正文超过") || !strings.Contains(body, long) {
		t.Errorf("too long a text: code %d; want 422 with what was typed", w.Code)
	}
	for _, path := range []string{"/rounds/8/papers/report", "/rounds/8/papers/nothing"} {
		if w := s.get("liaison", path); w.Code != http.StatusNotFound {
			t.Errorf("%s: code %d; want 404", path, w.Code)
		}
	}
	if w := s.get("stranger", "/rounds/8/papers/head_report"); strings.Contains(w.Body.String(), "县教育体育局") {
		t.Error("another organisation reads the text")
	}
}

func TestClosingIsAppliedForBeforeItIsDone(t *testing.T) {
	s := everyDocument(t, 0)
	for i := 1; i <= 2; i++ {
		s.do("clerk", ledger.Register{
			Number: ledger.FindingNumber(8, "JT", i), Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "监管存在盲区。"},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.Dated, Deadline: day("2026-03-31")},
		})
		s.moves("liaison", "/findings/"+ledger.FindingNumber(8, "JT", i)+"/fill", filled("1"))
	}
	s.send(1)
	for i := 1; i <= 2; i++ {
		s.judge("8-JT-report-1", ledger.FindingNumber(8, "JT", i), joint.Agree)
	}
	s.do("clerk", ledger.Deliver{Submission: "8-JT-report-1", LetterNumber: "3号"})
	s.see("liaison", "/rounds/8/send/closing", "没有可以申请销号的问题")
	s.see("liaison", "/rounds/8/closing", "08-JT-001", "08-JT-002", "未填写")
	seen := func(n int) string {
		f, err := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true, Drafts: true}, ledger.FindingNumber(8, "JT", n))
		if err != nil {
			t.Fatal(err)
		}
		return itoa(int(f.Version))
	}
	s.moves("liaison", "/rounds/8/closing/08-JT-001", url.Values{"seen": {seen(1)}, "statement": {"逐家回访，陈国平签字。"}})
	if w := s.post("liaison", "/rounds/8/closing/08-JT-002", url.Values{"seen": {"1"}, "statement": {"旧页面"}}); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "旧页面") {
		t.Errorf("stale statement: code %d; want 409 with what was typed", w.Code)
	}
	if body := s.get("discipline", "/findings/08-JT-001").Body.String(); strings.Contains(body, "逐家回访") {
		t.Error("a party reads a statement that has not been sent")
	}
	w := s.post("clerk", "/findings/08-JT-001/close", url.Values{"seen": {seen(1)}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "销号申请还没有通过会审") {
		t.Errorf("closed without an application: code %d", w.Code)
	}
	s.sendDoc(mechanism.ClosingDoc, 1)
	s.see("discipline", "/review/8-JT-closing-1/08-JT-001", "逐家回访，陈国平签字。", "责令整改19家")
	s.see("liaison", "/rounds/8/closing", "会审中")
	s.judgeBy("8-JT-closing-1", "08-JT-001", joint.Agree)
	s.do("clerk", ledger.Deliver{Submission: "8-JT-closing-1", LetterNumber: "7号"})
	s.see("liaison", "/rounds/8/closing", "申请已通过")
	s.moves("clerk", "/findings/08-JT-001/close", url.Values{"seen": {seen(1)}})
	if w := s.post("clerk", "/findings/08-JT-002/close", url.Values{"seen": {seen(2)}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("the other finding closed without an application: code %d", w.Code)
	}
}
