package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
)

// A Printed is a paper that was given out. It holds nothing of its text: Code is
// a digest of it. It is no fact of a record and no part of the trail.
type Printed struct {
	Ref     string // "8-JT-report-1"
	Code    string // check code
	Version int64  // facts of the record it was made from
	Seq     int64  // entry of the trail, 0 for none
	At      time.Time
}

// Printed returns what is known of the paper; the zero Printed if none with this
// reference and code was given out.
func (r Reader) Printed(ctx context.Context, ref, code string) (Printed, error) {
	p := Printed{Ref: ref, Code: code}
	var at int64
	err := one(r.q.QueryRowContext(ctx, `select version, seq, at from printed where ref = $1 and code = $2`, ref, code), &p.Version, &p.Seq, &at)
	if errors.Is(err, ErrNotFound) {
		return Printed{}, nil
	}
	if err != nil {
		return Printed{}, fmt.Errorf("printed paper %s: %w", ref, err)
	}
	p.At = instant(at)
	return p, nil
}

// PutPrinted remembers that the paper was given out, once. It does not wait for
// the queue of acts: to print changes no record.
func (db *DB) PutPrinted(ctx context.Context, p Printed) error {
	known, err := db.Read().Printed(ctx, p.Ref, p.Code)
	if err != nil || known.Code != "" {
		return err
	}
	err = db.aside(ctx, `
		insert into printed (ref, code, version, seq, at) values ($1, $2, $3, $4, $5) on conflict (ref, code) do nothing`,
		p.Ref, p.Code, p.Version, p.Seq, micros(db.now()))
	if err != nil {
		return fmt.Errorf("remember paper %s: %w", p.Ref, err)
	}
	return nil
}

// Ended counts the findings of a round that are closed or settled, by organisation.
func (r Reader) Ended(ctx context.Context, scope policy.Scope, round int) (map[string]int, error) {
	w := &where{}
	w.cases(scope, "")
	w.and("round = ?", round)
	w.in("stage", []string{string(ledger.ClosedStage), string(ledger.SettledStage)})
	return r.counts(ctx, "count findings that have ended", `select organisation, count(*) from finding `+w.String()+` group by organisation`, w.args)
}
