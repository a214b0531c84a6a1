package sheet

import (
	"fmt"
	"strings"

	"lianshen/internal/opc"
)

// The parts of a workbook besides its sheets.

// xlsxTypes takes every part for a sheet that it does not name otherwise, so that
// it can stand first, where programs look for it, before the sheets are counted.
const xlsxTypes = opc.Head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>` +
	`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
	`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`

const xlsxRootRels = opc.Head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + opc.Relations + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`

// bookRels leads from the workbook to its sheets, rId1 to rIdN, and its styles.
func bookRels(sheets int) string {
	var b strings.Builder
	b.WriteString(opc.Head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for n := 1; n <= sheets; n++ {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="`+opc.Relations+`/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="`+opc.Relations+`/styles" Target="styles.xml"/></Relationships>`, sheets+1)
	return b.String()
}

// bookPart lists the sheets, and the names by which a spreadsheet knows the filter
// of each and the lines that every printed page repeats.
func bookPart(pages []printedPage) string {
	var sheets, names strings.Builder
	for i, p := range pages {
		state := ""
		if p.hidden {
			state = ` state="hidden"`
		}
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d"%s r:id="rId%d"/>`, opc.XML(p.name), i+1, state, i+1)
	}
	for i, p := range pages {
		if p.filtered {
			fmt.Fprintf(&names, `<definedName name="_xlnm._FilterDatabase" localSheetId="%d" hidden="1">%s$A$%d:$%s$%d</definedName>`,
				i, sheetRef(p.name), p.head, letters(p.columns), max(p.last, p.head))
		}
	}
	for i, p := range pages {
		if p.filtered {
			fmt.Fprintf(&names, `<definedName name="_xlnm.Print_Titles" localSheetId="%d">%s$%d:$%d</definedName>`, i, sheetRef(p.name), p.top, p.head)
		}
	}
	return opc.Head + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + opc.Relations + `">` +
		`<sheets>` + sheets.String() + `</sheets><definedNames>` + names.String() + `</definedNames></workbook>`
}

// sheetRef is the sheet as it stands before a range, ready for XML.
func sheetRef(name string) string { return "'" + strings.ReplaceAll(opc.XML(name), "'", "''") + "'!" }

// Styles of cells, by their place in xlsxStyles.
const (
	styleText = iota
	styleHeader
	styleDate
	styleTitle
	stylePercent
	styleSub
	styleNumber
)

const xlsxStyles = opc.Head + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="0.0%"/></numFmts>` +
	`<fonts count="3"><font><sz val="10"/><name val="宋体"/></font><font><sz val="10"/><name val="黑体"/></font>` +
	`<font><sz val="16"/><name val="方正小标宋简体"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/></patternFill></fill></fills>` +
	`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
	`<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>` +
	`<xf numFmtId="0" fontId="2" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="center"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>` +
	`</cellXfs></styleSheet>`
