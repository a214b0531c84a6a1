package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Guess proposes how to read the book: from the words of its headers, those the
// administrator added, and the values below them.
func (b *Book) Guess(w Words) Layout {
	var l Layout
	for _, g := range b.tabs {
		l.Tabs = append(l.Tabs, b.guessTab(g, w))
	}
	l.guessNumbers(b)
	for i := range l.Tabs {
		l.guessCategory(b, &l.Tabs[i])
	}
	l.addWords(b)
	return l
}

func (b *Book) looksLikeLedger(g *grid) bool {
	h := findHeader(g, nil)
	return h.isLedger() || h.nearlyLedger()
}

func (b *Book) guessTab(g *grid, w Words) TabLayout {
	h := findHeader(g, w)
	t := TabLayout{Name: g.name, Hidden: g.hidden, HeaderFrom: h.first, HeaderTo: h.last}
	if !h.isLedger() && !h.nearlyLedger() {
		t.HeaderFrom, t.HeaderTo = 0, 0
		return t
	}
	t.Use = !g.hidden
	t.Columns = append(h.cols, unnamed(g, h)...)
	slices.SortFunc(t.Columns, func(a, b ColumnLayout) int { return a.Column - b.Column })
	for i := range t.Columns {
		c := &t.Columns[i]
		c.Samples, c.Hidden = g.samples(c.Column, h.last), g.hiddenColumn(c.Column)
	}
	t.guessFromValues(g)
	return t
}

// unnamed returns the columns without a header that hold something below it.
func unnamed(g *grid, h header) []ColumnLayout {
	named := map[int]bool{}
	for _, c := range h.cols {
		named[c.Column] = true
	}
	var out []ColumnLayout
	for _, r := range g.below(h.last) {
		for _, c := range r.cells {
			if !named[c.col] && len(r.cells) > 1 { // a lone cell is a note
				named[c.col] = true
				out = append(out, ColumnLayout{Column: c.col})
			}
		}
	}
	return out
}

// guessFromValues corrects what a header alone cannot tell.
func (t *TabLayout) guessFromValues(g *grid) {
	move := func(from, to Field, when func(values []string) bool) {
		c := t.column(from)
		if c != nil && c.Part == "" && !t.has(to) && when(g.values(c.Column, t.HeaderTo)) {
			c.Field, c.Why = to, WhyValues
		}
	}
	move(Kind, Category, func(v []string) bool { return share(v, isWord(Kind)) < 0.5 && share(v, isLong(6)) > 0.5 })
	move(Category, Kind, func(v []string) bool { return share(v, isWord(Kind)) > 0.8 })
	move(Progress, Status, func(v []string) bool { return share(v, isWord(Status)) > 0.8 })
	move(Status, Progress, func(v []string) bool { return share(v, isLong(20)) > 0.8 })
	move(Organisation, Section, func(v []string) bool { return share(v, isSection) > 0.6 })
	move(Sequence, Number, func(v []string) bool { return share(v, isStructured) > 0.8 })
	if c := t.column(Aspect); c != nil && !t.has(Category) && strings.Contains(c.Header, "反馈") {
		c.Field = Category
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Field == "" && !t.has(Status) && share(g.values(c.Column, t.HeaderTo), isWord(Status)) > 0.8 {
			c.Field, c.Why = Status, WhyValues
		}
	}
}

// values returns what a column holds below the header, up to a bound.
func (g *grid) values(col, header int) []string {
	var out []string
	for _, r := range g.below(header) {
		if c, ok := r.at(col); ok && len(r.cells) > 1 {
			if out = append(out, c.text); len(out) >= 200 {
				break
			}
		}
	}
	return out
}

func share(values []string, is func(string) bool) float64 {
	if len(values) == 0 {
		return 0
	}
	n := 0
	for _, v := range values {
		if is(v) {
			n++
		}
	}
	return float64(n) / float64(len(values))
}

func isWord(f Field) func(string) bool {
	return func(s string) bool { _, ok := codeOf(f, s); return ok }
}

func isLong(n int) func(string) bool {
	return func(s string) bool { return len([]rune(s)) >= n }
}

var (
	sectionName = regexp.MustCompile(`(股|科|室|办|处|中心|站|所|队|部|股室|科室)(（[^）]*）)?$`)
	runningNo   = regexp.MustCompile(`^\d{1,4}$`)
	structured  = regexp.MustCompile(`\d.*[-－—/〔].*\d|[A-Za-z].*\d`)
)

func isSection(s string) bool    { return sectionName.MatchString(s) }
func isStructured(s string) bool { return structured.MatchString(s) }

