package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// asking reports whether the list asks the reader to acknowledge findings.
func (v fillView) asking() bool { return v.Round.Mechanism.Acceptance }

// unsaid counts the findings that still need an answer before the plan goes out.
func (v fillView) unsaid() int {
	var open []ledger.Finding
	for _, t := range v.Tasks {
		if t.Finding.Open(mechanism.Plan, v.Today) {
			open = append(open, t.Finding)
		}
	}
	return ledger.Unacknowledged(v.Round.Mechanism, mechanism.Plan, open)
}

// mayAgree reports whether the finding may be ticked to be agreed with: it has
// not been answered yet. Another answer is changed on the finding's own page.
func (v fillView) mayAgree(f ledger.Finding) bool {
	return v.asking() && f.Acknowledgement.Position == "" && f.Open(mechanism.Plan, v.Today) && policy.Can(v.Who, ledger.Acknowledge{}, f.Subject())
}

func (v fillView) mayAgreeAny() bool {
	for _, t := range v.Tasks {
		if v.mayAgree(t.Finding) {
			return true
		}
	}
	return false
}

// seenName is the field that carries which version of a finding the list showed.
func seenName(number string) string { return "seen-" + number }

func (t fillTask) seen() []ui.Hidden {
	return []ui.Hidden{{Name: seenName(t.Finding.Number), Value: strconv.FormatInt(t.Finding.Version, 10)}}
}

// acknowledgeMany agrees with all ticked findings or none.
func (s *Server) acknowledgeMany(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	view, err := s.fillView(r, who)
	if err != nil {
		return err
	}
	numbers := f.list("id")
	if len(numbers) > mostAssigned {
		return errBadRequest
	}
	if len(numbers) == 0 {
		f.wrong("", "fill.ack.none_selected")
	} else {
		err = s.agreeAll(r.Context(), who, f, numbers)
		if err == nil {
			return seeOther(w, r, roundPath(view.Round.Number, "fill"))
		}
	}
	status := http.StatusUnprocessableEntity
	var order supervise.OrderError
	if _, stale := conflict(err); stale {
		status = http.StatusConflict
		f.wrong("", "fill.ack.stale")
	} else if err != nil && (!errors.As(err, &order) || !f.refusedAt("", order.Err)) {
		return err
	}
	view.Problem = f.problems[""]
	return s.showAs(w, r, who, status, frame{Title: lang.T(r.Context(), "fill.title"), At: "fill", Round: view.Round.Number}, fillListPage(view))
}

func (s *Server) agreeAll(ctx context.Context, who policy.Actor, f *form, numbers []string) error {
	var orders []supervise.Order
	for _, number := range numbers {
		seen, err := strconv.ParseInt(f.text(seenName(number)), 10, 64)
		if err != nil {
			return errBadRequest
		}
		orders = append(orders, supervise.Order{Act: ledger.Acknowledge{Number: number, Position: ledger.Agrees}, Seen: seen})
	}
	_, err := s.Supervise.DoAll(ctx, who, orders)
	return err
}
