package paper

import "fmt"

// OpinionSheet is the sheet of one party's opinions on one submission (联审意见表).
type OpinionSheet struct {
	Round, Organisation, Paper string // Paper with its version: "整改进展情况报告（第1稿）"
	Party, Reviewers, Date     string
	Findings                   int    // that the party judged
	Stands                     string // how many of them it concluded how
	Rows                       []OpinionRow
}

// OpinionRow is one opinion, and what became of it.
type OpinionRow struct {
	Finding, Criterion, Place string
	Problem, Change, Kind     string
	Response, Changed         string // the organisation's answer and where it changed the text
	Recheck                   string
}

var opinionWidths = []int{9, 22, 24, 32, 40, 34, 13, 17, 20, 14}

// Document lays the sheet out.
func (s OpinionSheet) Document() Document {
	d := Document{Title: "联审意见表", Author: s.Party, Landscape: true}
	d.add(StyleTitle, "", "联审意见表")
	d.add(StyleLine, "", fmt.Sprintf("轮次：%s　　被审单位：%s　　文件：%s", s.Round, s.Organisation, s.Paper))
	d.add(StyleLine, "", fmt.Sprintf("审核方：%s　　审核人：%s　　日期：%s", s.Party, s.Reviewers, s.Date))
	t := Table{Widths: opinionWidths, Heads: 1, Fine: true, Rows: []Line{
		Labels("序号", "问题编号", "维度", "原文摘录或章节", "存在的问题", "修改建议", "性质", "采纳情况", "修改位置", "复核"),
	}}
	for i, r := range s.Rows {
		t.Rows = append(t.Rows, Texts(fmt.Sprint(i+1), r.Finding, r.Criterion, r.Place, r.Problem, r.Change, r.Kind, r.Response, r.Changed, r.Recheck))
	}
	if len(s.Rows) == 0 {
		t.Rows = append(t.Rows, Line{Cells: []Cell{{Text: "无意见", Span: len(opinionWidths)}}})
	}
	d.Blocks = append(d.Blocks, t)
	d.add(StyleLine, "", fmt.Sprintf("共审核问题%d个，提出意见%d条。%s", s.Findings, len(s.Rows), s.Stands))
	d.add(StyleLine, "", "审核人（签字）：　　　　　　　　　审核方（盖章）：　　　　　　　　　　　年　　月　　日")
	return d
}
