package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/supervise"
	"lianshen/internal/trail"
)

// trailName is the name of who acted, be it the set-up or the command line; the
// identity of whoever has no name.
func trailName(ctx context.Context, names map[string]string, e trail.Record) string {
	if name, known := names[e.Actor]; known {
		return name
	}
	if key := "actor." + e.Actor; lang.Has(key) {
		return lang.T(ctx, key)
	}
	return e.Actor
}

// faultWord says what does not fit, and where.
func faultWord(ctx context.Context, f supervise.Fault) string {
	if f.Record.ID != "" {
		return lang.T(ctx, f.Code, lang.T(ctx, "cli.kind."+string(f.Record.Kind)), f.Record.ID, f.Column)
	}
	return lang.T(ctx, f.Code, f.Entry)
}
