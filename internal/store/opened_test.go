package store_test

import (
	"maps"
	"testing"

	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

func TestWhatAPersonOpenedIsTheirOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		enter(t, db, "yin", "ge")
		for _, x := range [][3]string{{"yin", "8-JT-report-1", "08-JT-001"}, {"yin", "8-JT-report-1", "08-JT-001"}, {"yin", "8-JT-report-2", "08-JT-002"}, {"ge", "8-JT-report-1", "08-JT-003"}} {
			if err := db.PutOpened(t.Context(), x[0], x[1], x[2]); err != nil {
				t.Fatal(err)
			}
		}
		got, err := db.Read().Opened(t.Context(), "yin", "8-JT-report-1")
		if want := map[string]bool{"08-JT-001": true}; err != nil || !maps.Equal(got, want) {
			t.Errorf("got %v, %v; want %v: not another version's, not another person's", got, err, want)
		}
	})
}
