package ledger

import (
	"slices"
	"strings"
	"time"

	"lianshen/internal/ledger/joint"
)

// A Consolidation (合议汇总) is what all parties together say about one finding
// of one submission, worded by the consolidating office. Its entries are that
// finding's part of the letter.
type Consolidation struct {
	ID           string           `json:"id"` // "8-JT-report-1:08-JT-012"
	Submission   string           `json:"submission"`
	Finding      string           `json:"finding"`
	Round        int              `json:"round"`
	Organisation string           `json:"organisation"`
	Team         string           `json:"team"`
	Conclusion   joint.Conclusion `json:"conclusion"`
	Ruling
	Reason  string    `json:"reason,omitempty"`
	Entries []Entry   `json:"entries,omitempty"`
	Person  string    `json:"person"`
	At      time.Time `json:"at"`
	Version int64     `json:"version"`

	OnBehalf string `json:"on_behalf,omitempty"` // name of the principal, where a deputy consolidated
}

// An Entry is one numbered opinion of the letter. Origins are the parties'
// opinions it carries; Criterion is theirs, "" where they are of several or none.
type Entry struct {
	Text      string   `json:"text"`
	Change    string   `json:"change,omitempty"`
	Criterion string   `json:"criterion,omitempty"`
	Origins   []string `json:"origins"`
	Answer    Answer   `json:"answer,omitzero"`
}

// Agreed reports whether the finding was recognised as rectified.
func (c Consolidation) Agreed() bool { return c.Conclusion == joint.Agree }

func (c Consolidation) Ref() Ref   { return ConsolidationRef(c.Submission, c.Finding) }
func (c Consolidation) Ver() int64 { return c.Version }
func (c Consolidation) Subject() Subject {
	return Subject{Kind: KindConsolidation, Round: c.Round, Organisation: c.Organisation, Team: c.Team}
}

// ConsolidationRef names the consolidation of the finding in the submission.
func ConsolidationRef(submission, finding string) Ref {
	return Ref{KindConsolidation, submission + ":" + finding}
}

// Acts on consolidations.
type (
	// Consolidate words what the parties said. SetAside gives, by opinion, the
	// reason why it does not go into the letter.
	Consolidate struct {
		Submission, Finding string
		Conclusion          joint.Conclusion
		Reason              string
		Entries             []Entry
		SetAside            map[string]string
	}
	// AnswerEntry is the organisation's answer to one entry, from 1.
	AnswerEntry struct {
		Submission, Finding string
		Entry               int
		Response            Response
		Reason, Place       string
	}
)

func (a Consolidate) Target() Ref { return ConsolidationRef(a.Submission, a.Finding) }
func (a Consolidate) Under() Ref  { return SubmissionRef(a.Submission) }
func (a Consolidate) Blank(env Env) State {
	s := env.Submission
	return Consolidation{
		ID: a.Target().ID, Submission: a.Submission, Finding: a.Finding,
		Round: s.Round, Organisation: s.Organisation, Team: s.Team,
	}
}
func (a AnswerEntry) Target() Ref { return ConsolidationRef(a.Submission, a.Finding) }

// Events of consolidations.
type (
	Consolidated struct {
		Submission   string           `json:"submission"`
		Finding      string           `json:"finding"`
		Round        int              `json:"round"`
		Organisation string           `json:"organisation"`
		Team         string           `json:"team"`
		Conclusion   joint.Conclusion `json:"conclusion"`
		Ruling
		Reason  string    `json:"reason,omitempty"`
		Entries []Entry   `json:"entries,omitempty"`
		Person  string    `json:"person"`
		At      time.Time `json:"at"`

		OnBehalf string `json:"on_behalf,omitempty"`
	}
	EntryAnswered struct {
		Entry  int    `json:"entry"`
		Answer Answer `json:"answer"`
	}
)

func (Consolidated) event()  {}
func (EntryAnswered) event() {}

func (c Consolidation) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case Consolidate:
		return c.consolidate(act, env)
	case AnswerEntry:
		return c.answer(act, env)
	default:
		return nil, unhandled(c, act)
	}
}

// consolidate expects the verdicts and opinions on the finding in env, and what
// joint meetings resolved on it.
func (c Consolidation) consolidate(act Consolidate, env Env) ([]Fact, error) {
	switch {
	case env.Submission.Stage != Reviewed:
		return nil, refuse("consolidate.not_in_review")
	case !env.Submission.Has(act.Finding):
		return nil, refuse("verdict.not_in_submission", act.Finding)
	case tooLong(MaxText, act.Reason):
		return nil, refuse("field.too_long", MaxText)
	}
	ruling, reason, err := rule(act, env)
	if err != nil {
		return nil, err
	}
	entries, err := checkEntries(act, env.Opinions)
	if err != nil {
		return nil, err
	}
	fates, err := fates(entries, act.SetAside, env.Opinions)
	if err != nil {
		return nil, err
	}
	made := Consolidated{
		c.Submission, c.Finding, c.Round, c.Organisation, c.Team,
		act.Conclusion, ruling, reason, entries, env.Person, env.Now, env.OnBehalf,
	}
	return append(on(c, made), fates...), nil
}

