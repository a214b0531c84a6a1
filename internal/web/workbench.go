package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// desk is what the todos of the workbench are derived from.
type desk struct {
	standing
	Office    bool                      // the actor is of the inspection office
	Answered  map[string]store.Answered // by submission: own party's opinions to look at again
	Closable  map[string]int            // by organisation
	Unwatched map[string]int            // by organisation
	Disputes  int                       // disagreements that wait for the actor to resolve them
	Meetings  []ledger.Meeting          // open ones
	Mine      []store.Row               // findings the actor supervises that are late or soon due, the earliest first
	Cases     []ledger.Finding          // of the actor's own organisation
	Life      lifeCounts                // for the office and whoever decides on extensions
}

// mineShown bounds the findings of one supervisor that are read.
const mineShown = 200

func (s *Server) workbench(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	if !policy.CanOpen(who, policy.PageLedger) {
		return s.show(w, r, who, frame{Title: lang.T(ctx, "nav.workbench"), At: "workbench"}, adminPage(adminView(ctx, who)))
	}
	round, rounds, ok, err := s.deskRound(r, who)
	if err != nil {
		return err
	}
	if !ok {
		return s.show(w, r, who, frame{Title: lang.T(ctx, "nav.workbench"), At: "workbench"}, noRoundPage(who))
	}
	d, err := s.desk(ctx, who, round)
	if err != nil {
		return err
	}
	feed, err := s.feed(ctx, d.standing)
	if err != nil {
		return err
	}
	view := workbenchView{desk: d, Sum: sumUp(d.Tallies, d.Today), Kind: r.URL.Query().Get("kind"), Feed: feed}
	if !slices.Contains(todoKinds, view.Kind) {
		view.Kind = ""
	}
	for _, x := range rounds {
		if x.Number != round.Number {
			view.Others = append(view.Others, ui.Link{Href: deskPath(x.Number, ""), Label: x.Name})
		}
	}
	if view.Late, err = s.lateRows(ctx, d, view); err != nil {
		return err
	}
	view.All = d.todos(ctx)
	return s.show(w, r, who, frame{Title: lang.T(ctx, "nav.workbench"), At: "workbench", Round: round.Number}, workbenchPage(view))
}

// desk reads what waits for the actor in the round.
func (s *Server) desk(ctx context.Context, who policy.Actor, round ledger.Round) (d desk, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	d.Office = policy.CanOpen(who, policy.PageImport)
	if d.standing, err = s.standing(ctx, who, round); err != nil {
		return d, err
	}
	if who.Organisation != "" {
		d.Cases, err = db.Cases(ctx, scope, round.Number, who.Organisation)
		return d, err
	}
	if d.Life, err = d.readLife(ctx, db, scope); err != nil {
		return d, err
	}
	if party := partyOf(who); party != "" {
		if d.Answered, err = db.Answered(ctx, scope, round.Number, party); err != nil {
			return d, err
		}
	}
	if err = s.deskMeetings(ctx, &d); err != nil {
		return d, err
	}
	if d.Office {
		_, applied := round.Mechanism.Document(mechanism.ClosingDoc)
		if d.Closable, err = db.Closable(ctx, scope, round.Number, round.Mechanism.Closing.OpinionsClosed, applied); err != nil {
			return d, err
		}
		d.Unwatched, err = db.Unwatched(ctx, scope, round.Number)
		return d, err
	}
	if name := supervisor(who); name != "" {
		near := store.Filter{Round: round.Number, Watcher: name, From: "0", To: d.Today.AddDays(warnDays).String()}
		d.Mine, _, err = db.Findings(ctx, scope, near, store.Page{Sort: store.ByDue, Limit: mineShown})
	}
	return d, err
}

// lateShown is how many overdue findings a page lists.
const lateShown = 8

// lateRows lists what is overdue, for those who have no todos but oversee.
func (s *Server) lateRows(ctx context.Context, d desk, view workbenchView) ([]store.Row, error) {
	if !view.oversees() {
		return nil, nil
	}
	return s.overdueRows(ctx, d.standing)
}

// overdueRows lists what is overdue in the round, the latest first.
func (s *Server) overdueRows(ctx context.Context, st standing) ([]store.Row, error) {
	f := store.Filter{Round: st.Round.Number, Before: st.Today.String()}
	rows, _, err := s.Supervise.DB.Read().Findings(ctx, policy.ScopeOf(st.Who), f, store.Page{Sort: store.ByDue, Limit: lateShown})
	return rows, err
}

// workbenchView is what the workbench shows.
type workbenchView struct {
	desk
	Sum    *sums
	Kind   string // of the todos shown; "" for all
	All    []todo
	Feed   []ui.Feed
	Others []ui.Link // workbenches of other rounds
	Late   []store.Row
}

// oversees reports whether the actor watches and has nothing to do: the leaders.
func (v workbenchView) oversees() bool { return v.Who.Role == ledger.Leader }

// shortList is up to how many todos leave room below them.
const shortList = 7

