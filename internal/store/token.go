package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"lianshen/internal/account"
)

// AddToken keeps a personal token of the API.
func (tx *Tx) AddToken(ctx context.Context, t account.Token) error {
	err := tx.exec(ctx, `
		insert into api_token (id, token, person, post, name, scope, created_at, expires_at, used_at, revoked_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)`,
		t.ID, t.Digest, t.Person, t.Post, t.Name, string(t.Scope), micros(t.Created), micros(t.Expires))
	if err != nil {
		return fmt.Errorf("keep token %s of %s: %w", t.ID, t.Person, err)
	}
	return nil
}

// RevokeToken makes a token useless, or returns ErrNotFound if it is not the
// person's or is revoked already.
func (tx *Tx) RevokeToken(ctx context.Context, person, id string) error {
	var hit string
	err := one(tx.tx.QueryRowContext(ctx, `
		update api_token set revoked_at = $1 where id = $2 and person = $3 and revoked_at = 0 returning id`,
		micros(tx.Now), id, person), &hit)
	if err != nil {
		return fmt.Errorf("revoke token %s: %w", id, err)
	}
	return nil
}

// TokensOf returns the tokens of a person, newest first, revoked ones too, at
// most a hundred.
func (r Reader) TokensOf(ctx context.Context, person string) ([]account.Token, error) {
	rows, err := r.q.QueryContext(ctx, `
		select id, token, person, post, name, scope, created_at, expires_at, used_at, revoked_at from api_token
		where  person = $1 order by created_at desc, id desc limit 100`, person)
	list, err := all(rows, err, func(rows *sql.Rows) (t account.Token, err error) {
		var at [4]int64
		err = rows.Scan(&t.ID, &t.Digest, &t.Person, &t.Post, &t.Name, &t.Scope, &at[0], &at[1], &at[2], &at[3])
		t.Created, t.Expires, t.Used, t.Revoked = instant(at[0]), instant(at[1]), instant(at[2]), instant(at[3])
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("tokens of %s: %w", person, err)
	}
	return list, nil
}

// TokenOf returns the bearer of a personal token, or ErrNotFound.
func (r Reader) TokenOf(ctx context.Context, digest string) (Bearer, error) {
	b := Bearer{Token: account.Token{Digest: digest}}
	t := &b.Token
	var at [4]int64
	err := b.scan(r.q.QueryRowContext(ctx, `
		select s.id, s.post, s.name, s.scope, s.created_at, s.expires_at, s.used_at, s.revoked_at, `+bearerColumns+`
		from   api_token s`+bearerJoins+` where s.token = $1`, digest),
		&t.ID, &t.Post, &t.Name, &t.Scope, &at[0], &at[1], &at[2], &at[3])
	if err != nil {
		return Bearer{}, fmt.Errorf("look up a token: %w", err)
	}
	t.Person = b.Person
	t.Created, t.Expires, t.Used, t.Revoked = instant(at[0]), instant(at[1]), instant(at[2]), instant(at[3])
	return b, nil
}

// TouchToken notes that the token was used at now, at most once a minute.
func (db *DB) TouchToken(ctx context.Context, digest string, now time.Time) error {
	return db.aside(ctx, `update api_token set used_at = $1 where token = $2 and used_at <= $3`,
		micros(now), digest, micros(now.Add(-account.SessionTouch)))
}
