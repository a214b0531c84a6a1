package mechanism

import (
	"fmt"
	"regexp"
	"slices"
	"unicode/utf8"

	"lianshen/internal/ledger/joint"
)

// The limits of what a mechanism may hold. Days are working days.
const (
	minParties, maxParties = 2, 9
	maxCriteria            = 20
	maxWords               = 9
	maxPhrases             = 100
	maxDays                = 365
	maxCode                = 30
	maxName                = 60
	maxHint                = 200
)

var codeForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// Check returns what is wrong with the mechanism, each with its place; nothing if
// a round can be run by it. No panel of a sound mechanism waits for a seat that
// does not exist.
func (m Mechanism) Check() Flaws {
	c := &checker{m: m}
	c.code("code", m.Code)
	if m.Code == "new" {
		c.flaw("code", "mechanism.code_reserved", m.Code)
	}
	if m.Version < 0 {
		c.flaw("version", "mechanism.negative")
	}
	c.names("", m.Name, m.NameEn)
	c.parties()
	c.documents()
	c.scale("words", m.Words)
	c.conclusions()
	c.extension()
	c.closing()
	c.choice("letter.group", string(m.Letter.Group), string(ByFinding), string(ByCriterion), string(ByParty))
	c.phrases()
	return c.flaws
}

// checker collects flaws.
type checker struct {
	m     Mechanism
	flaws Flaws
}

func (c *checker) flaw(path, code string, args ...any) {
	c.flaws = append(c.flaws, Flaw{Code: code, Args: args, Path: path})
}

