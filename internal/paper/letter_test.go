package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func sampleLetter() Letter {
	return Letter{
		Issuer: "中共云溪县委巡察工作领导小组办公室", Number: "云巡审〔2026〕3号",
		Title: "关于县教育体育局党组\n整改进展情况报告审核意见的函", To: "中共云溪县教育体育局党组：",
		Opening: "县纪委监委机关、县委组织部、县委巡察办、县审计局对你单位报送的整改进展情况报告进行了联合审核。现将审核意见函告如下：",
		Groups: []Group{
			{
				Heading: ForFinding("08-JT-001"), Text: "落实“双减”政策不够有力，校外培训机构监管存在盲区。", Conclusion: "需要修改",
				Items:    []string{"请补充退还46名学生预收费用11.38万元的凭证。", "请说明举报核查时间“平均2.5天”的统计口径。\n附统计表。"},
				Minority: "县审计局认为退费凭证已经齐全，可以认可。", Reason: "凭证缺两张，从严掌握。",
			},
			{Heading: ForFinding("08-JT-002"), Text: "学前教育普及普惠推进缓慢 <50% & 未达标\x07。", Conclusion: "认可。"},
		},
		Closing: "请于2026年3月20日前修改并重新报送。", Sign: "中共云溪县委巡察工作领导小组办公室", Date: "2026年3月10日",
	}
}

func written(t *testing.T, l Letter) []byte {
	t.Helper()
	var buf bytes.Buffer
	check(t, WriteLetter(&buf, l))
	return buf.Bytes()
}

// The letter as its paragraphs, style and text, one on each line.
func TestLetterSaysEachPartInItsPlace(t *testing.T) {
	got := dumpDocx(t, written(t, sampleLetter()))
	const golden = "testdata/letter.txt"
	if *update {
		check(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	check(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-golden +written)\n%s", diff)
	}
}

func TestEmptyPartsOfALetterLeaveNoParagraph(t *testing.T) {
	got := dumpDocx(t, written(t, Letter{Title: "函", Groups: []Group{{Heading: ForFinding("1")}}}))
	want := "Blank|\nDocTitle|函\nBlank|\nHeading1|一、关于1号问题\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSameLetterGivesTheSameBytes(t *testing.T) {
	if !bytes.Equal(written(t, sampleLetter()), written(t, sampleLetter())) {
		t.Error("two writings differ")
	}
}

func TestEveryPartOfALetterIsWellFormedAndDeclared(t *testing.T) {
	l := sampleLetter()
	l.Opening += "\x00\x07\ufffe\ud7ff\u2028<w:p>"
	parts := docxParts(t, written(t, l))
	for name, text := range parts {
		if err := wellFormed(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if path.Ext(name) == ".xml" && name != "[Content_Types].xml" && !strings.Contains(parts["[Content_Types].xml"], `"/`+name+`"`) {
			t.Errorf("%s has no content type", name)
		}
	}
	for _, rel := range regexp.MustCompile(`Target="([^"]+)"`).FindAllStringSubmatch(parts["word/_rels/document.xml.rels"], -1) {
		if _, ok := parts["word/"+rel[1]]; !ok {
			t.Errorf("%s is not in the file", rel[1])
		}
	}
}

func TestEveryStyleUsedIsDefined(t *testing.T) {
	parts := docxParts(t, written(t, sampleLetter()))
	for _, m := range regexp.MustCompile(`<w:[pr]Style w:val="([^"]+)"`).FindAllStringSubmatch(parts["word/document.xml"], -1) {
		if !strings.Contains(parts["word/styles.xml"], `w:styleId="`+m[1]+`"`) {
			t.Errorf("style %s is not defined", m[1])
		}
	}
}

// Measures of GB/T 9704-2012, in twips: 1 mm is 56.7.
func TestPageFollowsTheStandard(t *testing.T) {
	parts := docxParts(t, written(t, sampleLetter()))
	for part, wants := range map[string][]string{
		"word/document.xml": {
			`<w:pgSz w:w="11906" w:h="16838"/>`, `w:top="2098"`, `w:left="1588"`, `w:right="1474"`, `w:bottom="1984"`,
			`<w:docGrid w:type="lines" w:linePitch="579"/>`, `<w:rFonts w:hint="eastAsia"/>`,
		},
		"word/styles.xml": {
			`w:eastAsia="方正小标宋简体"`, `<w:sz w:val="44"/>`, `w:eastAsia="仿宋_GB2312"`, `<w:sz w:val="32"/>`, `w:eastAsia="黑体"`,
			`<w:ind w:firstLineChars="200" w:firstLine="640"/>`, `<w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/>`,
		},
		"word/footer1.xml":   {` PAGE `, `<w:jc w:val="right"/>`},
		"word/footer2.xml":   {` PAGE `, `<w:jc w:val="left"/>`},
		"word/settings.xml":  {`<w:evenAndOddHeaders/>`},
		"word/fontTable.xml": {`w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>`},
	} {
		for _, want := range wants {
			if !strings.Contains(parts[part], want) {
				t.Errorf("%s lacks %s", part, want)
			}
		}
	}
}

func TestLetterReportsABrokenDestination(t *testing.T) {
	if err := WriteLetter(&brokenPipe{left: 100}, sampleLetter()); err == nil || !strings.Contains(err.Error(), "broken pipe") {
		t.Errorf("got %v", err)
	}
}

func TestOrdinalsCountAsHeadingsDo(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 41: "四十一", 100: "一百", 103: "一百零三", 110: "一百一十", 115: "一百一十五", 228: "二百二十八", 1000: "1000", 0: "0"} {
		if got := Ordinal(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func docxParts(t testing.TB, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	check(t, err)
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		check(t, err)
		text, err := io.ReadAll(r)
		check(t, err)
		parts[f.Name] = string(text)
	}
	return parts
}

// dumpDocx lists the paragraphs of a document as "style|text".
func dumpDocx(t testing.TB, data []byte) string {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(docxParts(t, data)["word/document.xml"]))
	var out, text strings.Builder
	style := ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return out.String()
		}
		check(t, err)
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "p":
				text.Reset()
			case "pStyle":
				style = attr(tok, "val")
			case "br":
				text.WriteString("⏎")
			}
		case xml.CharData:
			text.Write(tok)
		case xml.EndElement:
			if tok.Name.Local == "p" {
				out.WriteString(style + "|" + text.String() + "\n")
			}
		}
	}
}
