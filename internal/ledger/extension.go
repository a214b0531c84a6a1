package ledger

import (
	"strings"
	"time"

	"lianshen/internal/workday"
)

// An Extension is a later deadline that was asked for (延期). The earlier dates
// stay here for good: a deadline that was moved is never shown as if it had
// always been so.
type Extension struct {
	From     workday.Date `json:"from"`                // the deadline that was, or would be, replaced
	FromText string       `json:"from_text,omitempty"` // what stood beside it
	To       workday.Date `json:"to"`
	Reason   string       `json:"reason"`
	AskedBy  string       `json:"asked_by"`
	AskedAt  time.Time    `json:"asked_at"`

	Granted        bool      `json:"granted,omitempty"`
	DecidedBy      string    `json:"decided_by,omitempty"`
	DecidedAt      time.Time `json:"decided_at,omitzero"`
	DecisionReason string    `json:"decision_reason,omitempty"`
}

// Pending reports whether the request has not been decided.
func (e Extension) Pending() bool { return e.DecidedAt.IsZero() }

// Pending returns the request that waits for a decision. One on a finding that
// has ended meanwhile waits for nobody.
func (f Finding) Pending() (Extension, bool) {
	if n := len(f.Extensions); n > 0 && f.Extensions[n-1].Pending() && !f.Stage.Done() {
		return f.Extensions[n-1], true
	}
	return Extension{}, false
}

// Granted counts the extensions that were granted.
func (f Finding) Granted() int {
	n := 0
	for _, e := range f.Extensions {
		if e.Granted {
			n++
		}
	}
	return n
}

// Acts on deadlines.
type (
	// AskExtension asks for a later deadline.
	AskExtension struct {
		Number string
		To     workday.Date
		Reason string
	}
	// DecideExtension grants or refuses the request that is pending.
	DecideExtension struct {
		Number string
		Grant  bool
		Reason string // required to refuse
	}
)

func (a AskExtension) Target() Ref    { return FindingRef(a.Number) }
func (a DecideExtension) Target() Ref { return FindingRef(a.Number) }

// Events of deadlines.
type (
	ExtensionAsked struct {
		Extension Extension `json:"extension"`
	}
	ExtensionDecided struct {
		From     workday.Date `json:"from"` // the deadline on the day of the decision
		FromText string       `json:"from_text,omitempty"`
		To       workday.Date `json:"to"`
		Granted  bool         `json:"granted,omitempty"`
		Reason   string       `json:"reason,omitempty"`
		By       string       `json:"by"`
		At       time.Time    `json:"at"`
	}
)

func (ExtensionAsked) event()   {}
func (ExtensionDecided) event() {}

func (f Finding) askExtension(act AskExtension, env Env) ([]Fact, error) {
	reason, most := strings.TrimSpace(act.Reason), env.Mechanism.Extension.Most
	if _, pending := f.Pending(); pending {
		return nil, refuse("extension.pending")
	}
	switch {
	case f.Stage.Done():
		return nil, refuse("finding.done")
	case f.Stage == ContinuingStage:
		return nil, refuse("extension.continuing", f.Settlement.Until.String())
	case f.Class.Deadline.IsZero():
		return nil, refuse("extension.no_deadline")
	case most > 0 && f.Granted() >= most:
		return nil, refuse("extension.too_many", most)
	case act.To.IsZero():
		return nil, refuse("extension.date_missing")
	case !act.To.After(f.Class.Deadline):
		return nil, refuse("extension.not_later", act.To.String(), f.Class.Deadline.String())
	case act.To.Before(env.Today):
		return nil, refuse("extension.in_past", act.To.String())
	case reason == "":
		return nil, refuse("extension.reason_missing")
	case tooLong(MaxText, reason):
		return nil, refuse("field.too_long", MaxText)
	}
	return on(f, ExtensionAsked{Extension{
		From: f.Class.Deadline, FromText: f.Class.DeadlineText, To: act.To, Reason: reason, AskedBy: env.Person, AskedAt: env.Now,
	}}), nil
}

func (f Finding) decideExtension(act DecideExtension, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	asked, pending := f.Pending()
	switch {
	case !pending:
		return nil, refuse("extension.none_pending")
	case act.Grant && !asked.To.After(f.Class.Deadline): // the office has moved the deadline meanwhile
		return nil, refuse("extension.not_later", asked.To.String(), f.Class.Deadline.String())
	case !act.Grant && reason == "":
		return nil, refuse("extension.refusal_reason_missing")
	case tooLong(MaxText, reason):
		return nil, refuse("field.too_long", MaxText)
	}
	return on(f, ExtensionDecided{
		From: f.Class.Deadline, FromText: f.Class.DeadlineText, To: asked.To,
		Granted: act.Grant, Reason: reason, By: env.Person, At: env.Now,
	}), nil
}

// applyDecided writes the decision into the request. What stood beside the old
// date is about the old date: it stays with it.
func (f Finding) applyDecided(e ExtensionDecided) Finding {
	list := append([]Extension{}, f.Extensions...)
	last := &list[len(list)-1]
	last.From, last.FromText, last.Granted = e.From, e.FromText, e.Granted
	last.DecidedBy, last.DecidedAt, last.DecisionReason = e.By, e.At, e.Reason
	f.Extensions = list
	if e.Granted {
		f.Class.Deadline, f.Class.DeadlineText = e.To, ""
	}
	return f
}
