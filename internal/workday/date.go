// Package workday counts days the way a deadline clause does: in working days of
// a published calendar, on civil dates that carry no time and no zone.
// It does not read the clock, and it does not know which deadline applies to what.
package workday

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a civil date. Its text form is "2006-01-02", which also sorts by time.
// The zero Date means "none", has the text form "" and sorts before every other.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// In returns the date on the wall in loc at the instant t.
func In(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return Date{y, m, d}
}

// Parse reads the text form. It rejects dates that do not exist, and "".
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("workday: %q is not a date like 2026-03-31", s)
	}
	return In(t, time.UTC), nil
}

// String returns the text form.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// IsZero reports whether d means "none".
func (d Date) IsZero() bool { return d == Date{} }

// MarshalText returns the text form; "" for none.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text form; "" means none.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Compare returns -1, 0 or +1 as d is before, equal to or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Sub returns the number of calendar days from e to d; negative if d is before e.
// Neither may be zero.
func (d Date) Sub(e Date) int { return int(d.utc().Sub(e.utc()) / (24 * time.Hour)) }

// AddDays returns the date n calendar days after d, or before it if n < 0.
func (d Date) AddDays(n int) Date { return In(d.utc().AddDate(0, 0, n), time.UTC) }

// AddMonths returns the same day of the n-th month after d, or the last day of
// that month if it is shorter: one month after 31 January is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	last := In(time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC), time.UTC)
	return Date{last.Year, last.Month, min(d.Day, last.Day)}
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func (d Date) weekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }
