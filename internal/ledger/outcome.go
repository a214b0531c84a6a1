package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// Done reports whether nothing more is expected of the organisation: the finding
// is recognised, closed or settled. Only opening it again changes that.
func (s Stage) Done() bool { return s == Recognised || s == ClosedStage || s == SettledStage }

// A Settlement is an outcome other than rectified (非整改办结), or the rest of a
// finding on which work continues (持续整改).
type Settlement struct {
	Outcome    mechanism.Outcome `json:"outcome"`
	Reason     string            `json:"reason"`
	Until      workday.Date      `json:"until,omitzero"`      // continuing: the day on which it is due again
	Into       string            `json:"into,omitempty"`      // merged: the finding that goes on
	Reference  string            `json:"reference,omitempty"` // referred: number of the paper
	Recipient  string            `json:"recipient,omitempty"` // referred: to whom
	On         workday.Date      `json:"on"`
	Submission string            `json:"submission,omitempty"` // last report it rests on
	From       Stage             `json:"from"`                 // where the finding stood
	Person     string            `json:"person"`
}

// An Ending is one that did not last: how the finding had ended, and how it was
// taken up again. Endings are only ever added.
type Ending struct {
	Stage      Stage        `json:"stage"` // recognised, closed, continuing or settled
	Recognised workday.Date `json:"recognised,omitzero"`
	Closed     Closing      `json:"closed,omitzero"`
	Settlement Settlement   `json:"settlement,omitzero"`
	Reopened   workday.Date `json:"reopened,omitzero"` // by a person, who gave a reason
	Reason     string       `json:"reason,omitempty"`
	Person     string       `json:"person,omitempty"`
	Again      string       `json:"again,omitempty"` // or by the report that was due: its submission
}

// Settle gives a finding an outcome other than rectified, or lets it rest until
// a day. Only outcomes that the mechanism lists are allowed.
type Settle struct {
	Number    string
	Outcome   mechanism.Outcome
	Reason    string
	Until     workday.Date // continuing
	Into      string       // merged
	Reference string       // referred
	Recipient string       // referred
}

func (a Settle) Target() Ref { return FindingRef(a.Number) }

// FindingSettled says with what outcome.
type FindingSettled struct {
	Settlement Settlement `json:"settlement"`
}

func (FindingSettled) event() {}

// settle expects in env.Findings the finding it is merged into, if there is one,
// and those that were merged into this one.
func (f Finding) settle(act Settle, env Env) ([]Fact, error) {
	s := Settlement{
		Outcome: act.Outcome, Reason: strings.TrimSpace(act.Reason), On: env.Today, Submission: f.LastReport, From: f.Stage, Person: env.Person,
	}
	under := f.ReportIn
	if under == "" {
		under = f.PlanIn
	}
	switch {
	case !slices.Contains(env.Mechanism.Closing.Outcomes, act.Outcome) || act.Outcome == mechanism.Rectified:
		return nil, refuse("settle.outcome_not_allowed")
	case under != "":
		return nil, refuse("settle.in_review", under)
	case f.Stage.Done():
		return nil, refuse("settle.done")
	case s.Reason == "":
		return nil, refuse("settle.reason_missing")
	case tooLong(MaxText, s.Reason) || tooLong(MaxShort, act.Reference, act.Recipient):
		return nil, refuse("field.too_long", MaxShort)
	}
	if f.Stage == ContinuingStage {
		s.From = f.Settlement.From // where it stood before it came to rest
	}
	var err error
	switch act.Outcome {
	case mechanism.Continuing:
		s.Until, err = act.Until, f.checkUntil(act.Until, env)
	case mechanism.MergedInto:
		s.Into = strings.TrimSpace(act.Into)
		err = f.checkInto(s.Into, env.Findings)
	case mechanism.ReferredTo:
		s.Reference, s.Recipient = strings.TrimSpace(act.Reference), strings.TrimSpace(act.Recipient)
		err = checkReferral(s)
	case mechanism.NotRectified, mechanism.Withdrawn, mechanism.Rectified:
	}
	if err != nil {
		return nil, err
	}
	return on(f, FindingSettled{s}), nil
}

// checkUntil sees that the rest ends. What has never been reported on cannot
// have been found to need more time.
func (f Finding) checkUntil(until workday.Date, env Env) error {
	most := env.Mechanism.Closing.ContinueDays
	switch {
	case f.LastReport == "":
		return refuse("settle.not_reported")
	case until.IsZero():
		return refuse("settle.until_missing")
	case !until.After(env.Today):
		return refuse("settle.until_past", until.String())
	case most > 0 && until.After(env.Today.AddDays(most)):
		return refuse("settle.until_too_far", env.Today.AddDays(most).String(), most)
	}
	return nil
}

