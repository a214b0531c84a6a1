package store

import (
	"context"
	"errors"
	"fmt"

	"lianshen/internal/ledger"
)

// Mechanism returns what the installation has published under the code; without
// versions if that is nothing.
func (r Reader) Mechanism(ctx context.Context, code string) (ledger.Mechanism, error) {
	m, err := load[ledger.Mechanism](ctx, r, ledger.MechanismRef(code))
	if errors.Is(err, ErrNotFound) {
		return ledger.Mechanism{Code: code}, nil
	}
	return m, err
}

// Mechanisms returns all that the installation has published, by code.
func (r Reader) Mechanisms(ctx context.Context) ([]ledger.Mechanism, error) {
	list, err := states[ledger.Mechanism](ctx, r, ledger.KindMechanism, `select state from mechanism order by id limit 1000`)
	if err != nil {
		return nil, fmt.Errorf("list mechanisms: %w", err)
	}
	return list, nil
}
