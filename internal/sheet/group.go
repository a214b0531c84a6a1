package sheet

import (
	"strings"
	"unicode/utf8"
)

// maxMeasures bounds the rows of one finding. A file that passes it has lost the
// numbers of its findings.
const maxMeasures = 200

// group is the rows of one finding: the first, and one more per further measure.
type group struct{ rows []gridRow }

// groups cuts the rows below the header into findings. A finding begins where its
// number stands, or, when the number is missing, where a text of a finding does.
func groups(g *grid, h header, log *problemLog) []group {
	var out []group
	for _, r := range g.rows {
		if r.line <= h.last {
			continue
		}
		switch {
		case begins(g, h, r):
			out = append(out, group{[]gridRow{r}})
		case isRemark(h, r):
			log.notice(g.name, address(r.cells[0].col, r.line), codeRowSkipped, r.cells[0].text)
		case len(out) == 0:
			log.problem(g.name, address(r.cells[0].col, r.line), codeStrayRow, r.cells[0].text)
		default:
			last := &out[len(out)-1]
			if last.rows = append(last.rows, r); len(last.rows) > maxMeasures {
				log.problem(g.name, address(r.cells[0].col, r.line), codeTooManyMeasures, maxMeasures)
				return out
			}
		}
	}
	return out
}

// begins says that a row opens a finding: it holds a number, or a text that no
// range merged from above covers.
func begins(g *grid, h header, r gridRow) bool {
	for _, f := range []Field{Number, Text} {
		if c, ok := r.at(h.column[f]); ok && c.text != "" {
			return true
		}
	}
	return false
}

// isRemark says that a row holds one sentence in its first cell and nothing else:
// a section line, a note or a signature under the table.
func isRemark(h header, r gridRow) bool {
	return len(r.cells) == 1 && r.cells[0].col <= 2 && r.cells[0].col != h.column[MeasureText] &&
		r.cells[0].kind == textCell
}

// rowReader reads the cells of one finding and reports what is wrong with them.
type rowReader struct {
	g     *grid
	h     header
	opt   Options
	log   *problemLog
	group group
	row   *Row
	// joined counts down the bytes of texts put together from several rows. Cells
	// share their text in the file, joined ones do not: a small file could ask for
	// any amount of memory.
	joined *int64
}

// cell returns what the finding shows in a column of its n-th row, and where. A
// cell inside a range merged downwards shows the value at the top of the range.
func (r *rowReader) cell(f Field, n int) (cell, string) {
	col := r.h.column[f]
	if col == 0 {
		return cell{}, ""
	}
	row := r.group.rows[n]
	if c, ok := row.at(col); ok {
		return c, address(col, row.line)
	}
	if c, line, ok := r.g.merged(row.line, col); ok && line > r.h.last {
		return c, address(col, line)
	}
	return cell{}, address(col, row.line)
}

// text reads a field of the finding as words. Further rows may repeat it, or add
// to it when the field is a text of its own; anything else is a contradiction.
func (r *rowReader) text(f Field, limit int, adds bool) string {
	first, at := r.cell(f, 0)
	if at == "" {
		return ""
	}
	r.row.Cells[f] = at
	out := r.words(first, at, limit)
	for n := 1; n < len(r.group.rows); n++ {
		c, here := r.cell(f, n)
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

// one reads a field from a closed list of words.
func (r *rowReader) one(f Field, t wordTable) string {
	word := r.text(f, r.opt.Limits.ShortText, false)
	if word == "" {
		return ""
	}
	code, ok := t.code(word)
	if !ok {
		r.problem(r.row.Cells[f], codeUnknownWord, word, titleOf[f], t.all())
	}
	return code
}

// date reads a cell of a date column and reports a date that cannot be.
func (r *rowReader) date(c cell, at string) when {
	if c.kind != dateCell && r.words(c, at, r.opt.Limits.ShortText) == "" {
		return when{}
	}
	w := readDate(c, r.g.y1904)
	if w.code != "" {
		r.problem(at, w.code, w.text)
		return when{}
	}
	if w.day != "" && w.day < r.opt.FeedbackDate {
		r.problem(at, codeBeforeFeedback, w.day, r.opt.FeedbackDate)
	}
	return w
}
