package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// The disjoint parts of a bar, in the order in which they are drawn.
const (
	partRecognised = iota // recognised or closed
	partSettled           // ended otherwise than by being rectified
	partReview            // with the parties, in time
	partWork              // with the organisation, in time
	partSoon              // the deadline runs out within warnDays
	partOverdue
	parts
)

var partLooks = [parts]struct{ hue, word string }{
	{ui.Green, "overview.part.recognised"},
	{ui.Blue, "overview.part.settled"},
	{ui.Violet, "overview.part.review"},
	{ui.Grey, "overview.part.work"},
	{ui.Amber, "overview.part.soon"},
	{ui.Red, "overview.part.overdue"},
}

// sums are the figures of a group of findings.
type sums struct {
	All, Cadre int
	Parts      [parts]int
	Stages     map[ledger.Stage]int
	Rates      map[string]rate.Rate // by name of the definition
	First      string               // earliest deadline that has passed, "" for none
	Next       string               // next deadline from today on, "" for none
	NextCount  int                  // findings due that day
}

func newSums() *sums {
	return &sums{Stages: map[ledger.Stage]int{}, Rates: map[string]rate.Rate{}}
}

// add counts findings that are alike.
func (s *sums) add(t store.Tally, today workday.Date) {
	s.All += t.Count
	s.Stages[t.Stage] += t.Count
	s.Parts[barPart(t, today)] += t.Count
	if t.OrganCadre {
		s.Cadre += t.Count
	}
	row := rate.Row{Claim: string(t.Claim), Stage: string(t.Stage), OrganCadre: t.OrganCadre, Position: string(t.Position)}
	for _, d := range rate.Definitions {
		r := s.Rates[d.Name]
		if d.Within(row) {
			r.Den += t.Count
		}
		if d.Counts(row) {
			r.Num += t.Count
		}
		s.Rates[d.Name] = r
	}
	s.due(t, today.String())
}

func (s *sums) due(t store.Tally, today string) {
	switch {
	case t.Running == "":
	case t.Running < today:
		if s.First == "" || t.Running < s.First {
			s.First = t.Running
		}
	case s.Next == "" || t.Running < s.Next:
		s.Next, s.NextCount = t.Running, t.Count
	case t.Running == s.Next:
		s.NextCount += t.Count
	}
}

// barPart says in which part of a bar the findings are. A deadline that runs
// speaks louder than the stage, which the chips of the ledger show.
func barPart(t store.Tally, today workday.Date) int {
	switch {
	case t.Stage == ledger.Recognised || t.Stage == ledger.ClosedStage:
		return partRecognised
	case t.Stage == ledger.SettledStage:
		return partSettled
	case t.Running != "" && t.Running < today.String():
		return partOverdue
	case t.Running != "" && t.Running <= today.AddDays(warnDays).String():
		return partSoon
	case t.Stage == ledger.InReview:
		return partReview
	default:
		return partWork
	}
}

// stages counts the findings in any of the stages.
func (s *sums) stages(list ...ledger.Stage) (n int) {
	for _, stage := range list {
		n += s.Stages[stage]
	}
	return n
}

// segments is the bar of the group; what was settled is a part of it only in a
// chart in which anything was.
func (s *sums) segments(ctx context.Context, settled bool) []ui.Segment {
	var list []ui.Segment
	for i, look := range partLooks {
		if i == partSettled && !settled {
			continue
		}
		list = append(list, ui.Segment{Hue: look.hue, Value: s.Parts[i], Label: lang.T(ctx, look.word)})
	}
	return list
}

// add all tallies up, and by a key.
func sumUp(tallies []store.Tally, today workday.Date) *sums {
	all := newSums()
	for _, t := range tallies {
		all.add(t, today)
	}
	return all
}

func sumBy(tallies []store.Tally, today workday.Date, key func(store.Tally) string) map[string]*sums {
	groups := map[string]*sums{}
	for _, t := range tallies {
		k := key(t)
		if groups[k] == nil {
			groups[k] = newSums()
		}
		groups[k].add(t, today)
	}
	return groups
}

func byOrganisation(t store.Tally) string { return t.Organisation }
func byCategory(t store.Tally) string     { return t.Category }

// definition returns the definition of a rate by its name.
func definition(name string) rate.Definition {
	i := slices.IndexFunc(rate.Definitions, func(d rate.Definition) bool { return d.Name == name })
	return rate.Definitions[i]
}

// rateFigure dresses a rate of a round: its parts, its definition, as of when,
// and the lists behind both counts.
func rateFigure(ctx context.Context, round int, name string, r rate.Rate, asOf string) ui.Rate {
	d, whole := definition(name), viewAll
	if d.OrganCadre {
		whole = viewCadre
	}
	return ui.Rate{
		Name: lang.T(ctx, "rate."+name), Num: r.Num, Den: r.Den,
		NumName: lang.T(ctx, "ledger_page.rate.num."+name), DenName: lang.T(ctx, "ledger_page.rate.den."+name),
		Definition: lang.T(ctx, d.Code), AsOf: asOf,
		Href: ledgerPath(round, "rate", name), DenHref: ledgerPath(round, "view", whole),
	}
}
