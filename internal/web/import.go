package web

import (
	"net/http"
	"path/filepath"
	"strings"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// A ledger comes in: upload, columns, check, confirm, report.
func (s *Server) importRoutes() []route {
	clerk, frame := opens(policy.PageImport), opens(policy.PageFrame)
	return []route{
		{"GET /rounds/{round}/import", clerk, s.importPage},
		{"POST /rounds/{round}/import", clerk, s.takeLedger},
		{"GET /rounds/{round}/import/{draft}/columns", clerk, s.columnsPage},
		{"POST /rounds/{round}/import/{draft}/columns", clerk, s.setColumns},
		{"GET /rounds/{round}/import/{draft}/check", clerk, s.planPage},
		{"POST /rounds/{round}/import/{draft}/check", clerk, s.fixCells},
		{"GET /rounds/{round}/import/{draft}/faulty.xlsx", clerk, s.faultyRows},
		{"POST /rounds/{round}/import/{draft}/confirm", clerk, s.confirmImport},
		{"POST /rounds/{round}/import/{draft}/discard", clerk, s.discardImport},
		{"GET /rounds/{round}/imports", clerk, s.importList},
		{"GET /imports/{id}", clerk, s.importReport},
		{"GET /imports/{id}/file", clerk, s.importedFile},
		{"GET /headings", frame, s.headingsPage},
		{"POST /headings", frame, s.addHeading},
		{"POST /headings/remove", frame, s.removeHeading},
		{"POST /headings/forget", frame, s.forgetLayout},
	}
}

// importView is the page where a ledger is uploaded.
type importView struct {
	Round         ledger.Round
	Organisations []ledger.Organisation
	Organisation  string // for files without that column
	Problem       string // with the file as a whole
	Drafts        []importDraft
	Reports       []importLine
	More          bool // there are more reports
}

// fewReports is how many reports stand below the upload.
const fewReports = 5

func (s *Server) importPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.importing(r)
	if err != nil {
		return err
	}
	return s.showImport(w, r, who, http.StatusOK, view)
}

func (s *Server) importing(r *http.Request) (view importView, err error) {
	if view.Round, err = s.roundIn(r); err != nil {
		return view, err
	}
	view.Organisations, err = s.Supervise.DB.Read().OrganisationsOf(r.Context(), view.Round.Number)
	return view, err
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view importView) (err error) {
	ctx := r.Context()
	if view.Drafts, err = s.importDrafts(ctx, who, view.Round.Number); err != nil {
		return err
	}
	if view.Reports, view.More, err = s.importLines(ctx, who, view.Round.Number, 0, fewReports); err != nil {
		return err
	}
	return s.showAs(w, r, who, status, importFrame(r, view.Round), importBody(view))
}

func importFrame(r *http.Request, round ledger.Round) frame {
	return frame{Title: lang.T(r.Context(), "importing.title"), At: "import", Round: round.Number}
}

// takeLedger keeps the file and begins an import with it.
func (s *Server) takeLedger(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.importing(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, blob.DefaultLimit+maxForm)
	typed, file, err := s.readUpload(r, who)
	if err != nil {
		return err
	}
	d := importDraft{ID: newKey()[:8], Round: view.Round.Number, File: file, Organisation: typed.text("organisation")}
	view.Organisation = d.Organisation
	switch {
	case typed.problems["file"] != "":
		view.Problem = typed.problems["file"]
	case file.SHA256 == "":
		view.Problem = lang.T(r.Context(), "importing.no_file")
	default:
		d.book, view.Problem, err = s.openBook(r.Context(), file)
	}
	if err != nil {
		return err
	}
	if view.Problem != "" {
		return s.showImport(w, r, who, http.StatusUnprocessableEntity, view)
	}
	return s.beginImport(w, r, who, d)
}

// beginImport guesses how to read the file. Where a layout is remembered and leaves
// no question, the columns need not be looked at again.
func (s *Server) beginImport(w http.ResponseWriter, r *http.Request, who policy.Actor, d importDraft) (err error) {
	d.Layout, d.Remembered, err = supervise.GuessLayout(r.Context(), s.Supervise.DB.Read(), d.book, d.Organisation)
	if err != nil {
		return err
	}
	d.Checked = d.Remembered != "" && len(d.Layout.Questions(d.book)) == 0
	if err := s.keepDraft(r.Context(), who, d); err != nil {
		return err
	}
	if d.Checked {
		return seeOther(w, r, d.path("check"))
	}
	return seeOther(w, r, d.path("columns"))
}

func (d importDraft) path(page string) string { return roundPath(d.Round, "import", d.ID, page) }

func (s *Server) discardImport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	s.dropDraft(r.Context(), who, importForm(round.Number, r.PathValue("draft")))
	return seeOther(w, r, roundPath(round.Number, "import"))
}

// layoutName is what a layout is remembered under: the name of the file, without
// what changes from one month to the next.
func layoutName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	name = strings.TrimRight(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, name), " -_.年月日（）()")
	if name == "" {
		return file
	}
	return name
}

// importStep is what the pages of one import have in common.
type importStep struct {
	Round         ledger.Round
	Organisations []ledger.Organisation
	Draft         importDraft
}

// step loads the import of the address. When its file cannot be read any more the
// reader is led back to the upload.
func (s *Server) step(w http.ResponseWriter, r *http.Request, who policy.Actor) (st importStep, done bool, err error) {
	view, err := s.importing(r)
	if err != nil {
		return st, false, err
	}
	d, problem, err := s.draftIn(r, who, view.Round)
	if err != nil {
		return st, false, err
	}
	if problem != "" {
		view.Problem = problem
		return st, true, s.showImport(w, r, who, http.StatusUnprocessableEntity, view)
	}
	return importStep{view.Round, view.Organisations, d}, false, nil
}

// needsOrganisation reports whether no column says whose the findings are.
func (st importStep) needsOrganisation() bool {
	for _, t := range st.Draft.Layout.Tabs {
		for _, c := range t.Columns {
			if t.Use && c.Field == sheet.Organisation && c.Take != sheet.Leave {
				return false
			}
		}
	}
	return true
}
