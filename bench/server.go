package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A child is a process that is measured from outside.
type child struct {
	cmd   *exec.Cmd
	began time.Time
	over  chan error
	peak  int // kB, of a process that has ended
}

// start starts a program, its output in the log file.
func start(ctx context.Context, log string, name string, args ...string) (*child, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close() //nolint:errcheck // the child has its own
	c := &child{cmd: exec.CommandContext(ctx, name, args...), over: make(chan error, 1)}
	c.cmd.Stdout, c.cmd.Stderr = out, out
	c.cmd.Cancel = func() error { return c.cmd.Process.Signal(syscall.SIGTERM) }
	c.began = time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() { c.over <- c.cmd.Wait() }()
	return c, nil
}

// wait lets the child end by itself, looking at its memory meanwhile: what the
// system reports at the end counts the parent's from before the start of the child.
func (c *child) wait() (took time.Duration, peak int, err error) {
	for {
		select {
		case err := <-c.over:
			return time.Since(c.began), c.peak, err
		case <-time.After(10 * time.Millisecond):
			c.peak = max(c.peak, c.memory("VmHWM"))
		}
	}
}

func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return <-c.over
}

// memory reads one line of the process's status, in kB; 0 where there is none.
func (c *child) memory(field string) int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, _ := strconv.Atoi(strings.Fields(rest)[0]) // the kernel writes a number
			return n
		}
	}
	return 0
}

// forgetPeak makes VmHWM count from now on.
func (c *child) forgetPeak() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", c.cmd.Process.Pid), []byte("5"), 0) // then the peak is of the whole run
}

// A site is a running server on one ledger.
type site struct {
	*child
	base
	addr     string
	sessions []string // by party
	answered time.Duration
	idle     int // kB, after the first answers
	spoken   int // verdicts that have been sent
	deepPath string
}

// A base is one database with a ledger of one size.
type base struct {
	engine string
	size   int
	dir    string // of the server's data
	url    string // of the database; "" for SQLite in dir
}

func (l base) String() string { return fmt.Sprintf("%s-%d", l.engine, l.size) }

// args are what every command needs to find the database.
func (l base) args() []string {
	if l.url == "" {
		return []string{"--data", l.dir}
	}
	return []string{"--data", l.dir, "--db", l.url}
}

// serve starts the program on a ledger, waits for its first page and signs in.
func serve(ctx context.Context, program string, l base) (*site, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	c, err := start(ctx, filepath.Join(l.dir, "server.log"), program, append([]string{"serve", "--addr", addr}, l.args()...)...)
	if err != nil {
		return nil, err
	}
	s := &site{child: c, base: l, addr: addr}
	if s.answered, err = c.answers(addr, "/signin"); err != nil {
		return nil, fmt.Errorf("%s: %w", l, err)
	}
	for _, u := range users {
		session, err := signIn(addr, "bench-"+u.Body)
		if err != nil {
			return nil, fmt.Errorf("%s: sign in for %s: %w", l, u.Body, err)
		}
		s.sessions = append(s.sessions, session)
	}
	return s, nil
}

// freeAddress finds a port that was free a moment ago.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// answers waits for the first page and tells how long after the start it came.
func (c *child) answers(addr, path string) (time.Duration, error) {
	for time.Since(c.began) < patience {
		select {
		case err := <-c.over:
			return 0, fmt.Errorf("the server ended before it answered: %w", err)
		case <-time.After(time.Millisecond):
		}
		p, err := fetch(addr, get(path, ""))
		if err == nil && p.status == http.StatusOK {
			return time.Since(c.began), nil
		}
		if err == nil {
			return 0, fmt.Errorf("%s: status %d", path, p.status)
		}
	}
	return 0, errors.New("the server does not answer")
}

// signIn opens a session with the form of the sign-in page.
func signIn(addr, username string) (string, error) {
	p, err := fetch(addr, post("/signin", "", url.Values{"username": {username}, "password": {password}}))
	if err != nil {
		return "", err
	}
	for _, c := range (&http.Response{Header: p.head}).Cookies() {
		if c.Name == "lianshen_session" && c.Value != "" {
			return c.Value, nil
		}
	}
	return "", fmt.Errorf("status %d and no session", p.status)
}
