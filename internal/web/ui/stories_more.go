package ui

import "github.com/a-h/templ"

func sampleSteps() []LoopStep {
	return []LoopStep{
		{"反馈", "2025-11-20", "ok"},
		{"整改方案", "12-18 通过", "ok"},
		{"报送进展", "02-20 第 1 次", "ok"},
		{"四方联审", "3 / 4 方已提交", "now"},
		{"回访督查", "计划 4 月上旬", ""},
		{"满意度测评", "未开始", ""},
		{"销号", "—", ""},
	}
}

func sampleViews() []View {
	return []View{
		{"#", "未完成", 26, "", true},
		{"#", "全部", 228, "", false},
		{"#", "我督办的", 42, "", false},
		{"#", "已超期", 7, Red, false},
		{"#", "10日内到期", 9, Amber, false},
		{"#", "退回补充", 11, "", false},
		{"#", "涉组涉干", 63, "", false},
		{"#", "待我会审", 12, "", false},
	}
}

func frameStories() []Story {
	head := Head{Title: "我的工作台", Sub: "2026年3月18日 星期三", Actions: row(link("btn btn-line", "file-text", "起草督办函"), link("btn btn-primary", "scale", "继续会审"))}
	return []Story{
		{"frame", "page head", PageHead(head), false},
		{"frame", "page head, long", PageHead(Head{Title: longTitle, Crumbs: []Link{{Href: "#", Label: "问题台账"}, {Label: "县教育体育局"}}}), false},
		{"frame", "card", withChildren(Card(Box{ID: "story-card", Title: "佐证材料", Hint: "6 份 · 18.4 MB", Count: "6", More: Link{Href: "#", Label: "全部"}}),
			withChildren(CardBody(), text("内容"))), false},
		{"frame", "card with tools", withChildren(Card(Box{Title: "进展", Tools: link("btn btn-sm btn-line", "plus", "补记进展")}), withChildren(CardFoot(), text("共 4 条"))), false},
		{"frame", "saved views", Tabs("已存视图", sampleViews()), false},
		{"frame", "segments", Segmented("按类型筛选", []Link{{"#", "全部", true}, {"#", "审核 5", false}, {"#", "督办 4", false}}), false},
		{"frame", "steps", Steps(sampleSteps()), false},
		{"frame", "anchors", Anchors("页内导航", []Anchor{{"s1", "问题与措施", -1, true}, {"s4", "四方会审", 4, false}, {"s5", "回访", 0, false}}), false},
		{"frame", "crumbs", Crumbs([]Link{{Href: "#", Label: "合议汇总"}, {Label: "县教育体育局"}}), false},
	}
}

func sampleMatrix() Matrix {
	return Matrix{
		Label: "四方会审进度表", RowHead: "被巡察党组织", Parties: sampleSeals, LastHead: "状态",
		Rows: []MatrixRow{
			{"县教育体育局", "#", []Progress{{Done: 29, Of: 41}, {Done: 41, Of: 41}, {Done: 41, Of: 41}, {Done: 41, Of: 41}}, ChipWord{Amber, "clock", "待 1 方"}},
			{"县卫生健康局", "#", []Progress{{Done: 38, Of: 38}, {Done: 38, Of: 38}, {Done: 38, Of: 38}, {Done: 38, Of: 38}}, ChipWord{Violet, "users", "汇总中"}},
			{"县林业和草原局", "", []Progress{{Done: 11, Of: 29}, {Done: 0, Of: 29}, {Done: 8, Of: 29}, {Done: 29, Of: 29}}, ChipWord{Blue, "progress", "会审中"}},
			{"县民政局", "#", []Progress{{Done: 34, Of: 34}, {Done: 34, Of: 34}, {Done: 34, Of: 34}, {Done: 34, Of: 34}}, ChipWord{Green, "circle-check", "已反馈"}},
		},
	}
}

