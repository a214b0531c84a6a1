package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// Templates: what official documents are made from. See template_edit.go for taking
// one in, and printout_file.go for filling one.
func (s *Server) templateRoutes() []route {
	page := opens(policy.PageFrame)
	return []route{
		{"GET /templates", page, s.templateList},
		{"GET /templates/{kind}", page, s.templateKind},
		{"POST /templates/{kind}", page, s.addTemplate},
		{"GET /templates/{kind}/guide.docx", page, s.templateGuide},
		{"GET /templates/{kind}/{version}", page, s.templateVersion},
		{"POST /templates/{kind}/{version}/names", page, s.mapTemplate},
		{"POST /templates/{kind}/{version}/use", page, s.useTemplate},
		{"GET /templates/{kind}/{version}/file.docx", page, s.templateFile},
		{"GET /templates/{kind}/{version}/preview.docx", page, s.templatePreview},
	}
}

func templatePath(kind string, parts ...string) string {
	path := "/templates/" + kind
	for _, p := range parts {
		path += "/" + p
	}
	return path
}

// kindLabel names a kind of document in the reader's language.
func kindLabel(ctx context.Context, k paper.Kind) string { return named(ctx, k.Title, k.TitleEn) }

// A templateRow is one kind in the list: what its documents are made from.
type templateRow struct {
	Kind  paper.Kind
	Own   ledger.Template
	Since ledger.TemplateUse // zero: the program's own, always
}

func (s *Server) templateList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	list, err := s.Supervise.DB.Read().Templates(r.Context())
	if err != nil {
		return err
	}
	var rows []templateRow
	for _, k := range paper.Kinds() {
		row := templateRow{Kind: k, Own: ledger.Template{Kind: k.Code}}
		if i := slices.IndexFunc(list, func(t ledger.Template) bool { return t.Kind == k.Code }); i >= 0 {
			row.Own = list[i]
		}
		if n := len(row.Own.Used); n > 0 {
			row.Since = row.Own.Used[n-1]
		}
		rows = append(rows, row)
	}
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "nav.templates"), At: "templates"}, templateListPage(rows, s.Supervise.Zone, s.Printer != nil))
}

// templateView is the page of one kind.
type templateView struct {
	Kind    paper.Kind
	Own     ledger.Template
	Names   map[string]string // of people
	Zone    *time.Location
	May     bool
	Faults  []faultLine // of a file that was not taken in
	File    string      // its name
	Problem string
	Note    string
	Key     string
}

// kindIn returns the kind of the address with its history.
func (s *Server) kindIn(r *http.Request, who policy.Actor) (v templateView, err error) {
	ctx := r.Context()
	known := false
	if v.Kind, known = paper.KindOf(r.PathValue("kind")); !known {
		return v, store.ErrNotFound
	}
	if v.Own, err = s.Supervise.DB.Read().Template(ctx, v.Kind.Code); err != nil {
		return v, err
	}
	var people []string
	for _, f := range v.Own.Files {
		people = append(people, f.By)
	}
	for _, u := range v.Own.Used {
		people = append(people, u.By)
	}
	v.Zone, v.Key = s.Supervise.Zone, newKey()
	v.May = policy.Can(who, ledger.AddTemplate{}, v.Own.Subject())
	v.Names, err = s.Supervise.DB.Read().Names(ctx, people)
	return v, err
}

func (s *Server) templateKind(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.kindIn(r, who)
	if err != nil {
		return err
	}
	f := frame{Title: kindLabel(r.Context(), v.Kind), At: "templates"}
	if r.URL.Query().Has("used") {
		f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "templates.flash.used")}
	}
	return s.show(w, r, who, f, templateKindPage(v))
}

// versionIn returns the number of the address: 0 is the program's own template.
func (v templateView) versionIn(r *http.Request) (number int, file ledger.TemplateVersion, err error) {
	number, err = strconv.Atoi(r.PathValue("version"))
	if err != nil || number < 0 {
		return 0, file, store.ErrNotFound
	}
	file, known := v.Own.Find(number)
	if number > 0 && !known {
		return 0, file, store.ErrNotFound
	}
	return number, file, nil
}

