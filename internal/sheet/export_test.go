package sheet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

type start func(io.Writer, []Column) (TableWriter, error)

func startXLSX(w io.Writer, c []Column) (TableWriter, error) {
	return NewXLSX(w, c, XLSXOptions{Title: "整改总台账"})
}

func exported(t rapid.TB, to start, rows []Row) []byte {
	t.Helper()
	var buf bytes.Buffer
	w, err := to(&buf, LedgerColumns())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Write(LedgerCells(r)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// sameAfterReturn exports rows, reads them again and compares every field.
func sameAfterReturn(t rapid.TB, to start, name string, rows []Row) {
	t.Helper()
	data := exported(t, to, rows)
	got, err := ReadLedger(context.Background(), bytes.NewReader(data), int64(len(data)), name, Options{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(got.Problems) > 0 || len(got.Notices) > 0 {
		t.Fatalf("problems %v, notices %v", got.Problems, got.Notices)
	}
	place := cmpopts.IgnoreFields(Row{}, "Sheet", "Line", "Cells")
	if diff := cmp.Diff(rows, got.Rows, place, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("(-written +read)\n%s", diff)
	}
}

func TestExportOfTheSampleReadsBackWithoutDifference(t *testing.T) {
	rows := readFile(t, samplePath, Options{}).Rows
	sameAfterReturn(t, startXLSX, "a.xlsx", rows)
	sameAfterReturn(t, NewCSV, "a.csv", rows)
}

func TestAnyExportReadsBackWithoutDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := anyRows(t)
		sameAfterReturn(t, startXLSX, "a.xlsx", rows)
		sameAfterReturn(t, NewCSV, "a.csv", rows)
	})
}

// scraps are what breaks lists, dates, XML, CSV and formulas.
var scraps = []string{
	"整改", "问题", "a", "=", "+1", "-", "@", "'", "\"", ",", "，", "\n", "\n1.", "\n2.", "\n　", "1.", "2、", "（1）", "（", "）", "()", "①", "②", "；",
	"《通知》", "2026-01-31", "2026年2月", "5万元", "<b>", "&amp;", "]]>", "_x000D_", "_x", "#REF!", " ", "　", "\t", "—", "🀄", "是", "0", "备注",
}

func anyText(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.SampledFrom(scraps), 0, 6).Draw(t, label)
	return cleanText(strings.Join(parts, ""))
}

func someText(t *rapid.T, label string) string {
	if s := anyText(t, label); s != "" {
		return s
	}
	return "无"
}

func oneLine(s string) string { return cleanText(strings.ReplaceAll(s, "\n", "")) }

func anyRows(t *rapid.T) []Row {
	n := rapid.IntRange(1, 4).Draw(t, "rows")
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = anyRow(t, i)
	}
	return rows
}