func tableStories() []Story {
	return []Story{
		{"tables", "sorted heads", rawTable(SortHead(Sort{Label: "期限", Href: "#", Dir: "ascending"}), SortHead(Sort{Label: "编号", Href: "#"}), SortHead(Sort{Label: "佐证", Href: "#", Dir: "descending", Class: "r"})), false},
		{"tables", "row ticks", row(AllCheck(), RowCheck("id", "1", "08-JT-017")), false},
		{"tables", "bulk bar", withChildren(BulkBar(), button("btn btn-sm btn-line", "download", "导出所选")), false},
		{"tables", "pages", withChildren(Pagination(Pager{Range: "第 51–100 条，共 228 条", Prev: "#", Next: "#"}), SealLegend("办")), false},
		{"tables", "pages, only one", Pagination(Pager{Range: "第 1–26 条，共 26 条"}), false},
		{"tables", "matrix", ProgressMatrix(sampleMatrix()), false},
		{"tables", "matrix, empty", ProgressMatrix(Matrix{Label: "进度表", RowHead: "党组织", Parties: sampleSeals}), false},
		{"tables", "filters", withChildren(FilterBar(Filter{Action: "/ledger", Label: "筛选台账", Placeholder: "编号、问题内容、责任人", Keep: []Hidden{{"view", "open"}}, Clear: "#"}),
			many(FilterMenu("building", "党组织", []Link{{"#", "县教育体育局", false}, {"#", "县水务局", true}}), FilterOn("状态：未完成", "#"))), false},
		{"tables", "list keys", ListKeys(), false},
	}
}

func triChoices() []Choice {
	return []Choice{{Value: Pass, Label: "通过", Class: "ok"}, {Value: Basic, Label: "基本", Class: "mid"}, {Value: Fail, Label: "不通过", Class: "no"}}
}

func sampleConclusion(name, value string) Group {
	return Group{Name: name, Legend: "本条结论", Value: value, Required: true, Choices: []Choice{
		{Value: "agree", Label: "同意", Icon: "circle-check"}, {Value: "continue", Label: "继续整改", Icon: "progress"}, {Value: "return", Label: "退回重报", Icon: "corner-up-left"},
	}}
}

func formStories() []Story {
	wrong := Group{Name: "s-c2", Legend: "措施是否精准", Help: "对症、可操作、有时限", Choices: triChoices(), Problem: "请对这一项作出评价"}
	opinion := Opinion(Field{ID: "s-op", Name: "s-op", Label: "整改是否到位：意见", Quiet: true, Value: "整改完成情况不具体，无数据及实例支撑。"}, []string{"无数据及实例支撑", "佐证不对应"}, "已引用报告第 1、3 处")
	return []Story{
		{"forms", "input", Input(Field{Name: "s-name", Label: "姓名", Value: "周明丽", Required: true, Complete: "name"}), false},
		{"forms", "input, wrong", Input(Field{Name: "s-due", Label: "整改期限", Kind: "date", Value: "2025-11-01", Hint: "反馈之日起不超过三个月", Problem: "期限早于反馈日期 2025-11-20，请改为其后的日期"}), false},
		{"forms", "input, locked", Input(Field{Name: "s-no", Label: "编号", Value: "08-JT-012", ReadOnly: true}), false},
		{"forms", "text with limit", TextArea(Field{Name: "s-text", Label: "整改完成情况", Value: "已召开党组会专题研究。", Limit: 2000}), false},
		{"forms", "select", Select(Field{Name: "s-kind", Label: "整改类型", Value: "term", Choices: []Choice{{Value: "", Label: "请选择"}, {Value: "now", Label: "立行立改"}, {Value: "term", Label: "限期整改"}}}), false},
		{"forms", "tick", Check(Field{Name: "s-flag", Label: "涉组涉干", Value: "on", Hint: "由组织部督促"}), false},
		{"forms", "error summary", ErrorSummary([]FieldProblem{{"s-due", "整改期限早于反馈日期"}, {"", "至少填写一条措施"}}), false},
		{"forms", "verdicts", Verdicts(Group{Name: "s-c1", Legend: "责任是否落实", Help: "第一责任人、科室、经办人", Value: Basic, Choices: triChoices()}), false},
		{"forms", "verdicts, wrong", Verdicts(wrong), false},
		{"forms", "verdicts with opinion", withChildren(Verdicts(Group{Name: "s-c3", Legend: "整改是否到位", Value: Fail, Choices: triChoices()}), opinion), false},
		{"forms", "options", Options(sampleConclusion("s-z", "return")), false},
		{"forms", "ask for a reason", AskReason(Reasoned{ID: "s-ret", Label: "退回补充", Icon: "corner-up-left", Title: "退回县教育体育局补充", Explain: "退回后由该单位重新报送。", Action: "#", Confirm: "退回", Danger: true}), false},
		{"forms", "ask for a reason, missing", AskReason(Reasoned{ID: "s-ret2", Label: "退回补充", Title: "退回补充", Action: "#", Confirm: "退回", Problem: "请写明退回理由"}), false},
		{"forms", "blocked button", Blocked("s-blocked", "提交", "还差 1 项：成效与群众认可"), false},
		{"forms", "files", FileDrop(Drop{ID: "s-files", Name: "files", Label: "佐证材料", Types: ".pdf,.docx", TypeWords: "PDF、Word", LimitWords: "20 MB", Multiple: true, Required: true}), false},
		{"forms", "files, wrong", FileDrop(Drop{ID: "s-file", Name: "file", Label: "台账", Types: ".xlsx", TypeWords: "Excel", LimitWords: "50 MB", Problem: "文件不是 Excel 工作簿，请另存为 .xlsx 后再上传"}), false},
		{"forms", "draft state", DraftState("草稿 14:36 已自动保存"), false},
	}
}

