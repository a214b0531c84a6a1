package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

// A memo keeps what counting queries answered, for as long as nothing happens.
// Every change of a record moves the head of the trail in the same transaction, so
// an answer that was read at a head is right until the head moves; asking for the
// head costs a hundredth of counting a round. The query with its arguments is the
// key, and the scope is part of both: nobody is given what another may see.
//
// Only what depends on records alone may be remembered: not sessions, drafts or
// credentials, which leave no trace in the trail.
type memo struct {
	mu      sync.Mutex
	head    int64
	since   time.Time
	answers map[string]any
}

// Bounds of a memo. The age is for whoever changes a row by hand, past the trail.
const (
	memoSize = 500 // answers; the largest, the tallies of a round, are some hundred numbers
	memoAge  = 10 * time.Second
)

// get returns the answer kept under the key at the head.
func (m *memo) get(head int64, key string, now time.Time) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if head != m.head || now.Sub(m.since) >= memoAge || now.Before(m.since) {
		return nil, false
	}
	v, ok := m.answers[key]
	return v, ok
}

// put keeps an answer that was read when the trail had the head, or later. An
// answer to a question asked before the head moved is dropped.
func (m *memo) put(head int64, key string, v any, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch stale := now.Sub(m.since) >= memoAge || now.Before(m.since); {
	case head < m.head:
		return
	case head > m.head, stale, len(m.answers) >= memoSize:
		m.head, m.since, m.answers = head, now, map[string]any{}
	}
	m.answers[key] = v
}

// remember returns the answer to the query from the memo, or asks. Inside a
// transaction or a snapshot it always asks. Callers must not change the answer.
func remember[T any](ctx context.Context, r Reader, query string, args []any, ask func() (T, error)) (T, error) {
	if r.memo == nil {
		return ask()
	}
	head, err := r.head(ctx)
	if err != nil {
		var none T
		return none, err
	}
	key := fmt.Sprint(query, args)
	if v, ok := r.memo.get(head, key, r.now()); ok {
		return v.(T), nil
	}
	v, err := ask()
	if err == nil {
		r.memo.put(head, key, v, r.now())
	}
	return v, err
}

// sighting is the head of the trail as it was seen once.
type sighting struct {
	mu   sync.Mutex
	seen bool
	head int64
	at   time.Time
}

type sightingKey struct{}

// OneLook returns a context in which the head of the trail is looked up once for
// all answers together. It is for one short reading request: what is then shown was
// true at some moment since the request came in.
func OneLook(ctx context.Context) context.Context {
	return context.WithValue(ctx, sightingKey{}, &sighting{})
}

// lookLasts bounds a look, in case somebody reads for longer than a page takes.
const lookLasts = time.Second

// head returns the size of the trail: now, or at the one look of the context.
func (r Reader) head(ctx context.Context) (int64, error) {
	look, _ := ctx.Value(sightingKey{}).(*sighting)
	if look == nil {
		look = &sighting{}
	}
	look.mu.Lock()
	defer look.mu.Unlock()
	if now := r.now(); !look.seen || now.Sub(look.at) >= lookLasts {
		if err := one(r.q.QueryRowContext(ctx, `select size from trail_head`), &look.head); err != nil {
			return 0, fmt.Errorf("read the head of the trail: %w", err)
		}
		look.seen, look.at = true, now
	}
	return look.head, nil
}

// HeadSize returns how many entries the trail has: whoever sees another number than
// before knows that something has changed, and nothing else.
func (r Reader) HeadSize(ctx context.Context) (int64, error) { return r.head(ctx) }

// recall is all through the memo.
func recall[T any](ctx context.Context, r Reader, query string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	return remember(ctx, r, query, args, func() ([]T, error) {
		rows, err := r.q.QueryContext(ctx, query, args...)
		return all(rows, err, scan)
	})
}

// count is a query of one number through the memo.
func (r Reader) count(ctx context.Context, query string, args []any) (int, error) {
	return remember(ctx, r, query, args, func() (n int, err error) {
		err = one(r.q.QueryRowContext(ctx, query, args...), &n)
		return n, err
	})
}
