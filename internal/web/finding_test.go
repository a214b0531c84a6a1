package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

const firstFinding = "/findings/08-JT-001"

func TestFindingIsSeenWithinTheScope(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for who, want := range map[string]int{
		"clerk": 200, "discipline": 200, "team": 200, "liaison": 200, "head": 200, "leader": 200,
		"stranger": 404, "sysadmin": 403, "secadmin": 403, "auditor": 403, "": 303,
	} {
		if w := s.get(who, firstFinding); w.Code != want {
			t.Errorf("%q: code %d, want %d", who, w.Code, want)
		}
	}
}

// What an organisation is still writing is read by itself and the office, and by
// no reviewer: not on the page, not in its record, not in an export.
func TestReviewersSeeNoDrafts(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.judge("8-JT-report-1", "08-JT-001", joint.Return)
	s.do("clerk", ledger.Deliver{Submission: "8-JT-report-1", LetterNumber: "1"})
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-001", Progress: ledger.Progress{Text: "尚未报送的新说法。", Claim: ledger.InProgress}})
	s.do("liaison", ledger.Attach{Number: "08-JT-001", Evidence: ledger.Evidence{ID: "e9", Name: "未报送的附件"}})
	for _, page := range []string{firstFinding, "/rounds/8/ledger/export?format=csv&view=all", "/rounds/8/ledger/export?format=json&view=all"} {
		for who, may := range map[string]bool{"clerk": true, "liaison": true, "discipline": false, "team": false, "leader": false} {
			body := s.get(who, page).Body.String()
			if got := strings.Contains(body, "尚未报送的新说法") && strings.Contains(body, "未报送的附件"); got != may {
				t.Errorf("%s reads the draft on %s: %v, want %v", who, page, got, may)
			}
			if !may && (strings.Contains(body, "尚未报送的新说法") || strings.Contains(body, "未报送的附件")) {
				t.Errorf("%s reads part of the draft on %s", who, page)
			}
			if !strings.Contains(body, "08-JT-001") {
				t.Errorf("%s does not see the finding on %s", who, page)
			}
		}
	}
	if body := s.get("discipline", firstFinding).Body.String(); !strings.Contains(body, filled("1").Get("progress")) {
		t.Error("a reviewer does not read what was sent")
	}
}

// While blind a party learns who has spoken and nothing of what was said; an
// inspected organisation learns neither, and no party's words afterwards.
func TestFindingPageKeepsVerdictsBlind(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	const secret = "数据无来源，须重报。"
	s.voice("discipline", "discipline", joint.Return, secret)
	for who, want := range map[string]bool{"discipline": true, "clerk": false, "personnel": false, "team": false, "leader": false, "liaison": false, "head": false} {
		body := s.get(who, firstFinding).Body.String()
		if got := strings.Contains(body, secret) || strings.Contains(body, "退回重报"); got != want {
			t.Errorf("%s learns the verdict: %v, want %v", who, got, want)
		}
		given := strings.Contains(body, "1 / 4 方已提交")
		if organisation := who == "liaison" || who == "head"; given == organisation {
			t.Errorf("%s learns that a party has spoken: %v", who, given)
		}
		list := s.get(who, "/rounds/8/ledger?view=all").Body.String()
		if got := strings.Contains(list, "纪委监委：退回重报"); got != want {
			t.Errorf("%s learns the verdict from the ledger: %v, want %v", who, got, want)
		}
	}
	if body := s.get("personnel", firstFinding).Body.String(); !strings.Contains(body, "你提交后可见") {
		t.Error("a party that has not spoken is not told why it sees nothing")
	}
	s.voice("personnel", "personnel", joint.Agree, "")
	if body := s.get("personnel", firstFinding).Body.String(); !strings.Contains(body, secret) {
		t.Error("after its own verdict a party does not see the other one")
	}
	if body := s.get("liaison", firstFinding).Body.String(); strings.Contains(body, secret) {
		t.Error("the organisation reads a party's words")
	}
}

// voice gives a party's verdict on the first finding, with one opinion.
func (s testSite) voice(who string, party joint.Party, c joint.Conclusion, text string) {
	s.t.Helper()
	give := ledger.GiveVerdict{Submission: "8-JT-report-1", Finding: "08-JT-001", Party: party, Judged: ledger.Judged{Conclusion: c, Words: map[string]string{}}}
	for _, crit := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		give.Judged.Words[crit.Code] = "pass"
	}
	if text != "" {
		give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: text}}
	}
	s.do(who, give)
}

