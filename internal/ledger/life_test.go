package ledger_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/ledger/mechanism/mechanismtest"
	"lianshen/internal/workday"
)

var update = flag.Bool("update", false, "rewrite the expected answers of the scripts")

// world is a ledger in memory: what the door does, without a database.
type world struct {
	states map[ledger.Ref]ledger.State
	facts  []ledger.Fact // all that happened, in order
	now    time.Time
}

func newWorld() *world {
	return &world{states: map[ledger.Ref]ledger.State{}, now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)}
}

// taken has somebody in every seat of the default mechanism.
var taken = ledger.Seats{"office": {"a"}, "discipline": {"b"}, "personnel": {"c"}, "team": {"d"}}

// all returns the records of one type that the condition picks, by identity.
func all[S ledger.State](w *world, pick func(S) bool) []S {
	var refs []ledger.Ref
	for ref, s := range w.states {
		if x, ok := s.(S); ok && pick(x) {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, func(a, b ledger.Ref) int { return strings.Compare(a.ID, b.ID) })
	list := make([]S, len(refs))
	for i, ref := range refs {
		list[i] = w.states[ref].(S)
	}
	return list
}

func (w *world) env(act ledger.Act) ledger.Env {
	env := ledger.Env{
		Now: w.now, Today: workday.In(w.now, time.UTC), Calendar: workday.Published(), Mechanisms: mechanismtest.With(), Person: "p1", PersonName: "某人",
		Bodies: map[string]bool{"office": true, "discipline": true, "personnel": true, "team-1": true},
		Seats:  taken,
	}
	env.Round, _ = w.states[ledger.RoundRef(8)].(ledger.Round)
	env.Mechanism = env.Round.Mechanism
	submission := submissionOf(act)
	env.Submission, _ = w.states[ledger.SubmissionRef(submission)].(ledger.Submission)
	finding := findingOf(act)
	env.Opinions = all(w, func(o ledger.Opinion) bool {
		return (submission == "" || o.Submission == submission) && (finding == "" || o.Finding == finding)
	})
	env.Verdicts = all(w, func(v ledger.Verdict) bool { return v.Submission == submission && v.Finding == finding })
	env.Consolidations = all(w, func(c ledger.Consolidation) bool { return c.Submission == submission })
	env.Findings = all(w, func(f ledger.Finding) bool { return f.Open(env.Submission.Doc, env.Today) })
	switch act := act.(type) {
	case ledger.WritePaper:
		env.Submission = w.before(act.PaperOf)
	case ledger.DetachPaper:
		env.Submission = w.before(act.PaperOf)
	case ledger.AttachPaper:
		env.Submission = w.before(act.PaperOf)
	case ledger.Prepare:
		env.Submission = w.before(ledger.PaperOf(act))
		env.Consolidations = all(w, func(c ledger.Consolidation) bool { return c.Submission == env.Submission.ID })
		env.Findings = all(w, func(f ledger.Finding) bool { return f.Open(act.Doc, env.Today) })
	case ledger.Deliver:
		env.Findings = all(w, func(f ledger.Finding) bool { return env.Submission.Has(f.Number) })
	case ledger.Send:
		env.Earlier = w.earlier(env.Submission)
		env.Opinions = all(w, func(ledger.Opinion) bool { return true })
	case ledger.GiveVerdict:
		env.Person = string(act.Party) // nobody of the organisation
		env.Findings = all(w, func(f ledger.Finding) bool { return f.Number == act.Finding })
		env.Opinions = all(w, func(o ledger.Opinion) bool { return o.Finding == act.Finding && o.Party == act.Party })
	case ledger.Settle:
		env.Findings = all(w, func(f ledger.Finding) bool {
			_, into := f.MergedInto()
			return f.Number == act.Into || into == act.Number
		})
	}
	return env
}

// earlier is what the versions before said of each finding.
func (w *world) earlier(s ledger.Submission) map[string]ledger.Earlier {
	found := map[string]ledger.Earlier{}
	for _, fact := range w.facts {
		sent, ok := fact.Event.(ledger.ItemSent)
		if !ok || sent.Item.Doc != s.Doc || sent.Submission == s.ID {
			continue
		}
		c, _ := w.states[ledger.ConsolidationRef(sent.Submission, sent.Item.Finding)].(ledger.Consolidation)
		found[sent.Item.Finding] = ledger.Earlier{
			Item: sent.Item, Agreed: c.Agreed(),
			Verdicts: all(w, func(v ledger.Verdict) bool { return v.Submission == sent.Submission && v.Finding == sent.Item.Finding }),
		}
	}
	return found
}

// before is the version before the one named.
func (w *world) before(v ledger.PaperOf) ledger.Submission {
	v.Number--
	s, _ := w.states[v.Target()].(ledger.Submission)
	return s
}

func submissionOf(act ledger.Act) string {
	switch act := act.(type) {
	case ledger.MakePledge:
		return act.Submission
	case ledger.Send:
		return act.Submission
	case ledger.Deliver:
		return act.Submission
	case ledger.Receive:
		return act.Submission
	case ledger.GiveVerdict:
		return act.Submission
	case ledger.Consolidate:
		return act.Submission
	case ledger.AnswerEntry:
		return act.Submission
	}
	return ""
}

func findingOf(act ledger.Act) string {
	switch act := act.(type) {
	case ledger.Consolidate:
		return act.Finding
	case ledger.AnswerEntry:
		return act.Finding
	case ledger.Close:
		return act.Number
	}
	return ""
}

// do decides the act and applies what follows; it returns the facts in words.
func (w *world) do(act ledger.Act) (string, error) {
	env := w.env(act)
	state, exists := w.states[act.Target()]
	if !exists {
		creator, ok := act.(ledger.Creator)
		if !ok {
			return "", fmt.Errorf("%s does not exist", act.Target())
		}
		state = creator.Blank(env)
	}
	facts, err := ledger.Decide(state, act, env)
	if err != nil {
		return "", err
	}
	var words []string
	for _, f := range facts {
		ref := f.On.Ref()
		before, known := w.states[ref]
		if !known {
			before = f.On
		}
		w.states[ref] = before.Apply(f.Event)
		w.facts = append(w.facts, f)
		words = append(words, ledger.EventName(f.Event)+" "+ref.ID)
	}
	return strings.Join(words, "\n"), nil
}

// openedUnder is a world with round 8 under the mechanism and one organisation, JT.
func openedUnder(t testing.TB, mechanism string) *world {
	w := newWorld()
	for _, act := range []ledger.Act{
		ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "县教育体育局党组"}},
		ledger.OpenRound{
			Number: 8, Mechanism: mechanism, Terms: ledger.RoundTerms{Name: "第八轮", FeedbackOn: date("2025-11-20")},
			Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
		},
	} {
		if _, err := w.do(act); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func date(s string) workday.Date {
	if s == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// command turns one line of a script into an act. Words with "=" are settings.
func (w *world) command(line string) (ledger.Act, error) {
	words := strings.Fields(line)
	at := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	number := "08-JT-00" + at(1)
	version := func(i int) string { return ledger.SubmissionID(8, "JT", docAt(at(i)).Doc, docAt(at(i)).Number) }
	finding := func(i int) string {
		if at(i) == "whole" {
			return ledger.WholeOf(8, "JT", docAt(at(1)).Doc)
		}
		return "08-JT-00" + at(i)
	}
	switch at(0) {
	case "register":
		return ledger.Register{
			Number: number, Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "问题" + at(1)},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.Dated, Deadline: date("2026-02-20")},
		}, nil
	case "plan":
		return ledger.WritePlan{Number: number, Plan: ledger.Plan{Leader: "陈国平", Section: "股室", Measures: []ledger.Measure{{Text: "检查"}}}}, nil
	case "progress":
		return ledger.WriteProgress{Number: number, Progress: ledger.Progress{Text: at(2), Claim: ledger.Done}}, nil
	case "prepare":
		return ledger.Prepare(docAt(at(1))), nil
	case "pledge":
		s, _ := w.states[ledger.SubmissionRef(version(1))].(ledger.Submission)
		open := all(w, func(f ledger.Finding) bool { return f.Open(s.Doc, workday.In(w.now, time.UTC)) })
		return ledger.MakePledge{Submission: version(1), Hash: s.ContentHash(open)}, nil
	case "write": // write VERSION [TEXT]
		return ledger.WritePaper{PaperOf: docAt(at(1)), Text: at(2)}, nil
	case "attach": // attach VERSION NAME
		return ledger.AttachPaper{PaperOf: docAt(at(1)), Evidence: ledger.Evidence{ID: at(2), Name: at(2)}}, nil
	case "detach":
		return ledger.DetachPaper{PaperOf: docAt(at(1)), Evidence: at(2)}, nil
	case "apply": // apply FINDING STATEMENT
		return ledger.WriteApplication{Number: number, Statement: at(2)}, nil
	case "send":
		return ledger.Send{Submission: version(1)}, nil
	case "verdict": // verdict VERSION FINDING PARTY CONCLUSION [recheck=...]
		return verdict(version(1), finding(2), joint.Party(at(3)), joint.Conclusion(at(4)), words[5:]), nil
	case "consolidate": // consolidate VERSION FINDING CONCLUSION [reason] [all]
		return w.consolidate(version(1), finding(2), joint.Conclusion(at(3)), words[4:]), nil
	case "deliver":
		return ledger.Deliver{Submission: version(1), LetterNumber: "3号"}, nil
	case "answer": // answer VERSION FINDING ENTRY RESPONSE PLACE
		return ledger.AnswerEntry{Submission: version(1), Finding: finding(2), Entry: int(at(3)[0] - '0'), Response: ledger.Response(at(4)), Place: at(5)}, nil
	case "acknowledge": // acknowledge FINDING POSITION [GROUNDS]
		return ledger.Acknowledge{Number: number, Position: ledger.Position(at(2)), Grounds: at(3)}, nil
	case "extend": // extend FINDING DATE REASON
		return ledger.AskExtension{Number: number, To: date(at(2)), Reason: at(3)}, nil
	case "grant":
		return ledger.DecideExtension{Number: number, Grant: true, Reason: at(2)}, nil
	case "decline":
		return ledger.DecideExtension{Number: number, Reason: at(2)}, nil
	case "settle": // settle FINDING OUTCOME REASON [until=...] [into=...] [reference=...] [recipient=...]
		return settle(number, mechanism.Outcome(at(2)), at(3), words[min(4, len(words)):]), nil
	case "days": // days N: so many pass
		w.now = w.now.AddDate(0, 0, count(at(1)))
		return nil, nil
	case "close":
		return ledger.Close{Number: number}, nil
	case "reopen":
		return ledger.Reopen{Number: number, Reason: at(2)}, nil
	}
	return nil, fmt.Errorf("unknown command %q", line)
}

