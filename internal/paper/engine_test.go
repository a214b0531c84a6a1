package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/opc"
)

// wordFile makes a Word file by hand. body is the content of w:body; more is further
// parts, name and content in turn, in place of the usual ones of the same name.
func wordFile(t testing.TB, body string, more ...string) []byte {
	t.Helper()
	parts := [][2]string{
		{typesPart, docxTypes},
		{"_rels/.rels", docxRootRels},
		{"word/document.xml", opc.Head + `<w:document xmlns:w="` + wordSpace + `" xmlns:r="` + opc.Relations + `" xmlns:w14="urn:w14"><w:body>` + body + `</w:body></w:document>`},
	}
	for i := 0; i+1 < len(more); i += 2 {
		replaced := false
		for j := range parts {
			if parts[j][0] == more[i] {
				parts[j][1], replaced = more[i+1], true
			}
		}
		if !replaced {
			parts = append(parts, [2]string{more[i], more[i+1]})
		}
	}
	var b bytes.Buffer
	w := opc.NewWriter(&b)
	for _, p := range parts {
		check(t, w.Text(p[0], p[1]))
	}
	check(t, w.Close())
	return b.Bytes()
}

// para makes a paragraph of runs.
func para(runs ...string) string {
	var b strings.Builder
	b.WriteString(`<w:p w14:paraId="1A2B3C4D">`)
	for _, r := range runs {
		if strings.HasPrefix(r, "<") {
			b.WriteString(r)
		} else {
			b.WriteString(`<w:r><w:t>` + r + `</w:t></w:r>`)
		}
	}
	return b.String() + `</w:p>`
}

func row(cells ...string) string {
	s := `<w:tr>`
	for _, c := range cells {
		if !strings.HasPrefix(c, "<w:p") {
			c = para(c)
		}
		s += `<w:tc>` + c + `</w:tc>`
	}
	return s + `</w:tr>`
}

func table(rows ...string) string { return `<w:tbl>` + strings.Join(rows, "") + `</w:tbl>` }

var testKind = Kind{Code: "test", Fields: []Field{
	{Code: "title", Name: "标题"},
	{Code: "note", Name: "备注"},
	{Code: "urgent", Name: "加急"},
	{Code: "findings", Name: "问题", Fields: []Field{
		{Code: "number", Name: "编号"},
		{Code: "text", Name: "内容"},
		{Code: "measures", Name: "措施", Fields: []Field{{Code: "measure", Name: "措施内容"}}},
	}},
	{Code: "files", Name: "附件", Fields: []Field{{Code: "name", Name: "名称"}}},
}}

var testData = Data{
	"title": "关于整改的函", "note": "", "urgent": true, "count": 3,
	"findings": []Data{
		{"number": "01", "text": "漏水", "measures": Rows("measure", "换管", "公布电话")},
		{"number": "02", "text": "欠费 <5% & \x07更多", "measures": []Data{}},
	},
	"files": Rows("name", "甲", "乙"),
}

// said fills a template and lists its paragraphs.
func said(t testing.TB, body string) string {
	t.Helper()
	out := bound(t, wordFile(t, body), nil)
	return strings.ReplaceAll(dumpDocx(t, filled(t, out, testData)), "|", "")
}

func bound(t testing.TB, file []byte, a Aliases) *Form {
	t.Helper()
	tpl, err := Parse(bytes.NewReader(file), int64(len(file)))
	check(t, err)
	f, err := tpl.Bind(testKind, a)
	check(t, err)
	return f
}

