package store

import (
	"context"
	"fmt"

	"lianshen/internal/ledger"
)

func init() {
	register(ledger.KindDesign, "design", "name withdrawn", func(s ledger.State, _ *Tx) []any {
		d := s.(ledger.Design)
		return []any{d.Terms.Name, bit(d.Withdrawn)}
	}, nil)
}

// Design returns the design with the code, or ErrNotFound.
func (r Reader) Design(ctx context.Context, code string) (ledger.Design, error) {
	return load[ledger.Design](ctx, r, ledger.DesignRef(code))
}

// Designs returns all designs, by code; withdrawn ones only where asked for.
func (r Reader) Designs(ctx context.Context, withdrawn bool) ([]ledger.Design, error) {
	cond := "where withdrawn = 0"
	if withdrawn {
		cond = ""
	}
	list, err := states[ledger.Design](ctx, r, ledger.KindDesign, `select state from design `+cond+` order by id limit 500`)
	if err != nil {
		return nil, fmt.Errorf("list designs: %w", err)
	}
	return list, nil
}
