package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A sample is what one measurement gave.
type sample struct {
	p50, p99  time.Duration
	perSecond float64
	requests  int
}

// A load is requests over several connections, bounded in time and number.
type load struct {
	addr        string
	connections int
	lasting     time.Duration
	most        int // requests; 0 for any number
	status      int // that every answer must have
	next        func(i int) (request []byte, ok bool)
}

// run drives the load. It fails at the first answer that is not the right one:
// errors are fast, and a table of their times would look well.
func (l load) run() (sample, error) {
	conns := make([]*conn, l.connections)
	for i := range conns {
		c, err := dial(l.addr)
		if err != nil {
			return sample{}, err
		}
		defer c.Close() //nolint:errcheck,gocritic // at the end of the run
		conns[i] = c
	}
	var wg sync.WaitGroup
	var sent atomic.Int64
	times := make([][]time.Duration, len(conns))
	errs := make([]error, len(conns))
	start := time.Now()
	for i, c := range conns {
		wg.Go(func() { times[i], errs[i] = l.one(c, start, &sent) })
	}
	wg.Wait()
	elapsed := time.Since(start)
	for _, err := range errs {
		if err != nil {
			return sample{}, err
		}
	}
	return measured(slices.Concat(times...), elapsed), nil
}

// one drives one connection.
func (l load) one(c *conn, start time.Time, sent *atomic.Int64) (times []time.Duration, err error) {
	for time.Since(start) < l.lasting {
		i := int(sent.Add(1)) - 1
		if l.most > 0 && i >= l.most {
			break
		}
		request, ok := l.next(i)
		if !ok {
			break
		}
		began := time.Now()
		status, err := c.send(request)
		if err != nil {
			return nil, err
		}
		if status != l.status {
			return nil, fmt.Errorf("status %d instead of %d for %.300q", status, l.status, request)
		}
		times = append(times, time.Since(began))
	}
	return times, nil
}

func measured(times []time.Duration, elapsed time.Duration) sample {
	slices.Sort(times)
	return sample{
		p50: percentile(times, 50), p99: percentile(times, 99),
		perSecond: float64(len(times)) / elapsed.Seconds(), requests: len(times),
	}
}

// percentile is the smallest time that at least p in a hundred do not exceed.
func percentile(sorted []time.Duration, p int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*p+99)/100-1]
}

// median takes each figure's median over the passes.
func median(passes []sample) sample {
	return sample{
		p50:       middle(passes, func(s sample) time.Duration { return s.p50 }),
		p99:       middle(passes, func(s sample) time.Duration { return s.p99 }),
		perSecond: middle(passes, func(s sample) float64 { return s.perSecond }),
		requests:  middle(passes, func(s sample) int { return s.requests }),
	}
}

func middle[T int | float64 | time.Duration](passes []sample, of func(sample) T) T {
	if len(passes) == 0 {
		return 0
	}
	list := make([]T, len(passes))
	for i, s := range passes {
		list[i] = of(s)
	}
	slices.Sort(list)
	return list[len(list)/2]
}
