package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
)

// Cases returns the whole findings of one organisation in a round, by number:
// some forty. Lists of a round read rows; see Findings.
func (r Reader) Cases(ctx context.Context, scope policy.Scope, round int, organisation string) ([]ledger.Finding, error) {
	w := Filter{Round: round, Organisation: organisation}.where(r.d, scope)
	list, err := states[ledger.Finding](ctx, r, ledger.KindFinding, "select state from finding "+w.String()+" order by id", w.args...)
	if err != nil {
		return nil, fmt.Errorf("findings of %s in round %d: %w", organisation, round, err)
	}
	return list, nil
}

// Items returns what the submission says about each finding, in its order.
// Whether the submission may be seen is asked by Paper.
func (r Reader) Items(ctx context.Context, submission string) ([]ledger.Item, error) {
	rows, err := r.q.QueryContext(ctx,
		`select item from submission_item where submission = $1 order by finding limit 2000`, submission)
	list, err := all(rows, err, func(rows *sql.Rows) (item ledger.Item, err error) {
		var text string
		if err = rows.Scan(&text); err == nil {
			err = json.Unmarshal([]byte(text), &item)
		}
		return item, err
	})
	if err != nil {
		return nil, fmt.Errorf("items of %s: %w", submission, err)
	}
	return list, nil
}
