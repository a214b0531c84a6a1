package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/export"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

const designsPath = "/designs"

func (s *Server) designRoutes() []route {
	office := opens(policy.PageImport)
	return []route{
		{"GET " + designsPath, office, s.designs},
		{"GET " + designsPath + "/new", office, s.newDesign},
		{"POST " + designsPath + "/new", office, s.keepDesign},
		{"GET " + designsPath + "/{code}", office, s.design},
		{"POST " + designsPath + "/{code}", office, s.keepDesign},
		{"POST " + designsPath + "/{code}/withdraw", office, s.withdrawDesign},
	}
}

func designPath(code string) string { return designsPath + "/" + url.PathEscape(code) }

// designsView lists the designs of the office.
type designsView struct {
	List []ledger.Design
	Key  string
}

func (s *Server) designs(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	list, err := s.Supervise.DB.Read().Designs(r.Context(), true)
	if err != nil {
		return err
	}
	f := frame{Title: lang.T(r.Context(), "design.title"), At: "exports"}
	if r.URL.Query().Get("kept") != "" {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "design.kept")}
	}
	return s.show(w, r, who, f, designsBody(designsView{list, newKey()}))
}

// designEdit is a design being written.
type designEdit struct {
	New       bool
	Code      string
	Terms     ledger.DesignTerms
	Rows      []designRow
	Seen, Key string
	Withdrawn bool
	Problems  map[string]string
	Summary   []ui.FieldProblem
	Conflict  *ui.Conflict
}

// designRow is one field in the editor.
type designRow struct {
	Code, Head, Group, Width string
	Place                    int
	Chosen                   bool
}

// rowsOfDesign are the columns of the design in their order, then the fields it lacks.
func rowsOfDesign(t ledger.DesignTerms) (rows []designRow) {
	add := func(c ledger.DesignColumn, chosen bool) {
		row := designRow{Code: c.Field, Head: c.Head, Group: c.Group, Chosen: chosen, Place: len(rows) + 1}
		if c.Width > 0 {
			row.Width = strconv.FormatFloat(c.Width, 'f', -1, 64)
		}
		rows = append(rows, row)
	}
	for _, c := range t.Columns {
		add(c, true)
	}
	for _, code := range ledger.DesignFields() {
		if !slices.ContainsFunc(t.Columns, func(c ledger.DesignColumn) bool { return c.Field == code }) {
			add(ledger.DesignColumn{Field: code}, false)
		}
	}
	return rows
}

func (s *Server) newDesign(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	c, err := s.exportChoice(r.Context(), who)
	if err != nil {
		return err
	}
	e := designEdit{New: true, Key: newKey(), Seen: "0", Terms: ledger.DesignTerms{Paper: ledger.PaperA3}}
	for _, code := range c.Columns {
		f, _ := export.Lookup(code)
		e.Terms.Columns = append(e.Terms.Columns, ledger.DesignColumn{Field: code, Group: f.Group})
	}
	e.Rows = rowsOfDesign(e.Terms)
	return s.showDesign(w, r, who, http.StatusOK, e)
}

