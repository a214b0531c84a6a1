package sheet

import (
	"slices"
	"strings"
)

// Words are the header words the administrator added to the built-in table.
type Words map[string]Field

// A Layout says how to read a Book. It is small, can be kept as JSON, and is
// remembered for each organisation: the next file of the same form is read alike.
type Layout struct {
	Tabs   []TabLayout   `json:"tabs"`
	Values []ValueLayout `json:"values,omitempty"`
}

// A TabLayout says how one tab is read.
type TabLayout struct {
	Name       string         `json:"name"`
	Hidden     bool           `json:"hidden,omitempty"`
	Use        bool           `json:"use"`            // findings are read from this tab
	Take       string         `json:"take,omitempty"` // Take or Leave once somebody decided about a hidden tab
	HeaderFrom int            `json:"header_from"`    // rows of the header, from 1; 0: none was found
	HeaderTo   int            `json:"header_to"`
	Columns    []ColumnLayout `json:"columns,omitempty"`

	CategoryFrom string `json:"category_from,omitempty"` // FromColumn, FromTab, FromTitle, FromSection or ""
	KindFrom     string `json:"kind_from,omitempty"`     // FromColumn, FromTab or ""
	HiddenRows   string `json:"hidden_rows,omitempty"`   // Take or Leave; "" is open when hidden rows hold something
}

// A ColumnLayout says what one column holds.
type ColumnLayout struct {
	Column  int      `json:"column"` // from 1
	Header  string   `json:"header"`
	Field   Field    `json:"field"`          // "" unknown
	Part    string   `json:"part,omitempty"` // of a field spread over columns: "2" for the second measure, the code a tick stands for
	Hidden  bool     `json:"hidden,omitempty"`
	Take    string   `json:"take,omitempty"` // Take or Leave for a hidden column, and for one without a Field: Take puts it into the remark
	Samples []string `json:"-"`              // up to three values, for the page
	Why     string   `json:"why,omitempty"`  // one of the Why constants
}

// A ValueLayout says what a word of a closed list means in this file.
type ValueLayout struct {
	Field Field  `json:"field"`
	Word  string `json:"word"`
	Code  string `json:"code"` // as in Row; Leave keeps the field empty; "" is open
	At    string `json:"-"`    // the first cell that holds it, "F12"
	Tab   string `json:"-"`
}

// Answers to what a person is asked.
const (
	Take  = "take"
	Leave = "leave"
)

// Where a tab says the category, or how soon its findings are to be put right.
const (
	FromColumn  = "column"
	FromTab     = "tab"     // its name
	FromTitle   = "title"   // the line above the header
	FromSection = "section" // rows between the findings
)

// Why a field was guessed for a column.
const (
	WhyHeader     = "header"     // the header is the usual one
	WhySynonym    = "synonym"    // the header is a known word for it
	WhySimilar    = "similar"    // the header contains a word for it
	WhyValues     = "values"     // the values are of this kind
	WhyDuplicate  = "duplicate"  // another column holds the same
	WhyRemembered = "remembered" // an earlier file was read so
)

// Fits says that a remembered layout suits the book: its tabs are there with the
// same headers, and no other tab looks like a ledger.
func (l Layout) Fits(b *Book) bool {
	fresh := b.Guess(nil)
	used := 0
	for _, t := range fresh.Tabs {
		old, known := l.tab(t.Name)
		if !known && t.Use || known && old.Use && !old.sameHeader(b.tab(t.Name)) {
			return false
		}
		if known && old.Use {
			used++
		}
	}
	return used > 0 && used == l.used()
}

