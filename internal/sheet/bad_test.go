package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// The plain layout: one header row, one row per finding.
var (
	plainHeader = []any{"问题编号", "被巡察党组织", "反馈问题", "整改措施", "完成时限", "自评状态"}
	plainRow    = []any{"08-JT-001", "县教育体育局党组", "校外培训监管存在盲区。", "逐家检查", "2026-01-31", "已完成"}
)

// with returns a copy of a row with one cell changed.
func with(row []any, i int, v any) []any {
	out := append([]any(nil), row...)
	out[i] = v
	return out
}

// workbookOf builds a workbook with one sheet "台账".
func workbookOf(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check(t, f.SetSheetName("Sheet1", "台账"))
	for i, row := range rows {
		check(t, f.SetSheetRow("台账", fmt.Sprintf("A%d", i+1), &row))
	}
	return saved(t, f)
}

func saved(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	buf, err := f.WriteToBuffer()
	check(t, err)
	return buf.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// patched returns the workbook with one part rewritten; a part that is not there
// is added.
func patched(t testing.TB, data []byte, part string, change func(string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(t, err)
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	found := false
	put := func(name, text string) {
		w, err := out.Create(name)
		check(t, err)
		_, err = io.WriteString(w, text)
		check(t, err)
	}
	for _, f := range in.File {
		r, err := f.Open()
		check(t, err)
		text, err := io.ReadAll(r)
		check(t, err)
		if f.Name == part {
			found = true
			text = []byte(change(string(text)))
		}
		put(f.Name, string(text))
	}
	if !found {
		put(part, change(""))
	}
	check(t, out.Close())
	return buf.Bytes()
}

func readBytes(data []byte, name string, opt Options) (Ledger, error) {
	return ReadLedger(context.Background(), bytes.NewReader(data), int64(len(data)), name, opt)
}

const sheetPart1 = "xl/worksheets/sheet1.xml"

func TestWholeFileIsRefused(t *testing.T) {
	good := workbookOf(t, plainHeader, plainRow)
	swap := func(old, new string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Fatalf("%q is not in %.400s", old, s)
			}
			return strings.Replace(s, old, new, 1)
		}
	}
	add := func(text string) func(string) string { return func(string) string { return text } }
	small := Options{Limits: Limits{UnpackedBytes: 1 << 20}}
	tests := []struct {
		name string
		file string
		data []byte
		opt  Options
		code string
		args []string
	}{
		{"no content", "a.xlsx", nil, Options{}, codeEmptyFile, nil},
		{"a picture", "台账.xlsx", []byte("\x89PNG\r\n\x1a\n0000"), Options{}, codeNotLedger, []string{"台账.xlsx"}},
		{"a text with the wrong extension", "a.xlsx", []byte("问题编号,反馈问题"), Options{}, codeNotLedger, []string{"a.xlsx"}},
		{"html renamed", "a.xlsx", []byte("\ufeff\n<html><table><tr><td>1</td></tr></table></html>"), Options{}, codeHTML, nil},
		{"html renamed to csv", "a.csv", []byte("<!DOCTYPE html>"), Options{}, codeHTML, nil},
		{"a container of nothing", "a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), Options{}, codeDamagedZip, []string{"a.xls"}},
		{"Excel 95", "a.xls", patchedXLS(t, "\x09\x08\x10\x00\x00\x06", "\x09\x08\x10\x00\x00\x05"), Options{}, codeOldExcel, nil},
		{"Excel 95 by its stream, renamed", "a.xlsx", patchedXLS(t, "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00\x00\x00", "B\x00o\x00o\x00k\x00\x00\x00\x00\x00\x00\x00\x00\x00"), Options{}, codeOldExcel, nil},
		{"a password of Excel 97", "a.xls", patchedXLS(t, "\x42\x00\x02\x00\xb0\x04", "\x2f\x00\x02\x00\x00\x00"), Options{}, codeEncrypted, nil},
		{"macros of Excel 97", "a.xls", patchedXLS(t, "\x05\x00S\x00u\x00m\x00m\x00a\x00r\x00y\x00", "V\x00B\x00A\x00\x00\x00\x00\x00\x00\x00\x00\x00"), Options{}, codeMacros, nil},
		{"cut off .xls", "a.xls", patchedXLS(t, "", "")[:6000], Options{}, codeDamagedZip, []string{"a.xls"}},
		{"with a password", "a.xlsx", encrypted(t), Options{}, codeEncrypted, nil},
		{"macros by extension", "a.xlsm", good, Options{}, codeMacros, nil},
		{"macros by content", "a.xlsx", patched(t, good, "xl/vbaProject.bin", add("x")), Options{}, codeMacros, nil},
		{"macros by type", "a.xlsx", patched(t, good, "[Content_Types].xml", swap("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")), Options{}, codeMacros, nil},
		{"links to other files", "a.xlsx", patched(t, good, "xl/externalLinks/externalLink1.xml", add("<x/>")), Options{}, codeExternalLinks, nil},
		{"a zip of something else", "a.xlsx", zipOf(t, "a.txt", "hello"), Options{}, codeNotLedger, []string{"zip"}},
		{"a Word file renamed", "a.xlsx", zipOf(t, "[Content_Types].xml", "<Types>wordprocessingml</Types>"), Options{}, codeNotLedger, []string{"zip"}},
		{"cut off", "a.xlsx", good[:len(good)-200], Options{}, codeDamagedZip, []string{"zip"}},
		{"over the size", "a.xlsx", good, Options{Limits: Limits{FileBytes: 1 << 10}}, codeTooLarge, []string{"1", "0"}},
		{"malformed in the middle", "a.xlsx", patched(t, good, sheetPart1, swap(`<row r="2"`, `<row r="2" <`)), Options{}, codeMalformed, []string{sheetPart1, "2"}},
		{"ends too early", "a.xlsx", patched(t, good, sheetPart1, func(s string) string { return s[:len(s)/2] }), Options{}, codeMalformed, []string{sheetPart1, "2"}},
		{"text after the end", "a.xlsx", patched(t, good, sheetPart1, func(s string) string { return s + "<sheetData/>" }), Options{}, codeMalformed, []string{sheetPart1, "2"}},
		{"malformed styles", "a.xlsx", patched(t, good, "xl/styles.xml", func(s string) string { return s + "<" }), Options{}, codeMalformed, []string{"xl/styles.xml", "2"}},
		{"malformed part nobody reads", "a.xlsx", patched(t, good, "xl/theme/theme1.xml", add("<a><b></a>")), Options{}, codeMalformed, []string{"xl/theme/theme1.xml", "1"}},
		{"entity bomb", "a.xlsx", patched(t, good, sheetPart1, add(`<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>`)), Options{}, codeMalformed, []string{sheetPart1, "1"}},
		{"nested without end", "a.xlsx", patched(t, good, sheetPart1, add(strings.Repeat("<a>", 2000)+strings.Repeat("</a>", 2000))), Options{}, codeMalformed, []string{sheetPart1, "1"}},
		{"rows backwards", "a.xlsx", patched(t, good, sheetPart1, swap(`<row r="2"`, `<row r="1"`)), Options{}, codeOutOfOrder, []string{"台账", "A1"}},
		{"cells backwards", "a.xlsx", patched(t, good, sheetPart1, swap(`r="C2"`, `r="A2"`)), Options{}, codeOutOfOrder, []string{"台账", "A2"}},
		{"cell of another row", "a.xlsx", patched(t, good, sheetPart1, swap(`r="C2"`, `r="C9"`)), Options{}, codeOutOfOrder, []string{"台账", "C9"}},
		{"lost shared string", "a.xlsx", patched(t, good, sheetPart1, swap(`<c r="C2" t="s"><v>8</v>`, `<c r="C2" t="s"><v>99</v>`)), Options{}, codeBadString, []string{"台账", "C2"}},
		{"part twice", "a.xlsx", zipOf(t, "[Content_Types].xml", "x", "[content_types].xml", "y"), Options{}, codeDuplicatePart, []string{"[content_types].xml"}},
		{"sheet part missing", "a.xlsx", patched(t, good, "xl/_rels/workbook.xml.rels", swap("worksheets/sheet1.xml", "worksheets/sheet7.xml")), Options{}, codeDamagedZip, []string{"台账"}},
		{"bomb by size", "a.xlsx", patched(t, good, "xl/media/a.xml", add(strings.Repeat(" ", 2<<20))), small, codeTooMuchInside, []string{"1"}},
		{"bomb by ratio", "a.xlsx", patched(t, good, "xl/media/a.xml", add(strings.Repeat(" ", 20<<20))), Options{}, codeTooMuchInside, []string{"128"}},
		{"too many parts", "a.xlsx", good, Options{Limits: Limits{Parts: 5}}, codeTooManyParts, []string{"10", "5"}},
		{"too many cells", "a.xlsx", good, Options{Limits: Limits{Cells: 10}}, codeTooManyCells, []string{"台账", "10"}},
		{"too many findings", "a.xlsx", workbookOf(t, plainHeader, plainRow, with(plainRow, 0, "2")), Options{Limits: Limits{Rows: 1}}, codeTooManyRows, []string{"2", "1"}},
		{"too many merges", "a.xlsx", patched(t, good, sheetPart1, swap("</worksheet>", `<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:B2"/></mergeCells></worksheet>`)), Options{Limits: Limits{Merges: 1}}, codeTooManyMerges, []string{"台账", "1"}},
		{"merge upside down", "a.xlsx", patched(t, good, sheetPart1, swap("</worksheet>", `<mergeCells><mergeCell ref="A2:A1"/></mergeCells></worksheet>`)), Options{}, codeOutOfOrder, []string{"台账", "A2:A1"}},
		{"too many columns", "a.xlsx", good, Options{Limits: Limits{Columns: 5}}, codeFarCell, []string{"台账", "F1"}},
		{"too many columns of csv", "a.csv", []byte("a,b,c\n"), Options{Limits: Limits{Columns: 2}}, codeFarCell, []string{"a.csv", "C1"}},
		{"csv of half a character", "a.csv", []byte("\xff\xfe\x00a\x00"), Options{}, codeBadEncoding, nil},
		{"csv of bytes", "a.csv", []byte("a,b\x00\x00\x00c"), Options{}, codeBadEncoding, nil},
		{"html in two bytes", "a.xls", []byte("\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00"), Options{}, codeHTML, nil},
		{"a saved web page", "a.xls", []byte("MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n"), Options{}, codeHTML, nil},
		{"Excel 4", "a.xls", []byte("\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00"), Options{}, codeOldExcel, nil},
		{"data from outside", "a.xlsx", patched(t, good, "xl/connections.xml", add("<connections/>")), Options{}, codeExternalLinks, nil},
		{"a tag longer than any cell", "a.xlsx", patched(t, good, sheetPart1, add("<worksheet a=\""+strings.Repeat("x", 2<<20)+"\"><sheetData/></worksheet>")), Options{}, codeMalformed, []string{sheetPart1, "1"}},
		{"csv in no encoding", "a.csv", []byte("a,\xff\xff\xff\n"), Options{}, codeBadEncoding, nil},
		{"csv with an open quotation mark", "a.csv", []byte("问题编号,反馈问题\n1,\"甲\n2,乙\n"), Options{}, codeBadCSV, []string{"2", "0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readBytes(tt.data, tt.file, tt.opt)
			var refused *FileError
			if !errors.As(err, &refused) {
				t.Fatalf("read %d rows, error %v; want %s", len(got.Rows), err, tt.code)
			}
			if refused.Code != tt.code {
				t.Fatalf("got %v, want %s", err, tt.code)
			}
			if tt.code == codeBadCSV {
				return // the column is the library's to choose
			}
			if diff := cmp.Diff(tt.args, refused.Args); diff != "" {
				t.Errorf("arguments: %s (%v)", diff, err)
			}
			if len(got.Rows) > 0 {
				t.Errorf("%d rows came with a refusal", len(got.Rows))
			}
		})
	}
}

// patchedXLS returns the small ledger of Excel 97 with the first of some bytes
// replaced. A name of the directory keeps its length.
func patchedXLS(t *testing.T, old, new string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/writers/libreoffice.xls")
	check(t, err)
	at := bytes.Index(data, []byte(old))
	if at < 0 {
		t.Fatalf("%q is not in the file", old)
	}
	copy(data[at:], new)
	if name := strings.Index(string(data[at:]), "\x00\x00\x00"); len(old) > 0 && old[1] == 0 && name >= 0 {
		n := 0
		for n < 62 && (data[at+n] != 0 || data[at+n+1] != 0) {
			n += 2
		}
		data[at+64] = byte(n + 2)
	}
	return data
}

func encrypted(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	var buf bytes.Buffer
	check(t, f.Write(&buf, excelize.Options{Password: "x"}))
	return buf.Bytes()
}

func zipOf(t *testing.T, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		w, err := out.Create(parts[i])
		check(t, err)
		_, err = io.WriteString(w, parts[i+1])
		check(t, err)
	}
	check(t, out.Close())
	return buf.Bytes()
}

