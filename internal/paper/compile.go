package paper

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// An op writes a stretch of a part. The kinds are few: what stands as it is, a
// value, a part, and the paragraphs, cells and tables that must not come out empty.
type op interface{ run(f *filling) error }

type (
	rawOp struct {
		text string
		says bool // a reader sees something of it
	}
	valueOp struct {
		use         int    // of the template
		start, shut string // around a line
		wrap        string // between two lines
		pre         string // of Word's namespace
		fits        bool   // made smaller until it fits on one line
	}
	sectionOp struct {
		use  int
		sign byte
		ops  []op
	}
	paragraphOp struct {
		ops  []op
		keep bool // also where nothing is left in it
	}
	cellOp struct { // and whatever else must end in a paragraph
		open, shut, empty, pre string
		ops                    []op
	}
	tableOp struct {
		ops  []op
		keep bool // it has a row that is always there
	}
	rowOp        struct{ ops []op }
	propertiesOp struct{}
)

// list compiles the children from, up to, to of a node. depth counts the repeating
// parts around them.
func (c *compiler) list(owner *node, from, to, depth int) []op {
	sections := slices.Clone(c.sections[owner])
	return c.span(owner, from, to, depth, &sections)
}

// span compiles some children; it takes the sections among them off the list, which
// is in the order of the text.
func (c *compiler) span(owner *node, from, to, depth int, sections *[]section) (ops []op) {
	for i := from; i < to; {
		for len(*sections) > 0 && (*sections)[0].first < i {
			s := (*sections)[0]
			c.t.fault(codeCrosses, s.m.name, s.m.place)
			*sections = (*sections)[1:]
		}
		if len(*sections) == 0 || (*sections)[0].first != i {
			ops = c.node(ops, owner.kids[i], depth)
			i++
			continue
		}
		s := (*sections)[0]
		*sections = (*sections)[1:]
		if s.last >= to {
			c.t.fault(codeCrosses, s.m.name, s.m.place)
			i++
			continue
		}
		ops = append(ops, c.section(owner, s, depth, sections))
		i = s.last + 1
	}
	return ops
}

func (c *compiler) section(owner *node, s section, depth int, sections *[]section) op {
	part := sectionOp{use: c.use(s.m), sign: s.m.kind}
	if s.m.kind == isRepeat {
		c.lists = append(c.lists, s.m)
		depth++
	}
	from, to := s.first, s.last+1
	if owner.kids[s.first] == s.m.node { // within a line the signs themselves are nothing
		from, to = s.first+1, s.last
	}
	part.ops = c.span(owner, from, to, depth, sections)
	if s.m.kind == isRepeat {
		c.lists = c.lists[:len(c.lists)-1]
	}
	return part
}

// use notes that a field is named and returns its number.
func (c *compiler) use(m *marker) int {
	u := Use{Name: m.name, Place: m.place}
	if m.kind != isValue {
		u.Sign = string(rune(m.kind))
	}
	for _, list := range c.lists {
		u.Within = append(u.Within, list.name)
	}
	c.t.uses = append(c.t.uses, u)
	return len(c.t.uses) - 1
}

// node appends what writes one node.
func (c *compiler) node(ops []op, n *node, depth int) []op {
	switch {
	case c.bare[n]:
		return ops
	case n.marker != nil:
		if n.marker.kind == isValue {
			return append(ops, c.value(n))
		}
		return ops
	case !n.marked:
		return raw(ops, plain(n, depth > 0), says(n))
	}
	open, inner := fresh(n.openTag(), depth), c.list(n, 0, len(n.kids), depth)
	switch n.name {
	case "tc", "txbxContent", "hdr", "ftr", "footnote", "endnote":
		return append(ops, cellOp{open, n.shutTag(), emptyParagraph(n), n.prefix(), inner})
	}
	inner = raw(joined([]op{rawOp{open, false}}, inner), n.shutTag(), false)
	switch n.name {
	case "p":
		return append(ops, paragraphOp{inner, keeps(n)})
	case "tbl":
		return append(ops, tableOp{inner, c.hasFixedRow(n)})
	case "tr":
		return append(ops, rowOp{inner})
	}
	return joined(ops, inner)
}

