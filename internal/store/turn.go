//go:build !broken_read && !broken_unique

package store

import "context"

// inTurn is where a transaction decides on what it reads itself, once it is its
// turn. The builds of turn_broken.go do not, for a test that must notice.
func inTurn(_ context.Context, _ *DB, f func(*Tx) error) func(*Tx) error { return f }