func TestFieldsAreFilled(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"one run":                     {para("标题：{{标题}}。"), "标题：关于整改的函。\n"},
		"by its code, blanks, case":   {para("{{ Title }}"), "关于整改的函\n"},
		"full-width braces":           {para("｛｛标题｝｝"), "关于整改的函\n"},
		"spread over runs":            {para("：{", "{标", "题}", "}。"), "：关于整改的函。\n"},
		"squiggle and bookmark in it": {para("{{", `<w:proofErr w:type="spellStart"/>`, "标题", `<w:bookmarkStart w:id="1" w:name="x"/>`, "}}"), "关于整改的函\n"},
		"two in a run":                {para("{{标题}}{{标题}}"), "关于整改的函关于整改的函\n"},
		"empty leaves its line out":   {para("{{备注}}") + para("完"), "完\n"},
		"empty beside text":           {para("备注：{{备注}}"), "备注：\n"},
		"paragraphs repeat":           {para("{{#问题}}") + para("{{序数}}、{{编号}}{{内容}}") + para("{{/问题}}"), "一、01漏水\n二、02欠费 <5% & 更多\n"},
		"signs at the edges":          {para("{{#问题}}{{编号}}") + para("{{内容}}{{/问题}}"), "01\n漏水\n02\n欠费 <5% & 更多\n"},
		"repeat within repeat":        {para("{{#问题}}{{编号}}") + para("{{#措施}}") + para("{{index}}.{{措施内容}}") + para("{{/措施}}") + para("{{/问题}}"), "01\n1.换管\n2.公布电话\n02\n"},
		"one part ends, one begins":   {para("{{#附件}}") + para("{{名称}}") + para("{{/附件}}{{#问题}}") + para("{{编号}}") + para("{{/问题}}"), "甲\n乙\n01\n02\n"},
		"outer field inside":          {para("{{#附件}}") + para("{{标题}}{{名称}}") + para("{{/附件}}"), "关于整改的函甲\n关于整改的函乙\n"},
		"repeat in a line":            {para("附件：{{#附件}}", "{{序号}}.{{名称}} {{/附件}}"), "附件：1.甲 2.乙 \n"},
		"if in a line":                {para("{{?备注}}备注：{{备注}}{{/备注}}") + para("{{^备注}}无备注{{/备注}}"), "无备注\n"},
		"if of paragraphs":            {para("{{?加急}}") + para("加急") + para("{{/加急}}") + para("{{^加急}}") + para("平件") + para("{{/加急}}"), "加急\n"},
		"if on a list":                {para("{{?附件}}附{{/附件}}"), "附\n"},
		"rows repeat":                 {table(row("编号", "内容"), row("{{#问题}}{{编号}}", "{{内容}}{{/问题}}")), "编号\n内容\n01\n漏水\n02\n欠费 <5% & 更多\n"},
		"rows of signs":               {table(row("编号"), row("{{#问题}}"), row("{{编号}}"), row("{{/问题}}")), "编号\n01\n02\n"},
		"repeat in a cell":            {table(row("x", para("{{#问题}}")+para("{{编号}}")+para("{{/问题}}"))), "x\n01\n02\n"},
		"an end needs no name":        {para("{{#问题}}") + para("{{编号}}") + para("{{/}}"), "01\n02\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, said(t, c.body)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestFormatIsThatOfTheRunInWhichTheFieldBegins(t *testing.T) {
	file := wordFile(t, para(`<w:r><w:rPr><w:b/></w:rPr><w:t>{{标</w:t></w:r>`, `<w:r><w:rPr><w:i/></w:rPr><w:t>题}}后</w:t></w:r>`))
	got := docxParts(t, filled(t, bound(t, file, nil), testData))["word/document.xml"]
	for _, want := range []string{`<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">关于整改的函</w:t>`, `<w:rPr><w:i/></w:rPr><w:t xml:space="preserve">后</w:t>`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestLineEndsBeginParagraphsAtTheEndAndLinesElsewhere(t *testing.T) {
	data := Data{"title": "一\r\n二\t三"}
	for body, want := range map[string]string{
		para("题：{{标题}}"):             "题：一\n二三\n",
		para("{{标题}}。"):              "一⏎二三。\n",
		para("{{?标题}}{{标题}}{{/标题}}"): "一\n二三\n",
	} {
		got := strings.ReplaceAll(dumpDocx(t, filled(t, bound(t, wordFile(t, body), nil), data)), "|", "")
		if got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// A cell without a paragraph, a table without a row, or two paragraphs of one
// identity make Word repair the file.
func TestNothingIsLeftThatWordWouldRepair(t *testing.T) {
	file := wordFile(t, table(row("{{备注}}", "x"))+table(row("{{#问题}}{{编号}}{{#措施}}{{/措施}}", "{{/问题}}"))+para("{{#附件}}")+para("{{名称}}", `<w:bookmarkStart w:id="7" w:name="a"/>`)+para("{{/附件}}"))
	got := docxParts(t, filled(t, bound(t, file, nil), Data{"files": testData["files"]}))["word/document.xml"]
	if strings.Count(got, "<w:tbl>") != 1 {
		t.Errorf("the table without rows stands:\n%s", got)
	}
	if !strings.Contains(got, `<w:tc><w:p></w:p></w:tc>`) {
		t.Errorf("the empty cell has no paragraph:\n%s", got)
	}
	if strings.Contains(got, "bookmarkStart") || strings.Count(got, "paraId") > 1 {
		t.Errorf("what must be once is repeated:\n%s", got)
	}
}

func TestFaultsNameFieldAndPlace(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want Fault
	}{
		"unknown":               {para("标题：{{标提}}"), Fault{codeUnknownNear, "标提", Place{Part: "body", Text: "标题：{{标提}}"}, []string{"标题"}}},
		"unknown, nothing near": {para("{{经办股室负责人}}"), Fault{codeUnknown, "经办股室负责人", Place{Part: "body", Text: "{{经办股室负责人}}"}, nil}},
		"in a row":              {table(row("x"), row("{{#问题}}{{编好}}", "{{/问题}}")), Fault{codeUnknownNear, "编好", Place{Part: "body", Table: 1, Row: 2, Text: "{{#问题}}{{编好}}"}, []string{"编号"}}},
		"not closed":            {para("{{#问题}}") + para("{{编号}}"), Fault{codeUnclosed, "问题", Place{Part: "body", Text: "{{#问题}}"}, nil}},
		"closed, never opened":  {para("{{/问题}}"), Fault{codeStray, "问题", Place{Part: "body", Text: "{{/问题}}"}, nil}},
		"out of its table":      {table(row("{{#问题}}")) + para("{{/问题}}"), Fault{codeCrosses, "问题", Place{Part: "body", Table: 1, Row: 1, Text: "{{#问题}}"}, nil}},
		"out of its cell":       {para("{{#问题}}") + table(row("{{/问题}}")), Fault{codeCrosses, "问题", Place{Part: "body", Text: "{{#问题}}"}, nil}},
		"in the middle":         {para("前{{#问题}}") + para("{{/问题}}"), Fault{codeMidLine, "问题", Place{Part: "body", Text: "前{{#问题}}"}, nil}},
		"braces left open":      {para("{{标题"), Fault{codeOpenMarker, "", Place{Part: "body", Text: "{{标题"}, nil}},
		"no name":               {para("{{ }}"), Fault{codeEmptyMarker, "", Place{Part: "body", Text: "{{ }}"}, nil}},
		"no field":              {para("空"), Fault{codeNoField, "", Place{}, nil}},
		"outside its part":      {para("{{措施内容}}"), Fault{codeElsewhere, "措施内容", Place{Part: "body", Text: "{{措施内容}}"}, []string{"措施"}}},
		"list as a value":       {para("{{问题}}"), Fault{codeIsList, "问题", Place{Part: "body", Text: "{{问题}}"}, nil}},
		"within itself":         {para("{{#问题}}") + para("{{#问题}}") + para("{{/问题}}") + para("{{/问题}}"), Fault{codeWithinItself, "问题", Place{Part: "body", Text: "{{#问题}}"}, nil}},
		"fetches":               {para(`<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> INCLUDE</w:instrText></w:r>`, `<w:r><w:instrText>TEXT "http://x/y"</w:instrText></w:r>`), Fault{codeFetches, "", Place{Part: "body"}, []string{`INCLUDETEXT "http://x/y"`}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := faultsOf(wordFile(t, c.body))
			if len(got) == 0 {
				t.Fatal("no fault")
			}
			if diff := cmp.Diff(c.want, got[0]); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func faultsOf(file []byte) (faults Faults) {
	tpl, err := Parse(bytes.NewReader(file), int64(len(file)))
	if err == nil {
		_, err = tpl.Bind(testKind, nil)
	}
	errors.As(err, &faults)
	return faults
}

func TestFilesThatAreNoPlainTemplateAreRefused(t *testing.T) {
	relation := func(kind, target string) string {
		return `<Relationships xmlns="x"><Relationship Id="a" Type="x/` + kind + `" Target="` + target + `" TargetMode="External"/></Relationships>`
	}
	ok := para("{{标题}}")
	deep := strings.Repeat("<w:sdt>", 300) + strings.Repeat("</w:sdt>", 300)
	for code, file := range map[string][]byte{
		codeNotDocx:   []byte("PK, but no zip"),
		codeOldWord:   append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 600)...),
		codeMacros:    wordFile(t, ok, "word/vbaProject.bin", "x"),
		codeActive:    wordFile(t, ok, "word/embeddings/oleObject1.bin", "x"),
		codeExternal:  wordFile(t, ok, "word/_rels/settings.xml.rels", relation("attachedTemplate", "file:///C:/x.dotx")),
		codeMalformed: wordFile(t, ok+"<w:p>"),
		codeTooDeep:   wordFile(t, ok+deep),
		codeUnpacks:   wordFile(t, ok, "word/media/zeros.xml", strings.Repeat("\x00", 5<<20)),
		codeTooLarge:  make([]byte, MostBytes+1),
	} {
		if got := faultsOf(file); len(got) != 1 || got[0].Code != code {
			t.Errorf("%s: %v", code, got)
		}
	}
	if got := faultsOf(wordFile(t, ok, "word/_rels/document.xml.rels", relation("hyperlink", "https://example.org/"))); got != nil {
		t.Errorf("a link that people click is refused: %v", got)
	}
}

func TestAliasesLeadToFieldsOfTheKind(t *testing.T) {
	file := wordFile(t, para("{{公文标题}}{{印章}}")+table(row("{{#清单}}{{题号}}", "{{/清单}}")))
	f := bound(t, file, Aliases{"公文标题": "title", "印章": "", "清单": "findings", "题号": "findings.number"})
	if got := strings.ReplaceAll(dumpDocx(t, filled(t, f, testData)), "|", ""); got != "关于整改的函\n01\n\n02\n\n" {
		t.Errorf("got %q", got)
	}
	tpl, err := Parse(bytes.NewReader(file), int64(len(file)))
	check(t, err)
	_, err = tpl.Bind(testKind, Aliases{"公文标题": "findings.number", "印章": "", "清单": "findings", "题号": "findings.number"})
	var faults Faults
	if !errors.As(err, &faults) || faults[0].Code != codeElsewhere {
		t.Errorf("a field of a row in place of one of the document: %v", err)
	}
}

func TestSameDataGivesTheSameBytes(t *testing.T) {
	f := own(t, letterKind())
	d := sampleLetter().Data()
	if !bytes.Equal(filled(t, f, d), filled(t, own(t, letterKind()), d)) {
		t.Error("two fillings differ")
	}
}

func TestTheMarkIsPrintedWhereTheTemplateHasNoPlaceForIt(t *testing.T) {
	for body, want := range map[string]int{para("{{标题}}"): 1, para("{{标题}}{{校验码}}"): 0} {
		var b bytes.Buffer
		check(t, bound(t, wordFile(t, body+`<w:sectPr><w:pgSz w:w="1" w:h="2"/></w:sectPr>`), nil).Fill(&b, testData, About{Tail: "校验"}))
		text := docxParts(t, b.Bytes())["word/document.xml"]
		if got := strings.Count(text, "校验"); got != want {
			t.Errorf("%s: %d times", body, got)
		}
		check(t, wellFormed(text))
	}
}

func TestValuesStayWithinXML(t *testing.T) {
	d := Data{"title": "a\x00\ufffe<w:p>&\u2028]]>\"'\v\f", "findings": []Data{{"text": "\x1b"}}}
	text := docxParts(t, filled(t, bound(t, wordFile(t, para("{{标题}}")), nil), d))["word/document.xml"]
	dec := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
