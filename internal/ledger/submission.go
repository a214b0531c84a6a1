package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A Submission is one numbered version of a document of an organisation, such as
// its plan or its progress report. Once sent its text never changes.
type Submission struct {
	ID           string        `json:"id"` // "8-JT-report-1"
	Round        int           `json:"round"`
	Organisation string        `json:"organisation"`
	Team         string        `json:"team"`
	Doc          mechanism.Doc `json:"doc"`
	Number       int           `json:"number"` // 1, 2, ...: version of the document

	Paper   Paper    `json:"paper,omitzero"`    // of a document judged as one text
	Editors []string `json:"editors,omitempty"` // people who wrote it

	Stage    SubmissionStage `json:"stage"`
	Pledge   Pledged         `json:"pledge,omitzero"`
	Sent     Sending         `json:"sent,omitzero"`
	Open     bool            `json:"open,omitempty"` // the parties see one another's verdicts at once
	Due      []PartyDue      `json:"due,omitempty"`  // by when each party has to judge; none where the mechanism sets no time
	Letter   Letter          `json:"letter,omitzero"`
	Received Receipt         `json:"received,omitzero"`

	PassedOver []PassedOver `json:"passed_over,omitempty"`

	Version int64 `json:"version"`
}

// SubmissionStage is where a submission stands.
type SubmissionStage string

// The stages of a submission.
const (
	Drafting SubmissionStage = "drafting"  // a document judged as one text is being written
	Prepared SubmissionStage = "prepared"  // waits for the head of the organisation, where the head pledges
	Pledging SubmissionStage = "pledged"   // the head has pledged; waits to be sent
	Reviewed SubmissionStage = "in_review" // with the parties, then with the consolidating office
	SentBack SubmissionStage = "returned"  // the letter asks for more
	Accepted SubmissionStage = "accepted"  // the letter recognises every finding in it
)

// Pledged is the pledge of truth (真实性承诺) of the head of the organisation.
// Hash is the ContentHash of what was pledged: a later change voids it.
type Pledged struct {
	Person string    `json:"person"`
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Hash   string    `json:"hash"`
}

// Sending says who sent which findings when.
type Sending struct {
	Person   string    `json:"person"`
	At       time.Time `json:"at"`
	Findings []string  `json:"findings"`
}

// Letter is the delivered letter of opinions. Its text is that of the
// consolidations of this submission.
type Letter struct {
	Number   string       `json:"number"` // 文号
	Person   string       `json:"person"`
	At       time.Time    `json:"at"`
	AnswerBy workday.Date `json:"answer_by"`
}

// Receipt says who took delivery of the letter.
type Receipt struct {
	Person string    `json:"person"`
	At     time.Time `json:"at"`
}

// An Item is what one submission says about one finding or, of a document judged
// as one text, all that it says.
type Item struct {
	Finding     string        `json:"finding"`
	Doc         mechanism.Doc `json:"doc"`
	Plan        Plan          `json:"plan"`
	Progress    Progress      `json:"progress,omitzero"`
	Application string        `json:"application,omitempty"` // statement of the closing application
	Text        string        `json:"text,omitempty"`        // of a document judged as one text
	Files       []Evidence    `json:"files,omitempty"`
}

// Evidence returns the files that go with the item.
func (i Item) Evidence() []Evidence {
	if i.Doc.Whole() {
		return i.Files
	}
	return i.Progress.Evidence
}

// ItemOf returns what the document says about the finding now.
func ItemOf(doc mechanism.Doc, f Finding) Item {
	item := Item{Finding: f.Number, Doc: doc, Plan: f.Plan}
	if doc != mechanism.Plan {
		item.Progress = f.Progress
	}
	if doc == mechanism.ClosingDoc {
		item.Application = f.Application
	}
	return item
}