func TestClassifyAsksForAReasonAndGoesOnRecord(t *testing.T) {
	s := newSite(t)
	s.round(1)
	fields := url.Values{"seen": {"1"}, "key": {"k1"}, "category": {"党的建设"}, "kind": {"dated"}, "deadline": {"2026-06-30"}}
	if w := s.post("liaison", firstFinding+"/classify", fields); w.Code != http.StatusForbidden {
		t.Errorf("the organisation moves its own deadline: code %d, want 403", w.Code)
	}
	if w := s.post("stranger", firstFinding+"/classify", fields); w.Code != http.StatusNotFound {
		t.Errorf("a stranger: code %d, want 404", w.Code)
	}
	w := s.post("clerk", firstFinding+"/classify", fields)
	if body := w.Body.String(); w.Code != 422 || !strings.Contains(body, "请写明理由") || !strings.Contains(body, `value="2026-06-30"`) {
		t.Errorf("without a reason: code %d; the reason is not asked for or what was typed is gone", w.Code)
	}
	fields.Set("reason", "审批权限下放")
	if w := s.post("clerk", firstFinding+"/classify", fields); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; %s", w.Code, w.Body)
	}
	body := s.get("liaison", firstFinding).Body.String()
	for _, want := range []string{"期限 2026-03-31 → 2026-06-30", "类别 决策部署 → 党的建设", "审批权限下放"} {
		if !strings.Contains(body, want) {
			t.Errorf("the record lacks %q", want)
		}
	}
}

func TestSomebodyElseWasFasterKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.round(1)
	s.do("clerk", ledger.Assign{Number: "08-JT-001", Watch: ledger.Watch{Body: "office", Person: "段晓梅"}})
	fields := url.Values{"seen": {"1"}, "body": {"office"}, "section": {"督查科"}, "person": {"周明丽"}}
	w := s.post("clerk", firstFinding+"/assign", fields)
	body := w.Body.String()
	if w.Code != http.StatusConflict || !strings.Contains(body, "段晓梅") || !strings.Contains(body, `name="person" value="周明丽"`) || !strings.Contains(body, `name="seen" value="2"`) {
		t.Fatalf("code %d; want 409 with both versions and the typed one to save again", w.Code)
	}
	fields.Set("seen", "2")
	if w := s.post("clerk", firstFinding+"/assign", fields); w.Code != http.StatusSeeOther || s.watcher("08-JT-001") != "周明丽" {
		t.Errorf("saved over it: code %d, supervisor %q", w.Code, s.watcher("08-JT-001"))
	}
}

func TestCloseByTheRuleAndReopenWithAReason(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	if w := s.post("clerk", firstFinding+"/close", s.seen("08-JT-001")); w.Code != 422 {
		t.Errorf("close before recognition: code %d, want 422", w.Code)
	}
	s.judge("8-JT-report-1", "08-JT-001", joint.Agree)
	s.do("clerk", ledger.Deliver{Submission: "8-JT-report-1", LetterNumber: "1"})
	if body := s.get("clerk", firstFinding).Body.String(); !strings.Contains(body, `action="/findings/08-JT-001/close"`) {
		t.Error("the office is not offered to close a recognised finding")
	}
	if body := s.get("discipline", firstFinding).Body.String(); strings.Contains(body, "08-JT-001/close") || strings.Contains(body, "08-JT-001/reopen") {
		t.Error("a reviewer is offered what only the office may do")
	}
	if w := s.post("clerk", firstFinding+"/close", s.seen("08-JT-001")); w.Code != http.StatusSeeOther {
		t.Fatalf("close: code %d; %s", w.Code, w.Body)
	}
	again := s.seen("08-JT-001")
	if w := s.post("clerk", firstFinding+"/reopen", again); w.Code != 422 || !strings.Contains(w.Body.String(), "请写明重开的理由") {
		t.Errorf("reopen without a reason: code %d", w.Code)
	}
	again.Set("reason", "回访发现反弹")
	if w := s.post("clerk", firstFinding+"/reopen", again); w.Code != http.StatusSeeOther {
		t.Errorf("reopen: code %d", w.Code)
	}
	if body := s.get("clerk", firstFinding).Body.String(); !strings.Contains(body, "回访发现反弹") {
		t.Error("the reason is not in the record")
	}
}

// seen are the hidden fields of a form made from the finding as it is now.
func (s testSite) seen(number string) url.Values {
	s.t.Helper()
	state, err := s.Supervise.DB.Read().Load(s.t.Context(), ledger.FindingRef(number))
	if err != nil {
		s.t.Fatal(err)
	}
	return url.Values{"seen": {strconv.FormatInt(state.Ver(), 10)}, "key": {newKey()}}
}

