package supervise_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// 64 people act at once, through the door, on one report: they give verdicts, two
// and more for the same party, consolidate, deliver, answer, write, resubmit, close
// and reopen. Every call is recorded with the moments at which it began and ended.
// The history is then held against a sequential model (linear_model_test.go): is
// there an order in which one person at a time could have got these very answers?
//
// LIANSHEN_LINEAR says how long, "60s" say; scripts/broken-builds.sh sees that
// three builds with one guard removed do not pass.

// A crowd is the people and what they did.
type crowd struct {
	site
	ctx      context.Context
	findings []string
	board    board
	tick     atomic.Int64 // no two moments are the same
	mu       sync.Mutex
	history  []porcupine.Operation
	faults   int
}

func linearTime(t *testing.T) time.Duration {
	text := os.Getenv("LIANSHEN_LINEAR")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("LIANSHEN_LINEAR: %v", err)
	}
	return d
}

func TestLinear(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := gathered(t, db)
		elapsed := clock.Stopwatch()
		c.run(linearTime(t))
		took := elapsed()
		violations := c.lost() + c.check() + c.faults
		c.verified()
		n, done := len(c.history), c.count(func(x *call) bool { return x.OK && x.Op != "look" })
		t.Logf("linearizability, %s: %d people, %v, %d calls (%.0f/s), %d acts done, %d verdicts, %d taken back, %d recusals, %d versions, %d closings, %d reopenings: %d violations; checked in %v",
			db.Engine(), len(c.people(0)), took.Round(100*time.Millisecond), n, float64(n)/took.Seconds(), done,
			c.count(did("vote")), c.count(did("take back")), c.count(did("recuse")), c.board.of(c.findings[0]).Report,
			c.count(did("close")), c.count(did("reopen")), violations, (elapsed() - took).Round(100*time.Millisecond))
	})
}

func did(op string) func(*call) bool { return func(c *call) bool { return c.OK && c.Op == op } }

func (c *crowd) count(which func(*call) bool) (n int) {
	for _, op := range c.history {
		if which(op.Input.(*call)) {
			n++
		}
	}
	return n
}

// gathered is a site with five findings in the first version of a report.
func gathered(t *testing.T, db *store.DB) *crowd {
	s := opened(t, db)
	c := &crowd{site: s, ctx: t.Context()}
	c.board.cases, c.board.texts = map[string]caseState{}, map[string]string{}
	for n := 1; n <= 5; n++ {
		number := ledger.FindingNumber(8, "JT", n)
		c.findings = append(c.findings, number)
		c.board.cases[number] = started
		if n > 3 {
			s.do(clerk, ledger.Register{
				Number: number, Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: fmt.Sprintf("问题%d", n)},
				Class: ledger.Class{Category: "决策部署", Kind: ledger.Dated},
			})
		}
		s.do(liaison, ledger.WritePlan{Number: number, Plan: ledger.Plan{
			Leader: "陈国平", Section: "股室", Measures: []ledger.Measure{{Text: "检查"}},
		}})
		s.do(liaison, ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: firstText, Claim: ledger.Done}})
	}
	for party, body := range []string{"office", "discipline", "personnel", "team-1"} {
		s.seat(recusable(party), body)
	}
	s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
	s.pledge(report)
	s.do(liaison, ledger.Send{Submission: report})
	return c
}

// run lets everyone work for a while; on a busy machine, until the report has gone
// round once, or for eight times as long.
func (c *crowd) run(d time.Duration) {
	elapsed := clock.Stopwatch()
	var all sync.WaitGroup
	for _, w := range c.people(rand.Uint64()) {
		all.Go(func() {
			for elapsed() < d || c.board.of(c.findings[0]).Report < 2 && elapsed() < 8*d {
				w.work(w)
			}
		})
	}
	all.Wait()
}

// act does one act and records how it went.
func (w *worker) act(client int, x call, o supervise.Order) {
	began := w.tick.Add(1)
	state, err := w.Do(w.ctx, w.who, o)
	x.OK, x.Err, x.Ref = err == nil, err, o.Act.Target()
	if err == nil {
		x.Ver = state.Ver()
	}
	if sent, ok := state.(ledger.Submission); ok && x.Op == "send" {
		x.Sent = sent.Sent.Findings
	}
	var stale store.StaleError
	var refused ledger.Refusal
	if err != nil && !errors.As(err, &stale) && !errors.As(err, &refused) && !errors.Is(err, store.ErrNotFound) {
		w.fault(x.String(), err)
	}
	w.record(client, began, &x)
	if x.OK {
		w.board.hear(x)
	}
}

func (c *crowd) record(client int, began int64, x *call) {
	ended := c.tick.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = append(c.history, porcupine.Operation{ClientId: client, Input: x, Call: began, Return: ended})
}

// fault notes an answer that nobody should ever get.
func (c *crowd) fault(doing string, err error) {
	if err == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.faults++; c.faults <= 3 {
		c.t.Errorf("VIOLATION: %s: %v", doing, err)
	}
}

