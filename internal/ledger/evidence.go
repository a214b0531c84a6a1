package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/workday"
)

// Evidence names a document and, once uploaded, its file.
type Evidence struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	DocNumber string       `json:"doc_number,omitempty"` // 云教体发〔2025〕86号
	Date      workday.Date `json:"date,omitzero"`        // of the document, not of the upload
	Issuer    string       `json:"issuer,omitempty"`     // who issued the document
	Proves    string       `json:"proves,omitempty"`     // what it proves
	Measures  []string     `json:"measures,omitempty"`   // numbers of the measures it is about; none: the finding as a whole
	File      File         `json:"file,omitzero"`
	Earlier   []File       `json:"earlier,omitempty"` // files that File replaced, oldest first
}

// A File is content in the evidence store.
type File struct {
	SHA256 string `json:"sha256"` // hex; the key in the store
	Name   string `json:"name"`   // as uploaded
	Size   int64  `json:"size"`   // bytes
	Type   string `json:"type"`   // media type, by content
}

// Files returns all versions of the file, oldest first; none where the document is
// only named.
func (e Evidence) Files() []File {
	if e.File.SHA256 == "" {
		return e.Earlier
	}
	return append(slices.Clone(e.Earlier), e.File)
}

// Same reports whether the two say the same and have the same file.
func (e Evidence) Same(x Evidence) bool {
	return e.ID == x.ID && e.Name == x.Name && e.DocNumber == x.DocNumber && e.Date == x.Date && e.Issuer == x.Issuer &&
		e.Proves == x.Proves && e.File == x.File && slices.Equal(e.Measures, x.Measures)
}

// Acts on the evidence of a finding.
type (
	// Attach adds evidence, Detach takes it off the current text (it stays in
	// the versions that were sent).
	Attach struct {
		Number   string
		Evidence Evidence
	}
	Detach struct{ Number, Evidence string }
	// AmendEvidence corrects the particulars of what Evidence.ID names. Its file
	// stays: see ReplaceFile.
	AmendEvidence struct {
		Number   string
		Evidence Evidence
	}
	// ReplaceFile puts a corrected file in place of the one that is there, which
	// stays on record as an earlier version.
	ReplaceFile struct {
		Number   string
		Evidence string
		File     File
	}
)

func (a Attach) Target() Ref        { return FindingRef(a.Number) }
func (a Detach) Target() Ref        { return FindingRef(a.Number) }
func (a AmendEvidence) Target() Ref { return FindingRef(a.Number) }
func (a ReplaceFile) Target() Ref   { return FindingRef(a.Number) }

// Events of the evidence of a finding.
type (
	EvidenceAttached struct {
		Evidence Evidence `json:"evidence"`
		By       string   `json:"by"`
	}
	EvidenceDetached struct {
		Evidence string `json:"evidence"`
		By       string `json:"by"`
	}
	EvidenceAmended struct {
		Evidence Evidence `json:"evidence"` // without files
		By       string   `json:"by"`
	}
	FileReplaced struct {
		Evidence string `json:"evidence"`
		File     File   `json:"file"`
		By       string `json:"by"`
	}
)

func (EvidenceAttached) event() {}
func (EvidenceDetached) event() {}
func (EvidenceAmended) event()  {}
func (FileReplaced) event()     {}

// decideEvidence is about what goes with the text of the report, and so open as
// long as that is.
func (f Finding) decideEvidence(act Act, env Env) ([]Fact, error) {
	if err := f.progressOpen(); err != nil {
		return nil, err
	}
	switch act := act.(type) {
	case Attach:
		e, err := f.CheckEvidence(act.Evidence, env.Today)
		if err != nil {
			return nil, err
		}
		return on(f, EvidenceAttached{e, env.Person}), nil
	case Detach:
		if f.evidenceAt(act.Evidence) < 0 {
			return nil, refuse("evidence.unknown")
		}
		return on(f, EvidenceDetached{act.Evidence, env.Person}), nil
	case AmendEvidence:
		return f.amendEvidence(act, env)
	case ReplaceFile:
		return f.replaceFile(act, env)
	default:
		return nil, unhandled(f, act)
	}
}

