package supervise_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/ledger/mechanism/mechanismtest"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

var (
	clerk   = policy.Actor{Person: "zhou", Name: "周明丽", Role: ledger.Clerk, Body: "office"}
	liaison = policy.Actor{Person: "he", Name: "和志强", Role: ledger.Liaison, Organisation: "JT"}
	head    = policy.Actor{Person: "li", Name: "李国栋", Role: ledger.Head, Organisation: "JT"}
	other   = policy.Actor{Person: "yu", Name: "余春梅", Role: ledger.Liaison, Organisation: "WJ"}
	panel   = map[joint.Party]policy.Actor{
		"office":     clerk,
		"discipline": {Person: "ge", Role: ledger.Reviewer, Body: "discipline"},
		"personnel":  {Person: "yin", Role: ledger.Reviewer, Body: "personnel"},
		"team":       {Person: "you", Role: ledger.Reviewer, Body: "team-1"},
	}
)

const report = "8-JT-report-1"

// site is a door with the shortest way to act.
type site struct {
	t *testing.T
	*supervise.Service
}

func (s site) do(who policy.Actor, act ledger.Act) ledger.State {
	s.t.Helper()
	state, err := s.try(who, act)
	if err != nil {
		s.t.Fatalf("%s does %+v: %v", who.Person, act, err)
	}
	return state
}

func (s site) try(who policy.Actor, act ledger.Act) (ledger.State, error) {
	return s.Do(s.t.Context(), who, supervise.Order{Act: act, Seen: supervise.Any})
}

func (s site) refused(code string, who policy.Actor, act ledger.Act) {
	s.t.Helper()
	var r ledger.Refusal
	if _, err := s.try(who, act); !errors.As(err, &r) || r.Code != code {
		s.t.Errorf("%T: err = %v; want refusal %s", act, err, code)
	}
}

func date(s string) workday.Date {
	d, err := workday.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// bodies enters those that hold the seats of the usual mechanism.
func (s site) bodies() {
	for _, b := range []ledger.AddBody{
		{Code: "office", Name: "县委巡察办"},
		{Code: "discipline", Name: "县纪委监委"},
		{Code: "personnel", Name: "县委组织部"},
		{Code: "team-1", Name: "县委第一巡察组", Team: true},
	} {
		s.do(clerk, b)
	}
}

// opened is a site with one round and three findings of the organisation JT.
func opened(t *testing.T, db *store.DB) site { return openedUnder(t, db, "weixi") }

func openedUnder(t *testing.T, db *store.DB, code string) site {
	s := site{t, supervise.New(db, storetest.Zone)}
	s.Mechanisms = mechanismtest.With()
	s.openUnder(code)
	return s
}

func (s site) open() { s.t.Helper(); s.openUnder("weixi") }

func (s site) openUnder(code string) {
	s.t.Helper()
	s.do(clerk, ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "中共云溪县教育体育局党组", Short: "县教育体育局"}})
	s.bodies()
	for _, who := range panel {
		s.do(supervise.Console, ledger.AddPerson{ID: who.Person, Username: who.Person, Name: "审核" + who.Person})
		s.do(supervise.Console, ledger.Appoint{Person: who.Person, Post: ledger.Post{
			ID: who.Person + "-1", Role: who.Role, Body: who.Body, Since: date("2024-01-01"),
		}})
	}
	s.do(clerk, ledger.OpenRound{
		Number:        8,
		Terms:         ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: date("2025-11-20")},
		Mechanism:     code,
		Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
	})
	for n := 1; n <= 3; n++ {
		s.do(clerk, ledger.Register{
			Number: ledger.FindingNumber(8, "JT", n), Organisation: "JT", Round: 8,
			Feedback: ledger.Feedback{Text: fmt.Sprintf("问题%d：校外培训监管存在盲区。", n)},
			Class:    ledger.Class{Category: "决策部署", Kind: ledger.Dated, Deadline: date("2026-02-20")},
		})
	}
}

// sent is opened, with the first report sent.
func sent(t *testing.T, db *store.DB) site {
	s := opened(t, db)
	s.report()
	return s
}

// report fills every finding and sends the first report.
func (s site) report() {
	s.t.Helper()
	s.filled()
	s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
	s.pledge(report)
	s.do(liaison, ledger.Send{Submission: report})
}

// filled has plan and progress of every finding written.
func (s site) filled() {
	s.t.Helper()
	for n := 1; n <= 3; n++ {
		number := ledger.FindingNumber(8, "JT", n)
		s.do(liaison, ledger.WritePlan{Number: number, Plan: ledger.Plan{
			Leader: "陈国平", Section: "基础教育股",
			Measures: []ledger.Measure{{Text: "逐家检查", Deadline: date("2026-01-15")}},
		}})
		s.do(liaison, ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: "检查31家，关停2家。", Claim: ledger.Done}})
	}
}

