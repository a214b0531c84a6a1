package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
)

// What the pages of sending say depends on whether the document is judged as one
// text, and on whether the head pledges for it.

// empty reports whether there is nothing that could go into the next version.
func (v checkView) empty() bool { return len(v.Findings) == 0 && !v.Doc.Whole() }

// mayLeave reports whether the version can be sent now.
func (v checkView) mayLeave() bool {
	if v.Role != ledger.Liaison {
		return false
	}
	if !v.Pledge {
		return v.Latest.Stage == ledger.Prepared
	}
	return v.Latest.Stage == ledger.Pledging && !v.Changed
}

func checkSub(ctx context.Context, v checkView) string {
	if v.Doc.Whole() {
		return v.Round.Name
	}
	return lang.T(ctx, "send.sub", v.Round.Name, len(v.Findings))
}

func nothingText(doc mechanism.Doc) string {
	if doc == mechanism.ClosingDoc {
		return "application.nothing"
	}
	return "send.nothing.text"
}

func completeText(pledge bool) string {
	if pledge {
		return "send.complete.text"
	}
	return "documents.complete"
}

func waitsText(v checkView) string {
	if v.Pledge {
		return "send.waits." + string(v.Latest.Stage)
	}
	return "documents.waits"
}

func waitText(pledge bool) string {
	if pledge {
		return "send.wait_head"
	}
	return "documents.wait_liaison"
}

func prepareText(pledge bool) string {
	if pledge {
		return "send.prepare"
	}
	return "documents.prepare"
}

func pledgeWords(ctx context.Context, v checkView) string {
	if v.Doc.Whole() {
		return lang.T(ctx, "documents.pledge")
	}
	return lang.T(ctx, "send.pledge", len(v.Findings))
}

// lackPath leads to where what is missing can be written.
func lackPath(v checkView, l ledger.Lack) string {
	if ledger.IsWhole(l.Finding) {
		return writePath(v.Round.Number, v.Doc)
	}
	return fillPath(l.Finding)
}

// sentWords says when a version was sent, and who had pledged for it.
func sentWords(ctx context.Context, p ledger.Submission) string {
	if p.Sent.At.IsZero() {
		return lang.T(ctx, "send.stage."+string(p.Stage))
	}
	words := lang.T(ctx, "documents.sent_at", when(ctx, p.Sent.At))
	if !p.Doc.Whole() {
		words += " · " + lang.T(ctx, "count.findings", len(p.Sent.Findings))
	}
	if p.Pledge.Name != "" {
		words += " · " + lang.T(ctx, "documents.pledged_by", p.Pledge.Name, when(ctx, p.Pledge.At))
	}
	return words
}

// answerFrom leads from the letter to where the text can be changed or read.
func answerFrom(v answersView, finding string) string {
	switch {
	case !ledger.IsWhole(finding):
		return fillOrFinding(v.CanWrite, finding)
	case v.CanWrite:
		return writePath(v.Round.Number, v.Submission.Doc)
	}
	return submissionPath(v.Submission.ID)
}

func openWord(finding string) string {
	if ledger.IsWhole(finding) {
		return "documents.open"
	}
	return "answers.open"
}
