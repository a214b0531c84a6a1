package web

import (
	"context"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// The steps of the loop, from 0.
const (
	stepFeedback = iota
	stepPlan
	stepReport
	stepReview
	stepLetter
	stepRecognised
	stepClosed
)

var stepKeys = []string{"feedback", "plan", "report", "review", "letter", "recognised", "closed"}

// at is the step at which the finding stands.
func (d *findingData) at() int {
	switch f := d.Finding; f.Stage {
	case ledger.Recognised:
		return stepClosed
	case ledger.ClosedStage:
		return stepClosed + 1
	case ledger.Returned, ledger.ContinuingStage:
		return stepLetter
	case ledger.SettledStage:
		if f.LastReport != "" {
			return stepRecognised
		}
	case ledger.InReview:
		if d.seesParties() && len(d.missing()) == 0 {
			return stepLetter
		}
		return stepReview
	case ledger.Registered, ledger.Rectifying:
		if len(f.Plan.Measures) == 0 || f.PlanIn != "" {
			return stepPlan
		}
	}
	return stepReport
}

// steps draws the loop with where the finding stands and why.
func (d *findingData) steps(ctx context.Context) []ui.LoopStep {
	at := d.at()
	steps := make([]ui.LoopStep, len(stepKeys))
	for i, key := range stepKeys {
		steps[i] = ui.LoopStep{Label: lang.T(ctx, "finding.step."+key), Note: orDash(d.stepNote(ctx, i))}
		switch {
		case i < at:
			steps[i].State = "ok"
		case i == at:
			steps[i].State = "now"
		}
	}
	if d.Finding.Stage == ledger.SettledStage { // it left the loop where it stood
		steps[at].State = ""
		steps[stepClosed] = ui.LoopStep{Label: outcomeWord(ctx, d.Finding.Settlement.Outcome), Note: d.Finding.Settlement.On.String(), State: "ok"}
	}
	return steps
}

func (d *findingData) stepNote(ctx context.Context, step int) string {
	f, last := d.Finding, d.latest().Submission
	switch step {
	case stepFeedback:
		return d.Round.FeedbackOn.String()
	case stepPlan:
		switch {
		case f.PlanIn != "":
			return lang.T(ctx, "stage.in_review")
		case f.PlanPassed:
			return lang.T(ctx, "finding.plan_passed")
		case len(f.Plan.Measures) > 0:
			return lang.T(ctx, "finding.measures_n", len(f.Plan.Measures))
		}
	case stepReport:
		if last.Doc == mechanism.Report {
			return lang.T(ctx, "finding.version_on", last.Number, d.day(last.Sent.At))
		}
	case stepReview:
		if n := len(d.panel()); last.ID != "" && d.seesParties() {
			return lang.T(ctx, "finding.given_n", n-len(d.missing()), n)
		}
	case stepLetter:
		if !last.Letter.At.IsZero() {
			return lang.T(ctx, "finding.delivered_on", d.day(last.Letter.At))
		}
	case stepRecognised:
		return f.Recognised.String()
	case stepClosed:
		return f.Closed.On.String()
	}
	return ""
}

// seesParties reports whether the reader may know which party has spoken.
func (d *findingData) seesParties() bool { return d.Scope.Verdicts != policy.NoVerdicts }

// missing are the parties that have not spoken on the version sent last.
func (d *findingData) missing() (list []mechanism.Party) {
	for _, p := range d.panel() {
		if !d.Spoken[p.Code] {
			list = append(list, p)
		}
	}
	return list
}

// panel are the parties that review the version sent last.
func (d *findingData) panel() (list []mechanism.Party) {
	m := d.Round.Mechanism
	seated := m.Panel(d.latest().Submission.Doc, d.Finding.Class.OrganCadre)
	for _, p := range m.Parties {
		if slices.Contains(seated, p.Code) {
			list = append(list, p)
		}
	}
	return list
}

// A nextStep says who has to do what, with a button for the one whose turn it is.
type nextStep struct {
	Text        string
	Href, Label string
	Icon        string
	Close       bool // the button closes the finding
}

// next finds out whose turn it is.
func (d *findingData) next(ctx context.Context) nextStep {
	f, org := d.Finding, d.shortName()
	switch f.Stage {
	case ledger.Registered, ledger.Rectifying:
		return d.nextFill(ctx, "finding.next."+string(f.Stage), org)
	case ledger.InReview:
		return d.nextReview(ctx)
	case ledger.Returned:
		n := d.nextFill(ctx, "finding.next.returned", org, orDash(f.Due().String()))
		if d.unanswered() > 0 {
			n.Href = "/submissions/" + d.latest().Submission.ID + "/answers"
			n.Label = lang.T(ctx, "finding.do.answer")
		}
		return n
	case ledger.Recognised:
		return d.nextClose(ctx)
	case ledger.ClosedStage:
		return nextStep{Text: lang.T(ctx, "finding.next.closed", f.Closed.On.String())}
	case ledger.ContinuingStage:
		return d.nextContinuing(ctx)
	case ledger.SettledStage:
		return nextStep{Text: lang.T(ctx, "finding.next.settled", f.Settlement.On.String(), outcomeWord(ctx, f.Settlement.Outcome))}
	}
	return nextStep{}
}

// nextFill is the organisation's turn.
func (d *findingData) nextFill(ctx context.Context, key string, args ...any) nextStep {
	n := nextStep{Text: lang.T(ctx, key, args...)}
	if policy.Can(d.Who, ledger.WritePlan{}, d.Finding.Subject()) {
		n.Href, n.Label, n.Icon = fillPath(d.Finding.Number), lang.T(ctx, "finding.do.fill"), "edit"
	}
	return n
}

// nextReview is the turn of the parties or, when all have spoken, of the office.
// To an inspected organisation both are one.
func (d *findingData) nextReview(ctx context.Context) nextStep {
	last, number := d.latest().Submission, d.Finding.Number
	if !d.seesParties() {
		return nextStep{Text: lang.T(ctx, "finding.next.in_review", last.Number)}
	}
	missing := d.missing()
	if len(missing) == 0 {
		n := nextStep{Text: lang.T(ctx, "finding.next.consolidate")}
		if policy.Can(d.Who, ledger.Consolidate{}, d.Finding.Subject().Under(d.Round.Mechanism)) {
			n.Href, n.Label, n.Icon = "/consolidate/"+last.ID+"/"+number, lang.T(ctx, "finding.do.consolidate"), "users-group"
		}
		return n
	}
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = named(ctx, p.Name, p.NameEn)
	}
	n := nextStep{Text: lang.T(ctx, "finding.next.parties", strings.Join(names, lang.T(ctx, "word.and")))}
	for _, p := range missing {
		if d.speaksFor(p.Code) {
			n.Href, n.Label, n.Icon = reviewPath(last.ID, number), lang.T(ctx, "finding.do.review"), "scale"
		}
	}
	return n
}