// guessNumbers tells running numbers from the numbers of findings: those that
// begin again in each tab, or stand under a header that may mean either, name no
// finding outside this file.
func (l *Layout) guessNumbers(b *Book) {
	seen := map[string]bool{}
	again := false
	for _, t := range l.Tabs {
		c := t.column(Number)
		if c == nil || !t.Use {
			continue
		}
		own := map[string]bool{}
		for _, v := range b.tab(t.Name).values(c.Column, t.HeaderTo) {
			own[v] = true
		}
		for v := range own {
			again = again || seen[v] && runningNo.MatchString(v)
			seen[v] = true
		}
	}
	for i := range l.Tabs {
		t := &l.Tabs[i]
		c := t.column(Number)
		if c == nil || !t.Use || t.has(Sequence) {
			continue
		}
		vague := !strings.Contains(c.Header, "问题") && running(b.tab(t.Name).values(c.Column, t.HeaderTo))
		if again || vague {
			c.Field, c.Why = Sequence, WhyValues
		}
	}
}

// running says that values count 1, 2, 3.
func running(values []string) bool {
	n := 0
	for _, v := range values {
		i, err := strconv.Atoi(v)
		if err != nil || i != n && i != n+1 {
			return false
		}
		n = i
	}
	return n > 0
}

// Words in the title of a ledger: a title without them may name the category.
var ledgerTitle = regexp.MustCompile(`台账|清单|一览|汇总|情况|表$|任务|方案|销号|明细|统计|巡察反馈`)

// categoryName is how the categories of a round are worded: a single tab is named
// after one only when its name says so.
var categoryName = regexp.MustCompile(`^([一二三四五六七]、)?(聚焦|贯彻落实|落实)`)

// guessCategory finds where a tab without a column for it says the category and
// the kind.
func (l *Layout) guessCategory(b *Book, t *TabLayout) {
	if !t.Use {
		return
	}
	g := b.tab(t.Name)
	if t.has(Kind) {
		t.KindFrom = FromColumn
	} else if _, ok := codeOf(Kind, unnumbered(t.Name)); ok {
		t.KindFrom = FromTab
	}
	title := titleAbove(g, header{first: t.HeaderFrom})
	switch {
	case t.has(Category):
		t.CategoryFrom = FromColumn
	case t.hasSections(g):
		t.CategoryFrom = FromSection
	case (l.used() > 1 || categoryName.MatchString(title)) && title != "" && !ledgerTitle.MatchString(title):
		t.CategoryFrom = FromTitle
	case (l.used() > 1 || categoryName.MatchString(t.Name)) && t.KindFrom != FromTab && !strings.HasPrefix(strings.ToLower(t.Name), "sheet") && !ledgerTitle.MatchString(t.Name):
		t.CategoryFrom = FromTab
	}
}

// hasSections says that rows of one sentence stand between the findings.
func (t *TabLayout) hasSections(g *grid) bool {
	rows := g.below(t.HeaderTo)
	for i, r := range rows {
		if i+1 < len(rows) && t.isSection(g, r) && !t.isSection(g, rows[len(rows)-1]) {
			return true
		}
	}
	return false
}

// addWords lists the words of closed lists that mean none of their codes, or more
// than one: a person must say what they mean here.
func (l *Layout) addWords(b *Book) {
	for i := range l.Values {
		l.Values[i].At = ""
	}
	for _, t := range l.Tabs {
		for _, c := range t.Columns {
			if t.Use && c.Part == "" && (c.Field == Status || c.Field == Kind || c.Field == OrganCadre) && !c.left() {
				l.addWordsOf(b.tab(t.Name), t, c)
			}
		}
	}
}

const mostWords = 50 // a column of more is no closed list; its cells are then told one by one

func (l *Layout) addWordsOf(g *grid, t TabLayout, c ColumnLayout) {
	begun := false // a word above the first finding belongs to none
	for _, r := range g.below(t.HeaderTo) {
		begun = begun || t.holds(r, Text, 0) != "" || t.holds(r, Number, 0) != ""
		v, ok := r.at(c.Column)
		if !ok || !begun || v.kind == errorCell || v.kind == formulaCell || len(r.cells) == 1 || len(l.Values) >= mostWords || t.apart(g, r) != "" {
			continue
		}
		if _, known := codeOf(c.Field, v.text); known {
			continue
		}
		at, word := address(c.Column, r.line), clip(v.text)
		i := slices.IndexFunc(l.Values, func(x ValueLayout) bool { return x.Field == c.Field && x.Word == word })
		if i < 0 {
			l.Values = append(l.Values, ValueLayout{Field: c.Field, Word: word, At: at, Tab: t.Name})
		} else if l.Values[i].At == "" {
			l.Values[i].At, l.Values[i].Tab = at, t.Name
		}
	}
}
