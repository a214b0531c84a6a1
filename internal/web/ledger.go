package web

import (
	"context"
	"net/http"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// ledgerPage is how many findings one page of the ledger shows.
const ledgerPage = 50

func (s *Server) ledgerRoutes() []route {
	cases := opens(policy.PageLedger)
	return append([]route{
		{"GET /rounds/{round}/ledger", cases, s.ledgerList},
		{"GET /rounds/{round}/ledger/assign", cases, s.assignForm},
		{"POST /rounds/{round}/ledger/assign", cases, s.assignMany},
		{"GET /rounds/{round}/gaps", cases, s.gaps},
		{"GET " + ui.SearchPath, cases, s.search},
	}, s.exportRoutes()...)
}

func (s *Server) ledgerList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	q, err := readListQuery(r, roundPath(round.Number, "ledger"), s.today(), who)
	if err != nil {
		return err
	}
	page := ledgerData{
		Round: round, Query: q, Tag: lang.From(r.Context()), Today: s.today(),
		MayAssign:   policy.Can(who, ledger.Assign{}, ledger.Subject{Kind: ledger.KindFinding}),
		MayRegister: policy.Can(who, ledger.Register{}, ledger.Subject{Kind: ledger.KindFinding}),
		MayImport:   policy.CanOpen(who, policy.PageImport),
		Parties:     policy.ScopeOf(who).Verdicts != policy.NoVerdicts,
	}
	if err := page.read(r.Context(), s.Supervise.DB.Read(), who); err != nil {
		return err
	}
	if page.Rate, err = s.rateOfList(r.Context(), who, q, round.Number, page.Tag); err != nil {
		return err
	}
	if partOf(r, ledgerPart) {
		return render(w, r, http.StatusOK, ledgerList(page))
	}
	return s.show(w, r, who, frame{
		Title: lang.T(r.Context(), "nav.ledger"), At: "ledger", Round: round.Number, Main: "ledger", Rail: true,
	}, ledgerList(page))
}

// ledgerPart is the element that scripts replace when a filter changes.
const ledgerPart = "ledger-list"

// partOf reports whether a script asks to replace the element with the ID. Going
// back in the browser asks for the whole page.
func partOf(r *http.Request, id string) bool {
	return r.Header.Get("HX-Target") == id && r.Header.Get("HX-History-Restore-Request") == ""
}

// ledgerData is what the ledger page shows.
type ledgerData struct {
	Round         ledger.Round
	Organisations []ledger.Organisation
	Query         listQuery
	Tag           lang.Tag
	Today         workday.Date
	Views         store.Views
	Life          lifeCounts
	Reviewing     int // findings that wait for the reader's party; -1 for none that reviews
	Rows          []ledgerRow
	Total         int
	More          bool
	Rate          *ui.Rate

	Parties                           bool // show who has spoken: not to inspected organisations
	MayAssign, MayRegister, MayImport bool
}

// read asks a fixed number of questions, however long the ledger is.
func (d *ledgerData) read(ctx context.Context, db store.Reader, who policy.Actor) (err error) {
	scope, round := policy.ScopeOf(who), d.Round.Number
	if d.Organisations, err = db.OrganisationsOf(ctx, round); err != nil {
		return err
	}
	near := d.Today.AddDays(warnDays).String()
	if d.Views, err = db.Views(ctx, scope, round, d.Today.String(), near, supervisor(who)); err != nil {
		return err
	}
	lots, err := db.Lots(ctx, scope, round)
	if err != nil {
		return err
	}
	d.Life = countLife(lots)
	if d.Reviewing, err = reviewing(ctx, db, who, d.Round); err != nil {
		return err
	}
	rows, more, err := db.Findings(ctx, scope, d.Query.filter(round), d.Query.page())
	if err != nil {
		return err
	}
	if d.Total, err = d.total(ctx, db, scope); err != nil {
		return err
	}
	given, err := db.Spoken(ctx, scope, rows)
	if err != nil {
		return err
	}
	papers, err := db.PapersOf(ctx, scope, lastPapers(rows, given))
	if err != nil {
		return err
	}
	d.More = more
	d.Rows = ledgerRows(ctx, rows, given, rowContext{d.Round, namesOn(d.Organisations, d.Round), d.Today, scope, papers})
	return nil
}

// total counts the list; an unfiltered view is counted already.
func (d *ledgerData) total(ctx context.Context, db store.Reader, scope policy.Scope) (int, error) {
	if n, known := d.viewCounts()[d.Query.View]; known && d.Query.bare() && n >= 0 {
		return n, nil
	}
	return db.CountFindings(ctx, scope, d.Query.filter(d.Round.Number))
}

func (d *ledgerData) viewCounts() map[string]int {
	v := d.Views
	return map[string]int{
		viewOpen: v.Open, viewAll: v.All, viewMine: v.Mine, viewOverdue: v.Overdue, viewSoon: v.Soon,
		viewReturned: v.Returned, viewCadre: v.Cadre, viewReview: d.Reviewing, viewGaps: v.Gaps,
		viewContested: d.Life.shown(d.Life.Contested), viewContinuing: d.Life.shown(d.Life.Outcomes[mechanism.Continuing]),
		viewSettled: d.Life.shown(d.Life.Settled),
	}
}

// supervisor is the name under which the actor is found as a supervisor; "" for
// those who speak for no body.
func supervisor(who policy.Actor) string {
	if who.Body == "" {
		return ""
	}
	return who.Name
}

// partyOf returns the party for which the actor reviews; "" for none.
func partyOf(who policy.Actor) joint.Party {
	if !policy.CanOpen(who, policy.PageReview) {
		return ""
	}
	return who.Party(ledger.Subject{Team: policy.ScopeOf(who).Team})
}

// reviewing counts the findings that wait for the actor's party; -1 if it is not
// on the panel of the round.
func reviewing(ctx context.Context, db store.Reader, who policy.Actor, round ledger.Round) (int, error) {
	party := partyOf(who)
	if _, member := round.Mechanism.Party(party); !member {
		return -1, nil
	}
	return db.CountFindings(ctx, policy.ScopeOf(who), store.Filter{Round: round.Number, ToReview: party})
}

// namesOn gives the short names of organisations as they were when the round
// was fed back.
func namesOn(list []ledger.Organisation, round ledger.Round) map[string]string {
	names := map[string]string{}
	for _, o := range list {
		names[o.Code] = o.NameOn(round.FeedbackOn).Short
	}
	return names
}
