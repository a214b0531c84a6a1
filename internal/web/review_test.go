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

func init() {
	actors["discipline2"] = policy.Actor{Person: "zhu", Name: "祝清", Role: ledger.Reviewer, Body: "discipline"}
	actors["team2"] = policy.Actor{Person: "shi", Name: "施丽君", Role: ledger.Reviewer, Body: "team-2"}
	actors["audit"] = policy.Actor{Person: "shen", Name: "沈青", Role: ledger.Reviewer, Body: "audit"}
}

const reportOne = "8-JT-report-1"

// judged is a complete form: every criterion passes, the conclusion is agree.
func judged(changes ...string) url.Values {
	v := url.Values{"seen": {"0"}, "key": {newKey()}, "act": {"give"}, "conclusion": {"agree"}}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		v.Set("w-"+c.Code, "pass")
		v["t-"+c.Code], v["c-"+c.Code], v["k-"+c.Code] = []string{""}, []string{""}, []string{"must"}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return v
}

func TestReviewGoesFromFindingToFinding(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	if page := s.get("discipline", "/rounds/8/review").Body.String(); !strings.Contains(page, "县教育体育局") || !strings.Contains(page, "本方还有 2 条待评") {
		t.Error("the queue does not show the submission and what is left")
	}
	w := s.get("discipline", "/review/"+reportOne)
	if to := w.Header().Get("Location"); to != reviewPath(reportOne, "08-JT-001") {
		t.Fatalf("start leads to %q", to)
	}
	w = s.post("discipline", reviewPath(reportOne, "08-JT-001"), judged())
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != reviewPath(reportOne, "08-JT-002") {
		t.Fatalf("code %d, next %q; want the second finding; %s", w.Code, to, w.Body)
	}
	w = s.post("discipline", reviewPath(reportOne, "08-JT-002"), judged())
	to := w.Header().Get("Location")
	if page := s.get("discipline", to).Body.String(); !strings.Contains(page, "本方已全部评完") {
		t.Errorf("the last verdict leads to %q; want the queue, saying that all is done", to)
	}
}

func TestReviewIsBlindUntilOnesOwnVerdict(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	const secret = "退费凭证与人数对不上"
	give := judged("conclusion", "return", "w-result", "fail", "t-result", secret, "c-result", "逐人列出")
	if w := s.post("discipline", path, give); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; %s", w.Code, w.Body)
	}
	for _, who := range []string{"personnel", "team", "clerk"} {
		for _, page := range []string{path, "/rounds/8/review"} {
			if body := s.get(who, page).Body.String(); strings.Contains(body, secret) || strings.Contains(body, "葛强") {
				t.Errorf("%s reads the discipline commission's opinion on %s before giving one", who, page)
			}
		}
	}
	if w := s.post("personnel", path, judged()); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; %s", w.Code, w.Body)
	}
	if body := s.get("personnel", path).Body.String(); !strings.Contains(body, secret) || strings.Contains(body, `data-draft`) {
		t.Error("after giving its verdict the party reads the others', and has no form any more")
	}
}

func TestReviewIsForThoseWhoSpeak(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	for who, want := range map[string]int{"team": 200, "clerk": 200, "team2": 404, "liaison": 403, "leader": 403, "": 303} {
		if w := s.get(who, path); w.Code != want {
			t.Errorf("%q: code %d, want %d", who, w.Code, want)
		}
	}
	if body := s.get("audit", path).Body.String(); strings.Contains(body, "data-draft") || !strings.Contains(body, "不是本轮机制的审核方") {
		t.Error("who is on no panel is told so and gets no form")
	}
	if w := s.post("audit", path, judged()); w.Code != http.StatusForbidden && w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a body on no panel gives a verdict: code %d", w.Code)
	}
	if w := s.get("team", reviewPath(reportOne, "08-JT-009")); w.Code != http.StatusNotFound {
		t.Errorf("a finding outside the submission: code %d, want 404", w.Code)
	}
}

func TestRefusedVerdictKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	for name, c := range map[string]struct {
		form url.Values
		want []string
	}{
		"two criteria missing": {judged("w-rules", "", "w-effect", "", "t-result", "要有数据"), []string{"“建章立制是否有效”还没有评定", "“整改效果是否明显”还没有评定", "要有数据"}},
		"fail unexplained":     {judged("w-result", "fail", "conclusion", "return"), []string{`href="#t-result-1"`, "“问题整改是否到位”评为不通过"}},
		"no conclusion":        {judged("conclusion", "", "onsite", "1"), []string{`href="#conclusion"`, `name="onsite" value="1" checked`}},
		"nothing demanded":     {judged("conclusion", "continue", "t-rules", "说明一点", "k-rules", "remark"), []string{"至少要提一条须整改的意见", "说明一点"}},
		"change without words": {judged("c-rules", "补文件"), []string{`href="#t-rules-1"`, "补文件"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.post("team", path, c.form)
			if w.Code != http.StatusUnprocessableEntity {
				t.Fatalf("code %d, want 422", w.Code)
			}
			for _, want := range c.want {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("the page lacks %q", want)
				}
			}
		})
	}
}

