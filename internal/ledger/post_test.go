package ledger

import (
	"errors"
	"testing"

	"lianshen/internal/workday"
)

func march(n int) workday.Date { return workday.Date{Year: 2026, Month: 3, Day: 1}.AddDays(n) }

func refusalOf(t *testing.T, err error) string {
	t.Helper()
	var r Refusal
	if err != nil && !errors.As(err, &r) {
		t.Fatalf("%v is not a refusal", err)
	}
	return r.Code
}

func TestPostNamesWhatItIsFor(t *testing.T) {
	since := march(0)
	for want, p := range map[string]Post{
		"":                         {ID: "p", Role: Clerk, Body: "office", Since: since},
		"person.role_unknown":      {ID: "p", Role: "king", Since: since},
		"person.post_body":         {ID: "p", Role: Reviewer, Since: since},
		"person.post_organisation": {ID: "p", Role: Liaison, Since: since},
		"person.post_alone":        {ID: "p", Role: Leader, Organisation: "JT", Since: since},
		"person.post_dates":        {ID: "p", Role: Auditor, Since: since, Until: march(-1)},
	} {
		if got := refusalOf(t, checkPost(p)); got != want {
			t.Errorf("%+v: %q, want %q", p, got, want)
		}
	}
}

func TestSomePostsExcludeEachOther(t *testing.T) {
	of := func(role Role, code string) Post {
		p := Post{ID: string(role) + code, Role: role, Since: march(0)}
		switch {
		case p.files():
			p.Organisation = code
		case role == Clerk || role == Reviewer:
			p.Body = code
		}
		return p
	}
	tests := []struct {
		name       string
		held, next Post
		want       string
	}{
		{"one who files and reviews", of(Liaison, "JT"), of(Reviewer, "personnel"), "appoint.files_and_reviews"},
		{"a clerk who files", of(Clerk, "office"), of(Head, "JT"), "appoint.files_and_reviews"},
		{"liaison of two organisations", of(Liaison, "JT"), of(Liaison, "WJ"), "appoint.second_organisation"},
		{"liaison and head of one", of(Liaison, "JT"), of(Head, "JT"), ""},
		{"reviewer for two bodies", of(Reviewer, "personnel"), of(Reviewer, "team-1"), ""},
		{"two administrators in one", of(SysAdmin, ""), of(SecAdmin, ""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := refusalOf(t, Person{Posts: []Post{tt.held}}.checkAppoint(tt.next)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if got := refusalOf(t, Person{Posts: []Post{tt.next}}.checkAppoint(tt.held)); got != tt.want {
				t.Errorf("the other way round: %q, want %q", got, tt.want)
			}
			past := tt.held
			past.Since, past.Until = march(-9), march(-1)
			if got := refusalOf(t, Person{Posts: []Post{past}}.checkAppoint(tt.next)); got != "" {
				t.Errorf("after the end of the first: %q, want none", got)
			}
		})
	}
	again := of(Clerk, "office")
	again.ID = "another"
	if got := refusalOf(t, Person{Posts: []Post{of(Clerk, "office")}}.checkAppoint(again)); got != "appoint.twice" {
		t.Errorf("the same post twice: %q", got)
	}
}

func TestDutiesOfSeveralHandsInOneArePointedOut(t *testing.T) {
	for _, tt := range []struct {
		roles []Role
		want  bool
	}{
		{[]Role{SysAdmin}, false},
		{[]Role{Clerk, Reviewer, Leader}, false},
		{[]Role{SysAdmin, SecAdmin}, true},
		{[]Role{Auditor, Clerk}, true},
	} {
		var posts []Post
		for _, r := range tt.roles {
			posts = append(posts, Post{Role: r})
		}
		if got := MixesDuties(posts); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.roles, got, tt.want)
		}
	}
}