func anyRow(t *rapid.T, i int) Row {
	r := Row{
		Number: fmt.Sprintf("%s-%d", someText(t, "number"), i), Organisation: someText(t, "organisation"), Text: someText(t, "text"),
		Category: anyText(t, "category"), Aspect: anyText(t, "aspect"), Cause: anyText(t, "cause"), Target: anyText(t, "target"),
		Leader: anyText(t, "leader"), Section: anyText(t, "section"), Handler: anyText(t, "handler"),
		Progress: anyText(t, "progress"), Remark: anyText(t, "remark"),
		OrganCadre: rapid.Bool().Draw(t, "cadre"),
		Kind:       rapid.SampledFrom([]string{"", KindImmediate, KindDated, KindLongTerm}).Draw(t, "kind"),
		Status:     rapid.SampledFrom([]string{"", StatusDone, StatusBasicallyDone, StatusInProgress, StatusNotStarted}).Draw(t, "status"),
	}
	w := anyWhen(t)
	r.Deadline, r.DeadlineText = w.day, w.text
	for range rapid.IntRange(0, 3).Draw(t, "manifestations") {
		r.Manifestations = append(r.Manifestations, someText(t, "manifestation"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "measures") {
		w := anyWhen(t)
		r.Measures = append(r.Measures, Measure{anyText(t, "measure number"), someText(t, "measure"), w.day, w.text})
	}
	for range rapid.IntRange(0, 3).Draw(t, "evidence") {
		r.Evidence = append(r.Evidence, anyEvidence(t))
	}
	if text := anyText(t, "evidence text"); len(r.Evidence) == 0 {
		if list, rest, bad := readEvidence(text); len(list) == 0 && bad == "" {
			r.EvidenceText = rest
		}
	}
	return r
}

// anyWhen is a deadline as a reader may have found it.
func anyWhen(t *rapid.T) when {
	words := []string{"", "2026-01-31", "2024-02-29", "长期坚持", "2026年12月底前", "长期坚持，2026年6月30日前达标", "1.尽快\n2.验收", "每年6月底前", "①立即"}
	text := rapid.SampledFrom(words).Draw(t, "deadline")
	if rapid.Bool().Draw(t, "odd deadline") {
		text = anyText(t, "deadline text")
	}
	w := readDate(cell{text: text}, false)
	if w.code != "" {
		return when{}
	}
	return w
}

func anyEvidence(t *rapid.T) Evidence {
	e := Evidence{
		DocNumber: rapid.SampledFrom([]string{"", "云教体发〔2025〕86号", "会议纪要3", "12号", "X"}).Draw(t, "document"),
		Date:      rapid.SampledFrom([]string{"", "2026-01-09", "1998-12-31"}).Draw(t, "date"),
	}
	if e.Name = oneLine(anyText(t, "name")); e.Name == "" {
		e.Name = "名册"
	}
	return e
}

func TestTextNeverBecomesAFormula(t *testing.T) {
	columns := []Column{{Key: "a", Title: "甲"}}
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"}
	var x, c bytes.Buffer
	xw, err := NewXLSX(&x, columns, XLSXOptions{})
	check(t, err)
	cw, err := NewCSV(&c, columns)
	check(t, err)
	for _, s := range evil {
		check(t, xw.Write([]any{s}))
		check(t, cw.Write([]any{s}))
	}
	check(t, xw.Close())
	check(t, cw.Close())
	f, err := excelize.OpenReader(&x)
	check(t, err)
	defer f.Close()
	lines := strings.Split(strings.TrimPrefix(c.String(), "\ufeff"), "\r\n")
	for i, s := range evil {
		at := fmt.Sprintf("A%d", i+2)
		formula, err := f.GetCellFormula("台账", at)
		check(t, err)
		value, err := f.GetCellValue("台账", at)
		check(t, err)
		if formula != "" || value != s {
			t.Errorf("%s: formula %q, value %q", s, formula, value)
		}
		if !strings.HasPrefix(lines[i+1], "'") {
			t.Errorf("csv: %s", lines[i+1])
		}
	}
}

// The look of the workbook as the usual library understands it.
func TestWorkbookIsSetUpForReadingAndPrinting(t *testing.T) {
	var buf bytes.Buffer
	w, err := NewXLSX(&buf, []Column{{Key: "a", Title: "编号", Width: 20}, {Key: "b", Title: "时限"}}, XLSXOptions{Sheet: "总'台账", Title: "标题"})
	check(t, err)
	check(t, w.Write([]any{"1", Date("2026-01-31")}))
	check(t, w.Write([]any{2, nil}))
	check(t, w.Close())
	f, err := excelize.OpenReader(&buf)
	check(t, err)
	defer f.Close()
	sheet := f.GetSheetName(0)
	panes, err := f.GetPanes(sheet)
	check(t, err)
	layout, err := f.GetPageLayout(sheet)
	check(t, err)
	width, err := f.GetColWidth(sheet, "A")
	check(t, err)
	date, err := f.GetCellValue(sheet, "B3")
	check(t, err)
	names := fmt.Sprint(f.GetDefinedName())
	if !panes.Freeze || panes.YSplit != 2 || *layout.Size != 9 || *layout.Orientation != "landscape" || width != 20 || date != "2026-01-31" {
		t.Errorf("panes %+v, size %d %s, width %g, date %s", panes, *layout.Size, *layout.Orientation, width, date)
	}
	for _, want := range []string{"$2:$2", "$A$2:$B$4", "'总''台账'!"} {
		if !strings.Contains(names, want) {
			t.Errorf("%s is not in the names %s", want, names)
		}
	}
}

func TestSameRowsGiveTheSameBytes(t *testing.T) {
	rows := readFile(t, samplePath, Options{}).Rows[:3]
	if !bytes.Equal(exported(t, startXLSX, rows), exported(t, startXLSX, rows)) {
		t.Error("two exports differ")
	}
}

func TestJSONKeepsTheOrderOfColumns(t *testing.T) {
	var buf bytes.Buffer
	w, err := NewJSON(&buf, []Column{{Key: "z"}, {Key: "a"}})
	check(t, err)
	check(t, w.Write([]any{"一", 1}))
	check(t, w.Write([]any{Date("2026-01-31"), []string{"x"}}))
	check(t, w.Close())
	want := "[\n{\"z\":\"一\",\"a\":1},\n{\"z\":\"2026-01-31\",\"a\":[\"x\"]}\n]\n"
	if buf.String() != want || !json.Valid(buf.Bytes()) {
		t.Errorf("got %s", buf.String())
	}
}

type brokenPipe struct{ left int }

func (b *brokenPipe) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("broken pipe")
	}
	return len(p), nil
}

