package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

// A lineItem is one stretch of the progress: a version that was sent, the letter
// on it, what stood in the ledger at first, what has not been sent yet.
type lineItem struct {
	Icon, Hue       string
	Who, Text, When string
	Body            string // long text, folded where it is long
	Facts           []ui.KV
	Entries         []ledger.Entry // of a letter
	Link            ui.Link
}

// progressLine tells the progress by what was sent, newest first.
func (d *findingData) progressLine(ctx context.Context) []lineItem {
	items := []lineItem{}
	if e, registered := d.registered(); registered && e.Progress.Text != "" {
		items = append(items, lineItem{
			Icon: "table", Hue: "", Who: d.person(d.Trail[0].Actor), Text: lang.T(ctx, "finding.line.registered"),
			When: d.moment(d.Trail[0].At), Body: e.Progress.Text,
		})
	}
	for _, v := range d.Versions {
		items = append(items, d.sentLine(ctx, v.Submission, v.Item))
		if c, made := d.letterOf(v.Submission.ID); made {
			items = append(items, d.letterLine(ctx, v.Submission, c))
		}
	}
	if d.unsent() {
		items = append(items, lineItem{
			Icon: "edit", Hue: ui.Amber, Who: d.shortName(), Text: lang.T(ctx, "finding.line.unsent"), Body: d.Finding.Progress.Text,
		})
	}
	slices.Reverse(items)
	return items
}

// registered is how the finding was entered.
func (d *findingData) registered() (ledger.FindingRegistered, bool) {
	if len(d.Trail) == 0 {
		return ledger.FindingRegistered{}, false
	}
	e, err := ledger.DecodeEvent(d.Trail[0].Event, d.Trail[0].Body)
	if err != nil {
		return ledger.FindingRegistered{}, false
	}
	r, ok := e.(ledger.FindingRegistered)
	return r, ok
}

func (d *findingData) sentLine(ctx context.Context, s ledger.Submission, item ledger.Item) lineItem {
	line := lineItem{
		Icon: "send", Hue: ui.Blue, Who: d.shortName(), Text: lang.T(ctx, "finding.line.sent", versionWords(ctx, s)),
		When: lang.Moment(s.Sent.At.In(d.Zone)), Body: item.Progress.Text,
		Link: ui.Link{Href: "/submissions/" + s.ID, Label: lang.T(ctx, "finding.line.open")},
	}
	if s.Doc == mechanism.Plan {
		line.Body = item.Plan.Target
		return line
	}
	line.Facts = progressFacts(ctx, item.Progress)
	return line
}

func (d *findingData) letterLine(ctx context.Context, s ledger.Submission, c ledger.Consolidation) lineItem {
	line := lineItem{Icon: "corner-up-left", Hue: ui.Amber, Entries: c.Entries, Body: c.Reason}
	if c.Agreed() {
		line.Icon, line.Hue = "circle-check", ui.Green
	}
	word := conclusionWord(ctx, d.Round.Mechanism, c.Conclusion)
	if s.Letter.At.IsZero() {
		line.Text, line.When = lang.T(ctx, "finding.line.consolidated", word), lang.Moment(c.At.In(d.Zone))
		return line
	}
	line.Text, line.When = lang.T(ctx, "finding.line.letter", s.Letter.Number, word), lang.Moment(s.Letter.At.In(d.Zone))
	line.Link = ui.Link{Href: "/submissions/" + s.ID + "/letter", Label: lang.T(ctx, "finding.line.letter.open")}
	if !d.seesParties() {
		line.Body = "" // the reason is for the parties; the letter has the entries
	}
	return line
}
