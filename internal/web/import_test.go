package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
)

const goodLedger = "问题编号,被巡察党组织,反馈类别,反馈问题（原文）,整改类型,完成时限,整改措施\n" +
	"08-JT-001,中共云溪县教育体育局党组,决策部署,监管存在盲区。,限期整改,2026-01-31,逐家检查\n"

// begin uploads a ledger and returns the address of its import.
func (s testSite) begin(who, name, content, organisation string) string {
	s.t.Helper()
	w := s.upload(who, "/rounds/8/import", name, content, map[string]string{"organisation": organisation})
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/rounds/8/import/") {
		s.t.Fatalf("upload %s: code %d to %q; %s", name, w.Code, at, w.Body)
	}
	return at[:strings.LastIndexByte(at, '/')]
}

var (
	chooser = regexp.MustCompile(`(?s)<select[^>]* name="(t\d+\.[^"]*|v\d+|organisation)"[^>]*>(.*?)</select>|<input[^>]* name="(t\d+\.[^"]*|category)"[^>]*>`)
	valueIs = regexp.MustCompile(` value="([^"]*)"`)
	chosenN = regexp.MustCompile(`<option value="([^"]*)" selected`)
)

// choices reads what the page of columns has chosen.
func choices(page string) url.Values {
	form := url.Values{}
	for _, m := range chooser.FindAllStringSubmatch(page, -1) {
		switch {
		case m[1] != "":
			if c := chosenN.FindStringSubmatch(m[2]); c != nil {
				form.Set(m[1], c[1])
			} else {
				form.Set(m[1], "")
			}
		default:
			v := valueIs.FindStringSubmatch(m[0])
			form.Set(m[3], "")
			if v != nil {
				form.Set(m[3], v[1])
			}
		}
	}
	return form
}

// settle sends the page of columns with what it has chosen, and what is changed.
func (s testSite) settle(at string, changed map[string]string) *httptest.ResponseRecorder {
	s.t.Helper()
	form := choices(s.get("clerk", at+"/columns").Body.String())
	for k, v := range changed {
		form.Set(k, v)
	}
	return s.post("clerk", at+"/columns", form)
}

var seenDigest = regexp.MustCompile(`name="seen" value="([0-9a-f]+)"`)

// confirm confirms what the page of the check shows.
func (s testSite) confirm(at string) *httptest.ResponseRecorder {
	s.t.Helper()
	page := s.get("clerk", at+"/check").Body.String()
	m := seenDigest.FindStringSubmatch(page)
	if m == nil {
		s.t.Fatalf("nothing to confirm:\n%s", page)
	}
	return s.post("clerk", at+"/confirm", url.Values{"seen": {m[1]}, "remember": {"on"}})
}

func TestAFileThatIsNoLedgerIsRefusedWithARemedy(t *testing.T) {
	s := newSite(t)
	s.round(0)
	for name, bad := range map[string]struct{ file, text, want string }{
		"an empty file": {"台账.csv", "", "空"},
		"a web page":    {"台账.xls", "<html><table></table></html>", ""},
	} {
		w := s.upload("clerk", "/rounds/8/import", bad.file, bad.text, nil)
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), bad.want) || !strings.Contains(w.Body.String(), `role="alert"`) {
			t.Errorf("%s: code %d; want 422 with %q", name, w.Code, bad.want)
		}
	}
}

func TestColumnsAreAskedAboutAndNoneIsLostInSilence(t *testing.T) {
	s := newSite(t)
	s.round(0)
	odd := strings.Replace(strings.Replace(goodLedger, "整改措施\n", "整改措施,谁也不认识\n", 1), "逐家检查\n", "逐家检查,一句要紧的话\n", 1)
	at := s.begin("clerk", "台账.csv", odd, "")
	w := s.settle(at, nil)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "谁也不认识") {
		t.Fatalf("an unknown column: code %d", w.Code)
	}
	if w := s.get("clerk", at+"/check"); w.Code != http.StatusSeeOther {
		t.Errorf("the check before the columns are settled: code %d, want 303", w.Code)
	}
	if w := s.settle(at, map[string]string{"t0.c8": "category"}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a field chosen twice: code %d, want 422", w.Code)
	}
	if w := s.settle(at, map[string]string{"t0.c8": toRemark}); w.Code != http.StatusSeeOther {
		t.Fatalf("into the remark: code %d; %s", w.Code, w.Body)
	}
	if w := s.confirm(at); w.Code != http.StatusSeeOther {
		t.Fatalf("confirm: code %d; %s", w.Code, w.Body)
	}
	f := s.finding("08-JT-001")
	if f.Progress.Remark != "谁也不认识：一句要紧的话" || len(f.Plan.Measures) != 1 {
		t.Errorf("imported %+v", f)
	}
}

