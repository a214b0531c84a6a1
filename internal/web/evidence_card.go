package web

import (
	"context"
	"slices"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// evidenceCards draws the evidence of a finding with what there is to know beside
// it: that it awaits its scan, that it is used elsewhere, that its document number
// stands on another file as well.
func (s *Server) evidenceCards(ctx context.Context, scope policy.Scope, f ledger.Finding) ([]ui.Evidence, error) {
	if len(f.Progress.Evidence) == 0 {
		return nil, nil
	}
	db := s.Supervise.DB.Read()
	twins, err := db.EvidenceTwins(ctx, scope, f.Number)
	if err != nil {
		return nil, err
	}
	var digests []string
	for _, e := range f.Progress.Evidence {
		if e.File.SHA256 != "" {
			digests = append(digests, e.File.SHA256)
		}
	}
	scans, err := db.ScansOf(ctx, digests)
	if err != nil {
		return nil, err
	}
	cards := make([]ui.Evidence, len(f.Progress.Evidence))
	for i, e := range f.Progress.Evidence {
		cards[i] = evidenceCard(lang.From(ctx), f.Number, e)
		if flag, held := heldFlag(ctx, scans[e.File.SHA256]); held {
			cards[i].Href, cards[i].View = "", ""
			cards[i].Flags = append(cards[i].Flags, flag)
		}
		cards[i].Flags = append(cards[i].Flags, twinFlags(ctx, e, twins)...)
	}
	return cards, nil
}

// heldFlag says why a file is given to nobody.
func heldFlag(ctx context.Context, scan store.Scan) (ui.ChipWord, bool) {
	switch scan.Said {
	case store.Awaiting:
		return ui.ChipWord{Hue: ui.Amber, Icon: "clock", Word: lang.T(ctx, "evidence.awaiting")}, true
	case store.Infected:
		return ui.ChipWord{Hue: ui.Red, Icon: "alert-triangle", Word: lang.T(ctx, "evidence.infected", scan.Found)}, true
	case store.Clean:
	}
	return ui.ChipWord{}, false
}

// twinFlags names the findings that share the file, or only the document number.
func twinFlags(ctx context.Context, e ledger.Evidence, twins []store.EvidenceTwin) (flags []ui.ChipWord) {
	var same, other []string
	for _, t := range twins {
		list := &other
		if t.Same {
			list = &same
		}
		if t.ID == e.ID && !slices.Contains(*list, t.Finding) {
			*list = append(*list, t.Finding)
		}
	}
	if len(same) > 0 {
		flags = append(flags, ui.ChipWord{Hue: ui.Blue, Icon: "link", Word: lang.T(ctx, "evidence.also_at", someOf(ctx, same))})
	}
	if len(other) > 0 {
		flags = append(flags, ui.ChipWord{Hue: ui.Amber, Icon: "alert-circle", Word: lang.T(ctx, "evidence.number_twice", someOf(ctx, other))})
	}
	return flags
}

// someOf names the first few and counts the rest.
func someOf(ctx context.Context, numbers []string) string {
	const few = 3
	text := numbers[0]
	for _, n := range numbers[1:min(few, len(numbers))] {
		text = lang.T(ctx, "evidence.list_of", text, n)
	}
	if more := len(numbers) - few; more > 0 {
		text = lang.T(ctx, "evidence.and_more", text, more)
	}
	return text
}

// versionOf returns the evidence with the n-th version of its file, counted from 1;
// without a number with the newest.
func versionOf(e ledger.Evidence, number string) (ledger.Evidence, bool) {
	if number == "" {
		return e, true
	}
	n, err := strconv.Atoi(number)
	files := e.Files()
	if err != nil || n < 1 || n > len(files) {
		return e, false
	}
	e.File = files[n-1]
	return e, true
}
