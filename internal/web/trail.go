package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/trail"
)

// The record: its newest entries, and the proof that nothing was changed.
func (s *Server) trailRoutes() []route {
	auditor := opens(policy.PageTrail)
	return []route{
		{"GET /trail", auditor, s.trailPage},
		{"POST /trail/verify", auditor, s.verifyTrail},
	}
}

// trailView shows who did what to which record. The content of entries is case
// text and not shown here: an auditor looks after the record, not the cases.
type trailView struct {
	Size         int64
	Root         string
	Entries      []trail.Record
	Names        map[string]string
	Older        int64 // entries before this one; 0 if there are none
	Verification *supervise.Verification
	Took         time.Duration
}

// trailRows is how many entries a page shows.
const trailRows = 50

// longestVerify bounds a verification asked for in a browser; a ledger that takes
// longer is verified on the command line.
const longestVerify = 2 * time.Minute

func (s *Server) trailPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.trailView(r)
	if err != nil {
		return err
	}
	return s.showTrail(w, r, who, view)
}

func (s *Server) showTrail(w http.ResponseWriter, r *http.Request, who policy.Actor, view trailView) error {
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "nav.trail"), At: "trail"}, trailBody(view))
}

func (s *Server) trailView(r *http.Request) (view trailView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // anything else is the end
	head, root, err := read.Head(ctx)
	if err != nil {
		return view, err
	}
	view.Size, view.Root = head.Size, root
	if view.Entries, err = read.Latest(ctx, before, trailRows); err != nil {
		return view, err
	}
	var people []string
	for _, e := range view.Entries {
		people = append(people, e.Actor)
	}
	if n := len(view.Entries); n == trailRows && view.Entries[n-1].Seq > 1 {
		view.Older = view.Entries[n-1].Seq
	}
	view.Names, err = read.Names(ctx, people)
	return view, err
}

func (s *Server) verifyTrail(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.trailView(r)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(r.Context(), longestVerify)
	defer stop()
	started := s.now()
	v, err := s.Supervise.Verify(ctx)
	if err != nil {
		return err
	}
	view.Verification, view.Took = &v, s.now().Sub(started)
	return s.showTrail(w, r, who, view)
}
