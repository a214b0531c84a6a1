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
	texts := r.list(r.words(c, at, cellText), at)
	if len(texts) == 0 {
		return nil
	}
	numbers := r.numbersOf(len(texts))
	days := r.deadlinesOf(len(texts))
	out := make([]Measure, len(texts))
	for i, text := range texts {
		out[i] = Measure{Number: numbers[i], Text: text, Deadline: days[i].day, DeadlineText: days[i].text}
	}
	return out
}

// numbersOf reads the numbers of the measures of one cell.
func (r *rowReader) numbersOf(want int) []string {
	c, at := r.cell(MeasureNumber, 0)
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
func (r *rowReader) deadlinesOf(want int) []when {
	out := make([]when, want)
	c, at := r.cell(MeasureDeadline, 0)
	if at == "" {
		c, at = r.cell(Deadline, 0)
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
