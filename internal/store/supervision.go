package store

import (
	"context"
	"database/sql"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
)

// A WatchLot counts the findings that one person of one section supervises; all
// three names are empty for those that nobody does.
type WatchLot struct {
	Watch                                     ledger.Watch // without Number
	Findings, Cadre, Claimed, Accepted, Ended int
	Overdue                                   int // running deadline before today
}

// WatchLots counts the findings of the filter by who supervises them, in the order
// of body, section and person; those that nobody supervises come last.
func (r Reader) WatchLots(ctx context.Context, scope policy.Scope, f Filter, today string) ([]WatchLot, error) {
	w := f.where(r.d, scope)
	w.args = append(w.args, today)
	rows, err := r.q.QueryContext(ctx, fmt.Sprintf(`
		select watch_body, watch_section, watch_person, count(*),
		       count(*) filter (where organ_cadre = 1),
		       count(*) filter (where claim = 'done'),
		       count(*) filter (where stage = 'recognised' or stage = 'closed'),
		       count(*) filter (where stage = 'closed'),
		       count(*) filter (where running <> '' and running < $%d)
		from   finding %s
		group  by watch_body, watch_section, watch_person
		order  by case when watch_body = '' and watch_section = '' and watch_person = '' then 1 else 0 end,
		          watch_body, watch_section, watch_person`, len(w.args), w), w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x WatchLot, err error) {
		return x, rows.Scan(&x.Watch.Body, &x.Watch.Section, &x.Watch.Person, &x.Findings, &x.Cadre, &x.Claimed, &x.Accepted, &x.Ended, &x.Overdue)
	})
	if err != nil {
		return nil, fmt.Errorf("count what is supervised: %w", err)
	}
	return list, nil
}
