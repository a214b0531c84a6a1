package main

import (
	"context"
	"errors"
	"fmt"

	"lianshen/internal/config"
	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// Exit codes, as "lianshen --help" lists them.
const (
	exitOK          = 0
	exitRefused     = 1 // refused by a rule, or a check failed
	exitUsage       = 2 // the command line or the configuration is wrong
	exitUnreachable = 3 // the database is not there or does not answer
	exitAddress     = 4 // the address to listen on is taken
)

// A trouble ends a command: a wording for the person and a code for the shell.
type trouble struct {
	code  int
	key   string
	args  []any
	cause error
}

func (t trouble) Error() string {
	if t.cause != nil {
		return fmt.Sprintf("%s: %v", t.key, t.cause)
	}
	return t.key
}

func (t trouble) Unwrap() error { return t.cause }

func refused(key string, args ...any) trouble {
	return trouble{code: exitRefused, key: key, args: args}
}

func misused(key string, args ...any) trouble { return trouble{code: exitUsage, key: key, args: args} }

func (t trouble) because(err error) trouble { t.cause = err; return t }

// errSaid ends a command whose output has already said what the matter is.
var errSaid = errors.New("said")

// explain tells the person what went wrong and returns the exit code.
func (a *app) explain(err error) int {
	var t trouble
	var place config.PlaceError
	var setting config.Fault
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSaid):
		return exitRefused
	case errors.As(err, &t):
		fmt.Fprintln(a.err, a.say("cli.error", a.say(t.key, t.args...)))
		if t.cause != nil {
			fmt.Fprintln(a.err, indent(a.cause(t.cause)))
		}
		return t.code
	case errors.As(err, &place), errors.As(err, &setting):
		fmt.Fprintln(a.err, a.say("cli.error", err.Error()))
		return exitUsage
	default:
		fmt.Fprintln(a.err, a.say("cli.error", a.cause(err)))
		return exitRefused
	}
}

// coded is a refusal of any package.
type coded interface {
	Refusal() (code string, args []any)
}

// cause words what has words; the rest is for whoever keeps the program running.
func (a *app) cause(err error) string {
	var no ledger.Refusal
	var other coded
	switch {
	case errors.As(err, &no) && lang.Has(no.Code):
		return a.say(no.Code, no.Args...)
	case errors.As(err, &other):
		if code, args := other.Refusal(); lang.Has(code) {
			return a.say(code, args...)
		}
	case errors.Is(err, supervise.ErrForbidden):
		return a.say("error.403.text")
	case errors.Is(err, store.ErrNotFound):
		return a.say("error.404.text")
	case errors.Is(err, context.Canceled):
		return a.say("cli.interrupted")
	}
	return err.Error()
}
