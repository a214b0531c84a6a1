package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

type userAddCommand struct {
	place
	Username      string `arg:"" name:"username"`
	Name          string `required:"" placeholder:"NAME"`
	Role          string `placeholder:"ROLE"`
	Body          string `placeholder:"CODE"`
	Organisation  string `aliases:"organization" placeholder:"CODE"`
	Title         string `placeholder:"TEXT"`
	PasswordStdin bool
	Format        format `enum:"text,json" default:"text"`
}

// account is a person as printed.
type accountSaid struct {
	Username string     `json:"username"`
	Name     string     `json:"name"`
	ID       string     `json:"id"`
	Disabled bool       `json:"disabled"`
	Posts    []postSaid `json:"posts"`
	Password string     `json:"password,omitempty"`
}

type postSaid struct {
	ID    string `json:"id"`
	Role  string `json:"role"`
	For   string `json:"for,omitempty"` // body or organisation
	Title string `json:"title,omitempty"`
	Since string `json:"since"`
	Until string `json:"until,omitempty"`
}

// Run enters a person, who has to change the password at the first sign-in.
func (c userAddCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	u := supervise.NewUser{Username: c.Username, Name: c.Name}
	if c.Role != "" {
		post := ledger.Post{Role: ledger.Role(c.Role), Body: c.Body, Organisation: c.Organisation, Title: c.Title}
		if err := a.checkPost(in, post); err != nil {
			return err
		}
		u.Posts = []ledger.Post{post}
	}
	if u.Password, err = a.password(c.PasswordStdin); err != nil {
		return err
	}
	person, password, err := in.AddUser(a.ctx, supervise.Console, u)
	if err != nil {
		return err
	}
	said := sayPerson(person)
	if u.Password == "" {
		said.Password = password
	}
	if c.Format.json() {
		return a.json(said)
	}
	a.print("cli.user.added", said.Username, said.Name)
	a.sayPassword(said.Password)
	return nil
}

// checkPost sees that a post is for a body or an organisation that exists.
func (a *app) checkPost(in *installation, post ledger.Post) error {
	if post.Body != "" {
		if _, err := in.DB.Read().Body(a.ctx, post.Body); err != nil {
			return refused("cli.user.body_unknown", post.Body).because(err)
		}
	}
	if post.Organisation != "" {
		if _, err := in.DB.Read().Organisation(a.ctx, post.Organisation); err != nil {
			return refused("cli.user.organisation_unknown", post.Organisation).because(err)
		}
	}
	return nil
}

// password reads one line of standard input, if it is to come from there: an
// argument would stand in the list of processes.
func (a *app) password(fromInput bool) (string, error) {
	if !fromInput {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(a.in, 4096)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", misused("cli.user.no_password").because(err)
	}
	return line, nil
}

func (a *app) sayPassword(password string) {
	if password != "" {
		a.print("cli.user.password", password)
	}
}

type userPasswdCommand struct {
	place
	Username      string `arg:"" name:"username"`
	PasswordStdin bool
	Format        format `enum:"text,json" default:"text"`
}

// Run gives a person an initial password, which also opens a locked account.
func (c userPasswdCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	person, err := a.person(in, c.Username)
	if err != nil {
		return err
	}
	given, err := a.password(c.PasswordStdin)
	if err != nil {
		return err
	}
	password, err := in.ResetPassword(a.ctx, supervise.Console, person.ID, given)
	if err != nil {
		return err
	}
	if given != "" {
		password = ""
	}
	if c.Format.json() {
		said := sayPerson(person)
		said.Password = password
		return a.json(said)
	}
	a.print("cli.user.reset", person.Username)
	a.sayPassword(password)
	return nil
}

func (a *app) person(in *installation, username string) (ledger.Person, error) {
	p, err := in.DB.Read().PersonNamed(a.ctx, account.FoldUsername(username))
	if errors.Is(err, store.ErrNotFound) {
		return p, refused("cli.user.unknown", username)
	}
	return p, err
}

type userListCommand struct {
	place
	Format format `enum:"text,json" default:"text"`
}

// Run lists who can sign in, and as what.
func (c userListCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	list := []accountSaid{}
	for p, err := range in.people(a.ctx) {
		if err != nil {
			return err
		}
		list = append(list, sayPerson(p))
	}
	if c.Format.json() {
		return a.json(list)
	}
	rows := [][]string{{a.say("cli.user.username"), a.say("cli.user.name"), a.say("cli.user.posts")}}
	for _, p := range list {
		rows = append(rows, []string{p.Username, p.Name, a.postsOf(p)})
	}
	a.table(rows)
	return nil
}

func (a *app) postsOf(p accountSaid) string {
	var posts []string
	for _, x := range p.Posts {
		posts = append(posts, strings.TrimSpace(fmt.Sprintf("%s %s %s", a.say("role."+x.Role), x.For, x.Title)))
	}
	if p.Disabled {
		posts = append(posts, a.say("cli.user.disabled"))
	}
	return strings.Join(posts, " · ")
}

func sayPerson(p ledger.Person) accountSaid {
	said := accountSaid{Username: p.Username, Name: p.Name, ID: p.ID, Disabled: p.Disabled, Posts: []postSaid{}}
	for _, x := range p.Posts {
		said.Posts = append(said.Posts, postSaid{x.ID, string(x.Role), x.Body + x.Organisation, x.Title, x.Since.String(), x.Until.String()})
	}
	return said
}

// people walks everybody by username.
func (i *installation) people(ctx context.Context) iter.Seq2[ledger.Person, error] {
	return func(yield func(ledger.Person, error) bool) {
		for after := ""; ; {
			list, err := i.DB.Read().People(ctx, after, 500)
			if err != nil {
				yield(ledger.Person{}, err)
				return
			}
			for _, p := range list {
				if !yield(p, nil) {
					return
				}
				after = p.Username
			}
			if len(list) == 0 {
				return
			}
		}
	}
}
