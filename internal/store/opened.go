package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// Opened returns the findings of the submission that the person has had on the
// screen. Like a draft it concerns nobody else: there is no query without the person.
func (r Reader) Opened(ctx context.Context, person, submission string) (map[string]bool, error) {
	rows, err := r.q.QueryContext(ctx, `select finding from opened where person = $1 and submission = $2`, person, submission)
	list, err := all(rows, err, func(rows *sql.Rows) (finding string, err error) { return finding, rows.Scan(&finding) })
	if err != nil {
		return nil, fmt.Errorf("list what %s opened in %s: %w", person, submission, err)
	}
	opened := map[string]bool{}
	for _, finding := range list {
		opened[finding] = true
	}
	return opened, nil
}

// PutOpened remembers that the person had the finding on the screen, the first
// time. It does not wait for the queue of acts, and a page that is loaded again
// only reads.
func (db *DB) PutOpened(ctx context.Context, person, submission, finding string) error {
	var at int64
	err := one(db.Read().q.QueryRowContext(ctx, `
		select at from opened where person = $1 and submission = $2 and finding = $3`, person, submission, finding), &at)
	if err == nil {
		return nil
	}
	if errors.Is(err, ErrNotFound) {
		err = db.aside(ctx, `
			insert into opened (person, submission, finding, at) values ($1, $2, $3, $4) on conflict (person, submission, finding) do nothing`,
			person, submission, finding, micros(db.now()))
	}
	if err != nil {
		return fmt.Errorf("remember that %s opened %s in %s: %w", person, finding, submission, err)
	}
	return nil
}

// TakenBack returns the versions of the party's verdicts in the submission that it
// took back, by finding, as far as the actor may know: the next verdict follows them.
func (r Reader) TakenBack(ctx context.Context, scope policy.Scope, submission string, party joint.Party) (map[string]int64, error) {
	w := &where{}
	w.voices(scope)
	w.and("x.submission = ?", submission)
	w.and("x.party = ?", string(party))
	w.and("x.conclusion = ''")
	rows, err := r.q.QueryContext(ctx, "select x.finding, x.version from verdict x "+w.String(), w.args...)
	type backed struct {
		finding string
		version int64
	}
	list, err := all(rows, err, func(rows *sql.Rows) (b backed, err error) { return b, rows.Scan(&b.finding, &b.version) })
	if err != nil {
		return nil, fmt.Errorf("list verdicts of %s taken back: %w", party, err)
	}
	versions := map[string]int64{}
	for _, b := range list {
		versions[b.finding] = b.version
	}
	return versions, nil
}
