package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"lianshen/internal/ledger"
	"lianshen/internal/trail"
)

// frontier is the head of the trail during one transaction.
type frontier struct {
	trail.Frontier
	moved bool
}

// takeHead locks the head row, which makes writers take turns, and reads it.
// A transaction that computed max(seq)+1 instead would fail under load:
// docs/sql.md has the measurement.
func takeHead(ctx context.Context, tx *sql.Tx) (*frontier, error) {
	var size int64
	var edge string
	row := tx.QueryRowContext(ctx, `update trail_head set one = 1 returning size, edge`)
	if err := one(row, &size, &edge); err != nil {
		return nil, fmt.Errorf("take the head of the trail: %w", err)
	}
	f, err := trail.ParseFrontier(size, edge)
	if err != nil {
		return nil, err
	}
	return &frontier{Frontier: f}, nil
}

func (tx *Tx) putHead(ctx context.Context) error {
	if !tx.log.moved {
		return nil
	}
	err := tx.exec(ctx, `update trail_head set size = $1, edge = $2, root = $3`,
		tx.log.Size, tx.log.EdgeText(), trail.HexHash(tx.log.Root()))
	if err != nil {
		return fmt.Errorf("move the head of the trail: %w", err)
	}
	return nil
}

// Who is the author of trail entries: a person and whom they act for.
type Who struct{ Person, For string }

// append adds one entry to the trail and returns its number.
func (tx *Tx) append(ctx context.Context, who Who, ref ledger.Ref, e ledger.Event) (int64, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return 0, fmt.Errorf("encode event %s: %w", ledger.EventName(e), err)
	}
	entry := trail.Entry{
		Seq: tx.log.Size + 1, At: tx.Now.UnixMicro(), Actor: who.Person, For: who.For,
		Kind: string(ref.Kind), ID: ref.ID, Event: ledger.EventName(e), Body: body,
	}
	leaf := trail.Leaf(entry)
	tx.log.Frontier, _ = tx.log.Append(leaf)
	tx.log.moved = true
	err = tx.exec(ctx, `
		insert into trail (seq, at, actor, acted_for, kind, id, event, body, leaf)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		entry.Seq, entry.At, entry.Actor, entry.For, entry.Kind, entry.ID, entry.Event, string(body), trail.HexHash(leaf))
	if err != nil {
		return 0, fmt.Errorf("append to the trail: %w", err)
	}
	return entry.Seq, nil
}

const trailColumns = `seq, at, actor, acted_for, kind, id, event, body, leaf`

func scanRecord(rows *sql.Rows) (r trail.Record, err error) {
	var body, leaf string
	if err = rows.Scan(&r.Seq, &r.At, &r.Actor, &r.For, &r.Kind, &r.ID, &r.Event, &body, &leaf); err != nil {
		return r, err
	}
	r.Body = json.RawMessage(body)
	r.Leaf, err = trail.ParseHash(leaf)
	if err != nil {
		return r, fmt.Errorf("trail entry %d: %w", r.Seq, err)
	}
	return r, nil
}

// History returns the newest entries of one record, at most limit, newest first.
func (r Reader) History(ctx context.Context, ref ledger.Ref, limit int) ([]trail.Record, error) {
	rows, err := r.q.QueryContext(ctx, `
		select `+trailColumns+` from trail
		where  kind = $1 and id = $2
		order  by seq desc limit $3`, string(ref.Kind), ref.ID, limit)
	list, err := all(rows, err, scanRecord)
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", ref, err)
	}
	return list, nil
}

// Trail returns entries after the given number in order, at most limit.
func (r Reader) Trail(ctx context.Context, after int64, limit int) ([]trail.Record, error) {
	rows, err := r.q.QueryContext(ctx, `
		select `+trailColumns+` from trail where seq > $1 order by seq limit $2`, after, limit)
	list, err := all(rows, err, scanRecord)
	if err != nil {
		return nil, fmt.Errorf("read the trail after %d: %w", after, err)
	}
	return list, nil
}

// Latest returns entries before the given number, newest first; 0 is the end.
func (r Reader) Latest(ctx context.Context, before int64, limit int) ([]trail.Record, error) {
	rows, err := r.q.QueryContext(ctx, `
		select `+trailColumns+` from trail
		where  seq < $1 or $1 = 0 order by seq desc limit $2`, before, limit)
	list, err := all(rows, err, scanRecord)
	if err != nil {
		return nil, fmt.Errorf("read the end of the trail: %w", err)
	}
	return list, nil
}

// Entries walks the whole trail in order, a thousand entries at a time.
func (r Reader) Entries(ctx context.Context) iter.Seq2[trail.Record, error] {
	return func(yield func(trail.Record, error) bool) {
		for after := int64(0); ; {
			list, err := r.Trail(ctx, after, 1000)
			if err != nil {
				yield(trail.Record{}, err)
				return
			}
			for _, rec := range list {
				if !yield(rec, nil) {
					return
				}
				after = rec.Seq
			}
			if len(list) == 0 {
				return
			}
		}
	}
}

// Head returns the size of the trail and the root of its tree, as kept.
func (r Reader) Head(ctx context.Context) (trail.Frontier, string, error) {
	var size int64
	var edge, root string
	if err := one(r.q.QueryRowContext(ctx, `select size, edge, root from trail_head`), &size, &edge, &root); err != nil {
		return trail.Frontier{}, "", fmt.Errorf("read the head of the trail: %w", err)
	}
	f, err := trail.ParseFrontier(size, edge)
	return f, root, err
}

// EntriesOf returns all entries of one record in their order.
func (r Reader) EntriesOf(ctx context.Context, ref ledger.Ref) ([]trail.Record, error) {
	rows, err := r.q.QueryContext(ctx, `
		select `+trailColumns+` from trail where kind = $1 and id = $2 order by seq`, string(ref.Kind), ref.ID)
	list, err := all(rows, err, scanRecord)
	if err != nil {
		return nil, fmt.Errorf("entries of %s: %w", ref, err)
	}
	return list, nil
}

// Rowless returns a record of the kind that the trail knows and that has no row;
// "" if there is none.
func (r Reader) Rowless(ctx context.Context, kind ledger.Kind) (string, error) {
	rows, err := r.q.QueryContext(ctx, `
		select id from trail
		where  kind = $1 and not exists (select 1 from `+tables[kind].name+` t where t.id = trail.id)
		limit  1`, string(kind))
	ids, err := all(rows, err, scanText)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}
