package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lianshen/internal/demo"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// contestedSite is a site with two findings on which the team stands alone.
func contestedSite(t *testing.T) testSite {
	s := newSite(t)
	s.sent(3)
	s.speak("08-JT-001", "team")
	s.speak("08-JT-002", "team")
	s.speak("08-JT-003")
	return s
}

func callForm(items ...string) url.Values {
	v := url.Values{"key": {newKey()}, "kind": {"joint"}, "title": {"分歧会商"}, "on": {"2026-03-26"}, "chair": {"梁建华"}, "place": {"三楼"}}
	for _, i := range items {
		v.Add("item", itemValue(reportOne, i))
	}
	return v
}

// met calls a meeting on both disputed findings.
func (s testSite) met() {
	s.t.Helper()
	w := s.post("clerk", "/rounds/8/meetings", callForm("08-JT-001", "08-JT-002"))
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/meetings/8-m1" {
		s.t.Fatalf("call: %d to %q: %s", w.Code, to, w.Body)
	}
}

func (s testSite) meeting() ledger.Meeting {
	s.t.Helper()
	m, err := s.Supervise.DB.Read().Meeting(s.t.Context(), policy.ScopeOf(actors["clerk"]), "8-m1")
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func (s testSite) resolution(number string) url.Values {
	return url.Values{
		"key": {newKey()}, "seen": {itoa(int(s.meeting().Version))}, "item": {itemValue(reportOne, number)},
		"conclusion": {"continue"}, "reason": {"补齐台账即可"}, "decided_by": {"到会各方一致"}, "vote-team": {"return"},
	}
}

func TestDisagreementsAreListedForThoseWhoHaveSpoken(t *testing.T) {
	s := contestedSite(t)
	page := s.get("clerk", "/rounds/8/disputes").Body.String()
	for _, want := range []string{"08-JT-001", "08-JT-002", `value="` + itemValue(reportOne, "08-JT-002") + `"`, "退回重报"} {
		if !strings.Contains(page, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if strings.Contains(page, "08-JT-003") {
		t.Error("the list holds a finding on which all agree")
	}
	if page := s.get("leader", "/rounds/8/disputes").Body.String(); strings.Contains(page, "08-JT-001") {
		t.Error("a leader reads of a disagreement before anything is made of it")
	}
	if page := s.get("discipline", "/rounds/8/disputes").Body.String(); strings.Contains(page, `type="checkbox"`) {
		t.Error("who may not call a meeting is offered to")
	}
	for _, who := range []string{"liaison", "head", "stranger", "sysadmin", "auditor"} {
		if code := s.get(who, "/rounds/8/disputes").Code; code != http.StatusForbidden {
			t.Errorf("%s: code %d, want 403", who, code)
		}
	}
	s.do("clerk", ledger.Consolidate{
		Submission: reportOne, Finding: "08-JT-001", Conclusion: joint.Agree, Reason: "材料已补",
		SetAside: map[string]string{opinionOf("08-JT-001", "team"): "已补"},
	})
	page = s.get("leader", "/rounds/8/disputes").Body.String()
	for _, want := range []string{"08-JT-001", "改判", "材料已补"} {
		if !strings.Contains(page, want) {
			t.Errorf("the resolved list lacks %q", want)
		}
	}
	if page := s.get("clerk", consolidatePath(reportOne, "08-JT-001")).Body.String(); !strings.Contains(page, "改判") {
		t.Error("the page of the finding hides the override")
	}
}

// The sample names nine disagreements; what is still open of them is listed, and
// the others are among the resolved.
func TestTheSampleDisagreementsAreListed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "demo", "round8", "opinions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sample struct{ Disagreements []struct{ Problem string } }
	if err := json.Unmarshal(text, &sample); err != nil || len(sample.Disagreements) != 9 {
		t.Fatalf("%d disagreements, %v", len(sample.Disagreements), err)
	}
	w := newWorld(t, sqliteOrigin(t))
	round, err := w.Supervise.DB.Read().Round(t.Context(), demo.Round)
	if err != nil {
		t.Fatal(err)
	}
	view, err := w.disputesView(t.Context(), cast["clerk"], round)
	if err != nil {
		t.Fatal(err)
	}
	where := map[string]string{}
	for _, g := range view.Groups {
		for _, row := range g.Rows {
			where[row.Number] = "waiting"
		}
	}
	for _, row := range view.Done {
		where[row.Number] = "resolved"
		if row.How == "" || row.Reason == "" {
			t.Errorf("%s: nobody says how it was resolved", row.Number)
		}
	}
	waiting := 0
	for _, d := range sample.Disagreements {
		if where[d.Problem] == "" {
			t.Errorf("%s is not listed", d.Problem)
		}
		if where[d.Problem] == "waiting" {
			waiting++
		}
	}
	if waiting == 0 || waiting == 9 {
		t.Errorf("%d of the nine wait; the sample has consolidated some", waiting)
	}
}

func TestAMeetingFromAgendaToLetter(t *testing.T) {
	s := contestedSite(t)
	s.met()
	if w := s.post("clerk", "/rounds/8/meetings", callForm("08-JT-001")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "已在会议8-m1的议题中") || !strings.Contains(w.Body.String(), `value="分歧会商"`) {
		t.Errorf("a second agenda: code %d, or what was typed is lost", w.Code)
	}
	for _, who := range []string{"clerk", "discipline", "personnel", "team", "leader"} {
		if code := s.get(who, "/meetings/8-m1").Code; code != http.StatusOK {
			t.Errorf("%s: code %d", who, code)
		}
	}
	if page := s.get("clerk", "/meetings/8-m1").Body.String(); !strings.Contains(page, "缺数据（team）") || !strings.Contains(page, `action="/meetings/8-m1/resolve"`) {
		t.Error("the page lacks the parties' words or the form")
	}
	if page := s.get("discipline", "/meetings/8-m1").Body.String(); strings.Contains(page, `method="post" action="/meetings`) {
		t.Error("who may not preside is offered forms")
	}
	bad := s.resolution("08-JT-001")
	bad.Del("reason")
	if w := s.post("clerk", "/meetings/8-m1/resolve", bad); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明理由") || !strings.Contains(w.Body.String(), "到会各方一致") {
		t.Errorf("without a reason: code %d, or what was typed is lost", w.Code)
	}
	stale := s.resolution("08-JT-001")
	if w := s.post("clerk", "/meetings/8-m1/resolve", s.resolution("08-JT-001")); w.Code != http.StatusSeeOther {
		t.Fatalf("resolve: %d %s", w.Code, w.Body)
	}
	if w := s.post("clerk", "/meetings/8-m1/resolve", stale); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "补齐台账即可") {
		t.Errorf("a stale resolution: code %d", w.Code)
	}
	v := s.resolution("08-JT-002")
	v.Set("reason", "待核实")
	if w := s.post("clerk", "/meetings/8-m1/defer", v); w.Code != http.StatusSeeOther {
		t.Fatalf("defer: %d %s", w.Code, w.Body)
	}
	s.attendAndClose()
	s.consolidatedAsMet()
}

