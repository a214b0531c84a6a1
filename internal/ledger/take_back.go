package ledger

import (
	"strings"
	"time"

	"lianshen/internal/ledger/joint"
)

// TakeBack takes a party's verdict back as long as the finding has not been
// consolidated. Its opinions go with it, and what it re-checked is to be looked at
// again. The party may give the verdict anew.
type TakeBack struct {
	Submission, Finding string
	Party               joint.Party
	Reason              string
}

func (a TakeBack) Target() Ref {
	return Ref{KindVerdict, VerdictID(a.Submission, a.Finding, a.Party)}
}

// A Withdrawal says who took a verdict back and why. Known says that the party
// could read another party's verdict on the finding by then.
type Withdrawal struct {
	Reason string    `json:"reason"`
	Person string    `json:"person"`
	At     time.Time `json:"at"`
	Known  bool      `json:"known,omitempty"`
}

// Events of taking back.
type (
	// VerdictTakenBack also keeps how many numbers of opinions are spent, so that
	// none is given twice.
	VerdictTakenBack struct {
		Withdrawal Withdrawal `json:"withdrawal"`
		Spent      int        `json:"spent,omitempty"`
	}
	OpinionTakenBack struct{}
	RecheckTakenBack struct{}
)

func (VerdictTakenBack) event() {}
func (OpinionTakenBack) event() {}
func (RecheckTakenBack) event() {}

// takeBack expects all verdicts on the finding in this submission, its
// consolidation if there is one, and the party's own opinions on the finding.
func (v Verdict) takeBack(act TakeBack, env Env) ([]Fact, error) {
	reason := strings.TrimSpace(act.Reason)
	switch {
	case !v.Standing():
		return nil, refuse("take_back.not_given")
	case env.Submission.Stage != Reviewed:
		return nil, refuse("verdict.not_in_review")
	case len(env.consolidated(v.Finding)) > 0:
		return nil, refuse("take_back.consolidated")
	case reason == "":
		return nil, refuse("take_back.reason_missing")
	case tooLong(MaxText, reason):
		return nil, refuse("field.too_long", MaxText)
	}
	known := false
	for _, other := range env.Verdicts {
		known = known || other.Party != v.Party && other.Standing()
	}
	var fates []Fact
	spent := v.Spent
	for _, o := range env.Opinions {
		switch {
		case o.Submission == v.Submission && o.Stage == Raised:
			spent++
			fates = append(fates, Fact{o, OpinionTakenBack{}})
		case o.With == v.ID && o.Rechecked():
			fates = append(fates, Fact{o, RecheckTakenBack{}})
		}
	}
	back := VerdictTakenBack{Withdrawal{reason, env.Person, env.Now, known}, spent}
	return append(on(v, back), fates...), nil
}
