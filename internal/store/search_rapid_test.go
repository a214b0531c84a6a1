package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// reads reports whether the text holds every part of the question, character by
// character and word by word: written apart from package phrase, to be compared.
func reads(text, question string) bool {
	have, asked := units(text), false
	for _, part := range strings.Fields(question) {
		want := units(part)
		if len(want) == 0 {
			continue
		}
		asked = true
		found := false
		for i := 0; i+len(want) <= len(have); i++ {
			found = found || slices.Equal(have[i:i+len(want)], want)
		}
		if !found {
			return false
		}
	}
	return asked
}

// units are single Chinese characters and words; a bar parts Chinese that does not
// stand together.
func units(text string) (list []string) {
	word, apart := "", false
	end := func() {
		if word != "" {
			list, word = append(list, word), ""
		}
	}
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			if apart && len(list) > 0 && unicode.Is(unicode.Han, []rune(list[len(list)-1])[0]) {
				list = append(list, "|")
			}
			list, apart = append(list, string(r)), false
		case unicode.IsLetter(r), unicode.IsDigit(r):
			word, apart = word+strings.ToLower(string(r)), false
		default:
			end()
			apart = true
		}
	}
	end()
	return list
}

var anySign = rapid.SampledFrom([]rune("公务卡制度款Aé12。 "))

func drawText(t *rapid.T, name string) string {
	return string(rapid.SliceOfN(anySign, 1, 14).Draw(t, name))
}

// Both databases give the same answers, and those of somebody who reads every text
// that the lists of the store show within the scope.
func TestSearchAgreesWithANaiveReadingOnBothDatabases(t *testing.T) {
	lite := storetest.SQLite(t)
	t.Run("both", func(t *testing.T) {
		engines := map[string]*store.DB{"sqlite": lite, "postgres": storetest.Postgres(t)}
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			facts := drawRecords(rt, n)
			for _, db := range engines {
				record(t, db, facts...)
			}
			scopes := []policy.Scope{
				{All: true, Drafts: true, Party: "office", Verdicts: policy.OwnThenAll},
				{All: true, Party: "discipline", Verdicts: policy.OwnThenAll},
				{Team: "team-1", Party: "team-1", Verdicts: policy.OwnThenAll},
				{Organisation: "JT", Drafts: true},
				{Organisation: "WJ", Drafts: true},
				{All: true, Verdicts: policy.Consolidated},
				{},
			}
			for range 4 {
				question := string(rapid.SliceOfN(anySign, 1, 4).Draw(rt, "question"))
				scope := rapid.SampledFrom(scopes).Draw(rt, "scope")
				want := naiveHits(t, lite, scope, n, question)
				for engine, db := range engines {
					if diff := cmp.Diff(want, engineHits(t, db, scope, n, question)); diff != "" {
						rt.Fatalf("%s: %q for %+v (-naive +%s)\n%s", engine, question, scope, engine, diff)
					}
				}
			}
		})
		t.Logf("%d random ledgers, four questions each, two engines", n)
	})
}

