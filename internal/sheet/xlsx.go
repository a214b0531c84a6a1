package sheet

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"lianshen/internal/opc"
)

// XLSXOptions say how a workbook looks. The zero value is a sheet "台账" without a
// title.
type XLSXOptions struct {
	Sheet  string // name of the sheet
	Title  string // line above the header, "" for none
	Footer string // of the printed page; &P and &N stand for page and pages
	Paper  Paper  // of the printed page
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

// xlsxWriter streams a workbook of one sheet. The usual library keeps the whole
// finished file in memory before it writes the first byte.
type xlsxWriter struct {
	pack    *opc.Writer
	out     *bufio.Writer
	columns []Column
	opt     XLSXOptions
	line    int // last line written
	head    int // line of the header
}

// Styles of cells, by their place in xlsxStyles.
const (
	styleText = iota
	styleHeader
	styleDate
	styleTitle
)

// NewXLSX starts a workbook on w: frozen header, filter, A4 landscape with the
// header on every page. Text never becomes a formula.
func NewXLSX(w io.Writer, columns []Column, opt XLSXOptions) (TableWriter, error) {
	if opt.Sheet = sheetName(opt.Sheet); opt.Sheet == "" {
		opt.Sheet = "台账"
	}
	if opt.Paper == 0 {
		opt.Paper = PaperA4
	}
	if opt.Footer == "" {
		opt.Footer = "第 &P 页，共 &N 页"
	}
	x := &xlsxWriter{pack: opc.NewWriter(w), columns: columns, opt: opt}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", xlsxTypes},
		{"_rels/.rels", xlsxRootRels},
		{"xl/_rels/workbook.xml.rels", xlsxBookRels},
		{"xl/styles.xml", xlsxStyles},
	} {
		if err := x.pack.Text(part.name, part.text); err != nil {
			return nil, err
		}
	}
	part, err := x.pack.Part("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	x.out = bufio.NewWriterSize(part, 64<<10)
	return x, x.begin()
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
	return string(r[:min(len(r), 31)])
}

// begin writes all that stands before the rows, the title and the header.
func (x *xlsxWriter) begin() error {
	x.head = 1
	if x.opt.Title != "" {
		x.head = 2
	}
	x.put(opc.Head, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">`,
		fmt.Sprintf(`<pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/>`, x.head, x.head+1),
		`</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, c := range x.columns {
		x.put(fmt.Sprintf(`<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, c.width()))
	}
	x.put(`</cols><sheetData>`)
	if x.opt.Title != "" {
		if err := x.row([]any{x.opt.Title}, styleTitle); err != nil {
			return err
		}
	}
	titles := make([]any, len(x.columns))
	for i, c := range x.columns {
		titles[i] = c.Title
	}
	return x.row(titles, styleHeader)
}

// Write adds one row. A text longer than a cell holds is an error, not cut.
func (x *xlsxWriter) Write(cells []any) error {
	if len(cells) > len(x.columns) {
		return fmt.Errorf("row %d: %d cells for %d columns", x.line+1, len(cells), len(x.columns))
	}
	if x.line >= maxLine {
		return fmt.Errorf("row %d: a sheet holds %d rows", x.line+1, maxLine)
	}
	return x.row(cells, styleText)
}

func (x *xlsxWriter) row(cells []any, style int) error {
	x.line++
	line := strconv.Itoa(x.line)
	x.put(`<row r="`, line, `" ht="`, strconv.FormatFloat(x.height(cells, style), 'f', 1, 64), `">`)
	for i, c := range cells {
		if err := x.cell(letters(i+1)+line, c, style); err != nil {
			return fmt.Errorf("row %d, column %s: %w", x.line, x.columns[i].Title, err)
		}
	}
	_, err := x.out.WriteString("</row>")
	return err
}

// height estimates how high a row must be, in points, to show its texts wrapped:
// not every program works it out when it opens a file.
func (x *xlsxWriter) height(cells []any, style int) float64 {
	const lineHeight, most = 13.5, 409
	if style == styleTitle {
		return 30
	}
	lines := 1
	for i, c := range cells {
		if s, ok := c.(string); ok {
			lines = max(lines, wrappedLines(s, x.columns[i].width()))
		}
	}
	return min(most, float64(lines)*lineHeight+3)
}

