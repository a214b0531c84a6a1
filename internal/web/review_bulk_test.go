package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// agreeing is the form of agreeing with several findings.
func agreeing(numbers ...string) url.Values {
	v := url.Values{"key": {newKey()}, "id": numbers}
	for _, n := range numbers {
		v.Set(seenName(n), "0")
	}
	return v
}

// own returns the verdicts of the person's party in a submission.
func (s testSite) own(who string, party joint.Party, submission string) []ledger.Verdict {
	s.t.Helper()
	list, err := s.Supervise.DB.Read().Verdicts(s.t.Context(), policy.ScopeOf(actors[who]), store.VoiceFilter{Submission: submission, Party: party})
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// colleague enters a second reviewer of the discipline commission.
func (s testSite) colleague() {
	s.t.Helper()
	a := actors["discipline2"]
	s.console(ledger.AddPerson{ID: a.Person, Username: a.Person, Name: a.Name})
}

const one, two, three = "08-JT-001", "08-JT-002", "08-JT-003"

func TestSeveralAreAgreedWithOnceOpened(t *testing.T) {
	s := newSite(t)
	s.sent(3)
	path := bulkPath(reportOne)
	if page := s.get("discipline", path).Body.String(); strings.Contains(page, `type="checkbox" name="id"`) || !strings.Contains(page, "还没有可以勾选的问题") {
		t.Error("a finding can be ticked before any has been opened")
	}
	s.get("discipline", reviewPath(reportOne, one))
	s.get("discipline", reviewPath(reportOne, two))
	page := s.get("discipline", path).Body.String()
	if !strings.Contains(page, `value="08-JT-001"`) || !strings.Contains(page, `value="08-JT-002"`) || strings.Contains(page, `value="08-JT-003"`) {
		t.Error("the page ticks other than what was opened")
	}
	w := s.post("discipline", path, agreeing(one, three))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "还没有打开看过：08-JT-003。") {
		t.Errorf("with one unopened: code %d, want 422 naming it", w.Code)
	}
	if !strings.Contains(w.Body.String(), `value="08-JT-001" checked`) {
		t.Error("what was ticked is lost")
	}
	if given := s.own("discipline", "discipline", reportOne); len(given) != 0 {
		t.Fatalf("refused, yet given: %+v", given)
	}
	form := agreeing(one, two)
	for range 2 { // the same form twice is one act
		if w = s.post("discipline", path, form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
			t.Fatalf("code %d to %q; want back, one is left; %s", w.Code, w.Header().Get("Location"), w.Body)
		}
	}
	given := s.own("discipline", "discipline", reportOne)
	if len(given) != 2 {
		t.Fatalf("%d verdicts, want 2", len(given))
	}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		if given[0].Judged.Words[c.Code] != "pass" || given[0].Judged.Conclusion != joint.Agree {
			t.Errorf("given %+v; want the mildest word on %s, and agree", given[0].Judged, c.Code)
		}
	}
	s.get("discipline", reviewPath(reportOne, three))
	if to := s.post("discipline", path, agreeing(three)).Header().Get("Location"); !strings.Contains(to, "/rounds/8/review?done=") {
		t.Errorf("the last one leads to %q", to)
	}
}

// Nor does it count that a colleague, or the same person in an earlier version, has
// read it.
func TestAnotherPersonsOpeningDoesNotCount(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.colleague()
	s.get("discipline", reviewPath(reportOne, one))
	s.get("leader", reviewPath(reportOne, one))
	for _, who := range []string{"discipline2", "personnel"} {
		if w := s.post(who, bulkPath(reportOne), agreeing(one)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "还没有打开看过：08-JT-001") {
			t.Errorf("%s: code %d, want 422", who, w.Code)
		}
	}
	for who, want := range map[string]int{"team2": 404, "liaison": 403, "leader": 403, "": 303} {
		if w := s.post(who, bulkPath(reportOne), agreeing(one)); w.Code != want {
			t.Errorf("%q: code %d, want %d", who, w.Code, want)
		}
	}
	if w := s.post("discipline", bulkPath(reportOne), agreeing("08-JT-009")); w.Code != http.StatusNotFound {
		t.Errorf("a finding outside the submission: code %d, want 404", w.Code)
	}
	s.get("discipline2", reviewPath(reportOne, one))
	if w := s.post("discipline2", bulkPath(reportOne), agreeing(one)); w.Code != http.StatusSeeOther {
		t.Errorf("code %d; %s", w.Code, w.Body)
	}
	w := s.post("discipline", bulkPath(reportOne), agreeing(one))
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "本方同事刚刚评过") {
		t.Errorf("after a colleague: code %d, want 409", w.Code)
	}
}

