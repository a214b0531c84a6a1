package sheet

import "sort"

// Account says where every filled cell and every filled row of the tabs that were
// read went. Cells = CellsUsed + the sum of CellsLeft, and so for the rows: what is
// in neither is a problem of its own. Keys of the maps are keys of the catalogue.
type Account struct {
	Tabs      int            // tabs that were read
	Cells     int            // filled cells in them
	CellsUsed int            // cells that are in a Row
	CellsLeft map[string]int // cells that are in none, by reason
	Rows      int            // filled rows
	RowsUsed  int            // rows of findings, and of sections that give a category
	RowsLeft  map[string]int // rows left out, by reason
}

// Balanced says that nothing is missing.
func (a Account) Balanced() bool {
	return a.Cells == a.CellsUsed+sum(a.CellsLeft) && a.Rows == a.RowsUsed+sum(a.RowsLeft)
}

func sum(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

// used marks a cell that is in a Row.
const used = "used"

// marks notes for each filled cell of a tab where it went.
type marks struct {
	g     *grid
	start []int // of the cells of each row in of
	of    []string
}

func newMarks(g *grid) *marks {
	m := &marks{g: g, start: make([]int, len(g.rows))}
	n := 0
	for i, r := range g.rows {
		m.start[i] = n
		n += len(r.cells)
	}
	m.of = make([]string, n)
	return m
}

// set marks a cell; what was used stays used.
func (m *marks) set(line, col int, mark string) {
	i := sort.Search(len(m.g.rows), func(i int) bool { return m.g.rows[i].line >= line })
	if i == len(m.g.rows) || m.g.rows[i].line != line {
		return
	}
	cells := m.g.rows[i].cells
	j := sort.Search(len(cells), func(j int) bool { return cells[j].col >= col })
	if j < len(cells) && cells[j].col == col && m.of[m.start[i]+j] != used {
		m.of[m.start[i]+j] = mark
	}
}

// close counts the marks. A filled cell without one was read by nobody: that is a
// problem, because it would be missed only when it is needed.
func (t *tabReader) close() {
	a := t.acc
	a.Tabs++
	a.Rows += len(t.g.rows)
	for i, r := range t.g.rows {
		for j, c := range r.cells {
			a.Cells++
			switch mark := t.marks.of[t.marks.start[i]+j]; mark {
			case used:
				a.CellsUsed++
			case "":
				a.CellsLeft[leftLost]++
				t.log.problem(t.g.name, address(c.col, r.line), codeLostCell, c.text)
			default:
				a.CellsLeft[mark]++
			}
		}
	}
	t.reconcile()
}

// reconcile holds what was read against what the file itself counts.
func (t *tabReader) reconcile() {
	raw, filled := t.g.raw, len(t.marks.of)
	if raw.filled != filled || raw.rows < len(t.g.rows) {
		t.log.problem(t.g.name, "", codeCountMismatch, filled, raw.filled)
	}
	if raw.cells != raw.counted {
		t.log.problem(t.g.name, "", codeCountMismatch, raw.cells, raw.counted)
	}
	if raw.cut {
		t.lastLineWhole()
	}
	if n := len(raw.missing); n > 0 {
		t.log.notice(t.g.name, address(1, raw.missing[0]), codeRowsMissing, n, raw.missing[0])
	}
	if raw.declared > raw.lastLine {
		t.log.notice(t.g.name, "", codeFewerRows, raw.declared, raw.lastLine)
	}
}

// lastLineWhole looks at the last line of a text file that does not end it: the
// file may have been cut.
func (t *tabReader) lastLineWhole() {
	last := t.g.rows[len(t.g.rows)-1]
	at := address(last.cells[0].col, last.line)
	t.log.notice(t.g.name, at, codeLineNotEnded, last.line)
}

func (t *tabReader) use(line, col int) { t.marks.set(line, col, used) }

// leaveRow leaves a whole row out with a notice that quotes it.
func (t *tabReader) leaveRow(r gridRow, why string) {
	if why != leftHeaderAgain {
		t.log.notice(t.g.name, address(r.cells[0].col, r.line), noticeOf[why], r.cells[0].text)
	}
	t.leaveCells(r, why)
}

func (t *tabReader) leaveCells(r gridRow, why string) {
	t.acc.RowsLeft[why]++
	for _, c := range r.cells {
		t.marks.set(r.line, c.col, why)
	}
}

var noticeOf = map[string]string{
	leftHiddenRow: codeHiddenRowLeft, leftTotal: codeTotalSkipped, leftSection: codeRowSkipped, leftNote: codeRowSkipped,
}
