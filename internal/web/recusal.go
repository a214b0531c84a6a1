package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// Who keeps away from what: declared by oneself, ordered and lifted by the party
// that convenes.
func (s *Server) recusalRoutes() []route {
	return []route{
		{"GET /rounds/{round}/recusals", opens(policy.PageRecusals), s.recusals},
		{"POST /rounds/{round}/recusals", opens(policy.PageRecusals), s.recuse},
		{"POST /rounds/{round}/recusals/{organisation}/{person}/lift", opens(policy.PageRecusals), s.liftRecusal},
	}
}

// recusalView is what the list of recusals shows.
type recusalView struct {
	Round         ledger.Round
	Rows          []recusalRow
	Organisations []ui.Choice // on which the actor may declare or order one
	People        []ui.Choice // whom the actor may order away; only oneself where there is one
	Grounds       []ui.Choice
	Fields        recusalFields
	Problems      map[string]string
	Lift          string // identity of the recusal whose lifting was refused
	Key           string
}

type recusalFields struct{ Organisation, Person, Ground, Reason string }

// A recusalRow is one recusal of the list.
type recusalRow struct {
	ID, Name, Party, Office, Ground, Reason, By, At string
	Lifted                                          string // when, by whom and why; "" while it applies
	Lift                                            string // address that lifts it; "" for none
}

func (s *Server) recusals(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v := recusalView{Fields: recusalFields{Organisation: r.URL.Query().Get("organisation")}}
	return s.showRecusals(w, r, who, http.StatusOK, v)
}

func (s *Server) showRecusals(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v recusalView) error {
	ctx := r.Context()
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	v.Round = round
	if v.Key == "" {
		v.Key = newKey()
	}
	if err := s.fillRecusals(ctx, who, &v); err != nil {
		return err
	}
	f := frame{Title: lang.T(ctx, "recusal.title"), At: "review", Round: round.Number}
	return s.showAs(w, r, who, status, f, recusalPage(v))
}

func (s *Server) fillRecusals(ctx context.Context, who policy.Actor, v *recusalView) error {
	db := s.Supervise.DB.Read()
	organisations, err := db.OrganisationsOf(ctx, v.Round.Number)
	if err != nil {
		return err
	}
	names := namesOn(organisations, v.Round)
	list, err := db.Recusals(ctx, policy.ScopeOf(who), v.Round.Number)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range list {
		ids = append(ids, x.By, x.Lifted.By)
	}
	people, err := db.Names(ctx, ids)
	if err != nil {
		return err
	}
	for _, x := range list {
		v.Rows = append(v.Rows, recusalLine(ctx, who, v.Round, x, names, people))
	}
	slices.SortStableFunc(v.Rows, func(a, b recusalRow) int { return boolOrder(a.Lifted != "", b.Lifted != "") })
	v.Organisations = recusable(who, v.Round, names)
	v.Grounds = []ui.Choice{{Label: lang.T(ctx, "action.choose")}}
	for _, g := range ledger.Grounds() {
		v.Grounds = append(v.Grounds, ui.Choice{Value: string(g), Label: lang.T(ctx, "recusal.ground."+string(g))})
	}
	v.People, err = s.recusablePeople(ctx, who, v.Round)
	return err
}

func recusalLine(ctx context.Context, who policy.Actor, round ledger.Round, x ledger.Recusal, names, people map[string]string) recusalRow {
	row := recusalRow{
		ID: x.ID, Name: x.Name, Party: partyLabel(ctx, round, x.Party), Office: or(names[x.Organisation], x.Organisation),
		Ground: lang.T(ctx, "recusal.ground."+string(x.Ground)), Reason: x.Reason, At: when(ctx, x.At),
		By: lang.T(ctx, "recusal.declared"),
	}
	if x.Ordered() {
		row.By = lang.T(ctx, "recusal.ordered", or(people[x.By], x.By))
	}
	lift := ledger.LiftRecusal{Round: x.Round, Organisation: x.Organisation, Person: x.Person}
	switch {
	case !x.Applies():
		row.Lifted = lang.T(ctx, "recusal.lifted_by", when(ctx, x.Lifted.At), or(people[x.Lifted.By], x.Lifted.By), x.Lifted.Reason)
	case x.Person != who.Person && policy.Can(who, lift, x.Subject().Under(round.Mechanism)):
		row.Lift = roundPath(round.Number, "recusals", x.Organisation, x.Person, "lift")
	}
	return row
}

