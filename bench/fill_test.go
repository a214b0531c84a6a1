package main

import (
	"path/filepath"
	"testing"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// What is measured has to be a ledger that the program accepts as its own.
func TestAGrownLedgerVerifies(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "bench.db"), clock.Real)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	f := newFiller(ctx, db)
	const small, large = fixedFindings + 100, fixedFindings + 400
	if err := f.grow(0, small); err != nil {
		t.Fatal(err)
	}
	if err := f.grow(small, large); err != nil {
		t.Fatal(err)
	}
	all := policy.ScopeOf(policy.Actor{Role: ledger.Clerk})
	for round, want := range map[int]int{0: large, provinceRound: provinceSize, emptyRound: 0} {
		if n, err := db.Read().CountFindings(ctx, all, store.Filter{Round: round}); err != nil || n != want {
			t.Errorf("round %d: %d findings (%v), want %d", round, n, err, want)
		}
	}
	report, err := supervise.New(db, time.UTC).Verify(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if report.Fault != nil {
		t.Errorf("%+v", *report.Fault)
	}
}
