package store_test

import (
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

func enter(t *testing.T, db *store.DB, ids ...string) {
	t.Helper()
	err := db.Write(t.Context(), func(tx *store.Tx) error {
		for _, id := range ids {
			facts := []ledger.Fact{{On: ledger.Person{ID: id}, Event: ledger.PersonAdded{Username: id, Name: id}}}
			if _, err := tx.Record(t.Context(), store.Who{Person: "test"}, facts); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestDraftIsKeptForItsWriterOnly(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		ctx := t.Context()
		enter(t, db, "he", "yu")
		for _, fields := range []string{"cause=a", "cause=%E7%9B%91"} {
			if err := db.PutDraft(ctx, "he", store.Draft{Form: "plan:08-JT-001", Fields: fields}); err != nil {
				t.Fatal(err)
			}
			w.Pass(time.Second)
		}
		d, err := db.Read().Draft(ctx, "he", "plan:08-JT-001")
		if err != nil || d.Fields != "cause=%E7%9B%91" || !d.At.Equal(storetest.Now.Add(time.Second)) {
			t.Errorf("draft = %+v, %v", d, err)
		}
		if d, err := db.Read().Draft(ctx, "yu", "plan:08-JT-001"); err != nil || d != (store.Draft{}) {
			t.Errorf("somebody else reads %+v, %v", d, err)
		}
		if list, err := db.Read().Drafts(ctx, "he", 10); err != nil || len(list) != 1 || list[0].Fields != "" {
			t.Errorf("drafts = %+v, %v", list, err)
		}
		if err := db.DropDraft(ctx, "he", "plan:08-JT-001"); err != nil {
			t.Fatal(err)
		}
		if d, err := db.Read().Draft(ctx, "he", "plan:08-JT-001"); err != nil || d != (store.Draft{}) {
			t.Errorf("after dropping: %+v, %v", d, err)
		}
	})
}
