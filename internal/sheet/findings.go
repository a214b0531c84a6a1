package sheet

import "slices"

// readRow reads one finding from its rows.
func readRow(g *grid, h header, opt Options, log *problemLog, joined *int64, of group) Row {
	row := Row{Sheet: g.name, Line: of.rows[0].line, Cells: make(map[Field]string, len(h.column))}
	r := &rowReader{g, h, opt, log, of, &row, joined}
	short, long := opt.Limits.ShortText, opt.Limits.LongText

	row.Number = r.text(Number, short, false)
	row.Organisation = r.text(Organisation, short, false)
	row.Category = r.text(Category, short, false)
	row.Aspect = r.text(Aspect, short, false)
	row.Text = r.text(Text, long, false)
	row.Manifestations = r.list(r.text(Manifestations, cellText, true), row.Cells[Manifestations])
	row.OrganCadre = r.one(OrganCadre, yesNo) == "yes"
	row.Kind = r.one(Kind, kinds)
	row.Cause = r.text(Cause, long, true)
	row.Target = r.text(Target, long, true)
	row.Leader = r.text(Leader, short, true)
	row.Section = r.text(Section, short, true)
	row.Handler = r.text(Handler, short, true)
	row.Progress = r.text(Progress, long, true)
	row.Status = r.one(Status, statuses)
	row.Remark = r.text(Remark, long, true)
	r.readDeadline()
	r.readMeasures()
	r.readEvidence()
	r.checkRequired()
	r.checkLost()
	return row
}

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
		case r.h.column[MeasureDeadline] > 0 && first != when{}:
			r.problem(here, codeConflict, titleOf[Deadline], w.text+w.day, first.text+first.day)
		case w.day > r.row.Deadline || first == when{}:
			r.row.Deadline, r.row.DeadlineText = w.day, w.text
		}
	}
}

func (r *rowReader) readEvidence() {
	text := r.text(EvidenceList, cellText, true)
	var bad string
	r.row.Evidence, r.row.EvidenceText, bad = readEvidence(text)
	if bad != "" {
		r.problem(r.row.Cells[EvidenceList], codeBadDate, bad)
	}
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

// checkLost reports filled cells under no header: nobody would miss them until
// they are needed.
func (r *rowReader) checkLost() {
	for _, row := range r.group.rows {
		for _, c := range row.cells {
			if r.h.title[c.col] == "" {
				r.problem(address(c.col, row.line), codeUnnamedColumn, c.text, letters(c.col))
			}
		}
	}
}
