package sheet

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"
	"time"
)

func sampleBytes(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(samplePath)
	check(t, err)
	return data
}

// Whatever the bytes: no panic, bounded time, and either a typed refusal, or
// problems, or findings with their text and an account that closes.
func FuzzReadLedger(f *testing.F) {
	for _, s := range seedFiles(f)[:10] {
		if len(s.data) < 16<<10 { // larger ones take the fuzzer too long to vary
			f.Add(s.data, s.name)
		}
	}
	f.Add(workbookOf(f, plainHeader, plainRow), "a.xlsx")
	f.Add([]byte("问题编号,被巡察党组织,反馈问题,完成时限\n1,甲,乙,2026年1月底前\n"), "a.csv")
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a.xls")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		book, err := OpenBook(ctx, bytes.NewReader(data), int64(len(data)), name, Limits{})
		if err != nil {
			var refused *FileError
			var fault *panicError
			if !errors.As(err, &refused) || errors.As(err, &fault) {
				t.Fatalf("untyped error or panic: %v", err)
			}
			return
		}
		got, err := book.Read(book.Guess(nil), Options{FeedbackDate: "2025-11-20"})
		if err != nil || len(got.Problems) > 0 {
			return
		}
		if len(got.Rows) == 0 || !got.Account.Balanced() {
			t.Fatalf("nothing read and nothing said, or cells without account: %+v", got.Account)
		}
		for _, r := range got.Rows {
			if r.Text == "" || r.Cells[Text] == "" {
				t.Fatalf("half a finding passed: %+v", r)
			}
		}
	})
}

// FuzzSheetXML mutates the sheet inside a sound zip, where chance alone would not
// reach behind the checksums.
func FuzzSheetXML(f *testing.F) {
	frame := workbookOf(f, plainHeader, plainRow)
	f.Add(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>问题编号</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B3"/></mergeCells></worksheet>`)
	f.Add(`<worksheet><sheetData><row><c><v>1</v></c><c t="s"><v>3</v></c></row><row r="9"><c r="XFD9" t="e"><v>#REF!</v></c></row></sheetData></worksheet>`)
	f.Fuzz(func(t *testing.T, xml string) {
		data := patched(t, frame, sheetPart1, func(string) string { return xml })
		_, err := readBytes(data, "a.xlsx", Options{})
		var refused *FileError
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("untyped error: %v", err)
		}
	})
}
