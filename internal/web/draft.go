package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Bounds of a draft, in bytes.
const (
	maxDraft     = 256 << 10
	maxDraftName = 200
)

// saveDraft keeps what somebody is writing into a form, as it was sent.
func (s *Server) saveDraft(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	name := r.PathValue("form")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDraft))
	if err != nil {
		return err
	}
	fields, err := url.ParseQuery(string(body))
	if err != nil || name == "" || len(name) > maxDraftName || !readable(name, fields) {
		return errBadRequest
	}
	// The version the page was made from stays, so that a restored draft does not
	// overwrite what somebody else wrote meanwhile; the key of that page does not,
	// or what is added to the draft would look like a repetition of the act.
	fields.Del("key")
	if err := s.Supervise.DB.PutDraft(r.Context(), who.Person, store.Draft{Form: name, Fields: fields.Encode()}); err != nil {
		return err
	}
	w.Header().Set("X-Saved-At", lang.ClockTime(s.now().In(s.Supervise.Zone)))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// readable reports whether a database can keep the words: PostgreSQL refuses what
// is no UTF-8, and NUL.
func readable(name string, fields url.Values) bool {
	ok := func(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
	if !ok(name) {
		return false
	}
	for field, values := range fields {
		for _, v := range append(values, field) {
			if !ok(v) {
				return false
			}
		}
	}
	return true
}

// A draft is what the actor had typed into a form and not sent; Fields is nil if
// there is none.
type draft struct {
	Fields url.Values
	At     time.Time
}

// draft returns what the actor was writing into the form of this name, which is
// the value of its data-draft.
func (s *Server) draft(ctx context.Context, who policy.Actor, form string) (draft, error) {
	kept, err := s.Supervise.DB.Read().Draft(ctx, who.Person, form)
	if err != nil || kept.At.IsZero() {
		return draft{}, err
	}
	fields, err := url.ParseQuery(kept.Fields)
	if err != nil {
		return draft{}, nil //nolint:nilerr // a draft that cannot be read is none
	}
	return draft{fields, kept.At}, nil
}

// draftSeen returns the version that a page with a restored draft has seen of the
// record: the current one, unless somebody else has changed the record since the
// draft was begun. Then it is the version of that time, and sending the draft
// leads to the conflict that it is.
func (s *Server) draftSeen(ctx context.Context, who policy.Actor, ref ledger.Ref, current int64, d draft) (int64, error) {
	seen, err := strconv.ParseInt(d.Fields.Get("seen"), 10, 64)
	if err != nil || seen >= current {
		return current, nil //nolint:nilerr // a draft without a version is of the current one
	}
	since, err := s.Supervise.DB.Read().History(ctx, ref, int(current-seen))
	if err != nil {
		return 0, err
	}
	for _, entry := range since {
		if entry.Actor != who.Person {
			return seen, nil
		}
	}
	return current, nil
}

// dropDraft forgets the draft of a form whose act has been done. If that fails the
// act stands all the same: an old draft is a nuisance, not a loss.
func (s *Server) dropDraft(ctx context.Context, who policy.Actor, name string) {
	if err := s.Supervise.DB.DropDraft(ctx, who.Person, name); err != nil {
		s.Log.ErrorContext(ctx, "drop draft", slog.String("request_id", requestID(ctx)), slog.String("error", err.Error()))
	}
}
