package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

func (s *Server) peopleRoutes() []route {
	enter := opens(policy.PagePeople)
	person := peoplePath + "/{id}"
	return []route{
		{"GET " + peoplePath, enter, s.people},
		{"POST " + peoplePath, enter, s.addPerson},
		{"GET " + person, enter, s.person},
		{"POST " + person + "/posts", enter, s.appoint},
		{"POST " + person + "/posts/{post}/end", enter, s.endPost},
		{"POST " + person + "/deputies", enter, s.delegateOf},
		{"POST " + person + "/deputies/{person}/{post}/end", enter, s.endOf},
		{"POST " + person + "/password", enter, s.resetPassword},
		{"POST " + person + "/disable", enter, s.disablePerson},
		{"POST " + person + "/enable", enter, s.enablePerson},
	}
}

// peoplePerPage is how many people a page lists.
const peoplePerPage = 100

// A peopleView is what the list of people shows.
type peopleView struct {
	Rows           []personRow
	Next           string // address of the next page; "" for the last
	CanAdd         bool
	Name, Username string // as typed
	Problems       map[string]string
	New            initialPassword
}

// A personRow is one person of the list.
type personRow struct {
	Href, Name, Username string
	Posts                []string
	Disabled, Mixed      bool
}

// An initialPassword is said once, on the page that answers the act.
type initialPassword struct{ Name, Username, Password string }

func (s *Server) people(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.showPeople(w, r, who, http.StatusOK, peopleView{})
}

func (s *Server) showPeople(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v peopleView) error {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	list, err := read.People(ctx, r.URL.Query().Get("after"), peoplePerPage+1)
	if err != nil {
		return err
	}
	if len(list) > peoplePerPage {
		list = list[:peoplePerPage]
		v.Next = peoplePath + "?after=" + url.QueryEscape(list[peoplePerPage-1].Username)
	}
	ids := make([]string, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	seats, err := read.SeatsOf(ctx, ids...)
	if err != nil {
		return err
	}
	for _, p := range list {
		v.Rows = append(v.Rows, s.personRow(ctx, p, seats))
	}
	v.CanAdd = policy.Can(who, ledger.AddPerson{}, ledger.Subject{Kind: ledger.KindPerson})
	return s.showAs(w, r, who, status, frame{Title: lang.T(ctx, "people.title"), At: "people"}, peoplePage(v))
}

func (s *Server) personRow(ctx context.Context, p ledger.Person, seats []store.Seat) personRow {
	row := personRow{Href: personPath(p.ID), Name: p.Name, Username: p.Username, Disabled: p.Disabled}
	var held []ledger.Post
	for _, seat := range seats {
		if seat.Person == p.ID && seat.Post.HeldOn(s.today()) {
			held = append(held, seat.Post)
			row.Posts = append(row.Posts, seatLabel(ctx, seat))
		}
	}
	row.Mixed = ledger.MixesDuties(held)
	return row
}

func personPath(id string) string { return peoplePath + "/" + url.PathEscape(id) }

func (s *Server) addPerson(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, password, err := s.Supervise.AddUser(r.Context(), who, supervise.NewUser{Username: f.text("username"), Name: f.text("name")})
	switch {
	case err == nil:
		return s.showPerson(w, r, who, http.StatusOK, p.ID, personView{New: initialPassword{p.Name, p.Username, password}})
	case s.refuseAt(f, "username", err):
		v := peopleView{Name: f.text("name"), Username: f.text("username"), Problems: f.problems}
		return s.showPeople(w, r, who, http.StatusUnprocessableEntity, v)
	}
	return err
}

// A personView is what the page of one person shows. The Can fields say which
// buttons are drawn.
type personView struct {
	ID, Name, Username                   string
	Disabled, Mixed, Self, NoPassword    bool
	CanAppoint, CanEnd, CanReset, CanBar bool
	Posts                                []postRow
	Roles, Bodies, Organisations         []ui.Choice
	Post                                 postFields
	Today                                string
	Problems                             map[string]string
	New                                  initialPassword
	Deputies                             deputiesView
}

// A postRow is one post of a person.
type postRow struct {
	Label, Title, Since, Until, End string // End is the address that ends it; "" if over
	Held                            bool
}

// postFields is what was typed into the form of an appointment.
type postFields struct{ Role, Body, Organisation, Title, Since, Until string }

func (s *Server) person(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.showPerson(w, r, who, http.StatusOK, r.PathValue("id"), personView{})
}

func (s *Server) showPerson(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, id string, v personView) error {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	p, err := read.Person(ctx, id)
	if err != nil {
		return err
	}
	seats, err := read.SeatsOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = read.Credential(ctx, id)
	if v.NoPassword = isNotFound(err); err != nil && !v.NoPassword {
		return err
	}
	v.ID, v.Name, v.Username, v.Disabled, v.Self = p.ID, p.Name, p.Username, p.Disabled, p.ID == who.Person
	v.Mixed, v.Today = ledger.MixesDuties(p.PostsOn(s.today())), s.today().String()
	can := func(act ledger.Act) bool { return policy.Can(who, act, p.Subject()) }
	v.CanAppoint, v.CanEnd = can(ledger.Appoint{}), can(ledger.EndPost{})
	v.CanReset, v.CanBar = can(ledger.SetPassword{}) && !v.Self, can(ledger.DisablePerson{}) && !v.Self
	for _, seat := range seats {
		v.Posts = append(v.Posts, s.postRow(ctx, id, seat, v.CanEnd))
	}
	if v.CanAppoint {
		if err := s.fillChoices(ctx, &v); err != nil {
			return err
		}
	}
	v.Deputies.Action = personPath(id) + "/deputies"
	if v.Deputies, err = s.deputies(r, who, id, v.Deputies); err != nil {
		return err
	}
	return s.showAs(w, r, who, status, frame{Title: p.Name, At: "people"}, personPage(v))
}

func (s *Server) postRow(ctx context.Context, person string, seat store.Seat, canEnd bool) postRow {
	x := seat.Post
	row := postRow{
		Label: seatLabel(ctx, seat), Title: x.Title, Since: x.Since.String(), Until: x.Until.String(),
		Held: x.HeldOn(s.today()),
	}
	if canEnd && (x.Until.IsZero() || x.Until.After(s.today())) {
		row.End = personPath(person) + "/posts/" + url.PathEscape(x.ID) + "/end"
	}
	return row
}

// mostChoices is how many organisations the form of an appointment lists;
// the code of any other can be typed.
const mostChoices = 500

func (s *Server) fillChoices(ctx context.Context, v *personView) error {
	bodies, err := s.Supervise.DB.Read().Bodies(ctx)
	if err != nil {
		return err
	}
	organisations, err := s.Supervise.DB.Read().Organisations(ctx, "", mostChoices)
	if err != nil {
		return err
	}
	none := ui.Choice{Label: lang.T(ctx, "word.none")}
	v.Roles, v.Bodies = []ui.Choice{{Label: lang.T(ctx, "action.choose")}}, []ui.Choice{none}
	for _, role := range ledger.Roles() {
		v.Roles = append(v.Roles, ui.Choice{Value: string(role), Label: lang.T(ctx, "role."+string(role))})
	}
	for _, b := range bodies {
		v.Bodies = append(v.Bodies, ui.Choice{Value: b.Code, Label: b.Name})
	}
	for _, o := range organisations {
		v.Organisations = append(v.Organisations, ui.Choice{Value: o.Code, Label: o.NameOn(s.today()).Short})
	}
	return nil
}

func (s *Server) appoint(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	v := personView{Problems: f.problems, Post: postFields{
		f.text("role"), f.text("body"), f.text("organisation"), f.text("title"), f.text("since"), f.text("until"),
	}}
	code, _, _ := strings.Cut(v.Post.Organisation, " ") // "JT 县教育体育局", as the list offers it
	post := ledger.Post{
		Role: ledger.Role(v.Post.Role), Body: v.Post.Body, Organisation: code, Title: v.Post.Title,
		Since: f.date("since"), Until: f.date("until"),
	}
	if len(f.problems) == 0 {
		_, err := s.Supervise.Appoint(r.Context(), who, id, post)
		switch {
		case err == nil:
			return seeOther(w, r, personPath(id))
		case s.refuseAt(f, appointField(err), err):
		case isNotFound(err) && code != "":
			f.wrong("organisation", "people.organisation_unknown", code)
		default:
			return err
		}
	}
	return s.showPerson(w, r, who, http.StatusUnprocessableEntity, id, v)
}

// appointField names the field a refused appointment is about.
func appointField(err error) string {
	switch refusalCode(err) {
	case "person.post_body":
		return "body"
	case "person.post_organisation", "appoint.second_organisation":
		return "organisation"
	case "person.post_dates":
		return "until"
	}
	return "role"
}

// refusalCode returns the message key of a refusal, "" for any other error.
func refusalCode(err error) string {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return ""
	}
	return refusal.Code
}

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