func sampleEvidence() []Evidence {
	return []Evidence{
		{Kind: "pdf", Name: "党组会议纪要〔2025〕21号", Href: "#", Meta: "PDF · 1.2 MB · 任务 1"},
		{Kind: "doc", Name: "2025年下半年意识形态专题汇报", Href: "#", Meta: "Word · 86 KB · 任务 2"},
		{Kind: "xls", Name: "民办学校网络阵地台账", Href: "#", Meta: "Excel · 24 KB · 任务 3", Flags: []ChipWord{{Amber, "alert-circle", "仅 1 所，应 3 所"}}},
		{Kind: "img", Name: "现场检查照片（4 张）", Href: "#", Meta: "2026-01-15 拍摄", Flags: []ChipWord{{Red, "copy", "与 08-JT-019 重复"}}},
		{Kind: "zip", Name: "会议材料", Href: "#", Meta: "ZIP · 3.0 MB"},
		{Kind: "other", Name: "已撤回的材料", Meta: "02-21 撤回", Gone: true},
	}
}

func samplePanel() []PartyCard {
	sealed := ChipWord{Violet, "circle-check", "已提交"}
	return []PartyCard{
		{Seal: Seal{"办", "巡察办", Waiting, ""}, Who: "周明丽 · 未提交", Chip: ChipWord{Grey, "circle-dashed", "待你提交"}, Action: Link{Href: "#", Label: "去填写"}},
		{Seal: Seal{"纪", "纪委监委", Sealed, ""}, Who: "和建军 · 14:32 已提交", Chip: sealed, Blind: true},
		{Seal: Seal{"组", "组织部", Fail, ""}, Who: "段晓梅 · 昨天 已提交", Chip: ChipWord{Red, "circle-x", "不通过"}, Text: "无数据及实例支撑，请补齐其余 2 所台账。"},
		{Seal: Seal{"巡", "巡察组", Stale, ""}, Who: "第二巡察组 · 昨天 已提交", Chip: ChipWord{Grey, "history", "已失效"}},
	}
}

