package main

import (
	"cmp"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// print writes the table, and below it which figures are met.
func (r *results) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %d cores, %s, %s; each cell p50 ms / p99 ms / requests per second, median of %d passes of %s\n\n",
		time.Now().Format(time.DateOnly), runtime.NumCPU(), runtime.GOARCH, runtime.Version(), r.options.passes, r.lasting)
	head := []string{"Request", "Connections"}
	for _, b := range r.bases {
		head = append(head, fmt.Sprintf("%s %d", b.engine, b.size))
	}
	rows := slices.Concat([][]string{head}, r.loads(), r.onces())
	printTable(w, rows)
	fmt.Fprintln(w)
	for _, f := range r.figures() {
		fmt.Fprintln(w, f)
	}
}

// loads are the rows of what was driven.
func (r *results) loads() (rows [][]string) {
	names := []string{bareTable}
	for _, q := range r.asked() {
		names = append(names, q.name)
	}
	for _, name := range names {
		for _, n := range r.connections {
			row := []string{name, fmt.Sprint(n)}
			for _, b := range r.bases {
				row = append(row, r.cell(name, n, b.String()))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (r *results) cell(name string, connections int, base string) string {
	if name == bareTable {
		base = ""
	}
	passes := r.passes[key{name, connections, base}]
	if len(passes) == 0 {
		return "not answered"
	}
	m := median(passes)
	return fmt.Sprintf("%s / %s / %.0f", ms(m.p50), ms(m.p99), m.perSecond)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d)/float64(time.Millisecond)) }

// onces are the rows of what was done once.
func (r *results) onces() (rows [][]string) {
	add := func(name string, of func(b string) string) {
		row := []string{name, ""}
		for _, b := range r.bases {
			row = append(row, of(b.String()))
		}
		rows = append(rows, row)
	}
	add("start to first answer", func(b string) string { return ms(r.sites[b].answered) + " ms" })
	add("memory when idle", func(b string) string { return mb(r.sites[b].idle) })
	if r.only != "" {
		return rows
	}
	add("memory 5 s after the load", func(b string) string { return mb(r.settled[b]) })
	add(fmt.Sprintf("import of %d rows", importSize), func(b string) string { return r.imports[b].String() })
	add("export of all rows", func(b string) string { return r.exports[b].String() })
	add(fmt.Sprintf("export of %d rows in the page", provinceSize), func(b string) string { return r.pages[b].String() })
	for _, path := range r.weighed() {
		add("weight of "+path, func(string) string { return kB(r.weights[path]) })
	}
	return rows
}

func (r *results) weighed() []string {
	var paths []string
	for path := range r.weights {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

func mb(kilobytes int) string { return fmt.Sprintf("%.1f MB", float64(kilobytes)/1024) }

func kB(bytes int) string { return fmt.Sprintf("%.1f kB", float64(bytes)/1000) }

func (c cost) String() string {
	text := fmt.Sprintf("%.2f s, %s", c.took.Seconds(), mb(c.peak))
	if c.size > 0 {
		text += fmt.Sprintf(", file %.1f MB", float64(c.size)/1e6)
	}
	return text
}

// printTable writes rows, of which the first is the head, as Markdown.
func printTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len(cell))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(w, "| %-*s ", widths[i], cell)
		}
		fmt.Fprintln(w, "|")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			fmt.Fprint(w, "|", strings.Repeat("-", width+2))
		}
		fmt.Fprintln(w, "|")
	}
}

// extreme returns the largest value over the bases and the base it is of.
func extreme[T cmp.Ordered](bases []base, of func(b base) T) (value T, at base) {
	for i, b := range bases {
		if v := of(b); i == 0 || v > value {
			value, at = v, b
		}
	}
	return value, at
}
