package web

import (
	"context"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
)

// times returns how often the opinion has been raised, itself included, and the
// opinions it raises again. all are the opinions of its party on its finding; one
// that is not among them still counts.
func times(o ledger.Opinion, all []ledger.Opinion) (n int, last []ledger.Opinion) {
	if len(o.Renews) == 0 {
		return 1, nil
	}
	before := 1
	for _, x := range all {
		if x.ID != o.ID && slices.Contains(o.Renews, x.ID) {
			depth, _ := times(x, all)
			before, last = max(before, depth), append(last, x)
		}
	}
	return before + 1, last
}

// chainLine says that the opinion is raised again, for which time, and what was
// said the time before; "" for one raised for the first time.
func chainLine(ctx context.Context, o ledger.Opinion, all []ledger.Opinion) string {
	n, last := times(o, all)
	if n == 1 {
		return ""
	}
	var texts []string
	for _, x := range last {
		texts = append(texts, short(x.Said.Text, 60))
	}
	return lang.T(ctx, "review.nth", n, strings.Join(texts, " / "))
}
