package sheet

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"lianshen/internal/opc"
)

// xlsxPage writes one sheet of a workbook.
type xlsxPage struct {
	out      *pump
	buf      []byte
	columns  []Column
	refs     []string // letters of the columns
	opt      XLSXOptions
	choices  choices
	overflow *overflow
	first    bool // the sheet that is open when the workbook is

	line      int // last line written
	top, head int // first and last line of the header
	merges    []string
	tall      []tallRecord
}

// tallRecord is a record that fills several rows: its first and its last line.
type tallRecord struct{ first, last int32 }

func newPage(part io.Writer, columns []Column, opt XLSXOptions, c choices, o *overflow, first bool) *xlsxPage {
	p := &xlsxPage{out: newPump(part), columns: columns, opt: opt, choices: c, overflow: o, first: first}
	p.buf = p.out.room()
	for i := range columns {
		p.refs = append(p.refs, letters(i+1))
	}
	return p
}

// begin writes all that stands before the rows: the view, the widths, the title,
// the header.
func (p *xlsxPage) begin() error {
	p.top = 1
	for _, s := range []string{p.opt.Title, p.opt.Sub} {
		if s != "" {
			p.top++
		}
	}
	p.head = p.top
	if p.grouped() {
		p.head++
	}
	p.put(opc.Head, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`,
		`<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>`, p.view(), `</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>`)
	for i, c := range p.columns {
		p.put(fmt.Sprintf(`<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, c.width()))
	}
	p.put(`</cols><sheetData>`)
	p.banner(p.opt.Title, styleTitle, 30)
	p.banner(p.opt.Sub, styleSub, 18)
	return p.heads()
}

// view freezes the header and, where asked, the first columns.
func (p *xlsxPage) view() string {
	selected := ""
	if p.first {
		selected = ` tabSelected="1"`
	}
	side, pane := "", "bottomLeft"
	at := "A"
	if n := p.opt.Fixed; n > 0 && n < len(p.columns) {
		side, pane, at = fmt.Sprintf(`xSplit="%d" `, n), "bottomRight", letters(n+1)
	}
	return fmt.Sprintf(`<sheetView%s workbookViewId="0"><pane %sySplit="%d" topLeftCell="%s%d" activePane="%s" state="frozen"/></sheetView>`,
		selected, side, p.head, at, p.head+1, pane)
}

func (p *xlsxPage) grouped() bool {
	return slices.ContainsFunc(p.columns, func(c Column) bool { return c.Group != "" })
}

// banner writes a line across all columns.
func (p *xlsxPage) banner(text string, style int, height float64) {
	if text == "" {
		return
	}
	p.row(height, func(line string) {
		p.text(0, line, text, style)
	})
	if n := len(p.columns); n > 1 {
		p.merge(0, p.line, n-1, p.line)
	}
}

// heads writes the header: one line of titles, or two with the groups above. A
// title without a group fills both lines.
func (p *xlsxPage) heads() error {
	if p.grouped() {
		p.row(20, func(line string) {
			for i, c := range p.columns {
				text := c.Group
				if text == "" {
					text = c.Title
				}
				if i > 0 && c.Group != "" && c.Group == p.columns[i-1].Group {
					text = ""
				}
				p.text(i, line, text, styleHeader)
			}
		})
		p.mergeGroups()
	}
	titles, height := make([]string, len(p.columns)), rowHeight
	for i, c := range p.columns {
		if !p.grouped() || c.Group != "" {
			titles[i] = c.Title
			height = max(height, p.cellHeight(i, c.Title))
		}
	}
	p.row(height, func(line string) {
		for i, title := range titles {
			p.text(i, line, title, styleHeader)
		}
	})
	return p.flush()
}

func (p *xlsxPage) mergeGroups() {
	for i := 0; i < len(p.columns); i++ {
		group, last := p.columns[i].Group, i
		if group == "" {
			p.merge(i, p.top, i, p.head)
			continue
		}
		for last+1 < len(p.columns) && p.columns[last+1].Group == group {
			last++
		}
		if last > i {
			p.merge(i, p.top, last, p.top)
		}
		i = last
	}
}

func (p *xlsxPage) merge(c1, r1, c2, r2 int) {
	p.merges = append(p.merges, p.refs[c1]+strconv.Itoa(r1)+":"+p.refs[c2]+strconv.Itoa(r2))
}

