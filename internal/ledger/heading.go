package ledger

import (
	"slices"
	"strings"
	"time"
)

// Headings are the words that this office's ledgers write over their columns,
// beside those the program knows.
type Headings struct {
	Words   []Heading `json:"words"`
	Version int64     `json:"version"`
}

// A Heading is one such word and the field it stands for.
type Heading struct {
	Word  string    `json:"word"`
	Field string    `json:"field"` // see sheet.Field
	By    string    `json:"by"`    // person ID
	At    time.Time `json:"at"`
}

const maxHeadings = 500

const headingsID = "ledger" // there is one table

func (h Headings) Ref() Ref         { return HeadingsRef() }
func (h Headings) Ver() int64       { return h.Version }
func (h Headings) Subject() Subject { return Subject{Kind: KindHeadings} }

// HeadingsRef names the one table of headings.
func HeadingsRef() Ref { return Ref{KindHeadings, headingsID} }

// Acts on headings.
type (
	AddHeading    struct{ Word, Field string }
	RemoveHeading struct{ Word string }
)

func (a AddHeading) Target() Ref     { return HeadingsRef() }
func (a AddHeading) Under() Ref      { return Ref{} }
func (a AddHeading) Blank(Env) State { return Headings{} }
func (a RemoveHeading) Target() Ref  { return HeadingsRef() }

// Events of headings.
type (
	HeadingAdded struct {
		Heading Heading `json:"heading"`
	}
	HeadingRemoved struct {
		Word string `json:"word"`
	}
)

func (HeadingAdded) event()   {}
func (HeadingRemoved) event() {}

func (h Headings) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case AddHeading:
		return h.add(act, env)
	case RemoveHeading:
		if h.find(act.Word) < 0 {
			return nil, refuse("heading.unknown", act.Word)
		}
		return on(h, HeadingRemoved(act)), nil
	}
	return nil, unhandled(h, act)
}

func (h Headings) add(act AddHeading, env Env) ([]Fact, error) {
	word := strings.TrimSpace(act.Word)
	switch {
	case word == "":
		return nil, refuse("heading.word_missing")
	case tooLong(maxHeadingWord, word):
		return nil, refuse("field.too_long", maxHeadingWord)
	case !env.Columns[act.Field]:
		return nil, refuse("heading.field_unknown", act.Field)
	case h.find(word) >= 0:
		return nil, refuse("heading.twice", word)
	case len(h.Words) >= maxHeadings:
		return nil, refuse("heading.too_many", maxHeadings)
	}
	return on(h, HeadingAdded{Heading{word, act.Field, env.Person, env.Now}}), nil
}

const maxHeadingWord = 60

func (h Headings) find(word string) int {
	return slices.IndexFunc(h.Words, func(x Heading) bool { return x.Word == word })
}

// Apply returns the table after the event.
func (h Headings) Apply(e Event) State {
	switch e := e.(type) {
	case HeadingAdded:
		h.Words = append(slices.Clip(h.Words), e.Heading)
	case HeadingRemoved:
		h.Words = slices.DeleteFunc(slices.Clone(h.Words), func(x Heading) bool { return x.Word == e.Word })
	}
	h.Version++
	return h
}
