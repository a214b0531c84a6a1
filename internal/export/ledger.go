package export

import (
	"context"
	"iter"
	"slices"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// A Layout is how a ledger looks.
type Layout struct {
	Code    string   // of the layout: "roundtrip", "master", "columns", or that of a design
	Name    string   // of the file; "" takes 问题台账
	Title   string   // above the table; "" takes the usual one
	Columns []Column // in their order
	Groups  bool     // a line with the heads of groups above the titles
	Tall    bool     // a row for each measure, the other cells merged
	Short   bool     // short names of organisations
	Look    sheet.XLSXOptions
	Split   Split
}

// A Column is a field in a layout. Title, Group and Width stand in place of the
// usual ones where they are set.
type Column struct {
	Field        string
	Title, Group string
	Width        float64

	own bool // the group is as it is here, also where it is empty
}

// Split says what has a sheet of its own.
type Split string

// The ways to split a ledger; "" is one sheet.
const (
	ByOrganisation Split = "organisation"
	ByCategory     Split = "category"
)

func columnsOf(codes ...string) []Column {
	list := make([]Column, len(codes))
	for i, c := range codes {
		list[i] = Column{Field: c}
	}
	return list
}

// RoundTrip is the layout that reads back without a single difference, followed by
// how each finding stands, which only leaves.
func RoundTrip() Layout {
	var list []Column
	for _, c := range slices.Concat(sheet.LedgerColumns(), sheet.StandingColumns()) {
		list = append(list, Column{Field: c.Key, Title: c.Title, Width: c.Width})
	}
	return Layout{Code: "roundtrip", Columns: list, Short: true, Look: sheet.XLSXOptions{Fixed: 1}}
}

// Master is the layout of the office's big ledger: two lines of heads, a row for
// each measure.
func Master() Layout {
	return Layout{
		Code: "master", Name: "整改总台账", Columns: columnsOf(codesUpTo("remark")...), Groups: true, Tall: true,
		Look: sheet.XLSXOptions{Sheet: "整改总台账", Paper: sheet.PaperA3, Fixed: 6},
	}
}

// Chosen is a layout of columns that somebody picked; codes that are none are left out.
func Chosen(codes []string) Layout {
	l := Layout{Code: "columns"}
	for _, code := range codes {
		if _, known := Lookup(code); known {
			l.Columns = append(l.Columns, Column{Field: code})
		}
	}
	return l
}

// codesUpTo lists the fields up to the one with the code.
func codesUpTo(last string) (codes []string) {
	for _, f := range fields {
		if codes = append(codes, f.Code); f.Code == last {
			break
		}
	}
	return codes
}

// fields returns the fields of the layout with its own titles.
func (l Layout) fields() (list []Field) {
	for _, c := range l.Columns {
		f, known := Lookup(c.Field)
		if !known {
			continue
		}
		f.Title = or(c.Title, f.Title)
		if c.Group != "" || c.own {
			f.Group = c.Group
		}
		if c.Width > 0 {
			f.Width = c.Width
		}
		if !l.Groups {
			f.Group = ""
		}
		list = append(list, f)
	}
	return list
}

// Ledger is the findings that the filter picks, in the layout.
func (s *Source) Ledger(ctx context.Context, l Layout, filter store.Filter, format Format) (Table, error) {
	filter.Round = s.Round.Number
	t := Table{Name: or(l.Name, "问题台账"), Look: l.Look}
	var err error
	if t.Total, err = s.DB.CountFindings(ctx, s.Scope, filter); err != nil {
		return t, err
	}
	t.Look.Title = or(l.Title, s.title("反馈问题整改台账"))
	if l.Groups {
		t.Look.Sub = s.issued()
	}
	list := l.fields()
	tall := l.Tall && format != JSON
	t.Columns = s.columns(list, tall, format)
	w := &walk{Source: s, Layout: l, fields: list, format: format, tall: tall, name: s.Full}
	if l.Short {
		w.name = s.Short
		for i, c := range t.Columns {
			if c.Key == "organisation" {
				t.Columns[i].Choices = s.shortChoices()
			}
		}
	}
	if t.Parts, err = w.parts(ctx, t.Look.Title, filter); err != nil {
		return t, err
	}
	if l.Code == "master" {
		sums, err := s.byOrganisation(ctx, filter)
		if err != nil {
			return t, err
		}
		t.More = append(t.More, sums)
	}
	return t, nil
}

func (s *Source) shortChoices() []string {
	var names []string
	for _, o := range s.Organisations {
		if s.Scope.All || o.Code == s.Scope.Organisation {
			names = append(names, s.Short(o.Code))
		}
	}
	return names
}

// columns are those of the fields, and in JSON the words of deadline and evidence,
// which elsewhere stand in the same cell.
func (s *Source) columns(list []Field, tall bool, format Format) (columns []sheet.Column) {
	for _, f := range list {
		c := f.column(s)
		c.Each = tall && f.ofMeasures()
		columns = append(columns, c)
		if format == JSON {
			if extra := extraOf(f.Code); extra != "" {
				columns = append(columns, sheet.Column{Key: extra})
			}
		}
	}
	return columns
}

func extraOf(code string) string {
	return map[string]string{"deadline": "deadline_text", "evidence": "evidence_text"}[code]
}

// walk writes the findings of a ledger.
type walk struct {
	*Source
	Layout
	fields []Field
	format Format
	tall   bool
	name   func(code string) string
	serial int
}

// parts are the sheets of the ledger: one, or one for each organisation or category
// that has findings.
func (w *walk) parts(ctx context.Context, title string, filter store.Filter) ([]Part, error) {
	all := []Part{{Rows: w.rows(ctx, filter)}}
	if w.Split == "" {
		return all, nil
	}
	tallies, err := w.DB.Tallies(ctx, w.Scope, w.Round.Number)
	if err != nil {
		return nil, err
	}
	var parts []Part
	add := func(name string, f store.Filter) {
		parts = append(parts, Part{Name: name, Title: title + "　" + name, Rows: w.rows(ctx, f)})
	}
	if w.Split == ByCategory {
		for _, c := range distinct(tallies, func(t store.Tally) string { return t.Category }) {
			if f := filter; f.Category == "" || f.Category == c {
				f.Category = c
				add(c, f)
			}
		}
	} else {
		have := distinct(tallies, func(t store.Tally) string { return t.Organisation })
		for _, o := range w.Round.Organisations {
			code := o.Organisation
			if f := filter; slices.Contains(have, code) && (f.Organisation == "" || f.Organisation == code) {
				f.Organisation = code
				add(w.Source.Short(code), f)
			}
		}
	}
	if len(parts) == 0 {
		return all, nil
	}
	return parts, nil
}

func distinct(tallies []store.Tally, key func(store.Tally) string) (keys []string) {
	for _, t := range tallies {
		if k := key(t); k != "" && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// rows reads the findings and makes their rows. Numbers start anew in every part.
func (w *walk) rows(ctx context.Context, filter store.Filter) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		serial := 0
		for f, err := range ahead(w.DB.AllFindings(ctx, w.Scope, filter)) {
			if err != nil {
				yield(nil, err)
				return
			}
			serial++
			if !yield(w.cells(f, serial), nil) {
				return
			}
		}
	}
}

func (w *walk) cells(f ledger.Finding, serial int) []any {
	x := w.record(f, w.name(f.Organisation), serial, w.format, w.tall)
	cells := make([]any, 0, len(w.fields)+2)
	for _, field := range w.fields {
		cells = append(cells, field.value(x))
		if w.format != JSON {
			continue
		}
		switch extraOf(field.Code) {
		case "deadline_text":
			cells = append(cells, x.row.DeadlineText)
		case "evidence_text":
			cells = append(cells, x.row.EvidenceText)
		}
	}
	return cells
}
