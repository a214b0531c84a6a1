package workday_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"lianshen/internal/workday"
)

func ExampleCalendar_Add() {
	feedback, _ := workday.Parse("2026-02-13")
	due, err := workday.Published().Add(feedback, 5) // over the Spring Festival of 2026
	fmt.Println(due, err)
	// Output: 2026-02-27 <nil>
}

func date(s string) workday.Date {
	d, err := workday.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func TestAdd(t *testing.T) {
	cal := workday.Published()
	tests := []struct {
		name, from string
		days       int
		want       string
	}{
		{"next day", "2026-03-09", 1, "2026-03-10"},
		{"no day", "2026-03-09", 0, "2026-03-09"},
		{"over a weekend", "2026-03-13", 1, "2026-03-16"},
		{"over a holiday", "2026-04-30", 1, "2026-05-06"},
		{"a worked Saturday counts", "2026-05-08", 1, "2026-05-09"},
		{"a worked Sunday counts", "2026-01-02", 1, "2026-01-04"},
		{"into the next year", "2025-12-31", 1, "2026-01-04"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cal.Add(date(tt.from), tt.days)
			if err != nil || got != date(tt.want) {
				t.Errorf("Add(%s, %d) = %v, %v; want %s", tt.from, tt.days, got, err, tt.want)
			}
		})
	}
}

func TestUnknownYearIsAnErrorNotAGuess(t *testing.T) {
	cal := workday.Published()
	want := workday.UnknownYearError(2027)
	if _, err := cal.Add(date("2026-12-31"), 1); !errors.Is(err, want) {
		t.Errorf("Add: err = %v, want %v", err, want)
	}
	if _, err := cal.AddDays(date("2026-12-31"), 1); !errors.Is(err, want) {
		t.Errorf("AddDays: err = %v, want %v", err, want)
	}
	if _, err := cal.Between(date("2026-12-31"), date("2027-01-04")); !errors.Is(err, want) {
		t.Errorf("Between: err = %v, want %v", err, want)
	}
	if _, err := cal.IsWorkday(date("2027-01-04")); !errors.Is(err, want) {
		t.Errorf("IsWorkday: err = %v, want %v", err, want)
	}
}

func TestATermOfCalendarDaysEndsOnAWorkingDay(t *testing.T) {
	cal := workday.Published()
	for from, want := range map[string]string{
		"2026-01-21": "2026-02-24", // 30 days on is 20 February, in the Spring Festival
		"2026-03-01": "2026-03-31", // a Tuesday stays
		"2026-01-29": "2026-02-28", // a worked Saturday stays
	} {
		if got, err := cal.AddDays(date(from), 30); err != nil || got != date(want) {
			t.Errorf("AddDays(%s, 30) = %v, %v; want %s", from, got, err, want)
		}
	}
}

func TestPublishedPlansCountTheDaysOfTheNotices(t *testing.T) {
	cal := workday.Published()
	// 2025: 261 weekdays - (28 days off - 10 at a weekend) + 5 worked.
	// 2026: 261 weekdays - (33 days off - 14 at a weekend) + 6 worked.
	for year, want := range map[int]int{2025: 248, 2026: 248} {
		from, to := workday.Date{Year: year, Month: 1, Day: 1}, workday.Date{Year: year, Month: 12, Day: 31}
		got, err := cal.Between(from, to) // 1 January is off, so it does not matter that it is not counted
		if err != nil || got != want {
			t.Errorf("working days of %d = %d, %v; want %d", year, got, err, want)
		}
	}
}

func TestBetweenIsTheInverseOfAdd(t *testing.T) {
	cal := workday.Published()
	rapid.Check(t, func(t *rapid.T) {
		from := date("2025-01-01").AddDays(rapid.IntRange(0, 500).Draw(t, "from"))
		n := rapid.IntRange(1, 60).Draw(t, "n")
		to, err := cal.Add(from, n)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := cal.Between(from, to); err != nil || got != n {
			t.Fatalf("Between(%v, %v) = %d, %v; want %d", from, to, got, err, n)
		}
		if got, err := cal.Between(to, from); err != nil || got != -n {
			t.Fatalf("Between(%v, %v) = %d, %v; want %d", to, from, got, err, -n)
		}
	})
}

func TestDatesKeepTheirOrderAndDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := date("2024-01-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "d"))
		n := rapid.IntRange(-3000, 3000).Draw(t, "n")
		e := d.AddDays(n)
		if got := e.Sub(d); got != n {
			t.Fatalf("(%v).Sub(%v) = %d, want %d", e, d, got, n)
		}
		if e.After(d) != (n > 0) || e.Before(d) != (n < 0) || strings.Compare(e.String(), d.String()) != e.Compare(d) {
			t.Fatalf("order of %v and %v is wrong", d, e)
		}
		if back, err := workday.Parse(e.String()); err != nil || back != e {
			t.Fatalf("%v came back as %v, %v", e, back, err)
		}
	})
}

