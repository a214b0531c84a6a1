package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// openCSV reads a CSV file as one sheet. Cells are named as a spreadsheet names
// them: the line is the record, not the line of text.
func openCSV(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) ([]*grid, error) {
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, refuseFor(err, codeDamagedZip, name)
	}
	data, err := toUTF8(data)
	if err != nil {
		return nil, err
	}
	g := &grid{name: name}
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1 // a short record is a row with empty cells at its end
	in.ReuseRecord = true
	budget := lim.Cells
	for line := 1; ; line++ {
		record, err := in.Read()
		if err == io.EOF {
			return []*grid{g}, nil
		}
		if err != nil {
			return nil, refuseCSV(err)
		}
		if line%256 == 0 && ctx.Err() != nil {
			return nil, refuseFor(ctx.Err(), codeTooSlow)
		}
		if budget -= len(record); budget < 0 {
			return nil, refuse(codeTooManyCells, name, lim.Cells)
		}
		if last := g.addRecord(line, record); last > lim.Columns {
			return nil, refuse(codeFarCell, name, address(last, line))
		}
	}
}

// addRecord keeps the filled fields of a record and returns the last filled column.
func (g *grid) addRecord(line int, record []string) int {
	var cells []cell
	for i, s := range record {
		if s = cleanText(unquoteCSV(s)); s != "" {
			cells = append(cells, cell{col: i + 1, text: s})
		}
	}
	if len(cells) == 0 {
		return 0
	}
	g.rows = append(g.rows, gridRow{line: line, cells: cells})
	g.raw.rows++
	g.raw.filled += len(cells)
	g.raw.lastLine = line
	return cells[len(cells)-1].col
}

// toUTF8 takes UTF-8 with or without a byte order mark, and GB18030, which is
// what Chinese Excel writes when asked for CSV.
func toUTF8(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if bytes.IndexByte(data, 0) >= 0 {
		return nil, refuse(codeBadEncoding)
	}
	if utf8.Valid(data) {
		return data, nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return nil, refuse(codeBadEncoding)
	}
	return out, nil
}

func refuseCSV(err error) error {
	var at *csv.ParseError
	if errors.As(err, &at) {
		return refuseFor(err, codeBadCSV, at.StartLine, at.Column)
	}
	return refuseFor(err, codeBadCSV, 0, 0)
}

// Characters that make a spreadsheet take a CSV field for a formula when they
// come first.
const formulaStarts = "=+-@\t\r"

// quoteCSV puts an apostrophe before a field that a spreadsheet would run as a
// formula, and before one that begins with an apostrophe, so that unquoteCSV can
// take it away again without loss.
func quoteCSV(s string) string {
	if s != "" && strings.ContainsRune(formulaStarts+"'", rune(s[0])) {
		return "'" + s
	}
	return s
}

func unquoteCSV(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.ContainsRune(formulaStarts+"'", rune(s[1])) {
		return s[1:]
	}
	return s
}
