package sheet

import (
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
)

const maxDepth = 128

// xmlPass walks the tokens of one part.
type xmlPass struct {
	ctx   context.Context
	dec   *xml.Decoder
	depth int
	count int
	ended bool
}

func newPass(ctx context.Context, r io.Reader) *xmlPass {
	return &xmlPass{ctx: ctx, dec: xml.NewDecoder(r)}
}

// next returns the next token, io.EOF after a whole document, or the reason why
// it is none. Character data is only valid until the following call.
func (p *xmlPass) next() (xml.Token, error) {
	if p.count++; p.count%4096 == 0 && p.ctx.Err() != nil {
		return nil, p.ctx.Err()
	}
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

// attr returns an attribute by its local name, "" when it is absent.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
