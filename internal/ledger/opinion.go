package ledger

import (
	"slices"
	"strings"
	"time"

	"lianshen/internal/ledger/joint"
)

// An Opinion is what one party holds against, or in favour of, one finding of
// one submission. Its own words never change; a letter may word it otherwise.
type Opinion struct {
	ID           string      `json:"id"` // verdict and number: "8-JT-report-1:08-JT-012:office:1"
	Submission   string      `json:"submission"`
	Finding      string      `json:"finding"`
	Round        int         `json:"round"`
	Organisation string      `json:"organisation"`
	Team         string      `json:"team"`
	Party        joint.Party `json:"party"`

	Said   Said         `json:"said"`
	Person string       `json:"person"`
	At     time.Time    `json:"at"`
	Stage  OpinionStage `json:"stage"`
	Entry  int          `json:"entry,omitempty"` // entry of the letter that carries it, from 1
	Reason string       `json:"reason,omitempty"`
	Answer Answer       `json:"answer,omitzero"`
	Renews []string     `json:"renews,omitempty"` // the party's opinions that this one raises again
	With   string       `json:"with,omitempty"`   // the verdict with which it was re-checked

	OnBehalf string `json:"on_behalf,omitempty"` // name of the principal, where a deputy spoke
	Version  int64  `json:"version"`
}

// OpinionKind says how much an opinion asks for.
type OpinionKind string

// The kinds of opinion.
const (
	Must   OpinionKind = "must"   // 必须改
	Should OpinionKind = "should" // 建议改
	Remark OpinionKind = "remark" // asks for nothing
)

// OpinionStage is where an opinion stands.
type OpinionStage string

// The stages of an opinion.
const (
	Raised    OpinionStage = "raised"
	Merged    OpinionStage = "merged"    // carried by an entry of a letter not yet delivered
	SetAside  OpinionStage = "set_aside" // left out of the letter, with a reason
	Noted     OpinionStage = "noted"     // a remark; needs no answer
	Delivered OpinionStage = "delivered" // waits for the organisation's answer
	Answered  OpinionStage = "answered"  // waits for the party's re-check
	Resolved  OpinionStage = "resolved"  // the party is content
	Again     OpinionStage = "again"     // the party raised it again, in a newer opinion
	TakenBack OpinionStage = "taken_back"
)

// Answer is the organisation's answer to an entry of a letter.
type Answer struct {
	Response Response  `json:"response"`
	Reason   string    `json:"reason,omitempty"`
	Place    string    `json:"place,omitempty"` // where the change was made
	Person   string    `json:"person"`
	At       time.Time `json:"at"`
}

// Response is how far an opinion was taken up (采纳情况).
type Response string

// The responses.
const (
	Adopted    Response = "adopted"
	PartlyDone Response = "partly"
	NotAdopted Response = "not"
)

// Settled reports whether nothing more is due on the opinion.
func (o Opinion) Settled() bool {
	switch o.Stage {
	case SetAside, Noted, Resolved, Again, TakenBack:
		return true
	case Raised, Merged, Delivered, Answered:
		return false
	}
	return false
}

// UnsettledStages lists the stages in which something is still due on an opinion.
func UnsettledStages() []OpinionStage {
	all := []OpinionStage{Raised, Merged, SetAside, Noted, Delivered, Answered, Resolved, Again, TakenBack}
	return slices.DeleteFunc(all, func(s OpinionStage) bool { return Opinion{Stage: s}.Settled() })
}

// Rechecked reports whether the party has looked at the answer.
func (o Opinion) Rechecked() bool { return o.Stage == Resolved || o.Stage == Again }

func (o Opinion) Ref() Ref   { return Ref{KindOpinion, o.ID} }
func (o Opinion) Ver() int64 { return o.Version }
func (o Opinion) Subject() Subject {
	return Subject{Kind: KindOpinion, Round: o.Round, Organisation: o.Organisation, Team: o.Team, Party: o.Party}
}

// Recheck says whether the party is content with the answer, outside a new verdict.
type Recheck struct {
	Opinion string
	Content bool
	Note    string
}

func (a Recheck) Target() Ref { return Ref{KindOpinion, a.Opinion} }

// Events of opinions.
type (
	OpinionRaised struct {
		Submission   string      `json:"submission"`
		Finding      string      `json:"finding"`
		Round        int         `json:"round"`
		Organisation string      `json:"organisation"`
		Team         string      `json:"team"`
		Party        joint.Party `json:"party"`
		Said         Said        `json:"said"`
		Person       string      `json:"person"`
		At           time.Time   `json:"at"`
		Renews       []string    `json:"renews,omitempty"`
		OnBehalf     string      `json:"on_behalf,omitempty"`
	}
	OpinionMerged struct {
		Entry int `json:"entry"`
	}
	OpinionSetAside struct {
		Reason string `json:"reason"`
	}
	OpinionNoted     struct{}
	OpinionDelivered struct{}
	OpinionAnswered  struct {
		Answer Answer `json:"answer"`
	}
	OpinionRechecked struct {
		Content bool   `json:"content"`
		Note    string `json:"note,omitempty"`
		With    string `json:"with,omitempty"` // verdict; "" outside one
	}
)

func (OpinionRaised) event()    {}
func (OpinionMerged) event()    {}
func (OpinionSetAside) event()  {}
func (OpinionNoted) event()     {}
func (OpinionDelivered) event() {}
func (OpinionAnswered) event()  {}
func (OpinionRechecked) event() {}

func (o Opinion) decide(act Act) ([]Fact, error) {
	switch act := act.(type) {
	case Recheck:
		return o.recheck(act.Content, act.Note)
	default:
		return nil, unhandled(o, act)
	}
}

func (o Opinion) recheck(content bool, note string) ([]Fact, error) {
	if o.Stage != Answered {
		return nil, refuse("recheck.not_answered", string(o.Stage))
	}
	if !content && strings.TrimSpace(note) == "" {
		return nil, refuse("recheck.note_missing")
	}
	return on(o, OpinionRechecked{Content: content, Note: strings.TrimSpace(note)}), nil
}

// Apply returns the opinion after the event.
func (o Opinion) Apply(e Event) State {
	switch e := e.(type) {
	case OpinionRaised:
		o.Submission, o.Finding, o.Round, o.Organisation, o.Team = e.Submission, e.Finding, e.Round, e.Organisation, e.Team
		o.Party, o.Said, o.Person, o.At, o.Stage = e.Party, e.Said, e.Person, e.At, Raised
		o.Renews = e.Renews
		o.OnBehalf = e.OnBehalf
	case OpinionMerged:
		o.Stage, o.Entry, o.Reason = Merged, e.Entry, ""
	case OpinionSetAside:
		o.Stage, o.Entry, o.Reason = SetAside, 0, e.Reason
	case OpinionNoted:
		o.Stage, o.Entry = Noted, 0
	case OpinionDelivered:
		o.Stage = Delivered
	case OpinionAnswered:
		o.Stage, o.Answer = Answered, e.Answer
	case OpinionRechecked:
		o.Stage, o.Reason, o.With = Resolved, e.Note, e.With
		if !e.Content {
			o.Stage = Again
		}
	case OpinionTakenBack:
		o.Stage = TakenBack
	case RecheckTakenBack:
		o.Stage, o.Reason, o.With = Answered, "", ""
	}
	o.Version++
	return o
}
