package sheet

import (
	"bufio"
	"context"
	"encoding/xml"
	"errors"
	"io"
)

// Why workbooks are read here and not by a library: the usual one stops at the
// first malformed byte of a sheet and reports success with half the rows. One
// strict pass over each part both proves it whole and takes the cells out.

var (
	errDoctype  = errors.New("document type declaration")
	errTrailing = errors.New("content after the end of the document")
	errNoRoot   = errors.New("no root element")
	errTooDeep  = errors.New("elements nested too deep")
	errTooLong  = errors.New("a text or tag longer than any cell can be")
)

const (
	maxDepth = 128
	maxToken = 1 << 20 // bytes of one tag, text or comment; a cell holds 32,767 characters
)

// xmlPass walks the tokens of one part.
type xmlPass struct {
	ctx   context.Context
	dec   *xml.Decoder
	meter *meter
	depth int
	count int
	ended bool
}

func newPass(ctx context.Context, r io.Reader) *xmlPass {
	m := &meter{r: bufio.NewReader(r)}
	return &xmlPass{ctx: ctx, dec: xml.NewDecoder(m), meter: m}
}

// meter stands between a part and its decoder. It refuses a token without end,
// which the decoder would gather in memory, and counts rows and cells by their
// bytes, so that what the decoder hands over can be held against it.
type meter struct {
	r           *bufio.Reader
	read, token int64 // bytes read, and where the token began that is being read
	rows, cells int
	tag         []byte // name of the tag being read, while it can still be one of ours
	inTag       bool
}

// ReadByte makes the decoder read no further than it needs.
func (m *meter) ReadByte() (byte, error) {
	b, err := m.r.ReadByte()
	if err != nil {
		return 0, err
	}
	if m.read++; m.read-m.token > maxToken {
		return 0, errTooLong
	}
	m.see(b)
	return b, nil
}

// Read is there for the interface; the decoder reads bytes.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// see counts a tag when its name ends.
func (m *meter) see(b byte) {
	switch {
	case b == '<':
		m.inTag, m.tag = true, m.tag[:0]
	case !m.inTag:
	case b == ':':
		m.tag = m.tag[:0]
	case b == ' ' || b == '>' || b == '/' || b == '\n' || b == '\t' || b == '\r':
		switch string(m.tag) {
		case "c":
			m.cells++
		case "row":
			m.rows++
		}
		m.inTag = false
	case len(m.tag) < 64:
		m.tag = append(m.tag, b)
	}
}

// next returns the next token, io.EOF after a whole document, or the reason why
// it is none. Character data is only valid until the following call.
func (p *xmlPass) next() (xml.Token, error) {
	if p.count++; p.count%4096 == 0 && p.ctx.Err() != nil {
		return nil, p.ctx.Err()
	}
	p.meter.token = p.meter.read
	tok, err := p.dec.Token()
	if errors.Is(err, io.EOF) && !p.ended {
		return nil, errNoRoot
	}
	if err != nil {
		return nil, err
	}
	switch tok.(type) {
	case xml.StartElement:
		if p.ended {
			return nil, errTrailing
		}
		if p.depth++; p.depth > maxDepth {
			return nil, errTooDeep
		}
	case xml.EndElement:
		p.depth--
		p.ended = p.depth == 0
	case xml.Directive:
		return nil, errDoctype
	}
	return tok, nil
}

// line returns the line of text the pass has reached, from 1.
func (p *xmlPass) line() int {
	line, _ := p.dec.InputPos()
	return line
}

// each calls fn for every start element up to the end of the document.
func (p *xmlPass) each(fn func(xml.StartElement) error) error {
	for {
		tok, err := p.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := tok.(xml.StartElement); ok {
			if err := fn(start); err != nil {
				return err
			}
		}
	}
}

// isForeign says that an element of a sheet belongs to an extension, not to the
// standard in one of its two forms.
func isForeign(e xml.StartElement) bool {
	switch e.Name.Space {
	case "", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main":
		return false
	}
	return true
}

// attr returns an attribute by its local name, "" when it is absent.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
