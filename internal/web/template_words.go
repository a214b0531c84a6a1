package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/web/ui"
)

// versionWord names a template by its number.
func versionWord(ctx context.Context, number int) string {
	if number == 0 {
		return lang.T(ctx, "templates.builtin")
	}
	return lang.T(ctx, "templates.number", number)
}

func (v templateView) newestFirst() []ledger.TemplateVersion {
	list := slices.Clone(v.Own.Files)
	slices.Reverse(list)
	return list
}

func (v templateView) usesNewestFirst() []ledger.TemplateUse {
	list := slices.Clone(v.Own.Used)
	slices.Reverse(list)
	return list
}

// fieldLine is a field in the guide.
type fieldLine struct{ Marker, Code, Note, Sample string }

// fieldLines lists the fields of a kind, those of a repeating part between its signs.
func fieldLines(ctx context.Context, k paper.Kind) (list []fieldLine) {
	var add func(fields []paper.Field, indent string)
	add = func(fields []paper.Field, indent string) {
		for _, f := range fields {
			note := f.Note
			if lang.From(ctx) == lang.EN {
				note = f.NoteEn
			}
			if !f.IsList() {
				list = append(list, fieldLine{indent + "{{" + f.Name + "}}", f.Code, note, f.Sample})
				continue
			}
			list = append(list, fieldLine{indent + "{{#" + f.Name + "}}", f.Code, note, ""})
			add(f.Fields, indent+"　")
			add(paper.Counters(), indent+"　")
			list = append(list, fieldLine{indent + "{{/" + f.Name + "}}", "", "", ""})
		}
	}
	add(k.All(), "")
	return list
}

// hint says where the name stands, and what it may be meant to be.
func (f fieldChoice) hint(ctx context.Context) string {
	if f.Near == "" {
		return f.Place
	}
	return f.Place + " " + lang.T(ctx, "templates.names.near", f.Near)
}

// namesButton is solid while mapping is the one thing to do on the page.
func (v versionView) namesButton() string {
	if v.Open > 0 {
		return "btn btn-primary"
	}
	return "btn btn-line"
}

func (v versionView) useWord(ctx context.Context) string {
	if v.Number == 0 {
		return lang.T(ctx, "templates.use.builtin")
	}
	return lang.T(ctx, "templates.use.do")
}

// tryChoices are the papers to show the template with, and invented data.
func (v versionView) tryChoices(ctx context.Context) []ui.Choice {
	choices := []ui.Choice{{Value: "", Label: lang.T(ctx, "templates.try.invented")}}
	for _, ref := range v.Refs {
		choices = append(choices, ui.Choice{Value: ref, Label: ref})
	}
	return choices
}