func (s testSite) attendAndClose() {
	s.t.Helper()
	seen := func() url.Values {
		return url.Values{"key": {newKey()}, "seen": {itoa(int(s.meeting().Version))}}
	}
	if w := s.post("clerk", "/meetings/8-m1/close", seen()); w.Code != http.StatusUnprocessableEntity {
		s.t.Errorf("closed with nobody there: %d", w.Code)
	}
	v := seen()
	for name, value := range map[string]string{"seats": "2", "party-1": "team", "name-1": "尤志刚", "present-1": "on", "name-2": "", "note-2": ""} {
		v.Set(name, value)
	}
	if w := s.post("clerk", "/meetings/8-m1/attend", v); w.Code != http.StatusSeeOther {
		s.t.Fatalf("attend: %d %s", w.Code, w.Body)
	}
	if w := s.post("clerk", "/meetings/8-m1/close", seen()); w.Code != http.StatusSeeOther {
		s.t.Fatalf("close: %d %s", w.Code, w.Body)
	}
	if page := s.get("clerk", "/meetings/8-m1").Body.String(); strings.Contains(page, `action="/meetings/8-m1`) || !strings.Contains(page, "尤志刚") {
		s.t.Error("a closed meeting still has forms, or forgot who was there")
	}
	m := s.meeting()
	resolved, deferred := m.Decisions[0], m.Decisions[1]
	if m.Open() || len(m.Decisions) != 2 || resolved.Conclusion != joint.Continue || resolved.Votes["team"] != joint.Return || !deferred.Deferred || !m.Attendance[0].Present {
		s.t.Errorf("meeting %+v", m)
	}
	if page := s.get("clerk", "/meetings/8-m1").Body.String(); !strings.Contains(page, minutesPath("8-m1")) {
		s.t.Error("a closed meeting does not lead to its minutes")
	}
}

