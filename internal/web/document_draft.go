package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// A documentDraft is a document in the making: what the record says about its subject,
// as its maker may see it, and what they have typed.
type documentDraft struct {
	Sort   documentSort
	Round  ledger.Round
	Today  workday.Date
	Office string // the body that consolidates

	Organisation string // "" of a document about a body or the whole round
	Name         ledger.Name
	Team         string           // name of the team that inspected it
	Findings     []ledger.Finding // of the organisation, or all that the body watches over
	Picked       []string         // numbers, of a document about some findings
	HeadReport   string           // text of the head's report in the record

	Body   ledger.Body // whose duty list it is
	Bodies []ledger.Body
	Codes  []string // organisations to choose from
	Names  map[string]ledger.Name

	Sums   *sums // of the round
	Groups map[string]*sums

	soon   workday.Date // ten working days from today
	Values map[string]string
	Kept   string // time at which a draft was saved, "" without one
}

// documentDraft reads what the request asks for. What the actor may not make, or of
// whom they see nothing, does not exist.
func (s *Server) documentDraft(r *http.Request, who policy.Actor, given url.Values) (*documentDraft, error) {
	ctx := r.Context()
	kind, known := sortOf(r.PathValue("kind"))
	if !known || !policy.CanOpen(who, kind.Page) {
		return nil, errNoSuchDocument
	}
	round, err := s.roundIn(r)
	if err != nil {
		return nil, err
	}
	d := &documentDraft{Sort: kind, Round: round, Today: s.today()}
	d.soon = d.Today.AddDays(14)
	if by, err := s.Supervise.Calendar.Add(d.Today, 10); err == nil {
		d.soon = by
	}
	if d.Office, err = s.issuer(ctx, round); err != nil {
		return nil, err
	}
	if d.Codes, d.Names, err = s.inspectedSeen(ctx, who, round); err != nil {
		return nil, err
	}
	switch kind.About {
	case ofOrganisation, ofFindings:
		err = s.readOrganisation(ctx, who, d, given)
	case ofBody:
		err = s.readWatched(ctx, who, d, given.Get("body"))
	case ofAll:
		err = s.readRound(ctx, who, d)
	}
	return d, err
}

// readOrganisation reads the findings of the organisation that is asked for, of the
// first one without a wish, or of that of the finding that is asked for.
func (s *Server) readOrganisation(ctx context.Context, who policy.Actor, d *documentDraft, given url.Values) error {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	d.Organisation = given.Get("organisation")
	if d.Organisation == "" {
		d.Organisation = s.organisationOfFinding(ctx, scope, given.Get("finding"))
	}
	if d.Organisation == "" && len(d.Codes) > 0 {
		d.Organisation = d.Codes[0]
	}
	if !slices.Contains(d.Codes, d.Organisation) {
		return errNoSuchDocument
	}
	d.Name = d.Names[d.Organisation]
	for f, err := range db.AllFindings(ctx, scope, store.Filter{Round: d.Round.Number, Organisation: d.Organisation}) {
		if err != nil {
			return err
		}
		d.Findings = append(d.Findings, f)
	}
	team, _ := d.Round.Team(d.Organisation)
	body, err := db.Body(ctx, team)
	if err != nil {
		return err
	}
	d.Team = body.Name
	if d.Sort.About == ofFindings {
		d.pick(given)
	}
	if d.Sort.Kind == string(mechanism.HeadReport) {
		return s.readHeadReport(ctx, scope, d)
	}
	return nil
}

func (s *Server) organisationOfFinding(ctx context.Context, scope policy.Scope, number string) string {
	if number == "" {
		return ""
	}
	f, err := s.Supervise.DB.Read().Finding(ctx, scope, number)
	if err != nil {
		return number // no organisation is called so: nothing is found
	}
	return f.Organisation
}

// pick keeps the findings that were asked for; before anything was, those that the
// kind of document is mostly about.
func (d *documentDraft) pick(given url.Values) {
	wanted := given["finding"]
	if len(wanted) == 0 && !given.Has("picked") {
		wanted = d.usual()
	}
	for _, f := range d.Findings {
		if slices.Contains(wanted, f.Number) {
			d.Picked = append(d.Picked, f.Number)
		}
	}
}

