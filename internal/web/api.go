package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// The API is another face of the same door and the same scoped readers: it can do
// and see nothing that a page could not. Who asks is said by a personal token, never
// by a cookie, so that no page of another site can ask in somebody's name.

// apiPrefix is where the API lives; a change that breaks callers gets a new number.
const apiPrefix = "/api/v1"

// mountAPI adds the API, its description and a page that lists it.
func (s *Server) mountAPI(mux *http.ServeMux) {
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { s.failAPI(w, r, store.ErrNotFound) })
	config := huma.DefaultConfig("Lianshen 联审", "1.0.0")
	config.Info.Description = "Rounds, findings, submissions, verdicts, opinions, consolidations and rates; and the main acts on them.\n\n" +
		"Every act says in `seen` which version of its record the caller had read (0 for one that does not exist yet) " +
		"and is answered with 409 and the current state if somebody was faster. Repeating it under the same " +
		"`Idempotency-Key` does it once."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "/openapi", "", ""
	config.CreateHooks = nil
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.RejectUnknownQueryParameters = true // a filter that is spelled wrong must not return everything
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "a personal token: profile page, or lianshen user token"},
	}
	api := humago.NewWithPrefix(mux, apiPrefix, config)
	api.OpenAPI().Servers = []*huma.Server{{URL: apiPrefix}}
	api.UseMiddleware(s.apiToken)
	s.apiReads(api)
	s.apiPapers(api)
	s.apiExports(api)
	s.apiActs(api)
	s.apiPeople(api)
	s.apiMeetings(api)
	mux.HandleFunc("GET "+apiPrefix+"/docs", func(w http.ResponseWriter, r *http.Request) {
		s.apiDocs(w, r.WithContext(s.speak(r)), api.OpenAPI())
	})
}

// schemaName names a type in the description: the parts of a mechanism after it,
// because a closing or a document is also something else.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	if t.PkgPath() == reflect.TypeFor[mechanism.Mechanism]().PkgPath() && t.Name() != "Mechanism" {
		return "Mechanism" + name
	}
	return name
}

type actorKey struct{}

// actorOf is who asks. The middleware has seen to it that there is somebody.
func actorOf(ctx context.Context) policy.Actor {
	who, _ := ctx.Value(actorKey{}).(policy.Actor)
	return who
}

// apiToken says who asks and in which language to answer.
func (s *Server) apiToken(hc huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(hc)
	secret, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !bearer {
		s.failAPI(w, r, supervise.ErrSignedOut)
		return
	}
	who, err := s.Supervise.WhoIsToken(r.Context(), strings.TrimSpace(secret))
	if err == nil && !policy.CanOpen(who, policy.PageLedger) {
		err = supervise.ErrForbidden // who administers reads no case
	}
	if err != nil {
		s.failAPI(w, r, err)
		return
	}
	next(huma.WithContext(hc, context.WithValue(s.speak(r), actorKey{}, who)))
}

// A problem is an error of the API: RFC 9457, with the code of the wording that
// pages show and, after a conflict, the record as it is now.
type problem struct {
	Type    string              `json:"type" doc:"always about:blank; see code"`
	Title   string              `json:"title"`
	Status  int                 `json:"status"`
	Detail  string              `json:"detail" doc:"worded for a person, in the language of Accept-Language"`
	Code    string              `json:"code" doc:"for programs: the rule that forbids it, or error.<status>"`
	Request string              `json:"request_id,omitempty" doc:"to find it in the log"`
	Current any                 `json:"current,omitempty" doc:"after 409: the record as it is now"`
	Errors  []*huma.ErrorDetail `json:"errors,omitempty" doc:"what is wrong where in the request"`
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *problem) ContentType(string) string { return "application/problem+json" }

// problemOf words an error by the table that pages use.
func (s *Server) problemOf(ctx context.Context, err error) *problem {
	status := statusOf(err)
	if status == http.StatusInternalServerError {
		s.Log.ErrorContext(ctx, "fault", slog.String("request_id", requestID(ctx)), slog.String("error", err.Error()))
	}
	p := worded(ctx, status, err)
	var refusal ledger.Refusal
	var stale store.StaleError
	switch {
	case errors.As(err, &refusal):
		p.Code = refusal.Code
	case errors.As(err, &stale):
		p.Current = s.shownTo(ctx, actorOf(ctx), stale.Current)
	}
	return p
}

// failAPI answers where huma does not: before and outside of its operations.
func (s *Server) failAPI(w http.ResponseWriter, r *http.Request, err error) {
	p := s.problemOf(s.speak(r), err)
	h := w.Header()
	h.Set("Content-Type", p.ContentType(""))
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="lianshen"`)
	}
	w.WriteHeader(p.Status)
	s.logDrawing(r, json.NewEncoder(w).Encode(p))
}
