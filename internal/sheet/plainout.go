package sheet

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
)

type csvWriter struct {
	out     *csv.Writer
	columns int
	line    int
}

// NewCSV starts a CSV file on w: UTF-8 with the mark by which Excel knows it, and
// an apostrophe before any text that a spreadsheet would run as a formula.
func NewCSV(w io.Writer, columns []Column) (TableWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("start the file: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	titles := make([]any, len(columns))
	for i, c := range columns {
		titles[i] = c.Title
	}
	t := &csvWriter{out: out, columns: len(columns)}
	return t, t.Write(titles)
}

func (c *csvWriter) Write(cells []any) error {
	c.line++
	if len(cells) > c.columns {
		return fmt.Errorf("row %d: %d cells for %d columns", c.line, len(cells), c.columns)
	}
	record := make([]string, c.columns)
	for i, v := range cells {
		switch v := v.(type) {
		case nil:
		case bool:
			record[i] = map[bool]string{true: "是", false: "否"}[v]
		case int, int64, float64:
			record[i] = fmt.Sprint(v) // a negative number is no formula
		case string:
			record[i] = quoteCSV(stripControls(v))
		case Date:
			record[i] = quoteCSV(stripControls(string(v)))
		default:
			return fmt.Errorf("row %d: a cell cannot hold %T", c.line, v)
		}
	}
	if err := c.out.Write(record); err != nil {
		return fmt.Errorf("row %d: %w", c.line, err)
	}
	return nil
}

func (c *csvWriter) Close() error {
	c.out.Flush()
	if err := c.out.Error(); err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

type jsonWriter struct {
	out     *bufio.Writer
	columns []Column
	line    int
}

// NewJSON starts a JSON array on w: one object per row, its members in the order
// of the columns. A cell may be anything that encodes to JSON.
func NewJSON(w io.Writer, columns []Column) (TableWriter, error) {
	j := &jsonWriter{out: bufio.NewWriterSize(w, 64<<10), columns: columns}
	_, err := j.out.WriteString("[")
	return j, err
}

func (j *jsonWriter) Write(cells []any) error {
	if len(cells) > len(j.columns) {
		return fmt.Errorf("row %d: %d cells for %d columns", j.line+1, len(cells), len(j.columns))
	}
	separator := "\n{"
	if j.line++; j.line > 1 {
		separator = ",\n{"
	}
	_, _ = j.out.WriteString(separator) // the buffered writer keeps its first error
	for i, v := range cells {
		value, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("row %d, column %s: %w", j.line, j.columns[i].Key, err)
		}
		key, _ := json.Marshal(j.columns[i].Key) // a string always encodes
		if i > 0 {
			_ = j.out.WriteByte(',')
		}
		_, _ = j.out.Write(key)
		_ = j.out.WriteByte(':')
		_, _ = j.out.Write(value)
	}
	_, err := j.out.WriteString("}")
	return err
}

func (j *jsonWriter) Close() error {
	_, _ = j.out.WriteString("\n]\n")
	if err := j.out.Flush(); err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}
