package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// Said is an opinion in the party's words, and what it is about.
type Said struct {
	Criterion string       `json:"criterion"`
	Kind      OpinionKind  `json:"kind"`
	Text      string       `json:"text"`
	Change    string       `json:"change,omitempty"`  // what is required
	Section   string       `json:"section,omitempty"` // where in the document
	Measure   string       `json:"measure,omitempty"` // number of the measure it is about
	Due       workday.Date `json:"due,omitzero"`      // by when the change is required
}

// check sees that the n-th opinion of a verdict can be acted upon.
func (o Said) check(n int, doc mechanism.Document, env Env) error {
	known := o.Criterion == "" || slices.ContainsFunc(doc.Criteria, func(c mechanism.Criterion) bool { return c.Code == o.Criterion })
	measure := o.Measure == "" || slices.ContainsFunc(env.Item.Plan.Measures, func(m Measure) bool { return m.Number == o.Measure })
	switch {
	case strings.TrimSpace(o.Text) == "":
		return refuse("opinion.text_missing", n)
	case tooLong(MaxText, o.Text, o.Change) || tooLong(MaxShort, o.Section):
		return refuse("field.too_long", MaxText)
	case o.Kind != Must && o.Kind != Should && o.Kind != Remark:
		return refuse("opinion.kind_unknown", n)
	case !known:
		return refuse("opinion.criterion_unknown", n, o.Criterion)
	case doc.RequireChange && o.Kind == Must && strings.TrimSpace(o.Change) == "":
		return refuse("opinion.change_missing", n)
	case !measure:
		return refuse("opinion.measure_unknown", n, o.Measure)
	case o.Due != workday.Date{} && o.Due.Before(env.Today):
		return refuse("opinion.due_past", n, o.Due.String())
	}
	return nil
}

// renewals ties each opinion that the party was not content with to the new one
// that raises it again, by the place of the new one in said: the first that asks for
// something on the same criterion, else the first that asks for something at all.
// What the party is not content with in this very verdict may not just vanish.
func renewals(give GiveVerdict, own []Opinion) (map[int][]string, error) {
	renewed := map[string]bool{}
	for _, o := range own {
		for _, id := range o.Renews {
			renewed[id] = renewed[id] || o.Stage != TakenBack
		}
	}
	by := map[int][]string{}
	for _, o := range own {
		content, looked := give.Rechecks[o.ID]
		now := o.Stage == Answered && looked && !content
		if !now && o.Stage != Again || renewed[o.ID] {
			continue
		}
		i := successor(give.Opinions, o)
		switch {
		case i >= 0:
			by[i] = append(by[i], o.ID)
		case now:
			return nil, refuse("verdict.renewal_missing")
		}
	}
	return by, nil
}

// successor picks the opinion that raises o again; -1 for none. What was raised
// again before this verdict is tied on the same criterion only.
func successor(said []Said, o Opinion) int {
	asks := func(x Said) bool { return x.Kind != Remark }
	i := slices.IndexFunc(said, func(x Said) bool { return asks(x) && x.Criterion == o.Said.Criterion })
	if i < 0 && o.Stage == Answered {
		i = slices.IndexFunc(said, asks)
	}
	return i
}