// at joins the parts of a path; an empty first part is the top.
func at(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func nth(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

func (c *checker) code(path, code string) {
	switch {
	case code == "":
		c.flaw(path, "mechanism.code_missing")
	case !codeForm.MatchString(code) || len(code) > maxCode:
		c.flaw(path, "mechanism.code_form", code, maxCode)
	}
}

func (c *checker) names(path, zh, en string) {
	if zh == "" {
		c.flaw(at(path, "name"), "mechanism.name_missing")
	}
	c.length(at(path, "name"), zh, maxName)
	c.length(at(path, "name_en"), en, maxName)
}

func (c *checker) length(path, text string, most int) {
	if utf8.RuneCountInString(text) > most {
		c.flaw(path, "mechanism.too_long", most)
	}
}

func (c *checker) choice(path, value string, known ...string) {
	if !slices.Contains(known, value) {
		c.flaw(path, "mechanism.unknown_word", value)
	}
}

func (c *checker) days(path string, n int) {
	switch {
	case n < 0:
		c.flaw(path, "mechanism.negative")
	case n > maxDays:
		c.flaw(path, "mechanism.too_many_days", maxDays)
	}
}

// count refuses a number below zero.
func (c *checker) count(path string, n int) {
	if n < 0 {
		c.flaw(path, "mechanism.negative")
	}
}

// twice notes codes that occur twice in one list.
func (c *checker) twice(path string, code string, seen map[string]bool) {
	if code != "" && seen[code] {
		c.flaw(path, "mechanism.twice", code)
	}
	seen[code] = true
}

func (c *checker) parties() {
	m := c.m
	if n := len(m.Parties); n < minParties || n > maxParties {
		c.flaw("parties", "mechanism.party_count", n, minParties, maxParties)
	}
	seen, seals := map[string]bool{}, map[string]bool{}
	convene, consolidate := 0, 0
	for i, p := range m.Parties {
		path := nth("parties", i)
		c.code(at(path, "code"), string(p.Code))
		c.twice(at(path, "code"), string(p.Code), seen)
		c.names(path, p.Name, p.NameEn)
		c.seal(at(path, "seal"), p.Seal, seals)
		c.choice(at(path, "sees"), string(p.Sees), string(SeesAll), string(SeesOrganCadre))
		c.team(path, p)
		if p.Convenes {
			convene++
		}
		if p.Consolidates {
			consolidate++
			if p.Sees != SeesAll {
				c.flaw(at(path, "sees"), "mechanism.consolidator_blind", p.Label())
			}
		}
	}
	if convene != 1 {
		c.flaw("parties", "mechanism.convener_count", convene)
	}
	if consolidate != 1 {
		c.flaw("parties", "mechanism.consolidator_count", consolidate)
	}
}

func (c *checker) seal(path, seal string, seen map[string]bool) {
	if utf8.RuneCountInString(seal) != 1 {
		c.flaw(path, "mechanism.seal")
		return
	}
	c.twice(path, seal, seen)
}

// team sees that the inspection team, and nobody else, differs from organisation
// to organisation; the codes of bodies team-1, team-2 are its.
func (c *checker) team(path string, p Party) {
	switch {
	case p.PerOrganisation && p.Code != TeamParty:
		c.flaw(at(path, "code"), "mechanism.team_code", TeamParty)
	case !p.PerOrganisation && p.Code == TeamParty:
		c.flaw(at(path, "code"), "mechanism.team_not_marked", TeamParty)
	case len(p.Code) > len("team-") && p.Code[:len("team-")] == "team-":
		c.flaw(at(path, "code"), "mechanism.team_number", p.Code)
	}
}

func (c *checker) conclusions() {
	list := c.m.Conclusions
	if len(list) != len(joint.Conclusions()) {
		c.flaw("conclusions", "mechanism.conclusions")
		return
	}
	for i, want := range joint.Conclusions() {
		path := nth("conclusions", i)
		if list[i].Code != string(want) {
			c.flaw(at(path, "code"), "mechanism.conclusions")
		}
		c.names(path, list[i].Name, list[i].NameEn)
	}
}

// scale checks a list of words from lenient to strict, the failing ones last.
func (c *checker) scale(path string, words []Word) {
	if len(words) < 2 || len(words) > maxWords {
		c.flaw(path, "mechanism.scale_length", len(words), maxWords)
		return
	}
	c.words(path, words)
	failing := false
	for i, w := range words {
		if failing && !w.Fail {
			c.flaw(nth(path, i), "mechanism.scale_order", Label{w.Name, w.NameEn})
		}
		failing = failing || w.Fail
	}
	if words[0].Fail {
		c.flaw(at(nth(path, 0), "fail"), "mechanism.scale_first", Label{words[0].Name, words[0].NameEn})
	}
	if !failing {
		c.flaw(path, "mechanism.scale_no_fail")
	}
}

func (c *checker) words(path string, words []Word) {
	seen := map[string]bool{}
	for i, w := range words {
		c.code(at(nth(path, i), "code"), w.Code)
		c.twice(at(nth(path, i), "code"), w.Code, seen)
		c.names(nth(path, i), w.Name, w.NameEn)
	}
}

func (c *checker) extension() {
	if who := c.m.Extension.DecidedBy; who != "" {
		c.known("extension.decided_by", who)
	}
	c.count("extension.most", c.m.Extension.Most)
}

func (c *checker) closing() {
	closing := c.m.Closing
	c.days("closing.answer_days", closing.AnswerDays)
	c.count("closing.continue_days", closing.ContinueDays)
	seen := map[string]bool{}
	for i, o := range closing.Outcomes {
		path := nth("closing.outcomes", i)
		c.twice(path, string(o), seen)
		switch {
		case o == Rectified:
			c.flaw(path, "mechanism.outcome_rectified")
		case !slices.Contains(Outcomes(), o):
			c.flaw(path, "mechanism.unknown_word", string(o))
		}
	}
}

func (c *checker) phrases() {
	if len(c.m.Phrases) > maxPhrases {
		c.flaw("phrases", "mechanism.too_many", maxPhrases)
	}
	for i, text := range c.m.Phrases {
		if text == "" {
			c.flaw(nth("phrases", i), "mechanism.name_missing")
		}
		c.length(nth("phrases", i), text, maxHint)
	}
}

// known refuses a party that the mechanism has not.
func (c *checker) known(path string, who joint.Party) bool {
	_, known := c.m.Party(who)
	if !known {
		c.flaw(path, "mechanism.party_unknown", string(who))
	}
	return known
}
