package paper

import (
	"fmt"
	"strings"

	"lianshen/internal/opc"
)

const wordSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// Fonts of the standard, for Chinese. Figures and Latin are set in Times New Roman.
const (
	fangSong = "仿宋_GB2312"
	kaiTi    = "楷体_GB2312"
	heiTi    = "黑体"
	biaoSong = "方正小标宋简体"
	songTi   = "宋体"
)

// look is how a style prints. Sizes are half points, distances twips (1/20 pt).
type look struct {
	style            Style
	font             string
	size, pitch      int
	align            string
	indent           int // characters before the first line
	hang             int // characters by which it hangs out to the left of those below
	left, right      int // halves of a character from the edges
	before           int // twips above
	keepNext, redden bool
	extra            string // of the paragraph: frame, borders, tabs; in their place
}

// gridPitch is the height of a line in twips: 22 lines fill the 225 mm of the type
// area, which is 28.95 pt. Heights are exact, so that another font in place of a
// missing one does not change the pages.
const gridPitch = 579

// squeeze is what a character of 16 pt stands nearer to the next, in twips: 28 of
// them fill the 156 mm of a line, as the standard wants. The 三号 of its authors is
// 15.75 pt, which Word cannot set.
const squeeze = -5

const (
	red = `w:color="FF0000"`
	// letterLine: 上粗下细, 170 mm, its frame 30 mm below the edge of the page.
	letterFrame = `<w:framePr w:w="9638" w:vSpace="0" w:wrap="notBeside" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" w:y="1701"/>`
	letterLine  = `<w:pBdr><w:bottom w:val="thickThinSmallGap" w:sz="24" w:space="11" ` + red + `/></w:pBdr>`
	// headLine stands 4 mm below the number of a document.
	headLine = `<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="11" ` + red + `/></w:pBdr>`
	sideTab  = `<w:tabs><w:tab w:val="right" w:pos="8529"/></w:tabs>`
)

var looks = []look{
	{style: StyleIssuer, font: biaoSong, size: 56, pitch: 900, align: "center", redden: true, extra: letterLine},
	{style: StyleNumber, font: fangSong, size: 32, pitch: gridPitch, align: "right", before: 280},
	{style: StyleRedHead, font: biaoSong, size: 56, pitch: 900, align: "center", before: 1984, redden: true, keepNext: true},
	{style: StyleRedLine, font: fangSong, size: 32, pitch: gridPitch, align: "center", extra: headLine},
	{style: StyleRedSides, font: fangSong, size: 32, pitch: gridPitch, align: "left", left: 2, extra: headLine + sideTab},
	{style: StyleTitle, font: biaoSong, size: 44, pitch: 720, align: "center", keepNext: true},
	{style: StyleTo, font: fangSong, size: 32, pitch: gridPitch, align: "both"},
	{style: StyleBody, font: fangSong, size: 32, pitch: gridPitch, align: "both", indent: 2},
	{style: StyleHeading1, font: heiTi, size: 32, pitch: gridPitch, align: "both", indent: 2, keepNext: true},
	{style: StyleHeading2, font: kaiTi, size: 32, pitch: gridPitch, align: "both", indent: 2, keepNext: true},
	{style: StyleSign, font: fangSong, size: 32, pitch: gridPitch, align: "center", left: 27, keepNext: true},
	{style: StyleDate, font: fangSong, size: 32, pitch: gridPitch, align: "right", right: 8},
	{style: StyleAnnex, font: fangSong, size: 32, pitch: gridPitch, align: "left", left: 12, hang: 4, keepNext: true},
	{style: StyleAnnexes, font: fangSong, size: 32, pitch: gridPitch, align: "left", left: 12, hang: 1, keepNext: true},
	{style: StyleAnnexed, font: heiTi, size: 32, pitch: gridPitch, align: "left", keepNext: true},
	{style: StyleNote, font: fangSong, size: 21, pitch: 340, align: "left"},
	{style: StyleLine, font: fangSong, size: 28, pitch: 480, align: "left"},
	{style: StyleCell, font: fangSong, size: 24, pitch: 400, align: "left"},
	{style: StyleLabel, font: heiTi, size: 24, pitch: 400, align: "center"},
	{style: StyleFine, font: fangSong, size: 21, pitch: 320, align: "left"},
	{style: StyleFineHead, font: heiTi, size: 21, pitch: 320, align: "center"},
	{style: StyleMiddle, font: fangSong, size: 21, pitch: 320, align: "center"},
	{style: StyleCopies, font: fangSong, size: 28, pitch: 520, align: "left", left: 8, right: 2, hang: 3, keepNext: true},
	{style: StyleIssuedBy, font: fangSong, size: 28, pitch: 520, align: "left", left: 2, keepNext: true},
	{style: StyleIssuedOn, font: fangSong, size: 28, pitch: 520, align: "right", right: 2},
	{style: StyleReceipt, font: fangSong, size: 2, pitch: 300, align: "left", keepNext: true, extra: `<w:pBdr><w:bottom w:val="dashed" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>`},
	{style: StyleEnd, font: fangSong, size: 2, pitch: 20, align: "left"},
	{style: StyleBlank, font: fangSong, size: 32, pitch: gridPitch, align: "left", keepNext: true},
}

