package web

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// Every kind of document of the sample round, as people get it.
func TestEveryDocumentOfTheSampleRoundIsAWholeWordFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	for _, d := range documentSorts() {
		for _, code := range w.subjects(d) {
			address := makePath(8, d.Kind, code...)
			page := w.get("clerk", address)
			if page.Code != http.StatusOK {
				t.Errorf("%s: code %d", address, page.Code)
				continue
			}
			file := strings.Replace(makePath(8, d.Kind+"/file.docx", code...), "%2F", "/", 1)
			first, second := w.get("clerk", file), w.get("clerk", file)
			if first.Code != http.StatusOK || first.Header().Get("Content-Type") != docxType {
				t.Errorf("%s: code %d, %s", file, first.Code, first.Header().Get("Content-Type"))
				continue
			}
			if !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) {
				t.Errorf("%s: twice the same gives different bytes", file)
			}
			wholeDocx(t, file, first.Body.Bytes())
			if dir := os.Getenv("LIANSHEN_KEEP_DOCUMENTS"); dir != "" {
				name := strings.Join(append([]string{d.Kind}, code...), "_") + ".docx"
				if err := os.WriteFile(filepath.Join(dir, name), first.Body.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// subjects are what documents of the kind can be about, as pairs of the query.
func (w world) subjects(d documentSort) (list [][]string) {
	switch d.About {
	case ofOrganisation, ofFindings:
		for _, code := range []string{"JT", "WJ", "NY", "MZ", "SW", "LC", "DX"} {
			list = append(list, []string{"organisation", code})
		}
	case ofBody:
		list = [][]string{{"body", "personnel"}, {"body", "discipline"}, {"body", "office"}}
	case ofAll:
		list = [][]string{nil}
	}
	return list
}

// wholeDocx holds a Word file against the rules of its format: every part well-formed
// and of a declared type, every relation leading somewhere, no field left unfilled.
func wholeDocx(t *testing.T, name string, file []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatalf("%s: %s: %v", name, f.Name, err)
		}
		parts[f.Name] = string(text)
		wellFormed(t, name+" "+f.Name, string(text))
	}
	types := parts["[Content_Types].xml"]
	for part, text := range parts {
		if part != "[Content_Types].xml" && !strings.Contains(types, `"/`+part+`"`) && !strings.Contains(types, `Extension="`+strings.TrimPrefix(path.Ext(part), ".")+`"`) {
			t.Errorf("%s: no type is declared for %s", name, part)
		}
		if strings.HasSuffix(part, ".rels") {
			relationsResolve(t, name, part, text, parts)
		}
		if strings.Contains(text, "{{") || strings.Contains(text, "⟦") {
			t.Errorf("%s: an unfilled field in %s", name, part)
		}
	}
	styles := parts["word/styles.xml"]
	for _, m := range regexp.MustCompile(`<w:pStyle w:val="([^"]+)"`).FindAllStringSubmatch(parts["word/document.xml"], -1) {
		if !strings.Contains(styles, `w:styleId="`+m[1]+`"`) {
			t.Errorf("%s: style %s is not defined", name, m[1])
		}
	}
	for _, m := range regexp.MustCompile(` r:id="([^"]+)"`).FindAllStringSubmatch(parts["word/document.xml"], -1) {
		if !strings.Contains(parts["word/_rels/document.xml.rels"], `Id="`+m[1]+`"`) {
			t.Errorf("%s: relation %s is missing", name, m[1])
		}
	}
}

func relationsResolve(t *testing.T, name, part, text string, parts map[string]string) {
	t.Helper()
	var list struct {
		Relationship []struct {
			Target string `xml:"Target,attr"`
		}
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil {
		t.Fatalf("%s: %s: %v", name, part, err)
	}
	for _, r := range list.Relationship {
		if target := path.Join(path.Dir(path.Dir(part)), r.Target); parts[target] == "" {
			t.Errorf("%s: %s leads to %s, which is not there", name, part, target)
		}
	}
}

// plainText is what a Word file says, a line for each paragraph.
func plainText(t *testing.T, file []byte) string {
	t.Helper()
	text := documentXML(t, file)
	text = strings.ReplaceAll(text, "</w:p>", "\n")
	return regexp.MustCompile(`<[^>]+>`).ReplaceAllString(text, "")
}

func (w world) textOf(who, address string) string {
	w.t.Helper()
	got := w.get(who, address)
	if got.Code != http.StatusOK {
		w.t.Fatalf("%s asks for %s: code %d", who, address, got.Code)
	}
	return plainText(w.t.(*testing.T), got.Body.Bytes())
}

// The figures of the circular are those of the overview, and its rows add up.
func TestTheCircularSaysWhatTheOverviewSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	scope := policy.ScopeOf(cast["clerk"])
	tallies, err := w.Supervise.DB.Read().Tallies(t.Context(), scope, 8)
	if err != nil {
		t.Fatal(err)
	}
	all := sumUp(tallies, w.today())
	text := w.textOf("clerk", "/rounds/8/documents/circular/file.docx")
	claimed, recognised := all.Rates["claimed"], all.Rates["recognised"]
	for _, want := range []string{
		"反馈问题" + itoa(all.All) + "个", "自评已完成" + itoa(claimed.Num) + "个，自评完成率" + lang.Rate(claimed.Num, claimed.Den),
		"经联审认定" + itoa(recognised.Num) + "个，认定率" + lang.Rate(recognised.Num, recognised.Den), "超期" + itoa(all.Parts[partOverdue]) + "个。",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the circular does not say %q:\n%s", want, text)
		}
	}
	overview := w.get("clerk", "/rounds/8").Body.String()
	for _, figure := range []string{lang.Rate(claimed.Num, claimed.Den), lang.Rate(recognised.Num, recognised.Den)} {
		if !strings.Contains(overview, strings.TrimSuffix(figure, "%")) {
			t.Errorf("the overview does not show %s", figure)
		}
	}
}

