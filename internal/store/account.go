package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/workday"
)

// What signing in needs. Nothing here is part of a record or of the trail: that
// a password was set is an act of its own.

// A Credential is what a person signs in with.
type Credential struct {
	Person     string
	Hash       string // argon2id, encoded
	MustChange bool   // an initial password, good for nothing but choosing another
}

// Credential returns that of the person, or ErrNotFound.
func (r Reader) Credential(ctx context.Context, person string) (Credential, error) {
	c := Credential{Person: person}
	var change int64
	err := one(r.q.QueryRowContext(ctx, `select hash, must_change from credential where person = $1`, person), &c.Hash, &change)
	if err != nil {
		return Credential{}, fmt.Errorf("credential of %s: %w", person, err)
	}
	c.MustChange = change == 1
	return c, nil
}

// PutCredential sets the password of a person and ends every session of theirs.
func (tx *Tx) PutCredential(ctx context.Context, c Credential) error {
	err := tx.exec(ctx, `
		insert into credential (person, hash, must_change) values ($1, $2, $3)
		on conflict (person) do update set hash = excluded.hash, must_change = excluded.must_change`,
		c.Person, c.Hash, bit(c.MustChange))
	if err != nil {
		return fmt.Errorf("keep credential of %s: %w", c.Person, err)
	}
	if err := tx.exec(ctx, `delete from session where person = $1`, c.Person); err != nil {
		return fmt.Errorf("end sessions of %s: %w", c.Person, err)
	}
	return nil
}

// NoPeople reports whether nobody has been entered yet.
func (r Reader) NoPeople(ctx context.Context) (bool, error) {
	rows, err := r.q.QueryContext(ctx, `select id from person limit 1`)
	ids, err := all(rows, err, scanText)
	if err != nil {
		return false, fmt.Errorf("look for people: %w", err)
	}
	return len(ids) == 0, nil
}

// Attempts returns the failed sign-ins under the username since the last success.
func (tx *Tx) Attempts(ctx context.Context, username string) (account.Attempts, error) {
	var a account.Attempts
	var last int64
	rows, err := tx.q.QueryContext(ctx, `select failures, failed_at from sign_in where username = $1`, nameKey(username))
	if err != nil {
		return a, fmt.Errorf("read failed sign-ins: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		if err := rows.Scan(&a.Failures, &last); err != nil {
			return a, err
		}
		a.Last = instant(last)
	}
	return a, rows.Err()
}

// PutAttempts keeps the failed sign-ins under the username, and forgets all that
// are old enough to be forgotten. The zero value forgets those of the username.
func (tx *Tx) PutAttempts(ctx context.Context, username string, a account.Attempts) error {
	err := tx.exec(ctx, `delete from sign_in where username = $1 or failed_at < $2`,
		nameKey(username), micros(tx.Now.Add(-account.FailuresForgot)))
	if err == nil && a.Failures > 0 {
		err = tx.exec(ctx, `insert into sign_in (username, failures, failed_at) values ($1, $2, $3)`,
			nameKey(username), a.Failures, micros(a.Last))
	}
	if err != nil {
		return fmt.Errorf("keep failed sign-ins: %w", err)
	}
	return nil
}

// nameKey hides what people type by mistake in the place of a username: passwords.
func nameKey(username string) string {
	sum := sha256.Sum256([]byte(username))
	return hex.EncodeToString(sum[:])
}

// AddSession opens a session and forgets those that have ended by themselves.
func (tx *Tx) AddSession(ctx context.Context, s account.Session) error {
	err := tx.exec(ctx, `delete from session where created_at < $1 or seen_at < $2`,
		micros(tx.Now.Add(-account.SessionLongest)), micros(tx.Now.Add(-account.SessionIdle)))
	if err == nil {
		err = tx.exec(ctx, `insert into session (token, person, post, created_at, seen_at) values ($1, $2, $3, $4, $5)`,
			s.Digest, s.Person, s.Post, micros(s.Created), micros(s.Seen))
	}
	if err != nil {
		return fmt.Errorf("open a session of %s: %w", s.Person, err)
	}
	return nil
}

// SwitchSession makes the session act by another post.
func (tx *Tx) SwitchSession(ctx context.Context, digest, post string) error {
	return tx.exec(ctx, `update session set post = $1 where token = $2`, post, digest)
}

// A Bearer is whoever shows a secret that is known: the session or token it
// belongs to, the person, and the post acted by. Post is zero if there is none
// of that identity. It does not say whether any of them is still good.
type Bearer struct {
	Session    account.Session // or
	Token      account.Token
	Person     string
	Name       string
	Disabled   bool
	MustChange bool
	Post       ledger.Post
}

const bearerColumns = `p.id, p.name, p.disabled, coalesce(c.must_change, 0),
		coalesce(x.id, ''), coalesce(x.role, ''), coalesce(x.body, ''), coalesce(x.organisation, ''),
		coalesce(x.title, ''), coalesce(x.since, ''), coalesce(x.until, ''),
		coalesce(x.deputises, ''), coalesce(x.deputises_name, '')`

const bearerJoins = `
		join person p on p.id = s.person
		left join post x on x.person = s.person and x.id = s.post
		left join credential c on c.person = s.person`

// SessionOf returns the bearer of a session, or ErrNotFound.
func (r Reader) SessionOf(ctx context.Context, digest string) (Bearer, error) {
	b := Bearer{Session: account.Session{Digest: digest}}
	var created, seen int64
	err := b.scan(r.q.QueryRowContext(ctx, `
		select s.post, s.created_at, s.seen_at, `+bearerColumns+`
		from   session s`+bearerJoins+` where s.token = $1`, digest),
		&b.Session.Post, &created, &seen)
	if err != nil {
		return Bearer{}, fmt.Errorf("look up a session: %w", err)
	}
	b.Session.Person, b.Session.Created, b.Session.Seen = b.Person, instant(created), instant(seen)
	return b, nil
}

// scan reads the given columns, then bearerColumns.
func (b *Bearer) scan(row *sql.Row, first ...any) error {
	var disabled, change int64
	var since, until string
	err := one(row, append(first, &b.Person, &b.Name, &disabled, &change,
		&b.Post.ID, &b.Post.Role, &b.Post.Body, &b.Post.Organisation, &b.Post.Title, &since, &until,
		&b.Post.Deputises.Person, &b.Post.Deputises.Name)...)
	if err != nil {
		return err
	}
	b.Disabled, b.MustChange = disabled == 1, change == 1
	if b.Post.Since, err = storedDate(since); err != nil {
		return err
	}
	b.Post.Until, err = storedDate(until)
	return err
}

func storedDate(s string) (workday.Date, error) {
	if s == "" {
		return workday.Date{}, nil
	}
	return workday.Parse(s)
}

// TouchSession notes that the session was used at now. It is written beside the
// queue of acts and at most once a minute, however many requests run at once.
func (db *DB) TouchSession(ctx context.Context, digest string, now time.Time) error {
	return db.aside(ctx, `update session set seen_at = $1 where token = $2 and seen_at <= $3`,
		micros(now), digest, micros(now.Add(-account.SessionTouch)))
}

// EndSession forgets the session, if there is one.
func (db *DB) EndSession(ctx context.Context, digest string) error {
	return db.aside(ctx, `delete from session where token = $1`, digest)
}

// aside runs one statement that concerns no record, without waiting for the head
// of the trail.
func (db *DB) aside(ctx context.Context, query string, args ...any) error {
	done, err := db.queue(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, err = db.write.ExecContext(ctx, query, args...)
	return err
}
