package ledger

import (
	"errors"
	"testing"

	"lianshen/internal/workday"
)

// imported is a finding as a ledger brought it: nobody has decided anything.
func imported() Finding {
	return Finding{Number: "08-JT-001", Round: 8, Organisation: "JT"}.Apply(FindingRegistered{
		Round: 8, Organisation: "JT", Feedback: Feedback{Text: "监管存在盲区。"},
		Class:    Class{Category: "决策部署", Kind: Dated},
		Plan:     Plan{Leader: "张三", Measures: []Measure{{Number: "08-JT-001-1", Text: "逐家检查"}}},
		Progress: Progress{Claim: InProgress, Evidence: []Evidence{{ID: "08-JT-001-e1", Name: "检查记录", File: File{SHA256: "ab"}}}},
	}).(Finding)
}

func correction(f Finding) Correct {
	return Correct{Number: f.Number, Class: f.Class, Plan: f.Plan, Progress: f.Progress, Import: "8-import-2"}
}

func codeOf(err error) string {
	var no Refusal
	errors.As(err, &no)
	return no.Code
}

// What people decided, sent or wrote stands, part by part.
func TestALedgerKeepsWhatPeopleDecided(t *testing.T) {
	parts := []Part{FeedbackPart, ClassPart, WatchPart, PlanPart, ProgressPart}
	for name, c := range map[string]struct {
		change func(*Finding)
		keeps  []string // by part, "" where a ledger may change it
	}{
		"as imported":          {func(*Finding) {}, []string{"feedback", "", "", "", ""}},
		"filed by hand":        {func(f *Finding) { f.ClassBy = "zhou" }, []string{"feedback", "class_set", "", "", ""}},
		"assigned by hand":     {func(f *Finding) { f.WatchBy = "zhou" }, []string{"feedback", "", "watch_set", "", ""}},
		"extension asked for":  {func(f *Finding) { f.Extensions = []Extension{{}} }, []string{"feedback", "extension", "", "", ""}},
		"written here":         {func(f *Finding) { f.Editors = []string{"he"} }, []string{"feedback", "", "", "written", "written"}},
		"plan passed":          {func(f *Finding) { f.PlanPassed = true }, []string{"feedback", "judged", "", "plan_passed", ""}},
		"plan under review":    {func(f *Finding) { f.PlanIn = "8-JT-plan-1" }, []string{"feedback", "in_review", "in_review", "in_review", "in_review"}},
		"report under review":  {func(f *Finding) { f.ReportIn = "8-JT-report-1" }, []string{"feedback", "in_review", "in_review", "in_review", "in_review"}},
		"closing under review": {func(f *Finding) { f.ClosingIn = "8-JT-closing-1" }, []string{"feedback", "in_review", "in_review", "in_review", "in_review"}},
		"reported once, back":  {func(f *Finding) { f.Stage, f.LastReport = Returned, "8-JT-report-1" }, []string{"feedback", "judged", "", "", ""}},
		"recognised":           {func(f *Finding) { f.Stage = Recognised }, []string{"feedback", "ended", "ended", "ended", "ended"}},
		"closed":               {func(f *Finding) { f.Stage = ClosedStage }, []string{"feedback", "ended", "ended", "ended", "ended"}},
		"settled":              {func(f *Finding) { f.Stage = SettledStage }, []string{"feedback", "ended", "ended", "ended", "ended"}},
		"resting":              {func(f *Finding) { f.Stage = ContinuingStage }, []string{"feedback", "continuing", "continuing", "continuing", "continuing"}},
	} {
		f := imported()
		c.change(&f)
		for i, p := range parts {
			want := c.keeps[i]
			if want != "" {
				want = "correct." + want
			}
			if got := codeOf(f.Keeps(p)); got != want {
				t.Errorf("%s: %s is kept for %q, want %q", name, p, got, want)
			}
		}
	}
}

// The act asks the same rule, and records only what differs.
func TestACorrectionRecordsOnlyWhatDiffers(t *testing.T) {
	env := Env{Today: workday.Date{}, Person: "zhou"}
	f := imported()
	if _, err := Decide(f, correction(f), env); codeOf(err) != "act.nothing_changed" {
		t.Errorf("nothing changed: %v", err)
	}
	act := correction(f)
	act.Plan.Leader = "李四"
	facts, err := Decide(f, act, env)
	if err != nil {
		t.Fatal(err)
	}
	e := facts[0].Event.(FindingCorrected)
	if e.Class != nil || e.Progress != nil || e.Evidence != nil || e.Plan == nil || e.Import != "8-import-2" {
		t.Errorf("recorded %+v", e)
	}
	after := f.Apply(e).(Finding)
	if after.Plan.Leader != "李四" || len(after.Plan.Measures) != 1 || after.Stage != f.Stage || len(after.Editors) != 0 {
		t.Errorf("after it %+v", after)
	}
	act = correction(f)
	act.Progress.Claim, act.Evidence = Done, []Evidence{{ID: "08-JT-001-e2", Name: "整改报告"}}
	facts, err = Decide(f, act, env)
	if err != nil {
		t.Fatal(err)
	}
	if after := f.Apply(facts[0].Event).(Finding); len(after.Progress.Evidence) != 2 || after.Progress.Evidence[0].File.SHA256 != "ab" || after.Progress.Claim != Done {
		t.Errorf("after it %+v", after.Progress)
	}
}

func TestACorrectionOfWhatIsKeptIsRefused(t *testing.T) {
	for want, c := range map[string]struct {
		change func(*Finding)
		act    func(*Correct)
	}{
		"correct.class_set":   {func(f *Finding) { f.ClassBy = "zhou" }, func(a *Correct) { a.Class.Aspect = "监管" }},
		"correct.plan_passed": {func(f *Finding) { f.PlanPassed = true }, func(a *Correct) { a.Plan.Target = "全覆盖" }},
		"correct.written":     {func(f *Finding) { f.Editors = []string{"he"} }, func(a *Correct) { a.Progress.Text = "已办" }},
		"correct.in_review":   {func(f *Finding) { f.ReportIn = "x" }, func(a *Correct) { a.Evidence = []Evidence{{ID: "n", Name: "n"}} }},
		"correct.ended":       {func(f *Finding) { f.Stage = ClosedStage }, func(a *Correct) { a.Progress.Remark = "补" }},
	} {
		f := imported()
		c.change(&f)
		act := correction(f)
		c.act(&act)
		if _, err := Decide(f, act, Env{}); codeOf(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
