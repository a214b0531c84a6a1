package sheet

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// workbook is what the sheets of one file share.
type workbook struct {
	*pack
	lim     Limits
	strings []string
	dates   []bool // by style: shown as a date
	percent []bool // by style: shown as a percentage
	y1904   bool
	cells   int // budget left
	text    int // budget left: bytes of different texts
	shown   int // budget left: bytes of texts, counted in each cell that shows them
}

// shownTimes is how often the texts of a workbook may be shown: texts are shared
// between cells, and a small file could show one of them a million times.
const (
	shownTimes  = 4
	mostStrings = 1_000_000
)

// afford counts down the budget of texts.
func (w *workbook) afford(s string, own bool) bool {
	if own {
		w.text -= len(s)
	}
	return w.text >= 0
}

type sheetPart struct {
	name   string
	hidden bool
	part   *zip.File
}

// openWorkbook reads every sheet of a workbook, or refuses the whole file.
func openWorkbook(ctx context.Context, r io.ReaderAt, size int64, lim Limits) ([]*grid, error) {
	p, err := openPack(ctx, r, size, lim)
	if err != nil {
		return nil, err
	}
	w := &workbook{pack: p, lim: lim, cells: lim.Cells, text: lim.Text, shown: shownTimes * lim.Text}
	sheets, err := w.readIndex()
	if err != nil {
		return nil, err
	}
	var grids []*grid
	for _, s := range sheets {
		g := &grid{name: s.name, hidden: s.hidden, y1904: w.y1904}
		if err := p.walk(s.part, func(x *xmlPass) error { return w.readSheet(x, g) }); err != nil {
			return nil, err
		}
		grids = append(grids, g)
	}
	return grids, p.checkRest()
}

// readIndex finds the workbook part and reads its sheets, strings and styles.
func (w *workbook) readIndex() ([]sheetPart, error) {
	roots, err := w.relations("")
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml"
	for _, r := range roots {
		if r.kind == "officeDocument" {
			main = strings.TrimPrefix(r.target, "/")
		}
	}
	book := w.part("", main)
	if book == nil {
		return nil, refuse(codeNotLedger, "zip")
	}
	rels, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	sheets, err := w.readBook(book, main, rels)
	if err != nil {
		return nil, err
	}
	if len(sheets) == 0 {
		return nil, refuse(codeNoSheet)
	}
	return sheets, w.readShared(main, rels)
}

// readBook lists the worksheets in their order; charts and dialogs are no sheets.
func (w *workbook) readBook(book *zip.File, main string, rels map[string]relation) ([]sheetPart, error) {
	var sheets []sheetPart
	err := w.walk(book, func(x *xmlPass) error {
		return x.each(func(e xml.StartElement) error {
			switch e.Name.Local {
			case "workbookPr":
				v := attr(e, "date1904")
				w.y1904 = v == "1" || v == "true"
			case "sheet":
				rel := rels[relationID(e)]
				if rel.kind == "chartsheet" || rel.kind == "dialogsheet" {
					return nil
				}
				part := w.part(main, rel.target)
				if part == nil || w.seen[part.Name] {
					return refuse(codeDamagedZip, attr(e, "name"))
				}
				w.seen[part.Name] = true
				state := attr(e, "state")
				sheets = append(sheets, sheetPart{attr(e, "name"), state == "hidden" || state == "veryHidden", part})
			}
			return nil
		})
	})
	return sheets, err
}

// relationID returns r:id; the plain attribute "sheetId" is something else.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

func (w *workbook) readShared(main string, rels map[string]relation) error {
	for _, r := range rels {
		var err error
		switch r.kind {
		case "sharedStrings":
			err = w.walk(w.part(main, r.target), w.readStrings)
		case "styles":
			err = w.walk(w.part(main, r.target), w.readStyles)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readStrings reads the table of shared strings. Text of phonetic runs is a
// reading aid, not content.
func (w *workbook) readStrings(x *xmlPass) error {
	var text textRun
	for {
		tok, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if text.take(tok); text.b.Len() > maxToken {
			return errTooLong
		}
		if end, ok := tok.(xml.EndElement); ok && end.Name.Local == "si" {
			s := cleanText(text.end())
			w.strings = append(w.strings, s)
			if !w.afford(s, true) || len(w.strings) > mostStrings {
				return refuse(codeTooMuchText, w.lim.Text>>20)
			}
		}
	}
}

// textRun gathers the <t> elements of a string item.
type textRun struct {
	b        strings.Builder
	in       bool
	phonetic bool
}

func (t *textRun) take(tok xml.Token) {
	switch tok := tok.(type) {
	case xml.StartElement:
		switch tok.Name.Local {
		case "t":
			t.in = !t.phonetic
		case "rPh":
			t.phonetic = true
		}
	case xml.EndElement:
		switch tok.Name.Local {
		case "t":
			t.in = false
		case "rPh":
			t.phonetic = false
		}
	case xml.CharData:
		if t.in {
			t.b.Write(tok)
		}
	}
}

func (t *textRun) end() string {
	s := unescapeX(t.b.String())
	t.b.Reset()
	return s
}
