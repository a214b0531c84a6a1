package export

import (
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// A Field is a column that a ledger can have.
type Field struct {
	Code, Title, Group string
	Width              float64
	choices            func(*Source) []string
	cell               func(*item) any // nil: of the ledger as it is read, see sheet.LedgerCells
}

// item is one finding on its way into a row.
type item struct {
	*Source
	ledger.Finding
	row    sheet.Row
	cells  []any // in the order of sheet.LedgerColumns; nil before one was asked for
	serial int   // number of the record in the table, from 1
	codes  bool  // JSON: codes stay codes and lists lists
	tall   bool  // a row for each measure
}

// place is where each field stands in sheet.LedgerCells.
var place = func() map[string]int {
	at := map[string]int{}
	for i, c := range sheet.LedgerColumns() {
		at[c.Key] = i
	}
	return at
}()

// of reads a field that the ledger itself holds.
func (x *item) of(code string) any {
	if x.tall && len(x.row.Measures) > 1 {
		switch sheet.Field(code) {
		case sheet.MeasureNumber, sheet.MeasureText, sheet.MeasureDeadline:
			return sheet.MeasureCells(x.row, sheet.Field(code))
		default: // the same on one row as on several
		}
	}
	if x.codes {
		if v, plain := x.plain(sheet.Field(code)); plain {
			return v
		}
	}
	if x.cells == nil {
		x.cells = sheet.LedgerCells(x.row)
	}
	return x.cells[place[code]]
}

// plain is a field in JSON, where it is not the text of a cell.
func (x *item) plain(f sheet.Field) (any, bool) {
	switch f {
	case sheet.Manifestations:
		return x.row.Manifestations, true
	case sheet.OrganCadre:
		return x.row.OrganCadre, true
	case sheet.Kind:
		return x.row.Kind, true
	case sheet.Status:
		return x.row.Status, true
	case sheet.MeasureText:
		return x.row.Measures, true
	case sheet.EvidenceList:
		return x.row.Evidence, true
	case sheet.Deadline:
		return x.row.Deadline, true
	default:
		return nil, false
	}
}

// word words a code, or leaves it one.
func (x *item) word(prefix, code string) string {
	if x.codes {
		return code
	}
	return word(prefix, code)
}

// Fields lists what a ledger can show, in the usual order. The first ones are those
// of the office's own big ledger.
func Fields() []Field { return slices.Clone(fields) }

// Lookup returns the field with the code.
func Lookup(code string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

var fields = []Field{
	{Code: "sequence", Title: "序号", Group: "基本信息", Width: 5, cell: func(x *item) any { return x.serial }},
	{Code: "number", Title: "问题编号", Group: "基本信息", Width: 11},
	{Code: "organisation", Title: "被巡察党组织", Group: "基本信息", Width: 16, choices: (*Source).organisationChoices},
	{Code: "category", Title: "反馈类别", Group: "基本信息", Width: 16},
	{Code: "aspect", Title: "方面", Group: "基本信息", Width: 14},
	{Code: "text", Title: "反馈问题（原文）", Group: "反馈问题", Width: 30},
	{Code: "manifestations", Title: "具体表现", Group: "反馈问题", Width: 36},
	{Code: "organ_cadre", Title: "是否涉组涉干", Group: "反馈问题", Width: 7, choices: choicesOf(sheet.OrganCadre)},
	{Code: "kind", Title: "整改类型", Group: "反馈问题", Width: 9, choices: choicesOf(sheet.Kind)},
	{Code: "cause", Title: "原因剖析", Group: "原因与目标", Width: 20},
	{Code: "target", Title: "整改目标", Group: "原因与目标", Width: 20},
	{Code: "measure_number", Title: "措施编号", Group: "整改措施", Width: 13},
	{Code: "measure", Title: "整改措施", Group: "整改措施", Width: 26},
	{Code: "measure_deadline", Title: "措施时限", Group: "整改措施", Width: 12},
	{Code: "leader", Title: "责任领导", Group: "责任落实", Width: 14},
	{Code: "section", Title: "牵头科室", Group: "责任落实", Width: 14},
	{Code: "handler", Title: "经办人", Group: "责任落实", Width: 9},
	{Code: "deadline", Title: "完成时限", Group: "责任落实", Width: 14},
	{Code: "progress", Title: "整改进展情况", Group: "完成情况", Width: 60},
	{Code: "status", Title: "自评状态", Group: "完成情况", Width: 9, choices: choicesOf(sheet.Status)},
	{Code: "evidence", Title: "佐证材料（名称/文号/日期）", Group: "完成情况", Width: 34},
	{Code: "remark", Title: "备注", Width: 12},

	{Code: "stage", Title: "办理状态", Group: "办理情况", Width: 10, cell: func(x *item) any { return x.word("stage.", string(x.Stage)) }},
	{Code: "outcome", Title: "办结结果", Group: "办理情况", Width: 10, cell: func(x *item) any { return x.word("outcome.", string(x.Outcome())) }},
	{Code: "outcome_day", Title: "办结或复查日期", Group: "办理情况", Width: 12, cell: func(x *item) any { return sheet.Date(x.outcomeDay()) }},
	{Code: "earlier_deadline", Title: "原完成时限", Group: "办理情况", Width: 12, cell: func(x *item) any { return sheet.Date(x.earlier()) }},
	{Code: "position", Title: "认领意见", Group: "办理情况", Width: 10, cell: func(x *item) any { return x.word("position.", string(x.Acknowledgement.Position)) }},
	{Code: "due", Title: "现行时限", Group: "办理情况", Width: 12, cell: func(x *item) any { return sheet.Date(x.Due().String()) }},
	{Code: "late_days", Title: "超期天数", Group: "办理情况", Width: 8, cell: func(x *item) any { return x.late() }},
	{Code: "team", Title: "巡察组", Group: "督促", Width: 14, cell: func(x *item) any { return x.body(x.Team) }},
	{Code: "watch_body", Title: "督促单位", Group: "督促", Width: 14, cell: func(x *item) any { return x.body(x.Watch.Body) }},
	{Code: "watch_section", Title: "督促科室", Group: "督促", Width: 14, cell: func(x *item) any { return x.Watch.Section }},
	{Code: "watch_person", Title: "督促责任人", Group: "督促", Width: 10, cell: func(x *item) any { return x.Watch.Person }},
	{Code: "watch_number", Title: "督促编号", Group: "督促", Width: 12, cell: func(x *item) any { return x.Watch.Number }},
}

func choicesOf(f sheet.Field) func(*Source) []string {
	return func(*Source) []string { return sheet.Choices(f) }
}

func (s *Source) organisationChoices() []string {
	var names []string
	for _, o := range s.Organisations {
		if s.Scope.All || o.Code == s.Scope.Organisation {
			names = append(names, s.Full(o.Code))
		}
	}
	return names
}

// outcomeDay is the day on which the finding ended, or is due again.
func (x *item) outcomeDay() string {
	switch x.Stage {
	case ledger.ContinuingStage:
		return x.Settlement.Until.String()
	case ledger.SettledStage:
		return x.Settlement.On.String()
	case ledger.Registered, ledger.Rectifying, ledger.InReview, ledger.Returned, ledger.Recognised, ledger.ClosedStage:
	}
	return x.Closed.On.String()
}

// earlier is the deadline before the last extension; "" for none.
func (x *item) earlier() (day string) {
	for _, e := range x.Extensions {
		if e.Granted {
			day = e.From.String()
		}
	}
	return day
}

// late is by how many days the running deadline is exceeded; no cell where it is not.
func (x *item) late() any {
	due := x.Due()
	if due.IsZero() || !x.Running() || !due.Before(x.Today()) {
		return nil
	}
	return x.Today().Sub(due)
}

// column makes the column of a field.
func (f Field) column(s *Source) sheet.Column {
	c := sheet.Column{Key: f.Code, Title: f.Title, Group: f.Group, Width: f.Width}
	if f.choices != nil {
		c.Choices = f.choices(s)
	}
	return c
}

// value is the cell of a field.
func (f Field) value(x *item) any {
	if f.cell != nil {
		return f.cell(x)
	}
	return x.of(f.Code)
}

// ofMeasures reports whether a record has one cell of the field for each measure.
func (f Field) ofMeasures() bool { return strings.HasPrefix(f.Code, "measure") }

// record makes the item of a finding.
func (s *Source) record(f ledger.Finding, name string, serial int, format Format, tall bool) *item {
	return &item{Source: s, Finding: f, row: supervise.ExportRow(f, name), serial: serial, codes: format == JSON, tall: tall}
}
