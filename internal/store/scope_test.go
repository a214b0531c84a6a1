package store_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// The SQL of a scope and the Go of Scope.Sees have to draw the same line.
func TestScopeInSQLIsScopeInGo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx, rng := t.Context(), rand.New(rand.NewPCG(7, 7))
		organisations, teams := []string{"JT", "WJ", "NY"}, []string{"team-1", "team-2"}
		var list []ledger.Finding
		var facts []ledger.Fact
		for i := range 60 {
			f := ledger.Finding{
				Number: fmt.Sprintf("f%03d", i), Organisation: organisations[rng.IntN(3)], Team: teams[rng.IntN(2)],
			}
			list = append(list, f)
			facts = append(facts, ledger.Fact{On: ledger.Finding{Number: f.Number}, Event: ledger.FindingRegistered{
				Round: 8, Organisation: f.Organisation, Team: f.Team, Feedback: ledger.Feedback{Text: "问题"},
			}})
		}
		if err := db.Write(ctx, func(tx *store.Tx) error {
			_, err := tx.Record(ctx, store.Who{Person: "test"}, facts)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, s := range []policy.Scope{
			{}, {All: true}, {Organisation: "WJ"}, {Organisation: "nobody"}, {Team: "team-2"}, {All: true, Organisation: "WJ"},
		} {
			var want, got []string
			for _, f := range list {
				if s.Sees(f.Subject()) {
					want = append(want, f.Number)
				}
			}
			rows, _, err := db.Read().Findings(ctx, s, store.Filter{}, store.Page{Limit: 100})
			for _, f := range rows {
				got = append(got, f.Number)
			}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("scope %+v: err %v, findings (-want +got):\n%s", s, err, diff)
			}
		}
	})
}