func (d *findingData) speaksFor(p joint.Party) bool {
	return policy.Can(d.Who, ledger.GiveVerdict{Party: p}, d.Finding.Subject())
}

// nextClose is the office's turn to close, or that of those whom closing waits for.
func (d *findingData) nextClose(ctx context.Context) nextStep {
	if open := d.unsettled(); len(open) > 0 && d.Round.Mechanism.Closing.OpinionsClosed {
		n := nextStep{Text: lang.T(ctx, "finding.next.unsettled", len(open))}
		for _, o := range open {
			if o.Stage == ledger.Answered && policy.Can(d.Who, ledger.Recheck{}, o.Subject()) {
				n.Href, n.Label, n.Icon = "#opinions", lang.T(ctx, "finding.do.recheck"), "checks"
			}
		}
		return n
	}
	if d.Finding.PlanIn != "" {
		return nextStep{Text: lang.T(ctx, "close.plan_in_review", d.Finding.PlanIn)}
	}
	if _, asked := d.Round.Mechanism.Document(mechanism.ClosingDoc); asked && !d.Finding.ClosingPassed {
		return d.nextApply(ctx)
	}
	return nextStep{
		Text:  lang.T(ctx, "finding.next.recognised", d.Finding.Recognised.String()),
		Close: policy.Can(d.Who, ledger.Close{}, d.Finding.Subject()),
	}
}

// nextApply says what is missing where closing has to be applied for: the
// statement, its sending, or the word of the parties.
func (d *findingData) nextApply(ctx context.Context) nextStep {
	f, org := d.Finding, d.shortName()
	n := nextStep{Text: lang.T(ctx, "finding.next.apply", org)}
	switch {
	case f.ClosingIn != "":
		return nextStep{Text: lang.T(ctx, "finding.next.applied")}
	case f.Application != "":
		n.Text = lang.T(ctx, "finding.next.apply_send", org)
	}
	if policy.Can(d.Who, ledger.WriteApplication{}, f.Subject()) {
		n.Href, n.Label, n.Icon = roundPath(f.Round, "closing"), lang.T(ctx, "finding.do.apply"), "edit"
	}
	return n
}

// unsettled are the opinions on which something is still due.
func (d *findingData) unsettled() (open []ledger.Opinion) {
	for _, o := range d.Opinions {
		if !o.Settled() {
			open = append(open, o)
		}
	}
	return open
}

// unanswered counts the entries of delivered letters without an answer.
func (d *findingData) unanswered() int {
	n := 0
	for _, c := range d.Letters {
		for _, e := range c.Entries {
			if e.Answer.Response == "" {
				n++
			}
		}
	}
	return n
}

// shortName is what the organisation was called when the round was fed back.
func (d *findingData) shortName() string { return d.Organisation.NameOn(d.Round.FeedbackOn).Short }
