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

// Grams returns what an index keeps of a folded text, each once: words, and Chinese
// as overlapping pairs with the last character of a run alone, so that every
// character begins a gram.
func Grams(folded string) []string {
	var grams []string
	seen := map[string]bool{}
	for _, run := range strings.Fields(folded) {
		for _, g := range split(run) {
			if !seen[g] {
				seen[g] = true
				grams = append(grams, g)
			}
		}
	}
	return grams
}

func split(run string) []string {
	runes := []rune(run)
	if !unicode.Is(unicode.Han, runes[0]) {
		return []string{string(runes[:min(len(runes), longestWord)])}
	}
	grams := make([]string, 0, len(runes))
	for i := range runes {
		grams = append(grams, string(runes[i:min(i+2, len(runes))]))
	}
	return grams
}

// A Gram is a part of a question that the index is asked for. A Begin is one
// Chinese character, and stands for every gram that begins with it.
type Gram struct {
	Text  string
	Begin bool
}

// Asked returns the grams that a text which holds the terms must have. A single
// character beside longer parts is left to the folded text: it would be slow to
// ask for, and tells little.
func Asked(terms []string) []Gram {
	var pairs, singles []Gram
	for _, g := range Grams(strings.Join(terms, " ")) {
		if r := []rune(g); len(r) == 1 && unicode.Is(unicode.Han, r[0]) {
			singles = append(singles, Gram{g, true})
		} else {
			pairs = append(pairs, Gram{g, false})
		}
	}
	if len(pairs) > 0 {
		return pairs
	}
	return singles
}
