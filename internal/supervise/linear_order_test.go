package supervise_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/anishathalye/porcupine"

	"lianshen/internal/ledger"
)

// To search for an order of thousands of calls of which sixty ran at any moment can
// take for ever. The trail says in which order the acts were recorded, so that one
// is tried first: it is no more than a hint, and porcupine judges it like any other.

// numbered notes of every act that was done which entry of the trail it is. Of an
// order that was sent twice under one key, the one that began first counts as done.
func (c *crowd) numbered() {
	entry, version := map[string]int64{}, map[string]int64{}
	for e, err := range c.DB.Read().Entries(c.ctx) {
		if err != nil {
			c.t.Fatal(err)
		}
		ref := ledger.Ref{Kind: ledger.Kind(e.Kind), ID: e.ID}.String()
		version[ref]++
		entry[fmt.Sprint(ref, version[ref])] = e.Seq
	}
	byCall := slices.SortedFunc(slices.Values(c.history), func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	keys := map[string]bool{}
	for _, op := range byCall {
		x := op.Input.(*call)
		if !x.OK || x.Op == "look" || x.Key != "" && keys[x.Key] {
			continue
		}
		if x.Key != "" {
			keys[x.Key] = true
		}
		x.Entry = entry[fmt.Sprint(x.Ref.String(), x.Ver)]
	}
}

// hinted gives each call of a part its place: acts in the order of the trail, and
// in between everything that changed nothing, as early as the model allows it and
// never before a call that had ended when it began. It reports whether all found one.
func hinted(part []porcupine.Operation) bool {
	var acts, rest []porcupine.Operation
	for _, op := range part {
		if op.Input.(*call).Entry > 0 {
			acts = append(acts, op)
		} else {
			rest = append(rest, op)
		}
	}
	slices.SortFunc(rest, func(a, b porcupine.Operation) int { return cmp.Compare(a.Call, b.Call) })
	slices.SortFunc(acts, func(a, b porcupine.Operation) int {
		return cmp.Compare(a.Input.(*call).Entry, b.Input.(*call).Entry)
	})
	ends := make([]int64, len(acts)+1) // when the first of the acts from here on ended
	ends[len(acts)] = math.MaxInt64
	for i, op := range slices.Backward(acts) {
		ends[i] = min(ends[i+1], op.Return)
	}
	s, place := started, 0
	put := func(op porcupine.Operation) {
		place++
		op.Input.(*call).Place = place
	}
	for i := 0; ; i++ {
		for n := -1; n != 0; {
			rest, n = early(rest, ends[i], s, put)
		}
		if i == len(acts) {
			return len(rest) == 0
		}
		put(acts[i])
		_, s = s.step(acts[i].Input.(*call))
	}
}

// early puts the calls that may stand in the state and had begun before any other
// ended. It returns those that are left, which are in the order of their beginning,
// and how many it has put.
func early(rest []porcupine.Operation, before int64, s caseState, put func(porcupine.Operation)) (left []porcupine.Operation, n int) {
	window := 0
	for window < len(rest) && rest[window].Call <= before {
		before = min(before, rest[window].Return)
		window++
	}
	var stay []porcupine.Operation
	for _, op := range rest[:window] {
		if ok, after := s.step(op.Input.(*call)); ok && after == s && op.Call <= before {
			put(op)
			n++
			continue
		}
		stay = append(stay, op)
	}
	copy(rest[n:window], stay)
	return rest[n:], n
}

// inPlace is the model that takes calls in their places only.
func inPlace(m porcupine.Model) porcupine.Model {
	type at struct {
		caseState
		place int
	}
	init, step := m.Init, m.Step
	m.Init = func() any { return at{init().(caseState), 0} }
	m.Step = func(state, input, output any) (bool, any) {
		s, c := state.(at), input.(*call)
		ok, after := step(s.caseState, input, output)
		return ok && c.Place == s.place+1, at{after.(caseState), s.place + 1}
	}
	m.DescribeState = nil
	return m
}
