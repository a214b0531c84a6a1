package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// The ways to look at what is being edited.
const (
	tabForm    = "form"
	tabYAML    = "yaml"
	tabPreview = "preview"
)

// mechanismEdit is a mechanism being edited. Between two requests all of it lies
// in the page: nothing is kept before it is published.
type mechanismEdit struct {
	way       way // as published; zero for a new one
	New       bool
	Tab       string
	M         mechanism.Mechanism
	Text      string // YAML as typed
	From      workday.Date
	Today     workday.Date
	Note      string
	Key, Seen string
	Problems  map[string]string // by path
	Summary   []ui.FieldProblem
	Flaws     mechanism.Flaws // of the text
}

func (e mechanismEdit) path() string {
	if e.New {
		return "/mechanisms/new"
	}
	return mechanismPath(e.way.Code, "edit")
}

func (s *Server) newMechanism(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	from := r.URL.Query().Get("from")
	if from == "" {
		from = mechanism.Usual
	}
	x, err := s.way(r.Context(), from)
	if err != nil {
		return err
	}
	e := s.openEditor(r, way{}, x.Current)
	e.New = true
	e.M.Code, e.M.Version = "", 0
	e.Text = string(mechanism.Marshal(e.M))
	return s.showMechanismEdit(w, r, who, http.StatusOK, e)
}

func (s *Server) mechanismEditor(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	x, err := s.way(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	e := s.openEditor(r, x, x.at(r.URL.Query().Get("version")))
	e.Text = string(mechanism.Marshal(e.M))
	return s.showMechanismEdit(w, r, who, http.StatusOK, e)
}

// openEditor is the editor as it opens.
func (s *Server) openEditor(r *http.Request, x way, m mechanism.Mechanism) mechanismEdit {
	e := mechanismEdit{
		way: x, M: m, Tab: tabForm, Today: s.today(), From: s.today(), Key: newKey(),
		Seen: strconv.FormatInt(x.History.Version, 10), Problems: map[string]string{},
	}
	if r.URL.Query().Get("tab") == tabYAML {
		e.Tab = tabYAML
	}
	return e
}

func (s *Server) showMechanismEdit(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, e mechanismEdit) error {
	if !policy.Can(who, ledger.PublishMechanism{}, ledger.Subject{}) {
		return supervise.ErrForbidden
	}
	name := e.M.Label()
	if name.Zh == "" {
		name = e.way.Current.Label() // the text cannot be read
	}
	title := lang.T(r.Context(), "mechanisms.edit", name)
	if e.New {
		title = lang.T(r.Context(), "mechanisms.new")
	}
	return s.showAs(w, r, who, status, frame{Title: title, At: "mechanisms"}, mechanismEditPage(e, title))
}

// editMechanism answers every button of the editor: a change of a list, another
// tab, the preview, and publishing.
func (s *Server) editMechanism(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	e := mechanismEdit{New: r.PathValue("code") == "", Today: s.today(), Problems: map[string]string{}}
	if !e.New {
		if e.way, err = s.way(r.Context(), r.PathValue("code")); err != nil {
			return err
		}
	}
	e.Tab, e.From, e.Note = typed.text("tab"), typed.date("from"), typed.text("note")
	e.Key, e.Seen = typed.text("key"), typed.text("seen")
	e.Problems = typed.problems
	op := typed.text("op")
	if !e.read(typed) {
		e.Tab = tabYAML
		return s.showMechanismEdit(w, r, who, http.StatusUnprocessableEntity, e.worded(r.Context()))
	}
	if change, is := readListOp(op); is {
		change.apply(&e.M)
		e.Tab, e.Flaws, e.Problems = tabForm, nil, map[string]string{}
		return s.showMechanismEdit(w, r, who, http.StatusOK, e)
	}
	switch op {
	case tabForm, tabYAML:
		e.Tab, e.Flaws = op, nil
		e.Text = string(mechanism.Marshal(e.M))
		return s.showMechanismEdit(w, r, who, http.StatusOK, e)
	case "publish":
		return s.publishMechanism(w, r, who, e)
	}
	return s.previewMechanism(w, r, who, e)
}

// read takes the mechanism from the form, or from the text of the other tabs. It
// is false where the text cannot be read at all.
func (e *mechanismEdit) read(typed *form) bool {
	if e.Tab == tabForm || e.Tab == "" {
		e.M = typed.mechanism()
		if !e.New {
			e.M.Code = e.way.Code
		}
		e.Flaws = e.M.Check()
		e.Text = string(mechanism.Marshal(e.M))
		return true
	}
	e.Text = strings.ReplaceAll(typed.r.PostForm.Get("text"), "\r\n", "\n")
	m, err := mechanism.Parse([]byte(e.Text))
	errors.As(err, &e.Flaws)
	e.M = m
	return err == nil || len(e.Flaws) > 0 && e.Flaws[0].Path != ""
}

// previewMechanism shows what would be published, or what is wrong with it.
func (s *Server) previewMechanism(w http.ResponseWriter, r *http.Request, who policy.Actor, e mechanismEdit) error {
	if len(e.Flaws) > 0 || len(e.Problems) > 0 {
		return s.showMechanismEdit(w, r, who, http.StatusUnprocessableEntity, e.worded(r.Context()))
	}
	e.Tab = tabPreview
	return s.showMechanismEdit(w, r, who, http.StatusOK, e)
}

func (s *Server) publishMechanism(w http.ResponseWriter, r *http.Request, who policy.Actor, e mechanismEdit) error {
	code := e.way.Code
	if e.New {
		code = e.M.Code
	}
	if len(e.Flaws) > 0 || len(e.Problems) > 0 {
		return s.previewMechanism(w, r, who, e)
	}
	seen, _ := strconv.ParseInt(e.Seen, 10, 64)
	act := ledger.PublishMechanism{Code: code, Mechanism: e.M, From: e.From, Note: e.Note}
	after, err := s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: seen, Key: e.Key})
	if err == nil {
		versions := after.(ledger.Mechanism).Versions
		return seeOther(w, r, mechanismPath(code)+"?published=1&version="+strconv.Itoa(versions[len(versions)-1].Mechanism.Version))
	}
	e.Tab = tabPreview
	status := http.StatusUnprocessableEntity
	var refusal ledger.Refusal
	var stale store.StaleError
	switch {
	case errors.As(err, &stale) && e.New:
		e.Summary = []ui.FieldProblem{{Text: lang.T(r.Context(), "mechanisms.code_taken", code)}}
	case errors.As(err, &stale):
		status = http.StatusConflict
		e.Seen = strconv.FormatInt(stale.Current.Ver(), 10)
		e.Summary = []ui.FieldProblem{{Text: lang.T(r.Context(), "mechanisms.stale")}}
	case errors.As(err, &refusal):
		e.Summary = []ui.FieldProblem{{ID: publishField(refusal.Code), Text: lang.T(r.Context(), refusal.Code, refusal.Args...)}}
	default:
		return err
	}
	return s.showMechanismEdit(w, r, who, status, e)
}

