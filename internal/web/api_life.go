package web

import (
	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// apiLife adds the acts of a finding's own life: acknowledged, extended, settled.
func (s *Server) apiLife(api huma.API) {
	acting[acknowledgeInput](s, api, "/findings/{number}/acknowledge", "Findings", "Say, as the organisation, whether it agrees with the finding.", sameFinding)
	acting[askExtensionInput](s, api, "/findings/{number}/extension", "Findings", "Ask for a later deadline.", sameFinding)
	acting[decideExtensionInput](s, api, "/findings/{number}/extension/decision", "Findings", "Grant or refuse the later deadline.", sameFinding)
	acting[settleInput](s, api, "/findings/{number}/settle", "Findings", "Give it an outcome other than rectified, or let it rest until a day.", sameFinding)
}

type acknowledgeInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Position ledger.Position `json:"position" enum:"agrees,partly,disagrees"`
		Grounds  string          `json:"grounds,omitempty" doc:"needed unless it agrees"`
	}
}

func (in *acknowledgeInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Act: ledger.Acknowledge{Number: in.Number, Position: b.Position, Grounds: b.Grounds}, Seen: b.Seen, Key: in.Key}
}

type askExtensionInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		To     workday.Date `json:"to"`
		Reason string       `json:"reason"`
	}
}

func (in *askExtensionInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Act: ledger.AskExtension{Number: in.Number, To: b.To, Reason: b.Reason}, Seen: b.Seen, Key: in.Key}
}

type decideExtensionInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Grant  bool   `json:"grant"`
		Reason string `json:"reason,omitempty" doc:"needed to refuse"`
	}
}

func (in *decideExtensionInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Act: ledger.DecideExtension{Number: in.Number, Grant: b.Grant, Reason: b.Reason}, Seen: b.Seen, Key: in.Key}
}

type settleInput struct {
	Keyed
	FindingPath
	Body struct {
		ReadAt
		Outcome   mechanism.Outcome `json:"outcome" enum:"continuing,not_rectified,merged,withdrawn,referred"`
		Reason    string            `json:"reason"`
		Until     workday.Date      `json:"until,omitzero" doc:"of one that continues: the day on which it is reviewed again"`
		Into      string            `json:"into,omitempty" doc:"of one that is merged: the finding that goes on"`
		Reference string            `json:"reference,omitempty" doc:"of a referral: the number of the paper"`
		Recipient string            `json:"recipient,omitempty" doc:"of a referral"`
	}
}

func (in *settleInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Seen: b.Seen, Key: in.Key, Act: ledger.Settle{
		Number: in.Number, Outcome: b.Outcome, Reason: b.Reason, Until: b.Until, Into: b.Into, Reference: b.Reference, Recipient: b.Recipient,
	}}
}
