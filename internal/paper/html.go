package paper

import (
	"bytes"
	"fmt"
	"html"
	"path"
	"slices"
	"strconv"
	"strings"
)

// View is a Word file for the screen and for printing from a browser.
type View struct {
	HTML      string // elements and classes of our own only, every text escaped; no style, script or address
	Landscape bool
	Margins   [4]int // top, right, bottom, left, in tenths of a millimetre
	Title     string // the first heading
	Sheets    []Sheet
}

// Sheet is a stretch of a Word file whose pages all lie one way.
type Sheet struct {
	HTML      string
	Landscape bool
	Margins   [4]int
}

// ViewOf converts a Word file as far as official documents use it: styles, alignment,
// indents, fonts, sizes, tables with merged cells, page breaks, heads and feet of pages.
// It is an image of the file, made from the very bytes that people download.
func ViewOf(docx []byte) (View, error) {
	a, err := openArchive(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return View{}, err
	}
	text, err := a.read(a.find(a.main))
	if err != nil {
		return View{}, err
	}
	root, line, err := readTree(text)
	if err != nil {
		return View{}, faulty(codeMalformed, a.main, line)
	}
	v := viewer{archive: a}
	if f := a.find(path.Join(path.Dir(a.main), "styles.xml")); f != nil {
		part, err := a.read(f)
		if err != nil {
			return View{}, err
		}
		v.styles = readStyles(part)
	}
	v.page(root)
	root.each(func(n *node) bool {
		if n.name == "body" {
			v.blocks(n)
			return false
		}
		return true
	})
	v.out.HTML = v.b.String()
	v.cut(v.out.Landscape, v.out.Margins)
	return v.out, nil
}

type viewer struct {
	archive *archive
	styles  styleSheet
	b       bytes.Buffer
	out     View
	newPage bool
	inTable bool
	from    int // where the sheet begins in b
}

// cut ends a sheet; one that lies as the one before it goes on.
func (v *viewer) cut(landscape bool, margins [4]int) {
	text := v.b.String()[v.from:]
	v.from = v.b.Len()
	if n := len(v.out.Sheets); n > 0 && v.out.Sheets[n-1].Landscape == landscape {
		v.out.Sheets[n-1].HTML += text
		return
	}
	v.out.Sheets = append(v.out.Sheets, Sheet{text, landscape, margins})
}

// page reads the size and margins of the last section.
func (v *viewer) page(root *node) { v.out.Landscape, v.out.Margins = pageOf(root) }

// pageOf reads the size and margins of the last section in the node.
func pageOf(root *node) (landscape bool, margins [4]int) {
	margins = [4]int{370, 260, 350, 280}
	root.each(func(n *node) bool {
		switch n.name {
		case "pgSz":
			w, _ := strconv.Atoi(attr1(n, "w"))
			h, _ := strconv.Atoi(attr1(n, "h"))
			landscape = w > h
		case "pgMar":
			for i, side := range []string{"top", "right", "bottom", "left"} {
				if twips, err := strconv.Atoi(attr1(n, side)); err == nil && twips >= 0 && twips < 5000 {
					margins[i] = twips * 254 / 1440
				}
			}
		}
		return true
	})
	return landscape, margins
}

// blocks writes the paragraphs and tables of a body or cell.
func (v *viewer) blocks(n *node) {
	for _, k := range n.kids {
		switch k.name {
		case "p":
			v.paragraph(k)
			if pPr := k.kid("pPr"); pPr != nil && pPr.kid("sectPr") != nil && !v.inTable {
				v.cut(pageOf(pPr.kid("sectPr")))
			}
		case "tbl":
			v.table(k)
		case "sdt", "sdtContent", "customXml", "ins", "moveTo":
			v.blocks(k)
		}
	}
}

func (v *viewer) paragraph(p *node) {
	id, pPr := v.styles.normal, p.kid("pPr")
	if pPr != nil {
		if x := pPr.kid("pStyle"); x != nil {
			id = attr1(x, "val")
		}
	}
	s := v.styles.of(id)
	if pPr != nil {
		s.stand = standOf(pPr, or(s.face.size, 24)).over(s.stand)
	}
	if v.newPage {
		s.stand.newPage, v.newPage = 1, false
	}
	tag := v.tag(s)
	from := v.b.Len()
	fmt.Fprintf(&v.b, `<%s class="%s">`, tag, strings.Join(append(s.stand.classes(), s.face.classes()...), " "))
	v.inline(p, s.face)
	fmt.Fprintf(&v.b, "</%s>", tag)
	if v.out.Title == "" && tag == "h2" {
		v.out.Title = plainOf(v.b.String()[from:])
	}
}