// partyLabel names a party of the round in the reader's language.
func partyLabel(ctx context.Context, round ledger.Round, code joint.Party) string {
	p, _ := round.Mechanism.Party(code)
	return or(named(ctx, p.Name, p.NameEn), string(code))
}

// recusable lists the organisations of the round on which the actor may recuse
// themselves or order others.
func recusable(who policy.Actor, round ledger.Round, names map[string]string) (list []ui.Choice) {
	for _, x := range round.Organisations {
		subject := ledger.Subject{
			Kind: ledger.KindRecusal, Round: round.Number, Organisation: x.Organisation, Team: x.Team, Person: who.Person,
		}.Under(round.Mechanism)
		if policy.Can(who, ledger.Recuse{}, subject) {
			list = append(list, ui.Choice{Value: x.Organisation, Label: or(names[x.Organisation], x.Organisation)})
		}
	}
	return list
}

// recusablePeople lists whom the actor may keep away: all who speak for a body
// where the actor convenes, else themselves.
func (s *Server) recusablePeople(ctx context.Context, who policy.Actor, round ledger.Round) ([]ui.Choice, error) {
	self := []ui.Choice{{Value: who.Person, Label: lang.T(ctx, "recusal.self", who.Name)}}
	if !policy.Can(who, ledger.LiftRecusal{}, ledger.Subject{Kind: ledger.KindRecusal}.Under(round.Mechanism)) {
		return self, nil
	}
	speakers, err := s.Supervise.DB.Read().Speakers(ctx, s.today())
	if err != nil {
		return nil, err
	}
	bodies, err := s.Supervise.DB.Read().Bodies(ctx)
	if err != nil {
		return nil, err
	}
	for _, x := range speakers {
		if !slices.ContainsFunc(self, func(c ui.Choice) bool { return c.Value == x.Person }) {
			self = append(self, ui.Choice{Value: x.Person, Label: x.Name + " · " + bodyName(bodies, x.Post.Body)})
		}
	}
	return self, nil
}

func (s *Server) recuse(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	v := recusalView{
		Fields:   recusalFields{f.text("organisation"), f.text("person"), f.text("ground"), f.text("reason")},
		Problems: f.problems, Key: f.text("key"),
	}
	act := ledger.Recuse{
		Round: round.Number, Organisation: v.Fields.Organisation, Person: v.Fields.Person,
		Ground: ledger.Ground(v.Fields.Ground), Reason: v.Fields.Reason,
	}
	_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any, Key: v.Key})
	switch {
	case err == nil:
		return seeOther(w, r, roundPath(round.Number, "recusals"))
	case f.refusedAt(recusalField(err), err):
		return s.showRecusals(w, r, who, http.StatusUnprocessableEntity, v)
	}
	return err
}

// recusalField names the field a refused recusal is about.
func recusalField(err error) string {
	switch refusalCode(err) {
	case "recusal.ground_missing":
		return "ground"
	case "recusal.reason_missing":
		return "reason"
	case "register.not_in_round":
		return "organisation"
	}
	return "person"
}

func (s *Server) liftRecusal(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	act := ledger.LiftRecusal{Round: round.Number, Organisation: r.PathValue("organisation"), Person: r.PathValue("person"), Reason: f.text("reason")}
	_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any, Key: f.text("key")})
	switch {
	case err == nil:
		return seeOther(w, r, roundPath(round.Number, "recusals"))
	case f.refusedAt("lift", err):
		v := recusalView{Problems: f.problems, Lift: act.Target().ID}
		return s.showRecusals(w, r, who, http.StatusUnprocessableEntity, v)
	}
	return err
}

// onBehalf names who acted, and for whom: 李某（代王某）.
func onBehalf(ctx context.Context, name, principal string) string {
	if principal == "" {
		return name
	}
	return lang.T(ctx, "panel.on_behalf", name, principal)
}

// raised reports whether the person is named as the inspector who raised the finding.
func raised(c ledger.Class, name string) bool {
	names := strings.FieldsFunc(c.Inspector, func(r rune) bool { return strings.ContainsRune("、，,；; ", r) })
	return name != "" && slices.Contains(names, name)
}
