package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// contesting opens round 8 under a mechanism that asks whether organisations agree
// and in which the discipline commission decides on extensions.
func (s testSite) contesting(n int) {
	s.t.Helper()
	m := mechanism.Presets()["weixi"]
	m.Acceptance, m.Extension.DecidedBy = true, "discipline"
	s.Supervise.Mechanisms["weixi"] = m
	s.round(n)
}

// form are the fields every form of the finding's page carries, and more in pairs.
func (s testSite) form(number string, pairs ...string) url.Values {
	s.t.Helper()
	f, err := s.Supervise.DB.Read().Finding(s.t.Context(), policy.ScopeOf(actors["clerk"]), number)
	if err != nil {
		s.t.Fatal(err)
	}
	v := url.Values{"seen": {strconv.FormatInt(f.Version, 10)}, "key": {newKey()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

func (s testSite) now(number string) ledger.Finding {
	s.t.Helper()
	f, err := s.Supervise.DB.Read().Finding(s.t.Context(), policy.ScopeOf(actors["clerk"]), number)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func wantIn(t *testing.T, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("%s does not say %q", what, text)
		}
	}
}

func wantNot(t *testing.T, what, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("%s says %q", what, text)
		}
	}
}

func TestAcknowledgementOnItsPages(t *testing.T) {
	s := newSite(t)
	s.contesting(3)
	list := s.get("liaison", "/rounds/8/fill").Body.String()
	wantIn(t, "the list", list, "还有 3 个问题没有认领", `name="id" value="08-JT-001"`, `action="/rounds/8/fill/acknowledge"`)

	fields := url.Values{"id": {"08-JT-001", "08-JT-002"}}
	for _, n := range []string{"08-JT-001", "08-JT-002", "08-JT-003"} {
		fields.Set(seenName(n), s.form(n).Get("seen"))
	}
	if w := s.post("liaison", "/rounds/8/fill/acknowledge", url.Values{}); w.Code != 422 || !strings.Contains(w.Body.String(), "请先勾选") {
		t.Errorf("nothing ticked: code %d", w.Code)
	}
	if w := s.post("liaison", "/rounds/8/fill/acknowledge", fields); w.Code != 303 {
		t.Fatalf("agree with two: code %d\n%s", w.Code, w.Body)
	}
	if w := s.post("liaison", "/rounds/8/fill/acknowledge", fields); w.Code != 409 {
		t.Errorf("an old list: code %d, want 409", w.Code)
	}
	path := "/findings/08-JT-003/acknowledge"
	w := s.post("liaison", path, s.form("08-JT-003", "position", "disagrees"))
	wantIn(t, "disagreeing without grounds", w.Body.String(), "请写明依据")
	if w.Code != 422 {
		t.Errorf("disagreeing without grounds: code %d", w.Code)
	}
	for who, want := range map[string]int{"clerk": 403, "discipline": 403, "stranger": 404} {
		if w := s.post(who, path, s.form("08-JT-003", "position", "agrees")); w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
	}
	if w := s.post("head", path, s.form("08-JT-003", "position", "disagrees", "grounds", "台账显示已检查9次")); w.Code != 303 {
		t.Fatalf("disagree: code %d", w.Code)
	}
	wantIn(t, "the page", s.get("clerk", "/findings/08-JT-003").Body.String(), "有异议", "台账显示已检查9次", "认领问题")
	contested := s.get("clerk", "/rounds/8/ledger?view=contested").Body.String()
	wantIn(t, "the list of what is contested", contested, "08-JT-003")
	wantNot(t, "the list of what is contested", contested, "08-JT-001")
	wantIn(t, "the workbench of the office", s.get("clerk", "/").Body.String(), "1 个问题单位有异议")
	overview := s.get("clerk", "/rounds/8").Body.String()
	wantIn(t, "the overview", overview, "认领率", "position=disagrees")
	if rows := s.get("clerk", "/rounds/8/ledger?rate=acknowledged").Body.String(); !strings.Contains(rows, "08-JT-002") || strings.Contains(rows, "08-JT-003") {
		t.Error("the list behind the acceptance rate is not that of those agreed with")
	}
}

func TestNobodyIsAskedWhereTheMechanismDoesNot(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for who, path := range map[string]string{"liaison": "/rounds/8/fill", "head": "/findings/08-JT-001", "clerk": "/rounds/8"} {
		wantNot(t, path, s.get(who, path).Body.String(), "认领")
	}
	if w := s.post("liaison", "/findings/08-JT-001/acknowledge", s.form("08-JT-001", "position", "agrees")); w.Code != 422 {
		t.Errorf("code %d, want 422", w.Code)
	}
}

