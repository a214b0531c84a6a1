package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
)

// lifeEnv is a mechanism that asks for everything, on 2 March 2026.
func lifeEnv() ledger.Env {
	m := mechanism.Presets()["weixi"]
	m.Acceptance, m.Extension.Most = true, 1
	m.Closing.ContinueDays = 90
	m.Closing.Outcomes = []mechanism.Outcome{mechanism.Continuing, mechanism.MergedInto}
	return ledger.Env{Now: newWorld().now, Today: date("2026-03-02"), Mechanism: m, Person: "p1"}
}

// standing is a finding of JT in the stage.
func standing(stage ledger.Stage, change func(*ledger.Finding)) ledger.Finding {
	f := ledger.Finding{Number: "08-JT-001", Round: 8, Organisation: "JT", Stage: stage, Version: 7, LastReport: "8-JT-report-1"}
	f.Class.Deadline = date("2026-03-31")
	if change != nil {
		change(&f)
	}
	return f
}

func TestRefusalsOfAFindingsOwnLife(t *testing.T) {
	ack := func(p ledger.Position, grounds string) ledger.Act {
		return ledger.Acknowledge{Position: p, Grounds: grounds}
	}
	ask := ledger.AskExtension{To: date("2026-05-01"), Reason: "等待批复"}
	rest := func(until string) ledger.Act {
		return ledger.Settle{Outcome: mechanism.Continuing, Reason: "试行", Until: date(until)}
	}
	extended := func(f *ledger.Finding) {
		f.Extensions = []ledger.Extension{{To: date("2026-03-31"), Granted: true, DecidedAt: lifeEnv().Now}}
	}
	for _, tt := range []struct {
		name  string
		f     ledger.Finding
		act   ledger.Act
		wants string
	}{
		{"no position", standing(ledger.Registered, nil), ack("", ""), "acknowledge.position_missing"},
		{"unknown position", standing(ledger.Registered, nil), ack("unsaid", "x"), "acknowledge.position_missing"},
		{"disagrees without grounds", standing(ledger.Registered, nil), ack(ledger.Disagrees, "  "), "acknowledge.grounds_missing"},
		{"partly without grounds", standing(ledger.Registered, nil), ack(ledger.PartlyAgrees, ""), "acknowledge.grounds_missing"},
		{"plan under review", standing(ledger.Registered, func(f *ledger.Finding) { f.PlanIn = "8-JT-plan-1" }), ack(ledger.Agrees, ""), "acknowledge.plan_reviewed"},
		{"plan passed", standing(ledger.Rectifying, func(f *ledger.Finding) { f.PlanPassed = true }), ack(ledger.Agrees, ""), "acknowledge.plan_reviewed"},
		{"the same again", standing(ledger.Registered, func(f *ledger.Finding) { f.Acknowledgement.Position = ledger.Agrees }), ack(ledger.Agrees, ""), "act.nothing_changed"},
		{"settled", standing(ledger.SettledStage, nil), ack(ledger.Agrees, ""), "finding.done"},
		{"extension of a closed finding", standing(ledger.ClosedStage, nil), ask, "finding.done"},
		{"of one that rests", standing(ledger.ContinuingStage, nil), ask, "extension.continuing"},
		{"without a deadline", standing(ledger.Rectifying, func(f *ledger.Finding) { f.Class.Deadline = date("") }), ask, "extension.no_deadline"},
		{"without a date", standing(ledger.Rectifying, nil), ledger.AskExtension{Reason: "等待批复"}, "extension.date_missing"},
		{"to the same day", standing(ledger.Rectifying, nil), ledger.AskExtension{To: date("2026-03-31"), Reason: "等"}, "extension.not_later"},
		{"once more than allowed", standing(ledger.Rectifying, extended), ask, "extension.too_many"},
		{"nothing to decide", standing(ledger.Rectifying, extended), ledger.DecideExtension{Grant: true}, "extension.none_pending"},
		{"outcome the mechanism does not list", standing(ledger.Returned, nil), ledger.Settle{Outcome: mechanism.Withdrawn, Reason: "误"}, "settle.outcome_not_allowed"},
		{"under review", standing(ledger.InReview, func(f *ledger.Finding) { f.ReportIn = "8-JT-report-1" }), rest("2026-04-01"), "settle.in_review"},
		{"recognised", standing(ledger.Recognised, nil), rest("2026-04-01"), "settle.done"},
		{"rests longer than allowed", standing(ledger.Returned, nil), rest("2026-06-01"), "settle.until_too_far"},
		{"closed with its plan under review", standing(ledger.Recognised, func(f *ledger.Finding) { f.PlanIn = "8-JT-plan-1" }), ledger.Close{}, "close.plan_in_review"},
		{"nothing to reopen", standing(ledger.Returned, nil), ledger.Reopen{Reason: "反弹"}, "reopen.not_done"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := ledger.Decide(tt.f, tt.act, lifeEnv()); code(err) != tt.wants {
				t.Errorf("got %v, want %s", err, tt.wants)
			}
		})
	}
}

