package account

import (
	"context"
	"errors"
	"testing"
)

// askedToWait is a context that ends as soon as somebody waits for its end.
type askedToWait struct {
	context.Context
	cancel context.CancelFunc
}

func (c askedToWait) Done() <-chan struct{} {
	c.cancel()
	return c.Context.Done()
}

func TestNobodyHashesWhileAllSeatsAreTaken(t *testing.T) {
	h := NewHasher(2)
	h.seats <- struct{}{}
	hash, err := h.Hash(t.Context(), "river-7-otter")
	if err != nil {
		t.Fatalf("with a free seat: %v", err)
	}
	h.seats <- struct{}{} // would block if Hash had kept its seat

	ctx, cancel := context.WithCancel(t.Context())
	if ok, err := h.Matches(askedToWait{ctx, cancel}, "river-7-otter", hash); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("without a free seat: %v, %v; want context.Canceled", ok, err)
	}
	<-h.seats
	if ok, err := h.Matches(t.Context(), "river-7-otter", hash); !ok || err != nil {
		t.Errorf("after one has left: %v, %v", ok, err)
	}
}
