package web

import (
	"context"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/trail"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// draftEvents change what an organisation is still writing. Who may not read
// drafts does not read of them either.
var draftEvents = []string{
	ledger.EventName(ledger.PlanWritten{}), ledger.EventName(ledger.ProgressWritten{}),
	ledger.EventName(ledger.EvidenceAttached{}), ledger.EventName(ledger.EvidenceDetached{}),
	ledger.EventName(ledger.EvidenceAmended{}), ledger.EventName(ledger.FileReplaced{}),
	ledger.EventName(ledger.ApplicationWritten{}),
}

// history words the finding's own events, newest first. What the parties said is
// no event of the finding: it cannot come out here.
func (d *findingData) history(ctx context.Context) ([]ui.LogEntry, error) {
	var entries []ui.LogEntry
	before := ledger.Finding{Number: d.Finding.Number}
	for _, rec := range d.Trail {
		e, err := ledger.DecodeEvent(rec.Event, rec.Body)
		if err != nil {
			return nil, err
		}
		after := before.Apply(e).(ledger.Finding)
		if d.Scope.Drafts || !slices.Contains(draftEvents, rec.Event) {
			entries = append(entries, d.logEntry(ctx, rec, e, before, after))
		}
		before = after
	}
	slices.Reverse(entries)
	return entries, nil
}

func (d *findingData) logEntry(ctx context.Context, rec trail.Record, e ledger.Event, before, after ledger.Finding) ui.LogEntry {
	return ui.LogEntry{
		When: d.moment(rec.At), Who: d.person(rec.Actor), Text: eventWords(ctx, e),
		Detail: strings.Join(d.changes(ctx, e, before, after), lang.T(ctx, "finding.change.and")),
		Seq:    int(rec.Seq), Hash: shortHash(trail.HexHash(rec.Leaf)),
	}
}

// eventWords says in a few words what happened.
func eventWords(ctx context.Context, e ledger.Event) string {
	switch e := e.(type) {
	case ledger.PlanReviewed:
		return lang.T(ctx, "finding.event.PlanReviewed."+passed(e.Passed))
	case ledger.ReportReviewed:
		return lang.T(ctx, "finding.event.ReportReviewed."+passed(e.Recognised))
	case ledger.ExtensionDecided:
		return lang.T(ctx, "finding.event.ExtensionDecided."+passed(e.Granted))
	case ledger.ClosingReviewed:
		return lang.T(ctx, "finding.event.ClosingReviewed."+passed(e.Passed))
	}
	return lang.T(ctx, "finding.event."+ledger.EventName(e))
}

func passed(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// changes lists what the event changed, field by field, and its reason.
func (d *findingData) changes(ctx context.Context, e ledger.Event, before, after ledger.Finding) []string {
	c := changeList{ctx: ctx}
	switch e := e.(type) {
	case ledger.Classified:
		c.class(before.Class, after.Class)
		c.note("ui.reason", e.Reason)
	case ledger.Assigned:
		c.field("ledger_page.assign.person", watchWords(d.Bodies, before.Watch), watchWords(d.Bodies, after.Watch))
	case ledger.FindingCorrected:
		c.corrected(ctx, before, after, len(e.Evidence))
	case ledger.PlanWritten:
		c.plan(before.Plan, after.Plan)
	case ledger.ProgressWritten:
		c.progress(ctx, before.Progress, after.Progress)
		c.count("fill.quantities", len(before.Progress.Quantities), len(after.Progress.Quantities))
		c.count("fill.rules", len(before.Progress.Rules), len(after.Progress.Rules))
	case ledger.EvidenceAttached:
		c.add(e.Evidence.Name)
	case ledger.EvidenceDetached:
		c.add(evidenceName(before.Progress.Evidence, e.Evidence))
	case ledger.EvidenceAmended:
		c.add(e.Evidence.Name)
	case ledger.FileReplaced:
		c.add(evidenceName(before.Progress.Evidence, e.Evidence) + " · " + e.File.Name)
	case ledger.ItemSent:
		c.add(lang.T(ctx, "doc."+string(e.Item.Doc)) + " · " + e.Submission)
	case ledger.ApplicationWritten:
		c.rewritten("doc.closing", before.Application, after.Application)
	case ledger.PlanReviewed:
		c.add(d.ruled(ctx, e.Submission))
	case ledger.ReportReviewed:
		c.add(d.ruled(ctx, e.Submission))
		c.note("finding.answer_by", e.AnswerBy.String())
	case ledger.ClosingReviewed:
		c.add(d.ruled(ctx, e.Submission))
	case ledger.FindingClosed:
		c.add(e.Closing.Submission)
	case ledger.FindingReopened:
		c.note("ui.reason", e.Reason)
	default:
		c.life(e)
	}
	return c.list
}

// ruled says that an override or a joint meeting decided what a letter concluded of
// the finding, who wrote it down and why. An organisation reads it where its letters
// give reasons.
func (d *findingData) ruled(ctx context.Context, submission string) string {
	if !d.seesParties() && !d.Round.Mechanism.Letter.Reasons {
		return ""
	}
	for _, c := range d.Letters {
		if c.Submission == submission && (c.Override || c.Meeting != "") {
			who := howRuled(ctx, c.Ruling)
			if d.seesParties() {
				who += lang.T(ctx, "finding.ruled.by", onBehalf(ctx, d.person(c.Person), c.OnBehalf))
			}
			return lang.T(ctx, "ui.seal", who, c.Reason)
		}
	}
	return ""
}

// A changeList collects what changed.
type changeList struct {
	ctx  context.Context
	list []string
}

func (c *changeList) add(text string) {
	if text != "" {
		c.list = append(c.list, text)
	}
}

func (c *changeList) note(label, text string) {
	if text != "" {
		c.add(lang.T(c.ctx, "ui.seal", lang.T(c.ctx, label), text))
	}
}

// field notes a short value that changed: 期限 2026-02-20 → 2026-03-31.
func (c *changeList) field(label, before, after string) {
	if before != after {
		c.add(lang.T(c.ctx, "finding.change", lang.T(c.ctx, label), orDash(before), orDash(after)))
	}
}

// rewritten notes a long text that changed; the text itself is in the versions.
func (c *changeList) rewritten(label, before, after string) {
	if before != after {
		c.add(lang.T(c.ctx, "finding.rewritten", lang.T(c.ctx, label)))
	}
}

func (c *changeList) count(label string, before, after int) {
	c.field(label, itoa(before), itoa(after))
}

func (c *changeList) class(before, after ledger.Class) {
	c.field("ledger_page.category", before.Category, after.Category)
	c.field("finding.aspect", before.Aspect, after.Aspect)
	c.field("ledger_page.kind", lang.T(c.ctx, "kind."+string(before.Kind)), lang.T(c.ctx, "kind."+string(after.Kind)))
	c.field("word.deadline", dayOr(before.Deadline, before.DeadlineText), dayOr(after.Deadline, after.DeadlineText))
	c.field("ledger_page.cadre", yesNo(c.ctx, before.OrganCadre), yesNo(c.ctx, after.OrganCadre))
}

func (c *changeList) plan(before, after ledger.Plan) {
	c.rewritten("fill.cause", before.Cause, after.Cause)
	c.rewritten("fill.target", before.Target, after.Target)
	c.field("fill.leader", before.Leader, after.Leader)
	c.field("fill.section", before.Section, after.Section)
	c.field("fill.handler", before.Handler, after.Handler)
	if !slices.Equal(before.Measures, after.Measures) {
		c.add(lang.T(c.ctx, "finding.change.measures", len(before.Measures), len(after.Measures)))
	}
}

func (c *changeList) progress(ctx context.Context, before, after ledger.Progress) {
	c.field("fill.claim", claimOrNone(ctx, before.Claim), claimOrNone(ctx, after.Claim))
	c.rewritten("fill.progress", before.Text, after.Text)
}

// corrected notes what an imported ledger changed.
func (c *changeList) corrected(ctx context.Context, before, after ledger.Finding, evidence int) {
	c.class(before.Class, after.Class)
	c.plan(before.Plan, after.Plan)
	c.progress(ctx, before.Progress, after.Progress)
	if evidence > 0 {
		c.count("word.evidence", len(before.Progress.Evidence), len(after.Progress.Evidence))
	}
}

func claimOrNone(ctx context.Context, c ledger.Claim) string {
	if c == "" {
		return ""
	}
	return claimWord(ctx, c)
}

// dayOr is a date with what was written beside it.
func dayOr(d workday.Date, text string) string {
	if d.IsZero() {
		return text
	}
	return d.String()
}

func evidenceName(list []ledger.Evidence, id string) string {
	for _, e := range list {
		if e.ID == id {
			return e.Name
		}
	}
	return id
}
