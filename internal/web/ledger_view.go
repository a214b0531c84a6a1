package web

import (
	"context"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// tabs are the saved views with their counts. A view that does not concern the
// reader is absent.
func (d ledgerData) tabs(ctx context.Context) []ui.View {
	counts := d.viewCounts()
	var tabs []ui.View
	for _, name := range []string{viewOpen, viewAll, viewMine, viewOverdue, viewSoon, viewReturned, viewCadre, viewReview, viewGaps, viewContested, viewContinuing, viewSettled} {
		if name == viewMine && d.Query.watcher == "" || counts[name] < 0 {
			continue
		}
		v := ui.View{
			Href: d.Query.viewHref(name), Label: lang.T(ctx, "ledger_page.view."+name), Count: counts[name],
			Current: d.Query.View == name && d.Query.Rate == nil,
		}
		if v.Count > 0 {
			v.Hue = map[string]string{viewOverdue: ui.Red, viewSoon: ui.Amber, viewContested: ui.Amber}[name]
		}
		tabs = append(tabs, v)
	}
	return tabs
}

// listFilter is one filter of the bar: a menu, or what was chosen from it.
type listFilter struct {
	Name, Icon, Label string
	Value, Word       string // what is chosen; Value "" for nothing
	Choices           []ui.Link
}

func (d ledgerData) filters(ctx context.Context) []listFilter {
	l := lang.From(ctx)
	names := namesOn(d.Organisations, d.Round)
	organisations := make([]string, len(d.Organisations))
	for i, o := range d.Organisations {
		organisations[i] = o.Code
	}
	worded := func(prefix string) func(string) string {
		return func(code string) string { return wordOf(l, prefix+code, code) }
	}
	all := []listFilter{
		d.filter(ctx, "organisation", "building", "word.organisation", organisations, func(c string) string { return or(names[c], c) }),
		d.filter(ctx, "category", "folder", "ledger_page.category", d.Views.Categories, func(c string) string { return c }),
		d.filter(ctx, "stage", "progress", "word.status", stageCodes(), func(c string) string { return stageWords(l, c) }),
		d.filter(ctx, "claim", "circle-check", "ledger_page.claim", claimCodes, worded("claim.")),
		d.filter(ctx, "light", "alert-triangle", "ledger_page.light", []string{ui.Overdue, ui.Soon, ui.Far}, worded("ledger_page.light.")),
		d.filter(ctx, "kind", "adjustments-horizontal", "ledger_page.kind", kindCodes, worded("kind.")),
	}
	all = append(all, d.lifeFilters(ctx)...)
	if d.Query.get("cadre") != "" {
		all = append(all, listFilter{Name: "cadre", Label: lang.T(ctx, "ledger_page.cadre"), Value: "1", Word: lang.T(ctx, "word.yes")})
	}
	if id := d.Query.get("import"); id != "" {
		all = append(all, listFilter{Name: "import", Label: lang.T(ctx, "ledger_page.import"), Value: id, Word: importWord(ctx, id, d.Query.get("did"))})
	}
	if d.Query.Rate != nil {
		all = append(all, listFilter{Name: "rate", Label: lang.T(ctx, "ledger_page.rate.filter"), Value: d.Query.Rate.Name, Word: lang.T(ctx, "rate."+d.Query.Rate.Name)})
	}
	return all
}

// importWord names the import whose findings are listed, and what it did to them.
func importWord(ctx context.Context, id, did string) string {
	if key := "ledger_page.import." + did; did != "" && lang.Has(key) {
		return lang.T(ctx, key, id)
	}
	return id
}

var (
	claimCodes = []string{string(ledger.NotStarted), string(ledger.InProgress), string(ledger.BasicallyDone), string(ledger.Done)}
	kindCodes  = []string{string(ledger.Immediate), string(ledger.Dated), string(ledger.LongTerm)}
)

// stageCodes lists the stages in the order of the loop.
func stageCodes() []string {
	var codes []string
	for _, s := range ledger.Stages() {
		codes = append(codes, string(s))
	}
	return codes
}

// filter makes one filter; word gives the wording of a code.
func (d ledgerData) filter(ctx context.Context, name, icon, label string, codes []string, word func(string) string) listFilter {
	f := listFilter{Name: name, Icon: icon, Label: lang.T(ctx, label), Value: d.Query.get(name)}
	if f.Value != "" {
		f.Word = word(f.Value)
		return f
	}
	for _, c := range codes {
		f.Choices = append(f.Choices, ui.Link{Href: d.Query.filterHref(name, c), Label: word(c)})
	}
	return f
}

// wordOf words a code, or gives the text back where the code is none of ours: it
// came from an address.
func wordOf(l lang.Tag, key, text string) string {
	if lang.Has(key) {
		return lang.Say(l, key)
	}
	return text
}

// stageWords words a list of stages: 已完成、已销号.
func stageWords(l lang.Tag, codes string) string {
	var words []string
	for _, c := range stagesOf(strings.Split(codes, ",")) {
		words = append(words, wordOf(l, "stage."+string(c), string(c)))
	}
	return strings.Join(words, lang.Say(l, "word.and"))
}

// or returns the first text that is not empty.
func or(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// clear is the address without filters, "" where none is set.
func (d ledgerData) clear() string {
	if d.Query.bare() {
		return ""
	}
	return d.Query.viewHref(d.Query.View)
}

func (d ledgerData) sort(ctx context.Context, by store.Sort, label string) ui.Sort {
	href, dir := d.Query.sortHref(by)
	return ui.Sort{Label: lang.T(ctx, label), Href: href, Dir: dir}
}

// caption says aloud what the table holds and how it is sorted.
func (d ledgerData) caption(ctx context.Context) string {
	dir := "asc"
	if d.Query.Down {
		dir = "desc"
	}
	column := map[store.Sort]string{
		store.ByNumber: "word.number", store.ByDue: "word.deadline", store.ByStage: "word.status", store.ByOrganisation: "word.organisation",
		store.ByLight: "ledger_page.light",
	}[d.Query.Sort]
	return lang.T(ctx, "ledger_page.caption."+dir, d.Round.Name, lang.T(ctx, or(column, "word.number")))
}

func (d ledgerData) pager(ctx context.Context) ui.Pager {
	n := len(d.Rows)
	if n == 0 {
		return ui.Pager{Range: lang.T(ctx, "count.findings", "0")}
	}
	first, last := d.Rows[0].Cursor(d.Query.Sort), d.Rows[n-1].Cursor(d.Query.Sort)
	prev, next := d.Query.pager(first, last, n, d.More)
	return ui.Pager{Range: ui.Range(ctx, d.Query.At, d.Query.At+n-1, max(d.Total, d.Query.At+n-1)), Prev: prev, Next: next}
}

// tabStop lets the first row of a list take the focus; keys move it on.
func tabStop(first bool) string {
	if first {
		return "0"
	}
	return "-1"
}
