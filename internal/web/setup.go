package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

func (s *Server) setUpRoutes() []route {
	return []route{
		{"GET " + setUpPath, public, s.setUpPage},
		{"POST " + setUpPath, public, s.setUp},
	}
}

// founders is how many people a set-up can enter.
const founders = 3

// A setUpView is what the set-up page shows: what was typed, but no password.
type setUpView struct {
	Token      string
	Mechanisms []ui.Choice
	Mechanism  string
	Bodies     []ui.Field
	Teams      ui.Field
	People     []founderView
	Problems   []ui.FieldProblem
}

// A founderView is the form of one of the first people.
type founderView struct {
	Name, Username, Password, Again ui.Field
	Duties                          []ui.Field
	First                           bool
}

// duties are the roles that the first people share among them.
var duties = []ledger.Role{ledger.SysAdmin, ledger.SecAdmin, ledger.Clerk, ledger.Auditor}

// SetUpURL is the one-time link of an empty installation at the address of the site.
func SetUpURL(site, token string) string {
	return strings.TrimSuffix(site, "/") + setUpPath + "?token=" + url.QueryEscape(token)
}

func (s *Server) setUpPage(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	token := r.URL.Query().Get("token")
	if err := s.Supervise.CheckSetUp(r.Context(), token); err != nil {
		return err
	}
	blank := &form{r: r, problems: map[string]string{}}
	return s.showSetUp(w, r, http.StatusOK, s.setUpView(blank, token))
}

func (s *Server) showSetUp(w http.ResponseWriter, r *http.Request, status int, v setUpView) error {
	// The address holds the secret: no request may carry more than its origin.
	// "no-referrer" would also make browsers hide the origin of the form, which
	// the cross-origin check of a site without TLS goes by.
	w.Header().Set("Referrer-Policy", "origin")
	return s.showPlain(w, r, status, lang.T(r.Context(), "setup.title"), SetUpURL("", v.Token), ui.Flash{}, setUpForm(v))
}

func (s *Server) setUp(w http.ResponseWriter, r *http.Request, _ policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	token := f.text("token")
	if err := s.Supervise.CheckSetUp(r.Context(), token); err != nil {
		return err
	}
	begin, rows := s.readSetUp(f)
	if len(f.problems) == 0 {
		err := s.Supervise.SetUp(r.Context(), token, begin)
		if err == nil {
			return seeOther(w, r, signInPath+"?ready=1")
		}
		if !s.refuseAt(f, setUpField(err, rows), err) {
			return err
		}
	}
	return s.showSetUp(w, r, http.StatusUnprocessableEntity, s.setUpView(f, token))
}

// setUpField names the field a refusal of the set-up is about.
func setUpField(err error, rows []int) string {
	var at supervise.OrderError
	var refusal ledger.Refusal
	if !errors.As(err, &at) || !errors.As(err, &refusal) || at.Index >= len(rows) {
		return personField(0, string(ledger.SysAdmin))
	}
	if strings.HasPrefix(refusal.Code, "password.") {
		return personField(rows[at.Index], "password")
	}
	return personField(rows[at.Index], "username")
}

func bodyField(code string) string { return "body_" + code }

func personField(row int, field string) string { return "person" + strconv.Itoa(row+1) + "_" + field }

// mechanism returns the preset chosen on the page, or the usual one.
func (s *Server) mechanism(f *form) mechanism.Mechanism {
	if m, known := s.Supervise.Mechanisms[f.r.FormValue("mechanism")]; known {
		return m
	}
	return s.Supervise.Mechanisms[mechanism.Usual]
}

// readSetUp returns what the form asks for, and which of its rows each person is.
func (s *Server) readSetUp(f *form) (supervise.SetUp, []int) {
	var begin supervise.SetUp
	for _, p := range s.mechanism(f).Parties {
		if p.PerOrganisation {
			continue
		}
		field := bodyField(string(p.Code))
		if f.text(field) == "" {
			f.wrong(field, "setup.body_missing", p.Name)
		}
		begin.Bodies = append(begin.Bodies, ledger.AddBody{Code: string(p.Code), Name: f.text(field)})
	}
	for name := range strings.Lines(f.text("teams")) {
		if name = strings.TrimSpace(name); name != "" {
			code := fmt.Sprintf("team-%d", len(begin.Bodies)-len(s.permanent(f))+1)
			begin.Bodies = append(begin.Bodies, ledger.AddBody{Code: code, Name: name, Team: true})
		}
	}
	var rows []int
	for i := range founders {
		if u, filled := readFounder(f, i, s.mechanism(f).Bench().Convenes); filled || i == 0 {
			begin.People, rows = append(begin.People, u), append(rows, i)
		}
	}
	return begin, rows
}

