package sheet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"
)

// A Book is a file as it is: every tab with its cells, merged ranges, and what is
// hidden. It is bounded by the Limits it was opened with and never changes.
type Book struct {
	Name   string // of the file
	Format string // "xlsx", "xls" or "csv"
	tabs   []*grid
}

// Tab tells of one tab of a book.
type Tab struct {
	Name          string
	Hidden        bool
	Rows          int   // filled ones
	Cells         int   // filled ones
	HiddenRows    []int // lines with content
	HiddenColumns []int // from 1, with content
}

const (
	openTime  = 8 * time.Second // for one file, unless the caller's context ends before
	openSlots = 2               // files that are opened at the same time
)

// slots bound the memory of all files together: each may take what Limits allow.
var slots = make(chan struct{}, openSlots)

// OpenBook reads a file of any kind a ledger comes in: .xlsx, .xls (Excel 97 and
// later), .csv. name is the name of the file, size its bytes. The error is a
// *FileError: the file is refused as a whole. ctx bounds the time; 8 seconds do so
// in any case.
func OpenBook(ctx context.Context, r io.ReaderAt, size int64, name string, lim Limits) (b *Book, err error) {
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return nil, refuseFor(ctx.Err(), codeTooSlow)
	}
	defer func() {
		if v := recover(); v != nil { // a fault of ours: refuse the file and keep serving
			b, err = nil, refuseFor(&panicError{v, debug.Stack()}, codeDamagedZip, name)
		}
	}()
	tabs, format, err := openGrids(ctx, r, size, name, lim.filled())
	if err != nil {
		var mine *FileError
		if !errors.As(err, &mine) {
			err = refuseFor(err, codeDamagedZip, name)
		}
		return nil, err
	}
	return &Book{Name: name, Format: format, tabs: rejoined(tabs)}, nil
}

// panicError is a fault of the reader that a file brought about.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.value, e.stack) }

// Tabs tells of the tabs in their order.
func (b *Book) Tabs() []Tab {
	out := make([]Tab, len(b.tabs))
	for i, g := range b.tabs {
		out[i] = Tab{Name: g.name, Hidden: g.hidden, Rows: len(g.rows), HiddenRows: g.hiddenLines(0)}
		filled := map[int]bool{}
		for _, r := range g.rows {
			out[i].Cells += len(r.cells)
			for _, c := range r.cells {
				filled[c.col] = true
			}
		}
		for col := 1; col <= maxColumn && len(filled) > 0; col++ {
			if filled[col] {
				delete(filled, col)
				if g.hiddenColumn(col) {
					out[i].HiddenColumns = append(out[i].HiddenColumns, col)
				}
			}
		}
	}
	return out
}

// Lines returns what a tab shows from one line to another, at most 200 lines, for
// a person to look at: one slice of cells for each line.
func (b *Book) Lines(tab string, from, to int) [][]string {
	g := b.tab(tab)
	if g == nil || from < 1 {
		return nil
	}
	to = min(to, from+199)
	rows := g.between(from, to)
	if len(rows) == 0 {
		return nil
	}
	out := make([][]string, rows[len(rows)-1].line-from+1)
	for _, r := range rows {
		cells := make([]string, r.cells[len(r.cells)-1].col)
		for _, c := range r.cells {
			cells[c.col-1] = c.shown(g.y1904)
		}
		out[r.line-from] = cells
	}
	return out
}

func (b *Book) tab(name string) *grid {
	for _, g := range b.tabs {
		if g.name == name {
			return g
		}
	}
	return nil
}
