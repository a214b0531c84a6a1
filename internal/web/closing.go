package web

import (
	"context"
	"net/http"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// An organisation applies for the closing of its recognised findings, each with a
// statement of its own.
func (s *Server) closingRoutes() []route {
	fill := opens(policy.PageFill)
	return []route{
		{"GET /rounds/{round}/closing", fill, s.closingPage},
		{"POST /rounds/{round}/closing/{number}", fill, s.apply},
	}
}

// closingView is the recognised findings of an organisation with their statements.
type closingView struct {
	Round    ledger.Round
	Findings []ledger.Finding
	Ready    int // findings that go into the next application
	CanWrite bool
	Typed    map[string]string // number -> what was typed and refused
	Problems map[string]string
	Stale    string // number that somebody else changed meanwhile
	Key      string
}

func (s *Server) closing(r *http.Request, who policy.Actor) (view closingView, err error) {
	if view.Round, err = s.roundIn(r); err != nil {
		return view, err
	}
	_, asked := view.Round.Mechanism.Document(mechanism.ClosingDoc)
	if _, in := view.Round.Team(who.Organisation); !in || !asked {
		return view, store.ErrNotFound
	}
	cases, err := s.Supervise.DB.Read().Cases(r.Context(), policy.ScopeOf(who), view.Round.Number, who.Organisation)
	if err != nil {
		return view, err
	}
	for _, f := range cases {
		if f.Stage != ledger.Recognised {
			continue
		}
		view.Findings = append(view.Findings, f)
		view.CanWrite = policy.Can(who, ledger.WriteApplication{}, f.Subject())
		if f.Open(mechanism.ClosingDoc, s.today()) {
			view.Ready++
		}
	}
	view.Typed, view.Problems, view.Key = map[string]string{}, map[string]string{}, newKey()
	return view, nil
}

func (s *Server) closingPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.closing(r, who)
	if err != nil {
		return err
	}
	return s.showClosing(w, r, who, http.StatusOK, view)
}

func (s *Server) showClosing(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view closingView) error {
	f := frame{Title: lang.T(r.Context(), "doc.closing"), At: "fill", Round: view.Round.Number}
	return s.showAs(w, r, who, status, f, closingBody(view))
}

// apply saves the statement on one finding.
func (s *Server) apply(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	act := ledger.WriteApplication{Number: r.PathValue("number"), Statement: typed.text("statement")}
	_, err = s.Supervise.Do(r.Context(), who, typed.order(act))
	if err == nil {
		return seeOther(w, r, r.URL.Path[:len(r.URL.Path)-len("/"+act.Number)]+"#f-"+act.Number)
	}
	view, viewErr := s.closing(r, who)
	if viewErr != nil {
		return viewErr
	}
	view.Typed[act.Number] = act.Statement
	if _, stale := conflict(err); stale {
		view.Problems[act.Number] = lang.T(r.Context(), "application.stale")
		return s.showClosing(w, r, who, http.StatusConflict, view)
	}
	if !typed.refusedAt("statement", err) {
		return err
	}
	view.Problems[act.Number] = typed.problems["statement"]
	return s.showClosing(w, r, who, http.StatusUnprocessableEntity, view)
}

// statement is what the field of the finding holds.
func (v closingView) statement(f ledger.Finding) string {
	if typed, again := v.Typed[f.Number]; again {
		return typed
	}
	return f.Application
}

// applied says where the application for the finding stands.
func applied(ctx context.Context, f ledger.Finding) ui.ChipWord {
	switch {
	case f.ClosingPassed:
		return ui.ChipWord{Hue: ui.Green, Icon: "circle-check", Word: lang.T(ctx, "application.state.passed")}
	case f.ClosingIn != "":
		return ui.ChipWord{Hue: ui.Violet, Icon: "users", Word: lang.T(ctx, "stage.in_review")}
	case f.Application != "":
		return ui.ChipWord{Hue: ui.Blue, Icon: "send", Word: lang.T(ctx, "application.state.ready")}
	}
	return ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.T(ctx, "application.state.none")}
}
