package paper

import (
	"regexp"
	"strconv"
	"strings"
)

// face is how text looks as far as the screen shows it. Zero fields are not said and
// come from the style below.
type face struct {
	font      string // song, hei, kai, fang, xbs
	size      int    // half points
	bold, it  int    // 1 yes, -1 no
	underline int
	red       int
}

// stand is how a paragraph stands.
type stand struct {
	align              string // l, c, r, j
	first, left, right int    // characters; first below zero hangs
	level              int    // of a heading, from 1; 0 for text
	newPage            int
	rule               string // below: "rule" or "rule-red"
}

// styleSheet is what the styles of a file say.
type styleSheet struct {
	base   style
	byID   map[string]style
	normal string
}

type style struct {
	on    string // the style below
	title bool
	face  face
	stand stand
}

// readStyles learns the styles of a file; one without has none.
func readStyles(part string) styleSheet {
	s := styleSheet{byID: map[string]style{}}
	root, _, err := readTree(part)
	if err != nil {
		return s
	}
	root.each(func(n *node) bool {
		switch n.name {
		case "docDefaults":
			n.each(func(x *node) bool {
				switch x.name {
				case "rPr":
					s.base.face = faceOf(x)
				case "pPr":
					s.base.stand = standOf(x, 24)
				}
				return true
			})
			return false
		case "style":
			s.add(n)
			return false
		}
		return true
	})
	return s
}

func (s *styleSheet) add(n *node) {
	id := attr1(n, "styleId")
	x := style{}
	if on := n.kid("basedOn"); on != nil {
		x.on = attr1(on, "val")
	}
	if name := n.kid("name"); name != nil {
		called := strings.ToLower(attr1(name, "val"))
		x.title = called == "title" || id == string(StyleTitle)
	}
	if rPr := n.kid("rPr"); rPr != nil {
		x.face = faceOf(rPr)
	}
	if pPr := n.kid("pPr"); pPr != nil {
		x.stand = standOf(pPr, or(x.face.size, 24))
	}
	if attr1(n, "type") == "paragraph" && attr1(n, "default") == "1" {
		s.normal = id
	}
	s.byID[id] = x
}

// of returns a style with what lies below it.
func (s styleSheet) of(id string) style {
	out := style{}
	for range 20 { // a circle of styles must not hold us
		x, known := s.byID[id]
		if !known {
			break
		}
		out.face, out.stand, out.title = out.face.over(x.face), out.stand.over(x.stand), out.title || x.title
		id = x.on
	}
	out.face, out.stand = out.face.over(s.base.face), out.stand.over(s.base.stand)
	return out
}

func (f face) over(g face) face {
	if f.font == "" {
		f.font = g.font
	}
	f.size, f.bold, f.it = or(f.size, g.size), or(f.bold, g.bold), or(f.it, g.it)
	f.underline, f.red = or(f.underline, g.underline), or(f.red, g.red)
	return f
}

func (p stand) over(q stand) stand {
	if p.align == "" {
		p.align = q.align
	}
	if p.rule == "" {
		p.rule = q.rule
	}
	p.first, p.left, p.right = or(p.first, q.first), or(p.left, q.left), or(p.right, q.right)
	p.level, p.newPage = or(p.level, q.level), or(p.newPage, q.newPage)
	return p
}

func or(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

func faceOf(rPr *node) (f face) {
	for _, k := range rPr.kids {
		switch v := attr1(k, "val"); k.name {
		case "rFonts":
			f.font = fontOf(attr1(k, "eastAsia"))
		case "sz":
			f.size, _ = strconv.Atoi(v)
		case "b":
			f.bold = toggle(v)
		case "i":
			f.it = toggle(v)
		case "u":
			f.underline = toggle(v)
		case "color":
			f.red = toggle(strconv.FormatBool(reddish(v)))
		}
	}
	return f
}

func toggle(v string) int {
	switch v {
	case "0", "false", "none", "off":
		return -1
	}
	return 1
}

// reddish says that a colour is what a red head is printed in.
func reddish(hex string) bool {
	n, err := strconv.ParseUint(hex, 16, 32)
	return err == nil && len(hex) == 6 && n>>16 > 0xa0 && n>>8&0xff < 0x60 && n&0xff < 0x60
}

func fontOf(name string) string {
	low := strings.ToLower(name)
	for _, f := range []struct{ part, font string }{
		{"小标宋", "xbs"},
		{"中宋", "xbs"},
		{"xiaobiaosong", "xbs"},
		{"仿宋", "fang"},
		{"fangsong", "fang"},
		{"楷", "kai"},
		{"kai", "kai"},
		{"黑", "hei"},
		{"hei", "hei"},
		{"宋", "song"},
		{"song", "song"},
		{"sim", "song"},
	} {
		if strings.Contains(low, f.part) {
			return f.font
		}
	}
	return ""
}

// standOf reads the properties of a paragraph; size, in half points, is the width of
// a character where a distance is in twips.
func standOf(pPr *node, size int) (p stand) {
	for _, k := range pPr.kids {
		switch v := attr1(k, "val"); k.name {
		case "jc":
			p.align = map[string]string{"center": "c", "right": "r", "end": "r", "both": "j", "distribute": "j", "left": "l", "start": "l"}[v]
		case "ind":
			p.first = characters(k, "firstLine", size) - characters(k, "hanging", size)
			p.left = max(characters(k, "left", size), characters(k, "start", size))
			p.right = max(characters(k, "right", size), characters(k, "end", size))
		case "outlineLvl":
			if n, err := strconv.Atoi(v); err == nil && n >= 0 && n < 4 {
				p.level = n + 1
			}
		case "pageBreakBefore":
			p.newPage = toggle(v)
		case "pBdr":
			p.rule = ruleOf(k)
		}
	}
	return p
}

func ruleOf(pBdr *node) string {
	bottom := pBdr.kid("bottom")
	switch {
	case bottom == nil || attr1(bottom, "val") == "nil" || attr1(bottom, "val") == "none":
		return ""
	case reddish(attr1(bottom, "color")):
		return "rule-red"
	}
	return "rule"
}

// characters reads a distance, which is written in hundredths of a character or in
// twips.
func characters(n *node, name string, size int) int {
	if c, err := strconv.Atoi(attr1(n, name+"Chars")); err == nil && c != 0 {
		return (c + 50) / 100
	}
	twips, err := strconv.Atoi(attr1(n, name))
	if err != nil {
		return 0
	}
	return (twips + size*5) / (size * 10)
}

var attributes = regexp.MustCompile(`([\w.-]+:)?([\w.-]+)\s*=\s*("[^"]*"|'[^']*')`)

// attr1 returns an attribute of an element by its local name, as it is written: what
// is asked for are numbers and codes.
func attr1(n *node, local string) string {
	for _, m := range attributes.FindAllStringSubmatch(n.open, -1) {
		if m[2] == local {
			return m[3][1 : len(m[3])-1]
		}
	}
	return ""
}