func sampleTodos() []TodoGroup {
	return []TodoGroup{
		{"已超期", "alert-triangle", Red, []Todo{
			{Icon: "send", Title: "向县教育体育局发出督办函", Href: "#", Sub: "08-JT-017 · “三重一大”事项集体决策不规范", Light: Overdue, Due: "超期 8 天", Act: "发督办函"},
			{Icon: "corner-up-left", Title: "催报补充材料：县林业和草原局", Href: "#", Sub: "08-LC-009 · 退回后未在 5 个工作日内重报", Light: Overdue, Due: "超期 2 天", Act: "催报"},
		}},
		{"今天到期", "clock", Amber, []Todo{
			{Icon: "scale", Title: "会审县教育体育局整改进展情况报告", Href: "#", Sub: "剩余 12 条未审 · 其他三方均已提交", Light: Today, Due: "今天 18:00", Act: "继续审核"},
			{Icon: "users-group", Title: "合议汇总：县卫生健康局", Href: "#", Sub: "38 条 · 其中 3 条四方意见不一致", Light: Today, Due: "今天 18:00", Act: "去汇总"},
			{Icon: "file-text", Title: "核对《四方联审反馈意见》（县水务局）", Href: "#", Sub: "17 条意见建议 · 待你核对后报分管领导签发", Light: Today, Due: "今天 18:00", Act: "核对"},
		}},
		{"本周", "calendar-due", "", []Todo{
			{Icon: "map-pin", Title: "确认回访督查安排：县民政局", Href: "#", Sub: "3 月 20 日上午 · 第二回访组 4 人", Due: "3月20日 周五", Act: "确认"},
			{Icon: "upload", Title: "导入县委巡察组移交问题清单", Href: "#", Sub: "第八轮补充清单.xlsx · 6 行校验未通过", Due: "3月20日 周五", Act: "处理"},
		}},
	}
}

func findingStories() []Story {
	return []Story{
		{"finding", "quote", Quote("“一把手”抓意识形态工作“第一责任人”意识不强。2024 年以来，局党组会仅专题研究意识形态工作 1 次。", "《反馈意见》第三部分第（一）条第 2 项", "9f2c…a41e"), false},
		{"finding", "timeline", Timeline([]Event{
			{"scale", Violet, "和建军", "（纪委监委）提交会审意见", "03-18 14:32", ""},
			{"file-text", Blue, "县教育体育局", "报送第 1 次整改进展", "02-20 17:05", "已召开党组会专题研究意识形态工作 2 次。"},
			{"circle-check", Green, "", "整改方案通过四方审核", "2025-12-18", ""},
		}), false},
		{"finding", "activity", Activity(sampleFeed()), false},
		{"finding", "evidence", EvidenceList(sampleEvidence()), false},
		{"finding", "description", Describe([]KV{{"党组织", "县教育体育局党组", "", "#"}, {"整改期限", "2026-03-18", "延期 1 次", ""}, {"联络员", "", "", ""}}), false},
		{"finding", "log", Log([]LogEntry{{"03-18 14:32", "和建军", "提交会审意见", "", 18423, "7be1…90c2"}, {"03-02 10:11", "周明丽", "调整期限", "2026-02-20 → 2026-03-18，理由：等待上级批复", 17204, "c8d4…11be"}}), false},
		{"finding", "parties", PartyPanel(samplePanel()), false},
		{"finding", "blind bar", BlindBar(), false},
		{"finding", "todos", Todos(sampleTodos()), false},
		{"finding", "tasks", TaskList([]Task{{"整改方案", "12-18 通过", "#", ChipWord{Green, "circle-check", "已通过"}}, {"进展报告", "3 项待补", "#", ChipWord{Amber, "corner-up-left", "待补"}}}), false},
		{"finding", "prose", Prose(sampleProse()), false},
		{"finding", "hints", Hints(sampleHints("story-op")), false},
		{"finding", "no hints", Hints(nil), false},
		{"finding", "review list", ReviewList("逐条过堂 · 41 条", samplePassing()), false},
	}
}

func sampleFeed() []Feed {
	return []Feed{
		{"14:32", "和建军", "（纪委监委）提交", Link{Href: "#", Label: "08-JT-012"}, " 意见"},
		{"11:05", "县水务局", "重报", Link{Href: "#", Label: "08-SW-004"}, "，新增佐证 3 份"},
		{"09:40", "系统", "向 9 名责任人发出黄色预警", Link{}, ""},
	}
}

