package web

import (
	"context"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// The forms of a finding's own life, by the last part of their address.
const (
	actAcknowledge = "acknowledge"
	actExtend      = "extend"
	actDecide      = "decide"
	actSettle      = "settle"
)

// lifeForms is what was typed into the forms of a finding's own life.
type lifeForms struct {
	Position ledger.Position
	Grounds  string
	To       workday.Date
	Reason   string
	Decision string
	Settle   ledger.Settle
}

// read takes what was typed and makes the act of it; nil if it is none of these.
func (lf *lifeForms) read(name, number string, f *form) ledger.Act {
	switch name {
	case actAcknowledge:
		lf.Position, lf.Grounds = ledger.Position(f.text("position")), f.text("grounds")
		return ledger.Acknowledge{Number: number, Position: lf.Position, Grounds: lf.Grounds}
	case actExtend:
		lf.To, lf.Reason = f.date("to"), f.text("reason")
		return ledger.AskExtension{Number: number, To: lf.To, Reason: lf.Reason}
	case actDecide:
		lf.Decision = f.text("decision")
		return ledger.DecideExtension{Number: number, Grant: f.text("grant") == "yes", Reason: lf.Decision}
	case actSettle:
		lf.Settle = ledger.Settle{
			Number: number, Outcome: mechanism.Outcome(f.text("outcome")), Reason: f.text("reason"), Until: f.date("until"),
			Into: f.text("into"), Reference: f.text("reference"), Recipient: f.text("recipient"),
		}
		return lf.Settle
	}
	return nil
}

// lifeFields says beside which field a refusal stands, where the code does not
// say it by its own first words.
var lifeFields = map[string]string{
	"acknowledge.grounds_missing": "grounds",
	"extension.reason_missing":    "extend-reason",
	"settle.reason_missing":       "settle-reason",
	"settle.not_reported":         "outcome",
	"settle.reference_missing":    "reference",
	"settle.recipient_missing":    "recipient",
}

// fieldOfLife names the field of the form that a refusal is about.
func fieldOfLife(name, code string) string {
	if field, known := lifeFields[code]; known {
		return field
	}
	switch {
	case strings.HasPrefix(code, "settle.until_"):
		return "until"
	case strings.HasPrefix(code, "settle.into_"), code == "settle.others_merged":
		return "into"
	}
	return map[string]string{actAcknowledge: "position", actExtend: "to", actDecide: "decision", actSettle: "outcome"}[name]
}

// conflict puts what was typed beside what the finding says now; which fields
// the form carries along, it says itself.
func (lf lifeForms) conflict(ctx context.Context, name string, was ledger.Finding, row func(label, field, theirs, mine, value string)) {
	switch name {
	case actAcknowledge:
		a := was.Acknowledgement
		theirs, mine := "", ""
		if a.Position != "" {
			theirs = positionWord(ctx, a.Position)
		}
		if lf.Position != "" {
			mine = positionWord(ctx, lf.Position)
		}
		row("finding.ack", "position", theirs, mine, string(lf.Position))
		row("finding.ack.grounds", "grounds", a.Grounds, lf.Grounds, lf.Grounds)
	case actExtend:
		row("word.deadline", "to", was.Class.Deadline.String(), lf.To.String(), lf.To.String())
		row("ui.reason", "reason", "", lf.Reason, lf.Reason)
	case actDecide:
		row("finding.ext.decision", "decision", "", lf.Decision, lf.Decision)
	case actSettle:
		mine := ""
		if lang.Has("outcome." + string(lf.Settle.Outcome)) {
			mine = outcomeWord(ctx, lf.Settle.Outcome)
		}
		row("finding.outcome", "outcome", stageWord(ctx, was.Stage), mine, string(lf.Settle.Outcome))
		row("ui.reason", "reason", "", lf.Settle.Reason, lf.Settle.Reason)
		row("finding.outcome.until", "until", "", lf.Settle.Until.String(), lf.Settle.Until.String())
		row("finding.outcome.into", "into", "", lf.Settle.Into, lf.Settle.Into)
		row("finding.outcome.reference", "reference", "", lf.Settle.Reference, lf.Settle.Reference)
		row("finding.outcome.recipient", "recipient", "", lf.Settle.Recipient, lf.Settle.Recipient)
	}
}

func positionChoices(ctx context.Context) []ui.Choice {
	var choices []ui.Choice
	for _, p := range ledger.Positions() {
		choices = append(choices, ui.Choice{Value: string(p), Label: positionWord(ctx, p)})
	}
	return choices
}

// lifeTitle names the card: what it holds depends on the mechanism.
func (d findingData) lifeTitle(ctx context.Context) string {
	if d.asks() {
		return lang.T(ctx, "finding.life")
	}
	return lang.T(ctx, "finding.ext.history")
}
