package web

import (
	"context"
	"net/url"
	"time"

	"lianshen/internal/policy"
)

// A draft is what the actor had typed into a form and not sent; Fields is nil if
// there is none.
type draft struct {
	Fields url.Values
	At     time.Time
}

func (s *Server) draft(ctx context.Context, who policy.Actor, form string) (draft, error) {
	kept, err := s.Supervise.DB.Read().Draft(ctx, who.Person, form)
	if err != nil || kept.Fields == "" {
		return draft{}, err
	}
	fields, err := url.ParseQuery(kept.Fields)
	if err != nil {
		return draft{}, nil //nolint:nilerr // a draft that cannot be read is none
	}
	return draft{fields, kept.At}, nil
}

// dropDraft removes a draft whose act was done. That it stays behind would only
// show old text again, so a failure is logged and not shown.
func (s *Server) dropDraft(ctx context.Context, who policy.Actor, form string) {
	if err := s.Supervise.DB.DropDraft(ctx, who.Person, form); err != nil {
		s.Log.WarnContext(ctx, "drop draft", "request_id", requestID(ctx), "error", err.Error())
	}
}
