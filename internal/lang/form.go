package lang

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

var (
	zhDays     = [...]string{"日", "一", "二", "三", "四", "五", "六"}
	enDays     = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	noDate     = "—"
	civilShape = "2006-01-02"
)

// Date words a civil date as prose does: 3月18日 周三, or 18 Mar 2026. date is YYYY-MM-DD; the empty string gives a
// dash, and what is not a date comes back unchanged, because a page must show what it was given.
func Date(l Tag, date string) string {
	t, ok := civil(date)
	switch {
	case !ok:
		return orDash(date)
	case l == EN:
		return t.Format("2 Jan 2006")
	}
	return fmt.Sprintf("%d月%d日 周%s", t.Month(), t.Day(), zhDays[t.Weekday()])
}

// LongDate words a civil date in full: 2026年3月18日 星期三, or Wednesday 18 March 2026.
func LongDate(l Tag, date string) string {
	t, ok := civil(date)
	switch {
	case !ok:
		return orDash(date)
	case l == EN:
		return enDays[t.Weekday()] + t.Format(" 2 January 2006")
	}
	return fmt.Sprintf("%d年%d月%d日 星期%s", t.Year(), t.Month(), t.Day(), zhDays[t.Weekday()])
}

// LetterDate words a civil date as an official letter does: 2026年3月18日, or 18 March 2026.
func LetterDate(l Tag, date string) string {
	t, ok := civil(date)
	switch {
	case !ok:
		return orDash(date)
	case l == EN:
		return t.Format("2 January 2006")
	}
	return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
}

// ShortDate is the form of a narrow table column: 03-18, with the year (2025-11-20) where it differs from that of today.
func ShortDate(date, today string) string {
	if _, ok := civil(date); !ok {
		return orDash(date)
	}
	if len(today) >= 4 && today[:4] == date[:4] {
		return date[5:]
	}
	return date
}

// Moment is the form of an instant, in the zone t carries: 2026-03-18 14:32.
func Moment(t time.Time) string {
	if t.IsZero() {
		return noDate
	}
	return t.Format("2006-01-02 15:04")
}

// ClockTime is the time of day of an instant, in the zone t carries: 14:32.
func ClockTime(t time.Time) string {
	if t.IsZero() {
		return noDate
	}
	return t.Format("15:04")
}

func civil(date string) (time.Time, bool) {
	t, err := time.Parse(civilShape, date)
	return t, err == nil
}

func orDash(s string) string {
	if s == "" {
		return noDate
	}
	return s
}

// Percent is num out of den with one decimal and no sign: 88.6. What is less than all is never rounded up to 100, and
// what is more than nothing never down to 0: 99.96 gives 99.9, and 0.01 gives 0.1. Nothing out of nothing is a dash.
func Percent(num, den int) string {
	if den <= 0 {
		return "—"
	}
	tenths := (num*1000*2 + den) / (den * 2)
	switch {
	case num < den && tenths >= 1000:
		tenths = 999
	case num > 0 && tenths == 0:
		tenths = 1
	}
	return strconv.Itoa(tenths/10) + "." + strconv.Itoa(tenths%10)
}

// Rate is Percent with its sign, 88.6%, or a dash where nothing was due.
func Rate(num, den int) string {
	if den <= 0 {
		return "—"
	}
	return Percent(num, den) + "%"
}

// Number groups digits by thousands: 18,423.
func Number(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	var groups []string
	for len(digits) > 3 {
		groups = append([]string{digits[len(digits)-3:]}, groups...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, groups...), ",")
}

// Bytes is a file size as people read it: 86 KB, 1.2 MB. One KB is 1,024 bytes.
func Bytes(n int64) string {
	const kb = 1024
	switch {
	case n < kb:
		return strconv.FormatInt(n, 10) + " B"
	case n < kb*kb:
		return strconv.FormatInt((n+kb/2)/kb, 10) + " KB"
	case n < kb*kb*kb:
		return strconv.FormatFloat(float64(n)/(kb*kb), 'f', 1, 64) + " MB"
	}
	return strconv.FormatFloat(float64(n)/(kb*kb*kb), 'f', 1, 64) + " GB"
}
