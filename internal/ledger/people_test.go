package ledger

import (
	"testing"
	"time"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

func TestWhoMayDeputise(t *testing.T) {
	own := Post{ID: "w1", Role: Reviewer, Body: "personnel", Since: march(-30), Until: march(60)}
	wang := Person{ID: "wang", Name: "王某", Posts: []Post{
		own,
		{ID: "w2", Role: Leader, Since: march(-30)},
		{ID: "w3", Role: Reviewer, Body: "personnel", Since: march(-30), Deputises: Deputised{Person: "old"}},
	}}
	good := Delegate{Person: "li", From: "wang", Post: "w1", Since: march(0), Until: march(9), Reason: "出差"}
	change := func(f func(*Delegate)) Delegate { d := good; f(&d); return d }
	colleague := Person{ID: "li", Name: "李某", Posts: []Post{{ID: "l1", Role: Reviewer, Body: "personnel", Since: march(-9)}}}
	for _, tt := range []struct {
		name string
		to   Person
		act  Delegate
		want string
	}{
		{"a colleague of the same body", colleague, good, ""},
		{"somebody without a post", Person{ID: "li"}, good, ""},
		{"oneself", wang, change(func(d *Delegate) { d.Person = "wang" }), "delegate.self"},
		{"a disabled person", Person{ID: "li", Disabled: true}, good, "delegate.disabled"},
		{"who files for an organisation", Person{ID: "li", Posts: []Post{{ID: "l1", Role: Liaison, Organisation: "JT", Since: march(-9)}}}, good, "appoint.files_and_reviews"},
		{"a leader's post", colleague, change(func(d *Delegate) { d.Post = "w2" }), "delegate.post"},
		{"a post that is a deputy's", colleague, change(func(d *Delegate) { d.Post = "w3" }), "delegate.post"},
		{"a post of nobody", colleague, change(func(d *Delegate) { d.Post = "w9" }), "delegate.post"},
		{"no reason", colleague, change(func(d *Delegate) { d.Reason = " " }), "delegate.reason_missing"},
		{"ends before it begins", colleague, change(func(d *Delegate) { d.Until = march(-1) }), "delegate.dates"},
		{"is over already", colleague, change(func(d *Delegate) { d.Since, d.Until = march(-9), march(-2) }), "delegate.dates"},
		{"before the principal's post", colleague, change(func(d *Delegate) { d.Since = march(-31) }), "delegate.before_post"},
		{"after the principal's post", colleague, change(func(d *Delegate) { d.Until = march(61) }), "delegate.after_post"},
		{"standing, of a post that ends", colleague, change(func(d *Delegate) { d.Until = workday.Date{} }), "delegate.after_post"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			facts, err := Decide(tt.to, tt.act, Env{Principal: wang, Today: march(0)})
			if got := refusalOf(t, err); got != tt.want {
				t.Fatalf("%q, want %q", got, tt.want)
			}
			if tt.want != "" {
				return
			}
			posts := tt.to.Apply(facts[0].Event).(Person).PostsOn(march(5))
			deputy := posts[len(posts)-1]
			if deputy.Body != "personnel" || deputy.Deputises.Name != "王某" || deputy.Deputises.Post != "w1" {
				t.Errorf("post %+v; want one of personnel in the name of 王某", deputy)
			}
		})
	}
}

func TestStandingDeputyOfAnOpenPost(t *testing.T) {
	wang := Person{ID: "wang", Name: "王某", Posts: []Post{{ID: "w1", Role: Clerk, Body: "office", Since: march(-30)}}}
	facts, err := Decide(Person{ID: "li"}, Delegate{Person: "li", From: "wang", Post: "w1", Since: march(0), Reason: "常设"}, Env{Principal: wang, Today: march(0)})
	if err != nil {
		t.Fatal(err)
	}
	li := Person{ID: "li"}.Apply(facts[0].Event).(Person)
	if len(li.PostsOn(march(999))) != 1 {
		t.Fatal("a standing deputy has no last day")
	}
	// The end of the principal's post is the end of what was delegated of it.
	facts, err = Decide(wang, EndPost{Person: "wang", Post: "w1", Until: march(3)}, Env{Deputies: []Person{li}})
	if err != nil || len(facts) != 2 {
		t.Fatalf("facts %v, %v; want the end of both posts", facts, err)
	}
	if held := li.Apply(facts[1].Event).(Person).PostsOn(march(4)); len(held) != 0 {
		t.Errorf("the deputy still holds %v", held)
	}
}

func TestOnlyOnesOwnDelegationIsEnded(t *testing.T) {
	li := Person{ID: "li", Posts: []Post{
		{ID: "l1", Role: Reviewer, Body: "personnel", Since: march(0)},
		{ID: "w1.2", Role: Reviewer, Body: "personnel", Since: march(0), Deputises: Deputised{Person: "wang", Name: "王某", Post: "w1"}},
	}}
	for post, want := range map[string]string{"l1": "delegate.not_yours", "w1.2": ""} {
		_, err := Decide(li, EndPost{Person: "li", Post: post, Until: march(1), From: "wang"}, Env{})
		if got := refusalOf(t, err); got != want {
			t.Errorf("%s: %q, want %q", post, got, want)
		}
	}
}

