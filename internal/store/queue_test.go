package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// Whoever waits longest writes next; the connection pool alone would pick anybody.
func TestWritersComeInTheirOrder(t *testing.T) {
	db := storetest.SQLite(t)
	const writers = 24
	free := make(chan struct{})
	holding := make(chan struct{})
	var came []int
	var all sync.WaitGroup
	all.Go(func() {
		_ = db.Write(t.Context(), func(*store.Tx) error { close(holding); <-free; return nil })
	})
	<-holding
	for i := range writers {
		all.Go(func() {
			if err := db.Write(t.Context(), func(*store.Tx) error { came = append(came, i); return nil }); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(2 * time.Millisecond) // until it has taken its place in the queue
	}
	close(free)
	all.Wait()
	if len(came) != writers || !slices.IsSorted(came) {
		t.Errorf("writers came in the order %v", came)
	}
}
