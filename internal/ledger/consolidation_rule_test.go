package ledger_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// court is a finding under review of a panel of five, and what they said.
func court(said map[joint.Party]joint.Conclusion, change func(*mechanism.Document, *mechanism.Mechanism)) ledger.Env {
	m := mechanism.Mechanism{Code: "court", Documents: []mechanism.Document{{Code: mechanism.Report}}}
	for _, p := range []joint.Party{"a", "b", "c", "d", "e"} {
		m.Parties = append(m.Parties, mechanism.Party{Code: p, Name: string(p), Convenes: p == "a", Consolidates: p == "a"})
	}
	if change != nil {
		change(&m.Documents[0], &m)
	}
	env := ledger.Env{
		Mechanism: m, Person: "p1", Now: newWorld().now,
		Submission: ledger.Submission{ID: "s", Round: 8, Doc: mechanism.Report, Stage: ledger.Reviewed, Sent: ledger.Sending{Findings: []string{"f"}}},
		Findings:   []ledger.Finding{{Number: "f"}},
	}
	for _, p := range m.Parties {
		if c, spoke := said[p.Code]; spoke {
			id := ledger.VerdictID("s", "f", p.Code)
			env.Verdicts = append(env.Verdicts, ledger.Verdict{ID: id, Party: p.Code, Judged: ledger.Judged{Conclusion: c}, Version: 1})
			if c != joint.Agree && c.Known() {
				env.Opinions = append(env.Opinions, ledger.Opinion{
					ID: id + ":1", Finding: "f", Party: p.Code, Said: ledger.Said{Criterion: "result", Kind: ledger.Must, Text: "补充" + string(p.Code)},
				})
			}
		}
	}
	return env
}

// conclude consolidates with one entry that carries every opinion.
func conclude(env ledger.Env, c joint.Conclusion, reason string) (ledger.Consolidation, error) {
	act := ledger.Consolidate{Submission: "s", Finding: "f", Conclusion: c, Reason: reason}
	entry := ledger.Entry{Text: "请补充"}
	for _, o := range env.Opinions {
		entry.Origins = append(entry.Origins, o.ID)
	}
	act.Entries = []ledger.Entry{entry}
	facts, err := ledger.Decide(act.Blank(env), act, env)
	if err != nil {
		return ledger.Consolidation{}, err
	}
	return facts[0].On.Apply(facts[0].Event).(ledger.Consolidation), nil
}

func refusedAs(t *testing.T, err error, code string) {
	t.Helper()
	var r ledger.Refusal
	if code == "" && err == nil || errors.As(err, &r) && r.Code == code {
		return
	}
	t.Errorf("got %v, want refusal %q", err, code)
}

const (
	agree = joint.Agree
	goOn  = joint.Continue
	back  = joint.Return
)

type said = map[joint.Party]joint.Conclusion

// split is four that agree and one that does not.
var split = said{"a": agree, "b": agree, "c": agree, "d": agree, "e": back}

