package ledger

import (
	"slices"
	"strings"
	"unicode/utf8"

	"lianshen/internal/workday"
)

// Limits of what one field may hold, in characters. A longer text is refused,
// never cut.
const (
	MaxText     = 4000
	MaxProgress = 20000
	MaxShort    = 300
	MaxMeasures = 50
	MaxEvidence = 100
)

func (f Finding) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case Register:
		return f.register(act, env)
	case Classify:
		return f.classify(act, env)
	case Assign:
		if act.Watch.Body == "" {
			return nil, refuse("assign.body_missing")
		}
		return on(f, Assigned{act.Watch, env.Person}), nil
	case Correct:
		return f.correct(act, env)
	case WritePlan:
		return f.writePlan(act, env)
	case WriteProgress:
		return f.writeProgress(act, env)
	case Attach, Detach, AmendEvidence, ReplaceFile:
		return f.decideEvidence(act, env)
	case WriteApplication:
		return f.writeApplication(act, env)
	case Close:
		return f.close(env)
	case Acknowledge:
		return f.acknowledge(act, env)
	case AskExtension:
		return f.askExtension(act, env)
	case DecideExtension:
		return f.decideExtension(act, env)
	case Settle:
		return f.settle(act, env)
	case Reopen:
		return f.reopen(act, env)
	default:
		return nil, unhandled(f, act)
	}
}

func (f Finding) register(act Register, env Env) ([]Fact, error) {
	team, in := env.Round.Team(act.Organisation)
	switch {
	case f.Version > 0:
		return nil, refuse("register.number_taken", act.Number)
	case IsWhole(act.Number), strings.TrimSpace(act.Number) == "" || len(act.Number) > 40 || strings.ContainsAny(act.Number, " /:?#%\"'"):
		return nil, refuse("register.number_invalid", act.Number)
	case !in:
		return nil, refuse("register.not_in_round", act.Organisation)
	case strings.TrimSpace(act.Feedback.Text) == "":
		return nil, refuse("register.text_missing")
	case tooLong(MaxText, act.Feedback.Text):
		return nil, refuse("register.text_too_long", MaxText)
	}
	if err := checkClass(act.Class, env.Round); err != nil {
		return nil, err
	}
	if act.Progress.Claim == "" {
		act.Progress.Claim = NotStarted
	}
	plan, err := checkPlan(f.Number, act.Plan)
	if err != nil {
		return nil, err
	}
	if err := checkProgress(act.Progress); err != nil {
		return nil, err
	}
	return on(f, FindingRegistered{act.Round, act.Organisation, team, act.Feedback, act.Class, plan, act.Progress, act.Watch}), nil
}

func checkClass(c Class, r Round) error {
	switch {
	case !slices.Contains([]FindingKind{Immediate, Dated, LongTerm}, c.Kind):
		return refuse("class.kind_unknown", string(c.Kind))
	case strings.TrimSpace(c.Category) == "":
		return refuse("class.category_missing")
	case c.Deadline != workday.Date{} && c.Deadline.Before(r.FeedbackOn):
		return refuse("class.deadline_before_feedback", c.Deadline.String(), r.FeedbackOn.String())
	case tooLong(MaxShort, c.Category, c.Aspect, c.DeadlineText, c.Inspector):
		return refuse("field.too_long", MaxShort)
	}
	return nil
}

func (f Finding) classify(act Classify, env Env) ([]Fact, error) {
	if err := checkClass(act.Class, env.Round); err != nil {
		return nil, err
	}
	moved := act.Class.Deadline != f.Class.Deadline || act.Class.Kind != f.Class.Kind
	if moved && strings.TrimSpace(act.Reason) == "" {
		return nil, refuse("class.reason_missing")
	}
	if act.Class == f.Class {
		return nil, refuse("act.nothing_changed")
	}
	return on(f, Classified{act.Class, strings.TrimSpace(act.Reason), env.Person}), nil
}

