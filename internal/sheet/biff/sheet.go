package biff

import (
	"encoding/binary"
	"math"
	"slices"
)

// sheetReader reads one worksheet.
type sheetReader struct {
	*reader
	s                 Sheet
	described, filled map[int]bool // rows
}

// The size of a worksheet of Excel 97.
const (
	maxRows = 65536
	maxCols = 256
)

func (b *reader) sheet(n bound) (Sheet, error) {
	r := &sheetReader{reader: b, described: map[int]bool{}, filled: map[int]bool{}, s: Sheet{Name: n.name, Hidden: n.hidden, HiddenRows: map[int]bool{}, LastRow: -1, SeenRow: -1}}
	first, err := b.record(n.at)
	if err != nil {
		return Sheet{}, err
	}
	if first.id != recBOF {
		return Sheet{}, damaged("sheet %s does not begin at byte %d", n.name, n.at)
	}
	depth := 0 // of charts inside the sheet
	for at := first.next; ; {
		rec, err := b.record(at)
		if err != nil {
			return Sheet{}, err
		}
		switch {
		case rec.id == recBOF:
			depth++
		case rec.id == recEOF && depth == 0:
			if err := r.ended(rec.next); err != nil {
				return Sheet{}, err
			}
			r.missing()
			return r.s, r.order()
		case rec.id == recEOF:
			depth--
		case depth == 0:
			if !sound(rec.id, rec.data) {
				return Sheet{}, damaged("record %#x at byte %d of sheet %s has %d bytes", rec.id, at, n.name, len(rec.data))
			}
			r.s.Values += valuesOf(rec.id, rec.data)
			r.seen(rec.id, rec.data)
			p, next := b.parts(rec)
			if rec.next = next; isFormula(rec.id) {
				rec.next, err = r.formula(p, next)
			} else {
				err = r.take(rec.id, p)
			}
			if err == nil && p.bad {
				err = damaged("record %#x of sheet %s", rec.id, n.name)
			}
			if err != nil {
				return Sheet{}, err
			}
		}
		at = rec.next
	}
}

// missing lists the rows that the sheet describes with cells but has none of.
func (r *sheetReader) missing() {
	for row := range r.described {
		if !r.filled[row] {
			r.s.Missing = append(r.s.Missing, row)
		}
	}
	slices.Sort(r.s.Missing)
}

// ended checks that a sheet ends where its end record stands: behind it comes
// another sheet, or nothing. An end in the middle would hide what follows.
func (r *sheetReader) ended(next int) error {
	if next+4 > len(r.data) {
		return nil
	}
	if id := binary.LittleEndian.Uint16(r.data[next:]); id != recBOF && id != 0 {
		return damaged("sheet %s ends in the middle, before record %#x", r.s.Name, id)
	}
	return nil
}

func isFormula(id int) bool { return id == recFormula || id == recFormula3 || id == recFormula4 }

// lengths are those of records that are always as long. A wrong one means that a
// byte of it was changed, and that what follows is no longer records.
var lengths = map[int]int{
	recLabelSST: 10, recNumber: 14, recRK: 10, recBlank: 6, recBoolErr: 8, recRow: 16, recDimensions: 14,
}

func sound(id int, data []byte) bool {
	if want, fixed := lengths[id]; fixed {
		return len(data) == want
	}
	each := map[int]int{recMulRK: 6, recMulBlank: 2}[id]
	if each == 0 {
		return true
	}
	if len(data) < 6 || (len(data)-6)%each != 0 {
		return false
	}
	first, last := binary.LittleEndian.Uint16(data[2:]), binary.LittleEndian.Uint16(data[len(data)-2:])
	return int(last)-int(first)+1 == (len(data)-6)/each
}

// seen notes rows with cells, empty ones too.
func (r *sheetReader) seen(id int, data []byte) {
	if len(data) >= 6 && (valuesOf(id, data) > 0 || id == recBlank || id == recMulBlank) {
		r.filled[int(binary.LittleEndian.Uint16(data))] = true
	}
}

// valuesOf counts the cells a record holds a value for, before anything is read of
// it.
func valuesOf(id int, data []byte) int {
	switch id {
	case recLabelSST, recLabel, recRString, recNumber, recRK, recBoolErr, recFormula, recFormula3, recFormula4:
		return 1
	case recMulRK:
		return max(0, len(data)-6) / 6
	}
	return 0
}

func (r *sheetReader) take(id int, p *parts) error {
	switch id {
	case recDimensions:
		p.skip(4)
		r.s.LastRow = p.u32() - 1
	case recRow:
		r.row(p)
	case recColInfo:
		r.columns(p)
	case recMerged:
		return r.merges(p)
	case recLabelSST:
		return r.shared(p)
	case recLabel, recRString:
		c := r.place(p)
		if c.Text = r.clean(p.text(p.u16())); !r.afford(c.Text) {
			return ErrTooMuch
		}
		return r.put(c)
	case recNumber:
		c := r.place(p)
		c.Kind, c.Number = Number, math.Float64frombits(binary.LittleEndian.Uint64(p.take(8)))
		return r.put(c)
	case recRK:
		c := r.place(p)
		c.Kind, c.Number = Number, packed(uint32(p.u32()))
		return r.put(c)
	case recMulRK:
		return r.many(p)
	case recBoolErr:
		c := r.place(p)
		value, isError := p.u8(), p.u8()
		return r.put(c.result(value, isError == 1))
	}
	return nil
}

func (b *reader) clean(s string) string {
	if b.lim.Clean == nil {
		return s
	}
	return b.lim.Clean(s)
}

// afford counts down the bytes of texts.
func (b *reader) afford(s string) bool {
	b.bytes -= len(s)
	return b.bytes >= 0
}

