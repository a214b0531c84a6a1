package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
)

// What an import did to a finding, as the column did of import_finding says.
const (
	ImportAdded   = "add"
	ImportUpdated = "update"
	ImportLeft    = "leave"
)

// saveImported lists the findings of an import, for the filter of the ledger.
func saveImported(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	i := s.(ledger.Import)
	if err := tx.exec(ctx, `delete from import_finding where import = $1`, i.ID); err != nil {
		return err
	}
	updated := make([]string, len(i.Updated))
	for n, u := range i.Updated {
		updated[n] = u.Number
	}
	for _, x := range []struct {
		did     string
		numbers []string
	}{{ImportAdded, i.Added}, {ImportUpdated, updated}, {ImportLeft, i.Left}} {
		for _, number := range x.numbers {
			err := tx.exec(ctx, `insert into import_finding (import, finding, did) values ($1, $2, $3)`, i.ID, number, x.did)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Import returns the report of an import if it lies within the scope.
func (r Reader) Import(ctx context.Context, scope policy.Scope, id string) (ledger.Import, error) {
	i, err := load[ledger.Import](ctx, r, ledger.ImportRef(id))
	if err == nil && !scope.Sees(i.Subject()) {
		return ledger.Import{}, fmt.Errorf("import %s: %w", id, ErrNotFound)
	}
	return i, err
}

// An ImportRow is an import as lists show it.
type ImportRow struct {
	ID                   string
	Number               int
	At                   time.Time
	By, File             string
	Added, Updated, Left int
}

// Imports returns the imports of a round, newest first, at most limit, before the
// one with the number; 0 begins at the newest.
func (r Reader) Imports(ctx context.Context, scope policy.Scope, round, before, limit int) ([]ImportRow, error) {
	if !scope.Sees(ledger.Import{Round: round}.Subject()) {
		return nil, nil
	}
	w := &where{}
	w.and("round = ?", round)
	if before > 0 {
		w.and("number < ?", before)
	}
	w.args = append(w.args, limit)
	list, err := states[ledger.Import](ctx, r, ledger.KindImport,
		fmt.Sprintf("select state from import %s order by number desc limit $%d", w, len(w.args)), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list imports of round %d: %w", round, err)
	}
	rows := make([]ImportRow, len(list))
	for n, i := range list {
		rows[n] = ImportRow{i.ID, i.Number, i.At, i.By, i.File.Name, len(i.Added), len(i.Updated), len(i.Left)}
	}
	return rows, nil
}

// LastImport returns the number of the newest import of the round; 0 for none.
func (r Reader) LastImport(ctx context.Context, round int) (n int, err error) {
	if err := one(r.q.QueryRowContext(ctx, `select coalesce(max(number), 0) from import where round = $1`, round), &n); err != nil {
		return 0, fmt.Errorf("last import of round %d: %w", round, err)
	}
	return n, nil
}

// Imported returns the import that took in a file with these bytes last, in the
// round; "" for none.
func (r Reader) Imported(ctx context.Context, round int, sha256 string) (string, error) {
	rows, err := r.q.QueryContext(ctx, `select id from import where sha256 = $1 and round = $2 order by number desc limit 1`, sha256, round)
	list, err := all(rows, err, scanText)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0], nil
}

// Layouts returns the layouts remembered for the organisation; none if nothing is.
func (r Reader) Layouts(ctx context.Context, organisation string) (ledger.Layouts, error) {
	l, err := load[ledger.Layouts](ctx, r, ledger.LayoutsRef(organisation))
	if errors.Is(err, ErrNotFound) {
		return ledger.Layouts{Organisation: organisation}, nil
	}
	return l, err
}

// AllLayouts returns the layouts of all organisations, by code.
func (r Reader) AllLayouts(ctx context.Context) ([]ledger.Layouts, error) {
	return states[ledger.Layouts](ctx, r, ledger.KindLayouts, `select state from layouts order by id limit 5000`)
}

// HeadingWords returns the office's own words over columns.
func (r Reader) HeadingWords(ctx context.Context) (ledger.Headings, error) {
	h, err := load[ledger.Headings](ctx, r, ledger.HeadingsRef())
	if errors.Is(err, ErrNotFound) {
		return ledger.Headings{}, nil
	}
	return h, err
}

// FindingsNumbered returns the findings with the numbers, by number, as they are:
// for deciding what an import changes, not for pages.
func (r Reader) FindingsNumbered(ctx context.Context, numbers []string) (map[string]ledger.Finding, error) {
	found := map[string]ledger.Finding{}
	for chunk := range slices.Chunk(numbers, 500) {
		var w where
		w.in("id", chunk)
		list, err := states[ledger.Finding](ctx, r, ledger.KindFinding, `select state from finding `+w.String(), w.args...)
		if err != nil {
			return nil, fmt.Errorf("look up %d findings: %w", len(chunk), err)
		}
		for _, f := range list {
			found[f.Number] = f
		}
	}
	return found, nil
}

// A NumberedText is a finding by its text alone.
type NumberedText struct{ Number, Organisation, Text string }

// TextsOf returns the texts of the findings of a round, of one organisation or,
// for "", of all, by number.
func (r Reader) TextsOf(ctx context.Context, round int, organisation string) ([]NumberedText, error) {
	var w where
	w.and("round = ?", round)
	if organisation != "" {
		w.and("organisation = ?", organisation)
	}
	rows, err := r.q.QueryContext(ctx, `select id, organisation, title from finding `+w.String()+` order by id`, w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x NumberedText, err error) {
		return x, rows.Scan(&x.Number, &x.Organisation, &x.Text)
	})
	if err != nil {
		return nil, fmt.Errorf("texts of round %d: %w", round, err)
	}
	return list, nil
}