func count(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return n
}

func settle(number string, outcome mechanism.Outcome, reason string, more []string) ledger.Settle {
	act := ledger.Settle{Number: number, Outcome: outcome, Reason: reason}
	for _, m := range more {
		switch key, value, _ := strings.Cut(m, "="); key {
		case "until":
			act.Until = date(value)
		case "into":
			act.Into = "08-JT-00" + value
		case "reference":
			act.Reference = value
		case "recipient":
			act.Recipient = value
		}
	}
	return act
}

// docAt reads "head_report-2", or "2" for that version of the report.
func docAt(word string) ledger.PaperOf {
	doc, number, found := strings.Cut(word, "-")
	if !found {
		doc, number = string(mechanism.Report), word
	}
	n, _ := strconv.Atoi(number)
	return ledger.PaperOf{Round: 8, Organisation: "JT", Doc: mechanism.Doc(doc), Number: n}
}

// mechanismOf is the one that the first line of a script names.
func mechanismOf(script []byte) string {
	if strings.HasPrefix(string(script), "# Every document.") {
		return mechanismtest.Code
	}
	return "weixi"
}

func verdict(submission, finding string, party joint.Party, c joint.Conclusion, more []string) ledger.GiveVerdict {
	give := ledger.GiveVerdict{Submission: submission, Finding: finding, Party: party, Judged: ledger.Judged{Conclusion: c, Words: map[string]string{}}}
	doc := mechanism.Report
	for _, d := range mechanism.Docs() {
		if strings.HasPrefix(submission, ledger.WholeOf(8, "JT", d)+"-") {
			doc = d
		}
	}
	for _, crit := range mechanismtest.Every().Criteria(doc) {
		give.Judged.Words[crit.Code] = "pass"
	}
	for _, m := range more {
		switch key, value, _ := strings.Cut(m, "="); key {
		case "opinion":
			give.Opinions = append(give.Opinions, ledger.Said{Criterion: "result", Kind: ledger.Must, Text: value})
		case "fail":
			give.Judged.Words[value] = "fail"
		case "content":
			if give.Rechecks == nil {
				give.Rechecks = map[string]bool{}
			}
			give.Rechecks[value] = true
		}
	}
	return give
}

