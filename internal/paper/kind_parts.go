package paper

// Parts that several kinds of document share. The words are those of GB/T 9704-2012.

// redFields are those of the head of a document: without a name at the head there is
// none.
func redFields() []Field {
	return []Field{
		{Code: "issuer", Name: "发文机关", Note: "红头；空着就没有红头", NoteEn: "the red head; none where it is blank", Sample: "中共云溪县委巡察工作领导小组办公室文件"},
		{Code: "number", Name: "文号", Sample: "云巡办发〔2026〕12号"},
		{Code: "title", Name: "标题", Sample: "关于巡察整改情况的通报"},
	}
}

// signFields are those of the end of a document.
func signFields() []Field {
	return []Field{
		{Code: "signature", Name: "署名", Sample: "中共云溪县委巡察工作领导小组办公室"},
		{Code: "date", Name: "成文日期", Sample: "2026年3月10日"},
		{Code: "contact", Name: "联系人", Note: "附注：联系人和电话", NoteEn: "name and telephone", Sample: "方某，联系电话：0887-0000000"},
	}
}

// footFields are those of the 版记.
func footFields() []Field {
	return []Field{
		{Code: "copies", Name: "抄送", Sample: "县委巡察工作领导小组成员"},
		{Code: "issued_by", Name: "印发机关", Sample: "中共云溪县委巡察工作领导小组办公室"},
		{Code: "issued_on", Name: "印发日期", Sample: "2026年3月10日"},
	}
}

func fields(lists ...[]Field) (all []Field) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// redHead lays out the head of a document of its own number, where it has one.
// upwards leaves room for who signs a report to superiors.
func (d *Document) redHead(upwards bool) {
	d.add(StyleBody, "", "{{?发文机关}}")
	d.add(StyleRedHead, "", "{{发文机关}}")
	d.blank()
	d.blank()
	if upwards {
		d.add(StyleRedSides, "", "{{文号}}\t签发人：{{签发人}}")
	} else {
		d.add(StyleRedLine, "", "{{文号}}{{^文号}}　{{/文号}}") // the line stands without a number too
	}
	d.blank()
	d.blank()
	d.add(StyleBody, "", "{{/发文机关}}")
	d.add(StyleTitle, "", "{{标题}}")
	d.blank()
}

// letterHead lays out the head of a letter.
func (d *Document) letterHead(title string) {
	d.Format = LetterTop
	d.add(StyleIssuer, "", "{{发文机关}}")
	d.add(StyleNumber, "", "{{文号}}")
	d.blank()
	d.add(StyleTitle, "", title)
	d.blank()
	d.add(StyleTo, "", "{{主送机关}}：")
}

// signed lays out who signs, when, and whom to ask.
func (d *Document) signed() {
	d.blank()
	d.blank()
	d.add(StyleSign, "", "{{署名}}")
	d.add(StyleDate, "", "{{成文日期}}")
	d.add(StyleBody, "", "{{?联系人}}（联系人：{{联系人}}）{{/联系人}}")
}

// last adds a paragraph that stays on the page of the signature.
func (d *Document) last(text string) {
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleBody, Text: text, Keep: true})
}

// foot lays out the 版记, for a document with a red head.
func (d *Document) foot() {
	d.add(StyleBody, "", "{{?发文机关}}")
	d.Blocks = append(d.Blocks, Table{Foot: true, Widths: []int{100, 56}, Rows: []Line{
		{Cells: []Cell{{Text: "{{?抄送}}抄送：{{抄送}}。{{/抄送}}", Span: 2, As: StyleCopies}}},
		{Cells: []Cell{{Text: "{{印发机关}}", As: StyleIssuedBy}, {Text: "{{印发日期}}印发", As: StyleIssuedOn}}},
	}})
	d.add(StyleBody, "", "{{/发文机关}}")
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleEnd})
}

// annex begins a page with an annex; its number is missing where it is the only one.
func (d *Document) annex(mark, title string, newPage bool) {
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleAnnexed, Text: mark, NewPage: newPage})
	d.add(StyleTitle, "", title)
}

// roll adds a table in small print with a row for each of a repeating part. Its
// columns are widths, heads and what a row says; names in short are centred.
func (d *Document) roll(list string, columns ...column) {
	t := Table{Heads: 1, Fine: true}
	var row Line
	heads := make([]string, len(columns))
	for i, c := range columns {
		t.Widths, heads[i] = append(t.Widths, c.width), c.head
		cell := Cell{Text: c.text}
		if c.short {
			cell.As = StyleMiddle
		}
		row.Cells = append(row.Cells, cell)
	}
	row.Cells[0].Text = "{{#" + list + "}}" + row.Cells[0].Text
	row.Cells[len(columns)-1].Text += "{{/" + list + "}}"
	t.Rows = []Line{Labels(heads...), row}
	d.Blocks = append(d.Blocks, t)
}

type column struct {
	width      int
	head, text string
	short      bool
}
