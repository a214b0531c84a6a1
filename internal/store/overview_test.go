package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

var (
	office    = policy.ScopeOf(policy.Actor{Role: ledger.Clerk, Body: "office"})
	personnel = policy.ScopeOf(policy.Actor{Role: ledger.Reviewer, Body: "personnel"})
	teamOne   = policy.ScopeOf(policy.Actor{Role: ledger.Reviewer, Body: "team-1"})
	ofJT      = policy.ScopeOf(policy.Actor{Role: ledger.Liaison, Organisation: "JT"})
	leader    = policy.ScopeOf(policy.Actor{Role: ledger.Leader})
	nobody    = policy.Scope{}
)

// What the counts of opinions add up to is what the lists show, for everyone; and
// of what is sealed only the number is told, of findings on which all have spoken.
func TestOpinionsAreCountedAsTheyAreListed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(rand.New(rand.NewPCG(7, 7)))
		record(t, db, c.facts...)
		for name, scope := range map[string]policy.Scope{"personnel": personnel, "team": teamOne, "leader": leader, "JT": ofJT, "nobody": nobody} {
			list, err := db.Read().Opinions(t.Context(), scope, store.VoiceFilter{Round: 8})
			if err != nil {
				t.Fatal(err)
			}
			want := map[joint.Party]int{}
			for _, o := range list {
				want[o.Party]++
			}
			known, sealed, err := db.Read().Voiced(t.Context(), scope, 8, mechanism.Presets()["weixi"])
			if err != nil {
				t.Fatal(err)
			}
			got := map[joint.Party]int{}
			for _, v := range known {
				got[v.Party] += v.Count
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-listed +counted)\n%s", name, diff)
			}
			hidden, spoken := 0, map[string]int{}
			for _, v := range c.verdicts {
				spoken[v.Submission+v.Finding]++
			}
			for _, o := range c.opinions {
				if scope.Verdicts != policy.NoVerdicts && scope.Sees(o.Subject()) && spoken[o.Submission+o.Finding] == 4 && !c.knows(scope, o.Subject(), o.Submission, o.Finding) {
					hidden++
				}
			}
			if sealed != hidden {
				t.Errorf("%s is told of %d sealed opinions, want %d", name, sealed, hidden)
			}
		}
	})
}

func TestPaperRowsAreThePapersWithoutText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db, newCrowd(rand.New(rand.NewPCG(1, 1))).facts...)
		record(t, db, ledger.Fact{On: ledger.Submission{ID: "8-JT-report-2"}, Event: ledger.SubmissionPrepared{Round: 8, Organisation: "JT", Team: "team-1", Doc: "report", Number: 2}})
		for name, want := range map[string]struct {
			scope policy.Scope
			ids   []string
		}{
			"office": {office, []string{"8-JT-report-1", "8-NY-report-1", "8-WJ-report-1"}}, // not what is unsent
			"team":   {teamOne, []string{"8-JT-report-1", "8-NY-report-1"}},
			"JT":     {ofJT, []string{"8-JT-report-1", "8-JT-report-2"}},
			"nobody": {nobody, nil},
		} {
			rows, err := db.Read().PaperRows(t.Context(), want.scope, 8)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, x := range rows {
				ids = append(ids, x.ID)
				if s, err := db.Read().Submission(t.Context(), x.ID); err != nil || s.Stage != x.Stage || len(s.Sent.Findings) != x.Findings || !s.Letter.At.Equal(x.Delivered) {
					t.Errorf("%s: row %+v of %+v, %v", name, x, s, err)
				}
			}
			if diff := cmp.Diff(want.ids, ids); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
	})
}

// told is a history: what happened to one record.
func told(on ledger.State, events ...ledger.Event) (facts []ledger.Fact) {
	for _, e := range events {
		facts = append(facts, ledger.Fact{On: on, Event: e})
		on = on.Apply(e)
	}
	return facts
}

// finding is the history of a finding in round 8.
func finding(organisation string, n int, watch ledger.Watch, after ...ledger.Event) []ledger.Fact {
	registered := ledger.FindingRegistered{
		Round: 8, Organisation: organisation, Team: "team-1", Feedback: ledger.Feedback{Text: "问题"},
		Class: ledger.Class{Category: "党的建设"}, Progress: ledger.Progress{Claim: ledger.Done}, Watch: watch,
	}
	on := ledger.Finding{Number: fmt.Sprintf("08-%s-%03d", organisation, n)}
	return told(on, append([]ledger.Event{registered}, after...)...)
}