func TestExtensionOnItsPages(t *testing.T) {
	s := newSite(t)
	s.contesting(2)
	path := "/findings/08-JT-001/"
	wantIn(t, "the page", s.get("liaison", path[:len(path)-1]).Body.String(), `action="/findings/08-JT-001/extend"`)
	w := s.post("liaison", path+"extend", s.form("08-JT-001", "to", "2026-03-01", "reason", "等待上级批复"))
	if w.Code != 422 {
		t.Errorf("an earlier day: code %d", w.Code)
	}
	wantIn(t, "an earlier day", w.Body.String(), "不晚于现在的期限", "等待上级批复", `value="2026-03-01"`)
	if w := s.post("liaison", path+"extend", s.form("08-JT-001", "to", "三月", "reason", "x")); w.Code != 422 || s.now("08-JT-001").Class.Deadline != day("2026-03-31") {
		t.Errorf("no day at all: code %d", w.Code)
	}
	late := s.today().AddDays(400).String()
	if w := s.post("liaison", path+"extend", s.form("08-JT-001", "to", late, "reason", "等待上级批复")); w.Code != 303 {
		t.Fatalf("ask: code %d", w.Code)
	}
	wantIn(t, "the workbench of the asker", s.get("liaison", "/").Body.String(), "1 份延期申请等待审批")
	wantIn(t, "the workbench of who decides", s.get("discipline", "/").Body.String(), "审批 1 份延期申请", "extension=pending")
	for _, who := range []string{"clerk", "personnel"} {
		wantNot(t, "the workbench of "+who, s.get(who, "/").Body.String(), "份延期申请")
		wantNot(t, "the page for "+who, s.get(who, "/findings/08-JT-001").Body.String(), "/decide")
		if w := s.post(who, path+"decide", s.form("08-JT-001", "grant", "yes")); w.Code != 403 {
			t.Errorf("%s decides: code %d, want 403", who, w.Code)
		}
	}
	if w := s.post("discipline", path+"decide", s.form("08-JT-001", "grant", "no")); w.Code != 422 || !strings.Contains(w.Body.String(), "不同意延期的，请写明理由") {
		t.Errorf("refusing without a reason: code %d", w.Code)
	}
	if w := s.post("discipline", path+"decide", s.form("08-JT-001", "grant", "yes")); w.Code != 303 {
		t.Fatalf("grant: code %d", w.Code)
	}
	wantIn(t, "the page", s.get("liaison", "/findings/08-JT-001").Body.String(), "原期限 2026-03-31", late, "已同意", "同意延期")
	wantIn(t, "the list of moved deadlines", s.get("clerk", "/rounds/8/ledger?extension=granted").Body.String(), "08-JT-001")
	wantIn(t, "the overview", s.get("clerk", "/rounds/8").Body.String(), "已同意延期的问题（共 1 份）")

	class := s.now("08-JT-002").Class
	class.Deadline = day("2026-04-10")
	s.do("clerk", ledger.Classify{Number: "08-JT-002", Class: class, Reason: "登记有误"})
	wantIn(t, "a correction beside them", s.get("liaison", "/findings/08-JT-002").Body.String(), "巡察办更正", "2026-03-31 → 2026-04-10", "登记有误")
}

func TestOutcomesOnTheirPages(t *testing.T) {
	s := newSite(t)
	s.round(3)
	page := s.get("clerk", "/findings/08-JT-001").Body.String()
	wantIn(t, "the page", page, `action="/findings/08-JT-001/settle"`, "未整改到位")
	wantNot(t, "what was never reported on", page, `value="continuing"`)
	wantNot(t, "the page for a party", s.get("discipline", "/findings/08-JT-001").Body.String(), "/settle")
	path := "/findings/08-JT-001/settle"
	w := s.post("clerk", path, s.form("08-JT-001", "outcome", "merged", "reason", "同类问题", "into", "08-WJ-001"))
	if w.Code != 422 {
		t.Errorf("into nowhere: code %d", w.Code)
	}
	wantIn(t, "into nowhere", w.Body.String(), "不是该党组织本轮的其他问题", "同类问题", `value="08-WJ-001"`)
	for who, want := range map[string]int{"liaison": 403, "discipline": 403, "stranger": 404} {
		if w := s.post(who, path, s.form("08-JT-001", "outcome", "withdrawn", "reason", "误")); w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
	}
	if w := s.post("clerk", path, s.form("08-JT-001", "outcome", "merged", "reason", "同类问题", "into", "08-JT-002")); w.Code != 303 {
		t.Fatalf("merge: code %d", w.Code)
	}
	old := s.form("08-JT-001", "outcome", "withdrawn", "reason", "误")
	old.Set("seen", "1")
	if w := s.post("clerk", path, old); w.Code != 409 || !strings.Contains(w.Body.String(), "撤销") {
		t.Errorf("an old page: code %d, want 409 with what was typed", w.Code)
	}
	wantIn(t, "the page", s.get("liaison", "/findings/08-JT-001").Body.String(), "已办结（非整改）", "并入其他问题", "/findings/08-JT-002", "同类问题")
	settled := s.get("clerk", "/rounds/8/ledger?view=settled").Body.String()
	wantIn(t, "the list of what was settled", settled, "08-JT-001", "已办结（非整改）")
	wantNot(t, "what is open", s.get("clerk", "/rounds/8/ledger?view=open").Body.String(), "08-JT-001")
	wantIn(t, "the overview", s.get("clerk", "/rounds/8").Body.String(), "outcome=merged", "1 条已办结（非整改）")

	if w := s.post("clerk", "/findings/08-JT-001/reopen", s.form("08-JT-001", "reason", "两事不同")); w.Code != 303 {
		t.Fatalf("reopen: code %d", w.Code)
	}
	wantIn(t, "the page", s.get("clerk", "/findings/08-JT-001").Body.String(), "以前的结果", "重开：两事不同")
	if f := s.now("08-JT-001"); f.Stage != ledger.Registered || !f.Reopened {
		t.Errorf("reopened: %+v", f)
	}
}
