package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// year is how long a browser keeps a preference.
const year = 365 * 24 * time.Hour

func (s *Server) shellRoutes() []route {
	return []route{
		{"POST " + ui.ThemePath, public, s.setTheme},
		{"POST " + ui.LanguagePath, public, s.setLanguage},
		{"GET /healthz", public, s.health},
	}
}

func theme(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && c.Value == "dark" {
		return "dark"
	}
	return "light"
}

func (s *Server) setTheme(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	s.setCookie(w, themeCookie, r.PostFormValue("theme"), year, false)
	return seeOther(w, r, back(r))
}

func (s *Server) setLanguage(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	s.setCookie(w, languageCookie, string(lang.Parse(r.PostFormValue("language"))), year, false)
	return seeOther(w, r, back(r))
}

// back returns the address on this site to return to.
func back(r *http.Request) string { return local(r.PostFormValue("back")) }

// local lets no address of another site through.
func local(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\n\r") {
		return "/"
	}
	return to
}

func (s *Server) health(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	if _, _, err := s.Supervise.DB.Read().Head(r.Context()); err != nil {
		return err
	}
	_, err := w.Write([]byte("ok\n"))
	return err
}

// A frame is what a handler says about its page; the shell is made of it.
type frame struct {
	Title string
	At    string // entry of the navigation: "ledger"
	Round int    // 0: the newest
	Main  string // class of <main>
	Rail  bool
	Flash ui.Flash
}

// show renders a whole page.
func (s *Server) show(w http.ResponseWriter, r *http.Request, who policy.Actor, f frame, body templ.Component) error {
	return s.showAs(w, r, who, http.StatusOK, f, body)
}

// showAs is show with another status.
func (s *Server) showAs(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, f frame, body templ.Component) error {
	page, err := s.page(r, who, f)
	if err != nil {
		return err
	}
	return render(w, r, status, ui.Shell(page, body))
}

// page dresses a page for the actor: navigation, round, identity.
func (s *Server) page(r *http.Request, who policy.Actor, f frame) (ui.Page, error) {
	ctx := r.Context()
	p := ui.Page{
		Title: f.Title, Theme: theme(r), Main: f.Main, Rail: f.Rail, Back: r.URL.RequestURI(), Flash: f.Flash,
		Search: policy.CanOpen(who, policy.PageLedger),
	}
	var err error
	if p.User, err = s.user(ctx, who); err != nil {
		return p, err
	}
	if c, err := r.Cookie(keysCookie); err == nil && c.Value == "off" {
		p.KeysOff = true
	}
	if len(s.Demo) > 0 {
		p.Demo = s.today().String()
	}
	rounds, err := s.Supervise.DB.Read().RoundNames(ctx, 50)
	if err != nil {
		return p, err
	}
	for _, x := range rounds {
		if f.Round == 0 {
			f.Round = x.Number
		}
		here := x.Number == f.Round
		if here {
			p.Round = x.Name
		}
		p.Rounds = append(p.Rounds, ui.Link{Href: roundPath(x.Number), Label: x.Name, Current: here})
	}
	if !policy.CanOpen(who, policy.PageLedger) {
		p.Rounds, p.Round = nil, ""
	}
	editor, err := s.editsIn(ctx, who, f.Round)
	if err != nil {
		return p, err
	}
	p.Nav = navigation(ctx, who, f.Round, f.At, editor)
	return p, nil
}

// user says who is signed in, for whom, and for whom else they may act.
func (s *Server) user(ctx context.Context, who policy.Actor) (ui.User, error) {
	u := ui.User{Name: who.Name, Settings: mePath}
	seats, err := s.Supervise.DB.Read().SeatsOf(ctx, who.Person)
	if err != nil {
		return u, err
	}
	if who.Role != "" {
		u.Capacity = lang.T(ctx, "role."+string(who.Role))
	}
	for _, seat := range seats {
		switch {
		case !seat.Post.HeldOn(s.today()) || who.Role == "":
		case seat.Post.ID == who.Post:
			u.Capacity = seatLabel(ctx, seat)
		default:
			u.Others = append(u.Others, ui.Capacity{Value: seat.Post.ID, Label: seatLabel(ctx, seat)})
		}
	}
	return u, nil
}

