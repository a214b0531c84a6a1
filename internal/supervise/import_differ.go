package supervise

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// A differ compares a row with the finding it speaks of, field by field, and puts
// what may change into the act. An empty cell says nothing: it never takes away
// what is recorded.
type differ struct {
	finding     ledger.Finding
	row         sheet.Row
	act         ledger.Correct
	differences []Difference
}

func (d *differ) compare() error {
	f, row, p := d.finding, d.row, dates{}
	if d.row.Text != "" && textKey(row.Text) != textKey(f.Text) {
		d.field(sheet.Text, ledger.FeedbackPart, f.Text, row.Text, nil)
	}
	if textKey(strings.Join(row.Manifestations, "")) != textKey(strings.Join(f.Manifestations, "")) {
		d.field(sheet.Manifestations, ledger.FeedbackPart, strings.Join(f.Manifestations, "\n"), strings.Join(row.Manifestations, "\n"), nil)
	}
	c := &d.act.Class
	d.field(sheet.Category, ledger.ClassPart, f.Class.Category, row.Category, func() { c.Category = row.Category })
	d.field(sheet.Aspect, ledger.ClassPart, f.Class.Aspect, row.Aspect, func() { c.Aspect = row.Aspect })
	d.field(sheet.Kind, ledger.ClassPart, string(f.Class.Kind), row.Kind, func() { c.Kind = ledger.FindingKind(row.Kind) })
	if row.Cells[sheet.OrganCadre] != "" || row.OrganCadre {
		d.field(sheet.OrganCadre, ledger.ClassPart, strconv.FormatBool(f.Class.OrganCadre), strconv.FormatBool(row.OrganCadre), func() { c.OrganCadre = row.OrganCadre })
	}
	due := p.parse(row.Deadline)
	d.field(sheet.Deadline, ledger.ClassPart, dayWords(day(f.Class.Deadline), f.Class.DeadlineText), dayWords(row.Deadline, row.DeadlineText), func() {
		c.Deadline, c.DeadlineText = due, row.DeadlineText
	})
	d.comparePlan(&p)
	d.compareProgress(&p)
	return p.err
}

func (d *differ) comparePlan(p *dates) {
	f, row, plan := d.finding, d.row, &d.act.Plan
	d.field(sheet.Cause, ledger.PlanPart, f.Plan.Cause, row.Cause, func() { plan.Cause = row.Cause })
	d.field(sheet.Target, ledger.PlanPart, f.Plan.Target, row.Target, func() { plan.Target = row.Target })
	d.field(sheet.Leader, ledger.PlanPart, f.Plan.Leader, row.Leader, func() { plan.Leader = row.Leader })
	d.field(sheet.Section, ledger.PlanPart, f.Plan.Section, row.Section, func() { plan.Section = row.Section })
	d.field(sheet.Handler, ledger.PlanPart, f.Plan.Handler, row.Handler, func() { plan.Handler = row.Handler })
	measures := merged(f.Plan.Measures, p.measures(row.Measures))
	d.field(sheet.MeasureText, ledger.PlanPart, measureWords(f.Plan.Measures), measureWords(measures), func() { plan.Measures = measures })
}

func (d *differ) compareProgress(p *dates) {
	f, row, g := d.finding, d.row, &d.act.Progress
	d.field(sheet.Progress, ledger.ProgressPart, f.Progress.Text, row.Progress, func() { g.Text = row.Progress })
	d.field(sheet.Status, ledger.ProgressPart, string(f.Progress.Claim), row.Status, func() { g.Claim = ledger.Claim(row.Status) })
	d.field(sheet.Remark, ledger.ProgressPart, f.Progress.Remark, row.Remark, func() { g.Remark = row.Remark })
	if len(f.Progress.Evidence) == 0 {
		d.field(sheet.EvidenceList, ledger.ProgressPart, f.Progress.EvidenceText, row.EvidenceText, func() { g.EvidenceText = row.EvidenceText })
	}
	d.compareEvidence(p)
}

// compareEvidence adds what the file lists and the finding does not have. What it
// has beyond that stays: files hang on it.
func (d *differ) compareEvidence(p *dates) {
	there := slices.Clone(d.finding.Progress.Evidence)
	var fresh []ledger.Evidence
	for _, e := range d.row.Evidence {
		x := ledger.Evidence{Name: e.Name, DocNumber: e.DocNumber, Date: p.parse(e.Date)}
		i := slices.IndexFunc(there, func(y ledger.Evidence) bool {
			return y.Name == x.Name && (x.DocNumber == "" || y.DocNumber == x.DocNumber) && (x.Date.IsZero() || y.Date == x.Date)
		})
		if i >= 0 {
			there = slices.Delete(there, i, i+1)
			continue
		}
		fresh = append(fresh, x)
	}
	if len(fresh) == 0 {
		return
	}
	var names []string
	for n := range fresh {
		fresh[n].ID = d.freeID(n, fresh)
		names = append(names, fresh[n].Name)
	}
	d.field(sheet.EvidenceList, ledger.ProgressPart, "", strings.Join(names, "\n"), func() { d.act.Evidence = fresh })
}

// freeID is the next identity of a piece of evidence that neither the finding nor
// the pieces before the n-th have.
func (d *differ) freeID(n int, fresh []ledger.Evidence) string {
	for i := 1; ; i++ {
		id := d.finding.Number + "-e" + strconv.Itoa(i)
		has := func(e ledger.Evidence) bool { return e.ID == id }
		if !slices.ContainsFunc(d.finding.Progress.Evidence, has) && !slices.ContainsFunc(fresh[:n], has) {
			return id
		}
	}
}

