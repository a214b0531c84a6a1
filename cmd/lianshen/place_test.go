package main

import (
	"os"
	"path/filepath"
	"testing"

	"lianshen/internal/config"
	"lianshen/internal/workday"
)

// The next year's plan comes from the data folder; without it the year is unknown.
func TestCalendarOfTheDataFolder(t *testing.T) {
	s := config.Settings{Data: t.TempDir()}
	newYear := workday.Date{Year: 2027, Month: 1, Day: 1}
	c, err := calendar(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Add(newYear, 3); err == nil {
		t.Error("2027 is known before its plan is there")
	}
	plan := `{"holidays": [{"year": 2027, "name": "元旦", "days": ["2027-01-01"], "makeup_workdays": [], "basis": "样例"}]}`
	if err := os.WriteFile(filepath.Join(s.Data, calendarFile), []byte(plan), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err = calendar(s); err != nil {
		t.Fatal(err)
	}
	if due, err := c.Add(newYear, 3); err != nil || due.String() != "2027-01-06" {
		t.Errorf("three working days after New Year's Day = %v, %v; want 2027-01-06", due, err)
	}
	if err := os.WriteFile(filepath.Join(s.Data, calendarFile), []byte(`{"holidays": [`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := calendar(s); err == nil {
		t.Error("a calendar that cannot be read was passed over")
	}
}
