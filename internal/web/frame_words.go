package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// get returns what was typed into a field, or "" before anything was posted.
func (f *form) get(name string) string { return f.r.PostForm.Get(name) }

// typedAt returns what was typed into the form with the name, and nothing for others.
func (v frameView) typedAt(at string) func(string) string {
	if v.At != at {
		return func(string) string { return "" }
	}
	return v.Typed.get
}

// either is what was typed, else what is proposed.
func either(typed, proposed string) string {
	if typed == "" {
		return proposed
	}
	return typed
}

func parentChoices(ctx context.Context, v frameView, except string) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: lang.T(ctx, "frame.no_parent")}}
	for _, o := range v.Organisations {
		if o.Code != except {
			list = append(list, ui.Choice{Value: o.Code, Label: o.NameOn(workday.Date{}).Short})
		}
	}
	return list
}

func teamChoices(ctx context.Context, teams []ledger.Body) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: lang.T(ctx, "rounds.not_inspected")}}
	for _, b := range teams {
		list = append(list, ui.Choice{Value: b.Code, Label: b.Name})
	}
	return list
}

func everyOrganisation(list []ledger.Organisation) []ui.Choice {
	var choices []ui.Choice
	for _, o := range list {
		choices = append(choices, ui.Choice{Value: o.Code, Label: o.NameOn(workday.Date{}).Short})
	}
	return choices
}

func inspectedRows(v roundView) []ui.KV {
	teams := map[string]string{}
	for _, b := range v.Teams {
		teams[b.Code] = b.Name
	}
	names := map[string]string{}
	for _, o := range v.Organisations {
		names[o.Code] = o.NameOn(v.Round.FeedbackOn).Full
	}
	var rows []ui.KV
	for _, in := range v.Round.Organisations {
		rows = append(rows, ui.KV{Key: names[in.Organisation], Value: teams[in.Team]})
	}
	return rows
}

// field is one field of the round form: what was typed, else what is stored.
func (v roundView) field(name, label, stored, kind string, required bool) ui.Field {
	f := ui.Field{Name: name, Label: label, Kind: kind, Required: required, Value: stored, Problem: v.Typed.problems[name]}
	if typed, sent := v.Typed.r.PostForm[name]; sent {
		f.Value = typed[0]
	}
	return f
}

func roundTitle(ctx context.Context, r ledger.Round) string {
	if r.Number == 0 {
		return lang.T(ctx, "rounds.new")
	}
	return r.Name
}

func roundButton(ctx context.Context, r ledger.Round) string {
	if r.Number == 0 {
		return lang.T(ctx, "rounds.open")
	}
	return lang.T(ctx, "action.save")
}

func roundAction(r ledger.Round) string {
	if r.Number == 0 {
		return "/rounds"
	}
	return roundPath(r.Number, "edit")
}
