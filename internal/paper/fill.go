package paper

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"lianshen/internal/opc"
)

// Data is what a form is filled with, by the codes of the kind's fields: string, int,
// int64, bool, or []Data for a repeating part. What is not there is blank.
type Data map[string]any

// About is what the file says of itself. Tail, if not empty, is printed small at the
// end, unless the template prints one of the fields of Common.
type About struct{ Title, Author, Tail string }

const (
	mostFilled = 32 << 20 // of a part
	mostSteps  = 5_000_000
)

// ErrTooLong is given where a template makes more of the data than a person reads.
var ErrTooLong = errors.New("the document is too long")

// filling is one part while it is filled.
type filling struct {
	form  *Form
	rows  []Data // the document, then the row of each repeating part around
	index []int  // of those rows, from 0
	about About
	out   bytes.Buffer
	steps int
	said  bool // something a reader sees was written
	lines int  // rows of tables that were written
}

// Fill writes the document. The same form and data give the same bytes. Controls are
// dropped; line ends of a value begin paragraphs where the field is the last of its
// own, else lines.
func (f *Form) Fill(w io.Writer, data Data, about About) error {
	z := zip.NewWriter(w)
	for _, p := range f.t.parts {
		packed, sum, size := p.packed, p.sum, p.size
		if p.ops != nil {
			var err error
			if packed, sum, size, err = f.part(p, data, about); err != nil {
				return fmt.Errorf("fill %s: %w", p.name, err)
			}
		}
		h := &zip.FileHeader{
			Name: p.name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
			CRC32: sum, CompressedSize64: uint64(len(packed)), UncompressedSize64: uint64(size),
		}
		part, err := z.CreateRaw(h)
		if err != nil {
			return fmt.Errorf("start part %s: %w", p.name, err)
		}
		if _, err := part.Write(packed); err != nil {
			return fmt.Errorf("write part %s: %w", p.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

var packers = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.BestSpeed) // the level is a right one
	return w
}}

// part fills and packs one part.
func (f *Form) part(p part, data Data, about About) (packed []byte, sum uint32, size int, err error) {
	x := &filling{form: f, rows: []Data{data}, index: []int{0}, about: about}
	if err := x.run(p.ops); err != nil {
		return nil, 0, 0, err
	}
	if p.body && about.Tail != "" && !f.checks() {
		x.tail(about.Tail)
	}
	text := x.out.Bytes()
	var b bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&b)
	if _, err = w.Write(text); err == nil {
		err = w.Close()
	}
	return b.Bytes(), crc32.ChecksumIEEE(text), len(text), err
}

// checks says that the template prints what leads back to the record.
func (f *Form) checks() bool {
	for i, t := range f.uses {
		if t.level == 0 && f.t.uses[i].Sign == "" && (t.code == "check_code" || t.code == "check_line") {
			return true
		}
	}
	return false
}

// tail puts a small paragraph before the properties of the last section, which end
// the text.
func (x *filling) tail(text string) {
	out := x.out.Bytes()
	end := bytes.LastIndex(out, []byte("</w:body>"))
	if end < 0 {
		return
	}
	if at := bytes.LastIndex(out[:end], []byte("<w:sectPr")); at >= 0 && !bytes.Contains(out[at:end], []byte("</w:p>")) {
		end = at
	}
	rest := bytes.Clone(out[end:])
	x.out.Truncate(end)
	x.out.WriteString(`<w:p><w:pPr><w:spacing w:before="0" w:after="0"/></w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:sz w:val="21"/></w:rPr><w:t xml:space="preserve">`)
	x.out.WriteString(opc.XML(opc.Clean(text)))
	x.out.WriteString(`</w:t></w:r></w:p>`)
	x.out.Write(rest)
}

func (x *filling) run(ops []op) error {
	for _, o := range ops {
		if x.steps++; x.steps > mostSteps || x.out.Len() > mostFilled {
			return ErrTooLong
		}
		if err := o.run(x); err != nil {
			return err
		}
	}
	return nil
}

func (o rawOp) run(x *filling) error {
	x.out.WriteString(o.text)
	x.said = x.said || o.says
	return nil
}

