package ui

import (
	"context"

	"lianshen/internal/lang"
)

// DiffPart is a stretch of a comparison: Op is '=' for what stayed, '+' for what is new, '-' for what is gone.
type DiffPart struct {
	Op   byte
	Text string
}

// Conflict is what is shown when someone else saved first: both versions, and the way to save one's own over theirs.
type Conflict struct {
	Who, When string
	Rows      []ConflictRow
	Action    string   // where "save mine" posts to
	Hidden    []Hidden // one's own values and the version just shown
	Keep      string   // address that leaves what is stored
}

// ConflictRow is one field in both versions.
type ConflictRow struct {
	Field, Theirs, Mine string
}

func (r ConflictRow) class() string {
	if r.Theirs != r.Mine {
		return "diff"
	}
	return ""
}

// CellProblem is something wrong with one cell of an imported file, and how to mend it.
type CellProblem struct {
	Sheet, Cell, Value, Message string
}

// GridRow is one row of an imported table as it was read; Row is its number in the sheet.
type GridRow struct {
	Row   int
	Cells []GridCell
}

// GridCell is one cell; Problem is empty where it is fine.
type GridCell struct {
	Value, Problem string
}

// Comparison is the parties' opinions on one finding, side by side.
type Comparison struct {
	Label   string
	RowHead string // heading of the first column: 评审项
	Parties []Seal
	Who     []string // the person who spoke for each party
	Rows    []CompareRow
}

// CompareRow is one criterion. Differs marks that opinions cross the line between pass and fail.
type CompareRow struct {
	Name    string
	Differs bool
	Plain   bool // no remark on agreement: the row of conclusions
	Cells   []CompareCell
}

// CompareCell is one party's verdict and words. Chip.Word empty: the party has said nothing. Minority outlines the cell.
type CompareCell struct {
	Chip     ChipWord
	Text     string
	Minority bool
}

func (r CompareRow) class() string {
	if r.Differs {
		return "diff"
	}
	return ""
}

func (c CompareCell) class() string {
	if c.Minority {
		return "minor"
	}
	return ""
}

// changed says whether a comparison has anything to show.
func changed(parts []DiffPart) bool {
	for _, p := range parts {
		if p.Op != '=' {
			return true
		}
	}
	return false
}

// partyOf names the party of the i-th cell, for readers who do not see the column head.
func (c Comparison) partyOf(i int) string {
	if i < len(c.Parties) {
		return c.Parties[i].Name
	}
	return ""
}

func (c Comparison) who(i int) string {
	if i < len(c.Who) {
		return c.Who[i]
	}
	return ""
}

func verdictRemark(ctx context.Context, differs bool) string {
	if differs {
		return lang.T(ctx, "ui.differs")
	}
	return lang.T(ctx, "ui.agrees")
}
