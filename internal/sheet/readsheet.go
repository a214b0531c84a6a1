package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// sheetReader walks one worksheet part and fills a grid.
type sheetReader struct {
	w    *workbook
	g    *grid
	row  gridRow
	line int // of the row being read
	col  int // of the cell being read
	raw  rawCell

	maxCol, merges int
	ranges         [][4]int
	buf            []cell // of the row being read
	foreign        int    // depth inside an extension
}

// rawCell is a <c> as it stands in the file.
type rawCell struct {
	open, value, formula bool
	kind                 string
	style                int
	v                    strings.Builder
	inline               textRun
}

func (w *workbook) readSheet(x *xmlPass, g *grid) error {
	s := &sheetReader{w: w, g: g}
	for {
		tok, err := x.next()
		if errors.Is(err, io.EOF) {
			s.g.raw.counted = x.meter.cells
			return s.finish()
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			err = s.startAny(tok)
		case xml.EndElement:
			if s.foreign > 0 {
				s.foreign--
				continue
			}
			err = s.end(tok.Name.Local)
		case xml.CharData:
			if s.raw.value {
				s.raw.v.Write(tok)
			}
		}
		if s.raw.v.Len()+s.raw.inline.b.Len() > maxToken {
			err = errTooLong
		}
		if err != nil {
			return err
		}
		if s.raw.open && s.foreign == 0 && s.raw.kind == "inlineStr" {
			s.raw.inline.take(tok)
		}
	}
}

// startAny passes over extensions; a cell in one still counts as seen.
func (s *sheetReader) startAny(e xml.StartElement) error {
	if s.foreign > 0 || isForeign(e) {
		s.foreign++
		if e.Name.Local == "c" {
			s.g.raw.cells++
		}
		return nil
	}
	return s.start(e)
}

func (s *sheetReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "dimension":
		_, ref, _ := strings.Cut(attr(e, "ref"), ":")
		if _, line, ok := position(ref); ok {
			s.g.raw.declared = line
		}
	case "col":
		s.hideColumns(e)
	case "row":
		return s.startRow(e)
	case "c":
		return s.startCell(e)
	case "v":
		s.raw.value = s.raw.open
	case "f":
		s.raw.formula = s.raw.open
	case "mergeCell":
		return s.addMerge(attr(e, "ref"))
	}
	return nil
}

func (s *sheetReader) end(name string) error {
	switch name {
	case "row":
		if s.row.cells = s.buf; len(s.buf) > 0 {
			s.row.cells = slices.Clone(s.buf)
			s.g.rows = append(s.g.rows, s.row)
			s.buf = s.buf[:0]
		}
		return s.checkArea()
	case "v":
		s.raw.value = false
	case "c":
		return s.endCell()
	}
	return nil
}

// startRow takes the row number, or counts on where the file leaves it out. Rows
// that go backwards are damage: other readers would lose them without a word.
func (s *sheetReader) startRow(e xml.StartElement) error {
	line := s.line + 1
	if ref := attr(e, "r"); ref != "" {
		n, err := strconv.Atoi(ref)
		if err != nil || n < line || n > maxLine {
			return refuse(codeOutOfOrder, s.g.name, "A"+clip(ref))
		}
		line = n
	}
	s.line, s.col = line, 0
	s.row = gridRow{line: line, hidden: isTrue(attr(e, "hidden"))}
	s.g.raw.rows++
	s.g.raw.lastLine = line
	return nil
}

func isTrue(s string) bool { return s == "1" || s == "true" }

// hideColumns notes hidden columns; a width of nothing hides as well.
func (s *sheetReader) hideColumns(e xml.StartElement) {
	first, err1 := strconv.Atoi(attr(e, "min"))
	last, err2 := strconv.Atoi(attr(e, "max"))
	width := attr(e, "width")
	if err1 == nil && err2 == nil && (isTrue(attr(e, "hidden")) || width == "0") && len(s.g.columns) < maxColumn {
		s.g.columns = append(s.g.columns, span{first, last})
	}
}

