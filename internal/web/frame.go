package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// Rounds, organisations and bodies: the frame in which cases stand.
func (s *Server) frameRoutes() []route {
	frame := opens(policy.PageFrame)
	return []route{
		{"GET /organisations", frame, s.framePage},
		{"POST /organisations", frame, s.addOrganisation},
		{"POST /organisations/{code}/rename", frame, s.renameOrganisation},
		{"POST /organisations/{code}/move", frame, s.moveOrganisation},
		{"POST /bodies", frame, s.addBody},
		{"POST /bodies/{code}", frame, s.amendBody},
		{"GET /rounds/new", opens(policy.PageImport), s.newRound},
		{"POST /rounds", opens(policy.PageImport), s.openRound},
		{"GET /rounds/{round}/edit", opens(policy.PageImport), s.editRound},
		{"POST /rounds/{round}/edit", opens(policy.PageImport), s.amendRound},
		{"POST /rounds/{round}/inspect", opens(policy.PageImport), s.inspect},
	}
}

// mostOrganisations bounds the lists of the frame. A province keeps its tree in
// several installations or by import.
const mostOrganisations = 2000

// frameView is the page of organisations and bodies. At names the form that
// Problems belong to; Typed is what was written into it.
type frameView struct {
	Organisations []ledger.Organisation
	Bodies        []ledger.Body
	Rounds        []ledger.Round
	At            string
	Problem       string
	Typed         *form
	Round         bool   // may open rounds
	Body          string // code of a body to be added, as a link proposed it
}

func (s *Server) framing(r *http.Request, who policy.Actor) (view frameView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	if view.Organisations, err = read.Organisations(ctx, "", mostOrganisations); err != nil {
		return view, err
	}
	if view.Bodies, err = read.Bodies(ctx); err != nil {
		return view, err
	}
	view.Rounds, err = read.Rounds(ctx, 50)
	view.Round = policy.Can(who, ledger.OpenRound{}, ledger.Subject{})
	view.Typed = &form{r: &http.Request{}, problems: map[string]string{}}
	return view, err
}

func (s *Server) framePage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.framing(r, who)
	if err != nil {
		return err
	}
	view.Body = r.URL.Query().Get("body")
	return s.showFrame(w, r, who, http.StatusOK, view)
}

func (s *Server) showFrame(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view frameView) error {
	return s.showAs(w, r, who, status, frame{Title: lang.T(r.Context(), "nav.frame"), At: "frame"}, frameBody(view))
}

// frameAct does one act of the frame page; a refusal is shown at its form.
func (s *Server) frameAct(w http.ResponseWriter, r *http.Request, who policy.Actor, at string, act func(*form) ledger.Act) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	done := act(typed)
	if len(typed.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: done, Seen: supervise.Any, Key: typed.text("key")})
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, "/organisations#"+at)
	}
	if err != nil && !typed.refusedAt("", err) {
		return err
	}
	view, err := s.framing(r, who)
	if err != nil {
		return err
	}
	view.At, view.Typed, view.Problem = at, typed, typed.summary()[0].Text
	return s.showFrame(w, r, who, http.StatusUnprocessableEntity, view)
}

func (f *form) name() ledger.Name {
	return ledger.Name{Full: f.text("full"), Short: f.text("short"), Since: f.date("since")}
}

func (s *Server) addOrganisation(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.frameAct(w, r, who, "add-organisation", func(f *form) ledger.Act {
		return ledger.AddOrganisation{Code: strings.ToUpper(f.text("code")), Parent: f.text("parent"), Name: f.name()}
	})
}

func (s *Server) renameOrganisation(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	code := r.PathValue("code")
	return s.frameAct(w, r, who, "o-"+code, func(f *form) ledger.Act {
		return ledger.RenameOrganisation{Code: code, Name: f.name()}
	})
}

func (s *Server) moveOrganisation(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	code := r.PathValue("code")
	return s.frameAct(w, r, who, "o-"+code, func(f *form) ledger.Act {
		return ledger.MoveOrganisation{Code: code, Parent: f.text("parent")}
	})
}

