// Package lang holds the wording of the interface in Chinese and English, and the forms of dates, numbers and rates.
// It does not decide what is said: other packages speak in keys and codes, and know no sentence.
package lang

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Tag names a language of the interface as BCP 47 does.
type Tag string

// The languages there are. Chinese is the default: it is what the offices work in.
const (
	ZH Tag = "zh-CN"
	EN Tag = "en"
)

// Tags lists the languages in the order the language switch offers them.
var Tags = []Tag{ZH, EN}

//go:embed catalog/*/*.json
var files embed.FS

// wording maps language and key to the text. A broken catalogue is a fault of the build, so it panics at first use.
var wording = sync.OnceValue(func() map[Tag]map[string]string {
	all := map[Tag]map[string]string{}
	for _, l := range Tags {
		words, err := load(files, l)
		if err != nil {
			panic(err)
		}
		all[l] = words
	}
	return all
})

// load reads the catalogue files of one language into one flat map. The same key in two files is an error:
// which one wins would depend on file order.
func load(from fs.FS, l Tag) (map[string]string, error) {
	names, err := fs.Glob(from, path.Join("catalog", string(l), "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list the %s catalogue: %w", l, err)
	}
	words := map[string]string{}
	for _, name := range names {
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		var slice map[string]string
		if err := json.Unmarshal(text, &slice); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for key, word := range slice {
			if _, twice := words[key]; twice {
				return nil, fmt.Errorf("read %s: key %q is already in another file", name, key)
			}
			words[key] = word
		}
	}
	return words, nil
}

// Say words key in language l; {0}, {1}, … in the wording are replaced by args. Where the first argument is the number 1
// and the catalogue has key+".one", that form is used, which is how English says "1 finding". An unknown key comes back
// as ⟦key⟧, so that it is seen on the page and found by tests.
func Say(l Tag, key string, args ...any) string {
	words := wording()[l]
	if words == nil {
		words = wording()[ZH]
	}
	text, known := words[key]
	if !known {
		return "⟦" + key + "⟧"
	}
	if len(args) == 0 {
		return text
	}
	if one, has := words[key+".one"]; has && plain(l, args[0]) == "1" {
		text = one
	}
	return fill(l, text, args)
}

// Has reports whether key is worded. Codes that come from outside (a file, a plug-in) are asked for with it.
func Has(key string) bool {
	_, known := wording()[ZH][key]
	return known
}

// fill replaces {n} by the n-th argument. A number without an argument stays, so that the mistake shows.
func fill(l Tag, text string, args []any) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		n, err := strconv.Atoi(text[open+1 : open+end])
		if err != nil || n < 0 || n >= len(args) { // a brace of the text: {{/{0}}} shows a field of a template
			b.WriteString(text[:open+1])
			text = text[open+1:]
			continue
		}
		b.WriteString(text[:open])
		b.WriteString(plain(l, args[n]))
		text = text[open+end+1:]
	}
	b.WriteString(text)
	return b.String()
}

// A Bilingual argument is a name that comes in both languages, such as that of a party. In takes a Tag.
type Bilingual interface{ In(tag string) string }

// A Worded argument is a sentence within a sentence: the reason within a refusal.
type Worded interface {
	Wording() (key string, args []any)
}

// plain writes an argument; the two usual kinds without the cost of fmt, as a page asks for hundreds.
func plain(l Tag, arg any) string {
	switch arg := arg.(type) {
	case Bilingual:
		return arg.In(string(l))
	case Worded:
		key, args := arg.Wording()
		return Say(l, key, args...)
	case string:
		return arg
	case int:
		return strconv.Itoa(arg)
	}
	return fmt.Sprint(arg)
}

type contextKey struct{}

// With returns a context whose pages speak l.
func With(ctx context.Context, l Tag) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// From returns the language of ctx, Chinese if none was set.
func From(ctx context.Context) Tag {
	if l, ok := ctx.Value(contextKey{}).(Tag); ok {
		return l
	}
	return ZH
}

// T words key in the language of ctx; see Say.
func T(ctx context.Context, key string, args ...any) string {
	return Say(From(ctx), key, args...)
}

// Parse finds the language in a cookie value ("en") or in an Accept-Language header ("en-GB,en;q=0.8,zh;q=0.5").
// Quality values are honoured; what names no language of ours counts as Chinese.
func Parse(header string) Tag {
	best, quality := ZH, 0.0
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		l, ours := match(name)
		if q := qualityOf(params); ours && q > quality {
			best, quality = l, q
		}
	}
	return best
}

// match maps a language range to the language we have for it; every Chinese is served by zh-CN.
func match(name string) (Tag, bool) {
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(name)), "-")
	switch base {
	case "zh":
		return ZH, true
	case "en":
		return EN, true
	}
	return "", false
}

func qualityOf(params string) float64 {
	value, found := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0
	}
	return q
}
