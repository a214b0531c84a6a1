package static

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The oldest browser of the offices is Chromium 86. These are what it lacks and a style sheet or script easily picks up.
var (
	newerCSS = regexp.MustCompile(`color-mix\(|oklch\(|oklab\(|light-dark\(|:has\(|:is\(|:where\(|@layer|@container|@scope|@property|[\d.](dvh|svh|lvh|dvw|cqw)\b|:not\([^()]*,|text-wrap:|:user-valid|:user-invalid|\btranslate:|\bscale:|\brotate:|@media[^{]*[<>]=`)
	newerJS  = regexp.MustCompile(`\.at\(|structuredClone|\.replaceAll\(|\.findLast|Object\.hasOwn|Object\.groupBy|\.toSorted|\.toReversed|\.toSpliced|\.with\(|\|\|=|&&=|\?\?=|Promise\.any|AggregateError|WeakRef|static\s*\{|\s#\w+\s*[=(;]|import\s|export\s|await\s+import|\d_\d|AbortSignal\.timeout|\.replaceChildren|Intl\.(Segmenter|ListFormat)|:has\(|:is\(|:where\(|:not\([^()]*,|showPicker|\binert\b|popover`)
	unsafeJS = regexp.MustCompile(`\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setAttribute\('(style|on)|\.style\.cssText|localStorage`)
)

func ours(t *testing.T, ext string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(files, "own", func(name string, d fs.DirEntry, err error) error {
		if err == nil && path.Ext(name) == ext {
			body, err := files.ReadFile(name)
			found[name] = stripComments(string(body))
			return err
		}
		return err
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("no own %s files: %v", ext, err)
	}
	return found
}

var blockComment = regexp.MustCompile(`(?s)/\*.*?\*/`)

func stripComments(text string) string { return blockComment.ReplaceAllString(text, "") }

func TestStylesKeepToTheBrowserFloor(t *testing.T) {
	for name, css := range ours(t, ".css") {
		for _, bad := range newerCSS.FindAllString(css, -1) {
			t.Errorf("%s: %q is newer than Chromium 86", name, bad)
		}
		if at := nested(css); at != "" {
			t.Errorf("%s: nested rule near %q", name, at)
		}
	}
}

// nested finds a style rule inside a style rule; inside @media, @supports, @page and @keyframes one level is usual.
func nested(css string) string {
	depth, start := 0, 0
	inAt := []bool{}
	for i, c := range css {
		switch c {
		case '{':
			head := strings.TrimSpace(css[start:i])
			if depth > 0 && !inAt[depth-1] {
				return head
			}
			inAt = append(inAt, strings.HasPrefix(head, "@"))
			depth, start = depth+1, i+1
		case '}':
			depth--
			inAt, start = inAt[:depth], i+1
		case ';':
			start = i + 1
		}
	}
	return ""
}

func TestScriptsKeepToTheBrowserFloor(t *testing.T) {
	for name, js := range ours(t, ".js") {
		for _, bad := range newerJS.FindAllString(js, -1) {
			t.Errorf("%s: %q is newer than Chromium 86", name, bad)
		}
		for _, bad := range unsafeJS.FindAllString(js, -1) {
			t.Errorf("%s: %q does not go with the content security policy or leaves case text on a shared computer", name, bad)
		}
	}
}

func TestFloorChecksSeeMistakes(t *testing.T) {
	for _, css := range []string{"a{color:color-mix(in srgb,red,blue)}", "a:not(.b,.c){}", ".x{height:100dvh}", "@media (width >= 600px){}"} {
		if !newerCSS.MatchString(css) {
			t.Errorf("let through: %s", css)
		}
	}
	if nested(".a{color:red;.b{color:blue}}") == "" || nested("@media print{.a{color:red}}") != "" {
		t.Error("the search for nesting is wrong")
	}
	for _, js := range []string{"x.at(-1)", "a ||= 2", "s.replaceAll('a','b')", "structuredClone(x)"} {
		if !newerJS.MatchString(js) {
			t.Errorf("let through: %s", js)
		}
	}
}

// Contrast, by the formula of WCAG 2.2.
func TestContrastOfTokens(t *testing.T) {
	tokens := ours(t, ".css")["own/tokens.css"]
	light := colours(block(t, tokens, ":root{"))
	dark := map[string]string{}
	for k, v := range light {
		dark[k] = v
	}
	for k, v := range colours(block(t, tokens, "[data-bs-theme=dark]{")) {
		dark[k] = v
	}
	for theme, c := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, p := range pairs() {
			got := contrast(t, c, p.ink, p.ground)
			if got < p.least {
				t.Errorf("%s: %s on %s is %.2f:1, needs %.1f:1", theme, p.ink, p.ground, got, p.least)
			}
		}
	}
}

type pair struct {
	ink, ground string
	least       float64
}

// pairs lists which ink stands on which ground in the pages: 4.5 for text, 3 for graphics and borders of controls.
func pairs() []pair {
	var all []pair
	for _, ink := range []string{"ink", "ink-2", "ink-3", "accent"} {
		for _, ground := range []string{"bg", "surface", "surface-2", "surface-3"} {
			all = append(all, pair{ink, ground, 4.5})
		}
	}
	for _, hue := range []string{"red", "amb", "grn", "blu", "vio", "gry"} {
		all = append(all,
			pair{hue + "-i", hue + "-f", 4.5}, pair{hue + "-i", "surface", 4.5}, pair{hue + "-i", "surface-2", 4.5},
			pair{hue + "-s", "surface", 3})
	}
	return append(all,
		pair{"accent", "accent-soft", 4.5}, pair{"on-accent", "accent", 4.5}, pair{"on-accent", "accent-h", 4.5},
		pair{"chrome-ink", "chrome", 4.5}, pair{"chrome-ink-2", "chrome", 4.5}, pair{"chrome-ink-2", "chrome-2", 4.5},
		pair{"ink", "mark", 4.5}, pair{"amb-i", "mark", 4.5}, pair{"ctl-line", "surface", 3}, pair{"focus", "surface", 3})
}

func block(t *testing.T, css, head string) string {
	t.Helper()
	start := strings.Index(css, head)
	if start < 0 {
		t.Fatalf("tokens.css has no %s", head)
	}
	end := strings.Index(css[start:], "}")
	return css[start : start+end]
}

var colour = regexp.MustCompile(`--([\w-]+):#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b`)

func colours(css string) map[string]string {
	found := map[string]string{}
	for _, m := range colour.FindAllStringSubmatch(css, -1) {
		hex := m[2]
		if len(hex) == 3 {
			hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
		}
		found[m[1]] = hex
	}
	return found
}

func contrast(t *testing.T, c map[string]string, ink, ground string) float64 {
	t.Helper()
	if c[ink] == "" || c[ground] == "" {
		t.Fatalf("no colour %s or %s", ink, ground)
	}
	a, b := luminance(c[ink]), luminance(c[ground])
	return (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05)
}

func luminance(hex string) float64 {
	n, _ := strconv.ParseUint(hex, 16, 32)
	channel := func(shift uint) float64 {
		v := float64(n>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
