package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/web/ui"
)

// columnsView is the page that shows how the file will be read, and lets every
// choice be changed.
type columnsView struct {
	importStep
	Problems map[string]string // field of the form -> wording
}

func (s *Server) columnsPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	return s.showColumns(w, r, who, http.StatusOK, columnsView{importStep: st})
}

func (s *Server) showColumns(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v columnsView) error {
	return s.showAs(w, r, who, status, importFrame(r, v.Round), columnsBody(v))
}

// Choices of a column that are no field.
const (
	toRemark = "@remark" // its content goes into the remark, under its header
	leftOut  = "@leave"
)

// setColumns takes every choice of the page. What is open or contradicts itself is
// told at its place, and everything chosen stays.
func (s *Server) setColumns(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	v := columnsView{importStep: st, Problems: f.problems}
	d := &v.Draft
	d.Organisation, d.Category = f.text("organisation"), f.text("category")
	moved := false
	for i := range d.Layout.Tabs {
		moved = d.setTab(f, i) || moved
	}
	for i := range d.Layout.Values {
		if f.r.PostForm.Has(valueName(i)) {
			d.Layout.Values[i].Code = f.text(valueName(i))
		}
	}
	d.Layout = d.Layout.Refresh(d.book)
	v.complain(f, moved)
	d.Checked = len(f.problems) == 0 && !moved
	if err := s.keepDraft(r.Context(), who, *d); err != nil {
		return err
	}
	if d.Checked {
		return seeOther(w, r, d.path("check"))
	}
	status := http.StatusUnprocessableEntity
	if len(f.problems) == 0 {
		status = http.StatusOK // the header moved: here are its columns
	}
	return s.showColumns(w, r, who, status, v)
}

// setTab reads the choices of one tab; moved reports that its header was put to
// other rows, so that there are other columns to choose for.
func (d *importDraft) setTab(f *form, i int) (moved bool) {
	t := &d.Layout.Tabs[i]
	switch f.text(tabName(i, "use")) {
	case "yes":
		t.Use, t.Take = true, sheet.Take
	case "no":
		t.Use, t.Take = false, sheet.Leave
	}
	from, to := f.text(tabName(i, "from")), f.text(tabName(i, "to"))
	if t.Use && from != "" && (from != strconv.Itoa(t.HeaderFrom) || to != strconv.Itoa(t.HeaderTo)) || t.Use && len(t.Columns) == 0 {
		a, errA := strconv.Atoi(from)
		b, errB := strconv.Atoi(or(to, from))
		fresh, ok := d.book.Header(t.Name, a, b, d.words)
		if errA != nil || errB != nil || !ok {
			f.wrong(tabName(i, "from"), "importing.header_rows_wrong")
			return false
		}
		*t = fresh
		return true
	}
	if f.r.PostForm.Has(tabName(i, "category")) {
		t.CategoryFrom = f.text(tabName(i, "category"))
	}
	if f.r.PostForm.Has(tabName(i, "rows")) {
		t.HiddenRows = f.text(tabName(i, "rows"))
	}
	for n := range t.Columns {
		if name := columnName(i, t.Columns[n].Column); f.r.PostForm.Has(name) {
			choose(&t.Columns[n], f.text(name))
		}
	}
	numberParts(t)
	return false
}

// choose takes what was chosen for a column: a field, with its part where a field is
// spread over columns; to put it into the remark; or to leave it out.
func choose(c *sheet.ColumnLayout, choice string) {
	if choice == chosen(*c) {
		return
	}
	c.Why = ""
	switch choice {
	case "":
		c.Field, c.Part, c.Take = "", "", ""
	case leftOut:
		c.Field, c.Part, c.Take = "", "", sheet.Leave
	case toRemark:
		c.Field, c.Part, c.Take = "", "", sheet.Take
	default:
		field, part, _ := strings.Cut(choice, "|")
		if !slices.Contains(sheet.Fields(), sheet.Field(field)) {
			return
		}
		c.Field, c.Part, c.Take = sheet.Field(field), part, sheet.Take
	}
}