func TestSecondColleagueIsShownBothVerdicts(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	if w := s.post("discipline", path, judged()); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d", w.Code)
	}
	w := s.post("discipline2", path, judged("conclusion", "return", "w-rules", "fail", "t-rules", "制度没有执行记录"))
	if w.Code != http.StatusConflict {
		t.Fatalf("code %d, want 409", w.Code)
	}
	for _, want := range []string{"本方已有同事提交", "制度没有执行记录", "同意"} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestVerdictSentTwiceIsOne(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	form := judged()
	for range 2 {
		if w := s.post("discipline", reviewPath(reportOne, "08-JT-001"), form); w.Code != http.StatusSeeOther {
			t.Fatalf("code %d; want the repeat to be answered like the first", w.Code)
		}
	}
}

func TestDraftFlagAndSecondOpinion(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	path := reviewPath(reportOne, "08-JT-001")
	w := s.post("team", path, judged("act", "flag", "t-result", "写到一半"))
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != reviewPath(reportOne, "08-JT-002") {
		t.Fatalf("flag: code %d to %q; want the next finding", w.Code, to)
	}
	page := s.get("team", path).Body.String()
	for _, want := range []string{"写到一半", "取消标记", "已恢复草稿"} {
		if !strings.Contains(page, want) {
			t.Errorf("the flagged finding opens without %q", want)
		}
	}
	if other := s.get("discipline", path).Body.String(); strings.Contains(other, "写到一半") {
		t.Error("a draft is read by another party")
	}
	more := s.post("team", path, judged("act", "more:result", "t-result", "第一条"))
	if body := more.Body.String(); more.Code != http.StatusOK || strings.Count(body, `name="t-result"`) != 2 || !strings.Contains(body, "第一条") {
		t.Error("one more box does not come with what was typed")
	}
	both := judged("conclusion", "return")
	both["t-result"], both["k-result"], both["c-result"] = []string{"甲", "乙"}, []string{"must", "should"}, []string{"", "补表"}
	s.post("team", path, both)
	said, err := s.Supervise.DB.Read().Opinions(t.Context(), policy.ScopeOf(actors["team"]), store.VoiceFilter{Finding: "08-JT-001"})
	if err != nil || len(said) != 2 || said[1].Said != (ledger.Said{Criterion: "result", Kind: ledger.Should, Text: "乙", Change: "补表"}) {
		t.Fatalf("opinions %+v, %v; want both of one criterion", said, err)
	}
	if forms, _ := s.Supervise.DB.Read().FormsUnder(t.Context(), "you", "review:"); len(forms) != 0 {
		t.Errorf("the draft outlives the verdict: %v", forms)
	}
}

func TestSecondVersionShowsChangesAndAsksForRechecks(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.judge(reportOne, "08-JT-001", joint.Return)
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕3号"})
	s.do("liaison", ledger.AnswerEntry{Submission: reportOne, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分第1条"})
	f, err := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true}, "08-JT-001")
	if err != nil {
		t.Fatal(err)
	}
	again := f.Progress
	again.Text += "责令整改19家。"
	s.do("liaison", ledger.WriteProgress{Number: f.Number, Progress: again})
	s.send(2)
	path := reviewPath("8-JT-report-2", "08-JT-001")
	page := s.get("discipline", path).Body.String()
	for _, want := range []string{"责令整改19家。</ins>", "退回重报", "已失效：上次审阅后有修改", "第二部分第1条", "本方意见 1 复核"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of version 2 lacks %q", want)
		}
	}
	opinion := againName(ledger.Opinion{ID: ledger.VerdictID(reportOne, "08-JT-001", "discipline") + ":1"})
	if w := s.post("discipline", path, judged()); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#`+opinion) {
		t.Errorf("without the re-check: code %d, want 422 at the opinion", w.Code)
	}
	if w := s.post("discipline", path, judged(opinion, "content")); w.Code != http.StatusSeeOther {
		t.Errorf("with the re-check: code %d; %s", w.Code, w.Body)
	}
}