// check looks for an order of the history that the model allows, finding by
// finding, and returns how many findings have none: first that of the trail, then,
// if that one does not do, any. That there is none can take
// very long to say; once it is clear that something is wrong, it is cut short.
func (c *crowd) check() (violations int) {
	model := linearModel()
	patience := 20 * time.Second
	c.numbered()
	for _, part := range model.Partition(c.history) {
		if hinted(part) && porcupine.CheckOperations(whole(inPlace(model)), part) {
			continue
		}
		if c.t.Failed() {
			patience = 2 * time.Second
		}
		result, info := porcupine.CheckOperationsVerbose(whole(model), part, patience)
		switch result {
		case porcupine.Ok:
		case porcupine.Unknown:
			c.t.Errorf("no decision within %v on %d calls", patience, len(part))
		case porcupine.Illegal:
			violations++
			c.t.Errorf("VIOLATION: %s", stuck(part, info))
		}
	}
	return violations
}

// whole is the model for a part of the history.
func whole(m porcupine.Model) porcupine.Model {
	m.Partition = nil
	return m
}

// stuck words how far the longest order got, and what could not follow.
func stuck(part []porcupine.Operation, info porcupine.LinearizationInfo) string {
	var longest []int
	for _, order := range info.PartialLinearizations()[0] {
		if len(order) > len(longest) {
			longest = order
		}
	}
	s, placed := started, map[int]bool{}
	for _, i := range longest {
		_, s = s.step(part[i].Input.(*call))
		placed[i] = true
	}
	text := fmt.Sprintf("%d of %d calls have an order that ends in\n%+v\nThe next ones do not fit:", len(longest), len(part), s)
	left := slices.Collect(func(yield func(porcupine.Operation) bool) {
		for i, op := range part {
			if !placed[i] && !yield(op) {
				return
			}
		}
	})
	slices.SortFunc(left, func(a, b porcupine.Operation) int { return cmp.Compare(a.Return, b.Return) })
	for _, op := range left[:min(4, len(left))] {
		text += fmt.Sprintf("\n  %d..%d %v", op.Call, op.Return, op.Input)
	}
	return text
}

// lost sees that every verdict and closing that was acknowledged is once in the
// trail, and nothing else is, and returns how many are not. That the rows are what
// the trail says is for verified.
func (c *crowd) lost() (lost int) {
	given, closed := c.trail()
	said, ofKey := map[string]string{}, map[string]string{}
	for _, op := range c.history {
		x := op.Input.(*call)
		if x.Op != "vote" || !x.OK {
			continue
		}
		at := fmt.Sprintf("%s %09d", ledger.VerdictID(reportID(x.Report), x.Finding, parties[x.Party]), x.Ver)
		if first, again := ofKey[x.Key]; again && x.Key != "" { // the same order twice: it was done the first time
			delete(said, max(first, at))
			at = min(first, at)
		}
		ofKey[x.Key] = at
		if before, twice := said[at]; twice && before != x.says() {
			lost++
			c.t.Errorf("VIOLATION: %s was acknowledged to %s and to %s", at, before, x.says())
		}
		said[at] = x.says()
	}
	for at, says := range said {
		if given[at] != says {
			lost++
			c.t.Errorf("VIOLATION: %s was acknowledged to %s, the trail has %q", at, says, given[at])
		}
	}
	if len(given) != len(said) {
		lost++
		c.t.Errorf("VIOLATION: %d verdicts acknowledged, %d in the trail", len(said), len(given))
	}
	if n := c.count(did("close")); n != closed {
		lost++
		c.t.Errorf("VIOLATION: %d closings acknowledged, %d in the trail", n, closed)
	}
	return lost
}

// trail returns who gave which verdict, by its identity and version, and counts
// the closings. A verdict on top of another, and the closing of what is closed, are errors.
func (c *crowd) trail() (given map[string]string, closings int) {
	given = map[string]string{}
	version, stands, closed := map[string]int{}, map[string]bool{}, map[string]bool{}
	twice := func(done bool, id string, seq int64) {
		if done {
			c.faults++
			c.t.Errorf("VIOLATION: entry %d does to %s what was done to it before", seq, id)
		}
	}
	for e, err := range c.DB.Read().Entries(c.ctx) {
		if err != nil {
			c.t.Fatal(err)
		}
		event, err := ledger.DecodeEvent(e.Event, e.Body)
		if err != nil {
			c.t.Fatal(err)
		}
		version[e.Kind+e.ID]++
		switch event := event.(type) {
		case ledger.VerdictCarried:
			twice(stands[e.ID], e.ID, e.Seq)
			stands[e.ID] = true
		case ledger.VerdictGiven:
			twice(stands[e.ID], e.ID, e.Seq)
			stands[e.ID] = true
			given[fmt.Sprintf("%s %09d", e.ID, version[e.Kind+e.ID])] = e.Actor + ":" + string(event.Judged.Conclusion)
		case ledger.VerdictTakenBack:
			stands[e.ID] = false
		case ledger.FindingClosed:
			twice(closed[e.ID], e.ID, e.Seq)
			closed[e.ID] = true
			closings++
		case ledger.FindingReopened:
			closed[e.ID] = false
		}
	}
	return given, closings
}

func (c *crowd) verified() {
	v, err := c.Verify(c.ctx)
	if err != nil || v.Fault != nil {
		c.t.Errorf("VIOLATION: the records are not what the trail says: %+v, %v", v.Fault, err)
	}
}
