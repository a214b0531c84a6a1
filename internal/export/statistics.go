package export

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// Sums are the figures of some findings.
type Sums struct {
	Findings, Cadre, Overdue int
	Claims                   map[ledger.Claim]int
	Stages                   map[ledger.Stage]int
	Rates                    map[string]rate.Rate // by name of the definition
	Opinions                 map[string]int       // by state, see OpinionStates
}

func newSums() *Sums {
	return &Sums{Claims: map[ledger.Claim]int{}, Stages: map[ledger.Stage]int{}, Rates: map[string]rate.Rate{}, Opinions: map[string]int{}}
}

func (s *Sums) add(t store.Tally, today string) {
	s.Findings += t.Count
	s.Claims[t.Claim] += t.Count
	s.Stages[t.Stage] += t.Count
	if t.OrganCadre {
		s.Cadre += t.Count
	}
	if t.Running != "" && t.Running < today {
		s.Overdue += t.Count
	}
	row := rate.Row{Claim: string(t.Claim), Stage: string(t.Stage), OrganCadre: t.OrganCadre, Position: string(t.Position)}
	for _, d := range rate.Definitions {
		r := s.Rates[d.Name]
		if d.Within(row) {
			r.Den += t.Count
		}
		if d.Counts(row) {
			r.Num += t.Count
		}
		s.Rates[d.Name] = r
	}
}

// OpinionStates are what the statistics count of opinions, in the order of their
// columns, with their words.
var OpinionStates = []struct{ Code, Title string }{
	{"raised", "提出"},
	{"delivered", "送达"},
	{"adopted", "采纳"},
	{"partly", "部分采纳"},
	{"not", "不采纳"},
	{"resolved", "已解决"},
	{"again", "再次提出"},
}

// InState reports whether the opinion counts under the state.
func InState(o ledger.Opinion, state string) bool {
	switch state {
	case "raised":
		return true
	case "delivered":
		switch o.Stage {
		case ledger.Delivered, ledger.Answered, ledger.Resolved, ledger.Again:
			return true
		case ledger.Raised, ledger.Merged, ledger.SetAside, ledger.Noted, ledger.TakenBack:
		}
		return false
	case "resolved", "again":
		return string(o.Stage) == state
	}
	return string(o.Answer.Response) == state
}

// counts reports whether opinions are counted: for those who see the whole round,
// once a finding is consolidated, so that two people who count count the same.
func (s *Source) counts() bool { return s.Scope.All && s.Scope.Verdicts != policy.NoVerdicts }

// Sums returns the figures of each organisation of the round, and those of all.
func (s *Source) Sums(ctx context.Context) (each map[string]*Sums, total *Sums, err error) {
	tallies, err := s.DB.Tallies(ctx, s.Scope, s.Round.Number)
	if err != nil {
		return nil, nil, err
	}
	each, total = map[string]*Sums{}, newSums()
	of := func(code string) *Sums {
		if each[code] == nil {
			each[code] = newSums()
		}
		return each[code]
	}
	today := s.Today().String()
	for _, t := range tallies {
		of(t.Organisation).add(t, today)
		total.add(t, today)
	}
	if !s.counts() {
		return each, total, nil
	}
	settled := s.Scope
	settled.Verdicts, settled.Party = policy.Consolidated, ""
	for o, err := range s.opinions(ctx, settled, store.VoiceFilter{Round: s.Round.Number}) {
		if err != nil {
			return nil, nil, err
		}
		for _, state := range OpinionStates {
			if InState(o, state.Code) {
				of(o.Organisation).Opinions[state.Code]++
				total.Opinions[state.Code]++
			}
		}
	}
	return each, total, nil
}

// shown lists the organisations of the round that have figures, in its order.
func (s *Source) shown(each map[string]*Sums) (codes []string) {
	for _, o := range s.Round.Organisations {
		if each[o.Organisation] != nil {
			codes = append(codes, o.Organisation)
		}
	}
	return codes
}

// Statistics is how the round stands, an organisation on each row and the total
// below. Every rate stands with what was divided by what; its definition and
// as-of time are on the second sheet. In .csv and .json each figure is a row of its
// own with all of that.
func (s *Source) Statistics(ctx context.Context, format Format) (Table, error) {
	each, total, err := s.Sums(ctx)
	if err != nil {
		return Table{}, err
	}
	single := s.figures(each, total)
	if format != XLSX {
		return single, nil
	}
	t := Table{Name: "整改统计", Look: sheet.XLSXOptions{Sheet: "整改统计", Title: s.title("整改统计表"), Sub: s.issued(), Fixed: 2}}
	t.Columns = s.sumColumns()
	var rows [][]any
	for i, code := range s.shown(each) {
		rows = append(rows, s.sumCells(i+1, s.Full(code), each[code]))
	}
	rows = append(rows, s.sumCells(nil, "合计", total))
	t.Parts, t.Total = whole(listed(rows)), len(rows)
	single.Look.Sheet, single.Look.Sub = "指标口径", s.issued()
	t.More = []Table{single}
	return t, nil
}

func (s *Source) definitions() []rate.Definition { return rate.Shown(s.Round.Mechanism.Acceptance) }

var (
	claimCodes = []ledger.Claim{ledger.Done, ledger.BasicallyDone, ledger.InProgress, ledger.NotStarted}
	otherSums  = []string{"findings", "cadre", "overdue"}
)

