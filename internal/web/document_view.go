package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// publicKindCode is the kind of document that leaves the Party.
const publicKindCode = "public"

// draftView is a document with the form beside it.
type draftView struct {
	*documentDraft
	Print printout
}

// kindTitle names a kind of document in the reader's language.
func kindTitle(ctx context.Context, code string) string {
	k, _ := paper.KindOf(code)
	return named(ctx, or(k.Title, code), k.TitleEn)
}

// field dresses one field of the form.
func (v draftView) field(ctx context.Context, a ask) ui.Field {
	f := ui.Field{ID: "d-" + a.Name, Name: a.Name, Label: lang.T(ctx, "document.field."+a.Name), Value: v.Values[a.Name], Rows: 3}
	if a.Date {
		f.Kind = "date"
	}
	if hint := "document.hint." + a.Name; lang.Has(hint) {
		f.Hint = lang.T(ctx, hint)
	}
	if len([]rune(f.Value)) > 160 {
		f.Rows = 7
	}
	return f
}

// hidden says what the document is about, and that findings were ticked knowingly.
func (v draftView) hidden() []ui.Hidden {
	list := []ui.Hidden{}
	if v.Organisation != "" {
		list = append(list, ui.Hidden{Name: "organisation", Value: v.Organisation})
	}
	if v.Body.Code != "" {
		list = append(list, ui.Hidden{Name: "body", Value: v.Body.Code})
	}
	if v.Sort.About == ofFindings {
		list = append(list, ui.Hidden{Name: "picked", Value: "1"})
	}
	return list
}

func (v draftView) ticked(number string) bool { return slices.Contains(v.Picked, number) }

// kept says since when a draft is kept; "" without one.
func (v draftView) kept(ctx context.Context) string {
	if v.Kept == "" {
		return ""
	}
	return draftWord(ctx, v.Kept)
}

// mayMake leaves of the kinds those that the actor may make.
func mayMake(who policy.Actor, kinds ...string) (list []string) {
	for _, kind := range kinds {
		if d, known := sortOf(kind); known && policy.CanOpen(who, d.Page) {
			list = append(list, kind)
		}
	}
	return list
}