func checkEntries(act Consolidate, opinions []Opinion) ([]Entry, error) {
	var entries []Entry
	for i, e := range act.Entries {
		e.Text, e.Change, e.Answer = strings.TrimSpace(e.Text), strings.TrimSpace(e.Change), Answer{}
		switch {
		case e.Text == "" && len(e.Origins) == 0:
			continue
		case e.Text == "":
			return nil, refuse("consolidate.entry_text", i+1)
		case tooLong(MaxText, e.Text, e.Change):
			return nil, refuse("field.too_long", MaxText)
		}
		if err := ownOrigins(i+1, e.Origins, act.Finding, opinions); err != nil {
			return nil, err
		}
		e.Criterion = criterionOf(e.Origins, opinions)
		entries = append(entries, e)
	}
	if act.Conclusion != joint.Agree && len(entries) == 0 {
		return nil, refuse("consolidate.entry_missing")
	}
	return entries, nil
}

// fates says of every opinion where it went. None that asks for something may
// vanish: it is in an entry, or set aside with a reason.
func fates(entries []Entry, setAside map[string]string, opinions []Opinion) ([]Fact, error) {
	var facts []Fact
	for _, o := range opinions {
		at := slices.IndexFunc(entries, func(e Entry) bool { return slices.Contains(e.Origins, o.ID) })
		reason := strings.TrimSpace(setAside[o.ID])
		switch {
		case at >= 0:
			facts = append(facts, Fact{o, OpinionMerged{at + 1}})
		case reason != "":
			facts = append(facts, Fact{o, OpinionSetAside{reason}})
		case o.Said.Kind == Remark:
			facts = append(facts, Fact{o, OpinionNoted{}})
		default:
			return nil, refuse("consolidate.opinion_dropped", o.Said.Text)
		}
	}
	return facts, nil
}

// partyNames joins the names of the parties, for a message.
func partyNames(env Env, codes []joint.Party) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = string(code)
		if p, ok := env.Mechanism.Party(code); ok {
			names[i] = p.Name
		}
	}
	return strings.Join(names, "、")
}

// answer expects the submission and the opinions on the finding in env.
func (c Consolidation) answer(act AnswerEntry, env Env) ([]Fact, error) {
	reason, place := strings.TrimSpace(act.Reason), strings.TrimSpace(act.Place)
	switch {
	case env.Submission.Letter.At.IsZero():
		return nil, refuse("letter.not_delivered")
	case act.Entry < 1 || act.Entry > len(c.Entries):
		return nil, refuse("answer.entry_unknown", act.Entry)
	case act.Response != Adopted && act.Response != PartlyDone && act.Response != NotAdopted:
		return nil, refuse("answer.response_missing")
	case act.Response != Adopted && reason == "":
		return nil, refuse("answer.reason_missing")
	case act.Response != NotAdopted && place == "":
		return nil, refuse("answer.place_missing")
	case tooLong(MaxText, reason, place):
		return nil, refuse("field.too_long", MaxText)
	}
	answer := Answer{act.Response, reason, place, env.Person, env.Now}
	facts := on(c, EntryAnswered{act.Entry, answer})
	for _, o := range env.Opinions {
		if o.Entry != act.Entry {
			continue
		}
		switch o.Stage {
		case Delivered, Answered:
			facts = append(facts, Fact{o, OpinionAnswered{answer}})
		case Resolved, Again:
			return nil, refuse("answer.rechecked")
		case Raised, Merged, SetAside, Noted, TakenBack:
		}
	}
	return facts, nil
}

// Apply returns the consolidation after the event.
func (c Consolidation) Apply(e Event) State {
	switch e := e.(type) {
	case Consolidated:
		c.Submission, c.Finding, c.Round, c.Organisation, c.Team = e.Submission, e.Finding, e.Round, e.Organisation, e.Team
		c.Conclusion, c.Ruling, c.Reason, c.Entries = e.Conclusion, e.Ruling, e.Reason, e.Entries
		c.Person, c.At, c.OnBehalf = e.Person, e.At, e.OnBehalf
	case EntryAnswered:
		c.Entries = slices.Clone(c.Entries)
		c.Entries[e.Entry-1].Answer = e.Answer
	}
	c.Version++
	return c
}
