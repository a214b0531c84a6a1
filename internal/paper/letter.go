package paper

import (
	"fmt"
	"io"
	"strings"

	"lianshen/internal/opc"
)

// Letter is the letter of opinions of a joint review. Its fixed words are Chinese
// whatever the language of the interface: it is a Chinese official document.
// Empty fields leave out their paragraph.
type Letter struct {
	Issuer  string // at the head, in red
	Number  string // 文号, as "云巡审〔2026〕3号"
	Title   string // a line end breaks the line
	To      string // without the colon
	Opening string
	Groups  []Group
	Closing string
	Sign    string
	Date    string // as printed, "2026年3月10日"
}

// Group is what the letter says under one heading: on one finding, by one
// criterion or from one party. Empty fields leave out their paragraph.
type Group struct {
	Heading    string // without its ordinal: "关于08-JT-001号问题"
	Text       string // of the finding, verbatim
	Conclusion string // the word of the mechanism, as "需要修改"
	Items      []string
	Minority   string // what the fewer parties hold
	Reason     string // why the disagreement was resolved so
}

// ForFinding is the heading of a group on one finding.
func ForFinding(number string) string { return "关于" + number + "号问题" }

// WriteLetter writes the letter as .docx. See WriteDocument.
func WriteLetter(w io.Writer, l Letter) error {
	return WriteDocument(w, l.Document())
}

// Document lays the letter out.
func (l Letter) Document() Document {
	d := Document{Title: strings.ReplaceAll(l.Title, "\n", ""), Author: l.Issuer}
	if l.Issuer != "" {
		d.Format = LetterTop
	}
	d.add(StyleIssuer, "", l.Issuer)
	d.add(StyleNumber, "", l.Number)
	d.blank()
	d.add(StyleTitle, "", l.Title)
	d.blank()
	if l.To != "" {
		d.add(StyleTo, "", strings.TrimRight(l.To, "：:")+"：")
	}
	d.add(StyleBody, "", l.Opening)
	for i, g := range l.Groups {
		d.addGroup(i+1, g)
	}
	d.add(StyleBody, "", l.Closing)
	if l.Sign != "" || l.Date != "" {
		d.blank()
	}
	d.add(StyleSign, "", l.Sign)
	d.add(StyleDate, "", l.Date)
	return d
}

// addGroup writes a group under its ordinal: the finding, what was concluded, and
// each opinion as a numbered paragraph.
func (d *Document) addGroup(n int, g Group) {
	d.add(StyleHeading1, "", Ordinal(n)+"、"+g.Heading)
	if g.Text != "" {
		d.add(StyleBody, "反馈问题：", g.Text)
	}
	if g.Conclusion != "" {
		d.add(StyleBody, "审核结论：", strings.TrimRight(g.Conclusion, "。")+"。")
	}
	for i, item := range g.Items {
		d.add(StyleBody, "", fmt.Sprintf("%d.%s", i+1, item))
	}
	if g.Minority != "" {
		d.add(StyleBody, "少数意见：", g.Minority)
	}
	if g.Reason != "" {
		d.add(StyleBody, "分歧处理：", g.Reason)
	}
}

// add appends a paragraph unless there is nothing to say.
func (d *Document) add(s Style, lead, text string) {
	if opc.Clean(text) != "" {
		d.Blocks = append(d.Blocks, Paragraph{Style: s, Lead: lead, Text: text})
	}
}

func (d *Document) blank() {
	d.Blocks = append(d.Blocks, Paragraph{Style: StyleBlank})
}

// Ordinal writes a number from 1 to 999 as headings of official documents count:
// 一, 十, 十一, 二十, 一百零三. Other numbers are written in figures.
func Ordinal(n int) string {
	const digits = "零一二三四五六七八九"
	digit := func(i int) string { return string([]rune(digits)[i]) }
	switch {
	case n < 1 || n > 999:
		return fmt.Sprint(n)
	case n < 10:
		return digit(n)
	case n < 20:
		return "十" + strings.TrimPrefix(digit(n%10), "零")
	case n < 100:
		return digit(n/10) + "十" + strings.TrimPrefix(digit(n%10), "零")
	}
	rest := n % 100
	switch {
	case rest == 0:
		return digit(n/100) + "百"
	case rest < 10:
		return digit(n/100) + "百零" + digit(rest)
	case rest < 20:
		return digit(n/100) + "百一" + Ordinal(rest)
	}
	return digit(n/100) + "百" + Ordinal(rest)
}
