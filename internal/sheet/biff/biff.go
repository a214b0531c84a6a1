// Package biff reads workbooks of Excel 97 to 2003 (.xls, BIFF8): every cell with
// its value, merged ranges, what is hidden, and how numbers are shown.
//
// It reads no formulas, pictures or charts, does not know what a ledger is, and
// refuses whatever it cannot read whole: files of Excel 95 and older, passwords,
// macros, links to other workbooks.
package biff

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Why a file is refused as a whole.
var (
	ErrOld       = errors.New("written by Excel 95 or older")
	ErrEncrypted = errors.New("protected by a password")
	ErrMacros    = errors.New("holds macros")
	ErrLinks     = errors.New("links to other workbooks")
	ErrNoBook    = errors.New("holds no workbook")
	ErrDamaged   = errors.New("damaged")
	ErrTooMuch   = errors.New("holds more than the limits allow")
)

// Limits bound what a file may ask for.
type Limits struct {
	Cells  int                 // with content, in all sheets together
	Merges int                 // merged ranges of all sheets together
	Text   int                 // bytes of all different texts together
	Clean  func(string) string // what is done to each text once; nil for nothing
}

// Book is a workbook.
type Book struct {
	Sheets   []Sheet
	Date1904 bool     // day 0 is 1 January 1904
	Formats  []Format // by the XF of a cell
}

// Format is how a number is shown: a built-in number, or a code of the file.
type Format struct {
	ID   int
	Code string // "" for a built-in one
}

// Sheet is a worksheet. Rows and columns count from 0.
type Sheet struct {
	Name       string
	Hidden     bool
	Cells      []Cell // filled ones, row by row
	Merges     []Range
	HiddenRows map[int]bool
	HiddenCols []Range // only the columns count
	LastRow    int     // that the sheet declares to use; -1 for none
	SeenRow    int     // the last row the sheet describes; -1 for none
	Missing    []int   // rows it describes as holding cells, of which there is none
	Values     int     // cells that records hold a value for
	Empty      int     // of them those without content
}

// Range is a block of cells, both ends included.
type Range struct{ Row1, Row2, Col1, Col2 int }

// Kind is what a cell holds.
type Kind uint8

// What a cell may hold. The text of an error is as Excel shows it: "#REF!".
const (
	Text Kind = iota
	Number
	Bool
	Error
)

// Cell is a filled cell.
type Cell struct {
	Row, Col int32
	XF       uint16
	Kind     Kind
	Text     string
	Number   float64 // for Number; for Bool 0 or 1
}

// Open reads a workbook of size bytes. ctx bounds the time. The error wraps one of
// those above, or is that of ctx or of reading r.
func Open(ctx context.Context, r io.ReaderAt, size int64, lim Limits) (*Book, error) {
	f, err := openCompound(r, size)
	if err != nil {
		return nil, err
	}
	switch {
	case f.has("EncryptedPackage"):
		return nil, ErrEncrypted
	case f.has("_VBA_PROJECT_CUR"), f.has("_VBA_PROJECT"), f.has("VBA"):
		return nil, ErrMacros
	case !f.has("Workbook") && f.has("Book"):
		return nil, ErrOld
	case !f.has("Workbook"):
		return nil, ErrNoBook
	}
	data, err := f.stream("Workbook")
	if err != nil {
		return nil, err
	}
	b := &reader{ctx: ctx, data: data, lim: lim}
	return b.read()
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}
