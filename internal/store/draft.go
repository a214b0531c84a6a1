package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Draft is what a person was writing into a form and has not sent. Nobody else
// can read it: there is no query without the person.
type Draft struct {
	Form   string // which form: "review:8-JT-report-1:08-JT-001"
	Fields string // urlencoded
	At     time.Time
}

// Draft returns what the person was writing; the zero Draft if nothing.
func (r Reader) Draft(ctx context.Context, person, form string) (Draft, error) {
	d := Draft{Form: form}
	var at int64
	err := one(r.q.QueryRowContext(ctx, `select fields, at from draft where person = $1 and form = $2`, person, form), &d.Fields, &at)
	if errors.Is(err, ErrNotFound) {
		return Draft{}, nil
	}
	if err != nil {
		return Draft{}, fmt.Errorf("draft %s: %w", form, err)
	}
	d.At = instant(at)
	return d, nil
}

// Drafts returns the person's drafts, newest first, without what is in them.
func (r Reader) Drafts(ctx context.Context, person string, limit int) ([]Draft, error) {
	rows, err := r.q.QueryContext(ctx, `select form, at from draft where person = $1 order by at desc, form limit $2`, person, limit)
	list, err := all(rows, err, func(rows *sql.Rows) (d Draft, err error) {
		var at int64
		err = rows.Scan(&d.Form, &at)
		d.At = instant(at)
		return d, err
	})
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	return list, nil
}

// PutDraft keeps what the person is writing, in place of what was kept before.
// It does not wait for the queue of acts: a form saves itself every few seconds.
func (db *DB) PutDraft(ctx context.Context, person string, d Draft) error {
	err := db.aside(ctx, `
		insert into draft (person, form, fields, at) values ($1, $2, $3, $4)
		on conflict (person, form) do update set fields = excluded.fields, at = excluded.at`,
		person, d.Form, d.Fields, micros(db.now()))
	if err != nil {
		return fmt.Errorf("keep draft %s: %w", d.Form, err)
	}
	return nil
}

// DropDraft forgets the draft, if there is one, together with what else the
// transaction does.
func (tx *Tx) DropDraft(ctx context.Context, person, form string) error {
	if err := tx.exec(ctx, `delete from draft where person = $1 and form = $2`, person, form); err != nil {
		return fmt.Errorf("drop draft %s: %w", form, err)
	}
	return nil
}

// DropDraft forgets the draft, if there is one.
func (db *DB) DropDraft(ctx context.Context, person, form string) error {
	if err := db.aside(ctx, `delete from draft where person = $1 and form = $2`, person, form); err != nil {
		return fmt.Errorf("drop draft %s: %w", form, err)
	}
	return nil
}
