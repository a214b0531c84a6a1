package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/workday"
)

// Deputised names whose post a deputy's post stands for. Both names are kept with
// whatever is done by it; the zero value is a post held in one's own right.
type Deputised struct {
	Person string `json:"person"`
	Name   string `json:"name"`
	Post   string `json:"post"` // of the principal
	Reason string `json:"reason,omitempty"`
}

// Delegate (代理) lets a deputy act by a post of somebody else. A zero Until makes
// a standing deputy (常设代理人), for as long as the principal holds the post.
type Delegate struct {
	Person       string // the deputy
	From, Post   string // the principal and which of their posts
	Since, Until workday.Date
	Reason       string
}

// Target is the deputy: a delegation is a post they hold for a time.
func (a Delegate) Target() Ref { return Ref{KindPerson, a.Person} }

// Delegated says that the person may act by a post of another.
type Delegated struct {
	Post Post `json:"post"`
}

func (Delegated) event() {}

// Delegable reports whether the post may be acted by through a deputy: one that
// speaks for a body, held in one's own right. A pledge is nobody else's to give,
// and who administers people or the record does so in person.
func (p Post) Delegable() bool {
	return (p.Role == Reviewer || p.Role == Clerk) && p.Deputises == Deputised{}
}

// delegate expects the principal in env.Principal.
func (p Person) delegate(act Delegate, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	i := slices.IndexFunc(env.Principal.Posts, func(x Post) bool { return x.ID == act.Post })
	switch {
	case act.Person == act.From:
		return nil, refuse("delegate.self")
	case p.Disabled:
		return nil, refuse("delegate.disabled", p.Name)
	case i < 0 || !env.Principal.Posts[i].Delegable():
		return nil, refuse("delegate.post")
	case reason == "" || tooLong(MaxShort, reason):
		return nil, refuse("delegate.reason_missing", MaxShort)
	}
	own := env.Principal.Posts[i]
	if err := within(own, act, env.Today); err != nil {
		return nil, err
	}
	post := Post{
		ID: own.ID + "." + itoa(len(p.Posts)+1), Role: own.Role, Body: own.Body, Title: own.Title,
		Since: act.Since, Until: act.Until,
		Deputises: Deputised{env.Principal.ID, env.Principal.Name, own.ID, reason},
	}
	if err := p.checkAppoint(post); err != nil {
		return nil, err
	}
	return on(p, Delegated{post}), nil
}

// within sees that the time of a delegation is not over and lies in that of the
// principal's own post.
func within(own Post, act Delegate, today workday.Date) error {
	switch {
	case act.Since.IsZero() || !act.Until.IsZero() && (act.Until.Before(act.Since) || act.Until.Before(today)):
		return refuse("delegate.dates")
	case act.Since.Before(own.Since):
		return refuse("delegate.before_post", own.Since.String())
	case !own.Until.IsZero() && (act.Until.IsZero() || act.Until.After(own.Until)):
		return refuse("delegate.after_post", own.Until.String())
	}
	return nil
}

// endPost ends a post, and with it what deputies hold of it. From, where it is
// given, is the principal who ends a delegation; env.Deputies are their deputies.
func (p Person) endPost(act EndPost, env Env) ([]Fact, error) {
	i := slices.IndexFunc(p.Posts, func(x Post) bool { return x.ID == act.Post })
	if i < 0 || act.Until.Before(p.Posts[i].Since) {
		return nil, refuse("person.post_end")
	}
	if act.From != "" && p.Posts[i].Deputises.Person != act.From {
		return nil, refuse("delegate.not_yours")
	}
	facts := on(p, PostEnded{act.Post, act.Until})
	for _, deputy := range env.Deputies {
		for _, x := range deputy.Posts {
			outlives := x.Until.IsZero() || x.Until.After(act.Until)
			if x.Deputises.Person == p.ID && x.Deputises.Post == act.Post && outlives {
				facts = append(facts, Fact{deputy, PostEnded{x.ID, act.Until}})
			}
		}
	}
	return facts, nil
}