// consolidatedAsMet sees that the office consolidates as the meeting resolved.
func (s testSite) consolidatedAsMet() {
	s.t.Helper()
	path := consolidatePath(reportOne, "08-JT-001")
	if page := s.get("clerk", path).Body.String(); !strings.Contains(page, `value="continue" selected`) || !strings.Contains(page, "8-m1") || !strings.Contains(page, "补齐台账即可") {
		s.t.Error("the form does not begin with what the meeting resolved")
	}
	v := consolidationForm("08-JT-001", "0", "team")
	if w := s.post("clerk", path, v); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "须与其一致") {
		s.t.Errorf("against the meeting: %d", w.Code)
	}
	v.Set("conclusion", "continue")
	v.Del("reason")
	if w := s.post("clerk", path, v); w.Code != http.StatusSeeOther {
		s.t.Fatalf("as resolved: %d %s", w.Code, w.Body)
	}
	made, err := s.Supervise.DB.Read().Consolidations(s.t.Context(), policy.ScopeOf(actors["clerk"]), store.VoiceFilter{Finding: "08-JT-001"})
	if err != nil || made[0].Meeting != "8-m1" || made[0].Reason != "补齐台账即可" || made[0].Views["team"] != joint.Return {
		s.t.Errorf("made %+v, %v", made, err)
	}
}

func TestAMeetingIsNoBusinessOfAnOrganisation(t *testing.T) {
	s := contestedSite(t)
	s.met()
	for _, path := range []string{"/rounds/8/meetings", "/meetings/8-m1", "/meetings/8-m1/wall"} {
		for _, who := range []string{"liaison", "head", "stranger", "sysadmin", "secadmin", "auditor"} {
			if code := s.get(who, path).Code; code != http.StatusForbidden {
				t.Errorf("%s gets %s: %d, want 403", who, path, code)
			}
		}
	}
	for _, who := range []string{"discipline", "team", "leader", "liaison"} {
		if code := s.post(who, "/meetings/8-m1/resolve", s.resolution("08-JT-001")).Code; code != http.StatusForbidden {
			t.Errorf("%s resolves: %d, want 403", who, code)
		}
	}
	if code := s.get("clerk", "/meetings/8-m7").Code; code != http.StatusNotFound {
		t.Errorf("a meeting that is not: %d", code)
	}
}

// A reviewer whose seat nobody waits for and who has not spoken reads of a meeting
// that there is one, not what it resolved nor who voted how.
func TestAResolutionIsSealedForWhoHasNotSpoken(t *testing.T) {
	s := contestedSite(t)
	s.met()
	s.post("clerk", "/meetings/8-m1/resolve", s.resolution("08-JT-001"))
	read := s.Supervise.DB.Read()
	mute := policy.ScopeOf(policy.Actor{Role: ledger.Reviewer, Body: "audit"})
	m, err := read.Meeting(t.Context(), mute, "8-m1")
	if err != nil || len(m.Agenda) != 2 || len(m.Decisions) != 0 {
		t.Errorf("a mute seat reads %+v, %v", m.Decisions, err)
	}
	m, err = read.Meeting(t.Context(), policy.ScopeOf(actors["leader"]), "8-m1")
	if err != nil || len(m.Decisions) != 1 || m.Decisions[0].Votes != nil {
		t.Errorf("a leader reads %+v, %v", m.Decisions, err)
	}
	if _, err := read.Meeting(t.Context(), policy.Scope{Team: "team-2", Verdicts: policy.OwnThenAll, Party: "team-2"}, "8-m1"); err == nil {
		t.Error("a team reads of a meeting on others' organisations")
	}
}

