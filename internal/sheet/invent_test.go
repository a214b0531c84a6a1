package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// An inventedForm is one way an office may lay out a ledger. The words of the
// headers are those offices write; not all are in the table of the program.
type inventedForm struct {
	rnd      *rand.Rand
	format   string // xlsx, csv
	measures string
	dates    string
	category string // column, section, tabs, title, none
	kind     string // column, tabs, none
	status   string // words, ticks
	evidence string // lines, one line, columns, none
	numbered string // number, sequence, prefix, none
	heads    int    // rows of the header
	unknown  bool   // a column nobody knows
	hidden   bool   // a hidden column
	notes    bool
	totals   bool
	again    bool // the header once more in the middle
	deadline bool // a deadline for each measure
}

var headWords = map[Field][]string{
	Sequence:        {"序号", "序 号", "项次"},
	Number:          {"问题编号", "编号", "反馈问题编号", "问题序号"},
	Category:        {"反馈类别", "问题类别", "大类", "所属类别", "反馈板块", "问题类别（四个聚焦）"},
	Text:            {"反馈问题", "存在问题", "巡察反馈问题", "问题内容", "反馈的主要问题", "巡察反馈意见指出的问题", "存在的\n主要问题", "具体问题"},
	Manifestations:  {"具体表现", "问题具体表现", "主要表现", "问题表现形式", "具体情形"},
	OrganCadre:      {"是否涉组涉干", "涉组涉干问题", "是否涉组涉干（是/否）"},
	Kind:            {"整改类型", "整改类别", "整改性质（立行立改、限期整改、长期坚持）"},
	Cause:           {"原因剖析", "原因分析", "产生原因", "问题产生的原因"},
	Target:          {"整改目标", "整改目标要求", "预期目标"},
	MeasureText:     {"整改措施", "具体措施", "整改举措", "具体整改举措", "拟采取的整改措施"},
	MeasureDeadline: {"措施时限", "措施完成时限", "举措完成时间"},
	Deadline:        {"完成时限", "整改时限", "完成时间", "计划完成时限", "整改完成期限", "时限"},
	Leader:          {"责任领导", "牵头领导", "分管领导", "责任班子成员", "牵头责任领导"},
	Section:         {"牵头科室", "责任科室", "责任股室", "责任部门", "牵头责任股室"},
	Handler:         {"经办人", "责任人", "具体责任人", "承办人", "具体经办人员"},
	Progress:        {"整改进展情况", "进展情况", "整改落实情况", "整改工作进展", "目前整改进展及成效", "整改成效"},
	Status:          {"自评状态", "整改状态", "完成状态", "整改进度", "目前状态", "是否完成整改"},
	EvidenceList:    {"佐证材料", "佐证资料", "印证材料", "支撑材料清单", "佐证材料目录"},
	Remark:          {"备注", "备 注", "备注说明"},
}

var inventedStatus = map[string][]string{
	StatusDone:          {"已完成", "完成", "已整改到位", "整改完成", "已办结"},
	StatusBasicallyDone: {"基本完成", "基本到位", "基本整改到位", "阶段性完成"},
	StatusInProgress:    {"正在推进", "推进中", "正在整改", "整改中"},
	StatusNotStarted:    {"未启动", "未开始", "尚未启动"},
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func inventForm(r *rand.Rand) inventedForm {
	f := inventedForm{
		rnd: r, format: pick(r, "xlsx", "xlsx", "xlsx", "csv"),
		measures: pick(r, "merged", "blank", "repeated", "circled", "dotted", "bracketed", "lines", "columns", "inline"),
		dates:    pick(r, "words", "底前", "dots", "slashes", "compact", "serial", "date", "iso", "mixed", "wide"),
		category: pick(r, "column", "section", "tabs", "title", "none"),
		kind:     pick(r, "column", "column", "none"),
		status:   pick(r, "words", "words", "ticks"),
		evidence: pick(r, "lines", "one line", "columns", "none"),
		numbered: pick(r, "number", "number", "sequence", "prefix", "both"),
		heads:    pick(r, 1, 1, 2, 2, 3),
		unknown:  r.IntN(4) == 0, hidden: r.IntN(5) == 0, notes: r.IntN(2) == 0, totals: r.IntN(3) == 0, again: r.IntN(5) == 0,
	}
	f.deadline = (f.measures == "merged" || f.measures == "blank" || f.measures == "repeated") && r.IntN(2) == 0
	if f.format == "csv" {
		f.hidden = false
		if f.category == "tabs" || f.category == "title" {
			f.category = "section"
		}
		if f.measures == "merged" {
			f.measures = "blank"
		}
		if f.dates == "serial" || f.dates == "date" {
			f.dates = "iso"
		}
	}
	return f
}

// inventRows draws findings from the sample and words them as the form can carry.
func inventRows(r *rand.Rand, pool []Row, n int) []Row {
	rows := make([]Row, n)
	from := r.IntN(len(pool) - n)
	for i := range rows {
		row := pool[from+i]
		row.Kind = pick(r, KindImmediate, KindDated, KindLongTerm)
		row.Status = pick(r, StatusDone, StatusDone, StatusBasicallyDone, StatusInProgress, StatusNotStarted)
		day := time.Date(2025, 12, 1+r.IntN(200), 0, 0, 0, 0, time.UTC)
		row.Deadline, row.DeadlineText = day.Format(time.DateOnly), ""
		row.Measures = slices.Clone(row.Measures)
		for j := range row.Measures {
			row.Measures[j] = Measure{Text: strings.TrimRight(row.Measures[j].Text, "；。"), Deadline: row.Deadline}
		}
		rows[i] = row
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(a.Category, b.Category) })
	return rows
}

