package web

import (
	"context"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// How codes of the ledger are drawn. Words come from the catalogue; here is only
// which component state a code has.

// stageWord words a stage.
func stageWord(ctx context.Context, s ledger.Stage) string { return lang.T(ctx, "stage."+string(s)) }

type zoneKey struct{}

// when words an instant in the zone of the site.
func when(ctx context.Context, t time.Time) string {
	if zone, ok := ctx.Value(zoneKey{}).(*time.Location); ok && !t.IsZero() {
		t = t.In(zone)
	}
	return lang.Moment(t)
}

// warnDays is how many days before a deadline it counts as near (10, as in the
// three-colour warning of Jiangjin; see docs/sources.md).
const warnDays = 10

// light returns kind and words of a finding's deadline light. running is the
// deadline while it runs, due the deadline at all; both "" for none.
func light(ctx context.Context, today workday.Date, due, running string) (kind, text string) {
	l := lang.From(ctx)
	if running == "" && due != "" {
		return ui.Met, lang.Say(l, "light.stopped")
	}
	d, err := workday.Parse(running)
	if err != nil {
		return ui.NoDate, lang.Say(l, "light.none")
	}
	return ui.LightFor(l, d.Sub(today), warnDays)
}

// named picks the name in the reader's language of something that has two.
func named(ctx context.Context, zh, en string) string {
	if lang.From(ctx) == lang.EN && en != "" {
		return en
	}
	return zh
}

// conclusionHues colours conclusions; the word carries the meaning.
var conclusionHues = map[joint.Conclusion]string{
	joint.Agree: ui.Green, joint.Continue: ui.Blue, joint.Return: ui.Amber, joint.Abstained: ui.Grey, joint.Passed: ui.Grey,
}
