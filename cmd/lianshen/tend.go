package main

import (
	"context"
	"log/slog"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
)

// How often a running server looks after its files.
const (
	tendEvery    = 10 * time.Minute // what awaits its scan, what has expired
	reclaimEvery = 12 * time.Hour   // what no row names
)

// look begins to look after the files; closing the installation ends it.
func (i *installation) look(ctx context.Context, log *slog.Logger, kept supervise.Files, uploads *upload.Folder) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		i.tend(ctx, log, kept, uploads)
	}()
	i.rest = func() { cancel(); <-ended }
}

// tend looks after the files, at once and then again and again until ctx ends.
// What goes wrong is logged and tried again: the server goes on serving.
func (i *installation) tend(ctx context.Context, log *slog.Logger, kept supervise.Files, uploads *upload.Folder) {
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	var reclaimed time.Time
	for {
		if n, err := uploads.Expire(ctx); err != nil || n > 0 {
			log.Info("uploads expired", slog.Int("number", n), slog.Any("error", err))
		}
		if kept.Scanner.On() {
			sum, err := i.Rescan(ctx, kept, false)
			if err != nil || sum != (supervise.Rescanned{}) {
				log.Info("files scanned again", slog.Any("sum", sum), slog.Any("error", err))
			}
		}
		if now := clock.Real(); now.Sub(reclaimed) >= reclaimEvery {
			n, err := i.Reclaim(ctx, kept.Store, now.Add(-supervise.Grace))
			if err != nil || n > 0 {
				log.Info("files reclaimed", slog.Int("number", n), slog.Any("error", err))
			}
			reclaimed = now
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
