// Package mechanism describes how a round is reviewed, as data: which parties,
// which documents, which criteria, which words. It holds no case and decides nothing.
package mechanism

import (
	"slices"

	"lianshen/internal/ledger/joint"
)

// TeamParty is the party whose body differs from organisation to organisation:
// the inspection team that inspected that organisation.
const TeamParty joint.Party = "team"

// Doc is the kind of a document under review.
type Doc string

// The documents a mechanism may review. Plan and report are part of every one.
const (
	Plan        Doc = "plan"         // 整改方案
	Report      Doc = "report"       // 整改进展情况报告
	HeadReport  Doc = "head_report"  // 主要负责人组织落实情况报告
	LifeMeeting Doc = "life_meeting" // 专题民主生活会材料
	ClosingDoc  Doc = "closing"      // 销号申请
)

// Docs lists them in the order of the work.
func Docs() []Doc { return []Doc{Plan, LifeMeeting, Report, HeadReport, ClosingDoc} }

// Whole reports whether the document is judged as one text, not finding by finding.
func (d Doc) Whole() bool { return d == HeadReport || d == LifeMeeting }

// A Mechanism is one version of a way to review. A running round keeps the
// version it started with.
type Mechanism struct {
	Code        string     `json:"code" yaml:"code"`
	Version     int        `json:"version" yaml:"version"`
	Name        string     `json:"name" yaml:"name"`
	NameEn      string     `json:"name_en" yaml:"name_en,omitempty"`
	Parties     []Party    `json:"parties" yaml:"parties"`
	Documents   []Document `json:"documents" yaml:"documents"`
	Words       []Word     `json:"words" yaml:"words"`             // verdict words, lenient to strict, where a document has none of its own
	Conclusions []Word     `json:"conclusions" yaml:"conclusions"` // one per joint.Conclusion
	Disputes    Disputes   `json:"disputes,omitzero" yaml:"disputes,omitzero"`
	Extension   Extension  `json:"extension,omitzero" yaml:"extension,omitzero"`
	Acceptance  bool       `json:"acceptance,omitempty" yaml:"acceptance,omitempty"` // an organisation accepts or contests each finding before its plan
	Closing     Closing    `json:"closing" yaml:"closing"`
	Letter      Letter     `json:"letter,omitzero" yaml:"letter,omitzero"`
	Phrases     []string   `json:"phrases" yaml:"phrases,omitempty"`
}

// A Party reviews. PerOrganisation marks the inspection team. People who hold a
// post of a reviewer (or clerk) in the body with the party's code speak for it.
type Party struct {
	Code            joint.Party `json:"code" yaml:"code"`
	Name            string      `json:"name" yaml:"name"`
	NameEn          string      `json:"name_en" yaml:"name_en,omitempty"`
	Seal            string      `json:"seal" yaml:"seal"` // one character
	Convenes        bool        `json:"convenes,omitempty" yaml:"convenes,omitempty"`
	Consolidates    bool        `json:"consolidates,omitempty" yaml:"consolidates,omitempty"`
	PerOrganisation bool        `json:"per_organisation,omitempty" yaml:"per_organisation,omitempty"`
	Sees            Sight       `json:"sees,omitempty" yaml:"sees,omitempty"`
}

// Sight says which findings are put to a party.
type Sight string

// The sights.
const (
	SeesAll        Sight = ""
	SeesOrganCadre Sight = "organ_cadre" // those flagged 涉组涉干
)