func sampleProse() [][]Span {
	return [][]Span{
		{{Text: "一是提高政治站位。局党组书记切实履行“第一责任人”职责，召开党组会专题研究意识形态工作 2 次，于 1 月 28 日向县委专题汇报 1 次。"}},
		{{Text: "二是压实责任链条。"}, {Text: "进一步提高思想认识，压紧压实工作责任，意识形态工作责任制得到有效落实，干部职工思想认识明显提升。", Mark: 1, Hard: true}},
		{{Text: "三是管好阵地。对民办学校校园网、公众号进行了排查，"}, {Text: "逐步完善工作台账，适时开展“回头看”。", Mark: 2}, {Text: " 现"}, {Text: "已建立“一校一台账”。", Mark: 3}},
	}
}

func sampleHints(into string) []Hint {
	return []Hint{
		{1, true, "无数据及实例支撑", "整段未出现数量、时间、对象", "第 1 处无数据及实例支撑", into},
		{2, false, "时限模糊", "“逐步”“适时”无完成时间", "第 2 处时限不明", into},
		{3, false, "佐证不对应", "应 3 所学校台账，仅附 1 所", "", ""},
	}
}

func samplePassing() []Passing {
	return []Passing{
		{"#", "08-JT-009", "主题教育检视问题整改不到位", Pass, "已评：通过", false},
		{"#", "08-JT-010", "党建工作责任制考核流于形式", Pass, "已评：通过", false},
		{"#", "08-JT-011", "民主生活会批评意见不具体", Fail, "已评：不通过", false},
		{"#", "08-JT-012", "“一把手”抓意识形态工作“第一责任人”意识不强", "now", "当前", true},
		{"#", "08-JT-013", "学校党组织书记述职评议“一评了之”", "", "未评", false},
		{"#", "08-JT-014", "教师师德师风问题处理宽松软", "", "未评", false},
		{"#", "08-JT-015", "“双减”督查问题未闭环", "", "未评", false},
		{"#", "08-JT-016", "教育惠民资金滞留 126 万元", "flag", "已标记稍后再看", false},
		{"#", "08-JT-017", "“三重一大”事项集体决策不规范", "", "未评", false},
		{"#", "08-JT-018", "公务接待“一函一单”不齐", Basic, "已评：基本通过", false},
	}
}

func sampleComparison() Comparison {
	ok, mid, no := ChipWord{Green, "circle-check", "通过"}, ChipWord{Amber, "circle-half-2", "基本通过"}, ChipWord{Red, "circle-x", "不通过"}
	ret, on := ChipWord{Amber, "corner-up-left", "退回重报"}, ChipWord{Blue, "progress", "继续整改"}
	return Comparison{
		Label: "四方意见对照表", RowHead: "评审项", Parties: sampleSeals, Who: []string{"周明丽", "和建军", "段晓梅", "第二巡察组"},
		Rows: []CompareRow{
			{Name: "责任是否落实", Differs: true, Cells: []CompareCell{{mid, "第一责任人履职有会议和汇报记录，但对下级督促记录缺失。", false}, {no, "未见对 2 名分管领导的压责谈话；仅书记一人留痕。", true}, {mid, "述责述廉材料有体现。", false}, {mid, "与驻点了解情况基本一致。", false}}},
			{Name: "措施是否精准", Cells: []CompareCell{{ok, "", false}, {ok, "", false}, {ok, "", false}, {ChipWord{}, "", false}}},
			{Name: "结论", Plain: true, Cells: []CompareCell{{ret, "", false}, {ret, "", false}, {on, "", true}, {ret, "", false}}},
		},
	}
}

