package paper

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"regexp"
	"strings"
)

// A Template is a Word file with named fields {{字段}}, repeating parts
// {{#表}} … {{/表}} and parts that depend on a field: {{?字段}} … {{/字段}} where it
// says something, {{^字段}} … {{/字段}} where it does not. A part is within a line, of
// whole paragraphs, or of whole rows of a table. Everything else of the file stays
// as it is. A Template may be used by several goroutines at once.
type Template struct {
	parts   []part
	uses    []Use
	faults  Faults
	markers int
}

// part is one file of the zip: filled in, or as it is and packed already.
type part struct {
	name   string
	body   bool // the text itself
	ops    []op // nil: packed
	packed []byte
	size   int
	sum    uint32
}

// Use is a place where a template names a field.
type Use struct {
	Name   string
	Sign   string   // "", "#", "?" or "^"
	Within []string // names of the repeating parts around it, outermost first
	Place  Place
}

// Parse reads a template. The error is Faults, each naming its place. Nothing that
// the file holds is run or fetched, and its size, unpacked too, is bounded.
func Parse(r io.ReaderAt, size int64) (*Template, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	t := &Template{}
	for _, f := range a.files {
		text, err := a.read(f)
		if err != nil {
			return nil, err
		}
		switch kind := a.kindOf(f); {
		case kind != "":
			err = t.parse(f.Name, kind, text)
		case f.Name == typesPart:
			text = strings.ReplaceAll(text, "wordprocessingml.template.main+xml", "wordprocessingml.document.main+xml")
			fallthrough
		default:
			err = t.keep(f, text)
		}
		if err != nil {
			return nil, err
		}
	}
	if t.markers > mostMarkers {
		return nil, faulty(codeMarkers, mostMarkers)
	}
	if len(t.faults) == 0 && len(t.uses) == 0 {
		t.fault(codeNoField, "", Place{})
	}
	if len(t.faults) > 0 {
		return nil, t.faults
	}
	return t, nil
}

// Fields lists where which field is named, in the order of the text.
func (t *Template) Fields() []Use { return t.uses }

func (t *Template) fault(code, field string, at Place, args ...string) {
	t.faults = append(t.faults, Fault{Code: code, Field: field, Place: at, Args: args})
}

var textParts = regexp.MustCompile(`^(header|footer|footnotes|endnotes)\d*\.xml$`)

// kindOf names the parts that may hold fields: body, header, footer, note.
func (a *archive) kindOf(f *zip.File) string {
	if f.Name == a.main {
		return "body"
	}
	m := textParts.FindStringSubmatch(path.Base(f.Name))
	switch {
	case m == nil || path.Dir(f.Name) != path.Dir(a.main):
		return ""
	case m[1] == "header" || m[1] == "footer":
		return m[1]
	}
	return "note"
}

// fetching are fields of Word that take something from outside the file.
var fetching = regexp.MustCompile(`(?im)^\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|LINK|IMPORT|DATABASE|MACROBUTTON|RD)\b`)

// parse makes a part ready to be filled.
func (t *Template) parse(name, kind, text string) error {
	root, line, err := readTree(text)
	if errors.Is(err, errTooDeep) {
		return faulty(codeTooDeep, name)
	}
	if err != nil {
		return faulty(codeMalformed, name, line)
	}
	root.each(func(n *node) bool {
		switch n.name {
		case "p":
			t.place(n, kind)
			t.checkInstruction(fieldCodes(n), kind)
		case "fldSimple":
			t.checkInstruction(fieldCode(n), kind)
		}
		return true
	})
	root.tie(nil)
	c := compiler{t: t, sections: map[*node][]section{}, bare: map[*node]bool{}}
	c.pair(root)
	p := part{name: name, body: kind == "body"}
	p.ops = c.list(root, 0, len(root.kids), 0)
	t.parts = append(t.parts, p)
	return nil
}

// fieldCodes joins the codes of the fields of a paragraph, each from a line of its own:
// a code too may be spread over several runs.
func fieldCodes(p *node) string {
	var b strings.Builder
	p.each(func(n *node) bool {
		switch n.name {
		case "instrText":
			for _, k := range n.kids {
				b.WriteString(k.text)
			}
		case "fldChar":
			b.WriteByte('\n')
		}
		return n.name != "txbxContent"
	})
	return b.String()
}

func (t *Template) checkInstruction(code, kind string) {
	if fetching.MatchString(code) {
		t.fault(codeFetches, "", Place{Part: kind}, clip(strings.TrimSpace(code), 40))
	}
}

var instruction = regexp.MustCompile(`instr="([^"]*)"`)

func fieldCode(n *node) string {
	if m := instruction.FindStringSubmatch(n.open); m != nil {
		return m[1]
	}
	return ""
}

// keep packs a part that has no fields once and for all.
func (t *Template) keep(f *zip.File, text string) error {
	p := part{name: f.Name, size: len(text), sum: crc32.ChecksumIEEE([]byte(text))}
	if f.Name == propertiesPart {
		p.ops = []op{propertiesOp{}}
		t.parts = append(t.parts, p)
		return nil
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.DefaultCompression)
	if err != nil {
		return fmt.Errorf("pack %s: %w", f.Name, err)
	}
	if _, err = io.WriteString(w, text); err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("pack %s: %w", f.Name, err)
	}
	p.packed = packed.Bytes()
	t.parts = append(t.parts, p)
	return nil
}

const propertiesPart = "docProps/core.xml"
