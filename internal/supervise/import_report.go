package supervise

import (
	"errors"

	"lianshen/internal/sheet"
)

// An ImportReport is the published form of what an import read (--format json).
type ImportReport struct {
	Findings []ReportedFinding `json:"findings"`
	Errors   []ReportedError   `json:"errors"`
	Notices  []ReportedError   `json:"notices,omitempty"` // what was left out, and why
	Add      int               `json:"add"`
	Update   int               `json:"update"`
	Leave    int               `json:"leave"`
	Changes  []ReportedChange  `json:"changes,omitempty"` // of findings that are there
	Import   string            `json:"import,omitempty"`  // the report that is kept; "" where nothing was imported
}

// A ReportedChange is a field that the file states otherwise. Kept words why it
// stays as it is; "" where it changes.
type ReportedChange struct {
	Number string `json:"number"`
	Field  string `json:"field"`
	From   string `json:"from"`
	To     string `json:"to"`
	Kept   string `json:"kept,omitempty"`
}

// Plan adds what the plan says: counts, changes field by field, and what was left
// out. id names the report that was kept.
func (r *ImportReport) Plan(p ImportPlan, id string, say func(key string, args ...any) string) {
	r.Add, r.Update, r.Leave, r.Import = p.Count(Add), p.Count(Update), p.Count(Leave), id
	for _, n := range p.Notices {
		r.Notices = append(r.Notices, ReportedError{n.Sheet, n.Cell, say(n.Code, anys(n.Args)...)})
	}
	for _, row := range p.Rows {
		for _, x := range row.Differences {
			change := ReportedChange{Number: row.Number, Field: string(x.Field), From: x.From, To: x.To}
			if x.Kept != nil {
				change.Kept = say(x.Kept.Code, x.Kept.Args...)
			}
			r.Changes = append(r.Changes, change)
		}
	}
}

// A ReportedFinding is one finding in the words of the file. Deadline is
// "2006-01-02", or what the cell says where it names no date.
type ReportedFinding struct {
	Number       string   `json:"number"`
	Text         string   `json:"text"`
	Organization string   `json:"organization"` //nolint:misspell // the published name
	Category     string   `json:"category"`
	Deadline     string   `json:"deadline"`
	Responsible  string   `json:"responsible"`
	Status       string   `json:"status"`
	Measures     []string `json:"measures"`
}

// A ReportedError is one thing wrong, worded for the reader. Sheet and Cell are
// "" where the whole file is meant.
type ReportedError struct {
	Sheet   string `json:"sheet"`
	Cell    string `json:"cell"`
	Message string `json:"message"`
}

// ReportImport returns the published form of a ledger and the problems with it.
// say words a key of the catalogue, such as lang.Say with a language.
func ReportImport(rows []sheet.Row, problems []sheet.Problem, say func(key string, args ...any) string) ImportReport {
	report := ImportReport{Findings: []ReportedFinding{}, Errors: []ReportedError{}}
	for _, row := range rows {
		report.Findings = append(report.Findings, reported(row))
	}
	for _, p := range problems {
		report.Errors = append(report.Errors, ReportedError{p.Sheet, p.Cell, say(p.Code, anys(p.Args)...)})
	}
	return report
}

// ReportImportError returns the published form of a file that was refused as a
// whole; ok is false if err is something else.
func ReportImportError(err error, say func(key string, args ...any) string) (report ImportReport, ok bool) {
	var refused *sheet.FileError
	if !errors.As(err, &refused) {
		return report, false
	}
	return ReportImport(nil, []sheet.Problem{{Code: refused.Code, Args: refused.Args}}, say), true
}

func reported(row sheet.Row) ReportedFinding {
	f := ReportedFinding{
		Number: row.Number, Text: row.Text, Organization: row.Organisation, Category: row.Category,
		Deadline: row.Deadline, Responsible: row.Leader, Status: sheet.StatusWord(row.Status), Measures: []string{},
	}
	if f.Deadline == "" {
		f.Deadline = row.DeadlineText
	}
	for _, m := range row.Measures {
		f.Measures = append(f.Measures, m.Text)
	}
	return f
}

func anys(args []string) []any {
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	return list
}
