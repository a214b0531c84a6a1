package mechanism

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"lianshen/internal/ledger/joint"
)

// small is a sound mechanism in which every kind of rule occurs once. The tests
// below change one word of it and expect the place of that word.
const small = `code: small
version: 1
name: 小机制
parties:
  - { code: office, name: 办, seal: 办, convenes: true, consolidates: true }
  - { code: personnel, name: 组, seal: 组, sees: organ_cadre }
  - { code: team, name: 巡, seal: 巡, per_organisation: true }
documents:
  - code: plan
    name: 方案
    parties: [office, team]
    criteria:
      - { code: a, name: 甲 }
  - code: report
    name: 报告
    days: 5
    days_of:
      - { party: team, days: 9 }
    late: shut
    mode: on_the_spot
    rule:
      required: [office]
      quorum: 2
      agrees: 2
      veto: [team]
      abstain: agree
    criteria:
      - { code: a, name: 甲 }
      - { code: b, name: 乙 }
    grades:
      - { code: good, name: 好 }
      - { code: poor, name: 差 }
words:
  - { code: pass, name: 通过 }
  - { code: fail, name: 不通过, fail: true }
conclusions:
  - { code: agree, name: 同意 }
  - { code: continue, name: 继续 }
  - { code: return, name: 退回 }
extension: { decided_by: team, most: 1 }
closing:
  outcomes: [continuing]
letter: { group: party }
phrases: [请补充。]
`

