package upload

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"
)

// holders are the requests that are at an upload in this process.
type holders struct {
	mu  sync.Mutex
	all map[string]*holder
}

type holder struct {
	stop func() // nil where it cannot be broken off
	done chan struct{}
}

func newHolders() *holders { return &holders{all: map[string]*holder{}} }

// patience is how long a request waits for another one to let go.
const patience = 10 * time.Second

// hold gives the caller the upload alone until free is called. Whoever has it is
// broken off: a sender who comes back has lost the line it was on. Other processes
// are kept out by a lock on a file. ErrBusy if the upload does not come free.
func (f *Folder) hold(ctx context.Context, id string, stop func()) (free func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	own := &holder{stop, make(chan struct{})}
	for {
		other := f.held.put(id, own)
		if other == nil {
			break
		}
		if other.stop != nil {
			other.stop()
		}
		select {
		case <-other.done:
		case <-ctx.Done():
			return nil, fmt.Errorf("upload %s: %w", id, ErrBusy)
		}
	}
	unlock, err := lockFile(ctx, f.path(id, lock))
	if err != nil {
		f.held.drop(id, own)
		return nil, fmt.Errorf("upload %s: %w: %w", id, ErrBusy, err)
	}
	return func() { unlock(); f.held.drop(id, own) }, nil
}

// put makes own the holder, or returns who is.
func (h *holders) put(id string, own *holder) (other *holder) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if other := h.all[id]; other != nil {
		return other
	}
	h.all[id] = own
	return nil
}

func (h *holders) drop(id string, own *holder) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
	close(own.done)
}

// lockFile tries until the file is locked or ctx ends.
func lockFile(ctx context.Context, name string) (unlock func(), err error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		taken, err := tryLock(file)
		if err == nil && taken {
			return func() { _ = file.Close() }, nil // which unlocks it
		}
		if err != nil {
			_ = file.Close() // nothing was written
			return nil, err
		}
		select {
		case <-ctx.Done():
			_ = file.Close() // nothing was written
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
