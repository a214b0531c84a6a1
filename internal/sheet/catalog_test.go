package sheet

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A code without wording would reach the user as a bare key, and a wording
// without a code is never shown.
func TestEveryCodeHasItsWordingInBothLanguages(t *testing.T) {
	codes := codesInSource(t)
	chinese := catalogue(t, "zh-CN")
	english := catalogue(t, "en")
	for lang, words := range map[string]map[string]string{"zh-CN": chinese, "en": english} {
		if diff := cmp.Diff(codes, slices.Sorted(maps.Keys(words))); diff != "" {
			t.Errorf("%s: (-code +wording)\n%s", lang, diff)
		}
	}
	slot := regexp.MustCompile(`\{\d\}`)
	half := regexp.MustCompile(`\p{Han}[,;:!?()]|[,;:!?]\p{Han}`)
	for code, zh := range chinese {
		a, b := slot.FindAllString(zh, -1), slot.FindAllString(english[code], -1)
		slices.Sort(a)
		slices.Sort(b)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s: languages use different arguments\n%s", code, diff)
		}
		if half.MatchString(zh) {
			t.Errorf("%s: half-width punctuation: %s", code, zh)
		}
	}
}

func codesInSource(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			code, _ := strconv.Unquote(lit.Value)
			out = append(out, code)
		}
		return true
	})
	slices.Sort(out)
	return out
}

func catalogue(t *testing.T, lang string) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../lang/catalog/" + lang + "/import.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(data, &words); err != nil {
		t.Fatal(err)
	}
	return words
}
