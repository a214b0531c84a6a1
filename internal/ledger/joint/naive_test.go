package joint

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// The decision rule once more, written from its description alone and as plainly
// as it can be: seat by seat, conclusion by conclusion, sharing no line with Read.
// What two people would read out of the description differently shows up here as
// a difference.

var naiveSeed = flag.Uint64("seed", 0, "seed of the random panels; 0 draws one")

const naiveCases = 100_000

// naiveRead is Read by the letter of Rule and Reading.
func naiveRead(panel []Party, rule Rule, said map[Party]Conclusion) Reading {
	var r Reading
	conclusion := make([]string, len(panel)) // by seat; "" for none
	agree, goOn, back := 0, 0, 0
	for seat, party := range panel {
		switch said[party] {
		case "agree":
			conclusion[seat] = "agree"
		case "continue":
			conclusion[seat] = "continue"
		case "return":
			conclusion[seat] = "return"
		case "abstain":
			if rule.Abstain == "agree" {
				conclusion[seat] = "agree"
			}
			if rule.Abstain == "against" {
				conclusion[seat] = "continue"
			}
		case "passed": // counts for nobody
		}
		switch conclusion[seat] {
		case "agree":
			agree++
		case "continue":
			goOn++
		case "return":
			back++
		}
	}

	for seat, party := range panel {
		waited := true
		if len(rule.Required) > 0 {
			waited = false
			for _, required := range rule.Required {
				if required == party {
					waited = true
				}
			}
		}
		if conclusion[seat] != "" || said[party] == "passed" {
			waited = false
		}
		if said[party] == "abstain" && rule.Abstain == "absent" {
			waited = false
		}
		if waited {
			r.Missing = append(r.Missing, party)
		}
	}
	if len(panel) == 0 {
		r.Missing = []Party{""} // the seat without a name: an empty panel is never complete
	}

	concluded := agree + goOn + back
	needed := rule.Quorum
	if needed < 1 {
		needed = 1
	}
	if len(r.Missing) == 0 && concluded < needed {
		r.Short = needed - concluded
	}
	complete := len(r.Missing) == 0 && r.Short == 0

	switch {
	case back > 0:
		r.Strictest = "return"
	case goOn > 0:
		r.Strictest = "continue"
	case agree > 0:
		r.Strictest = "agree"
	}
	r.Disputed = agree > 0 && goOn > 0 || agree > 0 && back > 0 || goOn > 0 && back > 0

	outvoted := rule.Agrees > 0 && agree >= rule.Agrees
	for seat, party := range panel {
		for _, veto := range rule.Veto {
			if veto == party && conclusion[seat] != "" && conclusion[seat] != "agree" {
				outvoted = false
			}
		}
	}
	r.Holds = r.Strictest
	if complete && outvoted {
		r.Holds = "agree"
	}
	if complete {
		r.Settled = !r.Disputed || outvoted
	}

	var most string // the one conclusion that more seats hold than any other
	switch {
	case agree > goOn && agree > back:
		most = "agree"
	case goOn > agree && goOn > back:
		most = "continue"
	case back > agree && back > goOn:
		most = "return"
	}
	for seat, party := range panel {
		if most != "" && conclusion[seat] != "" && conclusion[seat] != most {
			r.Minority = append(r.Minority, party)
		}
	}
	return r
}

// A naiveCase is one panel, its rule and what was said, in the order of saying.
type naiveCase struct {
	panel []Party
	rule  Rule
	votes []naiveVote
}

type naiveVote struct {
	party Party
	says  Conclusion
}

func (c naiveCase) said() map[Party]Conclusion {
	said := map[Party]Conclusion{}
	for _, v := range c.votes {
		said[v.party] = v.says
	}
	return said
}

