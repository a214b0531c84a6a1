// Package ledger holds the rules of a round: what a finding, a submission, a
// verdict or a letter is, what may be done to it and what follows. State is a
// value; Decide returns facts and Apply never fails, so a stored row always
// equals the fold of its facts. It knows no clock, no database and no page.
package ledger

import (
	"fmt"
	"slices"
	"time"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A Kind names a kind of record.
type Kind string

// The kinds of record. Each has a state type of the same name.
const (
	KindOrganisation  Kind = "organisation"
	KindBody          Kind = "body"
	KindPerson        Kind = "person"
	KindRound         Kind = "round"
	KindFinding       Kind = "finding"
	KindSubmission    Kind = "submission"
	KindVerdict       Kind = "verdict"
	KindOpinion       Kind = "opinion"
	KindConsolidation Kind = "consolidation"
	KindMechanism     Kind = "mechanism"
	KindMeeting       Kind = "meeting"
	KindRecusal       Kind = "recusal"
	KindImport        Kind = "import"
	KindLayouts       Kind = "layouts"
	KindHeadings      Kind = "headings"
	KindTemplate      Kind = "template"
	KindDesign        Kind = "design"
)

// A Ref names one record.
type Ref struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

func (r Ref) String() string { return string(r.Kind) + " " + r.ID }

// A State is the state of one record at one version. The version counts its
// facts; version 0 is a record that does not exist yet.
type State interface {
	Ref() Ref
	Ver() int64
	Subject() Subject
	Apply(Event) State
}

// A Subject is what rights depend on: whose record this is.
// Fields that do not apply are empty.
type Subject struct {
	Kind         Kind
	Round        int
	Organisation string      // the inspected organisation
	Team         string      // body of the inspection team that inspected it
	Party        joint.Party // the party that speaks, for verdicts and opinions
	Person       string      // for a person's own record

	Bench mechanism.Bench // who convenes and consolidates there; see Under
}

// Under returns the subject with the bench of the mechanism, on which rights to
// convene, to consolidate and to grant extensions depend.
func (s Subject) Under(m mechanism.Mechanism) Subject {
	s.Bench = m.Bench()
	return s
}

// An Act is something a person asks for.
type Act interface {
	// Target names the record the act is done to.
	Target() Ref
}

// A Creator is an act whose target need not exist. Blank is the record before
// its first fact; Under names the record whose visibility and rights count
// instead, or is zero where only the right to the act matters.
type Creator interface {
	Act
	Blank(Env) State
	Under() Ref
}

// An Event is something that happened to one record.
type Event interface{ event() }

// A Fact is an event and the record it happened to.
type Fact struct {
	On    State // the record before the event
	Event Event
}

// Env is all that a decision may depend on besides the record itself.
// Only the fields that an act needs are filled; see supervise.
type Env struct {
	Now            time.Time
	Today          workday.Date
	Calendar       workday.Calendar
	Person         string // who acts
	PersonName     string
	Body           string // for which the person acts; "" for none
	OnBehalf       string // name of the principal, where the person acts as a deputy
	Mechanism      mechanism.Mechanism
	Mechanisms     map[string]mechanism.Mechanism // for opening a round: those in force; for publishing: the presets
	Bodies         map[string]bool                // codes of those that exist, for the seats of a round
	Round          Round
	Organisation   Organisation
	Submission     Submission // the version under review
	Item           Item       // what was sent of the finding under review
	Findings       []Finding
	Verdicts       []Verdict
	Opinions       []Opinion
	Consolidations []Consolidation
	Earlier        map[string]Earlier // by finding, for sending the next version
	Speaks         joint.Party        // for whom the person speaks on the finding or at the meeting
	Resolved       []Concluded        // what joint meetings resolved on the finding, oldest first
	Returns        int                // earlier versions of the document in which the finding was returned
	Docket         []Matter           // what stands or shall stand on the agenda of a meeting
	LastMeeting    int                // number of the newest meeting of the round
	People         []Person           // for a username that must be free
	Principal      Person             // who delegates, or whom a recusal is about
	Deputies       []Person           // those who deputise for the target of the act
	Recused        Recusal            // of who acts, or of their principal, where the act judges
	Columns        map[string]bool    // fields a heading may stand for
	Seats          Seats              // who may speak for the parties today, when something is sent
	Unfit          string             // why the file of a template cannot be used
}

// organCadre reports whether the finding, which env.Findings holds, is flagged so.
func (env Env) organCadre(finding string) bool {
	return slices.ContainsFunc(env.Findings, func(f Finding) bool { return f.Number == finding && f.Class.OrganCadre })
}

// panel is the parties that review the finding, which env.Findings holds.
func (env Env) panel(finding string) []joint.Party {
	return env.Mechanism.Panel(env.Submission.Doc, env.organCadre(finding))
}

// reading is what the panel says on the finding, which env.Findings holds.
func (env Env) reading(finding string) joint.Reading {
	return env.Submission.Reading(env.Mechanism, env.organCadre(finding), Conclusions(env.Verdicts), env.Today)
}

// A Refusal says which rule forbids an act. Code is a message key; Args fill
// its places. A user can do something about a refusal.
type Refusal struct {
	Code string
	Args []any
}

func (r Refusal) Error() string { return fmt.Sprintf("refused %s %v", r.Code, r.Args) }

func refuse(code string, args ...any) error { return Refusal{code, args} }

// Decide returns what follows from the act on the state, or a Refusal.
// It is pure: the same arguments give the same facts.
func Decide(s State, act Act, env Env) ([]Fact, error) {
	if err := barred(act, env); err != nil {
		return nil, err
	}
	switch s := s.(type) {
	case Organisation:
		return s.decide(act)
	case Body:
		return s.decide(act)
	case Person:
		return s.decide(act, env)
	case Round:
		return s.decide(act, env)
	case Finding:
		return s.decide(act, env)
	case Submission:
		return s.decide(act, env)
	case Verdict:
		return s.decide(act, env)
	case Opinion:
		return s.decide(act)
	case Consolidation:
		return s.decide(act, env)
	case Mechanism:
		return s.decide(act, env)
	case Meeting:
		return s.decide(act, env)
	case Recusal:
		return s.decide(act, env)
	case Import:
		return s.decide(act, env)
	case Layouts:
		return s.decide(act, env)
	case Headings:
		return s.decide(act, env)
	case Template:
		return s.decide(act, env)
	case Design:
		return s.decide(act)
	default:
		panic(fmt.Sprintf("ledger: state %T is not handled", s))
	}
}

// unhandled is a mistake of the programmer, not of a user.
func unhandled(s State, act Act) error {
	panic(fmt.Sprintf("ledger: act %T on %T is not handled", act, s))
}

// on makes the facts of one record.
func on(s State, events ...Event) []Fact {
	facts := make([]Fact, len(events))
	for i, e := range events {
		facts[i] = Fact{On: s, Event: e}
	}
	return facts
}
