package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// printRoutes are the papers; the letter is with the consolidation.
func (s *Server) printRoutes() []route {
	cases := opens(policy.PageLedger)
	return slices.Concat(
		s.paperRoutes("/submissions/{id}/sheets/{party}", cases, s.opinionSheetMaker),
		s.paperRoutes("/findings/{number}/closing-form", cases, s.closingFormMaker),
		s.paperRoutes("/rounds/{round}/closing-forms/{organisation}", cases, s.closingFormsMaker),
		s.paperRoutes("/rounds/{round}/summary", cases, s.summaryMaker),
		s.paperRoutes("/meetings/{meeting}/minutes", opens(policy.PageMeeting), s.minutesMaker),
		[]route{
			{"GET /rounds/{round}/opinions", cases, s.opinionsPage},
			{"GET " + checkPath, cases, s.checkPaper},
		},
	)
}

// paperOf makes the paper with the reference, as printed on it.
func (s *Server) paperOf(ctx context.Context, who policy.Actor, ref string) (printout, error) {
	if submission, party, is := strings.Cut(ref, ":"); is {
		return s.opinionSheet(ctx, who, submission, joint.Party(party))
	}
	if number, is := strings.CutSuffix(ref, "-summary"); is {
		if round, err := strconv.Atoi(number); err == nil {
			return s.summary(ctx, who, round)
		}
	}
	for _, make := range []func(context.Context, policy.Actor, string) (printout, error){s.closingForm, s.minutes} {
		if p, err := make(ctx, who, ref); !errors.Is(err, store.ErrNotFound) {
			return p, err
		}
	}
	l, err := s.letter(ctx, who, ref)
	return l.Print, err
}

// readPrintable fills in which papers of the round the actor may print.
func (s *Server) readPrintable(ctx context.Context, who policy.Actor, view *lettersView) (err error) {
	scope := policy.ScopeOf(who)
	if scope.Verdicts == policy.NoVerdicts {
		return nil
	}
	view.Whole = scope.All
	if view.Sheets, err = s.openSheets(ctx, who, paperIDs(view.Papers)); err != nil {
		return err
	}
	ended, err := s.Supervise.DB.Read().Ended(ctx, scope, view.Round.Number)
	for _, in := range view.Round.Organisations {
		if ended[in.Organisation] > 0 {
			view.Closed = append(view.Closed, in.Organisation)
		}
	}
	return err
}
