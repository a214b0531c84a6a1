package clock_test

import (
	"fmt"
	"testing"
	"time"

	"lianshen/internal/clock"
)

func ExampleFixed() {
	beijing := time.FixedZone("CST", 8*60*60)
	now := clock.Fixed(time.Date(2026, 3, 18, 9, 30, 0, 0, beijing))
	fmt.Println(now())
	// Output: 2026-03-18 01:30:00 +0000 UTC
}

func TestReadingsSurviveBeingStoredAsMicroseconds(t *testing.T) {
	odd := time.Date(2026, 3, 18, 9, 30, 0, 123456789, time.FixedZone("CST", 8*60*60))
	for name, c := range map[string]clock.Clock{
		"real": clock.Real, "shifted": clock.Shifted(time.Hour + time.Nanosecond*1000), "fixed": clock.Fixed(odd),
	} {
		got := c()
		if back := time.UnixMicro(got.UnixMicro()).UTC(); back != got {
			t.Errorf("%s: %v came back as %v", name, got, back)
		}
	}
}

func TestShiftedRunsBesideReal(t *testing.T) {
	const offset = -100 * 24 * time.Hour
	before := clock.Real().Add(offset)
	got := clock.Shifted(offset)()
	after := clock.Real().Add(offset)
	if got.Before(before) || got.After(after) {
		t.Errorf("shifted clock says %v, want between %v and %v", got, before, after)
	}
}

func TestStopwatchNeverRunsBackwards(t *testing.T) {
	elapsed := clock.Stopwatch()
	first := elapsed()
	if second := elapsed(); first < 0 || second < first {
		t.Errorf("stopwatch said %v, then %v", first, second)
	}
}
