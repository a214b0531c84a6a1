package sheet

import (
	"regexp"
	"strconv"
	"strings"
)

// readDeadline reads when the finding is due. Where the file has no deadline per
// measure, the deadline on a further row is that of its measure.
func (r *rowReader) readDeadline() {
	c, at := r.cell(Deadline, 0)
	if at == "" {
		return
	}
	r.row.Cells[Deadline] = at
	first := r.date(c, at)
	r.row.Deadline, r.row.DeadlineText = first.day, first.text
	for n := 1; n < len(r.group.rows); n++ {
		c, here := r.cell(Deadline, n)
		w := r.date(c, here)
		switch {
		case w.day == "" && w.text == "" || w == first:
		case len(r.parts[MeasureDeadline]) > 0 && first != when{}:
			r.problem(here, codeConflict, titleOf[Deadline], w.text+w.day, first.text+first.day)
		case w.day > r.row.Deadline || first == when{}:
			r.row.Deadline, r.row.DeadlineText = w.day, w.text
		}
	}
}

// dueWithMeasures gives a finding without a deadline of its own that of its last
// measure.
func (r *rowReader) dueWithMeasures() {
	if len(r.parts[Deadline]) > 0 || len(r.parts[MeasureDeadline]) == 0 {
		return
	}
	for _, m := range r.row.Measures {
		if m.Deadline > r.row.Deadline || r.row.Deadline == "" && m.DeadlineText != "" {
			r.row.Deadline, r.row.DeadlineText = m.Deadline, m.DeadlineText
		}
	}
	r.row.Cells[Deadline] = r.row.Cells[MeasureDeadline]
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

// readMeasures reads the measures: one on each row, all in one cell, or one in
// each of several columns.
func (r *rowReader) readMeasures() {
	columns := r.parts[MeasureText]
	if len(columns) > 0 {
		r.row.Cells[MeasureText] = address(columns[0].Column, r.row.Line)
	}
	switch rows := r.measureRows(); {
	case len(columns) > 1:
		r.row.Measures = r.measuresInColumns(columns)
	case len(rows) > 1:
		for _, n := range rows {
			if m, ok := r.measureOnRow(n); ok {
				r.row.Measures = append(r.row.Measures, m)
			}
		}
		stripNumbers(r.row.Measures)
	case len(rows) == 1:
		r.row.Measures = r.measuresInCell(rows[0])
	}
	if columns := r.parts[MeasureDeadline]; len(columns) > 0 {
		r.row.Cells[MeasureDeadline] = address(columns[0].Column, r.row.Line)
	}
	r.dueWithMeasures()
}

// measureRows returns the rows on which a measure of its own stands: not those
// that repeat the one above.
func (r *rowReader) measureRows() []int {
	var rows []int
	for n, row := range r.group.rows {
		text, number := r.own(row, MeasureText), r.own(row, MeasureNumber)
		if text == (cell{}) && number == (cell{}) {
			continue
		}
		if n > 0 && len(rows) > 0 && r.repeatsMeasure(rows[len(rows)-1], n) {
			r.useMeasure(n)
			continue
		}
		rows = append(rows, n)
	}
	return rows
}

// own returns the cell of a row itself, whatever a merged range shows there.
func (r *rowReader) own(row gridRow, f Field) cell {
	for _, col := range r.parts[f] {
		if c, ok := row.at(col.Column); ok {
			return c
		}
	}
	return cell{}
}

func (r *rowReader) repeatsMeasure(above, n int) bool {
	a, b := r.group.rows[above], r.group.rows[n]
	same := func(f Field) bool { x, y := r.own(a, f), r.own(b, f); return x.text == y.text }
	return same(MeasureText) && same(MeasureNumber) && same(MeasureDeadline) && same(Deadline)
}

func (r *rowReader) useMeasure(n int) {
	for _, f := range []Field{MeasureText, MeasureNumber, MeasureDeadline} {
		r.cell(f, n)
	}
}

// measureOnRow reads the measure of one row; ok is false where none stands.
func (r *rowReader) measureOnRow(n int) (Measure, bool) {
	text, at := r.cell(MeasureText, n)
	number, numberAt := r.cell(MeasureNumber, n)
	w := r.measureDate(n)
	if r.own(r.group.rows[n], MeasureText) == (cell{}) {
		r.problem(at, codeMissingValue, titleOf[MeasureText])
		text = cell{}
	}
	return Measure{
		Number:   r.words(number, numberAt, r.opt.Limits.ShortText),
		Text:     r.words(text, at, r.opt.Limits.LongText),
		Deadline: w.day, DeadlineText: w.text,
	}, true
}

// measureDate reads the deadline of the measure of a row, from its own column or,
// where the file has none, from that of the finding.
func (r *rowReader) measureDate(n int) when {
	f := MeasureDeadline
	if len(r.parts[f]) == 0 {
		f = Deadline
	}
	c, at := r.cell(f, n)
	if c == (cell{}) && f == Deadline && r.oneDeadline() {
		return when{day: r.row.Deadline, text: r.row.DeadlineText}
	}
	return r.date(c, at)
}

// oneDeadline says that only the first row of the finding has a deadline: it holds
// for all its measures.
func (r *rowReader) oneDeadline() bool {
	for n, row := range r.group.rows {
		if c := r.own(row, Deadline); n > 0 && c != (cell{}) {
			return false
		}
	}
	return true
}

// stripNumbers takes "1.", "2." before measures on rows of their own away when
// they count them.
func stripNumbers(list []Measure) {
	for i, m := range list {
		at := leadingMark.FindStringSubmatch(m.Text)
		if at == nil || at[1] != strconv.Itoa(i+1) && at[1] != circle(i+1) || isFigure(m.Text[len(at[0]):]) {
			return
		}
	}
	for i := range list {
		list[i].Text = strings.TrimSpace(list[i].Text[len(leadingMark.FindString(list[i].Text)):])
	}
}

var leadingMark = regexp.MustCompile(`^[（(]?(\d{1,3}|[①-⑳])[)）.．、]?\s*`)

// measuresInColumns reads measures that stand in a column each, with deadlines in
// columns of the same part where there are such.
func (r *rowReader) measuresInColumns(columns []ColumnLayout) []Measure {
	var out []Measure
	for _, col := range columns {
		text := r.column(col, r.opt.Limits.LongText, true)
		at := r.row.Cells[MeasureText]
		w := r.partDate(col.Part)
		if text == "" {
			continue
		}
		for _, item := range r.list(text, at) {
			out = append(out, Measure{Text: item, Deadline: w.day, DeadlineText: w.text})
		}
	}
	return out
}

func (r *rowReader) partDate(part string) when {
	for _, col := range r.parts[MeasureDeadline] {
		if col.Part == part || col.Part == "" {
			c, at := r.cellAt(col.Column, 0)
			return r.date(c, at)
		}
	}
	return when{day: r.row.Deadline, text: r.row.DeadlineText}
}

// measuresInCell reads a cell of several measures. Numbers and deadlines stand in
// their cells in the same order, or one deadline holds for all.
func (r *rowReader) measuresInCell(n int) []Measure {
	c, at := r.cell(MeasureText, n)
	texts := r.list(r.words(c, at, cellText), at)
	if len(texts) == 0 {
		return nil
	}
	numbers := r.numbersOf(n, len(texts))
	days := r.deadlinesOf(n, len(texts))
	out := make([]Measure, len(texts))
	for i, text := range texts {
		out[i] = Measure{Number: numbers[i], Text: text, Deadline: days[i].day, DeadlineText: days[i].text}
	}
	return out
}

// numbersOf reads the numbers of the measures of one cell.
func (r *rowReader) numbersOf(n, want int) []string {
	c, at := r.cell(MeasureNumber, n)
	text := r.words(c, at, cellText)
	items := itemsFor(text, want)
	switch {
	case text == "":
		return make([]string, want)
	case len(items) != want:
		r.problem(at, codeMeasureCount, len(items), titleOf[MeasureNumber], want)
		return make([]string, want)
	}
	return items
}

// deadlinesOf reads the deadlines of the measures of one cell: one for each, or
// one for all.
func (r *rowReader) deadlinesOf(n, want int) []when {
	out := make([]when, want)
	c, at := r.cell(MeasureDeadline, n)
	if at == "" {
		c, at = r.cell(Deadline, n)
	}
	if c.kind == textCell {
		items := itemsFor(r.words(c, at, cellText), want)
		if len(items) == want {
			for i, item := range items {
				out[i] = r.date(cell{text: item}, at)
			}
			return out
		}
		if len(items) > 1 {
			r.problem(at, codeMeasureCount, len(items), titleOf[MeasureDeadline], want)
			return out
		}
	}
	one := r.date(c, at)
	for i := range out {
		out[i] = one
	}
	return out
}

// itemsFor splits a cell that goes with a number of measures. The cell of a single
// measure is one item, whatever lines it has.
func itemsFor(text string, want int) []string {
	items := splitList(text)
	if want == 1 && len(items) != 1 {
		return []string{text}
	}
	return items
}
