package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"lianshen/internal/export"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// exportChoice is how somebody exported last: kept for them alone.
type exportChoice struct {
	Layout  string        `json:"layout"`
	Format  export.Format `json:"format"`
	Columns []string      `json:"columns"` // chosen, in their order
	Order   []string      `json:"order"`   // all of them
}

// choiceName is the name under which the choice is kept.
const choiceName = "export"

// exportsView is the page from which everything of a round leaves.
type exportsView struct {
	Round     ledger.Round
	Query     listQuery
	Total     int
	Choice    exportChoice
	Designs   []ledger.Design
	MayDesign bool
	Who       policy.Actor
	Cadre     int
}

func (s *Server) exportsPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	v := exportsView{Round: round, Who: who, MayDesign: policy.Can(who, ledger.KeepDesign{}, ledger.Subject{})}
	if v.Query, err = readListQuery(r, roundPath(round.Number, "ledger"), s.today(), who); err != nil {
		return err
	}
	if !v.Query.values.Has("view") && v.Query.bare() {
		v.Query.View = viewAll // who comes from nowhere wants everything
	}
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	if v.Total, err = db.CountFindings(ctx, scope, v.Query.filter(round.Number)); err != nil {
		return err
	}
	if v.Cadre, err = db.CountFindings(ctx, scope, store.Filter{Round: round.Number, OrganCadre: true}); err != nil {
		return err
	}
	if v.Designs, err = db.Designs(ctx, false); err != nil {
		return err
	}
	if v.Choice, err = s.exportChoice(ctx, who); err != nil {
		return err
	}
	f := frame{Title: lang.T(ctx, "export.title"), At: "exports", Round: round.Number}
	if r.URL.Query().Get("kept") != "" {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(ctx, "export.kept")}
	}
	return s.show(w, r, who, f, exportsBody(v))
}

// exportChoice is what the person chose last, or the columns of the big ledger.
func (s *Server) exportChoice(ctx context.Context, who policy.Actor) (c exportChoice, err error) {
	text, err := s.Supervise.DB.Read().Choice(ctx, who.Person, choiceName)
	if err != nil {
		return c, err
	}
	if text == "" || json.Unmarshal([]byte(text), &c) != nil {
		c = exportChoice{Layout: layoutRoundTrip, Format: export.XLSX}
		for _, f := range export.Master().Columns {
			c.Columns = append(c.Columns, f.Field)
		}
	}
	c.Order = everyField(slices.Concat(c.Order, c.Columns))
	return c, nil
}

// everyField completes an order by the fields that it lacks, and drops what is none.
func everyField(order []string) (all []string) {
	for _, f := range export.Fields() {
		if !slices.Contains(order, f.Code) {
			order = append(order, f.Code)
		}
	}
	for _, code := range order {
		if _, known := export.Lookup(code); known && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}

// chosenIn reads the columns of a form, in the order of the numbers beside them;
// equal ones keep the order of the page.
func chosenIn(given url.Values) []string {
	chosen := slices.Clone(given["column"])
	sortByPlace(chosen, given)
	return chosen
}

func sortByPlace(codes []string, given url.Values) {
	place := func(code string) int {
		n, err := strconv.Atoi(given.Get("place." + code))
		if err != nil {
			return 1000
		}
		return n
	}
	slices.SortStableFunc(codes, func(a, b string) int { return place(a) - place(b) })
}

// keepExportChoice remembers how the person exports.
func (s *Server) keepExportChoice(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c := exportChoice{Layout: or(f.text("layout"), layoutRoundTrip), Format: export.Format(f.text("format")), Columns: chosenIn(r.PostForm)}
	if c.Format.Type() == "" {
		c.Format = export.XLSX
	}
	known := func(code string) bool { _, is := export.Lookup(code); return is }
	c.Columns = slices.DeleteFunc(c.Columns, func(code string) bool { return !known(code) })
	c.Order = everyField(f.list("field"))
	sortByPlace(c.Order, r.PostForm)
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if err := s.Supervise.DB.KeepChoice(r.Context(), who.Person, choiceName, string(text)); err != nil {
		return err
	}
	back := url.Values{"kept": {"1"}}
	for _, name := range slices.Concat(filterFields, []string{"view"}) {
		if v := f.text(name); v != "" {
			back.Set(name, v)
		}
	}
	return seeOther(w, r, roundPath(round.Number, "exports")+"?"+back.Encode())
}

// layouts are the layouts that are offered, the office's own last.
func (v exportsView) layouts(ctx context.Context) []ui.Choice {
	list := []ui.Choice{
		{Value: layoutRoundTrip, Label: lang.T(ctx, "export.layout.roundtrip")},
		{Value: layoutMaster, Label: lang.T(ctx, "export.layout.master")},
		{Value: layoutColumns, Label: lang.T(ctx, "export.layout.columns")},
	}
	for _, d := range v.Designs {
		list = append(list, ui.Choice{Value: d.Code, Label: lang.T(ctx, "export.layout.design", d.Terms.Name)})
	}
	return list
}

func formatChoices(ctx context.Context) (list []ui.Choice) {
	for _, f := range export.Formats() {
		list = append(list, ui.Choice{Value: string(f), Label: lang.T(ctx, "ledger_page.export."+string(f))})
	}
	return list
}

// tables are the other tables that the reader may have.
func (v exportsView) tables() (codes []string) {
	for _, code := range exportOrder {
		if exportTables[code].open(v.Who) {
			codes = append(codes, code)
		}
	}
	return codes
}

// tableHref is the address of a table as a file.
func (v exportsView) tableHref(code string, format export.Format, pairs ...string) string {
	q := url.Values{"format": {string(format)}}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return roundPath(v.Round.Number, "exports", code) + "?" + q.Encode()
}

// exportsHref is the page of exports with the filter of the list.
func (q listQuery) exportsHref(round int) string {
	page := q
	page.Path = roundPath(round, "exports")
	return page.href("view", q.View)
}

// exportColumn is a column on the page of exports.
type exportColumn struct {
	Code, Title, Group string
	Chosen             bool
}

// columns are all columns in the order of the choice.
func (v exportsView) columns(ctx context.Context) (list []exportColumn) {
	for _, code := range v.Choice.Order {
		list = append(list, exportColumn{code, fieldName(ctx, code), fieldGroup(ctx, code), slices.Contains(v.Choice.Columns, code)})
	}
	return list
}

// fieldName names a column in the reader's language; the files are in Chinese.
func fieldName(ctx context.Context, code string) string { return lang.T(ctx, "export.field."+code) }

func fieldGroup(ctx context.Context, code string) string {
	f, _ := export.Lookup(code)
	if lang.From(ctx) == lang.ZH {
		return f.Group
	}
	return ""
}
