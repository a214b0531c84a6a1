package ledger

import (
	"strings"

	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// A Lack is something missing from a finding before it may be sent.
// Code is a message key.
type Lack struct {
	Finding string
	Code    string
	Blocks  bool // false: a warning the sender may accept
}

// Check lists what is missing from the findings for the document, in their order.
func Check(doc mechanism.Doc, findings []Finding) []Lack {
	if doc == mechanism.ClosingDoc {
		return nil // recognised as they stand: nothing of them can be changed now
	}
	var all []Lack
	for _, f := range findings {
		all = append(all, checkPlanned(f)...)
		if doc == mechanism.Report {
			all = append(all, checkReported(f)...)
		}
	}
	return all
}

// Blocking counts the lacks that keep a document from being sent.
func Blocking(lacks []Lack) int {
	n := 0
	for _, l := range lacks {
		if l.Blocks {
			n++
		}
	}
	return n
}

func checkPlanned(f Finding) (lacks []Lack) {
	add := func(code string, blocks, missing bool) {
		if missing {
			lacks = append(lacks, Lack{f.Number, code, blocks})
		}
	}
	add("lack.measure", true, len(f.Plan.Measures) == 0)
	add("lack.leader", true, strings.TrimSpace(f.Plan.Leader) == "")
	add("lack.owner", true, strings.TrimSpace(f.Plan.Section) == "" && strings.TrimSpace(f.Plan.Handler) == "")
	add("lack.cause", false, strings.TrimSpace(f.Plan.Cause) == "")
	add("lack.target", false, strings.TrimSpace(f.Plan.Target) == "")
	for _, m := range f.Plan.Measures {
		if m.Deadline == (workday.Date{}) && strings.TrimSpace(m.DeadlineText) == "" {
			lacks = append(lacks, Lack{f.Number, "lack.measure_deadline", false})
			break
		}
	}
	return lacks
}

func checkReported(f Finding) (lacks []Lack) {
	p := f.Progress
	if strings.TrimSpace(p.Text) == "" {
		lacks = append(lacks, Lack{f.Number, "lack.progress", true})
	}
	if (p.Claim == Done || p.Claim == BasicallyDone) && len(p.Evidence) == 0 {
		lacks = append(lacks, Lack{f.Number, "lack.evidence", false})
	}
	return lacks
}

// Gaps lists what keeps a finding from being looked after: no measure, no
// owner, no supervisor. An office works until the list is empty; a finding that
// was settled without being rectified needs none of it.
func (f Finding) Gaps() []string {
	var gaps []string
	if f.Stage == SettledStage {
		return nil
	}
	if len(f.Plan.Measures) == 0 {
		gaps = append(gaps, "gap.measure")
	}
	if f.Plan.Leader == "" && f.Plan.Section == "" && f.Plan.Handler == "" {
		gaps = append(gaps, "gap.owner")
	}
	if f.Watch.Body == "" || f.Watch.Person == "" {
		gaps = append(gaps, "gap.supervisor")
	}
	return gaps
}
