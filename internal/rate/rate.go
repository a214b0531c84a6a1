// Package rate defines the rates shown on pages and in reports. Each keeps its
// numerator, denominator, definition, as-of time and the list behind it, because a
// bare percentage can neither be checked by hand nor be added up over organisations.
// It does not read the ledger and does not word anything: names are message keys.
package rate

import "fmt"

// A Rate is Num out of Den, both counts of findings, 0 <= Num <= Den.
type Rate struct{ Num, Den int }

// Percent returns the rate in percent, rounded half up to one decimal, with
// ok = true; or ok = false when Den is zero: "nothing due" is not 0 % and not 100 %.
// A rate below one is never rounded up to 100: 2499/2500 is 99.9.
func (r Rate) Percent() (p float64, ok bool) {
	if r.Den == 0 {
		return 0, false
	}
	tenths := (2000*int64(r.Num) + int64(r.Den)) / (2 * int64(r.Den))
	if r.Num < r.Den {
		tenths = min(tenths, 999)
	}
	return float64(tenths) / 10, true
}

// Add sums two rates of disjoint groups of findings.
func (r Rate) Add(s Rate) Rate { return Rate{r.Num + s.Num, r.Den + s.Den} }

// String returns "202/228 (88.6%)", or "-" when Den is zero.
func (r Rate) String() string {
	p, ok := r.Percent()
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%d/%d (%.1f%%)", r.Num, r.Den, p)
}
