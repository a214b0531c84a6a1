// Package lianshen holds no program code; its tests hold the whole tree to the
// rules that a compiler does not know. They say nothing about behaviour.
package lianshen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ranks orders the packages of internal/ from the pure core outwards. A package
// may import only packages of a lower rank. Adding a package means adding a word
// here; adding a rank means saying why in a decision record.
var ranks = [][]string{
	{"clock", "workday", "trail", "lang", "phrase", "config", "opc", "web/static", "store/storetest/pg"},
	{"ledger/joint"},
	{"ledger/mechanism"},
	{"ledger", "ledger/mechanism/mechanismtest"},
	{"account", "rate", "blob", "extract", "pack", "printer"},
	{"policy", "blob/blobtest", "upload"},
	{"sheet/biff"},
	{"sheet", "paper"},
	{"store"},
	{"store/storetest", "supervise", "backup"},
	{"web/ui", "export"},
	{"web"},
	{"demo"},
}

// pure packages may not reach clock, chance, files, network or log by import:
// the same input must give the same output, in a test and in "verify".
var (
	pure   = []string{"workday", "trail", "lang", "phrase", "ledger/joint", "ledger/mechanism", "ledger", "policy", "rate"}
	impure = []string{"os", "net", "net/http", "database/sql", "math/rand", "math/rand/v2", "crypto/rand", "log", "log/slog", "lianshen/internal/clock"}
)

// homes names the only packages of internal/ that may import a library, so that
// replacing one means reading one package. A home covers what lies below it.
var homes = map[string][]string{
	"database/sql":                    {"store"},
	"github.com/jackc/pgx":            {"store"},
	"modernc.org/sqlite":              {"store"},
	"github.com/pressly/goose":        {"store"},
	"github.com/xuri/excelize":        {"sheet", "paper"},
	"github.com/a-h/templ":            {"web"},
	"github.com/danielgtaylor":        {"web"},
	"github.com/alexedwards":          {"account"},
	"github.com/klippa-app/go-pdfium": {"extract"},
	"github.com/tetratelabs/wazero":   {"extract"},
	"golang.org/x/image":              {"extract"},
	"github.com/alecthomas/kong":      {},
	"github.com/goccy/go-yaml":        {"ledger/mechanism", "config"},
	"golang.org/x/mod/sumdb/tlog":     {"trail"},
	"golang.org/x/mod/sumdb/note":     {"trail"},
	"github.com/rogpeppe/go-internal": {},
	"github.com/minio/minio-go":       {"blob"},
}

// Components take plain values: a page can be redrawn without knowing the field.
var componentImports = []string{"lang", "web/static"}

const longestFile = 500 // lines; beyond it a feature has outgrown its room

// A source is one Go file that is not a test; what templ generates counts too,
// for its imports are those of the page.
type source struct {
	path string // slash-separated, from the root of the module
	dir  string
	file *ast.File
	set  *token.FileSet
}

// sources reads the files itself rather than running "go list": the test cache
// then sees what the test depends on, and a stale "ok" is impossible.
func sources(t *testing.T) []source {
	t.Helper()
	var found []source
	for _, name := range tracked(t, ".go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, source{name, path.Dir(name), file, set})
	}
	return found
}

// tracked returns the project's files with one of the endings, without what
// builds leave behind (see .gitignore).
func tracked(t *testing.T, endings ...string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", ".tools", "bin", "tmp", "out", "node_modules", "vendor"}, d.Name()) {
			return filepath.SkipDir
		}
		if !d.IsDir() && slices.Contains(endings, path.Ext(d.Name())) {
			found = append(found, filepath.ToSlash(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatalf("no files with %v: the test looks in the wrong folder", endings)
	}
	return found
}

func rankOf() map[string]int {
	rank := map[string]int{}
	for i, names := range ranks {
		for _, name := range names {
			rank[name] = i
		}
	}
	return rank
}

func imports(s source) []string {
	var names []string
	for _, spec := range s.file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value) // the parser has accepted it
		names = append(names, name)
	}
	return names
}

func TestImportsPointInwards(t *testing.T) {
	rank := rankOf()
	for _, s := range sources(t) {
		pkg, inside := strings.CutPrefix(s.dir, "internal/")
		if !inside {
			continue
		}
		mine, known := rank[pkg]
		if !known {
			t.Errorf("%s: package %s has no rank; say in deps_test.go where it belongs", s.path, pkg)
			continue
		}
		for _, name := range imports(s) {
			if other, ours := strings.CutPrefix(name, "lianshen/internal/"); ours && rank[other] >= mine {
				t.Errorf("%s: %s may not import %s", s.path, pkg, other)
			}
		}
	}
}

// A word for a package that is gone would make room for another by that name.
func TestRanksNamePackagesThatExist(t *testing.T) {
	for name := range rankOf() {
		if _, err := os.Stat(filepath.Join("internal", filepath.FromSlash(name))); err != nil {
			t.Errorf("rank of %s: %v", name, err)
		}
	}
	for _, name := range pure {
		if _, known := rankOf()[name]; !known {
			t.Errorf("pure package %s has no rank", name)
		}
	}
}

