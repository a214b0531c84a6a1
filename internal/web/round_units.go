package web

import (
	"context"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// The tables of the overview by organisation: answers to letters, and all figures.

// letterRow is how far an organisation is with the answers to its letters.
type letterRow struct {
	Name, Href, Note  string
	Answered, Entries int
}

// letters lists the newest letter of each organisation.
func (v overviewView) letters(ctx context.Context) (rows []letterRow) {
	for _, code := range v.organisations() {
		var last store.PaperRow
		for _, p := range v.Papers {
			if p.Organisation == code && p.Delivered.After(last.Delivered) && v.Owed[p.ID].Entries > 0 {
				last = p
			}
		}
		if last.ID == "" {
			continue
		}
		owed := v.Owed[last.ID]
		row := letterRow{
			Name: v.name(code),
			Href: answersPath(last.ID), Answered: owed.Entries - owed.Unanswered, Entries: owed.Entries,
		}
		if owed.Unanswered > 0 && last.AnswerBy != "" {
			row.Note = lang.T(ctx, "overview.letters.by", lang.Date(lang.From(ctx), last.AnswerBy))
		}
		rows = append(rows, row)
	}
	return rows
}

// A figureCell is a count that leads to its list.
type figureCell struct {
	Text, Href string
}

// A unitRow is one line of the table of all figures.
type unitRow struct {
	Name  string
	Cells []figureCell
}

// byUnit is the table of all figures by organisation, with a last line for all.
func (v overviewView) byUnit(ctx context.Context) (rows []unitRow) {
	for _, code := range v.organisations() {
		rows = append(rows, unitRow{v.name(code), v.cells(code, v.group(code))})
	}
	if len(rows) > 1 {
		rows = append(rows, unitRow{lang.T(ctx, "word.total"), v.cells("", v.Sum)})
	}
	return rows
}

func (v overviewView) cells(code string, g *sums) []figureCell {
	n := v.Round.Number
	to := func(pairs ...string) string {
		if code != "" {
			pairs = append(pairs, "organisation", code)
		}
		return ledgerPath(n, pairs...)
	}
	cells := []figureCell{{strconv.Itoa(g.All), to("view", viewAll)}}
	for _, name := range []string{"claimed", "recognised", "closed"} {
		r := g.Rates[name]
		cells = append(cells, figureCell{strconv.Itoa(r.Num), to("rate", name)}, figureCell{lang.Rate(r.Num, r.Den), ""})
	}
	return append(cells,
		figureCell{strconv.Itoa(g.Parts[partOverdue]), to("light", ui.Overdue)},
		figureCell{strconv.Itoa(g.Parts[partSoon]), to("light", ui.Soon)},
		figureCell{strconv.Itoa(g.Cadre), to("cadre", "1")},
	)
}

// definitions say how each rate is counted, for the foot of the table.
func (v overviewView) definitions(ctx context.Context) (lines []string) {
	for _, d := range rate.Shown(v.Round.Mechanism.Acceptance) {
		lines = append(lines, lang.T(ctx, "ui.seal", lang.T(ctx, "rate."+d.Name), lang.T(ctx, d.Code)))
	}
	return lines
}
