package trail

import (
	"fmt"
	"iter"
	"slices"
)

// A Record is an entry as the store keeps it: with the leaf hash it had when it
// was written.
type Record struct {
	Entry
	Leaf Hash
}

// FaultCode says in which way an entry does not fit. It is a message key.
type FaultCode string

// The ways in which an entry does not fit.
const (
	Altered   FaultCode = "trail.altered"   // the entry no longer has the leaf hash it was written with
	Missing   FaultCode = "trail.missing"   // an entry is not there, or not in its place
	Truncated FaultCode = "trail.truncated" // the log ends before a checkpoint it is known to have reached
	Rewritten FaultCode = "trail.rewritten" // entry and leaf hash agree, but not with the checkpoint
)

// A Fault names the first entry that does not fit.
type Fault struct {
	Code FaultCode
	Seq  int64 // the entry; for Rewritten the first that may be it
	Last int64 // the last that may be it; the same as Seq unless Code is Rewritten
}

func (f Fault) String() string {
	if f.Seq == f.Last {
		return fmt.Sprintf("%s: entry %d", f.Code, f.Seq)
	}
	return fmt.Sprintf("%s: entries %d to %d", f.Code, f.Seq, f.Last)
}

// A Report is the result of [Verify].
type Report struct {
	Checked Frontier     // the log as far as it was read
	Agreed  []Checkpoint // checkpoints the log agrees with, by size
	Fault   *Fault       // nil if everything fits
}

// Verify reads records in order of Seq, beginning after from, hashes each anew,
// and compares the log with each of want on the way: signed checkpoints, oldest
// first or not, and the checkpoint of the row trail_head. With more checkpoints a
// rewritten entry is found more closely.
//
// Checkpoints within from (Size < from.Size) have been compared before and are left
// out; entries after the largest one are checked against their own leaf hash only,
// and Report.Agreed shows how far the proof goes. What does not fit is in
// Report.Fault; an error means that the log could not be read.
func Verify(records iter.Seq2[Record, error], from Frontier, want ...Checkpoint) (Report, error) {
	v := verifier{Report: Report{Checked: from}, want: slices.SortedStableFunc(slices.Values(want),
		func(a, b Checkpoint) int { return int(min(1, max(-1, a.Size-b.Size))) })}
	v.want = slices.DeleteFunc(v.want, func(c Checkpoint) bool { return c.Size < from.Size })
	v.trusted = from.Size
	v.compare()
	for record, err := range records {
		if v.Fault != nil {
			break
		}
		if err != nil {
			return v.Report, fmt.Errorf("read entry %d of the trail: %w", v.Checked.Size+1, err)
		}
		v.take(record)
	}
	if v.Fault == nil && len(v.want) > 0 {
		v.fault(Truncated, v.Checked.Size+1, v.Checked.Size+1)
	}
	return v.Report, nil
}

type verifier struct {
	Report
	want    []Checkpoint // not reached yet, by size
	trusted int64        // size at which the log last agreed with a checkpoint
}

func (v *verifier) fault(code FaultCode, seq, last int64) {
	v.Fault = &Fault{Code: code, Seq: seq, Last: last}
}

func (v *verifier) take(r Record) {
	next := v.Checked.Size + 1
	switch {
	case r.Seq != next:
		v.fault(Missing, next, next)
	case Leaf(r.Entry) != r.Leaf:
		v.fault(Altered, next, next)
	default:
		v.Checked, _ = v.Checked.Append(r.Leaf)
		v.compare()
	}
}

// compare checks the log against the checkpoints of its present size.
func (v *verifier) compare() {
	for len(v.want) > 0 && v.want[0].Size == v.Checked.Size {
		c := v.want[0]
		if c.Root != v.Checked.Root() {
			v.fault(Rewritten, v.suspect(c), c.Size)
			return
		}
		v.Agreed, v.want = append(v.Agreed, c), v.want[1:]
		v.trusted = c.Size
	}
}

// suspect returns the first entry that may be the one on which the log and c
// disagree: the one after the last checkpoint agreed with. If there is none after
// it, the frontier to begin with was wrong, and it may be any.
func (v *verifier) suspect(c Checkpoint) int64 {
	if v.trusted < c.Size {
		return v.trusted + 1
	}
	return 1
}