// wrappedLines counts the lines a text fills in a column; a Chinese character is
// as wide as two figures.
func wrappedLines(s string, width float64) int {
	lines, used := 1, 0.0
	for _, r := range s {
		w := 1.0
		if r > 0x2000 {
			w = 2
		}
		switch {
		case r == '\n':
			lines, used = lines+1, 0
		case used+w > width:
			lines, used = lines+1, w
		default:
			used += w
		}
	}
	return lines
}

func (x *xlsxWriter) cell(ref string, value any, style int) error {
	switch v := value.(type) {
	case nil:
		x.put(`<c r="`, ref, `" s="`, strconv.Itoa(style), `"/>`)
	case int, int64, float64:
		x.number(ref, fmt.Sprint(v), style)
	case bool:
		return x.cell(ref, map[bool]string{true: "是", false: "否"}[v], style)
	case Date:
		if day, err := time.Parse(time.DateOnly, string(v)); err == nil && day.Year() >= 1901 {
			x.number(ref, strconv.Itoa(int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours()/24)), styleDate)
			return nil
		}
		return x.cell(ref, string(v), style)
	case string:
		return x.text(ref, v, style)
	default:
		return fmt.Errorf("a cell cannot hold %T", value)
	}
	return nil
}

func (x *xlsxWriter) number(ref, v string, style int) {
	x.put(`<c r="`, ref, `" s="`, strconv.Itoa(style), `"><v>`, v, `</v></c>`)
}

func (x *xlsxWriter) text(ref, s string, style int) error {
	if s == "" {
		return x.cell(ref, nil, style)
	}
	if len(s) > cellText && len(utf16.Encode([]rune(s))) > cellText {
		return fmt.Errorf("the text is longer than the %d characters of a cell", cellText)
	}
	x.put(`<c r="`, ref, `" s="`, strconv.Itoa(style), `" t="inlineStr"><is><t xml:space="preserve">`)
	opc.WriteXML(x.out, escapeX(s))
	x.put(`</t></is></c>`)
	return nil
}

// put writes markup. Errors stay in the buffered writer until row or Close asks.
func (x *xlsxWriter) put(parts ...string) {
	for _, s := range parts {
		_, _ = x.out.WriteString(s)
	}
}

// Close writes what follows the rows, and the workbook, whose names refer to them.
func (x *xlsxWriter) Close() error {
	last := letters(max(1, len(x.columns)))
	x.put(`</sheetData>`, fmt.Sprintf(`<autoFilter ref="A%d:%s%d"/>`, x.head, last, x.line))
	if x.opt.Title != "" && len(x.columns) > 1 {
		x.put(fmt.Sprintf(`<mergeCells count="1"><mergeCell ref="A1:%s1"/></mergeCells>`, last))
	}
	x.put(`<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>`,
		fmt.Sprintf(`<pageSetup paperSize="%d"`, x.opt.Paper), ` orientation="landscape" fitToWidth="1" fitToHeight="0"/>`,
		`<headerFooter><oddFooter>&amp;C`, opc.XML(x.opt.Footer), `</oddFooter></headerFooter></worksheet>`)
	if err := x.out.Flush(); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	if err := x.pack.Text("xl/workbook.xml", x.book(last)); err != nil {
		return err
	}
	return x.pack.Close()
}

func (x *xlsxWriter) book(last string) string {
	name := "'" + strings.ReplaceAll(opc.XML(x.opt.Sheet), "'", "''") + "'!"
	return opc.Head + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + opc.Relations + `">` +
		`<sheets><sheet name="` + opc.XML(x.opt.Sheet) + `" sheetId="1" r:id="rId1"/></sheets><definedNames>` +
		fmt.Sprintf(`<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">%s$A$%d:$%s$%d</definedName>`, name, x.head, last, x.line) +
		fmt.Sprintf(`<definedName name="_xlnm.Print_Titles" localSheetId="0">%s$%d:$%d</definedName>`, name, 1, x.head) +
		`</definedNames></workbook>`
}
