package export

import (
	"fmt"
	"io"
	"iter"

	"lianshen/internal/sheet"
)

// A Format is a kind of file.
type Format string

// The formats. GB18030 is CSV for programs that know no UTF-8.
const (
	XLSX    Format = "xlsx"
	CSV     Format = "csv"
	GB18030 Format = "gb18030"
	JSON    Format = "json"
)

// Formats lists them in the order in which they are offered.
func Formats() []Format { return []Format{XLSX, CSV, GB18030, JSON} }

// Ending is the ending of the file's name.
func (f Format) Ending() string {
	if f == GB18030 {
		return "csv"
	}
	return string(f)
}

// Type is the media type of the file; "" for what is no format.
func (f Format) Type() string {
	return map[Format]string{
		XLSX:    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		CSV:     "text/csv; charset=utf-8",
		GB18030: "text/csv; charset=gb18030",
		JSON:    "application/json; charset=utf-8",
	}[f]
}

// A Table is a list on its way into a file.
type Table struct {
	Name    string // of the file: 督促台账
	Look    sheet.XLSXOptions
	Columns []sheet.Column
	Parts   []Part
	Total   int     // records in all parts; -1 where that is not known before
	More    []Table // further sheets of a workbook; other formats leave them out
}

// A Part is a stretch of a table with a sheet of its own, where it has a name.
type Part struct {
	Name, Title string
	Rows        iter.Seq2[[]any, error]
}

type percentCell = sheet.Percent

// whole is a table in one part.
func whole(rows iter.Seq2[[]any, error]) []Part { return []Part{{Rows: rows}} }

// listed gives the rows of a list that is in memory already.
func listed(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Write writes the table. tell, if not nil, is told from time to time how many
// records are written.
func (t Table) Write(w io.Writer, f Format, tell func(n int)) (n int, err error) {
	to, err := t.start(w, f)
	if err != nil {
		return 0, err
	}
	n, err = t.write(to, tell)
	if closed := to.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return n, fmt.Errorf("export %s: %w", t.Name, err)
	}
	return n, nil
}

func (t Table) start(w io.Writer, f Format) (sheet.TableWriter, error) {
	switch f {
	case CSV:
		return sheet.NewCSV(w, t.Columns)
	case GB18030:
		return sheet.NewCSVGB18030(w, t.Columns)
	case JSON:
		return sheet.NewJSON(w, t.Columns)
	case XLSX:
		return sheet.NewXLSX(w, t.Columns, t.Look)
	}
	return nil, fmt.Errorf("no format %q", f)
}

// told is after how many records the progress is told.
const told = 200

func (t Table) write(to sheet.TableWriter, tell func(n int)) (n int, err error) {
	book, isBook := to.(*sheet.XLSX)
	for _, p := range t.Parts {
		if isBook && p.Name != "" {
			if err := book.Next(p.Name, p.Title); err != nil {
				return n, err
			}
		}
		for cells, err := range p.Rows {
			if err == nil {
				err = to.Write(cells)
			}
			if err != nil {
				return n, err
			}
			if n++; tell != nil && n%told == 0 {
				tell(n)
			}
		}
	}
	if tell != nil {
		tell(n)
	}
	for _, more := range t.More {
		if !isBook {
			break
		}
		if err := book.Table(more.Columns, more.Look); err != nil {
			return n, err
		}
		if _, err := more.write(to, nil); err != nil {
			return n, err
		}
	}
	return n, nil
}

// ahead reads a sequence in the background, a few pieces ahead of its reader, so
// that rows are decoded while others are written. The sequence is left before
// ahead returns, so that nobody else asks the same transaction.
func ahead[T any](seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	type piece struct {
		list []T
		err  error
	}
	const size, pieces = 64, 4
	return func(yield func(T, error) bool) {
		full, left, gone := make(chan piece, pieces), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(gone)
			defer close(full)
			var p piece
			send := func() bool {
				select {
				case full <- p:
					p = piece{}
					return true
				case <-left:
					return false
				}
			}
			for x, err := range seq {
				if p.err = err; err == nil {
					p.list = append(p.list, x)
				}
				if (err != nil || len(p.list) == size) && !send() || err != nil {
					return
				}
			}
			send()
		}()
		defer func() { <-gone }()
		defer close(left)
		for p := range full {
			for _, x := range p.list {
				if !yield(x, nil) {
					return
				}
			}
			if p.err != nil {
				var none T
				yield(none, p.err)
				return
			}
		}
	}
}
