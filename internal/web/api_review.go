package web

import (
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/supervise"
)

type takeBackInput struct {
	Keyed
	Body struct {
		ReadAt
		Submission string      `json:"submission"`
		Finding    string      `json:"finding"`
		Party      joint.Party `json:"party"`
		Reason     string      `json:"reason"`
	}
}

func (in *takeBackInput) order() supervise.Order {
	b := in.Body
	act := ledger.TakeBack{Submission: b.Submission, Finding: b.Finding, Party: b.Party, Reason: b.Reason}
	return supervise.Order{Act: act, Seen: b.Seen, Key: in.Key}
}

type passOverInput struct {
	Keyed
	SubmissionPath
	Body struct {
		ReadAt
		Party  joint.Party `json:"party"`
		Reason string      `json:"reason"`
	}
}

func (in *passOverInput) order() supervise.Order {
	act := ledger.PassOver{Submission: in.ID, Party: in.Body.Party, Reason: in.Body.Reason}
	return supervise.Order{Act: act, Seen: in.Body.Seen, Key: in.Key}
}
