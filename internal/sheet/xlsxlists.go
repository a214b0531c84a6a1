package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/opc"
)

// choicesSheet is the hidden sheet of the drop-down lists that are too long to
// stand where they are used.
const choicesSheet = "选项"

// choices are the lists on the hidden sheet, each in a column of its own.
type choices struct{ columns [][]string }

func choicesOf(columns []Column) choices { return choices{}.with(columns) }

// with adds the long lists among the columns.
func (c choices) with(columns []Column) choices {
	for _, col := range columns {
		if _, inline := inlineList(col.Choices); len(col.Choices) > 0 && !inline && c.find(col.Choices) < 0 {
			c.columns = append(c.columns[:len(c.columns):len(c.columns)], col.Choices)
		}
	}
	return c
}

func (c choices) find(list []string) int {
	return slices.IndexFunc(c.columns, func(x []string) bool { return slices.Equal(x, list) })
}

// inlineList writes a list as it stands at its cells: at most 255 characters, and
// no comma in a choice, which would part it in two.
func inlineList(list []string) (string, bool) {
	text := strings.Join(list, ",")
	apart := slices.ContainsFunc(list, func(s string) bool { return strings.ContainsAny(s, ",\"\n") || strings.TrimSpace(s) != s })
	return `"` + text + `"`, !apart && utf16Len(text) <= 255
}

// roomToAdd is how many rows below the last one take from the lists, too.
const roomToAdd = 200

// validations makes the drop-down lists of the columns for a range of lines.
func (c choices) validations(columns []Column, first, last int) string {
	var b strings.Builder
	n := 0
	for i, col := range columns {
		if len(col.Choices) == 0 {
			continue
		}
		n++
		list, inline := inlineList(col.Choices)
		if !inline {
			ref := letters(c.find(col.Choices) + 1)
			list = fmt.Sprintf("'%s'!$%s$1:$%s$%d", choicesSheet, ref, ref, len(col.Choices))
		}
		ref := letters(i + 1)
		fmt.Fprintf(&b, `<dataValidation type="list" allowBlank="1" showErrorMessage="1" errorTitle="%s" error="请从下拉列表中选择。" sqref="%s%d:%s%d"><formula1>%s</formula1></dataValidation>`,
			opc.XML(clipRunes(col.Title, 30)), ref, first, ref, min(maxLine, last+roomToAdd), opc.XML(list))
	}
	if n == 0 {
		return ""
	}
	return `<dataValidations count="` + strconv.Itoa(n) + `">` + b.String() + `</dataValidations>`
}

func clipRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(len(r), n)])
}

// writeChoices writes the hidden sheet, if any list needs it.
func (x *XLSX) writeChoices() error {
	if len(x.choices.columns) == 0 {
		return nil
	}
	longest := 0
	for _, list := range x.choices.columns {
		longest = max(longest, len(list))
	}
	var b strings.Builder
	b.WriteString(opc.Head + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`)
	for n := range longest {
		fmt.Fprintf(&b, `<row r="%d">`, n+1)
		for i, list := range x.choices.columns {
			if n < len(list) {
				fmt.Fprintf(&b, `<c r="%s%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, letters(i+1), n+1, opc.XML(escapeX(list[n])))
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData></worksheet>`)
	name := fmt.Sprintf("xl/worksheets/sheet%d.xml", len(x.pages)+1)
	x.pages = append(x.pages, printedPage{name: choicesSheet, hidden: true})
	return x.pack.Text(name, b.String())
}
