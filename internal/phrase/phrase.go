// Package phrase says when a text holds what somebody asks for: it folds texts and
// questions into one form, takes the grams out that an index is asked by, and finds
// the passages to highlight. It knows no database and no record, and it ranks nothing.
//
// The folded form is lower case, full-width letters as half-width ones, every word of
// letters or digits between single spaces, Chinese as it runs, all other signs as one
// space: "维教体发〔2025〕86号" becomes " 维教体发 2025 86 号 ". A text holds a phrase if
// the folded text contains the folded phrase, so 86 is not found in 186, a document
// number is found whichever brackets are typed, and 佐证 is found in 佐证材料.
package phrase

import (
	"slices"
	"strings"
	"unicode"
)

// Bounds of a question and of an index entry.
const (
	MaxQuestion = 200 // characters of a question that are looked at
	MaxTerms    = 8   // phrases of a question that are looked at
	longestWord = 40  // characters of a word that the index knows; the folded text decides on the rest
)

// A kind of sign.
type kind int

const (
	other kind = iota
	han
	word
)

// fold returns the sign as it is searched, and its kind.
func fold(r rune) (rune, kind) {
	if r >= '！' && r <= '～' {
		r -= '！' - '!'
	}
	switch {
	case unicode.Is(unicode.Han, r):
		return r, han
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
		return unicode.ToLower(r), word
	}
	return ' ', other
}

// Fold returns the form of a text in which it is searched; "" for a text without
// letters, digits and Chinese.
func Fold(text string) string {
	folded, _ := folding(text, false)
	return folded
}

// folding folds, and returns on demand the place in the text of every byte of the result.
func folding(text string, places bool) (folded string, at []int) {
	var b strings.Builder
	b.Grow(len(text) + 2)
	put := func(r rune, from int) {
		n, _ := b.WriteRune(r)
		for ; places && n > 0; n-- {
			at = append(at, from)
		}
	}
	last := other
	for i, r := range text {
		r, k := fold(r)
		switch {
		case k == other:
			if last != other {
				put(' ', i)
			}
			last = other
			continue
		case k != last && (last != other || b.Len() == 0):
			put(' ', i)
		}
		put(r, i)
		last = k
	}
	if last != other {
		put(' ', len(text))
	}
	return b.String(), at
}

// Terms splits a question at white space into folded phrases, all of which a text
// must hold. A question of signs only has none.
func Terms(question string) []string {
	if r := []rune(question); len(r) > MaxQuestion {
		question = string(r[:MaxQuestion])
	}
	var terms []string
	for _, part := range strings.Fields(question) {
		if t := open(Fold(part)); t != "" && len(terms) < MaxTerms {
			terms = append(terms, t)
		}
	}
	return terms
}

// open drops the spaces at the ends where Chinese stands there: it may go on.
func open(folded string) string {
	runes := []rune(folded)
	if len(runes) < 3 {
		return ""
	}
	if unicode.Is(unicode.Han, runes[1]) {
		runes = runes[1:]
	}
	if unicode.Is(unicode.Han, runes[len(runes)-2]) {
		runes = runes[:len(runes)-1]
	}
	return string(runes)
}

// Holds reports whether the folded text holds all terms.
func Holds(folded string, terms []string) bool {
	for _, t := range terms {
		if !strings.Contains(folded, t) {
			return false
		}
	}
	return len(terms) > 0
}

// Grams returns what an index keeps of a folded text, each once: words, Chinese
// characters, their overlapping pairs, and pairs of neighbours of which one is a word,
// such as 发2025, 2025 with 86, and 86号. So nothing has to be asked for by how it
// begins, and a document number is as rare in the index as it is in the texts.
func Grams(folded string) []string {
	s := sieve{seen: map[string]bool{}}
	last := ""
	for _, run := range strings.Fields(folded) {
		last = s.run(run, last)
	}
	return s.grams
}

// Asked returns the grams that a text which holds the terms must have. A single
// character beside longer parts is left to the folded text: it tells little.
func Asked(terms []string) []string {
	var pairs, singles []string
	for _, t := range terms {
		for _, g := range Grams(t) {
			if r := []rune(g); len(r) == 1 && unicode.Is(unicode.Han, r[0]) {
				singles = append(singles, g)
			} else {
				pairs = append(pairs, g)
			}
		}
	}
	if len(pairs) > 0 {
		return unique(pairs)
	}
	return unique(singles)
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// A sieve collects grams.
type sieve struct {
	grams []string
	seen  map[string]bool
}

func (s *sieve) add(gram string) {
	if !s.seen[gram] {
		s.seen[gram] = true
		s.grams = append(s.grams, gram)
	}
}

// neighbours is the sign between two words in a gram; no text has it.
const neighbours = "·"

// run takes the grams of a word, or of Chinese without a gap, and of its meeting with
// the unit before it. It returns its own last unit.
func (s *sieve) run(run, before string) (last string) {
	runes := []rune(run)
	if !unicode.Is(unicode.Han, runes[0]) {
		word := string(runes[:min(len(runes), longestWord)])
		s.add(word)
		if before != "" && isHan(before) {
			s.add(before + word)
		} else if before != "" {
			s.add(before + neighbours + word)
		}
		return word
	}
	if before != "" && !isHan(before) {
		s.add(before + string(runes[0]))
	}
	for i, r := range runes {
		s.add(string(r))
		if i+1 < len(runes) {
			s.add(string(runes[i : i+2]))
		}
	}
	return string(runes[len(runes)-1])
}

func isHan(unit string) bool { return unicode.Is(unicode.Han, []rune(unit)[0]) }
