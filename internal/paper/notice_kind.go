package paper

// Notices urge or warn an organisation. They are letters, except the order to
// supervise, which is a form that comes back filled in.

func noticeFields(more ...Field) []Field {
	return fields([]Field{
		{Code: "issuer", Name: "发文机关", Sample: "中共云溪县委巡察工作领导小组办公室"},
		{Code: "number", Name: "文号", Sample: "云巡办函〔2026〕18号"},
		{Code: "to", Name: "主送机关", Sample: "中共云溪县教育体育局党组"},
		{Code: "opening", Name: "开头", Sample: "你单位承担的下列巡察反馈问题，整改期限将于2026年3月31日届满。"},
		{Code: "findings", Name: "问题", Fields: []Field{
			{Code: "number", Name: "问题编号", Sample: "08-JT-001"},
			{Code: "text", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
			{Code: "state", Name: "目前情况", Sample: "整改中，期限为2026年3月31日"},
		}},
		{Code: "requirement", Name: "要求", Sample: "请对照问题逐项核对措施落实情况，抓紧完成整改并补齐佐证材料。"},
		{Code: "deadline", Name: "办理时限", Sample: "2026年3月31日"},
	}, more, signFields(), []Field{{Code: "copies", Name: "抄送", Sample: "县纪委监委，县委组织部"}})
}

// noticeLetter is the layout of a notice in the form of a letter.
func noticeLetter(title, closing string, receipt bool) Document {
	d := Document{Title: title}
	d.letterHead("巡察整改" + title)
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleBody, "", "{{#问题}}")
	d.add(StyleBody, "", "{{序号}}.{{反馈问题}}{{?问题编号}}（编号：{{问题编号}}{{?目前情况}}；{{目前情况}}{{/目前情况}}）{{/问题编号}}。")
	d.add(StyleBody, "", "{{/问题}}")
	d.add(StyleBody, "", "{{要求}}")
	d.last(closing)
	d.signed()
	d.add(StyleBody, "", "{{?抄送}}抄送：{{抄送}}。{{/抄送}}")
	if receipt {
		d.receipt(title)
	}
	return d
}

// receipt is what the addressee cuts off, signs and sends back.
func (d *Document) receipt(title string) {
	d.add(StyleReceipt, "", "　")
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleReceipt})
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleLine, Text: "签收回执", Keep: true})
	t := Table{Widths: []int{34, 44, 34, 44}}
	t.pair("文书名称", title, "文号", "{{文号}}")
	t.pair("签收单位", "{{主送机关}}", "签收日期", "年　　月　　日")
	t.wide("主要负责人签字", 16, "")
	d.Blocks = append(d.Blocks, t)
}

// immediateKind asks for what can be put right at once.
func immediateKind() Kind {
	return Kind{
		Code: "immediate_notice", Title: "立行立改通知书", TitleEn: "Notice of immediate rectification", Fields: noticeFields(),
		Layout: noticeLetter("立行立改通知书", "请你单位党组织主要负责人签收本通知书，承担第一责任人责任，于{{办理时限}}前整改到位，并将整改情况和佐证材料书面报送我办。", true),
	}
}

// reminderKind reminds shortly before the deadline.
func reminderKind() Kind {
	return Kind{
		Code: "reminder", Title: "提醒书", TitleEn: "Reminder", Fields: noticeFields(),
		Layout: noticeLetter("提醒书", "请于{{办理时限}}前完成整改并报送整改情况；确有困难不能按期完成的，应当在期限届满前书面申请延期并说明理由。", false),
	}
}

// warningKind warns after the deadline and sets a last one.
func warningKind() Kind {
	return Kind{
		Code: "warning", Title: "告诫书", TitleEn: "Warning", Fields: noticeFields(),
		Layout: noticeLetter("告诫书", "最后期限为{{办理时限}}。逾期仍未整改到位的，将按照有关规定报请县委巡察工作领导小组研究处理。", true),
	}
}

// orderKind is the order to supervise: what is wanted, and what came of it.
func orderKind() Kind {
	d := Document{Title: "督办单"}
	d.redForm("巡察整改督办单")
	t := Table{Widths: []int{30, 48, 30, 48}}
	t.pair("督办单位", "{{署名}}", "承办单位", "{{主送机关}}")
	t.pair("签发人", "{{签发人}}", "签发日期", "{{成文日期}}")
	t.wide("督办事由", 0, "{{开头}}")
	t.wide("督办问题", 0, "{{#问题}}", "{{序号}}.{{反馈问题}}{{?问题编号}}（编号：{{问题编号}}{{?目前情况}}；{{目前情况}}{{/目前情况}}）{{/问题编号}}。", "{{/问题}}")
	t.wide("督办要求", 0, "{{要求}}")
	t.pair("办理时限", "{{办理时限}}", "联系人", "{{联系人}}")
	t.wide("承办单位签收", 18, "主要负责人"+approvalLine)
	t.wide("办理情况", 34, "", "主要负责人"+approvalLine)
	t.wide("督办单位核验意见", 26, "", approvalLine)
	d.Blocks = append(d.Blocks, t)
	d.add(StyleLine, "", "{{?抄送}}抄送：{{抄送}}。{{/抄送}}")
	return Kind{
		Code: "order", Title: "督办单", TitleEn: "Order to supervise", Layout: d,
		Fields: noticeFields(Field{Code: "signer", Name: "签发人", Sample: "江某某"}),
	}
}

// redForm lays out the head of a form: the issuer in red where there is one, the title
// and the number.
func (d *Document) redForm(title string) {
	d.add(StyleTitle, "", title)
	d.add(StyleLine, "", "{{?文号}}文号：{{文号}}{{/文号}}")
}
