package paper

// visitKind is the record of a return visit on the spot. What is found there is
// written in by hand, or before printing.
func visitKind() Kind {
	d := Document{Title: "回访督查记录", Landscape: true}
	d.add(StyleTitle, "", "巡察整改回访督查记录")
	d.add(StyleLine, "", "轮次：{{轮次}}　　被督查单位：{{党组织}}")
	d.add(StyleLine, "", "督查时间：{{督查时间}}　　核查方式：{{核查方式}}")
	d.add(StyleLine, "", "督查组长：{{督查组长}}　　成员：{{督查成员}}")
	d.roll("问题", column{10, "序号", "{{序号}}", true}, column{23, "问题编号", "{{问题编号}}", true}, column{42, "反馈问题", "{{反馈问题}}", false},
		column{66, "报告所述", "{{报告所述}}", false}, column{46, "核查所见", "{{核查所见}}", false}, column{18, "是否一致", "{{是否一致}}", true}, column{20, "定性", "{{定性}}", true})
	d.Blocks = append(d.Blocks, Table{Widths: []int{32, 193}, Fine: true, Rows: []Line{
		{Height: 16, Cells: []Cell{{Text: "群众反映", Label: true}, {Text: "{{群众反映}}"}}},
		{Height: 12, Cells: []Cell{{Text: "测评数据", Label: true}, {Text: "{{测评数据}}"}}},
		{Height: 16, Cells: []Cell{{Text: "处理建议", Label: true}, {Text: "{{处理建议}}"}}},
	}})
	d.add(StyleLine, "", "督查组长（签字）：　　　　　　　　　　　　　　成员（签字）：")
	d.add(StyleLine, "", "被督查单位主要负责人（签字）：　　　　　　　　日期：　　　年　　月　　日")
	return Kind{
		Code: "visit", Title: "回访督查记录", TitleEn: "Record of a return visit", Layout: d,
		Fields: []Field{
			{Code: "organisation", Name: "党组织", Sample: "中共云溪县教育体育局党组"},
			{Code: "round", Name: "轮次", Sample: "十四届云溪县委第八轮巡察"},
			{Code: "on", Name: "督查时间", Sample: "2026年3月18日"},
			{Code: "lead", Name: "督查组长", Sample: "葛某"},
			{Code: "members", Name: "督查成员", Sample: "洪某、尤某某"},
			{Code: "ways", Name: "核查方式", Sample: "核查资料、查看现场、走访群众"},
			{Code: "findings", Name: "问题", Fields: []Field{
				{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
				{Code: "text", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
				{Code: "reported", Name: "报告所述", Sample: "对31家机构逐家检查，责令整改19家。"},
				{Code: "seen", Name: "核查所见", Sample: "抽查3家，检查记录齐全。"},
				{Code: "agrees", Name: "是否一致", Sample: "一致"},
				{Code: "verdict", Name: "定性", Sample: "属实"},
			}},
			{Code: "voices", Name: "群众反映", Sample: "家长反映假期补课明显减少。"},
			{Code: "survey", Name: "测评数据", Sample: "发放问卷40份，满意和基本满意37份。"},
			{Code: "advice", Name: "处理建议", Sample: "同意认定，继续跟踪。"},
		},
	}
}

// dutyKind is the duty list of a supervising body: the findings it watches over.
func dutyKind() Kind {
	d := Document{Title: "监督责任清单", Landscape: true}
	d.add(StyleTitle, "", "{{监督单位}}巡察整改监督责任清单")
	d.add(StyleLine, "", "轮次：{{轮次}}　　共{{问题数}}个问题　　截至{{截止日期}}")
	d.roll("问题", column{10, "序号", "{{序号}}", true}, column{20, "监督编号", "{{监督编号}}", true}, column{26, "被巡察党组织", "{{党组织}}", false},
		column{20, "问题编号", "{{问题编号}}", true}, column{47, "反馈问题", "{{反馈问题}}", false}, column{17, "涉组涉干", "{{涉组涉干}}", true},
		column{28, "督促科室", "{{督促科室}}", true}, column{14, "责任人", "{{责任人}}", true}, column{25, "完成时限", "{{完成时限}}", true}, column{18, "整改状态", "{{整改状态}}", true})
	return Kind{
		Code: "duty_list", Title: "监督责任清单", TitleEn: "Duty list", Layout: d,
		Fields: []Field{
			{Code: "body", Name: "监督单位", Sample: "县委组织部"},
			{Code: "round", Name: "轮次", Sample: "十四届云溪县委第八轮巡察"},
			{Code: "count", Name: "问题数", Sample: "63"},
			{Code: "as_of", Name: "截止日期", Sample: "2026年3月18日"},
			{Code: "findings", Name: "问题", Fields: []Field{
				{Code: "watch", Name: "监督编号", Sample: "ZZ-08-001"},
				{Code: "organisation", Name: "党组织", Sample: "县教育体育局"},
				{Code: "number", Name: "问题编号", Sample: "08-JT-024"},
				{Code: "text", Name: "反馈问题", Sample: "民主生活会质量不高，相互批评不痛不痒。"},
				{Code: "cadre", Name: "涉组涉干", Sample: "是"},
				{Code: "section", Name: "督促科室", Sample: "县委组织部组织股"},
				{Code: "person", Name: "责任人", Sample: "柯某"},
				{Code: "deadline", Name: "完成时限", Sample: "2026年1月31日"},
				{Code: "stage", Name: "整改状态", Sample: "会审中"},
			}},
		},
	}
}
