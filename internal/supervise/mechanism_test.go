package supervise_test

import (
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// withDays is the usual mechanism with another time to review reports.
func withDays(t *testing.T, days int) mechanism.Mechanism {
	t.Helper()
	m, err := mechanism.Parse(mechanism.Marshal(mechanism.Presets()["weixi"])) // a copy
	if err != nil {
		t.Fatal(err)
	}
	m.Documents[1].Days = days
	return m
}

func (s site) openRound(number int) ledger.Round {
	return s.do(clerk, ledger.OpenRound{
		Number: number, Mechanism: "weixi", Terms: ledger.RoundTerms{Name: "轮次", FeedbackOn: date("2025-11-20")},
		Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
	}).(ledger.Round)
}

func TestARunningRoundKeepsItsVersion(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		s := opened(t, db) // round 8
		today := s.Today()
		next := today.AddDays(10)
		s.do(clerk, ledger.PublishMechanism{Code: "weixi", Mechanism: withDays(t, 5), Note: "规定时限"})
		s.do(clerk, ledger.PublishMechanism{Code: "weixi", Mechanism: withDays(t, 7), From: next, Note: "放宽"})
		if r := s.openRound(9); r.Mechanism.Version != 2 || r.Mechanism.Documents[1].Days != 5 {
			t.Errorf("round 9 opens with version %d, want 2: version 3 is not in force yet", r.Mechanism.Version)
		}
		w.Pass(11 * 24 * time.Hour)
		if r := s.openRound(10); r.Mechanism.Version != 3 {
			t.Errorf("round 10 opens with version %d, want 3", r.Mechanism.Version)
		}
		for number, version := range map[int]int{8: 1, 9: 2} {
			if r, err := db.Read().Round(t.Context(), number); err != nil || r.Mechanism.Version != version {
				t.Errorf("round %d has version %d, %v; want %d", number, r.Mechanism.Version, err, version)
			}
		}
		if v, err := s.Verify(t.Context()); err != nil || v.Fault != nil {
			t.Errorf("verify: %+v, %v", v.Fault, err)
		}
	})
}

func TestPublishingIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		unsound, other := withDays(t, 5), withDays(t, 5)
		unsound.Documents[1].Rule.Quorum = 9
		other.Code = "other"
		for code, act := range map[string]ledger.PublishMechanism{
			"mechanism.unsound":         {Code: "weixi", Mechanism: unsound, Note: "x"},
			"mechanism.code_differs":    {Code: "weixi", Mechanism: other, Note: "x"},
			"mechanism.nothing_changed": {Code: "weixi", Mechanism: withDays(t, 0), Note: "x"},
			"mechanism.note_missing":    {Code: "weixi", Mechanism: withDays(t, 5)},
			"mechanism.from_past":       {Code: "weixi", Mechanism: withDays(t, 5), Note: "x", From: date("2001-01-01")},
		} {
			s.refused(code, clerk, act)
		}
		reviewer := policy.Actor{Person: "ge", Role: ledger.Reviewer, Body: "discipline"}
		_, err := s.try(reviewer, ledger.PublishMechanism{Code: "weixi", Mechanism: withDays(t, 5), Note: "x"})
		isErr(t, err, supervise.ErrForbidden)
		if list, err := db.Read().Mechanisms(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("%d mechanisms published, %v; want none", len(list), err)
		}
	})
}

func TestARoundDoesNotOpenWithAnEmptySeat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		open := ledger.OpenRound{
			Number: 9, Mechanism: "dali", Terms: ledger.RoundTerms{Name: "第九轮", FeedbackOn: date("2025-11-20")},
			Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
		}
		s.refused("round.seat_without_body", clerk, open) // the propaganda department
		s.do(clerk, ledger.AddBody{Code: "propaganda", Name: "县委宣传部"})
		open.Organisations[0].Team = "team-7"
		s.refused("round.team_unknown", clerk, open)
		open.Organisations[0].Team = "team-1"
		s.do(clerk, open)
		s.refused("round.team_unknown", clerk, ledger.Inspect{Number: 9, Inspected: ledger.Inspected{Organisation: "WJ", Team: "team-7"}})
	})
}
