package sheet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const samplePath = "testdata/ledger-all.xlsx"

// expected is one finding of the answer key of the sample round, in its own words.
type expected struct {
	Number         string
	Row            int
	Org            string
	Category       string
	Aspect         string
	Problem        string
	Manifestations []string
	OrganCadre     bool `json:"organ_cadre"`
	Type           string
	Cause          string
	Target         string
	Measures       []struct{ No, Text, Deadline string }
	Leader         string
	Section        string
	Handler        string
	Deadline       string
	DeadlineText   string `json:"deadline_text"`
	Progress       string
	SelfStatus     string `json:"self_status"`
	Evidence       []struct {
		Name  string
		DocNo string `json:"doc_no"`
		Date  string
	}
	EvidenceText string `json:"evidence_text"`
	Remark       string
}

func TestSampleLedgerIsReadWithEveryField(t *testing.T) {
	got := readFile(t, samplePath, Options{FeedbackDate: "2025-11-20"})
	if len(got.Problems) > 0 {
		t.Fatalf("problems in a good file: %v", got.Problems)
	}
	want := readExpected(t)
	if len(got.Rows) != len(want) || len(want) != 228 {
		t.Fatalf("read %d findings, key has %d, want 228", len(got.Rows), len(want))
	}
	for i, w := range want {
		g := got.Rows[i]
		if g.Line != w.Row || g.Cells[Text] != fmt.Sprintf("F%d", w.Row) {
			t.Errorf("%s: line %d, cell %s, want row %d", w.Number, g.Line, g.Cells[Text], w.Row)
		}
		if diff := cmp.Diff(w.asRow(t), withoutPlace(g)); diff != "" {
			t.Errorf("%s: (-key +read)\n%s", w.Number, diff)
		}
	}
}

func TestOtherSheetsOfTheSampleAreSkippedWithNotice(t *testing.T) {
	got := readFile(t, samplePath, Options{})
	want := []Problem{
		{Sheet: "分单位汇总", Code: codeSheetSkipped, Args: []string{"分单位汇总"}},
		{Sheet: "填表说明", Code: codeSheetSkipped, Args: []string{"填表说明"}},
	}
	if diff := cmp.Diff(want, got.Notices); diff != "" {
		t.Error(diff)
	}
	if got.Sheet != "整改总台账" {
		t.Errorf("sheet %q", got.Sheet)
	}
}

func readExpected(t *testing.T) []expected {
	t.Helper()
	data, err := os.ReadFile("testdata/ledger-all.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []expected
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (e expected) asRow(t *testing.T) Row {
	t.Helper()
	kind := map[string]string{"立行立改": "immediate", "限期整改": "dated", "长期坚持": "long_term"}[e.Type]
	status := map[string]string{"已完成": "done", "基本完成": "basically_done", "正在推进": "in_progress", "未启动": "not_started"}[e.SelfStatus]
	if kind == "" || status == "" {
		t.Fatalf("%s: unknown word in the key", e.Number)
	}
	r := Row{
		Number: e.Number, Organisation: e.Org, Category: e.Category, Aspect: e.Aspect, Text: e.Problem,
		Manifestations: e.Manifestations, OrganCadre: e.OrganCadre, Kind: kind, Cause: e.Cause, Target: e.Target,
		Leader: e.Leader, Section: e.Section, Handler: e.Handler, Deadline: e.Deadline, DeadlineText: e.DeadlineText,
		Progress: e.Progress, Status: status, EvidenceText: e.EvidenceText, Remark: e.Remark,
	}
	for _, m := range e.Measures {
		r.Measures = append(r.Measures, Measure{Number: m.No, Text: m.Text, Deadline: m.Deadline})
	}
	for _, v := range e.Evidence {
		r.Evidence = append(r.Evidence, Evidence{v.Name, v.DocNo, v.Date})
	}
	return r
}

// withoutPlace drops where a row was read. The key does not tell the words of a
// measure without a date, only that it has none.
func withoutPlace(r Row) Row {
	r.Sheet, r.Line, r.Cells = "", 0, nil
	measures := make([]Measure, len(r.Measures))
	for i, m := range r.Measures {
		if m.Deadline == "" && strings.TrimSpace(m.DeadlineText) != "" {
			m.DeadlineText = ""
		}
		measures[i] = m
	}
	r.Measures = measures
	return r
}

func readFile(t testing.TB, path string, opt Options) Ledger {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadLedger(t.Context(), bytes.NewReader(data), int64(len(data)), path, opt)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	return got
}
