package web

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// A form reads the fields of a posted page and collects what is wrong with them.
type form struct {
	r        *http.Request
	problems map[string]string // field -> wording
}

func readForm(r *http.Request) (*form, error) {
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %w", errBadRequest, err)
	}
	return &form{r: r, problems: map[string]string{}}, nil
}

// text returns a field, trimmed, with line ends as \n.
func (f *form) text(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(f.r.PostForm.Get(name), "\r\n", "\n"))
}

// list returns all values of a field that occurs several times.
func (f *form) list(name string) []string { return f.r.PostForm[name] }

func (f *form) checked(name string) bool { return f.r.PostForm.Get(name) != "" }

// date reads a date; an empty field is the zero date.
func (f *form) date(name string) workday.Date {
	text := f.text(name)
	if text == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(text)
	if err != nil {
		f.wrong(name, "form.date", text)
	}
	return d
}

func (f *form) number(name string) int {
	n, err := strconv.Atoi(f.text(name))
	if err != nil {
		f.wrong(name, "form.number", f.text(name))
	}
	return n
}

// wrong notes a problem of a field, worded in the reader's language.
func (f *form) wrong(name, code string, args ...any) {
	if _, already := f.problems[name]; !already {
		f.problems[name] = lang.T(f.r.Context(), code, args...)
	}
}

// order makes an order of the act with what the page had seen: the hidden fields
// "seen" (version) and "key" (idempotency).
func (f *form) order(act ledger.Act) supervise.Order {
	seen, err := strconv.ParseInt(f.text("seen"), 10, 64)
	if err != nil {
		seen = 0
	}
	return supervise.Order{Act: act, Seen: seen, Key: f.text("key")}
}

// newKey returns an idempotency key for a form.
func newKey() string { return uuid.NewString() }

// refusedAt puts a refusal beside the field it speaks of and reports whether it
// was one; other errors are for fail.
func (f *form) refusedAt(name string, err error) bool {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	f.wrong(name, refusal.Code, refusal.Args...)
	return true
}

// conflict returns the record as somebody else left it, if that is the error.
func conflict(err error) (ledger.State, bool) {
	var stale store.StaleError
	if errors.As(err, &stale) {
		return stale.Current, true
	}
	return nil, false
}
