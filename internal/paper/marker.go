package paper

import (
	"regexp"
	"strings"
	"unicode"

	"lianshen/internal/opc"
)

// kinds of markers.
const (
	isValue  = ' ' // {{field}}
	isRepeat = '#' // {{#list}}: what follows, once for each row
	isIf     = '?' // {{?field}}: what follows, if there is something to say
	isIfNot  = '^' // {{^field}}: what follows, if there is nothing
	isEnd    = '/' // {{/field}}
)

// A marker is a {{…}} of a template.
type marker struct {
	kind  byte
	name  string // as written, without white space at its ends
	place Place
	run   string // opening tag and properties of the run it begins in
	shut  string // closing tag of that run
	pre   string // prefix of Word's namespace there
	end   *marker
	node  *node
}

func (m *marker) opens() bool { return m.kind == isRepeat || m.kind == isIf || m.kind == isIfNot }

// Braces and signs may be full-width: an input method writes them so.
var (
	markerForm = regexp.MustCompile(`[{｛]{2}\s*([#＃?？^/／]?)([^{}｛｝\x00]*)[}｝]{2}`)
	signs      = map[string]byte{"": isValue, "#": isRepeat, "＃": isRepeat, "?": isIf, "？": isIf, "^": isIfNot, "/": isEnd, "／": isEnd}
)

const (
	longestName = 60 // characters
	mostMarkers = 5000
)

// A piece is one text element of a paragraph and where its text begins.
type piece struct {
	text  *node // w:t
	start int
}

// skipped is what is in a paragraph without being its text: properties, what was
// deleted, the code of fields. Text boxes have paragraphs of their own.
func skipped(n *node) bool {
	switch n.name {
	case "pPr", "rPr", "del", "moveFrom", "instrText", "txbxContent":
		return true
	}
	return false
}

// pieces lists the text elements of a paragraph and their joined text. What is no
// text, a tab or a line break, is a NUL, so that no marker reaches over it.
func pieces(p *node) (list []piece, joined string) {
	var b strings.Builder
	for _, kid := range p.kids {
		kid.each(func(n *node) bool {
			switch {
			case skipped(n):
				return false
			case n.name == "t":
				list = append(list, piece{n, b.Len()})
				for _, k := range n.kids {
					b.WriteString(strings.ReplaceAll(k.text, "\x00", ""))
				}
				return false
			case n.name == "tab" || n.name == "br" || n.name == "cr":
				b.WriteByte(0)
			}
			return true
		})
	}
	return list, b.String()
}

// textOf is what a paragraph says, for messages.
func textOf(joined string) string {
	return clip(strings.TrimSpace(strings.ReplaceAll(joined, "\x00", " ")), 40)
}

// place puts a node of its own where each marker of a paragraph was, in a run of
// its own. The characters of a marker may be spread over several runs, as Word and
// WPS write them; the format is that of the first.
func (t *Template) place(p *node, part string) {
	list, joined := pieces(p)
	if !strings.ContainsAny(joined, "{｛") {
		return
	}
	found := markerForm.FindAllStringSubmatchIndex(joined, -1)
	at := Place{Part: part, Text: textOf(joined)}
	t.checkLoose(joined, found, at)
	starts := map[int]*marker{}
	gone := make([]bool, len(joined))
	for _, f := range found {
		m := &marker{kind: signs[joined[f[2]:f[3]]], name: cleanName(joined[f[4]:f[5]]), place: at}
		if m.name == "" && m.kind != isEnd {
			t.fault(codeEmptyMarker, "", at)
			continue
		}
		if t.markers++; t.markers > mostMarkers {
			continue
		}
		starts[f[0]] = m
		for i := f[0]; i < f[1]; i++ {
			gone[i] = true
		}
	}
	starting := map[*node]int{}
	for _, x := range list {
		starting[x.text] = x.start
	}
	splitRuns(p, func(text *node, b *splitter) { b.cut(text, starting[text], starts, gone) })
}

// checkLoose finds braces that open a marker and do not close it.
func (t *Template) checkLoose(joined string, found [][]int, at Place) {
	rest := []byte(joined)
	for _, f := range found {
		for i := f[0]; i < f[1]; i++ {
			rest[i] = ' '
		}
	}
	if s := string(rest); strings.Contains(s, "{{") || strings.Contains(s, "｛｛") {
		t.fault(codeOpenMarker, "", at)
	}
}

// cleanName makes one name of what was typed: white space and controls within it
// are an accident of typing.
func cleanName(s string) string {
	s = strings.Join(strings.FieldsFunc(opc.Strip(s), unicode.IsSpace), " ")
	return clip(s, longestName)
}

// A splitter collects what a run becomes.
type splitter struct {
	run  *node
	out  []*node
	kids []*node // of the run being filled
	said bool    // whether they are more than its properties
}

// splitRuns takes every run of the paragraph apart at its markers.
func splitRuns(n *node, cut func(text *node, b *splitter)) {
	var kids []*node
	for _, k := range n.kids {
		switch k.name {
		case "proofErr": // a squiggle, not text
		case "r":
			kids = append(kids, split(k, cut)...)
		default:
			if !skipped(k) {
				splitRuns(k, cut)
			}
			kids = append(kids, k)
		}
	}
	n.kids = kids
}

func split(run *node, cut func(text *node, b *splitter)) []*node {
	b := &splitter{run: run}
	b.begin()
	for _, k := range run.kids {
		switch k.name {
		case "rPr":
		case "t":
			cut(k, b)
		case "lastRenderedPageBreak": // where a page once ended
		default:
			b.kids, b.said = append(b.kids, k), b.said || k.name != "" || strings.TrimSpace(k.open) != ""
		}
	}
	b.flush()
	return b.out
}

func (b *splitter) begin() {
	b.kids, b.said = nil, false
	if rPr := b.run.kid("rPr"); rPr != nil {
		b.kids = []*node{rPr}
	}
}

// flush ends the run, unless nothing is left of it.
func (b *splitter) flush() {
	if b.said {
		b.out = append(b.out, &node{name: "r", open: b.run.openTag(), shut: b.run.shutTag(), kids: b.kids})
	}
	b.begin()
}

// cut divides a text element: what stays goes into the run, each marker between two.
func (b *splitter) cut(text *node, at int, starts map[int]*marker, gone []bool) {
	var whole strings.Builder
	for _, k := range text.kids {
		whole.WriteString(strings.ReplaceAll(k.text, "\x00", ""))
	}
	s := whole.String()
	from := 0
	for i := 0; i <= len(s); i++ {
		ends := i == len(s)
		if !ends && !gone[at+i] {
			continue
		}
		b.text(text, s[from:i])
		if ends {
			return
		}
		if m := starts[at+i]; m != nil {
			b.mark(m)
		}
		from = i + 1
	}
}

func (b *splitter) text(like *node, s string) {
	if s == "" {
		return
	}
	pre := like.prefix()
	b.said = true
	b.kids = append(b.kids, &node{
		name: "t", open: "<" + pre + `t xml:space="preserve">`, shut: "</" + pre + "t>",
		kids: []*node{{open: opc.XML(s), text: s}},
	})
}

// mark puts the marker between two runs, with the format of the one it is in.
func (b *splitter) mark(m *marker) {
	b.flush()
	m.pre, m.run, m.shut = b.run.prefix(), b.run.openTag(), b.run.shutTag()
	if rPr := b.run.kid("rPr"); rPr != nil {
		m.run += rPr.String()
	}
	m.node = &node{marker: m}
	b.out = append(b.out, m.node)
}
