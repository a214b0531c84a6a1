package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf16"
)

// OverflowSheet is the sheet on which long texts go on: a cell holds 32,767
// characters and no more.
const OverflowSheet = "续文"

// overflow collects what did not fit into its cell.
type overflow struct{ rest []overflowText }

type overflowText struct{ sheet, at, text string }

// overflowMark stands at the end of a text that goes on elsewhere.
func overflowMark(line int) string {
	return fmt.Sprintf("……〔下接工作表“%s”第%d行〕", OverflowSheet, line)
}

// cut returns the part of the text that the cell takes, ended by where the rest
// stands.
func (o *overflow) cut(s, sheet, at string) string {
	mark := overflowMark(o.lines() + 2) // its first line is the header
	head, rest := cutAt(s, cellText-utf16Len(mark))
	for rest != "" {
		var piece string
		piece, rest = cutAt(rest, cellText)
		o.rest = append(o.rest, overflowText{sheet, at, piece})
	}
	return head + mark
}

func (o *overflow) lines() int { return len(o.rest) }

// cutAt takes the first n units of UTF-16, and no half character.
func cutAt(s string, n int) (head, rest string) {
	used := 0
	for i, r := range s {
		if used += utf16.RuneLen(r); used > n {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// writeOverflow writes the sheet of what did not fit, if there is anything.
func (x *XLSX) writeOverflow() error {
	rest := x.overflow.rest
	if len(rest) == 0 {
		return nil
	}
	x.overflow.rest = nil
	x.columns = overflowColumns
	x.opt = XLSXOptions{Sheet: OverflowSheet, Footer: x.opt.Footer, Paper: PaperA4}
	part, err := x.pack.Part(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.pages)+1))
	if err != nil {
		return err
	}
	x.page = newPage(part, overflowColumns, x.opt, x.choices, &x.overflow, false)
	if err := x.page.begin(); err != nil {
		return firstError(x.endPage(), err)
	}
	for _, r := range rest {
		if err := x.page.record([]any{r.sheet, r.at, r.text}); err != nil {
			return firstError(x.endPage(), err)
		}
	}
	return x.endPage()
}

// overflowColumns are those of the sheet of long texts; what reads them back knows
// them by these titles.
var overflowColumns = []Column{{Title: "所在工作表", Width: 16}, {Title: "所在单元格", Width: 12}, {Title: "续文", Width: 100}}

var overflowEnd = regexp.MustCompile(`……〔下接工作表“` + OverflowSheet + `”第\d+行〕$`)

// rejoined puts the texts of the sheet of long texts back into their cells and
// leaves that sheet out. A cell that no longer says that it goes on was changed by
// somebody, and keeps what it has.
func rejoined(tabs []*grid) []*grid {
	at := slices.IndexFunc(tabs, isOverflow)
	if at < 0 {
		return tabs
	}
	open := map[*cell]bool{}
	for _, row := range tabs[at].rows[1:] {
		sheet, _ := row.at(1)
		ref, _ := row.at(2)
		text, _ := row.at(3)
		c := cellAt(tabs, sheet.text, ref.text)
		if c == nil {
			continue
		}
		if head := overflowEnd.ReplaceAllString(c.text, ""); head != c.text {
			c.text, open[c] = head, true
		}
		if open[c] {
			c.text += text.text
		}
	}
	return slices.Delete(slices.Clone(tabs), at, at+1)
}

func isOverflow(g *grid) bool {
	if g.name != OverflowSheet || len(g.rows) == 0 {
		return false
	}
	for i, c := range overflowColumns {
		if head, _ := g.rows[0].at(i + 1); head.text != c.Title {
			return false
		}
	}
	return true
}

// cellAt returns the cell to write to; nil where there is none.
func cellAt(tabs []*grid, sheet, ref string) *cell {
	col, line, ok := position(ref)
	for _, g := range tabs {
		if !ok || g.name != sheet {
			continue
		}
		i, found := slices.BinarySearchFunc(g.rows, line, func(r gridRow, line int) int { return r.line - line })
		if !found {
			return nil
		}
		for j := range g.rows[i].cells {
			if g.rows[i].cells[j].col == col {
				return &g.rows[i].cells[j]
			}
		}
	}
	return nil
}
