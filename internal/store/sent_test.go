package store_test

import (
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

// reported records two findings of JT. The first was sent and is being rewritten;
// the second was registered with a text and is being rewritten, never sent.
func reported(t *testing.T, db *store.DB) {
	t.Helper()
	text := func(s string) ledger.Progress { return ledger.Progress{Text: s, Claim: ledger.InProgress} }
	var facts []ledger.Fact
	on := func(s ledger.State, events ...ledger.Event) {
		for _, e := range events {
			facts = append(facts, ledger.Fact{On: s, Event: e})
		}
	}
	registered := ledger.FindingRegistered{Round: 8, Organisation: "JT", Team: "team-1", Feedback: ledger.Feedback{Text: "问题"}, Progress: text("登记时")}
	sent := ledger.Item{Finding: "f1", Doc: mechanism.Report, Progress: text("报送的")}
	on(ledger.Finding{Number: "f1"}, registered, ledger.ItemSent{Submission: "8-JT-report-1", Item: sent}, ledger.ProgressWritten{Progress: text("又改的")})
	on(ledger.Finding{Number: "f2"}, registered, ledger.ProgressWritten{Progress: text("又改的")})
	on(ledger.Submission{ID: "8-JT-report-1"},
		ledger.SubmissionPrepared{Round: 8, Organisation: "JT", Team: "team-1", Doc: mechanism.Report, Number: 1},
		ledger.SubmissionSent{Sent: ledger.Sending{At: storetest.Now.Add(-time.Hour), Findings: []string{"f1"}}})
	on(ledger.Verdict{ID: ledger.VerdictID("8-JT-report-1", "f1", "discipline")}, ledger.VerdictGiven{
		Submission: "8-JT-report-1", Finding: "f1", Round: 8, Organisation: "JT", Team: "team-1", Party: "discipline",
		Judged: ledger.Judged{Conclusion: joint.Return}, At: storetest.Now,
	})
	record(t, db, facts...)
}

func TestDraftsAreReadByThoseWhoMay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reported(t, db)
		for name, x := range map[string]struct {
			scope policy.Scope
			want  []string
		}{
			"office":       {policy.Scope{All: true, Drafts: true}, []string{"又改的", "又改的"}},
			"organisation": {policy.Scope{Organisation: "JT", Drafts: true}, []string{"又改的", "又改的"}},
			"reviewer":     {policy.Scope{All: true}, []string{"报送的", "登记时"}},
			"team":         {policy.Scope{Team: "team-1"}, []string{"报送的", "登记时"}},
			"stranger":     {policy.Scope{Organisation: "WJ", Drafts: true}, nil},
		} {
			var walked, single []string
			for f, err := range db.Read().AllFindings(t.Context(), x.scope, store.Filter{}) {
				if err != nil {
					t.Fatal(err)
				}
				walked = append(walked, f.Progress.Text)
				one, err := db.Read().Finding(t.Context(), x.scope, f.Number)
				if err != nil {
					t.Fatal(err)
				}
				single = append(single, one.Progress.Text)
			}
			if diff := cmp.Diff(x.want, walked); diff != "" {
				t.Errorf("%s walks (-want +got):\n%s", name, diff)
			}
			if diff := cmp.Diff(x.want, single); diff != "" {
				t.Errorf("%s reads (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestSpokenTellsWhoAndNotWhat(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reported(t, db)
		page := []store.Row{{Number: "f1", LastReport: "8-JT-report-1"}, {Number: "f2"}}
		on := "8-JT-report-1"
		hidden := []store.Spoken{{Submission: on, Party: "discipline"}}
		known := []store.Spoken{{Submission: on, Party: "discipline", Conclusion: joint.Return}}
		for name, x := range map[string]struct {
			scope policy.Scope
			want  []store.Spoken
		}{
			"the party":    {policy.Scope{All: true, Party: "discipline", Verdicts: policy.OwnThenAll}, known},
			"another":      {policy.Scope{All: true, Party: "personnel", Verdicts: policy.OwnThenAll}, hidden},
			"a leader":     {policy.Scope{All: true, Verdicts: policy.Consolidated}, hidden},
			"organisation": {policy.Scope{Organisation: "JT"}, nil},
			"another team": {policy.Scope{Team: "team-2", Party: "team-2", Verdicts: policy.OwnThenAll}, nil},
		} {
			got, err := db.Read().Spoken(t.Context(), x.scope, page)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(x.want, got["f1"]); diff != "" || len(got["f2"]) > 0 {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		page[0].LastReport = "8-JT-report-2" // a newer version was sent: nobody has spoken on it
		got, err := db.Read().Spoken(t.Context(), policy.Scope{All: true, Party: "discipline", Verdicts: policy.OwnThenAll}, page)
		if err != nil || len(got["f1"]) > 0 {
			t.Errorf("on the newer version: %v, %v; want nobody", got["f1"], err)
		}
	})
}

func TestFindingsToReview(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		reported(t, db)
		for party, want := range map[joint.Party]int{"discipline": 0, "personnel": 1} {
			n, err := db.Read().CountFindings(t.Context(), everything, store.Filter{Round: 8, ToReview: party})
			if err != nil || n != want {
				t.Errorf("%s has %d findings to review, want %d; %v", party, n, want, err)
			}
		}
	})
}
