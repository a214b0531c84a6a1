// Package account says who people are and in which capacities they act, and holds
// the rules of passwords, lock-out, sessions and tokens.
// It stores nothing and does not decide what a capacity may do: see package policy.
package account

import (
	"fmt"
	"slices"

	"lianshen/internal/workday"
)

// A Person is somebody who can sign in.
type Person struct {
	ID       string // UUIDv7
	Username string // unique whatever its case; see [FoldUsername]
	Name     string
	Phone    string // "" if not known; never written to a log
	Disabled bool   // may no longer sign in; what the person did stays
}

// Role is what a person is in one capacity.
type Role string

// The roles. The last three are the administrators, kept apart from each other and
// from all casework.
const (
	Clerk    Role = "clerk"    // works in the inspection office (巡察办)
	Reviewer Role = "reviewer" // reviews for one of the bodies
	Liaison  Role = "liaison"  // liaison officer of an inspected organisation
	Head     Role = "head"     // principal of an inspected organisation: checks and pledges
	Leader   Role = "leader"   // reads everything, changes nothing
	Sysadmin Role = "sysadmin" // people, organisations and configuration
	Secadmin Role = "secadmin" // grants roles
	Auditor  Role = "auditor"  // reads the trail
)

// Roles lists the roles in the order in which they are shown.
var Roles = []Role{Clerk, Reviewer, Liaison, Head, Leader, Sysadmin, Secadmin, Auditor}

// ParseRole reads the word of a role.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles, r) {
		return r, nil
	}
	return "", refuse("appointment.unknown_role", s)
}

// Admin reports whether r is one of the three administrators.
func (r Role) Admin() bool { return r == Sysadmin || r == Secadmin || r == Auditor }

// ForOrganisation reports whether whoever is r acts for an inspected organisation.
func (r Role) ForOrganisation() bool { return r == Liaison || r == Head }

// ForBody reports whether whoever is r acts for a body: the inspection office or a
// reviewing one.
func (r Role) ForBody() bool { return r == Clerk || r == Reviewer }

// An Appointment is one capacity of a person, for as long as it lasts. Appointments
// end, they are not deleted: who acted for whom must stay readable.
type Appointment struct {
	ID           string // UUIDv7
	Person       string // id
	Role         Role
	Body         string       // id; only for roles with ForBody; a clerk may have none
	Organisation string       // id; only for roles with ForOrganisation
	Title        string       // as on the door: "党委书记、局长"
	Since        workday.Date // first day
	Until        workday.Date // last day; zero while it lasts
}

// For returns what a is an appointment for: the body or the organisation, or "".
func (a Appointment) For() string {
	if a.Role.ForOrganisation() {
		return a.Organisation
	}
	return a.Body
}

// Holds reports whether a is in force on the day.
func (a Appointment) Holds(on workday.Date) bool {
	return !on.Before(a.Since) && (a.Until.IsZero() || !on.After(a.Until))
}

// Check returns a [*Refusal] if a does not make sense by itself.
func (a Appointment) Check() error {
	switch _, err := ParseRole(string(a.Role)); {
	case err != nil:
		return err
	case a.Role.ForOrganisation() && a.Organisation == "":
		return refuse("appointment.needs_organisation", a.Role)
	case !a.Role.ForOrganisation() && a.Organisation != "":
		return refuse("appointment.no_organisation", a.Role)
	case a.Role == Reviewer && a.Body == "":
		return refuse("appointment.needs_body", a.Role)
	case !a.Role.ForBody() && a.Body != "":
		return refuse("appointment.no_body", a.Role)
	case a.Since.IsZero():
		return refuse("appointment.needs_since")
	case !a.Until.IsZero() && a.Until.Before(a.Since):
		return refuse("appointment.ends_before_it_begins", a.Since, a.Until)
	}
	return nil
}

// CheckAdd returns a [*Refusal] if the person who holds the appointments held may
// not hold a as well. Only appointments that overlap with a in time count.
//
// An administrator of one kind is no administrator of another and does no casework
// (三员分立); and whoever files for an inspected organisation does not review, lead
// or keep the ledger, nor file for a second one.
func CheckAdd(held []Appointment, a Appointment) error {
	if err := a.Check(); err != nil {
		return err
	}
	for _, h := range held {
		if h.ID == a.ID || !overlap(h, a) {
			continue
		}
		if code := conflict(h, a); code != "" {
			return refuse(code, h.Role, a.Role)
		}
	}
	return nil
}

func conflict(a, b Appointment) string {
	switch {
	case (a.Role.Admin() || b.Role.Admin()) && a.Role != b.Role:
		return "appointment.admin_apart"
	case a.Role.ForOrganisation() != b.Role.ForOrganisation():
		return "appointment.files_and_reviews"
	case a.Role.ForOrganisation() && a.Organisation != b.Organisation:
		return "appointment.second_organisation"
	case a.Role == b.Role && a.For() == b.For():
		return "appointment.twice"
	}
	return ""
}

func overlap(a, b Appointment) bool {
	return (a.Until.IsZero() || !a.Until.Before(b.Since)) && (b.Until.IsZero() || !b.Until.Before(a.Since))
}

// A Refusal is the answer to something the rules do not allow. Code is a message
// key, Args fill its wording.
type Refusal struct {
	Code string
	Args []any
}

func (r *Refusal) Error() string { return fmt.Sprint("refused: ", r.Code, r.Args) }

// Refusal returns the message key and its arguments, so that pages can word the
// refusals of all packages in one place.
func (r *Refusal) Refusal() (code string, args []any) { return r.Code, r.Args }

func refuse(code string, args ...any) error { return &Refusal{code, args} }
