package supervise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// Errors of Import that callers tell apart.
var (
	ErrImportProblems = errors.New("the ledger has problems")                         // nothing was imported; the plan says why
	ErrImportMoved    = errors.New("what the import would do has changed since then") // the plan says what it would do now
	ErrImportNothing  = errors.New("the ledger changes nothing")
)

// An ImportRequest asks to bring the findings of a round in step with a ledger.
// Organisation is for files without a column of organisations: a code or a name.
type ImportRequest struct {
	Round        int
	Organisation string
	Category     string // of new findings whose row names none
	Ledger       sheet.Ledger

	File   ledger.File // kept with the report
	Layout json.RawMessage
	Fixed  []ledger.FixedCell
	Skip   map[string]bool // rows left out on purpose, by RowKey
	Seen   string          // digest of the plan that was confirmed; "" confirms any
}

// RowKey names a row of a file among those of one import.
func RowKey(r sheet.Row) string { return fmt.Sprintf("%s!%d", r.Sheet, r.Line) }

// An ImportPlan is what an import would do, row by row. With problems it does
// nothing.
type ImportPlan struct {
	Round         ledger.Round
	Rows          []PlannedRow // in the order of the file
	Organisations []ImportCount
	Problems      []sheet.Problem // of the rows, then of the file as a whole
	Whole         []sheet.Problem // those of no row
	Notices       []sheet.Problem
}

// A PlannedRow is one row of the file and what is to be done with it.
type PlannedRow struct {
	Row          sheet.Row
	Do           Deed
	Number       string // of the finding
	Organisation string // code
	Proposed     bool   // the file gives no number: this is the next one
	Matched      bool   // found by its text, not by its number
	Differences  []Difference
	Problems     []sheet.Problem

	act ledger.Act
}

// A Deed is what an import does with a row.
type Deed string

// The deeds.
const (
	Add    Deed = "add"
	Update Deed = "update"
	Leave  Deed = "leave" // identical, or all that differs is kept
	Wrong  Deed = "wrong" // has problems
	Skip   Deed = "skip"  // left out on purpose
)

// A Difference is a field that the file states otherwise. Kept says why the import
// does not change it; nil if it does.
type Difference struct {
	Field    sheet.Field
	From, To string
	Kept     *ledger.Refusal
}

// An ImportCount is the number of findings of one organisation in an import.
type ImportCount struct {
	Organisation         ledger.Organisation
	Added, Updated, Left int
}

// Count returns the number of rows with which this is done.
func (p ImportPlan) Count(d Deed) int {
	n := 0
	for _, r := range p.Rows {
		if r.Do == d {
			n++
		}
	}
	return n
}

// PlanImport tells what the import would do and what speaks against it, cell by
// cell, without changing anything. Errors: as Do.
func (s *Service) PlanImport(ctx context.Context, who policy.Actor, req ImportRequest) (p ImportPlan, err error) {
	err = s.DB.Snapshot(ctx, func(r store.Reader) error {
		p, err = s.planImport(ctx, r, who, req)
		return err
	})
	return p, err
}

// Import does what the plan says in one transaction, every row by the same way
// through the door as an act of a person, and keeps a report. If one row cannot be
// done none is: the error is then ErrImportProblems and the plan says why.
func (s *Service) Import(ctx context.Context, who policy.Actor, req ImportRequest) (report ledger.Import, p ImportPlan, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		if p, err = s.planImport(ctx, tx.Reader, who, req); err != nil {
			return err
		}
		switch {
		case len(p.Problems) > 0:
			return ErrImportProblems
		case req.Seen != "" && req.Seen != p.Digest():
			return ErrImportMoved
		case p.Count(Add)+p.Count(Update) == 0:
			return ErrImportNothing
		}
		report, err = s.carryOut(ctx, tx, who, req, &p)
		return err
	})
	return report, p, err
}

func (s *Service) carryOut(ctx context.Context, tx *store.Tx, who policy.Actor, req ImportRequest, p *ImportPlan) (ledger.Import, error) {
	last, err := tx.LastImport(ctx, req.Round)
	if err != nil {
		return ledger.Import{}, err
	}
	id := ledger.ImportID(req.Round, last+1)
	for i := range p.Rows {
		row := &p.Rows[i]
		if row.act == nil {
			continue
		}
		if act, corrects := row.act.(ledger.Correct); corrects {
			act.Import = id
			row.act = act
		}
		_, err := s.do(ctx, tx, who, Order{Act: row.act, Seen: Any})
		var no ledger.Refusal
		switch {
		case errors.As(err, &no):
			p.refused(row, no)
			return ledger.Import{}, ErrImportProblems
		case err != nil:
			return ledger.Import{}, fmt.Errorf("import %s: %w", row.Number, err)
		}
	}
	if req.File.SHA256 == "" {
		return ledger.Import{}, nil // made by the program itself, such as the demonstration: no file to keep
	}
	state, err := s.do(ctx, tx, who, Order{Act: ledger.RecordImport{Round: req.Round, Number: last + 1, Intake: p.intake(req)}})
	if err != nil {
		return ledger.Import{}, fmt.Errorf("keep the report of import %s: %w", id, err)
	}
	return state.(ledger.Import), nil
}

// refused notes that a rule forbade the row after all.
func (p *ImportPlan) refused(row *PlannedRow, no ledger.Refusal) {
	problem := refusedCell(row.Row, no)
	row.Do, row.Problems = Wrong, append(row.Problems, problem)
	p.Problems = append(p.Problems, problem)
}

// planImport decides about every row without changing anything.
func (s *Service) planImport(ctx context.Context, r store.Reader, who policy.Actor, req ImportRequest) (ImportPlan, error) {
	p := ImportPlan{Notices: req.Ledger.Notices}
	if !policy.Can(who, ledger.Register{}, ledger.Subject{Kind: ledger.KindFinding, Round: req.Round}) {
		return p, ErrForbidden
	}
	round, err := r.Round(ctx, req.Round)
	if err != nil {
		return p, err
	}
	p.Round = round
	organisations, err := r.OrganisationsOf(ctx, req.Round)
	if err != nil {
		return p, err
	}
	in := planner{
		ImportRequest: req, round: round, organisations: organisations, byName: codesByName(organisations),
		env: ledger.Env{Round: round, Mechanism: round.Mechanism, Person: who.Person, Today: s.Today()},
	}
	if err := in.lookUp(ctx, r); err != nil {
		return p, err
	}
	for _, row := range in.rows {
		in.plan(row)
	}
	p.Rows, p.Whole = in.planned()
	for _, row := range p.Rows {
		p.Problems = append(p.Problems, row.Problems...)
	}
	p.Problems = append(p.Problems, p.Whole...)
	p.tally(organisations)
	return p, in.nameDeciders(ctx, r)
}

func (p *ImportPlan) tally(organisations []ledger.Organisation) {
	per := map[string]*ImportCount{}
	for _, o := range organisations {
		per[o.Code] = &ImportCount{Organisation: o}
	}
	for _, row := range p.Rows {
		if c := per[row.Organisation]; c != nil {
			switch row.Do {
			case Add:
				c.Added++
			case Update:
				c.Updated++
			case Leave:
				c.Left++
			case Wrong, Skip:
			}
		}
	}
	for _, o := range organisations {
		if c := *per[o.Code]; c.Added+c.Updated+c.Left > 0 {
			p.Organisations = append(p.Organisations, c)
		}
	}
}
