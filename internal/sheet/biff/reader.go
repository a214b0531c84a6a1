package biff

import (
	"context"
	"encoding/binary"
)

// Numbers of the records that are read.
const (
	recEOF        = 0x000A
	recFilePass   = 0x002F
	recDateMode   = 0x0022
	recContinue   = 0x003C
	recColInfo    = 0x007D
	recBoundSheet = 0x0085
	recMulRK      = 0x00BD
	recMulBlank   = 0x00BE
	recRString    = 0x00D6
	recXF         = 0x00E0
	recMerged     = 0x00E5
	recSST        = 0x00FC
	recLabelSST   = 0x00FD
	recSupBook    = 0x01AE
	recDimensions = 0x0200
	recBlank      = 0x0201
	recNumber     = 0x0203
	recLabel      = 0x0204
	recBoolErr    = 0x0205
	recString     = 0x0207
	recRow        = 0x0208
	recRK         = 0x027E
	recFormat     = 0x041E
	recFormula    = 0x0006
	recFormula3   = 0x0206
	recFormula4   = 0x0406
	recBOF        = 0x0809
)

const (
	biff8      = 0x0600
	mostSheets = 500
)

// reader walks the records of the workbook stream.
type reader struct {
	ctx    context.Context
	data   []byte
	lim    Limits
	book   Book
	texts  []string
	names  []bound
	codes  map[int]string // of formats
	xfs    []int          // format of each XF
	cells  int            // left
	bytes  int            // of texts left
	count  int            // records read
	merged int
	begun  map[int]bool // offsets of sheets
}

// bound is a sheet as the beginning of the workbook lists it.
type bound struct {
	name   string
	at     int
	hidden bool
	kind   int // 0: worksheet
}

type record struct {
	id   int
	data []byte
	next int // offset of the record behind it
}

// record reads the record at an offset.
func (b *reader) record(at int) (record, error) {
	if b.count++; b.count%4096 == 0 && b.ctx.Err() != nil {
		return record{}, b.ctx.Err()
	}
	if at < 0 || at+4 > len(b.data) {
		return record{}, damaged("the stream ends at byte %d without an end record", len(b.data))
	}
	id := int(binary.LittleEndian.Uint16(b.data[at:]))
	end := at + 4 + int(binary.LittleEndian.Uint16(b.data[at+2:]))
	if end > len(b.data) {
		return record{}, damaged("record %#x at byte %d is cut short", id, at)
	}
	return record{id, b.data[at+4 : end], end}, nil
}

// parts returns the data of a record and of the CONTINUE records behind it, and
// the offset of what follows.
func (b *reader) parts(r record) (*parts, int) {
	p := &parts{list: [][]byte{r.data}}
	for next := r.next; ; {
		c, err := b.record(next)
		if err != nil || c.id != recContinue {
			return p, next
		}
		p.list = append(p.list, c.data)
		next = c.next
	}
}

func (b *reader) read() (*Book, error) {
	b.cells, b.bytes, b.codes = b.lim.Cells, b.lim.Text, map[int]string{}
	b.begun = map[int]bool{}
	if err := b.globals(); err != nil {
		return nil, err
	}
	for _, f := range b.xfs {
		b.book.Formats = append(b.book.Formats, Format{f, b.codes[f]})
	}
	for _, n := range b.names {
		switch n.kind {
		case 0:
			if b.begun[n.at] || len(b.begun) >= mostSheets {
				return nil, damaged("sheet %s begins where another does", n.name)
			}
			b.begun[n.at] = true
			s, err := b.sheet(n)
			if err != nil {
				return nil, err
			}
			b.book.Sheets = append(b.book.Sheets, s)
		case 1, 6: // macros of Excel 4, module of Visual Basic
			return nil, ErrMacros
		}
	}
	return &b.book, nil
}

// globals reads what the sheets share.
func (b *reader) globals() error {
	first, err := b.record(0)
	if err != nil {
		return err
	}
	if first.id != recBOF || len(first.data) < 4 || binary.LittleEndian.Uint16(first.data) != biff8 {
		return ErrOld
	}
	for at := first.next; ; {
		r, err := b.record(at)
		if err != nil {
			return err
		}
		p, next := b.parts(r)
		switch r.id {
		case recEOF:
			return nil
		case recFilePass:
			return ErrEncrypted
		case recDateMode:
			b.book.Date1904 = p.u16() == 1
		case recFormat:
			id, n := p.u16(), p.u16()
			b.codes[id] = p.text(n)
		case recXF:
			p.skip(2)
			b.xfs = append(b.xfs, p.u16())
		case recBoundSheet:
			b.bound(p)
		case recSupBook:
			if links(p) {
				return ErrLinks
			}
		case recSST:
			err = b.readTexts(p)
		}
		if err != nil {
			return err
		}
		if p.bad {
			return damaged("record %#x at byte %d", r.id, at)
		}
		at = next
	}
}

func (b *reader) bound(p *parts) {
	at, state, kind, n := p.u32(), p.u8(), p.u8(), p.u8()
	b.names = append(b.names, bound{name: p.text(n), at: at, hidden: state&3 != 0, kind: kind})
}

// links says that values come from another workbook: not from this one itself, nor
// from functions that were added to the program.
func links(p *parts) bool {
	p.skip(2)
	n := p.u16()
	return n != 0x0401 && n != 0x3A01
}

// readTexts reads the shared texts.
func (b *reader) readTexts(p *parts) error {
	p.skip(4) // how often they are used
	want := p.u32()
	if want > len(b.data)/3 {
		return damaged("%d texts in %d bytes", want, len(b.data))
	}
	for range want {
		s := b.clean(p.text(p.u16()))
		if p.bad {
			return damaged("%d of %d texts", len(b.texts), want)
		}
		if !b.afford(s) {
			return ErrTooMuch
		}
		b.texts = append(b.texts, s)
		if len(b.texts)%4096 == 0 && b.ctx.Err() != nil {
			return b.ctx.Err()
		}
	}
	return nil
}
