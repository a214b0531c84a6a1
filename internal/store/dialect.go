package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite"
)

// dialect holds every difference between the two engines.
type dialect struct {
	name      string
	oneWriter bool
	goose     goose.Dialect
	open      func(url string) (write, read *sql.DB, err error)
	again     func(error) bool // the transaction may succeed if run again
	snapshot  *sql.TxOptions   // of a reading transaction
	tables    string           // query: 1 if the schema is there, else 0
	after     []string         // what the portable migrations cannot say; run at every start
	search    searcher
	lock      func() []goose.ProviderOption // one migrator at a time
}

var sqlite = dialect{
	name:      "sqlite",
	oneWriter: true,
	goose:     goose.DialectSQLite3,
	open:      openSQLite,
	again:     func(error) bool { return false },
	tables:    `select count(*) from sqlite_master where type = 'table' and name = 'trail_head'`,
	after: []string{
		`create trigger if not exists trail_no_update before update on trail begin select raise(abort, 'the trail is append-only'); end`,
		`create trigger if not exists trail_no_delete before delete on trail begin select raise(abort, 'the trail is append-only'); end`,
		`create virtual table if not exists passage_search using fts5(grams, content='', contentless_delete=1, detail=none, tokenize='ascii')`,
	},
	search: fts5{},
	lock:   func() []goose.ProviderOption { return nil }, // the one writing connection is the lock
}

var postgres = dialect{
	name:     "postgres",
	goose:    goose.DialectPostgres,
	open:     openPostgres,
	again:    deadlocked,
	snapshot: &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true},
	tables:   `select count(*) from information_schema.tables where table_schema = current_schema() and table_name = 'trail_head'`,
	after: []string{
		`create or replace function trail_append_only() returns trigger language plpgsql as $$ begin raise exception 'the trail is append-only'; end $$`,
		`create or replace trigger trail_append_only before update or delete on trail for each row execute function trail_append_only()`,
		`create table if not exists passage_search (serial bigint primary key, grams tsvector not null)`,
		`create index if not exists passage_search_grams on passage_search using gin (grams)`,
	},
	search: tsvector{},
	lock:   sessionLock,
}

func dialectOf(url string) dialect {
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return postgres
	}
	return sqlite
}

// openSQLite opens one writing connection, so that writers queue in the program
// instead of failing in the engine, and a few that only read. synchronous=FULL:
// an acknowledged commit survives the loss of power.
func openSQLite(path string) (write, read *sql.DB, err error) {
	if err := private(path); err != nil {
		return nil, nil, err
	}
	file := (&url.URL{Scheme: "file", Opaque: filepath.ToSlash(path)}).String()
	common := "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
	if write, err = sql.Open("sqlite", file+common+"&_txlock=immediate"); err != nil {
		return nil, nil, err
	}
	write.SetMaxOpenConns(1)
	if read, err = sql.Open("sqlite", file+common+"&_pragma=query_only(1)"); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(4)
	read.SetMaxIdleConns(4)
	return write, read, nil
}

// private makes the file, if it is not there, for its owner only; the engine gives
// the same rights to the files beside it. A file that is there keeps its rights.
func private(path string) error {
	if path == ":memory:" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func openPostgres(url string) (write, read *sql.DB, err error) {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, nil, err
	}
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(10)
	return db, db, nil
}

// deadlocked reports whether the engine chose this transaction as the victim.
func deadlocked(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40P01" || pg.Code == "40001")
}

//go:embed migrations/*.sql
var migrations embed.FS

func sessionLock() []goose.ProviderOption {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		panic(err) // no option was given that could be wrong
	}
	return []goose.ProviderOption{goose.WithSessionLocker(locker)}
}

// migrations returns what brings the schema from one version to another.
func (db *DB) migrations() (*goose.Provider, error) {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(db.d.goose, db.write, dir, db.d.lock()...)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// migrate brings the schema up to date. Several programs may start at once.
func (db *DB) migrate(ctx context.Context) error {
	provider, err := db.migrations()
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if at, err := provider.GetDBVersion(ctx); err != nil || at > newest(provider) {
		return errors.Join(err, fmt.Errorf("schema %d, this program knows %d: %w", at, newest(provider), ErrNewer))
	}
	for _, stmt := range db.d.after {
		if _, err := db.write.ExecContext(ctx, stmt); err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
	}
	return nil
}
