package sheet

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// when is what a date cell says: a day, or words, or both.
type when struct {
	day  string // "2026-01-31", "" if the words give none
	text string // "" if the cell held a plain date
	code string // of a problem: a date that does not exist, or has no year
}

// noDate stands in a list of deadlines where a measure has none.
const noDate = "—"

var (
	plainDate = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?)?$`)
	compact   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	// A day, the end of a month, of a quarter or of a year, anywhere in a text. The
	// year may be missing when an earlier date of the text has one.
	inText = regexp.MustCompile(`(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*[日号]?|月(底|末|份|内|上旬|中旬|下旬)?(前)?)` +
		`|(\d{4})\s*年\s*(年底|底|末|第?[一二三四1-4]季度|上半年|下半年)`)
	onlyDate = regexp.MustCompile(`^[\d\s\-/.年月日号]*$`)
	anyDigit = regexp.MustCompile(`\d`)
)

// readDate reads a cell of a date column.
func readDate(c cell, y1904 bool) when {
	if c.kind == dateCell || c.kind == numberCell {
		return readSerial(c.text, y1904)
	}
	text := strings.TrimSpace(c.text)
	if text == noDate {
		return when{}
	}
	for _, form := range []*regexp.Regexp{plainDate, compact} {
		if m := form.FindStringSubmatch(strings.TrimSpace(narrow(text))); m != nil {
			return theDay(m[1], m[2], m[3], text)
		}
	}
	return dateInWords(text)
}

// readSerial reads a stored number: 46053 counts days, 20260131 spells them.
func readSerial(raw string, y1904 bool) when {
	if m := compact.FindStringSubmatch(raw); m != nil {
		return theDay(m[1], m[2], m[3], raw)
	}
	v, err := strconv.ParseFloat(raw, 64)
	if err != nil || v < 61 || v > 73050 { // 61: after the 29 February 1900 that never was; 73050: year 2099
		return when{text: raw, code: codeBadDate}
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if y1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return when{day: epoch.AddDate(0, 0, int(math.Floor(v))).Format(time.DateOnly)}
}

// dateInWords finds the last date a text names: "长期坚持，2026年12月底前达标" is due
// on 2026-12-31. Words without a date are kept as words.
func dateInWords(text string) when {
	if text == "" {
		return when{}
	}
	out := when{text: text}
	year, text := "", narrow(text)
	for _, m := range inText.FindAllStringSubmatch(text, -1) {
		if m[6] != "" {
			year = m[6]
			out.later(endOfPeriod(m[6], m[7]))
			continue
		}
		if m[1] != "" {
			year = m[1]
		}
		if m[1] == "" && (!isCalendar(m[0]) || strings.Contains(text, "每年")) {
			continue // "1.5" and "3-4" are figures; "每年6月底前" comes every year
		}
		out.later(oneDate(year, m))
	}
	if out.code == "" && out.day == "" && anyDigit.MatchString(text) && onlyDate.MatchString(text) {
		out.code = codeBadDate
	}
	return out
}

func isCalendar(s string) bool { return strings.Contains(s, "月") }

// oneDate reads one match of inText that names a month.
func oneDate(year string, m []string) when {
	day, part, before := m[3], m[4], m[5] != ""
	switch {
	case day == "" && part == "" && before:
		return when{} // "6月前" may mean May or June: words only
	case day == "" && part == "" && year == "":
		return when{} // "3月": may be a length of time
	case year == "":
		return when{code: codeDateNoYear}
	case day != "":
		return theDay(year, m[2], day, m[0])
	case part == "上旬":
		return theDay(year, m[2], "10", m[0])
	case part == "中旬":
		return theDay(year, m[2], "20", m[0])
	}
	return endOfMonth(year, m[2], m[0])
}

// later keeps the later of two dates; a date that cannot be decides the cell.
func (w *when) later(o when) {
	if o.code != "" && w.code == "" {
		w.code = o.code
	}
	w.day = max(w.day, o.day)
}

func endOfPeriod(year, period string) when {
	month := "12"
	switch {
	case strings.Contains(period, "上半年"):
		month = "6"
	case strings.Contains(period, "季度"):
		month = map[string]string{"一": "3", "1": "3", "二": "6", "2": "6", "三": "9", "3": "9"}[strings.TrimSuffix(strings.TrimPrefix(period, "第"), "季度")]
		if month == "" {
			month = "12"
		}
	}
	return endOfMonth(year, month, year+period)
}

func endOfMonth(year, month, text string) when {
	first := theDay(year, month, "1", text)
	if first.code != "" {
		return first
	}
	t, _ := time.Parse(time.DateOnly, first.day)
	return when{day: t.AddDate(0, 1, -1).Format(time.DateOnly)}
}

// theDay refuses days no calendar has and years no inspection can mean.
func theDay(year, month, day, text string) when {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < 1949 || y > 2099 || t.Month() != time.Month(m) { // a day too many moves into the next month
		return when{text: text, code: codeBadDate}
	}
	return when{day: t.Format(time.DateOnly)}
}