func (s *sheetReader) startCell(e xml.StartElement) error {
	if s.w.cells--; s.w.cells < 0 {
		return refuse(codeTooManyCells, s.g.name, s.w.lim.Cells)
	}
	col := s.col + 1
	if ref := attr(e, "r"); ref != "" {
		c, line, ok := position(ref)
		if !ok || line != s.line || c < col {
			return refuse(codeOutOfOrder, s.g.name, ref)
		}
		col = c
	}
	if s.line == 0 || s.raw.open || col > maxColumn {
		return refuse(codeOutOfOrder, s.g.name, address(col, s.line))
	}
	s.col = col
	s.g.raw.cells++
	style, _ := strconv.Atoi(attr(e, "s"))
	s.raw = rawCell{open: true, kind: attr(e, "t"), style: style}
	return nil
}

func (s *sheetReader) endCell() error {
	c, err := s.cell()
	defer func() { s.raw = rawCell{} }()
	if err != nil || c.text == "" && c.kind != formulaCell {
		return err
	}
	c.col = s.col
	s.g.raw.filled++
	if s.w.shown -= len(c.text); s.w.shown < 0 || !s.w.afford(c.text, s.raw.kind != "s") {
		return refuse(codeTooMuchText, s.w.lim.Text>>20)
	}
	s.buf = append(s.buf, c)
	s.maxCol = max(s.maxCol, s.col)
	return nil
}

// cell turns what the file says into a value.
func (s *sheetReader) cell() (cell, error) {
	v := s.raw.v.String()
	switch s.raw.kind {
	case "inlineStr":
		return cell{text: cleanText(s.raw.inline.end())}, nil
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if v == "" {
			return cell{}, nil
		}
		if err != nil || i < 0 || i >= len(s.w.strings) {
			return cell{}, refuse(codeBadString, s.g.name, address(s.col, s.line))
		}
		return cell{text: s.w.strings[i]}, nil
	case "str":
		return s.formulaText(cleanText(unescapeX(v))), nil
	case "e":
		return cell{kind: errorCell, text: strings.TrimSpace(v)}, nil
	case "b":
		return cell{kind: boolCell, text: map[string]string{"1": "是", "0": "否"}[strings.TrimSpace(v)]}, nil
	case "d":
		return cell{kind: textCell, text: cleanText(v)}, nil
	}
	return s.number(strings.TrimSpace(v)), nil
}

func (s *sheetReader) formulaText(text string) cell {
	if text == "" && s.raw.formula {
		return cell{} // a formula that gave an empty text: an empty cell to the reader
	}
	return cell{text: text}
}

func (s *sheetReader) number(v string) cell {
	switch {
	case v == "" && s.raw.formula:
		return cell{kind: formulaCell}
	case v == "":
		return cell{}
	case s.styled(s.w.dates):
		return cell{kind: dateCell, text: v}
	}
	return cell{kind: numberCell, text: plainNumber(v, s.styled(s.w.percent))}
}

func (s *sheetReader) styled(flags []bool) bool {
	return s.raw.style >= 0 && s.raw.style < len(flags) && flags[s.raw.style]
}

// checkArea bounds what the filled cells span: twenty thousand rows with one
// cell each in the last column are a small file and a table of 300 million cells.
func (s *sheetReader) checkArea() error {
	if len(s.row.cells) == 0 {
		return nil
	}
	last := s.row.cells[len(s.row.cells)-1].col
	if last > s.w.lim.Columns || s.line*s.maxCol > s.w.lim.Area {
		return refuse(codeFarCell, s.g.name, address(last, s.line))
	}
	return nil
}

// addMerge keeps a range for finish: columns beyond the filled ones do not count,
// and those are only known at the end.
func (s *sheetReader) addMerge(ref string) error {
	if s.merges++; s.merges > s.w.lim.Merges {
		return refuse(codeTooManyMerges, s.g.name, s.w.lim.Merges)
	}
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	c1, r1, ok1 := position(from)
	c2, r2, ok2 := position(to)
	if !ok1 || !ok2 || c2 < c1 || r2 < r1 {
		return refuse(codeOutOfOrder, s.g.name, ref)
	}
	s.ranges = append(s.ranges, [4]int{c1, r1, c2, r2})
	return nil
}

func (s *sheetReader) finish() error {
	work := 0
	for _, m := range s.ranges {
		last := min(m[2], s.maxCol)
		if work += max(0, last-m[0]); work > s.w.lim.Merges {
			return refuse(codeTooManyMerges, s.g.name, s.w.lim.Merges)
		}
		s.g.merge(m[0], m[1], last, m[3])
	}
	s.g.sortMerges()
	return nil
}
