package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// withoutDrafts gives the findings as somebody sees them who may not read what
// an organisation is still writing: with the plan and the progress that were
// last sent, else with those that the office's ledgers brought.
func (r Reader) withoutDrafts(ctx context.Context, scope policy.Scope, list []ledger.Finding) ([]ledger.Finding, error) {
	if scope.Drafts || len(list) == 0 {
		return list, nil
	}
	at := map[string]int{}
	numbers := make([]string, len(list))
	for i, f := range list {
		at[f.Number], numbers[i] = i, f.Number
	}
	imported, err := r.imported(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for number, x := range imported {
		f := &list[at[number]]
		f.Plan, f.Progress, f.Application = x.Plan, x.Progress, ""
	}
	sent, err := r.sentItems(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for _, x := range sent {
		f := &list[at[x.Item.Finding]]
		f.Plan = x.Item.Plan
		if x.Item.Doc != mechanism.Plan {
			f.Progress = x.Item.Progress
		}
		if x.Item.Doc == mechanism.ClosingDoc {
			f.Application = x.Item.Application
		}
	}
	return list, nil
}

// imported returns the findings as ledgers brought them, by number: as they were
// registered, with what later imports corrected.
func (r Reader) imported(ctx context.Context, numbers []string) (map[string]ledger.Finding, error) {
	var w where
	w.and("kind = ?", string(ledger.KindFinding))
	w.in("event", []string{ledger.EventName(ledger.FindingRegistered{}), ledger.EventName(ledger.FindingCorrected{})})
	w.in("id", numbers)
	rows, err := r.q.QueryContext(ctx, `select id, event, body from trail `+w.String()+` order by seq`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("read what ledgers brought: %w", err)
	}
	defer rows.Close()
	found := map[string]ledger.Finding{}
	for rows.Next() {
		var id, event, body string
		if err := rows.Scan(&id, &event, &body); err != nil {
			return nil, err
		}
		e, err := ledger.DecodeEvent(event, []byte(body))
		if err != nil {
			return nil, fmt.Errorf("what ledgers brought of %s: %w", id, err)
		}
		f, begun := found[id]
		if !begun {
			f.Number = id
		}
		found[id] = f.Apply(e).(ledger.Finding)
	}
	return found, rows.Err()
}

// A SentItem is what one sent version of a document says about a finding.
type SentItem struct {
	Submission ledger.Submission
	Item       ledger.Item
}

// SentItems returns every sent version that speaks of the finding, oldest first.
func (r Reader) SentItems(ctx context.Context, scope policy.Scope, f ledger.Finding) ([]SentItem, error) {
	if !scope.Sees(f.Subject()) {
		return nil, nil
	}
	return r.sentItems(ctx, []string{f.Number})
}

func (r Reader) sentItems(ctx context.Context, numbers []string) ([]SentItem, error) {
	var w where
	w.in("f.id", numbers)
	rows, err := r.q.QueryContext(ctx, `
		select s.state, i.item
		from   finding f
		join   submission s on s.round = f.round and s.organisation = f.organisation and s.sent_at > 0
		join   submission_item i on i.submission = s.id and i.finding = f.id
		`+w.String()+`
		order  by s.sent_at, s.id, f.id`, w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x SentItem, err error) {
		var state, item string
		if err = rows.Scan(&state, &item); err != nil {
			return x, err
		}
		if err = json.Unmarshal([]byte(state), &x.Submission); err != nil {
			return x, err
		}
		return x, json.Unmarshal([]byte(item), &x.Item)
	})
	if err != nil {
		return nil, fmt.Errorf("read what was sent: %w", err)
	}
	return list, nil
}
