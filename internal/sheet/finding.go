package sheet

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tabReader reads the findings of one tab.
type tabReader struct {
	g      *grid
	layout *TabLayout
	values map[[2]string]string // answers by field and word
	opt    Options
	log    *problemLog
	acc    *Account
	marks  *marks
	parts  map[Field][]ColumnLayout // by field, in their order
	fixed  Row                      // what the tab says of all its findings
	// joined counts down the bytes of texts put together from several rows. Cells
	// share their text in the file, joined ones do not: a small file could ask for
	// any amount of memory.
	joined *int64
}

// rowReader reads the cells of one finding and reports what is wrong with them.
type rowReader struct {
	*tabReader
	group group
	row   *Row
}

func (t *tabReader) readRow(of group) Row {
	row := Row{Sheet: t.g.name, Line: of.rows[0].line, Cells: make(map[Field]string, len(t.parts))}
	r := &rowReader{t, of, &row}
	short, long := t.opt.Limits.ShortText, t.opt.Limits.LongText

	row.Number = r.text(Number, short, false)
	if s := r.text(Sequence, short, true); !t.layout.has(Number) {
		row.Sequence = s
	}
	row.Organisation = r.text(Organisation, short, false)
	row.Category = r.text(Category, short, false)
	row.Aspect = r.text(Aspect, short, false)
	row.Text = r.text(Text, long, false)
	row.Manifestations = r.listOf(Manifestations)
	cadre := r.one(OrganCadre)
	if row.OrganCadre = cadre == "yes"; cadre == "" {
		delete(row.Cells, OrganCadre) // an empty cell says neither yes nor no
	}
	row.Kind = r.one(Kind)
	row.Cause = r.text(Cause, long, true)
	row.Target = r.text(Target, long, true)
	row.Leader = r.text(Leader, short, true)
	row.Section = r.text(Section, short, true)
	row.Handler = r.text(Handler, short, true)
	row.Progress = r.text(Progress, long, true)
	row.Status = r.status()
	row.Remark = r.text(Remark, long, true)
	r.readDeadline()
	r.readMeasures()
	r.readEvidence()
	r.place()
	r.readOthers()
	r.checkRequired()
	return row
}

// place fills in what sections and the tab say of the finding.
func (r *rowReader) place() {
	row, of := r.row, r.group
	if row.Category == "" && of.category.text != "" {
		row.Category, row.Cells[Category] = of.category.text, of.category.at
	}
	if row.Aspect == "" && of.aspect.text != "" {
		row.Aspect, row.Cells[Aspect] = of.aspect.text, of.aspect.at
	}
	if row.Category == "" {
		row.Category = r.fixed.Category
	}
	if row.Kind == "" {
		row.Kind = r.fixed.Kind
	}
	if r.layout.KindFrom == "" && row.Deadline == "" {
		row.Kind, _ = codeOf(Kind, row.DeadlineText)
	}
}

// cellAt returns what the finding shows in a column of its n-th row, and where. A
// cell inside a range merged downwards shows the value at the top of the range.
func (r *rowReader) cellAt(col, n int) (cell, string) {
	row := r.group.rows[n]
	if c, ok := row.at(col); ok {
		r.use(row.line, col)
		return c, address(col, row.line)
	}
	if c, line, ok := r.g.merged(row.line, col); ok && line > r.layout.HeaderTo {
		r.use(line, col)
		return c, address(col, line)
	}
	return cell{}, address(col, row.line)
}

// cell is cellAt for the one column of a field; at is "" where no column holds it.
func (r *rowReader) cell(f Field, n int) (c cell, at string) {
	if len(r.parts[f]) == 0 {
		return cell{}, ""
	}
	return r.cellAt(r.parts[f][0].Column, n)
}

// text reads a field of the finding as words. Further rows may repeat it, or add
// to it when the field is a text of its own; anything else is a contradiction.
func (r *rowReader) text(f Field, limit int, adds bool) string {
	if len(r.parts[f]) == 0 {
		return ""
	}
	return r.column(r.parts[f][0], limit, adds)
}

func (r *rowReader) column(col ColumnLayout, limit int, adds bool) string {
	f := col.Field
	first, at := r.cellAt(col.Column, 0)
	r.row.Cells[f] = at
	out := r.words(first, at, limit)
	for n := 1; n < len(r.group.rows); n++ {
		c, here := r.cellAt(col.Column, n)
		s := r.words(c, here, limit)
		switch {
		case s == "" || s == out:
		case out == "":
			out = s
			r.row.Cells[f] = here
		case !adds:
			r.problem(here, codeConflict, titleOf[f], s, out)
		case len(out)+len(s) > 4*limit:
			r.problem(here, codeTooLong, utf8.RuneCountInString(out+s), limit)
		case !strings.Contains("\n"+out+"\n", "\n"+s+"\n"):
			out += "\n" + s
			*r.joined -= int64(len(out))
		}
	}
	return out
}