// column is one column of an invented ledger.
type inventedColumn struct {
	field  Field
	part   int // measure, or tick
	head   string
	group  string
	hidden bool
}

func (f *inventedForm) columns() []inventedColumn {
	word := func(x Field) inventedColumn { return inventedColumn{field: x, head: pick(f.rnd, headWords[x]...)} }
	var cols []inventedColumn
	if f.numbered == "sequence" || f.numbered == "both" {
		cols = append(cols, word(Sequence))
	}
	if f.numbered == "number" || f.numbered == "both" {
		cols = append(cols, word(Number))
	}
	if f.category == "column" {
		cols = append(cols, word(Category))
	}
	text, group := word(Text), ""
	if f.heads > 1 {
		group = "反馈内容"
	}
	text.group = group
	show := word(Manifestations)
	show.group = group
	cols = append(cols, text, show)
	var rest [][]inventedColumn
	add := func(list ...inventedColumn) { rest = append(rest, list) }
	if f.kind == "column" {
		add(word(Kind))
	}
	add(word(OrganCadre))
	add(word(Cause), word(Target))
	plan := []inventedColumn{word(MeasureText)}
	if f.measures == "columns" {
		plan = nil
		for i, n := range []string{"一", "二", "三", "四"} {
			plan = append(plan, inventedColumn{field: MeasureText, part: i + 1, head: "措施" + n})
		}
	}
	if f.deadline {
		plan = append(plan, word(MeasureDeadline))
	}
	plan = append(plan, word(Deadline))
	duty := []inventedColumn{word(Leader), word(Section), word(Handler)}
	if f.heads > 1 {
		for i := range duty {
			duty[i].group = "责任落实"
		}
	}
	add(plan...)
	add(duty...)
	add(word(Progress))
	if f.status == "ticks" {
		var ticks []inventedColumn
		for i, code := range []string{StatusDone, StatusBasicallyDone, StatusInProgress, StatusNotStarted} {
			ticks = append(ticks, inventedColumn{field: Status, part: i + 1, head: statuses.word(code), group: "整改状态（打√）"})
		}
		add(ticks...)
		f.heads = max(f.heads, 2)
	} else {
		add(word(Status))
	}
	switch f.evidence {
	case "columns":
		add(
			inventedColumn{field: EvidenceName, head: "佐证材料名称"}, inventedColumn{field: EvidenceNumber, head: "文号"},
			inventedColumn{field: EvidenceDate, head: "成文日期"})
	case "none":
	default:
		add(word(EvidenceList))
	}
	if f.unknown {
		add(inventedColumn{head: "巡察组核查意见"})
	}
	f.rnd.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	for _, r := range rest {
		cols = append(cols, r...)
	}
	cols = append(cols, word(Remark))
	if f.hidden {
		for i := range cols {
			cols[i].hidden = cols[i].field == Cause
		}
	}
	return cols
}

