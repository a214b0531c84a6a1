package web

import (
	"net/http"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// numbered sends a report whose one measure has a number.
func (s testSite) numbered() {
	s.t.Helper()
	s.round(1)
	form := filled("1")
	form["m_number"] = []string{"08-JT-001-1", ""}
	if w := s.post("liaison", "/findings/08-JT-001/fill", form); w.Code != http.StatusSeeOther {
		s.t.Fatalf("fill: code %d", w.Code)
	}
	s.send(1)
}

func TestOpinionSaysWhereAndUntilWhen(t *testing.T) {
	s := newSite(t)
	s.numbered()
	path := reviewPath(reportOne, "08-JT-001")
	give := judged("conclusion", "return", "w-result", "fail", "t-result", "没有数据", "s-result", "第二部分第3条", "m-result", "08-JT-001-1", "d-result", "2026-06-30")
	give.Set("act", "save")
	s.post("team", path, give)
	page := s.get("team", path).Body.String()
	for _, want := range []string{`<details class="rwhere" open>`, `value="第二部分第3条"`, `<option value="08-JT-001-1" selected>`, `value="2026-06-30"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the draft lacks %q", want)
		}
	}
	give.Set("act", "give")
	give.Set("seen", "0")
	give.Set("key", newKey())
	if w := s.post("team", path, give); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; %s", w.Code, summaryOf(w.Body.String()))
	}
	said, err := s.Supervise.DB.Read().Opinions(t.Context(), policy.ScopeOf(actors["team"]), store.VoiceFilter{Finding: "08-JT-001"})
	want := ledger.Said{Criterion: "result", Kind: ledger.Must, Text: "没有数据", Section: "第二部分第3条", Measure: "08-JT-001-1", Due: day("2026-06-30")}
	if err != nil || len(said) != 1 || said[0].Said != want {
		t.Fatalf("opinions %+v, %v; want %+v", said, err, want)
	}
	for _, who := range []string{"clerk", "discipline", "personnel"} {
		s.post(who, path, judged())
	}
	const line = "位置：第二部分第3条 · 措施 08-JT-001-1 · 2026-06-30 前完成"
	for who, page := range map[string]string{"team": path, "personnel": "/findings/08-JT-001", "clerk": consolidatePath(reportOne, "08-JT-001")} {
		if body := s.get(who, page).Body.String(); !strings.Contains(body, line) {
			t.Errorf("%s does not read on %s where the opinion belongs", who, page)
		}
	}
	if page := s.get("clerk", consolidatePath(reportOne, "08-JT-001")).Body.String(); !strings.Contains(page, `title="没有数据 `+line) || !strings.Contains(page, "2026年6月30日前") {
		t.Error("consolidation does not offer the place on the chip and the due date in the entry")
	}
}

func TestWrongPlaceStandsAtItsControl(t *testing.T) {
	s := newSite(t)
	s.numbered()
	path := reviewPath(reportOne, "08-JT-001")
	for name, c := range map[string]struct{ control, typed, at string }{
		"a day that is none":  {"d-result", "六月底", `href="#d-result-1"`},
		"a day that is over":  {"d-result", "2020-01-01", `href="#d-result-1"`},
		"an unknown measure":  {"m-result", "08-JT-009-9", `href="#m-result-1"`},
		"a place, no opinion": {"s-rules", "第一部分", `href="#t-rules-1"`},
	} {
		w := s.post("team", path, judged("conclusion", "return", "w-result", "fail", "t-result", "没有数据", "s-result", "附件二", c.control, c.typed))
		if page := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, c.at) || !strings.Contains(page, `value="附件二"`) {
			t.Errorf("%s: code %d; want 422 at %s with what was typed; %s", name, w.Code, c.at, summaryOf(page))
		}
	}
}

