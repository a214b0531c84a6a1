package ledger_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A desk is one finding under review, as a reviewer of the discipline commission
// has it before them.
type desk struct {
	env     ledger.Env
	verdict ledger.Verdict
	give    ledger.GiveVerdict
	doc     *mechanism.Document // of env.Mechanism, to be changed
}

const deskReport, deskFinding = "8-JT-report-1", "08-JT-001"

func newDesk() *desk {
	m := mechanism.Presets()["weixi"]
	m.Documents = slices.Clone(m.Documents)
	d := &desk{give: verdict(deskReport, deskFinding, "discipline", joint.Agree, nil)}
	for i := range m.Documents {
		if m.Documents[i].Code == mechanism.Report {
			d.doc = &m.Documents[i]
		}
	}
	d.env = ledger.Env{
		Now: time.Date(2026, 3, 9, 2, 0, 0, 0, time.UTC), Today: date("2026-03-09"), Calendar: workday.Published(), Mechanism: m, Person: "ge",
		Submission: ledger.Submission{
			ID: deskReport, Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 1, Stage: ledger.Reviewed,
			Sent: ledger.Sending{Findings: []string{deskFinding}}, Version: 3,
		},
		Findings: []ledger.Finding{{Number: deskFinding, Stage: ledger.InReview}},
		Item:     ledger.Item{Plan: ledger.Plan{Measures: []ledger.Measure{{Number: "08-JT-001-1"}}}},
	}
	d.verdict = d.give.Blank(d.env).(ledger.Verdict)
	return d
}

func (d *desk) says(kind ledger.OpinionKind, change func(*ledger.Said)) {
	said := ledger.Said{Criterion: "result", Kind: kind, Text: "无数据", Change: "补充数据"}
	if change != nil {
		change(&said)
	}
	d.give.Opinions = append(d.give.Opinions, said)
}

// answered puts an answered opinion of the party on the desk and says what the
// party now holds of the answer.
func (d *desk) answered(content bool) {
	o := ledger.Opinion{ID: "8-JT-report-0:08-JT-001:discipline:1", Finding: deskFinding, Party: "discipline", Said: ledger.Said{Criterion: "result"}, Stage: ledger.Answered, Version: 4}
	d.env.Opinions = append(d.env.Opinions, o)
	d.give.Rechecks = map[string]bool{o.ID: content}
}

func code(err error) string {
	var refusal ledger.Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return ""
}

