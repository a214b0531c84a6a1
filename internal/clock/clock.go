// Package clock is the one place that reads the time of day, so that every other
// package can be given the time it is to believe in.
// It does not format, schedule or wait, and knows no calendar: see package workday.
package clock

import "time"

// A Clock answers "what time is it now?" in UTC, in whole microseconds: the
// precision the store keeps, so that a time survives being written and read back.
type Clock func() time.Time

// Real is the clock of the machine.
func Real() time.Time { return trim(time.Now()) }

// Shifted returns the clock of the machine moved by offset. The demonstration
// uses it to stand inside the sample round, while time goes on passing.
func Shifted(offset time.Duration) Clock {
	return func() time.Time { return Real().Add(offset) }
}

// Fixed returns a clock that stands still at t.
func Fixed(t time.Time) Clock {
	t = trim(t)
	return func() time.Time { return t }
}

// Stopwatch starts now and returns a function that tells how long ago that was.
// Unlike the difference of two Clock readings it cannot be negative when
// somebody sets the clock of the machine.
func Stopwatch() func() time.Duration {
	start := time.Now()
	return func() time.Duration { return time.Since(start) }
}

// trim also drops the monotonic reading, which would make two equal instants
// compare unequal with ==.
func trim(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
