package paper

// reportKind is the progress report of an organisation, to the leading group.
func reportKind() Kind {
	return Kind{
		Code: "report", Title: "整改进展情况报告", TitleEn: "Progress report",
		Fields: fields(redFields(), []Field{
			{Code: "signer", Name: "签发人", Note: "上行文的签发人，有红头时印出", NoteEn: "who signs it for issue; printed with a red head", Sample: "赵某某"},
			{Code: "to", Name: "主送机关", Sample: "县委巡察工作领导小组"},
			{Code: "organisation", Name: "党组织", Sample: "中共云溪县教育体育局党组"},
			{Code: "opening", Name: "开头", Sample: "根据县委统一部署，县委第一巡察组对中共云溪县教育体育局党组开展了巡察，2025年11月20日反馈了巡察意见。现将集中整改进展情况报告如下。"},
			{Code: "organising", Name: "组织整改落实情况", Sample: "把整改作为重要政治任务，主要负责人对难点问题亲自部署、亲自过问、亲自协调、亲自督办。"},
			{Code: "figures", Name: "整改总体情况", Note: "由系统统计", NoteEn: "counted from the record", Sample: "截至2026年2月27日，巡察反馈的4个方面41个问题，自评已完成整改36个。"},
			{Code: "categories", Name: "反馈类别", Fields: []Field{
				{Code: "category", Name: "类别名称", Sample: "聚焦党中央重大决策部署贯彻落实方面"},
				{Code: "findings", Name: "问题", Fields: []Field{
					{Code: "place", Name: "总序号", Note: "从第一个问题起连续编号", NoteEn: "counted through all categories", Sample: "1"},
					{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
					{Code: "quoted", Name: "问题引文", Note: "反馈原文，引号改作单引号、去掉句号", NoteEn: "as fed back, to stand within quotation marks", Sample: "落实‘双减’政策不够有力，校外培训机构监管存在盲区"},
					{Code: "progress", Name: "整改情况", Sample: "一是对31家机构逐家检查，责令整改19家。"},
				}},
			}},
			{Code: "unfinished", Name: "未完成问题", Fields: []Field{
				{Code: "number", Name: "问题编号", Sample: "08-JT-003"},
				{Code: "text", Name: "反馈问题", Sample: "县域义务教育优质均衡创建谋划不深"},
				{Code: "state", Name: "进度", Sample: "基本完成，整改期限为2026年12月31日"},
			}},
			{Code: "next", Name: "下一步打算", Sample: "对需要长期坚持的问题持续跟踪，按期报告。"},
		}, signFields(), []Field{
			{Code: "rows", Name: "整改情况表", Fields: []Field{
				{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
				{Code: "text", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
				{Code: "measures", Name: "整改措施", Sample: "1.对31家机构逐家检查（2025年12月31日前）。"},
				{Code: "claim", Name: "自评状态", Sample: "已完成"},
				{Code: "deadline", Name: "完成时限", Sample: "2026年1月31日"},
				{Code: "rules", Name: "建章立制", Sample: "《校外培训机构检查办法》（云教体发〔2025〕86号）"},
				{Code: "evidence", Name: "佐证材料", Sample: "1.联合检查记录（31家）"},
			}},
		}),
		Layout: reportLayout(),
	}
}

func reportLayout() Document {
	d := Document{Title: "整改进展情况报告"}
	d.redHead(true)
	d.add(StyleTo, "", "{{主送机关}}：")
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleHeading1, "", "一、组织整改落实情况")
	d.add(StyleBody, "", "{{组织整改落实情况}}")
	d.add(StyleHeading1, "", "二、整改进展情况及成效")
	d.add(StyleBody, "", "{{整改总体情况}}")
	d.byCategory()
	d.add(StyleHeading1, "", "三、尚未完成和需要长期坚持的问题")
	d.add(StyleBody, "", "{{#未完成问题}}")
	d.add(StyleBody, "", "{{序号}}.{{反馈问题}}（{{问题编号}}）：{{进度}}。")
	d.add(StyleBody, "", "{{/未完成问题}}")
	d.add(StyleBody, "", "{{^未完成问题}}没有尚未完成的问题。{{/未完成问题}}")
	d.add(StyleHeading1, "", "四、下一步打算")
	d.last("{{下一步打算}}")
	d.blank()
	d.add(StyleAnnex, "", "附件：整改情况及佐证材料一览表")
	d.signed()
	d.Blocks = append(d.Blocks, Turn{Landscape: true})
	d.annex("附件", "{{党组织}}整改情况及佐证材料一览表", false)
	d.roll("整改情况表", column{10, "序号", "{{序号}}", true}, column{20, "问题编号", "{{问题编号}}", true}, column{48, "反馈问题", "{{反馈问题}}", false},
		column{54, "整改措施", "{{整改措施}}", false}, column{18, "自评状态", "{{自评状态}}", true}, column{24, "完成时限", "{{完成时限}}", true},
		column{51, "建章立制和佐证材料", "{{建章立制}}\n{{佐证材料}}", false})
	return d
}

// byCategory lists what was done about each finding, under its category.
func (d *Document) byCategory() {
	d.add(StyleBody, "", "{{#反馈类别}}")
	d.add(StyleHeading2, "", "（{{序数}}）{{类别名称}}")
	d.add(StyleBody, "", "{{#问题}}")
	d.add(StyleBody, "", "{{总序号}}.关于“{{问题引文}}”问题的整改。{{整改情况}}")
	d.add(StyleBody, "", "{{/问题}}")
	d.add(StyleBody, "", "{{/反馈类别}}")
}

// headReportKind is the report of the head of an organisation on how they organised
// the rectification.
func headReportKind() Kind {
	return Kind{
		Code: "head_report", Title: "主要负责人组织落实情况报告", TitleEn: "Report of the head",
		Fields: fields(redFields(), []Field{
			{Code: "signer", Name: "签发人", Sample: "赵某某"},
			{Code: "to", Name: "主送机关", Sample: "县委巡察工作领导小组"},
			{Code: "opening", Name: "开头", Sample: "根据巡察工作有关规定，现将本人组织落实巡察整改情况报告如下。"},
			{Code: "sections", Name: "部分", Note: "一、二、三……各部分", NoteEn: "the parts 一, 二, 三, …", Fields: []Field{
				{Code: "heading", Name: "部分标题", Sample: "学习部署情况"},
				{Code: "text", Name: "部分正文", Sample: "主持召开会议，传达学习有关要求，研究部署整改工作。"},
			}},
			{Code: "closing", Name: "结尾", Sample: "特此报告。"},
		}, signFields()),
		Layout: headReportLayout(),
	}
}

func headReportLayout() Document {
	d := Document{Title: "主要负责人组织落实情况报告"}
	d.redHead(true)
	d.add(StyleTo, "", "{{主送机关}}：")
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleBody, "", "{{#部分}}")
	d.add(StyleHeading1, "", "{{?部分标题}}{{序数}}、{{部分标题}}{{/部分标题}}")
	d.add(StyleBody, "", "{{部分正文}}")
	d.add(StyleBody, "", "{{/部分}}")
	d.last("{{结尾}}")
	d.signed()
	return d
}