func TestBrokenDestinationIsReported(t *testing.T) {
	for name, to := range map[string]start{"xlsx": startXLSX, "csv": NewCSV, "json": NewJSON} {
		w, err := to(&brokenPipe{left: 20_000}, LedgerColumns())
		check(t, err)
		for range 10_000 {
			if err = w.Write(LedgerCells(bigRow)); err != nil {
				break
			}
		}
		if err == nil {
			err = w.Close()
		}
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

var bigRow = Row{
	Number: "08-JT-001", Organisation: "中共云溪县教育体育局党组", Category: "聚焦党中央重大决策部署贯彻落实", Aspect: "党的教育方针贯彻落实",
	Text:           strings.Repeat("校外培训机构监管存在盲区，", 8),
	Manifestations: []string{strings.Repeat("仅开展联合检查3次，", 8), strings.Repeat("接到举报后22天才到场核查。", 5)},
	Kind:           KindDated, Cause: "部门联动靠临时召集", Target: "现有机构检查全覆盖", Leader: "副局长 陈国平", Section: "基础教育股", Handler: "杨帆",
	Measures: []Measure{{"08-JT-001-1", strings.Repeat("逐家检查，", 10), "2026-01-31", ""}, {"08-JT-001-2", strings.Repeat("公布名单，", 10), "2026-01-31", ""}},
	Deadline: "2026-01-31", Progress: strings.Repeat("退还46名学生预收费用11.38万元；", 10), Status: StatusDone,
	Evidence: []Evidence{{"校外培训机构联合检查记录（31家）", "", "2025-12-26"}, {"《通知》", "云教体发〔2025〕86号", "2025-12-15"}},
}

// Memory must not grow with the number of rows: 20,000 rows here, 100,000 in the
// benchmark.
func TestExportRunsInConstantMemory(t *testing.T) {
	const rows = 20_000
	cells := LedgerCells(bigRow)
	for name, to := range map[string]start{"xlsx": startXLSX, "csv": NewCSV, "json": NewJSON} {
		peak := watchHeap(func() {
			w, err := to(io.Discard, LedgerColumns())
			check(t, err)
			for range rows {
				check(t, w.Write(cells))
			}
			check(t, w.Close())
		})
		t.Logf("%s: peak growth %d MB", name, peak>>20)
		if peak > 40<<20 {
			t.Errorf("%s: %d rows grew the heap by %d MB", name, rows, peak>>20)
		}
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// watchHeap runs fn and returns by how much the heap grew at most.
func watchHeap(fn func()) uint64 {
	runtime.GC()
	before := heap()
	var peak atomic.Uint64
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				peak.Store(max(peak.Load(), heap()))
			}
		}
	}()
	fn()
	close(stop)
	<-done
	return max(peak.Load(), before) - before
}

func BenchmarkExport100k(b *testing.B) {
	for name, to := range map[string]start{"xlsx": startXLSX, "csv": NewCSV, "json": NewJSON} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				peak := watchHeap(func() {
					w, err := to(io.Discard, LedgerColumns())
					check(b, err)
					for range 100_000 {
						check(b, w.Write(LedgerCells(bigRow)))
					}
					check(b, w.Close())
				})
				b.ReportMetric(float64(peak>>20), "peak-MB")
			}
		})
	}
}

func BenchmarkRead5000(b *testing.B) {
	data := manyRows(b, 5000)
	for b.Loop() {
		if _, err := readBytes(data, "a.xlsx", Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// A text too long for its cell comes back whole.
func TestTextThatGoesOnElsewhereIsReadWhole(t *testing.T) {
	row := bigRow
	row.Progress = strings.Repeat("𠮷整改。", 9_000) // 36,000 characters, 45,000 units
	row.Number = "08-JT-002"
	data := exported(t, startXLSX, []Row{row, bigRow})
	got, err := ReadLedger(context.Background(), bytes.NewReader(data), int64(len(data)), "a.xlsx", Options{Limits: Limits{LongText: 60_000}})
	check(t, err)
	if len(got.Rows) != 2 || got.Rows[0].Progress != row.Progress || got.Rows[1].Progress != bigRow.Progress || len(got.Problems) > 0 || len(got.Notices) > 0 {
		t.Errorf("%d rows, progress of %d bytes, want %d; problems %v, notices %v",
			len(got.Rows), len(got.Rows[0].Progress), len(row.Progress), got.Problems, got.Notices)
	}
}
