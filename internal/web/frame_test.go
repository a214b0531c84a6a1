package web

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// The sample ledger goes in through the pages alone: organisations, teams, the
// round, upload, preview, confirm.
func TestFrameAndImportOfTheSampleLedger(t *testing.T) {
	s := newSite(t)
	for code, name := range map[string]string{
		"JT": "中共云溪县教育体育局党组", "WJ": "中共云溪县卫生健康局党组", "NY": "中共云溪县农业农村局党组", "MZ": "中共云溪县民政局党组",
		"SW": "中共云溪县水务局党组", "LC": "中共云溪县林业和草原局党组", "DX": "中共云溪县委党校校务委员会",
	} {
		if w := s.post("clerk", "/organisations", url.Values{"code": {strings.ToLower(code)}, "full": {name}}); w.Code != http.StatusSeeOther {
			t.Fatalf("add %s: code %d; %s", code, w.Code, w.Body)
		}
	}
	if w := s.post("clerk", "/bodies", url.Values{"code": {"team-1"}, "name": {"县委第一巡察组"}, "sections": {"一科\n二科"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("add team: code %d; %s", w.Code, w.Body)
	}
	for code, name := range map[string]string{"office": "县委巡察办", "discipline": "县纪委监委", "personnel": "县委组织部"} {
		if w := s.post("clerk", "/bodies", url.Values{"code": {code}, "name": {name}}); w.Code != http.StatusSeeOther {
			t.Fatalf("add %s: code %d; %s", code, w.Code, w.Body)
		}
	}
	round := url.Values{"number": {"8"}, "name": {"第八轮巡察"}, "feedback_on": {"2025-11-20"}, "mechanism": {"weixi"}}
	if w := s.post("clerk", "/rounds", round); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a round without an organisation: code %d, want 422", w.Code)
	}
	for _, code := range []string{"JT", "WJ", "NY", "MZ", "SW", "LC", "DX"} {
		round.Set("team-"+code, "team-1")
	}
	if w := s.post("clerk", "/rounds", round); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/rounds/8/import" {
		t.Fatalf("open the round: code %d; %s", w.Code, w.Body)
	}
	s.importSample()
}

func (s testSite) importSample() {
	s.t.Helper()
	file, err := os.ReadFile("../sheet/testdata/ledger-all.xlsx")
	if err != nil {
		s.t.Fatal(err)
	}
	w := s.upload("clerk", "/rounds/8/import", "总台账.xlsx", string(file), nil)
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(page, "确认导入 228 个问题") || !strings.Contains(page, "将新增 228 个问题") {
		s.t.Fatalf("preview: code %d;\n%s", w.Code, page)
	}
	_, sum, _ := strings.Cut(page, `name="file" value="`)
	confirm := url.Values{"file": {sum[:64]}, "name": {"总台账.xlsx"}}
	if n := s.count(); n != 0 {
		s.t.Errorf("%d findings before the confirmation", n)
	}
	if w := s.post("clerk", "/rounds/8/import/confirm", confirm); w.Code != http.StatusSeeOther {
		s.t.Fatalf("confirm: code %d; %s", w.Code, w.Body)
	}
	if n := s.count(); n != 228 {
		s.t.Errorf("%d findings imported, want 228", n)
	}
	if w := s.post("clerk", "/rounds/8/import/confirm", confirm); w.Code != http.StatusUnprocessableEntity || s.count() != 228 {
		s.t.Errorf("the same file again: code %d, %d findings; want 422 and 228", w.Code, s.count())
	}
}

func (s testSite) count() int {
	rates, err := s.Supervise.DB.Read().RateRows(s.t.Context(), policy.Scope{All: true}, store.Filter{Round: 8})
	if err != nil {
		s.t.Fatal(err)
	}
	return len(rates)
}

func TestImportNamesTheCellAndWritesNothing(t *testing.T) {
	s := newSite(t)
	s.round(0)
	good := "问题编号,被巡察党组织,反馈类别,反馈问题（原文）,整改类型,完成时限\n08-JT-001,中共云溪县教育体育局党组,决策部署,监管存在盲区。,限期整改,2026-01-31\n"
	for name, bad := range map[string]struct{ text, want string }{
		"an impossible date":        {strings.Replace(good, "2026-01-31", "2026-02-30", 1), "F2"},
		"a date before feedback":    {strings.Replace(good, "2026-01-31", "2025-01-31", 1), "F2"},
		"an unknown organisation":   {strings.Replace(good, "教育体育局", "财政局", 1), "B2"},
		"a column nobody knows":     {strings.Replace(good, "完成时限\n", "完成时限,不认识的栏\n", 1), "不认识的栏"},
		"a missing column":          {strings.Replace(strings.Replace(good, "反馈问题（原文）,", "", 1), "监管存在盲区。,", "", 1), "反馈问题"},
		"the same number twice":     {good + strings.SplitAfter(good, "\n")[1], "A3"},
		"an empty file":             {"", "空"},
		"something else altogether": {"%PDF-1.7", ""},
	} {
		w := s.upload("clerk", "/rounds/8/import", "台账.csv", bad.text, nil)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), bad.want) {
			t.Errorf("%s: code %d; want 422 with %q", name, w.Code, bad.want)
		}
	}
	if s.count() != 0 {
		t.Error("a refused file left findings behind")
	}
	if w := s.upload("clerk", "/rounds/8/import", "台账.csv", good, nil); w.Code != http.StatusOK {
		t.Errorf("the good file: code %d; %s", w.Code, w.Body)
	}
}

func TestFrameIsForTheOffice(t *testing.T) {
	s := newSite(t)
	s.round(0)
	for who, want := range map[string]int{"clerk": 200, "sysadmin": 200, "liaison": 403, "discipline": 403, "leader": 403, "auditor": 403} {
		if w := s.get(who, "/organisations"); w.Code != want {
			t.Errorf("%s opens the frame: code %d, want %d", who, w.Code, want)
		}
	}
	w := s.post("clerk", "/organisations/JT/rename", url.Values{"full": {"中共云溪县教育局党组"}, "short": {"县教育局"}, "since": {"2026-01-01"}})
	if w.Code != http.StatusSeeOther {
		t.Fatalf("rename: code %d; %s", w.Code, w.Body)
	}
	o, err := s.Supervise.DB.Read().Organisation(t.Context(), "JT")
	if err != nil || o.NameOn(day("2025-11-20")).Short != "县教育体育局" || o.NameOn(day("2026-03-01")).Short != "县教育局" {
		t.Errorf("names %+v, %v; want the old one at the feedback and the new one after", o.Names, err)
	}
	if w := s.post("clerk", "/organisations", url.Values{"code": {"JT"}, "full": {"再来一个"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "再来一个") {
		t.Errorf("a code twice: code %d; want 422 with what was typed", w.Code)
	}
	if w := s.post("clerk", "/rounds/8/edit", url.Values{"seen": {"1"}, "name": {"第八轮"}, "feedback_on": {"2025-11-20"}, "report_due": {"2025-01-01"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a report due before the feedback: code %d, want 422", w.Code)
	}
}