// readHeadReport takes the text that the record has of the report of the head.
func (s *Server) readHeadReport(ctx context.Context, scope policy.Scope, d *documentDraft) error {
	papers, err := s.Supervise.DB.Read().Papers(ctx, scope, store.PaperFilter{
		Round: d.Round.Number, Organisation: d.Organisation, Doc: string(mechanism.HeadReport),
	})
	last := 0
	for _, p := range papers {
		if p.Number > last {
			last, d.HeadReport = p.Number, p.Paper.Text
		}
	}
	return err
}

// readWatched reads what a body watches over. A party has its own list, those who see
// all bodies any.
func (s *Server) readWatched(ctx context.Context, who policy.Actor, d *documentDraft, code string) error {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	bodies, err := db.Bodies(ctx)
	if err != nil {
		return err
	}
	for _, b := range bodies {
		if scope.Bodies || b.Code == scope.Party {
			d.Bodies = append(d.Bodies, b)
		}
	}
	watched := map[string][]ledger.Finding{}
	for f, err := range db.AllFindings(ctx, scope, store.Filter{Round: d.Round.Number}) {
		if err != nil {
			return err
		}
		watched[f.Watch.Body] = append(watched[f.Watch.Body], f)
	}
	if code == "" && len(d.Bodies) > 0 {
		code = d.Bodies[0].Code
		for _, b := range d.Bodies { // the first with anything to watch over
			if len(watched[b.Code]) > 0 {
				code = b.Code
				break
			}
		}
	}
	i := slices.IndexFunc(d.Bodies, func(b ledger.Body) bool { return b.Code == code })
	if i < 0 {
		return errNoSuchDocument
	}
	d.Body, d.Findings = d.Bodies[i], watched[code]
	return nil
}

// readRound counts the round as its overview does.
func (s *Server) readRound(ctx context.Context, who policy.Actor, d *documentDraft) error {
	tallies, err := s.Supervise.DB.Read().Tallies(ctx, policy.ScopeOf(who), d.Round.Number)
	d.Sums, d.Groups = sumUp(tallies, d.Today), sumBy(tallies, d.Today, byOrganisation)
	return err
}

// read takes what was typed; nil is what is proposed.
func (d *documentDraft) read(typed url.Values) {
	d.Values = map[string]string{}
	for _, a := range d.Sort.Asks {
		switch {
		case typed != nil:
			d.Values[a.Name] = strings.TrimSpace(strings.ReplaceAll(typed.Get(a.Name), "\r\n", "\n"))
		case a.propose != nil:
			d.Values[a.Name] = a.propose(d)
		}
	}
}

// text is what a field says on paper: days in words.
func (d *documentDraft) text(name string) string {
	value := d.Values[name]
	for _, a := range d.Sort.Asks {
		if a.Name != name || !a.Date {
			continue
		}
		if day, err := workday.Parse(value); err == nil {
			return dayZH(day)
		}
	}
	return value
}

// form is the name of the draft: one for each kind and subject.
func (d *documentDraft) form() string {
	return "document:" + strings.Join([]string{itoa(d.Round.Number), d.Sort.Kind, or(d.Organisation, d.Body.Code)}, ":")
}

// path is the page of the document.
func (d *documentDraft) path() string {
	return makePath(d.Round.Number, d.Sort.Kind, "organisation", d.Organisation, "body", d.Body.Code)
}

// action is where its form is sent.
func (d *documentDraft) action() string { return roundPath(d.Round.Number, "documents", d.Sort.Kind) }

// picked are the findings of a document about some of them.
func (d *documentDraft) picked() (list []ledger.Finding) {
	for _, f := range d.Findings {
		if slices.Contains(d.Picked, f.Number) {
			list = append(list, f)
		}
	}
	return list
}

// subjects are the organisations or bodies to choose from.
func (d *documentDraft) subjects() (name, value string, choices []ui.Choice) {
	switch d.Sort.About {
	case ofOrganisation, ofFindings:
		for _, code := range d.Codes {
			choices = append(choices, ui.Choice{Value: code, Label: or(d.Names[code].Short, code)})
		}
		return "organisation", d.Organisation, choices
	case ofBody:
		for _, b := range d.Bodies {
			choices = append(choices, ui.Choice{Value: b.Code, Label: b.Name})
		}
		return "body", d.Body.Code, choices
	case ofAll:
	}
	return "", "", nil
}
