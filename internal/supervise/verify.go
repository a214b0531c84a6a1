package supervise

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/trail"
)

// kinds in the order in which they are verified.
var kinds = []ledger.Kind{
	ledger.KindOrganisation, ledger.KindBody, ledger.KindPerson, ledger.KindRound, ledger.KindFinding,
	ledger.KindSubmission, ledger.KindVerdict, ledger.KindOpinion, ledger.KindConsolidation, ledger.KindMechanism, ledger.KindDesign,
	ledger.KindMeeting,
	ledger.KindRecusal,
	ledger.KindImport, ledger.KindLayouts, ledger.KindHeadings,
	ledger.KindTemplate,
}

// A Verification says whether the records are what the trail says.
type Verification struct {
	Entries int64  // of the trail that were checked
	Root    string // of the tree, hex; the same as printed on letters of that size
	Records int    // rows compared with the fold of their entries
	Fault   *Fault // the first thing that does not fit; nil if all does
}

// A Fault is an entry or a row that does not fit. Code is a message key.
type Fault struct {
	Code   string     `json:"code"`
	Entry  int64      `json:"entry,omitempty"`
	Record ledger.Ref `json:"record,omitzero"`
	Column string     `json:"column,omitempty"`
}

// Verify checks every entry of the trail against the tree and against the given
// checkpoints, then folds the entries of every record and compares the result
// with its row. It reads the database at one moment and stops at the first fault.
func (s *Service) Verify(ctx context.Context, checkpoints ...trail.Checkpoint) (v Verification, err error) {
	err = s.DB.Snapshot(ctx, func(r store.Reader) error {
		if err := v.trail(ctx, r, checkpoints); err != nil || v.Fault != nil {
			return err
		}
		for _, kind := range kinds {
			if err := v.rows(ctx, r, kind); err != nil || v.Fault != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

func (v *Verification) trail(ctx context.Context, r store.Reader, checkpoints []trail.Checkpoint) error {
	head, root, err := r.Head(ctx)
	if err != nil {
		return err
	}
	if trail.HexHash(head.Root()) != root {
		v.Fault = &Fault{Code: "verify.head"}
		return nil
	}
	kept := head.Checkpoint("", time.Time{})
	report, err := trail.Verify(r.Entries(ctx), trail.Frontier{}, append(slices.Clone(checkpoints), kept)...)
	if err != nil {
		return err
	}
	v.Entries, v.Root = report.Checked.Size, trail.HexHash(report.Checked.Root())
	switch {
	case report.Fault != nil:
		v.Fault = &Fault{Code: string(report.Fault.Code), Entry: report.Fault.Seq}
	case report.Checked.Size != head.Size:
		v.Fault = &Fault{Code: "verify.head", Entry: report.Checked.Size}
	}
	return nil
}

// rows compares every row of a kind with the fold of its entries, and sees that
// no record of the trail has lost its row.
func (v *Verification) rows(ctx context.Context, r store.Reader, kind ledger.Kind) error {
	count := 0
	for after := ""; ; {
		ids, err := r.IDs(ctx, kind, after, 500)
		if err != nil {
			return fmt.Errorf("verify %s: %w", kind, err)
		}
		for _, id := range ids {
			if err := v.row(ctx, r, ledger.Ref{Kind: kind, ID: id}); err != nil || v.Fault != nil {
				return err
			}
			count++
			after = id
		}
		if len(ids) == 0 {
			break
		}
	}
	v.Records += count
	missing, err := r.Rowless(ctx, kind)
	if err != nil {
		return err
	}
	if missing != "" {
		v.Fault = &Fault{Code: "verify.row_missing", Record: ledger.Ref{Kind: kind, ID: missing}}
	}
	return nil
}

func (v *Verification) row(ctx context.Context, r store.Reader, ref ledger.Ref) error {
	state, items, err := refold(ctx, r, ref)
	if err != nil {
		return err
	}
	if state.Ver() == 0 {
		v.Fault = &Fault{Code: "verify.row_unknown", Record: ref}
		return nil
	}
	column, err := r.Differs(ctx, state)
	if err != nil {
		return err
	}
	if column != "" {
		v.Fault = &Fault{Code: "verify.row_differs", Record: ref, Column: column}
		return nil
	}
	return v.items(ctx, r, ref, items)
}

// items compares what submissions keep of a finding with what was sent.
func (v *Verification) items(ctx context.Context, r store.Reader, ref ledger.Ref, sent []ledger.ItemSent) error {
	for _, s := range sent {
		kept, err := r.Item(ctx, s.Submission, s.Item.Finding)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil || !reflect.DeepEqual(kept, s.Item) {
			v.Fault = &Fault{Code: "verify.item_differs", Record: ref, Column: s.Submission}
			return nil
		}
	}
	return nil
}

// refold applies the entries of one record, in order, to its blank state. It
// also returns what the record put into submissions.
func refold(ctx context.Context, r store.Reader, ref ledger.Ref) (state ledger.State, sent []ledger.ItemSent, err error) {
	if state, err = ledger.BlankState(ref); err != nil {
		return nil, nil, err
	}
	entries, err := r.EntriesOf(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	for _, entry := range entries {
		event, err := ledger.DecodeEvent(entry.Event, entry.Body)
		if err != nil {
			return nil, nil, fmt.Errorf("trail entry %d: %w", entry.Seq, err)
		}
		if item, ok := event.(ledger.ItemSent); ok {
			sent = append(sent, item)
		}
		state = state.Apply(event)
	}
	return state, sent, nil
}
