package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/export"
	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// Bounds of the page; counts are always whole.
const (
	shownFaults  = 100
	shownChanges = 100
	shownAdds    = 50
	shownNotices = 200
)

// planView is what an import would do, and what is in its way.
type planView struct {
	importStep
	Plan    supervise.ImportPlan
	Account sheet.Account
	Faults  []faultGrid
	Message string // why the confirmation did nothing
	read    *sheet.Book
}

// A faultGrid holds the rows of one tab that have errors, with the columns in
// which they stand.
type faultGrid struct {
	Tab     int
	Name    string
	Columns []faultColumn
	Rows    []faultRow
}

type faultColumn struct {
	Letters, Header string
}

type faultRow struct {
	Key, Number, Text string
	Line              int
	Cells             [][]faultCell // by column of the grid; several where a finding has several lines
}

// A faultCell is a cell to correct.
type faultCell struct {
	Name, Cell, Value string
	Problems          []string
}

func (c faultCell) long() bool { return strings.Contains(c.Value, "\n") || len([]rune(c.Value)) > 24 }

func (s *Server) planPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.showPlan(w, r, who, http.StatusOK, "")
}

// showPlan shows the plan of the import. Without an answer to every question of the
// columns there is none: then they are shown.
func (s *Server) showPlan(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, message string) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	if !st.Draft.Checked {
		return seeOther(w, r, st.Draft.path("columns"))
	}
	v, problem, err := s.planned(r, who, st)
	if err != nil {
		return err
	}
	v.Message = cmp.Or(message, problem)
	if v.Message != "" && status == http.StatusOK {
		status = http.StatusUnprocessableEntity
	}
	return s.showAs(w, r, who, status, importFrame(r, v.Round), planBody(v))
}

// planned reads the file as corrected and plans its import; problem words why it
// cannot be read as a whole.
func (s *Server) planned(r *http.Request, who policy.Actor, st importStep) (v planView, problem string, err error) {
	v = planView{importStep: st, read: st.Draft.book.With(st.Draft.Fixes)}
	req, err := st.Draft.request(st.Round)
	var refused *sheet.FileError
	if errors.As(err, &refused) {
		return v, lang.T(r.Context(), refused.Code, anyOf(refused.Args)...), nil
	}
	if err != nil {
		return v, "", err
	}
	v.Account = req.Ledger.Account
	v.Plan, err = s.Supervise.PlanImport(r.Context(), who, req)
	v.faults(r.Context())
	return v, "", err
}

// faults lays the wrong cells out, a grid for each tab.
func (v *planView) faults(ctx context.Context) {
	byTab := map[string][]supervise.PlannedRow{}
	shown := 0
	for _, row := range v.Plan.Rows {
		if row.Do == supervise.Wrong && shown < shownFaults {
			byTab[row.Row.Sheet] = append(byTab[row.Row.Sheet], row)
			shown++
		}
	}
	for i, t := range v.Draft.Layout.Tabs {
		if rows := byTab[t.Name]; len(rows) > 0 {
			v.Faults = append(v.Faults, v.grid(ctx, i, t, rows))
		}
	}
}

func (v *planView) grid(ctx context.Context, i int, t sheet.TabLayout, rows []supervise.PlannedRow) faultGrid {
	g := faultGrid{Tab: i, Name: t.Name}
	for _, row := range rows {
		for _, p := range row.Problems {
			letters := lettersOf(p.Cell)
			if !slices.ContainsFunc(g.Columns, func(c faultColumn) bool { return c.Letters == letters }) {
				header, _ := v.Draft.Layout.HeaderOf(t.Name, p.Cell)
				g.Columns = append(g.Columns, faultColumn{Letters: letters, Header: or(header, letters)})
			}
		}
	}
	slices.SortFunc(g.Columns, func(a, b faultColumn) int {
		return cmp.Or(cmp.Compare(len(a.Letters), len(b.Letters)), cmp.Compare(a.Letters, b.Letters))
	})
	for _, row := range rows {
		f := faultRow{Key: supervise.RowKey(row.Row), Number: row.Number, Text: row.Row.Text, Line: row.Row.Line, Cells: make([][]faultCell, len(g.Columns))}
		for _, p := range row.Problems {
			at := slices.IndexFunc(g.Columns, func(c faultColumn) bool { return c.Letters == lettersOf(p.Cell) })
			f.Cells[at] = v.addFault(ctx, f.Cells[at], i, p)
		}
		g.Rows = append(g.Rows, f)
	}
	return g
}

// addFault adds a problem to its cell.
func (v *planView) addFault(ctx context.Context, cells []faultCell, tab int, p sheet.Problem) []faultCell {
	text := lang.T(ctx, p.Code, anyOf(p.Args)...)
	for i := range cells {
		if cells[i].Cell == p.Cell {
			cells[i].Problems = append(cells[i].Problems, text)
			return cells
		}
	}
	return append(cells, faultCell{
		Name: fixName(tab, p.Cell), Cell: p.Cell, Value: v.read.CellText(p.Sheet, p.Cell), Problems: []string{text},
	})
}