// The mechanism may not ask; then nothing is to be answered, and no plan waits.
func TestAcknowledgementOnlyWhereAsked(t *testing.T) {
	env := lifeEnv()
	env.Mechanism.Acceptance = false
	f := standing(ledger.Registered, nil)
	if _, err := ledger.Decide(f, ledger.Acknowledge{Position: ledger.Agrees}, env); code(err) != "acknowledge.not_asked" {
		t.Errorf("got %v", err)
	}
	asked := lifeEnv().Mechanism
	for _, tt := range []struct {
		m    mechanism.Mechanism
		doc  mechanism.Doc
		want int
	}{{asked, mechanism.Plan, 1}, {asked, mechanism.Report, 0}, {env.Mechanism, mechanism.Plan, 0}} {
		if n := ledger.Unacknowledged(tt.m, tt.doc, []ledger.Finding{f}); n != tt.want {
			t.Errorf("%s: %d findings to answer, want %d", tt.doc, n, tt.want)
		}
	}
}

func TestPlanWaitsForTheAnswers(t *testing.T) {
	f := standing(ledger.Registered, nil)
	f.Plan = ledger.Plan{Leader: "陈国平", Section: "股室", Measures: []ledger.Measure{{Text: "检查"}}}
	paper := ledger.Submission{ID: "8-JT-plan-1", Round: 8, Organisation: "JT", Team: "team-1", Doc: mechanism.Plan, Number: 1}
	act := ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Plan, Number: 1}
	env := lifeEnv()
	env.Findings = []ledger.Finding{f}
	if _, err := ledger.Decide(paper, act, env); code(err) != "acknowledge.missing" {
		t.Errorf("got %v", err)
	}
	env.Findings[0].Acknowledgement.Position = ledger.Disagrees // contested is answered
	if _, err := ledger.Decide(paper, act, env); err != nil {
		t.Errorf("answered: %v", err)
	}
}

// after decides an act and applies what follows.
func after(t *testing.T, f ledger.Finding, act ledger.Act, env ledger.Env) ledger.Finding {
	t.Helper()
	facts, err := ledger.Decide(f, act, env)
	if err != nil {
		t.Fatal(err)
	}
	return f.Apply(facts[0].Event).(ledger.Finding)
}