// Everything that may be wrong with a verdict has an answer of its own.
func TestVerdictBadInput(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*desk)
		want  string
	}{
		"criterion without a word":        {func(d *desk) { delete(d.give.Judged.Words, "result") }, "verdict.criterion_missing"},
		"word that is not on the scale":   {func(d *desk) { d.give.Judged.Words["result"] = "splendid" }, "verdict.criterion_missing"},
		"criterion not in the mechanism":  {func(d *desk) { d.give.Judged.Words["beauty"] = "pass" }, "verdict.criterion_unknown"},
		"opinion on an unknown criterion": {func(d *desk) { d.says(ledger.Must, func(o *ledger.Said) { o.Criterion = "beauty" }) }, "opinion.criterion_unknown"},
		"no conclusion":                   {func(d *desk) { d.give.Judged.Conclusion = "" }, "verdict.conclusion_missing"},
		"pretending to be passed over":    {func(d *desk) { d.give.Judged.Conclusion = joint.Passed }, "verdict.conclusion_missing"},
		"negative without an opinion":     {func(d *desk) { d.give.Judged.Conclusion = joint.Return }, "verdict.opinion_missing"},
		"negative with a remark only":     {func(d *desk) { d.give.Judged.Conclusion = joint.Return; d.says(ledger.Remark, nil) }, "verdict.opinion_missing"},
		"failing word unexplained":        {func(d *desk) { d.give.Judged.Words["result"] = "fail" }, "verdict.fail_unexplained"},
		"opinion without a text":          {func(d *desk) { d.says(ledger.Must, func(o *ledger.Said) { o.Text = " " }) }, "opinion.text_missing"},
		"opinion of an unknown kind":      {func(d *desk) { d.says("shall", nil) }, "opinion.kind_unknown"},
		"opinion without required change": {func(d *desk) { d.doc.RequireChange = true; d.says(ledger.Must, func(o *ledger.Said) { o.Change = "" }) }, "opinion.change_missing"},
		"opinion on a measure not sent":   {func(d *desk) { d.says(ledger.Must, func(o *ledger.Said) { o.Measure = "08-JT-001-9" }) }, "opinion.measure_unknown"},
		"opinion due yesterday":           {func(d *desk) { d.says(ledger.Must, func(o *ledger.Said) { o.Due = date("2026-03-08") }) }, "opinion.due_past"},
		"answer not looked at":            {func(d *desk) { d.answered(true); d.give.Rechecks = nil }, "verdict.recheck_missing"},
		"not content, and silent on it":   {func(d *desk) { d.answered(false) }, "verdict.renewal_missing"},
		"after the deadline, door shut": {func(d *desk) {
			d.doc.Late, d.env.Submission.Due = mechanism.LateShut, []ledger.PartyDue{{Party: "discipline", By: date("2026-03-06")}}
		}, "verdict.after_deadline"},
		"twice":                 {func(d *desk) { d.verdict.Version = 1 }, "verdict.twice"},
		"on a closed finding":   {func(d *desk) { d.env.Findings[0].Stage = ledger.ClosedStage }, "verdict.finding_closed"},
		"on a finding not sent": {func(d *desk) { d.give.Finding = "08-JT-002" }, "verdict.not_in_submission"},
		"after the letter":      {func(d *desk) { d.env.Submission.Stage = ledger.SentBack }, "verdict.not_in_review"},
		"after the consolidation": {func(d *desk) {
			d.env.Consolidations = []ledger.Consolidation{{Submission: deskReport, Finding: deskFinding}}
		}, "verdict.consolidated"},
		"by a stranger to the panel":   {func(d *desk) { d.verdict.Party = "audit" }, "verdict.not_on_panel"},
		"by a party of other papers":   {func(d *desk) { d.doc.Parties = []joint.Party{"office", "team"} }, "verdict.not_on_panel"},
		"on what the party is not put": {func(d *desk) { d.sees(mechanism.SeesOrganCadre) }, "verdict.not_put_to_party"},
		"by who wrote the text":        {func(d *desk) { d.env.Findings[0].Editors = []string{"ge"} }, "verdict.own_text"},
		"abstaining where nobody may":  {func(d *desk) { d.abstain("没有参加", "") }, "verdict.abstain_not_allowed"},
		"abstaining without a reason":  {func(d *desk) { d.abstain("  ", joint.AbstainAbsent) }, "verdict.abstain_reason"},
		"abstaining with words": {func(d *desk) {
			d.abstain("没有参加", joint.AbstainAbsent)
			d.give.Judged.Words = map[string]string{"result": "pass"}
		}, "verdict.abstain_words"},
		"abstaining with a demand":     {func(d *desk) { d.abstain("没有参加", joint.AbstainAbsent); d.says(ledger.Must, nil) }, "verdict.abstain_opinion"},
		"no grade where there are":     {func(d *desk) { d.doc.Grades = []mechanism.Word{{Code: "good"}} }, "verdict.grade_missing"},
		"a grade where there are none": {func(d *desk) { d.give.Judged.Grade = "good" }, "verdict.grade_unknown"},
	} {
		d := newDesk()
		c.spoil(d)
		if _, err := ledger.Decide(d.verdict, d.give, d.env); code(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	d := newDesk()
	if _, err := ledger.Decide(d.verdict, d.give, d.env); err != nil {
		t.Errorf("the verdict that is spoilt above is refused as it is: %v", err)
	}
}

func (d *desk) sees(s mechanism.Sight) {
	d.env.Mechanism.Parties = slices.Clone(d.env.Mechanism.Parties)
	for i, p := range d.env.Mechanism.Parties {
		if p.Code == "discipline" {
			d.env.Mechanism.Parties[i].Sees = s
		}
	}
}

func (d *desk) abstain(reason string, as joint.Abstention) {
	d.doc.Rule.Abstain = as
	d.give.Judged = ledger.Judged{Conclusion: joint.Abstained, Reason: reason}
}

func TestAbstainingNeedsNoWords(t *testing.T) {
	d := newDesk()
	d.abstain("没有参加巡察", joint.AbstainAbsent)
	d.says(ledger.Remark, nil)
	if _, err := ledger.Decide(d.verdict, d.give, d.env); err != nil {
		t.Errorf("an abstention with a reason and a remark: %v", err)
	}
}

// Whoever is late where the review waits, or where the convener decides, may speak.
func TestLatePartyMaySpeakUnlessShut(t *testing.T) {
	for _, late := range []mechanism.Late{mechanism.LateWaits, mechanism.LatePassed} {
		d := newDesk()
		d.doc.Late, d.env.Submission.Due = late, []ledger.PartyDue{{Party: "discipline", By: date("2026-03-06")}}
		if _, err := ledger.Decide(d.verdict, d.give, d.env); err != nil {
			t.Errorf("late %q: %v", late, err)
		}
	}
}

// applied folds the facts onto the desk and returns the verdict and the opinions.
func (d *desk) applied(t *testing.T, act ledger.Act) (ledger.Verdict, map[string]ledger.Opinion) {
	t.Helper()
	facts, err := ledger.Decide(d.verdict, act, d.env)
	if err != nil {
		t.Fatal(err)
	}
	opinions := map[string]ledger.Opinion{}
	for _, o := range d.env.Opinions {
		opinions[o.ID] = o
	}
	for _, f := range facts {
		switch s := f.On.Apply(f.Event).(type) {
		case ledger.Verdict:
			d.verdict = s
		case ledger.Opinion:
			opinions[s.ID] = s
		}
	}
	d.env.Opinions = d.env.Opinions[:0]
	for _, o := range opinions {
		d.env.Opinions = append(d.env.Opinions, o)
	}
	return d.verdict, opinions
}

// What is taken back takes its opinions and its re-checks along; it may be given
// anew, and no number of an opinion is used twice.
func TestTakingBackAndGivingAnew(t *testing.T) {
	d := newDesk()
	d.answered(false)
	d.give.Judged.Conclusion = joint.Return
	d.says(ledger.Must, nil)
	_, opinions := d.applied(t, d.give)
	old, first := "8-JT-report-0:08-JT-001:discipline:1", d.verdict.ID+":1"
	if o := opinions[first]; !slices.Equal(o.Renews, []string{old}) || opinions[old].Stage != ledger.Again {
		t.Fatalf("raised again: %+v renews %v; old one is %s", o.Stage, o.Renews, opinions[old].Stage)
	}
	d.env.Verdicts = []ledger.Verdict{d.verdict, {Party: "office", Version: 1}}
	back := ledger.TakeBack{Submission: deskReport, Finding: deskFinding, Party: "discipline", Reason: "看错了版本"}
	v, opinions := d.applied(t, back)
	if v.Standing() || !v.Back.Known || opinions[first].Stage != ledger.TakenBack || opinions[old].Stage != ledger.Answered {
		t.Fatalf("after taking back: standing %t, known %t, opinion %s, re-checked one %s", v.Standing(), v.Back.Known, opinions[first].Stage, opinions[old].Stage)
	}
	if _, err := ledger.Decide(d.verdict, back, d.env); code(err) != "take_back.not_given" {
		t.Errorf("taken back twice: %v", err)
	}
	v, opinions = d.applied(t, d.give)
	second := d.verdict.ID + ":2"
	if !v.Standing() || opinions[second].Stage != ledger.Raised || opinions[first].Stage != ledger.TakenBack {
		t.Errorf("given anew: standing %t, opinions %+v", v.Standing(), opinions)
	}
	d.env.Consolidations = []ledger.Consolidation{{Submission: deskReport, Finding: deskFinding}}
	if _, err := ledger.Decide(d.verdict, back, d.env); code(err) != "take_back.consolidated" {
		t.Errorf("taken back after the consolidation: %v", err)
	}
}
