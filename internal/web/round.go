package web

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// overviewView is what the overview of a round shows.
type overviewView struct {
	standing
	Sum    *sums
	Groups map[string]*sums // by organisation
	Judged int              // findings under review on which every party has spoken
	Voiced []store.Voiced   // opinions the actor may know
	Sealed int              // opinions not to be known yet although all parties have spoken
	Late   []store.Row
	Life   lifeCounts
}

// overview shows how a round stands.
func (s *Server) overview(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	v, err := s.overviewView(ctx, who, round)
	if err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: lang.T(ctx, "overview.title", round.Name), At: "round", Round: round.Number}, overviewPage(v))
}

func (s *Server) overviewView(ctx context.Context, who policy.Actor, round ledger.Round) (v overviewView, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	if v.standing, err = s.standing(ctx, who, round); err != nil {
		return v, err
	}
	v.Sum, v.Groups = sumUp(v.Tallies, v.Today), sumBy(v.Tallies, v.Today, byOrganisation)
	if v.Judged, err = db.Judged(ctx, scope, round.Number, round.Mechanism); err != nil {
		return v, err
	}
	if v.Voiced, v.Sealed, err = db.Voiced(ctx, scope, round.Number, round.Mechanism); err != nil {
		return v, err
	}
	lots, err := db.Lots(ctx, scope, round.Number)
	if err != nil {
		return v, err
	}
	v.Life = countLife(lots)
	v.Late, err = s.overdueRows(ctx, v.standing)
	return v, err
}

// inspected reports whether the reader is an inspected organisation, which reads
// letters only.
func (v overviewView) inspected() bool { return policy.ScopeOf(v.Who).Verdicts == policy.NoVerdicts }

// sub is the line below the title: how many organisations, how long, as of when.
func (v overviewView) sub(ctx context.Context) string {
	organisations := lang.T(ctx, "count.organisations", len(v.organisations()))
	if v.Round.RectifyUntil.IsZero() {
		return lang.T(ctx, "overview.round.sub", organisations, v.asOf())
	}
	return lang.T(ctx, "overview.round.sub.until", organisations, v.Round.FeedbackOn.String(), v.Round.RectifyUntil.String(), v.asOf())
}

// figures are the strip at the top. What the parties recognise and what the
// organisations claim are two figures and are never added up.
func (v overviewView) figures(ctx context.Context) []ui.KPI {
	n := v.Round.Number
	rated := func(name string) *ui.Rate {
		at := v.AsOf.Format("01-02 15:04") // the whole date stands below the title
		r := rateFigure(ctx, n, name, v.Sum.Rates[name], at)
		return &r
	}
	unit := lang.T(ctx, "overview.unit")
	if lang.From(ctx) == lang.EN {
		unit = "" // English counts without a measure word
	}
	count := func(key, icon, hue string, n int, note, href string) ui.KPI {
		if n == 0 {
			hue = ""
		}
		return ui.KPI{Label: lang.T(ctx, key), Icon: icon, Hue: hue, Value: strconv.Itoa(n), Unit: unit, Note: note, Href: href}
	}
	cadre := v.Sum.Rates["cadre_claimed"]
	list := []ui.KPI{
		{Lead: true, Rate: rated("recognised")},
		{Rate: rated("claimed")},
		count("overview.kpi.overdue", "alert-triangle", ui.Red, v.Sum.Parts[partOverdue], v.lateNote(ctx), ledgerPath(n, "view", viewOverdue)),
		count("overview.kpi.soon", "clock", ui.Amber, v.Sum.Parts[partSoon], v.soonNote(ctx), ledgerPath(n, "view", viewSoon)),
		v.opinionFigure(ctx, count),
		count("overview.kpi.cadre", "users", "", v.Sum.Cadre,
			lang.T(ctx, "overview.kpi.cadre.note", cadre.Num, lang.Rate(cadre.Num, cadre.Den)), ledgerPath(n, "view", viewCadre)),
		{Rate: rated("closed")},
	}
	return list
}

