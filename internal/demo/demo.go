// Package demo acts out the sample round: 228 findings of seven organisations, as
// they stand on the demo day. Every step goes through the one door, by the person
// whose task it is and on its day, so that the demonstration has a history and no
// row that could not have come about. It writes nothing of the record by itself.
package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// Zone is where the sample round takes place.
var Zone = time.FixedZone("CST", 8*60*60)

// Day is the instant at which a new demonstration begins: 24 March 2026, 10:00.
var Day = time.Date(2026, 3, 24, 10, 0, 0, 0, Zone)

// Round is the number of the sample round.
const Round = 8

// offsetSetting keeps by how much the demonstration is ahead of the machine.
const offsetSetting = "demo.offset"

// Errors of Start and Load.
var (
	ErrNotEmpty = errors.New("the database is not empty") // the sample is loaded into a fresh one only
	ErrNotDemo  = errors.New("the database holds no complete demonstration")
)

// Start loads the sample round into an empty database, or finds the one loaded
// before, and lets the clock run from where the demonstration is. The database
// must have been opened with clk.Now. loaded is true the first time.
//
// ErrNotDemo says that the database has other contents, or that an earlier load
// was cut off; a fresh data folder is the remedy.
func Start(ctx context.Context, s *supervise.Service, clk *Clock) (loaded bool, err error) {
	found, err := Resume(ctx, s, clk)
	if err != nil || found {
		return false, err
	}
	if err := Load(ctx, s, clk); err != nil {
		if errors.Is(err, ErrNotEmpty) {
			return false, ErrNotDemo
		}
		return false, err
	}
	offset := Day.Sub(clock.Real())
	err = s.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(ctx, offsetSetting, offset.String()) })
	if err != nil {
		return false, err
	}
	clk.Run(offset)
	return true, nil
}

// Resume lets the clock run from where the demonstration in the database is, and
// reports whether there is one. Without one it leaves the clock alone.
func Resume(ctx context.Context, s *supervise.Service, clk *Clock) (found bool, err error) {
	text, err := s.DB.Read().Setting(ctx, offsetSetting)
	if err != nil || text == "" {
		return false, err
	}
	offset, err := time.ParseDuration(text)
	if err != nil {
		return false, fmt.Errorf("read setting %s: %w", offsetSetting, err)
	}
	clk.Run(offset)
	return true, nil
}

// Advance moves a demonstration that Start has found so many days ahead, for good:
// whoever wants to see a deadline pass need not wait for it. Time never goes back,
// as later entries of the trail would be older than earlier ones.
func Advance(ctx context.Context, s *supervise.Service, clk *Clock, days int) error {
	text, err := s.DB.Read().Setting(ctx, offsetSetting)
	if err != nil {
		return err
	}
	offset, err := time.ParseDuration(text)
	if err != nil || days < 0 {
		return fmt.Errorf("move setting %s (%q) by %d days: %w", offsetSetting, text, days, ErrNotDemo)
	}
	offset += time.Duration(days) * 24 * time.Hour
	err = s.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetSetting(ctx, offsetSetting, offset.String()) })
	if err != nil {
		return err
	}
	clk.Run(offset)
	return nil
}

// Load acts out the sample round in an empty database opened with clk.Now, and
// leaves the clock standing at Day. It returns ErrNotEmpty if there is anything
// in the trail.
func Load(ctx context.Context, s *supervise.Service, clk *Clock) error {
	head, _, err := s.DB.Read().Head(ctx)
	if err != nil {
		return err
	}
	if head.Size > 0 {
		return ErrNotEmpty
	}
	sample, err := readSample(ctx)
	if err != nil {
		return fmt.Errorf("read the sample round: %w", err)
	}
	script := newScript(sample)
	script.frame()
	script.register()
	script.plans()
	script.reports()
	script.firstReview()
	script.letters()
	script.secondVersions()
	if err := script.run(ctx, s, clk); err != nil {
		return fmt.Errorf("act out the sample round: %w", err)
	}
	clk.Stand(Day)
	return nil
}
