package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// pumped writes a workbook whose first sheet and shared strings are made by the
// functions, without ever holding them.
func pumped(t testing.TB, frame []byte, parts map[string]func(io.Writer)) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(frame), int64(len(frame)))
	check(t, err)
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range in.File {
		w, err := z.Create(f.Name)
		check(t, err)
		if write, ok := parts[f.Name]; ok {
			out := bufio.NewWriter(w)
			write(out)
			check(t, out.Flush())
			continue
		}
		r, err := f.Open()
		check(t, err)
		_, err = io.Copy(w, r)
		check(t, err)
	}
	check(t, z.Close())
	return buf.Bytes()
}

const sheetHead = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`

// sheetOf makes rows of cells; cell returns the content of one.
func sheetOf(rows, cols int, cell func(row, col int) string, tail string) func(io.Writer) {
	return func(w io.Writer) {
		fmt.Fprint(w, sheetHead)
		heads := []string{"问题编号", "反馈问题", "整改措施", "完成时限", "自评状态", "责任领导", "备注"}
		fmt.Fprint(w, `<row>`)
		for i := range cols {
			fmt.Fprintf(w, `<c t="inlineStr"><is><t>%s</t></is></c>`, heads[i%len(heads)]+strings.Repeat("x", i/len(heads)))
		}
		fmt.Fprint(w, `</row>`)
		for i := range rows {
			fmt.Fprint(w, `<row>`)
			for j := range cols {
				fmt.Fprint(w, cell(i, j))
			}
			fmt.Fprint(w, `</row>`)
		}
		fmt.Fprint(w, `</sheetData>`+tail+`</worksheet>`)
	}
}

// Files made to take all they can get: each stays within 10 seconds and 256 MB,
// whether it is read or refused.
func TestWorstFilesStayWithinTimeAndMemory(t *testing.T) {
	frame := workbookOf(t, plainHeader, plainRow)
	inline := func(s string) func(int, int) string {
		return func(i, j int) string { return fmt.Sprintf(`<c t="inlineStr"><is><t>%d-%d%s</t></is></c>`, i, j, s) }
	}
	shared := func(int, int) string { return `<c t="s"><v>0</v></c>` }
	one := func(w io.Writer) { fmt.Fprintf(w, `<sst><si><t>%s</t></si></sst>`, strings.Repeat("问\r", 200_000)) }
	xls, err := os.ReadFile("testdata/units/MZ.xls")
	check(t, err)
	files := map[string][]byte{
		"a million short texts": pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(140_000, 7, inline(""), "")}),
		"texts up to the limit": pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(19_000, 7, inline(strings.Repeat("问", 70)), "")}),
		"texts beyond the limit": pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(30_000, 7, func(i, j int) string {
			return inline(fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(j)}))+strings.Repeat("问", 60))(i, j)
		}, "")}),
		"one text shown everywhere": pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(19_000, 7, shared, ""), "xl/sharedStrings.xml": one}),
		"many columns":              pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(3800, 256, inline(""), "")}),
		"a million empty texts":     pumped(t, frame, map[string]func(io.Writer){"xl/sharedStrings.xml": func(w io.Writer) { fmt.Fprint(w, "<sst>"+strings.Repeat("<si/>", 1_500_000)+"</sst>") }}),
		"many merged ranges":        pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(1000, 7, inline(""), "<mergeCells>"+strings.Repeat(`<mergeCell ref="A1:G9"/>`, 310_000)+"</mergeCells>")}),
		"many formats": pumped(t, frame, map[string]func(io.Writer){"xl/styles.xml": func(w io.Writer) {
			fmt.Fprint(w, "<s>")
			for i := range 190_000 {
				fmt.Fprintf(w, `<numFmt numFmtId="%d" formatCode="x"/>`, i)
			}
			fmt.Fprint(w, "</s>")
		}}),
		"one finding on all rows": pumped(t, frame, map[string]func(io.Writer){sheetPart1: sheetOf(100_000, 7, func(i, j int) string { return inline("")(i, max(j, 1)) }, "")}),
		"one endless comment":     pumped(t, frame, map[string]func(io.Writer){sheetPart1: func(w io.Writer) { fmt.Fprint(w, sheetHead+"<!--"+strings.Repeat("<", 7<<20)+"-->") }}),
		"endless text of a csv":   []byte("问题编号,反馈问题,整改措施,完成时限\n" + strings.Repeat("1,二,三,2026-01-31\n", 1_400_000)),
		"a csv of one cell":       []byte("问题编号,反馈问题\n1,\"" + strings.Repeat("问", 10_000_000) + "\"\n"),
		"an .xls of zeros":        append(bytes.Clone(xls[:2048]), make([]byte, 40<<20)...),
	}
	for name, data := range files {
		file := map[bool]string{true: "a.csv", false: "a.xlsx"}[strings.Contains(name, "csv")]
		var l Ledger
		var err error
		start := time.Now()
		used := watchHeap(func() { l, err = readBytes(data, file, Options{Required: []Field{Text}}) })
		took := time.Since(start)
		var refused *FileError
		said := "read"
		if errors.As(err, &refused) {
			said = refused.Code
		}
		t.Logf("%-29s %6d kB: %-26s %5d findings, %5.1f s, heap grew by %3d MB", name, len(data)>>10, said, len(l.Rows), took.Seconds(), used>>20)
		if took > 10*time.Second || used > 256<<20 {
			t.Errorf("%s: %v, %d MB", name, took, used>>20)
		}
		if err != nil && refused == nil {
			t.Errorf("%s: untyped error %v", name, err)
		}
	}
}
