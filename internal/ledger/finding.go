package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"lianshen/internal/workday"
)

// A Finding is one problem as fed back by the inspection, with everything that
// is done about it. What was fed back never changes after registration.
type Finding struct {
	Number       string `json:"number"` // "08-JT-012": unique, never reused
	Round        int    `json:"round"`
	Organisation string `json:"organisation"`
	Team         string `json:"team"` // body of the team that inspected the organisation

	Feedback          // as fed back
	TextHash string   `json:"text_hash"` // SHA-256 of Text, hex
	Class    Class    `json:"class"`     // what the office may correct
	Plan     Plan     `json:"plan"`      // what the organisation means to do
	Progress Progress `json:"progress"`  // what it says it has done
	Watch    Watch    `json:"watch,omitzero"`

	Stage      Stage  `json:"stage"`
	PlanPassed bool   `json:"plan_passed,omitempty"`
	PlanIn     string `json:"plan_in,omitempty"`   // submission that has the plan under review; "" when it may be edited
	ReportIn   string `json:"report_in,omitempty"` // likewise for the progress
	LastReport string `json:"last_report,omitempty"`

	Application   string `json:"application,omitempty"`    // statement with which its closing is applied for
	ClosingIn     string `json:"closing_in,omitempty"`     // submission that has the closing application under review
	ClosingPassed bool   `json:"closing_passed,omitempty"` // the parties agree to the closing

	AnswerBy   workday.Date `json:"answer_by,omitzero"`  // set by the letter that sent the finding back
	Recognised workday.Date `json:"recognised,omitzero"` // day of the letter that recognised it
	Closed     Closing      `json:"closed,omitzero"`
	Reopened   bool         `json:"reopened,omitempty"` // and not reported on since: no earlier verdict counts

	Acknowledgement Acknowledgement `json:"acknowledgement,omitzero"`
	Extensions      []Extension     `json:"extensions,omitempty"` // oldest first; only the last may be pending
	Settlement      Settlement      `json:"settlement,omitzero"`  // while the stage is continuing or settled
	Past            []Ending        `json:"past,omitempty"`       // endings that did not last, oldest first

	Editors []string `json:"editors,omitempty"`  // people who wrote the plan or the progress
	ClassBy string   `json:"class_by,omitempty"` // who filed it by hand, last
	WatchBy string   `json:"watch_by,omitempty"` // who named the supervising side by hand, last
	Version int64    `json:"version"`
}

// Feedback is the finding in the inspection's own words.
type Feedback struct {
	Text           string   `json:"text"`
	Manifestations []string `json:"manifestations,omitempty"`
}

// Class is how the office files the finding.
type Class struct {
	Category     string       `json:"category"`         // 反馈类别
	Aspect       string       `json:"aspect,omitempty"` // 方面
	Kind         FindingKind  `json:"kind"`
	OrganCadre   bool         `json:"organ_cadre,omitempty"` // 涉组涉干
	Deadline     workday.Date `json:"deadline,omitzero"`
	DeadlineText string       `json:"deadline_text,omitempty"` // as written, where it is not just a date
	Inspector    string       `json:"inspector,omitempty"`     // 提出人: who of the team raised it; several separated by 、
}

// FindingKind is the deadline class. It says nothing about the state.
type FindingKind string

// The kinds of finding.
const (
	Immediate FindingKind = "immediate" // 立行立改
	Dated     FindingKind = "dated"     // 限期整改
	LongTerm  FindingKind = "long_term" // 长期坚持
)

// Plan is the rectification plan for one finding.
type Plan struct {
	Cause    string    `json:"cause,omitempty"`
	Target   string    `json:"target,omitempty"`
	Measures []Measure `json:"measures,omitempty"`
	Leader   string    `json:"leader,omitempty"`  // 责任领导
	Section  string    `json:"section,omitempty"` // 牵头科室
	Handler  string    `json:"handler,omitempty"` // 经办人
}

// A Measure is one thing to be done. An empty owner means the handler.
type Measure struct {
	Number       string       `json:"number,omitempty"` // "08-JT-012-1"
	Text         string       `json:"text"`
	Owner        string       `json:"owner,omitempty"`
	Deadline     workday.Date `json:"deadline,omitzero"`
	DeadlineText string       `json:"deadline_text,omitempty"`
}

