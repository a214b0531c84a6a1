package ledger

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Layouts are the ways in which the ledgers of one organisation are read, as a
// person confirmed them: the next file of the same form is read the same way.
type Layouts struct {
	Organisation string        `json:"organisation"` // code, or AnyOrganisation
	Known        []KnownLayout `json:"known"`        // newest first
	Version      int64         `json:"version"`
}

// A KnownLayout is one of them.
type KnownLayout struct {
	Name   string          `json:"name"`   // of the file it was made for
	Layout json.RawMessage `json:"layout"` // see sheet.Layout
	By     string          `json:"by"`     // person ID
	At     time.Time       `json:"at"`
}

// AnyOrganisation stands for ledgers that name the organisation in each row.
const AnyOrganisation = "all"

// Limits of what is remembered.
const (
	maxLayouts     = 20
	maxLayoutBytes = 128 << 10
)

func (l Layouts) Ref() Ref         { return LayoutsRef(l.Organisation) }
func (l Layouts) Ver() int64       { return l.Version }
func (l Layouts) Subject() Subject { return Subject{Kind: KindLayouts} }

// LayoutsRef names the layouts of the organisation.
func LayoutsRef(organisation string) Ref { return Ref{KindLayouts, organisation} }

// Acts on layouts.
type (
	// RememberLayout keeps a layout, in place of one with the same name.
	RememberLayout struct {
		Organisation, Name string
		Layout             json.RawMessage
	}
	// ForgetLayout takes one away.
	ForgetLayout struct{ Organisation, Name string }
)

func (a RememberLayout) Target() Ref     { return LayoutsRef(a.Organisation) }
func (a RememberLayout) Under() Ref      { return Ref{} }
func (a RememberLayout) Blank(Env) State { return Layouts{Organisation: a.Organisation} }
func (a ForgetLayout) Target() Ref       { return LayoutsRef(a.Organisation) }

// Events of layouts.
type (
	LayoutRemembered struct {
		Known KnownLayout `json:"known"`
	}
	LayoutForgotten struct {
		Name string `json:"name"`
	}
)

func (LayoutRemembered) event() {}
func (LayoutForgotten) event()  {}

func (l Layouts) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case RememberLayout:
		return l.remember(act, env)
	case ForgetLayout:
		if l.find(act.Name) < 0 {
			return nil, refuse("layout.unknown", act.Name)
		}
		return on(l, LayoutForgotten{act.Name}), nil
	}
	return nil, unhandled(l, act)
}

func (l Layouts) remember(act RememberLayout, env Env) ([]Fact, error) {
	known := KnownLayout{strings.TrimSpace(act.Name), act.Layout, env.Person, env.Now}
	at := l.find(known.Name)
	switch {
	case known.Name == "":
		return nil, refuse("layout.name_missing")
	case tooLong(MaxShort, known.Name):
		return nil, refuse("field.too_long", MaxShort)
	case !json.Valid(act.Layout) || len(act.Layout) > maxLayoutBytes:
		return nil, refuse("layout.too_big")
	case at >= 0 && string(l.Known[at].Layout) == string(act.Layout):
		return nil, refuse("act.nothing_changed")
	case at < 0 && len(l.Known) >= maxLayouts:
		return nil, refuse("layout.too_many", maxLayouts)
	}
	return on(l, LayoutRemembered{known}), nil
}

func (l Layouts) find(name string) int {
	return slices.IndexFunc(l.Known, func(k KnownLayout) bool { return k.Name == name })
}

// Apply returns the layouts after the event.
func (l Layouts) Apply(e Event) State {
	switch e := e.(type) {
	case LayoutRemembered:
		l.Known = append([]KnownLayout{e.Known}, l.without(e.Known.Name)...)
	case LayoutForgotten:
		l.Known = l.without(e.Name)
	}
	l.Version++
	return l
}

func (l Layouts) without(name string) []KnownLayout {
	return slices.DeleteFunc(slices.Clone(l.Known), func(k KnownLayout) bool { return k.Name == name })
}
