// Command bench measures the program from outside: it makes ledgers of two sizes
// on both databases, starts the real server on each, drives it over loopback and
// prints one table and which figures are met. The same seed gives the same ledgers.
// It does not test: what is right is for the tests to say.
//
//	make bench
//	go run ./bench -dir tmp/bench -engines sqlite    ledgers are kept for the next run
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"lianshen/internal/web"
)

// options are the flags.
type options struct {
	dir, program, only string
	engines            []string
	sizes, connections []int
	lasting            time.Duration
	passes             int
	bare               string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := readFlags()
	if err == nil && o.bare != "" {
		err = serveBare(ctx, o.bare)
	} else if err == nil {
		err = run(ctx, o)
	}
	if err != nil {
		note("%v", err)
		stop()
		os.Exit(1)
	}
}

// note tells whoever waits what is being done; the table goes to standard output.
func note(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}

func readFlags() (o options, err error) {
	engines, sizes, connections := "sqlite,postgres", "10000,100000", "2,16"
	if os.Getenv("LIANSHEN_TEST_POSTGRES") == "" {
		engines = "sqlite"
	}
	flag.StringVar(&o.dir, "dir", "", "folder for ledgers and logs; kept (default: a temporary one, removed)")
	flag.StringVar(&o.program, "program", "", "the built program (default: build it)")
	flag.StringVar(&o.only, "only", "", "measure only requests whose name contains this, and no commands")
	flag.StringVar(&engines, "engines", engines, "databases; postgres needs LIANSHEN_TEST_POSTGRES")
	flag.StringVar(&sizes, "sizes", sizes, "numbers of findings, ascending")
	flag.StringVar(&connections, "connections", connections, "numbers of connections")
	flag.DurationVar(&o.lasting, "lasting", 700*time.Millisecond, "time of one measurement")
	flag.IntVar(&o.passes, "passes", 3, "measurements of each request, of which the median counts")
	flag.StringVar(&o.bare, "bare", "", "serve the bare table on this address (for the program itself)")
	flag.Parse()
	o.engines = strings.Split(engines, ",")
	if o.sizes, err = numbers(sizes); err == nil {
		o.connections, err = numbers(connections)
	}
	return o, err
}

func numbers(list string) (all []int, err error) {
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", list, err)
		}
		all = append(all, n)
	}
	slices.Sort(all)
	return all, nil
}

func run(ctx context.Context, o options) (err error) {
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "lianshen-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(o.dir) //nolint:errcheck // a temporary folder
	}
	if err := os.RemoveAll(filepath.Join(o.dir, "run")); err != nil {
		return err
	}
	if o.program == "" {
		o.program = filepath.Join(o.dir, "lianshen")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", o.program, "./cmd/lianshen").CombinedOutput(); err != nil {
			return fmt.Errorf("build: %w: %s", err, out)
		}
	}
	began := time.Now()
	note("ledgers of %v findings on %v in %s", o.sizes, o.engines, o.dir)
	bases, err := prepare(ctx, o.dir, o.engines, o.sizes)
	if err != nil {
		return err
	}
	note("ledgers are ready after %s", time.Since(began).Round(time.Second))
	r, err := measure(ctx, o, bases)
	if err != nil {
		return err
	}
	r.print(os.Stdout)
	note("done after %s", time.Since(began).Round(time.Second))
	return nil
}

// serveBare serves the table without a program around it.
func serveBare(ctx context.Context, addr string) error {
	server := &http.Server{Addr: addr, Handler: web.Limit(fullPage), ReadHeaderTimeout: patience}
	go func() {
		<-ctx.Done()
		_ = server.Close() // nobody is served any more
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
