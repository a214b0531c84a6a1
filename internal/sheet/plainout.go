package sheet

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

type csvWriter struct {
	out    *csv.Writer
	under  io.Closer // of another encoding; nil for UTF-8
	record []string
	line   int
}

// NewCSV starts a CSV file on w: UTF-8 with the mark by which Excel knows it, and
// an apostrophe before any text that a spreadsheet would run as a formula; reading
// takes it away again.
func NewCSV(w io.Writer, columns []Column) (TableWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, fmt.Errorf("start the file: %w", err)
	}
	return startCSV(w, nil, columns)
}

// NewCSVGB18030 is NewCSV in GB18030, for programs that know no other.
func NewCSVGB18030(w io.Writer, columns []Column) (TableWriter, error) {
	enc := simplifiedchinese.GB18030.NewEncoder().Writer(w)
	return startCSV(enc, enc.(io.Closer), columns)
}

func startCSV(w io.Writer, under io.Closer, columns []Column) (TableWriter, error) {
	c := &csvWriter{out: csv.NewWriter(w), under: under, record: make([]string, len(columns))}
	c.out.UseCRLF = true
	titles := make([]any, len(columns))
	for i, col := range columns {
		titles[i] = col.Title
	}
	return c, c.Write(titles)
}

func (c *csvWriter) Write(cells []any) error {
	if len(cells) > len(c.record) {
		return fmt.Errorf("row %d: %d cells for %d columns", c.line+1, len(cells), len(c.record))
	}
	for n := range rowsOf(cells) {
		c.line++
		for i := range c.record {
			text, err := c.field(partOf(cells, i, n))
			if err != nil {
				return fmt.Errorf("row %d: %w", c.line, err)
			}
			c.record[i] = text
		}
		if err := c.out.Write(c.record); err != nil {
			return fmt.Errorf("row %d: %w", c.line, err)
		}
	}
	return nil
}

func (c *csvWriter) field(cell any) (string, error) {
	switch v := cell.(type) {
	case nil:
		return "", nil
	case bool:
		return yesOrNo(v), nil
	case int, int64, float64:
		return fmt.Sprint(v), nil // a negative number is no formula
	case Percent:
		return percentText(v), nil
	case string:
		return quoteCSV(c.text(v)), nil
	case Date:
		return quoteCSV(c.text(string(v))), nil
	}
	return "", fmt.Errorf("a cell cannot hold %T", cell)
}

// text is what the file can carry. The sign for bytes that are no text is left to
// UTF-8: readers take it in GB18030 for a damaged file.
func (c *csvWriter) text(s string) string {
	s = printable(s)
	if c.under != nil {
		s = strings.ReplaceAll(s, string(utf8.RuneError), "?")
	}
	return s
}

func percentText(p Percent) string { return strconv.FormatFloat(float64(p), 'f', 1, 64) + "%" }

func (c *csvWriter) Close() error {
	c.out.Flush()
	err := c.out.Error()
	if c.under != nil {
		err = firstError(err, c.under.Close())
	}
	if err != nil {
		return fmt.Errorf("end the file: %w", err)
	}
	return nil
}

type jsonWriter struct {
	out     *bufio.Writer
	columns []Column
	keys    [][]byte // as they stand in the file
	line    int
}

// NewJSON starts a JSON array on w: one object per row, its members in the order
// of the columns. A cell may be anything that encodes to JSON.
func NewJSON(w io.Writer, columns []Column) (TableWriter, error) {
	j := &jsonWriter{out: bufio.NewWriterSize(w, 64<<10), columns: columns}
	for _, c := range columns {
		key, _ := json.Marshal(c.Key) // a string always encodes
		j.keys = append(j.keys, key)
	}
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
		if i > 0 {
			_ = j.out.WriteByte(',')
		}
		_, _ = j.out.Write(j.keys[i])
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
