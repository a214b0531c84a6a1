package ui

import (
	"bytes"
	"context"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"lianshen/internal/lang"
	"lianshen/internal/web/static"
)

var update = flag.Bool("update", false, "rewrite the golden files from what the components render now")

func render(t *testing.T, s Story, l lang.Tag) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Component.Render(lang.With(context.Background(), l), &b); err != nil {
		t.Fatalf("render %s/%s: %v", s.Group, s.Name, err)
	}
	return b.String()
}

// assetHash is taken out of golden files: a change of a style sheet is not a change of the markup.
var assetHash = regexp.MustCompile(`(/assets/[\w.-]+?)\.[0-9a-f]{8}\.`)

func TestStoriesLookAsRecorded(t *testing.T) {
	for _, l := range lang.Tags {
		groups := map[string]*strings.Builder{}
		for _, s := range Stories() {
			if groups[s.Group] == nil {
				groups[s.Group] = &strings.Builder{}
			}
			page := assetHash.ReplaceAllString(render(t, s, l), "$1.HASH.")
			groups[s.Group].WriteString("<!-- " + s.Name + " -->\n" + strings.ReplaceAll(page, "><", ">\n<") + "\n")
		}
		for group, got := range groups {
			compareGolden(t, filepath.Join("testdata", "golden", group+"."+string(l)+".html"), got.String())
		}
	}
}

func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%v; run go test ./internal/web/ui -update and read the diff", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; run with -update and read the diff:\n%s", name, diff)
	}
}

func TestStoriesAreSoundHTML(t *testing.T) {
	for _, l := range lang.Tags {
		for _, s := range Stories() {
			name := string(l) + " " + s.Group + "/" + s.Name
			page := render(t, s, l)
			if strings.Contains(page, "⟦") {
				t.Errorf("%s: a wording is missing", name)
			}
			checkNesting(t, name, page)
			node, err := html.Parse(strings.NewReader(page))
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			checkTree(t, name, node, s.Whole)
		}
	}
}

// checkNesting finds end tags that close nothing and elements that are never closed, which a browser would repair silently.
func checkNesting(t *testing.T, name, page string) {
	t.Helper()
	var open []string
	for z := html.NewTokenizer(strings.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				t.Errorf("%s: not closed: %v", name, open)
			}
			return
		case html.StartTagToken:
			if tag, _ := z.TagName(); !void[string(tag)] {
				open = append(open, string(tag))
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(tag) {
				t.Errorf("%s: </%s> closes nothing; open are %v", name, tag, open)
				return
			}
			open = open[:len(open)-1]
		default: // text and comments nest nothing
		}
	}
}

var void = map[string]bool{"area": true, "br": true, "hr": true, "img": true, "input": true, "link": true, "meta": true}

type tree struct {
	ids    map[string]int
	refs   []string
	labels map[string]bool
	fields []string
	h1     int
}

func checkTree(t *testing.T, name string, node *html.Node, whole bool) {
	t.Helper()
	got := tree{ids: map[string]int{}, labels: map[string]bool{}}
	walk(t, name, node, &got)
	for id, n := range got.ids {
		if n > 1 {
			t.Errorf("%s: id %q stands %d times", name, id, n)
		}
	}
	for _, ref := range got.refs {
		if got.ids[ref] == 0 && (whole || !strings.HasPrefix(ref, "s")) {
			t.Errorf("%s: nothing has the id %q", name, ref)
		}
	}
	for _, id := range got.fields {
		if !got.labels[id] {
			t.Errorf("%s: control %q has no label", name, id)
		}
	}
	if whole && got.h1 != 1 && !strings.Contains(name, "bare") {
		t.Errorf("%s: %d h1", name, got.h1)
	}
}

func walk(t *testing.T, name string, n *html.Node, got *tree) {
	t.Helper()
	if n.Type == html.ElementNode {
		inspect(t, name, n, got)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(t, name, c, got)
	}
}

// inspect checks one element: no inline script or style, speaking pictures, named controls.
func inspect(t *testing.T, name string, n *html.Node, got *tree) {
	t.Helper()
	attr := map[string]string{}
	for _, a := range n.Attr {
		attr[a.Key] = a.Val
		if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") {
			t.Errorf("%s: <%s %s=…> breaks the content security policy", name, n.Data, a.Key)
		}
	}
	if id, has := attr["id"]; has {
		got.ids[id]++
	}
	for _, key := range []string{"aria-labelledby", "aria-describedby", "aria-controls"} {
		got.refs = append(got.refs, strings.Fields(attr[key])...)
	}
	if attr["role"] == "img" && attr["aria-label"] == "" {
		t.Errorf("%s: a picture without words", name)
	}
	switch n.Data {
	case "h1":
		got.h1++
	case "label":
		got.labels[attr["for"]] = true
	case "script":
		if attr["src"] == "" {
			t.Errorf("%s: inline script", name)
		}
	case "button", "a":
		if attr["aria-label"] == "" && strings.TrimSpace(words(n)) == "" {
			t.Errorf("%s: a <%s> says nothing", name, n.Data)
		}
	case "input", "textarea", "select":
		wrapped := attr["type"] == "radio" || attr["type"] == "checkbox" || attr["type"] == "hidden"
		if attr["aria-label"] == "" && !wrapped {
			got.fields = append(got.fields, attr["id"])
		}
	}
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	out := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out += words(c)
	}
	return out
}