// drawCase draws 0 to 9 seats, a rule whose numbers and names may make no sense,
// and answers of some seats and of strangers.
func drawCase(r *rand.Rand) naiveCase {
	seats := []Party{"a", "b", "c", "d", "e", "f", "g", "h", "i"}
	everyone := append(slices.Clone(seats), "stranger", "other")
	some := func(odds float64) (list []Party) {
		for _, p := range everyone {
			if r.Float64() < odds {
				list = append(list, p)
			}
		}
		return list
	}
	shuffled(r, seats)
	c := naiveCase{panel: seats[:r.IntN(len(seats)+1)]}
	if r.IntN(2) == 0 {
		c.rule.Required = some(0.4)
	}
	if r.IntN(3) == 0 {
		c.rule.Veto = some(0.2)
	}
	if r.IntN(2) == 0 {
		c.rule.Quorum = r.IntN(12) - 1
	}
	if r.IntN(2) == 0 {
		c.rule.Agrees = r.IntN(11) - 1
	}
	c.rule.Abstain = pick(r, AbstainNot, AbstainAbsent, AbstainAgree, AbstainAgainst)
	answers := []Conclusion{"agree", "agree", "agree", "continue", "return"}
	odds := 1.0
	if r.IntN(2) == 0 { // else a panel that answers as it should, or most would never be complete
		answers = append(answers, "abstain", "passed", "", "nonsense")
		odds = r.Float64()
	}
	for _, p := range everyone {
		if r.Float64() < odds {
			c.votes = append(c.votes, naiveVote{p, pick(r, answers...)})
		}
	}
	return c
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func shuffled[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// differs names the first field in which two readings differ.
func differs(a, b Reading) string {
	switch {
	case !slices.Equal(a.Missing, b.Missing):
		return "Missing"
	case a.Short != b.Short:
		return "Short"
	case a.Strictest != b.Strictest:
		return "Strictest"
	case a.Holds != b.Holds:
		return "Holds"
	case a.Disputed != b.Disputed:
		return "Disputed"
	case a.Settled != b.Settled:
		return "Settled"
	case !slices.Equal(a.Minority, b.Minority):
		return "Minority"
	}
	return ""
}

func TestRuleAgreesWithANaiveReading(t *testing.T) {
	seed := *naiveSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	r := rand.New(rand.NewPCG(seed, 1))
	differences := 0
	var seen struct{ complete, disputed, outvoted, short int }
	for n := range naiveCases {
		c := drawCase(r)
		got, want := Read(c.panel, c.rule, c.said()), naiveRead(c.panel, c.rule, c.said())
		if field := differs(got, want); field != "" {
			if differences++; differences <= 5 {
				t.Errorf("case %d of -seed %d differs in %s\npanel %v, rule %+v\nvotes %v\nRead  %+v\nnaive %+v", n, seed, field, c.panel, c.rule, c.votes, got, want)
			}
		}
		seen.complete += one(got.Complete())
		seen.disputed += one(got.Complete() && got.Disputed)
		seen.outvoted += one(got.Holds != got.Strictest)
		seen.short += one(got.Short > 0)
	}
	// Counts that are nearly empty would mean that the draw asks nothing.
	for what, n := range map[string]int{"complete": seen.complete, "disputed": seen.disputed, "outvoted": seen.outvoted, "short": seen.short} {
		if n < naiveCases/100 {
			t.Errorf("only %d of %d cases are %s", n, naiveCases, what)
		}
	}
	t.Logf("decision rule: %d cases, %d differences (seed %d; %+v)", naiveCases, differences, seed, seen)
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Whoever speaks first, and however the seats are listed, the outcome is the same:
// the answers come in one by one, each in a random order, and the panel is read
// after each of them.
func TestOrderOfVotesNeverChangesTheOutcome(t *testing.T) {
	seed := *naiveSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	r := rand.New(rand.NewPCG(seed, 2))
	const cases = naiveCases / 10
	for n := range cases {
		c := drawCase(r)
		want := Read(c.panel, c.rule, c.said())
		for range 3 {
			shuffled(r, c.votes)
			if got := inTurn(c); differs(got, want) != "" {
				t.Fatalf("case %d of -seed %d, votes in the order %v: %+v, else %+v", n, seed, c.votes, got, want)
			}
			seats := naiveCase{slices.Clone(c.panel), c.rule, c.votes}
			shuffled(r, seats.panel)
			got := inTurn(seats)
			for _, list := range []*[]Party{&got.Missing, &got.Minority} {
				inOrderOf(c.panel, *list)
			}
			if differs(got, want) != "" {
				t.Fatalf("case %d of -seed %d, seats in the order %v: %+v, else %+v", n, seed, seats.panel, got, want)
			}
		}
	}
	t.Logf("decision rule: %d cases in 6 orders each, 0 differences (seed %d)", cases, seed)
}

// inTurn reads the panel after each answer, as the program does, and returns the
// last reading. It panics if a reading changed what had been said.
func inTurn(c naiveCase) Reading {
	said := map[Party]Conclusion{}
	last := Read(c.panel, c.rule, said)
	for _, v := range c.votes {
		said[v.party] = v.says
		before := maps.Clone(said)
		last = Read(c.panel, c.rule, said)
		if !maps.Equal(before, said) {
			panic(fmt.Sprintf("Read changed the answers from %v to %v", before, said))
		}
	}
	return last
}

func inOrderOf(panel, list []Party) {
	slices.SortFunc(list, func(a, b Party) int { return slices.Index(panel, a) - slices.Index(panel, b) })
}
