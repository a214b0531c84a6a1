package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// The saved views of the ledger, as they stand in its address.
const (
	viewOpen     = "open"
	viewAll      = "all"
	viewMine     = "mine"
	viewOverdue  = "overdue"
	viewSoon     = "soon"
	viewReturned = "returned"
	viewCadre    = "cadre"
	viewReview   = "review"
	viewGaps     = "gaps"

	viewContested  = "contested"
	viewContinuing = "continuing"
	viewSettled    = "settled"
)

// Fields of the address. Those of place are dropped when anything else changes.
var (
	filterFields = []string{"organisation", "category", "stage", "claim", "kind", "light", "cadre", "outcome", "position", "extension", "q", "rate", "import", "did"}
	otherFields  = []string{"view", "sort", "dir"}
	placeFields  = []string{"after", "before", "at"}
)

// A listQuery is the state of a list of findings. All of it stands in the
// address, so that Back, reload and sending a link work.
type listQuery struct {
	Path   string
	View   string
	Sort   store.Sort
	Down   bool
	At     int // number of the first row in the list, from 1
	Rate   *rate.Definition
	values url.Values // known fields only

	after    store.Cursor
	backward bool
	today    workday.Date
	watcher  string
	party    joint.Party
}

// readListQuery reads the address. Where it names no view but filters, the
// filters are the whole of it: a link to the findings behind a figure.
func readListQuery(r *http.Request, path string, today workday.Date, who policy.Actor) (listQuery, error) {
	q := listQuery{Path: path, values: url.Values{}, today: today, watcher: supervisor(who), party: partyOf(who), At: 1}
	given := r.URL.Query()
	for _, name := range slices.Concat(filterFields, otherFields, placeFields) {
		if v := strings.TrimSpace(given.Get(name)); v != "" {
			q.values.Set(name, v)
		}
	}
	if name := q.values.Get("rate"); name != "" {
		i := slices.IndexFunc(rate.Definitions, func(d rate.Definition) bool { return d.Name == name })
		if i < 0 {
			return q, store.ErrNotFound
		}
		q.Rate = &rate.Definitions[i]
	}
	q.readView()
	q.readPlace()
	return q, nil
}

func (q *listQuery) readView() {
	q.View = q.values.Get("view")
	if q.View == "" {
		q.View = viewOpen
		if slices.ContainsFunc(filterFields, q.values.Has) {
			q.View = viewAll
		}
	}
	q.Sort = store.Sort(q.values.Get("sort"))
	if q.Sort == "" {
		q.Sort = store.ByLight // what is most urgent comes first
	}
	q.Down = q.values.Get("dir") == "desc"
}

func (q *listQuery) readPlace() {
	if n, err := strconv.Atoi(q.values.Get("at")); err == nil && n > 0 {
		q.At = n
	}
	place := q.values.Get("after")
	if before := q.values.Get("before"); before != "" {
		place, q.backward = before, true
	}
	q.after.Value, q.after.Number, _ = strings.Cut(place, "~")
}

// filter turns the state into what the store understands: the view first, then
// what was chosen beside it.
func (q listQuery) filter(round int) store.Filter {
	f := store.Filter{Round: round}
	q.applyView(&f)
	if q.Rate != nil {
		f.Claim, f.Stages, f.OrganCadre = claimOf(*q.Rate), stagesOf(q.Rate.Stages), q.Rate.OrganCadre
		f.Position = positionOf(*q.Rate)
	}
	f.Organisation, f.Category, f.Text = q.values.Get("organisation"), q.values.Get("category"), q.values.Get("q")
	f.Kind = ledger.FindingKind(q.values.Get("kind"))
	if claim := q.values.Get("claim"); claim != "" {
		f.Claim = ledger.Claim(claim)
	}
	if stage := q.values.Get("stage"); stage != "" {
		f.Stages = stagesOf(strings.Split(stage, ","))
	}
	if q.values.Has("cadre") {
		f.OrganCadre = true
	}
	if q.values.Has("position") {
		f.Position = ledger.Position(q.values.Get("position"))
	}
	f.Outcome, f.Extension = mechanism.Outcome(q.values.Get("outcome")), store.Extended(q.values.Get("extension"))
	f.Import, f.ImportDid = q.values.Get("import"), q.values.Get("did")
	q.applyLight(&f)
	return f
}

