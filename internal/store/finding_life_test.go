package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/workday"
)

// everyStage records a finding of JT in each stage and in each outcome.
func everyStage(t *testing.T, db *store.DB) {
	t.Helper()
	day := workday.Date{Year: 2026, Month: 4, Day: 1}
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	sent := ledger.ItemSent{Submission: "8-JT-report-1", Item: ledger.Item{Doc: mechanism.Report}}
	back := ledger.ReportReviewed{Submission: "8-JT-report-1"}
	recognised := ledger.ReportReviewed{Submission: "8-JT-report-1", Recognised: true}
	settled := func(o mechanism.Outcome, into string) ledger.FindingSettled {
		return ledger.FindingSettled{Settlement: ledger.Settlement{Outcome: o, Until: day, Into: into, From: ledger.Returned}}
	}
	holds := func(p ledger.Position) ledger.FindingAcknowledged {
		return ledger.FindingAcknowledged{Acknowledgement: ledger.Acknowledgement{Position: p}}
	}
	asked := ledger.ExtensionAsked{Extension: ledger.Extension{To: day, AskedAt: at}}
	granted := ledger.ExtensionDecided{To: day, Granted: true, At: at}
	refused := ledger.ExtensionDecided{To: day, At: at}
	for i, events := range [][]ledger.Event{
		{holds(ledger.Agrees)},
		{holds(ledger.PartlyAgrees), ledger.PlanReviewed{Passed: true}, asked},
		{holds(ledger.Agrees), sent, asked, refused, asked, granted},
		{holds(ledger.Disagrees), sent, back, asked, refused},
		{sent, back, settled(mechanism.Continuing, "")},
		{sent, recognised},
		{sent, recognised, ledger.FindingClosed{}},
		{sent, back, settled(mechanism.NotRectified, "")},
		{settled(mechanism.MergedInto, "08-JT-002")},
		{settled(mechanism.Withdrawn, "")},
		{asked, settled(mechanism.ReferredTo, "")}, // what waited on it waits no more
		{sent, recognised, ledger.FindingClosed{}, ledger.FindingReopened{Reason: "反弹"}},
	} {
		for j, e := range events {
			if e, ok := e.(ledger.ItemSent); ok {
				e.Item.Finding = ledger.FindingNumber(8, "JT", i+1)
				events[j] = e
			}
		}
		record(t, db, finding("JT", i+1, ledger.Watch{}, events...)...)
	}
}

// Every finding is in one stage; what was settled is in the whole and in neither
// of the parts that say something was rectified.
func TestFiguresWithEveryStagePresent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		everyStage(t, db)
		ctx, r := t.Context(), db.Read()
		count := func(f store.Filter) int {
			f.Round = 8
			n, err := r.CountFindings(ctx, office, f)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		sum := 0
		stages := map[ledger.Stage]int{}
		for _, s := range ledger.Stages() {
			stages[s] = count(store.Filter{Stages: []ledger.Stage{s}})
			sum += stages[s]
		}
		want := map[ledger.Stage]int{
			ledger.Registered: 1, ledger.Rectifying: 1, ledger.InReview: 1, ledger.Returned: 2, ledger.ContinuingStage: 1,
			ledger.Recognised: 1, ledger.ClosedStage: 1, ledger.SettledStage: 4,
		}
		if diff := cmp.Diff(want, stages); diff != "" || sum != count(store.Filter{}) {
			t.Errorf("stages add up to %d of %d (-want +got):\n%s", sum, count(store.Filter{}), diff)
		}
		rows, err := r.RateRows(ctx, office, store.Filter{Round: 8})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, f := range rate.Rates(rate.Definitions, slices.Values(rows), time.Time{}) {
			got[f.Name] = f.String()
		}
		if got["recognised"] != "2/12 (16.7%)" || got["closed"] != "1/12 (8.3%)" || got["acknowledged"] != "2/12 (16.7%)" {
			t.Errorf("rates %v", got)
		}
		views, err := r.Views(ctx, office, 8, "2026-04-02", "2026-04-12", "")
		if err != nil || views.All != 12 || views.Open != 6 {
			t.Errorf("views %+v, %v", views, err)
		}
	})
}

// The counts of a finding's own life are as long as the lists behind them.
func TestLotsAreTheirLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		everyStage(t, db)
		ctx, r := t.Context(), db.Read()
		lots, err := r.Lots(ctx, office, 8)
		if err != nil {
			t.Fatal(err)
		}
		var pending, asked, granted, extended, moved int
		outcomes, positions := map[mechanism.Outcome]int{}, map[ledger.Position]int{}
		for _, x := range lots {
			pending, asked, granted, extended, moved = pending+x.Pending, asked+x.Asked, granted+x.Granted, extended+x.Extended, moved+x.Moved
			outcomes[x.Outcome] += x.Count
			positions[x.Position] += x.Count
		}
		if asked != 5 || granted != 1 {
			t.Errorf("%d asked and %d granted, want 5 and 1", asked, granted)
		}
		length := func(what string, f store.Filter, want int) {
			t.Helper()
			f.Round = 8
			list, _, err := r.Findings(ctx, office, f, store.Page{Sort: store.ByNumber, Limit: 50})
			if err != nil || len(list) != want {
				t.Errorf("%s: %d in the list, counted %d, %v", what, len(list), want, err)
			}
		}
		length("pending", store.Filter{Extension: store.ExtensionPending}, pending)
		length("pending is one", store.Filter{Extension: store.ExtensionPending}, 1)
		length("asked", store.Filter{Extension: store.ExtensionAsked}, extended)
		length("granted", store.Filter{Extension: store.ExtensionGranted}, moved)
		length("no such filter", store.Filter{Extension: "'"}, 0)
		for _, o := range mechanism.Outcomes() {
			length(string(o), store.Filter{Outcome: o}, outcomes[o])
			length(string(o)+" is one", store.Filter{Outcome: o}, 1)
		}
		length("agrees", store.Filter{Position: ledger.Agrees}, positions[ledger.Agrees])
		length("unsaid", store.Filter{Position: store.Unsaid}, positions[""])
		length("contested", store.Filter{Position: store.Contested}, positions[ledger.PartlyAgrees]+positions[ledger.Disagrees])
		if none, err := r.Lots(ctx, nobody, 8); err != nil || len(none) != 0 {
			t.Errorf("who sees no case counts %v, %v", none, err)
		}
	})
}

// What a settlement reads: the finding that goes on, and what was merged into this one.
func TestMergers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		everyStage(t, db)
		err := db.Write(t.Context(), func(tx *store.Tx) error {
			list, err := tx.Mergers(t.Context(), "08-JT-002", "08-JT-001")
			var numbers []string
			for _, f := range list {
				numbers = append(numbers, f.Number)
			}
			if diff := cmp.Diff([]string{"08-JT-001", "08-JT-009"}, numbers); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