// opinionFigure counts what the parties raised; an inspected organisation reads
// what its letters ask for.
func (v overviewView) opinionFigure(ctx context.Context, count func(key, icon, hue string, n int, note, href string) ui.KPI) ui.KPI {
	var entries, unanswered int
	for _, p := range v.Papers {
		if !p.Delivered.IsZero() {
			entries += v.Owed[p.ID].Entries
			unanswered += v.Owed[p.ID].Unanswered
		}
	}
	letters := v.path("letters")
	if v.inspected() {
		return count("overview.kpi.entries", "message-2", "", entries, lang.T(ctx, "overview.kpi.answered", entries-unanswered), letters)
	}
	return count("overview.kpi.opinions", "message-2", "", v.raised(), lang.T(ctx, "overview.kpi.opinions.note", entries), letters)
}

func (v overviewView) lateNote(ctx context.Context) string {
	if v.Sum.First == "" {
		return lang.T(ctx, "overview.late.none")
	}
	return lang.T(ctx, "overview.kpi.overdue.note", v.Today.Sub(dateOf(v.Sum.First)))
}

func (v overviewView) soonNote(ctx context.Context) string {
	if v.Sum.Next == "" {
		return lang.T(ctx, "overview.next.none")
	}
	return lang.T(ctx, "overview.kpi.soon.note", lang.Date(lang.From(ctx), v.Sum.Next))
}

// bars are the stacked bars, one per organisation, with the recognised rate.
func (st standing) bars(ctx context.Context, groups map[string]*sums) (rows []ui.StackRow) {
	settled := slices.ContainsFunc(slices.Collect(maps.Values(groups)), func(g *sums) bool { return g.Parts[partSettled] > 0 })
	for _, code := range st.organisations() {
		g := groups[code]
		if g == nil {
			g = newSums()
		}
		r := g.Rates["recognised"]
		rows = append(rows, ui.StackRow{
			Label: st.name(code), Href: ledgerPath(st.Round.Number, "organisation", code),
			Segments: g.segments(ctx, settled), Figure: lang.Rate(r.Num, r.Den),
		})
	}
	return rows
}

// group returns the figures of an organisation, zero where it has no finding.
func (v overviewView) group(code string) *sums {
	if g := v.Groups[code]; g != nil {
		return g
	}
	return newSums()
}

// sent are the stages of a finding that has been reported on, in and after the
// review.
var (
	begun    = []ledger.Stage{ledger.Rectifying, ledger.InReview, ledger.Returned, ledger.ContinuingStage, ledger.Recognised, ledger.ClosedStage}
	reported = begun[1:]
	lettered = begun[2:] // only what was reported and reviewed may rest
	agreed   = begun[4:]
)

// funnel is the way round the loop: how many findings reached each step, and why
// the others did not. Whether all parties have spoken is not for the inspected.
func (v overviewView) funnel(ctx context.Context) []ui.FunnelStep {
	n := v.Round.Number
	steps := []ui.FunnelStep{
		{Label: "overview.step.fed_back", Value: v.Sum.All, Href: ledgerPath(n, "view", viewAll)},
		{Label: "overview.step.planned", Value: v.Sum.stages(begun...), Href: stagesPath(n, begun...)},
		{Label: "overview.step.reported", Value: v.Sum.stages(reported...), Href: stagesPath(n, reported...)},
		{Label: "overview.step.judged", Value: v.Sum.stages(lettered...) + v.Judged, Href: v.judgedPath()},
		{Label: "overview.step.lettered", Value: v.Sum.stages(lettered...), Href: stagesPath(n, lettered...)},
		{Label: "overview.step.recognised", Value: v.Sum.stages(agreed...), Href: stagesPath(n, agreed...), Closed: true},
		{Label: "overview.step.closed", Value: v.Sum.Stages[ledger.ClosedStage], Href: stagesPath(n, ledger.ClosedStage), Closed: true},
	}
	if v.inspected() {
		steps = slices.Delete(steps, 3, 4)
	}
	for i := range steps {
		key := steps[i].Label
		steps[i].Label = lang.T(ctx, key)
		if i == 0 {
			continue
		}
		steps[i].Drop = v.dropWords(ctx, key, steps[i-1].Value-steps[i].Value)
	}
	return steps
}

// dropWords says why findings did not reach a step. What was settled left the loop
// at its beginning, wherever it stood; what rests is not what was sent back.
func (v overviewView) dropWords(ctx context.Context, key string, n int) string {
	apart := map[string]ledger.Stage{"overview.step.planned": ledger.SettledStage, "overview.step.recognised": ledger.ContinuingStage}[key]
	others := v.Sum.Stages[apart]
	var words []string
	if n > others {
		words = append(words, lang.T(ctx, key+".drop", n-others))
	}
	if others > 0 {
		words = append(words, lang.T(ctx, "overview.step.apart", others, stageWord(ctx, apart)))
	}
	return strings.Join(words, lang.T(ctx, "word.and"))
}