// drawRecords gives two findings in a round of their own, what was written and sent
// on them, opinions, verdicts and a letter.
func drawRecords(t *rapid.T, round int) (facts []ledger.Fact) {
	at := time.UnixMicro(int64(round) * 1e9).UTC()
	for i, o := range []string{"JT", "WJ"} {
		team := fmt.Sprintf("team-%d", i+1)
		f := ledger.Finding{Number: fmt.Sprintf("%02d-%s-001", round, o)}
		put := func(e ledger.Event) {
			facts = append(facts, ledger.Fact{On: f, Event: e})
			f = f.Apply(e).(ledger.Finding)
		}
		put(ledger.FindingRegistered{Round: round, Organisation: o, Team: team, Feedback: ledger.Feedback{Text: drawText(t, "feedback")}})
		put(ledger.ProgressWritten{Progress: ledger.Progress{Text: drawText(t, "progress")}})
		put(ledger.EvidenceAttached{Evidence: ledger.Evidence{ID: "e", Name: drawText(t, "evidence")}})
		paper := fmt.Sprintf("%d-%s-report-1", round, o)
		if rapid.Bool().Draw(t, "sent") {
			put(ledger.ItemSent{Submission: paper, Item: ledger.ItemOf(mechanism.Report, f)})
			put(ledger.ProgressWritten{Progress: ledger.Progress{Text: drawText(t, "rewritten")}})
		}
		for _, party := range []joint.Party{"office", "discipline", mechanism.TeamParty} {
			id := ledger.VerdictID(paper, f.Number, party)
			if rapid.Bool().Draw(t, "speaks") {
				facts = append(facts, ledger.Fact{On: ledger.Verdict{ID: id, Submission: paper, Finding: f.Number, Round: round, Organisation: o, Team: team, Party: party}, Event: ledger.VerdictGiven{
					Submission: paper, Finding: f.Number, Round: round, Organisation: o, Team: team, Party: party,
					Judged: ledger.Judged{Conclusion: joint.Agree}, At: at,
				}})
			}
			facts = append(facts, ledger.Fact{On: ledger.Opinion{ID: id + ":1"}, Event: ledger.OpinionRaised{
				Submission: paper, Finding: f.Number, Round: round, Organisation: o, Team: team, Party: party,
				Said: ledger.Said{Kind: ledger.Must, Text: drawText(t, "opinion")}, At: at,
			}})
		}
		if rapid.Bool().Draw(t, "consolidated") {
			c := ledger.Consolidation{ID: paper + ":" + f.Number, Submission: paper, Finding: f.Number, Round: round, Organisation: o, Team: team}
			facts = append(facts, ledger.Fact{On: c, Event: ledger.Consolidated{
				Submission: paper, Finding: f.Number, Round: round, Organisation: o, Team: team,
				Conclusion: joint.Agree, Entries: []ledger.Entry{{Text: drawText(t, "entry")}}, At: at,
			}})
		}
	}
	return facts
}

var everyKind = []store.PassageKind{store.FindingPassage, store.ReportPassage, store.OpinionPassage, store.LetterPassage, store.EvidencePassage}

func engineHits(t *testing.T, db *store.DB, scope policy.Scope, round int, question string) []string {
	t.Helper()
	var hits []string
	for _, kind := range everyKind {
		found, _, err := db.Read().Passages(t.Context(), scope, store.Question{Text: question, Kind: kind, Round: round, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range found {
			hits = append(hits, fmt.Sprint(kind, " ", p.ID))
		}
	}
	slices.Sort(hits)
	return hits
}

// naiveHits reads what the lists of the store show within the scope.
func naiveHits(t *testing.T, db *store.DB, scope policy.Scope, round int, question string) (hits []string) {
	t.Helper()
	r := db.Read()
	see := func(kind store.PassageKind, id, text string) {
		if reads(text, question) {
			hits = append(hits, fmt.Sprint(kind, " ", id))
		}
	}
	for f, err := range r.AllFindings(t.Context(), scope, store.Filter{Round: round}) {
		if err != nil {
			t.Fatal(err)
		}
		seen, sent := f.Number+"\n"+f.Text, ledger.Item{}
		if item, err := r.Item(t.Context(), fmt.Sprintf("%d-%s-report-1", round, f.Organisation), f.Number); err == nil {
			sent = item
			see(store.ReportPassage, fmt.Sprintf("%d-%s-report-1:%s", round, f.Organisation, f.Number), item.Progress.Text+"\n"+item.Progress.Evidence[0].Name)
		}
		if scope.Drafts {
			raw, err := r.Load(t.Context(), f.Ref())
			if err != nil {
				t.Fatal(err)
			}
			p := raw.(ledger.Finding).Progress
			seen += "\n" + p.Text + "\n" + p.Evidence[0].Name
		}
		see(store.FindingPassage, f.Number, seen)
		if scope.Drafts || sent.Finding != "" {
			raw, _ := r.Load(t.Context(), f.Ref())
			see(store.EvidencePassage, f.Number+":e", raw.(ledger.Finding).Progress.Evidence[0].Name)
		}
	}
	opinions, err := r.Opinions(t.Context(), scope, store.VoiceFilter{Round: round})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range opinions {
		see(store.OpinionPassage, o.ID, o.Said.Text)
	}
	letters, err := r.Consolidations(t.Context(), scope, store.VoiceFilter{Round: round})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range letters {
		see(store.LetterPassage, c.ID, c.Entries[0].Text)
	}
	slices.Sort(hits)
	return hits
}
