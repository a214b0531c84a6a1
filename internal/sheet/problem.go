package sheet

import (
	"fmt"
	"strings"
)

// Problem is one thing wrong at one place of a file. Code is a key of the
// catalogue; Args fill its {0}, {1} in order. Cell is "" when the whole sheet is meant.
type Problem struct {
	Sheet string   `json:"sheet"`
	Cell  string   `json:"cell"`
	Code  string   `json:"code"`
	Args  []string `json:"args,omitempty"`
}

// FileError refuses a file as a whole: nothing of it was read. Code is a key of
// the catalogue; Args fill its {0}, {1} in order.
type FileError struct {
	Code  string
	Args  []string
	cause error
}

// Error gives the code and its arguments for the log; users read the catalogue.
func (e *FileError) Error() string {
	s := e.Code
	if len(e.Args) > 0 {
		s += " (" + strings.Join(e.Args, "; ") + ")"
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the fault behind the refusal, if there is one.
func (e *FileError) Unwrap() error { return e.cause }

func refuse(code string, args ...any) *FileError {
	return &FileError{Code: code, Args: words(args)}
}

func refuseFor(cause error, code string, args ...any) *FileError {
	return &FileError{Code: code, Args: words(args), cause: cause}
}

func words(args []any) []string {
	if len(args) == 0 {
		return nil
	}
	out := make([]string, len(args))
	for i, a := range args {
		if s, ok := a.(string); ok {
			out[i] = clip(s)
			continue
		}
		out[i] = fmt.Sprint(a)
	}
	return out
}

// clip keeps a message readable when the cell it quotes is long.
func clip(s string) string {
	n := 0
	for i := range s {
		if n++; n > 60 {
			return s[:i] + "…"
		}
	}
	return s
}

// problemLog collects problems and notices up to a bound: a file with a million
// wrong cells must not become a million messages.
type problemLog struct {
	max      int
	problems []Problem
	notices  []Problem
	left     int
	seen     map[[3]string]bool
}

// problem reports a cell once for each reason, however often it is read: a merged
// cell belongs to several rows, a deadline to a finding and its measures.
func (l *problemLog) problem(sheet, cell, code string, args ...any) {
	key := [3]string{sheet, cell, code}
	if l.seen[key] {
		return
	}
	if l.seen == nil {
		l.seen = map[[3]string]bool{}
	}
	l.seen[key] = true
	if len(l.problems) >= l.max {
		l.left++
		return
	}
	l.problems = append(l.problems, Problem{sheet, cell, code, words(args)})
}

func (l *problemLog) notice(sheet, cell, code string, args ...any) {
	if len(l.notices) < l.max {
		l.notices = append(l.notices, Problem{sheet, cell, code, words(args)})
	}
}

// all returns the problems, the last one saying how many more there are.
func (l *problemLog) all() []Problem {
	if l.left == 0 {
		return l.problems
	}
	return append(l.problems, Problem{Code: codeMoreProblems, Args: words([]any{l.left})})
}

// put takes over a problem that was made elsewhere.
func (l *problemLog) put(p Problem) {
	args := make([]any, len(p.Args))
	for i, a := range p.Args {
		args[i] = a
	}
	l.problem(p.Sheet, p.Cell, p.Code, args...)
}
