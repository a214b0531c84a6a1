package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
)

// lifeCounts are the figures of what organisations hold of their findings, of
// later deadlines, and of other outcomes than rectified.
type lifeCounts struct {
	All              int
	Positions        map[ledger.Position]int
	Contested        int
	Outcomes         map[mechanism.Outcome]int
	Settled          int // all outcomes but rectified and continuing
	Asked, Granted   int // requests
	Pending          int
	Extended, Moved  int // findings
	PendingBy, ByOrg map[string]int
}

func countLife(lots []store.Lot) lifeCounts {
	c := lifeCounts{
		Positions: map[ledger.Position]int{}, Outcomes: map[mechanism.Outcome]int{}, PendingBy: map[string]int{}, ByOrg: map[string]int{},
	}
	for _, x := range lots {
		c.All += x.Count
		c.Positions[x.Position] += x.Count
		if (ledger.Acknowledgement{Position: x.Position}).Contested() {
			c.Contested += x.Count
			c.ByOrg[x.Organisation] += x.Count
		}
		c.Outcomes[x.Outcome] += x.Count
		if x.Outcome != "" && x.Outcome != mechanism.Rectified && x.Outcome != mechanism.Continuing {
			c.Settled += x.Count
		}
		c.Asked, c.Granted, c.Pending = c.Asked+x.Asked, c.Granted+x.Granted, c.Pending+x.Pending
		c.Extended, c.Moved = c.Extended+x.Extended, c.Moved+x.Moved
		if x.Pending > 0 {
			c.PendingBy[x.Organisation] += x.Pending
		}
	}
	return c
}

// shown is a count of a view, which is absent where there is nothing in it.
func (lifeCounts) shown(n int) int {
	if n == 0 {
		return -1
	}
	return n
}

// lifeFilters are the filters of a finding's own life, where there is something
// to tell apart.
func (d ledgerData) lifeFilters(ctx context.Context) (list []listFilter) {
	word := func(prefix string) func(string) string {
		return func(code string) string { return wordOf(lang.From(ctx), prefix+code, code) }
	}
	if d.Round.Mechanism.Acceptance || d.Query.get("position") != "" {
		codes := []string{string(ledger.Agrees), string(ledger.PartlyAgrees), string(ledger.Disagrees), string(store.Contested), string(store.Unsaid)}
		list = append(list, d.filter(ctx, "position", "signature", "ledger_page.position", codes, word("position.")))
	}
	if d.Life.Asked > 0 || d.Query.get("extension") != "" {
		codes := []string{string(store.ExtensionPending), string(store.ExtensionAsked), string(store.ExtensionGranted)}
		list = append(list, d.filter(ctx, "extension", "calendar-due", "ledger_page.extension", codes, word("ledger_page.extension.")))
	}
	if d.Life.Settled+d.Life.Outcomes[mechanism.Continuing] > 0 || d.Query.get("outcome") != "" {
		codes := []string{}
		for _, o := range mechanism.Outcomes() {
			if d.Life.Outcomes[o] > 0 {
				codes = append(codes, string(o))
			}
		}
		list = append(list, d.filter(ctx, "outcome", "checks", "ledger_page.outcome", codes, word("outcome.")))
	}
	return list
}

// lifeRow is one count with the list behind it.
type lifeRow struct {
	Group, Label, Href string
	Value              int
}

// lifeRows are the counts of the overview. Each is a number of findings, so that
// the list behind it is as long as the number; the requests themselves, of which
// a finding may have several, are named in the label.
func (v overviewView) lifeRows(ctx context.Context) (rows []lifeRow) {
	n, c := v.Round.Number, v.Life
	group := ""
	add := func(key, label, href string, value int) {
		word := lang.T(ctx, key)
		if word == group {
			word = ""
		} else {
			group = word
		}
		rows = append(rows, lifeRow{word, label, href, value})
	}
	if v.Round.Mechanism.Acceptance {
		for _, p := range append(ledger.Positions(), store.Unsaid) {
			count := c.Positions[p]
			if p == store.Unsaid {
				count = c.Positions[""]
			}
			add("overview.life.positions", positionWord(ctx, p), ledgerPath(n, "position", string(p)), count)
		}
	}
	if c.Asked > 0 {
		to := func(e store.Extended) string { return ledgerPath(n, "extension", string(e)) }
		add("overview.life.extensions", lang.T(ctx, "overview.life.asked", c.Asked), to(store.ExtensionAsked), c.Extended)
		add("overview.life.extensions", lang.T(ctx, "overview.life.granted", c.Granted), to(store.ExtensionGranted), c.Moved)
		add("overview.life.extensions", lang.T(ctx, "overview.life.pending"), to(store.ExtensionPending), c.Pending)
	}
	for _, o := range mechanism.Outcomes() {
		if k := c.Outcomes[o]; k > 0 && o != mechanism.Rectified {
			add("finding.outcome", outcomeWord(ctx, o), ledgerPath(n, "outcome", string(o)), k)
		}
	}
	return rows
}
