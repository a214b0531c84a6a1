package store

import (
	"context"
	"fmt"
	"slices"

	"lianshen/internal/policy"
)

// A Sort is an order of the ledger. Each has an index (round, column, id).
type Sort string

// The orders. What has no deadline comes last in both directions of ByDue, what
// has no running one in those of ByLight.
const (
	ByNumber       Sort = "number"
	ByDue          Sort = "due"
	ByLight        Sort = "light"
	ByStage        Sort = "stage"
	ByOrganisation Sort = "organisation"
)

var sortColumns = map[Sort]string{ByNumber: "id", ByDue: "due", ByLight: "running", ByStage: "stage", ByOrganisation: "organisation"}

// A Cursor is a place in a sorted list: the sort value and the number of the row
// before it. The zero Cursor is the beginning.
type Cursor struct{ Value, Number string }

// Cursor returns the place of the row in the order.
func (f Row) Cursor(by Sort) Cursor {
	switch by {
	case ByDue:
		return Cursor{f.Due, f.Number}
	case ByLight:
		return Cursor{f.Running, f.Number}
	case ByStage:
		return Cursor{string(f.Stage), f.Number}
	case ByOrganisation:
		return Cursor{f.Organisation, f.Number}
	case ByNumber:
	}
	return Cursor{f.Number, f.Number}
}

// A Page asks for part of a list. Keyset, not offset: a deep page costs what
// the first one costs.
type Page struct {
	Sort     Sort
	Down     bool   // descending
	After    Cursor // rows after this one
	Backward bool   // rows before After instead, still in the order of Sort
	Limit    int
}

// Findings returns one page of the findings within the scope, and whether there
// are more in that direction.
func (r Reader) Findings(ctx context.Context, scope policy.Scope, f Filter, p Page) (list []Row, more bool, err error) {
	limit := p.Limit
	p.Limit++ // one more tells whether there is more
	for _, part := range p.parts() {
		rest := part.page
		rest.Limit = p.Limit - len(list)
		rows, err := r.pagePart(ctx, scope, f, rest, part.cond)
		if err != nil {
			return nil, false, fmt.Errorf("list findings: %w", err)
		}
		if list = append(list, rows...); len(list) == p.Limit {
			break
		}
	}
	if len(list) > limit {
		list, more = list[:limit], true
	}
	if p.Backward {
		slices.Reverse(list)
	}
	return list, more, nil
}

// A part is a stretch of a list that one index gives in order.
type part struct {
	cond string
	page Page
}

// parts cuts the order into stretches, in the order of reading. Those by date
// have two: what has none would sort first as text, and no index on an
// expression is needed to put it last.
func (p Page) parts() []part {
	if p.Sort != ByDue && p.Sort != ByLight {
		return []part{{page: p}}
	}
	dated, undated := part{sortColumns[p.Sort] + " <> ''", p}, part{sortColumns[p.Sort] + " = ''", p}
	in := p.After != Cursor{}
	switch {
	case !p.Backward && in && p.After.Value == "":
		return []part{undated}
	case !p.Backward:
		undated.page.After = Cursor{}
		return []part{dated, undated}
	case in && p.After.Value != "":
		return []part{dated}
	default:
		dated.page.After = Cursor{}
		return []part{undated, dated}
	}
}

func (r Reader) pagePart(ctx context.Context, scope policy.Scope, f Filter, p Page, cond string) ([]Row, error) {
	column, known := sortColumns[p.Sort]
	if !known {
		column = "id"
	}
	w := f.where(r.d, scope)
	if cond != "" {
		w.and(cond)
	}
	op, dir := ">", "asc"
	if p.Down != p.Backward {
		op, dir = "<", "desc"
	}
	order := column + " " + dir + ", id " + dir
	if column == "id" {
		order = "id " + dir
	}
	switch {
	case p.After == Cursor{}:
	case column == "id":
		w.and("id "+op+" ?", p.After.Number)
	default:
		w.and("("+column+", id) "+op+" (?, ?)", p.After.Value, p.After.Number)
	}
	w.args = append(w.args, p.Limit)
	rows, err := r.q.QueryContext(ctx, fmt.Sprintf("select %s from finding %s order by %s limit $%d", rowColumns, w, order, len(w.args)), w.args...)
	return all(rows, err, scanRow)
}