func docxStyles() string {
	var b strings.Builder
	b.WriteString(opc.Head + `<w:styles xmlns:w="` + wordSpace + `"><w:docDefaults><w:rPrDefault><w:rPr>` + fonts(fangSong) +
		`<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`)
	for _, l := range looks {
		b.WriteString(l.xml())
	}
	b.WriteString(`<w:style w:type="character" w:styleId="Lead"><w:name w:val="Lead"/><w:rPr>` + fonts(heiTi) + `</w:rPr></w:style></w:styles>`)
	return b.String()
}

// xml gives the style; the order of the elements is that of the standard, which
// Word insists on.
func (l look) xml() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:style w:type="paragraph" w:customStyle="1" w:styleId="%s"><w:name w:val="%s"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>`, l.style, l.name())
	if l.keepNext {
		b.WriteString(`<w:keepNext/>`)
	}
	b.WriteString(l.extra)
	if l.pitch != gridPitch {
		b.WriteString(`<w:snapToGrid w:val="0"/>`) // else its lines are as high as two of the grid
	}
	fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="0" w:line="%d" w:lineRule="exact"/>`, l.before, l.pitch)
	b.WriteString(l.indents())
	fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, l.align)
	if l.style == StyleHeading1 || l.style == StyleHeading2 {
		fmt.Fprintf(&b, `<w:outlineLvl w:val="%d"/>`, map[Style]int{StyleHeading1: 0, StyleHeading2: 1}[l.style])
	}
	b.WriteString(`</w:pPr><w:rPr>` + fonts(l.font))
	if l.redden {
		b.WriteString(`<w:color w:val="FF0000"/>`)
	}
	if l.size == 32 {
		fmt.Fprintf(&b, `<w:spacing w:val="%d"/>`, squeeze)
	}
	fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/></w:rPr></w:style>`, l.size, l.size)
	return b.String()
}

// name gives headings the names under which Word lists them in its outline.
func (l look) name() string {
	switch l.style {
	case StyleHeading1:
		return "heading 1"
	case StyleHeading2:
		return "heading 2"
	default:
		return string(l.style)
	}
}

// indents writes the distance in characters, and in twips for programs that know
// no characters: one character is as wide as the font is high.
func (l look) indents() string {
	var b strings.Builder
	side := func(name string, halves int) {
		if halves > 0 {
			fmt.Fprintf(&b, ` w:%sChars="%d" w:%s="%d"`, name, halves*50, name, halves*l.size*5)
		}
	}
	side("left", l.left)
	side("right", l.right)
	side("hanging", 2*l.hang)
	side("firstLine", 2*l.indent)
	if b.Len() == 0 {
		return ""
	}
	return `<w:ind` + b.String() + `/>`
}

func fonts(chinese string) string {
	return `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="` + chinese + `" w:cs="Times New Roman" w:hint="eastAsia"/>`
}

// pages are a stretch of pages: A4, 37 mm above, 28 mm at the binding edge, a
// type area of 156 x 225 mm. A landscape page is the same one turned, its head at the
// binding edge. The first page of a letter has lines instead of a number.
type pages struct{ landscape, letter bool }

func (s pages) xml() string {
	page := `<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1428" w:gutter="0"/>`
	feet := `<w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>`
	last := ""
	if s.landscape {
		feet = `<w:footerReference w:type="default" r:id="rId7"/><w:footerReference w:type="even" r:id="rId8"/>`
		page = `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="1588" w:right="2098" w:bottom="1474" w:left="1984" w:header="851" w:footer="737" w:gutter="0"/>`
	}
	if s.letter {
		feet += `<w:footerReference w:type="first" r:id="rId6"/>`
		last = `<w:titlePg/>`
	}
	return `<w:sectPr>` + feet + page + last + `<w:docGrid w:type="lines" w:linePitch="579"/></w:sectPr>` // gridPitch
}

// footer prints "— 1 —" in 宋体 14 pt, one character from the outer edge, its dashes
// 7 mm below the type area.
func footer(side string) string {
	return opc.Head + `<w:ftr xmlns:w="` + wordSpace + `"><w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="320" w:lineRule="exact"/>` +
		`<w:ind w:leftChars="100" w:left="280" w:rightChars="100" w:right="280"/><w:jc w:val="` + side + `"/></w:pPr>` + pageNumber() + `</w:p></w:ftr>`
}