func TestPartyChecksTheAnswerToItsOpinion(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	for who, party := range map[string]joint.Party{"clerk": "office", "personnel": "personnel", "team": "team"} {
		s.voice(who, party, joint.Agree, "")
	}
	s.voice("discipline", "discipline", joint.Agree, "请补充名单。")
	opinion := "8-JT-report-1:08-JT-001:discipline:1"
	s.do("clerk", ledger.Consolidate{
		Submission: "8-JT-report-1", Finding: "08-JT-001", Conclusion: joint.Agree,
		Entries: []ledger.Entry{{Text: "请补充名单。", Origins: []string{opinion}}},
	})
	s.do("clerk", ledger.Deliver{Submission: "8-JT-report-1", LetterNumber: "1"})
	if w := s.post("clerk", firstFinding+"/close", s.seen("08-JT-001")); w.Code != 422 {
		t.Errorf("close with an open opinion: code %d, want 422", w.Code)
	}
	if body := s.get("clerk", firstFinding).Body.String(); strings.Contains(body, "08-JT-001/close") || !strings.Contains(body, "还有 1 条意见没有答复或者复核") {
		t.Error("the office is offered to close, or not told what keeps it from closing")
	}
	gaps := s.get("clerk", "/rounds/8/gaps").Body.String()
	if !strings.Contains(gaps, "第 1 条：请补充名单。") || !strings.Contains(gaps, "县教育体育局联络员") {
		t.Error("the gaps lack the entry without an answer, or who has to answer")
	}
	s.do("liaison", ledger.AnswerEntry{Submission: "8-JT-report-1", Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "附件1"})
	if body := s.get("clerk", "/rounds/8/gaps").Body.String(); !strings.Contains(body, "已答复、没有复核的意见") || strings.Contains(body, "第 1 条：") {
		t.Error("after the answer the gaps do not say that it has to be re-checked")
	}
	fields := url.Values{"opinion": {opinion}, "seen": {"4"}, "content": {"no"}}
	// Whether another party said anything is nobody's business: 403 would tell.
	if w := s.post("personnel", firstFinding+"/recheck", fields); w.Code != http.StatusNotFound {
		t.Errorf("another party re-checks: code %d, want 404", w.Code)
	}
	if w := s.post("discipline", firstFinding+"/recheck", fields); w.Code != 422 || !strings.Contains(w.Body.String(), "不认可答复的，请说明理由") {
		t.Errorf("not content without a note: code %d, want 422", w.Code)
	}
	fields.Set("content", "yes")
	if w := s.post("discipline", firstFinding+"/recheck", fields); w.Code != http.StatusSeeOther {
		t.Fatalf("re-check: code %d; %s", w.Code, w.Body)
	}
	if w := s.post("clerk", firstFinding+"/close", s.seen("08-JT-001")); w.Code != http.StatusSeeOther {
		t.Errorf("close after the re-check: code %d", w.Code)
	}
}

func TestEvidenceIsSentAsAFile(t *testing.T) {
	s := newSite(t)
	s.round(1)
	s.upload("liaison", firstFinding+"/evidence", "检查记录.txt", "2025年12月检查记录", map[string]string{"name": "检查记录"})
	s.do("liaison", ledger.Attach{Number: "08-JT-001", Evidence: ledger.Evidence{ID: "named", Name: "只有名称"}})
	state, _ := s.Supervise.DB.Read().Load(t.Context(), ledger.FindingRef("08-JT-001"))
	path := firstFinding + "/evidence/" + state.(ledger.Finding).Progress.Evidence[0].ID
	w := s.get("clerk", path)
	h := w.Header()
	if w.Code != 200 || w.Body.String() != "2025年12月检查记录" || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment; filename*=UTF-8''%E6%A3%80") ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("code %d, headers %v", w.Code, h)
	}
	for who, want := range map[string]int{"stranger": 404, "discipline": 404, "sysadmin": 403} { // not sent yet: no reviewer's business
		if w := s.get(who, path); w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
	}
	if w := s.get("clerk", firstFinding+"/evidence/named"); w.Code != http.StatusNotFound {
		t.Errorf("evidence without a file: code %d, want 404", w.Code)
	}
	body := s.get("clerk", firstFinding).Body.String()
	if !strings.Contains(body, "未上传文件") || strings.Contains(body, "/evidence/named") {
		t.Error("evidence that is only named is a link, or does not say that it has no file")
	}
}