// roundPath is the address of a round, followed by the parts.
func roundPath(number int, parts ...string) string {
	return "/rounds/" + strconv.Itoa(number) + strings.Join(append([]string{""}, parts...), "/")
}

// An entry of the navigation. A page a role may not open is absent, not grey.
type navEntry struct {
	at, icon string
	page     policy.Page
	href     func(round int) string
}

func ofRound(parts ...string) func(int) string {
	return func(n int) string { return roundPath(n, parts...) }
}

func fixed(path string) func(int) string { return func(int) string { return path } }

// navConsolidate is open in rounds in which the actor's body consolidates.
const navConsolidate = "consolidate"

var navGroups = []struct {
	title   string
	entries []navEntry
}{
	{"", []navEntry{
		{"workbench", "home-check", policy.PageLedger, fixed("/")},
		{"round", "chart-bar", policy.PageLedger, ofRound()},
		{"ledger", "table", policy.PageLedger, ofRound("ledger")},
		{"fill", "clipboard-check", policy.PageFill, ofRound("fill")},
		{"review", "scale", policy.PageReview, ofRound("review")},
		{navConsolidate, "users-group", policy.PageConsolidate, ofRound("consolidate")},
		{"disputes", "columns-3", policy.PageMeeting, ofRound("disputes")},
		{"meetings", "message-2", policy.PageMeeting, ofRound("meetings")},
		{"evidence", "paperclip", policy.PageLedger, ofRound("evidence")},
		{"letters", "file-text", policy.PageLedger, ofRound("letters")},
		{"documents", "file-type-docx", policy.PageDocuments, ofRound("documents")},
		{"exports", "download", policy.PageLedger, ofRound("exports")},
		{"check", "shield-check", policy.PageLedger, fixed(checkPath)},
	}},
	{"nav.group.manage", []navEntry{
		{"gaps", "alert-circle", policy.PageImport, ofRound("gaps")},
		{"import", "file-spreadsheet", policy.PageImport, ofRound("import")},
		{"mechanisms", "scale", policy.PageFrame, fixed("/mechanisms")},
		{"templates", "file-text", policy.PageFrame, fixed("/templates")},
		{"frame", "building", policy.PageFrame, fixed("/organisations")},
		{"people", "users", policy.PagePeople, fixed("/people")},
		{"trail", "shield-check", policy.PageTrail, fixed("/trail")},
	}},
}

// editsIn reports whether the actor's body consolidates in the round.
func (s *Server) editsIn(ctx context.Context, who policy.Actor, round int) (bool, error) {
	if round == 0 || !policy.CanOpen(who, policy.PageConsolidate) {
		return false, nil
	}
	r, err := s.Supervise.DB.Read().Round(ctx, round)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && edits(who, r.Mechanism), err
}

// navigation lists what the actor may open. Without a round there is nothing of
// a round to open; editor says whether the actor consolidates there.
func navigation(ctx context.Context, who policy.Actor, round int, at string, editor bool) []ui.NavGroup {
	var groups []ui.NavGroup
	for _, g := range navGroups {
		group := ui.NavGroup{}
		if g.title != "" {
			group.Title = lang.T(ctx, g.title)
		}
		for _, e := range g.entries {
			href := e.href(round)
			barred := !policy.CanOpen(who, e.page) || e.at == navConsolidate && !editor
			if barred || round == 0 && strings.HasPrefix(href, "/rounds/") {
				continue
			}
			group.Items = append(group.Items, ui.NavItem{
				Icon: e.icon, Href: href, Label: lang.T(ctx, "nav."+e.at), Count: -1, Current: e.at == at,
			})
		}
		if len(group.Items) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}
