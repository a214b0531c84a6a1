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
	StyleIssuer   Style = "Issuer"   // 发文机关标志: red, with a red line below
	StyleNumber   Style = "Number"   // 发文字号: at the right edge
	StyleTitle    Style = "DocTitle" // 标题: 小标宋 22 pt, centred; a line end breaks the line
	StyleTo       Style = "To"       // 主送机关: from the left edge
	StyleBody     Style = "Body"     // 正文: 仿宋 16 pt, first line two characters in
	StyleHeading1 Style = "Heading1" // 一、: 黑体
	StyleHeading2 Style = "Heading2" // （一）: 楷体
	StyleSign     Style = "Sign"     // 署名: two characters from the right edge
	StyleDate     Style = "SignDate" // 成文日期: four characters from the right edge
	StyleNote     Style = "Note"     // small print under the document
	StyleBlank    Style = "Blank"    // an empty line
	StyleLine     Style = "Line"     // a line of particulars over a form: 仿宋 14 pt
	StyleCell     Style = "Cell"     // in a table: 仿宋 12 pt
	StyleLabel    Style = "Label"    // the head of a row or column: 黑体 12 pt, centred
	StyleFine     Style = "Fine"     // in a table of many columns: 仿宋 10.5 pt
	StyleFineHead Style = "FineHead" // its heads: 黑体 10.5 pt, centred
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
}

// Document is an official document in the order of its blocks.
type Document struct {
	Title     string // in the properties of the file
	Author    string
	Landscape bool
	Blocks    []Block
}

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
	for _, block := range d.Blocks {
		block.write(b)
	}
	put(b, docxSection(d.Landscape), `</w:body></w:document>`)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write the text: %w", err)
	}
	return nil
}

// Lines returns the text by its line ends, as it prints.
func (p Paragraph) Lines() []string { return strings.Split(opc.Clean(p.Text), "\n") }

func (p Paragraph) write(b *bufio.Writer) {
	for i, line := range p.Lines() {
		switch {
		case i == 0:
			put(b, `<w:p><w:pPr><w:pStyle w:val="`, string(p.Style), `"/>`, p.newPage(), `</w:pPr>`)
			writeRun(b, p.Lead, `<w:rStyle w:val="Lead"/>`, "")
		case p.Style == StyleTitle:
			put(b, `<w:r><w:br/></w:r>`)
		default:
			put(b, `</w:p><w:p><w:pPr><w:pStyle w:val="`, string(p.Style), `"/></w:pPr>`)
		}
		writeRun(b, strings.TrimSpace(line), "", p.size(line))
	}
	put(b, `</w:p>`)
}

func (p Paragraph) newPage() string {
	if p.NewPage {
		return `<w:pageBreakBefore/>`
	}
	return ""
}

// size makes the name at the head smaller until it fits on one line.
func (p Paragraph) size(line string) string {
	size := fitting(utf8.RuneCountInString(line))
	if p.Style != StyleIssuer || size == 0 {
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