func TestAgreeingWithSeveralStaysBlind(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	const secret = "退费凭证与人数对不上"
	before := s.get("personnel", bulkPath(reportOne)).Body.String()
	s.post("discipline", reviewPath(reportOne, one), judged("conclusion", "return", "w-result", "fail", "t-result", secret))
	s.get("discipline", reviewPath(reportOne, two))
	after := s.get("personnel", bulkPath(reportOne)).Body.String()
	if blot(before) != blot(after) {
		t.Error("the page tells a party that another has spoken")
	}
	s.get("personnel", reviewPath(reportOne, one))
	if w := s.post("personnel", bulkPath(reportOne), agreeing(one)); w.Code != http.StatusSeeOther || strings.Contains(w.Body.String(), secret) {
		t.Fatalf("code %d; %s", w.Code, w.Body)
	}
	if body := s.get("personnel", reviewPath(reportOne, one)).Body.String(); !strings.Contains(body, secret) {
		t.Error("having agreed the party reads what the other said")
	}
}

// What somebody has begun to write, or has to look at again, is judged by itself.
func TestSomeFindingsAreJudgedByThemselves(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.get("team", reviewPath(reportOne, one))
	s.post("team", reviewPath(reportOne, one), judged("act", "save", "t-result", "写到一半"))
	page := s.get("team", bulkPath(reportOne)).Body.String()
	if strings.Contains(page, `value="08-JT-001"`) || !strings.Contains(page, "有草稿，逐条提交") {
		t.Error("a finding with a draft can be ticked")
	}
	if w := s.post("team", bulkPath(reportOne), agreeing(one)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "要逐条评定：08-JT-001。") {
		t.Errorf("code %d, want 422", w.Code)
	}
	s.get("team", reviewPath(reportOne, two))
	s.do("team", ledger.GiveVerdict{Submission: reportOne, Finding: two, Party: "team", Judged: allPass()})
	s.do("team", ledger.TakeBack{Submission: reportOne, Finding: two, Party: "team", Reason: "看错了一页"})
	if page = s.get("team", bulkPath(reportOne)).Body.String(); !strings.Contains(page, `name="seen-08-JT-002" value="2"`) {
		t.Fatal("a verdict that was taken back cannot be given anew")
	}
	again := agreeing(two)
	again.Set(seenName(two), "2")
	if w := s.post("team", bulkPath(reportOne), again); w.Code != http.StatusSeeOther {
		t.Errorf("code %d; %s", w.Code, w.Body)
	}
}

func TestAnAnswerIsLookedAtByItself(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.judge(reportOne, one, joint.Return)
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕3号"})
	s.do("liaison", ledger.AnswerEntry{Submission: reportOne, Finding: one, Entry: 1, Response: ledger.Adopted, Place: "第二部分第1条"})
	f, err := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true}, one)
	if err != nil {
		t.Fatal(err)
	}
	f.Progress.Text += "责令整改19家。"
	s.do("liaison", ledger.WriteProgress{Number: one, Progress: f.Progress})
	s.send(2)
	second := "8-JT-report-2"
	s.get("discipline", reviewPath(second, one))
	if page := s.get("discipline", bulkPath(second)).Body.String(); strings.Contains(page, `value="08-JT-001"`) || !strings.Contains(page, "有答复待复核") {
		t.Error("a finding with an answer to look at can be ticked")
	}
	if w := s.post("discipline", bulkPath(second), agreeing(one)); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "要逐条评定：08-JT-001。") {
		t.Errorf("code %d, want 422", w.Code)
	}
}

// allPass is a verdict that finds nothing.
func allPass() ledger.Judged {
	words := map[string]string{}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		words[c.Code] = "pass"
	}
	return ledger.Judged{Words: words, Conclusion: joint.Agree}
}
