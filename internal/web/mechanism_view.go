package web

import (
	"context"
	"slices"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

// since says since when the current version is in force.
func (w way) since(ctx context.Context) string {
	switch {
	case w.Future:
		return lang.T(ctx, "mechanisms.from_day", w.History.Versions[0].From.String())
	case w.From.IsZero():
		return lang.T(ctx, "mechanisms.with_program")
	}
	return w.From.String()
}

// roundsOf names the rounds that run under the version.
func (w way) roundsOf(version int) (names []string) {
	for _, r := range w.Rounds {
		if r.Mechanism.Version == version {
			names = append(names, r.Name)
		}
	}
	return names
}

func (v mechanismView) sub(ctx context.Context) string {
	text := lang.T(ctx, "mechanisms.head", v.Code, v.Shown.Version)
	if v.Shown.Version == v.Current.Version && !v.Future {
		return text + " · " + lang.T(ctx, "mechanisms.head.in_force", v.since(ctx))
	}
	return text
}

// notCurrent says that another version is in force.
func (v mechanismView) notCurrent(ctx context.Context) string {
	return lang.T(ctx, "mechanisms.not_current", v.Shown.Version, v.Current.Version)
}

// comparePath compares the i-th version of the history with the one before it.
func (v mechanismView) comparePath(i int) string {
	list := v.versions()
	return mechanismPath(v.Code) + "?version=" + strconv.Itoa(list[i].Mechanism.Version) + "&against=" + strconv.Itoa(list[i+1].Mechanism.Version)
}

// by says who published the version and when.
func (v mechanismView) by(ctx context.Context, p ledger.Published) string {
	if p.By == "" {
		return lang.T(ctx, "mechanisms.with_program")
	}
	name := v.Names[p.By]
	if name == "" {
		name = p.By
	}
	return name + " " + lang.Moment(p.At.In(v.Zone))
}

// sits reports whether the party reviews the document, of some findings at least.
func sits(m mechanism.Mechanism, d mechanism.Document, p mechanism.Party) bool {
	return slices.Contains(m.Panel(d.Code, true), p.Code)
}

// table shows clauses as names and values.
func (s speaker) table(list []clause) []ui.KV {
	rows := make([]ui.KV, len(list))
	for i, c := range list {
		rows[i] = ui.KV{Key: c.Label, Value: c.Text}
	}
	return rows
}

// shared is what holds for all documents: the words first.
func (s speaker) shared() []clause {
	return append([]clause{
		{"words", s.t("mechanisms.words"), s.scale(s.m.Words)},
		{"conclusions", s.t("mechanisms.conclusions"), s.scale(s.m.Conclusions)},
	}, s.general()...)
}

func (s speaker) everyParty() string {
	var codes []joint.Party
	for _, p := range s.m.Parties {
		codes = append(codes, p.Code)
	}
	return s.parties(codes)
}
