package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
)

// rewritten returns a Word file with words of its text put in place of others.
func rewritten(t testing.TB, file []byte, pairs ...string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(f.Name)
		if err == nil {
			_, err = io.WriteString(part, strings.NewReplacer(pairs...).Replace(string(text)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func letterFile(t testing.TB) []byte {
	t.Helper()
	k, _ := paper.KindOf("letter")
	return k.Builtin()
}

func TestOwnTemplateGoesFromUploadToTheLetter(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	file := rewritten(t, letterFile(t), "{{标题}}", "【本单位】{{公文标题}}", "{{成文日期}}", "{{印章位置}}{{成文日期}}")
	w := s.upload("clerk", "/templates/letter", "本单位审核意见函.docx", file, map[string]string{"key": "k1", "note": "新红头"})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/templates/letter/1" {
		t.Fatalf("upload: code %d\n%s", w.Code, w.Body)
	}
	page := s.see("clerk", "/templates/letter/1", "公文标题", "印章位置", "2 个字段没有对应")
	if strings.Contains(page, "启用这个模板") {
		t.Error("a template with open fields can be put in force")
	}
	if w := s.post("clerk", "/templates/letter/1/use", url.Values{"seen": {"1"}, "key": {"u0"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("open fields put in force: code %d", w.Code)
	}
	wrong := url.Values{"seen": {"1"}, "key": {"m0"}, "name": {"公文标题", "印章位置"}, "path": {"groups.heading", "-"}}
	if w := s.post("clerk", "/templates/letter/1/names", wrong); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "只能用在“意见”这一部分里") {
		t.Errorf("a field of a part outside of it: code %d", w.Code)
	}
	right := url.Values{"seen": {"1"}, "key": {"m1"}, "name": {"公文标题", "印章位置"}, "path": {"title", "-"}}
	if w := s.post("clerk", "/templates/letter/1/names", right); w.Code != http.StatusSeeOther {
		t.Fatalf("map: code %d\n%s", w.Code, w.Body)
	}
	s.see("clerk", "/templates/letter/1", "【本单位】关于", "启用这个模板")
	if page := s.get("clerk", letterPath(reportOne)).Body.String(); strings.Contains(page, "【本单位】") {
		t.Error("the letter is made from a template that is not in force")
	}
	if w := s.post("clerk", "/templates/letter/1/use", url.Values{"seen": {"2"}, "key": {"u1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("use: code %d\n%s", w.Code, w.Body)
	}
	s.see("clerk", letterPath(reportOne), "【本单位】关于")
	s.see("clerk", "/templates", "第1号模板")
	if w := s.post("clerk", "/templates/letter/0/use", url.Values{"seen": {"3"}, "key": {"u2"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("back to the built-in one: code %d", w.Code)
	}
	if page := s.get("clerk", letterPath(reportOne)).Body.String(); strings.Contains(page, "【本单位】") {
		t.Error("the built-in template is not in force again")
	}
}

func TestFaultsOfATemplateNameFieldAndPlace(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for name, c := range map[string]struct{ file, want string }{
		"a part left open": {rewritten(t, letterFile(t), "{{/具体意见}}", ""), "“具体意见”这一部分没有结束。请在它的末尾写上 {{/具体意见}}"},
		"no Word file":     {"hello", "这不是 Word 文件"},
		"nothing":          {"", "请选择一个 .docx 文件"},
	} {
		w := s.upload("clerk", "/templates/letter", "x.docx", c.file, map[string]string{"key": name, "note": "记得这句"})
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), c.want) || !strings.Contains(w.Body.String(), "记得这句") {
			t.Errorf("%s: code %d, want %q", name, w.Code, c.want)
		}
	}
	w := s.upload("clerk", "/templates/letter", "x.docx", rewritten(t, letterFile(t), "{{/具体意见}}", ""), map[string]string{"key": "z"})
	if !strings.Contains(w.Body.String(), "正文：“{{#具体意见}}”") {
		t.Error("the place is not named")
	}
	if page := s.get("clerk", "/templates/letter").Body.String(); strings.Contains(page, "x.docx") {
		t.Error("a faulty file was kept")
	}
}

func TestTemplatesAreForThoseWhoSetUp(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for who, want := range map[string]int{"clerk": 200, "sysadmin": 200, "liaison": 403, "discipline": 403, "leader": 403, "secadmin": 403} {
		for _, path := range []string{"/templates", "/templates/letter", "/templates/closing/0", "/templates/letter/guide.docx", "/templates/letter/0/file.docx", "/templates/letter/0/preview.docx"} {
			if w := s.get(who, path); w.Code != want {
				t.Errorf("%s reads %s: code %d, want %d", who, path, w.Code, want)
			}
		}
	}
	for _, path := range []string{"/templates/nothing", "/templates/letter/7", "/templates/letter/-1", "/templates/letter/x"} {
		if w := s.get("clerk", path); w.Code != http.StatusNotFound {
			t.Errorf("%s: code %d", path, w.Code)
		}
	}
}

func TestTwoPeopleChangingATemplate(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for _, key := range []string{"a", "b"} {
		if w := s.upload("clerk", "/templates/letter", key+".docx", rewritten(t, letterFile(t), "反馈问题：", "反馈问题"+key+"："), map[string]string{"key": key}); w.Code != http.StatusSeeOther {
			t.Fatalf("upload %s: code %d\n%s", key, w.Code, w.Body)
		}
	}
	if w := s.post("sysadmin", "/templates/letter/1/use", url.Values{"seen": {"2"}, "key": {"1"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("use: code %d", w.Code)
	}
	w := s.post("clerk", "/templates/letter/2/use", url.Values{"seen": {"2"}, "key": {"2"}})
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "别人刚刚改过") {
		t.Errorf("stale: code %d", w.Code)
	}
}

// A letter that has been delivered is on paper somewhere: a new template does not
// change it.
func TestALetterGivenOutKeepsItsTemplate(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.speak("08-JT-001", "team")
	s.post("clerk", consolidatePath(reportOne, "08-JT-001"), consolidationForm("08-JT-001", "0", "team"))
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕12号"})
	before := s.get("liaison", letterPath(reportOne)+".docx").Body.Bytes()
	file := rewritten(t, letterFile(t), "{{标题}}", "【本单位】{{标题}}")
	s.upload("clerk", "/templates/letter", "a.docx", file, map[string]string{"key": "a"})
	if w := s.post("clerk", "/templates/letter/1/use", url.Values{"seen": {"1"}, "key": {"u"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("use: code %d", w.Code)
	}
	if !bytes.Equal(before, s.get("liaison", letterPath(reportOne)+".docx").Body.Bytes()) {
		t.Error("the letter given out has changed")
	}
	page := s.see("clerk", "/templates/letter/1?ref="+reportOne, "【本单位】关于", "云巡办函〔2026〕12号")
	if strings.Contains(page, "不是真实记录") {
		t.Error("the preview with the letter says that it is a sample")
	}
	if w := s.get("clerk", "/templates/letter/1/preview.docx?ref="+reportOne); !strings.Contains(documentXML(t, w.Body.Bytes()), "【本单位】") {
		t.Error("the preview to download is not made from the template")
	}
}
