package sheet

import (
	"context"
	"io"
	"slices"
)

// ReadLedger reads the findings of a ledger: .xlsx, or .csv in UTF-8 or GB18030.
// name is the name of the file, size its bytes. The error is a *FileError when
// the file as a whole cannot be read; problems of single cells are in
// Ledger.Problems, and a ledger with problems must not be imported. ctx bounds the
// time; a file that takes longer is refused too.
func ReadLedger(ctx context.Context, r io.ReaderAt, size int64, name string, opt Options) (Ledger, error) {
	opt = opt.filled()
	grids, err := openGrids(ctx, r, size, name, opt.Limits)
	if err != nil {
		return Ledger{}, err
	}
	log := &problemLog{max: opt.Limits.Problems}
	var out Ledger
	tables := ledgerSheets(grids, opt, log)
	for _, t := range tables {
		if out.Sheet == "" {
			out.Sheet = t.grid.name
		}
		if !t.header.check(t.grid, opt.Required, log) {
			continue
		}
		if err := out.readTable(ctx, t, opt, log); err != nil {
			return Ledger{}, err
		}
	}
	checkNumbers(out.Rows, log)
	out.Problems, out.Notices = log.all(), log.notices
	return out, nil
}

type table struct {
	grid   *grid
	header header
}

// ledgerSheets finds the sheets that hold findings. Others are skipped with a
// notice; where there is none at all, the most likely one is told what it lacks.
func ledgerSheets(grids []*grid, opt Options, log *problemLog) []table {
	var found []table
	var skipped []*grid
	best := table{}
	for _, g := range grids {
		h := findHeader(g)
		if best.grid == nil || h.score > best.header.score {
			best = table{g, h}
		}
		if h.isLedger() || h.nearlyLedger() {
			found = append(found, table{g, h})
			continue
		}
		skipped = append(skipped, g)
	}
	if len(found) > 0 {
		for _, g := range skipped {
			log.notice(g.name, "", codeSheetSkipped, g.name)
		}
		return found
	}
	reportNone(best, opt, log)
	return nil
}

func reportNone(best table, opt Options, log *problemLog) {
	switch {
	case len(best.grid.rows) == 0:
		log.problem(best.grid.name, "", codeEmptySheet)
	case best.header.score >= 2:
		best.header.check(best.grid, withText(opt.Required), log)
	default:
		log.problem(best.grid.name, address(1, best.grid.rows[0].line), codeNoHeader, titleOf[Number], titleOf[Text])
	}
}

// withText adds the one column without which a sheet is no ledger at all.
func withText(required []Field) []Field {
	if slices.Contains(required, Text) {
		return required
	}
	return append(slices.Clone(required), Text)
}

func (l *Ledger) readTable(ctx context.Context, t table, opt Options, log *problemLog) error {
	found := groups(t.grid, t.header, log)
	if len(found) == 0 {
		log.problem(t.grid.name, address(1, t.header.last+1), codeNoFindings)
	}
	if len(l.Rows)+len(found) > opt.Limits.Rows {
		return refuse(codeTooManyRows, len(l.Rows)+len(found), opt.Limits.Rows)
	}
	joined := opt.Limits.UnpackedBytes
	for _, of := range found {
		if ctx.Err() != nil {
			return refuseFor(ctx.Err(), codeTooSlow)
		}
		l.Rows = append(l.Rows, readRow(t.grid, t.header, opt, log, &joined, of))
		if joined < 0 {
			return refuse(codeTooMuchInside, opt.Limits.UnpackedBytes>>20)
		}
	}
	return nil
}

// checkNumbers reports a finding number that stands twice in the file.
func checkNumbers(rows []Row, log *problemLog) {
	first := make(map[string]int, len(rows))
	for i, r := range rows {
		j, twice := first[r.Number]
		switch {
		case r.Number == "":
		case twice:
			log.problem(r.Sheet, r.Cells[Number], codeDuplicateNumber, r.Number, rows[j].Sheet, rows[j].Cells[Number])
		default:
			first[r.Number] = i
		}
	}
}
