package web

import (
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// plan reads the plan part of the editor. Rows without a text are dropped by the rule.
func (f *form) plan() ledger.Plan {
	p := ledger.Plan{
		Cause: f.text("cause"), Target: f.text("target"),
		Leader: f.text("leader"), Section: f.text("section"), Handler: f.text("handler"),
	}
	for i := range f.list("m_text") {
		m := ledger.Measure{
			Text: f.nth("m_text", i), Number: f.nth("m_number", i), Owner: f.nth("m_owner", i),
			Deadline: f.nthDate("m_deadline", i), DeadlineText: f.nth("m_deadline_text", i),
		}
		if m.Text != "" {
			p.Measures = append(p.Measures, m)
		}
	}
	return p
}

// progress reads the progress part of the editor.
func (f *form) progress() ledger.Progress {
	p := ledger.Progress{
		Text: f.text("progress"), Claim: ledger.Claim(f.text("claim")),
		EvidenceText: f.text("evidence_text"), Remark: f.text("remark"),
	}
	for i := range f.list("q_name") {
		q := ledger.Quantity{
			Name: f.nth("q_name", i), Unit: f.nth("q_unit", i),
			Baseline: f.nth("q_baseline", i), Target: f.nth("q_target", i), Current: f.nth("q_current", i),
		}
		if q != (ledger.Quantity{}) {
			p.Quantities = append(p.Quantities, q)
		}
	}
	for i := range f.list("r_title") {
		r := ledger.RuleMade{Title: f.nth("r_title", i), DocNumber: f.nth("r_doc", i), Date: f.nthDate("r_date", i)}
		if r != (ledger.RuleMade{}) {
			p.Rules = append(p.Rules, r)
		}
	}
	return p
}

// nth returns the i-th value of a repeated field.
func (f *form) nth(name string, i int) string {
	values := f.list(name)
	if i >= len(values) {
		return ""
	}
	return strings.TrimSpace(strings.ReplaceAll(values[i], "\r\n", "\n"))
}

func (f *form) nthDate(name string, i int) workday.Date {
	text := f.nth(name, i)
	if text == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(text)
	if err != nil {
		f.problems[name+"-"+itoa(i)] = lang.T(f.r.Context(), "form.date", text)
	}
	return d
}

// summary lists the problems for the top of the page, each leading to its field.
func (f *form) summary() []ui.FieldProblem {
	var list []ui.FieldProblem
	for _, id := range sortedKeys(f.problems) {
		list = append(list, ui.FieldProblem{ID: id, Text: f.problems[id]})
	}
	return list
}

// blankRows are the empty rows offered below the filled ones.
const blankRows = 2

// padded returns the list with empty rows to write into.
func padded[T any](list []T) []T {
	return append(append([]T{}, list...), make([]T, blankRows)...)
}
