package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"lianshen/internal/blob"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
	"lianshen/internal/web/ui"
)

// Faults of requests that no rule of the field knows.
var (
	errCrossOrigin = errors.New("request from another site")
	errPanicked    = errors.New("handler panicked")
	errBadRequest  = errors.New("request cannot be read")
)

// statusOf is the one table from errors to HTTP. Anything not named here is a
// fault: 500, logged in full, no detail shown.
func statusOf(err error) int {
	var refusal ledger.Refusal
	var stale store.StaleError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &refusal):
		return http.StatusUnprocessableEntity
	case errors.As(err, &stale):
		return http.StatusConflict
	case errors.Is(err, supervise.ErrSignedOut): // before ErrNotFound, which it is too
		return http.StatusUnauthorized
	case errors.Is(err, store.ErrNotFound), errors.Is(err, upload.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, supervise.ErrForbidden), errors.Is(err, errCrossOrigin):
		return http.StatusForbidden
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errBadRequest):
		return http.StatusBadRequest
	case errors.Is(err, blob.ErrSealed):
		return http.StatusLocked
	case errors.Is(err, blob.ErrFull):
		return http.StatusInsufficientStorage
	default:
		return http.StatusInternalServerError
	}
}

// wording returns what a person is told about the error: what the matter is,
// and what to do.
func wording(l lang.Tag, err error) string {
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return lang.Say(l, refusal.Code, refusal.Args...)
	}
	return lang.Say(l, errorKey(statusOf(err))+".text")
}

// errorKey names the wording of a status: error.404.title, error.404.text.
func errorKey(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusLocked, http.StatusInsufficientStorage:
		return "error." + strconv.Itoa(status)
	default:
		return "error.500"
	}
}

// fail turns an error into a page, or into a short message for a fragment.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, who policy.Actor, err error) {
	if strings.HasPrefix(r.URL.Path, "/api/") {
		s.failAPI(w, r, err)
		return
	}
	if r.Header.Get(tusHeader) != "" || errors.Is(err, errProtocol) {
		s.failUpload(w, r, err)
		return
	}
	status := statusOf(err)
	if status == http.StatusInternalServerError {
		s.logFault(r, err)
	}
	ctx := s.speak(r)
	l := lang.From(ctx)
	title := lang.Say(l, errorKey(status)+".title")
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Retarget", "#toasts")
		w.Header().Set("HX-Reswap", "beforeend")
		drawn := render(w, r.WithContext(ctx), status, ui.Toast("red", wording(l, err)))
		s.logDrawing(r, drawn)
		return
	}
	page := ui.Page{Title: title, Theme: theme(r), Back: "/"}
	body := ui.Problem(status, title, wording(l, err), requestID(r.Context()))
	s.logDrawing(r, render(w, r.WithContext(ctx), status, ui.Plain(page, body)))
}

// logFault notes what nobody can do anything about but whoever runs the program.
func (s *Server) logFault(r *http.Request, err error) {
	s.Log.ErrorContext(r.Context(), "fault",
		slog.String("request_id", requestID(r.Context())), slog.String("route", r.Pattern), slog.String("error", err.Error()))
}

// logDrawing notes that a page could not be drawn or sent; there is nobody left to tell.
func (s *Server) logDrawing(r *http.Request, err error) {
	if err != nil {
		s.Log.ErrorContext(r.Context(), "draw", slog.String("request_id", requestID(r.Context())), slog.String("error", err.Error()))
	}
}

// nowhere answers addresses that do not exist.
func (s *Server) nowhere(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, policy.Actor{}, store.ErrNotFound)
}
