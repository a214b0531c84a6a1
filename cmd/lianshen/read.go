package main

import (
	"context"
	"log/slog"
	"time"

	"lianshen/internal/extract"
	"lianshen/internal/supervise"
)

// readEvery is how often a running server looks for evidence files whose text nobody
// has taken yet. Looking is one query that finds nothing.
const readEvery = 3 * time.Second

// read begins to take the text out of evidence files; closing the installation ends it.
func (i *installation) read(ctx context.Context, log *slog.Logger, files supervise.Opener, x *extract.Extractor) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		i.readOn(ctx, log, files, x)
	}()
	i.readDone = func() { cancel(); <-ended; x.Close() }
}

// readOn reads, again and again until ctx ends. What goes wrong is logged and tried
// again: the server goes on serving.
func (i *installation) readOn(ctx context.Context, log *slog.Logger, files supervise.Opener, x *extract.Extractor) {
	ticker := time.NewTicker(readEvery)
	defer ticker.Stop()
	for {
		if n, err := i.ReadFiles(ctx, files, x); ctx.Err() == nil && (n > 0 || err != nil) {
			log.Debug("evidence files read", slog.Int("number", n), slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
