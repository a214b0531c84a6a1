package sheet

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
)

// askingBook is a ledger with everything that must be asked about: an unknown
// column, a hidden one, a column without header, a hidden row, a hidden tab that is
// a ledger too, a word that means nothing known.
func askingBook(t *testing.T) *Book {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{
		{"问题编号", "反馈问题", "整改措施", "完成时限", "整改状态", "群众评议", "责任领导", nil},
		{"08-QT-001", "问题一。", "措施甲", "2026-01-31", "已完成", "满意", "张三", "旁注"},
		{"08-QT-002", "问题二。", "措施乙", "2026-02-28", "挂账", "不满意", "李四"},
		{"08-QT-003", "问题三。", "措施丙", "2026-02-28", "正在推进", nil, "王五"},
	}
	for _, tab := range []string{"Sheet1", "旧表"} {
		if tab != "Sheet1" {
			_, err := f.NewSheet(tab)
			check(t, err)
		}
		for i, row := range rows {
			check(t, f.SetSheetRow(tab, address(1, i+1), &row))
		}
	}
	check(t, f.SetSheetVisible("旧表", false))
	check(t, f.SetColVisible("Sheet1", "G", false))
	check(t, f.SetRowVisible("Sheet1", 4, false))
	return bookOf(t, saved(t, f))
}

func bookOf(t testing.TB, data []byte) *Book {
	t.Helper()
	b, err := OpenBook(t.Context(), bytes.NewReader(data), int64(len(data)), "a.xlsx", Limits{})
	check(t, err)
	return b
}

func TestWhatIsHiddenOrUnknownIsAskedAndDoneAsAnswered(t *testing.T) {
	book := askingBook(t)
	layout := book.Guess(nil)
	var asked []string
	for _, q := range layout.Questions(book) {
		asked = append(asked, q.Code+" "+q.Cell)
	}
	want := []string{
		codeUnknownColumn + " F1", codeHiddenColumn + " G1", codeUnnamedColumn + " H1", codeHiddenRows + " A4",
		codeHiddenTab + " ", codeUnknownWord + " E3",
	}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Fatalf("asked (-want +got)\n%s", diff)
	}
	for _, answer := range []struct {
		take    string
		rows    int
		leader  string
		remark  string
		notices []string
	}{
		{Take, 3, "张三", "群众评议：满意\nH列：旁注", []string{codeHiddenTabLeft}},
		{Leave, 2, "", "", []string{codeColumnLeft, codeColumnLeft, codeColumnLeft, codeHiddenRowLeft, codeWordLeft, codeHiddenTabLeft}},
	} {
		got, err := book.Read(answerAll(layout, answer.take), Options{})
		check(t, err)
		if len(got.Problems) > 0 || len(got.Rows) != answer.rows || !got.Account.Balanced() {
			t.Fatalf("%s: %d findings, problems %+v, account %+v", answer.take, len(got.Rows), got.Problems, got.Account)
		}
		if r := got.Rows[0]; r.Leader != answer.leader || r.Remark != answer.remark {
			t.Errorf("%s: leader %q, remark %q", answer.take, r.Leader, r.Remark)
		}
		var said []string
		for _, n := range got.Notices {
			said = append(said, n.Code)
		}
		if diff := cmp.Diff(answer.notices, said); diff != "" {
			t.Errorf("%s: notices (-want +got)\n%s", answer.take, diff)
		}
	}
}

// answerAll gives one answer to every question, but leaves the hidden tab out.
func answerAll(l Layout, answer string) Layout {
	data, _ := json.Marshal(l) // a copy, as it is remembered
	var out Layout
	_ = json.Unmarshal(data, &out)
	for i := range out.Tabs {
		t := &out.Tabs[i]
		if t.HiddenRows = answer; t.Hidden {
			t.Take = Leave
		}
		for j, c := range t.Columns {
			if c.Hidden || c.Field == "" {
				t.Columns[j].Take = answer
			}
		}
	}
	for i := range out.Values {
		if out.Values[i].Code = Leave; answer == Take {
			out.Values[i].Code = StatusInProgress
		}
	}
	return out
}

