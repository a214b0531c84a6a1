package sheet

import (
	"bytes"
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// written makes a workbook and opens it with the usual library.
func written(t *testing.T, columns []Column, opt XLSXOptions, fill func(*XLSX)) *excelize.File {
	t.Helper()
	var buf bytes.Buffer
	x, err := NewXLSX(&buf, columns, opt)
	check(t, err)
	fill(x)
	check(t, x.Close())
	f, err := excelize.OpenReader(&buf)
	check(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func cellOf(t *testing.T, f *excelize.File, sheet, at string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, at)
	check(t, err)
	return v
}

func TestTextTooLongForACellGoesOnOnASheetOfItsOwn(t *testing.T) {
	long := strings.Repeat("字🀄", 30_000) // 90,000 units: three sheets' worth of cells
	f := written(t, []Column{{Title: "编号"}, {Title: "正文"}}, XLSXOptions{Title: "标题"}, func(x *XLSX) {
		check(t, x.Write([]any{"1", strings.Repeat("字", cellText)}))
		check(t, x.Write([]any{"2", long}))
	})
	if got := cellOf(t, f, "台账", "B3"); got != strings.Repeat("字", cellText) {
		t.Errorf("a text that just fits has %d characters", len([]rune(got)))
	}
	head, mark, found := strings.Cut(cellOf(t, f, "台账", "B4"), "……〔下接工作表“续文”第2行〕")
	if !found || mark != "" {
		t.Fatalf("the cell does not say where the text goes on")
	}
	rows, err := f.GetRows(OverflowSheet)
	check(t, err)
	for _, r := range rows[1:] {
		if r[0] != "台账" || r[1] != "B4" {
			t.Errorf("rest of %v", r[:2])
		}
		head += r[2]
	}
	if head != long || len(rows) != 3 {
		t.Errorf("%d rows with %d bytes, want %d", len(rows), len(head), len(long))
	}
}

func TestRecordOnSeveralRowsIsMerged(t *testing.T) {
	columns := []Column{{Title: "编号", Group: "基本信息"}, {Title: "单位", Group: "基本信息"}, {Title: "措施", Group: "措施", Each: true}, {Title: "备注"}}
	f := written(t, columns, XLSXOptions{Title: "标题", Sub: "填报单位", Fixed: 1}, func(x *XLSX) {
		check(t, x.Write([]any{"1", "甲", Each{"一", "二", "三"}, "注"}))
		check(t, x.Write([]any{"2", "乙", Each{"四"}}))
		check(t, x.Write([]any{"3", "丙", Each{}}))
	})
	merged, err := f.GetMergeCells("台账")
	check(t, err)
	got := map[string]bool{}
	for _, m := range merged {
		got[m[0]] = true
	}
	want := map[string]bool{"A1:D1": true, "A2:D2": true, "A3:B3": true, "D3:D4": true, "A5:A7": true, "B5:B7": true, "D5:D7": true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	for at, want := range map[string]string{"A3": "基本信息", "A4": "编号", "C4": "措施", "D3": "备注", "C6": "二", "A8": "2", "C9": ""} {
		if v := cellOf(t, f, "台账", at); v != want {
			t.Errorf("%s is %q, want %q", at, v, want)
		}
	}
	panes, err := f.GetPanes("台账")
	check(t, err)
	if panes.XSplit != 1 || panes.YSplit != 4 || panes.TopLeftCell != "B5" {
		t.Errorf("panes %+v", panes)
	}
}

func TestDropDownListsAreWithTheCellsOrOnAHiddenSheet(t *testing.T) {
	many := make([]string, 60)
	for i := range many {
		many[i] = fmt.Sprintf("中共云溪县第%d中学委员会", i)
	}
	columns := []Column{{Title: "状态", Choices: []string{"已完成", "未启动"}}, {Title: "单位", Choices: many}, {Title: "文字"}}
	f := written(t, columns, XLSXOptions{}, func(x *XLSX) { check(t, x.Write([]any{"已完成", many[0], "a"})) })
	rules, err := f.GetDataValidations("台账")
	check(t, err)
	if len(rules) != 2 || html.UnescapeString(rules[0].Formula1) != `"已完成,未启动"` || rules[1].Formula1 != "'选项'!$A$1:$A$60" || rules[0].Sqref != "A2:A202" {
		t.Errorf("%d lists: %+v %+v", len(rules), *rules[0], *rules[1])
	}
	visible, err := f.GetSheetVisible(choicesSheet)
	check(t, err)
	if visible || cellOf(t, f, choicesSheet, "A60") != many[59] {
		t.Errorf("visible %v, last choice %q", visible, cellOf(t, f, choicesSheet, "A60"))
	}
}

func TestSheetsHaveNamesOfTheirOwn(t *testing.T) {
	long := strings.Repeat("长", 40)
	f := written(t, []Column{{Title: "编号"}}, XLSXOptions{}, func(x *XLSX) {
		for _, name := range []string{"甲/乙", "A", "a", long, long, ""} {
			check(t, x.Next(name, name))
			check(t, x.Write([]any{name}))
		}
	})
	want := []string{"甲 乙", "A", "a（2）", long[:31*3], long[:28*3] + "（2）", long[:28*3] + "（3）"}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Error(diff)
	}
}

func TestRatesAndNumbersAreNumbers(t *testing.T) {
	f := written(t, []Column{{Title: "率"}, {Title: "数"}}, XLSXOptions{}, func(x *XLSX) { check(t, x.Write([]any{Percent(88.6), 202})) })
	if v := cellOf(t, f, "台账", "A2"); v != "88.6%" {
		t.Errorf("rate %q", v)
	}
	for _, at := range []string{"A2", "B2"} {
		if kind, err := f.GetCellType("台账", at); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
			t.Errorf("%s is of type %v, %v", at, kind, err)
		}
	}
}

func TestCSVInGB18030(t *testing.T) {
	var buf bytes.Buffer
	w, err := NewCSVGB18030(&buf, []Column{{Title: "编号"}, {Title: "正文"}})
	check(t, err)
	check(t, w.Write([]any{"001", "=1+1 𠮷🀄\xff\r\n第二行"}))
	check(t, w.Close())
	text, err := simplifiedchinese.GB18030.NewDecoder().String(buf.String())
	check(t, err)
	if want := "编号,正文\r\n001,\"'=1+1 𠮷🀄?\r\n第二行\"\r\n"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

func TestControlCharactersDoNotRunWordsTogether(t *testing.T) {
	for in, want := range map[string]string{
		"甲\r\n乙\r丙\v丁\f戊\u0085己":  "甲\n乙\n丙\n丁\n戊\n己",
		"a\x00b\x07c\x7fd\u0090e": "abcde",
		"\ufeff甲\ufffe乙\uffff":    "甲乙",
		"坏\xff字":                  "坏\ufffd字",
		"👨‍👩‍👧 𠮷，（全角）\t\n":        "👨‍👩‍👧 𠮷，（全角）\t\n",
	} {
		if got := printable(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}
