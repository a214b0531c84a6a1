package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// A ledger comes in: upload, preview with every problem by cell, confirm.
func (s *Server) importRoutes() []route {
	clerk := opens(policy.PageImport)
	return []route{
		{"GET /rounds/{round}/import", clerk, s.importPage},
		{"POST /rounds/{round}/import", clerk, s.previewImport},
		{"POST /rounds/{round}/import/confirm", clerk, s.confirmImport},
	}
}

// importView is the import page in each of its states.
type importView struct {
	Round         ledger.Round
	Organisations []ledger.Organisation
	Organisation  string // for files without that column
	File          ledger.File
	Read          bool // a preview is shown
	Preview       supervise.ImportPlan
	Problem       string // with the file as a whole
	Key           string
}

// shownProblems bounds the list on the page; the count is always whole.
const shownProblems = 200

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
	view.Key = newKey()
	return view, err
}

func (s *Server) showImport(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view importView) error {
	f := frame{Title: lang.T(r.Context(), "importing.title"), At: "import", Round: view.Round.Number}
	return s.showAs(w, r, who, status, f, importBody(view))
}

func (s *Server) previewImport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.importing(r)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, blob.DefaultLimit+maxForm)
	typed, file, err := s.readUpload(r)
	if err != nil {
		return err
	}
	view.Organisation, view.File = typed.text("organisation"), file
	switch {
	case typed.problems["file"] != "":
		view.Problem = typed.problems["file"]
	case file.SHA256 == "":
		view.Problem = lang.T(r.Context(), "importing.no_file")
	default:
		view, err = s.preview(r.Context(), who, view)
	}
	if err != nil {
		return err
	}
	return s.showImport(w, r, who, view.status(), view)
}

func (v importView) status() int {
	if v.Problem != "" || len(v.Preview.Problems) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

func (s *Server) preview(ctx context.Context, who policy.Actor, view importView) (importView, error) {
	req, problem, err := s.readLedger(ctx, view)
	if err != nil || problem != "" {
		view.Problem = problem
		return view, err
	}
	view.Preview, err = s.Supervise.PlanImport(ctx, who, req)
	view.Read = true
	return view, err
}

// readLedger reads the kept file; problem words what is wrong with it as a whole.
func (s *Server) readLedger(ctx context.Context, view importView) (req supervise.ImportRequest, problem string, err error) {
	f, err := s.Blobs.Open(ctx, view.File.SHA256)
	if errors.Is(err, blob.ErrNotFound) {
		return req, lang.T(ctx, "importing.no_file"), nil // cleared away since the preview
	}
	if err != nil {
		return req, "", fmt.Errorf("open the ledger to import: %w", err)
	}
	defer f.Close()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return req, "", fmt.Errorf("measure the ledger to import: %w", err)
	}
	at, ok := f.(io.ReaderAt)
	if !ok {
		return req, "", errors.New("the evidence store gives no random access")
	}
	req = supervise.ImportRequest{Round: view.Round.Number, Organisation: view.Organisation, File: view.File}
	req.Ledger, err = sheet.ReadLedger(ctx, at, size, view.File.Name, sheet.Options{FeedbackDate: view.Round.FeedbackOn.String()})
	var refused *sheet.FileError
	if errors.As(err, &refused) {
		return req, lang.T(ctx, refused.Code, anyOf(refused.Args)...), nil
	}
	return req, "", err
}

func anyOf(texts []string) []any {
	list := make([]any, len(texts))
	for i, t := range texts {
		list[i] = t
	}
	return list
}

// confirmImport imports the file that was previewed, known by its hash: what is
// confirmed is what was shown.
func (s *Server) confirmImport(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.importing(r)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	view.Organisation = typed.text("organisation")
	view.File = ledger.File{SHA256: typed.text("file"), Name: typed.text("name")}
	req, problem, err := s.readLedger(r.Context(), view)
	if err != nil {
		return err
	}
	if problem == "" {
		_, view.Preview, err = s.Supervise.Import(r.Context(), who, req)
		view.Read = true
	}
	view.Problem = problem
	if errors.Is(err, supervise.ErrImportProblems) || errors.Is(err, supervise.ErrImportNothing) || problem != "" {
		return s.showImport(w, r, who, http.StatusUnprocessableEntity, view)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, roundPath(view.Round.Number, "ledger"))
}
