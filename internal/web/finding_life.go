package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// The finding's own life on its page: what the organisation holds of it, how its
// deadline moved, how it ended, and which endings did not last.

func outcomeWord(ctx context.Context, o mechanism.Outcome) string {
	return lang.T(ctx, "outcome."+string(o))
}

func positionWord(ctx context.Context, p ledger.Position) string {
	return lang.T(ctx, "position."+string(p))
}

// positionHues colours what an organisation holds; the word carries the meaning.
var positionHues = map[ledger.Position]ui.ChipWord{
	ledger.Agrees:       {Hue: ui.Green, Icon: "circle-check"},
	ledger.PartlyAgrees: {Hue: ui.Amber, Icon: "circle-half-2"},
	ledger.Disagrees:    {Hue: ui.Red, Icon: "circle-x"},
}

// positionChip is what the organisation holds of the finding; grey where it has
// not said.
func positionChip(ctx context.Context, p ledger.Position) ui.ChipWord {
	chip, said := positionHues[p]
	if !said {
		return ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.T(ctx, "position.unsaid")}
	}
	chip.Word = positionWord(ctx, p)
	return chip
}

// asks reports whether the round asks the organisation whether it agrees.
func (d findingData) asks() bool { return d.Round.Mechanism.Acceptance }

// may reports whether the reader may do the act to this finding, where some
// rights depend on who does what by the mechanism.
func (d findingData) may(act ledger.Act) bool {
	return policy.Can(d.Who, act, d.Finding.Subject().Under(d.Round.Mechanism))
}

// mayAcknowledge, mayAsk, mayDecide, maySettle: who may, while it makes sense.
func (d findingData) mayAcknowledge() bool {
	f := d.Finding
	return d.asks() && !f.Stage.Done() && f.PlanIn == "" && !f.PlanPassed && d.may(ledger.Acknowledge{})
}

func (d findingData) mayAsk() bool {
	f := d.Finding
	_, pending := f.Pending()
	most := d.Round.Mechanism.Extension.Most
	return !pending && !f.Stage.Done() && f.Stage != ledger.ContinuingStage && !f.Class.Deadline.IsZero() &&
		(most == 0 || f.Granted() < most) && d.may(ledger.AskExtension{})
}

func (d findingData) mayDecide() bool {
	_, pending := d.Finding.Pending()
	return pending && d.may(ledger.DecideExtension{})
}

func (d findingData) maySettle() bool {
	f := d.Finding
	return len(d.outcomes()) > 0 && !f.Stage.Done() && f.ReportIn == "" && f.PlanIn == "" && d.may(ledger.Settle{})
}

// outcomes are those the mechanism allows for this finding as it stands.
func (d findingData) outcomes() []mechanism.Outcome {
	return slices.DeleteFunc(slices.Clone(d.Round.Mechanism.Closing.Outcomes), func(o mechanism.Outcome) bool {
		return o == mechanism.Rectified || o == mechanism.Continuing && d.Finding.LastReport == ""
	})
}

func (d findingData) outcomeChoices(ctx context.Context) []ui.Choice {
	var choices []ui.Choice
	for _, o := range d.outcomes() {
		choices = append(choices, ui.Choice{Value: string(o), Label: outcomeWord(ctx, o)})
	}
	return choices
}

// nextContinuing says until when the finding rests, or that its day has come.
func (d *findingData) nextContinuing(ctx context.Context) nextStep {
	until := d.Finding.Settlement.Until.String()
	if d.Finding.Resting(d.Today) {
		return nextStep{Text: lang.T(ctx, "finding.next.continuing", until)}
	}
	return d.nextFill(ctx, "finding.next.continuing.due", until, d.shortName())
}

// outcomeFacts describe how the finding ended or rests.
func (d findingData) outcomeFacts(ctx context.Context) []ui.KV {
	s := d.Finding.Settlement
	if s.Outcome == "" {
		return nil
	}
	facts := []ui.KV{{Key: lang.T(ctx, "finding.outcome"), Value: outcomeWord(ctx, s.Outcome), Note: s.On.String()}}
	for _, x := range []ui.KV{
		{Key: lang.T(ctx, "finding.outcome.until"), Value: s.Until.String()},
		{Key: lang.T(ctx, "finding.outcome.into"), Value: s.Into, Href: findingPath(s.Into)},
		{Key: lang.T(ctx, "finding.outcome.reference"), Value: s.Reference},
		{Key: lang.T(ctx, "finding.outcome.recipient"), Value: s.Recipient},
		{Key: lang.T(ctx, "finding.outcome.reason"), Value: s.Reason},
	} {
		if x.Value != "" {
			facts = append(facts, x)
		}
	}
	return facts
}

