package web

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
)

var (
	control  = regexp.MustCompile(`(?s)<input\b([^>]*)>|<(select|textarea)\b([^>]*)>(.*?)</(?:select|textarea)>`)
	property = regexp.MustCompile(`([a-z-]+)(?:="([^"]*)")?`)
	selected = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// fieldsOf reads what a browser would send of the editor: the form whose fields
// name a tab.
func fieldsOf(t *testing.T, w *httptest.ResponseRecorder) url.Values {
	t.Helper()
	_, page, found := strings.Cut(w.Body.String(), `class="mech">`)
	if !found {
		t.Fatalf("no editor in the answer %d: %s", w.Code, w.Body)
	}
	page, _, _ = strings.Cut(page, "</form>")
	fields := url.Values{}
	for _, m := range control.FindAllStringSubmatch(page, -1) {
		p := map[string]string{}
		for _, x := range property.FindAllStringSubmatch(m[1]+m[3], -1) {
			p[x[1]] = html.UnescapeString(x[2])
		}
		_, checked := p["checked"]
		switch kind := p["type"]; {
		case m[2] == "textarea":
			fields.Add(p["name"], html.UnescapeString(m[4]))
		case m[2] == "select":
			value := ""
			if x := selected.FindStringSubmatch(m[4]); x != nil {
				value = x[1]
			}
			fields.Add(p["name"], value)
		case kind == "checkbox" && checked && p["value"] == "":
			fields.Add(p["name"], "on")
		case kind != "checkbox" && kind != "radio" || checked:
			fields.Add(p["name"], p["value"])
		}
	}
	return fields
}

// summaryOf is the list of problems at the top of a page.
func summaryOf(page string) string {
	_, list, _ := strings.Cut(page, "errsum")
	list, _, _ = strings.Cut(list, "</ul>")
	return html.UnescapeString(list)
}

// press posts the fields with one of the buttons.
func (s testSite) press(who, path string, fields url.Values, op string) *httptest.ResponseRecorder {
	fields.Set("op", op)
	return s.post(who, path, fields)
}

func (s testSite) mechanismOf(code string) ledger.Mechanism {
	s.t.Helper()
	m, err := s.Supervise.DB.Read().Mechanism(s.t.Context(), code)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// A clerk adds a fifth party and a criterion by buttons alone, previews, publishes,
// and opens a round under it; the round that runs keeps its version.
func TestAClerkConfiguresAFifthPartyWithoutYAML(t *testing.T) {
	s := newSite(t)
	s.round(0)
	const path = "/mechanisms/weixi/edit"
	w := s.get("clerk", path)
	if !strings.Contains(w.Body.String(), "第八轮巡察：第1版") {
		t.Error("the editor does not say which round keeps its version")
	}
	w = s.press("clerk", path, fieldsOf(t, w), "add:parties")
	fields := fieldsOf(t, w)
	fields.Set("parties[4].name", "宣传部")
	fields.Set("parties[4].code", "propaganda")
	fields.Set("parties[4].seal", "宣")
	w = s.press("clerk", path, fields, "add:documents[1].criteria")
	fields = fieldsOf(t, w)
	fields.Set("documents[1].criteria[6].name", "宣传是否到位")
	fields.Set("documents[1].criteria[6].code", "publicity")
	w = s.press("clerk", path, fields, "preview")
	page := w.Body.String()
	for _, want := range []string{"审核方 宣传部", "宣传是否到位", "与现行第1版相比的变化"} {
		if w.Code != http.StatusOK || !strings.Contains(page, want) {
			t.Fatalf("preview: code %d, without %q; %s", w.Code, want, summaryOf(page))
		}
	}
	fields = fieldsOf(t, w)
	if w := s.press("clerk", path, fields, "publish"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请写明修改的原因") {
		t.Fatalf("without a reason: code %d", w.Code)
	}
	fields.Set("note", "宣传部参加会审")
	if w := s.press("clerk", path, fields, "publish"); w.Code != http.StatusSeeOther {
		t.Fatalf("publish: code %d; %s", w.Code, w.Body)
	}
	if w := s.press("clerk", path, fields, "publish"); w.Code != http.StatusSeeOther || len(s.mechanismOf("weixi").Versions) != 1 {
		t.Errorf("the same form sent twice: code %d, %d versions; want one", w.Code, len(s.mechanismOf("weixi").Versions))
	}
	round, err := s.Supervise.DB.Read().Round(t.Context(), 8)
	if err != nil || round.Mechanism.Version != 1 || len(round.Mechanism.Parties) != 4 {
		t.Errorf("the running round has version %d with %d parties, %v; want 1 with 4", round.Mechanism.Version, len(round.Mechanism.Parties), err)
	}

	open := url.Values{"number": {"9"}, "name": {"第九轮巡察"}, "feedback_on": {"2025-11-20"}, "mechanism": {"weixi"}, "team-JT": {"team-1"}}
	w = s.post("clerk", "/rounds", open)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "“宣传部”还没有对应的监督主体") || !strings.Contains(w.Body.String(), `href="/organisations?body=propaganda#add-body"`) {
		t.Errorf("a seat without a body: code %d; want 422 with the party and a link to add it", w.Code)
	}
	if w := s.get("clerk", "/organisations?body=propaganda"); !strings.Contains(w.Body.String(), `value="propaganda"`) {
		t.Error("the link to add a body does not fill in its code")
	}
	s.do("clerk", ledger.AddBody{Code: "propaganda", Name: "县委宣传部"})
	if w := s.post("clerk", "/rounds", open); w.Code != http.StatusSeeOther {
		t.Fatalf("open round 9: code %d; %s", w.Code, w.Body)
	}
	round, err = s.Supervise.DB.Read().Round(t.Context(), 9)
	if err != nil || round.Mechanism.Version != 2 || len(round.Mechanism.Panel(mechanism.Report, false)) != 5 || len(round.Mechanism.Criteria(mechanism.Report)) != 7 {
		t.Errorf("round 9 has version %d, %v; want 2 with five seats and seven criteria", round.Mechanism.Version, err)
	}
}

// Whatever is published is what the form says, and the form says all of it.
func TestTheFormCarriesEveryMechanismWhole(t *testing.T) {
	s := newSite(t)
	for code, want := range mechanism.Presets() {
		path := "/mechanisms/" + code + "/edit"
		w := s.press("clerk", path, fieldsOf(t, s.get("clerk", path)), "yaml")
		got, err := mechanism.Parse([]byte(fieldsOf(t, w).Get("text")))
		if err != nil || !mechanism.Same(got, want) {
			t.Errorf("%s after a way through the form: %v\n%s\nwant\n%s", code, err, mechanism.Marshal(got), mechanism.Marshal(want))
		}
	}
}

func TestYAMLTabShowsLineAndColumn(t *testing.T) {
	s := newSite(t)
	const path = "/mechanisms/weixi/edit"
	w := s.get("clerk", path+"?tab=yaml")
	fields := fieldsOf(t, w)
	good := fields.Get("text")
	for name, tt := range map[string]struct{ from, to, zh, en string }{
		"an unknown key":     {"seal: 办", "seel: 办", "不认识的项目“seel”", "Unknown key"},
		"a wrong type":       {"answer_days: 10", "answer_days: ten", "值类型不对", "wrong kind"},
		"nobody convenes":    {"    convenes: true\n", "", "有0个审核方负责召集", "0 parties convene"},
		"a veto out of seat": {"    carry: true\n", "    carry: true\n    rule:\n      veto: [nobody]\n", "没有代码为“nobody”的审核方", "no party with the code"},
	} {
		if !strings.Contains(good, tt.from) {
			t.Fatalf("%s: the text has no %q:\n%s", name, tt.from, good)
		}
		fields.Set("text", strings.Replace(good, tt.from, tt.to, 1))
		w := s.press("clerk", path, fields, "preview")
		page := html.UnescapeString(w.Body.String())
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, tt.zh) || !regexp.MustCompile(`第\d+行第\d+列：`).MatchString(page) {
			t.Errorf("%s: code %d; want 422 with %q and the place", name, w.Code, tt.zh)
		}
		if !strings.Contains(page, strings.TrimSpace(strings.Split(tt.to, "\n")[0])) {
			t.Errorf("%s: what was typed is gone", name)
		}
		r := httptest.NewRequest("POST", path, strings.NewReader(fields.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: "en"})
		if w := s.ask("clerk", r); !strings.Contains(html.UnescapeString(w.Body.String()), tt.en) {
			t.Errorf("%s in English: without %q", name, tt.en)
		}
	}
	if len(s.mechanismOf("weixi").Versions) != 0 {
		t.Error("something was published")
	}
}

