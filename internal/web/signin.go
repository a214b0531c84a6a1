package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// Addresses of accounts that other slices lead to.
const (
	signInPath = "/signin"
	setUpPath  = "/setup"
	mePath     = "/me"
	peoplePath = "/people"
)

func (s *Server) accountRoutes() []route {
	return slices.Concat([]route{
		{"GET " + signInPath, public, s.signInPage},
		{"POST " + signInPath, public, s.signIn},
		{"POST " + signInPath + "/demo", public, s.signInDemo},
		{"POST " + ui.SignOutPath, known, s.signOut},
		{"POST " + ui.CapacityPath, known, s.switchPost},
		{"POST /drafts/{form...}", signedIn, s.saveDraft},
	}, s.setUpRoutes(), s.meRoutes(), s.peopleRoutes())
}

// A signInView is what the sign-in page shows.
type signInView struct {
	Username, Next, Problem string
	Demo                    []DemoUser
}

func (s *Server) signInPage(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	flash := ui.Flash{}
	if r.URL.Query().Get("ready") != "" {
		flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "setup.done")}
	}
	return s.showSignIn(w, r, http.StatusOK, signInView{Next: local(r.URL.Query().Get("next"))}, flash)
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request, status int, v signInView, flash ui.Flash) error {
	var err error
	if v.Demo, err = s.demoUsers(r.Context()); err != nil {
		return err
	}
	return s.showPlain(w, r, status, lang.T(r.Context(), "signin.title"), signInPath, flash, signInForm(v))
}

// demoUsers words the roles of the demonstration and what each is for.
func (s *Server) demoUsers(ctx context.Context) ([]DemoUser, error) {
	users := slices.Clone(s.Demo)
	for i, u := range users {
		if lang.Has("role." + u.Role) {
			users[i].Role = lang.T(ctx, "role."+u.Role)
		}
		name, err := s.shortName(ctx, u.For)
		if err != nil {
			return nil, err
		}
		users[i].For = name
	}
	return users, nil
}

// shortName returns the short name of a body or an organisation; code itself if it
// is neither.
func (s *Server) shortName(ctx context.Context, code string) (string, error) {
	read := s.Supervise.DB.Read()
	if b, err := read.Body(ctx, code); !isNotFound(err) {
		return b.Short, err
	}
	o, err := read.Organisation(ctx, code)
	switch {
	case isNotFound(err):
		return code, nil
	case err != nil:
		return "", err
	}
	return o.NameOn(s.today()).Short, nil
}

// startOf is where the actor begins: at the cases, or at what they administer.
func startOf(who policy.Actor) string {
	for _, x := range []struct {
		page policy.Page
		path string
	}{{policy.PageLedger, "/"}, {policy.PagePeople, peoplePath}, {policy.PageTrail, "/trail"}} {
		if policy.CanOpen(who, x.page) {
			return x.path
		}
	}
	return mePath
}

// goOn leads to the address, or to where the actor begins.
func goOn(w http.ResponseWriter, r *http.Request, who policy.Actor, next string) error {
	if next = local(next); next == "/" {
		next = startOf(who)
	}
	return seeOther(w, r, next)
}

// showPlain renders a page without navigation, for people who are not signed in.
func (s *Server) showPlain(w http.ResponseWriter, r *http.Request, status int, title, back string, flash ui.Flash, body templ.Component) error {
	p := ui.Page{Title: title, Theme: theme(r), Back: back, Flash: flash}
	if len(s.Demo) > 0 {
		p.Demo = s.today().String()
	}
	return render(w, r, status, ui.Plain(p, body))
}

// signIn keeps the username on the page and never the password.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	session, who, err := s.Supervise.SignIn(r.Context(), f.text("username"), f.r.PostForm.Get("password"), remote(r))
	var refusal ledger.Refusal
	switch {
	case errors.As(err, &refusal):
		v := signInView{Username: f.text("username"), Next: local(f.text("next")), Problem: s.refusalWords(r.Context(), refusal)}
		return s.showSignIn(w, r, http.StatusUnprocessableEntity, v, ui.Flash{})
	case err != nil:
		return err
	}
	s.setSession(w, session)
	return goOn(w, r, who, f.text("next"))
}

// remote is the address the request came from. Behind a proxy it is the proxy's:
// a header that anybody can write would let everybody past the limit.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// refusalWords words a refusal with its instants on the clock of the office.
func (s *Server) refusalWords(ctx context.Context, refusal ledger.Refusal) string {
	args := slices.Clone(refusal.Args)
	for i, a := range args {
		switch a := a.(type) {
		case time.Time:
			args[i] = lang.Moment(a.In(s.Supervise.Zone))
		case ledger.Role:
			args[i] = lang.T(ctx, "role."+string(a))
		}
	}
	return lang.T(ctx, refusal.Code, args...)
}

// refuseAt is form.refusedAt for refusals that carry instants and roles.
func (s *Server) refuseAt(f *form, name string, err error) bool {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	if _, already := f.problems[name]; !already {
		f.problems[name] = s.refusalWords(f.r.Context(), refusal)
	}
	return true
}

// setSession gives the session to the browser, until the browser is closed.
func (s *Server) setSession(w http.ResponseWriter, session string) {
	s.setCookie(w, s.sessionName(), session, 0, false)
}

func (s *Server) signInDemo(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	username := f.text("username")
	if !slices.ContainsFunc(s.Demo, func(u DemoUser) bool { return u.Username == username }) {
		return store.ErrNotFound
	}
	session, who, err := s.Supervise.SignInDemo(r.Context(), username)
	if err != nil {
		return err
	}
	s.setSession(w, session)
	return goOn(w, r, who, f.text("next"))
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	if err := s.Supervise.SignOut(r.Context(), s.session(r)); err != nil {
		return err
	}
	s.setCookie(w, s.sessionName(), "", -1, false)
	return seeOther(w, r, signInPath)
}

// session returns the secret of the request's session, "" if it has none.
func (s *Server) session(r *http.Request) string {
	c, err := r.Cookie(s.sessionName())
	if err != nil {
		return ""
	}
	return c.Value
}

// switchPost lets the person act by another of their posts. What they were
// looking at may not be theirs to see in it, so it leads to the start.
func (s *Server) switchPost(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	who, err := s.Supervise.SwitchPost(r.Context(), s.session(r), f.text("capacity"))
	if err != nil {
		return err
	}
	return goOn(w, r, who, "/")
}

// seatLabel words a post: "审核人员 · 县纪委监委".
func seatLabel(ctx context.Context, seat store.Seat) string {
	role := lang.T(ctx, "role."+string(seat.Post.Role))
	if seat.For == "" {
		return role
	}
	return onBehalf(ctx, role+" · "+seat.For, seat.Post.Deputises.Name)
}
