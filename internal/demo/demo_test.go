package demo_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/clock"
	"lianshen/internal/demo"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest/pg"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// open opens a database by a demonstration clock; storetest has a fixed one.
func open(t *testing.T, url string) (*supervise.Service, *demo.Clock) {
	t.Helper()
	clk := demo.NewClock()
	db, err := store.Open(t.Context(), url, clk.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return supervise.New(db, demo.Zone), clk
}

func file(t *testing.T) string { return t.TempDir() + "/demo.db" }

// all reads every record of a kind.
func all[S ledger.State](t *testing.T, s *supervise.Service, kind ledger.Kind) []S {
	t.Helper()
	ids, err := s.DB.Read().IDs(t.Context(), kind, "", 5000)
	if err != nil {
		t.Fatal(err)
	}
	var list []S
	for _, id := range ids {
		x, err := s.DB.Read().Load(t.Context(), ledger.Ref{Kind: kind, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, x.(S))
	}
	return list
}

// One load serves all checks of an engine.
func TestTheRoundOnTheDemoDay(t *testing.T) {
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   file,
		"postgres": func(t *testing.T) string { return pg.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s, clk := open(t, url(t))
			elapsed := clock.Stopwatch()
			if err := demo.Load(t.Context(), s, clk); err != nil {
				t.Fatal(err)
			}
			t.Logf("loaded in %v", elapsed().Round(time.Millisecond))
			if !clk.Now().Equal(demo.Day) {
				t.Errorf("the clock stands at %v, want %v", clk.Now(), demo.Day)
			}
			t.Run("figures", func(t *testing.T) { checkFigures(t, s) })
			t.Run("stages", func(t *testing.T) { checkStages(t, s) })
			t.Run("reviews", func(t *testing.T) { checkReviews(t, s) })
			t.Run("answers", func(t *testing.T) { checkAnswers(t, s) })
			t.Run("people", func(t *testing.T) { checkPeople(t, s) })
			t.Run("trail", func(t *testing.T) { checkTrail(t, s) })
		})
	}
}

