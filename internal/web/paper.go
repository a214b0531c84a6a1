package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// An organisation writes a document that is judged as one text: its text and files.
func (s *Server) writingRoutes() []route {
	fill := opens(policy.PageFill)
	return []route{
		{"GET /rounds/{round}/papers/{doc}", fill, s.paperPage},
		{"POST /rounds/{round}/papers/{doc}", fill, s.savePaper},
		{"POST /rounds/{round}/papers/{doc}/files", fill, s.attachPaper},
		{"POST /rounds/{round}/papers/{doc}/files/{file}/detach", fill, s.detachPaper},
	}
}

func writePath(round int, doc mechanism.Doc) string { return roundPath(round, "papers", string(doc)) }

// writingView is the editor of a document, with what was typed.
type writingView struct {
	Round    ledger.Round
	Version  ledger.PaperOf    // that is written, or was sent last
	Paper    ledger.Submission // as stored; with the text of the version before where it is not begun
	Letter   []ledger.Consolidation
	Text     string
	Open     bool
	Lacks    []ledger.Lack
	Problems map[string]string
	Summary  []ui.FieldProblem
	Seen     int64
	Key      string
	Conflict *ui.Conflict
	Draft    string
	Upload   evidenceForm
}

// paperForm names the draft of the editor.
func paperForm(v ledger.PaperOf) string {
	return "paper:" + ledger.SubmissionID(v.Round, v.Organisation, v.Doc, v.Number)
}

// writing reads the version of the document that the actor's organisation writes.
func (s *Server) writing(r *http.Request, who policy.Actor) (view writingView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	if view.Round, err = s.roundIn(r); err != nil {
		return view, err
	}
	doc, err := docIn(r, view.Round)
	if err != nil {
		return view, err
	}
	if _, in := view.Round.Team(who.Organisation); !in || !doc.Whole() {
		return view, store.ErrNotFound
	}
	if view.Paper, err = read.LatestSubmission(ctx, view.Round.Number, who.Organisation, doc); err != nil {
		return view, err
	}
	view.Version = ledger.PaperOf{Round: view.Round.Number, Organisation: who.Organisation, Doc: doc, Number: max(1, view.Paper.Number)}
	if err = s.asked(ctx, who, &view); err != nil {
		return view, err
	}
	act := ledger.WritePaper{PaperOf: view.Version}
	switch view.Paper.Stage {
	case ledger.Reviewed, ledger.Accepted, ledger.SentBack:
	case "", ledger.Drafting, ledger.Prepared, ledger.Pledging:
		team, _ := view.Round.Team(who.Organisation)
		view.Open = policy.Can(who, act, ledger.Subject{Kind: ledger.KindSubmission, Round: view.Round.Number, Organisation: who.Organisation, Team: team})
	}
	view.Text, view.Seen, view.Key, view.Lacks = view.Paper.Paper.Text, view.Paper.Version, newKey(), view.Paper.Check(nil)
	view.Problems = map[string]string{}
	return view, nil
}

// asked reads the letter that asks for this version. Where the last version has
// just come back, the next one starts from its text.
func (s *Server) asked(ctx context.Context, who policy.Actor, view *writingView) (err error) {
	before := view.Paper
	if view.Paper.Stage == ledger.SentBack {
		view.Version.Number++
		view.Paper = ledger.Submission{
			Round: before.Round, Organisation: before.Organisation, Team: before.Team, Doc: before.Doc,
			Number: view.Version.Number, Paper: before.Paper,
		}
	}
	if view.Version.Number < 2 {
		return nil
	}
	id := ledger.SubmissionID(before.Round, before.Organisation, before.Doc, view.Version.Number-1)
	view.Letter, err = s.Supervise.DB.Read().Consolidations(ctx, policy.ScopeOf(who), store.VoiceFilter{Submission: id})
	return err
}

func (s *Server) paperPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.writing(r, who)
	if err != nil {
		return err
	}
	draft, err := s.draft(r.Context(), who, paperForm(view.Version))
	if err != nil {
		return err
	}
	if draft.Fields != nil && view.Open {
		view.Text = clean(draft.Fields.Get("text"))
		view.Draft = lang.ClockTime(draft.At.In(s.Supervise.Zone))
		if view.Seen, err = s.draftSeen(r.Context(), who, view.Version.Target(), view.Paper.Version, draft); err != nil {
			return err
		}
	}
	return s.showPaper(w, r, who, http.StatusOK, view)
}

