package sheet

import (
	"fmt"
	"regexp"
	"strings"
)

var docNumber = regexp.MustCompile(`[〔\[［【]\d{4}[〕\]］】].*号?$|^.+\d+号$`)

func (r *rowReader) readEvidence() {
	if len(r.parts[EvidenceName]) > 0 {
		r.evidenceInColumns()
		return
	}
	text := r.text(EvidenceList, cellText, true)
	var bad string
	r.row.Evidence, r.row.EvidenceText, bad = readEvidence(text)
	if bad != "" {
		r.problem(r.row.Cells[EvidenceList], codeBadDate, bad)
	}
}

// evidenceInColumns reads names, numbers and dates that stand side by side, a line
// for each piece.
func (r *rowReader) evidenceInColumns() {
	names := r.linesOf(EvidenceName)
	numbers, days := r.linesOf(EvidenceNumber), r.linesOf(EvidenceDate)
	if at := r.row.Cells[EvidenceName]; at != "" {
		r.row.Cells[EvidenceList] = at
	}
	for f, list := range map[Field][]string{EvidenceNumber: numbers, EvidenceDate: days} {
		if len(list) > 0 && len(list) != len(names) {
			r.problem(r.row.Cells[f], codeEvidenceCount, len(list), titleOf[f], len(names))
			return
		}
	}
	if len(names) == 1 && strings.Join(numbers, "")+strings.Join(days, "") == "" && noMaterial.MatchString(names[0]) {
		r.row.EvidenceText = names[0]
		return
	}
	for i, name := range names {
		e := Evidence{Name: name}
		if i < len(numbers) {
			e.DocNumber = numbers[i]
		}
		if i < len(days) {
			w := readDate(cell{text: days[i]}, false)
			if e.Date = w.day; w.day == "" && days[i] != "" {
				r.problem(r.row.Cells[EvidenceDate], codeBadDate, days[i])
			}
		}
		r.row.Evidence = append(r.row.Evidence, e)
	}
}

// noMaterial are words that name no material.
var noMaterial = regexp.MustCompile(`^(见|详见|已?归档|备查|附后|略$|无$|另附|存档|相关)`)

// linesOf reads a field of one line for each piece; "—" stands for none.
func (r *rowReader) linesOf(f Field) []string {
	text := r.text(f, cellText, true)
	if text == "" {
		return nil
	}
	items := splitList(text)
	for i, item := range items {
		if strings.Trim(item, "—－-/无") == "" {
			items[i] = ""
		}
	}
	return items
}

// readEvidence takes a cell of lines "1.名称（文号，日期）" apart. Unless every line
// names a material, the whole cell stays text: "见附件" is no evidence. bad is a
// date that does not exist.
func readEvidence(text string) (list []Evidence, rest, bad string) {
	if text == "" {
		return nil, "", ""
	}
	for i, line := range evidenceLines(text) {
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

// evidenceLines cuts a cell into lines; "1.a；2.b" on one line counts as two.
func evidenceLines(text string) []string {
	if strings.Contains(text, "\n") {
		return strings.Split(text, "\n")
	}
	for _, m := range []marker{markers[3], markers[2]} {
		if items := splitInline(text, m); len(items) > 1 {
			for i := range items {
				items[i] = m(i+1) + items[i]
			}
			return items
		}
	}
	return []string{text}
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
	number := markers[3]
	if len(list) == 1 && len(evidenceLines(number(1)+list[0].line())) > 1 {
		number = markers[2] // or its name would read as two
	}
	for i, e := range list {
		lines[i] = number(i+1) + e.line()
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
