package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

const checkPath = "/check"

// checked is a comparison of paper and record.
type checked struct {
	Ref, Typed string // as typed
	Asked      bool
	Incomplete bool
	Answer     string        // match, changed or unknown
	Now        store.Printed // as the record stands
	Then       store.Printed // as the paper was given out, where the record has changed
	Path       string        // of the paper
}

func (s *Server) checkPaper(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	q := r.URL.Query()
	c := checked{Ref: strings.TrimSpace(q.Get("ref")), Typed: strings.TrimSpace(q.Get("code")), Asked: q.Has("ref") || q.Has("code")}
	status := http.StatusOK
	switch {
	case c.Asked && (c.Ref == "" || c.Typed == ""):
		c.Incomplete, status = true, http.StatusUnprocessableEntity
	case c.Asked:
		if err := s.compare(r.Context(), who, &c); err != nil {
			return err
		}
	}
	return s.showAs(w, r, who, status, frame{Title: lang.T(r.Context(), "paper.check"), At: "check"}, checkBody(c))
}

// compare makes the paper anew, within the scope of the actor. What the actor
// may not see gets the same answer as what does not exist.
func (s *Server) compare(ctx context.Context, who policy.Actor, c *checked) error {
	c.Answer = "unknown"
	p, err := s.paperOf(ctx, who, c.Ref)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	code := paper.ReadCode(c.Typed)
	for _, m := range p.Marks {
		if m.Ref != c.Ref {
			continue
		}
		c.Now, c.Path = m, p.Path
		if m.Code == code {
			c.Answer = "match"
			return nil
		}
	}
	if c.Path == "" {
		return nil
	}
	c.Then, err = s.Supervise.DB.Read().Printed(ctx, c.Ref, code)
	if err == nil && c.Then.Code != "" {
		c.Answer = "changed"
	}
	return err
}
