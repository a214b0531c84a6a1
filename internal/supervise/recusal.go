package supervise

import (
	"context"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// recusal returns the one that keeps the actor, or the principal they deputise for,
// away from what the act judges; the zero Recusal for none. A meeting speaks of
// several organisations, so there it is that of the item.
func recusal(ctx context.Context, tx *store.Tx, who policy.Actor, act ledger.Act, subject ledger.Subject) (ledger.Recusal, error) {
	if !ledger.Judges(act) {
		return ledger.Recusal{}, nil
	}
	if resolve, ok := act.(ledger.Resolve); ok {
		s, err := tx.Submission(ctx, resolve.Submission)
		if err != nil {
			return ledger.Recusal{}, err
		}
		subject = s.Subject()
	}
	return tx.RecusalOf(ctx, subject, who.Person, who.Principal)
}
