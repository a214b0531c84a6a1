package web

import (
	"context"
	"errors"
	"net/http"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// takeBackPath is where the own verdict on the finding is taken back.
func takeBackPath(submission, number string) string {
	return reviewPath(submission, number) + "/take-back"
}

func (v reviewView) ownVersion() int64 {
	own, _ := v.own()
	return own.Version
}

// mayTakeBack reports whether the actor may take the own party's verdict back now.
func (p passage) mayTakeBack(who policy.Actor) bool {
	own, given := p.own()
	act := ledger.TakeBack{Submission: p.Submission.ID, Finding: p.Finding.Number, Party: p.Party}
	return given && !p.Made && p.Submission.Stage == ledger.Reviewed && policy.Can(who, act, own.Subject())
}

// readOwn reads whether the finding has been consolidated, and the version of the
// own verdict if it was taken back: the next one follows it.
func (s *Server) readOwn(ctx context.Context, p *passage, scope policy.Scope) error {
	db := s.Supervise.DB.Read()
	made, err := db.Made(ctx, scope, []string{p.Submission.ID})
	if err != nil {
		return err
	}
	for _, number := range made[p.Submission.ID] {
		p.Made = p.Made || number == p.Finding.Number
	}
	if _, given := p.own(); given || p.Party == "" {
		return nil
	}
	own, err := db.Verdict(ctx, ledger.VerdictID(p.Submission.ID, p.Finding.Number, p.Party))
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	p.Seen = own.Version
	return err
}

// takeBack takes the own party's verdict back; the form opens again.
func (s *Server) takeBack(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := s.passage(r.Context(), who, r.PathValue("submission"), r.PathValue("number"))
	if err != nil {
		return err
	}
	act := ledger.TakeBack{Submission: p.Submission.ID, Finding: p.Finding.Number, Party: p.Party, Reason: f.text("reason")}
	if _, err := s.Supervise.Do(r.Context(), who, f.order(act)); err != nil {
		if !f.refusedAt("", err) {
			return err
		}
		state := reviewState{BackProblem: f.problems[""], BackReason: f.text("reason")}
		return s.showReview(w, r, who, http.StatusUnprocessableEntity, p, state)
	}
	return seeOther(w, r, reviewPath(p.Submission.ID, p.Finding.Number))
}