// ContentHash returns the SHA-256 of what the findings say for the document, in hex.
func ContentHash(doc mechanism.Doc, findings []Finding) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, f := range findings {
		if err := enc.Encode(ItemOf(doc, f)); err != nil {
			panic(err) // plain data always encodes
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Open reports whether the finding goes into the next submission of the document.
// One that rests joins the report again when its day has come.
func (f Finding) Open(doc mechanism.Doc, today workday.Date) bool {
	busy := !f.Stage.Done() && !f.Resting(today)
	switch doc {
	case mechanism.Plan:
		return busy && f.PlanIn == "" && !f.PlanPassed
	case mechanism.Report:
		return busy && f.ReportIn == ""
	case mechanism.ClosingDoc:
		return f.Appliable() && f.Application != ""
	case mechanism.HeadReport, mechanism.LifeMeeting:
	}
	return false // judged as one text
}

// SubmissionID forms the identity of a version of a document.
func SubmissionID(round int, organisation string, doc mechanism.Doc, number int) string {
	return fmt.Sprintf("%d-%s-%s-%d", round, organisation, doc, number)
}

func (s Submission) Ref() Ref   { return SubmissionRef(s.ID) }
func (s Submission) Ver() int64 { return s.Version }
func (s Submission) Subject() Subject {
	return Subject{Kind: KindSubmission, Round: s.Round, Organisation: s.Organisation, Team: s.Team}
}

// SubmissionRef names the submission with the identity.
func SubmissionRef(id string) Ref { return Ref{KindSubmission, id} }

// Acts on submissions.
type (
	// Prepare says that version Number of the document is ready for the head.
	Prepare struct {
		Round        int
		Organisation string
		Doc          mechanism.Doc
		Number       int
	}
	// MakePledge is the head's check and pledge. Hash is the ContentHash of
	// what the head was shown.
	MakePledge struct{ Submission, Hash string }
	// Send hands the version to the parties: the pledged one, where the mechanism
	// asks for a pledge.
	Send struct{ Submission string }
	// Deliver sends the letter of opinions back. Every finding in the
	// submission, or its one text, must have been consolidated.
	Deliver struct{ Submission, LetterNumber string }
	// Receive takes delivery of the letter.
	Receive struct{ Submission string }
)

func (a Prepare) Target() Ref {
	return SubmissionRef(SubmissionID(a.Round, a.Organisation, a.Doc, a.Number))
}
func (a Prepare) Under() Ref { return RoundRef(a.Round) }
func (a Prepare) Blank(env Env) State {
	team, _ := env.Round.Team(a.Organisation)
	return Submission{ID: a.Target().ID, Round: a.Round, Organisation: a.Organisation, Team: team, Doc: a.Doc, Number: a.Number}
}
func (a MakePledge) Target() Ref { return SubmissionRef(a.Submission) }
func (a Send) Target() Ref       { return SubmissionRef(a.Submission) }
func (a Deliver) Target() Ref    { return SubmissionRef(a.Submission) }
func (a Receive) Target() Ref    { return SubmissionRef(a.Submission) }

// Events of submissions.
type (
	SubmissionPrepared struct {
		Round        int           `json:"round"`
		Organisation string        `json:"organisation"`
		Team         string        `json:"team"`
		Doc          mechanism.Doc `json:"doc"`
		Number       int           `json:"number"`
	}
	SubmissionPledged struct {
		Pledge Pledged `json:"pledge"`
	}
	SubmissionSent struct {
		Sent Sending    `json:"sent"`
		Open bool       `json:"open,omitempty"`
		Due  []PartyDue `json:"due,omitempty"`
	}
	LetterDelivered struct {
		Letter   Letter `json:"letter"`
		Accepted bool   `json:"accepted"`
	}
	LetterReceived struct {
		Receipt Receipt `json:"receipt"`
	}
)

func (SubmissionPrepared) event() {}
func (SubmissionPledged) event()  {}
func (SubmissionSent) event()     {}
func (LetterDelivered) event()    {}
func (LetterReceived) event()     {}

func (s Submission) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case WritePaper, AttachPaper, DetachPaper:
		return s.decidePaper(act, env)
	case Prepare:
		return s.prepare(env)
	case MakePledge:
		return s.pledge(act, env)
	case Send:
		return s.send(env)
	case PassOver:
		return s.passOver(act, env)
	case Deliver:
		return s.deliver(act, env)
	case Receive:
		if s.Letter.At.IsZero() {
			return nil, refuse("letter.not_delivered")
		}
		if !s.Received.At.IsZero() {
			return nil, refuse("letter.received")
		}
		return on(s, LetterReceived{Receipt{env.Person, env.Now}}), nil
	default:
		return nil, unhandled(s, act)
	}
}

