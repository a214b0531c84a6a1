package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lianshen/internal/ledger"
)

// Load returns the record, or ErrNotFound.
func (r Reader) Load(ctx context.Context, ref ledger.Ref) (ledger.State, error) {
	table, known := tables[ref.Kind]
	if !known {
		return nil, fmt.Errorf("load %s: no table for this kind", ref)
	}
	var body string
	err := one(r.q.QueryRowContext(ctx, `select state from `+table.name+` where id = $1`, ref.ID), &body)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", ref, err)
	}
	return ledger.DecodeState(ref.Kind, []byte(body))
}

// Load returns the record, or ErrNotFound. Almost every act asks for its round,
// and thousands may follow in one transaction: a round is read once. Writers take
// turns, so nobody else changes it meanwhile; save keeps the copy in step.
func (tx *Tx) Load(ctx context.Context, ref ledger.Ref) (ledger.State, error) {
	if s, read := tx.rounds[ref]; read {
		return s, nil
	}
	s, err := tx.Reader.Load(ctx, ref)
	if err == nil && ref.Kind == ledger.KindRound {
		tx.rounds[ref] = s
	}
	return s, err
}

// Round returns the round with the number.
func (tx *Tx) Round(ctx context.Context, number int) (ledger.Round, error) {
	s, err := tx.Load(ctx, ledger.RoundRef(number))
	if err != nil {
		return ledger.Round{}, err
	}
	return s.(ledger.Round), nil
}

// load is Load with the type of the record.
func load[S ledger.State](ctx context.Context, r Reader, ref ledger.Ref) (S, error) {
	var zero S
	s, err := r.Load(ctx, ref)
	if err != nil {
		return zero, err
	}
	return s.(S), nil
}

// states reads the state column of a query.
func states[S ledger.State](ctx context.Context, r Reader, kind ledger.Kind, query string, args ...any) ([]S, error) {
	rows, err := r.q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []S
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		s, err := ledger.DecodeState(kind, []byte(body))
		if err != nil {
			return nil, err
		}
		list = append(list, s.(S))
	}
	return list, rows.Err()
}

// Record appends the facts to the trail and saves the records they lead to, in
// their order. It returns the last state of each record that changed, by
// reference, and a StaleError where somebody else was faster.
func (tx *Tx) Record(ctx context.Context, who Who, facts []ledger.Fact) (map[ledger.Ref]ledger.State, error) {
	before := map[ledger.Ref]ledger.State{}
	after := map[ledger.Ref]ledger.State{}
	var order []ledger.Ref
	var serial map[ledger.Ref]int64
	for _, fact := range facts {
		ref := fact.On.Ref()
		s, touched := after[ref]
		if !touched {
			s = fact.On
			before[ref] = s
			order = append(order, ref)
		}
		seq, err := tx.append(ctx, who, ref, fact.Event)
		if err != nil {
			return nil, err
		}
		if s.Ver() == 0 && ref.Kind == ledger.KindFinding {
			serial = put(serial, ref, seq)
		}
		after[ref] = s.Apply(fact.Event)
		if err := tx.beside(ctx, fact); err != nil {
			return nil, err
		}
	}
	for _, ref := range order {
		if err := tx.save(ctx, before[ref], after[ref], serial[ref]); err != nil {
			return nil, err
		}
	}
	return after, nil
}

func put[K comparable, V any](m map[K]V, k K, v V) map[K]V {
	if m == nil {
		m = map[K]V{}
	}
	m[k] = v
	return m
}

// beside writes what an event leaves outside its record's own row.
func (tx *Tx) beside(ctx context.Context, fact ledger.Fact) error {
	switch e := fact.Event.(type) {
	case ledger.FindingRegistered:
		return tx.besideImported(ctx, fact.On.Apply(e).(ledger.Finding))
	case ledger.FindingCorrected:
		if e.Plan != nil || e.Progress != nil || len(e.Evidence) > 0 { // nobody has written here yet: see Finding.Keeps
			return tx.besideImported(ctx, fact.On.Apply(e).(ledger.Finding))
		}
	case ledger.ItemSent:
		f := fact.On.(ledger.Finding)
		p := of(f, passage{submission: e.Submission})
		return errors.Join(tx.sentEvidence(ctx, f, e.Item), tx.keepItem(ctx, e.Submission, e.Item), tx.indexItem(ctx, p, e.Item))
	case ledger.SubmissionSent:
		if s := fact.On.(ledger.Submission); s.Doc.Whole() {
			return errors.Join(tx.keepItem(ctx, s.ID, s.Item()), tx.indexItem(ctx, paperPassage(s), s.Item()))
		}
	case ledger.LetterDelivered:
		return tx.indexLetter(ctx, fact.On.(ledger.Submission), e.Letter.Number)
	}
	return nil
}

// keepItem keeps what a submission says about one finding, or all that it says.
func (tx *Tx) keepItem(ctx context.Context, submission string, item ledger.Item) error {
	text, err := json.Marshal(item)
	if err != nil {
		return fmt.Errorf("encode item of %s: %w", item.Finding, err)
	}
	err = tx.exec(ctx, `
		insert into submission_item (submission, finding, position, item) values ($1, $2, $3, $4)`,
		submission, item.Finding, tx.log.Size, string(text))
	if err != nil {
		return fmt.Errorf("keep item %s of %s: %w", item.Finding, submission, err)
	}
	return nil
}

