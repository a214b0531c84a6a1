//go:build broken_read || broken_unique

package store

import "context"

// Broken on purpose, in no build but those of scripts/broken-builds.sh: what a
// transaction decides on was read before it was its turn.

// early bounds the snapshots that wait for their turn, or they would take every connection.
var early = make(chan struct{}, 3)

func inTurn(ctx context.Context, db *DB, f func(*Tx) error) func(*Tx) error {
	early <- struct{}{}
	before, err := db.read.BeginTx(ctx, db.d.snapshot)
	if err == nil {
		var size int64 // a snapshot is taken by its first query
		err = before.QueryRowContext(ctx, `select size from trail_head`).Scan(&size)
	}
	return func(tx *Tx) error {
		defer func() { <-early }()
		if err != nil {
			return err
		}
		defer before.Rollback() //nolint:errcheck // it only reads
		tx.q = before
		return f(tx)
	}
}
