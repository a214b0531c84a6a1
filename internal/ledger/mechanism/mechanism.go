// Package mechanism describes how a round is reviewed, as data: which parties,
// which documents, which criteria, which words. It holds no case and decides nothing.
package mechanism

import (
	"bytes"
	"embed"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"

	"lianshen/internal/ledger/joint"
)

// TeamParty is the party whose body differs from organisation to organisation:
// the inspection team that inspected that organisation.
const TeamParty joint.Party = "team"

// Doc is the kind of a document under review.
type Doc string

// The documents that part of every mechanism reviews.
const (
	Plan   Doc = "plan"   // 整改方案
	Report Doc = "report" // 整改进展情况报告
)

// A Mechanism is one version of a way to review. A running round keeps the
// version it started with.
type Mechanism struct {
	Code        string     `json:"code" yaml:"code"`
	Version     int        `json:"version" yaml:"version"`
	Name        string     `json:"name" yaml:"name"`
	NameEn      string     `json:"name_en" yaml:"name_en"`
	Parties     []Party    `json:"parties" yaml:"parties"`
	Documents   []Document `json:"documents" yaml:"documents"`
	Words       []Word     `json:"words" yaml:"words"`             // verdict words, lenient to strict
	Conclusions []Word     `json:"conclusions" yaml:"conclusions"` // one per joint.Conclusion
	Blind       bool       `json:"blind" yaml:"blind"`
	Closing     Closing    `json:"closing" yaml:"closing"`
	Phrases     []string   `json:"phrases" yaml:"phrases"`
}

// A Party reviews. PerOrganisation marks the inspection team.
type Party struct {
	Code            joint.Party `json:"code" yaml:"code"`
	Name            string      `json:"name" yaml:"name"`
	NameEn          string      `json:"name_en" yaml:"name_en"`
	Seal            string      `json:"seal" yaml:"seal"` // one character
	Convenes        bool        `json:"convenes,omitempty" yaml:"convenes"`
	Consolidates    bool        `json:"consolidates,omitempty" yaml:"consolidates"`
	PerOrganisation bool        `json:"per_organisation,omitempty" yaml:"per_organisation"`
}

// A Document is reviewed by all parties, criterion by criterion.
type Document struct {
	Code     Doc         `json:"code" yaml:"code"`
	Name     string      `json:"name" yaml:"name"`
	NameEn   string      `json:"name_en" yaml:"name_en"`
	Criteria []Criterion `json:"criteria" yaml:"criteria"`
}

// A Criterion is one question put to every finding.
type Criterion struct {
	Code   string `json:"code" yaml:"code"`
	Name   string `json:"name" yaml:"name"`
	NameEn string `json:"name_en" yaml:"name_en"`
	Hint   string `json:"hint" yaml:"hint"`
	HintEn string `json:"hint_en" yaml:"hint_en"`
}

// A Word is one answer of a scale. Fail marks the answers beyond the fail line.
type Word struct {
	Code   string `json:"code" yaml:"code"`
	Name   string `json:"name" yaml:"name"`
	NameEn string `json:"name_en" yaml:"name_en"`
	Fail   bool   `json:"fail,omitempty" yaml:"fail"`
}

// Closing is the rule under which a recognised finding may be closed (销号).
type Closing struct {
	OpinionsClosed bool `json:"opinions_closed" yaml:"opinions_closed"` // every opinion answered and re-checked
	AnswerDays     int  `json:"answer_days" yaml:"answer_days"`         // working days to answer a letter
}

// Panel returns the codes of the reviewing parties.
func (m Mechanism) Panel() []joint.Party {
	panel := make([]joint.Party, len(m.Parties))
	for i, p := range m.Parties {
		panel[i] = p.Code
	}
	return panel
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
	i := slices.IndexFunc(m.Documents, func(d Document) bool { return d.Code == doc })
	if i < 0 {
		return nil
	}
	return m.Documents[i].Criteria
}

// Word returns the verdict word with the code.
func (m Mechanism) Word(code string) (Word, bool) {
	i := slices.IndexFunc(m.Words, func(w Word) bool { return w.Code == code })
	if i < 0 {
		return Word{}, false
	}
	return m.Words[i], true
}

//go:embed presets/*.yaml
var presets embed.FS

// Presets returns the mechanisms that come with the program, by code.
func Presets() map[string]Mechanism {
	all := map[string]Mechanism{}
	files, err := presets.ReadDir("presets")
	if err != nil {
		panic(err) // embedded: a build without presets is broken
	}
	for _, f := range files {
		text, _ := presets.ReadFile("presets/" + f.Name())
		m, err := Parse(text)
		if err != nil {
			panic(fmt.Sprintf("mechanism: preset %s: %v", f.Name(), err))
		}
		all[m.Code] = m
	}
	return all
}

// Parse reads a mechanism from YAML. An unknown key and a panel that could
// never answer are errors; the text of a syntax error names line and column.
func Parse(text []byte) (Mechanism, error) {
	var m Mechanism
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict()).Decode(&m); err != nil {
		return Mechanism{}, err
	}
	return m, m.check()
}

func (m Mechanism) check() error {
	switch {
	case m.Code == "" || m.Version < 1:
		return fmt.Errorf("code and version are needed")
	case len(m.Parties) < 2 || len(m.Parties) > 9:
		return fmt.Errorf("parties: %d; between 2 and 9 are needed", len(m.Parties))
	case len(m.Conclusions) != len(joint.Conclusions()):
		return fmt.Errorf("conclusions: exactly agree, continue and return are needed")
	}
	consolidators := 0
	for _, p := range m.Parties {
		if p.Consolidates {
			consolidators++
		}
	}
	if consolidators != 1 {
		return fmt.Errorf("parties: %d consolidate; exactly one must", consolidators)
	}
	for _, doc := range []Doc{Plan, Report} {
		if len(m.Criteria(doc)) == 0 {
			return fmt.Errorf("documents: %s has no criteria", doc)
		}
	}
	return nil
}
