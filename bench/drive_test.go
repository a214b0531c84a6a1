package main

import (
	"testing"
	"time"
)

func TestPercentileIsATimeThatWasMeasured(t *testing.T) {
	var times []time.Duration
	for i := 1; i <= 200; i++ {
		times = append(times, time.Duration(i))
	}
	for _, c := range []struct {
		times []time.Duration
		p     int
		want  time.Duration
	}{
		{times, 50, 100}, {times, 99, 198}, {times[:1], 99, 1}, {times[:3], 50, 2}, {nil, 99, 0},
	} {
		if got := percentile(c.times, c.p); got != c.want {
			t.Errorf("percentile %d of %d times: %d, want %d", c.p, len(c.times), got, c.want)
		}
	}
}

func TestMedianOfEachFigure(t *testing.T) {
	got := median([]sample{{p50: 3, p99: 9, perSecond: 10}, {p50: 1, p99: 8, perSecond: 30}, {p50: 2, p99: 7, perSecond: 20}})
	if got.p50 != 2 || got.p99 != 8 || got.perSecond != 20 {
		t.Errorf("median %+v", got)
	}
}
