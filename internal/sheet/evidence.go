package sheet

import (
	"fmt"
	"regexp"
	"strings"
)

var docNumber = regexp.MustCompile(`[〔\[［【]\d{4}[〕\]］】].*号?$|^.+\d+号$`)

// readEvidence takes a cell of lines "1.名称（文号，日期）" apart. Unless every line
// names a material, the whole cell stays text: "见附件" is no evidence. bad is a
// date that does not exist.
func readEvidence(text string) (list []Evidence, rest, bad string) {
	if text == "" {
		return nil, "", ""
	}
	for i, line := range strings.Split(text, "\n") {
		body, numbered := strings.CutPrefix(strings.TrimSpace(line), fmt.Sprintf("%d.", i+1))
		if !numbered {
			body, numbered = strings.CutPrefix(strings.TrimSpace(line), fmt.Sprintf("%d、", i+1))
		}
		e, tail, wrong := readMaterial(strings.TrimSpace(body))
		if wrong != "" {
			bad = wrong
		}
		if e.Name == "" || !numbered && !tail && !strings.HasPrefix(e.Name, "《") {
			return nil, text, bad
		}
		list = append(list, e)
	}
	return list, "", bad
}

// readMaterial reads one "名称（文号，日期）". tail says that the brackets told a
// number or a date; brackets that tell neither belong to the name.
func readMaterial(s string) (e Evidence, tail bool, bad string) {
	name, inner, ok := lastBrackets(s)
	if !ok {
		return Evidence{Name: s}, false, ""
	}
	number, date := splitTail(inner)
	day := readDate(cell{text: date}, false)
	switch {
	case day.code != "":
		return Evidence{Name: name, DocNumber: number}, true, date
	case inner == "":
		return Evidence{Name: name}, true, ""
	case date != "" && day.day == "", number == "" && date == "":
		return Evidence{Name: s}, false, ""
	}
	return Evidence{Name: name, DocNumber: number, Date: day.day}, true, ""
}

// splitTail tells the document number from the date. "文号，" with a comma at its
// end is a number whatever it looks like.
func splitTail(inner string) (number, date string) {
	at := strings.LastIndexAny(inner, "，,")
	if at < 0 {
		if docNumber.MatchString(inner) {
			return inner, ""
		}
		if looksLikeDate(inner) {
			return "", inner
		}
		return "", ""
	}
	number, date = strings.TrimSpace(inner[:at]), strings.TrimSpace(strings.TrimLeft(inner[at:], "，,"))
	if date != "" && !looksLikeDate(date) {
		return "", ""
	}
	return number, date
}

func looksLikeDate(s string) bool {
	return anyDigit.MatchString(s) && onlyDate.MatchString(s) && len(s) >= len("2026-1-1")
}

// lastBrackets splits "a（b）c（d）" into "a（b）c" and "d".
func lastBrackets(s string) (name, inner string, ok bool) {
	for _, pair := range []string{"（）", "()"} {
		r := []rune(pair)
		body, closed := strings.CutSuffix(s, string(r[1]))
		at := strings.LastIndex(body, string(r[0]))
		if closed && at > 0 && !strings.Contains(body[at:], string(r[1])) {
			return strings.TrimSpace(body[:at]), strings.TrimSpace(body[at+len(string(r[0])):]), true
		}
	}
	return s, "", false
}

// writeEvidence writes the lines readEvidence reads.
func writeEvidence(list []Evidence) string {
	lines := make([]string, len(list))
	for i, e := range list {
		lines[i] = fmt.Sprintf("%d.%s", i+1, e.line())
	}
	return strings.Join(lines, "\n")
}

func (e Evidence) line() string {
	for _, tail := range []string{e.tail(), "（" + e.DocNumber + "，" + e.Date + "）", "（）"} {
		line := e.Name + tail
		if back, _, bad := readMaterial(line); back == e && bad == "" {
			return line
		}
	}
	return e.Name + e.tail()
}

func (e Evidence) tail() string {
	switch {
	case e.DocNumber == "" && e.Date == "":
		return ""
	case e.DocNumber == "":
		return "（" + e.Date + "）"
	case e.Date == "":
		return "（" + e.DocNumber + "）"
	}
	return "（" + e.DocNumber + "，" + e.Date + "）"
}