// pastWords tell the endings that did not last, oldest first.
func pastWords(ctx context.Context, f ledger.Finding) (lines []string) {
	for _, p := range f.Past {
		how := lang.T(ctx, "finding.past.recognised", p.Recognised.String())
		switch p.Stage {
		case ledger.ClosedStage:
			how = lang.T(ctx, "finding.past.closed", p.Closed.On.String(), p.Closed.Submission)
		case ledger.ContinuingStage, ledger.SettledStage:
			how = lang.T(ctx, "finding.past.settled", outcomeWord(ctx, p.Settlement.Outcome), p.Settlement.On.String())
		case ledger.Registered, ledger.Rectifying, ledger.InReview, ledger.Returned, ledger.Recognised:
		}
		then := lang.T(ctx, "finding.past.renewed")
		switch {
		case p.Reason != "":
			then = lang.T(ctx, "finding.past.reopened", p.Reopened.String(), p.Reason)
		case p.Again != "":
			then = lang.T(ctx, "finding.past.again", p.Again)
		}
		lines = append(lines, lang.T(ctx, "ui.list", how, then))
	}
	return lines
}

// deadlineMove is one change of the deadline, or one that was asked for.
type deadlineMove struct {
	From, To string
	State    ui.ChipWord
	Lines    []string // who, when, why
	at       int64
}

// moves lists what was asked about the deadline and, beside it, what the office
// corrected itself, oldest first.
func (d *findingData) moves(ctx context.Context) ([]deadlineMove, error) {
	var list []deadlineMove
	for _, e := range d.Finding.Extensions {
		list = append(list, d.extensionMove(ctx, e))
	}
	before := ledger.Finding{Number: d.Finding.Number}
	for _, rec := range d.Trail {
		e, err := ledger.DecodeEvent(rec.Event, rec.Body)
		if err != nil {
			return nil, err
		}
		if c, ok := e.(ledger.Classified); ok && c.Class.Deadline != before.Class.Deadline {
			list = append(list, deadlineMove{
				From: before.Class.Deadline.String(), To: c.Class.Deadline.String(), at: rec.At,
				State: ui.ChipWord{Hue: ui.Grey, Icon: "edit", Word: lang.T(ctx, "finding.ext.corrected")},
				Lines: []string{joinWords(d.person(rec.Actor), d.moment(rec.At)), c.Reason},
			})
		}
		before = before.Apply(e).(ledger.Finding)
	}
	slices.SortStableFunc(list, func(a, b deadlineMove) int { return int(a.at/1000 - b.at/1000) })
	return list, nil
}

func (d *findingData) extensionMove(ctx context.Context, e ledger.Extension) deadlineMove {
	m := deadlineMove{
		From: e.From.String(), To: e.To.String(), at: e.AskedAt.UnixMicro(),
		Lines: []string{joinWords(d.person(e.AskedBy), lang.Moment(e.AskedAt.In(d.Zone))), e.Reason},
	}
	switch {
	case e.Pending():
		m.State = ui.ChipWord{Hue: ui.Amber, Icon: "clock", Word: lang.T(ctx, "finding.ext.pending")}
		return m
	case e.Granted:
		m.State = ui.ChipWord{Hue: ui.Green, Icon: "circle-check", Word: lang.T(ctx, "finding.ext.granted")}
	default:
		m.State = ui.ChipWord{Hue: ui.Red, Icon: "circle-x", Word: lang.T(ctx, "finding.ext.refused")}
	}
	m.Lines = append(m.Lines, joinWords(d.person(e.DecidedBy), lang.Moment(e.DecidedAt.In(d.Zone))), e.DecisionReason)
	return m
}

// joinWords puts a dot between words that are there.
func joinWords(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// earlier names the deadline that the organisation had before the last extension.
func earlier(ctx context.Context, f ledger.Finding) string {
	for _, e := range slices.Backward(f.Extensions) {
		if e.Granted {
			return lang.T(ctx, "finding.ext.was", dayOr(e.From, e.FromText))
		}
	}
	return ""
}

// life words what was agreed, asked and decided about the finding itself.
func (c *changeList) life(e ledger.Event) {
	switch e := e.(type) {
	case ledger.FindingAcknowledged:
		c.add(positionWord(c.ctx, e.Acknowledgement.Position))
		c.note("finding.ack.grounds", e.Acknowledgement.Grounds)
	case ledger.ExtensionAsked:
		c.field("word.deadline", e.Extension.From.String(), e.Extension.To.String())
		c.note("ui.reason", e.Extension.Reason)
	case ledger.ExtensionDecided:
		if e.Granted {
			c.field("word.deadline", dayOr(e.From, e.FromText), e.To.String())
		}
		c.note("ui.reason", e.Reason)
	case ledger.FindingSettled:
		s := e.Settlement
		c.add(outcomeWord(c.ctx, s.Outcome))
		c.note("finding.outcome.until", s.Until.String())
		c.note("finding.outcome.into", s.Into)
		c.note("finding.outcome.reference", s.Reference)
		c.note("finding.outcome.recipient", s.Recipient)
		c.note("ui.reason", s.Reason)
	}
}
