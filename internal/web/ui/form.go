package ui

import (
	"context"
	"strconv"
	"unicode/utf8"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
)

// Field is one control of a form. ID defaults to Name. Problem, if set, is what is wrong with it and how to mend it; the
// control is marked invalid and the words are tied to it. Limit is the greatest number of characters, 0 for none.
type Field struct {
	ID, Name, Label, Value string
	Hint, Problem          string
	Kind                   string // of an input: text, password, date, number, email, tel; empty is text
	Placeholder            string
	Complete               string // autocomplete: username, current-password, new-password, off
	Limit, Rows            int
	Required, ReadOnly     bool
	Quiet                  bool // the label is for screen readers only
	Choices                []Choice
	More                   templ.Attributes // data-… and hx-… of the control
}

// Choice is one of several. Class colours a verdict: ok, mid or no. Icon is optional.
type Choice struct {
	Value, Label, Icon, Class string
}

// Hidden is a value a form carries unseen: the version it was made from, the key that makes a repeat harmless.
type Hidden struct {
	Name, Value string
}

// Group is a set of radio buttons; Legend is its question, Help a line below it.
type Group struct {
	Name, Legend, Help, Value, Problem string
	Choices                            []Choice
	Required                           bool
}

// FieldProblem is one entry of the error summary; ID is that of the field it leads to.
type FieldProblem struct {
	ID, Text string
}

// Reasoned is an act that asks for a reason first. It is a closed section on the page, so it works without scripts.
type Reasoned struct {
	ID, Label, Icon    string // of the button that opens it
	Title, Explain     string // what will happen
	Action             string // where it posts to
	Field              string // name of the reason's field; empty means "reason"
	Value, Problem     string // what was written before, and what was wrong with it
	Confirm            string // wording of the button that does it
	Hidden             []Hidden
	Danger, Open, Wide bool
}

// Drop is a place for files. Types are what is accepted, such as ".pdf,.docx"; TypeWords and LimitWords say it in words.
type Drop struct {
	ID, Name, Label, Types, TypeWords, LimitWords, Problem string
	Multiple, Required                                     bool
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

func (f Field) kind() string {
	if f.Kind != "" {
		return f.Kind
	}
	return "text"
}

func (f Field) rows() string {
	if f.Rows > 0 {
		return strconv.Itoa(f.Rows)
	}
	return "3"
}

func (f Field) labelClass() string {
	if f.Quiet {
		return "vh"
	}
	return "label"
}

// marks are the attributes every control shares.
func (f Field) marks() templ.Attributes {
	m := templ.Attributes{"id": f.id(), "name": f.Name}
	if by := describedBy(f.id(), f.Hint != "" || f.Limit > 0, f.Problem != ""); by != "" {
		m["aria-describedby"] = by
	}
	if f.Problem != "" {
		m["aria-invalid"] = "true"
	}
	if f.Required {
		m["required"] = true
	}
	if f.ReadOnly {
		m["readonly"] = true
	}
	if f.Limit > 0 {
		m["maxlength"] = strconv.Itoa(f.Limit)
	}
	if f.Placeholder != "" {
		m["placeholder"] = f.Placeholder
	}
	if f.Complete != "" {
		m["autocomplete"] = f.Complete
	}
	for k, v := range f.More {
		m[k] = v
	}
	return m
}

func describedBy(id string, hint, problem bool) string {
	switch {
	case hint && problem:
		return id + "-hint " + id + "-problem"
	case hint:
		return id + "-hint"
	case problem:
		return id + "-problem"
	}
	return ""
}

func (f Field) hint(ctx context.Context) string {
	if f.Hint != "" || f.Limit == 0 {
		return f.Hint
	}
	return lang.T(ctx, "ui.field.left", f.Limit-utf8.RuneCountInString(f.Value))
}

// counts lets app.js keep the number of characters left up to date.
func (f Field) counts(ctx context.Context) templ.Attributes {
	if f.Hint != "" || f.Limit == 0 {
		return nil
	}
	return templ.Attributes{"data-left": lang.T(ctx, "ui.field.left", "{0}")}
}

func controlClass(base, problem string) string {
	if problem != "" {
		return base + " is-invalid"
	}
	return base
}

// group are the attributes of a set of radio buttons.
func (g Group) marks() templ.Attributes {
	m := templ.Attributes{"role": "radiogroup", "aria-labelledby": "l-" + g.Name}
	if g.Problem != "" {
		m["aria-describedby"] = g.Name + "-problem"
		m["aria-invalid"] = "true"
	}
	return m
}

func (r Reasoned) field() string {
	if r.Field != "" {
		return r.Field
	}
	return "reason"
}

func (r Reasoned) confirmClass() string {
	if r.Danger {
		return "btn btn-danger-x"
	}
	return "btn btn-primary"
}

// firstID gives the first radio button of a group the group's name as id, so that an error summary can lead to it.
func firstID(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "-" + strconv.Itoa(i+1)
}

var triIcons = map[string]string{"ok": "circle-check", "mid": "circle-half-2", "no": "circle-x"}

func triIcon(c Choice) string {
	if c.Icon != "" {
		return c.Icon
	}
	if icon, ok := triIcons[c.Class]; ok {
		return icon
	}
	return "point"
}
