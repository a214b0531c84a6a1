package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// crowd is a random review: who said what on which finding, what is
// consolidated, what is delivered.
type crowd struct {
	verdicts  []ledger.Verdict
	opinions  []ledger.Opinion
	merged    map[string]bool // submission:finding
	delivered map[string]bool // submission
	where     map[string]ledger.Subject
	facts     []ledger.Fact
}

func newCrowd(rng *rand.Rand) *crowd {
	c := &crowd{merged: map[string]bool{}, delivered: map[string]bool{}, where: map[string]ledger.Subject{}}
	parties := []joint.Party{"office", "discipline", "personnel", mechanism.TeamParty}
	for i, at := range []struct{ organisation, team string }{{"JT", "team-1"}, {"WJ", "team-2"}, {"NY", "team-1"}} {
		s := ledger.Submission{
			ID: ledger.SubmissionID(8, at.organisation, mechanism.Report, 1), Round: 8, Organisation: at.organisation,
			Team: at.team, Doc: mechanism.Report, Number: 1,
		}
		var numbers []string
		for n := range 12 {
			number := fmt.Sprintf("08-%s-%03d", at.organisation, n+1)
			numbers = append(numbers, number)
			for _, p := range parties {
				if rng.IntN(2) == 0 {
					c.speak(rng, s, number, p)
				}
			}
			if rng.IntN(4) == 0 {
				c.consolidate(s, number)
			}
		}
		c.send(s, numbers, i == 0)
	}
	return c
}

func (c *crowd) speak(rng *rand.Rand, s ledger.Submission, number string, p joint.Party) {
	v := ledger.Verdict{
		ID: ledger.VerdictID(s.ID, number, p), Submission: s.ID, Finding: number,
		Round: 8, Organisation: s.Organisation, Team: s.Team, Party: p,
	}
	c.verdicts = append(c.verdicts, v)
	c.facts = append(c.facts, ledger.Fact{On: ledger.Verdict{ID: v.ID}, Event: ledger.VerdictGiven{
		Submission: s.ID, Finding: number, Round: 8, Organisation: s.Organisation, Team: s.Team, Party: p,
		Judged: ledger.Judged{Conclusion: joint.Conclusions()[rng.IntN(3)]},
	}})
	for n := range rng.IntN(3) {
		id := fmt.Sprintf("%s:%d", v.ID, n+1)
		c.opinions = append(c.opinions, ledger.Opinion{
			ID: id, Submission: s.ID, Finding: number, Round: 8, Organisation: s.Organisation, Team: s.Team, Party: p,
		})
		c.facts = append(c.facts, ledger.Fact{On: ledger.Opinion{ID: id}, Event: ledger.OpinionRaised{
			Submission: s.ID, Finding: number, Round: 8, Organisation: s.Organisation, Team: s.Team, Party: p,
			Said: ledger.Said{Kind: ledger.Must, Text: "缺少数据。"},
		}})
	}
}

func (c *crowd) consolidate(s ledger.Submission, number string) {
	id := ledger.ConsolidationRef(s.ID, number).ID
	c.merged[id] = true
	c.where[id] = ledger.Subject{Kind: ledger.KindConsolidation, Round: 8, Organisation: s.Organisation, Team: s.Team}
	c.facts = append(c.facts, ledger.Fact{On: ledger.Consolidation{ID: id}, Event: ledger.Consolidated{
		Submission: s.ID, Finding: number, Round: 8, Organisation: s.Organisation, Team: s.Team, Conclusion: joint.Agree,
	}})
}

func (c *crowd) send(s ledger.Submission, numbers []string, delivered bool) {
	on := func(v int64, e ledger.Event) { s.Version = v; c.facts = append(c.facts, ledger.Fact{On: s, Event: e}) }
	on(0, ledger.SubmissionPrepared{Round: 8, Organisation: s.Organisation, Team: s.Team, Doc: s.Doc, Number: 1})
	on(1, ledger.SubmissionSent{Sent: ledger.Sending{At: time.Unix(1, 0), Findings: numbers}})
	if delivered {
		c.delivered[s.ID] = true
		on(2, ledger.LetterDelivered{Letter: ledger.Letter{At: time.Unix(2, 0)}})
	}
}

