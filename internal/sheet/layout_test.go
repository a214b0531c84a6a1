package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

func TestPlainLayoutHoldsSeveralMeasuresInOneCell(t *testing.T) {
	two := []Measure{{Text: "逐家检查", Deadline: "2026-01-31"}, {Text: "公布名单", Deadline: "2026-01-31"}}
	for cell, want := range map[string][]Measure{
		"逐家检查\n公布名单":     two,
		"①逐家检查；②公布名单":    two,
		"①逐家检查\n②公布名单":   two,
		"1.逐家检查\n2.公布名单": two,
		"1、逐家检查\n2、公布名单": two,
		"逐家检查":           two[:1],
		"":               nil,
		"1.5万元退还":        {{Text: "1.5万元退还", Deadline: "2026-01-31"}},
	} {
		got, err := readBytes(workbookOf(t, plainHeader, with(plainRow, 3, cell)), "a.xlsx", Options{})
		check(t, err)
		if len(got.Problems) > 0 {
			t.Errorf("%q: %v", cell, got.Problems)
		}
		if diff := cmp.Diff(want, got.Rows[0].Measures); diff != "" {
			t.Errorf("%q: (-want +got)\n%s", cell, diff)
		}
	}
}

func TestCSVIsReadInEveryEncodingAndSeparator(t *testing.T) {
	text := "整改台账,,,,,\r\n问题编号,被巡察党组织,反馈问题,整改措施,完成时限,自评状态\r\n" +
		"08-SW-001,县水务局党组,\"供水管网漏损，\n群众反映强烈\",\"①更换管网\n②公布电话\",2026/1/31,已完成\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	check(t, err)
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		out, err := unicode.UTF16(order, mark).NewEncoder().String(text)
		check(t, err)
		return out
	}
	files := map[string]string{
		"plain": text, "mark": "\ufeff" + text, "gb18030": gb,
		"utf-16 le": utf16(unicode.LittleEndian, unicode.UseBOM), "utf-16 be": utf16(unicode.BigEndian, unicode.UseBOM),
		"utf-16 le without mark": utf16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16 be without mark": utf16(unicode.BigEndian, unicode.IgnoreBOM),
		"semicolon": strings.ReplaceAll(text, ",", ";"), "tab": strings.ReplaceAll(text, ",", "\t"),
		"gb18030 and tab": strings.ReplaceAll(gb, ",", "\t"),
	}
	for name, data := range files {
		got, err := readBytes([]byte(data), "台账.CSV", Options{})
		check(t, err)
		if len(got.Problems) > 0 || len(got.Rows) != 1 {
			t.Fatalf("%s: %+v", name, got)
		}
		r := got.Rows[0]
		if r.Text != "供水管网漏损，\n群众反映强烈" || r.Deadline != "2026-01-31" || len(r.Measures) != 2 ||
			r.Status != StatusDone || r.Cells[Text] != "C3" || r.Line != 3 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A category merged over several findings belongs to each of them; a name merged
// sideways over two columns belongs to the first alone.
func TestRangesMergedDownwardsGiveTheirValueToEachFinding(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"问题编号", "被巡察党组织", "反馈类别", "反馈问题", "责任领导", "牵头科室"},
		{"1", "甲局党组", "第一类", "问题一", "张三"},
		{"2", nil, nil, "问题二"},
		{"3", "乙局党组", nil, "问题三"},
	}
	for i, row := range rows {
		check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	check(t, f.MergeCell("Sheet1", "B2", "B3"))
	check(t, f.MergeCell("Sheet1", "C2", "C4"))
	check(t, f.MergeCell("Sheet1", "E2", "F3"))
	got, err := readBytes(saved(t, f), "a.xlsx", Options{})
	check(t, err)
	if len(got.Problems) > 0 {
		t.Fatal(got.Problems)
	}
	var seen []string
	for _, r := range got.Rows {
		seen = append(seen, r.Number+r.Organisation+r.Category+r.Cells[Category]+r.Leader+r.Section)
	}
	want := []string{"1甲局党组第一类C2张三", "2甲局党组第一类C2张三", "3乙局党组第一类C2"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

// Some headers stand in the upper row and reach down, others in the lower row.
func TestHeaderOfSeveralRows(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"整改台账"},
		{"问题编号", "责任单位", "反馈问题*", "责任落实", nil, "备注（可不填）", "整改星级"},
		{nil, nil, nil, "责任领导", "经 办 人"},
		{"1", "甲局", "问题一", "张三", "李四", "无", "三星"},
	}
	for i, row := range rows {
		check(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	for _, m := range [][2]string{{"A1", "G1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "C3"}, {"D2", "E2"}, {"F2", "F3"}, {"G2", "G3"}} {
		check(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	got, err := readBytes(saved(t, f), "a.xlsx", Options{})
	check(t, err)
	want := []Problem{{"Sheet1", "G3", codeUnknownColumn, []string{"整改星级"}}}
	if diff := cmp.Diff(want, got.Problems); diff != "" || len(got.Rows) != 1 {
		t.Fatalf("%d rows, problems (-want +got)\n%s", len(got.Rows), diff)
	}
	if r := got.Rows[0]; r.Leader != "张三" || r.Handler != "李四" || r.Remark != "无" || r.Organisation != "甲局" {
		t.Errorf("%+v", r)
	}
}

func TestDatesAreReadHoweverTheyAreWritten(t *testing.T) {
	tests := []struct {
		c    cell
		want when
	}{
		{cell{text: "2026-01-31"}, when{day: "2026-01-31"}},
		{cell{text: "2026/1/31"}, when{day: "2026-01-31"}},
		{cell{text: "2026.1.31"}, when{day: "2026-01-31"}},
		{cell{text: "20260131"}, when{day: "2026-01-31"}},
		{cell{text: "2026-01-31T00:00:00"}, when{day: "2026-01-31"}},
		{cell{kind: numberCell, text: "46053"}, when{day: "2026-01-31"}},
		{cell{kind: dateCell, text: "46053.75"}, when{day: "2026-01-31"}},
		{cell{kind: numberCell, text: "20260131"}, when{day: "2026-01-31"}},
		{cell{text: "2026年1月31日"}, when{"2026-01-31", "2026年1月31日", ""}},
		{cell{text: "2026年1月底前"}, when{"2026-01-31", "2026年1月底前", ""}},
		{cell{text: "2026年2月"}, when{"2026-02-28", "2026年2月", ""}},
		{cell{text: "2028年2月底"}, when{"2028-02-29", "2028年2月底", ""}},
		{cell{text: "2026年6月中旬"}, when{"2026-06-20", "2026年6月中旬", ""}},
		{cell{text: "2026年底前"}, when{"2026-12-31", "2026年底前", ""}},
		{cell{text: "2026年第一季度"}, when{"2026-03-31", "2026年第一季度", ""}},
		{cell{text: "2026年上半年"}, when{"2026-06-30", "2026年上半年", ""}},
		{cell{text: "长期坚持，2026年12月31日前达标"}, when{"2026-12-31", "长期坚持，2026年12月31日前达标", ""}},
		{cell{text: "2025年12月1日至1月31日"}, when{"2025-12-01", "2025年12月1日至1月31日", ""}},
		{cell{text: "2025年12月1日至2026年1月31日"}, when{"2026-01-31", "2025年12月1日至2026年1月31日", ""}},
		{cell{text: "长期坚持"}, when{text: "长期坚持"}},
		{cell{text: "15个工作日内"}, when{text: "15个工作日内"}},
		{cell{text: "每年6月底前"}, when{text: "每年6月底前"}},
		{cell{text: "2026年6月前"}, when{text: "2026年6月前"}},
		{cell{text: "2026-02-30"}, when{text: "2026-02-30", code: codeBadDate}},
		{cell{text: "2026"}, when{text: "2026", code: codeBadDate}},
		{cell{text: "2206-01-31"}, when{text: "2206-01-31", code: codeBadDate}},
		{cell{kind: numberCell, text: "5"}, when{text: "5", code: codeBadDate}},
		{cell{}, when{}},
	}
	for _, tt := range tests {
		got := readDate(tt.c, false)
		if tt.want.code == codeBadDate && got.code == codeBadDate {
			continue
		}
		if got != tt.want {
			t.Errorf("%+v: got %+v, want %+v", tt.c, got, tt.want)
		}
	}
	if got := readDate(cell{kind: numberCell, text: "44591"}, true); got.day != "2026-01-31" {
		t.Errorf("1904: %+v", got)
	}
}

func TestEvidenceIsTakenApart(t *testing.T) {
	tests := []struct {
		text string
		want []Evidence
		rest string
	}{
		{"1.退费签收表（46人）（2026-01-09）", []Evidence{{"退费签收表（46人）", "", "2026-01-09"}}, ""},
		{"1.《通知》（云教体发〔2025〕86号，2025-12-15）\n2.名册", []Evidence{{"《通知》", "云教体发〔2025〕86号", "2025-12-15"}, {"名册", "", ""}}, ""},
		{"《通知》（云教体发〔2025〕86号）", []Evidence{{"《通知》", "云教体发〔2025〕86号", ""}}, ""},
		{"1.2025年党员名册（2026年1月9日）", []Evidence{{"2025年党员名册", "", "2026-01-09"}}, ""},
		{"1.名册（2026-01-09）（）", []Evidence{{"名册（2026-01-09）", "", ""}}, ""},
		{"1.纪要（第三次，）", []Evidence{{"纪要", "第三次", ""}}, ""},
		{"见附件", nil, "见附件"},
		{"已归档备查\n1.名册", nil, "已归档备查\n1.名册"},
	}
	for _, tt := range tests {
		got, rest, bad := readEvidence(tt.text)
		if diff := cmp.Diff(tt.want, got); diff != "" || rest != tt.rest || bad != "" {
			t.Errorf("%q: rest %q, bad %q\n%s", tt.text, rest, bad, diff)
		}
	}
	if _, _, bad := readEvidence("1.名册（2026-02-30）"); bad != "2026-02-30" {
		t.Errorf("a date that does not exist passed: %q", bad)
	}
}

// Our reader and the usual library see the same cells in the sample, sheet by
// sheet: neither loses any.
func TestCellsAreThoseTheLibrarySees(t *testing.T) {
	data := sampleBytes(t)
	grids, _, err := openGrids(t.Context(), bytes.NewReader(data), int64(len(data)), samplePath, defaultLimits)
	check(t, err)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	check(t, err)
	defer f.Close()
	for _, g := range grids {
		rows, err := f.GetRows(g.name, excelize.Options{RawCellValue: true})
		check(t, err)
		if diff := cmp.Diff(cellsOf(rows), g.cells()); diff != "" {
			t.Errorf("%s: (-library +ours)\n%s", g.name, diff)
		}
	}
}

func cellsOf(rows [][]string) map[string]string {
	out := map[string]string{}
	for i, row := range rows {
		for j, s := range row {
			if s = strings.TrimSpace(s); s != "" {
				out[address(j+1, i+1)] = s
			}
		}
	}
	return out
}

func (g *grid) cells() map[string]string {
	out := map[string]string{}
	for _, r := range g.rows {
		for _, c := range r.cells {
			if c.kind != formulaCell {
				out[address(c.col, r.line)] = c.text
			}
		}
	}
	return out
}

// manyRows builds a ledger of n findings with two measures each, of the width
// and length of the sample.
func manyRows(t testing.TB, n int) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	check(t, err)
	head := []any{}
	for _, h := range headers {
		head = append(head, h.title)
	}
	check(t, w.SetRow("A1", head))
	text := strings.Repeat("校外培训机构监管存在盲区，群众反映的隐形变异培训问题未得到有效治理。", 4)
	for i := range n {
		line := 2 + 2*i
		first := []any{
			i + 1, fmt.Sprintf("08-JT-%05d", i), "中共云溪县教育体育局党组", "类别", "方面", text, text, "是", "限期整改", text, text,
			"1", text, 46053, "副局长 陈国平", "基础教育股", "杨帆", "2026年3月31日", text, "已完成", "1.名册（2026-01-09）", nil,
		}
		check(t, w.SetRow(fmt.Sprintf("A%d", line), first))
		check(t, w.SetRow(fmt.Sprintf("L%d", line+1), []any{"2", text, 46053}))
		for _, col := range "ABCDEFGHIJKOPQRSTUV" {
			check(t, w.MergeCell(fmt.Sprintf("%c%d", col, line), fmt.Sprintf("%c%d", col, line+1)))
		}
	}
	check(t, w.Flush())
	return saved(t, f)
}

func TestFiveThousandFindingsAreReadInBounds(t *testing.T) {
	data := manyRows(t, 5000)
	var got Ledger
	start := time.Now()
	used := watchHeap(func() {
		var err error
		got, err = readBytes(data, "a.xlsx", Options{})
		check(t, err)
	})
	t.Logf("%d bytes: %d findings in %v, heap grew by %d MB", len(data), len(got.Rows), time.Since(start), used>>20)
	if len(got.Rows) != 5000 || len(got.Problems) > 0 || len(got.Rows[4999].Measures) != 2 {
		t.Fatalf("%d findings, problems %v", len(got.Rows), got.Problems)
	}
	if used > 200<<20 {
		t.Errorf("heap grew by %d MB", used>>20)
	}
}