func TestProblemsAreNamedByCell(t *testing.T) {
	at := func(cell, code string, args ...string) []Problem {
		if len(args) == 0 {
			args = nil
		}
		return []Problem{{"台账", cell, code, args}}
	}
	long := strings.Repeat("长", 30)
	tests := []struct {
		name string
		rows [][]any
		opt  Options
		want []Problem
	}{
		{"empty sheet", nil, Options{}, at("", codeEmptySheet)},
		{"no header", [][]any{{"随便", "写写"}, {"甲", "乙"}}, Options{}, at("A1", codeNoHeader, "问题编号", "反馈问题")},
		{"header alone", [][]any{plainHeader}, Options{}, at("A2", codeNoFindings)},
		{"missing column", [][]any{with(plainHeader, 1, "备注"), plainRow}, Options{}, at("A1", codeMissingColumn, "被巡察党组织")},
		{"missing text column", [][]any{with(plainHeader, 2, "备注"), plainRow}, Options{}, at("A1", codeMissingColumn, "反馈问题")},
		{"unknown column", [][]any{with(plainHeader, 5, "整改星级"), with(plainRow, 5, "三星")}, Options{}, at("F1", codeUnknownColumn, "整改星级")},
		{"column twice", [][]any{with(plainHeader, 5, "时限"), with(plainRow, 5, "2026-02-28")}, Options{}, at("F1", codeDuplicateColumn, "时限")},
		{"content under no header", [][]any{with(plainHeader, 5, nil), with(plainRow, 5, "三星")}, Options{}, at("F1", codeUnnamedColumn, "三星", "F")},
		{"duplicate number", [][]any{plainHeader, plainRow, plainRow}, Options{}, at("A3", codeDuplicateNumber, "08-JT-001", "台账", "A2")},
		{"missing number", [][]any{plainHeader, plainRow, with(plainRow, 0, nil)}, Options{}, at("A3", codeMissingValue, "问题编号")},
		{"missing text", [][]any{plainHeader, with(plainRow, 2, nil)}, Options{}, at("C2", codeMissingValue, "反馈问题")},
		{"a day that does not exist", [][]any{plainHeader, with(plainRow, 4, "2026-02-30")}, Options{}, at("E2", codeBadDate, "2026-02-30")},
		{"the same in words", [][]any{plainHeader, with(plainRow, 4, "长期坚持，2026年2月30日前")}, Options{}, at("E2", codeBadDate, "长期坚持，2026年2月30日前")},
		{"month 13", [][]any{plainHeader, with(plainRow, 4, "2026年13月底前")}, Options{}, at("E2", codeBadDate, "2026年13月底前")},
		{"looks like a date", [][]any{plainHeader, with(plainRow, 4, "26.1.31")}, Options{}, at("E2", codeBadDate, "26.1.31")},
		{"a number that is no date", [][]any{plainHeader, with(plainRow, 4, 7.5)}, Options{}, at("E2", codeBadDate, "7.5")},
		{"a date without a year", [][]any{plainHeader, with(plainRow, 4, "1月31日")}, Options{}, at("E2", codeDateNoYear, "1月31日")},
		{"before the feedback", [][]any{plainHeader, with(plainRow, 4, "2025-01-31")}, Options{FeedbackDate: "2025-11-20"}, at("E2", codeBeforeFeedback, "2025-01-31", "2025-11-20")},
		{"text over its limit", [][]any{plainHeader, with(plainRow, 2, long)}, Options{Limits: Limits{LongText: 29}}, at("C2", codeTooLong, "30", "29")},
		{"name over its limit", [][]any{plainHeader, with(plainRow, 1, long)}, Options{Limits: Limits{ShortText: 29}}, at("B2", codeTooLong, "30", "29")},
		{"unknown status", [][]any{plainHeader, with(plainRow, 5, "差不多")}, Options{}, at("F2", codeUnknownWord, "差不多", "自评状态", "已完成、基本完成、正在推进、未启动")},
		{"contradiction within a finding", [][]any{plainHeader, plainRow, {nil, nil, nil, "又一条", nil, "未启动"}}, Options{}, at("F3", codeConflict, "自评状态", "未启动", "已完成")},
		{"deadlines that do not match the measures", [][]any{with(plainHeader, 4, "措施时限"), with(with(plainRow, 3, "①甲②乙③丙"), 4, "2026-01-31\n2026-02-28")}, Options{}, at("E2", codeMeasureCount, "2", "措施时限", "3")},
		{"numbers that do not match the measures", [][]any{with(plainHeader, 4, "措施编号"), with(with(plainRow, 3, "①甲②乙③丙"), 4, "1-1\n1-2")}, Options{}, at("E2", codeMeasureCount, "2", "措施编号", "3")},
		{"row above the first number", [][]any{plainHeader, {nil, nil, nil, "措施", nil, "x"}, plainRow}, Options{}, at("D2", codeStrayRow, "措施")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readBytes(workbookOf(t, tt.rows...), "a.xlsx", tt.opt)
			check(t, err)
			if diff := cmp.Diff(tt.want, got.Problems); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A second sheet that means to be a ledger is not passed over because its header
// has a slip.
func TestSheetThatLacksOnlyTheTextIsAProblemNotSkipped(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	_, err := f.NewSheet("第二张")
	check(t, err)
	other := with(plainHeader, 2, "反馈的问提")
	for sheet, head := range map[string][]any{"Sheet1": plainHeader, "第二张": other} {
		row := with(plainRow, 0, sheet)
		check(t, f.SetSheetRow(sheet, "A1", &head))
		check(t, f.SetSheetRow(sheet, "A2", &row))
	}
	got, err := readBytes(saved(t, f), "a.xlsx", Options{})
	check(t, err)
	want := []Problem{
		{"第二张", "A1", codeMissingColumn, []string{"反馈问题"}},
		{"第二张", "C1", codeUnknownColumn, []string{"反馈的问提"}},
	}
	if diff := cmp.Diff(want, got.Problems); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestFormulaErrorsAreNamedByCell(t *testing.T) {
	good := workbookOf(t, plainHeader, with(with(plainRow, 2, 1), 5, 1))
	for cell, want := range map[string]Problem{
		`<c r="F2" t="e"><f>A1/0</f><v>#DIV/0!</v></c>`: {"台账", "F2", codeFormulaError, []string{"#DIV/0!"}},
		`<c r="F2" t="e"><v>#REF!</v></c>`:              {"台账", "F2", codeFormulaError, []string{"#REF!"}},
		`<c r="F2"><f>SUM(A1:A9)</f></c>`:               {"台账", "F2", codeFormulaNoValue, nil},
		`<c r="C2"><f>SUM(A1:A9)</f></c>`:               {"台账", "C2", codeFormulaNoValue, nil},
		`<c r="C2" t="e"><v>#N/A</v></c>`:               {"台账", "C2", codeFormulaError, []string{"#N/A"}},
	} {
		bad := patched(t, good, sheetPart1, func(s string) string {
			return strings.Replace(s, `<c r="`+want.Cell+`"><v>1</v></c>`, cell, 1)
		})
		got, err := readBytes(bad, "a.xlsx", Options{})
		check(t, err)
		var here []Problem
		for _, p := range got.Problems {
			if p.Cell == want.Cell {
				here = append(here, p)
			}
		}
		if diff := cmp.Diff([]Problem{want}, here); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", cell, diff)
		}
	}
}

// A formula that was calculated is as good as its value.
func TestCalculatedFormulaIsReadByItsValue(t *testing.T) {
	good := workbookOf(t, plainHeader, with(plainRow, 2, 1))
	data := patched(t, good, sheetPart1, func(s string) string {
		return strings.Replace(s, `<c r="C2"><v>1</v></c>`, `<c r="C2" t="str"><f>A1</f><v>监管存在盲区</v></c>`, 1)
	})
	got, err := readBytes(data, "a.xlsx", Options{})
	check(t, err)
	if len(got.Problems) > 0 || got.Rows[0].Text != "监管存在盲区" {
		t.Errorf("got %+v", got)
	}
}

// Twenty thousand rows with one cell each in the last column took the usual
// library 26 seconds and 9.6 GB.
func TestCellsInTheLastColumnAreRefusedAtOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<worksheet><sheetData>`)
	for i := 1; i <= 20000; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i)
	}
	b.WriteString(`</sheetData></worksheet>`)
	data := patched(t, workbookOf(t, plainHeader), sheetPart1, func(string) string { return b.String() })
	_, err := readBytes(data, "a.xlsx", Options{})
	var refused *FileError
	if !errors.As(err, &refused) || refused.Code != codeFarCell {
		t.Fatalf("got %v", err)
	}
}

// A small file whose cells share one long text must not grow when rows are joined.
func TestTextsJoinedFromManyRowsAreBounded(t *testing.T) {
	rows := [][]any{{"问题编号", "被巡察党组织", "反馈问题", "原因剖析"}}
	for i := range 60 {
		rows = append(rows, []any{fmt.Sprint(i), "甲", "乙", strings.Repeat("一", 4000)}, []any{nil, nil, nil, strings.Repeat("二", 4000)})
	}
	_, err := readBytes(workbookOf(t, rows...), "a.xlsx", Options{Limits: Limits{UnpackedBytes: 1 << 20}})
	var refused *FileError
	if !errors.As(err, &refused) || refused.Code != codeTooMuchInside {
		t.Fatalf("got %v", err)
	}
}

func TestReadingStopsWhenTimeIsUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	<-ctx.Done()
	data := manyRows(t, 3000)
	_, err := ReadLedger(ctx, bytes.NewReader(data), int64(len(data)), "a.xlsx", Options{})
	var refused *FileError
	if !errors.As(err, &refused) || refused.Code != codeTooSlow || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v", err)
	}
}

func TestProblemsBeyondTheBoundAreCounted(t *testing.T) {
	rows := [][]any{plainHeader}
	for i := range 20 {
		rows = append(rows, with(with(plainRow, 0, fmt.Sprint(i)), 4, "2026-02-30"))
	}
	got, err := readBytes(workbookOf(t, rows...), "a.xlsx", Options{Limits: Limits{Problems: 5}})
	check(t, err)
	last := got.Problems[len(got.Problems)-1]
	if len(got.Problems) != 6 || last.Code != codeMoreProblems || last.Args[0] != "15" {
		t.Errorf("got %v", got.Problems)
	}
}