func checkFigures(t *testing.T, s *supervise.Service) {
	got := map[string]int{
		"organisations": len(all[ledger.Organisation](t, s, ledger.KindOrganisation)),
		"opinions":      len(all[ledger.Opinion](t, s, ledger.KindOpinion)),
	}
	claimed := rate.Rate{}
	for _, f := range all[ledger.Finding](t, s, ledger.KindFinding) {
		claimed.Den++
		if f.Progress.Claim == ledger.Done {
			claimed.Num++
		}
		if f.Class.OrganCadre {
			got["organisation and cadre"]++
		}
		if f.Watch.Body == "personnel" && f.Watch.Number != "" && f.Class.OrganCadre {
			got["on the duty list"]++
		}
		for _, gap := range f.Gaps() {
			got[gap]++
		}
	}
	want := map[string]int{
		"organisations": 7, "opinions": 107, "organisation and cadre": 63, "on the duty list": 63, "gap.supervisor": 4,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if claimed.String() != "202/228 (88.6%)" {
		t.Errorf("claimed = %v, want 202/228 (88.6%%)", claimed)
	}
}

func checkStages(t *testing.T, s *supervise.Service) {
	got := map[string]ledger.SubmissionStage{}
	for _, x := range all[ledger.Submission](t, s, ledger.KindSubmission) {
		got[x.ID] = x.Stage
	}
	want := map[string]ledger.SubmissionStage{
		"8-JT-report-1": ledger.SentBack, "8-JT-report-2": ledger.Reviewed,
		"8-SW-report-1": ledger.SentBack, "8-SW-report-2": ledger.Reviewed,
		"8-DX-report-1": ledger.SentBack, "8-DX-report-2": ledger.Prepared,
		"8-LC-report-1": ledger.SentBack,
		"8-NY-report-1": ledger.Reviewed, "8-WJ-report-1": ledger.Reviewed, "8-MZ-report-1": ledger.Reviewed,
	}
	for _, code := range []string{"JT", "WJ", "NY", "MZ", "SW", "LC", "DX"} {
		want["8-"+code+"-plan-1"] = ledger.Accepted
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("submissions (-want +got)\n%s", diff)
	}
	stages := map[ledger.Stage]int{}
	for _, f := range all[ledger.Finding](t, s, ledger.KindFinding) {
		stages[f.Stage]++
	}
	if stages[ledger.ClosedStage] < 24 || stages[ledger.Recognised] == 0 || stages[ledger.Returned] == 0 || stages[ledger.InReview] == 0 {
		t.Errorf("stages = %v; want some of each, and a few dozen closed", stages)
	}
}

func checkReviews(t *testing.T, s *supervise.Service) {
	given, own := map[string]int{}, map[string]int{}
	concluded := map[string]map[joint.Conclusion]bool{}
	for _, v := range all[ledger.Verdict](t, s, ledger.KindVerdict) {
		given[v.Submission+" "+string(v.Party)]++
		if v.From == "" {
			own[v.Submission+" "+string(v.Party)]++
		}
		key := v.Submission + " " + v.Finding
		if concluded[key] == nil {
			concluded[key] = map[joint.Conclusion]bool{}
		}
		concluded[key][v.Judged.Conclusion] = true
	}
	for _, x := range all[ledger.Submission](t, s, ledger.KindSubmission) {
		for _, party := range []joint.Party{"office", "discipline", "personnel", "team"} {
			n := given[x.ID+" "+string(party)]
			open := x.ID == "8-JT-report-2" // everybody has something left to do
			if open == (n == len(x.Sent.Findings)) && x.Stage != ledger.Prepared {
				t.Errorf("%s: %s gave %d of %d verdicts", x.ID, party, n, len(x.Sent.Findings))
			}
		}
	}
	for _, party := range []string{"office", "discipline", "team"} {
		if own["8-JT-report-2 "+party] == 0 {
			t.Errorf("%s has not begun with version 2 of JT", party)
		}
	}
	if own["8-JT-report-2 personnel"] != 0 {
		t.Error("personnel has begun with version 2 of JT; nothing would be blind")
	}
	disputed := 0
	for key, conclusions := range concluded {
		if key[:4] == "8-WJ" && len(conclusions) > 1 {
			disputed++
		}
	}
	if disputed < 10 {
		t.Errorf("%d disputed findings of WJ wait for the office, want many", disputed)
	}
}

func checkAnswers(t *testing.T, s *supervise.Service) {
	type count struct{ made, entries, answered int }
	got := map[string]count{}
	for _, c := range all[ledger.Consolidation](t, s, ledger.KindConsolidation) {
		n := got[c.Submission]
		n.made++
		for _, e := range c.Entries {
			n.entries++
			if e.Answer.Response != "" {
				n.answered++
			}
		}
		got[c.Submission] = n
	}
	want := map[string]count{
		"8-JT-report-1": {41, 18, 18}, "8-SW-report-1": {30, 15, 15}, "8-DX-report-1": {20, 8, 8},
		"8-LC-report-1": {29, 18, 9}, "8-NY-report-1": {18, 8, 0},
	}
	for submission := range want {
		if got[submission] != want[submission] {
			t.Errorf("%s: %+v, want %+v", submission, got[submission], want[submission])
		}
	}
	if _, made := got["8-WJ-report-1"]; made {
		t.Error("WJ has been consolidated; it should wait")
	}
}

func checkPeople(t *testing.T, s *supervise.Service) {
	roles := map[ledger.Role]bool{}
	for _, u := range demo.Users() {
		p, err := s.DB.Read().PersonNamed(t.Context(), u.Username)
		if err != nil {
			t.Errorf("%s: %v", u.Username, err)
			continue
		}
		if p.Name != u.Name || len(p.Posts) != 1 || p.Posts[0].Role != u.Role || !p.Posts[0].HeldOn(workday.In(demo.Day, demo.Zone)) {
			t.Errorf("%s = %+v", u.Username, p)
		}
	}
	if n, users := len(all[ledger.Person](t, s, ledger.KindPerson)), len(demo.Users()); n != users {
		t.Errorf("%d people in the database, %d users", n, users)
	}
	for _, u := range demo.MainUsers() {
		roles[u.Role] = true
	}
	for _, role := range ledger.Roles() {
		if !roles[role] {
			t.Errorf("nobody is offered for the role %s", role)
		}
	}
}

// checkTrail sees that the history is one that could have been: in the order of
// time, over before the demo day, each act by somebody who may do it.
func checkTrail(t *testing.T, s *supervise.Service) {
	v, err := s.Verify(t.Context())
	if err != nil || v.Fault != nil {
		t.Errorf("verify: %+v, %v", v.Fault, err)
	}
	before := int64(0)
	for entry, err := range s.DB.Read().Entries(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if entry.At < before || entry.At >= demo.Day.UnixMicro() {
			t.Fatalf("entry %d at %v", entry.Seq, time.UnixMicro(entry.At).In(demo.Zone))
		}
		before = entry.At
		if entry.Actor == "system:demo" && entry.Kind != string(ledger.KindPerson) {
			t.Errorf("entry %d: the program did %s by itself", entry.Seq, entry.Event)
		}
	}
}

func TestStartKeepsWhatIsThereAndTimeGoesOn(t *testing.T) {
	path := file(t)
	s, clk := open(t, path)
	loaded, err := demo.Start(t.Context(), s, clk)
	if err != nil || !loaded {
		t.Fatalf("first start: loaded %v, %v", loaded, err)
	}
	first := clk.Now()
	if first.Before(demo.Day) || first.After(demo.Day.Add(time.Minute)) {
		t.Errorf("first start: the clock is at %v, want shortly after %v", first, demo.Day)
	}
	again, clk := open(t, path)
	loaded, err = demo.Start(t.Context(), again, clk)
	if err != nil || loaded {
		t.Fatalf("second start: loaded %v, %v", loaded, err)
	}
	if second := clk.Now(); !second.After(first) || second.After(first.Add(time.Minute)) {
		t.Errorf("second start: the clock is at %v after %v", second, first)
	}
	if err := demo.Advance(t.Context(), again, clk, 3); err != nil {
		t.Fatal(err)
	}
	third, clk := open(t, path)
	if _, err := demo.Start(t.Context(), third, clk); err != nil {
		t.Fatal(err)
	}
	if now, want := clk.Now(), first.AddDate(0, 0, 3); now.Before(want) || now.After(want.Add(time.Minute)) {
		t.Errorf("moved ahead by 3 days: the clock is at %v, want %v", now, want)
	}
}

func TestLoadRefusesADatabaseThatIsNotEmpty(t *testing.T) {
	s, clk := open(t, file(t))
	admin := policy.Actor{Person: "root", Role: ledger.SysAdmin}
	act := ledger.AddPerson{ID: "p1", Username: "zhang", Name: "张"}
	if _, err := s.Do(t.Context(), admin, supervise.Order{Act: act}); err != nil {
		t.Fatal(err)
	}
	if err := demo.Load(t.Context(), s, clk); !errors.Is(err, demo.ErrNotEmpty) {
		t.Errorf("Load: %v, want ErrNotEmpty", err)
	}
	if _, err := demo.Start(t.Context(), s, clk); !errors.Is(err, demo.ErrNotDemo) {
		t.Errorf("Start: %v, want ErrNotDemo", err)
	}
}