// An organisation makes its own documents and nobody else's; notices are the office's.
func TestDocumentsAreForThoseWhoMayMakeThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	for _, d := range documentSorts() {
		for who := range cast {
			for _, subject := range w.subjects(d) {
				want := http.StatusNotFound
				switch a := cast[who]; {
				case !policy.CanOpen(a, policy.PageDocuments):
					want = http.StatusForbidden
				case !policy.CanOpen(a, d.Page):
				case a.Organisation != "" && a.Organisation != subject[1]:
				case d.About == ofBody && who != "clerk" && who != "leader" && a.Body != subject[1]:
				default:
					want = http.StatusOK
				}
				if got := w.get(who, makePath(8, d.Kind, subject...)).Code; got != want {
					t.Errorf("%s asks for %s of %v: code %d, want %d", who, d.Kind, subject, got, want)
				}
			}
		}
	}
	if got := w.get("liaison", makePath(8, "report", "finding", "08-JT-001")).Code; got != http.StatusNotFound {
		t.Errorf("through a finding of another organisation: code %d", got)
	}
	if got := w.get("clerk", makePath(8, "nothing")).Code; got != http.StatusNotFound {
		t.Errorf("a kind that does not exist: code %d", got)
	}
}

// What a party has said before the finding is consolidated is in no document, nor does
// a document change by it.
func TestDocumentsTellNobodyWhatAPartySaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	read := func() map[string]string {
		got := map[string]string{}
		for _, d := range documentSorts() {
			for _, subject := range w.subjects(d) {
				for _, who := range []string{"clerk", "liaison", "personnel", "leader"} {
					address := makePath(8, d.Kind, subject...)
					if page := w.get(who, strings.Replace(address, d.Kind, d.Kind+"/file.docx", 1)); page.Code == http.StatusOK {
						got[who+" "+address] = plainText(t, page.Body.Bytes())
					}
				}
			}
		}
		return got
	}
	before := read()
	w.speak("discipline", w.underReview()[0], cross)
	for address, text := range read() {
		if text != before[address] {
			t.Errorf("%s changed when a party spoke", address)
		}
	}
}

