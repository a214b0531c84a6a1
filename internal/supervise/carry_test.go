package supervise_test

import (
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// A version that is sent again without a change keeps the verdict of the party
// that had asked for nothing, and only that; the record verifies.
func TestUnchangedTextKeepsVerdicts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		s.reviewFirst()
		s.consolidateFirst()
		s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "云巡办函〔2026〕3号"})
		s.do(liaison, ledger.AnswerEntry{Submission: report, Finding: "08-JT-001", Entry: 1, Response: ledger.NotAdopted, Reason: "无此情况"})
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2})
		second := "8-JT-report-2"
		s.pledge(second)
		s.do(liaison, ledger.Send{Submission: second})
		list, err := db.Read().Verdicts(t.Context(), policy.Scope{All: true, Verdicts: policy.OwnThenAll, Party: "personnel"}, store.VoiceFilter{Submission: second})
		if err != nil || len(list) != 1 || list[0].Party != "personnel" || list[0].LookedAt() != report {
			t.Fatalf("verdicts on version 2: %+v, %v; want that of the organisation department, given on version 1", list, err)
		}
		s.refused("verdict.twice", panel["personnel"], verdict(second, "08-JT-001", "personnel", joint.Agree))
		if fault, err := s.Verify(t.Context()); err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v; want no fault", fault, err)
		}
	})
}
