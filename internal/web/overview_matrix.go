package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// matrix is who has spoken on how much: counts, so that it may be shown while
// blind. Inspected organisations, who read letters only, get none.
func (st standing) matrix(ctx context.Context) (m ui.Matrix, shown bool) {
	if policy.ScopeOf(st.Who).Verdicts == policy.NoVerdicts {
		return m, false
	}
	m = ui.Matrix{
		Label: lang.T(ctx, "overview.matrix"), RowHead: lang.T(ctx, "word.organisation"),
		Parties: st.seals(ctx), LastHead: lang.T(ctx, "word.status"),
	}
	for _, p := range st.busy() {
		code := p.Organisation
		row := ui.MatrixRow{Label: st.name(code), Href: ledgerPath(st.Round.Number, "organisation", code), Chip: st.chip(ctx, p)}
		if p.ID != "" {
			row.Label = lang.T(ctx, "overview.matrix.row", st.name(code), lang.T(ctx, "overview.paper.short."+string(p.Doc), p.Number))
		}
		all := st.works(p)
		for _, party := range st.Round.Mechanism.Parties {
			work, seated := workOf(all, party.Code)
			if !seated {
				row.Cells = append(row.Cells, ui.Progress{})
				continue
			}
			row.Cells = append(row.Cells, work.cell(ctx))
		}
		m.Rows = append(m.Rows, row)
	}
	return m, len(m.Rows) > 0
}

// seals are the parties of the round, as heads of columns.
func (st standing) seals(ctx context.Context) (list []ui.Seal) {
	for _, p := range st.Round.Mechanism.Parties {
		list = append(list, ui.Seal{Mark: p.Seal, Name: named(ctx, p.Name, p.NameEn)})
	}
	return list
}

// chip says where a submission stands, and whose turn it is.
func (st standing) chip(ctx context.Context, p store.PaperRow) ui.ChipWord {
	switch p.Stage {
	case ledger.Reviewed:
		return st.reviewChip(ctx, p)
	case ledger.SentBack:
		return ui.ChipWord{Hue: ui.Amber, Icon: "corner-up-left", Word: lang.T(ctx, "overview.stand.sent_back")}
	case ledger.Accepted:
		return ui.ChipWord{Hue: ui.Green, Icon: "circle-check", Word: lang.T(ctx, "overview.stand.accepted")}
	case ledger.Drafting, ledger.Prepared, ledger.Pledging:
	}
	return ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.T(ctx, "overview.stand.unsent")}
}

func (st standing) reviewChip(ctx context.Context, p store.PaperRow) ui.ChipWord {
	missing, merged := st.missing(p), st.Merged[p.ID]
	switch {
	case len(missing) == 0 && merged >= p.Findings:
		return ui.ChipWord{Hue: ui.Blue, Icon: "file-text", Word: lang.T(ctx, "overview.stand.to_deliver")}
	case len(missing) == 0 && merged == 0:
		return ui.ChipWord{Hue: ui.Violet, Icon: "users-group", Word: lang.T(ctx, "overview.stand.to_consolidate")}
	case len(missing) == 0:
		return ui.ChipWord{Hue: ui.Violet, Icon: "users-group", Word: lang.T(ctx, "overview.stand.consolidating", merged, p.Findings)}
	case len(st.Given[p.ID]) == 0:
		return ui.ChipWord{Hue: ui.Grey, Icon: "inbox", Word: lang.T(ctx, "overview.stand.to_review")}
	case len(missing) < len(st.Round.Mechanism.Panel(p.Doc, true)):
		return ui.ChipWord{Hue: ui.Amber, Icon: "clock", Word: lang.T(ctx, "overview.stand.waiting", len(missing))}
	default:
		return ui.ChipWord{Hue: ui.Blue, Icon: "progress", Word: lang.T(ctx, "overview.stand.in_review")}
	}
}

// papers are an organisation's own documents and where they stand.
func (st standing) papers(ctx context.Context) (list []ui.Task) {
	for _, doc := range st.documents() {
		p := st.latest(st.Who.Organisation, doc)
		t := ui.Task{
			Title: lang.T(ctx, "doc."+string(doc)), Href: documentPath(st.Round.Number, doc, p.Stage), Note: lang.T(ctx, "overview.papers.none"),
			Chip: ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.T(ctx, "overview.stand.unsent")},
		}
		if p.ID != "" {
			look := paperLooks[p.Stage]
			t.Title = paperWord(ctx, doc, p.Number)
			t.Note = st.paperNote(ctx, p)
			t.Chip = ui.ChipWord{Hue: look.Hue, Icon: look.Icon, Word: lang.T(ctx, "send.stage."+string(p.Stage))}
		}
		list = append(list, t)
	}
	return list
}

var paperLooks = map[ledger.SubmissionStage]struct{ Hue, Icon string }{
	ledger.Drafting: {ui.Grey, "edit"}, ledger.Prepared: {ui.Amber, "signature"}, ledger.Pledging: {ui.Amber, "send"}, ledger.Reviewed: {ui.Violet, "users"},
	ledger.SentBack: {ui.Amber, "corner-up-left"}, ledger.Accepted: {ui.Green, "circle-check"},
}

// paperNote says how far a submission has come, by its last date.
func (st standing) paperNote(ctx context.Context, p store.PaperRow) string {
	switch {
	case !p.Received.IsZero() && st.Owed[p.ID].Unanswered > 0:
		return lang.T(ctx, "overview.papers.unanswered", st.Owed[p.ID].Unanswered, lang.Date(lang.From(ctx), p.AnswerBy))
	case !p.Received.IsZero():
		return lang.T(ctx, "overview.papers.received", st.dayOf(ctx, p.Received))
	case !p.Delivered.IsZero():
		return lang.T(ctx, "overview.papers.delivered", st.dayOf(ctx, p.Delivered))
	case !p.Sent.IsZero():
		return lang.T(ctx, "overview.papers.sent", st.dayOf(ctx, p.Sent), p.Findings)
	}
	return ""
}

// progressMore leads from the progress to where the actor can move it on.
func progressMore(ctx context.Context, st standing) ui.Link {
	switch {
	case edits(st.Who, st.Round.Mechanism):
		return ui.Link{Href: st.path("consolidate"), Label: lang.T(ctx, "nav.consolidate")}
	case policy.CanOpen(st.Who, policy.PageReview):
		return ui.Link{Href: st.path("review"), Label: lang.T(ctx, "nav.review")}
	}
	return ui.Link{}
}
