package paper

// Guide is the list of the kind's fields for those who write a template. The examples
// are plain text in a table, and so no fields themselves.
func (k Kind) Guide() Document {
	d := Document{Title: k.Title + "模板字段说明"}
	d.add(StyleTitle, "", k.Title+"\n模板字段说明")
	d.blank()
	for _, text := range []string{
		"在 Word 或者 WPS 里写好文书的样子，在需要填写的地方写上字段，例如｛｛标题｝｝，用英文或者中文花括号都可以。字段所在文字是什么字体，填出来就是什么字体。",
		"有很多行的内容写成｛｛#表名｝｝……｛｛/表名｝｝：两个标记各占一段，中间的段落按行重复；放在表格同一行的首尾两格，就按行重复这一行。",
		"有内容才写的部分写成｛｛?字段｝｝……｛｛/字段｝｝，没有内容才写的部分写成｛｛^字段｝｝……｛｛/字段｝｝。一段里只有字段而字段都没有内容的，这一段不出现。",
		"字段也可以用自己的名称，上传后再逐个对应。",
	} {
		d.add(StyleBody, "", text)
	}
	d.add(StyleHeading1, "", "一、字段")
	t := Table{Widths: []int{44, 40, 36, 36}, Heads: 1, Fine: true, Rows: []Line{Labels("字段", "英文名称", "说明", "样例")}}
	guideRows(&t, k.Fields, "")
	d.Blocks = append(d.Blocks, t)
	d.add(StyleHeading1, "", "二、每种文书都有的字段")
	t = Table{Widths: t.Widths, Heads: 1, Fine: true, Rows: []Line{Labels("字段", "英文名称", "说明", "样例")}}
	guideRows(&t, Common(), "")
	d.Blocks = append(d.Blocks, t)
	d.add(StyleHeading1, "", "三、重复部分里可以用的序号")
	t = Table{Widths: t.Widths, Heads: 1, Fine: true, Rows: []Line{Labels("字段", "英文名称", "说明", "样例")}}
	guideRows(&t, Counters(), "")
	d.Blocks = append(d.Blocks, t)
	return d
}

// guideRows lists fields, those of a repeating part between its two signs.
func guideRows(t *Table, fields []Field, indent string) {
	for _, f := range fields {
		if !f.IsList() {
			t.Rows = append(t.Rows, Texts(indent+"｛｛"+f.Name+"｝｝", f.Code, f.Note, f.Sample))
			continue
		}
		t.Rows = append(t.Rows, Texts(indent+"｛｛#"+f.Name+"｝｝", f.Code, f.Note, "重复部分从这里开始"))
		guideRows(t, f.Fields, indent+"　")
		t.Rows = append(t.Rows, Texts(indent+"｛｛/"+f.Name+"｝｝", "", "", "重复部分到这里结束"))
	}
}