// pageNumber is "— 1 —".
func pageNumber() string {
	return footerRun(`<w:t xml:space="preserve">— </w:t>`) +
		footerRun(`<w:fldChar w:fldCharType="begin"/>`) + footerRun(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		footerRun(`<w:fldChar w:fldCharType="separate"/>`) + footerRun(`<w:t>1</w:t>`) + footerRun(`<w:fldChar w:fldCharType="end"/>`) +
		footerRun(`<w:t xml:space="preserve"> —</w:t>`)
}

// sideFooter prints the number of a page that lies landscape where it is on the others
// once the sheet is bound: at the foot of the upright sheet, which is the left edge here,
// turned. y is how far down its cell begins, in twips.
func sideFooter(y, side string) string {
	return opc.Head + `<w:ftr xmlns:w="` + wordSpace + `"><w:tbl><w:tblPr>` +
		`<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" w:tblpX="1389" w:tblpY="` + y + `"/><w:tblW w:w="397" w:type="dxa"/><w:tblLayout w:type="fixed"/>` +
		`<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="397"/></w:tblGrid>` +
		`<w:tr><w:trPr><w:trHeight w:val="2268" w:hRule="exact"/></w:trPr><w:tc><w:tcPr><w:tcW w:w="397" w:type="dxa"/><w:textDirection w:val="tbRl"/><w:vAlign w:val="center"/></w:tcPr>` +
		`<w:p><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:line="320" w:lineRule="exact"/><w:jc w:val="` + side + `"/></w:pPr>` + pageNumber() + `</w:p></w:tc></w:tr></w:tbl><w:p/></w:ftr>`
}

// letterFoot is the foot of the first page of a letter: a red double line, 上细下粗,
// 20 mm above the edge of the page.
const letterFoot = opc.Head + `<w:ftr xmlns:w="` + wordSpace + `"><w:p><w:pPr>` +
	`<w:framePr w:w="9638" w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" w:y="15649"/>` +
	`<w:pBdr><w:bottom w:val="thinThickSmallGap" w:sz="24" w:space="0" ` + red + `/></w:pBdr><w:snapToGrid w:val="0"/>` +
	`<w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p><w:p/></w:ftr>`

func footerRun(inner string) string {
	return `<w:r><w:rPr><w:rFonts w:ascii="` + songTi + `" w:hAnsi="` + songTi + `" w:eastAsia="` + songTi + `"/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>` + inner + `</w:r>`
}

// docxFonts names what to take where a font of the standard is missing.
const docxFonts = opc.Head + `<w:fonts xmlns:w="` + wordSpace + `">` +
	`<w:font w:name="` + fangSong + `"><w:altName w:val="仿宋"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>` +
	`<w:font w:name="` + kaiTi + `"><w:altName w:val="楷体"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>` +
	`<w:font w:name="` + heiTi + `"><w:altName w:val="SimHei"/><w:charset w:val="86"/><w:family w:val="modern"/></w:font>` +
	`<w:font w:name="` + biaoSong + `"><w:altName w:val="华文中宋"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>` +
	`<w:font w:name="` + songTi + `"><w:altName w:val="SimSun"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font></w:fonts>`

const docxSettings = opc.Head + `<w:settings xmlns:w="` + wordSpace + `"><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>` +
	`<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>` +
	`<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>`

const docxTypes = opc.Head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/>` +
	`<Override PartName="/word/fontTable.xml" ContentType="` + wordType + `fontTable+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="` + wordType + `settings+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/word/footer2.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/word/footer3.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/word/footer4.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/word/footer5.xml" ContentType="` + wordType + `footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."

const docxRootRels = opc.Head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + opc.Relations + `/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const docxRels = opc.Head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + opc.Relations + `/styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="` + opc.Relations + `/fontTable" Target="fontTable.xml"/>` +
	`<Relationship Id="rId3" Type="` + opc.Relations + `/settings" Target="settings.xml"/>` +
	`<Relationship Id="rId4" Type="` + opc.Relations + `/footer" Target="footer1.xml"/>` +
	`<Relationship Id="rId5" Type="` + opc.Relations + `/footer" Target="footer2.xml"/>` +
	`<Relationship Id="rId6" Type="` + opc.Relations + `/footer" Target="footer3.xml"/>` +
	`<Relationship Id="rId7" Type="` + opc.Relations + `/footer" Target="footer4.xml"/>` +
	`<Relationship Id="rId8" Type="` + opc.Relations + `/footer" Target="footer5.xml"/></Relationships>`
