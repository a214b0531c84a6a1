package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

// What can be chosen in the editor of a mechanism, in words.

func sights(ctx context.Context) []ui.Choice {
	return []ui.Choice{
		{Value: string(mechanism.SeesAll), Label: lang.T(ctx, "mechanisms.sees.all")},
		{Value: string(mechanism.SeesOrganCadre), Label: lang.T(ctx, "mechanisms.sees.organ_cadre")},
	}
}

func modes(ctx context.Context) []ui.Choice {
	return []ui.Choice{
		{Value: string(mechanism.Circulated), Label: lang.T(ctx, "mechanisms.mode.circulated_word")},
		{Value: string(mechanism.OnTheSpot), Label: lang.T(ctx, "mechanisms.mode.on_the_spot_word")},
	}
}

func lates(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, l := range []mechanism.Late{mechanism.LateWaits, mechanism.LatePassed, mechanism.LateShut} {
		list = append(list, ui.Choice{Value: string(l), Label: lang.T(ctx, "mechanisms.late_word."+lateWord(l))})
	}
	return list
}

func abstentions(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, a := range []joint.Abstention{joint.AbstainNot, joint.AbstainAbsent, joint.AbstainAgree, joint.AbstainAgainst} {
		list = append(list, ui.Choice{Value: string(a), Label: lang.T(ctx, "mechanisms.abstain_word."+abstainWord(a))})
	}
	return list
}

func groups(ctx context.Context) []ui.Choice {
	return []ui.Choice{
		{Value: string(mechanism.ByFinding), Label: lang.T(ctx, "mechanisms.letter.by.finding")},
		{Value: string(mechanism.ByCriterion), Label: lang.T(ctx, "mechanisms.letter.by.criterion")},
		{Value: string(mechanism.ByParty), Label: lang.T(ctx, "mechanisms.letter.by.party")},
	}
}

func deciders(ctx context.Context, m mechanism.Mechanism) []ui.Choice {
	list := []ui.Choice{{Value: "", Label: lang.T(ctx, "mechanisms.extension.convener")}}
	for _, p := range m.Parties {
		list = append(list, ui.Choice{Value: string(p.Code), Label: p.Label().In(string(lang.From(ctx)))})
	}
	return list
}

func choosing(f ui.Field, choices []ui.Choice) ui.Field {
	f.Choices = choices
	return f
}

func hinted(f ui.Field, hint string) ui.Field {
	f.Hint = hint
	return f
}

// limited is a field of so many characters; the browser says no more than that.
func limited(f ui.Field, most string) ui.Field {
	f.More = templ.Attributes{"maxlength": most}
	return f
}

func hasSeat(seats []joint.Party, p joint.Party) bool { return slices.Contains(seats, p) }

func hasOutcome(m mechanism.Mechanism, o mechanism.Outcome) bool {
	return slices.Contains(m.Closing.Outcomes, o)
}

// usualOp is what the return key does.
func (e mechanismEdit) usualOp() string {
	if e.Tab == tabPreview {
		return "publish"
	}
	return tabPreview
}

// opens reports whether the part of a document that is rarely used begins open.
func (e mechanismEdit) opens(path string, d mechanism.Document) bool {
	for at := range e.Problems {
		for _, part := range []string{".rule.", ".days_of", ".words", ".grades"} {
			if strings.HasPrefix(at, path+part) {
				return true
			}
		}
	}
	return len(d.Rule.Required) > 0 || len(d.Rule.Veto) > 0 || d.Rule.Quorum > 0 || d.Rule.Agrees > 0 || len(d.Words) > 0 || len(d.Grades) > 0
}
