// Package web serves the pages. A handler reads the request, asks the one door
// or a scoped reader, and draws a component; it holds no rule and no SQL.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/extract"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
	"lianshen/internal/web/static"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// Config is what the site is made of.
type Config struct {
	Supervise *supervise.Service
	Blobs     blob.Store
	Uploads   *upload.Folder     // what has arrived of files that come in pieces
	Scanner   blob.Scanner       // for viruses; the zero Scanner for none
	Limit     int64              // bytes of one evidence file; 0 is blob.DefaultLimit
	Extract   *extract.Extractor // text and pictures of files; nil for one without a cache
	Originals bool               // everybody who may read a file gets it as it was sent
	Printer   Printer            // nil: no PDF is offered
	Log       *slog.Logger
	Demo      []DemoUser                                                    // one-click sign-in, in a demonstration only
	Dev       bool                                                          // serve the story book
	Secure    bool                                                          // behind TLS: cookies are for https only
	Done      <-chan struct{}                                               // closed when the program ends: streams end with it; nil never
	WhoIs     func(ctx context.Context, token string) (policy.Actor, error) // store.ErrNotFound for no session
}

// A DemoUser may be signed in with one click. Role and For are the codes of the role
// and of the body or organisation; the page words them.
type DemoUser struct{ Username, Name, Role, For string }

// Server is the site.
type Server struct {
	Config
	live    *live
	forms   forms
	exports exportRuns
	raw     blob.Store // Blobs, but gives what is held, too: for checks only
}

// New returns the site. Without a WhoIs, sessions are those of Supervise.
func New(c Config) *Server {
	if c.Extract == nil {
		c.Extract = &extract.Extractor{}
	}
	if c.WhoIs == nil && c.Supervise != nil {
		c.WhoIs = c.Supervise.WhoIs
	}
	s := &Server{Config: c, raw: c.Blobs}
	if c.Supervise != nil {
		s.Blobs = blob.Sealed{Store: c.Blobs, Held: func(ctx context.Context, sum string) (bool, error) {
			return c.Supervise.DB.Read().Held(ctx, sum)
		}}
		s.live = newLive(func(ctx context.Context) (int64, error) { return c.Supervise.DB.Read().HeadSize(ctx) })
	}
	return s
}

// handler is an HTTP handler that reports failure by returning an error. It
// writes either a whole response or nothing. who is zero on public routes.
type handler func(w http.ResponseWriter, r *http.Request, who policy.Actor) error

// A route is one address of the site. open says who may enter at all; a test
// fails on a route that does not say. What a person sees there is a matter of
// policy.Scope, what they do a matter of policy.Can.
type route struct {
	pattern string // of http.ServeMux
	open    access
	serve   handler
}

// access says who may enter a route.
type access func(policy.Actor) bool

func public(policy.Actor) bool { return true }

// known lets in whoever has signed in, even one who may do nothing yet but choose
// a password.
func known(a policy.Actor) bool { return a.Person != "" }

// signedIn lets in whoever acts by a post.
func signedIn(a policy.Actor) bool { return known(a) && a.Role != "" }

// opens restricts a route to the roles that may open the page.
func opens(p policy.Page) access {
	return func(a policy.Actor) bool { return signedIn(a) && policy.CanOpen(a, p) }
}

// Handler returns the site as one handler.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+static.Prefix, static.Handler())
	for _, rt := range s.routes() {
		mux.HandleFunc(rt.pattern, s.serve(rt))
	}
	if s.Dev {
		mux.Handle("GET "+ui.StoryBookPath, ui.StoryBook())
	}
	mux.HandleFunc("/", s.nowhere)
	s.mountAPI(mux)
	return s.guard(mux)
}

// serve turns a route into a plain handler: who is it, may they enter, and what
// became of it.
func (s *Server) serve(rt route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		who, err := s.who(r)
		if err != nil {
			s.fail(w, r, who, err)
			return
		}
		r = r.WithContext(s.speak(r))
		switch {
		case rt.open(who):
		case !known(who):
			s.askToSignIn(w, r)
			return
		case !signedIn(who):
			http.Redirect(w, r, mePath, http.StatusSeeOther)
			return
		default:
			s.fail(w, r, who, supervise.ErrForbidden)
			return
		}
		if err := rt.serve(w, r, who); err != nil {
			s.fail(w, r, who, err)
		}
	}
}

// today is the day on the clock of the site.
func (s *Server) today() workday.Date { return s.Supervise.Today() }

// now is the instant on the clock of the site.
func (s *Server) now() time.Time { return s.Supervise.DB.Now() }
