package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// faultLine is a fault of a template as the page words it.
type faultLine struct{ Field, Place, Text string }

// wordFaults words faults for the reader: the field, where it stands, what to do.
func wordFaults(ctx context.Context, faults paper.Faults) (list []faultLine) {
	for _, f := range faults {
		var args []any
		if f.Field != "" {
			args = append(args, f.Field)
		}
		for _, a := range f.Args {
			args = append(args, a)
		}
		list = append(list, faultLine{f.Field, placeWord(ctx, f.Place), lang.T(ctx, f.Code, args...)})
	}
	return list
}

// placeWord says where in a template something stands.
func placeWord(ctx context.Context, p paper.Place) string {
	if p.Part == "" {
		return ""
	}
	where := lang.T(ctx, "templates.part."+p.Part)
	if p.Table > 0 {
		where += lang.T(ctx, "templates.place.row", p.Table, p.Row)
	}
	if p.Text != "" {
		where += lang.T(ctx, "templates.place.text", p.Text)
	}
	return where
}

// addTemplate takes in a file. What cannot be filled in at all is not kept; names that
// are not known may be mapped afterwards.
func (s *Server) addTemplate(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.kindIn(r, who)
	if err != nil {
		return err
	}
	if !v.May {
		return supervise.ErrForbidden
	}
	r.Body = http.MaxBytesReader(w, r.Body, paper.MostBytes+maxForm)
	typed, name, file, err := readTemplate(r)
	if err != nil {
		return err
	}
	v.Note, v.File, v.Key = typed.text("note"), name, typed.text("key")
	if len(file) == 0 {
		v.Problem = lang.T(r.Context(), "templates.no_file")
		return s.showKind(w, r, who, http.StatusUnprocessableEntity, v)
	}
	aliases, err := fitting(v, file)
	var faults paper.Faults
	if errors.As(err, &faults) {
		v.Faults = wordFaults(r.Context(), faults)
		return s.showKind(w, r, who, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	digest, err := s.Supervise.DB.PutTemplateFile(r.Context(), file)
	if err != nil {
		return err
	}
	act := ledger.AddTemplate{
		Kind: v.Kind.Code, Note: v.Note, Aliases: aliases,
		File: ledger.File{SHA256: digest, Name: name, Size: int64(len(file)), Type: docxType},
	}
	state, err := s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any, Key: v.Key})
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		v.Problem = lang.T(r.Context(), refusal.Code, refusal.Args...)
		return s.showKind(w, r, who, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return seeOther(w, r, templatePath(v.Kind.Code, itoa(len(state.(ledger.Template).Files))))
}

func (s *Server) showKind(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v templateView) error {
	return s.showAs(w, r, who, status, frame{Title: kindLabel(r.Context(), v.Kind), At: "templates"}, templateKindPage(v))
}

// fitting reads the file and takes over from the newest one before it what its names
// mean. The error is the faults that no mapping mends.
func fitting(v templateView, file []byte) (map[string]string, error) {
	t, err := paper.Parse(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	if last, any := v.Own.Find(len(v.Own.Files)); any {
		for _, u := range t.Fields() {
			if path, mapped := last.Aliases[u.Name]; mapped {
				known[u.Name] = path
			}
		}
	}
	return known, hard(bindFaults(t, v.Kind, known))
}

func bindFaults(t *paper.Template, k paper.Kind, aliases map[string]string) paper.Faults {
	var faults paper.Faults
	_, err := t.Bind(k, aliases)
	errors.As(err, &faults)
	return faults
}

// hard keeps the faults that are more than a name nobody knows; nil for none.
func hard(faults paper.Faults) error {
	var rest paper.Faults
	for _, f := range faults {
		if !f.Unknown() {
			rest = append(rest, f)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// readTemplate reads the upload into memory: it is small by its bound.
func readTemplate(r *http.Request) (typed *form, name string, file []byte, err error) {
	typed = &form{r: r, problems: map[string]string{}}
	r.PostForm = url.Values{}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, "", nil, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return typed, name, file, nil
		}
		if err != nil {
			return nil, "", nil, fmt.Errorf("read upload: %w", err)
		}
		if err := readPart(r, part, &name, &file); err != nil {
			return nil, "", nil, fmt.Errorf("read upload: %w", err)
		}
	}
}

func readPart(r *http.Request, part *multipart.Part, name *string, file *[]byte) error {
	data, err := io.ReadAll(part)
	switch {
	case err != nil:
		return err
	case part.FileName() != "":
		*name, *file = strings.TrimSpace(part.FileName()), data
	default:
		r.PostForm.Add(part.FormName(), string(data))
	}
	return nil
}

// versionView is the page of one template: what its fields mean, and how it looks
// filled in.
type versionView struct {
	templateView
	Number  int
	This    ledger.TemplateVersion
	Fields  []fieldChoice // names of the file that are not those of the kind
	Open    int           // of them without a meaning
	Summary []ui.FieldProblem
	Seen    string
	Refs    []string // papers to try it with
	Ref     string
	Real    bool
	View    paper.View
	Shown   bool
	Current bool
	Browser bool
}

// fieldChoice is a name in a template and what it may mean.
type fieldChoice struct {
	Name, Place, Value, Problem, Near string
	Choices                           []ui.Choice
}

func (s *Server) templateVersion(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.openVersion(r, who)
	if err != nil {
		return err
	}
	return s.showVersion(w, r, who, http.StatusOK, v)
}

func (s *Server) openVersion(r *http.Request, who policy.Actor) (v versionView, err error) {
	ctx := r.Context()
	if v.templateView, err = s.kindIn(r, who); err != nil {
		return v, err
	}
	if v.Number, v.This, err = v.versionIn(r); err != nil {
		return v, err
	}
	v.Current = v.Own.Current() == v.Number
	v.Seen = strconv.FormatInt(v.Own.Version, 10)
	v.Ref = r.URL.Query().Get("ref")
	err = s.readNames(ctx, &v, v.This.Aliases)
	return v, err
}

// readNames lists the names of the file that are not the kind's, each with what it may
// mean and means under the aliases.
func (s *Server) readNames(ctx context.Context, v *versionView, aliases map[string]string) error {
	if v.Number == 0 {
		return nil
	}
	data, err := s.bytesOf(ctx, v.Kind, v.This)
	if err != nil {
		return err
	}
	t, err := paper.Parse(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	v.Fields, v.Open = nil, 0
	for _, f := range bindFaults(t, v.Kind, nil) {
		if !f.Unknown() {
			continue
		}
		line := fieldChoice{Name: f.Field, Place: placeWord(ctx, f.Place), Choices: fieldChoices(ctx, v.Kind, t, f.Field)}
		if len(f.Args) > 0 {
			line.Near = f.Args[0]
		}
		path, mapped := aliases[f.Field]
		switch {
		case !mapped:
			v.Open++
		case path == "":
			line.Value = leaveBlank
		default:
			line.Value = path
		}
		v.Fields = append(v.Fields, line)
	}
	return nil
}

// leaveBlank is the choice to leave a field of the office's own blank.
const leaveBlank = "-"

// fieldChoices are the fields that a name may mean: repeating parts where it is the
// sign of one, others where it is a value.
func fieldChoices(ctx context.Context, k paper.Kind, t *paper.Template, name string) []ui.Choice {
	list, value := false, false
	for _, u := range t.Fields() {
		if u.Name == name {
			list, value = list || u.Sign == "#", value || u.Sign == ""
		}
	}
	choices := []ui.Choice{{Value: "", Label: lang.T(ctx, "templates.map.choose")}, {Value: leaveBlank, Label: lang.T(ctx, "templates.map.blank")}}
	above := map[string]string{}
	k.EachField(func(path string, f paper.Field) {
		label := named(ctx, f.Name, f.Code)
		if at := strings.LastIndex(path, "."); at >= 0 {
			label = above[path[:at]] + " › " + label
		}
		above[path] = label
		if f.IsList() && value || !f.IsList() && list {
			return
		}
		choices = append(choices, ui.Choice{Value: path, Label: label})
	})
	return choices
}

// showVersion draws the page, with the template filled in where all its fields are known.
func (s *Server) showVersion(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v versionView) error {
	ctx := r.Context()
	var err error
	if v.Refs, err = s.papersToTry(ctx, who, v.Kind.Code); err != nil {
		return err
	}
	if v.Ref == "" && len(v.Refs) > 0 && !r.URL.Query().Has("ref") {
		v.Ref = v.Refs[0]
	}
	if v.Open == 0 {
		p, real, err := s.tried(ctx, who, v.templateView, v.Ref)
		if err != nil {
			return err
		}
		file, err := s.filledWith(ctx, v.Own, v.Number, p)
		if err != nil {
			return err
		}
		if v.View, err = paper.ViewOf(file); err != nil {
			return err
		}
		v.Real, v.Shown = real, true
	}
	f := frame{Title: v.title(ctx), At: "templates"}
	if r.URL.Query().Has("saved") {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(ctx, "templates.flash.mapped")}
	}
	return s.showAs(w, r, who, status, f, templateVersionPage(v))
}

func (v versionView) title(ctx context.Context) string {
	if v.Number == 0 {
		return lang.T(ctx, "templates.builtin")
	}
	return lang.T(ctx, "templates.number", v.Number)
}

// mapTemplate keeps what the names of a file mean. A name may stay open.
func (s *Server) mapTemplate(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	v, err := s.openVersion(r, who)
	if err != nil {
		return err
	}
	names, paths := typed.list("name"), typed.list("path")
	aliases := maps.Clone(v.This.Aliases)
	if aliases == nil {
		aliases = map[string]string{}
	}
	for i := range min(len(names), len(paths)) {
		switch paths[i] {
		case "":
			delete(aliases, names[i])
		case leaveBlank:
			aliases[names[i]] = ""
		default:
			aliases[names[i]] = paths[i]
		}
	}
	wrong, err := s.wrongNames(r.Context(), &v, aliases)
	if err != nil {
		return err
	}
	if !wrong {
		_, err = s.Supervise.Do(r.Context(), who, typed.order(ledger.MapTemplate{Kind: v.Kind.Code, Number: v.Number, Aliases: aliases}))
		if err == nil {
			return seeOther(w, r, templatePath(v.Kind.Code, itoa(v.Number))+"?saved#names")
		}
	}
	return s.failVersion(w, r, who, v, err)
}

// wrongNames puts beside each name what is wrong with the meaning chosen for it.
func (s *Server) wrongNames(ctx context.Context, v *versionView, aliases map[string]string) (bool, error) {
	if err := s.readNames(ctx, v, aliases); err != nil || v.Number == 0 {
		return false, err
	}
	data, err := s.bytesOf(ctx, v.Kind, v.This)
	if err != nil {
		return false, err
	}
	t, err := paper.Parse(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false, err
	}
	wrong := false
	for _, fault := range bindFaults(t, v.Kind, aliases) {
		if fault.Unknown() {
			continue
		}
		wrong = true
		text := wordFaults(ctx, paper.Faults{fault})[0].Text
		id := "names"
		for i := range v.Fields {
			if v.Fields[i].Name == fault.Field {
				v.Fields[i].Problem, id = text, pathID(i)
			}
		}
		v.Summary = append(v.Summary, ui.FieldProblem{ID: id, Text: text})
	}
	if wrong {
		v.Open = max(v.Open, 1) // not to be tried like this
	}
	return wrong, nil
}

func pathID(i int) string { return "path-" + itoa(i) }

// useTemplate puts a template in force.
func (s *Server) useTemplate(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	v, err := s.openVersion(r, who)
	if err != nil {
		return err
	}
	_, err = s.Supervise.Do(r.Context(), who, typed.order(ledger.UseTemplate{Kind: v.Kind.Code, Number: v.Number, Note: typed.text("note")}))
	if err == nil {
		return seeOther(w, r, templatePath(v.Kind.Code)+"?used")
	}
	return s.failVersion(w, r, who, v, err)
}

// failVersion shows the page again with why the act was refused; somebody else's change
// in between is shown with it.
func (s *Server) failVersion(w http.ResponseWriter, r *http.Request, who policy.Actor, v versionView, err error) error {
	status := http.StatusUnprocessableEntity
	var refusal ledger.Refusal
	current, stale := conflict(err)
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		v.Summary = append(v.Summary, ui.FieldProblem{ID: "names", Text: lang.T(r.Context(), refusal.Code, refusal.Args...)})
	case stale:
		status = http.StatusConflict
		v.Own, _ = current.(ledger.Template)
		v.Seen, v.Current = strconv.FormatInt(v.Own.Version, 10), v.Own.Current() == v.Number
		v.Summary = append(v.Summary, ui.FieldProblem{ID: "names", Text: lang.T(r.Context(), "templates.stale")})
	default:
		return err
	}
	return s.showVersion(w, r, who, status, v)
}
