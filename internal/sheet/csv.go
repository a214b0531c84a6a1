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
	"golang.org/x/text/encoding/unicode"
)

// openCSV reads a CSV file as one sheet. Cells are named as a spreadsheet names
// them: the line is the record, not the line of text.
func openCSV(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) ([]*grid, error) {
	if size > int64(lim.Text) {
		return nil, refuse(codeTooLarge, (size+(1<<20)-1)>>20, lim.Text>>20)
	}
	data := make([]byte, size)
	if _, err := r.ReadAt(data, 0); err != nil && err != io.EOF {
		return nil, refuseFor(err, codeDamagedZip, name)
	}
	data, err := toUTF8(data)
	if err != nil {
		return nil, err
	}
	g := &grid{name: name}
	in := records(data, separator(data))
	budget := lim.Cells
	for line := 1; ; line++ {
		record, err := in.Read()
		if err == io.EOF {
			g.raw.cut = line > 2 && !bytes.HasSuffix(data, []byte("\n")) && !bytes.HasSuffix(data, []byte("\r"))
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

func records(data []byte, comma rune) *csv.Reader {
	in := csv.NewReader(bytes.NewReader(data))
	in.Comma = comma
	in.FieldsPerRecord = -1 // a short record is a row with empty cells at its end
	in.ReuseRecord = true
	return in
}

// separator finds what stands between the fields: that under which the first lines
// name most columns of a ledger, or else fall into most fields.
func separator(data []byte) rune {
	const sample = 64 << 10
	if len(data) > sample {
		data = data[:sample] // a record may be cut; what comes before it is enough
	}
	best, most := ',', -1
	for _, comma := range []rune{',', ';', '\t'} {
		g, fields := &grid{}, 0
		in := records(data, comma)
		for line := 1; line <= headerSearch; line++ {
			record, err := in.Read()
			if err != nil {
				break
			}
			fields += len(record)
			g.addRecord(line, record)
		}
		if n := findHeader(g, nil).score<<16 + fields; n > most {
			best, most = comma, n
		}
	}
	return best
}

// addRecord keeps the filled fields of a record and returns the last filled column.
func (g *grid) addRecord(line int, record []string) int {
	var cells []cell
	for i, s := range record {
		if s = cleanText(unquoteCSV(s)); s != "" {
			cells = append(cells, cell{col: i + 1, text: s})
		}
	}
	g.raw.rows++
	g.raw.lastLine = line
	if len(cells) == 0 {
		return 0
	}
	g.rows = append(g.rows, gridRow{line: line, cells: cells})
	g.raw.filled += len(cells)
	return cells[len(cells)-1].col
}

// toUTF8 takes UTF-8 with or without a byte order mark, UTF-16 of either order,
// which Excel writes as "Unicode text", and GB18030, which is what Chinese Excel
// writes when asked for CSV.
func toUTF8(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if order, ok := utf16Order(data); ok {
		out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil || len(data)%2 != 0 || bytes.ContainsRune(out, utf8.RuneError) || bytes.IndexByte(out, 0) >= 0 {
			return nil, refuse(codeBadEncoding)
		}
		return out, nil
	}
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

// utf16Order tells UTF-16 by its mark or, without one, by the line ends and commas,
// whose upper byte is zero.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.BigEndian, true
	}
	head := data[:min(len(data), 4096)]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[1] > 0 && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > 0 && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
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