// The public version leaves out what stays within the Party, and names nobody.
func TestThePublicVersionNamesNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	for _, subject := range w.subjects(documentSort{About: ofOrganisation}) {
		text := w.textOf("clerk", makePath(8, "public/file.docx", subject...))
		d := &documentDraft{}
		for f, err := range w.Supervise.DB.Read().AllFindings(t.Context(), policy.ScopeOf(cast["clerk"]), store.Filter{Round: 8, Organisation: subject[1]}) {
			if err != nil {
				t.Fatal(err)
			}
			d.Findings = append(d.Findings, f)
			if is := strings.Contains(text, "关于“"+quotedZH(f.Text)); is == f.Class.OrganCadre {
				t.Errorf("%s, on organisation and cadres: %v, is in the public version: %v", f.Number, f.Class.OrganCadre, is)
			}
		}
		if len(d.people()) == 0 {
			t.Fatalf("nobody is named in the ledger of %s", subject[1])
		}
		for _, name := range d.people() {
			if strings.Contains(text, name) {
				t.Errorf("the public version of %s names %s", subject[1], name)
			}
		}
	}
}

// What was typed is printed, and kept as it was typed.
func TestWhatWasTypedStandsInTheDocument(t *testing.T) {
	s := newSite(t)
	s.round(2)
	fields := url.Values{
		"organisation": {"JT"}, "picked": {"1"}, "finding": {"08-JT-002"}, "number": {"云巡办函〔2026〕18号"}, "issuer": {"中共云溪县委巡察工作领导小组办公室"},
		"to": {"中共云溪县教育体育局党组"}, "opening": {"现将<下列>问题督促如下："}, "requirement": {"第一条。\r\n第二条。"}, "deadline": {"2026-04-10"},
		"signature": {"县委巡察办"}, "date": {"2026-03-24"}, "copies": {"县委组织部。"},
	}
	page := s.post("clerk", makePath(8, "warning"), fields)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "现将&lt;下列&gt;问题督促如下：") {
		t.Fatalf("preview: code %d", page.Code)
	}
	file := s.post("clerk", makePath(8, "warning/file.docx"), fields)
	if file.Code != http.StatusOK {
		t.Fatalf("file: code %d", file.Code)
	}
	wholeDocx(t, "warning", file.Body.Bytes())
	lines := strings.Split(plainText(t, file.Body.Bytes()), "\n")
	for _, want := range []string{"云巡办函〔2026〕18号", "现将&lt;下列&gt;问题督促如下：", "第一条。", "第二条。", "2026年3月24日", "抄送：县委组织部。"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no line %q in:\n%s", want, strings.Join(lines, "\n"))
		}
	}
	if text := strings.Join(lines, "\n"); strings.Contains(text, "08-JT-001") || !strings.Contains(text, "08-JT-002") || !strings.Contains(text, "2026年4月10日") {
		t.Errorf("another finding or deadline than was chosen:\n%s", text)
	}
	for _, who := range []string{"liaison", "team", "leader"} {
		if got := s.post(who, makePath(8, "warning"), fields).Code; got != http.StatusNotFound {
			t.Errorf("%s: code %d, want 404", who, got)
		}
	}
}

// A draft is kept for its maker alone and given up with the button.
func TestADocumentIsKeptAsADraft(t *testing.T) {
	s := newSite(t)
	s.round(1)
	typed := url.Values{"organisation": {"JT"}, "aim": {"照单全收，立说立行。"}}
	if w := s.post("clerk", "/drafts/"+url.PathEscape("document:8:plan:JT"), typed); w.Code != http.StatusNoContent {
		t.Fatalf("keep a draft: code %d", w.Code)
	}
	says := func(who string) bool {
		return strings.Contains(s.get(who, makePath(8, "plan", "organisation", "JT")).Body.String(), "照单全收，立说立行。")
	}
	if !says("clerk") || says("liaison") {
		t.Errorf("the clerk reads the draft: %v, the liaison officer: %v", says("clerk"), says("liaison"))
	}
	typed.Set("propose", "1")
	if w := s.post("clerk", makePath(8, "plan"), typed); w.Code != http.StatusSeeOther {
		t.Errorf("give it up: code %d", w.Code)
	}
	if says("clerk") {
		t.Error("the draft is still there")
	}
}

// get asks for a page as somebody of the cast.
func (w world) get(who, address string) *httptest.ResponseRecorder {
	return testSite{w.t, w.Server, w.handler}.get(who, address)
}
