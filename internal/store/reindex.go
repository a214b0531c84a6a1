package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lianshen/internal/ledger"
)

// indexOnce makes the index of a database that is older than it.
func (db *DB) indexOnce(ctx context.Context) error {
	var missing int64
	err := one(db.read.QueryRowContext(ctx, `
		select count(*) from trail_head where size > 0 and not exists (select 1 from passage)
		and exists (select 1 from finding)`), &missing)
	if err != nil {
		return fmt.Errorf("look for the text index: %w", err)
	}
	if missing == 0 {
		return nil
	}
	return db.Write(ctx, func(tx *Tx) error { return tx.reindex(ctx) })
}

// reindex makes the passages of all records, as recording them did.
func (tx *Tx) reindex(ctx context.Context) error {
	if err := tx.reindexFindings(ctx); err != nil {
		return err
	}
	if err := tx.reindexItems(ctx); err != nil {
		return err
	}
	for _, k := range []struct {
		kind ledger.Kind
		put  func(context.Context, ledger.State) error
	}{
		{ledger.KindSubmission, func(ctx context.Context, s ledger.State) error {
			if x := s.(ledger.Submission); !x.Letter.At.IsZero() {
				return tx.indexLetter(ctx, x, x.Letter.Number)
			}
			return nil
		}},
		{ledger.KindOpinion, func(ctx context.Context, s ledger.State) error {
			o := s.(ledger.Opinion)
			if o.Stage != ledger.TakenBack {
				o.Stage = ledger.Raised // as when it was indexed
			}
			return indexOpinion(ctx, tx, nil, o, 0)
		}},
		{ledger.KindConsolidation, func(ctx context.Context, s ledger.State) error { return indexConsolidation(ctx, tx, nil, s, 0) }},
	} {
		if err := tx.eachState(ctx, k.kind, k.put); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	return nil
}

// eachState walks the records of a kind by identity, a few hundred at a time.
func (tx *Tx) eachState(ctx context.Context, kind ledger.Kind, f func(context.Context, ledger.State) error) error {
	for after := ""; ; {
		list, err := states[ledger.State](ctx, tx.Reader, kind, `select state from `+tables[kind].name+` where id > $1 order by id limit 300`, after)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, s := range list {
			if err := f(ctx, s); err != nil {
				return err
			}
			after = s.Ref().ID
		}
	}
}

// reindexFindings walks the findings in the order in which they were registered.
func (tx *Tx) reindexFindings(ctx context.Context) error {
	for after := int64(0); ; {
		rows, err := tx.tx.QueryContext(ctx, `select serial, state from finding where serial > $1 order by serial limit 300`, after)
		type numbered struct {
			serial int64
			state  string
		}
		list, err := all(rows, err, func(rows *sql.Rows) (x numbered, err error) {
			return x, rows.Scan(&x.serial, &x.state)
		})
		if err != nil || len(list) == 0 {
			return err
		}
		var numbers []string
		found := map[string]ledger.Finding{}
		for _, x := range list {
			s, err := ledger.DecodeState(ledger.KindFinding, []byte(x.state))
			if err != nil {
				return err
			}
			f := s.(ledger.Finding)
			numbers, found[f.Number], after = append(numbers, f.Number), f, x.serial
		}
		begun, err := tx.imported(ctx, numbers)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			if err := tx.indexImported(ctx, begun[n]); err != nil {
				return err
			}
			if err := indexFinding(ctx, tx, ledger.Finding{}, found[n], 0); err != nil {
				return err
			}
		}
	}
}

// reindexItems walks what was sent in the order in which it was.
func (tx *Tx) reindexItems(ctx context.Context) error {
	return tx.eachState(ctx, ledger.KindSubmission, func(ctx context.Context, s ledger.State) error {
		paper := s.(ledger.Submission)
		if paper.Sent.At.IsZero() {
			return nil
		}
		rows, err := tx.tx.QueryContext(ctx, `select item from submission_item where submission = $1 order by position, finding`, paper.ID)
		list, err := all(rows, err, scanText)
		if err != nil {
			return err
		}
		for _, text := range list {
			var item ledger.Item
			if err := json.Unmarshal([]byte(text), &item); err != nil {
				return fmt.Errorf("item of %s: %w", paper.ID, err)
			}
			if err := tx.indexItem(ctx, paperPassage(paper), item); err != nil {
				return err
			}
		}
		return nil
	})
}
