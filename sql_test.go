package lianshen

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What one of the two engines does not read, or reads otherwise; see docs/sql.md.
var notPortable = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\bnow\(\)`, `\bcurrent_(date|time|timestamp)\b`, `\brandom\(\)`, `\bnextval\b`,
	`\bilike\b`, `= *any *\(`, `::[a-z]`, `\bfor update\b`, `\bskip locked\b`,
	`\bdate_trunc\b`, `\bextract *\(`, `\bto_char\b`, `\bstrftime\b`, `\bdatetime *\(`, `\bjulianday\b`,
	`\bgreatest *\(`, `\bleast *\(`, `\bdistinct on\b`, `\blateral\b`, `->>?`,
	`\binsert or (replace|ignore)\b`, `\bglob\b`, `\bifnull\b`, `\browid\b`,
	`\bautoincrement\b`, `\bserial +primary\b`, `\bselect \*`, `\boffset \$?\d`,
	`\b(timestamp|timestamptz|datetime|boolean|numeric|decimal|real|jsonb|blob|bytea)\b`,
}, "|"))

var looksLikeSQL = regexp.MustCompile(`(?is)^\s*(select|insert|update|delete|with|create|alter|drop)\b.*\b(from|into|set|as|table|index|view)\b`)

// The homes of what differs between the engines, and a build that is broken on purpose.
var dialectFiles = []string{"internal/store/dialect.go", "internal/store/search.go", "internal/store/unique_broken.go"}

func TestQueriesAreReadAlikeByBothEngines(t *testing.T) {
	for _, s := range sources(t) {
		if !within(s.dir, "internal/store") || within(s.dir, "internal/store/storetest") || slices.Contains(dialectFiles, s.path) {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, _ := strconv.Unquote(lit.Value) // the parser has accepted it
			if word := notPortable.FindString(text); word != "" && looksLikeSQL.MatchString(text) {
				t.Errorf("%s: %q is not in the part of SQL that both engines read alike; see docs/sql.md", s.set.Position(lit.Pos()), word)
			}
			return true
		})
	}
}

func TestMigrationsAreReadAlikeByBothEngines(t *testing.T) {
	comment := regexp.MustCompile(`--.*`)
	for _, name := range tracked(t, ".sql", ".go") {
		if path.Base(path.Dir(name)) != "migrations" {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if word := notPortable.FindString(comment.ReplaceAllString(line, "")); word != "" {
				t.Errorf("%s:%d: %q is not in the part of SQL that both engines read alike; see docs/sql.md", name, i+1, word)
			}
		}
	}
}

func TestPortableSQLCheckFindsWhatItMust(t *testing.T) {
	for _, query := range []string{
		"select id from finding where due < now()",
		"select count(*)::bigint from finding",
		"select state from finding where id = any($1)",
		"select id from finding order by id limit 50 offset $2",
		"insert or replace into setting (name, value) values ($1, $2)",
		"create table finding (at timestamp not null)",
	} {
		if !looksLikeSQL.MatchString(query) || !notPortable.MatchString(query) {
			t.Errorf("not found in %q", query)
		}
	}
	for _, query := range []string{
		"select id, due from finding where (due, id) > ($1, $2) order by due, id limit $3",
		"update trail_head set one = 1 returning size, edge",
		"insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value",
	} {
		if word := notPortable.FindString(query); word != "" {
			t.Errorf("%q refused in %q", word, query)
		}
	}
}
