package web

import (
	"slices"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// textOf is everything a document prints, a line for each paragraph and cell.
func textOf(d paper.Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		switch x := block.(type) {
		case paper.Paragraph:
			b.WriteString(x.Lead + x.Text + "\n")
		case paper.Table:
			for _, row := range x.Rows {
				for _, c := range row.Cells {
					b.WriteString(c.Text + "\n")
				}
			}
		}
	}
	return b.String()
}

// Every letter of the sample, laid out in every way: each opinion that was
// delivered stands in an entry that names it, and each entry is printed once.
func TestEveryDeliveredOpinionStandsInItsLetterOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	db, scope := w.Supervise.DB.Read(), policy.ScopeOf(cast["leader"])
	papers, err := db.Papers(t.Context(), scope, store.PaperFilter{Round: 8})
	if err != nil {
		t.Fatal(err)
	}
	organisations, delivered := map[string]bool{}, 0
	for _, paper := range papers {
		if paper.Letter.At.IsZero() {
			continue
		}
		organisations[paper.Organisation] = true
		l, err := w.letter(t.Context(), cast["leader"], paper.ID)
		if err != nil {
			t.Fatal(err)
		}
		opinions, err := db.Opinions(t.Context(), scope, store.VoiceFilter{Submission: paper.ID})
		if err != nil {
			t.Fatal(err)
		}
		delivered += tracedToEntries(t, l, opinions)
		for _, group := range []mechanism.Group{mechanism.ByFinding, mechanism.ByCriterion, mechanism.ByParty} {
			l.Round.Mechanism.Letter = mechanism.Letter{Group: group, Origins: true}
			printedOnce(t, l)
		}
	}
	if len(organisations) != 7 || delivered < 40 {
		t.Errorf("letters of %d organisations carry %d opinions; want those of 7", len(organisations), delivered)
	}
}

// tracedToEntries counts the opinions that the letter carries and sees that each
// stands among the origins of its entry, and nothing else does.
func tracedToEntries(t *testing.T, l letter, opinions []ledger.Opinion) int {
	t.Helper()
	carried := map[string]int{}
	for _, c := range l.Made {
		for _, e := range c.Entries {
			for _, id := range e.Origins {
				carried[id]++
			}
		}
	}
	for _, o := range opinions {
		if (o.Entry > 0) != (carried[o.ID] == 1) {
			t.Errorf("opinion %s is in entry %d and an origin %d times", o.ID, o.Entry, carried[o.ID])
		}
	}
	return len(carried)
}

// printedOnce sees that each entry is a line of the letter exactly as often as
// entries say the same, and that it names who raised it, where a party did.
func printedOnce(t *testing.T, l letter) {
	t.Helper()
	lines := strings.Split(textOf(l.write().Document()), "\n")
	for _, c := range l.Made {
		for _, e := range c.Entries {
			want := 0
			for _, other := range l.Made {
				same := func(x ledger.Entry) bool { return entryText(x)+l.raisedBy(x) == entryText(e)+l.raisedBy(e) }
				want += len(slices.DeleteFunc(slices.Clone(other.Entries), func(x ledger.Entry) bool { return !same(x) }))
			}
			got := 0
			for _, line := range lines {
				if strings.HasSuffix(line, entryText(e)+l.raisedBy(e)) {
					got++
				}
			}
			if got != want || (l.raisedBy(e) == "") != (len(e.Origins) == 0) {
				t.Errorf("%s by %q: an entry on %s is printed %d times, want %d: %s", l.Submission.ID, l.Round.Mechanism.Letter.Group, c.Finding, got, want, e.Text)
			}
		}
	}
}
