package store_test

import (
	"testing"

	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

func TestAPaperIsRememberedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		first := store.Printed{Ref: "8-JT-report-1", Code: "ABCDEFGHIJ", Version: 4, Seq: 17}
		for _, p := range []store.Printed{first, {Ref: first.Ref, Code: first.Code, Version: 9}, {Ref: first.Ref, Code: "KLMNOPQRST", Version: 9}} {
			if err := db.PutPrinted(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		got, err := db.Read().Printed(t.Context(), first.Ref, first.Code)
		if err != nil || got.Version != 4 || got.Seq != 17 || got.At.IsZero() {
			t.Errorf("got %+v, %v; want version 4, as given out first", got, err)
		}
		if got, err := db.Read().Printed(t.Context(), "8-WJ-report-1", first.Code); err != nil || got != (store.Printed{}) {
			t.Errorf("of another paper: %+v, %v; want nothing", got, err)
		}
	})
}
