package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/supervise"
	"lianshen/internal/trail"
)

// trailName is the name of who acted; a job or the set-up has only its identity.
func trailName(names map[string]string, e trail.Record) string {
	if name, known := names[e.Actor]; known {
		return name
	}
	return e.Actor
}

// faultPlace says where a verification stopped.
func faultPlace(ctx context.Context, f supervise.Fault) string {
	switch {
	case f.Column != "":
		return lang.T(ctx, "verify.place.column", f.Record.String(), f.Column)
	case f.Record.ID != "":
		return lang.T(ctx, "verify.place.record", f.Record.String())
	case f.Entry > 0:
		return lang.T(ctx, "verify.place.entry", f.Entry)
	}
	return ""
}
