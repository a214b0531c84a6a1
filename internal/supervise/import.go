package supervise

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// ErrImportProblems says that nothing was imported because the preview has problems.
var ErrImportProblems = errors.New("the ledger has problems")

// An ImportRequest asks to register the findings of a ledger file in a round.
// Organisation is for files without a column of organisations: a code or a name.
type ImportRequest struct {
	Round        int
	Organisation string
	Ledger       sheet.Ledger
}

// An ImportPreview is what an import would add. With problems it adds nothing;
// Findings then holds the rows that could be read as a finding.
type ImportPreview struct {
	Round         ledger.Round
	Findings      []ledger.Register // in the order of the file
	Organisations []ImportCount     // that findings would be added to, in the order of the round
	Measures      int
	Evidence      int
	OrganCadre    int
	Problems      []sheet.Problem
	Notices       []sheet.Problem
}

// An ImportCount is the number of findings of one organisation in an import.
type ImportCount struct {
	Organisation ledger.Organisation
	Findings     int
}

// PreviewImport tells what the import would add and what speaks against it, cell
// by cell, without changing anything. Errors: as Do.
func (s *Service) PreviewImport(ctx context.Context, who policy.Actor, req ImportRequest) (p ImportPreview, err error) {
	err = s.DB.Snapshot(ctx, func(r store.Reader) error {
		p, _, err = s.planImport(ctx, r, who, req)
		return err
	})
	return p, err
}

// Import registers every finding of the ledger in one transaction, each by the
// same way through the door as one entered by hand. If one cannot be registered
// none is: the error is then ErrImportProblems and the preview says why.
func (s *Service) Import(ctx context.Context, who policy.Actor, req ImportRequest) (p ImportPreview, err error) {
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		var rows []sheet.Row
		if p, rows, err = s.planImport(ctx, tx.Reader, who, req); err != nil {
			return err
		}
		if len(p.Problems) > 0 {
			return ErrImportProblems
		}
		for i, act := range p.Findings {
			_, err := s.do(ctx, tx, who, Order{Act: act})
			var no ledger.Refusal
			switch {
			case errors.As(err, &no):
				p.Problems = []sheet.Problem{refusedCell(rows[i], no)}
				return ErrImportProblems
			case err != nil:
				return fmt.Errorf("import %s: %w", act.Number, err)
			}
		}
		return nil
	})
	return p, err
}

// planImport turns the rows into acts and asks the rules about each, on blank
// findings. The rows it returns belong to the acts by position.
func (s *Service) planImport(ctx context.Context, r store.Reader, who policy.Actor, req ImportRequest) (ImportPreview, []sheet.Row, error) {
	p := ImportPreview{Notices: req.Ledger.Notices}
	if !policy.Can(who, ledger.Register{}, ledger.Subject{Kind: ledger.KindFinding, Round: req.Round}) {
		return p, nil, ErrForbidden
	}
	round, err := r.Round(ctx, req.Round)
	if err != nil {
		return p, nil, err
	}
	p.Round = round
	organisations, err := r.OrganisationsOf(ctx, req.Round)
	if err != nil {
		return p, nil, err
	}
	taken, err := r.Taken(ctx, ledger.KindFinding, numbersOf(req.Ledger.Rows))
	if err != nil {
		return p, nil, err
	}
	in := intake{
		ImportRequest: req, round: round, byName: codesByName(organisations), taken: taken,
		env: ledger.Env{Round: round, Mechanism: round.Mechanism, Person: who.Person},
	}
	in.found(req.Ledger.Problems...)
	for _, row := range req.Ledger.Rows {
		in.take(row)
	}
	p.Findings, p.Problems = in.acts, in.problems
	p.count(organisations)
	return p, in.rows, nil
}

func (p *ImportPreview) count(organisations []ledger.Organisation) {
	per := map[string]int{}
	for _, f := range p.Findings {
		per[f.Organisation]++
		p.Measures += len(f.Plan.Measures)
		p.Evidence += len(f.Progress.Evidence)
		if f.Class.OrganCadre {
			p.OrganCadre++
		}
	}
	for _, o := range organisations {
		if n := per[o.Code]; n > 0 {
			p.Organisations = append(p.Organisations, ImportCount{o, n})
		}
	}
}

func numbersOf(rows []sheet.Row) []string {
	var numbers []string
	for _, row := range rows {
		if row.Number != "" {
			numbers = append(numbers, row.Number)
		}
	}
	return numbers
}

// codesByName lists the names by which a file may call the organisations of a
// round: code, full and short name, today's and earlier ones. A name that two of
// them have borne leads to neither.
func codesByName(organisations []ledger.Organisation) map[string]string {
	byName := map[string]string{}
	enter := func(name, code string) {
		name = nameKey(name)
		if other, known := byName[name]; known && other != code {
			code = ""
		}
		byName[name] = code
	}
	for _, o := range organisations {
		enter(o.Code, o.Code)
		for _, n := range o.Names {
			enter(n.Full, o.Code)
			enter(n.Short, o.Code)
		}
	}
	return byName
}

// nameKey is what two spellings of a name have in common.
func nameKey(name string) string { return strings.ToUpper(strings.Join(strings.Fields(name), "")) }
