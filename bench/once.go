package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// importSize is how many rows the imported ledger has.
const importSize = 5000

// A cost is what a command took.
type cost struct {
	took time.Duration
	peak int // kB of memory
	size int64
}

// importFile writes a ledger of importSize findings as an office would send it.
func importFile(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	table, err := sheet.NewXLSX(f, sheet.LedgerColumns(), sheet.XLSXOptions{})
	if err != nil {
		return errors.Join(err, f.Close())
	}
	feedback := workday.In(time.Now(), time.UTC).AddDays(-60)
	for i := range organisationsIn {
		for n := 1; n <= share(importSize, organisationsIn, i); n++ {
			blank, e := registered(emptyRound, i, n, feedback)
			x := blank.Apply(e).(ledger.Finding)
			if err := table.Write(sheet.LedgerCells(supervise.ExportRow(x, x.Organisation))); err != nil {
				return errors.Join(err, f.Close())
			}
		}
	}
	return errors.Join(table.Close(), f.Close())
}

// command runs the program to its end on a ledger.
func command(ctx context.Context, program string, b base, args ...string) (c cost, err error) {
	log := filepath.Join(b.dir, args[0]+".log")
	p, err := start(ctx, log, program, append(args, b.args()...)...)
	if err != nil {
		return c, err
	}
	if c.took, c.peak, err = p.wait(); err != nil {
		text, _ := os.ReadFile(log) // what it said is a help, not a must
		return c, fmt.Errorf("%s: %v: %w: %.2000s", b, args, err, text)
	}
	return c, nil
}

// importing imports the file into the round that is empty.
func importing(ctx context.Context, program string, b base, file string) (cost, error) {
	return command(ctx, program, b, "import", file, "--round", fmt.Sprint(emptyRound), "--as", "bench-office")
}

// exporting exports every finding of every round.
func exporting(ctx context.Context, program string, b base) (cost, error) {
	out := filepath.Join(b.dir, "all.xlsx")
	c, err := command(ctx, program, b, "export", "--all", "--output", out)
	if err != nil {
		return c, err
	}
	info, err := os.Stat(out)
	if err == nil {
		c.size = info.Size()
	}
	return c, err
}

// download exports the province's round through the page.
func (s *site) download() (c cost, err error) {
	s.forgetPeak()
	began := time.Now()
	p, err := fetch(s.addr, get(fmt.Sprintf("/rounds/%d/ledger/export?view=all&format=xlsx", provinceRound), s.sessions[0]))
	if err == nil && p.status != http.StatusOK {
		err = fmt.Errorf("download: status %d", p.status)
	}
	return cost{time.Since(began), s.memory("VmHWM"), int64(p.wire)}, err
}

var asset = regexp.MustCompile(`"(/assets/[^"#]+)["#]`)

// weight is how many bytes a browser that has nothing yet loads for the page.
func (s *site) weight(path, session string) (int, error) {
	p, err := fetch(s.addr, get(path, session))
	if err != nil {
		return 0, err
	}
	sum, seen := p.wire, map[string]bool{}
	for _, link := range asset.FindAllSubmatch(p.body, -1) {
		name := string(link[1])
		if seen[name] {
			continue
		}
		seen[name] = true
		a, err := fetch(s.addr, get(name, ""))
		if err != nil {
			return 0, err
		}
		if a.status != http.StatusOK {
			return 0, fmt.Errorf("%s: status %d", name, a.status)
		}
		sum += a.wire
	}
	return sum, nil
}