func (s site) pledge(submission string) {
	s.t.Helper()
	s.do(head, ledger.MakePledge{Submission: submission, Hash: s.hash()})
}

func (s site) hash() string { return s.hashOf(mechanism.Report) }

func (s site) hashOf(doc mechanism.Doc) (hash string) {
	err := s.DB.Write(s.t.Context(), func(tx *store.Tx) error {
		open, err := tx.OpenFindings(s.t.Context(), 8, "JT", doc, s.Today())
		hash = ledger.ContentHash(doc, open)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return hash
}

// verdict judges every criterion alike.
func verdict(submission, finding string, party joint.Party, c joint.Conclusion) ledger.GiveVerdict {
	give := ledger.GiveVerdict{Submission: submission, Finding: finding, Party: party, Judged: ledger.Judged{Conclusion: c, Words: map[string]string{}}}
	word := "pass"
	if c != joint.Agree {
		word = "basic"
		give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "不具体，无数据及实例支撑。", Change: "补充数据"}}
	}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		give.Judged.Words[c.Code] = word
	}
	return give
}

func TestLoopFromFeedbackToClosing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		s.reviewFirst()
		s.refused("prepare.previous_open", liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2})
		s.consolidateFirst()
		s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "云巡办函〔2026〕3号"})
		s.do(liaison, ledger.Receive{Submission: report})
		s.refused("prepare.unanswered", liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2})
		s.refused("answer.place_missing", liaison, ledger.AnswerEntry{Submission: report, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted})
		s.do(liaison, ledger.AnswerEntry{Submission: report, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分第1条"})

		s.do(liaison, ledger.WriteProgress{Number: "08-JT-001", Progress: ledger.Progress{Text: "检查31家，责令整改19家，关停2家。", Claim: ledger.Done}})
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2})
		second := "8-JT-report-2"
		s.pledge(second)
		got := s.do(liaison, ledger.Send{Submission: second}).(ledger.Submission)
		if len(got.Sent.Findings) != 1 {
			t.Fatalf("version 2 has %v; want the returned finding only", got.Sent.Findings)
		}
		s.reviewSecond(second)
		s.do(clerk, ledger.Consolidate{Submission: second, Finding: "08-JT-001", Conclusion: joint.Agree})
		s.do(clerk, ledger.Deliver{Submission: second, LetterNumber: "云巡办函〔2026〕9号"})
		f := s.do(clerk, ledger.Close{Number: "08-JT-001"}).(ledger.Finding)
		if f.Stage != ledger.ClosedStage || f.Closed.Submission != second {
			t.Errorf("closed finding = %+v; want closed on version 2", f.Closed)
		}
		fault, err := s.Verify(t.Context())
		if err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v; want no fault", fault, err)
		}
	})
}

func TestSettledFindingOwesNoAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		s.reviewFirst()
		s.consolidateFirst()
		s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "云巡办函〔2026〕3号"})
		s.owes(1)
		s.do(clerk, ledger.Settle{Number: "08-JT-001", Outcome: mechanism.Withdrawn, Reason: "反馈有误"})
		s.owes(0)
		s.do(clerk, ledger.Reopen{Number: "08-JT-002", Reason: "举报反映问题反弹"})
		s.do(liaison, ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "又检查12家，关停1家。", Claim: ledger.Done}})
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2})
		s.do(clerk, ledger.Reopen{Number: "08-JT-001", Reason: "撤销有误"})
		s.owes(1)
	})
}

// owes looks at the entries of the first letter without an answer, in both lists of them.
func (s site) owes(want int) {
	s.t.Helper()
	read, scope := s.DB.Read(), policy.ScopeOf(liaison)
	owed, err := read.Owed(s.t.Context(), scope, 8)
	if err != nil || owed[report].Entries != 1 || owed[report].Unanswered != want {
		s.t.Errorf("owed %+v, %v; want %d of one entry", owed[report], err, want)
	}
	list, err := read.Unanswered(s.t.Context(), scope, 8, 10)
	if err != nil || len(list) != want {
		s.t.Errorf("%d consolidations without an answer, %v; want %d", len(list), err, want)
	}
}

func (s site) reviewFirst() {
	s.t.Helper()
	for n := 1; n <= 3; n++ {
		for party, who := range panel {
			c := joint.Agree
			if n == 1 && party != "personnel" {
				c = joint.Return
			}
			s.do(who, verdict(report, ledger.FindingNumber(8, "JT", n), party, c))
		}
	}
}