func (s *Server) design(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	d, err := s.Supervise.DB.Read().Design(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	e := designEdit{
		Code: d.Code, Terms: d.Terms, Rows: rowsOfDesign(d.Terms), Withdrawn: d.Withdrawn,
		Seen: strconv.FormatInt(d.Version, 10), Key: newKey(),
	}
	return s.showDesign(w, r, who, http.StatusOK, e)
}

func (s *Server) showDesign(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, e designEdit) error {
	title := lang.T(r.Context(), "design.edit", e.Terms.Name)
	if e.New {
		title = lang.T(r.Context(), "design.new")
	}
	return s.showAs(w, r, who, status, frame{Title: title, At: "exports"}, designBody(e, title))
}

// readDesign reads what was typed.
func readDesign(f *form) designEdit {
	e := designEdit{Code: f.text("code"), Seen: f.text("seen"), Key: f.text("key")}
	e.Terms = ledger.DesignTerms{
		Name: f.text("name"), Title: f.text("title"), Paper: f.text("paper"), Portrait: f.checked("portrait"),
		Split: f.text("split"), Measures: f.checked("measures"),
	}
	order := everyField(f.list("field"))
	sortByPlace(order, f.r.PostForm)
	for i, code := range order {
		row := designRow{
			Code: code, Head: f.text("head." + code), Group: f.text("group." + code), Width: f.text("width." + code),
			Place: i + 1, Chosen: slices.Contains(f.list("column"), code),
		}
		e.Rows = append(e.Rows, row)
		if !row.Chosen {
			continue
		}
		width := 0.0
		if row.Width != "" {
			var err error
			if width, err = strconv.ParseFloat(row.Width, 64); err != nil {
				f.wrong("width."+code, "form.number", row.Width)
			}
		}
		e.Terms.Columns = append(e.Terms.Columns, ledger.DesignColumn{Field: code, Head: row.Head, Group: row.Group, Width: width})
	}
	return e
}

func (s *Server) keepDesign(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	e := readDesign(f)
	if e.New = r.PathValue("code") == ""; !e.New {
		e.Code = r.PathValue("code")
		if _, err := s.Supervise.DB.Read().Design(r.Context(), e.Code); err != nil {
			return err
		}
	}
	if !policy.Can(who, ledger.KeepDesign{}, ledger.Subject{Kind: ledger.KindDesign}) {
		return supervise.ErrForbidden
	}
	if len(f.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, f.order(ledger.KeepDesign{Code: e.Code, Terms: e.Terms}))
		if err == nil {
			return seeOther(w, r, designsPath+"?kept=1")
		}
	}
	var stale store.StaleError
	switch {
	case errors.As(err, &stale) && e.New:
		f.wrong("code", "design.code_taken", e.Code)
	case errors.As(err, &stale):
		current := stale.Current.(ledger.Design)
		e.Seen = strconv.FormatInt(current.Version, 10)
		e.Conflict = designConflict(r.Context(), e, current, f)
		return s.showDesign(w, r, who, http.StatusConflict, e)
	case err != nil && !f.refusedAt(designField(err), err):
		return err
	}
	e.Problems, e.Summary = f.problems, f.summary()
	return s.showDesign(w, r, who, http.StatusUnprocessableEntity, e)
}

// designField is the field that a refusal speaks of.
func designField(err error) string {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return ""
	}
	return map[string]string{
		"design.code": "code", "design.name_missing": "name", "field.too_long": "name", "design.paper": "paper", "design.split": "split",
	}[refusal.Code]
}

// designConflict shows what somebody else saved beside what was typed.
func designConflict(ctx context.Context, e designEdit, current ledger.Design, f *form) *ui.Conflict {
	c := &ui.Conflict{Action: designPath(e.Code), Keep: designPath(e.Code)}
	words := func(t ledger.DesignTerms) []string {
		var columns []string
		for _, x := range t.Columns {
			columns = append(columns, or(x.Head, fieldName(ctx, x.Field)))
		}
		return []string{t.Name, t.Title, strings.Join(columns, lang.T(ctx, "word.and")), t.Paper}
	}
	theirs, mine := words(current.Terms), words(e.Terms)
	for i, key := range []string{"design.name", "design.head", "export.columns", "design.paper.label"} {
		c.Rows = append(c.Rows, ui.ConflictRow{Field: lang.T(ctx, key), Theirs: theirs[i], Mine: mine[i]})
	}
	for name, values := range f.r.PostForm {
		for _, v := range values {
			if name != "seen" && name != "key" {
				c.Hidden = append(c.Hidden, ui.Hidden{Name: name, Value: v})
			}
		}
	}
	slices.SortStableFunc(c.Hidden, func(a, b ui.Hidden) int { return strings.Compare(a.Name, b.Name) })
	c.Hidden = append(c.Hidden, ui.Hidden{Name: "seen", Value: e.Seen}, ui.Hidden{Name: "key", Value: newKey()})
	return c
}

func (s *Server) withdrawDesign(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if _, err := s.Supervise.Do(r.Context(), who, f.order(ledger.WithdrawDesign{Code: r.PathValue("code")})); err != nil {
		return err
	}
	return seeOther(w, r, designsPath+"?kept=1")
}
