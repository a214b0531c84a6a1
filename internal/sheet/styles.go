package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

const mostStyles = 1 << 16 // more no program writes

var errTooManyStyles = errors.New("more styles than any program writes")

// readStyles learns which cell styles show a number as a date or a percentage.
func (w *workbook) readStyles(x *xmlPass) error {
	formats := map[int]string{}
	inCells := false
	for {
		tok, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			id, _ := strconv.Atoi(attr(tok, "numFmtId"))
			switch {
			case len(formats) > mostStyles || len(w.dates) > mostStyles:
				return errTooManyStyles
			case tok.Name.Local == "numFmt":
				formats[id] = attr(tok, "formatCode")
			case tok.Name.Local == "cellXfs":
				inCells = true
			case tok.Name.Local == "xf" && inCells:
				w.dates = append(w.dates, isDateFormat(id, formats[id]))
				w.percent = append(w.percent, isPercent(id, formats[id]))
			}
		case xml.EndElement:
			if tok.Name.Local == "cellXfs" {
				inCells = false
			}
		}
	}
}

// isDateFormat says whether a number format shows a day. Built-in numbers 14-17
// and 22 do everywhere, 27-36 and 50-58 in Chinese, Japanese and Korean Excel.
func isDateFormat(id int, code string) bool {
	switch {
	case code == "":
		return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 36 || id >= 50 && id <= 58
	case strings.EqualFold(code, "General"):
		return false
	}
	return strings.ContainsAny(bareFormat(code), "yYdD年日")
}

// bareFormat drops quoted text, escaped characters and [colour] parts of a format.
func bareFormat(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"':
			i = skipTo(code, i+1, '"')
		case '[':
			i = skipTo(code, i+1, ']')
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	return b.String()
}

func skipTo(s string, from int, c byte) int {
	if j := strings.IndexByte(s[min(from, len(s)):], c); j >= 0 {
		return from + j
	}
	return len(s)
}

// plainNumber writes a stored number as a person would: 0.1 is kept in the file
// as 0.10000000000000001.
func plainNumber(raw string, percent bool) string {
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	suffix := ""
	if percent {
		v, suffix = v*100, "%"
	}
	s := strconv.FormatFloat(v, 'g', 15, 64)
	if strings.ContainsAny(s, "eE") {
		s = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return s + suffix
}
