package main

import (
	"time"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/supervise"
)

type userTokenCommand struct {
	place
	Username string `arg:"" name:"username"`
	Scope    string `enum:"read,act" default:"read"`
	Post     string `placeholder:"ROLE"`
	Days     int    `default:"365" placeholder:"N"`
	Label    string `default:"console" placeholder:"TEXT"`
	Format   format `enum:"text,json" default:"text"`
}

type tokenSaid struct {
	Username string     `json:"username"`
	Role     string     `json:"role"`
	For      string     `json:"for,omitempty"`
	Scope    string     `json:"scope"`
	Expires  *time.Time `json:"expires,omitempty"`
	Token    string     `json:"token"`
}

// Run makes a token of the API for a person and prints it, once.
func (c userTokenCommand) Run(a *app) error {
	in, err := c.open(a)
	if err != nil {
		return err
	}
	defer in.close()
	person, err := a.person(in, c.Username)
	if err != nil {
		return err
	}
	post, err := in.postFor(person, c.Post)
	if err != nil {
		return err
	}
	secret, made, err := in.MakeToken(a.ctx, supervise.Console, supervise.NewToken{
		Person: person.ID, Post: post.ID, Name: c.Label, Scope: account.Scope(c.Scope), Days: c.Days,
	})
	if err != nil {
		return err
	}
	if c, err := in.DB.Read().Credential(a.ctx, person.ID); err == nil && c.MustChange {
		a.note("cli.user.token.asleep", person.Username)
	}
	said := tokenSaid{person.Username, string(post.Role), post.Body + post.Organisation, c.Scope, nil, secret}
	if !made.Expires.IsZero() {
		said.Expires = &made.Expires
	}
	if c.Format.json() {
		return a.json(said)
	}
	a.note("cli.user.token.made", person.Username, a.say("role."+said.Role), said.For, a.say("cli.user.scope."+c.Scope))
	_, err = a.out.Write([]byte(secret + "\n")) // alone on standard output, to be put into a variable
	return err
}

// postFor returns the post held today with the role, body, organisation or
// identity; the only one if none is named.
func (i *installation) postFor(p ledger.Person, named string) (ledger.Post, error) {
	held := p.PostsOn(i.Today())
	if named == "" && len(held) == 1 {
		return held[0], nil
	}
	for _, x := range held {
		if named != "" && (named == string(x.Role) || named == x.Body || named == x.Organisation || named == x.ID) {
			return x, nil
		}
	}
	if named == "" && len(held) > 1 {
		return ledger.Post{}, misused("cli.user.which_post", p.Username)
	}
	return ledger.Post{}, refused("cli.user.no_post", p.Username)
}
