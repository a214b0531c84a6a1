package supervise

import (
	"context"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// ExportRow returns the finding as a ledger prints it: what Import makes a finding
// of, it gives back.
func ExportRow(f ledger.Finding, organisation string) sheet.Row {
	row := sheet.Row{
		Number: f.Number, Organisation: organisation, Category: f.Class.Category, Aspect: f.Class.Aspect,
		Text: f.Text, Manifestations: f.Manifestations, OrganCadre: f.Class.OrganCadre, Kind: string(f.Class.Kind),
		Cause: f.Plan.Cause, Target: f.Plan.Target, Leader: f.Plan.Leader, Section: f.Plan.Section, Handler: f.Plan.Handler,
		Deadline: day(f.Class.Deadline), DeadlineText: f.Class.DeadlineText,
		Progress: f.Progress.Text, Status: string(f.Progress.Claim), EvidenceText: f.Progress.EvidenceText, Remark: f.Progress.Remark,
	}
	for _, m := range f.Plan.Measures {
		row.Measures = append(row.Measures, sheet.Measure{
			Number: m.Number, Text: m.Text, Deadline: day(m.Deadline), DeadlineText: m.DeadlineText,
		})
	}
	for _, e := range f.Progress.Evidence {
		row.Evidence = append(row.Evidence, sheet.Evidence{Name: e.Name, DocNumber: e.DocNumber, Date: day(e.Date)})
	}
	return row
}

// day is a date as files hold it; "" for none.
func day(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// Export prints the findings that lie within the scope, one by one, so that any
// number of them takes the memory of a few. progress, if not nil, is told from time
// to time how many have been printed. The caller closes the table.
func Export(ctx context.Context, r store.Reader, scope policy.Scope, f store.Filter, to sheet.TableWriter, progress func(n int)) (n int, err error) {
	names := organisationNames{ctx: ctx, r: r, known: map[string]string{}}
	for finding, err := range r.AllFindings(ctx, scope, f) {
		if err != nil {
			return n, err
		}
		name, err := names.of(finding.Organisation)
		if err != nil {
			return n, err
		}
		if err := to.Write(sheet.LedgerCells(ExportRow(finding, name))); err != nil {
			return n, fmt.Errorf("export %s: %w", finding.Number, err)
		}
		if n++; progress != nil && n%500 == 0 {
			progress(n)
		}
	}
	return n, nil
}

// organisationNames remembers the names it has looked up.
type organisationNames struct {
	ctx   context.Context
	r     store.Reader
	known map[string]string
}

func (o organisationNames) of(code string) (string, error) {
	if name, known := o.known[code]; known {
		return name, nil
	}
	x, err := o.r.Organisation(o.ctx, code)
	if err != nil {
		return "", err
	}
	o.known[code] = x.NameOn(workday.Date{}).Full
	return o.known[code], nil
}
