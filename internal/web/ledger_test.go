package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
)

func TestLedgerShowsOnlyOnesOwn(t *testing.T) {
	s := newSite(t)
	s.round(3)
	for who, want := range map[string]int{"clerk": 200, "discipline": 200, "team": 200, "liaison": 200, "leader": 200, "stranger": 200, "sysadmin": 403, "auditor": 403, "secadmin": 403} {
		w := s.get(who, "/rounds/8/ledger?view=all")
		if w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
		sees := strings.Contains(w.Body.String(), "08-JT-002")
		if want == 200 && sees != (who != "stranger") {
			t.Errorf("%s sees a finding of JT: %v", who, sees)
		}
	}
	if w := s.get("clerk", "/rounds/9/ledger"); w.Code != http.StatusNotFound {
		t.Errorf("a round that does not exist: code %d", w.Code)
	}
}

func TestLedgerPagesKeepTheirFiltersAndOrder(t *testing.T) {
	s := newSite(t)
	s.round(120)
	seen := map[string]int{}
	next := "/rounds/8/ledger?view=all&sort=number&dir=desc&claim=not_started"
	var back string
	for range 3 {
		body := s.get("clerk", next).Body.String()
		for i := 1; i <= 120; i++ {
			if number := ledger.FindingNumber(8, "JT", i); strings.Contains(body, ">"+number+"</a>") {
				seen[number]++
			}
		}
		next, back = linkOf(body, "next"), linkOf(body, "prev")
	}
	if len(seen) != 120 || next != "" {
		t.Fatalf("three pages show %d findings of 120; further page: %q", len(seen), next)
	}
	for number, n := range seen {
		if n != 1 {
			t.Errorf("%s is on %d pages", number, n)
		}
	}
	body := s.get("clerk", back).Body.String()
	if !strings.Contains(body, "08-JT-070") || !strings.Contains(body, "08-JT-021") || !strings.Contains(body, "第 51–100 条，共 120 条") || !strings.Contains(body, `aria-sort="descending"`) {
		t.Errorf("back from page 3 is not page 2: %q", back)
	}
}

// linkOf returns where the link with the rel attribute leads.
func linkOf(body, rel string) string {
	head, _, found := strings.Cut(body, `" rel="`+rel+`"`)
	if !found {
		return ""
	}
	return strings.ReplaceAll(head[strings.LastIndex(head, `href="`)+len(`href="`):], "&amp;", "&")
}

func TestLedgerFragmentIsWithoutTheShell(t *testing.T) {
	s := newSite(t)
	s.round(1)
	r := httptest.NewRequest("GET", "/rounds/8/ledger", nil)
	r.Header.Set("HX-Request", "true")
	r.Header.Set("HX-Boosted", "true")
	r.Header.Set("HX-Target", ledgerPart)
	if body := s.ask("clerk", r).Body.String(); strings.Contains(body, "<html") || !strings.HasPrefix(strings.TrimSpace(body), `<div class="lwrap"`) {
		t.Errorf("fragment begins with %.60q", body)
	}
	again := httptest.NewRequest("GET", "/rounds/8/ledger", nil)
	again.Header = r.Header.Clone()
	again.Header.Del("Cookie")
	again.Header.Set("HX-History-Restore-Request", "true")
	if body := s.ask("clerk", again).Body.String(); !strings.Contains(body, "<html") {
		t.Error("going back in the browser gets a part instead of the page")
	}
}

func TestRateOpensItsList(t *testing.T) {
	s := newSite(t)
	s.round(4)
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-003", Progress: ledger.Progress{Text: "已整改。", Claim: ledger.Done}})
	body := s.get("clerk", "/rounds/8/ledger?rate=claimed").Body.String()
	for _, want := range []string{"08-JT-003", "自评整改完成率", "25.0", "单位自评“已完成”的问题数 ÷ 全部反馈问题数", "第 1–1 条，共 1 条", "数据截至 2026-03-24 10:00"} {
		if !strings.Contains(body, want) {
			t.Errorf("list of the rate lacks %q", want)
		}
	}
	if strings.Contains(body, "08-JT-001") {
		t.Error("list of the rate shows a finding that it does not count")
	}
	if w := s.get("clerk", "/rounds/8/ledger?rate=invented"); w.Code != http.StatusNotFound {
		t.Errorf("unknown rate: code %d, want 404", w.Code)
	}
}

func TestSearchFindsByTwoCharacters(t *testing.T) {
	s := newSite(t)
	s.round(2)
	body := s.get("clerk", "/rounds/8/ledger?q="+url.QueryEscape("盲区")).Body.String()
	if !strings.Contains(body, "08-JT-001") {
		t.Error("盲区 does not find the finding")
	}
	body = s.get("clerk", "/rounds/8/ledger?q="+url.QueryEscape("河长")).Body.String()
	if strings.Contains(body, "08-JT-001") || !strings.Contains(body, "没有符合条件的问题") {
		t.Error("河长 finds a finding that does not have it, or there is no empty state")
	}
}

func TestOneFormAssignsAllOrNone(t *testing.T) {
	s := newSite(t)
	s.round(3)
	page := s.get("clerk", "/rounds/8/ledger/assign?id=08-JT-001&id=08-JT-002")
	if page.Code != 200 || !strings.Contains(page.Body.String(), `name="seen:08-JT-002" value="1"`) {
		t.Fatalf("form: code %d", page.Code)
	}
	fields := url.Values{
		"key": {"k"}, "id": {"08-JT-001", "08-JT-002"}, "seen:08-JT-001": {"1"}, "seen:08-JT-002": {"1"},
		"body": {"office"}, "section": {"督查科"}, "person": {"周明丽"},
	}
	if w := s.post("discipline", "/rounds/8/ledger/assign", fields); w.Code != http.StatusForbidden {
		t.Errorf("a reviewer assigns: code %d, want 403", w.Code)
	}
	without := url.Values{"id": {"08-JT-001"}, "seen:08-JT-001": {"1"}, "section": {"督查科"}}
	if w := s.post("clerk", "/rounds/8/ledger/assign", without); w.Code != 422 || !strings.Contains(w.Body.String(), `value="督查科"`) {
		t.Errorf("without a person: code %d, or what was typed is gone", w.Code)
	}
	s.do("clerk", ledger.Assign{Number: "08-JT-002", Watch: ledger.Watch{Body: "office", Person: "别人", Number: "ZZ-08-001"}})
	w := s.post("clerk", "/rounds/8/ledger/assign", fields)
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "有更新：08-JT-002。") {
		t.Errorf("one of them changed: code %d", w.Code)
	}
	if s.watcher("08-JT-001") != "" {
		t.Error("the other one was assigned though the order failed")
	}
	fields.Set("seen:08-JT-002", "2")
	if w := s.post("clerk", "/rounds/8/ledger/assign", fields); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d, want 303", w.Code)
	}
	if a, b := s.watcher("08-JT-001"), s.watcher("08-JT-002"); a != "周明丽" || b != "周明丽/ZZ-08-001" {
		t.Errorf("supervisors %q and %q", a, b)
	}
}

// watcher returns person and duty list number of the finding's supervisor.
func (s testSite) watcher(number string) string {
	s.t.Helper()
	state, err := s.Supervise.DB.Read().Load(s.t.Context(), ledger.FindingRef(number))
	if err != nil {
		s.t.Fatal(err)
	}
	w := state.(ledger.Finding).Watch
	return strings.TrimSuffix(fmt.Sprintf("%s/%s", w.Person, w.Number), "/")
}
