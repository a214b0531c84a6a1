package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Who speaks for which party of the test site.
var speaking = map[string]joint.Party{"clerk": "office", "discipline": "discipline", "personnel": "personnel", "team": "team"}

// speak gives the verdicts of all parties on the finding: those in harsh fail the
// criterion "result" and want it returned, in their own words.
func (s testSite) speak(number string, harsh ...string) {
	s.t.Helper()
	for who := range speaking {
		s.says(who, number, slices.Contains(harsh, who))
	}
}

// says gives the verdict of one party on the finding.
func (s testSite) says(who, number string, harsh bool) {
	s.t.Helper()
	give := ledger.GiveVerdict{
		Submission: reportOne, Finding: number, Party: speaking[who],
		Judged: ledger.Judged{Conclusion: joint.Agree, Words: map[string]string{}},
	}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		give.Judged.Words[c.Code] = "pass"
	}
	if harsh {
		give.Judged.Conclusion, give.Judged.Words["result"] = joint.Return, "fail"
		give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "缺数据（" + who + "）。", Change: "列明家数"}}
	}
	s.do(who, give)
}

func opinionOf(number, who string) string {
	return ledger.VerdictID(reportOne, number, speaking[who]) + ":1"
}

// consolidationForm is a complete consolidation of a disputed finding, carrying the
// opinions of those named.
func consolidationForm(number, seen string, carried ...string) url.Values {
	v := url.Values{
		"seen": {seen}, "key": {newKey()}, "act": {"confirm"}, "entries": {"1"}, "conclusion": {"return"},
		"reason": {"三方意见一致，从严掌握"}, "text-1": {"请逐家列明检查结果。"}, "change-1": {"附清单"},
	}
	for _, who := range carried {
		v.Add("origin-1", opinionOf(number, who))
	}
	return v
}

func TestDisagreementsComeFirstAndAgreementsTogether(t *testing.T) {
	s := newSite(t)
	s.sent(4)
	s.speak("08-JT-001")
	s.speak("08-JT-002")
	s.speak("08-JT-003", "team")
	page := s.get("clerk", "/rounds/8/consolidate").Body.String()
	first, second := strings.Index(page, `>08-JT-003</a>`), strings.Index(page, `>08-JT-001</a>`)
	if first < 0 || second < first {
		t.Error("the disputed finding does not come before those that all agree on")
	}
	if !strings.Contains(page, "一致同意 2 条，批量汇总") || !strings.Contains(page, "未齐") {
		t.Fatal("the list does not offer the two agreements together, or hides that one is incomplete")
	}
	all := url.Values{"key": {newKey()}, "number": {"08-JT-001", "08-JT-002"}}
	for range 2 { // the repeat does nothing more
		w := s.post("clerk", "/consolidate/"+reportOne+"/agreed", all)
		if w.Code != http.StatusSeeOther {
			t.Fatalf("code %d; %s", w.Code, w.Body)
		}
	}
	made, err := s.Supervise.DB.Read().Consolidations(t.Context(), policy.ScopeOf(actors["clerk"]), store.VoiceFilter{})
	if err != nil || len(made) != 2 || made[0].Version != 1 {
		t.Fatalf("consolidations %+v, %v; want two, made once", made, err)
	}
}

