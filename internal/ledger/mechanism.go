package ledger

import (
	"strings"
	"time"
	"unicode/utf8"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A Mechanism is the history of a way to review: every version this installation
// has published. What comes with the program lies under it: the first published
// version follows the number of the preset with the same code, if there is one.
type Mechanism struct {
	Code     string      `json:"code"`
	Versions []Published `json:"versions"`
	Version  int64       `json:"version"`
}

// Published is one version, from the day on which rounds may open under it.
type Published struct {
	Mechanism mechanism.Mechanism `json:"mechanism"`
	From      workday.Date        `json:"from"`
	Note      string              `json:"note"`
	By        string              `json:"by"` // person ID
	At        time.Time           `json:"at"`
}

func (m Mechanism) Ref() Ref         { return MechanismRef(m.Code) }
func (m Mechanism) Ver() int64       { return m.Version }
func (m Mechanism) Subject() Subject { return Subject{Kind: KindMechanism} }

// MechanismRef names the mechanism with the code.
func MechanismRef(code string) Ref { return Ref{KindMechanism, code} }

// InForce returns the version under which a round opens on the day: the one with
// the latest first day up to it, of two with the same first day the later one,
// else the preset. It reports whether there is one.
func (m Mechanism) InForce(preset mechanism.Mechanism, day workday.Date) (mechanism.Mechanism, bool) {
	best, from := preset, workday.Date{}
	for _, p := range m.Versions {
		if !day.Before(p.From) && !p.From.Before(from) {
			best, from = p.Mechanism, p.From
		}
	}
	return best, best.Code != ""
}

// next is the number of the version to be published.
func (m Mechanism) next(preset mechanism.Mechanism) int {
	n := preset.Version
	for _, p := range m.Versions {
		n = max(n, p.Mechanism.Version)
	}
	return n + 1
}

// PublishMechanism makes a new version known. It does not touch a running round.
// The version in Mechanism is not read: numbers are given in order.
type PublishMechanism struct {
	Code      string
	Mechanism mechanism.Mechanism
	From      workday.Date // zero: today
	Note      string       // why
}

func (a PublishMechanism) Target() Ref     { return MechanismRef(a.Code) }
func (a PublishMechanism) Under() Ref      { return Ref{} }
func (a PublishMechanism) Blank(Env) State { return Mechanism{Code: a.Code} }

// MechanismPublished is a new version.
type MechanismPublished struct {
	Published Published `json:"published"`
}

func (MechanismPublished) event() {}

// The limits of a history.
const (
	maxMechanismNote     = 500
	maxMechanismVersions = 500
)

func (m Mechanism) decide(act Act, env Env) ([]Fact, error) {
	publish, ok := act.(PublishMechanism)
	if !ok {
		return nil, unhandled(m, act)
	}
	p := Published{Mechanism: publish.Mechanism, From: publish.From, Note: strings.TrimSpace(publish.Note), By: env.Person, At: env.Now}
	if p.From == (workday.Date{}) {
		p.From = env.Today
	}
	preset := env.Mechanisms[m.Code]
	p.Mechanism.Version = m.next(preset)
	current, exists := m.InForce(preset, p.From)
	flaws := p.Mechanism.Check()
	switch {
	case p.Mechanism.Code != m.Code:
		return nil, refuse("mechanism.code_differs", p.Mechanism.Code, m.Code)
	case len(flaws) > 0:
		return nil, refuse("mechanism.unsound", flaws[0].Path, flaws[0])
	case p.From.Before(env.Today):
		return nil, refuse("mechanism.from_past", p.From.String())
	case exists && mechanism.Same(current, p.Mechanism):
		return nil, refuse("mechanism.nothing_changed", current.Version)
	case exists && p.Note == "":
		return nil, refuse("mechanism.note_missing")
	case utf8.RuneCountInString(p.Note) > maxMechanismNote:
		return nil, refuse("field.too_long", maxMechanismNote)
	case len(m.Versions) >= maxMechanismVersions:
		return nil, refuse("mechanism.too_many_versions", maxMechanismVersions)
	}
	return on(m, MechanismPublished{p}), nil
}

func (m Mechanism) Apply(e Event) State {
	if e, ok := e.(MechanismPublished); ok {
		m.Versions = append(m.Versions[:len(m.Versions):len(m.Versions)], e.Published)
	}
	m.Version++
	return m
}