// A Document is reviewed by its parties, criterion by criterion.
type Document struct {
	Code          Doc           `json:"code" yaml:"code"`
	Name          string        `json:"name" yaml:"name"`
	NameEn        string        `json:"name_en" yaml:"name_en,omitempty"`
	Parties       []joint.Party `json:"parties,omitempty" yaml:"parties,omitempty"` // empty: all
	Criteria      []Criterion   `json:"criteria" yaml:"criteria"`
	Words         []Word        `json:"words,omitempty" yaml:"words,omitempty"`   // empty: those of the mechanism
	Grades        []Word        `json:"grades,omitempty" yaml:"grades,omitempty"` // 好, 中, 差; empty: not graded
	Rule          joint.Rule    `json:"rule,omitzero" yaml:"rule,omitzero"`
	Blind         bool          `json:"blind,omitempty" yaml:"blind,omitempty"`
	Pledge        bool          `json:"pledge,omitempty" yaml:"pledge,omitempty"` // the head checks first and pledges
	Mode          Mode          `json:"mode,omitempty" yaml:"mode,omitempty"`
	Days          int           `json:"days,omitempty" yaml:"days,omitempty"`                     // working days each party has; 0: no deadline
	DaysOf        []PartyDays   `json:"days_of,omitempty" yaml:"days_of,omitempty"`               // where a party has others
	Late          Late          `json:"late,omitempty" yaml:"late,omitempty"`                     // what happens to a party that is late
	Carry         bool          `json:"carry,omitempty" yaml:"carry,omitempty"`                   // verdicts stay on unchanged text and evidence
	Returns       int           `json:"most_returns,omitempty" yaml:"most_returns,omitempty"`     // after so many a joint meeting decides; 0: no limit
	RequireChange bool          `json:"require_change,omitempty" yaml:"require_change,omitempty"` // an opinion of the kind 必须改 says what is to be changed
}

// PartyDays gives one party its own time.
type PartyDays struct {
	Party joint.Party `json:"party" yaml:"party"`
	Days  int         `json:"days" yaml:"days"`
}

// Mode is how the parties review.
type Mode string

// The modes.
const (
	Circulated Mode = ""            // 分送: each by itself, by its deadline
	OnTheSpot  Mode = "on_the_spot" // 现场会审: the panel in one room
)

// Late says what happens to a party whose deadline has passed.
type Late string

// The ways to treat a late party.
const (
	LateWaits  Late = ""          // the review waits; everyone sees for whom
	LatePassed Late = "pass_over" // the convener may pass it over (逾期未反馈)
	LateShut   Late = "shut"      // it may no longer speak and counts as passed over
)

// Disputes says how a disagreement is resolved.
type Disputes struct {
	Meeting bool `json:"meeting,omitempty" yaml:"meeting,omitempty"` // only by a joint meeting, not by the consolidator alone
}

// Extension says who decides on a later deadline.
type Extension struct {
	DecidedBy joint.Party `json:"decided_by,omitempty" yaml:"decided_by,omitempty"` // empty: the convener
	Most      int         `json:"most,omitempty" yaml:"most,omitempty"`             // per finding; 0: no limit
}

// A Criterion is one question put to every finding.
type Criterion struct {
	Code   string `json:"code" yaml:"code"`
	Name   string `json:"name" yaml:"name"`
	NameEn string `json:"name_en" yaml:"name_en,omitempty"`
	Hint   string `json:"hint" yaml:"hint,omitempty"`
	HintEn string `json:"hint_en" yaml:"hint_en,omitempty"`
}

// A Word is one answer of a scale. Fail marks the answers beyond the fail line.
type Word struct {
	Code   string `json:"code" yaml:"code"`
	Name   string `json:"name" yaml:"name"`
	NameEn string `json:"name_en" yaml:"name_en,omitempty"`
	Fail   bool   `json:"fail,omitempty" yaml:"fail,omitempty"`
}

// Closing is the rule under which a finding leaves the round.
type Closing struct {
	OpinionsClosed bool      `json:"opinions_closed" yaml:"opinions_closed,omitempty"`       // every opinion answered and re-checked
	AnswerDays     int       `json:"answer_days" yaml:"answer_days,omitempty"`               // working days to answer a letter
	Outcomes       []Outcome `json:"outcomes,omitempty" yaml:"outcomes,omitempty"`           // allowed besides rectified
	ContinueDays   int       `json:"continue_days,omitempty" yaml:"continue_days,omitempty"` // most calendar days until a continuing finding is reviewed again; 0: no limit
}

