package workday

import (
	"fmt"
	"maps"
	"slices"
)

// A Calendar holds the plan of each year it knows. Dates of any other year cannot
// be counted: see [UnknownYearError].
type Calendar map[int]Year

// A Year holds the days that differ from the plain week in the plan of one year.
// A plan may also name days of the December before, because the New Year holiday
// can begin there.
type Year struct {
	Off    map[Date]bool // weekdays off; weekend days of a holiday may be listed too
	Worked map[Date]bool // weekend days worked to make up for a holiday
	Basis  string        // where the plan comes from, as stated in it
}

// An UnknownYearError says that a deadline reaches a year whose holidays
// have not been published or not been loaded. Callers must not guess.
type UnknownYearError int

func (e UnknownYearError) Error() string {
	return fmt.Sprintf("workday: no calendar for %d", int(e))
}

// Years returns the years c knows, ascending.
func (c Calendar) Years() []int { return slices.Sorted(maps.Keys(c)) }

// With returns c and the years of newer; where both know a year, newer wins.
// It changes neither.
func (c Calendar) With(newer Calendar) Calendar {
	merged := maps.Clone(c)
	if merged == nil {
		merged = Calendar{}
	}
	maps.Copy(merged, newer)
	return merged
}

// IsWorkday reports whether people work on d.
func (c Calendar) IsWorkday(d Date) (bool, error) {
	year, ok := c[d.Year]
	if !ok {
		return false, UnknownYearError(d.Year)
	}
	next := c[d.Year+1] // its New Year holiday may begin in our December
	switch {
	case year.Worked[d] || next.Worked[d]:
		return true, nil
	case year.Off[d] || next.Off[d]:
		return false, nil
	default:
		return !d.weekend(), nil
	}
}

// Add returns the n-th working day after d, n >= 1; d itself for n <= 0.
// The day d itself does not count.
func (c Calendar) Add(d Date, n int) (Date, error) {
	for n > 0 {
		d = d.AddDays(1)
		works, err := c.IsWorkday(d)
		if err != nil {
			return Date{}, err
		}
		if works {
			n--
		}
	}
	return d, nil
}

// AddDays returns the n-th calendar day after d, or the next working day if that
// day is a day of rest: a term never ends on a day when nobody can receive the
// report (Civil Code of China, article 203). For the plain date use [Date.AddDays].
func (c Calendar) AddDays(d Date, n int) (Date, error) {
	d = d.AddDays(n)
	works, err := c.IsWorkday(d)
	if err != nil {
		return Date{}, err
	}
	if works {
		return d, nil
	}
	return c.Add(d, 1)
}

// Between returns the number of working days after from, up to and including to.
// It is the inverse of Add, and negative if to is before from: so many working
// days ago. Source of the sign: days left are positive, days overdue negative.
func (c Calendar) Between(from, to Date) (int, error) {
	if to.Before(from) {
		n, err := c.Between(to, from)
		return -n, err
	}
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		works, err := c.IsWorkday(d)
		if err != nil {
			return 0, err
		}
		if works {
			n++
		}
	}
	return n, nil
}