func (f Finding) amendEvidence(act AmendEvidence, env Env) ([]Fact, error) {
	at := f.evidenceAt(act.Evidence.ID)
	if at < 0 {
		return nil, refuse("evidence.unknown")
	}
	was, rest := f.Progress.Evidence[at], f
	rest.Progress.Evidence = slices.Delete(slices.Clone(f.Progress.Evidence), at, at+1)
	act.Evidence.File, act.Evidence.Earlier = was.File, nil
	e, err := rest.CheckEvidence(act.Evidence, env.Today)
	if err != nil {
		return nil, err
	}
	if e.Same(was) {
		return nil, refuse("act.nothing_changed")
	}
	e.File = File{}
	return on(f, EvidenceAmended{e, env.Person}), nil
}

func (f Finding) replaceFile(act ReplaceFile, env Env) ([]Fact, error) {
	at := f.evidenceAt(act.Evidence)
	switch {
	case at < 0:
		return nil, refuse("evidence.unknown")
	case act.File.SHA256 == "":
		return nil, refuse("evidence.no_file_given")
	case act.File.SHA256 == f.Progress.Evidence[at].File.SHA256:
		return nil, refuse("evidence.same_file")
	case len(f.Progress.Evidence[at].Earlier) >= MaxEvidence:
		return nil, refuse("evidence.too_many", MaxEvidence)
	}
	return on(f, FileReplaced{act.Evidence, act.File, env.Person}), nil
}

// evidenceAt returns the place of a piece of evidence, -1 for none.
func (f Finding) evidenceAt(id string) int {
	return slices.IndexFunc(f.Progress.Evidence, func(e Evidence) bool { return e.ID == id })
}

// CheckEvidence sees that a piece of evidence may join those of the finding, and
// returns it tidied. The interface asks before a file travels; the rule asks again.
func (f Finding) CheckEvidence(e Evidence, today workday.Date) (Evidence, error) {
	e, err := checkEvidence(e, f.Progress.Evidence, today)
	if err != nil {
		return e, err
	}
	for _, number := range e.Measures {
		if !slices.ContainsFunc(f.Plan.Measures, func(m Measure) bool { return m.Number == number }) {
			return e, refuse("evidence.measure_unknown", number)
		}
	}
	return e, nil
}

// checkEvidence sees that a piece of evidence may join those that are there.
func checkEvidence(e Evidence, there []Evidence, today workday.Date) (Evidence, error) {
	e.Name, e.DocNumber = strings.TrimSpace(e.Name), strings.TrimSpace(e.DocNumber)
	e.Issuer, e.Proves = strings.TrimSpace(e.Issuer), strings.TrimSpace(e.Proves)
	switch {
	case e.Name == "" || e.ID == "":
		return e, refuse("evidence.name_missing")
	case tooLong(MaxShort, e.Name, e.DocNumber, e.Issuer):
		return e, refuse("field.too_long", MaxShort)
	case tooLong(MaxText, e.Proves):
		return e, refuse("field.too_long", MaxText)
	case e.Date.After(today):
		return e, refuse("evidence.in_future", e.Date.String())
	case len(there) >= MaxEvidence:
		return e, refuse("evidence.too_many", MaxEvidence)
	case slices.ContainsFunc(there, func(x Evidence) bool { return x.ID == e.ID }):
		return e, refuse("evidence.twice")
	}
	return e, nil
}

// applyEvidence returns the list after the event.
func applyEvidence(list []Evidence, e Event) []Evidence {
	list = slices.Clone(list)
	switch e := e.(type) {
	case EvidenceAttached:
		return append(list, e.Evidence)
	case EvidenceDetached:
		return slices.DeleteFunc(list, func(x Evidence) bool { return x.ID == e.Evidence })
	case EvidenceAmended:
		for i, x := range list {
			if x.ID == e.Evidence.ID {
				list[i] = e.Evidence
				list[i].File, list[i].Earlier = x.File, x.Earlier
			}
		}
	case FileReplaced:
		for i, x := range list {
			if x.ID == e.Evidence {
				if x.File.SHA256 != "" {
					list[i].Earlier = append(slices.Clone(x.Earlier), x.File)
				}
				list[i].File = e.File
			}
		}
	}
	return list
}