// row writes a row around its cells.
func (p *xlsxPage) row(height float64, cells func(line string)) { p.rowOf(height, "", cells) }

// rowOf is row with further attributes.
func (p *xlsxPage) rowOf(height float64, attributes string, cells func(line string)) {
	p.line++
	line := strconv.Itoa(p.line)
	p.buf = append(p.buf, `<row r="`...)
	p.buf = append(p.buf, line...)
	p.buf = append(p.buf, `" ht="`...)
	p.buf = strconv.AppendFloat(p.buf, height, 'f', 1, 64)
	p.buf = append(p.buf, '"')
	p.buf = append(p.buf, attributes...)
	p.buf = append(p.buf, '>')
	cells(line)
	p.buf = append(p.buf, `</row>`...)
}

// record writes a record on one row, or on as many as its longest Each.
func (p *xlsxPage) record(cells []any) error {
	rows := rowsOf(cells)
	if p.line+rows > maxLine {
		return fmt.Errorf("row %d: a sheet holds %d rows", p.line+rows, maxLine)
	}
	if rows > 1 {
		p.tall = append(p.tall, tallRecord{int32(p.line + 1), int32(p.line + rows)}) //nolint:gosec // at most maxLine
	}
	heights, attributes := p.heights(cells, rows), ""
	if rows > 1 {
		attributes = ` customHeight="1"` // programs leave merged cells out when they work out a height
	}
	for n := range rows {
		var err error
		p.rowOf(heights[n], attributes, func(line string) {
			for i := range p.columns {
				if e := p.cell(i, line, partOf(cells, i, n), styleText); e != nil && err == nil {
					err = fmt.Errorf("row %s, column %s: %w", line, p.columns[i].Title, e)
				}
			}
		})
		if err != nil {
			return err
		}
	}
	return p.flush()
}

// flush hands what is written on once it is a good piece.
func (p *xlsxPage) flush() (err error) {
	if len(p.buf) >= pumpPiece {
		p.buf, err = p.out.give(p.buf)
	}
	return err
}

// end writes what follows the rows.
func (p *xlsxPage) end() error {
	last := p.refs[max(0, len(p.refs)-1)]
	p.put(`</sheetData>`, fmt.Sprintf(`<autoFilter ref="A%d:%s%d"/>`, p.head, last, p.line))
	p.putMerges()
	p.put(p.choices.validations(p.columns, p.head+1, max(p.line, p.head+1)))
	orientation := "landscape"
	if p.opt.Portrait {
		orientation = "portrait"
	}
	p.put(`<printOptions horizontalCentered="1"/><pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>`,
		fmt.Sprintf(`<pageSetup paperSize="%d" orientation="%s" fitToWidth="1" fitToHeight="0"/>`, p.opt.Paper, orientation),
		`<headerFooter><oddFooter>&amp;C`, opc.XML(p.opt.Footer), `</oddFooter></headerFooter></worksheet>`)
	if err := p.out.end(p.buf); err != nil {
		return fmt.Errorf("write the sheet: %w", err)
	}
	return nil
}

// putMerges lists the merged ranges: those of the head, and in every record that
// fills several rows the columns that are not Each.
func (p *xlsxPage) putMerges() {
	var whole []string
	for i, c := range p.columns {
		if !c.Each {
			whole = append(whole, p.refs[i])
		}
	}
	n := len(p.merges) + len(p.tall)*len(whole)
	if n == 0 {
		return
	}
	p.put(`<mergeCells count="`, strconv.Itoa(n), `">`)
	for _, ref := range p.merges {
		p.put(`<mergeCell ref="`, ref, `"/>`)
	}
	for _, t := range p.tall {
		first, last := strconv.Itoa(int(t.first)), strconv.Itoa(int(t.last))
		for _, ref := range whole {
			p.put(`<mergeCell ref="`, ref, first, `:`, ref, last, `"/>`)
		}
		_ = p.flush() // a broken destination is told at the end
	}
	p.put(`</mergeCells>`)
}

func (p *xlsxPage) put(parts ...string) {
	for _, s := range parts {
		p.buf = append(p.buf, s...)
	}
}
