package sheet

import (
	"fmt"
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
