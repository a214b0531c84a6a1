package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// registerData is the form that registers one finding by hand.
type registerData struct {
	Round         ledger.Round
	Organisations []ledger.Organisation
	Bodies        []ledger.Body
	Organisation  string // chosen; "" asks for it first
	Act           ledger.Register
	Manifest      string // one manifestation a line
	Measures      string // one measure a line
	Key           string
	Draft         string // when the draft shown was saved
	Problems      map[string]string
}

func (s *Server) registerForm(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	d, err := s.registerData(r, who)
	if err != nil {
		return err
	}
	d.Organisation = r.URL.Query().Get("organisation")
	if d.Organisation != "" {
		if err := s.prefill(r.Context(), who, &d); err != nil {
			return err
		}
	}
	return s.showRegister(w, r, who, http.StatusOK, d)
}

func (s *Server) registerData(r *http.Request, who policy.Actor) (d registerData, err error) {
	if !policy.Can(who, ledger.Register{}, ledger.Subject{Kind: ledger.KindFinding}) {
		return d, supervise.ErrForbidden
	}
	if d.Round, err = s.roundIn(r); err != nil {
		return d, err
	}
	if d.Organisations, err = s.Supervise.DB.Read().OrganisationsOf(r.Context(), d.Round.Number); err != nil {
		return d, err
	}
	d.Key = newKey()
	d.Bodies, err = s.Supervise.DB.Read().Bodies(r.Context())
	return d, err
}

// prefill suggests the next free number, or brings back what was being typed.
func (s *Server) prefill(ctx context.Context, who policy.Actor, d *registerData) error {
	if _, in := d.Round.Team(d.Organisation); !in {
		return store.ErrNotFound
	}
	d.Act.Class = ledger.Class{Kind: ledger.Dated, Deadline: d.Round.RectifyUntil}
	number, err := s.nextNumber(ctx, d.Round.Number, d.Organisation)
	if err != nil {
		return err
	}
	d.Act.Number = number
	kept, err := s.draft(ctx, who, d.draftName())
	if err != nil || kept.Fields == nil {
		return err
	}
	d.read(&form{r: &http.Request{PostForm: kept.Fields}, problems: map[string]string{}})
	d.Draft = lang.ClockTime(kept.At.In(s.Supervise.Zone))
	return nil
}

func (d *registerData) draftName() string {
	return "register:" + strconv.Itoa(d.Round.Number) + ":" + d.Organisation
}

// nextNumber is the number after the organisation's last one in the round.
func (s *Server) nextNumber(ctx context.Context, round int, organisation string) (string, error) {
	db := s.Supervise.DB.Read()
	last, err := db.LastNumber(ctx, round, organisation)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(last[strings.LastIndexByte(last, '-')+1:])
	if err != nil {
		n = 0 // none yet, or numbered in another way
	}
	for {
		n++
		number := ledger.FindingNumber(round, organisation, n)
		_, err := db.Load(ctx, ledger.FindingRef(number))
		switch {
		case errors.Is(err, store.ErrNotFound):
			return number, nil
		case err != nil:
			return "", err
		}
	}
}

func (s *Server) showRegister(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, d registerData) error {
	return s.showAs(w, r, who, status, frame{
		Title: lang.T(r.Context(), "ledger_page.register"), At: "ledger", Round: d.Round.Number,
	}, registerPage(d))
}

func (s *Server) register(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := s.registerData(r, who)
	if err != nil {
		return err
	}
	d.Organisation, d.Key, d.Problems = f.text("organisation"), f.text("key"), f.problems
	if _, in := d.Round.Team(d.Organisation); !in {
		return store.ErrNotFound
	}
	d.read(f)
	if len(f.problems) == 0 {
		_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: d.Act, Seen: supervise.Any, Key: d.Key})
		if err == nil {
			s.dropDraft(r.Context(), who, d.draftName())
			return seeOther(w, r, findingPath(d.Act.Number))
		}
		if !f.refusedAt(fieldOfRegister(refusalCode(err)), err) {
			return err
		}
	}
	return s.showRegister(w, r, who, http.StatusUnprocessableEntity, d)
}

// read takes what was typed and makes the act of it.
func (d *registerData) read(f *form) {
	d.Manifest, d.Measures = f.text("manifestations"), f.text("measures")
	d.Act = ledger.Register{
		Number: f.text("number"), Organisation: d.Organisation, Round: d.Round.Number,
		Feedback: ledger.Feedback{Text: f.text("text"), Manifestations: textLines(d.Manifest)},
		Class:    readClass(f),
		Plan:     ledger.Plan{Leader: f.text("leader"), Section: f.text("section_of"), Handler: f.text("handler")},
		Watch:    ledger.Watch{Body: f.text("body"), Section: f.text("section"), Person: f.text("person"), Number: f.text("duty")},
	}
	for _, text := range textLines(d.Measures) {
		d.Act.Plan.Measures = append(d.Act.Plan.Measures, ledger.Measure{Text: text})
	}
}

// textLines are the lines of a text that are not empty.
func textLines(text string) []string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// fieldOfRegister names the field that a refusal is about.
func fieldOfRegister(code string) string {
	for _, x := range []struct{ prefix, field string }{
		{"register.number", "number"},
		{"register.text", "text"},
		{"class.category", "category"},
		{"class.kind", "kind"},
		{"class.deadline", "deadline"},
		{"plan.", "measures"},
		{"register.", "number"},
	} {
		if strings.HasPrefix(code, x.prefix) {
			return x.field
		}
	}
	return "text"
}

// registerFields is the order of the fields, for the summary of problems.
var registerFields = []string{"number", "text", "manifestations", "category", "kind", "deadline", "leader", "measures", "body", "person"}

// organisationLinks lead to the form of each organisation of the round.
func (d registerData) organisationLinks() []ui.Link {
	names := namesOn(d.Organisations, d.Round)
	links := make([]ui.Link, len(d.Organisations))
	for i, o := range d.Organisations {
		links[i] = ui.Link{
			Href:  roundPath(d.Round.Number, "findings", "new") + "?organisation=" + url.QueryEscape(o.Code),
			Label: names[o.Code], Current: o.Code == d.Organisation,
		}
	}
	return links
}
