package paper

// A section is a repeating or conditional part: children first to last of one node.
type section struct {
	m           *marker
	first, last int
}

// compiler turns the tree of a part into what writes it.
type compiler struct {
	t        *Template
	sections map[*node][]section
	bare     map[*node]bool // paragraphs and rows that hold nothing but signs of parts
	lists    []*marker      // repeating parts around what is compiled
}

// pair finds the end of each part, and to whose children it applies: parts of a
// line, paragraphs, or rows.
func (c *compiler) pair(root *node) {
	var open []*marker
	tables, within := 0, map[*node]int{}
	root.each(func(n *node) bool {
		if n.name == "tbl" {
			tables++
			within[n] = tables
		}
		if !n.marked {
			return false
		}
		m := n.marker
		if m == nil {
			return true
		}
		m.locate(within)
		switch {
		case m.opens():
			open = append(open, m)
		case m.kind == isEnd:
			open = c.close(open, m)
		}
		return false
	})
	for _, m := range open {
		c.t.fault(codeUnclosed, m.name, m.place)
	}
	root.each(func(n *node) bool {
		if n.marker != nil && n.marker.end != nil {
			c.assign(n.marker)
		}
		return n.marked
	})
	c.findBare(root)
}

// locate adds table and row to the place of a marker.
func (m *marker) locate(tables map[*node]int) {
	row := m.node.within("tr")
	if row == nil {
		return
	}
	table := row.within("tbl")
	if table == nil {
		return
	}
	m.place.Table = tables[table]
	for _, k := range table.kids {
		if k.name == "tr" {
			m.place.Row++
		}
		if k == row {
			return
		}
	}
}

// close ends the innermost part, or the one of that name with those left open in it.
func (c *compiler) close(open []*marker, end *marker) []*marker {
	for i := len(open) - 1; i >= 0; i-- {
		if end.name != "" && sameName(open[i].name) != sameName(end.name) {
			continue
		}
		for _, left := range open[i+1:] {
			c.t.fault(codeUnclosed, left.name, left.place)
		}
		open[i].end = end
		return open[:i]
	}
	c.t.fault(codeStray, end.name, end.place)
	return open
}

// assign finds the node whose children the part is of.
func (c *compiler) assign(m *marker) {
	owner := common(m.node, m.end.node)
	first, last := childOf(owner, m.node), childOf(owner, m.end.node)
	if owner.name == "tr" { // from one cell to another: the row as a whole
		row := owner
		owner = row.up
		first, last = row, row
	}
	if !c.fits(m, owner, first, last) {
		return
	}
	c.sections[owner] = append(c.sections[owner], section{m, owner.index(first), owner.index(last)})
}

// fits says whether the part is of whole things, and reports where it is not.
func (c *compiler) fits(m *marker, owner, first, last *node) bool {
	switch {
	case first == m.node && last == m.end.node: // within a line
		return true
	case owner.name == "tbl" && first.name == "tr" && last.name == "tr":
		return true
	case first.name == "p" && last.name == "p" && owner.name != "tbl":
		if first == last || m.node.up != first || m.end.node.up != last {
			c.t.fault(codeCrosses, m.name, m.place)
			return false
		}
		if saysBefore(first, m.node) {
			c.t.fault(codeMidLine, m.name, m.place)
			return false
		}
		if saysAfter(last, m.end.node) {
			c.t.fault(codeMidLine, m.name, m.end.place)
			return false
		}
		return true
	}
	c.t.fault(codeCrosses, m.name, m.place)
	return false
}

// common is the nearest node above both.
func common(a, b *node) *node {
	above := map[*node]bool{}
	for x := a.up; x != nil; x = x.up {
		above[x] = true
	}
	x := b.up
	for !above[x] {
		x = x.up
	}
	return x
}

// childOf is the child of owner that is n or holds it.
func childOf(owner, n *node) *node {
	for n.up != owner {
		n = n.up
	}
	return n
}

// saysBefore says whether anything but signs of parts stands before a node.
func saysBefore(p, n *node) bool {
	for _, k := range p.kids {
		if k == n {
			return false
		}
		if says(k) {
			return true
		}
	}
	return false
}

func saysAfter(p, n *node) bool {
	at := p.index(n)
	for _, k := range p.kids[at+1:] {
		if says(k) {
			return true
		}
	}
	return false
}

// says reports whether a reader sees something of the node: a value, text, a drawing.
func says(n *node) bool {
	found := false
	n.each(func(x *node) bool {
		switch {
		case found || x.name == "pPr" || x.name == "rPr" || x.name == "tcPr" || x.name == "trPr" || x.name == "tblPrEx" || x.name == "instrText" || x.name == "delText":
			return false
		case x.marker != nil:
			found = x.marker.kind == isValue
		case x.name == "" && x.open != "" && x.open[0] != '<':
			found = !blank(x.text)
		case x.name == "drawing" || x.name == "pict" || x.name == "object" || x.name == "fldSimple" || x.name == "fldChar" || x.name == "br" || x.name == "sym" || x.name == "tab":
			found = true
		}
		return !found
	})
	return found
}

// findBare finds the paragraphs and rows that stand for a sign alone and are left
// out with it.
func (c *compiler) findBare(root *node) {
	lines := map[*marker]bool{} // parts within a line stay in it
	for owner, list := range c.sections {
		for _, s := range list {
			if owner.kids[s.first] == s.m.node {
				lines[s.m], lines[s.m.end] = true, true
			}
		}
	}
	defer c.shrink()
	root.each(func(n *node) bool {
		if !n.marked {
			return false
		}
		if (n.name == "p" || n.name == "tr") && !says(n) {
			c.bare[n] = true
			n.each(func(x *node) bool {
				if x.marker != nil && lines[x.marker] || x.name == "sectPr" {
					c.bare[n] = false
				}
				return true
			})
		}
		return true
	})
}

// shrink leaves out of each part the paragraphs and rows that stand for its signs,
// so that one of them may end a part and begin the next.
func (c *compiler) shrink() {
	for owner, list := range c.sections {
		for i := range list {
			s := &list[i]
			if c.bare[owner.kids[s.first]] {
				s.first++
			}
			if s.last >= s.first && c.bare[owner.kids[s.last]] {
				s.last--
			}
		}
	}
}
