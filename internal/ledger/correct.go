package ledger

import (
	"slices"

	"lianshen/internal/workday"
)

// Correct brings a finding in step with a ledger that was sent in again. A part
// that is as it was changes nothing; evidence is only ever added, and files stay
// with the piece they belong to.
type Correct struct {
	Number   string
	Class    Class
	Plan     Plan
	Progress Progress   // its evidence is not read
	Evidence []Evidence // to be added
	Import   string     // the import that brings it
}

func (a Correct) Target() Ref { return FindingRef(a.Number) }

// FindingCorrected holds the parts that differed.
type FindingCorrected struct {
	Import   string     `json:"import,omitempty"`
	Class    *Class     `json:"class,omitempty"`
	Plan     *Plan      `json:"plan,omitempty"`
	Progress *Progress  `json:"progress,omitempty"` // without evidence
	Evidence []Evidence `json:"evidence,omitempty"` // added
}

func (FindingCorrected) event() {}

// A Part of a finding is decided on as a whole by those who decide on it.
type Part string

// The parts that a ledger brings.
const (
	FeedbackPart Part = "feedback"
	ClassPart    Part = "class"
	WatchPart    Part = "watch"
	PlanPart     Part = "plan"
	ProgressPart Part = "progress"
)

// Keeps says why a ledger that is sent in again does not change the part; nil if
// it may. What people decided, sent or wrote here stands, whatever a file says: a
// file may be older than the decision, and does not show it.
func (f Finding) Keeps(p Part) error {
	switch {
	case p == FeedbackPart:
		return refuse("correct.feedback")
	case f.Stage.Done():
		return refuse("correct.ended")
	case f.Stage == ContinuingStage:
		return refuse("correct.continuing")
	}
	for _, in := range []string{f.PlanIn, f.ReportIn, f.ClosingIn} {
		if in != "" {
			return refuse("correct.in_review", in)
		}
	}
	switch p {
	case ClassPart:
		return f.keepsClass()
	case WatchPart:
		if f.WatchBy != "" {
			return refuse("correct.watch_set", f.WatchBy)
		}
	case PlanPart:
		if f.PlanPassed {
			return refuse("correct.plan_passed")
		}
		return f.keepsWritten()
	case ProgressPart:
		return f.keepsWritten()
	case FeedbackPart:
	}
	return nil
}

// keepsClass holds what the office decided, and what the parties judged by.
func (f Finding) keepsClass() error {
	switch {
	case f.ClassBy != "":
		return refuse("correct.class_set", f.ClassBy)
	case len(f.Extensions) > 0:
		return refuse("correct.extension")
	case f.LastReport != "" || f.PlanPassed || f.Reopened:
		return refuse("correct.judged")
	}
	return nil
}

// keepsWritten holds what the organisation writes itself: only it may change that.
func (f Finding) keepsWritten() error {
	if len(f.Editors) > 0 {
		return refuse("correct.written", f.Editors[len(f.Editors)-1])
	}
	return nil
}

func (f Finding) correct(act Correct, env Env) ([]Fact, error) {
	e := FindingCorrected{Import: act.Import}
	for _, step := range []func() error{
		func() error { return f.correctClass(act, env, &e) },
		func() error { return f.correctPlan(act, &e) },
		func() error { return f.correctProgress(act, env.Today, &e) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if e.Class == nil && e.Plan == nil && e.Progress == nil && len(e.Evidence) == 0 {
		return nil, refuse("act.nothing_changed")
	}
	return on(f, e), nil
}

func (f Finding) correctClass(act Correct, env Env, e *FindingCorrected) error {
	if act.Class == f.Class {
		return nil
	}
	if err := f.Keeps(ClassPart); err != nil {
		return err
	}
	e.Class = &act.Class
	return checkClass(act.Class, env.Round)
}

func (f Finding) correctPlan(act Correct, e *FindingCorrected) error {
	plan, err := checkPlan(f.Number, act.Plan)
	if err != nil || SamePlan(plan, f.Plan) {
		return err
	}
	e.Plan = &plan
	return f.Keeps(PlanPart)
}

func (f Finding) correctProgress(act Correct, today workday.Date, e *FindingCorrected) error {
	p := act.Progress
	p.Evidence = nil
	if !sameProgress(p, f.Progress) {
		e.Progress = &p
	}
	there := slices.Clone(f.Progress.Evidence)
	for _, x := range act.Evidence {
		x, err := checkEvidence(x, there, today)
		if err != nil {
			return err
		}
		there, e.Evidence = append(there, x), append(e.Evidence, x)
	}
	if e.Progress == nil && len(e.Evidence) == 0 {
		return nil
	}
	if err := f.Keeps(ProgressPart); err != nil {
		return err
	}
	return checkProgress(p)
}

// SamePlan reports whether two plans say the same.
func SamePlan(a, b Plan) bool {
	return a.Cause == b.Cause && a.Target == b.Target && a.Leader == b.Leader && a.Section == b.Section &&
		a.Handler == b.Handler && slices.Equal(a.Measures, b.Measures)
}

// sameProgress compares what is reported, apart from evidence.
func sameProgress(a, b Progress) bool {
	return a.Text == b.Text && a.Claim == b.Claim && a.EvidenceText == b.EvidenceText && a.Remark == b.Remark &&
		slices.Equal(a.Quantities, b.Quantities) && slices.Equal(a.Rules, b.Rules)
}

// applyCorrected leaves the stage alone: people move a finding on, files do not.
func (f Finding) applyCorrected(e FindingCorrected) Finding {
	if e.Class != nil {
		f.Class = *e.Class
	}
	if e.Plan != nil {
		f.Plan = *e.Plan
	}
	if e.Progress != nil {
		evidence := f.Progress.Evidence
		f.Progress = *e.Progress
		f.Progress.Evidence = evidence
	}
	if len(e.Evidence) > 0 {
		f.Progress.Evidence = append(slices.Clone(f.Progress.Evidence), e.Evidence...)
	}
	return f
}