// joined appends ops to others, with what stands as it is in one.
func joined(ops, more []op) []op {
	for _, x := range more {
		if r, is := x.(rawOp); is {
			ops = raw(ops, r.text, r.says)
		} else {
			ops = append(ops, x)
		}
	}
	return ops
}

// hasFixedRow says that the table has a row without fields, its head say, so that it
// is never without rows.
func (c *compiler) hasFixedRow(table *node) bool {
	return slices.ContainsFunc(table.kids, func(k *node) bool { return k.name == "tr" && !k.marked })
}

// raw appends text that stands as it is, to the one before where there is one.
func raw(ops []op, text string, says bool) []op {
	if text == "" {
		return ops
	}
	if n := len(ops); n > 0 {
		if last, is := ops[n-1].(rawOp); is {
			ops[n-1] = rawOp{last.text + text, last.says || says}
			return ops
		}
	}
	return append(ops, rawOp{text, says})
}

// value compiles a marker of a value. Its line ends begin paragraphs where it is
// the last of its paragraph, and break the line elsewhere.
func (c *compiler) value(n *node) op {
	m := n.marker
	v := valueOp{use: c.use(m), start: m.run + "<" + m.pre + `t xml:space="preserve">`, shut: "</" + m.pre + "t>" + m.shut, pre: m.pre}
	v.wrap = "</" + m.pre + "t><" + m.pre + "br/><" + m.pre + `t xml:space="preserve">`
	p := n.up
	if p == nil || p.name != "p" || saysAfter(p, n) || c.repeatsInLine(p, n) {
		return v
	}
	pPr := ""
	if x := p.kid("pPr"); x != nil {
		pPr = again(x)
		v.fits = strings.Contains(pPr, `pStyle w:val="`+string(StyleIssuer)+`"`) || strings.Contains(pPr, `pStyle w:val="`+string(StyleRedHead)+`"`)
	}
	v.wrap = v.shut + p.shutTag() + fresh(p.openTag(), 1) + pPr + v.start
	return v
}

// repeatsInLine says that the node is in a repeating part of its line, where a new
// paragraph would tear the line apart.
func (c *compiler) repeatsInLine(p, n *node) bool {
	at := p.index(n)
	for _, s := range c.sections[p] {
		if s.m.kind == isRepeat && s.first < at && at < s.last {
			return true
		}
	}
	return false
}

// again is the properties of a paragraph for the one that goes on with its text: on
// the same page, without the section that ends with it.
func again(pPr *node) string {
	var b strings.Builder
	b.WriteString(pPr.openTag())
	for _, k := range pPr.kids {
		if k.name != "pageBreakBefore" && k.name != "sectPr" && k.name != "keepNext" {
			k.write(&b)
		}
	}
	b.WriteString(pPr.shutTag())
	return b.String()
}

// keeps says that a paragraph must stay also where it says nothing: it says
// something of its own, or ends a section of the document.
func keeps(p *node) bool {
	keep := false
	p.each(func(n *node) bool {
		keep = keep || n.name == "sectPr"
		return true
	})
	return keep
}

func emptyParagraph(n *node) string {
	var first *node
	n.each(func(x *node) bool {
		if first == nil && x.name == "p" {
			first = x
		}
		return first == nil
	})
	if first == nil {
		return ""
	}
	pPr := ""
	if x := first.kid("pPr"); x != nil {
		pPr = again(x)
	}
	return fresh(first.openTag(), 1) + pPr + first.shutTag()
}

// identity are the attributes by which Word tells paragraphs apart; one that is
// written several times must not have one.
var identity = regexp.MustCompile(` w14:(paraId|textId)="[^"]*"`)

func fresh(tag string, depth int) string {
	if depth == 0 || !strings.Contains(tag, "w14:") {
		return tag
	}
	return identity.ReplaceAllString(tag, "")
}

// plain writes a node without fields; in a repeating part without what must be once
// in a file.
func plain(n *node, repeats bool) string {
	if !repeats {
		return n.String()
	}
	var b strings.Builder
	plainTo(&b, n)
	return b.String()
}

func plainTo(b *strings.Builder, n *node) {
	if n.name == "bookmarkStart" || n.name == "bookmarkEnd" {
		return
	}
	b.WriteString(fresh(n.open, 1))
	for _, k := range n.kids {
		plainTo(b, k)
	}
	b.WriteString(n.shut)
}

func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) }) < 0
}
