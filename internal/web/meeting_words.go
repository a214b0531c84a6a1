package web

import (
	"context"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

func presentHue(is bool) string {
	if is {
		return ui.Green
	}
	return ui.Grey
}

func presentIcon(is bool) string {
	if is {
		return "check"
	}
	return "minus"
}

func presentKey(is bool) string {
	if is {
		return "meet.present"
	}
	return "meet.absent"
}

// seatWords says for whom somebody attends, and what was noted of them.
func seatWords(ctx context.Context, m mechanism.Mechanism, a ledger.Attendee) string {
	party, _ := m.Party(a.Party)
	words := named(ctx, party.Name, party.NameEn)
	if a.Note == "" {
		return words
	}
	return strings.TrimPrefix(words+" · "+a.Note, " · ")
}

// ownID gives a control of a second form on a page an identity of its own.
func ownID(f ui.Field, form string) ui.Field {
	f.ID = form + "-" + f.Name
	return f
}
