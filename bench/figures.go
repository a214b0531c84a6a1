package main

import (
	"fmt"
	"slices"
	"time"
)

// A figure is a goal and what was measured.
type figure struct {
	met  bool
	text string
}

func (f figure) String() string {
	if f.met {
		return "met      " + f.text
	}
	return "NOT MET  " + f.text
}

// The goals, as the project set them.
const (
	growthMost     = 2.0  // p99 of the ledger page, large ledger over small
	deepMost       = 2.0  // p50 of the deep page over the first
	limitLeast     = 0.40 // throughput of the ledger page over the bare table
	pageMost       = 50 * time.Millisecond
	verdictsLeast  = 300.0 // per second on SQLite
	verdictMost    = 50 * time.Millisecond
	importTook     = 5 * time.Second
	importPeak     = 200 << 10 // kB
	exportTook     = 20 * time.Second
	exportPeak     = 150 << 10
	startMost      = time.Second
	idleMost       = 60 << 10
	firstPageBytes = 110_000
)

// figures compares what was measured with the goals.
func (r *results) figures() []figure {
	var list []figure
	for _, engine := range r.engines {
		list = append(list, r.ofEngine(engine)...)
	}
	list = append(list, r.slowestPage())
	if r.only == "" {
		list = append(list, r.ofCommands()...)
	}
	return list
}

func (r *results) median(name string, connections int, b base) sample {
	return median(r.passes[key{name, connections, b.String()}])
}

// ofEngine are the figures that compare pages with one another.
func (r *results) ofEngine(engine string) (list []figure) {
	small, large := base{engine: engine, size: r.sizes[0]}, base{engine: engine, size: r.sizes[len(r.sizes)-1]}
	for _, n := range r.connections {
		limit := median(r.passes[key{bareTable, n, ""}])
		first, before, deep := r.median(ledgerFirst, n, large), r.median(ledgerFirst, n, small), r.median(ledgerDeep, n, large)
		if first.requests > 0 {
			part := first.perSecond / limit.perSecond
			list = append(list,
				atMost(ratio(first.p99, before.p99), growthMost, "%s, %d connections: ledger page, p99 at %d over p99 at %d findings", engine, n, large.size, small.size),
				atMost(ratio(deep.p50, first.p50), deepMost, "%s, %d connections: deep page over first page, p50", engine, n),
				figure{part >= limitLeast, fmt.Sprintf("%s, %d connections: ledger page reaches %.0f %% of the bare table's throughput, at least %.0f %%", engine, n, 100*part, 100*limitLeast)})
		}
	}
	most := r.connections[len(r.connections)-1]
	v := r.median(verdictPost, most, large)
	if v.requests > 0 {
		list = append(list, figure{v.p99 <= verdictMost, fmt.Sprintf("%s, %d connections: a verdict is saved within %s ms in 99 of 100, at most %s", engine, most, ms(v.p99), ms(verdictMost))})
	}
	if v.requests > 0 && engine == "sqlite" {
		list = append(list, figure{v.perSecond >= verdictsLeast, fmt.Sprintf("sqlite, %d connections: %.0f verdicts per second, at least %.0f", most, v.perSecond, verdictsLeast)})
	}
	return list
}

func atMost(value, most float64, format string, args ...any) figure {
	return figure{value <= most, fmt.Sprintf(format, args...) + fmt.Sprintf(": %.2f, at most %.2f", value, most)}
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// slowestPage looks at every page with the fewest connections.
func (r *results) slowestPage() figure {
	var worst time.Duration
	var name string
	for _, q := range r.asked() {
		for _, b := range r.bases {
			if s := r.median(q.name, r.connections[0], b); s.p99 > worst {
				worst, name = s.p99, q.name+" on "+b.String()
			}
		}
	}
	return figure{worst <= pageMost, fmt.Sprintf("no page above %s ms p99 at %d connections: slowest is %s with %s ms", ms(pageMost), r.connections[0], name, ms(worst))}
}

func (r *results) ofCommands() []figure {
	took := func(of map[string]cost) func(base) time.Duration {
		return func(b base) time.Duration { return of[b.String()].took }
	}
	peak := func(of map[string]cost) func(base) int { return func(b base) int { return of[b.String()].peak } }
	seconds := func(name string, of func(base) time.Duration, most time.Duration) figure {
		v, at := extreme(r.bases, of)
		return figure{v <= most, fmt.Sprintf("%s: at most %.2f s (%s), goal %.0f s", name, v.Seconds(), at, most.Seconds())}
	}
	memory := func(name string, of func(base) int, most int) figure {
		v, at := extreme(r.bases, of)
		return figure{v <= most, fmt.Sprintf("%s: at most %s (%s), goal %s", name, mb(v), at, mb(most))}
	}
	weights := []int{0}
	for _, w := range r.weights {
		weights = append(weights, w)
	}
	heaviest := slices.Max(weights)
	return []figure{
		seconds(fmt.Sprintf("import of %d rows", importSize), took(r.imports), importTook),
		memory("its memory", peak(r.imports), importPeak),
		seconds("export of all rows", took(r.exports), exportTook),
		memory("its memory", peak(r.exports), exportPeak),
		seconds("start to first answer", func(b base) time.Duration { return r.sites[b.String()].answered }, startMost),
		memory("memory when idle", func(b base) int { return r.sites[b.String()].idle }, idleMost),
		{heaviest <= firstPageBytes, fmt.Sprintf("first page with everything it loads: at most %s, goal %s", kB(heaviest), kB(firstPageBytes))},
	}
}
