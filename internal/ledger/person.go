package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/workday"
)

// A Person signs in and acts for a body or an organisation, by a post.
type Person struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	Name     string `json:"name"`
	Posts    []Post `json:"posts,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
	Version  int64  `json:"version"`
}

// A Role is what a post entitles to; see policy for the table.
type Role string

// The roles.
const (
	Clerk    Role = "clerk"    // 巡察办: convenes, consolidates, keeps the ledger
	Reviewer Role = "reviewer" // speaks for a reviewing body
	Liaison  Role = "liaison"  // 联络员 of an inspected organisation
	Head     Role = "head"     // 主要负责人: checks and pledges
	Leader   Role = "leader"   // reads everything but verdicts not yet consolidated
	SysAdmin Role = "sysadmin" // 系统管理员: users and settings, no case text
	SecAdmin Role = "secadmin" // 安全管理员: grants
	Auditor  Role = "auditor"  // 审计员: the trail
)

// Roles lists them all.
func Roles() []Role {
	return []Role{Clerk, Reviewer, Liaison, Head, Leader, SysAdmin, SecAdmin, Auditor}
}

// A Post is the office a person holds: a role, for a body or for an
// organisation, during a time. A zero Until is open.
type Post struct {
	ID           string       `json:"id"`
	Role         Role         `json:"role"`
	Body         string       `json:"body,omitempty"`
	Organisation string       `json:"organisation,omitempty"`
	Title        string       `json:"title,omitempty"` // 督查科科长
	Since        workday.Date `json:"since"`
	Until        workday.Date `json:"until,omitzero"` // last day
	Deputises    Deputised    `json:"deputises,omitzero"`
}

// HeldOn reports whether the post is held on the day d.
func (p Post) HeldOn(d workday.Date) bool {
	return !p.Since.After(d) && (p.Until == workday.Date{} || !d.After(p.Until))
}

func (p Person) Ref() Ref         { return Ref{KindPerson, p.ID} }
func (p Person) Ver() int64       { return p.Version }
func (p Person) Subject() Subject { return Subject{Kind: KindPerson, Person: p.ID} }

// Acts on people. Passwords are not part of a state or of the trail: that one
// was set is, what it is is not.
type (
	AddPerson struct{ ID, Username, Name string }
	Appoint   struct {
		Person string
		Post   Post
	}
	// EndPost ends a post on a day. From names the principal, where it is they
	// who end a delegation.
	EndPost struct {
		Person, Post string
		Until        workday.Date
		From         string
	}
	SetPassword   struct{ Person string }
	DisablePerson struct{ Person string }
	EnablePerson  struct{ Person string }
)

func (a AddPerson) Target() Ref     { return Ref{KindPerson, a.ID} }
func (a AddPerson) Under() Ref      { return Ref{} }
func (a AddPerson) Blank(Env) State { return Person{ID: a.ID} }
func (a Appoint) Target() Ref       { return Ref{KindPerson, a.Person} }
func (a EndPost) Target() Ref       { return Ref{KindPerson, a.Person} }
func (a SetPassword) Target() Ref   { return Ref{KindPerson, a.Person} }
func (a DisablePerson) Target() Ref { return Ref{KindPerson, a.Person} }
func (a EnablePerson) Target() Ref  { return Ref{KindPerson, a.Person} }

// Events of people.
type (
	PersonAdded struct {
		Username string `json:"username"`
		Name     string `json:"name"`
	}
	Appointed struct {
		Post Post `json:"post"`
	}
	PostEnded struct {
		Post  string       `json:"post"`
		Until workday.Date `json:"until"`
	}
	PasswordSet    struct{}
	PersonDisabled struct{}
	PersonEnabled  struct{}
)

func (PersonAdded) event()    {}
func (Appointed) event()      {}
func (PostEnded) event()      {}
func (PasswordSet) event()    {}
func (PersonDisabled) event() {}
func (PersonEnabled) event()  {}

func (p Person) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case AddPerson:
		return p.add(act, env)
	case Appoint:
		act.Post.Deputises = Deputised{} // that is what Delegate is for
		if err := p.checkAppoint(act.Post); err != nil {
			return nil, err
		}
		return on(p, Appointed{act.Post}), nil
	case EndPost:
		return p.endPost(act, env)
	case Delegate:
		return p.delegate(act, env)
	case SetPassword:
		return on(p, PasswordSet{}), nil
	case DisablePerson:
		if act.Person == env.Person {
			return nil, refuse("person.disable_self")
		}
		return on(p, PersonDisabled{}), nil
	case EnablePerson:
		return on(p, PersonEnabled{}), nil
	default:
		return nil, unhandled(p, act)
	}
}

func (p Person) add(act AddPerson, env Env) ([]Fact, error) {
	name, username := strings.TrimSpace(act.Name), strings.ToLower(strings.TrimSpace(act.Username))
	switch {
	case p.Version > 0 || len(env.People) > 0:
		return nil, refuse("person.username_taken", username)
	case name == "" || !validUsername(username):
		return nil, refuse("person.name_invalid")
	}
	return on(p, PersonAdded{username, name}), nil
}

// validUsername: 2 to 40 small letters, digits, dots, hyphens, or Chinese.
func validUsername(s string) bool {
	n := 0
	for _, r := range s {
		n++
		ok := r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' || r >= 0x4e00 && r <= 0x9fff
		if !ok {
			return false
		}
	}
	return n >= 2 && n <= 40
}

func (p Person) checkAppoint(post Post) error {
	if err := checkPost(post); err != nil {
		return err
	}
	for _, held := range p.Posts {
		if held.ID == post.ID {
			return refuse("appoint.twice", post.Role)
		}
		if code := clash(held, post); code != "" {
			return refuse(code, held.Role, post.Role)
		}
	}
	return nil
}

// checkPost sees that a role acts for what it must act for.
func checkPost(post Post) error {
	switch {
	case !slices.Contains(Roles(), post.Role) || post.ID == "":
		return refuse("person.role_unknown", string(post.Role))
	case post.Since.IsZero() || !post.Until.IsZero() && post.Until.Before(post.Since):
		return refuse("person.post_dates")
	}
	switch post.Role {
	case Liaison, Head:
		if post.Organisation == "" || post.Body != "" {
			return refuse("person.post_organisation")
		}
	case Clerk, Reviewer:
		if post.Body == "" || post.Organisation != "" {
			return refuse("person.post_body")
		}
	case Leader, SysAdmin, SecAdmin, Auditor:
		if post.Body != "" || post.Organisation != "" {
			return refuse("person.post_alone")
		}
	}
	return nil
}

func (p Person) Apply(e Event) State {
	switch e := e.(type) {
	case PersonAdded:
		p.Username, p.Name = e.Username, e.Name
	case Appointed:
		p.Posts = append(slices.Clone(p.Posts), e.Post)
	case Delegated:
		p.Posts = append(slices.Clone(p.Posts), e.Post)
	case PostEnded:
		p.Posts = slices.Clone(p.Posts)
		for i := range p.Posts {
			if p.Posts[i].ID == e.Post {
				p.Posts[i].Until = e.Until
			}
		}
	case PersonDisabled:
		p.Disabled = true
	case PersonEnabled:
		p.Disabled = false
	}
	p.Version++
	return p
}
