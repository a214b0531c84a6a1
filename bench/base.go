package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"lianshen/internal/clock"
	"lianshen/internal/store"
)

// prepare makes a ledger of each size on each engine, or takes those that an
// earlier run left in dir, and returns copies that may be written to. Sizes are in
// ascending order: each ledger is the one before, grown.
func prepare(ctx context.Context, dir string, engines []string, sizes []int) ([]base, error) {
	makers := map[string]maker{"sqlite": sqliteMaker{filepath.Join(dir, "ledgers")}, "postgres": postgresMaker{os.Getenv("LIANSHEN_TEST_POSTGRES")}}
	var all errgroup.Group
	for _, engine := range engines {
		all.Go(func() error { return grown(ctx, makers[engine], sizes) })
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	var list []base
	for _, engine := range engines {
		for _, size := range sizes {
			b := base{engine: engine, size: size, dir: filepath.Join(dir, "run", fmt.Sprintf("%s-%d", engine, size))}
			if err := os.MkdirAll(b.dir, 0o700); err != nil {
				return nil, err
			}
			var err error
			if b.url, err = makers[engine].lend(ctx, size, b.dir); err != nil {
				return nil, fmt.Errorf("copy %s: %w", b, err)
			}
			list = append(list, b)
		}
	}
	return list, nil
}

// A maker keeps the ledgers of one engine.
type maker interface {
	has(ctx context.Context, size int) (bool, error)
	// draft returns the address of a new database: a copy of the ledger of a size,
	// or an empty one where the size is 0.
	draft(ctx context.Context, from int) (url string, err error)
	keep(ctx context.Context, size int) error // the draft as the ledger of the size
	lend(ctx context.Context, size int, dir string) (url string, err error)
}

// grown makes what the maker does not have yet.
func grown(ctx context.Context, m maker, sizes []int) error {
	from := 0
	for _, size := range sizes {
		there, err := m.has(ctx, size)
		if err == nil && !there {
			err = grow(ctx, m, from, size)
		}
		if err != nil {
			return fmt.Errorf("ledger of %d findings: %w", size, err)
		}
		from = size
	}
	return nil
}

func grow(ctx context.Context, m maker, from, to int) error {
	url, err := m.draft(ctx, from)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, url, clock.Real)
	if err != nil {
		return err
	}
	if err := newFiller(ctx, db).grow(from, to); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := db.Close(); err != nil {
		return err
	}
	return m.keep(ctx, to)
}

// sqliteMaker keeps files in a folder.
type sqliteMaker struct{ dir string }

func (m sqliteMaker) file(size int) string { return filepath.Join(m.dir, fmt.Sprintf("%d.db", size)) }

func (m sqliteMaker) has(_ context.Context, size int) (bool, error) {
	_, err := os.Stat(m.file(size))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (m sqliteMaker) draft(_ context.Context, from int) (string, error) {
	name := filepath.Join(m.dir, "draft.db")
	for _, ending := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(name + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil || from == 0 {
		return name, err
	}
	return name, copyFile(name, m.file(from))
}

func (m sqliteMaker) keep(_ context.Context, size int) error {
	return os.Rename(filepath.Join(m.dir, "draft.db"), m.file(size))
}

func (m sqliteMaker) lend(_ context.Context, size int, dir string) (string, error) {
	return "", copyFile(filepath.Join(dir, "lianshen.db"), m.file(size))
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return errors.Join(err, out.Close())
	}
	return out.Close()
}

// postgresMaker keeps databases on the server at the address.
type postgresMaker struct{ server string }

func (m postgresMaker) name(size int) string { return fmt.Sprintf("bench_%d", size) }

func (m postgresMaker) url(database string) (string, error) {
	u, err := url.Parse(m.server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + database
	return u.String(), nil
}

// do runs statements on the server, outside of any ledger.
func (m postgresMaker) do(ctx context.Context, statements ...string) error {
	db, err := sql.Open("pgx", m.server)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // each statement has its answer
	for _, s := range statements {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func (m postgresMaker) has(ctx context.Context, size int) (there bool, err error) {
	db, err := sql.Open("pgx", m.server)
	if err != nil {
		return false, err
	}
	defer db.Close() //nolint:errcheck // the answer is there
	err = db.QueryRowContext(ctx, "select exists (select 1 from pg_database where datname = $1)", m.name(size)).Scan(&there)
	return there, err
}

func (m postgresMaker) draft(ctx context.Context, from int) (string, error) {
	template := "template0"
	if from > 0 {
		template = m.name(from)
	}
	if err := m.do(ctx, "drop database if exists bench_draft", "create database bench_draft template "+template); err != nil {
		return "", err
	}
	return m.url("bench_draft")
}

// keep does what the server does by itself a minute later: counts what the planner
// goes by.
func (m postgresMaker) keep(ctx context.Context, size int) error {
	draft, err := m.url("bench_draft")
	if err != nil {
		return err
	}
	if err := (postgresMaker{draft}).do(ctx, "vacuum analyze"); err != nil {
		return err
	}
	return m.do(ctx, "alter database bench_draft rename to "+m.name(size))
}

func (m postgresMaker) lend(ctx context.Context, size int, _ string) (string, error) {
	name := fmt.Sprintf("bench_run_%d", size)
	if err := m.do(ctx, "drop database if exists "+name+" with (force)", "create database "+name+" template "+m.name(size), "checkpoint"); err != nil {
		return "", err
	}
	return m.url(name)
}
