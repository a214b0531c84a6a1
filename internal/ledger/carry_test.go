package ledger_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// On random second versions: a verdict stays exactly where text and evidence are
// the same, the finding had not been passed, the party has no answer to look at
// and the reviewer has not written since; and what stays is the same verdict.
func TestVerdictsStayOnWhatHasNotChanged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 8))
	seen := map[string]int{}
	for range 2000 {
		f := ledger.Finding{Number: "08-JT-001", Round: 8, Organisation: "JT", Progress: ledger.Progress{Text: "检查31家"}}
		was := ledger.Earlier{Item: ledger.ItemOf(mechanism.Report, f), Agreed: rnd.IntN(5) == 0}
		changed := change(rnd, &f)
		if rnd.IntN(4) == 0 {
			f.Editors = []string{"p-office"}
		}
		var opinions []ledger.Opinion
		for _, party := range []joint.Party{"office", "discipline", "personnel", "team", "stranger"} {
			if rnd.IntN(5) == 0 {
				continue
			}
			v := ledger.Verdict{
				ID: ledger.VerdictID("8-JT-report-1", f.Number, party), Submission: "8-JT-report-1", Finding: f.Number, Party: party, Person: "p-" + string(party),
				Judged: ledger.Judged{Conclusion: joint.Conclusions()[rnd.IntN(3)], Words: map[string]string{"result": "pass"}}, Version: 1,
			}
			was.Verdicts = append(was.Verdicts, v)
			if stage := []ledger.OpinionStage{"", ledger.Answered, ledger.Resolved, ledger.Again, ledger.SetAside, ledger.Noted}[rnd.IntN(6)]; stage != "" {
				opinions = append(opinions, ledger.Opinion{ID: v.ID + ":1", Submission: v.Submission, Finding: f.Number, Party: party, Stage: stage, Version: 1})
			}
		}
		got := sendSecond(t, f, was, opinions)
		for _, v := range was.Verdicts {
			looks := slices.ContainsFunc(opinions, func(o ledger.Opinion) bool {
				return o.Party == v.Party && (o.Stage == ledger.Answered || o.Rechecked())
			})
			stays := !changed && !was.Agreed && !looks && v.Party != "stranger" && !slices.Contains(f.Editors, v.Person)
			carried, does := got[v.Party]
			if stays != does {
				t.Fatalf("%s: carried %t, want %t (changed %t, agreed %t, looks %t)", v.Party, does, stays, changed, was.Agreed, looks)
			}
			if does && (carried.From != v.ID || carried.LookedAt() != "8-JT-report-1" || !cmp.Equal(carried.Judged, v.Judged)) {
				t.Fatalf("%s: carried as %+v, want %+v", v.Party, carried, v)
			}
			seen[map[bool]string{true: "stays", false: "expires"}[stays]]++
		}
	}
	if seen["stays"] < 300 || seen["expires"] < 300 {
		t.Errorf("the versions were too alike to show anything: %v", seen)
	}
}

// change makes one of the changes that a party has to look at, or none.
func change(rnd *rand.Rand, f *ledger.Finding) bool {
	switch rnd.IntN(8) {
	case 0:
		f.Progress.Text += "，关停2家"
	case 1:
		f.Progress.Evidence = []ledger.Evidence{{ID: "e1", Name: "名单"}}
	case 2:
		f.Plan.Cause = "认识不足"
	default:
		f.LastReport, f.AnswerBy, f.PlanPassed = "8-JT-report-1", date("2026-03-20"), true // not part of the text
		return false
	}
	return true
}

// sendSecond sends version 2 with the finding and returns the verdicts carried into it.
func sendSecond(t *testing.T, f ledger.Finding, was ledger.Earlier, opinions []ledger.Opinion) map[joint.Party]ledger.Verdict {
	t.Helper()
	s := ledger.Submission{
		ID: "8-JT-report-2", Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: 2, Stage: ledger.Pledging, Version: 2,
		Pledge: ledger.Pledged{Hash: ledger.ContentHash(mechanism.Report, []ledger.Finding{f})},
	}
	w := newWorld()
	facts, err := ledger.Decide(s, ledger.Send{Submission: s.ID}, ledger.Env{
		Now: w.now, Mechanism: mechanism.Presets()["weixi"], Submission: s, Findings: []ledger.Finding{f},
		Earlier: map[string]ledger.Earlier{f.Number: was}, Opinions: opinions, Seats: taken,
	})
	if err != nil {
		t.Fatal(err)
	}
	carried := map[joint.Party]ledger.Verdict{}
	for _, fact := range facts {
		if v, ok := fact.On.Apply(fact.Event).(ledger.Verdict); ok {
			carried[v.Party] = v
		}
	}
	return carried
}

func TestNothingStaysWhereTheMechanismSaysSo(t *testing.T) {
	m := mechanism.Presets()["weixi"]
	if d, _ := m.Document(mechanism.Report); !d.Carry {
		t.Fatal("the default mechanism carries verdicts of the report")
	}
	m.Documents = slices.Clone(m.Documents)
	for i := range m.Documents {
		m.Documents[i].Carry = false
	}
	f := ledger.Finding{Number: "08-JT-001", Progress: ledger.Progress{Text: "检查31家"}}
	s := ledger.Submission{ID: "8-JT-report-2", Doc: mechanism.Report, Stage: ledger.Pledging, Version: 2, Pledge: ledger.Pledged{Hash: ledger.ContentHash(mechanism.Report, []ledger.Finding{f})}}
	facts, err := ledger.Decide(s, ledger.Send{Submission: s.ID}, ledger.Env{
		Mechanism: m, Findings: []ledger.Finding{f}, Seats: taken,
		Earlier: map[string]ledger.Earlier{f.Number: {Item: ledger.ItemOf(mechanism.Report, f), Verdicts: []ledger.Verdict{{Party: "office", Version: 1}}}},
	})
	if err != nil || len(facts) != 2 {
		t.Errorf("facts %v, %v; want the sending and the item only", facts, err)
	}
}