// Progress is what the organisation reports on one finding.
type Progress struct {
	Text         string     `json:"text,omitempty"`
	Claim        Claim      `json:"claim"`
	Quantities   []Quantity `json:"quantities,omitempty"`
	Rules        []RuleMade `json:"rules,omitempty"`
	Evidence     []Evidence `json:"evidence,omitempty"`
	EvidenceText string     `json:"evidence_text,omitempty"` // as written in a ledger, where no material is named
	Remark       string     `json:"remark,omitempty"`
}

// Claim is the organisation's own view (自评状态). It never drives a recognised rate.
type Claim string

// The claims.
const (
	NotStarted    Claim = "not_started"
	InProgress    Claim = "in_progress"
	BasicallyDone Claim = "basically_done"
	Done          Claim = "done"
)

// A Quantity measures the effect: 公务卡结算比例 69.9 % -> 100 %, now 90.5 %.
// The three values are decimal numbers as text, so that nothing is rounded.
type Quantity struct {
	Name     string `json:"name"`
	Unit     string `json:"unit,omitempty"`
	Baseline string `json:"baseline,omitempty"`
	Target   string `json:"target,omitempty"`
	Current  string `json:"current,omitempty"`
}

// A RuleMade is a rule that the organisation made or revised (建章立制).
type RuleMade struct {
	Title     string       `json:"title"`
	DocNumber string       `json:"doc_number,omitempty"`
	Date      workday.Date `json:"date,omitzero"`
}

// Watch is the supervising side: who urges (督促), not who rectifies.
type Watch struct {
	Body    string `json:"body,omitempty"`
	Section string `json:"section,omitempty"` // 督促科室
	Person  string `json:"person,omitempty"`  // 责任人
	Number  string `json:"number,omitempty"`  // in the duty list: "ZZ-08-001"
}

// Closing is the end of a finding (销号): when and on which version of the report.
type Closing struct {
	On         workday.Date `json:"on"`
	Submission string       `json:"submission"`
}

// Stage is where a finding stands, set by what people do, never by a date.
type Stage string

// The stages.
const (
	Registered  Stage = "registered" // 未启动: no plan yet
	Rectifying  Stage = "rectifying" // 整改中
	InReview    Stage = "in_review"  // 会审中
	Returned    Stage = "returned"   // 退回补充: the organisation's turn
	Recognised  Stage = "recognised" // 已完成: the parties agree
	ClosedStage Stage = "closed"     // 已销号

	ContinuingStage Stage = "continuing" // 持续整改: rests until a day
	SettledStage    Stage = "settled"    // 已办结（非整改）: ended otherwise than by being rectified
)

// Stages lists them in the order of the loop.
func Stages() []Stage {
	return []Stage{Registered, Rectifying, InReview, Returned, ContinuingStage, Recognised, ClosedStage, SettledStage}
}

func (f Finding) Ref() Ref   { return FindingRef(f.Number) }
func (f Finding) Ver() int64 { return f.Version }
func (f Finding) Subject() Subject {
	return Subject{Kind: KindFinding, Round: f.Round, Organisation: f.Organisation, Team: f.Team}
}

// Due returns the day by which the finding is to be rectified: its deadline, or
// a later one that the letter gave when it sent the finding back, or the day
// until which it rests.
func (f Finding) Due() workday.Date {
	if f.Stage == ContinuingStage {
		return f.Settlement.Until
	}
	if f.Stage == Returned && f.AnswerBy.After(f.Class.Deadline) {
		return f.AnswerBy
	}
	return f.Class.Deadline
}

// Running reports whether the deadline still runs. It stops when the
// organisation claims the finding done, and runs again when it is sent back.
func (f Finding) Running() bool {
	switch f.Stage {
	case Recognised, ClosedStage, SettledStage:
		return false
	case Returned, ContinuingStage:
		return true
	case Registered, Rectifying, InReview:
	}
	return f.Progress.Claim != Done
}

// FindingRef names the finding with the number.
func FindingRef(number string) Ref { return Ref{KindFinding, number} }

