// Package storetest runs a test against both database engines.
// It holds no fixture: see ledgertest and demo.
package storetest

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest/pg"
)

// Now is the instant every test database believes it is: 24 March 2026, 10:00 in
// China.
var Now = time.Date(2026, 3, 24, 2, 0, 0, 0, time.UTC)

// Zone is China's.
var Zone = time.FixedZone("CST", 8*60*60)

// Each runs the test once on a fresh SQLite database and once on a fresh
// PostgreSQL database.
func Each(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, open(t, migrated.URL(t), clock.Fixed(Now))) })
}

// A Watch is a clock that a test sets.
type Watch struct{ At time.Time }

// Pass lets time pass.
func (w *Watch) Pass(d time.Duration) { w.At = w.At.Add(d) }

// EachTimed is Each with a clock that starts at Now and goes as the test says.
func EachTimed(t *testing.T, test func(t *testing.T, db *store.DB, w *Watch)) {
	timed := func(url func(testing.TB) string) func(*testing.T) {
		return func(t *testing.T) {
			w := &Watch{Now}
			test(t, open(t, url(t), func() time.Time { return w.At }), w)
		}
	}
	t.Run("sqlite", timed(func(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }))
	t.Run("postgres", timed(migrated.URL))
}

// SQLite returns a fresh SQLite database.
func SQLite(t testing.TB) *store.DB {
	return open(t, filepath.Join(t.TempDir(), "test.db"), clock.Fixed(Now))
}

// Postgres returns a fresh PostgreSQL database.
func Postgres(t testing.TB) *store.DB { return open(t, migrated.URL(t), clock.Fixed(Now)) }

// PostgresURL returns the address of an empty PostgreSQL database, not migrated.
func PostgresURL(t testing.TB) string { return pg.URL(t) }

// migrated is copied for each test, so that the migrations run once.
var migrated = pg.Template{Fill: func(ctx context.Context, url string) error {
	db, err := store.Open(ctx, url, clock.Fixed(Now))
	if err != nil {
		return err
	}
	return db.Close()
}}

func open(t testing.TB, url string, now clock.Clock) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), url, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}
