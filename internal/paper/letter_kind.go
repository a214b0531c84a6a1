package paper

// letterKind is the letter of opinions of a joint review.
func letterKind() Kind {
	return Kind{
		Code: "letter", Title: "审核意见函", TitleEn: "Letter of opinions",
		Fields: []Field{
			{Code: "issuer", Name: "发文机关", Sample: "中共云溪县委巡察工作领导小组办公室"},
			{Code: "number", Name: "文号", Sample: "云巡审〔2026〕3号"},
			{Code: "title", Name: "标题", Sample: "关于县教育体育局党组整改进展情况报告审核意见的函"},
			{Code: "to", Name: "主送机关", Sample: "中共云溪县教育体育局党组"},
			{Code: "opening", Name: "开头", Note: "说明由哪些单位审核了什么", NoteEn: "who reviewed what", Sample: "县纪委监委机关、县委组织部、县委巡察办、县审计局对你单位报送的整改进展情况报告进行了联合审核。现将审核意见函告如下："},
			{Code: "groups", Name: "意见", Note: "每个问题、评审项或者审核方一项", NoteEn: "one for each finding, criterion or party", Fields: []Field{
				{Code: "heading", Name: "小标题", Sample: "关于08-JT-001号问题"},
				{Code: "finding", Name: "反馈问题", Sample: "落实“双减”政策不够有力，校外培训机构监管存在盲区。"},
				{Code: "conclusion", Name: "审核结论", Sample: "需要修改"},
				{Code: "opinions", Name: "具体意见", Fields: []Field{
					{Code: "opinion", Name: "意见内容", Sample: "请补充退还46名学生预收费用11.38万元的凭证。"},
				}},
				{Code: "minority", Name: "少数意见", Sample: "县审计局认为退费凭证已经齐全，可以认可。"},
				{Code: "reason", Name: "分歧处理", Sample: "凭证缺两张，从严掌握。"},
			}},
			{Code: "closing", Name: "结尾", Note: "何时前修改、答复", NoteEn: "by when to revise and to answer", Sample: "请于2026年3月20日前修改并重新报送。"},
			{Code: "signature", Name: "署名", Sample: "中共云溪县委巡察工作领导小组办公室"},
			{Code: "date", Name: "成文日期", Sample: "2026年3月10日"},
		},
		Layout: letterLayout(),
	}
}

// letterLayout is the program's own template of the letter.
func letterLayout() Document {
	d := Document{Title: "审核意见函", Format: LetterTop}
	d.add(StyleIssuer, "", "{{发文机关}}")
	d.add(StyleNumber, "", "{{文号}}")
	d.blank()
	d.add(StyleTitle, "", "{{标题}}")
	d.blank()
	d.add(StyleTo, "", "{{?主送机关}}{{主送机关}}：{{/主送机关}}")
	d.add(StyleBody, "", "{{开头}}")
	d.add(StyleBody, "", "{{#意见}}")
	d.add(StyleHeading1, "", "{{序数}}、{{小标题}}")
	d.add(StyleBody, "{{?反馈问题}}反馈问题：", "{{反馈问题}}{{/反馈问题}}")
	d.add(StyleBody, "{{?审核结论}}审核结论：", "{{审核结论}}。{{/审核结论}}")
	d.add(StyleBody, "", "{{#具体意见}}")
	d.add(StyleBody, "", "{{序号}}.{{意见内容}}")
	d.add(StyleBody, "", "{{/具体意见}}")
	d.add(StyleBody, "{{?少数意见}}少数意见：", "{{少数意见}}{{/少数意见}}")
	d.add(StyleBody, "{{?分歧处理}}分歧处理：", "{{分歧处理}}{{/分歧处理}}")
	d.add(StyleBody, "", "{{/意见}}")
	d.add(StyleBody, "", "{{结尾}}")
	d.blank()
	d.add(StyleSign, "", "{{署名}}")
	d.add(StyleDate, "", "{{成文日期}}")
	d.add(StyleNote, "", "{{校验行}}")
	return d
}

// Data is the letter as its template takes it.
func (l Letter) Data() Data {
	d := Data{
		"issuer": l.Issuer, "number": l.Number, "title": l.Title, "to": trimmed(l.To, "：:"), "opening": l.Opening,
		"closing": l.Closing, "signature": l.Sign, "date": l.Date,
	}
	groups := []Data{}
	for _, g := range l.Groups {
		groups = append(groups, Data{
			"heading": g.Heading, "finding": g.Text, "conclusion": trimmed(g.Conclusion, "。"), "opinions": Rows("opinion", g.Items...),
			"minority": g.Minority, "reason": g.Reason,
		})
	}
	d["groups"] = groups
	return d
}