func TestBulkStopsAtADisagreementAndChangesNothing(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.speak("08-JT-001")
	s.speak("08-JT-002", "team")
	w := s.post("clerk", "/consolidate/"+reportOne+"/agreed", url.Values{"key": {newKey()}, "number": {"08-JT-001", "08-JT-002"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "08-JT-002：") {
		t.Errorf("code %d; want 422 naming the finding", w.Code)
	}
	if made, _ := s.Supervise.DB.Read().Consolidations(t.Context(), policy.Scope{All: true, Verdicts: policy.Consolidated}, store.VoiceFilter{}); len(made) != 0 {
		t.Errorf("%d made; want none", len(made))
	}
}

func TestConsolidationShowsWhoStandsAlone(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.speak("08-JT-001", "clerk", "discipline", "team")
	page := s.get("clerk", consolidatePath(reportOne, "08-JT-001")).Body.String()
	for _, want := range []string{"1 项不一致", "少数意见", "结论（3 : 1）", "缺数据（team）", `value="return" selected`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	// The three say the same thing but for who says it: one entry carries all.
	if n := strings.Count(page, `name="origin-1"`); n != 3 {
		t.Errorf("entry 1 offers %d opinions; want 3", n)
	}
}

func TestConsolidationIsWordedAndRedone(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.speak("08-JT-001", "discipline", "team")
	s.speak("08-JT-002", "team")
	path := consolidatePath(reportOne, "08-JT-001")
	for name, c := range map[string]struct {
		change func(url.Values)
		want   []string
	}{
		"no reason":            {func(v url.Values) { v.Del("reason") }, []string{`href="#reason"`, "请逐家列明检查结果"}},
		"opinion dropped":      {func(v url.Values) { v.Del("origin-1"); v.Add("origin-1", opinionOf("08-JT-001", "team")) }, []string{`href="#aside-`, "没有带入意见函"}},
		"no entry":             {func(v url.Values) { v.Set("entries", "0") }, []string{`href="#add-entry"`}},
		"entry without a text": {func(v url.Values) { v.Set("text-1", " ") }, []string{`href="#text-1"`}},
	} {
		t.Run(name, func(t *testing.T) {
			v := consolidationForm("08-JT-001", "0", "discipline", "team")
			c.change(v)
			w := s.post("clerk", path, v)
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
	v := consolidationForm("08-JT-001", "0", "discipline")
	v.Set(asideName(ledger.Opinion{ID: opinionOf("08-JT-001", "team")}), "与纪委监委意见重复")
	w := s.post("clerk", path, v)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != consolidatePath(reportOne, "08-JT-002") {
		t.Fatalf("code %d to %q; want the next disagreement; %s", w.Code, to, w.Body)
	}
	if page := s.get("clerk", path).Body.String(); !strings.Contains(page, "请逐家列明检查结果") || !strings.Contains(page, "与纪委监委意见重复") {
		t.Error("what was made does not come back into the form")
	}
	again := consolidationForm("08-JT-001", "1", "discipline", "team")
	if w := s.post("clerk", path, again); w.Code != http.StatusSeeOther {
		t.Errorf("redo before delivery: code %d; %s", w.Code, w.Body)
	}
}

func TestSecondConsolidationShowsBothAndMayReplace(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.speak("08-JT-001", "team")
	path := consolidatePath(reportOne, "08-JT-001")
	s.post("clerk", path, consolidationForm("08-JT-001", "0", "team"))
	mine := consolidationForm("08-JT-001", "0", "team")
	mine.Set("text-1", "请补充台账。")
	w := s.post("clerk", path, mine)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "请补充台账") || !strings.Contains(w.Body.String(), "请逐家列明检查结果") {
		t.Fatalf("code %d; want 409 with both wordings", w.Code)
	}
	mine.Set("seen", "1")
	mine.Set("key", newKey())
	if w := s.post("clerk", path, mine); w.Code != http.StatusSeeOther {
		t.Errorf("mine over theirs: code %d", w.Code)
	}
}

func TestEntriesAreAddedDroppedAndMergedWithoutAnAct(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.speak("08-JT-001", "discipline", "team")
	path := consolidatePath(reportOne, "08-JT-001")
	v := consolidationForm("08-JT-001", "0", "discipline", "team")
	v.Set("act", "add")
	if w := s.post("clerk", path, v); strings.Count(w.Body.String(), `name="text-`) != 2 || !strings.Contains(w.Body.String(), "请逐家列明检查结果") {
		t.Error("one more entry does not come with what was typed")
	}
	v.Set("act", "merge:1")
	if w := s.post("clerk", path, v); !strings.Contains(w.Body.String(), "缺数据（discipline）；缺数据（team）。") || !strings.Contains(w.Body.String(), ">列明家数。<") {
		t.Error("merging does not string the ticked opinions together, each thing once")
	}
	v.Set("act", "drop:1")
	if w := s.post("clerk", path, v); strings.Contains(w.Body.String(), `name="text-`) {
		t.Error("the entry is still there")
	}
	if made, _ := s.Supervise.DB.Read().Consolidations(t.Context(), policy.Scope{All: true, Verdicts: policy.Consolidated}, store.VoiceFilter{}); len(made) != 0 {
		t.Error("a button of the form was taken for the act")
	}
}

func TestOfficeIsBlindTooUntilItSpeaks(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	if w := s.post("team", reviewPath(reportOne, "08-JT-001"), judged("conclusion", "return", "w-result", "fail", "t-result", "抽查发现停更")); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d", w.Code)
	}
	for _, path := range []string{"/rounds/8/consolidate", consolidatePath(reportOne, "08-JT-001"), letterPath(reportOne)} {
		body := s.get("clerk", path).Body.String()
		if strings.Contains(body, "抽查发现停更") || strings.Contains(body, "尤志刚") || strings.Contains(body, "退回重报") {
			t.Errorf("%s tells the office what the team holds", path)
		}
	}
	if body := s.get("clerk", consolidatePath(reportOne, "08-JT-001")).Body.String(); !strings.Contains(body, "本方还没有评定") {
		t.Error("the office is not told to judge first")
	}
	for who, want := range map[string]int{"team": 403, "liaison": 403, "leader": 403} {
		if w := s.get(who, consolidatePath(reportOne, "08-JT-001")); w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
	}
}

func TestLetterIsDeliveredOnceAndRead(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.speak("08-JT-001", "discipline", "team")
	s.speak("08-JT-002")
	s.post("clerk", consolidatePath(reportOne, "08-JT-001"), consolidationForm("08-JT-001", "0", "discipline", "team"))
	deliver := url.Values{"number": {"云巡办函〔2026〕12号"}, "key": {newKey()}, "seen": {"3"}}
	if w := s.post("clerk", "/consolidate/"+reportOne+"/deliver", deliver); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "还有1个问题没有汇总") || !strings.Contains(w.Body.String(), "云巡办函〔2026〕12号") {
		t.Fatalf("incomplete: code %d; want 422 that keeps the number", w.Code)
	}
	s.do("clerk", ledger.Consolidate{Submission: reportOne, Finding: "08-JT-002", Conclusion: joint.Agree})
	if w := s.get("liaison", letterPath(reportOne)); w.Code != http.StatusNotFound {
		t.Errorf("the organisation reads the letter before delivery: code %d", w.Code)
	}
	if w := s.post("clerk", "/consolidate/"+reportOne+"/deliver", url.Values{"key": {newKey()}, "seen": {"3"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no number: code %d", w.Code)
	}
	if w := s.post("team", "/consolidate/"+reportOne+"/deliver", deliver); w.Code != http.StatusForbidden {
		t.Errorf("the team delivers: code %d", w.Code)
	}
	for range 2 {
		if w := s.post("clerk", "/consolidate/"+reportOne+"/deliver", deliver); w.Code != http.StatusSeeOther {
			t.Fatalf("deliver: code %d; %s", w.Code, w.Body)
		}
	}
	page := s.get("liaison", letterPath(reportOne)).Body.String()
	for _, want := range []string{"云巡办函〔2026〕12号", "请逐家列明检查结果。要求：附清单。", "08-JT-002", "2026年4月8日前", "校验码："} {
		if !strings.Contains(page, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
	for _, secret := range []string{"缺数据", "从严掌握", "葛强", "少数意见"} {
		if strings.Contains(page, secret) {
			t.Errorf("the letter tells the organisation %q", secret)
		}
	}
	if w := s.get("stranger", letterPath(reportOne)); w.Code != http.StatusNotFound {
		t.Errorf("another organisation: code %d, want 404", w.Code)
	}
	if body := s.get("clerk", consolidatePath(reportOne, "08-JT-001")).Body.String(); strings.Contains(body, `name="conclusion"`) || !strings.Contains(body, "从严掌握") {
		t.Error("after delivery the consolidation is still open, or not shown")
	}
}

func TestLetterFileIsTheSameEachTime(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.speak("08-JT-001", "team")
	s.post("clerk", consolidatePath(reportOne, "08-JT-001"), consolidationForm("08-JT-001", "0", "team"))
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕12号"})
	first := s.get("liaison", letterPath(reportOne)+".docx")
	if got := first.Header().Get("Content-Disposition"); first.Code != http.StatusOK || !strings.HasPrefix(got, "attachment") {
		t.Fatalf("code %d, disposition %q", first.Code, got)
	}
	s.do("liaison", ledger.Receive{Submission: reportOne}) // the record grows; the letter stays
	second := s.get("clerk", letterPath(reportOne)+".docx")
	if !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) {
		t.Error("two downloads differ")
	}
	text := documentXML(t, first.Body.Bytes())
	for _, want := range []string{"请逐家列明检查结果。要求：附清单。", "校验码：", "云巡办函〔2026〕12号"} {
		if !strings.Contains(text, want) {
			t.Errorf("the file lacks %q", want)
		}
	}
}

func documentXML(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
