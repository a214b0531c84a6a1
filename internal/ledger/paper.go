package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"lianshen/internal/ledger/mechanism"
)

// MaxPaper is the most that a document judged as one text may hold, in characters.
const MaxPaper = 60000

// A Paper is the content of a document that is judged as one text, not finding by
// finding: the report of the head, the material of the democratic life meeting.
type Paper struct {
	Text  string     `json:"text,omitempty"`
	Files []Evidence `json:"files,omitempty"`
}

// WholeOf names what is judged where a document is judged as one text: it stands
// where another verdict, opinion or consolidation has the number of a finding.
// All versions of the document share it, as all versions of a report share the
// numbers of its findings, and no other document has it.
func WholeOf(round int, organisation string, doc mechanism.Doc) string {
	return fmt.Sprintf("%d-%s-%s", round, organisation, doc)
}

// WholeDoc returns the document that the name of WholeOf stands for; "" if it is
// the number of a finding.
func WholeDoc(finding string) mechanism.Doc {
	for _, doc := range mechanism.Docs() {
		if doc.Whole() && strings.HasSuffix(finding, "-"+string(doc)) {
			return doc
		}
	}
	return ""
}

// IsWhole reports whether a verdict, opinion or consolidation on this "finding" is
// about a document as one text.
func IsWhole(finding string) bool { return WholeDoc(finding) != "" }

// Whole names the submission's text as the thing that is judged; "" where the
// document is judged finding by finding.
func (s Submission) Whole() string {
	if !s.Doc.Whole() {
		return ""
	}
	return WholeOf(s.Round, s.Organisation, s.Doc)
}

// Item returns what a document judged as one text says, as an item of the submission.
func (s Submission) Item() Item {
	return Item{Finding: s.Whole(), Doc: s.Doc, Text: s.Paper.Text, Files: s.Paper.Files}
}

// ContentHash returns the SHA-256, in hex, of what the submission says now: of its
// own text and files, or of what the findings say for it.
func (s Submission) ContentHash(findings []Finding) string {
	if !s.Doc.Whole() {
		return ContentHash(s.Doc, findings)
	}
	text, err := json.Marshal(s.Item())
	if err != nil {
		panic(err) // plain data always encodes
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Check lists what is missing before the submission may be sent.
func (s Submission) Check(findings []Finding) []Lack {
	if !s.Doc.Whole() {
		return Check(s.Doc, findings)
	}
	if strings.TrimSpace(s.Paper.Text) == "" {
		return []Lack{{s.Whole(), "lack.text", true}}
	}
	if len(s.Paper.Files) == 0 {
		return []Lack{{s.Whole(), "lack.file", false}}
	}
	return nil
}

// PaperOf names one version of a document that is judged as one text. Acts on it
// create the version if it does not exist.
type PaperOf struct {
	Round        int
	Organisation string
	Doc          mechanism.Doc
	Number       int // 1, 2, ...
}

func (p PaperOf) Target() Ref {
	return SubmissionRef(SubmissionID(p.Round, p.Organisation, p.Doc, p.Number))
}

func (p PaperOf) Under() Ref { return RoundRef(p.Round) }

// Blank returns the version before anything was written.
func (p PaperOf) Blank(env Env) State { return Prepare(p).Blank(env) }

// Acts on the text of a document.
type (
	// WritePaper saves the text. Files are no part of it: see AttachPaper. The
	// first act on a version after the first one starts from the last version.
	WritePaper struct {
		PaperOf
		Text string
	}
	// AttachPaper adds a file, DetachPaper takes it off this version.
	AttachPaper struct {
		PaperOf
		Evidence Evidence
	}
	DetachPaper struct {
		PaperOf
		Evidence string
	}
)

// Events of the text of a document.
type (
	// PaperBegun starts a version with the text, files and editors of the one before.
	PaperBegun struct {
		Round        int           `json:"round"`
		Organisation string        `json:"organisation"`
		Team         string        `json:"team"`
		Doc          mechanism.Doc `json:"doc"`
		Number       int           `json:"number"`
		Paper        Paper         `json:"paper,omitzero"`
		Editors      []string      `json:"editors,omitempty"`
	}
	PaperWritten struct {
		Text string `json:"text"`
		By   string `json:"by"`
	}
	PaperAttached struct {
		Evidence Evidence `json:"evidence"`
		By       string   `json:"by"`
	}
	PaperDetached struct {
		Evidence string `json:"evidence"`
		By       string `json:"by"`
	}
)

func (PaperBegun) event()    {}
func (PaperWritten) event()  {}
func (PaperAttached) event() {}
func (PaperDetached) event() {}

func (s Submission) decidePaper(act Act, env Env) ([]Fact, error) {
	if err := s.writable(env); err != nil {
		return nil, err
	}
	paper := s.Paper
	var events []Event
	if s.Stage == "" {
		prev := env.Submission
		paper = prev.Paper
		events = append(events, PaperBegun{s.Round, s.Organisation, s.Team, s.Doc, s.Number, prev.Paper, prev.Editors})
	}
	change, err := paper.change(act, env)
	if err != nil {
		return nil, err
	}
	return on(s, append(events, change)...), nil
}

// writable expects the previous version in env.Submission, as prepare does. Until
// it is sent the text may be changed; what was pledged before is void then.
func (s Submission) writable(env Env) error {
	if err := s.follows(env); err != nil {
		return err
	}
	switch {
	case !s.Doc.Whole():
		return refuse("paper.by_finding", string(s.Doc))
	case s.Stage == Reviewed, s.Stage == SentBack, s.Stage == Accepted:
		return refuse("paper.sent", s.ID)
	}
	return nil
}

func (p Paper) change(act Act, env Env) (Event, error) {
	switch act := act.(type) {
	case WritePaper:
		if tooLong(MaxPaper, act.Text) {
			return nil, refuse("paper.too_long", MaxPaper)
		}
		return PaperWritten{act.Text, env.Person}, nil
	case AttachPaper:
		e, err := checkEvidence(act.Evidence, p.Files, env.Today)
		return PaperAttached{e, env.Person}, err
	case DetachPaper:
		if !slices.ContainsFunc(p.Files, func(e Evidence) bool { return e.ID == act.Evidence }) {
			return nil, refuse("evidence.unknown")
		}
		return PaperDetached{act.Evidence, env.Person}, nil
	default:
		panic(fmt.Sprintf("ledger: act %T on a text is not handled", act))
	}
}

// applyPaper returns the submission after an event of its text.
func (s Submission) applyPaper(e Event) Submission {
	switch e := e.(type) {
	case PaperBegun:
		s.Round, s.Organisation, s.Team, s.Doc, s.Number = e.Round, e.Organisation, e.Team, e.Doc, e.Number
		s.Paper, s.Editors, s.Stage = e.Paper, e.Editors, Drafting
	case PaperWritten:
		s.Paper.Text, s.Editors = e.Text, with(s.Editors, e.By)
	case PaperAttached:
		s.Paper.Files = append(slices.Clone(s.Paper.Files), e.Evidence)
		s.Editors = with(s.Editors, e.By)
	case PaperDetached:
		s.Paper.Files = slices.DeleteFunc(slices.Clone(s.Paper.Files), func(x Evidence) bool { return x.ID == e.Evidence })
		s.Editors = with(s.Editors, e.By)
	}
	return s
}