func TestMechanismAsksForTheChange(t *testing.T) {
	s := newSite(t)
	const path, tick = "/mechanisms/weixi/edit", "documents[1].require_change"
	w := s.get("clerk", path)
	if !strings.Contains(w.Body.String(), `name="`+tick+`"`) {
		t.Fatal("the editor has no tick for it")
	}
	fields := fieldsOf(t, w)
	fields.Set(tick, "on")
	w = s.press("clerk", path, fields, "preview")
	if !strings.Contains(w.Body.String(), "“必须改”的意见要写明如何修改。") {
		t.Fatal("the preview does not say it")
	}
	fields = fieldsOf(t, w)
	fields.Set("note", "意见要可操作")
	if w = s.press("clerk", path, fields, "publish"); w.Code != http.StatusSeeOther {
		t.Fatalf("publish: code %d", w.Code)
	}
	s.sent(1)
	at := reviewPath(reportOne, "08-JT-001")
	if page := s.get("team", at).Body.String(); !strings.Contains(page, "“必须改”的要填") {
		t.Error("the field does not say that it is required")
	}
	w = s.post("team", at, judged("conclusion", "return", "w-result", "fail", "t-result", "没有数据"))
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `href="#c-result-1"`) {
		t.Errorf("without the change: code %d; want 422 at its field", w.Code)
	}
}

func TestRenewedOpinionNamesTheOneBefore(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.judge(reportOne, "08-JT-001", joint.Return)
	s.returned(reportOne, 2)
	const two = "8-JT-report-2"
	again := againName(ledger.Opinion{ID: ledger.VerdictID(reportOne, "08-JT-001", "discipline") + ":1"})
	if page := s.get("discipline", reviewPath(two, "08-JT-001")).Body.String(); strings.Contains(page, "次提出，上次") {
		t.Error("an opinion raised once is called renewed")
	}
	w := s.post("discipline", reviewPath(two, "08-JT-001"), judged(again, "again", "conclusion", "return", "w-result", "fail", "t-result", "仍无数据支撑"))
	if w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; %s", w.Code, summaryOf(w.Body.String()))
	}
	const line = "第2次提出，上次：无数据支撑。"
	if page := s.get("discipline", "/findings/08-JT-001").Body.String(); strings.Count(page, line) != 1 {
		t.Errorf("the finding names the opinion before %d times, want once", strings.Count(page, line))
	}
	for who, party := range map[string]joint.Party{"clerk": "office", "personnel": "personnel", "team": "team"} {
		s.do(who, wherePass(two, party))
	}
	s.do("clerk", ledger.Consolidate{
		Submission: two, Finding: "08-JT-001", Conclusion: joint.Return, Reason: "数据仍缺",
		Entries: []ledger.Entry{{Text: "请补充数据。", Origins: []string{ledger.VerdictID(two, "08-JT-001", "discipline") + ":1"}}},
	})
	s.returned(two, 3)
	if page := s.get("discipline", reviewPath("8-JT-report-3", "08-JT-001")).Body.String(); !strings.Contains(page, line) {
		t.Error("the re-check box does not name the opinion before")
	}
}

// allPass is a verdict on version 2 that finds nothing wrong and is content with
// every answer.
func wherePass(submission string, party joint.Party) ledger.GiveVerdict {
	give := ledger.GiveVerdict{
		Submission: submission, Finding: "08-JT-001", Party: party,
		Judged:   ledger.Judged{Conclusion: joint.Agree, Words: map[string]string{}},
		Rechecks: map[string]bool{ledger.VerdictID(reportOne, "08-JT-001", party) + ":1": true},
	}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		give.Judged.Words[c.Code] = "pass"
	}
	return give
}

// returned delivers the letter, answers it and sends the next version.
func (s testSite) returned(submission string, next int) {
	s.t.Helper()
	s.do("clerk", ledger.Deliver{Submission: submission, LetterNumber: "云巡办函〔2026〕" + itoa(next) + "号"})
	s.do("liaison", ledger.AnswerEntry{Submission: submission, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分"})
	f, err := s.Supervise.DB.Read().Finding(s.t.Context(), policy.Scope{All: true}, "08-JT-001")
	if err != nil {
		s.t.Fatal(err)
	}
	text := f.Progress
	text.Text += "第" + itoa(next) + "稿补充。"
	s.do("liaison", ledger.WriteProgress{Number: f.Number, Progress: text})
	s.send(next)
}