// save writes the row of a record if it is still at the version it was read at.
func (tx *Tx) save(ctx context.Context, old, s ledger.State, serial int64) error {
	ref := s.Ref()
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode %s: %w", ref, err)
	}
	t := tables[ref.Kind]
	values := append([]any{s.Ver(), string(body)}, t.row(s, tx)...)
	if old.Ver() == 0 {
		err = tx.insert(ctx, t, ref, values, serial)
	} else {
		err = tx.update(ctx, t, ref, values, old.Ver())
	}
	if err != nil {
		return fmt.Errorf("save %s: %w", ref, err)
	}
	if ref.Kind == ledger.KindRound {
		tx.rounds[ref] = s
	}
	if t.also != nil {
		if err := t.also(ctx, tx, old, s, serial); err != nil {
			return fmt.Errorf("save %s: %w", ref, err)
		}
	}
	return nil
}

func (tx *Tx) insert(ctx context.Context, t table, ref ledger.Ref, values []any, serial int64) error {
	columns := append([]string{"id", "version", "state"}, t.columns...)
	values = append([]any{ref.ID}, values...)
	if serial > 0 {
		columns, values = append(columns, "serial"), append(values, serial)
	}
	return tx.exec(ctx, insertText(t.name, columns), values...)
}

func (tx *Tx) update(ctx context.Context, t table, ref ledger.Ref, values []any, version int64) error {
	n := len(values)
	res, err := tx.tx.ExecContext(ctx, updateText(t.name, append([]string{"version", "state"}, t.columns...), n), append(values, ref.ID, version)...)
	if err != nil {
		return err
	}
	if hit, err := res.RowsAffected(); err != nil || hit == 1 {
		return err
	}
	current, err := tx.Load(ctx, ref)
	if err != nil {
		return err
	}
	return StaleError{current}
}

func insertText(table string, columns []string) string {
	marks := make([]string, len(columns))
	for i := range columns {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return "insert into " + table + " (" + strings.Join(columns, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
}

func updateText(table string, columns []string, n int) string {
	sets := make([]string, len(columns))
	for i, c := range columns {
		sets[i] = fmt.Sprintf("%s = $%d", c, i+1)
	}
	return fmt.Sprintf("update %s set %s where id = $%d and version = $%d", table, strings.Join(sets, ", "), n+1, n+2)
}

// A table says how a record lies in the database: its columns beside id,
// version and state, and their values.
type table struct {
	name    string
	columns []string
	row     func(s ledger.State, tx *Tx) []any
	also    func(ctx context.Context, tx *Tx, old, s ledger.State, serial int64) error
}

// tables holds every kind of record. It is filled by init in the file of each
// slice, because the functions refer to one another.
var tables = map[ledger.Kind]table{}

func register(kind ledger.Kind, name string, columns string, row func(ledger.State, *Tx) []any,
	also func(context.Context, *Tx, ledger.State, ledger.State, int64) error,
) {
	tables[kind] = table{name, strings.Fields(columns), row, also}
}

// Differs reports the first column of the stored row that is not what the state
// says it is; "" if all fit. The column changed_at is not part of a state.
func (r Reader) Differs(ctx context.Context, s ledger.State) (column string, err error) {
	t := tables[s.Ref().Kind]
	body, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	columns := append([]string{"version", "state"}, t.columns...)
	want := append([]any{s.Ver(), string(body)}, t.row(s, &Tx{})...)
	got := make([]any, len(columns))
	dest := make([]any, len(columns))
	for i := range got {
		dest[i] = &got[i]
	}
	err = one(r.q.QueryRowContext(ctx, `select `+strings.Join(columns, ", ")+` from `+t.name+` where id = $1`, s.Ref().ID), dest...)
	if err != nil {
		return "", fmt.Errorf("read row of %s: %w", s.Ref(), err)
	}
	i := slices.IndexFunc(columns, func(c string) bool {
		i := slices.Index(columns, c)
		return c != "changed_at" && fmt.Sprint(plain(got[i])) != fmt.Sprint(want[i])
	})
	if i < 0 {
		return "", nil
	}
	return columns[i], nil
}

// plain turns what a driver returned into what was written.
func plain(v any) any {
	if b, ok := v.([]byte); ok {
		return string(b)
	}
	return v
}

// IDs returns the identities of all records of the kind, in order, after the given one.
func (r Reader) IDs(ctx context.Context, kind ledger.Kind, after string, limit int) ([]string, error) {
	rows, err := r.q.QueryContext(ctx, `select id from `+tables[kind].name+` where id > $1 order by id limit $2`, after, limit)
	return all(rows, err, scanText)
}

// Taken reports which of the identities have a record of the kind.
func (r Reader) Taken(ctx context.Context, kind ledger.Kind, ids []string) (map[string]bool, error) {
	taken := map[string]bool{}
	for chunk := range slices.Chunk(ids, 500) {
		var w where
		w.in("id", chunk)
		rows, err := r.q.QueryContext(ctx, `select id from `+tables[kind].name+` `+w.String(), w.args...)
		found, err := all(rows, err, scanText)
		if err != nil {
			return nil, fmt.Errorf("look up %d of kind %s: %w", len(chunk), kind, err)
		}
		for _, id := range found {
			taken[id] = true
		}
	}
	return taken, nil
}
