package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A key names one cell of the table. base is "" for the bare table.
type key struct {
	request     string
	connections int
	base        string
}

// results is everything that was measured.
type results struct {
	options
	bases   []base
	passes  map[key][]sample
	absent  map[string]error // requests that the program does not answer
	sites   map[string]*site
	imports map[string]cost
	exports map[string]cost
	pages   map[string]cost // export through the page
	settled map[string]int  // kB some seconds after the load
	weights map[string]int  // bytes, by page
}

// measure starts every server, drives them in turn, and runs the commands last,
// when no server is left.
func measure(ctx context.Context, o options, bases []base) (r results, err error) {
	r = results{
		options: o, bases: bases, passes: map[key][]sample{}, absent: map[string]error{}, sites: map[string]*site{},
		imports: map[string]cost{}, exports: map[string]cost{}, pages: map[string]cost{}, settled: map[string]int{}, weights: map[string]int{},
	}
	limit, addr, err := startBare(ctx, o.dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, ignoreSignal(limit.stop())) }()
	if err := r.open(ctx); err != nil {
		return r, err
	}
	if err := r.driveAll(addr); err != nil {
		return r, err
	}
	return r, r.commands(ctx)
}

func startBare(ctx context.Context, dir string) (*child, string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	c, err := start(ctx, filepath.Join(dir, "bare.log"), self, "-bare", addr)
	if err != nil {
		return nil, "", err
	}
	_, err = c.answers(addr, "/")
	return c, addr, err
}

// ignoreSignal drops the error of a process that ended because it was told to.
func ignoreSignal(err error) error {
	if err != nil && strings.HasPrefix(err.Error(), "signal:") {
		return nil
	}
	return err
}

// open starts the servers one after the other, so that none slows another's start.
func (r *results) open(ctx context.Context) error {
	for _, b := range r.bases {
		s, err := serve(ctx, r.program, b)
		if err != nil {
			return err
		}
		if err := s.goDeep(); err != nil {
			return fmt.Errorf("%s: %w", b, err)
		}
		time.Sleep(2 * time.Second)
		s.idle = s.memory("VmRSS")
		r.sites[b.String()] = s
	}
	return nil
}

// asked are the requests to measure.
func (r *results) asked() (list []request) {
	for _, q := range requests() {
		if strings.Contains(q.name, r.only) {
			list = append(list, q)
		}
	}
	return list
}

// driveAll measures in passes, and in each pass one server after another, so that
// what is compared was measured at nearly the same time.
func (r *results) driveAll(bareAddr string) error {
	bare := request{name: bareTable, status: http.StatusOK, next: func(*site, int) ([]byte, bool) { return get("/", ""), true }}
	for _, q := range r.asked() {
		for _, b := range r.bases {
			if err := q.check(r.sites[b.String()]); err != nil {
				note("left out: %v", err)
				r.absent[q.name] = err
				break
			}
		}
	}
	for pass := range r.options.passes {
		note("pass %d of %d", pass+1, r.options.passes)
		for _, n := range r.connections {
			if err := r.drive(bare, n, nil, bareAddr); err != nil {
				return err
			}
			for _, q := range r.asked() {
				for _, b := range r.bases {
					s := r.sites[b.String()]
					if err := r.drive(q, n, s, s.addr); err != nil {
						return fmt.Errorf("%s: %s: %w", b, q.name, err)
					}
				}
			}
		}
	}
	return nil
}

func (r *results) drive(q request, connections int, s *site, addr string) error {
	if r.absent[q.name] != nil {
		return nil
	}
	l := load{
		addr: addr, connections: connections, lasting: r.lasting, status: q.status,
		next: func(i int) ([]byte, bool) { return q.next(s, i) },
	}
	if q.most != nil {
		l.most = q.most(connections)
	}
	got, err := l.run()
	if err != nil {
		return err
	}
	k := key{request: q.name, connections: connections}
	if s != nil {
		k.base = s.String()
		if q.name == verdictPost {
			s.spoken += got.requests
		}
	}
	r.passes[k] = append(r.passes[k], got)
	return nil
}

// commands measures what is done once: weights, downloads, import and export.
func (r *results) commands(ctx context.Context) error {
	if r.only != "" {
		return r.close()
	}
	time.Sleep(5 * time.Second) // the servers give memory back when they have nothing to do
	for _, b := range r.bases {
		s := r.sites[b.String()]
		r.settled[b.String()] = s.memory("VmRSS")
		c, err := s.download()
		if err != nil {
			return err
		}
		r.pages[b.String()] = c
	}
	if err := r.weigh(r.sites[r.bases[0].String()]); err != nil {
		return err
	}
	if err := r.close(); err != nil {
		return err
	}
	file := filepath.Join(r.dir, "import.xlsx")
	if err := importFile(file); err != nil {
		return err
	}
	for _, b := range r.bases {
		note("export from and import into %s", b)
		c, err := exporting(ctx, r.program, b)
		if err != nil {
			return err
		}
		r.exports[b.String()] = c
		if c, err = importing(ctx, r.program, b, file); err != nil {
			return err
		}
		r.imports[b.String()] = c
	}
	return nil
}

func (r *results) weigh(s *site) (err error) {
	for _, path := range []string{"/signin", "/", ledgerPath} {
		if r.weights[path], err = s.weight(path, s.sessions[0]); err != nil {
			return err
		}
	}
	return nil
}

func (r *results) close() error {
	for _, s := range r.sites {
		if err := s.stop(); err != nil {
			return fmt.Errorf("stop %s: %w", s.base, err)
		}
	}
	return nil
}
