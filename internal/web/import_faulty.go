package web

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// writeFaulty writes the rows with errors in the layout that goes in again. A wrong
// cell holds what the file says, so that it can be corrected where it stands.
func (v *planView) writeFaulty(ctx context.Context, w io.Writer) error {
	columns := append(sheet.LedgerColumns(), sheet.Column{Key: string(sheet.Message), Title: sheet.Title(sheet.Message), Width: 40})
	x, err := sheet.NewXLSX(w, columns, sheet.XLSXOptions{Title: lang.T(ctx, "importing.faulty.title", v.Draft.File.Name), Paper: sheet.PaperA3, Fixed: 1})
	if err != nil {
		return fmt.Errorf("write faulty rows: %w", err)
	}
	for _, row := range v.Plan.Rows {
		if row.Do != supervise.Wrong {
			continue
		}
		if err := x.Write(v.faultyCells(ctx, columns, row)); err != nil {
			return fmt.Errorf("write faulty row %s: %w", supervise.RowKey(row.Row), err)
		}
	}
	if err := x.Close(); err != nil {
		return fmt.Errorf("write faulty rows: %w", err)
	}
	return nil
}

func (v *planView) faultyCells(ctx context.Context, columns []sheet.Column, row supervise.PlannedRow) []any {
	record := row.Row
	if record.Organisation == "" {
		record.Organisation = v.nameOf(row.Organisation)
	}
	cells := append(sheet.LedgerCells(record), nil)
	raw := map[sheet.Field][]string{}
	var messages []string
	for _, p := range row.Problems {
		header, field := v.Draft.Layout.HeaderOf(p.Sheet, p.Cell)
		messages = append(messages, lang.T(ctx, "importing.faulty.message", or(header, p.Cell), lang.T(ctx, p.Code, anyOf(p.Args)...)))
		raw[field] = append(raw[field], v.read.CellText(p.Sheet, p.Cell))
	}
	for field, texts := range raw {
		if at := slices.IndexFunc(columns, func(c sheet.Column) bool { return c.Key == string(field) }); at >= 0 {
			cells[at] = strings.Join(slices.Compact(texts), "\n")
		}
	}
	cells[len(cells)-1] = strings.Join(messages, "\n")
	return cells
}

// nameOf is the name of an organisation as the file should say it.
func (st importStep) nameOf(code string) string {
	for _, o := range st.Organisations {
		if o.Code == code {
			return o.NameOn(st.Round.FeedbackOn).Full
		}
	}
	return ""
}