// Recall returns a remembered layout with the samples and the new words of the
// book; ok is false when it does not fit.
func (l Layout) Recall(b *Book) (Layout, bool) {
	if !l.Fits(b) {
		return Layout{}, false
	}
	out := Layout{Values: slices.Clone(l.Values)}
	for _, g := range b.tabs {
		t, known := l.tab(g.name)
		if !known {
			t = b.guessTab(g, nil)
			t.Use = false
		}
		t.Columns = slices.Clone(t.Columns)
		for i := range t.Columns {
			c := &t.Columns[i]
			c.Samples, c.Hidden = g.samples(c.Column, t.HeaderTo), g.hiddenColumn(c.Column)
			c.Why = WhyRemembered
		}
		out.Tabs = append(out.Tabs, t)
	}
	out.addWords(b)
	return out, true
}

func (l Layout) tab(name string) (TabLayout, bool) {
	i := slices.IndexFunc(l.Tabs, func(t TabLayout) bool { return t.Name == name })
	if i < 0 {
		return TabLayout{}, false
	}
	return l.Tabs[i], true
}

func (l Layout) used() int {
	n := 0
	for _, t := range l.Tabs {
		if t.Use {
			n++
		}
	}
	return n
}

// sameHeader says that the rows of the header still hold the same words.
func (t TabLayout) sameHeader(g *grid) bool {
	if g == nil {
		return false
	}
	now := map[int]string{}
	for _, c := range readHeader(g, g.between(t.HeaderFrom, t.HeaderTo), nil).cols {
		now[c.Column] = c.Header
	}
	for _, c := range t.Columns {
		if now[c.Column] != c.Header {
			return false
		}
		delete(now, c.Column)
	}
	return len(now) == 0
}

// has says that a column of the tab holds the field.
func (t TabLayout) has(f Field) bool { return t.column(f) != nil }

func (t TabLayout) column(f Field) *ColumnLayout {
	for i := range t.Columns {
		if t.Columns[i].Field == f && !t.Columns[i].left() {
			return &t.Columns[i]
		}
	}
	return nil
}

// left says that somebody decided to leave the column out.
func (c ColumnLayout) left() bool { return c.Take == Leave }

// Questions returns what a person must still answer before the book can be read.
// The same are the first problems of a Ledger read with this layout.
func (l Layout) Questions(b *Book) []Problem {
	log := &problemLog{max: defaultLimits.Problems}
	for _, t := range l.Tabs {
		g := b.tab(t.Name)
		if g == nil {
			continue
		}
		if t.Hidden && t.Take == "" && b.looksLikeLedger(g) {
			log.problem(t.Name, "", codeHiddenTab, t.Name)
		}
		if t.Use {
			t.questions(g, log)
		}
	}
	for _, v := range l.Values {
		if v.Code == "" && v.At != "" {
			log.problem(v.Tab, v.At, codeUnknownWord, v.Word, titleOf[v.Field], tableOf(v.Field).all())
		}
	}
	return log.all()
}

func (t TabLayout) questions(g *grid, log *problemLog) {
	at := func(col int) string { return address(col, max(1, t.HeaderTo)) }
	if !t.has(Text) {
		log.problem(t.Name, at(1), codeMissingColumn, titleOf[Text])
	}
	for _, c := range t.Columns {
		switch {
		case c.Take != "":
		case c.Hidden && len(c.Samples) > 0:
			log.problem(t.Name, at(c.Column), codeHiddenColumn, letters(c.Column), c.Header, strings.Join(c.Samples, "、"))
		case c.Field != "" || c.Header == "" && len(c.Samples) == 0:
		case c.Header == "":
			log.problem(t.Name, at(c.Column), codeUnnamedColumn, c.Samples[0], letters(c.Column))
		case c.Why == WhyDuplicate:
			log.problem(t.Name, at(c.Column), codeDuplicateColumn, c.Header)
		default:
			log.problem(t.Name, at(c.Column), codeUnknownColumn, c.Header)
		}
	}
	if lines := g.hiddenLines(t.HeaderTo); len(lines) > 0 && t.HiddenRows == "" {
		row, _ := g.row(lines[0])
		log.problem(t.Name, address(row.cells[0].col, lines[0]), codeHiddenRows, len(lines), lines[0], row.cells[0].text)
	}
}
