package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/workday"
)

// An Organisation is a party organisation that is or may be inspected. They
// form a tree: a county department, a town, a village under its town.
type Organisation struct {
	Code    string `json:"code"` // short, upper case, part of finding numbers: "JT"
	Parent  string `json:"parent,omitempty"`
	Names   []Name `json:"names"` // by date; the last one holds now
	Version int64  `json:"version"`
}

// A Name is a full and a short name and the day from which it holds.
type Name struct {
	Full  string       `json:"full"`
	Short string       `json:"short"`
	Since workday.Date `json:"since"`
}

// NameOn returns the name that was true on the day d. Before the first name it
// is the first one; the zero day means now.
func (o Organisation) NameOn(d workday.Date) Name {
	if len(o.Names) == 0 {
		return Name{Full: o.Code, Short: o.Code}
	}
	name := o.Names[0]
	for _, n := range o.Names {
		if d == (workday.Date{}) || !n.Since.After(d) {
			name = n
		}
	}
	return name
}

func (o Organisation) Ref() Ref         { return Ref{KindOrganisation, o.Code} }
func (o Organisation) Ver() int64       { return o.Version }
func (o Organisation) Subject() Subject { return Subject{Kind: KindOrganisation, Organisation: o.Code} }

// Acts on organisations.
type (
	// AddOrganisation enters an organisation.
	AddOrganisation struct {
		Code, Parent string
		Name         Name
	}
	// RenameOrganisation gives it another name from a day on. Rounds before
	// that day keep the old name.
	RenameOrganisation struct {
		Code string
		Name Name
	}
	// MoveOrganisation puts it under another parent; "" is the top.
	MoveOrganisation struct{ Code, Parent string }
)

func (a AddOrganisation) Target() Ref     { return Ref{KindOrganisation, a.Code} }
func (a AddOrganisation) Under() Ref      { return Ref{} }
func (a AddOrganisation) Blank(Env) State { return Organisation{Code: a.Code} }
func (a RenameOrganisation) Target() Ref  { return Ref{KindOrganisation, a.Code} }
func (a MoveOrganisation) Target() Ref    { return Ref{KindOrganisation, a.Code} }

// Events of organisations.
type (
	OrganisationAdded struct {
		Parent string `json:"parent,omitempty"`
		Name   Name   `json:"name"`
	}
	OrganisationRenamed struct {
		Name Name `json:"name"`
	}
	OrganisationMoved struct {
		Parent string `json:"parent,omitempty"`
	}
)

func (OrganisationAdded) event()   {}
func (OrganisationRenamed) event() {}
func (OrganisationMoved) event()   {}

func (o Organisation) decide(act Act) ([]Fact, error) {
	switch act := act.(type) {
	case AddOrganisation:
		switch {
		case o.Version > 0:
			return nil, refuse("organisation.code_taken", act.Code)
		case !ValidCode(act.Code):
			return nil, refuse("organisation.code_invalid", act.Code)
		case act.Parent == act.Code:
			return nil, refuse("organisation.own_parent")
		}
		name, err := checkName(act.Name)
		if err != nil {
			return nil, err
		}
		return on(o, OrganisationAdded{Parent: act.Parent, Name: name}), nil

	case RenameOrganisation:
		name, err := checkName(act.Name)
		if err != nil {
			return nil, err
		}
		if last := o.NameOn(workday.Date{}); !name.Since.After(last.Since) {
			return nil, refuse("organisation.name_since", last.Since.String())
		}
		return on(o, OrganisationRenamed{Name: name}), nil

	case MoveOrganisation:
		if act.Parent == o.Code {
			return nil, refuse("organisation.own_parent")
		}
		return on(o, OrganisationMoved{Parent: act.Parent}), nil

	default:
		return nil, unhandled(o, act)
	}
}

// checkName trims a name; a missing short name is the full one.
func checkName(n Name) (Name, error) {
	n.Full, n.Short = strings.TrimSpace(n.Full), strings.TrimSpace(n.Short)
	if n.Full == "" {
		return n, refuse("organisation.name_missing")
	}
	if n.Short == "" {
		n.Short = n.Full
	}
	return n, nil
}

// ValidCode reports whether s can stand in numbers and addresses:
// 1 to 12 capital letters and digits.
func ValidCode(s string) bool {
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 12
}

func (o Organisation) Apply(e Event) State {
	switch e := e.(type) {
	case OrganisationAdded:
		o.Parent, o.Names = e.Parent, []Name{e.Name}
	case OrganisationRenamed:
		o.Names = append(slices.Clone(o.Names), e.Name)
	case OrganisationMoved:
		o.Parent = e.Parent
	}
	o.Version++
	return o
}