func (f Finding) writePlan(act WritePlan, env Env) ([]Fact, error) {
	if f.PlanIn != "" {
		return nil, refuse("plan.in_review", f.PlanIn)
	}
	if f.Stage.Done() {
		return nil, refuse("finding.done")
	}
	plan, err := checkPlan(f.Number, act.Plan)
	if err != nil {
		return nil, err
	}
	return on(f, PlanWritten{plan, env.Person}), nil
}

// checkPlan drops empty measures and numbers those that have no number.
func checkPlan(number string, p Plan) (Plan, error) {
	if tooLong(MaxText, p.Cause, p.Target) || tooLong(MaxShort, p.Leader, p.Section, p.Handler) {
		return p, refuse("field.too_long", MaxText)
	}
	var kept []Measure
	for _, m := range p.Measures {
		if strings.TrimSpace(m.Text) != "" {
			kept = append(kept, m)
		}
	}
	if len(kept) > MaxMeasures {
		return p, refuse("plan.too_many_measures", MaxMeasures)
	}
	for i := range kept {
		if tooLong(MaxText, kept[i].Text) || tooLong(MaxShort, kept[i].Owner, kept[i].DeadlineText) {
			return p, refuse("plan.measure_too_long", i+1, MaxText)
		}
	}
	p.Measures = numbered(number, kept)
	return p, nil
}

// numbered gives each measure without a number the next free one. A number in
// use is never given again within the plan.
func numbered(finding string, measures []Measure) []Measure {
	used := map[string]bool{}
	for _, m := range measures {
		used[m.Number] = true
	}
	next := 1
	for i := range measures {
		for measures[i].Number == "" {
			if n := finding + "-" + itoa(next); !used[n] {
				measures[i].Number, used[n] = n, true
			}
			next++
		}
	}
	return measures
}

func (f Finding) writeProgress(act WriteProgress, env Env) ([]Fact, error) {
	if err := f.progressOpen(); err != nil {
		return nil, err
	}
	p := act.Progress
	p.Evidence = nil
	p.Quantities = slices.DeleteFunc(slices.Clone(p.Quantities), func(q Quantity) bool { return q == Quantity{} })
	p.Rules = slices.DeleteFunc(slices.Clone(p.Rules), func(r RuleMade) bool { return r == RuleMade{} })
	if err := checkProgress(p); err != nil {
		return nil, err
	}
	return on(f, ProgressWritten{p, env.Person}), nil
}

func checkProgress(p Progress) error {
	switch {
	case !slices.Contains([]Claim{NotStarted, InProgress, BasicallyDone, Done}, p.Claim):
		return refuse("progress.claim_unknown", string(p.Claim))
	case tooLong(MaxProgress, p.Text):
		return refuse("progress.too_long", MaxProgress)
	case len(p.Evidence) > MaxEvidence:
		return refuse("evidence.too_many", MaxEvidence)
	}
	for i, q := range p.Quantities {
		if strings.TrimSpace(q.Name) == "" {
			return refuse("progress.quantity_name", i+1)
		}
		for _, v := range []string{q.Baseline, q.Target, q.Current} {
			if !isNumber(v) {
				return refuse("progress.quantity_number", i+1, v)
			}
		}
	}
	for i, r := range p.Rules {
		if strings.TrimSpace(r.Title) == "" {
			return refuse("progress.rule_title", i+1)
		}
	}
	return nil
}

// progressOpen refuses edits of what is under review or settled.
func (f Finding) progressOpen() error {
	switch {
	case f.ReportIn != "":
		return refuse("progress.in_review", f.ReportIn)
	case f.Stage.Done():
		return refuse("finding.done")
	}
	return nil
}

func (f Finding) close(env Env) ([]Fact, error) {
	if f.Stage != Recognised {
		return nil, refuse("close.not_recognised", string(f.Stage))
	}
	if f.PlanIn != "" { // its letter would come to a finding that takes no more
		return nil, refuse("close.plan_in_review", f.PlanIn)
	}
	if err := f.applied(env); err != nil {
		return nil, err
	}
	if env.Mechanism.Closing.OpinionsClosed {
		for _, o := range env.Opinions {
			if !o.Settled() {
				return nil, refuse("close.opinion_open", o.ID)
			}
		}
	}
	return on(f, FindingClosed{Closing{On: env.Today, Submission: f.LastReport}}), nil
}