// consolidate takes every opinion that asks for something into one entry.
func (w *world) consolidate(submission, finding string, c joint.Conclusion, more []string) ledger.Consolidate {
	act := ledger.Consolidate{Submission: submission, Finding: finding, Conclusion: c}
	for _, m := range more {
		switch key, value, _ := strings.Cut(m, "="); key {
		case "reason":
			act.Reason = value
		case "entry":
			entry := ledger.Entry{Text: value}
			for _, o := range all(w, func(o ledger.Opinion) bool { return o.Submission == submission && o.Finding == finding }) {
				entry.Origins = append(entry.Origins, o.ID)
			}
			act.Entries = append(act.Entries, entry)
		}
	}
	return act
}

// TestLives runs the scripts in testdata: a command, "----", what followed.
// A wrong life is reported by adding a script. "-update" rewrites the answers;
// a person reads the difference.
func TestLives(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, openedUnder(t, mechanismOf(text)), string(text))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(text), got); diff != "" {
				t.Errorf("(-script +got):\n%s", diff)
			}
		})
	}
}

func play(t *testing.T, w *world, script string) string {
	var out strings.Builder
	lines := bufio.NewScanner(strings.NewReader(script))
	answer := false
	for lines.Scan() {
		line := lines.Text()
		switch {
		case line == "":
			answer = false
		case answer:
			continue // the old answer
		}
		if answer {
			continue
		}
		out.WriteString(line + "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		act, err := w.command(line)
		if err != nil {
			t.Fatal(err)
		}
		if act == nil {
			continue
		}
		words, err := w.do(act)
		var refusal ledger.Refusal
		if errors.As(err, &refusal) {
			words = "refused " + refusal.Code
		} else if err != nil {
			words = err.Error()
		}
		out.WriteString("----\n" + words + "\n")
		answer = true
	}
	return out.String()
}

// What is stored is what happened: every record equals the fold of its events,
// after each event has gone through its text form.
func TestStateIsTheFoldOfItsEvents(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.txt")
	met := map[string]bool{}
	for _, file := range files {
		text, _ := os.ReadFile(file)
		w := openedUnder(t, mechanismOf(text))
		play(t, w, string(text))
		folded := map[ledger.Ref]ledger.State{}
		for _, fact := range w.facts {
			ref := fact.On.Ref()
			s, known := folded[ref]
			if !known {
				var err error
				if s, err = ledger.BlankState(ref); err != nil {
					t.Fatal(err)
				}
			}
			met[ledger.EventName(fact.Event)] = true
			folded[ref] = s.Apply(viaText(t, fact.Event))
		}
		for ref, s := range w.states {
			if diff := cmp.Diff(encode(t, s), encode(t, folded[ref])); diff != "" {
				t.Errorf("%s: %s (-state +fold):\n%s", file, ref, diff)
			}
		}
	}
	for _, name := range []string{"FindingRegistered", "ItemSent", "VerdictGiven", "OpinionRechecked", "Consolidated", "LetterDelivered", "FindingClosed", "FindingReopened", "ExtensionAsked", "ExtensionDecided", "FindingSettled", "PaperBegun", "PaperAttached", "PaperDetached", "ApplicationWritten", "ClosingReviewed"} {
		if !met[name] {
			t.Errorf("no script leads to %s; the test would not see it broken", name)
		}
	}
}

func viaText(t *testing.T, e ledger.Event) ledger.Event {
	t.Helper()
	back, err := ledger.DecodeEvent(ledger.EventName(e), []byte(encode(t, e)))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
