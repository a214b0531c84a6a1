package supervise_test

import (
	"errors"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

var secadmin = policy.Actor{Person: "sec", Role: ledger.SecAdmin}

// deputise lets somebody new act by a post, and returns them acting by it.
func (s site) deputise(principal policy.Actor) policy.Actor {
	s.t.Helper()
	s.do(supervise.Console, ledger.AddPerson{ID: "liu", Username: "liu", Name: "刘某"})
	p := s.do(principal, ledger.Delegate{
		Person: "liu", From: principal.Person, Post: principal.Person + "-1", Since: date("2026-03-24"), Until: date("2026-03-31"), Reason: "出差",
	}).(ledger.Person)
	post := p.Posts[0]
	return policy.Actor{
		Person: "liu", Name: "刘某", Post: post.ID, Role: post.Role, Body: post.Body,
		Principal: post.Deputises.Person, OnBehalf: post.Deputises.Name,
	}
}

func TestDeputySpeaksInBothNames(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		liu := s.deputise(panel["discipline"])
		v := s.do(liu, verdict(report, "08-JT-001", "discipline", joint.Return)).(ledger.Verdict)
		if v.Person != "liu" || v.OnBehalf != "审核ge" {
			t.Errorf("verdict by %q on behalf of %q; want both names", v.Person, v.OnBehalf)
		}
		o, err := db.Read().Opinions(t.Context(), policy.ScopeOf(liu), store.VoiceFilter{Finding: "08-JT-001"})
		if err != nil || len(o) != 1 || o[0].OnBehalf != "审核ge" {
			t.Errorf("opinions %+v, %v", o, err)
		}
		end := ledger.EndPost{Person: "liu", Post: liu.Post, Until: date("2026-03-24"), From: "ge"}
		if _, err := s.try(panel["personnel"], end); !errors.Is(err, supervise.ErrForbidden) {
			t.Errorf("a stranger ends the delegation: %v", err)
		}
		s.do(panel["discipline"], end)
		if fault, err := s.Verify(t.Context()); err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v", fault, err)
		}
	})
}

func TestRecusedPersonJudgesNothingNorDoesTheirDeputy(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		ge := panel["discipline"]
		liu := s.deputise(ge)
		s.do(ge, verdict(report, "08-JT-001", "discipline", joint.Agree))
		recuse := ledger.Recuse{Round: 8, Organisation: "JT", Person: "ge", Ground: ledger.FormerMember, Reason: "曾任该局副局长"}
		if _, err := s.try(panel["personnel"], recuse); err == nil {
			t.Error("one body sends a person of another away")
		}
		s.do(ge, recuse)
		s.refused("recusal.applies", ge, verdict(report, "08-JT-002", "discipline", joint.Agree))
		s.refused("recusal.applies", liu, verdict(report, "08-JT-002", "discipline", joint.Agree))
		if v, err := db.Read().Verdicts(t.Context(), policy.ScopeOf(ge), store.VoiceFilter{Finding: "08-JT-001"}); err != nil || len(v) != 1 {
			t.Errorf("verdicts given before: %v, %v; want the one kept", v, err)
		}
		for who, want := range map[*policy.Actor]int{&clerk: 1, &ge: 1, &liaison: 0, &head: 0} {
			list, err := db.Read().Recusals(t.Context(), policy.ScopeOf(*who), 8)
			if err != nil || len(list) != want {
				t.Errorf("%s sees %d recusals, %v; want %d", who.Person, len(list), err, want)
			}
		}
		if list, _ := db.Read().Recusals(t.Context(), policy.ScopeOf(panel["personnel"]), 8); len(list) != 0 {
			t.Error("another body is told of the recusal")
		}
		s.do(clerk, ledger.LiftRecusal{Round: 8, Organisation: "JT", Person: "ge", Reason: "查明不属实"})
		s.do(ge, verdict(report, "08-JT-002", "discipline", joint.Agree))
		if fault, err := s.Verify(t.Context()); err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v", fault, err)
		}
	})
}

func TestEmptySeatIsNamedWhenSending(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		for n := 1; n <= 3; n++ {
			number := ledger.FindingNumber(8, "JT", n)
			s.do(liaison, ledger.WritePlan{Number: number, Plan: ledger.Plan{Leader: "陈国平", Section: "基础教育股", Measures: []ledger.Measure{{Text: "逐家检查", Deadline: date("2026-01-15")}}}})
			s.do(liaison, ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: "检查31家。", Claim: ledger.Done}})
		}
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
		s.pledge(report)
		send := ledger.Send{Submission: report}
		s.do(panel["personnel"], ledger.Recuse{Round: 8, Organisation: "JT", Person: "yin", Ground: ledger.Interest, Reason: "本人参与过该项目"})
		var r ledger.Refusal
		if _, err := s.try(liaison, send); !errors.As(err, &r) || r.Code != "panel.seat_empty" || r.Args[0] != "组织部" {
			t.Errorf("err = %v; want the seat of the organisation department named", err)
		}
		s.do(clerk, ledger.LiftRecusal{Round: 8, Organisation: "JT", Person: "yin", Reason: "查明无关"})
		s.do(secadmin, ledger.EndPost{Person: "you", Post: "you-1", Until: date("2026-03-23")})
		s.refused("panel.seat_empty", liaison, send)
		s.do(supervise.Console, ledger.Appoint{Person: "you", Post: ledger.Post{ID: "you-2", Role: ledger.Reviewer, Body: "team-1", Since: date("2026-03-24")}})
		s.do(liaison, send)
	})
}

// The verdict of somebody who has left still names them, and their post of then.
func TestVerdictKeepsWhoGaveItAfterTheirPostEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		s.do(panel["personnel"], verdict(report, "08-JT-001", "personnel", joint.Agree))
		s.do(secadmin, ledger.EndPost{Person: "yin", Post: "yin-1", Until: date("2026-03-23")})
		v, err := db.Read().Verdicts(t.Context(), policy.ScopeOf(panel["personnel"]), store.VoiceFilter{Finding: "08-JT-001"})
		if err != nil || len(v) != 1 || v[0].Person != "yin" || v[0].Party != "personnel" {
			t.Fatalf("verdicts %+v, %v", v, err)
		}
		seats, err := db.Read().SeatsOf(t.Context(), "yin")
		if err != nil || len(seats) != 1 || seats[0].Post.Body != "personnel" || seats[0].Post.HeldOn(date("2026-03-24")) {
			t.Errorf("posts %+v, %v; want the ended one kept", seats, err)
		}
	})
}

// The team that reviews is the one that inspected that organisation.
func TestAnotherTeamDoesNotSpeakForTheParty(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		stranger := policy.Actor{Person: "shi", Role: ledger.Reviewer, Body: "team-2"}
		if _, err := s.try(stranger, verdict(report, "08-JT-001", "team", joint.Agree)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("err = %v; want not found: another team's case", err)
		}
		s.do(panel["team"], verdict(report, "08-JT-001", "team", joint.Agree))
	})
}