// permanent returns the parties that are bodies of their own.
func (s *Server) permanent(f *form) []mechanism.Party {
	return slices.DeleteFunc(slices.Clone(s.mechanism(f).Parties), func(p mechanism.Party) bool { return p.PerOrganisation })
}

func readFounder(f *form, row int, convener joint.Party) (u supervise.NewUser, filled bool) {
	at := func(field string) string { return personField(row, field) }
	u = supervise.NewUser{Username: f.text(at("username")), Name: f.text(at("name")), Password: f.r.PostForm.Get(at("password"))}
	for _, role := range duties {
		if f.checked(at(string(role))) {
			post := ledger.Post{Role: role}
			if role == ledger.Clerk {
				post.Body = string(convener)
			}
			u.Posts = append(u.Posts, post)
		}
	}
	filled = u.Username != "" || u.Name != "" || u.Password != "" || len(u.Posts) > 0
	if (filled || row == 0) && u.Password != f.r.PostForm.Get(at("again")) {
		f.wrong(at("again"), "password.differ")
	}
	return u, filled
}

// setUpView draws the form with what was typed, or with what is usual.
func (s *Server) setUpView(f *form, token string) setUpView {
	ctx := f.r.Context()
	m := s.mechanism(f)
	blank := f.r.Method == http.MethodGet
	v := setUpView{Token: token, Mechanism: m.Code}
	for _, code := range mechanism.Order(s.Supervise.Mechanisms) {
		v.Mechanisms = append(v.Mechanisms, ui.Choice{Value: code, Label: named(ctx, s.Supervise.Mechanisms[code].Name, s.Supervise.Mechanisms[code].NameEn)})
	}
	for _, p := range s.permanent(f) {
		name := bodyField(string(p.Code))
		field := ui.Field{Name: name, Label: p.Name, Value: f.text(name), Problem: f.problems[name], Required: true, More: templ.Attributes{"maxlength": "60"}}
		if _, asked := f.r.PostForm[name]; blank || !asked { // also after another mechanism was chosen
			field.Value = p.Name
		}
		v.Bodies = append(v.Bodies, field)
	}
	v.Teams = ui.Field{
		Name: "teams", Label: lang.T(ctx, "setup.teams"), Value: f.text("teams"), Hint: lang.T(ctx, "setup.teams.hint"),
		Problem: f.problems["teams"], Rows: 4,
	}
	for i := range founders {
		v.People = append(v.People, founder(f, i, blank))
	}
	for name, text := range f.problems {
		v.Problems = append(v.Problems, ui.FieldProblem{ID: name, Text: text})
	}
	slices.SortFunc(v.Problems, func(a, b ui.FieldProblem) int { return cmp.Compare(a.ID, b.ID) })
	return v
}

func founder(f *form, row int, blank bool) founderView {
	ctx := f.r.Context()
	field := func(name, key, kind, complete string) ui.Field {
		name = personField(row, name)
		x := ui.Field{
			Name: name, Label: lang.T(ctx, key), Kind: kind, Complete: complete,
			Problem: f.problems[name], Required: row == 0,
		}
		if kind != "password" {
			x.Value = f.text(name)
		}
		return x
	}
	v := founderView{
		First:    row == 0,
		Name:     field("name", "people.name", "", "off"),
		Username: field("username", "signin.username", "", "off"),
		Password: field("password", "signin.password", "password", "new-password"),
		Again:    field("again", "password.again", "password", "new-password"),
	}
	v.Password.Hint = lang.T(ctx, "password.hint")
	for _, role := range duties {
		name := personField(row, string(role))
		tick := ui.Field{Name: name, Label: lang.T(ctx, "role."+string(role)), Problem: f.problems[name]}
		if f.checked(name) || blank && row == 0 && role != ledger.Auditor {
			tick.Value = "on"
		}
		v.Duties = append(v.Duties, tick)
	}
	return v
}
