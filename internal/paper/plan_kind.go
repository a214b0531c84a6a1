package paper

// planKind is the rectification plan of an organisation, with its three lists.
func planKind() Kind {
	return Kind{
		Code: "plan", Title: "整改方案", TitleEn: "Rectification plan",
		Fields: fields(redFields(), []Field{
			{Code: "organisation", Name: "党组织", Sample: "中共云溪县教育体育局党组"},
			{Code: "opening", Name: "开头", Sample: "2025年11月20日，县委第一巡察组向中共云溪县教育体育局党组反馈了巡察意见。为抓好整改落实，结合实际，制定本方案。"},
			{Code: "aim", Name: "总体要求", Sample: "对反馈的问题照单全收，逐条剖析原因、逐项明确措施、逐级压实责任。"},
			{Code: "leadership", Name: "组织领导", Sample: "成立巡察整改工作领导小组，由党组织主要负责人任组长。"},
			{Code: "tasks", Name: "整改任务", Note: "问题数、类型和措施数，由系统统计", NoteEn: "counts of findings, kinds and measures", Sample: "共梳理问题41个，其中立行立改11个、限期整改28个、长期坚持2个，制定整改措施83条。"},
			{Code: "categories", Name: "反馈类别", Note: "每个类别一行", NoteEn: "one row for each category", Fields: []Field{
				{Code: "category", Name: "类别名称", Sample: "聚焦党中央重大决策部署贯彻落实方面"},
				{Code: "summary", Name: "类别概况", Sample: "共10个问题（问题清单第1至10号），制定整改措施20条。"},
			}},
			{Code: "steps", Name: "实施步骤", Sample: "（一）研究部署阶段。召开会议，制定方案。"},
			{Code: "demands", Name: "工作要求", Sample: "主要负责人履行第一责任人责任，班子成员落实“一岗双责”。"},
		}, signFields(), []Field{
			{Code: "findings", Name: "问题", Note: "三张清单的每个问题一行", NoteEn: "one row of the three lists for each finding", Fields: planFindings()},
		}),
		Layout: planLayout(),
	}
}

func planFindings() []Field {
	return []Field{
		{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
		{Code: "category", Name: "问题类别", Sample: "聚焦党中央重大决策部署贯彻落实"},
		{Code: "text", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
		{Code: "manifestations", Name: "具体表现", Sample: "全县登记备案培训机构31家，其中6家从未被检查。"},
		{Code: "kind", Name: "整改类型", Sample: "限期整改"},
		{Code: "cause", Name: "原因剖析", Sample: "日常巡查没有落到网格。"},
		{Code: "target", Name: "整改目标", Sample: "机构检查全覆盖，举报3个工作日内到场。"},
		{Code: "measures", Name: "整改措施", Sample: "1.对31家机构逐家检查（2025年12月31日前）。"},
		{Code: "leader", Name: "责任领导", Sample: "李某"},
		{Code: "section", Name: "牵头科室", Sample: "基础教育股"},
		{Code: "handler", Name: "经办人", Sample: "和某"},
		{Code: "deadline", Name: "完成时限", Sample: "2026年1月31日"},
	}
}

func planLayout() Document {
	d := Document{Title: "整改方案"}
	d.redHead(false)
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleHeading1, "", "一、总体要求")
	d.add(StyleBody, "", "{{总体要求}}")
	d.add(StyleHeading1, "", "二、组织领导")
	d.add(StyleBody, "", "{{组织领导}}")
	d.add(StyleHeading1, "", "三、整改任务")
	d.add(StyleBody, "", "{{整改任务}}")
	d.add(StyleBody, "", "{{#反馈类别}}")
	d.add(StyleHeading2, "", "（{{序数}}）{{类别名称}}")
	d.add(StyleBody, "", "{{类别概况}}")
	d.add(StyleBody, "", "{{/反馈类别}}")
	d.add(StyleHeading1, "", "四、实施步骤")
	d.add(StyleBody, "", "{{实施步骤}}")
	d.add(StyleHeading1, "", "五、工作要求")
	d.last("{{工作要求}}")
	d.blank()
	d.add(StyleAnnex, "", "附件：1.问题清单")
	d.add(StyleAnnexes, "", "2.任务清单")
	d.add(StyleAnnexes, "", "3.责任清单")
	d.signed()
	d.Blocks = append(d.Blocks, Turn{Landscape: true})
	d.annex("附件1", "{{党组织}}巡察整改问题清单", false)
	d.roll("问题", column{10, "序号", "{{序号}}", true}, column{20, "问题编号", "{{问题编号}}", true}, column{32, "反馈类别", "{{问题类别}}", false},
		column{53, "反馈问题", "{{反馈问题}}", false}, column{62, "具体表现", "{{具体表现}}", false}, column{18, "整改类型", "{{整改类型}}", true}, column{30, "原因剖析", "{{原因剖析}}", false})
	d.annex("附件2", "{{党组织}}巡察整改任务清单", true)
	d.roll("问题", column{10, "序号", "{{序号}}", true}, column{20, "问题编号", "{{问题编号}}", true}, column{54, "反馈问题", "{{反馈问题}}", false},
		column{37, "整改目标", "{{整改目标}}", false}, column{79, "整改措施", "{{整改措施}}", false}, column{25, "完成时限", "{{完成时限}}", true})
	d.annex("附件3", "{{党组织}}巡察整改责任清单", true)
	d.roll("问题", column{10, "序号", "{{序号}}", true}, column{20, "问题编号", "{{问题编号}}", true}, column{82, "反馈问题", "{{反馈问题}}", false},
		column{26, "责任领导", "{{责任领导}}", true}, column{32, "牵头科室", "{{牵头科室}}", true}, column{26, "经办人", "{{经办人}}", true}, column{29, "完成时限", "{{完成时限}}", true})
	return d
}