func (q listQuery) applyView(f *store.Filter) {
	switch q.View {
	case viewOpen:
		f.Stages = []ledger.Stage{ledger.Registered, ledger.Rectifying, ledger.InReview, ledger.Returned, ledger.ContinuingStage}
	case viewMine:
		f.Watcher = q.watcher
		if q.watcher == "" {
			f.Number = []string{} // nobody's: nothing
		}
	case viewOverdue:
		f.Before = q.today.String()
	case viewSoon:
		f.From, f.To = q.today.String(), q.today.AddDays(warnDays).String()
	case viewReturned:
		f.Stages = []ledger.Stage{ledger.Returned}
	case viewCadre:
		f.OrganCadre = true
	case viewReview:
		f.ToReview = q.party
		if q.party == "" {
			f.Number = []string{}
		}
	case viewGaps:
		f.Gaps = true
	case viewContested:
		f.Position = store.Contested
	case viewContinuing:
		f.Stages = []ledger.Stage{ledger.ContinuingStage}
	case viewSettled:
		f.Stages = []ledger.Stage{ledger.SettledStage}
	}
}

func (q listQuery) applyLight(f *store.Filter) {
	switch q.values.Get("light") {
	case ui.Overdue:
		f.Before = q.today.String()
	case ui.Soon:
		f.From, f.To = q.today.String(), q.today.AddDays(warnDays).String()
	case ui.Far:
		f.From, f.To = q.today.AddDays(warnDays+1).String(), "9999-12-31"
	}
}

func claimOf(d rate.Definition) ledger.Claim {
	if len(d.Claims) == 0 {
		return ""
	}
	return ledger.Claim(d.Claims[0])
}

func positionOf(d rate.Definition) ledger.Position {
	if len(d.Positions) == 0 {
		return ""
	}
	return ledger.Position(d.Positions[0])
}

func stagesOf(codes []string) []ledger.Stage {
	var stages []ledger.Stage
	for _, c := range codes {
		stages = append(stages, ledger.Stage(strings.TrimSpace(c)))
	}
	return stages
}

func (q listQuery) page() store.Page {
	return store.Page{Sort: q.Sort, Down: q.Down, After: q.after, Backward: q.backward, Limit: ledgerPage}
}

// bare reports whether the list is a saved view as it is.
func (q listQuery) bare() bool { return !slices.ContainsFunc(filterFields, q.values.Has) }

// get returns a chosen filter, "" for none.
func (q listQuery) get(name string) string { return q.values.Get(name) }

// href is the address with the fields changed, in pairs of name and value; an
// empty value takes the field away.
func (q listQuery) href(pairs ...string) string {
	next := url.Values{}
	for _, name := range slices.Concat(filterFields, otherFields) {
		if v := q.values.Get(name); v != "" {
			next.Set(name, v)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		next.Del(pairs[i])
		if pairs[i+1] != "" {
			next.Set(pairs[i], pairs[i+1])
		}
	}
	if len(next) == 0 {
		return q.Path
	}
	return q.Path + "?" + next.Encode()
}

// filterHref is href for a filter. It keeps the view, which an address with
// filters alone would not have.
func (q listQuery) filterHref(name, value string) string {
	return q.href(name, value, "view", q.View)
}

// viewHref is the address of a saved view; the order of the list stays.
func (q listQuery) viewHref(view string) string {
	pairs := []string{"view", view}
	for _, name := range filterFields {
		pairs = append(pairs, name, "")
	}
	return q.href(pairs...)
}

// sortHref sorts by the column, or the other way round if it is sorted by it.
func (q listQuery) sortHref(by store.Sort) (href, dir string) {
	switch {
	case q.Sort != by:
		return q.href("sort", string(by), "dir", "", "view", q.View), ""
	case q.Down:
		return q.href("sort", string(by), "dir", "", "view", q.View), "descending"
	default:
		return q.href("sort", string(by), "dir", "desc", "view", q.View), "ascending"
	}
}

// kept are the fields that a form of the list has to carry along.
func (q listQuery) kept(except ...string) []ui.Hidden {
	hidden := []ui.Hidden{{Name: "view", Value: q.View}}
	for _, name := range slices.Concat(filterFields, []string{"sort", "dir"}) {
		if v := q.values.Get(name); v != "" && !slices.Contains(except, name) {
			hidden = append(hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	return hidden
}

// pager leads to the neighbouring pages. first and last are the rows at the
// edges of this one.
func (q listQuery) pager(first, last store.Cursor, shown int, more bool) (prev, next string) {
	if shown == 0 {
		return "", ""
	}
	back := q.after != store.Cursor{} && !q.backward || q.backward && more
	forth := !q.backward && more || q.backward
	if back {
		prev = q.href("view", q.View, "before", first.Value+"~"+first.Number, "at", strconv.Itoa(max(1, q.At-ledgerPage)))
	}
	if forth {
		next = q.href("view", q.View, "after", last.Value+"~"+last.Number, "at", strconv.Itoa(q.At+shown))
	}
	return prev, next
}
