package demo

import (
	"sync"
	"time"

	"lianshen/internal/clock"
)

// A Clock is the clock of a demonstration: it stands at the instant of each act
// while the sample round is acted, and afterwards runs from the demo day on.
// Before it is told otherwise it is the clock of the machine.
type Clock struct {
	mu  sync.RWMutex
	now clock.Clock
}

// NewClock returns the clock to open the database with.
func NewClock() *Clock { return &Clock{now: clock.Real} }

// Now is a clock.Clock.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.now()
}

// Stand makes the clock stand still at t.
func (c *Clock) Stand(t time.Time) { c.set(clock.Fixed(t)) }

// Run makes the clock run, offset ahead of the machine (behind it if negative).
func (c *Clock) Run(offset time.Duration) { c.set(clock.Shifted(offset)) }

func (c *Clock) set(now clock.Clock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}
