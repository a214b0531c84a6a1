package sheet

import "slices"

// TableWriter prints a table row by row. Cells follow the order of the columns;
// fewer cells leave the rest of the row empty. Close ends the file and must be
// called also after an error of Write, though the file is then not whole.
type TableWriter interface {
	Write(cells []any) error
	Close() error
}

// Column is one column of a printed table.
type Column struct {
	Key     string   // name in JSON
	Title   string   // header in Excel and CSV
	Group   string   // head above the title, shared with neighbours of the same group; "" for none
	Width   float64  // in characters of Excel; 0 takes 12
	Choices []string // what a cell may hold, offered as a drop-down list; nil: anything
	Each    bool     // its cells are Each
}

// Each is a cell whose parts stand on rows of their own: the measures of a finding.
// The other cells of the record are merged beside them in Excel, and left empty
// from the second row on in CSV; in JSON it is a list.
type Each []any

// Percent is a cell holding a rate in percent: 88.6.
type Percent float64

// Date is a cell holding a day, "2006-01-02". Anything else is printed as text.
// Other cells may be string, int, int64, float64, Percent, bool, Each or nil.
type Date string

// LedgerColumns are the columns in which LedgerCells prints a row. ReadLedger
// reads them back without difference.
func LedgerColumns() []Column {
	widths := map[Field]float64{
		Category: 12, Aspect: 10, Text: 22, Manifestations: 26, OrganCadre: 6, Kind: 6, Cause: 14, Target: 14,
		MeasureText: 24, Leader: 8, Section: 8, Handler: 8, Progress: 36, Status: 8, EvidenceList: 24, Remark: 8,
	}
	var out []Column
	for _, h := range headers {
		if h.field != Sequence && h.field != Message && !slices.Contains(standing, h.field) {
			out = append(out, Column{Key: string(h.field), Title: h.title, Width: widths[h.field]})
		}
	}
	return out
}

// standing are the columns that only leave: how a finding stands follows from what
// was done to it, so an import knows them and does not read them.
var standing = []Field{Stage, Outcome, OutcomeDay, EarlierDeadline, Position}

// StandingColumns are the columns of how a finding stands, to stand after those of
// LedgerColumns.
func StandingColumns() []Column {
	var out []Column
	for _, f := range standing {
		out = append(out, Column{Key: string(f), Title: titleOf[f], Width: 10})
	}
	return out
}

// LedgerCells gives the cells of a row in the order of LedgerColumns. Several
// measures stand in one cell as numbered lines, with their numbers and deadlines
// beside them in the same order.
func LedgerCells(r Row) []any {
	var numbers, texts []string
	var days []when
	for _, m := range r.Measures {
		numbers = append(numbers, m.Number)
		texts = append(texts, m.Text)
		days = append(days, when{day: m.Deadline, text: m.DeadlineText})
	}
	evidence := writeEvidence(r.Evidence)
	if len(r.Evidence) == 0 {
		evidence = r.EvidenceText
	}
	return []any{
		r.Number, r.Organisation, r.Category, r.Aspect, r.Text,
		joinList(r.Manifestations, bracketed, true),
		map[bool]string{true: "是", false: "否"}[r.OrganCadre],
		kinds.word(r.Kind), r.Cause, r.Target,
		joinLines(numbers), joinList(texts, dotted(texts), true), deadlineCell(days),
		r.Leader, r.Section, r.Handler,
		dateCellOf(when{day: r.Deadline, text: r.DeadlineText}),
		r.Progress, statuses.word(r.Status), evidence, r.Remark,
	}
}

// words gives the text from which readDate reads the same again. Words that no
// longer name the day were outlived by it.
func (w when) words() string {
	switch {
	case w.text != "" && readDate(cell{text: w.text}, false) == w:
		return w.text
	case w.day != "":
		return w.day
	}
	return w.text
}

func dateCellOf(w when) any {
	if s := w.words(); s != w.day {
		return s
	}
	return Date(w.day)
}

// deadlineCell prints the deadlines of the measures: a date cell for one measure,
// lines for several.
func deadlineCell(days []when) any {
	if len(days) == 1 && days[0].words() == days[0].day {
		return Date(days[0].day)
	}
	lines := make([]string, len(days))
	empty := true
	for i, d := range days {
		lines[i] = d.words()
		empty = empty && lines[i] == ""
		if lines[i] == "" {
			lines[i] = noDate
		}
	}
	if empty {
		return ""
	}
	return joinLines(lines)
}

// MeasureCells gives one field of the measures, a cell for each of them.
func MeasureCells(r Row, f Field) Each {
	cells := make(Each, len(r.Measures))
	for i, m := range r.Measures {
		switch f {
		case MeasureNumber:
			cells[i] = m.Number
		case MeasureDeadline:
			cells[i] = dateCellOf(when{day: m.Deadline, text: m.DeadlineText})
		default:
			cells[i] = m.Text
		}
	}
	return cells
}

// Choices lists the words a field may hold; nil for a field that may hold anything.
func Choices(f Field) []string {
	var words []string
	for _, e := range map[Field]wordTable{Kind: kinds, Status: statuses, OrganCadre: yesNo}[f] {
		words = append(words, e.word)
	}
	return words
}
