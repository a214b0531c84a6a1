package paper

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"lianshen/internal/opc"
)

// Style is the place of a paragraph in an official document, as GB/T 9704-2012
// lays it out.
type Style string

// The styles of an official document.
const (
	StyleIssuer   Style = "Issuer"   // 发文机关标志 of a letter (信函格式): red, over a red double line
	StyleNumber   Style = "Number"   // its 发文字号: at the right edge
	StyleRedHead  Style = "RedHead"  // 发文机关标志 of a document (文件格式): red, 35 mm below the edge of the type area
	StyleRedLine  Style = "RedLine"  // its 发文字号: centred, over the red line
	StyleRedSides Style = "RedSides" // 发文字号 at the left and, after a tab, 签发人 at the right, of a report to superiors
	StyleTitle    Style = "DocTitle" // 标题: 小标宋 22 pt, centred; a line end breaks the line
	StyleTo       Style = "To"       // 主送机关: from the left edge
	StyleBody     Style = "Body"     // 正文: 仿宋 16 pt, first line two characters in
	StyleHeading1 Style = "Heading1" // 一、: 黑体
	StyleHeading2 Style = "Heading2" // （一）: 楷体
	StyleSign     Style = "Sign"     // 署名: centred over the date
	StyleDate     Style = "SignDate" // 成文日期: four characters from the right edge
	StyleAnnex    Style = "Annex"    // 附件说明: "附件：1.问题清单"
	StyleAnnexes  Style = "Annexes"  // its further lines: "2.任务清单"
	StyleAnnexed  Style = "Annexed"  // 附件序号 over an annex: 黑体, from the left edge
	StyleNote     Style = "Note"     // small print under the document
	StyleBlank    Style = "Blank"    // an empty line
	StyleLine     Style = "Line"     // a line of particulars over a form: 仿宋 14 pt
	StyleCell     Style = "Cell"     // in a table: 仿宋 12 pt
	StyleLabel    Style = "Label"    // the head of a row or column: 黑体 12 pt, centred
	StyleFine     Style = "Fine"     // in a table of many columns: 仿宋 10.5 pt
	StyleFineHead Style = "FineHead" // its heads: 黑体 10.5 pt, centred
	StyleMiddle   Style = "Middle"   // in it, what is short: centred
	StyleCopies   Style = "Copies"   // 版记: 抄送
	StyleIssuedBy Style = "IssuedBy" // 版记: 印发机关
	StyleIssuedOn Style = "IssuedOn" // 版记: 印发日期, at the right
	StyleEnd      Style = "End"      // what a table at the end holds on to: takes no room
	StyleReceipt  Style = "Receipt"  // the edge along which a receipt is cut off
)

// Format is how the first page of a document begins and ends.
type Format int

// The formats.
const (
	Plain     Format = iota
	LetterTop        // 信函格式: red double lines at the head and the foot of the first page, which bears no number
)

// Block is a part of a document: a Paragraph or a Table.
type Block interface{ write(b *bufio.Writer) }

// Paragraph is one paragraph. Lead is set in 黑体 before Text. Line ends in Text
// begin further paragraphs of the same style. NewPage begins a page with it.
type Paragraph struct {
	Style   Style
	Lead    string
	Text    string
	NewPage bool
	Keep    bool `json:",omitempty"` // on the page of what follows
}

// Document is an official document in the order of its blocks.
type Document struct {
	Title     string // in the properties of the file
	Author    string
	Landscape bool // the pages up to the first Turn
	Format    Format
	Blocks    []Block
}

// Turn begins a page, from which on the pages lie landscape or stand upright.
type Turn struct{ Landscape bool }

// write does nothing: sections are written by the document, which knows how the
// pages before lie.
func (Turn) write(*bufio.Writer) {}

// WriteDocument writes an official document as .docx: A4, margins, fonts and line
// pitch of GB/T 9704-2012, page numbers outside. Control characters are dropped.
// The same document gives the same bytes. The fonts of the standard are named, not
// embedded; where they are missing the ones named beside them are taken.
func WriteDocument(w io.Writer, d Document) error {
	p := opc.NewWriter(w)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", docxTypes},
		{"_rels/.rels", docxRootRels},
		{"word/_rels/document.xml.rels", docxRels},
		{"word/styles.xml", docxStyles()},
		{"word/fontTable.xml", docxFonts},
		{"word/settings.xml", docxSettings},
		{"word/footer1.xml", footer("right")},
		{"word/footer2.xml", footer("left")},
		{"word/footer3.xml", letterFoot},
		{"word/footer4.xml", sideFooter("7880", "right")},
		{"word/footer5.xml", sideFooter("1871", "left")},
		{"docProps/core.xml", properties(d)},
	} {
		if err := p.Text(part.name, part.text); err != nil {
			return err
		}
	}
	if err := writeBody(p, d); err != nil {
		return err
	}
	return p.Close()
}

