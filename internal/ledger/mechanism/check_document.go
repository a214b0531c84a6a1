package mechanism

import (
	"slices"

	"lianshen/internal/ledger/joint"
)

func (c *checker) documents() {
	seen := map[string]bool{}
	for i, d := range c.m.Documents {
		path := nth("documents", i)
		if !slices.Contains(Docs(), d.Code) {
			c.flaw(at(path, "code"), "mechanism.document_unknown", string(d.Code))
		}
		c.twice(at(path, "code"), string(d.Code), seen)
		c.names(path, d.Name, d.NameEn)
		c.document(path, d)
	}
	for _, doc := range []Doc{Plan, Report} {
		if !seen[string(doc)] {
			c.flaw("documents", "mechanism.document_missing", string(doc))
		}
	}
}

func (c *checker) document(path string, d Document) {
	c.panel(path, d)
	c.criteria(at(path, "criteria"), d)
	if len(d.Words) > 0 {
		c.scale(at(path, "words"), d.Words)
	}
	if len(d.Grades) == 1 || len(d.Grades) > maxWords {
		c.flaw(at(path, "grades"), "mechanism.scale_length", len(d.Grades), maxWords)
	}
	c.words(at(path, "grades"), d.Grades)
	c.choice(at(path, "mode"), string(d.Mode), string(Circulated), string(OnTheSpot))
	c.time(path, d)
	c.count(at(path, "most_returns"), d.Returns)
	c.rule(at(path, "rule"), d)
}

// panel sees that somebody judges every finding, be it flagged or not.
func (c *checker) panel(path string, d Document) {
	path = at(path, "parties")
	known := true
	seen := map[string]bool{}
	for i, p := range d.Parties {
		c.twice(nth(path, i), string(p), seen)
		known = c.known(nth(path, i), p) && known
	}
	if known && len(c.m.Parties) > 0 && len(c.m.Panel(d.Code, false)) == 0 {
		c.flaw(path, "mechanism.panel_empty", d.Label(), c.labels(c.m.Panel(d.Code, true)))
	}
}

func (c *checker) criteria(path string, d Document) {
	switch {
	case len(d.Criteria) == 0:
		c.flaw(path, "mechanism.criteria_missing", d.Label())
	case len(d.Criteria) > maxCriteria:
		c.flaw(path, "mechanism.too_many", maxCriteria)
	}
	seen := map[string]bool{}
	for i, x := range d.Criteria {
		one := nth(path, i)
		c.code(at(one, "code"), x.Code)
		c.twice(at(one, "code"), x.Code, seen)
		c.names(one, x.Name, x.NameEn)
		c.length(at(one, "hint"), x.Hint, maxHint)
		c.length(at(one, "hint_en"), x.HintEn, maxHint)
	}
}

// time checks the deadlines and what follows from missing one.
func (c *checker) time(path string, d Document) {
	c.days(at(path, "days"), d.Days)
	seen := map[string]bool{}
	for i, x := range d.DaysOf {
		one := nth(at(path, "days_of"), i)
		c.twice(at(one, "party"), string(x.Party), seen)
		c.seated(at(one, "party"), d, x.Party)
		c.days(at(one, "days"), x.Days)
	}
	c.choice(at(path, "late"), string(d.Late), string(LateWaits), string(LatePassed), string(LateShut))
	if d.Late != LateWaits && d.Days == 0 && len(d.DaysOf) == 0 {
		c.flaw(at(path, "late"), "mechanism.late_without_days", d.Label())
	}
}

// rule sees that no answer is waited for that cannot come.
func (c *checker) rule(path string, d Document) {
	c.seats(at(path, "required"), d, d.Rule.Required)
	c.seats(at(path, "veto"), d, d.Rule.Veto)
	panel := c.m.Panel(d.Code, false)
	c.waits(at(path, "required"), d, panel)
	c.votes(at(path, "quorum"), d, d.Rule.Quorum, panel)
	c.votes(at(path, "agrees"), d, d.Rule.Agrees, panel)
	c.choice(at(path, "abstain"), string(d.Rule.Abstain),
		string(joint.AbstainNot), string(joint.AbstainAbsent), string(joint.AbstainAgree), string(joint.AbstainAgainst))
}

// waits refuses a rule by which the smallest panel of the document waits for nobody:
// one vote would settle there what is put to all of them.
func (c *checker) waits(path string, d Document, panel []joint.Party) {
	required := d.Rule.Required
	if len(required) == 0 || slices.ContainsFunc(required, func(p joint.Party) bool { return slices.Contains(panel, p) }) {
		return
	}
	if !slices.ContainsFunc(required, func(p joint.Party) bool { return slices.Contains(c.m.Panel(d.Code, true), p) }) {
		return // said already: they have no seat at all
	}
	c.flaw(path, "mechanism.waits_for_nobody", d.Label(), c.labels(required))
}

func (c *checker) seats(path string, d Document, seats []joint.Party) {
	seen := map[string]bool{}
	for i, p := range seats {
		c.twice(nth(path, i), string(p), seen)
		c.seated(nth(path, i), d, p)
	}
}

// votes refuses more votes than the smallest panel of the document has seats.
func (c *checker) votes(path string, d Document, n int, panel []joint.Party) {
	c.count(path, n)
	if n > len(panel) && len(panel) > 0 {
		c.flaw(path, "mechanism.more_votes_than_seats", n, d.Label(), len(panel), c.labels(panel))
	}
}

// seated refuses a party that has no seat where the document is reviewed.
func (c *checker) seated(path string, d Document, who joint.Party) {
	if !c.known(path, who) {
		return
	}
	if !slices.Contains(c.m.Panel(d.Code, true), who) {
		p, _ := c.m.Party(who)
		c.flaw(path, "mechanism.no_seat", p.Label(), d.Label())
	}
}

func (c *checker) labels(parties []joint.Party) Labels {
	var list Labels
	for _, code := range parties {
		p, _ := c.m.Party(code)
		list = append(list, p.Label())
	}
	return list
}
