package web

import (
	"context"
	"net/url"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// ledgerRow is one line of the ledger as it is drawn.
type ledgerRow struct {
	store.Row
	Href, Organisation string
	Light, LightText   string
	State, StateWord   string
	DueText            string
	Seals              []ui.Seal
}

// rowContext is what all rows of a list have in common.
type rowContext struct {
	Round ledger.Round
	Names map[string]string // of organisations, by code
	Today workday.Date
	Scope policy.Scope
}

func ledgerRows(ctx context.Context, rows []store.Row, given map[string][]store.Spoken, c rowContext) []ledgerRow {
	out := make([]ledgerRow, len(rows))
	l := lang.From(ctx)
	for i, f := range rows {
		row := ledgerRow{
			Row: f, Href: findingPath(f.Number), Organisation: c.Names[f.Organisation],
			State: string(f.Stage), StateWord: lang.Say(l, "stage."+string(f.Stage)), DueText: lang.ShortDate(f.Due, c.Today.String()),
			Seals: partySeals(ctx, c.Round.Mechanism, given[f.Number], c.Scope),
		}
		if row.Organisation == "" {
			row.Organisation = f.Organisation
		}
		row.Light, row.LightText = light(ctx, c.Today, f.Due, f.Running)
		out[i] = row
	}
	return out
}

// findingPath is the address of a finding, followed by the parts.
func findingPath(number string, parts ...string) string {
	return "/findings/" + url.PathEscape(number) + strings.Join(append([]string{""}, parts...), "/")
}

// partySeals draws one square for each party of the mechanism. A conclusion that
// is not among given's is not known to the reader.
func partySeals(ctx context.Context, m mechanism.Mechanism, given []store.Spoken, scope policy.Scope) []ui.Seal {
	said := map[joint.Party]store.Spoken{}
	for _, g := range given {
		said[g.Party] = g
	}
	seals := make([]ui.Seal, len(m.Parties))
	for i, p := range m.Parties {
		seals[i] = ui.Seal{Mark: p.Seal, Name: named(ctx, p.Name, p.NameEn), Verdict: ui.Waiting}
		if g, spoken := said[p.Code]; spoken {
			seals[i].Verdict, seals[i].Word = sealOf(ctx, m, g.Conclusion, scope)
		}
	}
	return seals
}

func sealOf(ctx context.Context, m mechanism.Mechanism, c joint.Conclusion, scope policy.Scope) (verdict, word string) {
	switch c {
	case joint.Agree:
		return ui.Pass, conclusionWord(ctx, m, c)
	case joint.Continue:
		return ui.Basic, conclusionWord(ctx, m, c)
	case joint.Return:
		return ui.Fail, conclusionWord(ctx, m, c)
	case joint.Abstained, joint.Passed:
		return ui.Waiting, conclusionWord(ctx, m, c)
	}
	if scope.Verdicts != policy.OwnThenAll {
		return ui.Sealed, lang.T(ctx, "ledger_page.seal.given")
	}
	return ui.Sealed, ""
}

// conclusionWord is what the mechanism of the round calls a conclusion.
func conclusionWord(ctx context.Context, m mechanism.Mechanism, c joint.Conclusion) string {
	for _, w := range m.Conclusions {
		if w.Code == string(c) {
			return named(ctx, w.Name, w.NameEn)
		}
	}
	return lang.T(ctx, "conclusion."+string(c))
}
