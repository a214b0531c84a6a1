package web

import (
	"context"

	"lianshen/internal/ledger/mechanism"
)

// versionName is the name of a mechanism and the number of its version: 四方联审 v2.
func versionName(ctx context.Context, m mechanism.Mechanism) string {
	return named(ctx, m.Name, m.NameEn) + " v" + itoa(m.Version)
}
