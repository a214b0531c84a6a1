package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
)

// Submission returns the submission with the identity.
func (r Reader) Submission(ctx context.Context, id string) (ledger.Submission, error) {
	return load[ledger.Submission](ctx, r, ledger.SubmissionRef(id))
}

// LatestSubmission returns the newest version of the document, prepared or
// sent; the zero Submission if there is none yet.
func (r Reader) LatestSubmission(ctx context.Context, round int, organisation string, doc mechanism.Doc) (ledger.Submission, error) {
	list, err := states[ledger.Submission](ctx, r, ledger.KindSubmission, `
		select state from submission
		where  round = $1 and organisation = $2 and doc = $3
		order  by number desc limit 1`, round, organisation, string(doc))
	if err != nil || len(list) == 0 {
		return ledger.Submission{}, err
	}
	return list[0], nil
}

// Item returns what the submission says about the finding.
func (r Reader) Item(ctx context.Context, submission, finding string) (ledger.Item, error) {
	var text string
	var item ledger.Item
	err := one(r.q.QueryRowContext(ctx,
		`select item from submission_item where submission = $1 and finding = $2`, submission, finding), &text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &item)
	}
	if err != nil {
		return item, fmt.Errorf("item %s of %s: %w", finding, submission, err)
	}
	return item, nil
}

// Verdict returns one party's verdict, or ErrNotFound.
func (r Reader) Verdict(ctx context.Context, id string) (ledger.Verdict, error) {
	return load[ledger.Verdict](ctx, r, ledger.Ref{Kind: ledger.KindVerdict, ID: id})
}

// Consolidation returns that of the finding in the submission; the zero one if
// there is none yet.
func (r Reader) Consolidation(ctx context.Context, submission, finding string) (ledger.Consolidation, error) {
	c, err := load[ledger.Consolidation](ctx, r, ledger.ConsolidationRef(submission, finding))
	if errors.Is(err, ErrNotFound) {
		return ledger.Consolidation{}, nil
	}
	return c, err
}
