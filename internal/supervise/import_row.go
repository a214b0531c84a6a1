package supervise

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/workday"
)

// Codes of problems that only the round and the database can know of. The other
// codes are those of package sheet and of the rules.
const (
	codeNotInRound        = "import.organisation_not_in_round" // name, round
	codeMissingValue      = "import.missing_value"             // column
	codeBeforeFeedback    = "import.deadline_before_feedback"  // deadline, date of feedback
	codeBadDate           = "import.bad_date"                  // words
	codeSameFinding       = "import.same_finding"              // number, sheet, cell
	codeOtherRound        = "import.number_of_other_round"     // number, round
	codeOtherOrganisation = "import.number_of_other"           // number, organisation
	codeOtherText         = "import.number_of_other_text"      // number, text there, text here
	codeRowLeft           = "import.row_left_out"              // text; a notice
)

func problem(row sheet.Row, field sheet.Field, code string, args ...string) sheet.Problem {
	return sheet.Problem{Sheet: row.Sheet, Cell: cellOf(row, field), Code: code, Args: args}
}

// cellOf names the cell of the field; where the file has no such column, the
// cell of the number, else the first of the row.
func cellOf(row sheet.Row, field sheet.Field) string {
	for _, f := range []sheet.Field{field, sheet.Number, sheet.Text} {
		if cell := row.Cells[f]; cell != "" {
			return cell
		}
	}
	return "A" + strconv.Itoa(row.Line)
}

// refusedCell words a refusal of the rules as a problem of the cell it is about.
func refusedCell(row sheet.Row, no ledger.Refusal) sheet.Problem {
	args := make([]string, len(no.Args))
	for i, a := range no.Args {
		args[i] = fmt.Sprint(a)
	}
	code := no.Code
	if code == "class.deadline_before_feedback" {
		code = codeBeforeFeedback // the same with a remedy for files
	}
	return problem(row, fieldOfRefusal(no.Code), code, args...)
}

func fieldOfRefusal(code string) sheet.Field {
	for _, x := range []struct {
		prefix string
		field  sheet.Field
	}{
		{"register.text", sheet.Text},
		{"register.not_in_round", sheet.Organisation},
		{"register.", sheet.Number},
		{"class.category", sheet.Category},
		{"class.kind", sheet.Kind},
		{"class.deadline", sheet.Deadline},
		{"plan.", sheet.MeasureText},
		{"progress.claim", sheet.Status},
		{"progress.", sheet.Progress},
		{"evidence.", sheet.EvidenceList},
	} {
		if strings.HasPrefix(code, x.prefix) {
			return x.field
		}
	}
	return sheet.Number
}

// registerOf turns a row into the act that registers it. A finding whose file
// does not say how soon it is to be put right is a dated one, the usual kind.
func registerOf(row sheet.Row, round int, organisation string) (ledger.Register, error) {
	d := dates{}
	act := ledger.Register{
		Number: row.Number, Organisation: organisation, Round: round,
		Feedback: ledger.Feedback{Text: row.Text, Manifestations: row.Manifestations},
		Class: ledger.Class{
			Category: row.Category, Aspect: row.Aspect, Kind: ledger.FindingKind(row.Kind), OrganCadre: row.OrganCadre,
			Deadline: d.parse(row.Deadline), DeadlineText: row.DeadlineText,
		},
		Plan: ledger.Plan{
			Cause: row.Cause, Target: row.Target, Leader: row.Leader, Section: row.Section, Handler: row.Handler,
			Measures: d.measures(row.Measures),
		},
		Progress: ledger.Progress{
			Text: row.Progress, Claim: ledger.Claim(row.Status), Remark: row.Remark,
			Evidence: d.evidence(row), EvidenceText: row.EvidenceText,
		},
	}
	if row.Kind == "" {
		act.Class.Kind = ledger.Dated
	}
	if row.Status == "" {
		act.Progress.Claim = ledger.NotStarted
	}
	return act, d.err
}

// dates parses what package sheet wrote; after the first error it does nothing.
type dates struct{ err error }

func (d *dates) parse(s string) workday.Date {
	if s == "" || d.err != nil {
		return workday.Date{}
	}
	date, err := workday.Parse(s)
	if err != nil {
		d.err = errors.New(s)
	}
	return date
}

func (d *dates) measures(list []sheet.Measure) []ledger.Measure {
	var measures []ledger.Measure
	for _, m := range list {
		measures = append(measures, ledger.Measure{
			Number: m.Number, Text: m.Text, Deadline: d.parse(m.Deadline), DeadlineText: m.DeadlineText,
		})
	}
	return measures
}

// evidence gives each piece an identity that a second import of the same file
// would give it again.
func (d *dates) evidence(row sheet.Row) []ledger.Evidence {
	evidence := make([]ledger.Evidence, 0, len(row.Evidence))
	for i, e := range row.Evidence {
		evidence = append(evidence, ledger.Evidence{
			ID: row.Number + "-e" + strconv.Itoa(i+1), Name: e.Name, DocNumber: e.DocNumber, Date: d.parse(e.Date),
		})
	}
	return slices.Clip(evidence)
}