func writeBody(p *opc.Writer, d Document) error {
	part, err := p.Part("word/document.xml")
	if err != nil {
		return err
	}
	b := bufio.NewWriter(part)
	put(b, opc.Head, `<w:document xmlns:w="`, wordSpace, `" xmlns:r="`, opc.Relations, `"><w:body>`)
	page := pages{landscape: d.Landscape, letter: d.Format == LetterTop}
	for _, block := range d.Blocks {
		if turn, is := block.(Turn); is {
			put(b, `<w:p><w:pPr>`, tiny, page.xml(), `</w:pPr></w:p>`)
			page = pages{landscape: turn.Landscape}
			continue
		}
		block.write(b)
	}
	if d.endsLoose() {
		put(b, `<w:p><w:pPr>`, tiny, `</w:pPr></w:p>`)
	}
	put(b, page.xml(), `</w:body></w:document>`)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the text: %w", err)
	}
	return nil
}

// tiny makes a paragraph that is there for its properties only take no room.
const tiny = `<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`

// endsLoose reports whether the last block needs a paragraph to hold on to: a table,
// or what is framed.
func (d Document) endsLoose() bool {
	if len(d.Blocks) == 0 {
		return false
	}
	switch last := d.Blocks[len(d.Blocks)-1].(type) {
	case Table:
		return true
	case Paragraph:
		return last.frame() != ""
	}
	return false
}

// Lines returns the text by its line ends, as it prints.
func (p Paragraph) Lines() []string { return strings.Split(opc.Clean(p.Text), "\n") }

func (p Paragraph) write(b *bufio.Writer) {
	for i, line := range p.Lines() {
		switch {
		case i == 0:
			put(b, `<w:p><w:pPr><w:pStyle w:val="`, string(p.Style), `"/>`, p.flags(), `</w:pPr>`)
			writeRun(b, p.Lead, `<w:rStyle w:val="Lead"/>`, "")
		case p.Style == StyleTitle:
			put(b, `<w:r><w:br/></w:r>`)
		default:
			put(b, `</w:p><w:p><w:pPr><w:pStyle w:val="`, string(p.Style), `"/>`, p.frame(), `</w:pPr>`)
		}
		p.writeLine(b, strings.TrimSpace(line))
	}
	put(b, `</w:p>`)
}

// writeLine writes one line; a tab leads to the right edge.
func (p Paragraph) writeLine(b *bufio.Writer, line string) {
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			put(b, `<w:r><w:tab/></w:r>`)
		}
		writeRun(b, part, "", p.size(line))
	}
}

// flags are in the order in which Word insists on them.
func (p Paragraph) flags() (xml string) {
	if p.Keep {
		xml += `<w:keepNext/>`
	}
	if p.NewPage {
		xml += `<w:pageBreakBefore/>`
	}
	return xml + p.frame()
}

// frame holds the head of a letter above the type area. It stands in the paragraph,
// as LibreOffice passes over that of a style.
func (p Paragraph) frame() string {
	if p.Style == StyleIssuer {
		return letterFrame
	}
	return ""
}

// size makes the name at the head smaller until it fits on one line.
func (p Paragraph) size(line string) string {
	size := fitting(utf8.RuneCountInString(line))
	if p.Style != StyleIssuer && p.Style != StyleRedHead || size == 0 {
		return ""
	}
	return fmt.Sprintf(`<w:sz w:val="%d"/>`, size)
}

// fitting is the size, in half points, at which a name at the head of so many
// characters fits on one line of 442 points; 0 where the usual one will do.
func fitting(n int) int {
	const width, usual, least = 442 * 2, 56, 32
	if n*usual <= width {
		return 0
	}
	return max(least, width/n)
}

// writeRun writes one run. The hint makes Word set quotation marks and dashes,
// which Chinese shares with Latin, in the Chinese font.
func writeRun(b *bufio.Writer, text, style, size string) {
	if text == "" {
		return
	}
	put(b, `<w:r><w:rPr>`, style, `<w:rFonts w:hint="eastAsia"/>`, size, `</w:rPr><w:t xml:space="preserve">`)
	opc.WriteXML(b, text)
	put(b, `</w:t></w:r>`)
}

// put writes markup; a bufio.Writer keeps its first error for Flush.
func put(b *bufio.Writer, parts ...string) {
	for _, s := range parts {
		_, _ = b.WriteString(s)
	}
}

func properties(d Document) string {
	return opc.Head + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` + opc.XML(opc.Clean(d.Title)) + `</dc:title><dc:creator>` +
		opc.XML(opc.Clean(d.Author)) + `</dc:creator></cp:coreProperties>`
}
