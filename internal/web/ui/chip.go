package ui

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
)

// The components of this file stand several hundred times in a page of the ledger. They are written by hand because a
// templ component sets up its own buffer and context each time: by hand, a page of the ledger takes half the time.

// Chip is a word in a coloured box with its icon: Chip(Amber, "clock", "今天 18:00").
func Chip(hue, icon, word string) templ.Component {
	return markup(`<span class="st ` + templ.EscapeString(hue) + `">` + iconMarkup(icon, "") + templ.EscapeString(word) + `</span>`)
}

// StatusChip shows the state of a finding: registered, rectifying, in_review, returned, recognised or closed. word is
// the state in the reader's language, usually lang.T(ctx, "stage."+state).
func StatusChip(state, word string) templ.Component {
	l := stageLook(state)
	return Chip(l.hue, l.icon, word)
}

// VerdictChip shows a verdict: Pass, Basic, Fail, Sealed, Waiting or Stale, in word.
func VerdictChip(verdict, word string) templ.Component {
	l := verdictLook(verdict)
	return Chip(l.hue, l.icon, word)
}

// DeadlineLight shows how near a deadline is; kind is Overdue, Today, Soon, Far, Met or NoDate. See LightFor.
func DeadlineLight(kind, text string) templ.Component {
	l := lightLook(kind)
	return Chip(l.hue, l.icon, text)
}

// Tag is a small grey word: a category, a count.
func Tag(word string) templ.Component {
	return markup(`<span class="tag">` + templ.EscapeString(word) + `</span>`)
}

// OutlineTag is a Tag with a frame instead of a ground, for a mark that matters: 涉组涉干.
func OutlineTag(word string) templ.Component {
	return markup(`<span class="tag zt">` + templ.EscapeString(word) + `</span>`)
}

// SealName is a party's square where only the party is meant, not its verdict, as in a table head.
func SealName(mark string) templ.Component {
	return markup(`<span class="pz wait" aria-hidden="true">` + templ.EscapeString(mark) + `</span>`)
}

// SealMark is one party's square; size is "" (22 px) or "lg" (30 px).
func SealMark(s Seal, size string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		s.write(ctx, &b, size)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// Seals are the squares of all parties of a review side by side.
func Seals(parties []Seal) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString(`<span class="seal4">`)
		for _, s := range parties {
			s.write(ctx, &b, "")
		}
		b.WriteString(`</span>`)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// RowCheck is the tick of a row; number is what the row is called aloud.
func RowCheck(name, value, number string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<input class="form-check-input" type="checkbox" name="`+templ.EscapeString(name)+`" value="`+
			templ.EscapeString(value)+`" aria-label="`+templ.EscapeString(lang.T(ctx, "ui.table.select", number))+`">`)
		return err
	})
}

func (s Seal) write(ctx context.Context, b *strings.Builder, size string) {
	words := templ.EscapeString(s.says(ctx))
	b.WriteString(`<span class="` + templ.EscapeString(s.class(size)) + `" role="img" aria-label="` + words + `" title="` + words + `">`)
	b.WriteString(templ.EscapeString(s.Mark) + `</span>`)
}