// Apply returns the finding after the event.
func (f Finding) Apply(e Event) State {
	switch e := e.(type) {
	case FindingRegistered:
		f = f.applyRegistered(e)
	case Classified:
		f.Class, f.ClassBy = e.Class, e.By
	case Assigned:
		f.Watch, f.WatchBy = e.Watch, e.By
	case FindingCorrected:
		f = f.applyCorrected(e)
	case PlanWritten:
		f.Plan, f.Editors = e.Plan, with(f.Editors, e.By)
		f.PlanPassed = false // what the parties passed was another text
	case ProgressWritten:
		evidence := f.Progress.Evidence
		f.Progress, f.Editors = e.Progress, with(f.Editors, e.By)
		f.Progress.Evidence = evidence
	case EvidenceAttached:
		f.Progress.Evidence, f.Editors = applyEvidence(f.Progress.Evidence, e), with(f.Editors, e.By)
	case EvidenceDetached:
		f.Progress.Evidence, f.Editors = applyEvidence(f.Progress.Evidence, e), with(f.Editors, e.By)
	case EvidenceAmended:
		f.Progress.Evidence, f.Editors = applyEvidence(f.Progress.Evidence, e), with(f.Editors, e.By)
	case FileReplaced:
		f.Progress.Evidence, f.Editors = applyEvidence(f.Progress.Evidence, e), with(f.Editors, e.By)
	default:
		f = f.applyLoop(e)
	}
	f.Version++
	return f
}

func (f Finding) applyRegistered(e FindingRegistered) Finding {
	f.Round, f.Organisation, f.Team = e.Round, e.Organisation, e.Team
	f.Feedback, f.TextHash, f.Class = e.Feedback, HashText(e.Feedback.Text), e.Class
	f.Plan, f.Progress, f.Watch = e.Plan, e.Progress, e.Watch
	f.Stage = Registered
	if len(e.Plan.Measures) > 0 {
		f.Stage = Rectifying
	}
	return f
}

// applyLoop moves the finding round the loop of submission, review and closing.
func (f Finding) applyLoop(e Event) Finding {
	switch e := e.(type) {
	case ItemSent:
		f = f.applyItem(e)
	case PlanReviewed:
		f.PlanIn, f.PlanPassed = "", e.Passed
		if e.Passed && f.Stage == Registered {
			f.Stage = Rectifying
		}
	case ReportReviewed:
		f.ReportIn, f.Stage, f.AnswerBy = "", Returned, e.AnswerBy
		if e.Recognised {
			f.Stage, f.Recognised = Recognised, e.On
		}
	case FindingClosed:
		f.Stage, f.Closed = ClosedStage, e.Closing
	default:
		f = f.applyLife(e)
	}
	return f
}

// applyLife keeps what is agreed, asked and decided about the finding itself.
func (f Finding) applyLife(e Event) Finding {
	switch e := e.(type) {
	case FindingAcknowledged:
		f.Acknowledgement = e.Acknowledgement
	case ExtensionAsked:
		f.Extensions = append(slices.Clip(f.Extensions), e.Extension)
	case ExtensionDecided:
		f = f.applyDecided(e)
	case FindingSettled:
		f = f.applySettled(e.Settlement)
	case FindingReopened:
		f = f.applyReopened(e)
	default:
		f = f.applyClosing(e)
	}
	return f
}

// with returns the set with one more member.
func with(set []string, member string) []string {
	if slices.Contains(set, member) {
		return set
	}
	return append(slices.Clone(set), member)
}

// tooLong reports whether one of the texts has more than limit characters.
func tooLong(limit int, texts ...string) bool {
	return slices.ContainsFunc(texts, func(s string) bool { return utf8.RuneCountInString(s) > limit })
}