func TestTheWallKeepsTheSeal(t *testing.T) {
	s := newSite(t)
	s.Supervise.Mechanisms = map[string]mechanism.Mechanism{"weixi": onTheSpot()}
	s.sent(2)
	v := callForm()
	v.Set("kind", "on_the_spot")
	v.Set("submission", reportOne)
	if w := s.post("clerk", "/rounds/8/meetings", v); w.Code != http.StatusSeeOther {
		t.Fatalf("call: %d %s", w.Code, w.Body)
	}
	give := func(who string, c joint.Conclusion) {
		judged := ledger.Judged{Conclusion: c, Words: map[string]string{}}
		for _, x := range onTheSpot().Criteria(mechanism.Report) {
			judged.Words[x.Code] = "pass"
		}
		act := ledger.GiveVerdict{Submission: reportOne, Finding: "08-JT-001", Party: speaking[who], Judged: judged}
		if c != joint.Agree {
			act.Opinions = []ledger.Said{{Kind: ledger.Must, Text: "缺数据"}}
		}
		s.do(who, act)
	}
	give("clerk", joint.Agree)
	give("discipline", joint.Return)
	give("personnel", joint.Agree)
	wall := func() string { return s.get("clerk", "/meetings/8-m1/wall").Body.String() }
	if page := wall(); strings.Contains(page, "退回重报") || !strings.Contains(page, "已评定 3 / 4") {
		t.Error("the wall tells a conclusion while a seat is silent, or not who has answered")
	}
	give("team", joint.Agree)
	if page := wall(); !strings.Contains(page, "退回重报") || !strings.Contains(page, `data-next`) {
		t.Error("the wall keeps the seal although all have answered")
	}
	if w := s.post("clerk", "/meetings/8-m1/defer", url.Values{"key": {newKey()}, "seen": {"1"}, "item": {itemValue(reportOne, "08-JT-002")}, "reason": {"下次"}}); w.Code != http.StatusSeeOther {
		t.Errorf("defer: %d %s", w.Code, w.Body)
	}
	if w := s.get("clerk", "/meetings/8-m1/wall?at=99"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "08-JT-002") {
		t.Errorf("beyond the agenda: %d", w.Code)
	}
}

// onTheSpot is the usual mechanism with reports reviewed in one room.
func onTheSpot() mechanism.Mechanism {
	m := mechanism.Presets()["weixi"]
	m.Documents = slices.Clone(m.Documents)
	for i := range m.Documents {
		m.Documents[i].Mode = mechanism.OnTheSpot
	}
	return m
}

func TestAnotherBodyConsolidates(t *testing.T) {
	s := newSite(t)
	m := mechanism.Presets()["weixi"]
	m.Parties = slices.Clone(m.Parties)
	for i := range m.Parties {
		m.Parties[i].Consolidates = m.Parties[i].Code == "discipline"
	}
	s.Supervise.Mechanisms = map[string]mechanism.Mechanism{"weixi": m}
	s.sent(1)
	path := consolidatePath(reportOne, "08-JT-001")
	if page := s.get("discipline", path).Body.String(); !strings.Contains(page, "先提交本方评定") {
		t.Error("who has not spoken is not told to speak first")
	}
	s.speak("08-JT-001", "team")
	for _, to := range []string{"/rounds/8/consolidate", path} {
		if code := s.get("clerk", to).Code; code != http.StatusForbidden {
			t.Errorf("the office gets %s: %d, want 403", to, code)
		}
		if code := s.get("discipline", to).Code; code != http.StatusOK {
			t.Errorf("the commission gets %s: %d", to, code)
		}
	}
	if page := s.get("clerk", "/").Body.String(); strings.Contains(page, `href="/rounds/8/consolidate"`) {
		t.Error("the office is led to where it may not go")
	}
	if page := s.get("discipline", "/").Body.String(); !strings.Contains(page, `href="/rounds/8/consolidate"`) || !strings.Contains(page, "1 条分歧待解决") {
		t.Error("the commission is not led to the consolidation or the disagreement")
	}
	if w := s.post("discipline", path, consolidationForm("08-JT-001", "0", "team")); w.Code != http.StatusSeeOther {
		t.Fatalf("consolidate: %d %s", w.Code, w.Body)
	}
	if w := s.post("discipline", "/consolidate/"+reportOne+"/deliver", url.Values{"key": {newKey()}, "seen": {itoa(3)}, "number": {"云纪函〔2026〕1号"}}); w.Code != http.StatusSeeOther {
		t.Errorf("deliver: %d", w.Code)
	}
}