func TestValuesAreEscaped(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	for _, s := range []Story{
		{Name: "chip", Component: Chip(Red, "clock", evil)},
		{Name: "seal", Component: SealMark(Seal{Mark: evil, Name: evil, Verdict: Pass}, "")},
		{Name: "input", Component: Input(Field{Name: "n", Label: evil, Value: evil, Problem: evil, Hint: evil})},
		{Name: "link", Component: Crumbs([]Link{{Href: evil, Label: evil}})},
		{Name: "tab", Component: Tabs(evil, []View{{Href: "javascript:alert(1)", Label: evil}})},
		{Name: "diff", Component: Diff([]DiffPart{{'+', evil}})},
		{Name: "stack", Component: StackBars(evil, []StackRow{{Label: evil, Segments: []Segment{{Green, 1, evil}}}})},
	} {
		page := render(t, s, lang.ZH)
		if strings.Contains(page, "<script") || strings.Contains(page, "javascript:") {
			t.Errorf("%s lets markup through: %s", s.Name, page)
		}
	}
}

func TestRateNeverStandsAlone(t *testing.T) {
	page := render(t, Story{Component: RateFigure(claimed())}, lang.ZH)
	for _, part := range []string{"88.6", "202", "228", "单位自报已完成的问题数 ÷ 反馈问题总数", "2026-03-18 14:30", `href="#claimed"`} {
		if !strings.Contains(page, part) {
			t.Errorf("the rate lacks %q", part)
		}
	}
}

func TestBarsNeverExceedTheirTotal(t *testing.T) {
	got := rects([]Segment{{Green, 60, ""}, {Amber, 70, ""}, {Red, 5, ""}}, 100)
	if len(got) != 2 || got[1].width != "40.00%" || got[1].x != "60.00%" {
		t.Errorf("%+v", got)
	}
	if rects([]Segment{{Green, 1, ""}}, 0) != nil {
		t.Error("a bar of nothing has a segment")
	}
}

func TestLightFor(t *testing.T) {
	for left, want := range map[int]string{-1: Overdue, 0: Today, 1: Soon, 10: Soon, 11: Far} {
		if kind, _ := LightFor(lang.ZH, left, 10); kind != want {
			t.Errorf("%d days left: got %s, want %s", left, kind, want)
		}
	}
}

func TestStoryBookServesPagesInBothLanguagesAndColours(t *testing.T) {
	for path, wants := range map[string][]string{
		StoryBookPath:                         {`lang="zh-CN"`, `data-bs-theme="light"`, "跳到正文"},
		StoryBookPath + "?lang=en&theme=dark": {`lang="en"`, `data-bs-theme="dark"`, "Skip to content"},
		StoryBookPath + "review?theme=dark":   {`data-bs-theme="dark"`, "逐条过堂"},
	} {
		w := httptest.NewRecorder()
		StoryBook().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		for _, want := range wants {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
	}
	w := httptest.NewRecorder()
	StoryBook().ServeHTTP(w, httptest.NewRequest(http.MethodGet, StoryBookPath+"nothing", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("an unknown page answers %d", w.Code)
	}
}

// A first visit fetches everything the head names and the icons; 110 kB is the budget of slow lines in the townships.
func TestFirstPageStaysWithinItsBudget(t *testing.T) {
	const budget, page = 110_000, 20_000
	sum := page
	head := render(t, Story{Component: Shell(storyPage(""), text("x"))}, lang.ZH)
	for _, name := range []string{
		"bootstrap-5.3.9.min.css", "tokens.css", "app.css", "pages.css", "htmx-2.0.11.min.js", "idiomorph-ext-0.8.0.min.js", "app.js", "icons.svg", "favicon.svg",
	} {
		if !strings.Contains(head, static.URL(name)) {
			t.Errorf("the page no longer fetches %s; mend this list", name)
		}
		sum += static.Size(name)
	}
	t.Logf("first page: %d bytes compressed, of which %d are allowed for the page itself", sum, page)
	if sum > budget {
		t.Errorf("first page is %d bytes compressed, the budget is %d", sum, budget)
	}
	if n := strings.Count(head, static.Prefix); n < 9 {
		t.Errorf("only %d assets in the head", n)
	}
}
