package web

import (
	"context"
	"net/url"
	"slices"
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

	Papers map[string]ledger.Submission // sent last, by identity; of those left out nobody is known to be passed over
}

func ledgerRows(ctx context.Context, rows []store.Row, given map[string][]store.Spoken, c rowContext) []ledgerRow {
	out := make([]ledgerRow, len(rows))
	l := lang.From(ctx)
	for i, f := range rows {
		row := ledgerRow{
			Row: f, Href: findingPath(f.Number), Organisation: c.Names[f.Organisation],
			State: string(f.Stage), StateWord: lang.Say(l, "stage."+string(f.Stage)), DueText: lang.ShortDate(f.Due, c.Today.String()),
			Seals: c.partySeals(ctx, f, given[f.Number]),
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

// partySeals draws one square for each party that judges the finding's version sent
// last. A conclusion that is not among given's is not known to the reader.
func (c rowContext) partySeals(ctx context.Context, f store.Row, given []store.Spoken) []ui.Seal {
	m := c.Round.Mechanism
	said, paper := map[joint.Party]store.Spoken{}, c.Papers[lastPaper(f, given)]
	for _, g := range given {
		said[g.Party] = g
	}
	if paper.Doc == "" {
		paper.Doc = unreadDoc(f)
	}
	doc, _ := m.Document(paper.Doc)
	panel := seats(m, m.Panel(paper.Doc, f.OrganCadre))
	seals := make([]ui.Seal, len(panel))
	for i, p := range panel {
		seals[i] = partySeal(ctx, p, ui.Waiting)
		if g, spoken := said[p.Code]; spoken {
			seals[i].Verdict, seals[i].Word = sealOf(ctx, m, g.Conclusion, c.Scope)
		} else if c.Scope.Verdicts != policy.NoVerdicts && paper.Passes(p.Code, doc.Late, c.Today) {
			seals[i].Word = conclusionWord(ctx, m, joint.Passed)
		}
	}
	return seals
}

// lastPaper is the submission that the seals of a row speak of: the report sent last
// or, before the first, what was spoken of; "" where nothing was sent or said.
func lastPaper(f store.Row, given []store.Spoken) string {
	if f.LastReport == "" && len(given) > 0 {
		return given[0].Submission
	}
	return f.LastReport
}

// unreadDoc is the document that the parties are to judge next, where none has been read.
func unreadDoc(f store.Row) mechanism.Doc {
	if f.LastReport == "" {
		return mechanism.Plan
	}
	return mechanism.Report
}

// lastPapers lists the submissions of which the seals of a list speak.
func lastPapers(rows []store.Row, given map[string][]store.Spoken) (ids []string) {
	for _, f := range rows {
		if id := lastPaper(f, given[f.Number]); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
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