// bytesOf returns the template itself.
func (s *Server) bytesOf(ctx context.Context, k paper.Kind, v ledger.TemplateVersion) ([]byte, error) {
	if v.Number == 0 {
		return k.Builtin(), nil
	}
	return s.Supervise.DB.Read().TemplateFile(ctx, v.File.SHA256)
}

func (s *Server) templateFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.kindIn(r, who)
	if err != nil {
		return err
	}
	number, file, err := v.versionIn(r)
	if err != nil {
		return err
	}
	data, err := s.bytesOf(r.Context(), v.Kind, file)
	if err != nil {
		return err
	}
	return sendWord(w, v.Kind.Title+"模板_"+strconv.Itoa(number), data)
}

// templatePreview gives a filled document without putting the template in force.
func (s *Server) templatePreview(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.kindIn(r, who)
	if err != nil {
		return err
	}
	number, _, err := v.versionIn(r)
	if err != nil {
		return err
	}
	p, _, err := s.tried(r.Context(), who, v, r.URL.Query().Get("ref"))
	if err != nil {
		return err
	}
	file, err := s.filledWith(r.Context(), v.Own, number, p)
	if err != nil {
		return err
	}
	return sendWord(w, p.Name, file)
}

// filledWith makes the paper through one template, in force or not.
func (s *Server) filledWith(ctx context.Context, own ledger.Template, number int, p printout) ([]byte, error) {
	form, err := s.formAt(ctx, own, number)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := form.Fill(&b, p.Data, p.about()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// tried is the paper a template is tried with: one of the record, or invented data. It
// is made within the scope of the actor; real says which it is.
func (s *Server) tried(ctx context.Context, who policy.Actor, v templateView, ref string) (p printout, real bool, err error) {
	if ref != "" {
		p, err = s.paperOf(ctx, who, ref)
		if err == nil && p.Kind == v.Kind.Code {
			return p, true, nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return p, false, err
		}
	}
	return printout{Title: v.Kind.Title, Name: v.Kind.Title + "样例", Kind: v.Kind.Code, Data: v.Kind.Sample()}, false, nil
}

// mostTried bounds the papers one may try a template with.
const mostTried = 12

// papersToTry lists references of papers of the kind in the newest round, as far as
// the actor sees them.
func (s *Server) papersToTry(ctx context.Context, who policy.Actor, kind string) (refs []string, err error) {
	scope := policy.ScopeOf(who)
	if scope.Verdicts == policy.NoVerdicts {
		return nil, nil
	}
	rounds, err := s.Supervise.DB.Read().RoundNames(ctx, 1)
	if err != nil || len(rounds) == 0 {
		return nil, err
	}
	list, known := recentPapers[kind]
	if !known {
		return nil, nil
	}
	refs, err = list(s, ctx, scope, rounds[0].Number)
	return refs[:min(len(refs), mostTried)], err
}

// recentPapers lists the references of papers of a kind in a round.
var recentPapers = map[string]func(s *Server, ctx context.Context, scope policy.Scope, round int) ([]string, error){
	"letter": func(s *Server, ctx context.Context, scope policy.Scope, round int) (refs []string, err error) {
		papers, err := s.Supervise.DB.Read().Papers(ctx, scope, store.PaperFilter{Round: round, Limit: 200})
		for _, p := range papers {
			if !p.Letter.At.IsZero() {
				refs = append(refs, p.ID)
			}
		}
		return refs, err
	},
	"closing": func(s *Server, ctx context.Context, scope policy.Scope, round int) (refs []string, err error) {
		filter := store.Filter{Round: round, Stages: []ledger.Stage{ledger.ClosedStage, ledger.SettledStage}}
		for f, err := range s.Supervise.DB.Read().AllFindings(ctx, scope, filter) {
			if err != nil {
				return nil, err
			}
			if refs = append(refs, f.Number); len(refs) >= mostTried {
				break
			}
		}
		return refs, nil
	},
}

// templateGuide gives the list of fields as a Word file.
func (s *Server) templateGuide(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, err := s.kindIn(r, who)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := paper.WriteDocument(&b, v.Kind.Guide()); err != nil {
		return err
	}
	return sendWord(w, v.Kind.Title+"模板字段说明", b.Bytes())
}