// sections reads one section per line.
func (f *form) sections() []string {
	var list []string
	for line := range strings.Lines(f.text("sections")) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func (s *Server) addBody(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.frameAct(w, r, who, "add-body", func(f *form) ledger.Act {
		code := strings.ToLower(f.text("code"))
		return ledger.AddBody{Code: code, Name: f.text("name"), Short: f.text("short"), Team: ledger.IsTeam(code), Sections: f.sections()}
	})
}

func (s *Server) amendBody(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	code := r.PathValue("code")
	return s.frameAct(w, r, who, "b-"+code, func(f *form) ledger.Act {
		return ledger.AmendBody{Code: code, Name: f.text("name"), Short: f.text("short"), Sections: f.sections()}
	})
}

// roundView is the form of a round, new or amended.
type roundView struct {
	Round         ledger.Round // as it is; zero for a new one
	Organisations []ledger.Organisation
	Teams         []ledger.Body
	Mechanisms    []ui.Choice
	Typed         *form
	Summary       []ui.FieldProblem
	Key           string
	NoBody        string // code of the body that a party of the mechanism waits for
}

// seatWithoutBody is the code of the body to be added before the round can open.
func seatWithoutBody(err error) string {
	var refusal ledger.Refusal
	if errors.As(err, &refusal) && refusal.Code == "round.seat_without_body" {
		return fmt.Sprint(refusal.Args[1])
	}
	return ""
}

func (s *Server) rounding(r *http.Request) (view roundView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	if view.Organisations, err = read.Organisations(ctx, "", mostOrganisations); err != nil {
		return view, err
	}
	bodies, err := read.Bodies(ctx)
	for _, b := range bodies {
		if b.Team {
			view.Teams = append(view.Teams, b)
		}
	}
	if err != nil {
		return view, err
	}
	ways, err := s.Supervise.MechanismsInForce(ctx)
	for _, code := range mechanism.Order(ways) {
		view.Mechanisms = append(view.Mechanisms, ui.Choice{Value: code, Label: versionName(ctx, ways[code])})
	}
	view.Typed = &form{r: &http.Request{}, problems: map[string]string{}}
	view.Key = newKey()
	return view, err
}

func (s *Server) newRound(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.rounding(r)
	if err != nil {
		return err
	}
	return s.showRound(w, r, who, http.StatusOK, view)
}

func (s *Server) showRound(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view roundView) error {
	f := frame{Title: lang.T(r.Context(), "rounds.new"), At: "frame", Round: view.Round.Number}
	if view.Round.Number > 0 {
		f.Title = view.Round.Name
	}
	return s.showAs(w, r, who, status, f, roundBody(view))
}

func (f *form) terms() ledger.RoundTerms {
	return ledger.RoundTerms{
		Name: f.text("name"), Source: f.text("source"), FeedbackOn: f.date("feedback_on"),
		RectifyUntil: f.date("rectify_until"), PlanDue: f.date("plan_due"), ReportDue: f.date("report_due"),
	}
}

// inspected reads one "team-CODE" field per organisation; an empty one is not
// part of the round.
func (f *form) inspected(organisations []ledger.Organisation) []ledger.Inspected {
	var list []ledger.Inspected
	for _, o := range organisations {
		if team := f.text("team-" + o.Code); team != "" {
			list = append(list, ledger.Inspected{Organisation: o.Code, Team: team})
		}
	}
	return list
}

func (s *Server) openRound(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.rounding(r)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	act := ledger.OpenRound{
		Number: typed.number("number"), Terms: typed.terms(), Mechanism: typed.text("mechanism"),
		Organisations: typed.inspected(view.Organisations),
	}
	if len(act.Organisations) == 0 {
		typed.wrong("organisations", "rounds.no_organisation")
	}
	return s.roundAct(w, r, who, view, typed, supervise.Order{Act: act, Key: typed.text("key")}, roundPath(act.Number, "import"))
}

// roundAct does an act on a round and goes on, or shows the form again.
func (s *Server) roundAct(w http.ResponseWriter, r *http.Request, who policy.Actor, view roundView, typed *form, o supervise.Order, next string) error {
	var err error
	if len(typed.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, o)
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, next)
	}
	if _, stale := conflict(err); stale {
		typed.wrong("number", "round.number_taken", typed.text("number"))
		err = nil
	}
	if err != nil && !typed.refusedAt("", err) {
		return err
	}
	view.Typed, view.Summary = typed, typed.summary()
	view.NoBody = seatWithoutBody(err)
	return s.showRound(w, r, who, http.StatusUnprocessableEntity, view)
}

func (s *Server) editing(r *http.Request) (roundView, error) {
	view, err := s.rounding(r)
	if err == nil {
		view.Round, err = s.roundIn(r)
	}
	return view, err
}

func (s *Server) editRound(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.editing(r)
	if err != nil {
		return err
	}
	return s.showRound(w, r, who, http.StatusOK, view)
}

func (s *Server) amendRound(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.editing(r)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	act := ledger.AmendRound{Number: view.Round.Number, Terms: typed.terms()}
	return s.roundAct(w, r, who, view, typed, typed.order(act), roundPath(view.Round.Number, "edit"))
}

func (s *Server) inspect(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.editing(r)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	act := ledger.Inspect{
		Number:    view.Round.Number,
		Inspected: ledger.Inspected{Organisation: typed.text("organisation"), Team: typed.text("team")},
	}
	return s.roundAct(w, r, who, view, typed, typed.order(act), roundPath(view.Round.Number, "edit"))
}