// run writes the lines of a value.
func (o valueOp) run(x *filling) error {
	text, err := x.text(o.use)
	if err != nil || text == "" {
		return err
	}
	x.said = true
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if i == 0 {
			x.out.WriteString(o.fitted(line))
		} else {
			x.out.WriteString(o.wrap)
		}
		for j, word := range strings.Split(opc.XML(line), "\t") {
			if j > 0 {
				x.out.WriteString("</" + o.pre + "t><" + o.pre + "tab/><" + o.pre + `t xml:space="preserve">`)
			}
			x.out.WriteString(word)
		}
	}
	x.out.WriteString(o.shut)
	return nil
}

// fitted is the run with letters small enough for one line, where the field is the
// name at the head of the document.
func (o valueOp) fitted(line string) string {
	size := fitting(utf8.RuneCountInString(line))
	end := strings.LastIndex(o.start, "</"+o.pre+"rPr>")
	if !o.fits || size == 0 || end < 0 {
		return o.start
	}
	return o.start[:end] + `<` + o.pre + `sz ` + o.pre + `val="` + strconv.Itoa(size) + `"/>` + o.start[end:]
}

func (o sectionOp) run(x *filling) error {
	t := x.form.uses[o.use]
	if !t.list || o.sign != isRepeat {
		if x.holds(t) != (o.sign == isIfNot) {
			return x.run(o.ops)
		}
		return nil
	}
	rows, _ := x.value(t).([]Data)
	for i, row := range rows {
		x.rows, x.index = append(x.rows, row), append(x.index, i)
		err := x.run(o.ops)
		x.rows, x.index = x.rows[:len(x.rows)-1], x.index[:len(x.index)-1]
		if err != nil {
			return err
		}
	}
	return nil
}

// run leaves the paragraph out where nothing came into it.
func (o paragraphOp) run(x *filling) error {
	from, said := x.out.Len(), x.said
	x.said = false
	if err := x.run(o.ops); err != nil {
		return err
	}
	if !x.said && !o.keep {
		x.out.Truncate(from)
	}
	x.said = x.said || said
	return nil
}

// run sees to it that the cell ends in a paragraph, as it must.
func (o cellOp) run(x *filling) error {
	x.out.WriteString(o.open)
	from := x.out.Len()
	if err := x.run(o.ops); err != nil {
		return err
	}
	inside := x.out.Bytes()[from:]
	if at := bytes.LastIndex(inside, []byte("</"+o.pre+"tbl>")); at >= 0 {
		inside = inside[at:]
	}
	if !bytes.Contains(inside, []byte("</"+o.pre+"p>")) && !bytes.Contains(inside, []byte("<"+o.pre+"p/>")) && !bytes.Contains(inside, []byte("<"+o.pre+"p ")) {
		x.out.WriteString(o.empty)
	}
	x.out.WriteString(o.shut)
	return nil
}

// run leaves out a table without rows, which no file may have.
func (o tableOp) run(x *filling) error {
	from, lines := x.out.Len(), x.lines
	x.lines = 0
	if err := x.run(o.ops); err != nil {
		return err
	}
	if x.lines == 0 && !o.keep {
		x.out.Truncate(from)
	}
	x.lines = lines
	return nil
}

func (o rowOp) run(x *filling) error {
	if err := x.run(o.ops); err != nil {
		return err
	}
	x.lines++
	return nil
}

func (propertiesOp) run(x *filling) error {
	x.out.WriteString(properties(Document{Title: x.about.Title, Author: x.about.Author}))
	return nil
}

// value is what the data has for a target, nil for nothing.
func (x *filling) value(t target) any {
	if t.code == "" || t.level >= len(x.rows) {
		return nil
	}
	return x.rows[t.level][t.code]
}

// text words a value.
func (x *filling) text(use int) (string, error) {
	t := x.form.uses[use]
	switch {
	case t.count == 'i' && t.level < len(x.index):
		return strconv.Itoa(x.index[t.level] + 1), nil
	case t.count == 'o' && t.level < len(x.index):
		return Ordinal(x.index[t.level] + 1), nil
	}
	switch v := x.value(t).(type) {
	case nil:
		return "", nil
	case string:
		return opc.Clean(v), nil
	case int, int64:
		return fmt.Sprint(v), nil
	case bool:
		if v {
			return "是", nil
		}
		return "否", nil
	default:
		return "", fmt.Errorf("field %s: a value of type %T", t.code, v)
	}
}

// holds says whether there is something to say.
func (x *filling) holds(t target) bool {
	switch v := x.value(t).(type) {
	case nil:
		return false
	case string:
		return opc.Clean(v) != ""
	case bool:
		return v
	case []Data:
		return len(v) > 0
	}
	return true
}
