package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/workday"
)

// Whose turn it is in a round: by body and person, with the days each thing waits.
func (s *Server) turnRoutes() []route {
	return []route{{"GET /rounds/{round}/turns", opens(policy.PageTurns), s.turns}}
}

// turnsView is the page as it is drawn.
type turnsView struct {
	Round  ledger.Round
	Groups []turnGroup
	Alarms []string // empty seats, for the convener
	AsOf   string
}

// A turnGroup is what waits for one body or organisation.
type turnGroup struct {
	Code, Name string
	Oldest     int
	Rows       []turnRow
	People     []turnPerson
}

type turnRow struct {
	What, Office, Paper, Since, Href string
	Count, Days                      int
}

// A turnPerson is somebody for whom it waits, unless they keep away.
type turnPerson struct {
	Name        string
	Count, Days int
	Away        int // things of the body they are recused from
}

func (s *Server) turns(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	c, err := s.circle(ctx, who, round)
	if err != nil {
		return err
	}
	bodies, err := s.Supervise.DB.Read().Bodies(ctx)
	if err != nil {
		return err
	}
	view := turnsView{Round: round, AsOf: c.asOf()}
	for _, p := range c.Reviewed {
		for _, seat := range c.Seated.vacantFor(ctx, who, round, p) {
			view.Alarms = append(view.Alarms, lang.T(ctx, "panel.vacant_on", seat, c.name(p.Organisation), paperWord(ctx, p.Doc, p.Number)))
		}
	}
	view.Groups = c.groups(ctx, bodies)
	return s.show(w, r, who, frame{Title: lang.T(ctx, "turns.title"), At: "round", Round: round.Number}, turnsPage(view))
}

// groups puts the turns under whose they are, who has waited longest first.
func (c circle) groups(ctx context.Context, bodies []ledger.Body) []turnGroup {
	var groups []turnGroup
	at := map[string]int{}
	for _, t := range c.turns(ctx) {
		code, name := "org-"+t.Organisation, c.name(t.Organisation)
		if t.Body != "" {
			code, name = t.Body, bodyName(bodies, t.Body)
		}
		i, known := at[code]
		if !known {
			i = len(groups)
			at[code] = i
			groups = append(groups, turnGroup{Code: code, Name: name})
		}
		g := &groups[i]
		row := turnRow{
			What: lang.T(ctx, "turns.kind."+t.Kind, t.Count), Office: c.name(t.Organisation), Paper: t.Paper,
			Count: t.Count, Days: c.daysSince(t), Since: c.dayOf(ctx, t.Since), Href: t.Href,
		}
		g.Rows, g.Oldest = append(g.Rows, row), max(g.Oldest, row.Days)
		c.hand(ctx, g, t)
	}
	for i := range groups {
		slices.SortStableFunc(groups[i].Rows, func(a, b turnRow) int { return cmp.Compare(b.Days, a.Days) })
	}
	slices.SortStableFunc(groups, func(a, b turnGroup) int { return cmp.Compare(b.Oldest, a.Oldest) })
	return groups
}

// hand counts the turn for each person who may take it.
func (c circle) hand(ctx context.Context, g *turnGroup, t turn) {
	if t.Body == "" {
		return
	}
	for _, x := range c.Seated.Speakers {
		if x.Post.Body != t.Body {
			continue
		}
		name := onBehalf(ctx, x.Name, x.Post.Deputises.Name)
		i := slices.IndexFunc(g.People, func(p turnPerson) bool { return p.Name == name })
		if i < 0 {
			i = len(g.People)
			g.People = append(g.People, turnPerson{Name: name})
		}
		p := &g.People[i]
		if c.Seated.away(t.Organisation, policy.Actor{Person: x.Person, Principal: x.Post.Deputises.Person}) {
			p.Away++
			continue
		}
		p.Count, p.Days = p.Count+t.Count, max(p.Days, c.daysSince(t))
	}
}

// daysSince is how many calendar days the turn has waited.
func (c circle) daysSince(t turn) int {
	if t.Since.IsZero() {
		return 0
	}
	return max(0, c.Today.Sub(workday.In(t.Since, c.AsOf.Location())))
}
