package sheet

import (
	"maps"
	"slices"
	"sort"
	"strings"
)

// Message is the column in which rows that are sent back carry what is wrong with
// them. It is written, recognised, and never read.
const Message Field = "message"

// A Fix replaces what one cell holds.
type Fix struct {
	Tab, Cell, Text string
}

// CellText returns what a cell shows; "" for an empty one.
func (b *Book) CellText(tab, at string) string {
	g := b.tab(tab)
	col, line, ok := position(at)
	if g == nil || !ok {
		return ""
	}
	row, _ := g.row(line)
	c, filled := row.at(col)
	if !filled {
		c, _, _ = g.merged(line, col)
	}
	return c.shown(g.y1904)
}

// HeaderOf returns the header of the column in which a cell of the tab lies, as
// the layout reads it, and its field.
func (l Layout) HeaderOf(tab, at string) (header string, f Field) {
	t, _ := l.tab(tab)
	col, _, ok := position(at)
	for _, c := range t.Columns {
		if ok && c.Column == col {
			return c.Header, c.Field
		}
	}
	return "", ""
}

// With returns the book with some cells replaced; the book itself stays as it is. A
// text put into a cell is read as if it had been typed there.
func (b *Book) With(fixes []Fix) *Book {
	if len(fixes) == 0 {
		return b
	}
	out := *b
	out.tabs = slices.Clone(b.tabs)
	copied := map[string]*grid{}
	for _, f := range fixes {
		i := slices.IndexFunc(out.tabs, func(g *grid) bool { return g.name == f.Tab })
		col, line, ok := position(f.Cell)
		if i < 0 || !ok {
			continue
		}
		if copied[f.Tab] == nil {
			g := *out.tabs[i]
			g.rows, g.merges = slices.Clone(g.rows), maps.Clone(g.merges)
			out.tabs[i], copied[f.Tab] = &g, &g
		}
		copied[f.Tab].put(line, col, cleanText(strings.TrimSpace(f.Text)))
	}
	return &out
}

// put replaces a cell. In a range merged downwards it is the one that holds the
// value.
func (g *grid) put(line, col int, text string) {
	if s, covered := g.covering(line, col); covered {
		line = s.first
	}
	i := sort.Search(len(g.rows), func(i int) bool { return g.rows[i].line >= line })
	if i == len(g.rows) || g.rows[i].line != line {
		if text == "" {
			return
		}
		g.rows = slices.Insert(g.rows, i, gridRow{line: line})
		g.raw.rows++
	}
	row := g.rows[i]
	j := sort.Search(len(row.cells), func(j int) bool { return row.cells[j].col >= col })
	there := j < len(row.cells) && row.cells[j].col == col
	row.cells = slices.Clone(row.cells)
	switch {
	case there && text == "":
		row.cells = slices.Delete(row.cells, j, j+1)
		g.raw.filled--
	case there:
		row.cells[j] = cell{col: col, text: text}
	case text != "":
		row.cells = slices.Insert(row.cells, j, cell{col: col, text: text})
		g.raw.filled++
	}
	if g.rows[i] = row; len(row.cells) == 0 {
		g.rows = slices.Delete(g.rows, i, i+1)
	}
}

// Refresh gives a layout that was kept the samples and the words of the book again.
func (l Layout) Refresh(b *Book) Layout {
	out := Layout{Values: slices.Clone(l.Values)}
	for _, t := range l.Tabs {
		g := b.tab(t.Name)
		if g == nil {
			continue
		}
		t.Columns = slices.Clone(t.Columns)
		for i := range t.Columns {
			c := &t.Columns[i]
			c.Samples, c.Hidden = g.samples(c.Column, t.HeaderTo), g.hiddenColumn(c.Column)
		}
		out.Tabs = append(out.Tabs, t)
	}
	out.addWords(b)
	return out
}

// Header reads a tab anew with its header between the lines, as a person says.
func (b *Book) Header(tab string, from, to int, w Words) (TabLayout, bool) {
	g := b.tab(tab)
	if g == nil || from < 1 || to < from || to-from >= 2*headerDepth || len(g.between(from, to)) == 0 {
		return TabLayout{}, false
	}
	h := readHeader(g, g.between(from, to), w)
	h.first, h.last = from, to
	t := TabLayout{Name: g.name, Hidden: g.hidden, Use: true, HeaderFrom: from, HeaderTo: to}
	if g.hidden {
		t.Take = Take
	}
	t.Columns = append(h.cols, unnamed(g, h)...)
	slices.SortFunc(t.Columns, func(a, b ColumnLayout) int { return a.Column - b.Column })
	for i := range t.Columns {
		c := &t.Columns[i]
		c.Samples, c.Hidden = g.samples(c.Column, to), g.hiddenColumn(c.Column)
	}
	t.guessFromValues(g)
	l := Layout{Tabs: []TabLayout{t}}
	l.guessCategory(b, &l.Tabs[0])
	return l.Tabs[0], true
}

// Several reports whether a field may be spread over columns.
func Several(f Field) bool { return partField[f] }

// A Code is one of a closed list of words, and the usual word for it.
type Code struct{ Code, Word string }

// Codes lists what a cell of the field may say; nil where it may say anything.
func Codes(f Field) []Code {
	if f != Status && f != Kind && f != OrganCadre {
		return nil
	}
	var out []Code
	for _, e := range tableOf(f) {
		out = append(out, Code{e.code, e.word})
	}
	return out
}

// Letters names a column as spreadsheets do: 28 is AB.
func Letters(col int) string { return letters(col) }
