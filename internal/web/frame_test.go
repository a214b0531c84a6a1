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
	s.staff() // what an import has so far is kept for its person
	file, err := os.ReadFile("../sheet/testdata/ledger-all.xlsx")
	if err != nil {
		s.t.Fatal(err)
	}
	at := s.begin("clerk", "总台账.xlsx", string(file), "")
	s.settle(at, nil)
	if n := s.count(); n != 0 {
		s.t.Errorf("%d findings before the confirmation", n)
	}
	if w := s.confirm(at); w.Code != http.StatusSeeOther {
		s.t.Fatalf("confirm: code %d; %s", w.Code, w.Body)
	}
	if n := s.count(); n != 228 {
		s.t.Errorf("%d findings imported, want 228", n)
	}
}

func (s testSite) count() int {
	rates, err := s.Supervise.DB.Read().RateRows(s.t.Context(), policy.Scope{All: true}, store.Filter{Round: 8})
	if err != nil {
		s.t.Fatal(err)
	}
	return len(rates)
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