func lettersOf(cell string) string { return strings.TrimRight(cell, "0123456789") }

func fixName(tab int, cell string) string { return fmt.Sprintf("fix.%d.%s", tab, cell) }

// fixCells keeps what was typed into the grid with the import, not in the file, and
// checks again.
func (s *Server) fixCells(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d := &st.Draft
	for name := range f.r.PostForm {
		tab, cell, ok := fixAt(name)
		if ok && tab < len(d.Layout.Tabs) {
			d.fix(d.Layout.Tabs[tab].Name, cell, f.text(name))
		}
	}
	for _, back := range f.list("undo") {
		if n, err := strconv.Atoi(back); err == nil && n >= 0 && n < len(d.Fixes) {
			d.Fixes[n].Tab = "" // marked: positions must hold until all are read
		}
	}
	d.Fixes = slices.DeleteFunc(d.Fixes, func(x sheet.Fix) bool { return x.Tab == "" })
	d.Skip = slices.DeleteFunc(d.Skip, func(key string) bool { return slices.Contains(f.list("shown"), key) })
	d.Skip = append(d.Skip, f.list("skip")...)
	if f.checked("leave_wrong") {
		if err := s.leaveWrong(r, who, st); err != nil {
			return err
		}
		return seeOther(w, r, d.path("check"))
	}
	if err := s.keepDraft(r.Context(), who, *d); err != nil {
		return err
	}
	return seeOther(w, r, d.path("check"))
}

// leaveWrong leaves every row out that still has errors, so that the others can be
// imported now and these later.
func (s *Server) leaveWrong(r *http.Request, who policy.Actor, st importStep) error {
	v, problem, err := s.planned(r, who, st)
	if err != nil || problem != "" {
		return err
	}
	d := st.Draft
	for _, row := range v.Plan.Rows {
		if row.Do == supervise.Wrong {
			d.Skip = append(d.Skip, supervise.RowKey(row.Row))
		}
	}
	return s.keepDraft(r.Context(), who, d)
}

// fixAt reads the name of a field of the grid.
func fixAt(name string) (tab int, cell string, ok bool) {
	rest, is := strings.CutPrefix(name, "fix.")
	number, cell, two := strings.Cut(rest, ".")
	tab, err := strconv.Atoi(number)
	return tab, cell, is && two && err == nil && tab >= 0
}

// confirmImport does what the page showed, all of it or nothing. If the plan is
// another one by now it is shown anew.
func (s *Server) confirmImport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	req, err := st.Draft.request(st.Round)
	if err != nil {
		return err
	}
	req.Seen = f.text("seen")
	if req.Seen == "" {
		return errBadRequest
	}
	report, _, err := s.Supervise.Import(r.Context(), who, req)
	switch {
	case errors.Is(err, supervise.ErrImportProblems):
		return s.showPlan(w, r, who, http.StatusUnprocessableEntity, lang.T(r.Context(), "importing.still_wrong"))
	case errors.Is(err, supervise.ErrImportMoved):
		return s.showPlan(w, r, who, http.StatusConflict, lang.T(r.Context(), "importing.moved"))
	case errors.Is(err, supervise.ErrImportNothing):
		return s.showPlan(w, r, who, http.StatusUnprocessableEntity, lang.T(r.Context(), "importing.nothing"))
	case err != nil:
		return err
	}
	if f.checked("remember") {
		if err := s.Supervise.RememberLayout(r.Context(), who, st.Draft.Organisation, layoutName(st.Draft.File.Name), req.Layout); err != nil {
			s.Log.WarnContext(r.Context(), "remember layout", slog.String("error", err.Error())) // the import stands all the same
		}
	}
	s.dropDraft(r.Context(), who, importForm(st.Round.Number, st.Draft.ID))
	return seeOther(w, r, "/imports/"+report.ID+"?done")
}

// faultyRows sends the rows with errors as a workbook in the layout that goes in
// again, with what is wrong in a column of its own.
func (s *Server) faultyRows(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	st, done, err := s.step(w, r, who)
	if err != nil || done {
		return err
	}
	v, problem, err := s.planned(r, who, st)
	if err != nil {
		return err
	}
	if problem != "" {
		return s.showPlan(w, r, who, http.StatusUnprocessableEntity, problem)
	}
	name := strings.TrimSuffix(v.Draft.File.Name, filepath.Ext(v.Draft.File.Name))
	w.Header().Set("Content-Type", export.XLSX.Type())
	w.Header().Set("Content-Disposition", `attachment; filename="rows.xlsx"; filename*=UTF-8''`+url.PathEscape(lang.T(r.Context(), "importing.faulty.file", name)+".xlsx"))
	return v.writeFaulty(r.Context(), w)
}
