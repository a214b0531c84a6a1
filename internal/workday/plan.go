package workday

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"sync"
)

// The plans of 2025 and 2026 as published each November by the General Office of
// the State Council. The note inside says what was checked against what: 2026 was
// checked against a full reprint of the notice of 4 November 2025, and local
// holidays are not in it.
//
//go:embed calendar-2025-2026.json
var published []byte

var parsePublished = sync.OnceValues(func() (Calendar, error) { return ParsePlan(bytes.NewReader(published)) })

// Published returns the plans that come with the program: 2025 and 2026.
// Later years are imported with [ParsePlan] once they are published.
func Published() Calendar {
	c, err := parsePublished()
	if err != nil {
		panic(err) // the embedded file is part of the program, and a test reads it
	}
	return c.With(nil)
}

// A PlanError says what is wrong with a plan and where, so that the person who
// imports it can mend it. Code is a message key.
type PlanError struct {
	Code string // "plan.unreadable", "plan.empty", "plan.year", "plan.weekday_worked" or "plan.contradiction"
	Year int    // 0 if the plan could not be read that far
	Name string // name of the holiday
	Day  Date
	Err  error // what the JSON reader said, for "plan.unreadable"
}

func (e *PlanError) Error() string {
	s := "workday: " + e.Code
	if e.Year != 0 {
		s += fmt.Sprintf(": %d %s %s", e.Year, e.Name, e.Day)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *PlanError) Unwrap() error { return e.Err }

type planFile struct {
	Holidays []holiday `json:"holidays"`
	Local    struct {
		Days []Date `json:"days"`
	} `json:"local_holidays"`
}

type holiday struct {
	Year   int    `json:"year"`
	Name   string `json:"name"`
	Days   []Date `json:"days"`
	Worked []Date `json:"makeup_workdays"`
	Basis  string `json:"basis"`
}

// ParsePlan reads yearly plans from JSON:
//
//	{"holidays": [{"year": 2026, "name": "元旦", "days": ["2026-01-01"],
//	               "makeup_workdays": ["2026-01-04"], "basis": "..."}],
//	 "local_holidays": {"days": []}}
//
// A year is known as soon as one holiday of it is listed, so a file holds whole
// years. Errors are of type [*PlanError].
func ParsePlan(r io.Reader) (Calendar, error) {
	var file planFile
	if err := json.NewDecoder(r).Decode(&file); err != nil {
		return nil, &PlanError{Code: "plan.unreadable", Err: err}
	}
	if len(file.Holidays) == 0 {
		return nil, &PlanError{Code: "plan.empty"}
	}
	c := Calendar{}
	for _, h := range file.Holidays {
		if err := c.enter(h); err != nil {
			return nil, err
		}
	}
	for _, d := range file.Local.Days {
		if _, ok := c[d.Year]; !ok {
			return nil, &PlanError{Code: "plan.year", Year: d.Year, Day: d}
		}
		c[d.Year].Off[d] = true
	}
	return c, c.contradiction()
}

func (c Calendar) enter(h holiday) error {
	year, ok := c[h.Year]
	if !ok {
		year = Year{Off: map[Date]bool{}, Worked: map[Date]bool{}, Basis: h.Basis}
		c[h.Year] = year
	}
	for _, d := range h.Days {
		if !h.covers(d) {
			return &PlanError{Code: "plan.year", Year: h.Year, Name: h.Name, Day: d}
		}
		year.Off[d] = true
	}
	for _, d := range h.Worked {
		if !h.covers(d) {
			return &PlanError{Code: "plan.year", Year: h.Year, Name: h.Name, Day: d}
		}
		if !d.weekend() {
			return &PlanError{Code: "plan.weekday_worked", Year: h.Year, Name: h.Name, Day: d}
		}
		year.Worked[d] = true
	}
	return nil
}

// covers reports whether a plan of the year may speak of d.
func (h holiday) covers(d Date) bool {
	return d.Year == h.Year || d.Year == h.Year-1 && d.Month == 12
}

// contradiction names a day that is both off and worked. Of several it names the
// first, so that the same file always gives the same answer.
func (c Calendar) contradiction() error {
	var found *PlanError
	for year, plan := range c {
		for d := range plan.Worked {
			if plan.Off[d] && (found == nil || d.Before(found.Day)) {
				found = &PlanError{Code: "plan.contradiction", Year: year, Day: d}
			}
		}
	}
	if found == nil {
		return nil
	}
	return found
}