func TestARememberedLayoutIsRecalledForTheNextFileOfItsForm(t *testing.T) {
	book := askingBook(t)
	data, err := json.Marshal(answerAll(book.Guess(nil), Take))
	check(t, err)
	var kept Layout
	check(t, json.Unmarshal(data, &kept))

	recalled, ok := kept.Recall(book)
	if !ok || len(recalled.Questions(book)) > 0 {
		t.Fatalf("does not fit its own file: %v, asked %+v", ok, recalled.Questions(book))
	}
	for _, c := range recalled.Tabs[0].Columns {
		if c.Why != WhyRemembered || len(c.Samples) == 0 {
			t.Errorf("column %d: %+v", c.Column, c)
		}
	}
	if diff := cmp.Diff(kept, recalled, cmpopts.IgnoreFields(ColumnLayout{}, "Samples", "Why"), cmpopts.IgnoreFields(ValueLayout{}, "At", "Tab"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("changed on the way\n%s", diff)
	}
	for name, head := range map[string][]any{
		"another header": with(plainHeader, 3, "整改办法"),
		"a column more":  append(with(plainHeader, 0, "问题编号"), "备注"),
	} {
		next := bookOf(t, workbookOf(t, head, append(with(plainRow, 0, "1"), "x")))
		own := bookOf(t, workbookOf(t, plainHeader, plainRow)).Guess(nil)
		if own.Fits(next) {
			t.Errorf("%s: still fits", name)
		}
	}
	same := bookOf(t, workbookOf(t, plainHeader, plainRow, with(plainRow, 0, "08-JT-002")))
	if !bookOf(t, workbookOf(t, plainHeader, plainRow)).Guess(nil).Fits(same) {
		t.Error("more findings under the same header do not fit")
	}
}

func TestWordsOfTheAdministratorAreKnownHeaders(t *testing.T) {
	book := bookOf(t, workbookOf(t, with(plainHeader, 3, "怎么改"), plainRow))
	if q := book.Guess(nil).Questions(book); len(q) != 1 || q[0].Code != codeUnknownColumn {
		t.Fatalf("asked %+v", q)
	}
	layout := book.Guess(Words{"怎么 改": MeasureText})
	if c := layout.Tabs[0].column(MeasureText); c == nil || c.Column != 4 || c.Why != WhySynonym || len(layout.Questions(book)) > 0 {
		t.Errorf("%+v, asked %+v", c, layout.Questions(book))
	}
}

// Four levels: 大类, 方面, 问题, and one 具体表现 on each row.
func TestLevelsAreRecognised(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{
		{"大类", "方面", "问题", "具体表现", "整改措施", "整改时限"},
		{"决策部署", "粮食安全", "底数不清。", "表现一。", "措施一", "20260131"},
		{nil, nil, nil, "表现二。", "措施二", "２０２６年２月底前"},
		{nil, "种业", "种子质量差。", "表现三。", "措施三", "立行立改"},
		{"群众身边", "补贴", "发放不及时。", "表现四。", "措施四", "1月31日前"},
	} {
		check(t, f.SetSheetRow("Sheet1", address(1, i+1), &row))
	}
	check(t, f.MergeCell("Sheet1", "A2", "A4"))
	check(t, f.MergeCell("Sheet1", "B2", "B3"))
	check(t, f.MergeCell("Sheet1", "C2", "C3"))
	book := bookOf(t, saved(t, f))
	got, err := book.Read(book.Guess(nil), Options{})
	check(t, err)
	if len(got.Rows) != 3 || len(got.Problems) != 1 || got.Problems[0].Code != codeDateNoYear || got.Problems[0].Cell != "F5" {
		t.Fatalf("%d findings, problems %+v", len(got.Rows), got.Problems)
	}
	one := got.Rows[0]
	if one.Category != "决策部署" || one.Aspect != "粮食安全" || len(one.Manifestations) != 2 || len(one.Measures) != 2 ||
		one.Deadline != "2026-02-28" || one.Measures[0].Deadline != "2026-01-31" {
		t.Errorf("%+v", one)
	}
	if two := got.Rows[1]; two.Category != "决策部署" || two.Aspect != "种业" || two.Kind != KindImmediate || two.Deadline != "" {
		t.Errorf("%+v", two)
	}
}

// A file that counts more cells than were read is not imported.
func TestCountsOfTheFileAreHeldAgainstWhatWasRead(t *testing.T) {
	for name, change := range map[string]func(*grid){
		"cells":  func(g *grid) { g.raw.counted++ },
		"filled": func(g *grid) { g.raw.filled++ },
		"rows":   func(g *grid) { g.raw.rows = 1 },
	} {
		book := bookOf(t, workbookOf(t, plainHeader, plainRow))
		change(book.tabs[0])
		got, err := book.Read(book.Guess(nil), Options{})
		check(t, err)
		if len(got.Problems) != 1 || got.Problems[0].Code != codeCountMismatch {
			t.Errorf("%s: %+v", name, got.Problems)
		}
	}
	book := bookOf(t, workbookOf(t, plainHeader, plainRow))
	book.tabs[0].raw.declared = 99
	got, err := book.Read(book.Guess(nil), Options{})
	check(t, err)
	if len(got.Notices) != 1 || got.Notices[0].Code != codeFewerRows {
		t.Errorf("declared rows: %+v", got.Notices)
	}
}
