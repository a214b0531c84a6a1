package ui

import (
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Head is the top of a page: its title, a line beside it, where it lies, and the actions at the right (nil for none).
// Of the actions only one is solid (btn-primary).
type Head struct {
	Title, Sub string
	Crumbs     []Link
	Actions    templ.Component
}

// Box is the head of a card. ID makes the card's anchor and names its heading; it must be unique in the page.
type Box struct {
	ID, Title, Hint string
	Count           string // a number or short word in a grey tag after the title
	More            Link   // a link at the right; empty for none
	Class           string // extra class: a grid area (a–f), wb-b, mb-3
	Tools           templ.Component
}

// View is a saved view above a list, with its count. Hue red or amb makes the count stand out.
type View struct {
	Href, Label string
	Count       int // below zero: not shown
	Hue         string
	Current     bool
}

// LoopStep is one step of the closed loop; State is "ok" (done), "now" (current) or "" (to come).
type LoopStep struct {
	Label, Note, State string
}

// Anchor is a link to a section of the same page with the number of things in it (below zero: not shown).
type Anchor struct {
	ID, Label string
	Count     int
	Current   bool
}

func viewClass(v View) string {
	if v.Hue != "" {
		return "vn " + v.Hue
	}
	return "vn"
}

// step is aria-current="step" for the current step.
func step(state string) templ.Attributes {
	if state == "now" {
		return templ.Attributes{"aria-current": "step"}
	}
	return nil
}

// anchored gives a section its id and the heading it is named by, where it has one.
func anchored(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id, "aria-labelledby": id + "-h"}
}

// heading is the id of the heading of a card.
func heading(id string) templ.Attributes {
	if id == "" {
		return nil
	}
	return templ.Attributes{"id": id + "-h"}
}

// Hang sets a title; an opening Chinese quotation mark hangs into the margin where the browser does not trim it.
func Hang(text string) templ.Component {
	const open = "“"
	if rest, quoted := strings.CutPrefix(text, open); quoted {
		return markup(`<span class="hp">` + open + `</span>` + templ.EscapeString(rest))
	}
	return markup(templ.EscapeString(text))
}

// spaced puts a space before words that follow a name, unless they begin with a full-width mark, which brings its own.
func spaced(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if text != "" && strings.ContainsRune("（，。：；、", first) {
		return text
	}
	return " " + text
}
