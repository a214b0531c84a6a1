package store

import (
	"context"
	"database/sql"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// Unsaid picks the findings on which the organisation has not said whether it
// agrees; Contested those with which it does not agree in full.
const (
	Unsaid    ledger.Position = "unsaid"
	Contested ledger.Position = "contested"
)

// Extended picks findings by what was asked about their deadline.
type Extended string

// The picks.
const (
	ExtensionPending Extended = "pending" // asked and not decided
	ExtensionAsked   Extended = "asked"   // at least once
	ExtensionGranted Extended = "granted" // at least once
)

// life adds what became of the findings themselves. A code that is none of ours
// picks nothing: it came from an address.
func (f Filter) life(w *where) {
	switch f.Position {
	case "":
	case Unsaid:
		w.and("acknowledged = ''")
	case Contested:
		w.and("acknowledged in ('partly', 'disagrees')")
	default:
		w.and("acknowledged = ?", string(f.Position))
	}
	switch f.Extension {
	case "":
	case ExtensionPending:
		w.and("extension_pending = 1")
	case ExtensionAsked:
		w.and("extensions_asked > 0")
	case ExtensionGranted:
		w.and("extensions_granted > 0")
	default:
		w.and("1 = 0")
	}
}

// A Lot counts the findings of an organisation that ended alike and of which it
// holds the same.
type Lot struct {
	Organisation string
	Outcome      mechanism.Outcome // "" for those that neither ended nor rest
	Position     ledger.Position   // "" where the organisation has said nothing
	Count        int
	Pending      int // requests for a later deadline that wait
	Asked        int // requests at all
	Granted      int
	Extended     int // findings with a request at all
	Moved        int // findings with a granted one
}

// Lots counts a round in one pass over one index.
func (r Reader) Lots(ctx context.Context, scope policy.Scope, round int) ([]Lot, error) {
	w := Filter{Round: round}.where(r.d, scope)
	list, err := recall(ctx, r, `
		select organisation, outcome, acknowledged, count(*), cast(sum(extension_pending) as bigint),
		       cast(sum(extensions_asked) as bigint), cast(sum(extensions_granted) as bigint),
		       count(*) filter (where extensions_asked > 0), count(*) filter (where extensions_granted > 0)
		from   finding `+w.String()+`
		group  by organisation, outcome, acknowledged
		order  by organisation, outcome, acknowledged`, w.args, func(rows *sql.Rows) (x Lot, err error) {
		return x, rows.Scan(&x.Organisation, &x.Outcome, &x.Position, &x.Count, &x.Pending, &x.Asked, &x.Granted, &x.Extended, &x.Moved)
	})
	if err != nil {
		return nil, fmt.Errorf("count outcomes of round %d: %w", round, err)
	}
	return list, nil
}
