package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// evidenceEdit is the page of one piece of evidence, for those who keep it: its
// particulars, the versions of its file, and what else the file is evidence for.
type evidenceEditView struct {
	Finding  ledger.Finding
	Evidence ledger.Evidence
	Card     ui.Evidence
	Form     evidenceForm
	Summary  []ui.FieldProblem
	Also     []ledger.Finding // own findings that may still take it
	Limit    string
	Conflict *ui.Conflict
}

// piece is what the address names of a finding of one's own.
func (s *Server) evidencePiece(r *http.Request, who policy.Actor) (view evidenceEditView, err error) {
	if view.Finding, err = s.attachable(r.Context(), who, r.PathValue("number")); err != nil {
		return view, err
	}
	f := view.Finding
	i := slices.IndexFunc(f.Progress.Evidence, func(e ledger.Evidence) bool { return e.ID == r.PathValue("id") })
	if i < 0 {
		return view, store.ErrNotFound
	}
	view.Evidence = f.Progress.Evidence[i]
	e := view.Evidence
	view.Form = evidenceForm{e.Name, e.DocNumber, e.Date.String(), e.Issuer, e.Proves, e.Measures, nil, newKey()}
	view.Limit = lang.Bytes(s.evidenceLimit())
	cards, err := s.evidenceCards(r.Context(), policy.ScopeOf(who), f)
	if err != nil {
		return view, err
	}
	view.Card = cards[i]
	return view, s.couldTake(r, who, &view)
}

// couldTake lists the organisation's findings that do not have the file yet.
func (s *Server) couldTake(r *http.Request, who policy.Actor, view *evidenceEditView) error {
	if view.Evidence.File.SHA256 == "" {
		return nil
	}
	cases, err := s.Supervise.DB.Read().Cases(r.Context(), policy.ScopeOf(who), view.Finding.Round, view.Finding.Organisation)
	for _, f := range cases {
		has := slices.ContainsFunc(f.Progress.Evidence, func(e ledger.Evidence) bool { return e.File.SHA256 == view.Evidence.File.SHA256 })
		if !has && f.ReportIn == "" && !f.Stage.Done() {
			view.Also = append(view.Also, f)
		}
	}
	return err
}

func (s *Server) evidenceEdit(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.evidencePiece(r, who)
	if err != nil {
		return err
	}
	return s.showEvidence(w, r, who, http.StatusOK, view)
}

func (s *Server) showEvidence(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view evidenceEditView) error {
	return s.showAs(w, r, who, status, frame{Title: view.Evidence.Name, At: "fill", Round: view.Finding.Round}, evidenceEditPage(view))
}

// amendEvidence corrects the particulars. Another change of the finding meanwhile is
// no conflict; another change of this piece is.
func (s *Server) amendEvidence(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	view, err := s.evidencePiece(r, who)
	if err != nil {
		return err
	}
	said := typed.particulars(view.Evidence.ID)
	if len(typed.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, typed.order(ledger.AmendEvidence{Number: view.Finding.Number, Evidence: said}))
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, fillPath(view.Finding.Number)+"#evidence")
	}
	view.Form = typed.evidenceForm()
	if current, stale := conflict(err); stale {
		view.Finding = current.(ledger.Finding)
		view.Conflict = view.conflictRows(r)
		return s.showEvidence(w, r, who, http.StatusConflict, view)
	}
	if err != nil && !typed.refusedAt("name", err) {
		return err
	}
	view.Summary = typed.summary()
	return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, view)
}

// conflictRows puts what is stored beside what was typed.
func (v evidenceEditView) conflictRows(r *http.Request) *ui.Conflict {
	ctx, path := r.Context(), evidencePath(v.Finding.Number, v.Evidence.ID, "edit")
	c := &ui.Conflict{Action: path, Keep: path}
	now := v.Evidence
	if i := slices.IndexFunc(v.Finding.Progress.Evidence, func(e ledger.Evidence) bool { return e.ID == v.Evidence.ID }); i >= 0 {
		now = v.Finding.Progress.Evidence[i]
	}
	for _, row := range [][3]string{
		{"evidence.name", now.Name, v.Form.Name},
		{"evidence.number", now.DocNumber, v.Form.DocNumber},
		{"evidence.date", now.Date.String(), v.Form.Date},
		{"evidence.issuer", now.Issuer, v.Form.Issuer},
		{"evidence.proves", now.Proves, v.Form.Proves},
	} {
		c.Rows = append(c.Rows, ui.ConflictRow{Field: lang.T(ctx, row[0]), Theirs: row[1], Mine: row[2]})
	}
	for name, values := range r.PostForm {
		if name == "seen" || name == "key" {
			continue
		}
		for _, value := range values {
			c.Hidden = append(c.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	c.Hidden = append(c.Hidden, ui.Hidden{Name: "seen", Value: itoa(int(v.Finding.Version))}, ui.Hidden{Name: "key", Value: newKey()})
	return c
}

// replaceFile puts a corrected file in place of the one that is there.
func (s *Server) replaceFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.evidencePiece(r, who)
	if err != nil {
		return err
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.evidenceLimit()+maxForm)
	typed, file, err := s.readUpload(r, who)
	if err == nil && len(typed.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, supervise.Order{
			Act:  ledger.ReplaceFile{Number: view.Finding.Number, Evidence: view.Evidence.ID, File: file},
			Seen: supervise.Any, Key: typed.text("key"),
		})
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, evidencePath(view.Finding.Number, view.Evidence.ID, "edit"))
	}
	if err != nil && (typed == nil || !typed.refusedAt("file", err)) {
		return err
	}
	view.Form.Problems, view.Summary = typed.problems, typed.summary()
	return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, view)
}

// alsoFor attaches the file to other findings of the organisation, all or none.
func (s *Server) alsoFor(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	view, err := s.evidencePiece(r, who)
	if err != nil {
		return err
	}
	numbers := typed.list("id")
	if len(numbers) > mostAssigned {
		return errBadRequest
	}
	if len(numbers) == 0 || view.Evidence.File.SHA256 == "" {
		typed.wrong("also", "evidence.also.none_selected")
	} else {
		_, err = s.Supervise.DoAll(r.Context(), who, attachingAlso(view.Evidence, numbers, typed.text("key")))
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, evidencePath(view.Finding.Number, view.Evidence.ID, "edit"))
	}
	var order supervise.OrderError
	if err != nil && (!errors.As(err, &order) || !typed.refusedAt("also", order.Err)) {
		return err
	}
	view.Form.Problems, view.Summary = typed.problems, typed.summary()
	return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, view)
}

// attachingAlso are the acts that make the piece evidence of other findings, where
// it has no measures and no earlier files.
func attachingAlso(e ledger.Evidence, numbers []string, key string) (orders []supervise.Order) {
	for _, number := range numbers {
		e.ID, e.Measures, e.Earlier = uuid.NewString(), nil, nil
		o := supervise.Order{Act: ledger.Attach{Number: number, Evidence: e}, Seen: supervise.Any}
		if key != "" {
			o.Key = key + "-" + number
		}
		orders = append(orders, o)
	}
	return orders
}
