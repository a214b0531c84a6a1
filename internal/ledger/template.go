package ledger

import (
	"maps"
	"strings"
	"time"
	"unicode/utf8"
)

// A Template is what an installation uses to make one kind of official document: the
// files it has taken in, and which of them was in force when. The program's own
// template lies under it as number 0.
type Template struct {
	Kind    string            `json:"kind"` // code of a kind of document
	Files   []TemplateVersion `json:"files"`
	Used    []TemplateUse     `json:"used"` // oldest first
	Version int64             `json:"version"`
}

// TemplateVersion is one file. Aliases leads from names of fields in it to those the
// kind has; an empty one leaves the field blank knowingly.
type TemplateVersion struct {
	Number  int               `json:"number"` // from 1
	File    File              `json:"file"`
	Aliases map[string]string `json:"aliases,omitempty"`
	Note    string            `json:"note,omitempty"`
	By      string            `json:"by"` // person ID
	At      time.Time         `json:"at"`
}

// TemplateUse says which file documents are made from, from an instant on.
type TemplateUse struct {
	Number int       `json:"number"` // 0: the program's own
	Note   string    `json:"note,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func (t Template) Ref() Ref         { return TemplateRef(t.Kind) }
func (t Template) Ver() int64       { return t.Version }
func (t Template) Subject() Subject { return Subject{Kind: KindTemplate} }

// TemplateRef names the template of a kind of document.
func TemplateRef(kind string) Ref { return Ref{KindTemplate, kind} }

// InForce returns the number of the file that documents of the instant are made from;
// 0 for the program's own.
func (t Template) InForce(at time.Time) int {
	number := 0
	for _, u := range t.Used {
		if u.At.Before(at) {
			number = u.Number
		}
	}
	return number
}

// Current is the number of the file in force.
func (t Template) Current() int {
	if len(t.Used) == 0 {
		return 0
	}
	return t.Used[len(t.Used)-1].Number
}

// Find returns a file by its number.
func (t Template) Find(number int) (TemplateVersion, bool) {
	if number < 1 || number > len(t.Files) {
		return TemplateVersion{}, false
	}
	return t.Files[number-1], true
}

type (
	// AddTemplate takes in a file; documents are made as before.
	AddTemplate struct {
		Kind    string
		File    File
		Aliases map[string]string
		Note    string
	}
	// MapTemplate says what names of fields in a file mean.
	MapTemplate struct {
		Kind    string
		Number  int
		Aliases map[string]string
	}
	// UseTemplate makes documents from a file from now on; 0 is the program's own.
	UseTemplate struct {
		Kind   string
		Number int
		Note   string
	}
)

func (a AddTemplate) Target() Ref     { return TemplateRef(a.Kind) }
func (a AddTemplate) Under() Ref      { return Ref{} }
func (a AddTemplate) Blank(Env) State { return Template{Kind: a.Kind} }
func (a MapTemplate) Target() Ref     { return TemplateRef(a.Kind) }
func (a UseTemplate) Target() Ref     { return TemplateRef(a.Kind) }

type (
	// TemplateAdded is a new file.
	TemplateAdded struct {
		File TemplateVersion `json:"file"`
	}
	// TemplateMapped is what the names in a file mean.
	TemplateMapped struct {
		Number  int               `json:"number"`
		Aliases map[string]string `json:"aliases"`
	}
	// TemplateUsed is the file that documents are made from.
	TemplateUsed struct {
		Use TemplateUse `json:"use"`
	}
)

func (TemplateAdded) event()  {}
func (TemplateMapped) event() {}
func (TemplateUsed) event()   {}

// The limits of a template.
const (
	maxTemplateFiles = 200
	maxTemplateNote  = 200
	maxAliases       = 500
)

// decide expects in env.Unfit why the file of the act cannot be used: the code of what
// is wrong with it, "" for nothing.
func (t Template) decide(act Act, env Env) ([]Fact, error) {
	if env.Unfit != "" {
		return nil, refuse("template.unfit")
	}
	switch act := act.(type) {
	case AddTemplate:
		return t.add(act, env)
	case MapTemplate:
		return t.mapNames(act)
	case UseTemplate:
		return t.use(act, env)
	}
	return nil, unhandled(t, act)
}

func (t Template) add(act AddTemplate, env Env) ([]Fact, error) {
	v := TemplateVersion{Number: len(t.Files) + 1, File: act.File, Aliases: act.Aliases, Note: strings.TrimSpace(act.Note), By: env.Person, At: env.Now}
	last, any := t.Find(len(t.Files))
	switch {
	case len(t.Files) >= maxTemplateFiles:
		return nil, refuse("template.too_many", maxTemplateFiles)
	case any && last.File.SHA256 == v.File.SHA256:
		return nil, refuse("template.same_file", last.Number)
	case utf8.RuneCountInString(v.Note) > maxTemplateNote:
		return nil, refuse("field.too_long", maxTemplateNote)
	case len(act.Aliases) > maxAliases:
		return nil, refuse("template.too_many_names", maxAliases)
	}
	return on(t, TemplateAdded{v}), nil
}

func (t Template) mapNames(act MapTemplate) ([]Fact, error) {
	v, known := t.Find(act.Number)
	switch {
	case !known:
		return nil, refuse("template.no_version", act.Number)
	case len(act.Aliases) > maxAliases:
		return nil, refuse("template.too_many_names", maxAliases)
	case maps.Equal(v.Aliases, act.Aliases):
		return nil, refuse("template.nothing_changed")
	}
	return on(t, TemplateMapped{act.Number, act.Aliases}), nil
}

func (t Template) use(act UseTemplate, env Env) ([]Fact, error) {
	u := TemplateUse{Number: act.Number, Note: strings.TrimSpace(act.Note), By: env.Person, At: env.Now}
	_, known := t.Find(act.Number)
	switch {
	case act.Number != 0 && !known:
		return nil, refuse("template.no_version", act.Number)
	case t.Current() == act.Number:
		return nil, refuse("template.in_force_already")
	case utf8.RuneCountInString(u.Note) > maxTemplateNote:
		return nil, refuse("field.too_long", maxTemplateNote)
	}
	return on(t, TemplateUsed{u}), nil
}

func (t Template) Apply(e Event) State {
	switch e := e.(type) {
	case TemplateAdded:
		t.Files = append(t.Files[:len(t.Files):len(t.Files)], e.File)
	case TemplateMapped:
		files := append([]TemplateVersion(nil), t.Files...)
		if e.Number > 0 && e.Number <= len(files) {
			files[e.Number-1].Aliases = e.Aliases
		}
		t.Files = files
	case TemplateUsed:
		t.Used = append(t.Used[:len(t.Used):len(t.Used)], e.Use)
	}
	t.Version++
	return t
}
