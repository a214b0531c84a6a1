package sheet

import (
	"regexp"
	"slices"
)

// maxMeasures bounds the rows of one finding. A file that passes it has lost the
// numbers of its findings.
const maxMeasures = 200

var (
	sectionStart = regexp.MustCompile(`^\s*([一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+(部分|方面|类|章))\s*`)
	subSection   = regexp.MustCompile(`^\s*[（(][一二三四五六七八九十]{1,3}[）)]`)
	totalStart   = regexp.MustCompile(`^(合计|小计|总计|共计|累计|总数)([：:（(\d\s]|$)`)
	noteStart    = regexp.MustCompile(`^[*＊※]?(注|备注|说明|附注|填表说明|填报说明|填写说明|填表人|填报人|填报单位|填表单位|制表|审核|审批|复核|联系人|联系电话|经办人|主要负责人|分管领导|单位负责人|单位（盖章）|单位\(盖章\)|填报时间|填表时间|填表日期|日期|截止日期|党组书记|负责人)[^：:]{0,12}[：:]`)
	signature    = regexp.MustCompile(`(签字|签名|盖章|签章)[）)]?[：:]?\s*[^：:]{0,20}$`)
)

// unnumbered drops "一、" and "（一）" before the name of a section.
func unnumbered(s string) string { return sectionStart.ReplaceAllString(s, "") }

func isNote(s string) bool {
	s = squeeze(beginning(s))
	return noteStart.MatchString(s) || signature.MatchString(s)
}

// beginning is as much of a text as tells a note from a finding.
func beginning(s string) string {
	const enough = 300
	if len(s) > enough {
		return s[:enough]
	}
	return s
}

// apart says why a row below the header belongs to no finding; "" when it does.
func (t *TabLayout) apart(g *grid, r gridRow) string {
	first := r.cells[0]
	switch {
	case r.hidden && t.HiddenRows == Leave:
		return leftHiddenRow
	case totalStart.MatchString(squeeze(beginning(first.text))) && t.holds(r, Text, first.col) == "":
		return leftTotal
	case t.repeatsHeader(r):
		return leftHeaderAgain
	case t.isSection(g, r):
		return leftSection
	case t.isNoteRow(r):
		return leftNote
	}
	return ""
}

// holds returns the text of a field in a row, unless it stands in a column.
func (t *TabLayout) holds(r gridRow, f Field, but int) string {
	if c := t.column(f); c != nil && c.Column != but {
		if v, ok := r.at(c.Column); ok {
			return v.text
		}
	}
	return ""
}

// isSection says that a row holds one sentence over the width of the table, which
// names the section of the findings below it.
func (t *TabLayout) isSection(g *grid, r gridRow) bool {
	c := r.cells[0]
	if len(r.cells) != 1 || c.kind != textCell || isNote(c.text) || len(c.text) > 240 {
		return false
	}
	wide := g.reach(r.line, c.col) >= 3
	return c.col <= 2 && sectionStart.MatchString(c.text) || wide && c.col <= 3 && g.followed(r.line)
}

// followed says that a row of several cells comes after a line.
func (g *grid) followed(line int) bool {
	below := g.below(line)
	return len(below) > 0 && (len(below[0].cells) > 2 || len(below) > 1 && len(below[1].cells) > 2)
}

// isNoteRow says that a row holds notes and signatures only: each of its cells
// begins like one, or it is a sentence in one of the first columns.
func (t *TabLayout) isNoteRow(r gridRow) bool {
	if len(r.cells) > 4 {
		return false
	}
	notes := 0
	for _, c := range r.cells {
		if isNote(c.text) {
			notes++
		}
	}
	if notes > 0 && (notes == len(r.cells) || len(r.cells) <= 3 && isNote(r.cells[0].text)) {
		return true
	}
	c := r.cells[0]
	if len(r.cells) > 1 || c.col > 2 || c.kind != textCell {
		return false
	}
	f := t.fieldAt(c.col)
	return f != MeasureText && f != Text && f != Manifestations && f != EvidenceList && f != Progress && !t.isIdentity(f, c.text)
}

// isIdentity says that a lone cell names a finding: to take it for a note would
// lose the finding.
func (t *TabLayout) isIdentity(f Field, s string) bool {
	return (f == Number || f == Sequence) && len([]rune(s)) <= 20 && (runningNo.MatchString(s) || isStructured(s))
}

func (t *TabLayout) fieldAt(col int) Field {
	for _, c := range t.Columns {
		if c.Column == col {
			return c.Field
		}
	}
	return ""
}

