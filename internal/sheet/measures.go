package sheet

// readMeasures reads the measures: one on each row, or all in one cell.
func (r *rowReader) readMeasures() {
	if col := r.h.column[MeasureText]; col > 0 {
		r.row.Cells[MeasureText] = address(col, r.row.Line)
	}
	if len(r.group.rows) == 1 {
		r.row.Measures = r.measuresInCell()
		return
	}
	for n := range r.group.rows {
		if m, ok := r.measureOnRow(n); ok {
			r.row.Measures = append(r.row.Measures, m)
		}
	}
}

// measureOnRow reads the measure of one row; ok is false where none stands.
func (r *rowReader) measureOnRow(n int) (Measure, bool) {
	row := r.group.rows[n]
	_, hasText := row.at(r.h.column[MeasureText])
	_, hasNumber := row.at(r.h.column[MeasureNumber])
	if !hasText && !hasNumber {
		return Measure{}, false
	}
	text, at := r.cell(MeasureText, n)
	number, numberAt := r.cell(MeasureNumber, n)
	w := r.measureDate(n)
	if !hasText {
		r.problem(at, codeMissingValue, titleOf[MeasureText])
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
	if r.h.column[f] == 0 {
		f = Deadline
	}
	c, at := r.cell(f, n)
	return r.date(c, at)
}

// measuresInCell reads a cell of several measures. Numbers and deadlines stand in
// their cells in the same order, or one deadline holds for all.
func (r *rowReader) measuresInCell() []Measure {
	c, at := r.cell(MeasureText, 0)
	texts := splitList(r.words(c, at, r.opt.Limits.LongText))
	if len(texts) == 0 {
		return nil
	}
	numbers := r.listOf(MeasureNumber, len(texts))
	days := r.deadlinesOf(len(texts))
	out := make([]Measure, len(texts))
	for i, text := range texts {
		out[i] = Measure{Number: numbers[i], Text: text, Deadline: days[i].day, DeadlineText: days[i].text}
	}
	return out
}

// listOf reads the lines of a cell that goes with the measures, one per measure.
func (r *rowReader) listOf(f Field, want int) []string {
	out := make([]string, want)
	c, at := r.cell(f, 0)
	text := r.words(c, at, r.opt.Limits.LongText)
	if text == "" {
		return out
	}
	items := splitList(text)
	if want == 1 {
		items = []string{text}
	}
	if len(items) != want {
		r.problem(at, codeMeasureCount, len(items), titleOf[f], want)
		return out
	}
	return items
}

// deadlinesOf reads the deadlines of the measures of one cell.
func (r *rowReader) deadlinesOf(want int) []when {
	out := make([]when, want)
	c, at := r.cell(MeasureDeadline, 0)
	if at == "" {
		c, at = r.cell(Deadline, 0)
	}
	items := []string{c.text}
	if c.kind == textCell {
		items = splitList(c.text)
	}
	switch {
	case len(items) == want && c.kind == textCell && (want > 1 || items[0] != c.text):
		for i, item := range items {
			out[i] = r.date(cell{text: emptyMark(item)}, at)
		}
	case len(items) <= 1:
		one := r.date(c, at)
		for i := range out {
			out[i] = one
		}
	default:
		r.problem(at, codeMeasureCount, len(items), titleOf[MeasureDeadline], want)
	}
	return out
}

// noDate stands in a list of deadlines where a measure has none.
const noDate = "—"

func emptyMark(s string) string {
	if s == noDate {
		return ""
	}
	return s
}
