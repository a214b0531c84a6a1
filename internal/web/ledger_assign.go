package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// mostAssigned is how many findings one form assigns at most: what a page of the
// ledger can hold, with room.
const mostAssigned = 200

// assignData is the form that gives several findings one supervisor.
type assignData struct {
	Round    ledger.Round
	Rows     []store.Row
	Names    map[string]string
	Bodies   []ledger.Body
	Watch    ledger.Watch
	Key      string
	Back     string
	Changed  string // numbers of findings that changed meanwhile
	Problems map[string]string
}

// assignForm asks for the supervisor of the ticked findings.
func (s *Server) assignForm(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	d, err := s.assignData(r, who, r.URL.Query()["id"], r.URL.Query().Get("back"))
	if err != nil {
		return err
	}
	d.Key = newKey()
	return s.showAssign(w, r, who, http.StatusOK, d)
}

func (s *Server) assignData(r *http.Request, who policy.Actor, numbers []string, back string) (d assignData, err error) {
	if !policy.Can(who, ledger.Assign{}, ledger.Subject{Kind: ledger.KindFinding}) {
		return d, supervise.ErrForbidden
	}
	if len(numbers) > mostAssigned {
		return d, errBadRequest
	}
	if d.Round, err = s.roundIn(r); err != nil {
		return d, err
	}
	d.Back = local(or(back, roundPath(d.Round.Number, "ledger")))
	ctx, db := r.Context(), s.Supervise.DB.Read()
	if len(numbers) > 0 {
		d.Rows, _, err = db.Findings(ctx, policy.ScopeOf(who), store.Filter{Round: d.Round.Number, Number: numbers}, store.Page{Sort: store.ByNumber, Limit: mostAssigned})
		if err != nil {
			return d, err
		}
	}
	organisations, err := db.OrganisationsOf(ctx, d.Round.Number)
	if err != nil {
		return d, err
	}
	d.Names = namesOn(organisations, d.Round)
	d.Bodies, err = db.Bodies(ctx)
	return d, err
}

func (s *Server) showAssign(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, d assignData) error {
	return s.showAs(w, r, who, status, frame{
		Title: lang.T(r.Context(), "ledger_page.assign.title"), At: "ledger", Round: d.Round.Number,
	}, assignPage(d))
}

// assignMany assigns all of the findings or none.
func (s *Server) assignMany(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := s.assignData(r, who, f.list("id"), f.text("back"))
	if err != nil {
		return err
	}
	d.Key, d.Problems = f.text("key"), f.problems
	d.Watch = ledger.Watch{Body: f.text("body"), Section: f.text("section"), Person: f.text("person")}
	if d.Watch.Person == "" {
		f.wrong("person", "ledger_page.assign.person_missing")
	}
	if d.Watch.Body == "" {
		f.wrong("body", "assign.body_missing")
	}
	if len(f.problems) > 0 || len(d.Rows) == 0 {
		return s.showAssign(w, r, who, http.StatusUnprocessableEntity, d)
	}
	err = s.assignAll(r.Context(), who, f, d)
	var order supervise.OrderError
	var stale store.StaleError
	switch {
	case err == nil:
		return seeOther(w, r, d.Back)
	case errors.As(err, &stale):
		d.Changed = changedRows(f, d.Rows)
		return s.showAssign(w, r, who, http.StatusConflict, d)
	case errors.As(err, &order) && f.refusedAt("body", order.Err):
		return s.showAssign(w, r, who, http.StatusUnprocessableEntity, d)
	}
	return err
}

func (s *Server) assignAll(ctx context.Context, who policy.Actor, f *form, d assignData) error {
	orders := make([]supervise.Order, len(d.Rows))
	for i, row := range d.Rows {
		watch := d.Watch
		watch.Number = row.Watch.Number // its place in the duty list stays its own
		orders[i] = supervise.Order{
			Act: ledger.Assign{Number: row.Number, Watch: watch}, Seen: seenOf(f, row.Number), Key: d.Key + ":" + row.Number,
		}
	}
	_, err := s.Supervise.DoAll(ctx, who, orders)
	return err
}

// seenField carries the version of one finding that the form was made from.
func seenField(number string) string { return "seen:" + number }

func seenOf(f *form, number string) int64 {
	n, err := strconv.ParseInt(f.text(seenField(number)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// changedRows names the findings that are no longer as the form saw them.
func changedRows(f *form, rows []store.Row) string {
	var numbers []string
	for _, row := range rows {
		if seenOf(f, row.Number) != row.Version {
			numbers = append(numbers, row.Number)
		}
	}
	return strings.Join(numbers, lang.T(f.r.Context(), "word.and"))
}

// bodyChoices are the supervising bodies to choose from, an empty choice first.
func bodyChoices(ctx context.Context, bodies []ledger.Body) []ui.Choice {
	choices := []ui.Choice{{Label: lang.T(ctx, "action.choose")}}
	for _, b := range bodies {
		choices = append(choices, ui.Choice{Value: b.Code, Label: b.Name})
	}
	return choices
}

// bodyName is the short name of a body, its code where it is not known.
func bodyName(bodies []ledger.Body, code string) string {
	for _, b := range bodies {
		if b.Code == code {
			return or(b.Short, b.Name)
		}
	}
	return code
}

// watchWords says who supervises: 巡察办 · 督查科 · 周明丽.
func watchWords(bodies []ledger.Body, w ledger.Watch) string {
	var parts []string
	for _, s := range []string{bodyName(bodies, w.Body), w.Section, w.Person} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// fieldProblems lists the problems of a form in the order of its fields, for the
// summary above it.
func fieldProblems(problems map[string]string, order ...string) []ui.FieldProblem {
	var list []ui.FieldProblem
	for _, name := range order {
		if text := problems[name]; text != "" {
			list = append(list, ui.FieldProblem{ID: name, Text: text})
		}
	}
	return list
}
