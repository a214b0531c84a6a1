package store

import (
	"context"
	"fmt"
)

// Choice returns what the person chose last time under the name; "" for nothing.
func (r Reader) Choice(ctx context.Context, person, name string) (string, error) {
	rows, err := r.q.QueryContext(ctx, `select value from choice where person = $1 and name = $2`, person, name)
	values, err := all(rows, err, scanText)
	if err != nil {
		return "", fmt.Errorf("choice %s: %w", name, err)
	}
	if len(values) == 0 {
		return "", nil
	}
	return values[0], nil
}

// KeepChoice keeps what the person chose, in place of what was kept before. Like a
// draft it is nobody else's and no part of the record.
func (db *DB) KeepChoice(ctx context.Context, person, name, value string) error {
	err := db.aside(ctx, `
		insert into choice (person, name, value, at) values ($1, $2, $3, $4)
		on conflict (person, name) do update set value = excluded.value, at = excluded.at`,
		person, name, value, micros(db.now()))
	if err != nil {
		return fmt.Errorf("keep choice %s: %w", name, err)
	}
	return nil
}