func (s *Server) showPaper(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view writingView) error {
	f := frame{Title: lang.T(r.Context(), "doc."+string(view.Version.Doc)), At: "fill", Round: view.Round.Number}
	return s.showAs(w, r, who, status, f, paperBody(view))
}

func (s *Server) savePaper(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.writing(r, who)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	view.Text = typed.text("text")
	_, err = s.Supervise.Do(r.Context(), who, typed.order(ledger.WritePaper{PaperOf: view.Version, Text: view.Text}))
	if err == nil {
		s.dropDraft(r.Context(), who, paperForm(view.Version))
		return seeOther(w, r, after(typed.text("then"), writePath(view.Round.Number, view.Version.Doc)))
	}
	if current, stale := conflict(err); stale {
		view.Conflict = paperConflict(r.Context(), view, current.(ledger.Submission))
		return s.showPaper(w, r, who, http.StatusConflict, view)
	}
	if !typed.refusedAt("text", err) {
		return err
	}
	view.Problems, view.Summary = typed.problems, typed.summary()
	return s.showPaper(w, r, who, http.StatusUnprocessableEntity, view)
}

// paperConflict puts the text that somebody else saved beside what was typed.
func paperConflict(ctx context.Context, mine writingView, theirs ledger.Submission) *ui.Conflict {
	path := writePath(mine.Round.Number, mine.Version.Doc)
	return &ui.Conflict{
		Action: path, Keep: path,
		Rows: []ui.ConflictRow{{Field: lang.T(ctx, "documents.text"), Theirs: theirs.Paper.Text, Mine: mine.Text}},
		Hidden: []ui.Hidden{
			{Name: "text", Value: mine.Text}, {Name: "seen", Value: strconv.FormatInt(theirs.Version, 10)}, {Name: "key", Value: newKey()},
		},
	}
}

// attachPaper adds one file to the document.
func (s *Server) attachPaper(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.writing(r, who)
	if err != nil {
		return err
	}
	if !view.Open {
		return supervise.ErrForbidden
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.evidenceLimit()+maxForm)
	typed, file, err := s.readUpload(r, who)
	if err == nil && len(typed.problems) == 0 {
		e := ledger.Evidence{ID: uuid.NewString(), Name: or(typed.text("name"), file.Name), File: file}
		_, err = s.Supervise.Do(r.Context(), who, supervise.Order{
			Act: ledger.AttachPaper{PaperOf: view.Version, Evidence: e}, Seen: supervise.Any, Key: typed.text("key"),
		})
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, writePath(view.Round.Number, view.Version.Doc)+"#files")
	}
	if err != nil && (typed == nil || !typed.refusedAt("name", err)) {
		return err
	}
	view.Summary = typed.summary()
	view.Upload = evidenceForm{Name: typed.text("name"), Problems: typed.problems}
	return s.showPaper(w, r, who, http.StatusUnprocessableEntity, view)
}

func (s *Server) detachPaper(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.writing(r, who)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	act := ledger.DetachPaper{PaperOf: view.Version, Evidence: r.PathValue("file")}
	if _, err := s.Supervise.Do(r.Context(), who, typed.order(act)); err != nil {
		return err
	}
	return seeOther(w, r, writePath(view.Round.Number, view.Version.Doc)+"#files")
}

// paperCard draws a file of the document. What is carried over from the version
// before lies there until this version is begun.
func (v writingView) card(ctx context.Context, e ledger.Evidence) ui.Evidence {
	card := evidenceCard(lang.From(ctx), v.Paper.Whole(), e)
	version := v.Version
	if v.Paper.ID == "" {
		version.Number--
	}
	if card.Href != "" {
		card.Href = filePath(version.Target().ID, e.ID)
	}
	return card
}

// detachPath takes a file off the document.
func (v writingView) detachPath(e ledger.Evidence) string {
	return writePath(v.Round.Number, v.Version.Doc) + "/files/" + url.PathEscape(e.ID) + "/detach"
}

// paperLocked says why the text cannot be written now.
func paperLocked(ctx context.Context, v writingView) string {
	if v.Paper.Sent.At.IsZero() {
		return lang.T(ctx, "documents.locked.reader")
	}
	return lang.T(ctx, "documents.locked.sent")
}
