package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// contentPolicy allows what comes from this site and nothing inline.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"

// Names of cookies.
const (
	sessionCookie  = "lianshen_session"
	themeCookie    = "lianshen_theme"
	languageCookie = "lianshen_language"
	keysCookie     = "lianshen_keys"
)

// sessionName is the name of the cookie that holds the session. Behind TLS the
// prefix makes browsers refuse it from a neighbouring host or a plain connection.
func (s *Server) sessionName() string {
	if s.Secure {
		return "__Host-" + sessionCookie
	}
	return sessionCookie
}

// maxForm bounds what a request without a file may carry, in bytes.
const maxForm = 2 << 20

// unattendedHeader marks a request that a page makes by itself.
const unattendedHeader = "X-Unattended"

type requestIDKey struct{}

// requestID returns the identity under which the request stands in the log.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// guard is around every request: identity, headers, cross-origin check, log, and
// a page instead of a broken connection when a handler panics.
func (s *Server) guard(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, policy.Actor{}, errCrossOrigin)
	}))
	next = crossOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()[:8]
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		if r.Method == http.MethodGet {
			ctx = store.OneLook(ctx)
		}
		r = r.WithContext(ctx)
		started := s.Supervise.DB.Now()
		seen := &watcher{ResponseWriter: w}
		headers(seen.Header(), id, s.Secure)
		if kind := r.Header.Get("Content-Type"); !strings.HasPrefix(kind, "multipart/") && kind != pieceType {
			r.Body = http.MaxBytesReader(seen, r.Body, maxForm)
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler { //nolint:errorlint // recovered as it was thrown
					panic(p) // a download broken off: the connection has to break, too
				}
				s.Log.ErrorContext(r.Context(), "panic", slog.String("request_id", id),
					slog.String("panic", fmt.Sprint(p)), slog.String("stack", string(debug.Stack())))
				if seen.status == 0 {
					s.fail(seen, r, policy.Actor{}, errPanicked)
				}
			}
			s.Log.InfoContext(r.Context(), "request", slog.String("request_id", id), slog.String("method", r.Method),
				slog.String("route", r.Pattern), slog.Int("status", seen.status),
				slog.Int64("ms", s.Supervise.DB.Now().Sub(started).Milliseconds()))
		}()
		next.ServeHTTP(seen, r)
	})
}

func headers(h http.Header, id string, secure bool) {
	h.Set("X-Request-Id", id)
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	h.Set("Cache-Control", "no-store") // case text does not stay in a shared browser; assets set their own
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// watcher remembers the status of a response.
type watcher struct {
	http.ResponseWriter
	status int
}

func (w *watcher) WriteHeader(code int) {
	if w.status == 0 {
		w.status = code
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *watcher) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *watcher) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// who returns the signed-in actor, or the zero Actor.
func (s *Server) who(r *http.Request) (policy.Actor, error) {
	c, err := r.Cookie(s.sessionName())
	if err != nil {
		return policy.Actor{}, nil //nolint:nilerr // no cookie: nobody
	}
	ctx := r.Context()
	if r.Header.Get(unattendedHeader) != "" || strings.HasSuffix(r.URL.Path, "/live") {
		ctx = supervise.Unattended(ctx)
	}
	who, err := s.WhoIs(ctx, c.Value)
	if errors.Is(err, store.ErrNotFound) {
		return policy.Actor{}, nil
	}
	return who, err
}

// speak returns the context with the language of the request and the zone in
// which instants are worded.
func (s *Server) speak(r *http.Request) context.Context {
	ctx := context.WithValue(r.Context(), zoneKey{}, s.Supervise.Zone)
	if c, err := r.Cookie(languageCookie); err == nil {
		return lang.With(ctx, lang.Parse(c.Value))
	}
	return lang.With(ctx, lang.Parse(r.Header.Get("Accept-Language")))
}

// askToSignIn sends a page to the sign-in form and tells a script to go there:
// a fragment in place of a form would lose what was typed.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) {
	to := signInPath
	if next := comeBack(r); next != "/" {
		to += "?next=" + url.QueryEscape(next)
	}
	if r.Header.Get("HX-Request") != "" || r.Header.Get(tusHeader) != "" {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// comeBack is where to go on after signing in: the page that was asked for, or the
// one whose form was sent. Its draft is still there.
func comeBack(r *http.Request) string {
	if r.Method == http.MethodGet {
		return r.URL.RequestURI()
	}
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return "/"
	}
	return local(from.RequestURI())
}

// setCookie sets a cookie of this site; age 0 is for the browser's session,
// negative deletes it.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, age time.Duration, script bool) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: !script, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}
