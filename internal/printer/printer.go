// Package printer prints pages to PDF with a Chromium that is installed on the
// machine. It does not make the pages, and gives the browser nothing but the one page:
// no network, a profile that is thrown away.
package printer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// A Printer prints one page at a time: a browser takes a few hundred megabytes. It may
// be used by several goroutines, which then wait for each other.
type Printer struct {
	path string
	turn chan struct{}
}

const (
	longest = 60 * time.Second // for one page, without the wait for one's turn
	mostPDF = 64 << 20
)

// New returns a printer that runs the program at the path; a name without a folder is
// looked for as a shell does. The error says that there is no such program.
func New(path string) (*Printer, error) {
	found, err := exec.LookPath(path)
	if err != nil {
		return nil, fmt.Errorf("browser for printing: %w", err)
	}
	p := &Printer{path: found, turn: make(chan struct{}, 1)}
	return p, nil
}

// PDF prints a page that is whole in itself.
func (p *Printer) PDF(ctx context.Context, page []byte) ([]byte, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the printer: %w", ctx.Err())
	}
	dir, err := os.MkdirTemp("", "lianshen-print-")
	if err != nil {
		return nil, fmt.Errorf("folder to print in: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // nothing is lost with it
	source, target := filepath.Join(dir, "paper.html"), filepath.Join(dir, "paper.pdf")
	if err := os.WriteFile(source, page, 0o600); err != nil {
		return nil, fmt.Errorf("write the page to print: %w", err)
	}
	if err := p.run(ctx, dir, source, target); err != nil {
		return nil, err
	}
	return readPDF(target)
}

// run starts the browser and ends it where it takes too long.
func (p *Printer) run(ctx context.Context, dir, source, target string) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.path, arguments(dir, source, target)...)
	cmd.Dir, cmd.WaitDelay = dir, 5*time.Second
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_CACHE_HOME="+dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("print with %s: %w: %s", p.path, err, tail(said.String()))
	}
	return nil
}

// arguments keep the browser from the network and from everything it does for people.
// Scripts are forbidden by the page itself: switched off for good, nothing is printed.
func arguments(dir, source, target string) []string {
	args := []string{
		"--headless=new", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
		"--disable-background-networking", "--disable-component-update", "--disable-domain-reliability", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + target,
	}
	if os.Geteuid() == 0 { // its sandbox refuses to run for root
		args = append(args, "--no-sandbox")
	}
	return append(args, "file://"+filepath.ToSlash(source))
}

func readPDF(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the browser has not printed: %w", err)
	}
	if info.Size() > mostPDF {
		return nil, errors.New("the PDF is too large")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read what was printed: %w", err)
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errors.New("what the browser printed is no PDF")
	}
	return data, nil
}

func tail(s string) string { return s[max(0, len(s)-500):] }
