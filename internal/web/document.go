package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// Documents (文书) are official papers that somebody makes from the record and what
// they add to it in a form: plan, reports, notices, circular. Nothing of the record
// changes by it; what was typed is kept as a draft of whoever typed it.

// documentRoutes are the page of a round's documents and each of their kinds.
func (s *Server) documentRoutes() []route {
	any := opens(policy.PageDocuments)
	return []route{
		{"GET /rounds/{round}/documents", any, s.documents},
		{"GET /rounds/{round}/documents/{kind}", any, s.documentPage},
		{"POST /rounds/{round}/documents/{kind}", any, s.documentTyped},
		{"GET /rounds/{round}/documents/{kind}/file.docx", any, s.documentFile},
		{"POST /rounds/{round}/documents/{kind}/file.docx", any, s.documentFile},
		{"GET /rounds/{round}/documents/{kind}/file.pdf", any, s.documentFile},
		{"POST /rounds/{round}/documents/{kind}/file.pdf", any, s.documentFile},
	}
}

// subject is what a document is about, beside its round.
type subject string

const (
	ofOrganisation subject = "organisation"
	ofFindings     subject = "findings" // some of an organisation's
	ofBody         subject = "body"     // what a supervising body watches over
	ofAll          subject = "round"
)

// A documentSort says who makes a kind of document, about what, and what it asks.
type documentSort struct {
	Kind  string // of package paper
	Group string // where the page lists it
	About subject
	Page  policy.Page // who may make it
	Asks  []ask
	fill  func(*documentDraft) paper.Data
}

// ask is a field of the form: what the record does not hold, with a proposal.
type ask struct {
	Name    string // of the field of the kind
	Long    bool
	Date    bool
	propose func(*documentDraft) string // nil: nothing to propose
}

// documentSorts lists them in the order of the page.
func documentSorts() []documentSort {
	return slices.Concat(organisationDocuments(), noticeDocuments(), roundDocuments())
}

func sortOf(kind string) (documentSort, bool) {
	for _, d := range documentSorts() {
		if d.Kind == kind {
			return d, true
		}
	}
	return documentSort{}, false
}

func documentsPath(round int) string { return roundPath(round, "documents") }

// makePath is the page of a kind; pairs are names and values of the query.
func makePath(round int, kind string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Add(pairs[i], pairs[i+1])
		}
	}
	path := roundPath(round, "documents", kind)
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// documentPage shows a document with what is proposed for it, or what its maker had
// typed before.
func (s *Server) documentPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	d, err := s.documentDraft(r, who, r.URL.Query())
	if err != nil {
		return err
	}
	kept, err := s.draft(r.Context(), who, d.form())
	if err != nil {
		return err
	}
	if kept.Fields != nil {
		d.Kept = kept.At.In(s.Supervise.Zone).Format("15:04")
	}
	d.read(kept.Fields)
	return s.showDocument(w, r, who, d)
}

// documentTyped shows it with what was typed. The button "propose" forgets the draft.
func (s *Server) documentTyped(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := s.documentDraft(r, who, r.PostForm)
	if err != nil {
		return err
	}
	if f.checked("propose") {
		s.dropDraft(r.Context(), who, d.form())
		return seeOther(w, r, d.path())
	}
	if !readable(d.form(), r.PostForm) {
		return errBadRequest
	}
	d.read(r.PostForm)
	return s.showDocument(w, r, who, d)
}

// documentFile answers with the Word file.
func (s *Server) documentFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	given := r.URL.Query()
	if r.Method == http.MethodPost {
		if _, err := readForm(r); err != nil {
			return err
		}
		given = r.PostForm
	}
	d, err := s.documentDraft(r, who, given)
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		if !readable(d.form(), given) {
			return errBadRequest
		}
		d.read(given)
	} else {
		d.read(nil)
	}
	p, err := s.madeDocument(r.Context(), d)
	if err != nil {
		return err
	}
	return s.sendPrintout(w, r, p)
}

func (s *Server) showDocument(w http.ResponseWriter, r *http.Request, who policy.Actor, d *documentDraft) error {
	p, err := s.madeDocument(r.Context(), d)
	if err != nil {
		return err
	}
	if err := s.viewed(r.Context(), &p); err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: p.Title, At: "documents", Round: d.Round.Number}, documentBody(draftView{documentDraft: d, Print: p}))
}

