package sheet

import (
	"fmt"
	"io"
	"strings"

	"lianshen/internal/opc"
)

// XLSXOptions say how a workbook looks. The zero value is a sheet "台账" without a
// title, on A4 across.
type XLSXOptions struct {
	Sheet    string // name of the sheet
	Title    string // line above the header, "" for none
	Sub      string // line between title and header, "" for none
	Footer   string // of the printed page; &P and &N stand for page and pages
	Paper    Paper  // of the printed page
	Portrait bool   // the paper upright
	Fixed    int    // first columns that stay when the table is moved sideways
}

// Paper is a size of paper, by its number in the standard. The zero value is A4.
type Paper int

// Sizes of paper. A ledger with all its columns is easier to read on A3.
const (
	PaperA3 Paper = 8
	PaperA4 Paper = 9
)

// width returns the width of a column in characters of Excel.
func (c Column) width() float64 {
	if c.Width == 0 {
		return 12
	}
	return c.Width
}

// XLSX streams a workbook, sheet after sheet. The usual library keeps the whole
// finished file in memory before it writes the first byte.
type XLSX struct {
	pack     *opc.Writer
	columns  []Column
	opt      XLSXOptions
	page     *xlsxPage // being written; nil before the first row
	pages    []printedPage
	choices  choices
	overflow overflow
}

// printedPage is what the workbook must know of a finished sheet.
type printedPage struct {
	name             string
	top, head, last  int // lines: first of the header, last of it, last of the sheet
	columns          int
	hidden, filtered bool
}

// NewXLSX starts a workbook on w: frozen header, filter, drop-down lists, the
// header on every printed page. Text never becomes a formula. A text longer than a
// cell holds is cut at its end, where the cell says on which line of the sheet
// OverflowSheet the rest stands.
func NewXLSX(w io.Writer, columns []Column, opt XLSXOptions) (*XLSX, error) {
	if opt.Sheet = sheetName(opt.Sheet); opt.Sheet == "" {
		opt.Sheet = "台账"
	}
	if opt.Paper == 0 {
		opt.Paper = PaperA4
	}
	if opt.Footer == "" {
		opt.Footer = "第 &P 页 共 &N 页"
	}
	x := &XLSX{pack: opc.NewWriter(w), columns: columns, opt: opt, choices: choicesOf(columns)}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", xlsxTypes},
		{"_rels/.rels", xlsxRootRels},
		{"xl/styles.xml", xlsxStyles},
	} {
		if err := x.pack.Text(part.name, part.text); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Next ends the sheet and begins one with the name and the title. Before the first
// row it only names the sheet.
func (x *XLSX) Next(name, title string) error {
	if err := x.endPage(); err != nil {
		return err
	}
	if name = sheetName(name); name == "" {
		name = x.opt.Sheet
	}
	x.opt.Sheet, x.opt.Title = name, title
	return nil
}

// Table ends the sheet and begins one for another table.
func (x *XLSX) Table(columns []Column, opt XLSXOptions) error {
	opt.Footer, opt.Paper = orDefaultText(opt.Footer, x.opt.Footer), Paper(orDefault(int(opt.Paper), int(x.opt.Paper)))
	if err := x.endPage(); err != nil {
		return err
	}
	x.columns, x.opt, x.choices = columns, opt, x.choices.with(columns)
	return x.Next(opt.Sheet, opt.Title)
}

func orDefaultText(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

// Write adds one record: one row, or, where a cell is Each, a row for each of its
// parts, beside which the other cells are merged.
func (x *XLSX) Write(cells []any) error {
	if len(cells) > len(x.columns) {
		return fmt.Errorf("row after line %d: %d cells for %d columns", x.line(), len(cells), len(x.columns))
	}
	if err := x.beginPage(); err != nil {
		return err
	}
	return x.page.record(cells)
}

func (x *XLSX) line() int {
	if x.page == nil {
		return 0
	}
	return x.page.line
}

func (x *XLSX) beginPage() error {
	if x.page != nil {
		return nil
	}
	part, err := x.pack.Part(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.pages)+1))
	if err != nil {
		return err
	}
	x.opt.Sheet = x.unused(x.opt.Sheet)
	x.page = newPage(part, x.columns, x.opt, x.choices, &x.overflow, len(x.pages) == 0)
	return x.page.begin()
}

func (x *XLSX) endPage() error {
	if x.page == nil {
		return nil
	}
	p := x.page
	x.page = nil
	x.pages = append(x.pages, printedPage{
		name: x.opt.Sheet, top: p.top, head: p.head, last: p.line, columns: max(1, len(x.columns)), filtered: true,
	})
	return p.end()
}

// unused returns the name, numbered where a sheet has it already: names are told
// apart without regard to case.
func (x *XLSX) unused(name string) string {
	taken := map[string]bool{choicesSheet: true, OverflowSheet: true}
	for _, p := range x.pages {
		taken[strings.ToLower(p.name)] = true
	}
	for n, try := 2, name; ; n++ {
		if !taken[strings.ToLower(try)] {
			return try
		}
		tail := fmt.Sprintf("（%d）", n)
		r := []rune(name)
		try = string(r[:min(len(r), 31-len([]rune(tail)))]) + tail
	}
}

// sheetName makes a name that a spreadsheet takes: at most 31 characters, without
// those that mean something in a reference.
func sheetName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, cleanText(s))
	r := []rune(strings.Trim(s, "' "))
	return strings.Trim(string(r[:min(len(r), 31)]), "' ")
}

// Close writes what follows the rows: the sheets of long texts and of choices, and
// the workbook, whose names refer to all of them.
func (x *XLSX) Close() error {
	begun := x.beginPage() // a table without rows has its header
	if err := x.endPage(); err != nil || begun != nil {
		return firstError(begun, err)
	}
	if err := x.writeOverflow(); err != nil {
		return err
	}
	if err := x.writeChoices(); err != nil {
		return err
	}
	if err := x.pack.Text("xl/workbook.xml", bookPart(x.pages)); err != nil {
		return err
	}
	if err := x.pack.Text("xl/_rels/workbook.xml.rels", bookRels(len(x.pages))); err != nil {
		return err
	}
	return x.pack.Close()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
