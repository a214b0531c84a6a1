package sheet

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
)

// openGrids refuses what is no ledger and returns the sheets of the file and its
// format. What a file is, its first bytes say; its name is only asked when they say
// nothing.
func openGrids(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) (tabs []*grid, format string, err error) {
	name = filepath.Base(name) // messages name the file, not where it lies
	if size > lim.FileBytes {
		return nil, "", refuse(codeTooLarge, (size+(1<<20)-1)>>20, lim.FileBytes>>20)
	}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, "", refuseFor(err, codeDamagedZip, name)
	}
	ext := strings.ToLower(filepath.Ext(name))
	switch text := firstWords(head); {
	case text == "":
		return nil, "", refuse(codeEmptyFile)
	case ext == ".xlsm" || ext == ".xltm":
		return nil, "", refuse(codeMacros)
	case ext == ".xlsb":
		return nil, "", refuse(codeBinary)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		tabs, err = openWorkbook(ctx, r, size, lim)
		return tabs, "xlsx", err
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		tabs, err = openXLS(ctx, r, size, name, lim)
		return tabs, "xls", err
	case isOldBIFF(head):
		return nil, "", refuse(codeOldExcel)
	case strings.HasPrefix(text, "<"), strings.HasPrefix(text, "MIME-Version:"):
		return nil, "", refuse(codeHTML)
	case ext == ".csv" || ext == ".tsv" || ext == ".txt":
		tabs, err = openCSV(ctx, r, size, name, lim)
		return tabs, "csv", err
	}
	return nil, "", refuse(codeNotLedger, name)
}

// firstWords returns the beginning of a text file, whatever its encoding; UTF-16
// is told by its mark.
func firstWords(head []byte) string {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		head = bytes.ReplaceAll(head[2:], []byte{0}, nil) // enough to see "<"
	}
	return strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff"))
}

// isOldBIFF knows workbooks of Excel 2 to 4, which have no container: they begin
// with the record of their version.
func isOldBIFF(head []byte) bool {
	return len(head) > 4 && head[0] == 0x09 && (head[1] == 0 || head[1] == 2 || head[1] == 4) && head[3] == 0 && head[2] <= 16
}