// repeatsHeader says that the header stands again in the middle, as on each page.
func (t *TabLayout) repeatsHeader(r gridRow) bool {
	same := 0
	for _, c := range t.Columns {
		if v, ok := r.at(c.Column); ok && v.text == c.Header && c.Header != "" {
			same++
		}
	}
	return same >= 3 && same*2 > len(r.cells)
}

// group is the rows of one finding, and the section it stands in.
type group struct {
	rows             []gridRow
	category, aspect section
}

type section struct{ text, at string }

// groups cuts the rows below the header into findings.
func (t *tabReader) groups() []group {
	var out []group
	var category, aspect section
	line := 0
	for _, r := range t.g.below(t.layout.HeaderTo) {
		gap := line > 0 && r.line > line+1
		line = r.line
		if why := t.layout.apart(t.g, r); why != "" {
			s := section{unnumbered(r.cells[0].text), address(r.cells[0].col, r.line)}
			switch {
			case why != leftSection || t.layout.CategoryFrom != FromSection:
				t.leaveRow(r, why)
				continue
			case subSection.MatchString(r.cells[0].text) && category.text != "":
				aspect = s
			default:
				category, aspect = s, section{}
			}
			t.use(r.line, r.cells[0].col)
			t.acc.RowsUsed++
			continue
		}
		switch {
		case t.begins(r, out):
			out = append(out, group{[]gridRow{r}, category, aspect})
		case len(out) == 0:
			t.stray(r)
			continue
		case gap && !t.carries(r):
			t.leaveRow(r, leftNote)
			continue
		default:
			last := &out[len(out)-1]
			if last.rows = append(last.rows, r); len(last.rows) > maxMeasures {
				t.log.problem(t.g.name, address(r.cells[0].col, r.line), codeTooManyMeasures, maxMeasures)
				return out
			}
		}
		t.acc.RowsUsed++
	}
	return out
}

func (t *tabReader) stray(r gridRow) {
	t.log.problem(t.g.name, address(r.cells[0].col, r.line), codeStrayRow, r.cells[0].text)
	t.leaveCells(r, leftStray)
}

// carries says that a row holds something of the substance of a finding.
func (t *tabReader) carries(r gridRow) bool {
	for _, f := range []Field{Number, Text, MeasureText, Manifestations, EvidenceList, EvidenceName} {
		if t.layout.holds(r, f, 0) != "" {
			return true
		}
	}
	return false
}

// begins says that a row opens a finding. Its number decides; where it has none,
// its text; where that is the same as above, its running number. A number or text
// that the rows of one finding repeat opens nothing.
func (t *tabReader) begins(r gridRow, out []group) bool {
	if len(out) == 0 {
		return t.has(r, Number) || t.has(r, Text)
	}
	above := out[len(out)-1]
	now, was := t.layout.holds(r, Number, 0), t.first(above, Number)
	if now != "" {
		return now != was || t.differs(r, above)
	}
	text := t.layout.holds(r, Text, 0)
	if text != "" {
		return text != t.first(above, Text) || t.repeats(above, r)
	}
	now, was = t.layout.holds(r, Sequence, 0), t.first(above, Sequence)
	return now != "" && was != "" && now != was && !t.carries(r) || t.lacksText(r, above)
}

// lacksText says that a row is as full as the first of the finding above and lies
// under no merged text: it is a finding whose text is missing, not a measure.
func (t *tabReader) lacksText(r gridRow, above group) bool {
	for _, col := range t.parts[Text] {
		if _, _, ok := t.g.merged(r.line, col.Column); ok {
			return false
		}
	}
	return t.carries(r) && len(r.cells) >= 5 && 4*len(r.cells) >= 3*len(above.rows[0].cells)
}

// differs says that a row repeats the number of the finding above but is another
// one: it has a text of its own, or is the same in every cell. Two findings with
// one number are told as a problem.
func (t *tabReader) differs(r gridRow, above group) bool {
	now, was := t.layout.holds(r, Text, 0), t.first(above, Text)
	return now != "" && was != "" && now != was || t.repeats(above, r)
}

// repeats says that every cell of a row, but for its numbers, stands in one row of
// the group already.
func (t *tabReader) repeats(g group, r gridRow) bool {
	return slices.ContainsFunc(g.rows, func(o gridRow) bool {
		for _, c := range r.cells {
			f := t.layout.fieldAt(c.col)
			if was, ok := o.at(c.col); f != Number && f != Sequence && (!ok || was != c) {
				return false
			}
		}
		return true
	})
}

func (t *tabReader) has(r gridRow, f Field) bool { return t.layout.holds(r, f, 0) != "" }

func (t *tabReader) first(g group, f Field) string {
	for _, r := range g.rows {
		if s := t.layout.holds(r, f, 0); s != "" {
			return s
		}
	}
	return ""
}
