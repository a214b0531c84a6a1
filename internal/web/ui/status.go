package ui

import (
	"context"

	"lianshen/internal/lang"
)

// Hues of the design: what is late or failed, due or partly, done or passed, being worked on, under review, quiet.
const (
	Red    = "red"
	Amber  = "amb"
	Green  = "grn"
	Blue   = "blu"
	Violet = "vio"
	Grey   = "gry"
)

type look struct{ hue, icon string }

// stageLooks gives each state of a finding its hue and icon.
var stageLooks = map[string]look{
	"registered": {Grey, "circle-dashed"},
	"rectifying": {Blue, "progress"},
	"in_review":  {Violet, "users"},
	"returned":   {Amber, "corner-up-left"},
	"recognised": {Green, "circle-check"},
	"closed":     {Green, "checks"},
	"continuing": {Blue, "refresh"},
	"settled":    {Grey, "minus"},
}

func stageLook(state string) look {
	if l, ok := stageLooks[state]; ok {
		return l
	}
	return look{Grey, "point"}
}

// Kinds of deadline light. Met and Far are quiet on purpose: text without a chip.
const (
	Overdue = "overdue"
	Today   = "today"
	Soon    = "soon"
	Far     = "far"
	Met     = "met"
	NoDate  = "none"
)

var lightLooks = map[string]look{
	Overdue: {"red", "alert-triangle"},
	Today:   {"amb", "clock"},
	Soon:    {"amb", "clock"},
	Far:     {"bare cx-grn", "circle-check"},
	Met:     {"bare cx-grn", "circle-check"},
	NoDate:  {"bare muted", "circle-dashed"},
}

func lightLook(kind string) look {
	if l, ok := lightLooks[kind]; ok {
		return l
	}
	return lightLooks[NoDate]
}

// LightFor gives kind and words of a deadline light: left is the number of days until the deadline, negative when it has
// passed; warn is the number of days from which a deadline counts as near.
func LightFor(l lang.Tag, left, warn int) (kind, text string) {
	switch {
	case left < 0:
		return Overdue, lang.Say(l, "light.overdue", -left)
	case left == 0:
		return Today, lang.Say(l, "light.today")
	case left <= warn:
		return Soon, lang.Say(l, "light.left", left)
	}
	return Far, lang.Say(l, "light.left", left)
}

// What a party's seal shows. Sealed: submitted, but hidden from the reader until the reader's own party has submitted.
const (
	Pass    = "pass"
	Basic   = "basic"
	Fail    = "fail"
	Sealed  = "sealed"
	Waiting = "waiting"
	Stale   = "stale" // given on an earlier version
)

// Seal is one party's square: the character it is known by, its name, and its verdict (Pass … Stale). Word, if set,
// replaces the verdict's own wording, where the mechanism has named its verdicts otherwise.
type Seal struct {
	Mark, Name, Verdict, Word string
}

var sealClasses = map[string]string{
	Pass: "ok", Basic: "mid", Fail: "no", Sealed: "sub", Waiting: "wait", Stale: "old",
}

func (s Seal) class(size string) string {
	class := "pz " + sealClasses[s.Verdict]
	if size != "" {
		class += " " + size
	}
	return class
}

// says is what the seal is called aloud: 纪委监委：不通过.
func (s Seal) says(ctx context.Context) string {
	word := s.Word
	if word == "" {
		word = lang.T(ctx, "verdict."+s.Verdict)
	}
	return lang.T(ctx, "ui.seal", s.Name, word)
}

var verdictLooks = map[string]look{
	Pass: {Green, "circle-check"}, Basic: {Amber, "circle-half-2"}, Fail: {Red, "circle-x"},
	Sealed: {Violet, "eye-off"}, Waiting: {Grey, "circle-dashed"}, Stale: {Grey, "history"},
}

func verdictLook(v string) look {
	if l, ok := verdictLooks[v]; ok {
		return l
	}
	return look{Grey, "point"}
}

// legendWord is the short word of a verdict for the legend below a table.
func legendWord(ctx context.Context, verdict string) string {
	if verdict == Sealed {
		return lang.T(ctx, "verdict.sealed.short")
	}
	return lang.T(ctx, "verdict."+verdict)
}