func (s *Server) endPost(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	until := f.date("until")
	if until.IsZero() && len(f.problems) == 0 {
		until = s.today()
	}
	if len(f.problems) == 0 {
		_, err := s.Supervise.Do(r.Context(), who, supervise.Order{
			Act: ledger.EndPost{Person: id, Post: r.PathValue("post"), Until: until}, Seen: supervise.Any,
		})
		switch {
		case err == nil:
			return seeOther(w, r, personPath(id))
		case !s.refuseAt(f, "posts", err):
			return err
		}
	}
	said := map[string]string{"posts": f.problems["posts"] + f.problems["until"]} // one of them is empty
	return s.showPerson(w, r, who, http.StatusUnprocessableEntity, id, personView{Problems: said})
}

func (s *Server) resetPassword(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	id := r.PathValue("id")
	password, err := s.Supervise.ResetPassword(r.Context(), who, id, "")
	if err != nil {
		return err
	}
	p, err := s.Supervise.DB.Read().Person(r.Context(), id)
	if err != nil {
		return err
	}
	return s.showPerson(w, r, who, http.StatusOK, id, personView{New: initialPassword{p.Name, p.Username, password}})
}

func (s *Server) disablePerson(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.doToPerson(w, r, who, ledger.DisablePerson{Person: r.PathValue("id")})
}

func (s *Server) enablePerson(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.doToPerson(w, r, who, ledger.EnablePerson{Person: r.PathValue("id")})
}

func (s *Server) doToPerson(w http.ResponseWriter, r *http.Request, who policy.Actor, act ledger.Act) error {
	if _, err := s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
		return err
	}
	return seeOther(w, r, personPath(r.PathValue("id")))
}
