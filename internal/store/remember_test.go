package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// What is remembered changes with the next act, and is remembered for each scope
// by itself.
func TestRememberedCountsFollowEveryAct(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		scattered(t, db, 9)
		count := func(scope policy.Scope) (n int) {
			t.Helper()
			for range 2 { // the second time from memory
				var err error
				if n, err = db.Read().CountFindings(t.Context(), scope, store.Filter{Round: 8}); err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		got := []int{count(everything), count(policy.Scope{Organisation: "XX"}), count(policy.Scope{})}
		record(t, db, ledger.Fact{
			On:    ledger.Finding{Number: "08-XX-001"},
			Event: ledger.FindingRegistered{Round: 8, Organisation: "XX", Progress: ledger.Progress{Claim: ledger.Done}},
		})
		got = append(got, count(everything), count(policy.Scope{Organisation: "XX"}), count(policy.Scope{}))
		if diff := cmp.Diff([]int{9, 0, 0, 10, 1, 0}, got); diff != "" {
			t.Errorf("all, one organisation, nobody; before and after a registration (-want +got):\n%s", diff)
		}
	})
}

// Another program writes, such as the command line beside the server.
func TestRememberedCountsFollowAnotherProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "test.db")
	var dbs [2]*store.DB
	for i := range dbs {
		db, err := store.Open(t.Context(), file, clock.Fixed(storetest.Now))
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		dbs[i] = db
	}
	for want := range 3 {
		n, err := dbs[0].Read().CountFindings(t.Context(), everything, store.Filter{})
		if err != nil || n != 7*want {
			t.Errorf("%d findings (%v), want %d", n, err, 7*want)
		}
		record(t, dbs[1], ledgerOf(want, 7)...)
	}
}

// ledgerOf registers n findings under numbers of their own.
func ledgerOf(batch, n int) (facts []ledger.Fact) {
	for i := range n {
		facts = append(facts, ledger.Fact{
			On:    ledger.Finding{Number: string(rune('A'+batch)) + string(rune('A'+i))},
			Event: ledger.FindingRegistered{Round: 8, Organisation: "JT", Progress: ledger.Progress{Claim: ledger.Done}},
		})
	}
	return facts
}

// In one look everything is as of its first question; the next look sees the act.
func TestOneLook(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db, ledgerOf(0, 3)...)
		count := func(look bool) int {
			ctx := t.Context()
			if look {
				ctx = store.OneLook(ctx)
			}
			n, err := db.Read().CountFindings(ctx, everything, store.Filter{})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		first := count(true)
		record(t, db, ledgerOf(1, 2)...)
		if got := []int{first, count(true), count(false)}; !cmp.Equal(got, []int{3, 5, 5}) {
			t.Errorf("before, after in a look, after without: %v", got)
		}
	})
}
