package paper

// circularKind tells all organisations of a round how its rectification stands.
func circularKind() Kind {
	return Kind{
		Code: "circular", Title: "整改情况通报", TitleEn: "Round summary",
		Fields: fields(redFields(), []Field{
			{Code: "to", Name: "主送机关", Sample: "各被巡察党组织"},
			{Code: "opening", Name: "开头", Sample: "现将截至2026年3月18日的整改情况通报如下。"},
			{Code: "figures", Name: "总体情况", Note: "由系统统计，含口径", NoteEn: "counted from the record, with definitions", Sample: "本轮共向7个党组织反馈问题228个，其中已认定180个，认定率78.9%。"},
			{Code: "organisations", Name: "各单位", Note: "最后一行为合计", NoteEn: "the last row is the total", Fields: []Field{
				{Code: "organisation", Name: "党组织", Sample: "县教育体育局"},
				{Code: "findings", Name: "反馈问题数", Sample: "41"},
				{Code: "claimed", Name: "自评已完成", Sample: "36"},
				{Code: "claimed_rate", Name: "自评完成率", Sample: "87.8%"},
				{Code: "recognised", Name: "已认定", Sample: "30"},
				{Code: "recognised_rate", Name: "认定率", Sample: "73.2%"},
				{Code: "closed", Name: "已销号", Sample: "12"},
				{Code: "overdue", Name: "超期", Sample: "1"},
			}},
			{Code: "definitions", Name: "口径", Sample: "自评完成率＝自评“已完成”的问题数÷反馈问题总数，不含“基本完成”。"},
			{Code: "problems", Name: "存在的主要问题", Fields: []Field{{Code: "problem", Name: "问题内容", Sample: "有的单位整改超期。县教育体育局1个。"}}},
			{Code: "demands", Name: "下一步要求", Sample: "请各党组织压实责任，对照意见逐条整改。"},
		}, signFields(), footFields()),
		Layout: circularLayout(),
	}
}

func circularLayout() Document {
	d := Document{Title: "整改情况通报"}
	d.redHead(false)
	d.add(StyleTo, "", "{{主送机关}}：")
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleHeading1, "", "一、总体情况")
	d.add(StyleBody, "", "{{总体情况}}")
	d.add(StyleHeading1, "", "二、各单位整改情况")
	d.roll("各单位", column{36, "党组织", "{{党组织}}", false}, column{18, "反馈问题", "{{反馈问题数}}", true}, column{22, "自评已完成", "{{自评已完成}}", true},
		column{22, "自评完成率", "{{自评完成率}}", true}, column{15, "已认定", "{{已认定}}", true}, column{15, "认定率", "{{认定率}}", true},
		column{15, "已销号", "{{已销号}}", true}, column{13, "超期", "{{超期}}", true})
	d.add(StyleNote, "", "注：{{口径}}")
	d.add(StyleHeading1, "", "三、存在的主要问题")
	d.add(StyleBody, "", "{{#存在的主要问题}}")
	d.add(StyleBody, "", "{{序号}}.{{问题内容}}")
	d.add(StyleBody, "", "{{/存在的主要问题}}")
	d.add(StyleBody, "", "{{^存在的主要问题}}目前没有超期、退回补充和未启动的问题。{{/存在的主要问题}}")
	d.add(StyleHeading1, "", "四、下一步要求")
	d.last("{{下一步要求}}")
	d.signed()
	d.foot()
	return d
}

// publicKind is what an organisation makes public of its rectification.
func publicKind() Kind {
	return Kind{
		Code: "public", Title: "公开稿", TitleEn: "Public version",
		Fields: []Field{
			{Code: "title", Name: "标题", Sample: "中共云溪县教育体育局党组关于巡察整改进展情况的通报"},
			{Code: "opening", Name: "开头", Sample: "根据县委统一部署，县委第一巡察组对中共云溪县教育体育局党组开展了巡察。按照有关要求，现将巡察整改进展情况予以公布。"},
			{Code: "organising", Name: "组织整改落实情况", Sample: "党组织主要负责人承担第一责任人责任，班子成员落实“一岗双责”。"},
			{Code: "categories", Name: "反馈类别", Fields: []Field{
				{Code: "category", Name: "类别名称", Sample: "聚焦党中央重大决策部署贯彻落实方面"},
				{Code: "findings", Name: "问题", Fields: []Field{
					{Code: "place", Name: "总序号", Sample: "1"},
					{Code: "quoted", Name: "问题引文", Sample: "落实‘双减’政策不够有力，校外培训机构监管存在盲区"},
					{Code: "progress", Name: "整改情况", Sample: "一是对31家机构逐家检查，责令整改19家。"},
				}},
			}},
			{Code: "next", Name: "下一步打算", Sample: "持续巩固整改成果，接受监督。"},
			{Code: "contact", Name: "联系方式", Sample: "联系电话：0887-0000000"},
			{Code: "signature", Name: "署名", Sample: "中共云溪县教育体育局党组"},
			{Code: "date", Name: "成文日期", Sample: "2026年3月20日"},
		},
		Layout: publicLayout(),
	}
}

func publicLayout() Document {
	d := Document{Title: "公开稿"}
	d.add(StyleTitle, "", "{{标题}}")
	d.blank()
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleHeading1, "", "一、组织整改落实情况")
	d.add(StyleBody, "", "{{组织整改落实情况}}")
	d.add(StyleHeading1, "", "二、整改进展情况")
	d.byCategory()
	d.add(StyleHeading1, "", "三、下一步打算")
	d.add(StyleBody, "", "{{下一步打算}}")
	d.last("欢迎干部群众对巡察整改落实情况进行监督。{{?联系方式}}{{联系方式}}。{{/联系方式}}")
	d.blank()
	d.blank()
	d.add(StyleSign, "", "{{署名}}")
	d.add(StyleDate, "", "{{成文日期}}")
	return d
}
