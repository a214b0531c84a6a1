package lang

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{\d+\}`)

func TestCataloguesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	zh, en := wording()[ZH], wording()[EN]
	for key, text := range zh {
		other, there := en[key]
		if !there {
			t.Errorf("en lacks %q", key)
			continue
		}
		if a, b := marks(text), marks(other); !slices.Equal(a, b) {
			t.Errorf("%q: placeholders %v in zh-CN, %v in en", key, a, b)
		}
	}
	for key := range en {
		plural := strings.TrimSuffix(key, ".one")
		if _, there := zh[key]; !there && (plural == key || zh[plural] == "") {
			t.Errorf("zh-CN lacks %q", key)
		}
	}
}

func marks(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestNoWordingIsEmptyOrUntrimmed(t *testing.T) {
	for _, l := range Tags {
		for key, text := range wording()[l] {
			if text == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s %q: %q", l, key, text)
			}
		}
	}
}

// A half-width mark after a Chinese character sits on the wrong side of its square; the file name and the key of a
// wording may contain one, the sentence may not. {0} counts as Chinese: a name mostly stands there.
var (
	halfWidth = regexp.MustCompile(`[一-龥}][,;:?()!]|[,;:?()!][一-龥]|[一-龥]\.($|[一-龥])`)
	fullWidth = regexp.MustCompile(`[，。；：？！（）、《》「」]`)
)

func TestPunctuationFitsTheLanguage(t *testing.T) {
	for key, text := range wording()[ZH] {
		if bad := halfWidth.FindString(text); bad != "" {
			t.Errorf("zh-CN %q: half-width mark at %q in %q", key, bad, text)
		}
	}
	for key, text := range wording()[EN] {
		if bad := fullWidth.FindString(text); bad != "" {
			t.Errorf("en %q: full-width mark %q in %q", key, bad, text)
		}
	}
}

func TestPunctuationRuleSeesMistakes(t *testing.T) {
	for _, text := range []string{"状态:未完成", "共{0}条,已选", "说明(必填)", "已保存."} {
		if !halfWidth.MatchString(text) {
			t.Errorf("%q was let through", text)
		}
	}
	for _, text := range []string{"状态：未完成", "Ctrl+K", "{0} / {1}", "不超过 1.5 MB"} {
		if halfWidth.MatchString(text) {
			t.Errorf("%q was refused", text)
		}
	}
}

// How source names wording: lang.T(ctx, "key"), Say(l, "key"), refuse("code"); a key built from a prefix and a value
// ("stage."+code) must have at least one wording with that prefix.
var (
	usesKey    = regexp.MustCompile(`\b(?:lang\.)?(?:T|Say)\(\s*[\w.()]+,\s*"([^"]+)"(\s*\+)?`)
	usesRefuse = regexp.MustCompile(`\brefuse\(\s*"([^"]+)"`)
	usesFlaw   = regexp.MustCompile(`"(mechanism\.[a-z_]+)"`) // of the checks of a mechanism
)

func TestEveryKeyInTheSourceIsWorded(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", "testdata", "node_modules"}, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !readsWording(path) {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen += checkKeys(t, path, string(source))
		return nil
	})
	if err != nil {
		t.Fatalf("walk the source: %v", err)
	}
	if seen == 0 {
		t.Error("no key was found in the source: the patterns no longer fit how wording is asked for")
	}
}

func readsWording(path string) bool {
	if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
		return false
	}
	return strings.HasSuffix(path, ".go") || strings.HasSuffix(path, ".templ")
}

// checkKeys reports the keys of one file that have no wording and returns how many keys it saw.
func checkKeys(t *testing.T, path, source string) int {
	t.Helper()
	seen := 0
	for _, m := range usesKey.FindAllStringSubmatch(source, -1) {
		seen++
		if key, built := m[1], m[2] != ""; !worded(key, built) {
			t.Errorf("%s: %q has no wording", path, key)
		}
	}
	if in := filepath.ToSlash(path); !strings.Contains(in, "internal/ledger") && !strings.Contains(in, "internal/account") {
		return seen
	}
	for _, m := range append(usesRefuse.FindAllStringSubmatch(source, -1), usesFlaw.FindAllStringSubmatch(source, -1)...) {
		seen++
		if !worded(m[1], false) {
			t.Errorf("%s: refusal %q has no wording", path, m[1])
		}
	}
	return seen
}

func worded(key string, prefix bool) bool {
	if !prefix {
		return Has(key)
	}
	for known := range wording()[ZH] {
		if strings.HasPrefix(known, key) {
			return true
		}
	}
	return false
}
