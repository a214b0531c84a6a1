package store_test

import (
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// Two people may send the same key: each has done their own act.
func TestAKeyBelongsToAPerson(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		zhang, li := store.Key{ID: "k", Person: "zhang"}, store.Key{ID: "k", Person: "li"}
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			if err := tx.Keep(t.Context(), zhang, ledger.Round{Number: 7}); err != nil {
				return err
			}
			return tx.Keep(t.Context(), li, ledger.Round{Number: 8})
		})
		if err != nil {
			t.Fatal(err)
		}
		for key, number := range map[store.Key]int{zhang: 7, li: 8} {
			err := db.Write(t.Context(), func(tx *store.Tx) error {
				ref, done, err := tx.Replay(t.Context(), key)
				if !done || ref != ledger.RoundRef(number) {
					t.Errorf("%s: done %v, %v", key.Person, done, ref)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
