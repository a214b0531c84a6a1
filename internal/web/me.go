package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"lianshen/internal/account"
	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

func (s *Server) meRoutes() []route {
	return []route{
		{"GET " + mePath, known, s.me},
		{"POST " + mePath + "/password", known, s.changePassword},
		{"POST " + mePath + "/deputies", signedIn, s.delegateMine},
		{"POST " + mePath + "/deputies/{person}/{post}/end", signedIn, s.endMine},
		{"POST " + mePath + "/keys", known, s.setKeys},
		{"POST " + mePath + "/tokens", signedIn, s.makeToken},
		{"POST " + mePath + "/tokens/{id}/revoke", signedIn, s.revokeToken},
	}
}

// A meView is what the own profile shows.
type meView struct {
	Name, Username string
	MustChange     bool // an initial password: nothing else is offered
	NoPost         bool // holds no post today
	Seats          []seatRow
	Problems       map[string]string
	Theme, Back    string
	Language       string
	KeysOff        bool
	Tokens         []tokenRow
	NewToken       string // secret of the token just made, said once
	Token          tokenFields
	Deputies       deputiesView
}

// A seatRow is one of the posts held today.
type seatRow struct{ Label, Title, Term string }

// A tokenRow is one token of the list. Dates are worded.
type tokenRow struct {
	ID, Name, Scope, Post, Created, Expires, Used string
	Good                                          bool
}

// tokenFields is what was typed into the form of a new token.
type tokenFields struct{ Name, Scope, Days string }

func (s *Server) me(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	flash := ui.Flash{}
	if r.URL.Query().Get("changed") != "" {
		flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "password.changed")}
	}
	return s.showMe(w, r, who, http.StatusOK, flash, meView{})
}

func (s *Server) showMe(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, flash ui.Flash, v meView) error {
	if err := s.fillMe(r, who, &v); err != nil {
		return err
	}
	return s.showAs(w, r, who, status, frame{Title: lang.T(r.Context(), "me.title"), Flash: flash}, mePage(v))
}

func (s *Server) fillMe(r *http.Request, who policy.Actor, v *meView) error {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	person, err := read.Person(ctx, who.Person)
	if err != nil {
		return err
	}
	c, err := read.Credential(ctx, who.Person)
	if err != nil && !isNotFound(err) {
		return err
	}
	seats, err := read.SeatsOf(ctx, who.Person)
	if err != nil {
		return err
	}
	v.Name, v.Username, v.MustChange = person.Name, person.Username, c.MustChange
	v.NoPost = len(person.PostsOn(s.today())) == 0
	for _, seat := range seats {
		if seat.Post.HeldOn(s.today()) {
			v.Seats = append(v.Seats, seatRow{seatLabel(ctx, seat), seat.Post.Title, s.term(r, seat)})
		}
	}
	v.Theme, v.Language, v.Back = theme(r), string(lang.From(ctx)), mePath
	if c, err := r.Cookie(keysCookie); err == nil {
		v.KeysOff = c.Value == "off"
	}
	if who.Role == "" {
		return nil
	}
	v.Deputies.Action = mePath + "/deputies"
	if v.Deputies, err = s.deputies(r, who, who.Person, v.Deputies); err != nil {
		return err
	}
	tokens, err := read.TokensOf(ctx, who.Person)
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, s.tokenRow(r, t, seats))
	}
	return err
}

// term words how long a post is held.
func (s *Server) term(r *http.Request, seat store.Seat) string {
	l := lang.From(r.Context())
	if seat.Post.Until.IsZero() {
		return lang.Say(l, "people.since", lang.LetterDate(l, seat.Post.Since.String()))
	}
	return lang.Say(l, "people.from_to", lang.LetterDate(l, seat.Post.Since.String()), lang.LetterDate(l, seat.Post.Until.String()))
}

func (s *Server) tokenRow(r *http.Request, t account.Token, seats []store.Seat) tokenRow {
	ctx := r.Context()
	row := tokenRow{
		ID: t.ID, Name: t.Name, Scope: lang.T(ctx, "token.scope."+string(t.Scope)), Good: t.Good(s.now()),
		Created: s.moment(t.Created), Expires: lang.T(ctx, "token.never"), Used: s.moment(t.Used),
	}
	if !t.Expires.IsZero() {
		row.Expires = s.moment(t.Expires)
	}
	if i := slices.IndexFunc(seats, func(x store.Seat) bool { return x.Post.ID == t.Post }); i >= 0 {
		row.Post = seatLabel(ctx, seats[i])
		row.Good = row.Good && seats[i].Post.HeldOn(s.today())
	}
	return row
}

// moment words an instant on the clock of the office; a dash for never.
func (s *Server) moment(t time.Time) string {
	if t.IsZero() {
		return lang.Moment(t)
	}
	return lang.Moment(t.In(s.Supervise.Zone))
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	password := f.r.PostForm.Get("new")
	if password != f.r.PostForm.Get("again") {
		f.wrong("again", "password.differ")
		return s.showMe(w, r, who, http.StatusUnprocessableEntity, ui.Flash{}, meView{Problems: f.problems})
	}
	session, err := s.Supervise.ChangePassword(r.Context(), who, f.r.PostForm.Get("old"), password)
	switch {
	case err == nil:
	case s.refuseAt(f, passwordField(err), err):
		return s.showMe(w, r, who, http.StatusUnprocessableEntity, ui.Flash{}, meView{Problems: f.problems})
	default:
		return err
	}
	s.setSession(w, session)
	return seeOther(w, r, mePath+"?changed=1")
}

// passwordField names the field a refused change of password is about.
func passwordField(err error) string {
	switch refusalCode(err) {
	case "password.old_wrong", "signin.locked":
		return "old"
	}
	return "new"
}

func (s *Server) setKeys(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	value := "on"
	if r.PostFormValue("keys") == "" {
		value = "off"
	}
	s.setCookie(w, keysCookie, value, year, false)
	return seeOther(w, r, mePath)
}

// makeToken shows the secret on the page that answers, and never again.
func (s *Server) makeToken(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	fields := tokenFields{f.text("name"), f.text("scope"), f.text("days")}
	days, err := strconv.Atoi(fields.Days)
	if err != nil || days < 0 || days > 3660 {
		return errBadRequest
	}
	secret, _, err := s.Supervise.MakeToken(r.Context(), who, supervise.NewToken{
		Person: who.Person, Post: who.Post, Name: fields.Name, Scope: account.Scope(fields.Scope), Days: days,
	})
	switch {
	case err == nil:
		return s.showMe(w, r, who, http.StatusOK, ui.Flash{}, meView{NewToken: secret})
	case s.refuseAt(f, "name", err):
		return s.showMe(w, r, who, http.StatusUnprocessableEntity, ui.Flash{}, meView{Problems: f.problems, Token: fields})
	}
	return err
}

func (s *Server) revokeToken(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	if err := s.Supervise.RevokeToken(r.Context(), who, r.PathValue("id")); err != nil {
		return err
	}
	return seeOther(w, r, mePath)
}

// languages lists the languages by their own names.
func languages() []ui.Choice {
	var list []ui.Choice
	for _, l := range lang.Tags {
		list = append(list, ui.Choice{Value: string(l), Label: lang.Say(l, "me.language.name")})
	}
	return list
}

// tick is the value of a ticked or empty ui.Check.
func tick(on bool) string {
	if on {
		return "on"
	}
	return ""
}
