package paper

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// A node is an element or a text of a part, together with the very characters it
// was written in: what a template does not fill goes out as it came in, whatever
// program wrote it and whatever it means.
type node struct {
	name       string // local name of an element of Word's namespace, else ""
	open, shut string // as written; of a text, open is all of it
	text       string // what a text says
	kids       []*node
	up         *node
	marker     *marker // of a node that stands where a marker was
	marked     bool    // a marker is in it or below
}

const (
	deepest   = 200 // elements within each other; tables within tables need a dozen each
	strictOne = "http://purl.oclc.org/ooxml/wordprocessingml/main"
)

var (
	errDoctype = errors.New("document type declaration")
	errRoots   = errors.New("not one root element")
	errTooDeep = errors.New("elements nested too deep")
)

// readTree reads a whole part, or says why it is not well-formed XML. line is where
// the reading stopped.
func readTree(part string) (root *node, line int, err error) {
	dec := xml.NewDecoder(strings.NewReader(part))
	top := &node{}
	at, depth := top, 0
	for {
		from := dec.InputOffset()
		tok, err := dec.Token()
		line, _ = dec.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, line, err
		}
		raw := part[from:dec.InputOffset()]
		switch tok := tok.(type) {
		case xml.StartElement:
			if depth++; depth > deepest {
				return nil, line, errTooDeep
			}
			kid := &node{name: wordName(tok.Name), open: raw, up: at}
			at.kids, at = append(at.kids, kid), kid
		case xml.EndElement:
			at.shut, at = raw, at.up
			depth--
		case xml.Directive:
			return nil, line, errDoctype
		case xml.CharData:
			at.kids = append(at.kids, &node{open: raw, text: string(tok), up: at})
		default: // comments and processing instructions
			at.kids = append(at.kids, &node{open: raw, up: at})
		}
	}
	roots := 0
	for _, kid := range top.kids {
		if strings.HasPrefix(kid.open, "<") && !strings.HasPrefix(kid.open, "<?") && !strings.HasPrefix(kid.open, "<!") {
			roots++
		}
	}
	if roots != 1 {
		return nil, line, errRoots
	}
	return top, line, nil
}

func wordName(n xml.Name) string {
	if n.Space == wordSpace || n.Space == strictOne {
		return n.Local
	}
	return ""
}

// write gives the node as it is written.
func (n *node) write(b *strings.Builder) {
	b.WriteString(n.open)
	for _, kid := range n.kids {
		kid.write(b)
	}
	b.WriteString(n.shut)
}

func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

// kid returns the first child element by name, nil for none.
func (n *node) kid(name string) *node {
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// each calls fn for the node and what is below it in the order of the text, until
// fn says not to go below.
func (n *node) each(fn func(*node) bool) {
	if !fn(n) {
		return
	}
	for _, k := range n.kids {
		k.each(fn)
	}
}

// tie sets what is above each node, and whether a marker is below, after nodes
// were put in place of others.
func (n *node) tie(up *node) bool {
	n.up, n.marked = up, n.marker != nil
	for _, k := range n.kids {
		n.marked = k.tie(n) || n.marked
	}
	return n.marked
}

// within returns the nearest element of a name that holds the node, nil for none.
func (n *node) within(names ...string) *node {
	for x := n.up; x != nil; x = x.up {
		for _, name := range names {
			if x.name == name {
				return x
			}
		}
	}
	return nil
}

// index is the place of a child among its parent's.
func (n *node) index(kid *node) int {
	for i, k := range n.kids {
		if k == kid {
			return i
		}
	}
	return -1
}

// prefix is how the element's namespace is called: "w:", mostly.
func (n *node) prefix() string {
	tag := strings.TrimPrefix(n.open, "<")
	if end := strings.IndexAny(tag, " \t\r\n/>"); end >= 0 {
		tag = tag[:end]
	}
	name, _, found := strings.Cut(tag, ":")
	if !found {
		return ""
	}
	return name + ":"
}

// openTag is the tag that opens the element, also where it was written as one
// without content.
func (n *node) openTag() string {
	if n.shut == "" && strings.HasSuffix(n.open, "/>") {
		return n.open[:len(n.open)-2] + ">"
	}
	return n.open
}

// shutTag is the tag that closes the element.
func (n *node) shutTag() string {
	if n.shut == "" {
		return "</" + n.prefix() + n.name + ">"
	}
	return n.shut
}
