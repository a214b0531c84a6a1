// Package joint reads what several reviewing parties said about one finding:
// who is still missing, how strict the strictest is, where they disagree.
// It never averages and never decides against the strictest opinion, except
// where the mechanism's rule says how many must agree; else that takes a person
// with a reason. It imports nothing.
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

// What a seat may hold instead of a conclusion.
const (
	Abstained Conclusion = "abstain" // 弃权: it has answered and holds nothing
	Passed    Conclusion = "passed"  // 逾期未反馈: passed over, it is not waited for
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

// A Rule says when a panel has answered and what its answers amount to. Its zero
// value waits for every seat and lets the strictest conclusion hold.
type Rule struct {
	Required []Party    `json:"required,omitempty" yaml:"required,omitempty"` // seats that are waited for; empty: every seat
	Quorum   int        `json:"quorum,omitempty" yaml:"quorum,omitempty"`     // so many seats must have concluded; 0: one
	Agrees   int        `json:"agrees,omitempty" yaml:"agrees,omitempty"`     // so many agreeing seats outvote the others; 0: none is outvoted
	Veto     []Party    `json:"veto,omitempty" yaml:"veto,omitempty"`         // seats that are never outvoted
	Abstain  Abstention `json:"abstain,omitempty" yaml:"abstain,omitempty"`
}

// An Abstention is what abstaining counts as.
type Abstention string

// What abstaining counts as.
const (
	AbstainNot     Abstention = ""        // no seat may abstain
	AbstainAbsent  Abstention = "absent"  // answered, and counted neither way
	AbstainAgree   Abstention = "agree"   // counted as agreeing
	AbstainAgainst Abstention = "against" // counted as Continue
)

// A Reading is what the panel's answers amount to at one moment.
type Reading struct {
	Missing   []Party    // seats that are waited for, in the order of the panel; of an empty one the seat ""
	Short     int        // concluding seats that lack to the quorum, once no seat is missing
	Strictest Conclusion // of the seats that concluded; "" before the first
	Holds     Conclusion // by the rule, until a person decides; the strictest unless it is outvoted
	Disputed  bool       // at least two conclusions differ
	Settled   bool       // complete, and either undisputed or outvoted by the rule
	Minority  []Party    // seats whose conclusion is not the most frequent one
}

// Complete reports whether nobody is waited for and enough have concluded.
func (r Reading) Complete() bool { return len(r.Missing) == 0 && r.Short == 0 }

// Read reads the answers of the panel: a conclusion, Abstained or Passed by
// seat. Answers of parties outside the panel are not counted. An empty panel, and
// one in which no seat has concluded, is never complete: it would pass everything
// unseen.
func Read(panel []Party, rule Rule, said map[Party]Conclusion) Reading {
	var r Reading
	votes := map[Party]Conclusion{}
	count := map[Conclusion]int{}
	for _, p := range panel {
		c, concluded := rule.vote(said[p])
		switch {
		case concluded:
			votes[p] = c
			count[c]++
			r.Strictest = Stricter(r.Strictest, c)
		case said[p] != Passed && !rule.resting(said[p]) && rule.waitsFor(p):
			r.Missing = append(r.Missing, p)
		}
	}
	if len(panel) == 0 {
		r.Missing = []Party{""}
	}
	if len(r.Missing) == 0 {
		r.Short = max(0, max(1, rule.Quorum)-len(votes))
	}
	r.Disputed = len(count) > 1
	r.Minority = minority(panel, votes, count)
	r.Holds = r.Strictest
	outvoted := rule.Agrees > 0 && count[Agree] >= rule.Agrees && !rule.vetoed(votes)
	if r.Complete() && outvoted {
		r.Holds = Agree
	}
	r.Settled = r.Complete() && (!r.Disputed || outvoted)
	return r
}

// vote returns what an answer counts as among the conclusions.
func (rule Rule) vote(said Conclusion) (c Conclusion, counts bool) {
	switch {
	case said.Known():
		return said, true
	case said == Abstained && rule.Abstain == AbstainAgree:
		return Agree, true
	case said == Abstained && rule.Abstain == AbstainAgainst:
		return Continue, true
	}
	return "", false
}

// resting reports whether the answer is one that counts neither way.
func (rule Rule) resting(said Conclusion) bool {
	return said == Abstained && rule.Abstain == AbstainAbsent
}

func (rule Rule) waitsFor(p Party) bool {
	return len(rule.Required) == 0 || slices.Contains(rule.Required, p)
}

func (rule Rule) vetoed(votes map[Party]Conclusion) bool {
	return slices.ContainsFunc(rule.Veto, func(p Party) bool { c, voted := votes[p]; return voted && c != Agree })
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
