package paper

import (
	"bufio"
	"fmt"
	"strings"

	"lianshen/internal/opc"
)

// Widths of the type area in millimetres: what the columns of a table add up to.
const (
	PortraitWidth  = 156
	LandscapeWidth = 225
)

// Table is a table with solid lines over the width of the type area.
type Table struct {
	Widths []int // of the columns, in millimetres
	Heads  int   // first rows, which stand on each of its pages
	Fine   bool  // in small print, for many columns
	Foot   bool  `json:",omitempty"` // 版记: at the foot of the page, with lines above and below its rows only
	Rows   []Line
}

// Line is a row of a table. Its cells and what they span add up to its columns.
type Line struct {
	Cells  []Cell
	Height int // least height in millimetres; 0: as its text needs
}

// Cell is a cell of a table. Line ends in Text begin further paragraphs.
type Cell struct {
	Text  string
	Span  int   // columns; 0 is 1
	Label bool  // head of a row or column: centred, in 黑体
	As    Style `json:",omitempty"` // another style than that of the table

	Link string `json:"-"` // on the page, to what a figure counts; not printed
}

// Style is the style of the text in the cell.
func (c Cell) Style(fine bool) Style {
	switch {
	case c.As != "":
		return c.As
	case fine && c.Label:
		return StyleFineHead
	case fine:
		return StyleFine
	case c.Label:
		return StyleLabel
	}
	return StyleCell
}

// Lines returns the text by its line ends, as it prints.
func (c Cell) Lines() []string { return strings.Split(opc.Clean(c.Text), "\n") }

// Columns is how many columns the cell takes.
func (c Cell) Columns() int { return max(1, c.Span) }

func (t Table) write(b *bufio.Writer) {
	put(b, `<w:tbl><w:tblPr>`, t.place(), `<w:tblW w:w="`, twips(sum(t.Widths)), `" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		put(b, `<w:`, side, t.line(side), ` w:space="0" w:color="000000"/>`)
	}
	put(b, `</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, mm := range t.Widths {
		put(b, `<w:gridCol w:w="`, twips(mm), `"/>`)
	}
	put(b, `</w:tblGrid>`)
	for i, row := range t.Rows {
		t.writeRow(b, row, i < t.Heads)
	}
	put(b, `</w:tbl>`)
}

// place holds a 版记 at the foot of the type area. Programs that cannot count from
// there find the distance from its top, for three lines.
func (t Table) place() string {
	if !t.Foot {
		return ""
	}
	return `<w:tblpPr w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="center" w:tblpYSpec="bottom" w:tblpY="11150"/>`
}

// line draws the edges of a table. Those of a 版记 are 0.35 mm thick at its ends and
// 0.25 mm between its rows.
func (t Table) line(side string) string {
	switch {
	case !t.Foot:
		return ` w:val="single" w:sz="4"`
	case side == "top" || side == "bottom":
		return ` w:val="single" w:sz="8"`
	case side == "insideH":
		return ` w:val="single" w:sz="6"`
	}
	return ` w:val="nil"`
}

// writeRow writes a row; a head row is repeated, and no row in small print is torn
// apart. The rows of a form may be, for what was done can fill more than a page.
func (t Table) writeRow(b *bufio.Writer, row Line, head bool) {
	put(b, `<w:tr><w:trPr>`)
	if head || t.Fine {
		put(b, `<w:cantSplit/>`)
	}
	if row.Height > 0 {
		put(b, `<w:trHeight w:val="`, twips(row.Height), `" w:hRule="atLeast"/>`)
	}
	if head {
		put(b, `<w:tblHeader/>`)
	}
	put(b, `</w:trPr>`)
	at := 0
	for _, c := range row.Cells {
		next := min(at+c.Columns(), len(t.Widths))
		put(b, `<w:tc><w:tcPr><w:tcW w:w="`, twips(sum(t.Widths[at:next])), `" w:type="dxa"/>`)
		if c.Span > 1 {
			put(b, fmt.Sprintf(`<w:gridSpan w:val="%d"/>`, c.Span))
		}
		put(b, `<w:vAlign w:val="center"/></w:tcPr>`)
		Paragraph{Style: c.Style(t.Fine), Text: c.Text}.write(b)
		put(b, `</w:tc>`)
		at = next
	}
	put(b, `</w:tr>`)
}

// twips converts millimetres: 1440 twips are 25.4 mm.
func twips(mm int) string { return fmt.Sprint((mm*1440*10 + 127) / 254) }

func sum(list []int) (n int) {
	for _, x := range list {
		n += x
	}
	return n
}

// Labels makes a row of heads.
func Labels(texts ...string) Line {
	var row Line
	for _, text := range texts {
		row.Cells = append(row.Cells, Cell{Text: text, Label: true})
	}
	return row
}

// Texts makes a row of plain cells.
func Texts(texts ...string) Line {
	var row Line
	for _, text := range texts {
		row.Cells = append(row.Cells, Cell{Text: text})
	}
	return row
}

// lines joins what is not empty, one on each line.
func lines(texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n")
}
