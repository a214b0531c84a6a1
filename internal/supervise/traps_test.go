package supervise_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// Traps into which programs of this kind have fallen, each with the test that
// turns red when the guard against it is taken away:
//
//	approval of version 1 lets version 2 through      TestTrapOldApprovalCarriesTheNextVersion
//	approval survives close, change, reopen           TestTrapApprovalSurvivesReopening
//	a panel that can never be complete                TestTrapPanelThatCanNeverBeComplete, TestTrapSeatThatNobodyCanFill
//	who edits approves the own text                   TestTrapEditorApprovesTheOwnText
//	an empty group of approvers approves              TestTrapEmptyPanelApproves
//	a reviewer who voted on something else counts     TestTrapVoteOnSomethingElseCounts
//	a date that was typed is replaced in silence      TestTrapTypedDateIsReplaced
//	no deadline counts as breached                    TestTrapNoDeadlineIsOverdue
//	importing again undoes what people decided        TestTrapImportUndoesDecisions
//	clearing the alerts deletes the record of them    web: TestTrapClearedInboxIsLost
//	a reminder on the exact day only                  web: TestTrapReminderOnTheExactDayOnly
//	export and import lose a column                   TestTrapExportLosesAColumn
//	import skips a column it does not know            TestTrapUnknownColumnIsSkipped
//	the history goes with its record                  TestTrapHistoryGoesWithItsRecord
//	a report loads the whole table                    TestTrapReportLoadsTheWholeTable

const secondReport = "8-JT-report-2"

// returned is sent, with version 1 delivered: the first finding came back, the
// others were recognised.
func returned(t *testing.T, db *store.DB) site {
	s := sent(t, db)
	s.reviewFirst()
	s.consolidateFirst()
	s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "云巡办函〔2026〕3号"})
	s.do(liaison, ledger.AnswerEntry{Submission: report, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分第1条"})
	return s
}

// resend sends the next version of the report.
func (s site) resend(number int) {
	s.t.Helper()
	id := ledger.SubmissionID(8, "JT", mechanism.Report, number)
	s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: number})
	s.pledge(id)
	s.do(liaison, ledger.Send{Submission: id})
}

func (s site) stage(number string) ledger.Stage {
	s.t.Helper()
	f, err := s.DB.Read().Load(s.t.Context(), ledger.FindingRef(number))
	if err != nil {
		s.t.Fatal(err)
	}
	return f.(ledger.Finding).Stage
}

// A verdict is on one version. What all parties held of version 1 says nothing of
// version 2, and while somebody sends that, nobody can close on the strength of the other.
func TestTrapOldApprovalCarriesTheNextVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := returned(t, db)
		s.do(clerk, ledger.Reopen{Number: "08-JT-002", Reason: "群众反映"})
		s.do(liaison, ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "另写一稿。", Claim: ledger.Done}})
		var closers sync.WaitGroup
		for range 4 {
			closers.Go(func() {
				for range 5 {
					var refused ledger.Refusal
					if _, err := s.try(clerk, ledger.Close{Number: "08-JT-002"}); !errors.As(err, &refused) {
						t.Errorf("close while it is sent again: %v, want a refusal", err)
					}
				}
			})
		}
		s.resend(2)
		closers.Wait()
		if got := s.stage("08-JT-002"); got != ledger.InReview {
			t.Errorf("sent again it is %s, want in review", got)
		}
		agreed := ledger.Consolidate{Submission: secondReport, Finding: "08-JT-002", Conclusion: joint.Agree}
		s.do(clerk, verdict(secondReport, "08-JT-002", "office", joint.Agree))
		s.refused("consolidate.parties_missing", clerk, agreed)
		s.refused("deliver.incomplete", clerk, ledger.Deliver{Submission: secondReport, LetterNumber: "4"})
		s.refused("close.not_recognised", clerk, ledger.Close{Number: "08-JT-002"})
	})
}

// What led to a recognition is spent once the finding is taken up again, even if
// it comes back word for word.
func TestTrapApprovalSurvivesReopening(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := returned(t, db)
		s.do(clerk, ledger.Close{Number: "08-JT-002"})
		s.do(clerk, ledger.Reopen{Number: "08-JT-002", Reason: "问题反弹"})
		if got := s.stage("08-JT-002"); got != ledger.Returned {
			t.Fatalf("reopened it is %s, want returned", got)
		}
		s.refused("close.not_recognised", clerk, ledger.Close{Number: "08-JT-002"})
		s.resend(2)
		for party := range panel {
			v, err := db.Read().Verdict(t.Context(), ledger.VerdictID(secondReport, "08-JT-002", party))
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s has a verdict on what came back: %+v, %v", party, v.Judged, err)
			}
		}
		s.do(clerk, verdict(secondReport, "08-JT-002", "office", joint.Agree))
		s.refused("consolidate.parties_missing", clerk, ledger.Consolidate{Submission: secondReport, Finding: "08-JT-002", Conclusion: joint.Agree})
	})
}

