package ledger

import (
	"maps"
	"time"

	"lianshen/internal/ledger/joint"
)

// A Verdict is what one party holds of one finding in one submission,
// criterion by criterion. It belongs to that version and to no other.
type Verdict struct {
	ID           string      `json:"id"` // "8-JT-report-1:08-JT-012:office"
	Submission   string      `json:"submission"`
	Finding      string      `json:"finding"`
	Round        int         `json:"round"`
	Organisation string      `json:"organisation"`
	Team         string      `json:"team"`
	Party        joint.Party `json:"party"`

	Judged Judged    `json:"judged"`
	Person string    `json:"person"`
	At     time.Time `json:"at"`
	From   string    `json:"from,omitempty"`   // the verdict on an earlier version that was carried; "" if it was given here
	Looked string    `json:"looked,omitempty"` // of a carried one: the submission on which the party gave it

	TakenBack bool       `json:"taken_back,omitempty"` // does not stand; the party may give it anew
	Back      Withdrawal `json:"back,omitzero"`        // the last time it was taken back
	Spent     int        `json:"spent,omitempty"`      // numbers of opinions used up before that

	OnBehalf string `json:"on_behalf,omitempty"` // name of the principal, where a deputy spoke
	Version  int64  `json:"version"`
}

// Judged is the content of a verdict.
type Judged struct {
	Words      map[string]string `json:"words"` // criterion -> verdict word
	Conclusion joint.Conclusion  `json:"conclusion"`
	OnSite     bool              `json:"on_site,omitempty"` // 需现场核实
	Survey     bool              `json:"survey,omitempty"`  // 需测评
	Grade      string            `json:"grade,omitempty"`   // where the document is graded
	Reason     string            `json:"reason,omitempty"`  // why the party abstains
}

func (v Verdict) Ref() Ref   { return Ref{KindVerdict, v.ID} }
func (v Verdict) Ver() int64 { return v.Version }
func (v Verdict) Subject() Subject {
	return Subject{Kind: KindVerdict, Round: v.Round, Organisation: v.Organisation, Team: v.Team, Party: v.Party}
}

// Standing reports whether the party holds this now: it was given or carried and
// not taken back since.
func (v Verdict) Standing() bool { return v.Version > 0 && !v.TakenBack }

// VerdictID forms the identity of a party's verdict.
func VerdictID(submission, finding string, party joint.Party) string {
	return submission + ":" + finding + ":" + string(party)
}

// GiveVerdict records a party's verdict. Rechecks says of each of the party's
// answered opinions on the finding whether the party is now content.
type GiveVerdict struct {
	Submission, Finding string
	Party               joint.Party
	Judged              Judged
	Opinions            []Said
	Rechecks            map[string]bool
}

func (a GiveVerdict) Target() Ref {
	return Ref{KindVerdict, VerdictID(a.Submission, a.Finding, a.Party)}
}
func (a GiveVerdict) Under() Ref { return SubmissionRef(a.Submission) }
func (a GiveVerdict) Blank(env Env) State {
	s := env.Submission
	return Verdict{
		ID: a.Target().ID, Submission: a.Submission, Finding: a.Finding,
		Round: s.Round, Organisation: s.Organisation, Team: s.Team, Party: a.Party,
	}
}

// VerdictGiven is the verdict of a party, whole.
type VerdictGiven struct {
	Submission   string      `json:"submission"`
	Finding      string      `json:"finding"`
	Round        int         `json:"round"`
	Organisation string      `json:"organisation"`
	Team         string      `json:"team"`
	Party        joint.Party `json:"party"`
	Judged       Judged      `json:"judged"`
	Person       string      `json:"person"`
	At           time.Time   `json:"at"`
	OnBehalf     string      `json:"on_behalf,omitempty"`
}

func (VerdictGiven) event() {}

// Apply returns the verdict after the event.
func (v Verdict) Apply(e Event) State {
	switch e := e.(type) {
	case VerdictGiven:
		v.Submission, v.Finding, v.Round, v.Organisation, v.Team = e.Submission, e.Finding, e.Round, e.Organisation, e.Team
		v.Party, v.Judged, v.Person, v.At, v.OnBehalf = e.Party, e.Judged, e.Person, e.At, e.OnBehalf
		v.Judged.Words = maps.Clone(e.Judged.Words)
		v.TakenBack, v.From, v.Looked = false, "", ""
	case VerdictCarried:
		v = v.applyCarried(e)
	case VerdictTakenBack:
		v.TakenBack, v.Back, v.Spent = true, e.Withdrawal, e.Spent
	}
	v.Version++
	return v
}

// Conclusions returns what each party concluded, where its verdict stands.
func Conclusions(verdicts []Verdict) map[joint.Party]joint.Conclusion {
	said := map[joint.Party]joint.Conclusion{}
	for _, v := range verdicts {
		if !v.TakenBack {
			said[v.Party] = v.Judged.Conclusion
		}
	}
	return said
}