// date writes a day as the form does; words tells whether the words are kept.
func (f *inventedForm) date(day string, i int) (value any, words bool) {
	d, _ := time.Parse(time.DateOnly, day)
	style := f.dates
	if style == "mixed" {
		style = []string{"iso", "slashes", "words"}[i%3]
	}
	switch style {
	case "words":
		return d.Format("2006年1月2日"), true
	case "底前":
		return d.Format("2006年1月2日前"), true
	case "dots":
		return d.Format("2006.1.2"), false
	case "slashes":
		return d.Format("2006/1/2"), false
	case "compact":
		return d.Format("20060102"), false
	case "serial":
		return int(d.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24), false
	case "date":
		return d, false
	case "wide":
		return fullWidth(d.Format("2006-01-02")), false
	}
	return day, false
}

func fullWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < '~' {
			return r - '!' + '！'
		}
		return r
	}, s)
}

// paper collects the cells of one sheet.
type paper struct {
	name   string
	rows   [][]any
	merges [][4]int // column, line, column, line, from 0
	hide   []int
}

func (p *paper) put(cells ...any) int { p.rows = append(p.rows, cells); return len(p.rows) - 1 }

// wide adds a row of one sentence over the width of the table.
func (p *paper) wide(text string, width int, merge bool) {
	line := p.put(text)
	if merge {
		p.merges = append(p.merges, [4]int{0, line, width - 1, line})
	}
}

// head writes the header: groups over their columns, single heads over both rows.
func (f *inventedForm) head(p *paper, cols []inventedColumn) {
	n := len(cols)
	top, low := make([]any, n), make([]any, n)
	first := len(p.rows)
	if f.heads == 3 {
		banner := make([]any, n)
		banner[0] = "巡察反馈问题整改情况"
		p.put(banner...)
		p.merges = append(p.merges, [4]int{0, first, n - 1, first})
		first++
	}
	for i, c := range cols {
		if f.heads == 1 {
			low[i] = c.head
			continue
		}
		switch {
		case c.group == "":
			top[i] = c.head
			p.merges = append(p.merges, [4]int{i, first, i, first + 1})
		case i == 0 || cols[i-1].group != c.group:
			top[i], low[i] = c.group, c.head
			end := i
			for end+1 < n && cols[end+1].group == c.group {
				end++
			}
			p.merges = append(p.merges, [4]int{i, first, end, first})
		default:
			low[i] = c.head
		}
	}
	if f.heads > 1 {
		p.put(top...)
	}
	p.put(low...)
}

// workbook writes the ledgers as a file.
func (f *inventedForm) file(t testing.TB, papers []*paper) ([]byte, string) {
	t.Helper()
	if f.format == "csv" {
		return f.csv(t, papers[0])
	}
	book := excelize.NewFile()
	defer book.Close()
	for i, p := range papers {
		if i == 0 {
			check(t, book.SetSheetName("Sheet1", p.name))
		} else {
			_, err := book.NewSheet(p.name)
			check(t, err)
		}
		for line, row := range p.rows {
			check(t, book.SetSheetRow(p.name, fmt.Sprintf("A%d", line+1), &row))
		}
		for _, m := range p.merges {
			check(t, book.MergeCell(p.name, address(m[0]+1, m[1]+1), address(m[2]+1, m[3]+1)))
		}
		for _, c := range p.hide {
			check(t, book.SetColVisible(p.name, letters(c+1), false))
		}
	}
	return saved(t, book), "台账.xlsx"
}

func (f *inventedForm) csv(t testing.TB, p *paper) ([]byte, string) {
	t.Helper()
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	w.Comma = pick(f.rnd, ',', ',', ';', '\t')
	w.UseCRLF = f.rnd.IntN(2) == 0
	for _, row := range p.rows {
		record := make([]string, len(row))
		for i, v := range row {
			if v != nil {
				record[i] = fmt.Sprint(v)
			}
		}
		check(t, w.Write(record))
	}
	w.Flush()
	text := buf.String()
	var err error
	switch pick(f.rnd, "utf8", "mark", "gb18030", "le", "be") {
	case "mark":
		text = "\ufeff" + text
	case "gb18030":
		text, err = simplifiedchinese.GB18030.NewEncoder().String(text)
	case "le":
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	case "be":
		text, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)
	}
	check(t, err)
	return []byte(text), "台账.csv"
}