func TestTheFormNamesTheFieldThatIsWrong(t *testing.T) {
	s := newSite(t)
	const path = "/mechanisms/internal_audit/edit"
	fields := fieldsOf(t, s.get("clerk", path))
	fields.Set("documents[1].rule.quorum", "5")
	fields.Set("parties[2].seal", "FF")
	w := s.press("clerk", path, fields, "preview")
	page := html.UnescapeString(w.Body.String())
	for _, want := range []string{`href="#documents[1].rule.quorum"`, "要求5票，但“整改进展报告”的审核席位只有4个（审计部、风险部、财务部、业务主管部门）", `id="parties[2].seal-problem"`} {
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("code %d; want 422 with %s", w.Code, want)
		}
	}
	fields.Set("documents[1].days", "soon")
	if w := s.press("clerk", path, fields, "preview"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a word for a number: code %d, want 422", w.Code)
	}
}

// Taking a party away takes it off every panel, and moving and removing rows keeps the rest.
func TestButtonsOfTheLists(t *testing.T) {
	m := mechanism.Presets()["internal_audit"]
	m = reread(t, m)
	do := func(op string) {
		o, known := readListOp(op)
		if !known {
			t.Fatalf("%s is no button", op)
		}
		o.apply(&m)
	}
	do("remove:parties:1") // risk
	if m.Extension.DecidedBy != "" || len(m.Documents[1].Rule.Veto) != 1 || len(m.Parties) != 3 {
		t.Errorf("risk is still somewhere: %+v", m)
	}
	do("up:words:1")
	if m.Words[0].Code != "inadequate" {
		t.Errorf("words %v", m.Words)
	}
	do("add:documents:life_meeting")
	do("add:documents:life_meeting")
	if len(m.Documents) != 3 || len(m.Documents[2].Criteria) == 0 {
		t.Errorf("%d documents; want one more, with a criterion", len(m.Documents))
	}
	do("remove:documents:2")
	do("remove:documents[0].criteria:9") // no such row: nothing happens
	do("add:documents[0].grades")
	if len(m.Documents) != 2 || len(m.Documents[0].Grades) != 1 || len(m.Documents[0].Criteria) != 2 {
		t.Errorf("%+v", m.Documents)
	}
}

