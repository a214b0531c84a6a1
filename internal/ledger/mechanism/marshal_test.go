package mechanism

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lianshen/internal/ledger/joint"
)

// draw makes a sound mechanism with any of the features.
func draw(t *rapid.T) Mechanism {
	name := rapid.StringOfN(rapid.SampledFrom([]rune("四方联审abc:#-'\"{}[]&*!|>%@, 0yes是")), 1, 12, -1)
	word := func(label string) string { return name.Draw(t, label) }
	flag := func(label string) bool { return rapid.Bool().Draw(t, label) }
	n := rapid.IntRange(2, 9).Draw(t, "parties")
	m := Mechanism{Code: "m", Version: rapid.IntRange(0, 99).Draw(t, "version"), Name: word("name"), NameEn: word("name_en"), Acceptance: flag("acceptance")}
	lead, editor := rapid.IntRange(0, n-1).Draw(t, "lead"), rapid.IntRange(0, n-1).Draw(t, "editor")
	for i := range n {
		p := Party{Code: joint.Party(fmt.Sprintf("p%d", i)), Name: word("party"), Seal: string(rune('甲' + i)), Convenes: i == lead, Consolidates: i == editor}
		if i != editor && flag("part") {
			p.Sees = SeesOrganCadre
		}
		m.Parties = append(m.Parties, p)
	}
	for _, doc := range Docs() {
		if doc == Plan || doc == Report || flag("doc") {
			m.Documents = append(m.Documents, drawDocument(t, m, doc, word, flag))
		}
	}
	m.Words = drawScale(t, word)
	for _, c := range joint.Conclusions() {
		m.Conclusions = append(m.Conclusions, Word{Code: string(c), Name: word("conclusion")})
	}
	m.Disputes.Meeting = flag("meeting")
	m.Extension = Extension{DecidedBy: rapid.SampledFrom([]joint.Party{"", "p0", "p1"}).Draw(t, "by"), Most: rapid.IntRange(0, 5).Draw(t, "most")}
	m.Closing = Closing{OpinionsClosed: flag("closed"), AnswerDays: rapid.IntRange(0, 60).Draw(t, "days"), ContinueDays: rapid.IntRange(0, 400).Draw(t, "rest")}
	for _, o := range Outcomes()[1:] {
		if flag("outcome") {
			m.Closing.Outcomes = append(m.Closing.Outcomes, o)
		}
	}
	m.Letter = Letter{Group: rapid.SampledFrom([]Group{ByFinding, ByCriterion, ByParty}).Draw(t, "group"), Origins: flag("origins"), Minority: flag("minority"), Reasons: flag("reasons")}
	for range rapid.IntRange(0, 3).Draw(t, "phrases") {
		m.Phrases = append(m.Phrases, word("phrase"))
	}
	return m
}

func drawDocument(t *rapid.T, m Mechanism, doc Doc, word func(string) string, flag func(string) bool) Document {
	d := Document{
		Code: doc, Name: word("document"), Blind: flag("blind"), Pledge: flag("pledge"), Carry: flag("carry"),
		Days: rapid.IntRange(0, 30).Draw(t, "days"), Returns: rapid.IntRange(0, 3).Draw(t, "returns"),
		Mode: rapid.SampledFrom([]Mode{Circulated, OnTheSpot}).Draw(t, "mode"),
	}
	if flag("some seats") {
		d.Parties = append(d.Parties, m.Bench().Consolidates)
	}
	if d.Days > 0 {
		d.Late = rapid.SampledFrom([]Late{LateWaits, LatePassed, LateShut}).Draw(t, "late")
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "criteria") {
		d.Criteria = append(d.Criteria, Criterion{Code: fmt.Sprintf("c%d", i), Name: word("criterion"), Hint: word("hint")})
	}
	m.Documents = append(slices.Clone(m.Documents), d)
	seats := m.Panel(doc, false)
	d.Rule = joint.Rule{
		Quorum: rapid.IntRange(0, len(seats)).Draw(t, "quorum"), Agrees: rapid.IntRange(0, len(seats)).Draw(t, "agrees"),
		Abstain: rapid.SampledFrom([]joint.Abstention{joint.AbstainNot, joint.AbstainAbsent, joint.AbstainAgree, joint.AbstainAgainst}).Draw(t, "abstain"),
	}
	if flag("veto") {
		d.Rule.Veto, d.DaysOf = seats[:1], []PartyDays{{seats[0], 7}}
	}
	if flag("own words") {
		d.Words, d.Grades = drawScale(t, word), drawScale(t, word)
	}
	return d
}

func drawScale(t *rapid.T, word func(string) string) []Word {
	n := rapid.IntRange(2, 5).Draw(t, "words")
	pass := rapid.IntRange(1, n-1).Draw(t, "pass")
	var list []Word
	for i := range n {
		list = append(list, Word{Code: fmt.Sprintf("w%d", i), Name: word("word"), Fail: i >= pass})
	}
	return list
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := draw(t)
		text := Marshal(m)
		got, err := Parse(text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
	})
}

// The presets use every rule there is, so that a round of each tries them all.
func TestPresetsUseEveryRule(t *testing.T) {
	used := map[string]bool{}
	for _, m := range Presets() {
		used["meeting"] = used["meeting"] || m.Disputes.Meeting
		used["acceptance"] = used["acceptance"] || m.Acceptance
		used["minority"] = used["minority"] || m.Letter.Minority
		used["group "+string(m.Letter.Group)] = true
		used["other consolidator"] = used["other consolidator"] || m.Bench().Convenes != m.Bench().Consolidates
		used["other extender"] = used["other extender"] || m.Bench().Extends != m.Bench().Convenes
		for _, d := range m.Documents {
			used["document "+string(d.Code)] = true
			used["mode "+string(d.Mode)] = true
			used["late "+string(d.Late)] = true
			used["abstain "+string(d.Rule.Abstain)] = true
			for name, is := range map[string]bool{
				"grades": len(d.Grades) > 0, "own words": len(d.Words) > 0, "some seats": len(d.Parties) > 0, "veto": len(d.Rule.Veto) > 0,
				"agrees": d.Rule.Agrees > 0, "quorum": d.Rule.Quorum > 0, "required": len(d.Rule.Required) > 0, "open": !d.Blind,
				"days of": len(d.DaysOf) > 0, "returns": d.Returns > 0, "carry": d.Carry, "no pledge": !d.Pledge,
			} {
				used[name] = used[name] || is
			}
		}
	}
	for _, name := range []string{
		"meeting", "acceptance", "minority", "group ", "group criterion", "group party", "other consolidator", "other extender",
		"document plan", "document report", "document head_report", "document closing", "mode ", "mode on_the_spot",
		"late ", "late pass_over", "late shut", "abstain ", "abstain absent", "abstain against",
		"grades", "own words", "some seats", "veto", "agrees", "quorum", "required", "open", "days of", "returns", "carry", "no pledge",
	} {
		if !used[name] {
			t.Errorf("no preset uses %q", name)
		}
	}
}