// judgedPath is where those on whom all have spoken are seen.
func (v overviewView) judgedPath() string { return progressMore(context.Background(), v.standing).Href }

// categories are the findings by category of the inspection: recognised, claimed
// and not recognised yet, and the rest.
func (v overviewView) categories(ctx context.Context) (rows []ui.StackRow) {
	groups := sumBy(v.Tallies, v.Today, byCategory)
	claimed := map[string]int{}
	for _, t := range v.Tallies {
		if t.Claim == ledger.Done && !t.Stage.Done() {
			claimed[t.Category] += t.Count
		}
	}
	var names []string
	for name := range groups {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return compareSizes(groups, a, b) })
	for _, name := range names {
		g := groups[name]
		r := g.Rates["recognised"]
		rows = append(rows, ui.StackRow{
			Label: name, Href: ledgerPath(v.Round.Number, "category", name), Figure: lang.Rate(r.Num, r.Den),
			Segments: []ui.Segment{
				{Hue: ui.Green, Value: r.Num, Label: lang.T(ctx, "overview.part.recognised")},
				{Hue: ui.Blue, Value: claimed[name], Label: lang.T(ctx, "overview.part.claimed")},
				{Hue: ui.Grey, Value: g.All - r.Num - g.Parts[partSettled] - claimed[name], Label: lang.T(ctx, "overview.part.rest")},
			},
		})
		if v.Sum.Parts[partSettled] > 0 {
			last := &rows[len(rows)-1]
			last.Segments = append(last.Segments, ui.Segment{Hue: ui.Violet, Value: g.Parts[partSettled], Label: lang.T(ctx, "overview.part.settled")})
		}
	}
	return rows
}

// compareSizes puts the larger group first, and equal ones in order of name.
func compareSizes(groups map[string]*sums, a, b string) int {
	if groups[a].All != groups[b].All {
		return groups[b].All - groups[a].All
	}
	if a < b {
		return -1
	}
	return 1
}

// opinionTypes are the known opinions by criterion, in the order of the mechanism.
func (v overviewView) opinionTypes(ctx context.Context) (rows []ui.StackRow) {
	counts := map[string]int{}
	for _, x := range v.Voiced {
		counts[x.Criterion] += x.Count
	}
	done := map[string]bool{}
	add := func(code, label string) {
		if n := counts[code]; n > 0 && !done[code] {
			done[code] = true
			rows = append(rows, ui.StackRow{Label: label, Segments: []ui.Segment{{Hue: "acc", Value: n}}})
		}
	}
	for _, doc := range v.documents() {
		for _, c := range v.Round.Mechanism.Criteria(doc) {
			add(c.Code, named(ctx, c.Name, c.NameEn))
		}
	}
	add("", lang.T(ctx, "overview.opinions.general"))
	return rows
}

// opinionCounts are the known opinions by party, in the order of the seals.
func (v overviewView) opinionCounts() []int {
	counts := map[joint.Party]int{}
	for _, x := range v.Voiced {
		counts[x.Party] += x.Count
	}
	var list []int
	for _, p := range v.Round.Mechanism.Parties {
		list = append(list, counts[p.Code])
	}
	return list
}

// raised counts the opinions that the actor may know of. While a finding is under
// review that is not all of them: a total would tell who found fault.
func (v overviewView) raised() int {
	n := v.Sealed
	for _, x := range v.Voiced {
		n += x.Count
	}
	return n
}

// blind says that there may be more opinions, and when they will be known; "" where
// the actor knows all.
func (v overviewView) blind(ctx context.Context) string {
	scope := policy.ScopeOf(v.Who)
	for _, p := range v.inReview() {
		missing := v.missing(p)
		switch {
		case scope.Verdicts == policy.Consolidated && (len(missing) > 0 || v.Sealed > 0):
			return lang.T(ctx, "overview.opinions.sealed.leader", v.Sealed)
		case slices.Contains(missing, v.Who.Party(v.subject(p))):
			return lang.T(ctx, "overview.opinions.sealed")
		}
	}
	return ""
}
