package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// partyWork is how far one party is with one submission. It holds counts and days,
// nothing of what was judged, and may be shown while blind.
type partyWork struct {
	Party    mechanism.Party
	Done, Of int          // findings judged, of those put to the party
	By       workday.Date // zero for no deadline
	Late     bool         // its time has passed and something is left
	Passed   bool         // it is not waited for
}

// left is how many findings are still waited for.
func (w partyWork) left() int {
	if w.Passed {
		return 0
	}
	return max(0, w.Of-w.Done)
}

// works are the parties of the panel of a submission with the findings and the
// flagged ones among them. Only the document, the times and who was passed over are
// read from the submission.
func works(m mechanism.Mechanism, s ledger.Submission, findings, flagged int, given map[joint.Party]int, today workday.Date) []partyWork {
	doc, _ := m.Document(s.Doc)
	whole := m.Panel(s.Doc, false)
	var list []partyWork
	for _, code := range m.Panel(s.Doc, true) {
		party, _ := m.Party(code)
		w := partyWork{Party: party, Done: given[code], Of: findings, By: s.DueOf(code)}
		if !slices.Contains(whole, code) {
			w.Of = flagged
		}
		open := w.Done < w.Of
		w.Late, w.Passed = open && s.Overdue(code, today), open && s.Passes(code, doc.Late, today)
		list = append(list, w)
	}
	return list
}

func workOf(list []partyWork, party joint.Party) (partyWork, bool) {
	i := slices.IndexFunc(list, func(w partyWork) bool { return w.Party.Code == party })
	if i < 0 {
		return partyWork{}, false
	}
	return list[i], true
}

// cell shows the work in a progress matrix.
func (w partyWork) cell(ctx context.Context) ui.Progress {
	p := ui.Progress{Done: min(w.Done, w.Of), Of: w.Of}
	switch {
	case w.Passed:
		p.Note = lang.T(ctx, "conclusion.passed")
	case w.Late:
		p.Note, p.Hue = lang.T(ctx, "review.late.since", lang.ShortDate(w.By.String(), w.By.String())), ui.Red
	case w.By != workday.Date{} && w.left() > 0:
		p.Note = lang.T(ctx, "review.due", lang.ShortDate(w.By.String(), w.By.String()))
	}
	return p
}

// flagged counts the flagged findings of the submissions where the mechanism puts
// only those to some party; else nobody asks.
func flagged(ctx context.Context, db store.Reader, m mechanism.Mechanism, submissions []string) (map[string]int, error) {
	some := slices.ContainsFunc(m.Parties, func(p mechanism.Party) bool { return p.Sees != mechanism.SeesAll })
	if !some || len(submissions) == 0 {
		return nil, nil
	}
	return db.Flagged(ctx, submissions)
}
