package sheet

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/sheet/biff"
)

// openXLS reads a workbook of Excel 97 to 2003.
func openXLS(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) ([]*grid, error) {
	book, err := biff.Open(ctx, r, size, biff.Limits{Cells: lim.Cells, Merges: lim.Merges, Text: lim.Text, Clean: cleanText})
	if err != nil {
		return nil, refuseXLS(err, name, lim)
	}
	if len(book.Sheets) == 0 {
		return nil, refuse(codeNoSheet)
	}
	shown := shownTimes * lim.Text
	var tabs []*grid
	for i := range book.Sheets {
		g, err := gridOf(book, &book.Sheets[i], lim, &shown)
		if err != nil {
			return nil, err
		}
		book.Sheets[i] = biff.Sheet{} // its cells are no longer needed
		tabs = append(tabs, g)
	}
	return tabs, nil
}

func refuseXLS(err error, name string, lim Limits) error {
	for _, known := range []struct {
		is   error
		code string
		args []any
	}{
		{biff.ErrOld, codeOldExcel, nil},
		{biff.ErrEncrypted, codeEncrypted, nil},
		{biff.ErrMacros, codeMacros, nil},
		{biff.ErrLinks, codeExternalLinks, nil},
		{biff.ErrNoBook, codeNotLedger, []any{name}},
		{biff.ErrTooMuch, codeTooManyCells, []any{name, lim.Cells}},
		{context.DeadlineExceeded, codeTooSlow, nil},
		{context.Canceled, codeTooSlow, nil},
	} {
		if errors.Is(err, known.is) {
			return refuseFor(err, known.code, known.args...)
		}
	}
	return refuseFor(err, codeDamagedZip, name)
}

func gridOf(book *biff.Book, s *biff.Sheet, lim Limits, shown *int) (*grid, error) {
	g := &grid{name: s.Name, hidden: s.Hidden, y1904: book.Date1904}
	widest := 0
	for _, row := range s.Missing {
		g.raw.missing = append(g.raw.missing, row+1)
	}
	g.raw.counted, g.raw.cells, g.raw.declared = s.Values, len(s.Cells)+s.Empty, s.LastRow+1
	for i := 0; i < len(s.Cells); {
		row := s.Cells[i].Row
		out := gridRow{line: int(row) + 1, hidden: s.HiddenRows[int(row)]}
		for ; i < len(s.Cells) && s.Cells[i].Row == row; i++ {
			if c := xlsCell(book, s.Cells[i]); c.text != "" {
				if *shown -= len(c.text); *shown < 0 {
					return nil, refuse(codeTooMuchText, lim.Text>>20)
				}
				out.cells = append(out.cells, c)
			}
		}
		if len(out.cells) == 0 {
			continue
		}
		out.cells = slices.Clip(out.cells)
		widest = max(widest, out.cells[len(out.cells)-1].col)
		if last := out.cells[len(out.cells)-1].col; last > lim.Columns || out.line*widest > lim.Area {
			return nil, refuse(codeFarCell, g.name, address(last, out.line))
		}
		g.rows = append(g.rows, out)
		g.raw.rows++
		g.raw.filled += len(out.cells)
	}
	g.raw.lastLine = max(s.SeenRow+1, g.lastLine())
	for _, m := range s.Merges {
		g.merge(m.Col1+1, m.Row1+1, min(m.Col2+1, widest), m.Row2+1)
	}
	g.sortMerges()
	for _, c := range s.HiddenCols {
		g.columns = append(g.columns, span{c.Col1 + 1, c.Col2 + 1})
	}
	return g, nil
}

// xlsCell turns a cell of the file into a value, as the reader of .xlsx does.
func xlsCell(book *biff.Book, c biff.Cell) cell {
	out := cell{col: int(c.Col) + 1}
	switch c.Kind {
	case biff.Text:
		out.text = c.Text
	case biff.Error:
		out.kind, out.text = errorCell, c.Text
	case biff.Bool:
		out.kind, out.text = boolCell, map[bool]string{true: "是", false: "否"}[c.Number != 0]
	case biff.Number:
		raw := strconv.FormatFloat(c.Number, 'g', -1, 64)
		var f biff.Format
		if int(c.XF) < len(book.Formats) {
			f = book.Formats[c.XF]
		}
		if isDateFormat(f.ID, f.Code) {
			out.kind, out.text = dateCell, raw
			return out
		}
		out.kind, out.text = numberCell, plainNumber(raw, isPercent(f.ID, f.Code))
	}
	return out
}

// isPercent says that a number format shows a percentage.
func isPercent(id int, code string) bool { return id == 9 || id == 10 || strings.Contains(code, "%") }