func TestRegisterByHand(t *testing.T) {
	s := newSite(t)
	s.round(2)
	const path = "/rounds/8/findings/new"
	if w := s.get("discipline", path); w.Code != http.StatusForbidden {
		t.Errorf("a reviewer: code %d, want 403", w.Code)
	}
	if body := s.get("clerk", path+"?organisation=JT").Body.String(); !strings.Contains(body, `value="08-JT-003"`) {
		t.Error("the next free number is not suggested")
	}
	if body := s.get("clerk", path+"?organisation=WJ").Body.String(); !strings.Contains(body, `value="08-WJ-001"`) {
		t.Error("the first number of an organisation is not suggested")
	}
	fields := url.Values{
		"organisation": {"JT"}, "key": {"k"}, "number": {"08-JT-003"}, "text": {"校车监管缺位。"}, "manifestations": {"一是查车少。\n\n二是无台账。"},
		"category": {""}, "kind": {"dated"}, "deadline": {"2026-05-01"}, "measures": {"逐车检查"}, "leader": {"陈国平"},
	}
	w := s.post("clerk", path, fields)
	if body := w.Body.String(); w.Code != 422 || !strings.Contains(body, `href="#category"`) || !strings.Contains(body, "二是无台账。") {
		t.Errorf("without a category: code %d; the problem is not at its field, or what was typed is gone", w.Code)
	}
	fields.Set("category", "群众身边")
	fields.Set("deadline", "2025-11-01")
	if w := s.post("clerk", path, fields); w.Code != 422 || !strings.Contains(w.Body.String(), `href="#deadline"`) {
		t.Errorf("a deadline before the feedback: code %d", w.Code)
	}
	fields.Set("deadline", "2026-05-01")
	if w := s.post("clerk", path, fields); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/findings/08-JT-003" {
		t.Fatalf("code %d to %q", w.Code, w.Header().Get("Location"))
	}
	state, err := s.Supervise.DB.Read().Load(t.Context(), ledger.FindingRef("08-JT-003"))
	if f, ok := state.(ledger.Finding); err != nil || !ok || len(f.Manifestations) != 2 || len(f.Plan.Measures) != 1 || f.Stage != ledger.Rectifying {
		t.Errorf("registered %+v, %v", state, err)
	}
	fields.Set("key", "k2")
	if w := s.post("clerk", path, fields); w.Code != 422 || !strings.Contains(w.Body.String(), "08-JT-003已经使用") {
		t.Errorf("the same number again: code %d", w.Code)
	}
}

func TestGapsAndSearchStayWithinTheScope(t *testing.T) {
	s := newSite(t)
	s.round(1)
	if body := s.get("clerk", "/rounds/8/gaps").Body.String(); !strings.Contains(body, "缺整改措施") || !strings.Contains(body, "缺督促责任人") || !strings.Contains(body, "县教育体育局联络员、巡察办") {
		t.Error("the gaps of a bare finding, or who has to act, are not listed")
	}
	for who, want := range map[string]bool{"liaison": true, "clerk": true, "stranger": false, "leader": true} {
		for _, page := range []string{"/rounds/8/gaps", "/search?q=" + url.QueryEscape("校外培训"), "/search?q=08-JT-001"} {
			w := s.get(who, page)
			if got := strings.Contains(w.Body.String(), firstFinding); got != want || w.Code != 200 {
				t.Errorf("%s on %s: code %d, sees the finding: %v", who, page, w.Code, got)
			}
		}
	}
	for _, page := range []string{"/rounds/8/gaps", "/search?q=x"} {
		if w := s.get("auditor", page); w.Code != http.StatusForbidden {
			t.Errorf("auditor on %s: code %d, want 403", page, w.Code)
		}
	}
}

func TestFindingPageOfEveryStageIsDrawn(t *testing.T) {
	s := newSite(t)
	s.sent(4)
	for i, c := range []joint.Conclusion{joint.Agree, joint.Continue, joint.Return, joint.Agree} {
		s.judge("8-JT-report-1", ledger.FindingNumber(8, "JT", i+1), c)
	}
	s.do("clerk", ledger.Deliver{Submission: "8-JT-report-1", LetterNumber: "1"})
	s.do("clerk", ledger.Close{Number: "08-JT-004"})
	for who := range actors {
		for i := range 4 {
			path := fmt.Sprintf("/findings/08-JT-%03d", i+1)
			w := s.get(who, path)
			if w.Code == http.StatusInternalServerError || strings.Contains(w.Body.String(), "⟦") {
				t.Errorf("%s on %s: code %d, or a wording is missing", who, path, w.Code)
			}
		}
	}
	if body := s.get("liaison", "/findings/08-JT-003").Body.String(); !strings.Contains(body, "/submissions/8-JT-report-1/answers") || strings.Contains(body, "无数据支撑") {
		t.Error("the organisation is not led to the answers, or reads a party's own words")
	}
}