// field notes a value that the file states otherwise; set puts it into the act
// where the rules let it.
func (d *differ) field(f sheet.Field, part ledger.Part, from, to string, set func()) {
	if to = strings.TrimSpace(to); to == "" || to == strings.TrimSpace(from) {
		return
	}
	x := Difference{Field: f, From: from, To: to}
	var no ledger.Refusal
	if errors.As(d.finding.Keeps(part), &no) {
		x.Kept = &no
	} else {
		set()
	}
	d.differences = append(d.differences, x)
}

// merged gives the measures of the file the numbers, owners and deadlines of those
// they stand for: of the same number, else of the same text, else, where as many
// are there, of the same place.
func merged(old, fresh []ledger.Measure) []ledger.Measure {
	if len(fresh) == 0 {
		return nil
	}
	used := make([]bool, len(old))
	find := func(is func(ledger.Measure) bool) int {
		for i, m := range old {
			if !used[i] && is(m) {
				return i
			}
		}
		return -1
	}
	out := make([]ledger.Measure, len(fresh))
	for i, m := range fresh {
		at := -1
		if m.Number != "" {
			at = find(func(x ledger.Measure) bool { return x.Number == m.Number })
		}
		if at < 0 {
			at = find(func(x ledger.Measure) bool { return textKey(x.Text) == textKey(m.Text) })
		}
		if at < 0 && len(old) == len(fresh) && !used[i] && m.Number == "" {
			at = i
		}
		out[i] = m
		if at >= 0 {
			used[at] = true
			out[i] = inherit(m, old[at])
		}
	}
	return out
}

func inherit(m, old ledger.Measure) ledger.Measure {
	m.Owner, m.Number = old.Owner, old.Number
	if m.Deadline.IsZero() && m.DeadlineText == "" {
		m.Deadline, m.DeadlineText = old.Deadline, old.DeadlineText
	}
	return m
}

func measureWords(list []ledger.Measure) string {
	lines := make([]string, len(list))
	for i, m := range list {
		lines[i] = m.Text
		if when := dayWords(day(m.Deadline), m.DeadlineText); when != "" {
			lines[i] += "（" + when + "）"
		}
	}
	return strings.Join(lines, "\n")
}

// dayWords is a date with the words beside it.
func dayWords(day, text string) string { return strings.TrimSpace(day + " " + text) }

// Digest is short for everything that the plan would do: what is confirmed is what
// was shown.
func (p ImportPlan) Digest() string {
	sum := sha256.New()
	for _, r := range p.Rows {
		fmt.Fprintf(sum, "%q %s %q\n", RowKey(r.Row), r.Do, r.Number)
		for _, x := range r.Differences {
			fmt.Fprintf(sum, "%s %q %q %v\n", x.Field, x.From, x.To, x.Kept != nil)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// intake is what the report keeps of the plan.
func (p ImportPlan) intake(req ImportRequest) ledger.Intake {
	in := ledger.Intake{File: req.File, Organisation: req.Organisation, Fixed: req.Fixed, Layout: req.Layout}
	for _, r := range p.Rows {
		var fields []string
		for _, x := range r.Differences {
			if x.Kept == nil {
				fields = append(fields, string(x.Field))
				continue
			}
			in.Kept = append(in.Kept, ledger.KeptField{Number: r.Number, Field: string(x.Field), Code: x.Kept.Code, Args: argWords(x.Kept.Args)})
		}
		switch r.Do {
		case Add:
			in.Added = append(in.Added, r.Number)
		case Update:
			in.Updated = append(in.Updated, ledger.UpdatedFinding{Number: r.Number, Fields: fields})
		case Leave:
			in.Left = append(in.Left, r.Number)
		case Skip:
			in.LeftOut = append(in.LeftOut, ledger.LeftOut{Sheet: r.Row.Sheet, Cell: "A" + strconv.Itoa(r.Row.Line), Code: codeRowLeft, Args: []string{start(r.Row.Text)}})
		case Wrong:
		}
	}
	for _, n := range p.Notices {
		in.LeftOut = append(in.LeftOut, ledger.LeftOut{Sheet: n.Sheet, Cell: n.Cell, Code: n.Code, Args: n.Args})
	}
	return in
}

func argWords(args []any) []string {
	words := make([]string, len(args))
	for i, a := range args {
		words[i] = fmt.Sprint(a)
	}
	return words
}

// nameDeciders puts names in place of the people who decided what is kept.
func (in *planner) nameDeciders(ctx context.Context, r store.Reader) error {
	byPerson := map[string][]*ledger.Refusal{}
	for _, row := range in.rows {
		for _, x := range row.Differences {
			if x.Kept == nil || !slices.Contains(namesPerson, x.Kept.Code) {
				continue
			}
			id := fmt.Sprint(x.Kept.Args...)
			byPerson[id] = append(byPerson[id], x.Kept)
		}
	}
	if len(byPerson) == 0 {
		return nil
	}
	ids := make([]string, 0, len(byPerson))
	for id := range byPerson {
		ids = append(ids, id)
	}
	names, err := r.Names(ctx, ids)
	if err != nil {
		return err
	}
	for id, list := range byPerson {
		for _, no := range list {
			if name := names[id]; name != "" {
				no.Args = []any{name}
			}
		}
	}
	return nil
}

// namesPerson lists the refusals whose argument is a person.
var namesPerson = []string{"correct.watch_set", "correct.class_set", "correct.written"}
