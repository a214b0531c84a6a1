package sheet

import (
	"regexp"
	"strings"
)

// header tells which rows name the columns, and what each column holds.
type header struct {
	first, last int // lines
	cols        []ColumnLayout
	score       int // columns whose field is known
	sure        int // of them those whose header is the usual word
}

const (
	headerSearch = 40 // filled rows at the top among which the header is sought
	headerDepth  = 3  // rows a header may have
)

// findHeader tries every block of up to three rows near the top and takes the one
// that names most columns; of equals the smaller, then the first.
func findHeader(g *grid, w Words) header {
	var best header
	for i := 0; i < len(g.rows) && i < headerSearch; i++ {
		for depth := 1; depth <= headerDepth && i+depth <= len(g.rows); depth++ {
			if g.rows[i+depth-1].line-g.rows[i].line >= headerDepth {
				break
			}
			h := readHeader(g, g.rows[i:i+depth], w)
			if h.score > best.score || h.score == best.score && best.score > 0 && h.last-h.first < best.last-best.first {
				best = h
			}
		}
	}
	return best
}

// readHeader takes a block of rows as a header.
func readHeader(g *grid, rows []gridRow, w Words) header {
	if len(rows) == 0 {
		return header{}
	}
	h := header{first: rows[0].line, last: rows[len(rows)-1].line}
	for col := 1; col <= widest(rows); col++ {
		title, group := columnTitle(g, rows, col, w)
		if title == "" {
			continue
		}
		c := ColumnLayout{Column: col, Header: title}
		c.Field, c.Part, c.Why = fieldOfHeading(title, group, w)
		h.cols = append(h.cols, c)
	}
	h.likely(w)
	h.single()
	for _, c := range h.cols {
		if c.Field != "" {
			h.score++
			if c.Why != WhySimilar && c.Part == "" {
				h.sure++
			}
		}
	}
	return h
}

// columnTitle reads a column of the block from the bottom up. A cell above the
// last row counts if it is a known word, reaches down by a merged range, or stands
// in a row of several heads; otherwise it is the title of the sheet or of a group
// of columns. group is the head of the group the column belongs to.
func columnTitle(g *grid, rows []gridRow, col int, w Words) (title, group string) {
	last := rows[len(rows)-1].line
	for i := len(rows) - 1; i >= 0; i-- {
		c, ok := rows[i].at(col)
		if title != "" {
			if group = groupHead(g, rows[i], col); group != "" {
				return title, group
			}
			continue
		}
		if !ok {
			continue
		}
		field, _ := fieldUnder(c.text, w)
		s, covered := g.covering(rows[i].line, col)
		plain := g.reach(rows[i].line, col) == 1 && len(rows[i].cells) >= 3
		if field != "" || i == len(rows)-1 || covered && s.last >= last || plain {
			title = c.text
		}
	}
	return title, ""
}

// groupHead returns the words of a row that stand over a column: of the range
// merged sideways that covers it, or, where the row has no such range, of the
// filled cell to the left.
func groupHead(g *grid, r gridRow, col int) string {
	head, at := "", 0
	for _, c := range r.cells {
		if c.col <= col {
			head, at = c.text, c.col
		}
	}
	if reach := g.reach(r.line, at); at == 0 || len(g.across) > 0 && at+reach <= col {
		return ""
	}
	return head
}

// Numerals at the end of a header tell the parts of a field: 措施一, 措施2, 举措（三）.
var (
	partNumber = regexp.MustCompile(`^(.+?)[（(第]?([一二三四五六七八九十]|\d{1,2}|[①-⑩])[条项)）]?$`)
	partField  = map[Field]bool{MeasureText: true, MeasureDeadline: true, Manifestations: true, EvidenceList: true}
	generic    = regexp.MustCompile(`^(名称|内容|时间|日期|编号|序号|文号|姓名|职务|情况|时限)$`)
)

// fieldOfHeading tells what a column holds from its title and the head of its group.
func fieldOfHeading(title, group string, w Words) (f Field, part, why string) {
	if group != "" && (fieldLike(group) == Status || known(group, w) == Status) {
		if code, ok := codeOf(Status, title); ok {
			return Status, code, WhyHeader
		}
	}
	if group != "" && generic.MatchString(headerWord(clip(title))) {
		if f = known(group+title, w); f != "" {
			return f, "", WhySynonym
		}
		if f = fieldLike(group + title); f != "" {
			return f, "", WhySimilar
		}
	}
	if f, why = fieldUnder(title, w); f != "" {
		return f, "", why
	}
	if m := partNumber.FindStringSubmatch(headerWord(clip(title))); m != nil {
		if f = known(m[1], w); partField[f] {
			return f, m[2], WhySynonym
		}
	}
	return "", "", ""
}

func known(title string, w Words) Field {
	f, _ := fieldUnder(title, w)
	return f
}

// likely fills in fields for headers that only contain a word for one no other
// column holds.
func (h *header) likely(Words) {
	taken := map[Field]bool{}
	for _, c := range h.cols {
		taken[c.Field] = true
	}
	for i := range h.cols {
		c := &h.cols[i]
		if c.Field != "" {
			continue
		}
		if f := fieldLike(c.Header); f != "" && !taken[f] {
			c.Field, c.Why, taken[f] = f, WhySimilar, true
		}
	}
}

// single keeps one column for each field, and part: of two that mean the same
// nobody knows which one holds.
func (h *header) single() {
	seen := map[[2]string]bool{}
	for i := range h.cols {
		c := &h.cols[i]
		key := [2]string{string(c.Field), c.Part}
		if c.Field != "" && seen[key] {
			c.Field, c.Part, c.Why = "", "", WhyDuplicate
			if key[0] == string(Text) && closer.MatchString(c.Header) && !h.has(Manifestations) {
				c.Field, c.Why = Manifestations, WhySimilar
			}
		}
		seen[key] = true
	}
}

// closer are words of a second column of problems: what the first names, it tells
// in detail.
var closer = regexp.MustCompile(`具体|描述|详细|情形|情况`)

func widest(rows []gridRow) int {
	w := 0
	for _, r := range rows {
		w = max(w, r.cells[len(r.cells)-1].col)
	}
	return w
}

func (h header) has(f Field) bool {
	for _, c := range h.cols {
		if c.Field == f {
			return true
		}
	}
	return false
}

// isLedger says that the sheet holds findings. A sheet with a summary also names
// organisations and numbers; without the text of the findings it is no ledger.
// Two columns are enough where there are no more.
func (h header) isLedger() bool {
	return h.has(Text) && (h.score >= 3 || h.sure >= 2 && len(h.cols) == h.sure)
}

// nearlyLedger says that the sheet means to hold findings but lacks their text:
// to skip it would lose them.
func (h header) nearlyLedger() bool {
	return !h.has(Text) && (h.sure >= 5 || h.sure >= 3 && h.has(Number))
}

// titleAbove returns the first words above the header: the title of the sheet.
func titleAbove(g *grid, h header) string {
	for _, r := range g.between(1, h.first-1) {
		if len(r.cells) == 1 {
			return strings.TrimSpace(r.cells[0].text)
		}
	}
	return ""
}
