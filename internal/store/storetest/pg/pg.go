// Package pg gives each test a fresh PostgreSQL database on a throw-away server.
// It does not know the schema of the ledger and is never part of the program.
//
// The server is the one named by the environment variable LIANSHEN_TEST_POSTGRES
// (a URL whose user may create databases; "make test" sets it), else one that
// scripts/postgres.sh starts for this test binary and removes after it. Without
// PostgreSQL on the machine the test is skipped, or fails if
// LIANSHEN_TEST_POSTGRES_REQUIRED is set, as "make check" does.
package pg

import (
	"bufio"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver named "pgx"
)

const (
	urlVariable      = "LIANSHEN_TEST_POSTGRES"
	requiredVariable = "LIANSHEN_TEST_POSTGRES_REQUIRED"
)

// errAbsent means that this machine has no PostgreSQL programs.
var errAbsent = errors.New("PostgreSQL is not installed; on Debian: apt-get install postgresql")

// URL returns the URL of a new, empty database, which the end of the test drops
// even if connections to it are still open.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, "template0")
}

// A Template is a database that is filled once per test binary and then copied
// for each test, which costs less than filling each of them.
type Template struct {
	// Fill makes the tables, and must close its connections before it returns.
	Fill func(ctx context.Context, url string) error

	once sync.Once
	name string
	err  error
}

// URL returns the URL of a fresh copy of the template, which the end of the
// test drops. A template that could not be filled fails every test that asks.
func (p *Template) URL(t testing.TB) string {
	t.Helper()
	base := server(t)
	// The template belongs to the server's life, not to that of the first test.
	p.once.Do(func() { p.name, p.err = p.fill(context.Background(), base) })
	if p.err != nil {
		t.Fatalf("fill the template database: %v", p.err)
	}
	return create(t, p.name)
}

func (p *Template) fill(ctx context.Context, base string) (string, error) {
	name := newName("template")
	if err := admin(ctx, base, "create database "+name+" template template0"); err != nil {
		return "", err
	}
	return name, p.Fill(ctx, withDatabase(base, name))
}

func create(t testing.TB, template string) string {
	t.Helper()
	base, name := server(t), newName("test")
	if err := admin(t.Context(), base, "create database "+name+" template "+template); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		// The context of a test has ended when its cleanup runs.
		if err := admin(context.Background(), base, "drop database "+name+" with (force)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return withDatabase(base, name)
}

// newName returns an identifier that needs no quotes.
func newName(kind string) string {
	return "lianshen_" + kind + "_" + strings.ToLower(rand.Text())
}

func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(err) // server has parsed it before
	}
	u.Path = "/" + name
	return u.String()
}

func admin(ctx context.Context, base, statement string) error {
	db, err := sql.Open("pgx", base)
	if err != nil {
		return fmt.Errorf("open %s: %w", urlVariable, err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// server returns the URL of the server that this test binary uses.
func server(t testing.TB) string {
	t.Helper()
	found, err := find()
	if errors.Is(err, errAbsent) && os.Getenv(requiredVariable) == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatalf("find a PostgreSQL server: %v", err)
	}
	return found.url
}

// A running server; stdin is set if this test binary started it. The operating
// system closes stdin when the process ends in whatever way, and the script then
// removes the server, so a killed test leaves nothing running.
type running struct {
	url   string
	stdin io.Closer
}

// find keeps what it returns until the process ends, and with it stdin.
var find = sync.OnceValues(func() (running, error) {
	base := os.Getenv(urlVariable)
	if base == "" {
		return hold()
	}
	if _, err := url.Parse(base); err != nil {
		return running{}, fmt.Errorf("read %s: %w", urlVariable, err)
	}
	return running{url: base}, nil
})

// hold starts "postgres.sh hold" and reads the URL that it prints.
func hold() (running, error) {
	if runtime.GOOS == "windows" {
		return running{}, errAbsent
	}
	script, err := inModule("scripts/postgres.sh")
	if err != nil {
		return running{}, err
	}
	var complaint strings.Builder
	cmd := exec.Command(script, "hold")
	cmd.Stderr = &complaint
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return running{}, err
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return running{}, err
	}
	if err := cmd.Start(); err != nil {
		return running{}, fmt.Errorf("start %s: %w", script, err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err == nil {
		return running{strings.TrimSpace(line), stdin}, nil
	}
	var exit *exec.ExitError
	if err = cmd.Wait(); errors.As(err, &exit) && exit.ExitCode() == 3 {
		return running{}, errAbsent
	}
	return running{}, fmt.Errorf("%s hold: %w: %s", script, err, complaint.String())
}

// inModule finds a file of the module from the folder of the running test.
func inModule(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, name), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("find %s: no go.mod above the test", name)
		}
		dir = up
	}
}
