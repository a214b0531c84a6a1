package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/workday"
)

var everything = policy.Scope{All: true, Drafts: true}

// scattered registers n findings of round 8 with few different sort values, so
// that pages end in the middle of equal ones.
func scattered(t *testing.T, db *store.DB, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 3))
	var facts []ledger.Fact
	for i := range n {
		on := ledger.Finding{Number: fmt.Sprintf("08-%02d-%03d", rng.IntN(90), i)}
		e := ledger.FindingRegistered{
			Round: 8, Organisation: []string{"JT", "WJ", "NY"}[rng.IntN(3)], Team: "team-1",
			Feedback: ledger.Feedback{Text: "问题"}, Class: ledger.Class{Category: "党的建设"},
			Progress: ledger.Progress{Claim: ledger.InProgress},
		}
		if day := rng.IntN(4); day > 0 { // every fourth has no deadline
			e.Class.Deadline = workday.Date{Year: 2026, Month: 3, Day: day}
		}
		facts = append(facts, ledger.Fact{On: on, Event: e})
		if rng.IntN(2) == 0 {
			facts = append(facts, ledger.Fact{On: on, Event: ledger.FindingClosed{}})
		}
	}
	record(t, db, facts...)
}

func record(t *testing.T, db *store.DB, facts ...ledger.Fact) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Record(t.Context(), store.Who{Person: "test"}, facts)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Walked page by page, forwards and backwards, a list shows every row once and in
// the same order, whatever it is sorted by.
func TestPagesHoldEveryRowOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		scattered(t, db, 61)
		for _, by := range []store.Sort{store.ByNumber, store.ByDue, store.ByLight, store.ByStage, store.ByOrganisation} {
			for _, down := range []bool{false, true} {
				page := store.Page{Sort: by, Down: down, Limit: 7}
				forth := walk(t, db, page)
				page.Backward = true
				back := walk(t, db, page)
				slices.Reverse(back)
				if diff := cmp.Diff(forth, back); diff != "" {
					t.Errorf("%s, down %v: forwards and backwards differ:\n%s", by, down, diff)
				}
				if once := slices.Compact(slices.Sorted(slices.Values(forth))); len(forth) != 61 || len(once) != 61 {
					t.Errorf("%s, down %v: %d rows, %d different; want 61", by, down, len(forth), len(once))
				}
			}
		}
	})
}

// walk returns the numbers of all pages in the order in which they were read.
func walk(t *testing.T, db *store.DB, p store.Page) (numbers []string) {
	t.Helper()
	for range 100 {
		rows, more, err := db.Read().Findings(t.Context(), everything, store.Filter{Round: 8}, p)
		if err != nil {
			t.Fatal(err)
		}
		if p.Backward {
			slices.Reverse(rows)
		}
		for _, f := range rows {
			numbers = append(numbers, f.Number)
			p.After = f.Cursor(p.Sort)
		}
		if !more {
			return numbers
		}
	}
	t.Fatal("the list does not end")
	return nil
}

func TestWhatHasNoDeadlineComesLast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		scattered(t, db, 30)
		for _, down := range []bool{false, true} {
			rows, _, err := db.Read().Findings(t.Context(), everything, store.Filter{}, store.Page{Sort: store.ByDue, Down: down, Limit: 30})
			if err != nil {
				t.Fatal(err)
			}
			undated := slices.IndexFunc(rows, func(f store.Row) bool { return f.Due == "" })
			if undated < 0 || slices.ContainsFunc(rows[undated:], func(f store.Row) bool { return f.Due != "" }) {
				t.Errorf("down %v: a row with a deadline stands after row %d, which has none", down, undated)
			}
			dated := slices.IsSortedFunc(rows[:undated], func(a, b store.Row) int {
				if down {
					a, b = b, a
				}
				return cmpText(a.Due+a.Number, b.Due+b.Number)
			})
			if !dated {
				t.Errorf("down %v: rows with a deadline are not in its order", down)
			}
		}
	})
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// The counts above the list are those of the lists they lead to.
func TestViewsCountWhatTheirFiltersList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		scattered(t, db, 80)
		const today, until = "2026-03-02", "2026-03-12"
		v, err := db.Read().Views(t.Context(), everything, 8, today, until, "")
		if err != nil {
			t.Fatal(err)
		}
		for name, x := range map[string]struct {
			filter store.Filter
			count  int
		}{
			"all":     {store.Filter{}, v.All},
			"open":    {store.Filter{Stages: []ledger.Stage{ledger.Registered, ledger.Rectifying, ledger.InReview, ledger.Returned}}, v.Open},
			"overdue": {store.Filter{Before: today}, v.Overdue},
			"soon":    {store.Filter{From: today, To: until}, v.Soon},
			"gaps":    {store.Filter{Gaps: true}, v.Gaps},
		} {
			x.filter.Round = 8
			n, err := db.Read().CountFindings(t.Context(), everything, x.filter)
			if err != nil || n != x.count || n == 0 {
				t.Errorf("%s: list has %d, view says %d, err %v", name, n, x.count, err)
			}
		}
		if diff := cmp.Diff([]string{"党的建设"}, v.Categories); diff != "" || v.Mine != 0 {
			t.Errorf("mine %d; categories (-want +got):\n%s", v.Mine, diff)
		}
	})
}

func TestSearchFindsNewestFirstWithinTheScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var facts []ledger.Fact
		for i, text := range []string{"公务卡使用率偏低", "公务接待超标", "公务卡制度未落实", "村务公开不及时"} {
			facts = append(facts, ledger.Fact{On: ledger.Finding{Number: fmt.Sprintf("08-JT-%03d", i+1)}, Event: ledger.FindingRegistered{
				Round: 8 + i, Organisation: []string{"JT", "WJ"}[i/2], Team: "team-1", Feedback: ledger.Feedback{Text: text},
			}})
		}
		record(t, db, facts...)
		for _, x := range []struct {
			text  string
			scope policy.Scope
			limit int
			want  []string
			more  bool
		}{
			{"公务卡", everything, 9, []string{"08-JT-003", "08-JT-001"}, false},
			{"公务", everything, 2, []string{"08-JT-003", "08-JT-002"}, true},
			{"公务", policy.Scope{Organisation: "JT"}, 9, []string{"08-JT-002", "08-JT-001"}, false},
			{"公务", policy.Scope{}, 9, nil, false},
			{"卡", everything, 9, []string{"08-JT-003", "08-JT-001"}, false},
			{"08-jt-004", everything, 9, []string{"08-JT-004"}, false},
			{"区块链", everything, 9, nil, false},
			{"？！", everything, 9, nil, false},
		} {
			found, more, err := db.Read().Passages(t.Context(), x.scope, store.Question{Text: x.text, Kind: store.FindingPassage, Limit: x.limit})
			got := findingsOf(found)
			if diff := cmp.Diff(x.want, got); err != nil || diff != "" || more != x.more {
				t.Errorf("%q within %+v: more %v, err %v (-want +got):\n%s", x.text, x.scope, more, err, diff)
			}
		}
	})
}
