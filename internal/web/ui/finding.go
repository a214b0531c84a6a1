package ui

import (
	"strconv"

	"github.com/a-h/templ"
)

// Event is one entry of a timeline. Icon and Hue mark its kind; Who is set bold before Text; Body is what was written.
type Event struct {
	Icon, Hue, Who, Text, When, Body string
}

// Feed is one line of recent activity: time, who, what, and the thing it was done to.
type Feed struct {
	When, Who, Text string
	Link            Link
	After           string // words after the link
}

// Evidence is one file: Kind pdf, doc, xls, img, zip or other; Meta is type, size and date in words, Note what it proves.
// Without Href it is only named, or must not be opened now.
type Evidence struct {
	Kind, Name, Href, Meta string
	Note                   string
	View                   string // where pictures and text of the file are shown; empty for nowhere
	Flags                  []ChipWord
	Gone                   bool // withdrawn: shown, but not to be opened
}

// KV is one line of a description list. Note stands in grey after the value; Href makes the value a link.
type KV struct {
	Key, Value, Note, Href string
}

// LogEntry is one entry of the record: its number in the trail and the shortened hash of its leaf.
type LogEntry struct {
	When, Who, Text, Detail string
	Seq                     int
	Hash                    string
}

// PartyCard is what one party's panel shows on the finding page. Blind hides the opinion until one's own is in.
type PartyCard struct {
	Seal   Seal
	Who    string // 和建军 · 14:32 已提交
	Chip   ChipWord
	Text   string
	Blind  bool
	Action Link // what one may do here; empty for none
}

// Todo is one thing to do: what, on which finding, until when, and the one button.
type Todo struct {
	Icon, Title, Href, Sub string
	Light, Due             string // kind and words of the deadline light; Light "" shows Due as plain text
	Act, ActHref           string // the button; ActHref empty means Href
	Current                bool
}

// TodoGroup is the todos of one stretch of time: 已超期, 今天到期, 本周.
type TodoGroup struct {
	Title, Icon, Hue string // Hue red, amb or "" for plain ink
	Items            []Todo
}

// Task is one step of an organisation's list of tasks, with where it stands and a button.
type Task struct {
	Title, Note, Href string
	Chip              ChipWord
}

// Span is a stretch of report text. Mark above 0 highlights it with that number; Hard makes the highlight red.
type Span struct {
	Text string
	Mark int
	Hard bool
}

// Hint is one finding of the machine's check of a text: the number of its highlight, what it is, why.
type Hint struct {
	Mark        int
	Hard        bool
	Title, Text string
	Quote       string // what the button "quote" adds to the opinion; empty hides the button
	Into        string // id of the control it is added to
}

// Passing is one line of the list of findings under review; State is Pass, Basic, Fail, "", "flag" or "now".
type Passing struct {
	Href, Number, Text, State, Word string
	Current                         bool
}

var evidenceIcons = map[string]string{
	"pdf": "file-type-pdf", "doc": "file-type-docx", "xls": "file-spreadsheet", "img": "photo", "zip": "file-zip",
}

func (e Evidence) icon() string {
	if icon, ok := evidenceIcons[e.Kind]; ok {
		return icon
	}
	return "file-text"
}

func (g TodoGroup) class() string {
	if g.Hue == "" {
		return "ink2"
	}
	return "cx-" + g.Hue
}

func (t Todo) act() string {
	if t.ActHref != "" {
		return t.ActHref
	}
	return t.Href
}

func (p Passing) look() look {
	switch p.State {
	case Pass:
		return look{"cx-grn", "circle-check"}
	case Basic:
		return look{"cx-amb", "circle-half-2"}
	case Fail:
		return look{"cx-red", "circle-x"}
	case "flag":
		return look{"cx-amb", "flag"}
	case "draft":
		return look{"cx-blu", "edit"}
	case "now":
		return look{"cx-blu", "point"}
	}
	return look{"muted", "circle-dashed"}
}

func hard(class string, is bool) string {
	if is {
		return class + " hard"
	}
	return class
}

func cur(class string, is bool) string {
	if is {
		return class + " cur"
	}
	return class
}

// rowFocus lets exactly one row of a keyboard list take the focus; the others get it by J and K.
func rowFocus(is bool) string {
	if is {
		return "0"
	}
	return "-1"
}

// span is a stretch of report text; there is no space between stretches, as there is none in Chinese.
func span(s Span) templ.Component {
	text := templ.EscapeString(s.Text)
	if s.Mark == 0 {
		return markup(text)
	}
	return markup(`<mark class="` + hard("m", s.Hard) + `">` + text + "<sup>" + strconv.Itoa(s.Mark) + "</sup></mark>")
}
