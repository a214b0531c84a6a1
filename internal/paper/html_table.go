package paper

import (
	"fmt"
	"strconv"
)

// gridCell is a cell of a table and where it begins.
type gridCell struct {
	node     *node
	at, span int
	rows     int  // it covers, itself included
	covered  bool // by one above
}

// table writes a table. Merged cells cover those below that go on with them.
func (v *viewer) table(t *node) {
	var lines []*node
	for _, k := range t.kids {
		if k.name == "tr" {
			lines = append(lines, k)
		}
	}
	grid := make([][]gridCell, len(lines))
	for i, tr := range lines {
		grid[i] = cellsOf(tr)
	}
	cover(grid)
	was := v.inTable
	v.inTable = true
	v.b.WriteString(`<div class="dx-hold"><table class="dx-t">`)
	v.columns(t)
	heads := 0
	for heads < len(lines) && isHead(lines[heads]) {
		heads++
	}
	for i := range lines {
		if i == 0 && heads > 0 {
			v.b.WriteString("<thead>")
		}
		if i == heads {
			v.b.WriteString("<tbody>")
		}
		v.row(lines[i], grid[i], i < heads)
		if i == heads-1 {
			v.b.WriteString("</thead>")
		}
	}
	if len(lines) > heads {
		v.b.WriteString("</tbody>")
	}
	v.b.WriteString("</table></div>")
	v.inTable = was
}

func isHead(tr *node) bool {
	trPr := tr.kid("trPr")
	return trPr != nil && trPr.kid("tblHeader") != nil && toggle(attr1(trPr.kid("tblHeader"), "val")) == 1
}

func cellsOf(tr *node) (list []gridCell) {
	at := 0
	for _, tc := range tr.kids {
		if tc.name != "tc" {
			continue
		}
		c := gridCell{node: tc, at: at, span: 1, rows: 1}
		if tcPr := tc.kid("tcPr"); tcPr != nil {
			if x := tcPr.kid("gridSpan"); x != nil {
				if n, err := strconv.Atoi(attr1(x, "val")); err == nil && n > 0 && n <= 100 {
					c.span = n
				}
			}
			if x := tcPr.kid("vMerge"); x != nil && attr1(x, "val") != "restart" {
				c.covered = true
			}
		}
		list, at = append(list, c), at+c.span
	}
	return list
}

// cover counts for each cell the rows below that go on with it.
func cover(grid [][]gridCell) {
	above := map[int]*gridCell{}
	for i := range grid {
		for j := range grid[i] {
			c := &grid[i][j]
			if top := above[c.at]; c.covered && top != nil {
				top.rows++
				continue
			}
			c.covered = false
			above[c.at] = c
		}
	}
}

// columns gives each column its part of the width.
func (v *viewer) columns(t *node) {
	g := t.kid("tblGrid")
	if g == nil {
		return
	}
	var widths []int
	total := 0
	for _, k := range g.kids {
		if k.name == "gridCol" {
			w, _ := strconv.Atoi(attr1(k, "w"))
			widths, total = append(widths, max(w, 0)), total+max(w, 0)
		}
	}
	if total == 0 {
		return
	}
	v.b.WriteString("<colgroup>")
	for _, w := range widths {
		fmt.Fprintf(&v.b, `<col width="%d%%">`, w*100/total)
	}
	v.b.WriteString("</colgroup>")
}

const tallRow = 1100 // twips from which a row is there to be written in

func (v *viewer) row(tr *node, cells []gridCell, head bool) {
	tag := "td"
	if head {
		tag = "th"
	}
	class := ""
	if trPr := tr.kid("trPr"); trPr != nil {
		if x := trPr.kid("trHeight"); x != nil {
			if n, err := strconv.Atoi(attr1(x, "val")); err == nil && n >= tallRow {
				class = ` class="tall"`
			}
		}
	}
	fmt.Fprintf(&v.b, "<tr%s>", class)
	for _, c := range cells {
		if c.covered {
			continue
		}
		fmt.Fprintf(&v.b, "<%s", tag)
		if head {
			v.b.WriteString(` scope="col"`)
		}
		if c.span > 1 {
			fmt.Fprintf(&v.b, ` colspan="%d"`, c.span)
		}
		if c.rows > 1 {
			fmt.Fprintf(&v.b, ` rowspan="%d"`, c.rows)
		}
		v.b.WriteString(">")
		v.blocks(c.node)
		fmt.Fprintf(&v.b, "</%s>", tag)
	}
	v.b.WriteString("</tr>")
}
