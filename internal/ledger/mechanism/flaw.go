package mechanism

import (
	"fmt"
	"strings"
)

// A Flaw is what makes a mechanism unsound, and where. Code is a message key and
// Args fill its places. Path is like documents[1].rule.veto[0]. Line and Column
// count from 1 and are 0 where the mechanism was not read from a text.
type Flaw struct {
	Code         string
	Args         []any
	Path         string
	Line, Column int
}

func (f Flaw) Error() string {
	return fmt.Sprintf("%d:%d %s: %s %v", f.Line, f.Column, f.Path, f.Code, f.Args)
}

// Wording gives key and arguments of what the flaw is, without its place.
func (f Flaw) Wording() (key string, args []any) { return f.Code, f.Args }

// Flaws are all that was found, in the order of the text.
type Flaws []Flaw

func (f Flaws) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

// A Label is a name in both languages; lang words it in the reader's.
type Label struct{ Zh, En string }

func (l Label) String() string { return l.Zh }

// In returns the name in the language with the tag, the Chinese one if there is no other.
func (l Label) In(tag string) string {
	if strings.HasPrefix(tag, "en") && l.En != "" {
		return l.En
	}
	return l.Zh
}

// Labels are names in a row.
type Labels []Label

// In returns the names in the language with the tag, set apart as it is done there.
func (l Labels) In(tag string) string {
	words := make([]string, len(l))
	for i, x := range l {
		words[i] = x.In(tag)
	}
	if strings.HasPrefix(tag, "en") {
		return strings.Join(words, ", ")
	}
	return strings.Join(words, "、")
}

// Label returns the mechanism's name.
func (m Mechanism) Label() Label { return Label{m.Name, m.NameEn} }

// Label returns the party's name.
func (p Party) Label() Label { return Label{p.Name, p.NameEn} }

// Label returns the document's name.
func (d Document) Label() Label { return Label{d.Name, d.NameEn} }