// checkInto sees that the work goes on somewhere: in a finding of the same
// organisation and round that has not ended. Chains are refused at both ends.
func (f Finding) checkInto(into string, known []Finding) error {
	if into == "" {
		return refuse("settle.into_missing")
	}
	var target Finding
	for _, x := range known {
		if x.Number == into {
			target = x
		}
		if merged, on := x.MergedInto(); merged && on == f.Number {
			return refuse("settle.others_merged", x.Number)
		}
	}
	merged, on := target.MergedInto()
	switch {
	case target.Number == "" || target.Organisation != f.Organisation || target.Round != f.Round || target.Number == f.Number:
		return refuse("settle.into_unknown", into)
	case merged:
		return refuse("settle.into_merged", into, on)
	case target.Stage.Done():
		return refuse("settle.into_done", into)
	}
	return nil
}

// MergedInto returns the finding that goes on in place of this one.
func (f Finding) MergedInto() (merged bool, into string) {
	if f.Stage != SettledStage || f.Settlement.Outcome != mechanism.MergedInto {
		return false, ""
	}
	return true, f.Settlement.Into
}

func checkReferral(s Settlement) error {
	switch {
	case s.Reference == "":
		return refuse("settle.reference_missing")
	case s.Recipient == "":
		return refuse("settle.recipient_missing")
	}
	return nil
}

// Outcome returns how the finding ended or rests; "" while it is neither.
func (f Finding) Outcome() mechanism.Outcome {
	switch f.Stage {
	case ClosedStage:
		return mechanism.Rectified
	case ContinuingStage, SettledStage:
		return f.Settlement.Outcome
	case Registered, Rectifying, InReview, Returned, Recognised:
	}
	return ""
}

// Resting reports whether the finding continues and its day has not come.
// Nothing is stored when it comes: the finding is due again because of the date.
func (f Finding) Resting(today workday.Date) bool {
	return f.Stage == ContinuingStage && today.Before(f.Settlement.Until)
}

func (f Finding) reopen(act Reopen, env Env) ([]Fact, error) {
	if !f.Stage.Done() && f.Stage != ContinuingStage {
		return nil, refuse("reopen.not_done", string(f.Stage))
	}
	if strings.TrimSpace(act.Reason) == "" {
		return nil, refuse("reopen.reason_missing")
	}
	return on(f, FindingReopened{Reason: strings.TrimSpace(act.Reason), On: env.Today, By: env.Person}), nil
}

func (f Finding) applySettled(s Settlement) Finding {
	if f.Stage == ContinuingStage { // one rest follows on another: the first one stays on record
		f.Past = append(slices.Clip(f.Past), Ending{Stage: f.Stage, Settlement: f.Settlement})
	}
	f.Settlement, f.Stage = s, SettledStage
	if s.Outcome == mechanism.Continuing {
		f.Stage = ContinuingStage
	}
	return f
}

// applyReopened puts the finding back to work. One that was never reported on
// goes back to where it stood; there is nothing to send back.
func (f Finding) applyReopened(e FindingReopened) Finding {
	f.Past = append(slices.Clip(f.Past), Ending{
		Stage: f.Stage, Recognised: f.Recognised, Closed: f.Closed, Settlement: f.Settlement,
		Reopened: e.On, Reason: e.Reason, Person: e.By,
	})
	back := Returned
	if f.LastReport == "" && f.Settlement.From != "" {
		back = f.Settlement.From
	}
	f.Stage, f.Reopened = back, true
	f.Closed, f.Recognised, f.Settlement, f.AnswerBy = Closing{}, workday.Date{}, Settlement{}, workday.Date{}
	f.Application, f.ClosingPassed = "", false // both spoke of what was recognised then
	return f
}

// applySent ends the rest of a continuing finding, which is under review again.
func (f Finding) applySent(submission string) Finding {
	if f.Stage == ContinuingStage {
		f.Past = append(slices.Clip(f.Past), Ending{Stage: f.Stage, Settlement: f.Settlement, Again: submission})
		f.Settlement = Settlement{}
	}
	f.ReportIn, f.LastReport, f.Stage, f.Reopened = submission, submission, InReview, false
	return f
}