// chosen is the choice that stands for a column; "" where somebody must choose.
func chosen(c sheet.ColumnLayout) string {
	switch {
	case c.Take == sheet.Leave:
		return leftOut
	case c.Hidden && c.Take == "" && len(c.Samples) > 0:
		return ""
	case c.Field == "" && c.Take == sheet.Take:
		return toRemark
	case c.Part != "":
		return string(c.Field) + "|" + c.Part
	}
	return string(c.Field)
}

// numberParts numbers the columns over which a field is spread, such as the
// measures: several columns may hold one each.
func numberParts(t *sheet.TabLayout) {
	count := map[sheet.Field]int{}
	for _, c := range t.Columns {
		if c.Take != sheet.Leave && sheet.Several(c.Field) {
			count[c.Field]++
		}
	}
	at := map[sheet.Field]int{}
	for i := range t.Columns {
		c := &t.Columns[i]
		if n := count[c.Field]; n > 1 && c.Take != sheet.Leave {
			at[c.Field]++
			c.Part = strconv.Itoa(at[c.Field])
		} else if n == 1 {
			c.Part = ""
		}
	}
}

// complain tells at each place what is still open, or chosen twice.
func (v *columnsView) complain(f *form, moved bool) {
	d := &v.Draft
	if d.Organisation != "" && !slices.ContainsFunc(v.Organisations, func(o ledger.Organisation) bool { return o.Code == d.Organisation }) {
		d.Organisation = ""
	}
	if v.needsOrganisation() && d.Organisation == "" {
		f.wrong("organisation", "importing.organisation_missing")
	}
	if d.Category == "" && v.noCategory() {
		f.wrong("category", "importing.category_missing")
	}
	if !slices.ContainsFunc(d.Layout.Tabs, func(t sheet.TabLayout) bool { return t.Use }) {
		f.wrong(tabName(0, "use"), "importing.no_tab")
	}
	if moved {
		return
	}
	for i, t := range d.Layout.Tabs {
		if t.Use {
			v.twice(f, i, t)
		}
	}
	for _, q := range d.Layout.Questions(d.book) {
		f.wrong(v.fieldOf(q), q.Code, anyOf(q.Args)...)
	}
}

// noCategory reports whether a tab says nothing of the category of its findings.
func (v *columnsView) noCategory() bool {
	return slices.ContainsFunc(v.Draft.Layout.Tabs, func(t sheet.TabLayout) bool {
		column := slices.ContainsFunc(t.Columns, func(c sheet.ColumnLayout) bool { return c.Field == sheet.Category && c.Take != sheet.Leave })
		return t.Use && !column && (t.CategoryFrom == "" || t.CategoryFrom == sheet.FromColumn)
	})
}

// twice complains of columns that are to be the same thing.
func (v *columnsView) twice(f *form, i int, t sheet.TabLayout) {
	first := map[string]string{}
	for _, c := range t.Columns {
		choice := chosen(c)
		if c.Field == "" || choice == "" || choice == leftOut || sheet.Several(c.Field) {
			continue
		}
		if other, taken := first[choice]; taken {
			f.wrong(columnName(i, c.Column), "importing.column_twice", c.Header, other)
			continue
		}
		first[choice] = c.Header
	}
}

// fieldOf is the control that answers a question.
func (v *columnsView) fieldOf(q sheet.Problem) string {
	l := v.Draft.Layout
	for i, x := range l.Values {
		if x.Tab == q.Sheet && x.At == q.Cell && x.Code == "" {
			return valueName(i)
		}
	}
	for i, t := range l.Tabs {
		if t.Name != q.Sheet {
			continue
		}
		switch q.Code {
		case "import.hidden_tab":
			return tabName(i, "use")
		case "import.hidden_rows":
			return tabName(i, "rows")
		case "import.missing_column":
			return tabName(i, "from")
		}
		for _, c := range t.Columns {
			if q.Cell == sheet.Letters(c.Column)+strconv.Itoa(max(1, t.HeaderTo)) {
				return columnName(i, c.Column)
			}
		}
		return tabName(i, "use")
	}
	return "organisation"
}

func tabName(i int, what string) string   { return fmt.Sprintf("t%d.%s", i, what) }
func columnName(i int, column int) string { return fmt.Sprintf("t%d.c%d", i, column) }
func valueName(i int) string              { return fmt.Sprintf("v%d", i) }

