package paper

import "fmt"

// Summary is the summary of all opinions of a round (审核意见汇总).
type Summary struct {
	Round, Issuer, Date string
	Opening             string
	ByParty             []TallyRow // a row for each organisation and party
	ByCriterion         []TallyRow
	Disputes            []string // each disagreement and how it was resolved
	Late                []string // who had not spoken by the deadline
	Extensions          []string // deadlines that were moved
}

// TallyRow counts opinions. Heads are what the row is about: organisation and
// party, or a criterion; Counts go with TallyHeads.
type TallyRow struct {
	Heads  []string
	Counts []Count
}

// Count is a figure and the page that lists what it counts.
type Count struct {
	N    int
	Link string
}

// TallyHeads are the columns that count, in their order.
func TallyHeads() []string {
	return []string{"提出", "送达", "采纳", "部分采纳", "不采纳", "已解决", "再次提出"}
}

// Document lays the summary out.
func (s Summary) Document() Document {
	d := Document{Title: "审核意见汇总", Author: s.Issuer}
	d.add(StyleTitle, "", s.Round+"\n联审意见汇总")
	d.blank()
	d.add(StyleHeading1, "", "一、总体情况")
	d.add(StyleBody, "", s.Opening)
	d.add(StyleHeading1, "", "二、各单位意见情况")
	d.Blocks = append(d.Blocks, tally(s.ByParty, []int{34, 24}, "党组织", "审核方"))
	d.add(StyleHeading1, "", "三、各评审项意见情况")
	d.Blocks = append(d.Blocks, tally(s.ByCriterion, []int{58}, "评审项"))
	n := 3
	for _, part := range []struct {
		heading string
		items   []string
	}{{"分歧及处理情况", s.Disputes}, {"逾期未反馈情况", s.Late}, {"延期情况", s.Extensions}} {
		n++
		d.add(StyleHeading1, "", Ordinal(n)+"、"+part.heading)
		for i, item := range orNone(part.items) {
			if len(part.items) > 0 {
				item = fmt.Sprintf("%d.%s", i+1, item)
			}
			d.add(StyleBody, "", item)
		}
	}
	d.blank()
	d.add(StyleSign, "", s.Issuer)
	d.add(StyleDate, "", s.Date)
	return d
}

// tally draws a table of counts with what the rows are about in front.
func tally(rows []TallyRow, widths []int, heads ...string) Table {
	t := Table{Heads: 1, Fine: true, Widths: widths[:len(widths):len(widths)], Rows: []Line{Labels(append(heads, TallyHeads()...)...)}}
	for range TallyHeads() {
		t.Widths = append(t.Widths, 14)
	}
	for _, r := range rows {
		line := Texts(r.Heads...)
		for _, c := range r.Counts {
			line.Cells = append(line.Cells, Cell{Text: fmt.Sprint(c.N), Link: c.Link})
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}
