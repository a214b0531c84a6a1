package web

import (
	"context"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// apiWay is a mechanism as the API shows it.
type apiWay struct {
	Code     string              `json:"code"`
	InForce  mechanism.Mechanism `json:"in_force" doc:"version under which a round opens today"`
	Versions []apiVersion        `json:"versions" doc:"the newest first"`
	Seen     int64               `json:"version" doc:"of the record: goes into seen when publishing"`
}

// apiVersion is one entry of the history of a mechanism.
type apiVersion struct {
	Version int          `json:"version"`
	From    workday.Date `json:"from,omitzero" doc:"absent for what comes with the program"`
	Note    string       `json:"note,omitempty"`
	YAML    string       `json:"yaml" doc:"the whole version"`
	Rounds  []int        `json:"rounds,omitempty" doc:"rounds that run under it"`
}

func wayShown(w way) apiWay {
	shown := apiWay{Code: w.Code, InForce: w.Current, Seen: w.History.Version, Versions: []apiVersion{}}
	for _, p := range w.versions() {
		v := apiVersion{Version: p.Mechanism.Version, From: p.From, Note: p.Note, YAML: string(mechanism.Marshal(p.Mechanism))}
		for _, r := range w.Rounds {
			if r.Mechanism.Version == v.Version {
				v.Rounds = append(v.Rounds, r.Number)
			}
		}
		shown.Versions = append(shown.Versions, v)
	}
	return shown
}

func (s *Server) apiMechanisms(ctx context.Context, _ *struct{}) (apiPage[apiWay], error) {
	list, err := s.ways(ctx)
	return pageOf(list, len(list), func(w way) string { return w.Code }, wayShown), err
}

type MechanismPath struct {
	Code string `path:"code" maxLength:"40"`
}

func (s *Server) apiMechanism(ctx context.Context, in *MechanismPath) (apiWay, error) {
	w, err := s.way(ctx, in.Code)
	return wayShown(w), err
}

type publishInput struct {
	Keyed
	MechanismPath
	Body struct {
		Begun
		Mechanism mechanism.Mechanism `json:"mechanism" doc:"all of it; its version number is given by the program"`
		From      workday.Date        `json:"from,omitzero" doc:"day from which rounds open under it; today if left out"`
		Note      string              `json:"note,omitempty" doc:"why; needed unless the mechanism is new"`
	}
}

func (in *publishInput) order() supervise.Order {
	b := in.Body
	return supervise.Order{Seen: b.Seen, Key: in.Key, Act: ledger.PublishMechanism{
		Code: in.Code, Mechanism: b.Mechanism, From: b.From, Note: b.Note,
	}}
}

// sameMechanism shows what was published, without the rounds.
func (s *Server) sameMechanism(_ policy.Actor, x ledger.State) apiWay {
	h := x.(ledger.Mechanism)
	return wayShown(s.wayOf(h.Code, h, nil))
}