func compareStories() []Story {
	return []Story{
		{"compare", "diff", Diff([]DiffPart{{'=', "民办学校"}, {'-', "进行了排查，逐步完善工作台账"}, {'+', "3 所全部排查，2026 年 3 月 10 日前建成“一校一台账”"}, {'=', "。"}}), false},
		{"compare", "diff, the same", Diff([]DiffPart{{'=', "未改动"}}), false},
		{"compare", "conflict", ConflictView(Conflict{Who: "段晓梅", When: "14:36", Action: "#", Keep: "#", Hidden: []Hidden{{"seen", "8"}}, Rows: []ConflictRow{{"责任领导", "和志强", "李国栋"}, {"整改期限", "2026-03-18", "2026-03-18"}}}), false},
		{"compare", "cell problems", CellProblems("校验结果", []CellProblem{{"总台账", "F17", "2026-02-30", "日期不存在，请改为 2026-02-28 或之前的日期"}, {"总台账", "A18", "", "缺少编号，请填写"}}), false},
		{"compare", "import grid", ImportGrid("有误的行", []string{"编号", "问题", "期限"}, []GridRow{{17, []GridCell{{"08-JT-017", ""}, {longTitle, ""}, {"2026-02-30", "日期不存在"}}}}), false},
		{"compare", "parties side by side", CompareTable(sampleComparison()), false},
		{"compare", "letter", A4(sampleLetter()), false},
		{"compare", "form", A4(sampleForm()), false},
	}
}

func sampleLetter() Leaf {
	line := func(kind string, lines ...string) LeafPart { return LeafPart{Kind: kind, Lines: lines} }
	return Leaf{Title: "意见函", Parts: []LeafPart{
		line("issuer", "中共云溪县委巡察工作领导小组办公室"), line("number", "云巡办函〔2026〕12号"),
		line("title", "关于县教育体育局党组", "整改进展情况报告的四方联审反馈意见"), line("to", "县教育体育局党组："),
		line("body", "巡察办会同县纪委监委、县委组织部、第二巡察组对你单位报送的《整改进展情况报告》进行了联审，现将意见反馈如下。"),
		line("heading1", "一、关于“第一责任人”意识不强的问题（08-JT-012）"),
		{Kind: "body", Lead: "审核结论：", Lines: []string{"退回重报。"}},
		line("body", "1.整改完成情况不具体，无数据及实例支撑，请逐校列明。", "2.现场检查照片与 08-JT-019 重复使用，请说明。"),
		line("blank"), line("sign", "县委巡察办"), line("date", "2026年3月18日"),
	}}
}

func sampleForm() Leaf {
	cell := func(text string) LeafCell { return LeafCell{Lines: []string{text}} }
	label := func(text string) LeafCell { return LeafCell{Lines: []string{text}, Label: true} }
	return Leaf{Title: "联审意见表", Wide: true, Parts: []LeafPart{
		{Kind: "title", Lines: []string{"联审意见表"}},
		{Kind: "line", Lines: []string{"审核方：纪委监委"}},
		{Fine: true, Heads: 1, Rows: []LeafRow{
			{Cells: []LeafCell{label("序号"), label("存在的问题"), label("修改建议")}},
			{Cells: []LeafCell{cell("1"), cell("缺少核查记录。"), cell("附核查记录。")}},
			{Cells: []LeafCell{label("审核人"), {Lines: []string{"", "年　　月　　日"}, Span: 2}}, Tall: true},
		}},
		{Kind: "note", Lines: []string{"文书编号：8-JT-report-1　校验码：ABCDE-FGHIJ"}},
	}}
}

func messageStories() []Story {
	return []Story{
		{"messages", "notes", many(Note(Blue, "数据每日零时更新。"), Note(Amber, "还有 3 条未评。"), Note(Red, "报送已超期。"), Note(Green, "已提交。"), Note(Violet, "盲审期间只显示数量。")), false},
		{"messages", "empty", withChildren(Empty("inbox", "今天没有待办", "下一个期限：3月20日 周五，会审截止。"), link("btn btn-line", "table", "查看台账")), false},
		{"messages", "problem", Problem(404, "未找到", "没有这个页面，或者它不在你的查看范围内。", "r-7f3a"), false},
		{"messages", "toast", Toast(Green, "已保存"), false},
	}
}

func link(class, icon, label string) templ.Component { return linkTo(class, icon, label) }