// prepare expects the previous version in env.Submission (zero for the first)
// with its consolidations, those on settled findings left out, and the
// organisation's open findings in env.Findings.
func (s Submission) prepare(env Env) ([]Fact, error) {
	if s.Stage != "" && s.Stage != Drafting {
		return nil, refuse("prepare.twice", s.ID)
	}
	if err := s.follows(env); err != nil {
		return nil, err
	}
	if n := unanswered(env.Consolidations); n > 0 {
		return nil, refuse("prepare.unanswered", n)
	}
	if err := s.complete(env); err != nil {
		return nil, err
	}
	return on(s, SubmissionPrepared{s.Round, s.Organisation, s.Team, s.Doc, s.Number}), nil
}

// follows sees that this version of the document may exist: the mechanism reviews
// it, and the version before is back.
func (s Submission) follows(env Env) error {
	prev := env.Submission
	_, reviewed := env.Mechanism.Document(s.Doc)
	// What was accepted finding by finding may have another version: for findings
	// that were reopened, or recognised later.
	back := prev.Stage == SentBack || prev.Stage == Accepted && !s.Doc.Whole()
	switch {
	case !reviewed:
		return refuse("prepare.doc_unknown", string(s.Doc))
	case s.Team == "":
		return refuse("register.not_in_round", s.Organisation)
	case s.Number != prev.Number+1:
		return refuse("prepare.number", prev.Number+1)
	case prev.Stage != "" && !back:
		return refuse("prepare.previous_open", prev.ID)
	}
	return nil
}

// complete refuses a document from which something is missing that the parties need.
func (s Submission) complete(env Env) error {
	switch {
	case len(env.Findings) > 0 || s.Doc.Whole():
	case s.Doc == mechanism.ClosingDoc:
		return refuse("application.nothing")
	default: // all of them have ended, or rest
		return refuse("prepare.nothing_open")
	}
	if n := Unacknowledged(env.Mechanism, s.Doc, env.Findings); n > 0 {
		return refuse("acknowledge.missing", n)
	}
	if lacks := Blocking(s.Check(env.Findings)); lacks > 0 {
		return refuse("prepare.incomplete", lacks)
	}
	return nil
}

func (s Submission) pledge(act MakePledge, env Env) ([]Fact, error) {
	doc, _ := env.Mechanism.Document(s.Doc)
	switch {
	case !doc.Pledge:
		return nil, refuse("pledge.not_asked")
	case s.Stage != Prepared && s.Stage != Pledging:
		return nil, refuse("pledge.not_prepared")
	case act.Hash != s.ContentHash(env.Findings):
		return nil, refuse("pledge.changed")
	}
	if err := s.complete(env); err != nil {
		return nil, err
	}
	return on(s, SubmissionPledged{Pledged{env.Person, env.PersonName, env.Now, act.Hash}}), nil
}

func (s Submission) send(env Env) ([]Fact, error) {
	doc, _ := env.Mechanism.Document(s.Doc)
	switch {
	case doc.Pledge && s.Stage != Pledging:
		return nil, refuse("send.not_pledged")
	case doc.Pledge && s.Pledge.Hash != s.ContentHash(env.Findings):
		return nil, refuse("send.changed")
	case !doc.Pledge && s.Stage != Prepared:
		return nil, refuse("send.not_prepared")
	}
	if !doc.Pledge { // what was pledged was complete, and has not changed
		if err := s.complete(env); err != nil {
			return nil, err
		}
	}
	due, err := dues(doc, env)
	if err != nil {
		return nil, err
	}
	if err := env.seated(s.Doc); err != nil {
		return nil, err
	}
	var numbers []string
	if s.Doc.Whole() {
		numbers = append(numbers, s.Whole())
	}
	var items []Fact
	for _, f := range env.Findings {
		numbers = append(numbers, f.Number)
		items = append(items, Fact{f, ItemSent{s.ID, ItemOf(s.Doc, f)}})
	}
	facts := append(on(s, SubmissionSent{Sending{env.Person, env.Now, numbers}, !doc.Blind, due}), items...)
	return append(facts, s.carry(doc, env)...), nil
}