// What rests is due again because of the date; nothing happens to it meanwhile.
func TestWhatRestsIsDueOnItsDay(t *testing.T) {
	f := after(t, standing(ledger.Returned, nil), ledger.Settle{Outcome: mechanism.Continuing, Reason: "试行", Until: date("2026-04-01")}, lifeEnv())
	if f.Stage != ledger.ContinuingStage || !f.Running() || f.Due() != date("2026-04-01") {
		t.Errorf("stage %s, running %v, due %s", f.Stage, f.Running(), f.Due())
	}
	for day, open := range map[string]bool{"2026-03-31": false, "2026-04-01": true, "2026-07-01": true} {
		if f.Open(mechanism.Report, date(day)) != open || f.Resting(date(day)) == open {
			t.Errorf("on %s: goes into the report %v", day, !open)
		}
	}
	sent := f.Apply(ledger.ItemSent{Submission: "8-JT-report-2", Item: ledger.Item{Doc: mechanism.Report}}).(ledger.Finding)
	if sent.Stage != ledger.InReview || sent.Outcome() != "" || len(sent.Past) != 1 || sent.Past[0].Again != "8-JT-report-2" {
		t.Errorf("under review again: %+v", sent)
	}
}

// A granted extension moves the deadline and keeps the earlier one.
func TestExtensionKeepsTheEarlierDate(t *testing.T) {
	env := lifeEnv()
	f := standing(ledger.Rectifying, func(f *ledger.Finding) { f.Class.DeadlineText = "三月底前" })
	f = after(t, f, ledger.AskExtension{To: date("2026-05-01"), Reason: "等待批复"}, env)
	refused := after(t, f, ledger.DecideExtension{Reason: "不充分"}, env)
	if refused.Class.Deadline != date("2026-03-31") || refused.Class.DeadlineText != "三月底前" || refused.Granted() != 0 {
		t.Errorf("refused, and yet %+v", refused.Class)
	}
	granted := after(t, f, ledger.DecideExtension{Grant: true}, env)
	e := granted.Extensions[0]
	if granted.Due() != date("2026-05-01") || e.From != date("2026-03-31") || e.FromText != "三月底前" || !e.Granted {
		t.Errorf("due %s, kept %+v", granted.Due(), e)
	}
	if len(f.Extensions) != 1 || f.Extensions[0].Granted {
		t.Error("the decision changed the state before it")
	}
}

// The office may have moved the deadline past what was asked for.
func TestExtensionOvertakenByACorrection(t *testing.T) {
	env := lifeEnv()
	f := after(t, standing(ledger.Rectifying, nil), ledger.AskExtension{To: date("2026-05-01"), Reason: "等待批复"}, env)
	f.Class.Deadline = date("2026-06-01")
	if _, err := ledger.Decide(f, ledger.DecideExtension{Grant: true}, env); code(err) != "extension.not_later" {
		t.Errorf("got %v", err)
	}
	if _, err := ledger.Decide(f, ledger.DecideExtension{Reason: "已另行调整"}, env); err != nil {
		t.Errorf("refusing it: %v", err)
	}
}

// Reopening keeps how the finding had ended and takes every earlier verdict's word.
func TestReopeningKeepsTheEnding(t *testing.T) {
	closed := standing(ledger.ClosedStage, func(f *ledger.Finding) {
		f.Recognised, f.Closed = date("2026-02-01"), ledger.Closing{On: date("2026-02-05"), Submission: "8-JT-report-1"}
	})
	f := after(t, closed, ledger.Reopen{Reason: "反弹"}, lifeEnv())
	want := []ledger.Ending{{
		Stage: ledger.ClosedStage, Recognised: date("2026-02-01"), Closed: closed.Closed, Reopened: date("2026-03-02"), Reason: "反弹", Person: "p1",
	}}
	if diff := cmp.Diff(encode(t, want), encode(t, f.Past)); diff != "" {
		t.Errorf("past (-want +got):\n%s", diff)
	}
	if f.Stage != ledger.Returned || !f.Reopened || !f.Closed.On.IsZero() {
		t.Errorf("reopened: %+v", f)
	}
	sent := f.Apply(ledger.ItemSent{Submission: "8-JT-report-2", Item: ledger.Item{Doc: mechanism.Report}}).(ledger.Finding)
	if sent.Reopened {
		t.Error("still reopened after it was reported on")
	}
}
