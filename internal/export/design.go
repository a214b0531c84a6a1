package export

import (
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
)

// Designed is the layout of a design of the office.
func (s *Source) Designed(d ledger.Design) Layout {
	t := d.Terms
	l := Layout{
		Code: d.Code, Name: t.Name, Tall: t.Measures, Split: Split(t.Split),
		Groups: slices.ContainsFunc(t.Columns, func(c ledger.DesignColumn) bool { return c.Group != "" }),
		Look:   sheet.XLSXOptions{Paper: sheet.PaperA4, Portrait: t.Portrait, Fixed: min(2, len(t.Columns)-1)},
	}
	if t.Paper == ledger.PaperA3 {
		l.Look.Paper = sheet.PaperA3
	}
	if t.Title != "" {
		l.Title = strings.NewReplacer("〔轮次〕", s.Round.Name, "〔日期〕", s.Today().String()).Replace(t.Title)
	}
	for _, c := range t.Columns {
		l.Columns = append(l.Columns, Column{Field: c.Field, Title: c.Head, Group: c.Group, Width: c.Width, own: true})
	}
	return l
}
