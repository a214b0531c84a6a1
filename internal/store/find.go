package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"lianshen/internal/phrase"
	"lianshen/internal/policy"
)

// A Question is what somebody looks for. Empty filters look everywhere.
type Question struct {
	Text         string
	Kind         PassageKind // FindingPassage asks for the drafts too of whoever may read them
	Round        int
	Organisation string
	Before       int64 // the last Serial of the page before; 0 for the first page
	Limit        int
}

// A Passage is a text that holds what was asked for.
type Passage struct {
	Serial                  int64
	Kind                    PassageKind
	ID, Finding, Submission string
	Round                   int
	Organisation, Party     string
	Head, Body              string
	SHA256                  string // of a file
	Sent                    bool
}

// Evidence returns the identity of the piece of evidence the passage is of.
func (p Passage) Evidence() string { return strings.TrimPrefix(p.ID, p.Finding+":") }

const passageColumns = "x.serial, x.kind, x.id, x.finding, x.submission, x.round, x.organisation, x.party, x.head, x.body, x.sha256, x.sent = 1"

func scanPassage(rows *sql.Rows) (p Passage, err error) {
	return p, rows.Scan(&p.Serial, &p.Kind, &p.ID, &p.Finding, &p.Submission, &p.Round, &p.Organisation, &p.Party, &p.Head, &p.Body, &p.SHA256, &p.Sent)
}

// Passages returns the passages of the kind that hold every word, newest first, at
// most Limit, and whether there are more. Those that Exact finds are not left out.
func (r Reader) Passages(ctx context.Context, scope policy.Scope, q Question) (list []Passage, more bool, err error) {
	terms := phrase.Terms(q.Text)
	if len(terms) == 0 {
		return nil, false, nil
	}
	from, cond, order := r.d.search.hits()
	kind := readAs(scope, q.Kind)
	asked := phrase.Asked(terms)
	w := &where{}
	w.and(cond, r.d.search.query(narrowed(asked, scope, q, kind), nil))
	w.passages(scope, kind)
	w.holds(r.d, asked, terms)
	w.of(q)
	if q.Before > 0 {
		w.and(order+" < ?", q.Before)
	}
	w.args = append(w.args, q.Limit+1)
	rows, err := r.q.QueryContext(ctx, fmt.Sprintf("select %s from %s %s order by %s desc limit $%d", passageColumns, from, w, order, len(w.args)), w.args...)
	if list, err = all(rows, err, scanPassage); err != nil {
		return nil, false, fmt.Errorf("search %s: %w", q.Kind, err)
	}
	if len(list) > q.Limit {
		return list[:q.Limit], true, nil
	}
	return list, false, nil
}

// Exact returns the passages of the kind whose number is the text, whatever brackets
// and spaces it is written with: newest first.
func (r Reader) Exact(ctx context.Context, scope policy.Scope, q Question) ([]Passage, error) {
	number := phrase.Fold(q.Text)
	if number == "" {
		return nil, nil
	}
	w := &where{}
	w.and("x.number = ? and x.number <> ''", number)
	w.passages(scope, readAs(scope, q.Kind))
	w.of(q)
	w.args = append(w.args, q.Limit)
	rows, err := r.q.QueryContext(ctx, fmt.Sprintf("select %s from passage x %s order by x.serial desc limit $%d", passageColumns, w, len(w.args)), w.args...)
	list, err := all(rows, err, scanPassage)
	if err != nil {
		return nil, fmt.Errorf("look up the number %q: %w", q.Text, err)
	}
	return list, nil
}

// readAs is the kind under which the reader finds findings.
func readAs(scope policy.Scope, kind PassageKind) PassageKind {
	if kind == FindingPassage && scope.Drafts {
		return DraftPassage
	}
	return kind
}

// of adds the filters of the question.
func (w *where) of(q Question) {
	if q.Round != 0 {
		w.and("x.round = ?", q.Round)
	}
	if q.Organisation != "" {
		w.and("x.organisation = ?", q.Organisation)
	}
}

// holds adds what the index cannot say: that the grams follow one another. A question
// of one gram it has answered already.
func (w *where) holds(d dialect, asked []string, terms []string) {
	if len(asked) == 1 && len(terms) == 1 && answered(asked[0], terms[0]) {
		return
	}
	for _, t := range terms {
		w.and(d.search.contains("x.folded"), t)
	}
}

// answered reports whether the gram is the whole term.
func answered(gram, term string) bool { return strings.Trim(term, " ") == gram }

// narrowed adds the marks of what the scope and the filters leave.
func narrowed(asked []string, scope policy.Scope, q Question, kinds ...PassageKind) []string {
	out := append([]string{}, asked...)
	add := func(field, value string) { out = append(out, markOf(field, value)) }
	if len(kinds) == 1 {
		add("k", string(kinds[0]))
	}
	if q.Round != 0 {
		add("r", fmt.Sprint(q.Round))
	}
	switch {
	case scope.Organisation != "":
		add("o", scope.Organisation)
	case q.Organisation != "":
		add("o", q.Organisation)
	case !scope.All && scope.Team != "":
		add("t", scope.Team)
	}
	return out
}

// search adds the text to the filter of a ledger: words that all occur in what the
// actor may read of the finding, be it its feedback or what was sent on it.
func (f Filter) search(w *where, d dialect, scope policy.Scope) {
	if strings.TrimSpace(f.Text) == "" {
		return
	}
	terms := phrase.Terms(f.Text)
	if len(terms) == 0 {
		w.and("1 = 0") // only signs that are not indexed
		return
	}
	kinds := []PassageKind{FindingPassage, ReportPassage}
	if scope.Drafts {
		kinds = []PassageKind{DraftPassage}
	}
	var marks []string
	for _, k := range kinds {
		marks = append(marks, markOf("k", string(k)))
	}
	from, cond, _ := d.search.hits()
	asked := phrase.Asked(terms)
	in := &where{args: w.args}
	in.and(cond, d.search.query(narrowed(asked, scope, Question{Round: f.Round, Organisation: f.Organisation}), marks))
	in.holds(d, asked, terms)
	w.args = in.args
	w.and("id in (select x.finding from " + from + " " + in.String() + ")")
}