func TestConsolidationFollowsTheRule(t *testing.T) {
	byMeeting := func(_ *mechanism.Document, m *mechanism.Mechanism) { m.Disputes.Meeting = true }
	outvote := func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Rule.Agrees = 4 }
	for name, c := range map[string]struct {
		said    said
		change  func(*mechanism.Document, *mechanism.Mechanism)
		env     func(*ledger.Env)
		draw    joint.Conclusion
		reason  string
		refused string
		want    func(ledger.Consolidation) bool
	}{
		"a seat is missing":          {said: said{"a": agree, "b": agree, "c": agree, "d": agree}, draw: agree, refused: "consolidate.parties_missing"},
		"the own seat is missing":    {said: said{"b": agree}, env: func(e *ledger.Env) { e.Speaks = "a" }, draw: agree, refused: "consolidate.own_missing"},
		"the own seat is not needed": {said: said{"b": back, "c": agree}, change: func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Rule.Required = []joint.Party{"b", "c"} }, env: func(e *ledger.Env) { e.Speaks = "a" }, draw: agree, refused: "consolidate.own_missing"},
		"short of the quorum": {said: said{"a": agree, "b": agree}, change: func(d *mechanism.Document, _ *mechanism.Mechanism) {
			d.Rule = joint.Rule{Required: []joint.Party{"a"}, Quorum: 3}
		}, draw: agree, refused: "consolidate.quorum_short"},
		"a word that is none":       {said: split, draw: "perhaps", reason: "从严", refused: "verdict.conclusion_missing"},
		"disputed without a reason": {said: split, draw: back, refused: "consolidate.reason_missing"},
		"the strictest with a reason": {said: split, draw: back, reason: "从严", want: func(x ledger.Consolidation) bool {
			return x.Disputed && !x.Override && slices.Equal(x.Minority, []joint.Party{"e"}) && x.Views["e"] == back && x.Entries[0].Criterion == "result"
		}},
		"more leniently":                    {said: split, draw: goOn, reason: "限期补", want: func(x ledger.Consolidation) bool { return x.Override }},
		"more strictly":                     {said: said{"a": agree, "b": agree, "c": agree, "d": agree, "e": goOn}, draw: back, reason: "从严", want: func(x ledger.Consolidation) bool { return !x.Override }},
		"outvoted by the rule":              {said: split, change: outvote, draw: agree, want: func(x ledger.Consolidation) bool { return x.Disputed && !x.Override && x.Reason == "" }},
		"against the rule":                  {said: split, change: outvote, draw: back, refused: "consolidate.reason_missing"},
		"all agree":                         {said: said{"a": agree, "b": agree, "c": agree, "d": agree, "e": agree}, draw: agree, want: func(x ledger.Consolidation) bool { return !x.Disputed && !x.Override }},
		"all agree, and yet":                {said: said{"a": agree, "b": agree, "c": agree, "d": agree, "e": agree}, draw: goOn, refused: "consolidate.reason_missing"},
		"a meeting is needed":               {said: split, change: byMeeting, draw: back, reason: "从严", refused: "consolidate.meeting_needed"},
		"no meeting where the rule settles": {said: split, change: func(d *mechanism.Document, m *mechanism.Mechanism) { outvote(d, m); byMeeting(d, m) }, draw: agree, want: func(x ledger.Consolidation) bool { return x.Meeting == "" }},
		"no meeting where nobody differs":   {said: said{"a": back, "b": back, "c": back, "d": back, "e": back}, change: byMeeting, draw: back, want: func(x ledger.Consolidation) bool { return !x.Override }},
		"as the meeting resolved": {said: split, change: byMeeting, env: resolvedAs(agree), draw: agree, want: func(x ledger.Consolidation) bool {
			return x.Meeting == "8-m2" && x.Reason == "会上一致" && !x.Override
		}},
		"other than the meeting resolved": {said: split, env: resolvedAs(agree), draw: back, reason: "从严", refused: "consolidate.against_resolution"},
		"returned as often as may be":     {said: said{"a": back, "b": back, "c": back, "d": back, "e": back}, change: func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Returns = 2 }, env: func(e *ledger.Env) { e.Returns = 2 }, draw: back, refused: "consolidate.returns_exhausted"},
		"returned once less":              {said: said{"a": back, "b": back, "c": back, "d": back, "e": back}, change: func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Returns = 2 }, env: func(e *ledger.Env) { e.Returns = 1 }, draw: back, want: func(ledger.Consolidation) bool { return true }},
		"returned again by a meeting":     {said: said{"a": back, "b": back, "c": back, "d": back, "e": back}, change: func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Returns = 2 }, env: func(e *ledger.Env) { e.Returns = 2; resolvedAs(back)(e) }, draw: back, want: func(x ledger.Consolidation) bool { return x.Meeting == "8-m2" }},
		"not under review":                {said: split, env: func(e *ledger.Env) { e.Submission.Stage = ledger.SentBack }, draw: back, reason: "从严", refused: "consolidate.not_in_review"},
	} {
		t.Run(name, func(t *testing.T) {
			env := court(c.said, c.change)
			if c.env != nil {
				c.env(&env)
			}
			made, err := conclude(env, c.draw, c.reason)
			refusedAs(t, err, c.refused)
			if c.refused == "" && !c.want(made) {
				t.Errorf("made %+v", made)
			}
		})
	}
}

