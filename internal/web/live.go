package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// Several people who look at one review see it move without a reload. What goes out
// is only that something has changed, never what: each page then asks for itself
// again, within its own scope.

const (
	livePoll     = 2 * time.Second  // how often the head of the trail is looked at
	liveBeat     = 15 * time.Second // how often a sign of life goes out and the session is asked again
	livePerson   = 6                // streams one person may keep open
	liveReconect = 5000             // milliseconds until a browser asks again
)

func (s *Server) liveRoutes() []route {
	return []route{{"GET /rounds/{round}/live", opens(policy.PageLedger), s.liveStream}}
}

// livePath is where a page of the round hears that something has changed.
func livePath(round int) string { return roundPath(round, "live") }

// live tells those who listen that the trail has grown. It reads the head, so that
// it does not matter which of several replicas the act went through. While nobody
// listens it does nothing.
type live struct {
	head  func(context.Context) (int64, error)
	every time.Duration

	mu        sync.Mutex
	listeners map[chan struct{}]string // to whom each belongs
	stop      context.CancelFunc       // of the watch; nil while nobody listens
}

func newLive(head func(context.Context) (int64, error)) *live {
	return &live{head: head, every: livePoll, listeners: map[chan struct{}]string{}}
}

// join adds a listener. It reports false for somebody who has too many already.
// The first listener starts the watch, the last one to leave ends it.
func (l *live) join(person string) (changed chan struct{}, leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, whose := range l.listeners {
		if whose == person {
			n++
		}
	}
	if n >= livePerson {
		return nil, nil, false
	}
	changed = make(chan struct{}, 1)
	l.listeners[changed] = person
	if l.stop == nil {
		ctx, stop := context.WithCancel(context.Background())
		l.stop = stop
		go l.watch(ctx)
	}
	return changed, func() { l.leave(changed) }, true
}

func (l *live) leave(changed chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.listeners, changed)
	if len(l.listeners) == 0 && l.stop != nil {
		l.stop()
		l.stop = nil
	}
}

// watch looks at the head until the context ends. A database that does not answer
// for a while is no reason to end: the pages ask by themselves, too.
func (l *live) watch(ctx context.Context) {
	tick := time.NewTicker(l.every)
	defer tick.Stop()
	last, err := l.head(ctx)
	known := err == nil
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now, err := l.head(ctx)
		switch {
		case err != nil:
		case !known || now != last:
			last, known = now, true
			l.tell()
		}
	}
}

// tell wakes everyone. Who has not yet taken the last word needs no second one.
func (l *live) tell() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for changed := range l.listeners {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

// liveStream keeps the connection open and says when something has changed. It
// ends with the session, with the connection or with the program. A browser with too
// many streams is told not to ask again (204); its page then asks by the clock.
func (s *Server) liveStream(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	if _, err := s.roundIn(r); err != nil {
		return err
	}
	changed, leave, ok := s.live.join(who.Person)
	if !ok {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	defer leave()
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a recorder in a test has none
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // a proxy may not hold back
	say := func(format string, args ...any) error {
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return out.Flush()
	}
	beat := time.NewTicker(liveBeat)
	defer beat.Stop()
	for err := say("retry: %d\n\n", liveReconect); err == nil; {
		select {
		case <-r.Context().Done():
			return nil
		case <-s.Done:
			return nil
		case <-changed:
			err = say("event: changed\ndata:\n\n")
		case <-beat.C:
			if still, gone := s.who(r.WithContext(supervise.Unattended(context.WithoutCancel(r.Context())))); gone != nil || still != who {
				return nil
			}
			err = say(":\n\n")
		}
	}
	return nil // the browser has gone: nothing can be said about it
}