func TestAddMonthsStaysInTheMonth(t *testing.T) {
	for _, tt := range []struct {
		from string
		n    int
		want string
	}{
		{"2025-11-20", 3, "2026-02-20"},
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2025-12-31", 12, "2026-12-31"},
	} {
		if got := date(tt.from).AddMonths(tt.n); got != date(tt.want) {
			t.Errorf("%s and %d months = %v, want %s", tt.from, tt.n, got, tt.want)
		}
	}
}

func TestInTakesTheDateOnTheWall(t *testing.T) {
	late := time.Date(2026, 3, 31, 16, 30, 0, 0, time.UTC)
	if got := workday.In(late, time.FixedZone("CST", 8*60*60)); got != date("2026-04-01") {
		t.Errorf("half past midnight in Beijing is %v, want 2026-04-01", got)
	}
}

func TestTextForm(t *testing.T) {
	type row struct{ Due, None workday.Date }
	text, err := json.Marshal(row{Due: date("2026-03-31")})
	if err != nil || string(text) != `{"Due":"2026-03-31","None":""}` {
		t.Fatalf("Marshal = %s, %v", text, err)
	}
	var back row
	if err := json.Unmarshal(text, &back); err != nil || back.Due != date("2026-03-31") || !back.None.IsZero() {
		t.Errorf("Unmarshal = %+v, %v", back, err)
	}
	for _, bad := range []string{"", "2026-02-29", "2026-2-1", "20260201", "2026-02-01T00:00:00Z", "0000-01-01"} {
		if d, err := workday.Parse(bad); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", bad, d)
		}
	}
}

func TestNewYearHolidayMayBeginInDecember(t *testing.T) {
	plan := `{"holidays":[{"year":2027,"name":"元旦","days":["2026-12-31","2027-01-01"],"makeup_workdays":["2026-12-27"],"basis":"made up"}]}`
	newer, err := workday.ParsePlan(strings.NewReader(plan))
	if err != nil {
		t.Fatal(err)
	}
	cal := workday.Published().With(newer)
	for day, want := range map[string]bool{"2026-12-31": false, "2026-12-27": true, "2027-01-01": false, "2027-01-04": true} {
		if got, err := cal.IsWorkday(date(day)); err != nil || got != want {
			t.Errorf("IsWorkday(%s) = %v, %v; want %v", day, got, err, want)
		}
	}
	if _, known := workday.Published()[2027]; known {
		t.Error("With changed the published calendar")
	}
}

func TestParsePlanNamesWhatIsWrong(t *testing.T) {
	one := func(days, worked string) string {
		return `{"holidays":[{"year":2027,"name":"元旦","days":[` + days + `],"makeup_workdays":[` + worked + `]}]}`
	}
	for name, tt := range map[string]struct{ plan, code, day string }{
		"not JSON":            {`holidays`, "plan.unreadable", ""},
		"impossible date":     {one(`"2027-02-30"`, ``), "plan.unreadable", ""},
		"nothing in it":       {`{"holidays":[]}`, "plan.empty", ""},
		"day of another year": {one(`"2028-01-01"`, ``), "plan.year", "2028-01-01"},
		"weekday worked":      {one(`"2027-01-01"`, `"2027-01-05"`), "plan.weekday_worked", "2027-01-05"},
		"off and worked":      {one(`"2027-01-02"`, `"2027-01-02"`), "plan.contradiction", "2027-01-02"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := workday.ParsePlan(strings.NewReader(tt.plan))
			var bad *workday.PlanError
			if !errors.As(err, &bad) || bad.Code != tt.code || bad.Day.String() != tt.day {
				t.Errorf("err = %v, want %s %s", err, tt.code, tt.day)
			}
		})
	}
}

func TestLocalHolidaysAreDaysOff(t *testing.T) {
	plan := `{"holidays":[{"year":2027,"name":"元旦","days":["2027-01-01"]}],"local_holidays":{"days":["2027-03-03"]}}`
	cal, err := workday.ParsePlan(strings.NewReader(plan))
	if err != nil {
		t.Fatal(err)
	}
	if works, err := cal.IsWorkday(date("2027-03-03")); err != nil || works {
		t.Errorf("IsWorkday = %v, %v; want a day off", works, err)
	}
}
