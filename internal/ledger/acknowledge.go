package ledger

import (
	"strings"
	"time"

	"lianshen/internal/ledger/mechanism"
)

// An Acknowledgement is what the organisation says to a finding before its plan
// (认领). It says nothing about what has been done: that is another figure.
type Acknowledgement struct {
	Position Position  `json:"position"`
	Grounds  string    `json:"grounds,omitempty"`
	Person   string    `json:"person"`
	At       time.Time `json:"at"`
}

// Position is how far an organisation acknowledges a finding.
type Position string

// The positions.
const (
	Agrees       Position = "agrees"    // 认领
	PartlyAgrees Position = "partly"    // 部分认领
	Disagrees    Position = "disagrees" // 有异议
)

// Positions lists them from agreement to dissent.
func Positions() []Position { return []Position{Agrees, PartlyAgrees, Disagrees} }

// Contested reports whether the organisation does not acknowledge the whole of
// the finding, which is for the office to look into.
func (a Acknowledgement) Contested() bool {
	return a.Position == PartlyAgrees || a.Position == Disagrees
}

// Acknowledge says whether the organisation agrees with the finding. It may be
// changed until the plan is under review.
type Acknowledge struct {
	Number   string
	Position Position
	Grounds  string // required unless it agrees
}

func (a Acknowledge) Target() Ref { return FindingRef(a.Number) }

// FindingAcknowledged says what the organisation holds of the finding.
type FindingAcknowledged struct {
	Acknowledgement Acknowledgement `json:"acknowledgement"`
}

func (FindingAcknowledged) event() {}

func (f Finding) acknowledge(act Acknowledge, env Env) ([]Fact, error) {
	grounds := strings.TrimSpace(act.Grounds)
	switch {
	case !env.Mechanism.Acceptance:
		return nil, refuse("acknowledge.not_asked")
	case f.Stage.Done():
		return nil, refuse("finding.done")
	case f.PlanIn != "" || f.PlanPassed:
		return nil, refuse("acknowledge.plan_reviewed")
	case act.Position != Agrees && act.Position != PartlyAgrees && act.Position != Disagrees:
		return nil, refuse("acknowledge.position_missing")
	case act.Position != Agrees && grounds == "":
		return nil, refuse("acknowledge.grounds_missing")
	case tooLong(MaxText, grounds):
		return nil, refuse("field.too_long", MaxText)
	case act.Position == f.Acknowledgement.Position && grounds == f.Acknowledgement.Grounds:
		return nil, refuse("act.nothing_changed")
	}
	return on(f, FindingAcknowledged{Acknowledgement{act.Position, grounds, env.Person, env.Now}}), nil
}

// Unacknowledged counts the findings on which the organisation still has to say
// whether it agrees, before the document may go to the parties under m.
func Unacknowledged(m mechanism.Mechanism, doc mechanism.Doc, findings []Finding) int {
	if !m.Acceptance || doc != mechanism.Plan {
		return 0
	}
	n := 0
	for _, f := range findings {
		if f.Acknowledgement.Position == "" {
			n++
		}
	}
	return n
}
