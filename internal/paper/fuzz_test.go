package paper

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
)

// FuzzTemplate fills whatever can be parsed: no file may stop the program, and what
// comes out must be well-formed and have an image.
func FuzzTemplate(f *testing.F) {
	f.Add(para("{{标题}}{{?备注}}x{{/备注}}"))
	f.Add(para("{{#问题}}") + table(row("{{#措施}}{{措施内容}}", "{{/措施}}")) + para("{{/问题}}"))
	f.Add(para("{", "{标", "题}}", `<w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>{{标题}}</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>`))
	f.Add(`<w:sdt><w:sdtContent>` + para("{{#附件}}{{名称}}{{/附件}}") + `</w:sdtContent></w:sdt>`)
	f.Fuzz(func(t *testing.T, body string) {
		tryTemplate(t, wordFile(t, body))
	})
}

// FuzzTemplateFile gives the reader files whose very zip is changed.
func FuzzTemplateFile(f *testing.F) {
	f.Add(letterKind().Builtin())
	f.Add(wordFile(f, para("{{标题}}")))
	f.Fuzz(func(t *testing.T, file []byte) { tryTemplate(t, file) })
}

func tryTemplate(t *testing.T, file []byte) {
	tpl, err := Parse(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return
	}
	form, err := tpl.Bind(testKind, Aliases{"甲": "title", "乙": ""})
	if err != nil {
		return
	}
	var out bytes.Buffer
	if err := form.Fill(&out, testData, About{Title: "t", Tail: "x"}); err != nil {
		if errors.Is(err, ErrTooLong) {
			return
		}
		t.Fatal(err)
	}
	for name, text := range docxParts(t, out.Bytes()) {
		if strings.HasPrefix(name, "word/document") {
			if err := wellFormed(text); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, text)
			}
		}
	}
	if _, err := ViewOf(out.Bytes()); err != nil {
		t.Fatalf("image: %v", err)
	}
}

// What the issue asks for is 300 documents a minute on two cores.
func TestQuickFillingIsFarFasterThanThreeHundredAMinute(t *testing.T) {
	form, data := own(t, letterKind()), letterKind().Sample()
	var groups []Data
	for range 20 {
		groups = append(groups, data["groups"].([]Data)...)
	}
	data["groups"] = groups // a letter of a dozen pages
	n, bytes := 0, 0
	start := time.Now()
	for time.Since(start) < time.Second {
		bytes += len(filled(t, form, data))
		n++
	}
	t.Logf("%d letters of 40 findings a minute on one core, %d KB each", n*60, bytes/n>>10)
	if n*60 < 3000 {
		t.Errorf("only %d letters a minute", n*60)
	}
}
