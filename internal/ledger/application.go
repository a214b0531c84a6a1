package ledger

import (
	"strings"

	"lianshen/internal/ledger/mechanism"
)

// WriteApplication saves the organisation's statement with which it applies for the
// closing of a recognised finding (销号申请): what it has checked itself, and who
// signed. An empty statement takes the finding out of the next application.
type WriteApplication struct{ Number, Statement string }

func (a WriteApplication) Target() Ref { return FindingRef(a.Number) }

// Events of the closing application of a finding.
type (
	ApplicationWritten struct {
		Statement string `json:"statement"`
		By        string `json:"by"`
	}
	// ClosingReviewed says what the letter on the closing application concluded.
	ClosingReviewed struct {
		Submission string `json:"submission"`
		Passed     bool   `json:"passed"`
	}
)

func (ApplicationWritten) event() {}
func (ClosingReviewed) event()    {}

// Appliable reports whether the closing of the finding may be applied for now.
func (f Finding) Appliable() bool {
	return f.Stage == Recognised && f.ClosingIn == "" && !f.ClosingPassed
}

func (f Finding) writeApplication(act WriteApplication, env Env) ([]Fact, error) {
	_, asked := env.Mechanism.Document(mechanism.ClosingDoc)
	statement := strings.TrimSpace(act.Statement)
	switch {
	case !asked:
		return nil, refuse("prepare.doc_unknown", string(mechanism.ClosingDoc))
	case f.Stage != Recognised:
		return nil, refuse("application.not_recognised", f.Number)
	case f.ClosingIn != "":
		return nil, refuse("application.in_review", f.ClosingIn)
	case f.ClosingPassed:
		return nil, refuse("application.passed", f.Number)
	case tooLong(MaxText, statement):
		return nil, refuse("field.too_long", MaxText)
	}
	return on(f, ApplicationWritten{statement, env.Person}), nil
}

// applied refuses to close a finding whose closing has to be applied for and has
// not been granted by the parties.
func (f Finding) applied(env Env) error {
	if _, asked := env.Mechanism.Document(mechanism.ClosingDoc); asked && !f.ClosingPassed {
		return refuse("close.application_missing", f.Number)
	}
	return nil
}

// applyClosing returns the finding after an event of its closing application.
func (f Finding) applyClosing(e Event) Finding {
	switch e := e.(type) {
	case ApplicationWritten:
		f.Application, f.Editors = e.Statement, with(f.Editors, e.By)
	case ClosingReviewed:
		// A finding that was reopened meanwhile has to be recognised again first.
		f.ClosingIn, f.ClosingPassed = "", e.Passed && f.Stage == Recognised
	}
	return f
}

// applyItem takes the finding out of the hands of the organisation, or of one who
// closes, while the document is under review.
func (f Finding) applyItem(e ItemSent) Finding {
	switch e.Item.Doc {
	case mechanism.Plan:
		f.PlanIn = e.Submission
	case mechanism.ClosingDoc:
		f.ClosingIn = e.Submission
	case mechanism.Report, mechanism.HeadReport, mechanism.LifeMeeting:
		return f.applySent(e.Submission)
	}
	return f
}