func TestRecusal(t *testing.T) {
	env := Env{
		Now: time.Unix(1, 0), Today: march(0), Person: "ge", Body: "discipline", Mechanism: mechanism.Presets()["weixi"],
		Round:     Round{Number: 8, Organisations: []Inspected{{Organisation: "JT", Team: "team-1"}}},
		Principal: Person{ID: "ge", Name: "葛强", Posts: []Post{{ID: "g1", Role: Reviewer, Body: "discipline", Since: march(-9)}}},
	}
	good := Recuse{Round: 8, Organisation: "JT", Person: "ge", Ground: Relative, Reason: "配偶任该局副局长"}
	change := func(f func(*Recuse)) Recuse { a := good; f(&a); return a }
	for name, tt := range map[string]struct {
		act  Recuse
		want string
	}{
		"declared":             {good, ""},
		"another round's unit": {change(func(a *Recuse) { a.Organisation = "XX" }), "register.not_in_round"},
		"no ground":            {change(func(a *Recuse) { a.Ground = "" }), "recusal.ground_missing"},
		"no reason":            {change(func(a *Recuse) { a.Reason = "" }), "recusal.reason_missing"},
	} {
		_, err := Decide(tt.act.Blank(env), tt.act, env)
		if got := refusalOf(t, err); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	outsider := env
	outsider.Principal.Posts = []Post{{ID: "g1", Role: Reviewer, Body: "team-2", Since: march(-9)}}
	if _, err := Decide(good.Blank(outsider), good, outsider); refusalOf(t, err) != "recusal.not_on_panel" {
		t.Errorf("another team's member: %v", err)
	}
	facts, _ := Decide(good.Blank(env), good, env)
	applies := good.Blank(env).Apply(facts[0].Event).(Recusal)
	if !applies.Applies() || applies.Ordered() || applies.Party != "discipline" || applies.Team != "team-1" {
		t.Fatalf("recusal %+v", applies)
	}
	if _, err := Decide(applies, good, env); refusalOf(t, err) != "recusal.twice" {
		t.Errorf("twice: %v", err)
	}
	lift := LiftRecusal{Round: 8, Organisation: "JT", Person: "ge", Reason: "亲属已调离"}
	if _, err := Decide(applies, lift, env); refusalOf(t, err) != "recusal.lift_own" {
		t.Errorf("lifting one's own: %v", err)
	}
	env.Person = "zhou"
	facts, err := Decide(applies, lift, env)
	if err != nil {
		t.Fatal(err)
	}
	lifted := applies.Apply(facts[0].Event).(Recusal)
	if lifted.Applies() {
		t.Error("a lifted recusal applies")
	}
	if _, err := Decide(lifted, lift, env); refusalOf(t, err) != "recusal.lifted" {
		t.Errorf("lifting twice: %v", err)
	}
	if _, err := Decide(lifted, good, env); err != nil {
		t.Errorf("recused again after lifting: %v", err)
	}
}

func TestWhoIsRecusedJudgesNothing(t *testing.T) {
	env := Env{Recused: Recusal{Name: "葛强", Version: 1}}
	for _, tt := range []struct {
		on  State
		act Act
	}{{Verdict{}, GiveVerdict{}}, {Opinion{}, Recheck{}}, {Consolidation{}, Consolidate{}}, {Meeting{}, Resolve{}}} {
		if _, err := Decide(tt.on, tt.act, env); refusalOf(t, err) != "recusal.applies" {
			t.Errorf("%T: %v; want recusal.applies", tt.act, err)
		}
	}
}

// features.md, traps: a panel that can never be complete, and an empty one that
// would approve everything.
func TestPanelThatCanNeverAnswerIsNotSentTo(t *testing.T) {
	m := mechanism.Presets()["weixi"]
	everyone := func() Seats {
		return Seats{"office": {"a"}, "discipline": {"b"}, "personnel": {"c"}, "team": {"d"}}
	}
	f := Finding{Number: "08-JT-001", Editors: []string{"d"}}
	for name, tt := range map[string]struct {
		seats  Seats
		m      mechanism.Mechanism
		others []string // beside d for the team
		want   string
	}{
		"all seats taken":           {everyone(), m, []string{"e"}, ""},
		"nobody at all":             {Seats{}, m, nil, "panel.seat_empty"},
		"only who wrote the text":   {everyone(), m, nil, "panel.seat_empty"},
		"a panel without any party": {everyone(), mechanism.Mechanism{}, []string{"e"}, "panel.empty"},
	} {
		if len(tt.seats) > 0 {
			tt.seats["team"] = append([]string{"d"}, tt.others...)
		}
		err := Env{Mechanism: tt.m, Seats: tt.seats, Findings: []Finding{f}}.seated(mechanism.Report)
		if got := refusalOf(t, err); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

func TestSeatsLeaveOutWhoKeepsAway(t *testing.T) {
	of := func(person, body, principal string) Speaker {
		return Speaker{Person: person, Post: Post{Role: Reviewer, Body: body, Deputises: Deputised{Person: principal}}}
	}
	speakers := []Speaker{of("ge", "discipline", ""), of("zhu", "discipline", "ge"), of("you", "team-1", ""), of("shi", "team-2", "")}
	away := []Absence{{Organisation: "JT", Person: "ge"}}
	panel := []joint.Party{"discipline", "team"}
	if got := SeatsOn(speakers, away, "JT", "team-1").Vacant(panel, nil); len(got) != 1 || got[0] != "discipline" {
		t.Errorf("vacant on JT: %v; want discipline: a deputy keeps away with the principal", got)
	}
	if got := SeatsOn(speakers, away, "WJ", "team-2").Vacant(panel, nil); got != nil {
		t.Errorf("vacant on WJ: %v; want none", got)
	}
}
