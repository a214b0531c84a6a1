package paper

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func own(t testing.TB, k Kind) *Form {
	t.Helper()
	f, err := k.Own()
	check(t, err)
	return f
}

func filled(t testing.TB, f *Form, d Data) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, f.Fill(&b, d, About{Title: "函", Author: "办公室"}))
	return b.Bytes()
}

// The program's own template and the layout it replaces say the same.
func TestLetterThroughItsTemplateSaysWhatItsLayoutSays(t *testing.T) {
	l := sampleLetter()
	want := dumpDocx(t, written(t, l))
	want = strings.ReplaceAll(want, "DocTitle|关于县教育体育局党组⏎", "DocTitle|关于县教育体育局党组\nDocTitle|")
	if diff := cmp.Diff(want, dumpDocx(t, filled(t, own(t, letterKind()), l.Data()))); diff != "" {
		t.Errorf("(-layout +template)\n%s", diff)
	}
}

func TestEveryKindBindsItsOwnTemplateAndFillsIt(t *testing.T) {
	for _, k := range Kinds() {
		text := dumpDocx(t, filled(t, own(t, k), k.Sample()))
		if strings.Contains(text, "{{") || strings.Contains(text, "}}") {
			t.Errorf("%s: a marker is left:\n%s", k.Code, text)
		}
		k.EachField(func(path string, f Field) {
			if f.Sample != "" && !strings.Contains(text, f.Sample) && !f.isCommon() {
				t.Errorf("%s: the own template does not print %s", k.Code, path)
			}
		})
	}
}

func (f Field) isCommon() bool {
	for _, c := range Common() {
		if c.Code == f.Code {
			return true
		}
	}
	return false
}

func TestEveryPartOfAFilledFileIsWellFormed(t *testing.T) {
	for _, k := range Kinds() {
		for name, text := range docxParts(t, filled(t, own(t, k), k.Sample())) {
			if err := wellFormed(text); err != nil {
				t.Errorf("%s: %s: %v", k.Code, name, err)
			}
		}
	}
}