// knows says in Go what where.voices says in SQL.
func (c *crowd) knows(s policy.Scope, x ledger.Subject, submission, finding string) bool {
	if !s.Sees(x) {
		return false
	}
	merged := c.merged[ledger.ConsolidationRef(submission, finding).ID]
	own := func(p joint.Party, team string) bool {
		return s.Party != "" && (string(p) == s.Party || p == mechanism.TeamParty && team == s.Party)
	}
	switch s.Verdicts {
	case policy.OwnThenAll:
		return merged || own(x.Party, x.Team) || slices.ContainsFunc(c.verdicts, func(v ledger.Verdict) bool {
			return v.Submission == submission && v.Finding == finding && own(v.Party, v.Team)
		})
	case policy.Consolidated:
		return merged
	case policy.NoVerdicts:
	}
	return false
}

func (c *crowd) wantVerdicts(s policy.Scope) (ids []string) {
	for _, v := range c.verdicts {
		if c.knows(s, v.Subject(), v.Submission, v.Finding) {
			ids = append(ids, v.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (c *crowd) wantOpinions(s policy.Scope) (ids []string) {
	for _, o := range c.opinions {
		if c.knows(s, o.Subject(), o.Submission, o.Finding) {
			ids = append(ids, o.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func (c *crowd) wantLetters(s policy.Scope) (ids []string) {
	for id, x := range c.where {
		submission := ledger.SubmissionID(8, x.Organisation, mechanism.Report, 1)
		if s.Sees(x) && (s.Verdicts != policy.NoVerdicts || c.delivered[submission]) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// everyone is one actor of each role, and two of those that differ by body.
var everyone = map[string]policy.Actor{
	"clerk":      {Role: ledger.Clerk, Body: "office"},
	"discipline": {Role: ledger.Reviewer, Body: "discipline"},
	"audit":      {Role: ledger.Reviewer, Body: "audit"}, // on no panel
	"team-1":     {Role: ledger.Reviewer, Body: "team-1"},
	"team-2":     {Role: ledger.Reviewer, Body: "team-2"},
	"nobody":     {Role: ledger.Reviewer},
	"liaison":    {Role: ledger.Liaison, Organisation: "JT"},
	"head":       {Role: ledger.Head, Organisation: "WJ"},
	"leader":     {Role: ledger.Leader},
	"sysadmin":   {Role: ledger.SysAdmin},
	"auditor":    {Role: ledger.Auditor},
}

func TestBlindness(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		rng := rand.New(rand.NewPCG(8, 20))
		c := newCrowd(rng)
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			for _, fact := range c.facts { // one by one: a fact builds on the record that the one before left
				if _, err := tx.Record(t.Context(), store.Who{Person: "test"}, []ledger.Fact{fact}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for name, who := range everyone {
			t.Run(name, func(t *testing.T) { c.holds(t, db.Read(), policy.ScopeOf(who)) })
		}
	})
}

func (c *crowd) holds(t *testing.T, r store.Reader, s policy.Scope) {
	verdicts, err := r.Verdicts(t.Context(), s, store.VoiceFilter{})
	same(t, "verdicts", c.wantVerdicts(s), identities(verdicts), err)
	opinions, err := r.Opinions(t.Context(), s, store.VoiceFilter{})
	same(t, "opinions", c.wantOpinions(s), identities(opinions), err)
	letters, err := r.Consolidations(t.Context(), s, store.VoiceFilter{})
	same(t, "consolidations", c.wantLetters(s), identities(letters), err)

	submissions := []string{"8-JT-report-1", "8-NY-report-1", "8-WJ-report-1"}
	stands, err := r.Stands(t.Context(), s, submissions)
	var seen []string
	for _, x := range stands {
		seen = append(seen, ledger.VerdictID(x.Submission, x.Finding, x.Party))
		asked := 0
		for _, o := range c.opinions {
			if o.Submission == x.Submission && o.Finding == x.Finding && o.Party == x.Party {
				asked++
			}
		}
		if x.Demands != asked {
			t.Errorf("%s asks for %d things; want %d", seen[len(seen)-1], x.Demands, asked)
		}
	}
	slices.Sort(seen)
	same(t, "stands", c.wantVerdicts(s), seen, err)

	given, err := r.Given(t.Context(), s, submissions)
	total, want := 0, 0
	for _, x := range given {
		total += x.N
	}
	for _, v := range c.verdicts {
		if s.Verdicts != policy.NoVerdicts && s.Sees(v.Subject()) {
			want++
		}
	}
	if err != nil || total != want {
		t.Errorf("counts add up to %d, %v; want %d", total, err, want)
	}
}

func same(t *testing.T, what string, want, got []string, err error) {
	t.Helper()
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%s: err %v (-want +got):\n%s", what, err, diff)
	}
}

func identities[S ledger.State](list []S) (ids []string) {
	for _, s := range list {
		ids = append(ids, s.Ref().ID)
	}
	slices.Sort(ids)
	return ids
}

func TestVoicesComeInPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(rand.New(rand.NewPCG(1, 1)))
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			for _, fact := range c.facts {
				if _, err := tx.Record(t.Context(), store.Who{Person: "test"}, []ledger.Fact{fact}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		leader := policy.Scope{All: true, Party: "office", Verdicts: policy.OwnThenAll}
		want := c.wantVerdicts(leader)
		var got []string
		for f := (store.VoiceFilter{Round: 8, Limit: 7}); ; {
			page, err := db.Read().Verdicts(t.Context(), leader, f)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got = append(got, identities(page)...)
			f.After = got[len(got)-1]
		}
		same(t, "all pages together", want, got, nil)
	})
}

func TestUnsentPaperIsItsOrganisationsOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := ledger.Submission{ID: "8-JT-report-1"}
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Record(t.Context(), store.Who{Person: "test"}, []ledger.Fact{{On: s, Event: ledger.SubmissionPrepared{
				Round: 8, Organisation: "JT", Team: "team-1", Doc: mechanism.Report, Number: 1,
			}}})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int{"clerk": 0, "discipline": 0, "team-1": 0, "liaison": 1, "head": 0, "leader": 0} {
			scope := policy.ScopeOf(everyone[name])
			list, err := db.Read().Papers(t.Context(), scope, store.PaperFilter{Round: 8})
			if err != nil || len(list) != want {
				t.Errorf("%s sees %d submissions, %v; want %d", name, len(list), err, want)
			}
			if _, err := db.Read().Paper(t.Context(), scope, s.ID); (err == nil) != (want == 1) {
				t.Errorf("%s asks for it: %v", name, err)
			}
		}
	})
}

func TestFormsUnderAPrefixAreTheWritersOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		enter(t, db, "ge", "yin")
		for _, d := range []struct{ person, form string }{
			{"ge", "review:8-JT-report-1:08-JT-001"},
			{"ge", "review:8-JT-report-1:08-JT-002"},
			{"ge", "review:8-JT-report-10:08-JT-001"},
			{"ge", "consolidate:8-JT-report-1:08-JT-001"},
			{"yin", "review:8-JT-report-1:08-JT-003"},
		} {
			if err := db.PutDraft(t.Context(), d.person, store.Draft{Form: d.form, Fields: "a=" + d.form}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := db.Read().FormsUnder(t.Context(), "ge", "review:8-JT-report-1:")
		want := map[string]string{
			"08-JT-001": "a=review:8-JT-report-1:08-JT-001", "08-JT-002": "a=review:8-JT-report-1:08-JT-002",
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("err %v (-want +got):\n%s", err, diff)
		}
	})
}

func TestMadeNamesTheConsolidatedFindings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		c := newCrowd(rand.New(rand.NewPCG(3, 9)))
		if err := db.Write(t.Context(), func(tx *store.Tx) error {
			for _, fact := range c.facts {
				if _, err := tx.Record(t.Context(), store.Who{Person: "test"}, []ledger.Fact{fact}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for name, who := range everyone {
			scope := policy.ScopeOf(who)
			made, err := db.Read().Made(t.Context(), scope, []string{"8-JT-report-1", "8-WJ-report-1", "8-NY-report-1"})
			got, want := 0, 0
			for submission, findings := range made {
				for _, f := range findings {
					got++
					if !c.merged[ledger.ConsolidationRef(submission, f).ID] {
						t.Errorf("%s: %s in %s is not consolidated", name, f, submission)
					}
				}
			}
			for _, x := range c.where {
				if scope.Verdicts != policy.NoVerdicts && scope.Sees(x) {
					want++
				}
			}
			if err != nil || got != want {
				t.Errorf("%s: %d consolidated, %v; want %d", name, got, err, want)
			}
		}
	})
}
