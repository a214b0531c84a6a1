package sheet

import (
	"slices"
	"sort"
	"strconv"
)

// grid is one sheet in memory: filled cells only, rows and columns ascending.
type grid struct {
	name    string
	hidden  bool
	rows    []gridRow
	merges  map[int][]span // by column, ascending; only ranges of several rows
	across  []area         // ranges of several columns, by their first line
	columns []span         // hidden ones
	y1904   bool           // serial dates count from 1904
	raw     rawCount
}

type gridRow struct {
	line   int // from 1
	hidden bool
	cells  []cell
}

// rawCount is what the file itself holds of a tab: rows and cells as elements or
// records, empty ones too; the cells once more as a reader of bytes counted them;
// the cells with content; the last line it declares (0: none) and the last it has.
type rawCount struct {
	rows, cells, counted, filled, declared, lastLine int

	missing []int // lines that are said to hold cells, of which there is none
	cut     bool  // a text file without an end to its last line
}

// area is a merged range.
type area struct{ col, line, lastCol, lastLine int32 }

// span is a merged range as one column sees it. The value stands in its first row
// of its first column.
type span struct{ first, last int }

type cellKind uint8

const (
	textCell cellKind = iota
	numberCell
	dateCell // a number shown as a date
	boolCell
	errorCell   // text holds #REF! and the like
	formulaCell // a formula that was saved without its value
)

type cell struct {
	col  int // from 1
	kind cellKind
	text string
}

// between returns the filled rows from one line to another.
func (g *grid) between(from, to int) []gridRow {
	i := sort.Search(len(g.rows), func(i int) bool { return g.rows[i].line >= from })
	j := sort.Search(len(g.rows), func(i int) bool { return g.rows[i].line > to })
	return g.rows[i:max(i, j)]
}

// below returns the filled rows under a line.
func (g *grid) below(line int) []gridRow { return g.between(line+1, maxLine) }

// lastLine is the last filled line, 0 for none.
func (g *grid) lastLine() int {
	if len(g.rows) == 0 {
		return 0
	}
	return g.rows[len(g.rows)-1].line
}

// reach returns how many columns the range has that begins at a cell: 1 for a
// plain cell.
func (g *grid) reach(line, col int) int {
	i := sort.Search(len(g.across), func(i int) bool { return int(g.across[i].line) >= line })
	for ; i < len(g.across) && int(g.across[i].line) == line; i++ {
		if int(g.across[i].col) == col {
			return int(g.across[i].lastCol) - col + 1
		}
	}
	return 1
}

func (g *grid) hiddenColumn(col int) bool {
	for _, s := range g.columns {
		if s.first <= col && col <= s.last {
			return true
		}
	}
	return false
}

// hiddenLines returns the hidden lines with content below the header.
func (g *grid) hiddenLines(header int) []int {
	var lines []int
	for _, r := range g.below(header) {
		if r.hidden {
			lines = append(lines, r.line)
		}
	}
	return lines
}

// samples returns up to three different values of a column below the header.
func (g *grid) samples(col, header int) []string {
	var out []string
	for _, r := range g.below(header) {
		if c, ok := r.at(col); ok && len(out) < 3 && !slices.Contains(out, clip(c.shown(g.y1904))) {
			out = append(out, clip(c.shown(g.y1904)))
		}
	}
	return out
}

// shown is what a person sees in the cell.
func (c cell) shown(y1904 bool) string {
	if c.kind == dateCell {
		if w := readSerial(c.text, y1904); w.day != "" {
			return w.day
		}
	}
	return c.text
}

// at returns the filled cell of a row; ok is false for an empty one.
func (r gridRow) at(col int) (cell, bool) {
	i := sort.Search(len(r.cells), func(i int) bool { return r.cells[i].col >= col })
	if i < len(r.cells) && r.cells[i].col == col {
		return r.cells[i], true
	}
	return cell{}, false
}

// row returns the filled row at a line.
func (g *grid) row(line int) (gridRow, bool) {
	i := sort.Search(len(g.rows), func(i int) bool { return g.rows[i].line >= line })
	if i < len(g.rows) && g.rows[i].line == line {
		return g.rows[i], true
	}
	return gridRow{}, false
}

// covering returns the merged range of several rows that holds a cell.
func (g *grid) covering(line, col int) (span, bool) {
	spans := g.merges[col]
	i := sort.Search(len(spans), func(i int) bool { return spans[i].first > line })
	if i == 0 || spans[i-1].last < line {
		return span{}, false
	}
	return spans[i-1], true
}

// merged returns the value a cell shows when a range merged downwards covers it,
// and the line that value stands on. Ranges merged sideways do not give their
// value to other columns: a leader is not also a section.
func (g *grid) merged(line, col int) (cell, int, bool) {
	s, ok := g.covering(line, col)
	if !ok || s.first == line {
		return cell{}, 0, false
	}
	r, ok := g.row(s.first)
	if !ok {
		return cell{}, 0, false
	}
	c, ok := r.at(col)
	return c, s.first, ok
}

// merge records a merged range. Columns beyond lastCol hold nothing and are left out.
func (g *grid) merge(firstCol, firstRow, lastCol, lastRow int) {
	if lastCol > firstCol {
		g.across = append(g.across, area{int32(firstCol), int32(firstRow), int32(lastCol), int32(lastRow)})
	}
	if firstRow == lastRow {
		return
	}
	if g.merges == nil {
		g.merges = map[int][]span{}
	}
	for c := firstCol; c <= lastCol; c++ {
		g.merges[c] = append(g.merges[c], span{firstRow, lastRow})
	}
}

func (g *grid) sortMerges() {
	slices.SortFunc(g.across, func(a, b area) int { return int(a.line - b.line) })
	for _, spans := range g.merges {
		slices.SortFunc(spans, func(a, b span) int { return a.first - b.first })
	}
}

// address gives a cell the name the user sees: address(6, 12) is "F12".
func address(col, line int) string { return letters(col) + strconv.Itoa(line) }

func letters(col int) string {
	var b [8]byte
	i := len(b)
	for ; col > 0; col = (col - 1) / 26 {
		i--
		b[i] = byte('A' + (col-1)%26)
	}
	return string(b[i:])
}

// position reads "F12" as column 6, line 12. ok is false for anything else.
func position(ref string) (col, line int, ok bool) {
	i := 0
	for ; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && i < 4; i++ {
		col = col*26 + int(ref[i]-'A') + 1
	}
	line, err := strconv.Atoi(ref[i:])
	if i == 0 || err != nil || ref[i] < '1' || ref[i] > '9' {
		return 0, 0, false
	}
	return col, line, col <= maxColumn && line <= maxLine
}

// The size of a worksheet in the standard.
const (
	maxColumn = 16384
	maxLine   = 1048576
)
