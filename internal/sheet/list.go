package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A cell often holds several things: numbered lines, ①②③, or plain lines. The
// continuation of a numbered item is written with one ideographic space before
// it, so that a list comes back as it was written.

const (
	circled      = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
	continuation = "\u3000"
)

// marker is one way of numbering; it gives the text before the n-th item.
type marker func(n int) string

var markers = []marker{
	func(n int) string { return fmt.Sprintf("（%d）", n) },
	func(n int) string { return fmt.Sprintf("(%d)", n) },
	func(n int) string { return fmt.Sprintf("%d、", n) },
	func(n int) string { return fmt.Sprintf("%d.", n) },
	func(n int) string { return fmt.Sprintf("%d．", n) },
}

func circle(n int) string {
	r := []rune(circled)
	if n > len(r) {
		return "\x00" // no such character: never found
	}
	return string(r[n-1])
}

// splitList takes a cell apart. Without numbers every line is an item.
func splitList(text string) []string {
	if text == "" {
		return nil
	}
	if strings.HasPrefix(text, circle(1)) {
		return splitCircled(text)
	}
	for _, m := range markers {
		if items, ok := splitNumbered(text, m); ok {
			return items
		}
	}
	return nonEmpty(strings.Split(text, "\n"))
}

// splitNumbered reads lines numbered 1, 2, 3 in one style; other lines continue
// the item before. "1.5万元" on its own is a figure, not item 1.
func splitNumbered(text string, m marker) ([]string, bool) {
	if !strings.HasPrefix(text, m(1)) {
		return nil, false
	}
	var items, open []string // open holds the lines of the item being read
	next := m(1)
	for _, line := range strings.Split(text, "\n") {
		rest, ok := strings.CutPrefix(line, next)
		if !ok {
			open = append(open, strings.TrimPrefix(line, continuation))
			continue
		}
		if open != nil {
			items = append(items, strings.TrimSpace(strings.Join(open, "\n")))
		}
		open = []string{strings.TrimLeft(rest, " \t")}
		next = m(len(items) + 2)
	}
	items = append(items, strings.TrimSpace(strings.Join(open, "\n")))
	if inline := splitInline(text, m); len(items) == 1 && len(inline) > 1 {
		return inline, true
	}
	if len(items) == 1 && m(1) == "1." && isFigure(items[0]) {
		return nil, false
	}
	return items, true
}

// splitInline reads items numbered on one line: "1.甲；2.乙。3.丙". A number counts
// only where a sentence ends before it, and none but the last may be missing.
func splitInline(text string, m marker) []string {
	rest, ok := strings.CutPrefix(text, m(1))
	if !ok || strings.Contains(text, "\n"+continuation) {
		return nil
	}
	var items []string
	for n := 2; ; n++ {
		at := inlineMark(rest, m(n))
		if at < 0 {
			return append(items, strings.TrimSpace(rest))
		}
		items = append(items, strings.TrimRight(strings.TrimSpace(rest[:at]), "；;"))
		rest = rest[at+len(m(n)):]
	}
}

// inlineMark finds a number behind the end of a sentence, but not a figure.
func inlineMark(s, mark string) int {
	for from := 0; ; {
		at := strings.Index(s[from:], mark)
		if at < 0 {
			return -1
		}
		at += from
		before := strings.TrimRight(s[:at], " \t\n\u3000")
		ended := before != s[:at] || strings.HasSuffix(before, "；") || strings.HasSuffix(before, ";") || strings.HasSuffix(before, "。")
		if ended && before != "" && !isFigure(s[at+len(mark):]) {
			return at
		}
		from = at + len(mark)
	}
}

// splitCircled finds ①②③ in their order, on one line or on several.
func splitCircled(text string) []string {
	var items []string
	for n := 1; ; n++ {
		text = strings.TrimPrefix(text, circle(n))
		at := strings.Index(text, circle(n+1))
		if at < 0 {
			return append(items, strings.TrimRight(strings.TrimSpace(text), "；;"))
		}
		items = append(items, strings.TrimRight(strings.TrimSpace(text[:at]), "；;"))
		text = text[at:]
	}
}

// joinList writes items so that splitList gives them back. A single item goes
// without a number where that is safe and plain is set.
func joinList(items []string, style marker, mayBePlain bool) string {
	if mayBePlain && len(items) == 1 {
		if back := splitList(items[0]); len(back) == 1 && back[0] == items[0] {
			return items[0]
		}
	}
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(style(i + 1))
		b.WriteString(strings.ReplaceAll(item, "\n", "\n"+continuation))
	}
	return b.String()
}

// joinLines writes items one on each line, numbered only where they would not
// come back otherwise; items that are all empty give an empty cell.
func joinLines(items []string) string {
	plain := strings.Join(items, "\n")
	if strings.Trim(plain, "\n") == "" {
		return ""
	}
	if slices.Equal(splitList(plain), items) {
		return plain
	}
	return joinList(items, dotted(items), false)
}

// dotted chooses "1." or, when an item begins with a figure, "1、".
func dotted(items []string) marker {
	for _, item := range items {
		if startsWithDigit(item) {
			return markers[2]
		}
	}
	return markers[3]
}

var bracketed = markers[0]

func startsWithDigit(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsDigit(r)
}

// isFigure says that a text goes on as the decimals of "1.5" would. A year or month
// after "1." is the beginning of a sentence.
func isFigure(s string) bool { return startsWithDigit(s) && !aYear.MatchString(s) }

var aYear = regexp.MustCompile(`^((19|20)\d\d(\D|$)|\d{1,2}月)`)

func nonEmpty(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}