func (s testSite) finding(number string) ledger.Finding {
	s.t.Helper()
	f, err := s.Supervise.DB.Read().Finding(s.t.Context(), policy.ScopeOf(actors["clerk"]), number)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func TestWrongCellsAreCorrectedInTheGrid(t *testing.T) {
	s := newSite(t)
	s.round(0)
	line := strings.SplitAfter(goodLedger, "\n")[1]
	wrong := goodLedger + strings.Replace(strings.Replace(line, "2026-01-31", "2026-02-30", 1), "08-JT-001", "08-JT-002", 1) +
		strings.Replace(strings.Replace(line, "教育体育局", "财政局", 1), "08-JT-001", "08-JT-003", 1)
	at := s.begin("clerk", "台账.csv", wrong, "")
	s.settle(at, nil)
	page := s.get("clerk", at+"/check").Body.String()
	for _, want := range []string{`name="fix.0.F3"`, "2026-02-30", `name="fix.0.B4"`, "财政局"} {
		if !strings.Contains(page, want) {
			t.Errorf("the grid lacks %q", want)
		}
	}
	if strings.Contains(page, `name="seen"`) {
		t.Error("an import with errors can be confirmed")
	}
	file := s.get("clerk", at+"/faulty.xlsx").Body.Bytes()
	back, err := sheet.ReadLedger(t.Context(), bytes.NewReader(file), int64(len(file)), "改.xlsx", sheet.Options{})
	if err != nil || len(back.Rows) != 2 || back.Rows[0].Number != "08-JT-002" || !bytes.HasPrefix(file, []byte("PK")) {
		t.Errorf("the faulty rows come back as %+v, %v", back.Rows, err)
	}
	fix := url.Values{"fix.0.F3": {"2026-02-28"}, "fix.0.B4": {"中共云溪县财政局党组"}, "shown": {"台账!4"}}
	if w := s.post("clerk", at+"/check", fix); w.Code != http.StatusSeeOther {
		t.Fatalf("correct: code %d", w.Code)
	}
	page = s.get("clerk", at+"/check").Body.String()
	if strings.Contains(page, `name="fix.0.F3"`) || !strings.Contains(page, `name="fix.0.B4"`) {
		t.Error("what was corrected is still wrong, or what is still wrong has gone")
	}
	if w := s.post("clerk", at+"/check", url.Values{"leave_wrong": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("leave out: code %d", w.Code)
	}
	w := s.confirm(at)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("confirm: code %d; %s", w.Code, w.Body)
	}
	if got := s.finding("08-JT-002").Class.Deadline.String(); got != "2026-02-28" || s.count() != 2 {
		t.Errorf("deadline %s, %d findings", got, s.count())
	}
	report := s.get("clerk", w.Header().Get("Location")).Body.String()
	for _, want := range []string{"台账.csv", "2026-02-28", "import.row_left_out", "第 1 次导入"} {
		if want == "import.row_left_out" {
			want = "选择了不导入"
		}
		if !strings.Contains(report, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if list := s.get("clerk", "/rounds/8/ledger?import=8-import-1&did=add").Body.String(); !strings.Contains(list, "08-JT-002") {
		t.Error("the findings of the import cannot be listed")
	}
	if got := s.get("clerk", "/imports/8-import-1/file").Body.String(); got != wrong {
		t.Error("the file is not kept as it came in")
	}
}

func TestALayoutIsRememberedAndTheSameFileChangesNothing(t *testing.T) {
	s := newSite(t)
	s.round(0)
	odd := strings.Replace(strings.Replace(goodLedger, "反馈问题（原文）", "毛病", 1), "被巡察党组织,", "", 1)
	odd = strings.Replace(odd, "中共云溪县教育体育局党组,", "", 1)
	at := s.begin("clerk", "县教体局台账2026.csv", odd, "JT")
	if w := s.settle(at, map[string]string{"t0.c3": "text"}); w.Code != http.StatusSeeOther {
		t.Fatalf("settle: code %d; %s", w.Code, w.Body)
	}
	if w := s.confirm(at); w.Code != http.StatusSeeOther {
		t.Fatalf("confirm: code %d; %s", w.Code, w.Body)
	}
	w := s.upload("clerk", "/rounds/8/import", "县教体局台账2027.csv", odd, map[string]string{"organisation": "JT"})
	if next := w.Header().Get("Location"); !strings.HasSuffix(next, "/check") {
		t.Fatalf("a file of a remembered layout leads to %q", next)
	}
	if page := s.get("clerk", w.Header().Get("Location")).Body.String(); !strings.Contains(page, "没有需要改动的地方") {
		t.Error("the same file has something to change")
	}
	if page := s.get("clerk", "/headings").Body.String(); !strings.Contains(page, "县教体局台账") {
		t.Error("the remembered layout is not listed")
	}
}

func TestAPlanThatMovedIsShownAgain(t *testing.T) {
	s := newSite(t)
	s.round(0)
	at := s.begin("clerk", "台账.csv", goodLedger, "")
	s.settle(at, nil)
	seen := seenDigest.FindStringSubmatch(s.get("clerk", at+"/check").Body.String())
	other := s.begin("clerk", "别的.csv", strings.Replace(goodLedger, "逐家检查", "逐户检查", 1), "")
	s.settle(other, nil)
	s.confirm(other)
	w := s.post("clerk", at+"/confirm", url.Values{"seen": {seen[1]}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "有了变化") {
		t.Errorf("a plan that moved: code %d", w.Code)
	}
	if f := s.finding("08-JT-001"); f.Plan.Measures[0].Text != "逐户检查" {
		t.Errorf("the second import went through: %+v", f.Plan)
	}
}

func TestHeadingsAreAddedAndKnown(t *testing.T) {
	s := newSite(t)
	s.round(0)
	for _, who := range []string{"clerk", "sysadmin"} {
		if w := s.post(who, "/headings", url.Values{"word": {"毛病" + who}, "field": {"text"}}); w.Code != http.StatusSeeOther {
			t.Fatalf("%s adds a heading: code %d", who, w.Code)
		}
	}
	for name, form := range map[string]url.Values{
		"twice":   {"word": {"毛病clerk"}, "field": {"text"}},
		"empty":   {"word": {" "}, "field": {"text"}},
		"unknown": {"word": {"另一个"}, "field": {"whatever"}},
	} {
		if w := s.post("clerk", "/headings", form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: code %d, want 422", name, w.Code)
		}
	}
	at := s.begin("clerk", "台账.csv", strings.Replace(goodLedger, "反馈问题（原文）", "毛病clerk", 1), "")
	if w := s.settle(at, nil); w.Code != http.StatusSeeOther {
		t.Errorf("a heading that was added is not known: code %d", w.Code)
	}
	if w := s.post("clerk", "/headings/remove", url.Values{"word": {"毛病clerk"}}); w.Code != http.StatusSeeOther {
		t.Errorf("remove: code %d", w.Code)
	}
	if w := s.get("liaison", "/headings"); w.Code == http.StatusOK {
		t.Error("an organisation reads the table")
	}
}

func TestAnImportBelongsToWhoeverBeganIt(t *testing.T) {
	s := newSite(t)
	s.round(0)
	at := s.begin("clerk", "台账.csv", goodLedger, "")
	for _, who := range []string{"liaison", "discipline", "leader", "sysadmin"} {
		for _, page := range []string{at + "/columns", at + "/check", at + "/faulty.xlsx", "/rounds/8/imports"} {
			if w := s.get(who, page); w.Code == http.StatusOK {
				t.Errorf("%s opens %s", who, page)
			}
		}
	}
	if w := s.post("clerk", at+"/discard", url.Values{}); w.Code != http.StatusSeeOther {
		t.Errorf("give up: code %d", w.Code)
	}
	if w := s.get("clerk", at+"/check"); w.Code != http.StatusNotFound {
		t.Errorf("an import given up: code %d, want 404", w.Code)
	}
}

// The bound is that of the commission, with room for a machine under load: 5,000
// findings through the pages, from the upload to the report.
func TestFiveThousandThroughThePagesIsQuick(t *testing.T) {
	s := newSite(t)
	s.round(0)
	var text strings.Builder
	text.WriteString(strings.SplitAfter(goodLedger, "\n")[0])
	for i := range 5000 {
		fmt.Fprintf(&text, "08-JT-%04d,中共云溪县教育体育局党组,决策部署,第%d个问题：对民办机构监管存在盲区，制度不落实。,限期整改,2026-01-31,\"①会同公安逐家检查\n②公布举报电话\"\n", i+1, i+1)
	}
	elapsed := clock.Stopwatch()
	at := s.begin("clerk", "台账.csv", text.String(), "")
	s.settle(at, nil)
	s.get("clerk", at+"/check")
	before := elapsed()
	if w := s.confirm(at); w.Code != http.StatusSeeOther {
		t.Fatalf("confirm: code %d", w.Code)
	}
	took := elapsed()
	t.Logf("5,000 findings through the pages in %v, of which the confirmation %v", took.Round(time.Millisecond), (took - before).Round(time.Millisecond))
	if s.count() != 5000 || took > 25*time.Second {
		t.Errorf("%d findings in %v", s.count(), took)
	}
}
