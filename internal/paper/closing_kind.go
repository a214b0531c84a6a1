package paper

import "strings"

// closingKind is the approval form for closing a finding.
func closingKind() Kind {
	return Kind{
		Code: "closing", Title: "销号审批单", TitleEn: "Closing form",
		Fields: []Field{
			{Code: "round", Name: "轮次", Sample: "十四届县委第八轮巡察"},
			{Code: "organisation", Name: "党组织", Sample: "中共云溪县教育体育局党组"},
			{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
			{Code: "finding", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
			{Code: "category", Name: "反馈类别", Sample: "聚焦党中央重大决策部署贯彻落实"},
			{Code: "deadline", Name: "整改期限", Sample: "2026年3月31日"},
			{Code: "extensions", Name: "延期情况", Note: "没有的写“无”", NoteEn: "“无” where there is none", Sample: "无"},
			{Code: "measures", Name: "整改措施", Sample: "1.逐家检查校外培训机构。"},
			{Code: "done", Name: "整改完成情况", Sample: "检查31家，退还预收费用11.38万元。"},
			{Code: "evidence", Name: "佐证材料目录", Sample: "1.校外培训机构联合检查记录（31家）"},
			{Code: "claim", Name: "单位自查结论", Sample: "已完成"},
			{Code: "pledge", Name: "承诺", Note: "何人何时承诺", NoteEn: "who pledged, and when", Sample: "江某某，2026年3月1日承诺"},
			{Code: "parties", Name: "审核方", Fields: []Field{
				{Code: "party", Name: "审核方名称", Sample: "县委巡察办"},
				{Code: "view", Name: "审核意见", Sample: "认可。葛某，2026年3月5日"},
			}},
			{Code: "conclusion", Name: "结论", Sample: "同意销号"},
			{Code: "date", Name: "日期", Sample: "2026年3月10日"},
			{Code: "reason", Name: "理由", Sample: "无"},
		},
		Layout: closingLayout(),
	}
}

// closingLayout is the program's own template of the form.
func closingLayout() Document {
	d := Document{Title: "销号审批单"}
	d.add(StyleTitle, "", "巡察整改问题销号审批单")
	d.add(StyleLine, "", "轮次：{{轮次}}")
	t := Table{Widths: closingWidths}
	t.pair("党组织", "{{党组织}}", "问题编号", "{{问题编号}}")
	t.wide("反馈问题", 0, "{{反馈问题}}")
	t.pair("反馈类别", "{{反馈类别}}", "整改期限", "{{整改期限}}")
	t.wide("延期情况", 0, "{{延期情况}}")
	t.wide("整改措施", 0, "{{整改措施}}")
	t.wide("整改完成情况", 0, "{{整改完成情况}}")
	t.wide("佐证材料目录", 0, "{{佐证材料目录}}")
	t.wide("单位自查结论", 20, "{{单位自查结论}}", "{{承诺}}", "主要负责人"+approvalLine)
	t.wide("{{#审核方}}{{审核方名称}}意见", 20, "{{审核意见}}", approvalLine+"{{/审核方}}")
	t.wide("巡察工作领导小组审定", 24, "", approvalLine)
	t.pair("结论", "{{结论}}", "日期", "{{日期}}")
	t.wide("理由", 0, "{{理由}}")
	d.Blocks = append(d.Blocks, t)
	d.add(StyleNote, "", "{{校验行}}")
	return d
}

// Data is the form as its template takes it.
func (f ClosingForm) Data() Data {
	d := Data{
		"round": f.Round, "organisation": f.Organisation, "number": f.Number, "finding": f.Text, "category": f.Category, "deadline": f.Deadline,
		"extensions": lines(orNone(f.Extensions)...), "measures": lines(orNone(f.Measures)...), "done": lines(orNone(f.Done)...),
		"evidence": lines(orNone(f.Evidence)...), "claim": f.Claim, "pledge": f.Pledge,
		"conclusion": f.Conclusion, "date": f.Date, "reason": lines(orNone([]string{f.Reason})...),
	}
	parties := []Data{}
	for _, p := range f.Parties {
		parties = append(parties, Data{"party": p.Name, "view": lines(p.Lines...)})
	}
	d["parties"] = parties
	return d
}

// Rows makes the rows of a repeating part of one field.
func Rows(code string, texts ...string) []Data {
	rows := []Data{}
	for _, text := range texts {
		rows = append(rows, Data{code: text})
	}
	return rows
}

func trimmed(s, cut string) string { return strings.TrimRight(s, cut) }