func (s *Source) sumColumns() []sheet.Column {
	columns := []sheet.Column{
		{Title: "序号", Width: 5}, {Title: "被巡察党组织", Width: 30}, {Title: "反馈问题", Width: 9}, {Title: "其中涉组涉干", Width: 9},
	}
	for _, c := range claimCodes {
		columns = append(columns, sheet.Column{Title: word("claim.", string(c)), Group: "自评状态", Width: 9})
	}
	for _, d := range s.definitions() {
		name := lang.Say(lang.ZH, "rate."+d.Name)
		columns = append(columns, sheet.Column{Title: "分子", Group: name, Width: 7}, sheet.Column{Title: "分母", Group: name, Width: 7},
			sheet.Column{Title: "比率", Group: name, Width: 8})
	}
	for _, stage := range ledger.Stages() {
		columns = append(columns, sheet.Column{Title: word("stage.", string(stage)), Group: "办理状态", Width: 9})
	}
	columns = append(columns, sheet.Column{Title: "已超期", Width: 8})
	if s.counts() {
		for _, o := range OpinionStates {
			columns = append(columns, sheet.Column{Title: o.Title, Group: "会审意见", Width: 8})
		}
	}
	return columns
}

func (s *Source) sumCells(serial any, name string, x *Sums) []any {
	cells := []any{serial, name, x.Findings, x.Cadre}
	for _, c := range claimCodes {
		cells = append(cells, x.Claims[c])
	}
	for _, d := range s.definitions() {
		r := x.Rates[d.Name]
		cells = append(cells, r.Num, r.Den, percent(r))
	}
	for _, stage := range ledger.Stages() {
		cells = append(cells, x.Stages[stage])
	}
	cells = append(cells, x.Overdue)
	if s.counts() {
		for _, o := range OpinionStates {
			cells = append(cells, x.Opinions[o.Code])
		}
	}
	return cells
}

// figures has one row for each figure of each organisation, and of all.
func (s *Source) figures(each map[string]*Sums, total *Sums) Table {
	t := Table{Name: "整改统计", Look: sheet.XLSXOptions{Title: s.title("整改统计指标口径"), Fixed: 2}}
	t.Columns = []sheet.Column{
		{Key: "organisation", Title: "被巡察党组织", Width: 30},
		{Key: "figure", Title: "指标", Width: 24},
		{Key: "numerator", Title: "数值（分子）", Width: 10},
		{Key: "denominator", Title: "分母", Width: 8},
		{Key: "percent", Title: "比率", Width: 8},
		{Key: "definition", Title: "口径", Width: 60},
		{Key: "as_of", Title: "截至", Width: 18},
	}
	var rows [][]any
	for _, code := range s.shown(each) {
		rows = append(rows, s.figureRows(s.Full(code), each[code])...)
	}
	rows = append(rows, s.figureRows("合计", total)...)
	t.Parts, t.Total = whole(listed(rows)), len(rows)
	return t
}

func (s *Source) figureRows(name string, x *Sums) (rows [][]any) {
	asOf := s.moment(s.AsOf)
	plain := map[string]int{"findings": x.Findings, "cadre": x.Cadre, "overdue": x.Overdue}
	for _, code := range otherSums {
		rows = append(rows, []any{name, lang.Say(lang.ZH, "export.figure."+code), plain[code], nil, nil, lang.Say(lang.ZH, "export.figure."+code+".definition"), asOf})
	}
	for _, d := range s.definitions() {
		r := x.Rates[d.Name]
		rows = append(rows, []any{name, lang.Say(lang.ZH, "rate."+d.Name), r.Num, r.Den, percent(r), lang.Say(lang.ZH, d.Code), asOf})
	}
	if s.counts() {
		for _, o := range OpinionStates {
			rows = append(rows, []any{name, "意见：" + o.Title, x.Opinions[o.Code], nil, nil, lang.Say(lang.ZH, "export.figure.opinions.definition"), asOf})
		}
	}
	return rows
}

// byOrganisation is the sheet that sums a ledger up: counts of the findings in it.
func (s *Source) byOrganisation(ctx context.Context, filter store.Filter) (Table, error) {
	t := Table{Look: sheet.XLSXOptions{Sheet: "分单位汇总", Title: "整改进度汇总表（按反馈问题计）", Portrait: true}}
	t.Columns = []sheet.Column{{Title: "序号", Width: 6}, {Title: "被巡察党组织", Width: 34}, {Title: "问题总数", Width: 10}, {Title: "涉组涉干", Width: 10}}
	for _, c := range claimCodes {
		t.Columns = append(t.Columns, sheet.Column{Title: word("claim.", string(c)), Width: 10})
	}
	t.Columns = append(t.Columns, sheet.Column{Title: "完成率", Width: 10})
	var rows [][]any
	for _, o := range s.Round.Organisations {
		if filter.Organisation != "" && filter.Organisation != o.Organisation {
			continue
		}
		f := filter
		f.Organisation = o.Organisation
		list, err := s.DB.RateRows(ctx, s.Scope, f)
		if err != nil {
			return t, err
		}
		if len(list) == 0 {
			continue
		}
		x := newSums()
		for _, r := range list {
			x.add(store.Tally{Claim: ledger.Claim(r.Claim), Stage: ledger.Stage(r.Stage), OrganCadre: r.OrganCadre, Position: ledger.Position(r.Position), Count: 1}, "")
		}
		cells := []any{len(rows) + 1, s.Full(o.Organisation), x.Findings, x.Cadre}
		for _, c := range claimCodes {
			cells = append(cells, x.Claims[c])
		}
		rows = append(rows, append(cells, percent(x.Rates["claimed"])))
	}
	t.Parts, t.Total = whole(listed(rows)), len(rows)
	return t, nil
}
