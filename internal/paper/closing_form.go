package paper

import "strings"

// ClosingForm is the approval form for closing one finding (销号审批单).
type ClosingForm struct {
	Round, Organisation, Number string
	Text                        string // of the finding, verbatim
	Category, Deadline          string
	Extensions                  []string // oldest first
	Measures, Done              []string
	Evidence                    []string
	Claim                       string // the organisation's own conclusion
	Pledge                      string // who pledged, and when
	Parties                     []PartyLine
	Conclusion, Reason, Date    string
}

// PartyLine is what one party holds of the finding on the version that counts.
type PartyLine struct {
	Name  string
	Lines []string // conclusion, words, person and day
}

// approvalLine is where somebody signs.
const approvalLine = "签字（盖章）：　　　　　　　　　　年　　月　　日"

var closingWidths = []int{28, 50, 28, 50}

// Document lays the form out on a page of its own.
func (f ClosingForm) Document() Document {
	d := Document{Title: "销号审批单", Author: f.Organisation}
	d.add(StyleTitle, "", "巡察整改问题销号审批单")
	d.add(StyleLine, "", "轮次："+f.Round)
	t := Table{Widths: closingWidths}
	t.pair("党组织", f.Organisation, "问题编号", f.Number)
	t.wide("反馈问题", 0, f.Text)
	t.pair("反馈类别", f.Category, "整改期限", f.Deadline)
	t.wide("延期情况", 0, orNone(f.Extensions)...)
	t.wide("整改措施", 0, orNone(f.Measures)...)
	t.wide("整改完成情况", 0, orNone(f.Done)...)
	t.wide("佐证材料目录", 0, orNone(f.Evidence)...)
	t.wide("单位自查结论", 20, lines(f.Claim, f.Pledge, "主要负责人"+approvalLine))
	for _, p := range f.Parties {
		t.wide(p.Name+"意见", 20, lines(p.Lines...), approvalLine)
	}
	t.wide("巡察工作领导小组审定", 24, "", approvalLine)
	t.pair("结论", f.Conclusion, "日期", f.Date)
	t.wide("理由", 0, orNone([]string{f.Reason})...)
	d.Blocks = append(d.Blocks, t)
	return d
}

// pair adds a row of two labels, each with its content.
func (t *Table) pair(label, text, second, other string) {
	t.Rows = append(t.Rows, Line{Cells: []Cell{{Text: label, Label: true}, {Text: text}, {Text: second, Label: true}, {Text: other}}})
}

// wide adds a row of one label with its content over the other columns.
func (t *Table) wide(label string, height int, texts ...string) {
	t.Rows = append(t.Rows, Line{Height: height, Cells: []Cell{{Text: label, Label: true}, {Text: strings.Join(texts, "\n"), Span: len(t.Widths) - 1}}})
}

// orNone drops empty texts and says so where nothing is left.
func orNone(texts []string) []string {
	if kept := lines(texts...); kept != "" {
		return strings.Split(kept, "\n")
	}
	return []string{"无"}
}

// Bound puts several documents into one, each beginning a page.
func Bound(title, author string, parts []Document) Document {
	d := Document{Title: title, Author: author}
	for i, part := range parts {
		d.Landscape = part.Landscape
		for n, block := range part.Blocks {
			if p, is := block.(Paragraph); is && n == 0 && i > 0 {
				p.NewPage = true
				block = p
			}
			d.Blocks = append(d.Blocks, block)
		}
	}
	return d
}
