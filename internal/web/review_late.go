package web

import (
	"context"
	"net/http"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// passOverPath is where the convener goes on without a party.
func passOverPath(submission string) string { return reviewPath(submission, "") + "/pass-over" }

// passable reports whether the actor may pass over anybody now.
func (v queuePage) passable() bool {
	return slices.ContainsFunc(v.Rows, func(r queueRow) bool { return len(r.PassOver) > 0 })
}

// lateWords says since when the party is late and with how much.
func (r queueRow) lateWords(ctx context.Context, w partyWork) string {
	return lang.T(ctx, "review.late.left", w.By.String(), w.Of-w.Done)
}

// passOver records that a party is not waited for.
func (s *Server) passOver(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	paper, err := s.Supervise.DB.Read().Paper(r.Context(), policy.ScopeOf(who), r.PathValue("submission"))
	if err != nil {
		return err
	}
	act := ledger.PassOver{Submission: paper.ID, Party: joint.Party(f.text("party")), Reason: f.text("reason")}
	if _, err := s.Supervise.Do(r.Context(), who, f.order(act)); err != nil {
		if !f.refusedAt("", err) {
			return err
		}
		return s.showQueue(w, r, who, http.StatusUnprocessableEntity, paper.Round, f.problems[""])
	}
	return seeOther(w, r, roundPath(paper.Round, "review"))
}