func TestUnsoundMechanismsNameThePlace(t *testing.T) {
	if _, err := Parse([]byte(small)); err != nil {
		t.Fatalf("the sound one: %v", err)
	}
	tests := []struct{ name, from, to, code, at string }{ // at is line:column path
		{"an unknown key", "seal: 办", "seel: 办", "mechanism.unknown_key", "5:30 "},
		{"a key twice", "name: 小机制", "name: 小机制\nname: 又", "mechanism.duplicate_key", "4:1 "},
		{"a word for a number", "quorum: 2", "quorum: two", "mechanism.wrong_type", "23:15 "},
		{"a list for a word", "name: 小机制", "name: [小, 机制]", "mechanism.wrong_type", "3:7 "},
		{"broken quotes", "name: 小机制", `name: "小机制`, "mechanism.syntax", "3:7 "},
		{"an anchor", "name: 小机制", "name: &x 小机制", "mechanism.alias", "3:7 "},
		{"a second text", "phrases: [请补充。]", "phrases: [请补充。]\n---\ncode: x", "mechanism.two_texts", "1:1 "},
		{"no code", "code: small", "code: ''", "mechanism.code_missing", "1:7 code"},
		{"a capital letter", "code: small", "code: Small", "mechanism.code_form", "1:7 code"},
		{"a kept code", "code: small", "code: new", "mechanism.code_reserved", "1:7 code"},
		{"a long name", "name: 小机制", "name: " + strings.Repeat("长", 61), "mechanism.too_long", "3:7 name"},
		{"a seal of two", "seal: 组", "seal: 组织", "mechanism.seal", "6:39 parties[1].seal"},
		{"a seal twice", "seal: 组", "seal: 办", "mechanism.twice", "6:39 parties[1].seal"},
		{"a party twice", "code: personnel", "code: office", "mechanism.twice", "6:13 parties[1].code"},
		{"an unknown sight", "sees: organ_cadre", "sees: some", "mechanism.unknown_word", "6:48 parties[1].sees"},
		{"the team not marked", "seal: 巡, per_organisation: true", "seal: 巡", "mechanism.team_not_marked", "7:13 parties[2].code"},
		{"another party marked", "seal: 组,", "seal: 组, per_organisation: true,", "mechanism.team_code", "6:13 parties[1].code"},
		{"one team's code", "code: personnel", "code: team-1", "mechanism.team_number", "6:13 parties[1].code"},
		{"nobody convenes", "convenes: true, ", "", "mechanism.convener_count", "5:3 parties"},
		{"two consolidate", "per_organisation: true", "per_organisation: true, consolidates: true", "mechanism.consolidator_count", "5:3 parties"},
		{"a blind consolidator", "consolidates: true", "consolidates: true, sees: organ_cadre", "mechanism.consolidator_blind", "5:81 parties[0].sees"},
		{"no such document", "code: plan", "code: plans", "mechanism.document_unknown", "9:11 documents[0].code"},
		{"the plan is missing", "code: plan", "code: closing", "mechanism.document_missing", "9:3 documents"},
		{"an unknown reviewer", "[office, team]", "[office, teem]", "mechanism.party_unknown", "11:23 documents[0].parties[1]"},
		{"nobody sees the rest", "[office, team]", "[personnel]", "mechanism.panel_empty", "11:14 documents[0].parties"},
		{"no criterion", "    criteria:\n      - { code: a, name: 甲 }\n  - code: report", "    criteria: []\n  - code: report", "mechanism.criteria_missing", "12:15 documents[0].criteria"},
		{"a criterion twice", "code: b,", "code: a,", "mechanism.twice", "29:17 documents[1].criteria[1].code"},
		{"days below zero", "days: 5", "days: -5", "mechanism.negative", "16:11 documents[1].days"},
		{"too many days", "days: 5", "days: 3650", "mechanism.too_many_days", "16:11 documents[1].days"},
		{"days of nobody", "party: team, days", "party: teem, days", "mechanism.party_unknown", "18:18 documents[1].days_of[0].party"},
		{"late without days", "    days: 5\n    days_of:\n      - { party: team, days: 9 }\n", "", "mechanism.late_without_days", "16:11 documents[1].late"},
		{"an unknown treatment", "late: shut", "late: later", "mechanism.unknown_word", "19:11 documents[1].late"},
		{"an unknown mode", "on_the_spot", "by_phone", "mechanism.unknown_word", "20:11 documents[1].mode"},
		{"waiting for whom most findings are not put to", "required: [office]", "required: [personnel]", "mechanism.waits_for_nobody", "22:17 documents[1].rule.required"},
		{"an unknown veto", "veto: [team]", "veto: [teem]", "mechanism.party_unknown", "25:14 documents[1].rule.veto[0]"},
		{"more votes than seats", "quorum: 2", "quorum: 3", "mechanism.more_votes_than_seats", "23:15 documents[1].rule.quorum"},
		{"more agreeing than seats", "agrees: 2", "agrees: 9", "mechanism.more_votes_than_seats", "24:15 documents[1].rule.agrees"},
		{"votes below zero", "agrees: 2", "agrees: -1", "mechanism.negative", "24:15 documents[1].rule.agrees"},
		{"an unknown abstention", "abstain: agree", "abstain: maybe", "mechanism.unknown_word", "26:16 documents[1].rule.abstain"},
		{"one grade", "      - { code: poor, name: 差 }\n", "", "mechanism.scale_length", "31:7 documents[1].grades"},
		{"a scale of one word", "  - { code: pass, name: 通过 }\n", "", "mechanism.scale_length", "34:3 words"},
		{"nothing fails", ", fail: true", "", "mechanism.scale_no_fail", "34:3 words"},
		{"the first word fails", "name: 通过 }", "name: 通过, fail: true }", "mechanism.scale_first", "34:35 words[0].fail"},
		{"a pass after a fail", "fail: true }", "fail: true }\n  - { code: more, name: 又 }", "mechanism.scale_order", "36:5 words[2]"},
		{"a conclusion renamed", "code: continue", "code: go_on", "mechanism.conclusions", "38:13 conclusions[1].code"},
		{"an unknown decider", "decided_by: team", "decided_by: teem", "mechanism.party_unknown", "40:26 extension.decided_by"},
		{"an unknown outcome", "[continuing]", "[gone]", "mechanism.unknown_word", "42:14 closing.outcomes[0]"},
		{"rectified listed", "[continuing]", "[rectified]", "mechanism.outcome_rectified", "42:14 closing.outcomes[0]"},
		{"an unknown grouping", "group: party", "group: colour", "mechanism.unknown_word", "43:18 letter.group"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(small, tt.from) {
				t.Fatalf("%q is not in the text", tt.from)
			}
			_, err := Parse([]byte(strings.Replace(small, tt.from, tt.to, 1)))
			var flaws Flaws
			if !errors.As(err, &flaws) || len(flaws) == 0 {
				t.Fatalf("err = %v; want flaws", err)
			}
			var found []string
			for _, f := range flaws {
				found = append(found, fmt.Sprintf("%s at %d:%d %s", f.Code, f.Line, f.Column, f.Path))
			}
			want := tt.code + " at " + tt.at
			for _, got := range found {
				if got == want {
					return
				}
			}
			t.Errorf("found %s; want %s", strings.Join(found, "; "), want)
		})
	}
}

func TestAnEmptyTextIsNoMechanism(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "- a\n", "just words", "code: [\n", "\x00", strings.Repeat("a: ", 1000), strings.Repeat("x", MaxText+1)} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%.20q was accepted", text)
		}
	}
}

// A party that sees a part of the findings only may be waited for there, but no
// votes may be needed that the rest of the findings cannot bring.
func TestVotesAreCountedOnTheSmallestPanel(t *testing.T) {
	m, err := Parse([]byte(strings.Replace(small, "required: [office]", "required: [office, personnel]", 1)))
	if err != nil {
		t.Fatalf("a seat that sees a part may be required: %v", err)
	}
	d, _ := m.Document(Report)
	said := map[joint.Party]joint.Conclusion{"office": joint.Agree, "team": joint.Agree}
	if r := joint.Read(m.Panel(Report, false), d.Rule, said); !r.Settled {
		t.Errorf("a finding that personnel does not see waits: %+v", r)
	}
	if r := joint.Read(m.Panel(Report, true), d.Rule, said); r.Complete() {
		t.Error("a finding that personnel sees does not wait for it")
	}
}
