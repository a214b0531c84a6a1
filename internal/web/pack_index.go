package web

import (
	"io"

	"lianshen/internal/lang"
	"lianshen/internal/sheet"
)

// The index of a pack stands in it twice: as a page to be read and printed, and as a
// workbook to be sorted.

// packColumns are those of the index, by the key of their wording.
var packColumns = []struct {
	key   string
	width float64
}{
	{"word.number", 16},
	{"word.finding", 40},
	{"word.evidence", 40},
	{"evidence.view.number", 22},
	{"evidence.view.date", 12},
	{"pack.path", 48},
	{"pack.copy", 20},
	{"pack.digest", 40},
	{"pack.original", 40},
}

func (p *packing) index() error {
	if _, err := p.Add(lang.Say(p.tag, "pack.index")+".html", nil, func(w io.Writer) error {
		return packIndex(p.heading(), p.heads(), p.cells()).Render(lang.With(p.r.Context(), p.tag), w)
	}); err != nil {
		return err
	}
	_, err := p.Add(lang.Say(p.tag, "pack.index")+".xlsx", nil, p.workbook)
	return err
}

func (p *packing) heading() string { return lang.Say(p.tag, "pack.title", p.Manifest.Of) }

func (p *packing) heads() (heads []string) {
	for _, c := range packColumns {
		heads = append(heads, lang.Say(p.tag, c.key))
	}
	return heads
}

func (p *packing) cells() (rows [][]string) {
	for _, l := range p.lines {
		copied := l.Missing
		if copied == "" {
			copied = lang.Say(p.tag, "pack.copy."+l.Copy)
		}
		rows = append(rows, []string{l.Finding, l.Title, l.Name, l.DocNumber, evidenceDate(l.Date), l.Path, copied, l.SHA256, l.File.SHA256})
	}
	return rows
}

func (p *packing) workbook(w io.Writer) error {
	var columns []sheet.Column
	for i, c := range packColumns {
		columns = append(columns, sheet.Column{Key: c.key, Title: p.heads()[i], Width: c.width})
	}
	x, err := sheet.NewXLSX(w, columns, sheet.XLSXOptions{Sheet: lang.Say(p.tag, "pack.index"), Title: p.heading()})
	if err != nil {
		return err
	}
	for _, row := range p.cells() {
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = c
		}
		if err := x.Write(cells); err != nil {
			return err
		}
	}
	return x.Close()
}
