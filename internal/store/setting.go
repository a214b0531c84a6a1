package store

import (
	"context"
	"fmt"
)

// Setting returns a setting of the installation; "" if it was never set.
// Settings are no part of the record: nothing decided depends on them.
func (r Reader) Setting(ctx context.Context, name string) (string, error) {
	rows, err := r.q.QueryContext(ctx, `select value from setting where name = $1`, name)
	values, err := all(rows, err, scanText)
	if err != nil {
		return "", fmt.Errorf("read setting %s: %w", name, err)
	}
	if len(values) == 0 {
		return "", nil
	}
	return values[0], nil
}

// SetSetting keeps a setting; "" is the same as never set.
func (tx *Tx) SetSetting(ctx context.Context, name, value string) error {
	err := tx.exec(ctx, `
		insert into setting (name, value) values ($1, $2)
		on conflict (name) do update set value = excluded.value`, name, value)
	if err != nil {
		return fmt.Errorf("keep setting %s: %w", name, err)
	}
	return nil
}
