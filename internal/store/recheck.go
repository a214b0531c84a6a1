package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// sealRechecks shows opinions as still answered where their party has looked again
// in a verdict on a later version that the actor may not know: whether it was
// content with the answer would give that verdict away.
func (r Reader) sealRechecks(ctx context.Context, scope policy.Scope, list []ledger.Opinion) error {
	var findings []string
	for _, o := range list {
		if o.Rechecked() {
			findings = append(findings, o.Finding)
		}
	}
	if len(findings) == 0 {
		return nil
	}
	sealed, err := r.sealedVerdicts(ctx, scope, findings)
	if err != nil {
		return err
	}
	for i, o := range list {
		here := func(v sealedVerdict) bool {
			return v.finding == o.Finding && v.party == o.Party && o.Answer.At.UnixMicro() > v.before
		}
		if o.Rechecked() && slices.ContainsFunc(sealed, here) {
			list[i].Stage, list[i].Reason = ledger.Answered, ""
		}
	}
	return nil
}

// A sealedVerdict is one that the actor may not know. What was answered after the
// party had spoken before (unix microseconds) was looked at again with this one.
type sealedVerdict struct {
	finding string
	party   joint.Party
	before  int64
}

func (r Reader) sealedVerdicts(ctx context.Context, scope policy.Scope, findings []string) ([]sealedVerdict, error) {
	w := &where{}
	w.sealed(scope)
	w.in("x.finding", findings)
	rows, err := r.q.QueryContext(ctx, `
		select x.finding, x.party, coalesce((
			select max(e.at) from verdict e where e.finding = x.finding and e.party = x.party and e.at < x.at), 0)
		from   verdict x `+w.String(), w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (v sealedVerdict, err error) {
		return v, rows.Scan(&v.finding, &v.party, &v.before)
	})
	if err != nil {
		return nil, fmt.Errorf("list sealed verdicts: %w", err)
	}
	return list, nil
}
