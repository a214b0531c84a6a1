package biff

import (
	"errors"
	"io"
	"os"
	"testing"
)

type readerAt []byte

func (r readerAt) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(r)) {
		return 0, io.EOF
	}
	n := copy(p, r[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// A container that lies about itself is refused, and never asks for more than the
// file has.
func TestContainersThatLieAreRefused(t *testing.T) {
	good, err := os.ReadFile("../testdata/writers/libreoffice.xls")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"sectors of no size":     func(b []byte) []byte { b[30] = 60; return b },
		"directory nowhere":      func(b []byte) []byte { b[48], b[49] = 0xFF, 0x7F; return b },
		"table nowhere":          func(b []byte) []byte { b[76], b[77] = 0xFF, 0x7F; return b },
		"directory in a circle":  func(b []byte) []byte { b[512+4*int(b[48])] = b[48]; return b },
		"cut in the directory":   func(b []byte) []byte { return b[:600] },
		"cut in the header":      func(b []byte) []byte { return b[:100] },
		"table of tables in it":  func(b []byte) []byte { b[68], b[69], b[70], b[71] = 0, 0, 0, 0; return b },
		"small streams nowhere":  func(b []byte) []byte { b[60], b[61], b[62], b[63] = 0xF0, 0, 0, 0; return b },
		"everything in one loop": func(b []byte) []byte { clear(b[512:1024]); return b },
	} {
		data := change(append([]byte(nil), good...))
		book, err := Open(t.Context(), readerAt(data), int64(len(data)), Limits{Cells: 1000, Merges: 100, Text: 1 << 20})
		if name == "table of tables in it" && err == nil {
			continue // a table that lists free sectors only does no harm
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %+v, %v", name, book, err)
		}
	}
}