// HashText returns the SHA-256 of a text, in hex.
func HashText(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Acts on findings.
type (
	// Register enters a finding as fed back; an imported ledger may bring plan
	// and progress along.
	Register struct {
		Number, Organisation string
		Round                int
		Feedback             Feedback
		Class                Class
		Plan                 Plan
		Progress             Progress
		Watch                Watch
	}
	// Classify corrects how the finding is filed. A later deadline or another
	// kind needs a reason.
	Classify struct {
		Number string
		Class  Class
		Reason string
	}
	// Assign names the supervising body, section and person.
	Assign struct {
		Number string
		Watch  Watch
	}
	// WritePlan saves the organisation's plan for the finding.
	WritePlan struct {
		Number string
		Plan   Plan
	}
	// WriteProgress saves what the organisation reports. Evidence is not part
	// of it: see Attach.
	WriteProgress struct {
		Number   string
		Progress Progress
	}
	// Close ends a recognised finding by the closing rule of the mechanism.
	Close struct{ Number string }
	// Reopen puts a finding that has ended, or rests, back to work.
	Reopen struct{ Number, Reason string }
)

func (a Register) Target() Ref      { return FindingRef(a.Number) }
func (a Register) Under() Ref       { return RoundRef(a.Round) }
func (a Classify) Target() Ref      { return FindingRef(a.Number) }
func (a Assign) Target() Ref        { return FindingRef(a.Number) }
func (a WritePlan) Target() Ref     { return FindingRef(a.Number) }
func (a WriteProgress) Target() Ref { return FindingRef(a.Number) }
func (a Close) Target() Ref         { return FindingRef(a.Number) }
func (a Reopen) Target() Ref        { return FindingRef(a.Number) }

// Blank returns the finding before registration.
func (a Register) Blank(env Env) State {
	team, _ := env.Round.Team(a.Organisation)
	return Finding{Number: a.Number, Round: a.Round, Organisation: a.Organisation, Team: team}
}

// Events of findings.
type (
	FindingRegistered struct {
		Round        int      `json:"round"`
		Organisation string   `json:"organisation"`
		Team         string   `json:"team"`
		Feedback     Feedback `json:"feedback"`
		Class        Class    `json:"class"`
		Plan         Plan     `json:"plan,omitzero"`
		Progress     Progress `json:"progress,omitzero"`
		Watch        Watch    `json:"watch,omitzero"`
	}
	Classified struct {
		Class  Class  `json:"class"`
		Reason string `json:"reason,omitempty"`
		By     string `json:"by,omitempty"`
	}
	Assigned struct {
		Watch Watch  `json:"watch"`
		By    string `json:"by,omitempty"`
	}
	PlanWritten struct {
		Plan Plan   `json:"plan"`
		By   string `json:"by"`
	}
	ProgressWritten struct {
		Progress Progress `json:"progress"` // without evidence
		By       string   `json:"by"`
	}
	// ItemSent says that the finding went into a submission, with this text.
	ItemSent struct {
		Submission string `json:"submission"`
		Item       Item   `json:"item"`
	}
	// PlanReviewed and ReportReviewed say what the letter concluded.
	PlanReviewed struct {
		Submission string `json:"submission"`
		Passed     bool   `json:"passed"`
	}
	ReportReviewed struct {
		Submission string       `json:"submission"`
		Recognised bool         `json:"recognised"`
		On         workday.Date `json:"on"`
		AnswerBy   workday.Date `json:"answer_by,omitzero"`
	}
	FindingClosed struct {
		Closing Closing `json:"closing"`
	}
	FindingReopened struct {
		Reason string       `json:"reason"`
		On     workday.Date `json:"on,omitzero"`
		By     string       `json:"by,omitempty"`
	}
)

func (FindingRegistered) event() {}
func (Classified) event()        {}
func (Assigned) event()          {}
func (PlanWritten) event()       {}
func (ProgressWritten) event()   {}
func (ItemSent) event()          {}
func (PlanReviewed) event()      {}
func (ReportReviewed) event()    {}
func (FindingClosed) event()     {}
func (FindingReopened) event()   {}
