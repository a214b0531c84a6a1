// Package store keeps the records and their trail in SQLite or PostgreSQL.
// There is one text per query, in the part of SQL that both engines read alike
// (docs/sql.md); what differs is in the type dialect and nowhere else.
// It decides nothing: rules are in ledger, rights in policy.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
)

// Errors that callers tell apart with errors.Is.
var ErrNotFound = errors.New("not found")

// A StaleError says that somebody else changed the record since it was read.
type StaleError struct{ Current ledger.State }

func (e StaleError) Error() string {
	return fmt.Sprintf("%s was changed by somebody else", e.Current.Ref())
}

// DB is a handle on the database.
type DB struct {
	write *sql.DB // SQLite: one connection
	read  *sql.DB
	d     dialect
	now   clock.Clock
	turn  chan struct{} // held by the one writer of SQLite; nil on PostgreSQL, which queues by itself
	stmts sync.Map      // query text -> *sql.Stmt of the read pool
	memo  memo          // of counting queries
}

// Open opens the database at url and brings it up to date: a file path for
// SQLite, "postgres://..." for PostgreSQL. now is the clock of all that is written.
func Open(ctx context.Context, url string, now clock.Clock) (*DB, error) {
	d := dialectOf(url)
	write, read, err := d.open(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{write: write, read: read, d: d, now: now}
	if d.oneWriter {
		db.turn = make(chan struct{}, 1)
	}
	if err = db.migrate(ctx); err == nil {
		err = db.indexOnce(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.projectEvidence(ctx, false); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// Close closes the handle.
func (db *DB) Close() error {
	if db.read == db.write {
		return db.write.Close()
	}
	return errors.Join(db.read.Close(), db.write.Close())
}

// Now returns the time on the clock of the database handle.
func (db *DB) Now() time.Time { return db.now() }

// Engine names the engine: "sqlite" or "postgres".
func (db *DB) Engine() string { return db.d.name }

// querier is what a Reader needs of a pool or of a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// A Reader reads. It cannot write.
type Reader struct {
	q    querier
	d    dialect
	memo *memo       // nil in a transaction, which reads for itself
	now  clock.Clock // of the memo
}

// Read returns a reader outside any transaction.
func (db *DB) Read() Reader { return Reader{q: prepared{db}, d: db.d, memo: &db.memo, now: db.now} }

// Snapshot calls f with a reader that sees the database at one moment, for
// answers that several queries make up together.
func (db *DB) Snapshot(ctx context.Context, f func(Reader) error) error {
	tx, err := db.read.BeginTx(ctx, db.d.snapshot)
	if err != nil {
		return fmt.Errorf("begin snapshot: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return f(Reader{q: tx, d: db.d})
}

// prepared keeps one prepared statement per query text: parsing is a good part
// of a short query. Texts are constants or few combinations of filters.
type prepared struct{ db *DB }

func (p prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.db.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.db.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if kept, raced := p.db.stmts.LoadOrStore(query, s); raced {
		s.Close() //nolint:errcheck // the other one serves
		return kept.(*sql.Stmt), nil
	}
	return s, nil
}

func (p prepared) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (p prepared) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.stmt(ctx, query)
	if err != nil {
		return p.db.read.QueryRowContext(ctx, query, args...) // carries the error to Scan
	}
	return s.QueryRowContext(ctx, args...)
}

// Tx is one writing transaction. Now is the instant at which it began;
// everything written in it carries that instant.
type Tx struct {
	Reader
	tx  *sql.Tx
	Now time.Time
	log *frontier // of the trail; read once, written back at commit

	rounds   map[ledger.Ref]ledger.State // read or saved in this transaction
	passages int64                       // serial of the newest passage, once one was added
}

// Write runs f in a transaction. Writers take turns on both engines: the first
// thing each does is to take the head of the trail, so what f reads cannot
// change before it commits. If the engine broke a deadlock, f runs again, at
// most five times; f must have no effect except through tx.
func (db *DB) Write(ctx context.Context, f func(*Tx) error) error {
	var err error
	for range 5 {
		if err = db.once(ctx, f); err == nil || !db.d.again(err) {
			return err
		}
	}
	return err
}

// queue waits for the turn of this writer and returns what ends it. Those who wait
// come in their order: the pool of connections hands its one connection to any of
// them at random, so that somebody unlucky would wait for many others.
func (db *DB) queue(ctx context.Context) (done func(), err error) {
	if db.turn == nil {
		return func() {}, nil
	}
	select {
	case db.turn <- struct{}{}:
		return func() { <-db.turn }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to write: %w", ctx.Err())
	}
}

func (db *DB) once(ctx context.Context, f func(*Tx) error) error {
	f = inTurn(ctx, db, f)
	done, err := db.queue(ctx)
	if err != nil {
		return err
	}
	defer done()
	sqltx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer sqltx.Rollback() //nolint:errcheck // no effect after Commit
	tx := &Tx{Reader: Reader{q: sqltx, d: db.d}, tx: sqltx, Now: db.now(), rounds: map[ledger.Ref]ledger.State{}}
	if tx.log, err = takeHead(ctx, sqltx); err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err
	}
	if err := tx.putHead(ctx); err != nil {
		return err
	}
	if err := sqltx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// exec runs one statement of a transaction.
func (tx *Tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := tx.tx.ExecContext(ctx, query, args...)
	return err
}

// one scans one row, or returns ErrNotFound.
func one(row *sql.Row, dest ...any) error {
	err := row.Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// all scans every row of a query.
func all[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// where builds the condition of a list: and("stage = ?", s) numbers the places.
// Only here is "?" a place, because only here the number is not known beforehand.
type where struct {
	text strings.Builder
	args []any
}

func (w *where) and(cond string, args ...any) {
	if w.text.Len() == 0 {
		w.text.WriteString("where ")
	} else {
		w.text.WriteString("\n  and ")
	}
	for _, a := range args {
		w.args = append(w.args, a)
		cond = strings.Replace(cond, "?", "$"+strconv.Itoa(len(w.args)), 1)
	}
	w.text.WriteString(cond)
}

// in adds "column in (...)"; an empty list matches nothing.
func (w *where) in(column string, values []string) {
	if len(values) == 0 {
		w.and("1 = 0")
		return
	}
	var places strings.Builder
	for i, v := range values {
		w.args = append(w.args, v)
		if i > 0 {
			places.WriteString(", ")
		}
		places.WriteString("$" + strconv.Itoa(len(w.args)))
	}
	w.and(column + " in (" + places.String() + ")")
}

func (w *where) String() string { return w.text.String() }

// bit turns a bool into what both engines compare alike.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// micros turns an instant into what is stored; the zero instant into 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant reads what micros stored.
func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
