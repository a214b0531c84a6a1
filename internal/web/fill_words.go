package web

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

func itoa(n int) string { return strconv.Itoa(n) }

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

func draftWord(ctx context.Context, at string) string {
	if at == "" {
		return ""
	}
	return lang.T(ctx, "fill.draft_restored", at)
}

func claimChoices(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, c := range []ledger.Claim{ledger.NotStarted, ledger.InProgress, ledger.BasicallyDone, ledger.Done} {
		list = append(list, ui.Choice{Value: string(c), Label: claimWord(ctx, c)})
	}
	return list
}

// measureDue words the deadline of a measure; what was written goes before the date.
func measureDue(m ledger.Measure) string {
	if m.DeadlineText != "" {
		return m.DeadlineText
	}
	return m.Deadline.String()
}

// progressFacts are the parts of a report beside its text.
func progressFacts(ctx context.Context, p ledger.Progress) []ui.KV {
	list := []ui.KV{{Key: lang.T(ctx, "fill.claim"), Value: claimWord(ctx, p.Claim)}}
	for _, q := range p.Quantities {
		value := strings.Join([]string{orDash(q.Baseline), orDash(q.Target), orDash(q.Current)}, " → ")
		list = append(list, ui.KV{Key: q.Name, Value: value, Note: q.Unit})
	}
	for _, r := range p.Rules {
		list = append(list, ui.KV{Key: lang.T(ctx, "fill.rule"), Value: r.Title, Note: strings.TrimSpace(r.DocNumber + " " + r.Date.String())})
	}
	if p.Remark != "" {
		list = append(list, ui.KV{Key: lang.T(ctx, "fill.remark"), Value: p.Remark})
	}
	return list
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// nextWords says what the next version of the document would have.
func nextWords(ctx context.Context, d documentView) string {
	switch {
	case d.Doc.Whole():
		return lang.T(ctx, "documents.one_text")
	case d.Doc == mechanism.ClosingDoc:
		return lang.T(ctx, "application.next", d.Open)
	}
	return lang.T(ctx, "send.next", d.Open, d.Lacks)
}

// documentTasks words where each document stands, for the organisation.
func documentTasks(ctx context.Context, docs []documentView) []ui.Task {
	var tasks []ui.Task
	for _, d := range docs {
		chip, note := documentStand(ctx, d)
		tasks = append(tasks, ui.Task{Title: lang.T(ctx, "doc."+string(d.Doc)), Note: note, Href: d.Check, Chip: chip})
	}
	return tasks
}

func documentStand(ctx context.Context, d documentView) (ui.ChipWord, string) {
	version := lang.T(ctx, "send.version", d.Latest.Number)
	switch d.Latest.Stage {
	case ledger.Prepared:
		return ui.ChipWord{Hue: ui.Amber, Icon: "signature", Word: lang.T(ctx, "send.stage.prepared")}, version
	case ledger.Pledging:
		return ui.ChipWord{Hue: ui.Amber, Icon: "send", Word: lang.T(ctx, "send.stage.pledged")}, version
	case ledger.Reviewed:
		return ui.ChipWord{Hue: ui.Violet, Icon: "users", Word: lang.T(ctx, "send.stage.in_review")}, version
	case ledger.Accepted:
		if d.Open > 0 { // reopened, or due again
			break
		}
		return ui.ChipWord{Hue: ui.Green, Icon: "circle-check", Word: lang.T(ctx, "send.stage.accepted")}, version
	case ledger.Drafting:
		return ui.ChipWord{Hue: ui.Blue, Icon: "edit", Word: lang.T(ctx, "send.stage.drafting")}, version
	case ledger.SentBack:
		return ui.ChipWord{Hue: ui.Amber, Icon: "corner-up-left", Word: lang.T(ctx, "send.stage.returned")}, version + " · " + nextWords(ctx, d)
	}
	if d.Open == 0 || d.Doc.Whole() {
		return ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.T(ctx, "documents.not_begun")}, nextWords(ctx, d)
	}
	if d.Lacks > 0 {
		return ui.ChipWord{Hue: ui.Grey, Icon: "progress", Word: lang.T(ctx, "send.lacking", d.Lacks)}, lang.T(ctx, "send.next", d.Open, d.Lacks)
	}
	return ui.ChipWord{Hue: ui.Blue, Icon: "send", Word: lang.T(ctx, "send.ready")}, lang.T(ctx, "send.next", d.Open, d.Lacks)
}

func responseChoices(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, r := range []ledger.Response{ledger.Adopted, ledger.PartlyDone, ledger.NotAdopted} {
		list = append(list, ui.Choice{Value: string(r), Label: lang.T(ctx, "response."+string(r))})
	}
	return list
}

// fillOrFinding leads the organisation to the editor and everyone else to the finding.
func fillOrFinding(write bool, number string) string {
	if write {
		return fillPath(number)
	}
	return "/findings/" + number
}