func reread(t *testing.T, m mechanism.Mechanism) mechanism.Mechanism {
	t.Helper()
	m, err := mechanism.Parse(mechanism.Marshal(m))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMechanismsAreReadAndCompared(t *testing.T) {
	s := newSite(t)
	s.round(0)
	m := reread(t, mechanism.Presets()["weixi"])
	m.Documents[1].Days, m.Documents[1].Late = 7, mechanism.LateShut
	s.do("clerk", ledger.PublishMechanism{Code: "weixi", Mechanism: m, Note: "规定时限"})
	for _, tt := range []struct{ path, want string }{
		{"/mechanisms", "五方会审联督"},
		{"/mechanisms", "第八轮巡察"},
		{"/mechanisms/weixi", "各方在7个工作日内审毕。"},
		{"/mechanisms/weixi?version=1", "现行的是第2版"},
		{"/mechanisms/weixi?version=2&against=1", "第1版与第2版的差异"},
		{"/mechanisms/weixi?version=2&against=1", "<ins>各方在7个工作日内审毕。逾期不得再提交"},
		{"/rounds/new", "四方联审 v2"},
	} {
		if w := s.get("clerk", tt.path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s: code %d, without %q", tt.path, w.Code, tt.want)
		}
	}
	for path, want := range map[string]int{"/mechanisms/nothing": 404, "/mechanisms/nothing/edit": 404, "/mechanisms/new?from=nothing": 404} {
		if w := s.get("clerk", path); w.Code != want {
			t.Errorf("%s: code %d, want %d", path, w.Code, want)
		}
	}
	for who, want := range map[string]int{"clerk": 200, "sysadmin": 200, "discipline": 403, "liaison": 403, "auditor": 403} {
		if w := s.get(who, "/mechanisms/weixi/edit"); w.Code != want {
			t.Errorf("%s edits: code %d, want %d", who, w.Code, want)
		}
	}
}

// A new mechanism begins from another one and gets a code of its own.
func TestANewMechanism(t *testing.T) {
	s := newSite(t)
	w := s.get("clerk", "/mechanisms/new?from=xincai")
	fields := fieldsOf(t, w)
	if w := s.press("clerk", "/mechanisms/new", fields, "preview"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请填写代码") {
		t.Errorf("without a code: code %d, want 422", w.Code)
	}
	fields.Set("code", "yunxi")
	fields.Set("name", "云溪四方会审")
	fields = fieldsOf(t, s.press("clerk", "/mechanisms/new", fields, "preview"))
	fields.Set("from", "2001-01-01")
	if w := s.press("clerk", "/mechanisms/new", fields, "publish"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "早于今天") {
		t.Errorf("from the past: code %d, want 422", w.Code)
	}
	fields.Set("from", "")
	if w := s.press("clerk", "/mechanisms/new", fields, "publish"); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/mechanisms/yunxi?published=1&version=1" {
		t.Fatalf("publish: code %d to %s; %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	fields.Set("key", "another")
	if w := s.press("clerk", "/mechanisms/new", fields, "publish"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "已有别的机制使用") {
		t.Errorf("the code again: code %d, want 422", w.Code)
	}
	if w := s.get("clerk", "/mechanisms/yunxi"); !strings.Contains(w.Body.String(), "云溪四方会审") {
		t.Error("the new mechanism is not shown")
	}
}