// roomy reports whether the progress fits below the todos. With many of them, and
// with the long names of parties in English, it stands below both columns.
func (v workbenchView) roomy(ctx context.Context) bool {
	narrow := lang.From(ctx) == lang.ZH || v.Who.Organisation != ""
	return narrow && len(ofKind(v.All, v.Kind)) <= shortList
}

// deskPath is the address of the workbench of a round with todos of one kind.
func deskPath(round int, kind string) string {
	path := "/?round=" + strconv.Itoa(round)
	if kind != "" {
		path += "&kind=" + kind
	}
	return path
}

// kinds are the segments above the todos.
func (v workbenchView) kinds(ctx context.Context) []ui.Link {
	links := []ui.Link{{Href: deskPath(v.Round.Number, ""), Label: lang.T(ctx, "word.all"), Current: v.Kind == ""}}
	for _, k := range todoKinds {
		word := "overview.kind." + k
		if k == todoReview && v.Who.Organisation != "" {
			word = "overview.kind.fill"
		}
		links = append(links, ui.Link{
			Href: deskPath(v.Round.Number, k), Current: v.Kind == k,
			Label: lang.T(ctx, "overview.kind", lang.T(ctx, word), len(ofKind(v.All, k))),
		})
	}
	return links
}

func (v workbenchView) groups(ctx context.Context) []ui.TodoGroup {
	return grouped(ctx, ofKind(v.All, v.Kind), v.Today)
}

// lead is the one solid button of the page: the first thing to review, or for an
// inspected organisation the first thing at all.
func (v workbenchView) lead() (todo, bool) {
	i := slices.IndexFunc(v.All, func(t todo) bool { return t.Kind == todoReview || v.Who.Organisation != "" })
	if i < 0 {
		return todo{}, false
	}
	return v.All[i], true
}

// next says which deadline comes next, where there is nothing to do.
func (v workbenchView) next(ctx context.Context) string {
	day, text := dateOf(v.Sum.Next), ""
	if !day.IsZero() {
		text = lang.T(ctx, "overview.next.findings", lang.Date(lang.From(ctx), day.String()), v.Sum.NextCount)
	}
	for _, x := range []struct {
		day workday.Date
		key string
	}{{v.Round.PlanDue, "overview.next.plan"}, {v.Round.ReportDue, "overview.next.report"}, {v.Round.RectifyUntil, "overview.next.end"}} {
		if !x.day.IsZero() && !x.day.Before(v.Today) && (day.IsZero() || x.day.Before(day)) {
			day, text = x.day, lang.T(ctx, x.key, lang.Date(lang.From(ctx), x.day.String()))
		}
	}
	return or(text, lang.T(ctx, "overview.next.none"))
}

// rates are the two figures side by side: what the organisations claim and what
// the parties recognise.
func (v workbenchView) rates(ctx context.Context) (list []ui.Rate) {
	for _, name := range []string{"recognised", "claimed"} {
		list = append(list, rateFigure(ctx, v.Round.Number, name, v.Sum.Rates[name], v.asOf()))
	}
	return list
}

// minis are the counts that lead to their lists.
func (v workbenchView) minis(ctx context.Context) []ui.Mini {
	n := v.Round.Number
	mini := func(hue, icon, key string, count int, href string) ui.Mini {
		return ui.Mini{Hue: hue, Icon: icon, Label: lang.T(ctx, key), Value: strconv.Itoa(count), Href: href}
	}
	list := []ui.Mini{
		mini(ui.Red, "alert-triangle", "overview.mini.overdue", v.Sum.Parts[partOverdue], ledgerPath(n, "view", viewOverdue)),
		mini(ui.Amber, "clock", "overview.mini.soon", v.Sum.Parts[partSoon], ledgerPath(n, "view", viewSoon)),
		mini(ui.Amber, "corner-up-left", "stage.returned", v.Sum.Stages[ledger.Returned], ledgerPath(n, "view", viewReturned)),
		mini(ui.Green, "checks", "stage.closed", v.Sum.Stages[ledger.ClosedStage], stagesPath(n, ledger.ClosedStage)),
	}
	if k := v.Sum.Stages[ledger.ContinuingStage]; k > 0 {
		list = append(list, mini(ui.Blue, "refresh", "stage.continuing", k, ledgerPath(n, "view", viewContinuing)))
	}
	if k := v.Sum.Stages[ledger.SettledStage]; k > 0 {
		list = append(list, mini(ui.Grey, "minus", "stage.settled", k, ledgerPath(n, "view", viewSettled)))
	}
	return list
}

// barWords says the bar of the round in words.
func (v workbenchView) barWords(ctx context.Context) string {
	words := ""
	for _, s := range v.Sum.segments(ctx, v.Sum.Parts[partSettled] > 0) {
		part := s.Label + " " + strconv.Itoa(s.Value)
		if words == "" {
			words = part
			continue
		}
		words = lang.T(ctx, "ui.list", words, part)
	}
	return words
}

// brief cuts a text to n characters for a line of a list.
func brief(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n]) + "…"
}
