package phrase

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// A Piece is a stretch of a text; Marked where it is what was asked for.
type Piece struct {
	Text   string
	Marked bool
}

// A span is a stretch of a text, in bytes.
type span struct{ from, to int }

// Excerpts returns at most most passages of the text that hold a term, with up to
// around characters before and after it, as pieces. A passage that does not begin or
// end with the text begins or ends with "…". Where no term is found, the beginning
// of the text is the only passage.
func Excerpts(text string, terms []string, most, around int) [][]Piece {
	found := spans(text, terms)
	if len(found) == 0 {
		return [][]Piece{{{Text: cut(text, span{0, widen(text, 0, 3*around)})}}}
	}
	var passages [][]Piece
	for i := 0; i < len(found) && len(passages) < most; {
		window := span{widen(text, found[i].from, -around), widen(text, found[i].to, around)}
		n := i + 1
		for n < len(found) && found[n].to <= window.to {
			n++
		}
		passages = append(passages, pieces(text, window, found[i:n]))
		for n < len(found) && found[n].from < window.to {
			n++
		}
		i = n
	}
	return passages
}

// pieces cuts the window of the text at the marks that lie in it.
func pieces(text string, window span, marks []span) []Piece {
	var list []Piece
	add := func(from, to int, marked bool) {
		if from < to {
			list = append(list, Piece{text[from:to], marked})
		}
	}
	at := window.from
	for _, m := range marks {
		add(at, m.from, false)
		add(m.from, m.to, true)
		at = m.to
	}
	add(at, window.to, false)
	if window.from > 0 {
		list = slices.Insert(list, 0, Piece{Text: "…"})
	}
	if window.to < len(text) {
		list = append(list, Piece{Text: "…"})
	}
	return list
}

func cut(text string, s span) string {
	if s.to < len(text) {
		return text[s.from:s.to] + "…"
	}
	return text[s.from:s.to]
}

// widen moves a place by n characters, back where n is negative.
func widen(text string, at, n int) int {
	for ; n > 0 && at < len(text); n-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	for ; n < 0 && at > 0; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
	}
	return at
}

// spans returns where the terms stand in the text, in order and without overlaps.
func spans(text string, terms []string) []span {
	folded, at := folding(text, true)
	at = append(at, len(text))
	var found []span
	for _, t := range terms {
		core := strings.Trim(t, " ")
		for from := 0; ; {
			i := strings.Index(folded[from:], t)
			if i < 0 {
				break
			}
			begin := from + i + strings.Index(t, core)
			end := begin + len(core)
			found = append(found, span{at[begin], next(text, at[end-1])})
			from = from + i + max(1, len(t)-1)
			for from < len(folded) && !utf8.RuneStart(folded[from]) {
				from++
			}
		}
	}
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	merged := found[:0]
	for _, s := range found {
		if n := len(merged); n > 0 && s.from <= merged[n-1].to {
			merged[n-1].to = max(merged[n-1].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// next is the place after the character that begins at the place.
func next(text string, at int) int {
	_, size := utf8.DecodeRuneInString(text[at:])
	return at + size
}
