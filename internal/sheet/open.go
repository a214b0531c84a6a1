package sheet

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"
)

// openGrids refuses what is no ledger and returns the sheets of the file. What a
// file is, its first bytes say; its name is only asked when they say nothing.
func openGrids(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) ([]*grid, string, error) {
	name = filepath.Base(name) // messages name the file, not where it lies
	if size > lim.FileBytes {
		return nil, "", refuse(codeTooLarge, (size+(1<<20)-1)>>20, lim.FileBytes>>20)
	}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, "", refuseFor(err, codeDamagedZip, name)
	}
	ext := strings.ToLower(filepath.Ext(name))
	switch text := strings.TrimSpace(strings.TrimPrefix(string(head), "\ufeff")); {
	case text == "":
		return nil, "", refuse(codeEmptyFile)
	case ext == ".xlsm" || ext == ".xltm":
		return nil, "", refuse(codeMacros)
	case ext == ".xlsb":
		return nil, "", refuse(codeBinary)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		tabs, err := openWorkbook(ctx, r, size, lim)
		return tabs, "xlsx", err
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		tabs, err := openXLS(ctx, r, size, name, lim)
		return tabs, "xls", err
	case strings.HasPrefix(text, "<"):
		return nil, "", refuse(codeHTML)
	case ext == ".csv" && !bytes.Contains(head, []byte{0}):
		tabs, err := openCSV(ctx, r, size, name, lim)
		return tabs, "csv", err
	case ext == ".csv":
		return nil, "", refuse(codeBadEncoding)
	}
	return nil, "", refuse(codeNotLedger, name)
}