func TestCountsOfWhatTheOfficeHasToSeeTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		watch := ledger.Watch{Body: "discipline", Person: "葛强"}
		recognised := ledger.ReportReviewed{Submission: "8-JT-report-1", Recognised: true}
		raise := func(n int, after ...ledger.Event) []ledger.Fact {
			number := fmt.Sprintf("08-JT-%03d", n)
			raised := ledger.OpinionRaised{Submission: "8-JT-report-1", Finding: number, Round: 8, Organisation: "JT", Team: "team-1", Party: "personnel"}
			on := ledger.Opinion{ID: "8-JT-report-1:" + number + ":personnel:1"}
			return told(on, append([]ledger.Event{raised}, after...)...)
		}
		record(t, db, slices.Concat(
			finding("JT", 1, watch, recognised), finding("JT", 2, watch, recognised), finding("JT", 3, watch, recognised),
			finding("JT", 4, ledger.Watch{Body: "office"}), finding("WJ", 1, ledger.Watch{}),
			raise(2, ledger.OpinionDelivered{}, ledger.OpinionAnswered{}),
			raise(3, ledger.OpinionDelivered{}, ledger.OpinionAnswered{}, ledger.OpinionRechecked{Content: true}),
		)...)

		check := func(what string, want map[string]int, got map[string]int, err error) {
			t.Helper()
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s: %v (-want +got)\n%s", what, err, diff)
			}
		}
		ctx, r := t.Context(), db.Read()
		n, err := r.Closable(ctx, office, 8, true, false)
		check("closable by the strict rule", map[string]int{"JT": 2}, n, err) // 1 has no opinion, 3 a settled one
		n, err = r.Closable(ctx, office, 8, false, false)
		check("closable by the lax rule", map[string]int{"JT": 3}, n, err)
		n, err = r.Unwatched(ctx, office, 8)
		check("unwatched", map[string]int{"JT": 1, "WJ": 1}, n, err)
		own, err := r.Answered(ctx, personnel, 8, "personnel")
		if diff := cmp.Diff(map[string]store.Answered{"8-JT-report-1": {Count: 1, Finding: "08-JT-002"}}, own); err != nil || diff != "" {
			t.Errorf("answered, own: %v\n%s", err, diff)
		}
		if others, err := r.Answered(ctx, teamOne, 8, "personnel"); err != nil || len(others) != 0 {
			t.Errorf("answered, of another party while blind: %v, %v", others, err)
		}
	})
}

// mechanismOf has five parties, of which the first n review the report.
func mechanismOf(n int) mechanism.Mechanism {
	m := mechanism.Mechanism{Documents: []mechanism.Document{{Code: mechanism.Report}}}
	for _, code := range []joint.Party{"office", "discipline", "personnel", "propaganda", "team"} {
		m.Parties = append(m.Parties, mechanism.Party{Code: code})
	}
	for _, p := range m.Parties[:n] {
		m.Documents[0].Parties = append(m.Documents[0].Parties, p.Code)
	}
	return m
}

// Before the whole panel has spoken a finding does not count, and parties that are
// not on it are not waited for; who reads letters only is told nothing.
func TestJudgedByAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for n := 1; n <= 3; n++ {
			number := fmt.Sprintf("08-JT-%03d", n)
			record(t, db, finding("JT", n, ledger.Watch{}, ledger.ItemSent{Submission: "8-JT-report-1", Item: ledger.Item{Finding: number, Doc: "report"}})...)
			for _, p := range []joint.Party{"office", "discipline"}[:min(n, 2)] {
				record(t, db, ledger.Fact{On: ledger.Verdict{ID: ledger.VerdictID("8-JT-report-1", number, p)}, Event: ledger.VerdictGiven{
					Submission: "8-JT-report-1", Finding: number, Round: 8, Organisation: "JT", Team: "team-1", Party: p, Judged: ledger.Judged{Conclusion: joint.Agree},
				}})
			}
		}
		for name, want := range map[string]struct {
			scope policy.Scope
			n     int
		}{"personnel": {personnel, 2}, "leader": {leader, 2}, "JT": {ofJT, 0}, "nobody": {nobody, 0}} {
			if n, err := db.Read().Judged(t.Context(), want.scope, 8, mechanismOf(2)); err != nil || n != want.n {
				t.Errorf("%s: %d findings judged by all, want %d; %v", name, n, want.n, err)
			}
		}
	})
}

// The feed tells who did what, not what it said, and an organisation nothing of others.
func TestDeedsStayWithinTheScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(rand.New(rand.NewPCG(5, 5)))
		record(t, db, c.facts...)
		record(t, db, slices.Concat(finding("JT", 91, ledger.Watch{}), finding("WJ", 90, ledger.Watch{}),
			finding("JT", 90, ledger.Watch{}, ledger.ProgressWritten{Progress: ledger.Progress{Claim: ledger.Done}}))...)
		given := map[string]int{}
		for _, v := range c.verdicts {
			given[v.Submission]++
		}
		for name, scope := range map[string]policy.Scope{"office": office, "personnel": personnel, "team": teamOne, "leader": leader, "JT": ofJT, "nobody": nobody} {
			deeds, err := db.Read().Deeds(t.Context(), scope, 8, 100)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]int{}
			for _, d := range deeds {
				seen[d.Event+" "+d.Organisation] += max(d.Count, 1)
				if d.Event == "VerdictGiven" && d.Count != given[d.Submission] {
					t.Errorf("%s: %d verdicts on %s, want %d", name, d.Count, d.Submission, given[d.Submission])
				}
			}
			organisation := scope.Organisation != ""
			for what, want := range map[string]bool{
				"VerdictGiven JT":      !organisation && scope != nobody,
				"LetterDelivered JT":   scope != nobody,
				"FindingRegistered JT": scope != nobody,
				"FindingRegistered WJ": scope.All || scope.Team != "",
				"ProgressWritten JT":   scope.Drafts,
			} {
				if got := seen[what] > 0; got != want {
					t.Errorf("%s is told of %s: %v, want %v", name, what, got, want)
				}
			}
			if scope != nobody && seen["FindingRegistered JT"] != 2 {
				t.Errorf("%s: two findings registered in one act count as %d", name, seen["FindingRegistered JT"])
			}
		}
		if deeds, _ := db.Read().Deeds(t.Context(), office, 8, 2); len(deeds) != 2 || deeds[0].Event != "ProgressWritten" || deeds[0].Finding != "08-JT-090" {
			t.Errorf("the last two acts are %+v", deeds)
		}
	})
}
