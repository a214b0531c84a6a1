package store

import (
	"context"
	"strings"
	"unicode/utf8"
)

// A searcher is an engine's index over the passages. It is asked for candidates: the
// folded text of a passage decides whether it is a hit, so both engines answer alike.
type searcher interface {
	put(ctx context.Context, tx *Tx, serial int64, grams []string, replace bool) error
	drop(ctx context.Context, tx *Tx, serial int64) error
	// hits returns what to read passages x from, newest first without a list of all
	// candidates where the engine can: tables, the condition with the place of the
	// query, and the column to order by.
	hits() (from, cond, order string)
	query(asked, anyOf []string) string
	// contains is the condition that the column holds the text of its place.
	contains(column string) string
}

// Marks are grams that no text has: what a passage belongs to. They let the index
// leave out early what the scope or a filter would leave out anyway.
const markSign = "§"

func markOf(field, value string) string {
	var b strings.Builder
	b.WriteString(markSign + field)
	for _, r := range strings.ToLower(value) {
		if r >= utf8.RuneSelf || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			b.WriteString("·")
		}
	}
	return b.String()
}

// fts5 is the index of SQLite. Its tokenizer "ascii" takes every sign beyond ASCII
// for part of a word, as this package has already said where words end.
type fts5 struct{}

func (x fts5) put(ctx context.Context, tx *Tx, serial int64, grams []string, replace bool) error {
	if replace {
		if err := x.drop(ctx, tx, serial); err != nil {
			return err
		}
	}
	return tx.exec(ctx, `insert into passage_search (rowid, grams) values ($1, $2)`, serial, strings.Join(grams, " "))
}

func (fts5) drop(ctx context.Context, tx *Tx, serial int64) error {
	return tx.exec(ctx, `delete from passage_search where rowid = $1`, serial)
}

func (fts5) hits() (from, cond, order string) {
	return "passage_search s cross join passage x on x.serial = s.rowid", "s.passage_search match ?", "s.rowid"
}

func (fts5) query(asked, anyOf []string) string {
	// Grams hold letters, digits and marks only: nothing can leave the quotes.
	parts := make([]string, 0, len(asked)+1)
	for _, g := range asked {
		parts = append(parts, `"`+g+`"`)
	}
	if len(anyOf) > 0 {
		parts = append(parts, `("`+strings.Join(anyOf, `" OR "`)+`")`)
	}
	return strings.Join(parts, " AND ")
}

func (fts5) contains(column string) string { return "instr(" + column + ", ?) > 0" }

// tsvector is the index of PostgreSQL. Vector and query are written as literals:
// its own parser would take "jx-000123" for a negative number.
type tsvector struct{}

func (tsvector) put(ctx context.Context, tx *Tx, serial int64, grams []string, _ bool) error {
	return tx.exec(ctx, `
		insert into passage_search (serial, grams) values ($1, cast($2 as tsvector))
		on conflict (serial) do update set grams = excluded.grams`, serial, "'"+strings.Join(grams, "' '")+"'")
}

func (tsvector) drop(ctx context.Context, tx *Tx, serial int64) error {
	return tx.exec(ctx, `delete from passage_search where serial = $1`, serial)
}

func (tsvector) hits() (from, cond, order string) {
	return "passage_search s join passage x on x.serial = s.serial", "s.grams @@ cast(? as tsquery)", "s.serial"
}

func (tsvector) query(asked, anyOf []string) string {
	parts := make([]string, 0, len(asked)+1)
	for _, g := range asked {
		parts = append(parts, "'"+g+"'")
	}
	if len(anyOf) > 0 {
		parts = append(parts, "('"+strings.Join(anyOf, "' | '")+"')")
	}
	return strings.Join(parts, " & ")
}

func (tsvector) contains(column string) string { return "strpos(" + column + ", ?) > 0" }
