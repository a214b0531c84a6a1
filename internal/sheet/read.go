package sheet

import (
	"context"
	"io"
	"slices"
	"strings"
)

// ReadLedger opens a file and reads its findings as the program guesses it: what a
// person would have to answer comes back as problems. name is the name of the
// file, size its bytes. The error is a *FileError when the file as a whole cannot
// be read. A nil opt.Required asks for Number, Organisation and Text.
func ReadLedger(ctx context.Context, r io.ReaderAt, size int64, name string, opt Options) (Ledger, error) {
	book, err := OpenBook(ctx, r, size, name, opt.Limits)
	if err != nil {
		return Ledger{}, err
	}
	if opt.Required == nil {
		opt.Required = []Field{Number, Organisation, Text}
	}
	return book.Read(book.Guess(nil), opt)
}

// Read reads the findings of the book. Problems of single cells, and questions the
// layout leaves open, are in Ledger.Problems: a ledger with problems must not be
// imported. The error is a *FileError when there is more than the limits allow.
func (b *Book) Read(l Layout, opt Options) (Ledger, error) {
	opt = opt.filled()
	log := &problemLog{max: opt.Limits.Problems}
	out := Ledger{Account: Account{CellsLeft: map[string]int{}, RowsLeft: map[string]int{}}}
	for _, q := range l.Questions(b) {
		log.put(q)
	}
	if l.used() == 0 {
		b.reportNone(opt, log)
	}
	joined := opt.Limits.UnpackedBytes
	for i := range l.Tabs {
		t := &l.Tabs[i]
		g := b.tab(t.Name)
		if g == nil || !t.Use {
			skipTab(g, log)
			continue
		}
		if out.Sheet == "" {
			out.Sheet = g.name
		}
		if !t.hasRequired(opt.Required, log) {
			continue
		}
		if err := out.readTab(newTabReader(g, l, t, opt, log, &out.Account, &joined)); err != nil {
			return Ledger{}, err
		}
	}
	checkNumbers(out.Rows, log)
	out.Problems, out.Notices = log.all(), log.notices
	return out, nil
}

func skipTab(g *grid, log *problemLog) {
	switch {
	case g == nil || len(g.rows) == 0:
	case g.hidden:
		log.notice(g.name, "", codeHiddenTabLeft, g.name)
	default:
		log.notice(g.name, "", codeSheetSkipped, g.name)
	}
}

// reportNone tells the most likely tab what it lacks.
func (b *Book) reportNone(opt Options, log *problemLog) {
	var best header
	at := b.tabs[0]
	for _, g := range b.tabs {
		if h := findHeader(g, nil); h.score > best.score {
			best, at = h, g
		}
	}
	switch {
	case len(at.rows) == 0:
		log.problem(at.name, "", codeEmptySheet)
	case best.score >= 2 && !(&TabLayout{Name: at.name, HeaderTo: best.last, Columns: best.cols}).hasRequired(opt.Required, log):
	default:
		log.problem(at.name, address(1, at.rows[0].line), codeNoHeader, titleOf[Number], titleOf[Text])
	}
}

// withText adds the one column without which a sheet is no ledger at all.
func withText(required []Field) []Field {
	if slices.Contains(required, Text) {
		return required
	}
	return append(slices.Clone(required), Text)
}

// hasRequired reports required columns that are missing; false forbids reading on.
func (t *TabLayout) hasRequired(required []Field, log *problemLog) bool {
	ok := true
	for _, f := range withText(required) {
		if !t.has(f) {
			log.problem(t.Name, address(1, max(1, t.HeaderTo)), codeMissingColumn, titleOf[f])
			ok = false
		}
	}
	return ok
}