// Outcome is how a finding ends, or rests.
type Outcome string

// The outcomes.
const (
	Rectified    Outcome = "rectified"     // 已整改
	Continuing   Outcome = "continuing"    // 持续整改, until a day on which it is reviewed again
	NotRectified Outcome = "not_rectified" // 未整改到位, closed as such
	MergedInto   Outcome = "merged"        // 并入其他问题
	Withdrawn    Outcome = "withdrawn"     // 撤销
	ReferredTo   Outcome = "referred"      // 移交
)

// Outcomes lists them.
func Outcomes() []Outcome {
	return []Outcome{Rectified, Continuing, NotRectified, MergedInto, Withdrawn, ReferredTo}
}

// Letter says how the letter of opinions is laid out.
type Letter struct {
	Group    Group `json:"group,omitempty" yaml:"group,omitempty"`
	Origins  bool  `json:"origins,omitempty" yaml:"origins,omitempty"`   // name the parties behind each entry
	Minority bool  `json:"minority,omitempty" yaml:"minority,omitempty"` // print the minority's view
	Reasons  bool  `json:"reasons,omitempty" yaml:"reasons,omitempty"`   // print why a disagreement was resolved so
}

// Group is what the entries of a letter are grouped by.
type Group string

// The groupings.
const (
	ByFinding   Group = ""
	ByCriterion Group = "criterion"
	ByParty     Group = "party"
)

// Document returns the document with the code.
func (m Mechanism) Document(doc Doc) (Document, bool) {
	i := slices.IndexFunc(m.Documents, func(d Document) bool { return d.Code == doc })
	if i < 0 {
		return Document{}, false
	}
	return m.Documents[i], true
}

// Panel returns the parties that review the document, of findings that are
// flagged organ-cadre or are not.
func (m Mechanism) Panel(doc Doc, organCadre bool) []joint.Party {
	d, _ := m.Document(doc)
	var panel []joint.Party
	for _, p := range m.Parties {
		seated := len(d.Parties) == 0 || slices.Contains(d.Parties, p.Code)
		if seated && (p.Sees == SeesAll || organCadre || doc.Whole()) {
			panel = append(panel, p.Code)
		}
	}
	return panel
}

// Bench names the parties that have a task besides reviewing.
type Bench struct{ Convenes, Consolidates, Extends joint.Party }

// Bench returns who convenes, consolidates and decides on extensions.
func (m Mechanism) Bench() Bench {
	var b Bench
	for _, p := range m.Parties {
		if p.Convenes {
			b.Convenes = p.Code
		}
		if p.Consolidates {
			b.Consolidates = p.Code
		}
	}
	b.Extends = m.Extension.DecidedBy
	if b.Extends == "" {
		b.Extends = b.Convenes
	}
	return b
}

// DaysFor returns how many working days the party has; 0 for no deadline.
func (d Document) DaysFor(party joint.Party) int {
	for _, own := range d.DaysOf {
		if own.Party == party {
			return own.Days
		}
	}
	return d.Days
}

// Party returns the party with the code.
func (m Mechanism) Party(code joint.Party) (Party, bool) {
	i := slices.IndexFunc(m.Parties, func(p Party) bool { return p.Code == code })
	if i < 0 {
		return Party{}, false
	}
	return m.Parties[i], true
}

// Criteria returns the criteria of the document.
func (m Mechanism) Criteria(doc Doc) []Criterion {
	d, _ := m.Document(doc)
	return d.Criteria
}

// Scale returns the verdict words of the document, lenient to strict.
func (m Mechanism) Scale(doc Doc) []Word {
	if d, _ := m.Document(doc); len(d.Words) > 0 {
		return d.Words
	}
	return m.Words
}

// Word returns the verdict word of the document with the code.
func (m Mechanism) Word(doc Doc, code string) (Word, bool) {
	scale := m.Scale(doc)
	i := slices.IndexFunc(scale, func(w Word) bool { return w.Code == code })
	if i < 0 {
		return Word{}, false
	}
	return scale[i], true
}
