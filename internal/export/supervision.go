package export

import (
	"context"
	"iter"

	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// supervised are the fields of the supervising ledger.
var supervised = []string{
	"sequence", "watch_number", "number", "organisation", "category", "text", "organ_cadre", "watch_body", "watch_section", "watch_person",
	"kind", "leader", "section", "handler", "deadline", "progress", "status", "stage", "late_days", "remark",
}

// Supervision is the supervising ledger (督促台账): the findings in the order of the
// section and the person that supervise them, and on a second sheet how many each
// of them has. cadre keeps to those that concern organisation and cadres; bySection
// gives each section a sheet.
func (s *Source) Supervision(ctx context.Context, filter store.Filter, bySection bool, format Format) (Table, error) {
	filter.Round = s.Round.Number
	l := Layout{Columns: columnsOf(supervised...)}
	t := Table{Name: "督促台账", Look: sheet.XLSXOptions{Sheet: "督促台账", Title: s.title("督促台账"), Sub: s.issued(), Paper: sheet.PaperA3, Fixed: 4}}
	if filter.OrganCadre {
		t.Name, t.Look.Title = "涉组涉干问题督促台账", s.title("涉组涉干问题督促台账")
	}
	lots, err := s.DB.WatchLots(ctx, s.Scope, filter, s.Today().String())
	if err != nil {
		return t, err
	}
	list := l.fields()
	t.Columns = s.columns(list, false, format)
	w := &walk{Source: s, Layout: l, fields: list, format: format, name: s.Full}
	for _, lot := range lots {
		t.Total += lot.Findings
		name := ""
		if bySection {
			name = s.sectionName(lot)
		}
		if n := len(t.Parts); n > 0 && t.Parts[n-1].Name == name {
			t.Parts[n-1].Rows = chained(t.Parts[n-1].Rows, w.supervisedBy(ctx, filter, lot))
			continue
		}
		t.Parts = append(t.Parts, Part{Name: name, Title: t.Look.Title + "　" + name, Rows: w.supervisedBy(ctx, filter, lot)})
	}
	t.More = []Table{s.supervisors(lots)}
	return t, nil
}

func (s *Source) sectionName(lot store.WatchLot) string {
	return or(lot.Watch.Section, s.body(lot.Watch.Body), "未落实督促")
}

func chained(a, b iter.Seq2[[]any, error]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, seq := range []iter.Seq2[[]any, error]{a, b} {
			for x, err := range seq {
				if !yield(x, err) {
					return
				}
			}
		}
	}
}

// supervisedBy makes the rows of one supervisor. Numbers run through the table.
func (w *walk) supervisedBy(ctx context.Context, filter store.Filter, lot store.WatchLot) iter.Seq2[[]any, error] {
	filter.Supervised = &lot.Watch
	return func(yield func([]any, error) bool) {
		for f, err := range ahead(w.DB.AllFindings(ctx, w.Scope, filter)) {
			if err != nil {
				yield(nil, err)
				return
			}
			w.serial++
			if !yield(w.cells(f, w.serial), nil) {
				return
			}
		}
	}
}

// supervisors is how many findings each person supervises.
func (s *Source) supervisors(lots []store.WatchLot) Table {
	t := Table{Look: sheet.XLSXOptions{Sheet: "督促分工汇总", Title: s.title("督促分工汇总"), Portrait: true, Paper: sheet.PaperA4}}
	t.Columns = []sheet.Column{
		{Title: "序号", Width: 5},
		{Title: "督促单位", Width: 18},
		{Title: "督促科室", Width: 18},
		{Title: "督促责任人", Width: 10},
		{Title: "问题数", Width: 8},
		{Title: "涉组涉干", Width: 9},
		{Title: "自评已完成", Width: 9},
		{Title: "会审认定", Width: 9},
		{Title: "已销号", Width: 8},
		{Title: "已超期", Width: 8},
	}
	var sum store.WatchLot
	var rows [][]any
	for i, x := range lots {
		rows = append(rows, []any{i + 1, s.body(x.Watch.Body), or(x.Watch.Section, "（未落实）"), x.Watch.Person, x.Findings, x.Cadre, x.Claimed, x.Accepted, x.Ended, x.Overdue})
		sum.Findings, sum.Cadre, sum.Claimed = sum.Findings+x.Findings, sum.Cadre+x.Cadre, sum.Claimed+x.Claimed
		sum.Accepted, sum.Ended, sum.Overdue = sum.Accepted+x.Accepted, sum.Ended+x.Ended, sum.Overdue+x.Overdue
	}
	rows = append(rows, []any{nil, "合计", nil, nil, sum.Findings, sum.Cadre, sum.Claimed, sum.Accepted, sum.Ended, sum.Overdue})
	t.Parts, t.Total = whole(listed(rows)), len(rows)
	return t
}