// A panel that could never be complete is refused before anybody works for it,
// and the refusal names the seat or the place.
func TestTrapPanelThatCanNeverBeComplete(t *testing.T) {
	const second = 1 // the report among the documents of the mechanism
	for name, tt := range map[string]struct {
		spoil func(*mechanism.Mechanism)
		path  string
	}{
		"more votes than seats": {func(m *mechanism.Mechanism) { m.Documents[second].Rule.Quorum = 5 }, "documents[1].rule.quorum"},
		"more votes than the smallest panel": {func(m *mechanism.Mechanism) {
			m.Parties[2].Sees, m.Documents[second].Rule.Quorum = mechanism.SeesOrganCadre, 4
		}, "documents[1].rule.quorum"},
		"waits for who has no seat": {func(m *mechanism.Mechanism) {
			m.Documents[second].Rule.Required = []joint.Party{"audit"}
		}, "documents[1].rule.required[0]"},
		"nobody on the panel": {func(m *mechanism.Mechanism) {
			for i := range m.Parties {
				m.Parties[i].Sees = mechanism.SeesOrganCadre
			}
		}, "parties[0].sees"},
	} {
		m := mechanism.Presets()["weixi"]
		m.Documents, m.Parties = slices.Clone(m.Documents), slices.Clone(m.Parties)
		tt.spoil(&m)
		flaws := m.Check()
		if !slices.ContainsFunc(flaws, func(f mechanism.Flaw) bool { return f.Path == tt.path }) {
			t.Errorf("%s: flaws %v, want one at %s", name, flaws, tt.path)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := site{t, supervise.New(db, storetest.Zone)}
		s.do(clerk, ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "中共云溪县教育体育局党组"}})
		open := ledger.OpenRound{
			Number: 8, Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: date("2025-11-20")}, Mechanism: "weixi",
			Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
		}
		s.refused("round.team_unknown", clerk, open)
		s.do(clerk, ledger.AddBody{Code: "team-1", Name: "县委第一巡察组", Team: true})
		for _, body := range []string{"office", "discipline", "personnel"} {
			s.refused("round.seat_without_body", clerk, open)
			s.do(clerk, ledger.AddBody{Code: body, Name: body})
		}
		s.do(clerk, open)
	})
}

// Nor is anything sent to a panel that was sound when the round opened and has
// lost the last person who may speak for a seat.
func TestTrapSeatThatNobodyCanFill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		s.filled()
		only := policy.Actor{Person: panel["personnel"].Person, Role: ledger.Liaison, Organisation: "JT"}
		s.do(only, ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "代拟。", Claim: ledger.Done}})
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
		s.pledge(report)
		s.refused("panel.seat_empty", liaison, ledger.Send{Submission: report}) // its only reviewer is the author
		s.seat("ke", "personnel")
		s.do(clerk, ledger.Recuse{Round: 8, Organisation: "JT", Person: "ke", Ground: ledger.Relative, Reason: "配偶在该单位任职"})
		s.refused("panel.seat_empty", liaison, ledger.Send{Submission: report}) // the other keeps away
		s.seat("pu", "personnel")
		s.do(liaison, ledger.Send{Submission: report})
	})
}

// Who has written a text cannot review it, in whatever post.
func TestTrapEditorApprovesTheOwnText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		lent := policy.Actor{Person: "yin", Role: ledger.Liaison, Organisation: "JT"} // the reviewer of "personnel", lent to JT
		for n := 1; n <= 3; n++ {
			number := ledger.FindingNumber(8, "JT", n)
			s.do(liaison, ledger.WritePlan{Number: number, Plan: ledger.Plan{Leader: "陈国平", Section: "股室", Measures: []ledger.Measure{{Text: "检查"}}}})
			who := liaison
			if n == 1 {
				who = lent
			}
			s.do(who, ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: "已检查。", Claim: ledger.Done}})
		}
		s.seat("ke", "personnel") // or nobody could speak for it: TestTrapSeatThatNobodyCanFill
		s.resend(1)
		s.refused("verdict.own_text", panel["personnel"], verdict(report, "08-JT-001", "personnel", joint.Agree))
		s.do(panel["personnel"], verdict(report, "08-JT-002", "personnel", joint.Agree))
		colleague := policy.Actor{Person: "ke", Role: ledger.Reviewer, Body: "personnel"}
		s.do(colleague, verdict(report, "08-JT-001", "personnel", joint.Agree))
	})
}

// seat appoints one more reviewer to the body.
func (s site) seat(person, body string) {
	s.t.Helper()
	s.do(supervise.Console, ledger.AddPerson{ID: person, Username: person, Name: person})
	s.do(supervise.Console, ledger.Appoint{Person: person, Post: ledger.Post{ID: person + "-1", Role: ledger.Reviewer, Body: body, Since: date("2024-01-01")}})
}

// Nobody to ask is not the same as nobody against it. The mechanism here is one
// that the editor would refuse: it is handed to the door directly.
func TestTrapEmptyPanelApproves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := site{t, supervise.New(db, storetest.Zone)}
		m := mechanism.Presets()["weixi"]
		m.Parties = slices.Clone(m.Parties)
		for i := range m.Parties {
			m.Parties[i].Sees = mechanism.SeesOrganCadre
		}
		s.Mechanisms = map[string]mechanism.Mechanism{"weixi": m}
		s.open()
		s.filled()
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
		s.pledge(report)
		s.refused("panel.empty", liaison, ledger.Send{Submission: report})
	})
	for _, rule := range []joint.Rule{{}, {Agrees: 1}, {Abstain: joint.AbstainAgree}} {
		if r := joint.Read(nil, rule, map[joint.Party]joint.Conclusion{"office": joint.Agree}); r.Complete() || r.Settled {
			t.Errorf("an empty panel under %+v reads %+v", rule, r)
		}
	}
}

// "All parties have spoken" means on this finding, and those that it was put to.
func TestTrapVoteOnSomethingElseCounts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		for party, who := range panel {
			on := "08-JT-001"
			if party == "team" {
				on = "08-JT-002"
			}
			s.do(who, verdict(report, on, party, joint.Agree))
		}
		agreed := ledger.Consolidate{Submission: report, Finding: "08-JT-001", Conclusion: joint.Agree}
		s.refused("consolidate.parties_missing", clerk, agreed)
		s.do(panel["team"], verdict(report, "08-JT-001", "team", joint.Agree))
		s.do(clerk, agreed)
	})
}