// deliver expects the consolidations, findings and opinions of the submission.
func (s Submission) deliver(act Deliver, env Env) ([]Fact, error) {
	if s.Stage != Reviewed {
		return nil, refuse("deliver.not_in_review")
	}
	number := strings.TrimSpace(act.LetterNumber)
	if number == "" || tooLong(100, number) {
		return nil, refuse("deliver.number_missing")
	}
	made := map[string]Consolidation{}
	for _, c := range env.Consolidations {
		made[c.Finding] = c
	}
	if left := len(s.Sent.Findings) - len(made); left > 0 {
		return nil, refuse("deliver.incomplete", left)
	}
	answerBy, err := env.Calendar.Add(env.Today, max(1, env.Mechanism.Closing.AnswerDays))
	if err != nil {
		return nil, refuse("calendar.unknown_year", err.Error())
	}
	accepted := !s.Doc.Whole() || made[s.Whole()].Agreed()
	var facts []Fact
	for _, f := range env.Findings {
		agreed := made[f.Number].Agreed()
		accepted = accepted && agreed
		facts = append(facts, Fact{f, s.reviewed(agreed, env.Today, answerBy)})
	}
	for _, o := range env.Opinions {
		if o.Stage == Merged {
			facts = append(facts, Fact{o, OpinionDelivered{}})
		}
	}
	letter := Letter{number, env.Person, env.Now, answerBy}
	return append(on(s, LetterDelivered{letter, accepted}), facts...), nil
}

func (s Submission) reviewed(agreed bool, today, answerBy workday.Date) Event {
	switch s.Doc {
	case mechanism.Plan:
		return PlanReviewed{s.ID, agreed}
	case mechanism.ClosingDoc:
		return ClosingReviewed{s.ID, agreed}
	case mechanism.Report, mechanism.HeadReport, mechanism.LifeMeeting:
	}
	if agreed {
		answerBy = workday.Date{}
	}
	return ReportReviewed{s.ID, agreed, today, answerBy}
}

// unanswered counts the entries of delivered letters that have no answer yet.
func unanswered(list []Consolidation) int {
	n := 0
	for _, c := range list {
		for _, e := range c.Entries {
			if e.Answer.Response == "" {
				n++
			}
		}
	}
	return n
}

// Apply returns the submission after the event.
func (s Submission) Apply(e Event) State {
	switch e := e.(type) {
	case SubmissionPrepared:
		s.Round, s.Organisation, s.Team, s.Doc, s.Number = e.Round, e.Organisation, e.Team, e.Doc, e.Number
		s.Stage = Prepared
	case SubmissionPledged:
		s.Pledge, s.Stage = e.Pledge, Pledging
	case SubmissionSent:
		s.Sent, s.Stage, s.Open, s.Due = e.Sent, Reviewed, e.Open, e.Due
	case PartyPassedOver:
		s.PassedOver = append(slices.Clone(s.PassedOver), e.Passed)
	case LetterDelivered:
		s.Letter, s.Stage = e.Letter, SentBack
		if e.Accepted {
			s.Stage = Accepted
		}
	case LetterReceived:
		s.Received = e.Receipt
	default:
		s = s.applyPaper(e)
	}
	s.Version++
	return s
}

// Has reports whether the finding is part of what was sent.
func (s Submission) Has(finding string) bool { return slices.Contains(s.Sent.Findings, finding) }