// resolvedAs has two meetings speak on the finding; the later one counts.
func resolvedAs(c joint.Conclusion) func(*ledger.Env) {
	return func(e *ledger.Env) {
		e.Resolved = []ledger.Concluded{
			{Meeting: "8-m1", Resolution: ledger.Resolution{Conclusion: goOn, Reason: "再议"}},
			{Meeting: "8-m2", Resolution: ledger.Resolution{Conclusion: c, Reason: "会上一致"}},
		}
	}
}

func TestOpinionsOfDifferentFindingsAreNotMerged(t *testing.T) {
	env := court(split, nil)
	for origin, code := range map[string]string{
		"s:g:e:1": "consolidate.origin_elsewhere", "s:f:b:1": "consolidate.origin_unknown", "nonsense": "consolidate.origin_unknown",
	} {
		act := ledger.Consolidate{
			Submission: "s", Finding: "f", Conclusion: back, Reason: "从严",
			Entries: []ledger.Entry{{Text: "请补充", Origins: []string{"s:f:e:1", origin}}},
		}
		_, err := ledger.Decide(act.Blank(env), act, env)
		refusedAs(t, err, code)
	}
}

// Whatever the panel, the rule and the votes: nobody gets away more leniently than
// the rule says, unless a person says so openly with a reason, or a meeting did.
func TestNoLenienceWithoutAName(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0)) //nolint:gosec // the same walk every time
	answers := []joint.Conclusion{agree, goOn, back, joint.Abstained}
	overrides, outvoted, met := 0, 0, 0
	for range 20_000 {
		votes := said{}
		for _, p := range []joint.Party{"a", "b", "c", "d", "e"} {
			if r.IntN(12) > 0 {
				votes[p] = answers[r.IntN(len(answers))]
			}
		}
		env := court(votes, func(d *mechanism.Document, m *mechanism.Mechanism) {
			d.Rule = joint.Rule{
				Quorum: r.IntN(4), Agrees: r.IntN(6), Abstain: []joint.Abstention{joint.AbstainAbsent, joint.AbstainAgree, joint.AbstainAgainst}[r.IntN(3)],
			}
			if r.IntN(3) == 0 {
				d.Rule.Required = []joint.Party{"a", "e"}
			}
			if r.IntN(4) == 0 {
				d.Rule.Veto = []joint.Party{"e"}
			}
			m.Disputes.Meeting = r.IntN(3) == 0
			d.Returns = r.IntN(3)
		})
		env.Returns = r.IntN(3)
		if r.IntN(4) == 0 {
			resolvedAs(joint.Conclusions()[r.IntN(3)])(&env)
		}
		draw, reason := joint.Conclusions()[r.IntN(3)], []string{"", "写明理由"}[r.IntN(2)]
		made, err := conclude(env, draw, reason)
		if err != nil {
			continue
		}
		doc := env.Mechanism.Documents[0]
		reading := joint.Read(env.Mechanism.Panel(mechanism.Report, false), doc.Rule, votes)
		lenient := slices.Index(joint.Conclusions(), made.Conclusion) < slices.Index(joint.Conclusions(), reading.Holds)
		what := fmt.Sprintf("votes %v, rule %+v, holds %s, made %+v", votes, doc.Rule, reading.Holds, made)
		switch {
		case !reading.Complete():
			t.Fatalf("made of an incomplete panel: %s", what)
		case made.Meeting != "" && made.Conclusion != env.Resolved[len(env.Resolved)-1].Conclusion:
			t.Fatalf("not what the meeting resolved: %s", what)
		case lenient && made.Meeting == "" && (!made.Override || made.Reason == ""):
			t.Fatalf("silently lenient: %s", what)
		case !lenient && made.Override:
			t.Fatalf("called an override and is none: %s", what)
		case made.Meeting == "" && env.Mechanism.Disputes.Meeting && reading.Disputed && !reading.Settled:
			t.Fatalf("without the meeting it needs: %s", what)
		}
		if made.Override {
			overrides++
		}
		if made.Meeting != "" {
			met++
		}
		if reading.Holds != reading.Strictest {
			outvoted++
		}
	}
	if overrides < 100 || outvoted < 100 || met < 100 {
		t.Errorf("%d overrides, %d outvoted, %d by meetings: the walk no longer meets what it is to test", overrides, outvoted, met)
	}
}
