package sheet

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The same small ledger as different programs write it: title, instruction, two
// rows of header with merged heads, measures on rows, a hidden column and tab, a
// sum, a signature.
var writers = []string{"openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.xls"}

func wantOfWriters() []Row {
	day := func(text, day, words string) Measure {
		return Measure{Text: text, Deadline: day, DeadlineText: words}
	}
	first, second := "聚焦党中央重大决策部署贯彻落实", "聚焦群众身边腐败问题和不正之风"
	return []Row{
		{
			Number: "08-QT-001", Category: first, Text: "监管存在盲区，“隐形变异”问题突出。", OrganCadre: true, Leader: "局长 张三", Section: "办公室",
			Measures: []Measure{day("逐家检查", "2026-01-31", ""), day("公布名单", "2026-02-28", "2026年2月底前")},
			Deadline: "2026-02-28", DeadlineText: "2026年2月底前", Status: StatusDone,
		},
		{
			Number: "08-QT-002", Category: second, Text: "补助发放不及时。", Leader: "副局长 李四", Section: "财务股",
			Measures: []Measure{day("清退资金", "2026-01-15", "")}, Deadline: "2026-01-15", Status: StatusBasicallyDone,
		},
		{
			Number: "08-QT-003", Category: second, Text: "档案管理混乱。", Kind: KindLongTerm, Leader: "副局长 李四", Section: "人事股",
			Measures: []Measure{day("重新整理", "", "长期坚持")}, DeadlineText: "长期坚持", Status: StatusInProgress,
		},
	}
}

func TestLedgersOfDifferentProgramsReadTheSame(t *testing.T) {
	files := map[string][]byte{}
	for _, name := range writers {
		data, err := os.ReadFile("testdata/writers/" + name)
		check(t, err)
		files[name] = data
	}
	files["strict.xlsx"] = strictOf(t, files["libreoffice.xlsx"])
	files["prefixed.xlsx"] = prefixed(t, files["openpyxl.xlsx"])
	files["wps.xlsx"] = asWPS(t, files["openpyxl.xlsx"])
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			book, err := OpenBook(t.Context(), bytes.NewReader(data), int64(len(data)), name, Limits{})
			check(t, err)
			layout := book.Guess(nil)
			var asked []string
			for _, q := range layout.Questions(book) {
				asked = append(asked, q.Code+" "+q.Cell)
			}
			if diff := cmp.Diff([]string{codeHiddenColumn + " C4"}, asked); diff != "" {
				t.Errorf("asked (-want +got)\n%s", diff)
			}
			got, err := book.Read(answered(layout), Options{})
			check(t, err)
			if len(got.Problems) > 0 || !got.Account.Balanced() {
				t.Errorf("problems %+v, account %+v", got.Problems, got.Account)
			}
			for i := range got.Rows {
				got.Rows[i].Sheet, got.Rows[i].Line, got.Rows[i].Cells = "", 0, nil
			}
			if diff := cmp.Diff(wantOfWriters(), got.Rows); diff != "" {
				t.Errorf("(-want +read)\n%s", diff)
			}
			if got.Account.RowsLeft[leftTotal] != 1 || got.Account.RowsLeft[leftNote] != 1 {
				t.Errorf("sum and signature: %v", got.Account.RowsLeft)
			}
			if len(got.Notices) != 3 || got.Notices[len(got.Notices)-1].Code != codeHiddenTabLeft {
				t.Errorf("notices: %+v", got.Notices)
			}
		})
	}
}

// eachPart rewrites the parts of a workbook.
func eachPart(t testing.TB, data []byte, change func(name, text string) string) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(t, err)
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, f := range in.File {
		r, err := f.Open()
		check(t, err)
		text, err := io.ReadAll(r)
		check(t, err)
		w, err := out.Create(f.Name)
		check(t, err)
		_, err = io.WriteString(w, change(f.Name, string(text)))
		check(t, err)
	}
	check(t, out.Close())
	return buf.Bytes()
}

// strictOf writes a workbook in the strict standard: other names for its spaces,
// dates of cells written out.
func strictOf(t testing.TB, data []byte) []byte {
	t.Helper()
	return eachPart(t, data, func(_, s string) string {
		return strings.NewReplacer(
			"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main",
			"http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships",
			`t="n"><v>46053</v>`, `t="d"><v>2026-01-31T00:00:00</v>`,
		).Replace(s)
	})
}

// prefixed gives every element of the sheets a prefix, as some programs do.
func prefixed(t testing.TB, data []byte) []byte {
	t.Helper()
	return eachPart(t, data, func(name, s string) string {
		if !strings.HasPrefix(name, "xl/worksheets/") {
			return s
		}
		s = strings.NewReplacer("</", "</x:", "<", "<x:", `xmlns="`, `xmlns:x="`).Replace(s)
		return strings.NewReplacer("<x:?xml", "<?xml").Replace(s)
	})
}

// asWPS makes what the workbooks of WPS have and others do not: no cell references,
// a part of its own, phonetic text, extensions at the end of a sheet.
func asWPS(t testing.TB, data []byte) []byte {
	t.Helper()
	ext := `<extLst><ext uri="{x}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:row r="1"><x14:c r="A1"><x14:v>9</x14:v></x14:c></x14:row></ext></extLst>`
	return eachPart(t, data, func(name, s string) string {
		switch {
		case strings.HasPrefix(name, "xl/worksheets/"):
			return strings.Replace(s, "</worksheet>", ext+"</worksheet>", 1)
		case name == "xl/sharedStrings.xml":
			return strings.Replace(s, "<t>问题编号</t>", `<r><rPr><b/></rPr><t>问题</t></r><r><t xml:space="preserve">编号</t></r><rPh sb="0" eb="1"><t>wenti</t></rPh>`, 1)
		case name == "docProps/app.xml":
			return strings.Replace(s, "<Application>", "<Application>WPS 表格 ", 1)
		}
		return s
	})
}