// words gives the text of a cell and reports errors of formulas and over-long
// texts, which are not read any further.
func (r *rowReader) words(c cell, at string, limit int) string {
	switch c.kind {
	case errorCell:
		r.problem(at, codeFormulaError, c.text)
		return ""
	case formulaCell:
		r.problem(at, codeFormulaNoValue)
		return ""
	case dateCell:
		if w := readDate(c, r.g.y1904); w.day != "" {
			return w.day
		}
	default:
	}
	if n := utf8.RuneCountInString(c.text); n > limit {
		r.problem(at, codeTooLong, n, limit)
		return ""
	}
	return c.text
}

func (r *rowReader) problem(at, code string, args ...any) {
	r.log.problem(r.g.name, at, code, args...)
}

// cellText is the most characters a spreadsheet keeps in one cell.
const cellText = 32767

// list splits the text of a cell and holds each item to the limit of a text.
func (r *rowReader) list(text, at string) []string {
	items := splitList(text)
	for _, item := range items {
		if n := utf8.RuneCountInString(item); n > r.opt.Limits.LongText {
			r.problem(at, codeTooLong, n, r.opt.Limits.LongText)
		}
	}
	return items
}

// listOf reads a field of several items, in one cell, one on each row, or spread
// over columns.
func (r *rowReader) listOf(f Field) []string {
	var items []string
	for _, col := range r.parts[f] {
		text := r.column(col, cellText, true)
		items = append(items, r.list(text, r.row.Cells[f])...)
	}
	return items
}

// one reads a field from a closed list of words, or what was answered about one.
func (r *rowReader) one(f Field) string {
	word := r.text(f, r.opt.Limits.ShortText, false)
	if word == "" {
		return ""
	}
	answer, asked := r.values[[2]string{string(f), clip(word)}]
	switch {
	case answer == Leave:
		r.log.notice(r.g.name, r.row.Cells[f], codeWordLeft, word, titleOf[f])
		return ""
	case asked && answer != "":
		return answer
	}
	code, ok := codeOf(f, word)
	if !ok {
		r.problem(r.row.Cells[f], codeUnknownWord, word, titleOf[f], tableOf(f).all())
	}
	return code
}

// status reads the status from its column, or from the ticked one of several.
func (r *rowReader) status() string {
	if parts := r.parts[Status]; len(parts) == 0 || parts[0].Part == "" {
		return r.one(Status)
	}
	code := ""
	for _, col := range r.parts[Status] {
		word := r.column(col, r.opt.Limits.ShortText, false)
		at := r.row.Cells[Status]
		switch {
		case word == "":
		case !ticked(word):
			r.problem(at, codeNotATick, word, col.Header)
		case code != "":
			r.problem(at, codeTickTwice, statuses.word(code), col.Header)
		default:
			code = col.Part
		}
	}
	return code
}

// readOthers puts columns that a person chose to keep into the remark, with their
// header, and looks at those that are never read.
func (r *rowReader) readOthers() {
	for _, col := range r.parts[""] {
		if s := r.column(col, r.opt.Limits.LongText, true); s != "" {
			delete(r.row.Cells, "")
			r.row.Remark = strings.TrimSpace(r.row.Remark + "\n" + cmp.Or(col.Header, letters(col.Column)+"列") + "：" + s)
		}
	}
	delete(r.row.Cells, "")
	delete(r.row.Cells, Sequence)
}

// checkRequired reports the fields without which a finding is none.
func (r *rowReader) checkRequired() {
	for _, f := range []Field{Number, Organisation, Text} {
		c, at := r.cell(f, 0)
		if c == (cell{}) && slices.Contains(r.opt.Required, f) {
			r.problem(at, codeMissingValue, titleOf[f])
		}
	}
}

var leadingNumber = regexp.MustCompile(`^[（(]?(\d{1,3})[)）.．、]\s*`)

// unnumber takes "1." before the texts of findings away when each of them has it,
// counting up: it is a running number, not part of the finding.
func unnumber(rows []Row) {
	n := 0
	for _, row := range rows {
		m := leadingNumber.FindStringSubmatch(row.Text)
		if m == nil || isFigure(row.Text[len(m[0]):]) {
			return
		}
		if i, _ := strconv.Atoi(m[1]); i != n+1 && i != 1 {
			return
		}
		n, _ = strconv.Atoi(m[1])
	}
	for i := range rows {
		m := leadingNumber.FindStringSubmatch(rows[i].Text)
		rows[i].Text = rows[i].Text[len(m[0]):]
		if rows[i].Sequence == "" {
			rows[i].Sequence = m[1]
		}
	}
}
