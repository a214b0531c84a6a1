package pg_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"lianshen/internal/store/storetest/pg"
)

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func exec(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func text(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var s string
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&s); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return s
}

func TestTwoTestsDoNotSeeEachOther(t *testing.T) {
	one, two := open(t, pg.URL(t)), open(t, pg.URL(t))
	exec(t, one, "create table finding (id text)")
	// The same name is free in the other database.
	exec(t, two, "create table finding (id bigint)")
}

func TestDatabaseHasUTF8AndOrdersByBytes(t *testing.T) {
	db := open(t, pg.URL(t))
	if got := text(t, db, "show server_encoding"); got != "UTF8" {
		t.Errorf("server_encoding = %s, want UTF8", got)
	}
	// SQLite orders text by bytes; so must the database that tests compare with it.
	if got := text(t, db, "select string_agg(w, ' ' order by w) from (values ('b'), ('B'), ('a'), ('党')) v(w)"); got != "B a b 党" {
		t.Errorf("order = %q, want %q", got, "B a b 党")
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	var gone string
	t.Run("inner", func(t *testing.T) {
		db, err := sql.Open("pgx", pg.URL(t))
		if err != nil {
			t.Fatal(err)
		}
		gone = text(t, db, "select current_database()")
		// db stays open on purpose: a forgotten connection must not keep the database.
	})
	db := open(t, pg.URL(t))
	if got := text(t, db, "select count(*)::text from pg_database where datname = $1", gone); got != "0" {
		t.Errorf("database %s outlived its test", gone)
	}
}

func TestTemplateIsFilledOnceAndCopied(t *testing.T) {
	fills := 0
	template := pg.Template{Fill: func(ctx context.Context, url string) error {
		fills++
		db, err := sql.Open("pgx", url)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.ExecContext(ctx, "create table finding (id text); insert into finding values ('08-JT-001')")
		return err
	}}
	for range 3 {
		db := open(t, template.URL(t))
		if got := text(t, db, "select string_agg(id, ',') from finding"); got != "08-JT-001" {
			t.Errorf("copy holds %q, want the row of the template", got)
		}
		exec(t, db, "insert into finding values ('08-JT-002')")
	}
	if fills != 1 {
		t.Errorf("template was filled %d times, want once", fills)
	}
}

func TestTemplateThatCannotBeFilledFailsTheTest(t *testing.T) {
	broken := pg.Template{Fill: func(context.Context, string) error { return errors.New("bad migration") }}
	pg.URL(t) // skips here, not on the inner goroutine, where there is no PostgreSQL
	inner := recorder{TB: t}
	// Fatalf ends the goroutine it is called on, so the failing call needs its own.
	done := make(chan struct{})
	go func() {
		defer close(done)
		broken.URL(&inner)
	}()
	<-done
	if want := "fill the template database: bad migration"; inner.fatal != want {
		t.Errorf("Fatalf said %q, want %q", inner.fatal, want)
	}
}

// recorder is a test whose failure is looked at instead of reported.
type recorder struct {
	testing.TB
	fatal string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.fatal = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
