package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// rowsOf is how many rows the record fills.
func rowsOf(cells []any) int {
	rows := 1
	for _, c := range cells {
		if parts, ok := c.(Each); ok {
			rows = max(rows, len(parts))
		}
	}
	return rows
}

// partOf is what stands in column i on the n-th row of a record.
func partOf(cells []any, i, n int) any {
	if i >= len(cells) {
		return nil
	}
	parts, each := cells[i].(Each)
	switch {
	case each && n < len(parts):
		return parts[n]
	case each || n > 0:
		return nil
	}
	return cells[i]
}

func (p *xlsxPage) cell(col int, line string, value any, style int) error {
	switch v := value.(type) {
	case nil:
		p.open(col, line, style)
		p.put(`/>`)
	case int:
		p.number(col, line, strconv.Itoa(v), numberStyle(style))
	case int64:
		p.number(col, line, strconv.FormatInt(v, 10), numberStyle(style))
	case float64:
		p.number(col, line, strconv.FormatFloat(v, 'f', -1, 64), numberStyle(style))
	case Percent:
		p.number(col, line, strconv.FormatFloat(float64(v)/100, 'f', -1, 64), stylePercent)
	case bool:
		p.text(col, line, yesOrNo(v), style)
	case Date:
		if n, ok := serial(string(v)); ok {
			p.number(col, line, strconv.Itoa(n), styleDate)
			return nil
		}
		p.text(col, line, string(v), style)
	case string:
		p.text(col, line, v, style)
	default:
		return fmt.Errorf("a cell cannot hold %T", value)
	}
	return nil
}

// numberStyle centres numbers among the rows.
func numberStyle(style int) int {
	if style == styleText {
		return styleNumber
	}
	return style
}

func yesOrNo(v bool) string {
	if v {
		return "是"
	}
	return "否"
}

var dayZero = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// serial counts the days as a spreadsheet does, from 1901 on: before that two
// programs count differently.
func serial(date string) (int, bool) {
	day, err := time.Parse(time.DateOnly, date)
	if err != nil || day.Year() < 1901 {
		return 0, false
	}
	return int(day.Sub(dayZero).Hours() / 24), true
}

func (p *xlsxPage) open(col int, line string, style int) {
	p.buf = append(p.buf, `<c r="`...)
	p.buf = append(p.buf, p.refs[col]...)
	p.buf = append(p.buf, line...)
	p.buf = append(p.buf, `" s="`...)
	p.buf = append(p.buf, byte('0'+style), '"')
}

func (p *xlsxPage) number(col int, line, v string, style int) {
	p.open(col, line, style)
	p.put(`><v>`, v, `</v></c>`)
}

func (p *xlsxPage) text(col int, line, s string, style int) {
	if s = printable(s); s == "" {
		p.open(col, line, style)
		p.put(`/>`)
		return
	}
	if len(s) > cellText && utf16Len(s) > cellText {
		s = p.overflow.cut(s, p.opt.Sheet, p.refs[col]+line)
	}
	p.open(col, line, style)
	p.buf = append(p.buf, ` t="inlineStr"><is><t xml:space="preserve">`...)
	p.buf = appendXML(p.buf, escapeX(s))
	p.buf = append(p.buf, `</t></is></c>`...)
}

// utf16Len is the length of a text as spreadsheets count it.
func utf16Len(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// appendXML writes a printable text as character data.
func appendXML(b []byte, s string) []byte {
	for {
		i := strings.IndexAny(s, `&<>"`)
		if i < 0 {
			return append(b, s...)
		}
		b = append(b, s[:i]...)
		switch s[i] {
		case '&':
			b = append(b, "&amp;"...)
		case '<':
			b = append(b, "&lt;"...)
		case '>':
			b = append(b, "&gt;"...)
		default:
			b = append(b, "&quot;"...)
		}
		s = s[i+1:]
	}
}

// printable makes a text that every format can carry: line ends of one kind, what
// breaks a line a line end, so that words do not run together, other control
// characters gone, bytes that are no text the sign for it.
func printable(s string) string {
	if isPrintable(s) {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n").Replace(s)
	return stripControls(s)
}

// isPrintable is the quick answer for nearly every text.
func isPrintable(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c < 0x20 && c != '\n' && c != '\t', c == 0x7f,
			c == 0xc2 && i+1 < len(s) && s[i+1] < 0xa0, // U+0080 to U+009F
			c == 0xef && i+2 < len(s) && (s[i+1] == 0xbb || s[i+1] == 0xbf):
			return false // the last: perhaps U+FEFF, U+FFFE, U+FFFF
		}
	}
	return utf8.ValidString(s)
}

// heights estimates how high the rows of a record must be, in points, to show its
// texts wrapped: not every program works it out when it opens a file. What the
// merged cells need beyond the rows beside them is shared out among the rows.
func (p *xlsxPage) heights(cells []any, rows int) []float64 {
	own := make([]float64, rows)
	whole, sum := rowHeight, 0.0
	for n := range own {
		own[n] = rowHeight
	}
	for i, c := range cells {
		parts, each := c.(Each)
		if !each {
			whole = max(whole, p.cellHeight(i, c))
			continue
		}
		for n, part := range parts {
			own[n] = max(own[n], p.cellHeight(i, part))
		}
	}
	for _, h := range own {
		sum += h
	}
	for n := range own {
		own[n] = min(mostHeight, own[n]+max(0, whole-sum)/float64(rows))
	}
	return own
}

const (
	lineHeight = 13.5
	rowHeight  = lineHeight + 3
	mostHeight = 409.0
)

func (p *xlsxPage) cellHeight(col int, value any) float64 {
	s, ok := value.(string)
	if !ok {
		return rowHeight
	}
	return float64(wrappedLines(s, p.columns[col].width()))*lineHeight + 3
}

// wrappedLines counts the lines a text fills in a column; a Chinese character is
// as wide as two figures.
func wrappedLines(s string, width float64) int {
	lines, used := 1, 0.0
	for _, r := range s {
		w := 1.0
		if r > 0x2000 {
			w = 2
		}
		switch {
		case r == '\n':
			lines, used = lines+1, 0
		case used+w > width:
			lines, used = lines+1, w
		default:
			used += w
		}
	}
	return lines
}
