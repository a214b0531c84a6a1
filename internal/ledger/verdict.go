package ledger

import (
	"maps"
	"slices"
	"strings"
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

	Judged  Judged    `json:"judged"`
	Person  string    `json:"person"`
	At      time.Time `json:"at"`
	From    string    `json:"from,omitempty"`   // the verdict on an earlier version that was carried; "" if it was given here
	Looked  string    `json:"looked,omitempty"` // of a carried one: the submission on which the party gave it
	Version int64     `json:"version"`
}

// Judged is the content of a verdict.
type Judged struct {
	Words      map[string]string `json:"words"` // criterion -> verdict word
	Conclusion joint.Conclusion  `json:"conclusion"`
	OnSite     bool              `json:"on_site,omitempty"` // 需现场核实
	Survey     bool              `json:"survey,omitempty"`  // 需测评
}

func (v Verdict) Ref() Ref   { return Ref{KindVerdict, v.ID} }
func (v Verdict) Ver() int64 { return v.Version }
func (v Verdict) Subject() Subject {
	return Subject{Kind: KindVerdict, Round: v.Round, Organisation: v.Organisation, Team: v.Team, Party: v.Party}
}

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
}

func (VerdictGiven) event() {}

func (v Verdict) decide(act Act, env Env) ([]Fact, error) {
	give, ok := act.(GiveVerdict)
	if !ok {
		return nil, unhandled(v, act)
	}
	if err := v.allowed(give, env); err != nil {
		return nil, err
	}
	if err := judge(give, env); err != nil {
		return nil, err
	}
	facts := on(v, VerdictGiven{
		v.Submission, v.Finding, v.Round, v.Organisation, v.Team, v.Party, give.Judged, env.Person, env.Now,
	})
	facts = append(facts, v.raise(give.Opinions, env)...)
	return rechecked(facts, give.Rechecks, env.Opinions)
}

// allowed sees that this party may speak now, on this version.
func (v Verdict) allowed(give GiveVerdict, env Env) error {
	_, member := env.Mechanism.Party(v.Party)
	switch {
	case !member:
		return refuse("verdict.not_on_panel", string(v.Party))
	case v.Version > 0:
		return refuse("verdict.twice")
	case env.Submission.Stage != Reviewed:
		return refuse("verdict.not_in_review")
	case !env.Submission.Has(give.Finding):
		return refuse("verdict.not_in_submission", give.Finding)
	}
	for _, f := range env.Findings {
		if f.Number == give.Finding && slices.Contains(f.Editors, env.Person) {
			return refuse("verdict.own_text") // who wrote it cannot review it
		}
	}
	return nil
}

// judge sees that the verdict is complete and that a negative word is explained.
func judge(give GiveVerdict, env Env) error {
	criteria := env.Mechanism.Criteria(env.Submission.Doc)
	explained := map[string]bool{}
	demands := 0
	for i, o := range give.Opinions {
		switch {
		case strings.TrimSpace(o.Text) == "":
			return refuse("opinion.text_missing", i+1)
		case tooLong(MaxText, o.Text, o.Change):
			return refuse("field.too_long", MaxText)
		case o.Kind != Must && o.Kind != Should && o.Kind != Remark:
			return refuse("opinion.kind_unknown", i+1)
		}
		explained[o.Criterion] = true
		if o.Kind != Remark {
			demands++
		}
	}
	for _, c := range criteria {
		word, known := env.Mechanism.Word(env.Submission.Doc, give.Judged.Words[c.Code])
		if !known {
			return refuse("verdict.criterion_missing", c.Name)
		}
		if word.Fail && !explained[c.Code] {
			return refuse("verdict.fail_unexplained", c.Name)
		}
	}
	switch {
	case len(give.Judged.Words) > len(criteria):
		return refuse("verdict.criterion_unknown")
	case !give.Judged.Conclusion.Known():
		return refuse("verdict.conclusion_missing")
	case give.Judged.Conclusion != joint.Agree && demands == 0:
		return refuse("verdict.opinion_missing")
	}
	return nil
}

func (v Verdict) raise(said []Said, env Env) []Fact {
	var facts []Fact
	for i, o := range said {
		o.Text, o.Change = strings.TrimSpace(o.Text), strings.TrimSpace(o.Change)
		blank := Opinion{ID: v.ID + ":" + itoa(i+1)}
		facts = append(facts, Fact{blank, OpinionRaised{
			v.Submission, v.Finding, v.Round, v.Organisation, v.Team, v.Party, o, env.Person, env.Now,
		}})
	}
	return facts
}

// rechecked adds the fate of the party's answered opinions: every one must be
// looked at again before the party speaks on the next version.
func rechecked(facts []Fact, said map[string]bool, own []Opinion) ([]Fact, error) {
	for _, o := range own {
		if o.Stage != Answered {
			continue
		}
		content, looked := said[o.ID]
		if !looked {
			return nil, refuse("verdict.recheck_missing")
		}
		facts = append(facts, Fact{o, OpinionRechecked{Content: content}})
	}
	return facts, nil
}

// Apply returns the verdict after the event.
func (v Verdict) Apply(e Event) State {
	switch e := e.(type) {
	case VerdictGiven:
		v.Submission, v.Finding, v.Round, v.Organisation, v.Team = e.Submission, e.Finding, e.Round, e.Organisation, e.Team
		v.Party, v.Judged, v.Person, v.At = e.Party, e.Judged, e.Person, e.At
		v.Judged.Words = maps.Clone(e.Judged.Words)
	case VerdictCarried:
		v = v.applyCarried(e)
	}
	v.Version++
	return v
}

// Conclusions returns what each party concluded.
func Conclusions(verdicts []Verdict) map[joint.Party]joint.Conclusion {
	said := map[joint.Party]joint.Conclusion{}
	for _, v := range verdicts {
		said[v.Party] = v.Judged.Conclusion
	}
	return said
}