// publishField is the field a refusal to publish speaks of.
func publishField(code string) string {
	switch code {
	case "mechanism.from_past":
		return "from"
	case "mechanism.note_missing", "field.too_long":
		return "note"
	}
	return ""
}

var seatIndex = regexp.MustCompile(`^(.*\.(?:parties|required|veto|outcomes|days_of))\[\d+\].*$`)

// worded says what was found, at its field in the form and by line in the text.
func (e mechanismEdit) worded(ctx context.Context) mechanismEdit {
	for _, path := range sortedKeys(e.Problems) {
		e.Summary = append(e.Summary, ui.FieldProblem{ID: path, Text: e.Problems[path]})
	}
	for _, f := range e.Flaws {
		text := lang.T(ctx, f.Code, f.Args...)
		if e.Tab == tabYAML {
			e.Summary = append(e.Summary, ui.FieldProblem{ID: "text", Text: lang.T(ctx, "mechanisms.at_line", f.Line, f.Column, text)})
			continue
		}
		id := f.Path
		if m := seatIndex.FindStringSubmatch(id); m != nil {
			id = m[1]
		}
		if _, already := e.Problems[id]; already {
			continue
		}
		e.Problems[id] = text
		e.Summary = append(e.Summary, ui.FieldProblem{ID: id, Text: e.where(ctx, f.Path) + text})
	}
	return e
}

var docIndex = regexp.MustCompile(`^documents\[(\d+)\]`)

// where names the document a path leads into, for the list of problems.
func (e mechanismEdit) where(ctx context.Context, path string) string {
	m := docIndex.FindStringSubmatch(path)
	if m == nil {
		return ""
	}
	i, _ := strconv.Atoi(m[1])
	if i >= len(e.M.Documents) {
		return ""
	}
	return e.M.Documents[i].Label().In(string(lang.From(ctx))) + " · "
}

// badLine returns the line of the text that the flaw is in.
func (e mechanismEdit) badLine(f mechanism.Flaw) string {
	lines := strings.Split(e.Text, "\n")
	if f.Line < 1 || f.Line > len(lines) {
		return ""
	}
	return lines[f.Line-1]
}

// field is one field of the form, with the problem at its path.
func (e mechanismEdit) field(path, label, value string) ui.Field {
	return ui.Field{Name: path, Label: label, Value: value, Problem: e.Problems[path]}
}

func (e mechanismEdit) quiet(path, label, value string) ui.Field {
	f := e.field(path, label, value)
	f.Quiet = true
	return f
}

func (e mechanismEdit) tick(path, label string, on bool) ui.Field {
	f := e.field(path, label, "")
	if on {
		f.Value = "on"
	}
	return f
}

// positive is a number as typed; nothing for zero.
func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// daysOf is a party's own time for the document.
func daysOf(d mechanism.Document, p joint.Party) int {
	i := slices.IndexFunc(d.DaysOf, func(x mechanism.PartyDays) bool { return x.Party == p })
	if i < 0 {
		return 0
	}
	return d.DaysOf[i].Days
}

// absent lists the documents that the mechanism does not review.
func (e mechanismEdit) absent() (list []mechanism.Doc) {
	for _, doc := range mechanism.Docs() {
		if _, has := e.M.Document(doc); !has {
			list = append(list, doc)
		}
	}
	return list
}