// columnChoices are what a column may be. A column that is a part keeps it as one
// of them; the status may be spread over columns of ticks.
func columnChoices(ctx context.Context, c sheet.ColumnLayout) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: lang.T(ctx, "importing.choose")}}
	if choice := chosen(c); strings.Contains(choice, "|") {
		list = append(list, ui.Choice{Value: choice, Label: partWord(ctx, c)})
	}
	for _, f := range sheet.Fields() {
		if f != sheet.Message {
			list = append(list, ui.Choice{Value: string(f), Label: fieldWord(ctx, f)})
		}
	}
	for _, code := range sheet.Codes(sheet.Status) {
		tick := sheet.ColumnLayout{Field: sheet.Status, Part: code.Code}
		if chosen(tick) != chosen(c) {
			list = append(list, ui.Choice{Value: chosen(tick), Label: partWord(ctx, tick)})
		}
	}
	return append(list,
		ui.Choice{Value: toRemark, Label: lang.T(ctx, "importing.to_remark")},
		ui.Choice{Value: leftOut, Label: lang.T(ctx, "importing.leave_out")})
}

// fieldWord names a field of a ledger.
func fieldWord(ctx context.Context, f sheet.Field) string { return lang.T(ctx, "column."+string(f)) }

func partWord(ctx context.Context, c sheet.ColumnLayout) string {
	for _, code := range sheet.Codes(c.Field) {
		if code.Code == c.Part {
			return lang.T(ctx, "importing.tick", fieldWord(ctx, c.Field), codeWord(ctx, c.Field, c.Part))
		}
	}
	return lang.T(ctx, "importing.part", fieldWord(ctx, c.Field), c.Part)
}

// codeWord words the code of a closed list.
func codeWord(ctx context.Context, f sheet.Field, code string) string {
	switch f {
	case sheet.Status:
		return lang.T(ctx, "claim."+code)
	case sheet.Kind:
		return lang.T(ctx, "kind."+code)
	default: // the others are yes or no
		return yesNo(ctx, code == "yes" || code == "true")
	}
}

// why says why a field was guessed for a column.
func why(ctx context.Context, c sheet.ColumnLayout) string {
	if c.Hidden && c.Take == "" && c.Field != "" {
		return lang.T(ctx, "importing.why.hidden", fieldWord(ctx, c.Field))
	}
	if c.Why == "" {
		return ""
	}
	return lang.T(ctx, "importing.why."+c.Why)
}

// categoryChoices say where a tab names the category of its findings.
func categoryChoices(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, from := range []string{"", sheet.FromColumn, sheet.FromTab, sheet.FromTitle, sheet.FromSection} {
		list = append(list, ui.Choice{Value: from, Label: lang.T(ctx, "importing.category_from."+or(from, "none"))})
	}
	return list
}

func valueChoices(ctx context.Context, v sheet.ValueLayout) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: lang.T(ctx, "importing.choose")}}
	for _, code := range sheet.Codes(v.Field) {
		list = append(list, ui.Choice{Value: code.Code, Label: codeWord(ctx, v.Field, code.Code)})
	}
	return append(list, ui.Choice{Value: sheet.Leave, Label: lang.T(ctx, "importing.leave_empty")})
}

// hiddenRows counts the hidden rows of a tab that hold something.
func (v columnsView) hiddenRows(tab string) int {
	for _, t := range v.Draft.book.Tabs() {
		if t.Name == tab {
			return len(t.HiddenRows)
		}
	}
	return 0
}

// preview is the head of a tab as the file shows it.
func (v columnsView) preview(t sheet.TabLayout) [][]string {
	return v.Draft.book.Lines(t.Name, 1, max(t.HeaderTo+2, 6))
}

// summary lists the problems in the order of the page.
func (v columnsView) summary() []ui.FieldProblem {
	var list []ui.FieldProblem
	add := func(name string) {
		if text := v.Problems[name]; text != "" {
			list = append(list, ui.FieldProblem{ID: name, Text: text})
		}
	}
	add("organisation")
	add("category")
	for i, t := range v.Draft.Layout.Tabs {
		for _, what := range []string{"use", "from", "rows"} {
			add(tabName(i, what))
		}
		for _, c := range t.Columns {
			add(columnName(i, c.Column))
		}
	}
	for i := range v.Draft.Layout.Values {
		add(valueName(i))
	}
	return list
}
