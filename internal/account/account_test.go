package account_test

import (
	"errors"
	"testing"

	"lianshen/internal/account"
	"lianshen/internal/workday"
)

// code returns the message key of a refusal, "" for no error.
func code(t *testing.T, err error) string {
	t.Helper()
	var refusal *account.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refusal):
		return refusal.Code
	}
	t.Fatalf("%v is not a refusal", err)
	return ""
}

func day(n int) workday.Date { return workday.Date{Year: 2026, Month: 3, Day: 1}.AddDays(n) }

func TestAppointmentNamesWhatItIsFor(t *testing.T) {
	since := day(0)
	for want, a := range map[string]account.Appointment{
		"":                                  {Role: account.Clerk, Since: since},
		"appointment.unknown_role":          {Role: "king", Since: since},
		"appointment.needs_body":            {Role: account.Reviewer, Since: since},
		"appointment.needs_organisation":    {Role: account.Liaison, Since: since},
		"appointment.no_organisation":       {Role: account.Leader, Organisation: "JT", Since: since},
		"appointment.no_body":               {Role: account.Auditor, Body: "jwjw", Since: since},
		"appointment.needs_since":           {Role: account.Head, Organisation: "JT"},
		"appointment.ends_before_it_begins": {Role: account.Head, Organisation: "JT", Since: since, Until: day(-1)},
	} {
		if got := code(t, a.Check()); got != want {
			t.Errorf("%+v: %q, want %q", a, got, want)
		}
	}
}

func TestAppointmentHoldsFromFirstToLastDay(t *testing.T) {
	a := account.Appointment{Since: day(0), Until: day(2)}
	for n, want := range map[int]bool{-1: false, 0: true, 2: true, 3: false} {
		if got := a.Holds(day(n)); got != want {
			t.Errorf("day %d: Holds = %v, want %v", n, got, want)
		}
	}
	a.Until = workday.Date{}
	if !a.Holds(day(1000)) {
		t.Error("an appointment without an end does not hold")
	}
}

func TestSomeCapacitiesExcludeEachOther(t *testing.T) {
	make := func(role account.Role, of string) account.Appointment {
		a := account.Appointment{ID: string(role) + of, Role: role, Since: day(0)}
		switch {
		case role.ForOrganisation():
			a.Organisation = of
		case role.ForBody():
			a.Body = of
		}
		return a
	}
	tests := []struct {
		name       string
		held, next account.Appointment
		want       string
	}{
		{"two administrators in one", make(account.Sysadmin, ""), make(account.Secadmin, ""), "appointment.admin_apart"},
		{"an administrator who reviews", make(account.Auditor, ""), make(account.Reviewer, "zzb"), "appointment.admin_apart"},
		{"one who files and reviews", make(account.Liaison, "JT"), make(account.Reviewer, "zzb"), "appointment.files_and_reviews"},
		{"a clerk who files", make(account.Clerk, ""), make(account.Head, "JT"), "appointment.files_and_reviews"},
		{"liaison of two organisations", make(account.Liaison, "JT"), make(account.Liaison, "WJ"), "appointment.second_organisation"},
		{"liaison and head of one", make(account.Liaison, "JT"), make(account.Head, "JT"), ""},
		{"reviewer for two bodies", make(account.Reviewer, "zzb"), make(account.Reviewer, "xcz"), ""},
		{"clerk and reviewer", make(account.Clerk, ""), make(account.Reviewer, "xcb"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := code(t, account.CheckAdd([]account.Appointment{tt.held}, tt.next)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
			if got := code(t, account.CheckAdd([]account.Appointment{tt.next}, tt.held)); got != tt.want {
				t.Errorf("the other way round: %q, want %q", got, tt.want)
			}
			past := tt.held
			past.Since, past.Until = day(-9), day(-1)
			if got := code(t, account.CheckAdd([]account.Appointment{past}, tt.next)); got != "" {
				t.Errorf("after the end of the first: %q, want none", got)
			}
		})
	}
	same := make(account.Clerk, "")
	same.ID = "another"
	if got := code(t, account.CheckAdd([]account.Appointment{make(account.Clerk, "")}, same)); got != "appointment.twice" {
		t.Errorf("the same capacity twice: %q", got)
	}
}
