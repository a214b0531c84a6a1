package web

import (
	"context"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/web/ui"
)

// newestEntries is how many entries of the record stand open on the page.
const newestEntries = 6

// foldedAt is the length in characters from which a text of the timeline is folded.
const foldedAt = 120

// folded gives the beginning of a long text.
func folded(text string) (short string, long bool) {
	r := []rune(text)
	if len(r) <= foldedAt {
		return text, false
	}
	return string(r[:foldedAt]) + "…", true
}

func quantity(value, unit string) string {
	if value == "" {
		return "—"
	}
	return value + " " + unit
}

func kindChoices(ctx context.Context) []ui.Choice {
	var choices []ui.Choice
	for _, code := range kindCodes {
		choices = append(choices, ui.Choice{Value: code, Label: lang.T(ctx, "kind."+code)})
	}
	return choices
}

func (d *findingData) anchors(ctx context.Context) []ui.Anchor {
	list := []ui.Anchor{{ID: "text", Label: lang.T(ctx, "finding.anchor.text"), Count: -1, Current: true}}
	if d.seesParties() && d.version() != "" {
		list = append(list, ui.Anchor{ID: "review", Label: lang.T(ctx, "nav.review"), Count: len(d.panel()) - len(d.missing())})
	}
	if len(d.Opinions) > 0 {
		list = append(list, ui.Anchor{ID: "opinions", Label: lang.T(ctx, "finding.opinions"), Count: len(d.Opinions)})
	}
	return append(list,
		ui.Anchor{ID: "progress", Label: lang.T(ctx, "fill.progress"), Count: len(d.Versions)},
		ui.Anchor{ID: "evidence", Label: lang.T(ctx, "word.evidence"), Count: len(d.Finding.Progress.Evidence)},
		ui.Anchor{ID: "log", Label: lang.T(ctx, "finding.log"), Count: -1},
	)
}

// order are the hidden fields of a form: the version it was made from and the
// key under which it is done once. A form that was refused keeps its key.
func (d findingData) order() []ui.Hidden {
	return []ui.Hidden{{Name: "seen", Value: strconv.FormatInt(d.Finding.Version, 10)}, {Name: "key", Value: d.Forms.Key}}
}

// opens reports whether the form of the act is shown open: it was refused.
func (d findingData) opens(act string) bool { return d.Forms.Open == act && d.Forms.Conflict == nil }

func (d findingData) problemsOf(act string) map[string]string {
	if d.Forms.Open != act {
		return nil
	}
	return d.Forms.Problems
}

func (d findingData) problems(act string, order ...string) []ui.FieldProblem {
	return fieldProblems(d.problemsOf(act), order...)
}

func (d findingData) noteFor(opinion string) string {
	if d.Forms.Opinion == opinion {
		return d.Forms.Note
	}
	return ""
}

func (d findingData) recheckProblem(opinion string) string {
	if d.Forms.Opinion == opinion {
		return d.problemsOf(actRecheck)["note"]
	}
	return ""
}

// unsettledNow are the opinions that keep a recognised finding from being closed.
func (d findingData) unsettledNow() []ledger.Opinion {
	if d.Finding.Stage != ledger.Recognised || !d.Round.Mechanism.Closing.OpinionsClosed {
		return nil
	}
	return d.unsettled()
}

func (d findingData) partyName(ctx context.Context, code joint.Party) string {
	p, _ := d.Round.Mechanism.Party(code)
	return or(named(ctx, p.Name, p.NameEn), string(code))
}