func newTabReader(g *grid, l Layout, t *TabLayout, opt Options, log *problemLog, acc *Account, joined *int64) *tabReader {
	r := &tabReader{
		g: g, layout: t, opt: opt, log: log, acc: acc, joined: joined,
		marks: newMarks(g), values: map[[2]string]string{}, parts: map[Field][]ColumnLayout{},
	}
	for _, v := range l.Values {
		r.values[[2]string{string(v.Field), v.Word}] = v.Code
	}
	for _, c := range t.Columns {
		if why := c.unread(); why == "" {
			r.parts[c.Field] = append(r.parts[c.Field], c)
		}
	}
	switch t.CategoryFrom {
	case FromTab:
		r.fixed.Category = unnumbered(t.Name)
	case FromTitle:
		r.fixed.Category = unnumbered(titleAbove(g, header{first: t.HeaderFrom}))
	}
	if t.KindFrom == FromTab {
		r.fixed.Kind, _ = codeOf(Kind, unnumbered(t.Name))
	}
	return r
}

// unread says why a column is not read; "" when it is.
func (c ColumnLayout) unread() string {
	switch {
	case c.Take == Leave:
		return leftColumn
	case slices.Contains(standing, c.Field), c.Field == Message:
		return leftStanding
	case c.Field == "" && c.Take != Take:
		return leftOpen
	}
	return ""
}

func (l *Ledger) readTab(t *tabReader) error {
	t.leaveTop()
	t.leaveColumns()
	found := t.groups()
	if len(found) == 0 {
		t.log.problem(t.g.name, address(1, t.layout.HeaderTo+1), codeNoFindings)
	}
	if len(l.Rows)+len(found) > t.opt.Limits.Rows {
		return refuse(codeTooManyRows, len(l.Rows)+len(found), t.opt.Limits.Rows)
	}
	first := len(l.Rows)
	for _, of := range found {
		l.Rows = append(l.Rows, t.readRow(of))
		if *t.joined < 0 {
			return refuse(codeTooMuchInside, t.opt.Limits.UnpackedBytes>>20)
		}
	}
	if !t.layout.has(Number) {
		unnumber(l.Rows[first:])
	}
	t.close()
	return nil
}

// leaveTop accounts for the header and what stands above it.
func (t *tabReader) leaveTop() {
	for _, r := range t.g.between(1, t.layout.HeaderTo) {
		why := leftHeader
		if r.line < t.layout.HeaderFrom {
			why = leftTitle
		}
		t.leaveCells(r, why)
	}
}

// leaveColumns accounts for the columns that are not read, with a notice for those
// a person chose to leave out.
func (t *tabReader) leaveColumns() {
	named := map[int]bool{}
	for _, c := range t.layout.Columns {
		named[c.Column] = true
		why := c.unread()
		if why == "" {
			continue
		}
		n := 0
		for _, r := range t.g.below(t.layout.HeaderTo) {
			if _, ok := r.at(c.Column); ok {
				t.marks.set(r.line, c.Column, why)
				n++
			}
		}
		if why == leftColumn && n > 0 {
			t.log.notice(t.g.name, address(c.Column, max(1, t.layout.HeaderTo)), codeColumnLeft, strings.TrimSpace(c.Header+" "+letters(c.Column)), n)
		}
	}
	t.unnamedCells(named)
}

// unnamedCells reports filled cells under no header that no column of the layout
// covers: nobody would miss them until they are needed.
func (t *tabReader) unnamedCells(named map[int]bool) {
	for _, r := range t.g.below(t.layout.HeaderTo) {
		if len(r.cells) == 1 || t.layout.apart(t.g, r) != "" {
			continue
		}
		for _, c := range r.cells {
			if !named[c.col] {
				t.marks.set(r.line, c.col, leftOpen)
				t.log.problem(t.g.name, address(c.col, r.line), codeUnnamedColumn, c.text, letters(c.col))
			}
		}
	}
}

// checkNumbers reports a finding number that stands twice in the file.
func checkNumbers(rows []Row, log *problemLog) {
	first := make(map[string]int, len(rows))
	for i, r := range rows {
		j, twice := first[r.Number]
		switch {
		case r.Number == "":
		case twice:
			log.problem(r.Sheet, r.Cells[Number], codeDuplicateNumber, r.Number, rows[j].Sheet, rows[j].Cells[Number])
		default:
			first[r.Number] = i
		}
	}
}