func TestPureCoreImportsNothingImpure(t *testing.T) {
	for _, s := range sources(t) {
		pkg, _ := strings.CutPrefix(s.dir, "internal/")
		for _, name := range imports(s) {
			if slices.Contains(pure, pkg) && slices.Contains(impure, name) {
				t.Errorf("%s: %s is pure and may not import %q; take the value as an argument", s.path, pkg, name)
			}
		}
	}
}

func TestLibrariesStayInTheirHomes(t *testing.T) {
	for _, s := range sources(t) {
		pkg, inside := strings.CutPrefix(s.dir, "internal/")
		if !inside {
			continue // main packages wire things together
		}
		for _, name := range imports(s) {
			for library, allowed := range homes {
				if within(name, library) && !slices.ContainsFunc(allowed, func(home string) bool { return within(pkg, home) }) {
					t.Errorf("%s: only %v may import %q", s.path, allowed, name)
				}
			}
		}
	}
}

// within says whether name is parent or lies below it.
func within(name, parent string) bool {
	return name == parent || strings.HasPrefix(name, parent+"/")
}

func TestComponentsKnowNoDomainType(t *testing.T) {
	for _, s := range sources(t) {
		for _, name := range imports(s) {
			other, ours := strings.CutPrefix(name, "lianshen/internal/")
			if s.dir == "internal/web/ui" && ours && !slices.Contains(componentImports, other) {
				t.Errorf("%s: a component may import only %v of ours, not %s", s.path, componentImports, other)
			}
		}
	}
}

// A package says in its first sentences what it is for and what it leaves to others.
func TestEveryPackageSaysWhatItIsAndIsNot(t *testing.T) {
	docs := map[string]string{}
	for _, s := range sources(t) {
		docs[s.dir] += s.file.Doc.Text()
	}
	denial := regexp.MustCompile(`(?i)\b(not|never|no|none|nothing|neither|nor|without|only|cannot)\b`)
	for _, dir := range slices.Sorted(maps.Keys(docs)) {
		doc := docs[dir]
		switch {
		case doc == "":
			t.Errorf("%s: no package comment", dir)
		case !denial.MatchString(doc):
			t.Errorf("%s: the package comment does not say what the package does not do:\n%s", dir, doc)
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, name := range tracked(t, ".go", ".templ", ".mjs", ".sh", ".sql") {
		if strings.HasSuffix(name, "_templ.go") {
			continue
		}
		if n := strings.Count(read(t, name), "\n"); n > longestFile {
			t.Errorf("%s: %d lines, at most %d: split it by feature", name, n, longestFile)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// unfinished is spelled in halves so that this file does not find itself.
var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b|(?i)\b(not imple` + `mented|st` + `ub(bed)?)\b`)

func TestNothingIsLeftOpen(t *testing.T) {
	for _, name := range tracked(t, ".go", ".templ", ".mjs", ".js", ".css", ".sql", ".sh", ".md", ".json", ".yml") {
		if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, ".min.js") || strings.HasSuffix(name, ".min.css") {
			continue
		}
		for i, line := range strings.Split(read(t, name), "\n") {
			if word := unfinished.FindString(line); word != "" {
				t.Errorf("%s:%d: %q: finish it, or say it in an issue", name, i+1, word)
			}
		}
	}
}

// A figure that depends on the day must get the day as an argument. Only the
// clock itself, and main packages, which hand it out, read the wall clock.
func TestOnlyTheClockReadsTheTime(t *testing.T) {
	for _, s := range sources(t) {
		if s.dir == "internal/clock" || !strings.HasPrefix(s.dir, "internal/") {
			continue
		}
		calls(s, func(call, at string) {
			if slices.Contains([]string{"time.Now", "time.Since", "time.Until"}, call) {
				t.Errorf("%s: %s; take a clock or a time as an argument", at, call)
			}
		})
	}
}

// A test that may be skipped is a test that one day never runs.
func TestOnlyHelpersOfServicesSkip(t *testing.T) {
	for _, name := range tracked(t, ".go") {
		if strings.HasPrefix(name, "internal/store/storetest/") || strings.HasPrefix(name, "internal/blob/blobtest/") || name == "deps_test.go" {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		calls(source{name, path.Dir(name), file, set}, func(call, at string) {
			if slices.Contains([]string{"t.Skip", "t.Skipf", "t.SkipNow", "b.Skip", "tb.Skip"}, call) {
				t.Errorf("%s: %s: a test runs or fails", at, call)
			}
		})
	}
}

// calls reports every mention of a name in a package or value, "time.Now" say,
// whether it is called or handed on.
func calls(s source, report func(call, at string)) {
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				report(x.Name+"."+sel.Sel.Name, s.set.Position(sel.Pos()).String())
			}
		}
		return true
	})
}

// A lock file that names a host would bind every clone to that host.
func TestLockFilesNameNoHost(t *testing.T) {
	for _, name := range tracked(t, ".json") {
		if path.Base(name) == "package-lock.json" && strings.Contains(read(t, name), `"resolved"`) {
			t.Errorf("%s: write it with npm's omit-lockfile-registry-resolved", name)
		}
	}
}