// place reads where a cell stands and how it is shown.
func (r *sheetReader) place(p *parts) Cell {
	return Cell{Row: int32(p.u16()), Col: int32(p.u16()), XF: uint16(p.u16())}
}

// put keeps a cell; one without content is none.
func (r *sheetReader) put(c Cell) error {
	if c.Kind == Text && c.Text == "" {
		r.s.Empty++
		return nil
	}
	if r.cells--; r.cells < 0 {
		return ErrTooMuch
	}
	r.s.Cells = append(r.s.Cells, c)
	return nil
}

func (r *sheetReader) shared(p *parts) error {
	c := r.place(p)
	i := p.u32()
	if p.bad || i < 0 || i >= len(r.texts) {
		return damaged("text %d of %d in sheet %s", i, len(r.texts), r.s.Name)
	}
	c.Text = r.texts[i]
	return r.put(c)
}

// many reads numbers that stand side by side.
func (r *sheetReader) many(p *parts) error {
	data := p.list[0]
	row, col := int32(p.u16()), int32(p.u16())
	for n := (len(data) - 6) / 6; n > 0; n-- {
		c := Cell{Row: row, Col: col, Kind: Number, XF: uint16(p.u16())}
		c.Number = packed(uint32(p.u32()))
		if err := r.put(c); err != nil {
			return err
		}
		col++
	}
	return nil
}

// packed opens a number of four bytes: an integer or the upper half of a float,
// maybe times a hundred.
func packed(v uint32) float64 {
	var f float64
	if v&2 != 0 {
		f = float64(int32(v) >> 2)
	} else {
		f = math.Float64frombits(uint64(v&^3) << 32)
	}
	if v&1 != 0 {
		f /= 100
	}
	return f
}

// formula reads the value a formula gave when the file was saved. A text stands in
// a record of its own behind it.
func (r *sheetReader) formula(p *parts, next int) (int, error) {
	c := r.place(p)
	v := p.take(8)
	if v[6] != 0xFF || v[7] != 0xFF {
		c.Kind, c.Number = Number, math.Float64frombits(binary.LittleEndian.Uint64(v))
		return next, r.put(c)
	}
	switch v[0] {
	case 0:
		return r.formulaText(c, next)
	case 1, 2:
		return next, r.put(c.result(int(v[2]), v[0] == 2))
	}
	r.s.Empty++ // an empty text
	return next, nil
}

// formulaText finds the text of a formula; definitions of shared formulas may stand
// between the two.
func (r *sheetReader) formulaText(c Cell, next int) (int, error) {
	for range 4 {
		rec, err := r.record(next)
		if err != nil {
			return 0, err
		}
		p, after := r.parts(rec)
		if rec.id == recString {
			if c.Text = r.clean(p.text(p.u16())); p.bad {
				return 0, damaged("text of a formula in sheet %s", r.s.Name)
			}
			if !r.afford(c.Text) {
				return 0, ErrTooMuch
			}
			return after, r.put(c)
		}
		if rec.id == recEOF || isFormula(rec.id) {
			break
		}
		next = after
	}
	return 0, damaged("a formula without its text in sheet %s", r.s.Name)
}

var errorNames = map[int]string{0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

// result makes a cell of a truth value or an error.
func (c Cell) result(value int, isError bool) Cell {
	if !isError {
		c.Kind, c.Number = Bool, float64(value)
		return c
	}
	c.Kind = Error
	if c.Text = errorNames[value]; c.Text == "" {
		c.Text = "#?"
	}
	return c
}

func (r *sheetReader) row(p *parts) {
	row, first, behind := p.u16(), p.u16(), p.u16()
	r.s.SeenRow = max(r.s.SeenRow, row)
	if behind > first {
		r.described[row] = true
	}
	p.skip(6)
	if p.u16()&0x20 != 0 && len(r.s.HiddenRows) < maxRows {
		r.s.HiddenRows[row] = true
	}
}

func (r *sheetReader) columns(p *parts) {
	first, last, width := p.u16(), p.u16(), p.u16()
	p.skip(2)
	if flags := p.u16(); (flags&1 != 0 || width == 0) && len(r.s.HiddenCols) < maxCols {
		r.s.HiddenCols = append(r.s.HiddenCols, Range{Col1: first, Col2: last})
	}
}

func (r *sheetReader) merges(p *parts) error {
	for n := p.u16(); n > 0; n-- {
		m := Range{Row1: p.u16(), Row2: p.u16(), Col1: p.u16(), Col2: p.u16()}
		if p.bad || m.Row2 < m.Row1 || m.Col2 < m.Col1 {
			return damaged("merged range in sheet %s", r.s.Name)
		}
		if r.merged++; r.merged > r.lim.Merges {
			return ErrTooMuch
		}
		r.s.Merges = append(r.s.Merges, m)
	}
	return nil
}

// order brings the cells into the order of rows and columns; a cell that stands
// twice is damage: nobody knows which one holds.
func (r *sheetReader) order() error {
	less := func(a, b Cell) int {
		if a.Row != b.Row {
			return int(a.Row - b.Row)
		}
		return int(a.Col - b.Col)
	}
	if !slices.IsSortedFunc(r.s.Cells, less) {
		slices.SortStableFunc(r.s.Cells, less)
	}
	for i := 1; i < len(r.s.Cells); i++ {
		if less(r.s.Cells[i-1], r.s.Cells[i]) == 0 {
			return damaged("two cells at row %d, column %d of sheet %s", r.s.Cells[i].Row+1, r.s.Cells[i].Col+1, r.s.Name)
		}
	}
	return nil
}
