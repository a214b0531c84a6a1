package main

import (
	"context"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/clock"
	"lianshen/internal/supervise"
)

// evidenceReclaim removes files that no record names. A running server does it by
// itself, twice a day.
type evidenceReclaim struct {
	place
	Format format `enum:"text,json" default:"text"`
}

// Run keeps what is younger than the grace: its row may be about to be written.
func (c evidenceReclaim) Run(a *app) error {
	in, kept, err := c.kept(a)
	if err != nil {
		return err
	}
	defer in.close()
	n, err := in.Reclaim(a.ctx, kept.Store, clock.Real().Add(-supervise.Grace))
	if err != nil {
		return err
	}
	if c.Format.json() {
		return a.json(map[string]int{"reclaimed": n})
	}
	a.print("cli.evidence.reclaim.done", n, int(supervise.Grace/time.Hour))
	return nil
}

// evidenceRescan asks the virus scanner again.
type evidenceRescan struct {
	place
	All    bool
	Format format `enum:"text,json" default:"text"`
}

// Run fails if a file is infected, so that a job can tell.
func (c evidenceRescan) Run(a *app) error {
	in, kept, err := c.kept(a)
	if err != nil {
		return err
	}
	defer in.close()
	if !kept.Scanner.On() {
		return misused("cli.evidence.no_scanner")
	}
	sum, err := in.Rescan(a.ctx, kept, c.All)
	if err != nil {
		return err
	}
	if c.Format.json() {
		err = a.json(sum)
	} else {
		a.print("cli.evidence.rescan.done", sum.Clean, sum.Infected, sum.Awaiting)
	}
	if err == nil && sum.Infected > 0 {
		return errSaid
	}
	return err
}

// kept opens an installation with its files.
func (p place) kept(a *app) (*installation, supervise.Files, error) {
	in, err := p.open(a)
	if err != nil {
		return nil, supervise.Files{}, err
	}
	store, err := in.files(a.ctx)
	if err != nil {
		in.close()
		return nil, supervise.Files{}, err
	}
	return in, supervise.Files{Store: store, Scanner: blob.Scanner{Address: in.settings.Clamd}, Limit: blob.DefaultLimit}, nil
}

// missing looks for the files that records name.
func (i *installation) missing(ctx context.Context, whole bool) (int, []supervise.MissingFile, error) {
	kept, err := i.files(ctx)
	if err != nil {
		return 0, nil, err
	}
	return i.Missing(ctx, kept, whole)
}
