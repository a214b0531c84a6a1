package store

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"lianshen/internal/ledger"
)

// A searcher is an engine's text index over findings.
type searcher interface {
	put(ctx context.Context, tx *Tx, serial int64, grams []string, replace bool) error
	// match returns the condition on finding.serial and its argument.
	match(grams []string) (cond string, arg string)
	// newest returns what to read from, so that matches come by serial number
	// without a list of all of them being made: tables, condition with its
	// argument, and the column to order by. Findings are f.
	newest(grams []string) (from, cond, arg, order string)
}

// Grams splits a text into what is indexed: runs of Latin letters and digits as
// words, Chinese as overlapping pairs, so that 佐证 is found in 佐证材料 without
// a dictionary. Everything is folded to lower case; the rest separates.
func Grams(text string) []string {
	var grams []string
	var han []rune
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			grams = append(grams, word.String())
			word.Reset()
		}
		for i := 0; i+1 < len(han); i++ {
			grams = append(grams, string(han[i:i+2]))
		}
		if len(han) > 0 {
			grams = append(grams, string(han[len(han)-1:])) // the lone tail: one character can be asked for
		}
		han = han[:0]
	}
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.Is(unicode.Han, r):
			if word.Len() > 0 {
				flush()
			}
			han = append(han, r)
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			if len(han) > 0 {
				flush()
			}
			word.WriteRune(r)
		default:
			flush()
		}
	}
	flush()
	return grams
}

// queryGrams splits what somebody asks for: as Grams, without the lone tails of
// longer runs, which need not follow in the text.
func queryGrams(text string) []string {
	var grams []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.Is(unicode.Han, r) && (r >= 0x80 || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	}) {
		g := Grams(part)
		if n := len(g); n > 1 && len([]rune(g[n-1])) == 1 && unicode.Is(unicode.Han, []rune(g[n-1])[0]) {
			g = g[:n-1]
		}
		grams = append(grams, g...)
	}
	return grams
}

// single reports whether the gram is one Chinese character: it is asked for as
// the beginning of a pair.
func single(gram string) bool { return len(gram) > 1 && utf8.RuneCountInString(gram) == 1 }

// searchText is what a finding can be found by.
func searchText(f ledger.Finding) string {
	parts := append([]string{
		f.Number, f.Text, f.Class.Category, f.Class.Aspect, f.Plan.Leader, f.Plan.Section,
		f.Plan.Handler, f.Watch.Section, f.Watch.Person, f.Progress.Text,
	}, f.Manifestations...)
	for _, m := range f.Plan.Measures {
		parts = append(parts, m.Text)
	}
	for _, e := range f.Progress.Evidence {
		parts = append(parts, e.Name)
	}
	return strings.Join(parts, "\n")
}

// fts5 is the index of SQLite.
type fts5 struct{}

func (fts5) put(ctx context.Context, tx *Tx, serial int64, grams []string, replace bool) error {
	if replace {
		if err := tx.exec(ctx, `delete from finding_search where rowid = $1`, serial); err != nil {
			return err
		}
	}
	return tx.exec(ctx, `insert into finding_search (rowid, grams) values ($1, $2)`, serial, strings.Join(grams, " "))
}

func (x fts5) match(grams []string) (string, string) {
	return `serial in (select rowid from finding_search where finding_search match ?)`, x.query(grams)
}

func (x fts5) newest(grams []string) (from, cond, arg, order string) {
	return "finding_search s cross join finding f on f.serial = s.rowid", "s.finding_search match ?", x.query(grams), "s.rowid"
}

func (fts5) query(grams []string) string {
	// Grams holds letters, digits and Chinese only: nothing can leave the quotes.
	parts := make([]string, len(grams))
	for i, g := range grams {
		parts[i] = `"` + g + `"`
		if single(g) {
			parts[i] += "*"
		}
	}
	return strings.Join(parts, " ")
}

// tsvector is the index of PostgreSQL. Vector and query are written as literals:
// its own parser would take "jx-000123" for a negative number.
type tsvector struct{}

func (tsvector) put(ctx context.Context, tx *Tx, serial int64, grams []string, _ bool) error {
	seen := map[string]bool{}
	var b strings.Builder
	for _, g := range grams {
		if !seen[g] {
			seen[g] = true
			b.WriteString("'" + g + "' ")
		}
	}
	return tx.exec(ctx, `
		insert into finding_search (serial, grams) values ($1, cast($2 as tsvector))
		on conflict (serial) do update set grams = excluded.grams`, serial, b.String())
}

func (x tsvector) match(grams []string) (string, string) {
	return `serial in (select serial from finding_search where grams @@ cast(? as tsquery))`, x.query(grams)
}

func (x tsvector) newest(grams []string) (from, cond, arg, order string) {
	return "finding_search s join finding f on f.serial = s.serial", "s.grams @@ cast(? as tsquery)", x.query(grams), "s.serial"
}

func (tsvector) query(grams []string) string {
	parts := make([]string, len(grams))
	for i, g := range grams {
		parts[i] = "'" + g + "'"
		if single(g) {
			parts[i] += ":*"
		}
	}
	return strings.Join(parts, " & ")
}
