package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// blank reports whether nothing was typed into the box of an opinion.
func blank(o ledger.Said) bool {
	return o == ledger.Said{Criterion: o.Criterion, Kind: o.Kind}
}

// placed reads into the n-th opinion of a criterion what it is about and until when
// it has to be done. A day that is none stays out: see wrongDays.
func placed(v url.Values, said ledger.Said, code string, n int) ledger.Said {
	nth := func(control string) string {
		if list := v[control+"-"+code]; n < len(list) {
			return clean(list[n])
		}
		return ""
	}
	said.Section, said.Measure = nth("s"), nth("m")
	said.Due, _ = workday.Parse(nth("d"))
	return said
}

// wrongDays notes every due date that is no date, beside its control, and reports
// whether there was one: the act cannot carry what was typed.
func wrongDays(p passage, f *form) bool {
	for _, code := range boxCodes(p.mech(), p.Submission.Doc) {
		for i, text := range f.list("d-" + code) {
			if _, err := workday.Parse(strings.TrimSpace(text)); err != nil && strings.TrimSpace(text) != "" {
				f.wrong(boxID("d", code, i), "form.date", text)
			}
		}
	}
	return len(f.problems) > 0
}

// measureChoices are the measures that an opinion may be about; none where the
// plan numbers none.
func measureChoices(ctx context.Context, plan ledger.Plan) []ui.Choice {
	var list []ui.Choice
	for _, m := range plan.Measures {
		if m.Number != "" {
			list = append(list, ui.Choice{Value: m.Number, Label: m.Number + " " + short(m.Text, 20)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	return append([]ui.Choice{{Label: lang.T(ctx, "review.where.no_measure")}}, list...)
}

// whereLine says in one line what an opinion is about and until when it has to be
// done; "" for one that does not say.
func whereLine(ctx context.Context, o ledger.Said) string {
	var parts []string
	add := func(key, value string) {
		if value != "" {
			parts = append(parts, lang.T(ctx, key, value))
		}
	}
	add("review.where.section.is", o.Section)
	add("review.where.measure.is", o.Measure)
	add("review.where.due.is", o.Due.String())
	return strings.Join(parts, " · ")
}

// fullWords is an opinion with what it requires and what it is about.
func fullWords(ctx context.Context, o ledger.Said) string {
	parts := []string{o.Text, o.Change, whereLine(ctx, o)}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

// filled reports whether there is anything in the box, or wrong with it.
func (b boxView) filled() bool {
	return b.Text+b.Change != "" || b.placed() || len(b.Problems) > 0
}

// placed reports whether the folded part of the box holds anything, or a problem.
func (b boxView) placed() bool {
	return b.Section+b.Measure+b.Due+b.Problems["m"]+b.Problems["d"] != ""
}

// boxOf is the n-th box of a criterion as it was typed.
func boxOf(v url.Values, said ledger.Said, code, name string, n int, problems map[string]string) boxView {
	b := boxView{
		Code: code, Name: name, N: n, Kind: string(said.Kind), Text: said.Text, Change: said.Change,
		Section: said.Section, Measure: said.Measure, Problems: map[string]string{},
	}
	if days := v["d-"+code]; n < len(days) {
		b.Due = strings.TrimSpace(days[n])
	}
	for _, control := range boxControls {
		if text, wrong := problems[boxID(control, code, n)]; wrong {
			b.Problems[control] = text
		}
	}
	return b
}

// boxControls are the controls of an opinion that can be wrong, in their order.
var boxControls = []string{"t", "c", "m", "d"}

// controlOf names the control of an opinion that a refusal speaks of.
var controlOf = map[string]string{"opinion.change_missing": "c", "opinion.measure_unknown": "m", "opinion.due_past": "d"}

// demand says at the field what is required, where the mechanism insists on it.
func demand(ctx context.Context, doc mechanism.Document) string {
	if doc.RequireChange {
		return lang.T(ctx, "review.box.change.required")
	}
	return lang.T(ctx, "review.box.change.hint")
}
