// Package joint reads what several reviewing parties said about one finding:
// who is still missing, how strict the strictest is, where they disagree.
// It never averages and never decides against the strictest opinion; that takes
// a person with a reason. It imports nothing.
package joint

import "slices"

// A Party is the code of a reviewing party, such as "discipline".
type Party string

// A Conclusion is what one party, or all of them together, holds of a finding.
type Conclusion string

// The conclusions, from lenient to strict.
const (
	Agree    Conclusion = "agree"    // 同意: rectified
	Continue Conclusion = "continue" // 继续整改: on the way, not there
	Return   Conclusion = "return"   // 退回重报: to be written or done again
)

// Conclusions lists them from lenient to strict.
func Conclusions() []Conclusion { return []Conclusion{Agree, Continue, Return} }

// Known reports whether c is one of the conclusions.
func (c Conclusion) Known() bool { return slices.Contains(Conclusions(), c) }

// Stricter returns the stricter of two conclusions.
func Stricter(a, b Conclusion) Conclusion {
	if slices.Index(Conclusions(), b) > slices.Index(Conclusions(), a) {
		return b
	}
	return a
}

// A Reading is what the panel's answers amount to at one moment.
type Reading struct {
	Missing   []Party    // parties that have not answered, in the order of the panel
	Strictest Conclusion // holds until a person decides; "" before the first answer
	Disputed  bool       // at least two answers differ
	Minority  []Party    // parties whose conclusion is not the most frequent one
}

// Complete reports whether every party has answered.
func (r Reading) Complete() bool { return len(r.Missing) == 0 }

// Read reads the answers of the panel. A party that is missing from said has
// not answered; answers of parties outside the panel are not counted.
// An empty panel is never complete: it would pass everything unseen.
func Read(panel []Party, said map[Party]Conclusion) Reading {
	var r Reading
	count := map[Conclusion]int{}
	for _, p := range panel {
		c, answered := said[p]
		if !answered {
			r.Missing = append(r.Missing, p)
			continue
		}
		count[c]++
		r.Strictest = Stricter(r.Strictest, c)
	}
	if len(panel) == 0 {
		r.Missing = []Party{""}
	}
	r.Disputed = len(count) > 1
	r.Minority = minority(panel, said, count)
	return r
}

// minority names the parties outside the largest group. Two equally large
// groups have no minority: neither side is the odd one out.
func minority[V comparable](panel []Party, said map[Party]V, count map[V]int) []Party {
	var largest, ties int
	for _, n := range count {
		switch {
		case n > largest:
			largest, ties = n, 1
		case n == largest:
			ties++
		}
	}
	if len(count) < 2 || ties > 1 {
		return nil
	}
	var odd []Party
	for _, p := range panel {
		if v, answered := said[p]; answered && count[v] < largest {
			odd = append(odd, p)
		}
	}
	return odd
}

// Crosses reports whether the answers to one criterion lie on both sides of the
// fail line, and who stands alone there. Neighbouring shades of a pass do not count.
func Crosses(panel []Party, failed map[Party]bool) (crosses bool, odd []Party) {
	count := map[bool]int{}
	for _, p := range panel {
		if f, answered := failed[p]; answered {
			count[f]++
		}
	}
	return len(count) > 1, minority(panel, failed, count)
}
