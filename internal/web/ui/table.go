package ui

import (
	"context"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
)

// Sort is a column head one can sort by. Dir is "", "ascending" or "descending"; Href sorts the other way round.
type Sort struct {
	Label, Href, Dir, Class string
}

// Pager leads through a list by keyset: there are links to the next and the previous page, and no page numbers.
type Pager struct {
	Range      string // 第 1–50 条，共 228 条; see lang key ui.page.range
	Prev, Next string // addresses; empty where there is none
}

// Matrix is a table of progress: one row per organisation, one column per party, counts only, so it is safe while blind.
type Matrix struct {
	Label    string // what the table is, for screen readers
	RowHead  string // heading of the first column
	Parties  []Seal // Mark and Name
	LastHead string // heading of the last column; empty for none
	Rows     []MatrixRow
}

// MatrixRow is one organisation's progress with every party.
type MatrixRow struct {
	Label, Href string
	Cells       []Progress
	Chip        ChipWord
}

// Progress is n done of all there is to do.
type Progress struct {
	Done, Of int
	Note     string // below it: why nothing more is to be expected, or since when it is late
	Hue      string // of the note; "" is quiet
}

// ChipWord is a chip as a value; see Chip.
type ChipWord struct {
	Hue, Icon, Word string
}

func (p Progress) full() bool { return p.Of > 0 && p.Done >= p.Of }

func (p Progress) class() string {
	if p.Done == 0 {
		return "mxn zero"
	}
	return "mxn"
}

// sorted is aria-sort where the table is sorted by this column.
func sorted(dir string) templ.Attributes {
	if dir == "" {
		return nil
	}
	return templ.Attributes{"aria-sort": dir}
}

func sortIcon(dir string) string {
	switch dir {
	case "ascending":
		return "chevron-up"
	case "descending":
		return "chevron-down"
	}
	return "arrows-sort"
}

// Range words the place of a page in its list.
func Range(ctx context.Context, from, to, total int) string {
	return lang.T(ctx, "ui.page.range", from, to, lang.Number(total))
}
