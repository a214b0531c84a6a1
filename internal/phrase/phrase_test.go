package phrase_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"lianshen/internal/phrase"
)

func TestFoldedForm(t *testing.T) {
	for text, want := range map[string]string{
		"维教体发〔2025〕86号":        " 维教体发 2025 86 号 ",
		"ＡＢＣ１２　公务卡":            " abc12 公务卡 ",
		"Rectification, done.": " rectification done ",
		"。。“”":                 "",
		"":                     "",
		"款":                    " 款 ",
		"08-JT-001":            " 08 jt 001 ",
	} {
		if got := phrase.Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}

// units is a second reading of the same rule: characters and words one by one, a bar
// where two Chinese characters stand apart.
func units(text string) (list []string) {
	apart := false
	var word []rune
	end := func() {
		if len(word) > 0 {
			list = append(list, string(word))
			word = nil
		}
	}
	for _, r := range text {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch {
		case unicode.Is(unicode.Han, r):
			end()
			if apart && len(list) > 0 && isHan(list[len(list)-1]) {
				list = append(list, "|")
			}
			list = append(list, string(r))
			apart = false
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			word = append(word, unicode.ToLower(r))
			apart = false
		default:
			end()
			apart = true
		}
	}
	end()
	return list
}

func isHan(s string) bool { return s != "" && unicode.Is(unicode.Han, []rune(s)[0]) }

// Naive reports whether the text holds every part of the question, unit by unit.
func naive(text, question string) bool {
	have, asked := units(text), false
	for _, part := range strings.Fields(question) {
		want := units(part)
		if len(want) == 0 {
			continue
		}
		asked = true
		found := false
		for i := 0; i+len(want) <= len(have); i++ {
			found = found || slices.Equal(have[i:i+len(want)], want)
		}
		if !found {
			return false
		}
	}
	return asked
}

var anySign = rapid.SampledFrom([]rune("公务卡制度款12ab９Ａé。，〔〕 -\n"))

func TestHoldsAgreesWithANaiveReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(anySign, 0, 30).Draw(t, "text"))
		question := string(rapid.SliceOfN(anySign, 1, 6).Draw(t, "question"))
		terms := phrase.Terms(question)
		folded := phrase.Fold(text)
		got, want := phrase.Holds(folded, terms), naive(text, question)
		if got != want {
			t.Fatalf("%q in %q (%q in %q): %v, want %v", question, text, terms, folded, got, want)
		}
		if !got {
			return
		}
		grams := phrase.Grams(folded)
		for _, g := range phrase.Asked(terms) {
			if !slices.Contains(grams, g) {
				t.Fatalf("%q holds %q, but its grams lack %q", text, question, g)
			}
		}
		marked := false
		for _, passage := range phrase.Excerpts(text, terms, 3, 5) {
			for _, p := range passage {
				marked = marked || p.Marked
			}
		}
		if !marked {
			t.Fatalf("nothing of %q is marked in %q", question, text)
		}
	})
}

func TestExcerptsMarkWhatWasAskedFor(t *testing.T) {
	text := strings.Repeat("前文", 30) + "公务卡（结算）86号文件" + strings.Repeat("后文", 30) + "公务卡"
	got := phrase.Excerpts(text, phrase.Terms("公务卡 ８６号"), 2, 4)
	var shown []string
	for _, passage := range got {
		var b strings.Builder
		for _, p := range passage {
			if p.Marked {
				b.WriteString("[" + p.Text + "]")
			} else {
				b.WriteString(p.Text)
			}
		}
		shown = append(shown, b.String())
	}
	want := []string{"…前文前文[公务卡]（结算）…", "…（结算）[86号]文件后文…"}
	if !slices.Equal(shown, want) {
		t.Errorf("%q, want %q", shown, want)
	}
	if none := phrase.Excerpts("没有", phrase.Terms("区块链"), 2, 4); len(none) != 1 || none[0][0].Text != "没有" {
		t.Errorf("without a hit: %v", none)
	}
}

func FuzzExcerpts(f *testing.F) {
	f.Add("公务卡\xff结算", "务卡")
	f.Fuzz(func(_ *testing.T, text, question string) {
		phrase.Excerpts(text, phrase.Terms(question), 3, 10)
	})
}