func (s site) consolidateFirst() {
	s.t.Helper()
	whole := ledger.Consolidate{Submission: report, Finding: "08-JT-001", Conclusion: joint.Return, Reason: "三方要求补充数据"}
	s.refused("consolidate.entry_missing", clerk, whole)
	whole.Entries = []ledger.Entry{{Text: "请补充数据。", Origins: []string{report + ":08-JT-001:discipline:1", report + ":08-JT-001:team:1"}}}
	s.refused("consolidate.opinion_dropped", clerk, whole)
	whole.Entries[0].Origins = append(whole.Entries[0].Origins, report+":08-JT-001:office:1")
	s.do(clerk, whole)
	s.refused("deliver.incomplete", clerk, ledger.Deliver{Submission: report, LetterNumber: "1"})
	for n := 2; n <= 3; n++ {
		s.do(clerk, ledger.Consolidate{Submission: report, Finding: ledger.FindingNumber(8, "JT", n), Conclusion: joint.Agree})
	}
}

func (s site) reviewSecond(second string) {
	s.t.Helper()
	for party, who := range panel {
		give := verdict(second, "08-JT-001", party, joint.Agree)
		if party != "personnel" {
			s.refused("verdict.recheck_missing", who, give)
			give.Rechecks = map[string]bool{report + ":08-JT-001:" + string(party) + ":1": true}
		}
		s.do(who, give)
	}
}

func TestDoorAsksScopeThenRightThenVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		plan := ledger.WritePlan{Number: "08-JT-001"}
		if _, err := s.try(other, plan); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another organisation: err = %v, want ErrNotFound", err)
		}
		if _, err := s.try(clerk, plan); !errors.Is(err, supervise.ErrForbidden) {
			t.Errorf("the office writes a plan: err = %v, want ErrForbidden", err)
		}
		_, err := s.Do(t.Context(), liaison, supervise.Order{Act: plan, Seen: 7})
		var stale store.StaleError
		if !errors.As(err, &stale) || stale.Current.Ver() != 1 {
			t.Errorf("an old page: err = %v, want StaleError with version 1", err)
		}
		other := panel["discipline"]
		if _, err := s.try(other, verdict(report, "08-JT-001", "personnel", joint.Agree)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("verdict on what was never sent: err = %v, want ErrNotFound", err)
		}
	})
}

func TestSpeakingForAnotherPartyIsForbidden(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		if _, err := s.try(panel["discipline"], verdict(report, "08-JT-001", "personnel", joint.Agree)); !errors.Is(err, supervise.ErrForbidden) {
			t.Errorf("discipline speaks for personnel: err = %v, want ErrForbidden", err)
		}
		team2 := policy.Actor{Person: "shi", Role: ledger.Reviewer, Body: "team-2"}
		if _, err := s.try(team2, verdict(report, "08-JT-001", "team", joint.Agree)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("another team: err = %v, want ErrNotFound", err)
		}
	})
}

func TestRepeatedActIsDoneOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		order := supervise.Order{Act: verdict(report, "08-JT-001", "discipline", joint.Agree), Key: "k1"}
		for range 2 {
			if _, err := s.Do(t.Context(), panel["discipline"], order); err != nil {
				t.Fatal(err)
			}
		}
		order.Key = "k2"
		var stale store.StaleError
		if _, err := s.Do(t.Context(), panel["discipline"], order); !errors.As(err, &stale) {
			t.Errorf("the same verdict under another key: err = %v, want StaleError", err)
		}
	})
}

func TestAllOrNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		good := ledger.WritePlan{Number: "08-JT-001", Plan: ledger.Plan{Cause: "监管不严"}}
		bad := ledger.WritePlan{Number: "08-XX-001"}
		_, err := s.DoAll(t.Context(), liaison, []supervise.Order{{Act: good, Seen: 1}, {Act: bad}})
		var at supervise.OrderError
		if !errors.As(err, &at) || at.Index != 1 {
			t.Fatalf("err = %v; want an OrderError for the second", err)
		}
		f, err := db.Read().Load(context.Background(), ledger.FindingRef("08-JT-001"))
		if err != nil || f.Ver() != 1 {
			t.Errorf("version after a failed pair = %d, %v; want 1", f.Ver(), err)
		}
	})
}

func TestChangedAfterThePledgeIsNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		for n := 1; n <= 3; n++ {
			number := ledger.FindingNumber(8, "JT", n)
			s.do(liaison, ledger.WritePlan{Number: number, Plan: ledger.Plan{
				Leader: "陈国平", Section: "股室", Measures: []ledger.Measure{{Text: "检查"}},
			}})
			s.do(liaison, ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: "已检查。", Claim: ledger.InProgress}})
		}
		s.do(liaison, ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1})
		s.pledge(report)
		s.do(liaison, ledger.WriteProgress{Number: "08-JT-001", Progress: ledger.Progress{Text: "改口。", Claim: ledger.Done}})
		s.refused("send.changed", liaison, ledger.Send{Submission: report})
		s.refused("pledge.changed", head, ledger.MakePledge{Submission: report, Hash: "old"})
	})
}