// madeDocument makes the paper of a draft.
func (s *Server) madeDocument(ctx context.Context, d *documentDraft) (printout, error) {
	kind, known := paper.KindOf(d.Sort.Kind)
	if !known {
		return printout{}, fmt.Errorf("no kind of document %q", d.Sort.Kind)
	}
	data := paper.Data{}
	for _, a := range d.Sort.Asks {
		data[a.Name] = d.text(a.Name)
	}
	for code, value := range d.Sort.fill(d) {
		data[code] = value
	}
	name := strings.Join(slices.DeleteFunc([]string{kind.Title, or(d.Name.Short, d.Body.Name, d.Round.Name)}, func(s string) bool { return s == "" }), "_")
	return printout{
		Title: named(ctx, kind.Title, kind.TitleEn), Sub: or(d.Name.Full, d.Body.Name, d.Round.Name), Name: name, Round: d.Round.Number,
		Path: d.path(), Kind: kind.Code, Data: data, Author: or(d.text("signature"), d.Name.Full),
	}, nil
}

// documentsView lists what the actor may make and print of a round.
type documentsView struct {
	Round         ledger.Round
	Organisations []ui.Choice
	Groups        []documentGroup
	Papers        []ui.Link // of the joint review
}

type documentGroup struct {
	Code  string
	Sorts []documentSort
}

// documents lists the kinds, those that the actor may make.
func (s *Server) documents(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	v := documentsView{Round: round}
	codes, names, err := s.inspectedSeen(r.Context(), who, round)
	if err != nil {
		return err
	}
	for _, code := range codes {
		v.Organisations = append(v.Organisations, ui.Choice{Value: code, Label: or(names[code].Short, code)})
	}
	for _, d := range documentSorts() {
		if !policy.CanOpen(who, d.Page) || len(codes) == 0 && d.About != ofBody {
			continue
		}
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Code != d.Group {
			v.Groups = append(v.Groups, documentGroup{Code: d.Group})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Sorts = append(g.Sorts, d)
	}
	if v.Papers, err = s.reviewPapers(r.Context(), who, round, names); err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "document.title"), At: "documents", Round: round.Number}, documentsBody(v))
}

// reviewPapers leads to the papers of the joint review, which have pages of their own.
func (s *Server) reviewPapers(ctx context.Context, who policy.Actor, round ledger.Round, names map[string]ledger.Name) ([]ui.Link, error) {
	links := []ui.Link{{Href: roundPath(round.Number, "letters"), Label: lang.T(ctx, "document.letters")}}
	scope := policy.ScopeOf(who)
	if scope.Verdicts == policy.NoVerdicts {
		return links, nil
	}
	if scope.All {
		links = append(links, ui.Link{Href: roundPath(round.Number, "summary"), Label: lang.T(ctx, "paper.summary")})
	}
	if policy.CanOpen(who, policy.PageMeeting) {
		links = append(links, ui.Link{Href: roundPath(round.Number, "meetings"), Label: lang.T(ctx, "paper.minutes")})
	}
	ended, err := s.Supervise.DB.Read().Ended(ctx, scope, round.Number)
	for _, in := range round.Organisations {
		if ended[in.Organisation] > 0 {
			label := lang.T(ctx, "paper.closing") + " · " + or(names[in.Organisation].Short, in.Organisation)
			links = append(links, ui.Link{Href: roundPath(round.Number, "closing-forms", in.Organisation), Label: label})
		}
	}
	return links, err
}

// inspectedSeen lists the organisations of the round that the actor sees, and how
// they were called.
func (s *Server) inspectedSeen(ctx context.Context, who policy.Actor, round ledger.Round) (codes []string, names map[string]ledger.Name, err error) {
	scope := policy.ScopeOf(who)
	for _, in := range round.Organisations {
		if scope.Sees(ledger.Subject{Kind: ledger.KindFinding, Round: round.Number, Organisation: in.Organisation, Team: in.Team}) {
			codes = append(codes, in.Organisation)
		}
	}
	list, err := s.Supervise.DB.Read().OrganisationsOf(ctx, round.Number)
	names = map[string]ledger.Name{}
	for _, o := range list {
		if slices.Contains(codes, o.Code) {
			names[o.Code] = o.NameOn(round.FeedbackOn)
		}
	}
	return codes, names, err
}

var errNoSuchDocument = fmt.Errorf("document: %w", store.ErrNotFound)