// tag is the element of a paragraph: the page has its own first heading.
func (v *viewer) tag(s style) string {
	switch {
	case v.inTable:
		return "p"
	case s.title:
		return "h2"
	case s.stand.level > 0:
		return "h" + strconv.Itoa(min(s.stand.level+2, 6))
	}
	return "p"
}

func plainOf(markup string) string {
	var b strings.Builder
	in := false
	for _, r := range markup {
		switch {
		case r == '<':
			in = true
		case r == '>':
			in = false
		case !in:
			b.WriteRune(r)
		}
	}
	return html.UnescapeString(b.String())
}

// inline writes the runs of a paragraph. over is how its style looks.
func (v *viewer) inline(n *node, over face) {
	for _, k := range n.kids {
		switch k.name {
		case "r":
			v.run(k, over)
		case "pPr", "del", "moveFrom":
		default:
			v.inline(k, over)
		}
	}
}

func (v *viewer) run(r *node, over face) {
	f := face{}
	if rPr := r.kid("rPr"); rPr != nil {
		f = faceOf(rPr)
		if x := rPr.kid("rStyle"); x != nil {
			f = f.over(v.styles.byID[attr1(x, "val")].face)
		}
		if rPr.kid("vanish") != nil {
			return
		}
	}
	classes := f.differing(over)
	from := v.b.Len()
	if len(classes) > 0 {
		fmt.Fprintf(&v.b, `<span class="%s">`, strings.Join(classes, " "))
	}
	inside := v.b.Len()
	v.runText(r)
	switch {
	case v.b.Len() == inside:
		v.b.Truncate(from)
	case len(classes) > 0:
		v.b.WriteString("</span>")
	}
}

func (v *viewer) runText(r *node) {
	for _, k := range r.kids {
		switch k.name {
		case "t":
			for _, x := range k.kids {
				v.b.WriteString(html.EscapeString(x.text))
			}
		case "tab":
			v.b.WriteString("\u2003")
		case "noBreakHyphen":
			v.b.WriteString("-")
		case "br", "cr":
			if attr1(k, "type") == "page" {
				v.newPage = true
			} else {
				v.b.WriteString("<br>")
			}
		case "drawing", "pict", "object":
			v.picture(k)
		}
	}
}

// picture marks where a picture is, and writes the paragraphs of a text box.
func (v *viewer) picture(n *node) {
	var box *node
	n.each(func(x *node) bool {
		if box == nil && x.name == "txbxContent" {
			box = x
		}
		return box == nil
	})
	if box == nil {
		v.b.WriteString(`<span class="dx-pic">▧</span>`)
		return
	}
	for i, p := range box.kids {
		if p.name == "p" {
			if i > 0 {
				v.b.WriteString("<br>")
			}
			v.inline(p, face{})
		}
	}
}

// sizes are those that official documents use, in half points; the page has a class
// for each.
var sizes = []int{10, 13, 15, 18, 21, 24, 28, 30, 32, 36, 44, 48, 52, 56, 72, 84}

func sizeClass(size int) string {
	best := sizes[0]
	for _, s := range sizes {
		if abs(s-size) < abs(best-size) {
			best = s
		}
	}
	return "z" + strconv.Itoa(best)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

func (f face) classes() (list []string) {
	if f.font != "" {
		list = append(list, "f-"+f.font)
	}
	if f.size > 0 {
		list = append(list, sizeClass(f.size))
	}
	for _, x := range []struct {
		on    int
		class string
	}{{f.bold, "b"}, {f.it, "it"}, {f.underline, "u"}, {f.red, "red"}} {
		switch x.on {
		case 1:
			list = append(list, "x-"+x.class)
		case -1:
			list = append(list, "x-no"+x.class)
		}
	}
	return list
}

// differing are the classes of what a run says otherwise than its paragraph.
func (f face) differing(over face) []string {
	usual := over.classes()
	return slices.DeleteFunc(f.classes(), func(c string) bool {
		return slices.Contains(usual, c) || strings.HasPrefix(c, "x-no") && !slices.Contains(usual, "x-"+c[4:])
	})
}

func (p stand) classes() []string {
	list := []string{"dx"}
	if p.align != "" {
		list = append(list, "al-"+p.align)
	}
	for _, x := range []struct {
		name string
		n    int
	}{{"in", p.first}, {"hang", -p.first}, {"le", p.left}, {"ri", p.right}} {
		if x.n > 0 {
			list = append(list, x.name+strconv.Itoa(min(x.n, 8)))
		}
	}
	if p.newPage == 1 {
		list = append(list, "dx-new")
	}
	if p.rule != "" {
		list = append(list, p.rule)
	}
	return list
}
