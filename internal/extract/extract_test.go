package extract_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"lianshen/internal/extract"
)

const (
	pdf  = "application/pdf"
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

func file(content []byte, mediaType string) extract.File {
	return extract.File{ReadSeeker: bytes.NewReader(content), Size: int64(len(content)), Type: mediaType}
}

// The engine is compiled once for all tests of the package.
var shared = func() *extract.Extractor {
	x, err := extract.New("")
	if err != nil {
		panic(err)
	}
	return x
}()

func minutes(t *testing.T) []byte {
	t.Helper()
	content, err := os.ReadFile("testdata/minutes.pdf")
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func zipped(parts ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, _ := z.Create(parts[i])
		_, _ = io.WriteString(w, parts[i+1])
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestTextOfPDFHasPagesAndWordsThatCrossLines(t *testing.T) {
	got, err := shared.Text(t.Context(), file(minutes(t), pdf))
	if err != nil || got.Pages != 2 || got.Cut {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, want := range []string{"会议记录", "公务卡结算制度", "要求各科室对照清单逐项核对原始凭证", "rectification ledger 08-JT-012"} {
		if !strings.Contains(got.Body, want) {
			t.Errorf("lacks %q:\n%s", want, got.Body)
		}
	}
}

func TestTextOfOfficeAndPlainFiles(t *testing.T) {
	for name, c := range map[string]struct {
		content    []byte
		kind, want string
	}{
		"docx":    {zipped("word/document.xml", `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>公务</w:t></w:r><w:r><w:t>卡</w:t></w:r></w:p><w:p><w:r><w:t>second &amp; line</w:t></w:r></w:p></w:body></w:document>`, "word/settings.xml", "<w:t>no</w:t>"), docx, "公务卡\nsecond & line"},
		"xlsx":    {zipped("xl/worksheets/sheet1.xml", `<c t="inlineStr"><is><t>行内</t></is></c>`, "xl/sharedStrings.xml", `<sst><si><t>编号</t></si><si><r><t>富</t></r><r><t>文本</t></r></si></sst>`), xlsx, "编号\n富文本\n行内"},
		"pptx":    {zipped("ppt/slides/slide10.xml", `<a:p><a:t>十</a:t></a:p>`, "ppt/slides/slide2.xml", `<a:p><a:t>二</a:t></a:p>`), pptx, "二\n十"},
		"utf8":    {[]byte("\ufeff一是 完善\r\n制度\x00"), "text/plain", "一是 完善\n制度"},
		"gb18030": {[]byte("\xb1\xe0\xba\xc5,\xce\xca\xcc\xe2"), "text/csv", "编号,问题"},
		"utf16":   {[]byte("\xff\xfe\x00\x4e\x03\x4e"), "text/plain", "一七"},
	} {
		got, err := shared.Text(t.Context(), file(c.content, c.kind))
		if err != nil || got.Body != c.want {
			t.Errorf("%s: %q, %v; want %q", name, got.Body, err, c.want)
		}
	}
}

func TestFilesWithoutTextSayWhy(t *testing.T) {
	bomb := zipped("word/document.xml", "<w:document>"+strings.Repeat(" ", 70<<20)+"</w:document>")
	for name, c := range map[string]struct {
		content    []byte
		kind, want string
	}{
		"empty docx":    {zipped("word/document.xml", "<w:document/>"), docx, "extract.no_text"},
		"zip bomb":      {bomb, docx, "extract.too_big"},
		"no zip":        {[]byte("PK"), xlsx, "extract.damaged"},
		"broken xml":    {zipped("word/document.xml", "<w:t>a</w:t"), docx, "extract.damaged"},
		"no pdf":        {[]byte("%PDF-1.7 nothing"), pdf, "extract.damaged"},
		"old word file": {[]byte("\xd0\xcf\x11\xe0"), "application/msword", "extract.type"},
		"picture":       {[]byte("x"), "image/png", "extract.no_text"},
	} {
		_, err := shared.Text(t.Context(), file(c.content, c.kind))
		var why extract.Unreadable
		if !errors.As(err, &why) || why.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	long := strings.Repeat("长文。", extract.MaxText)
	got, err := shared.Text(t.Context(), file([]byte(long), "text/plain"))
	if err != nil || !got.Cut || len([]rune(got.Body)) != extract.MaxText {
		t.Errorf("a long text: %d characters, cut %v, %v", len([]rune(got.Body)), got.Cut, err)
	}
}

// A PDF that is not one in some place gives a reason, never a panic or a crash, and
// the next one is read as if nothing had been.
func TestMutatedPDFsHarmNobody(t *testing.T) {
	whole := minutes(t)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same files every time
	for range 40 {
		broken := bytes.Clone(whole)
		for range 1 + random.IntN(60) {
			broken[random.IntN(len(broken))] = byte(random.IntN(256))
		}
		broken = broken[:len(broken)-random.IntN(len(broken)/4)]
		_, err := shared.Text(t.Context(), file(broken, pdf))
		var why extract.Unreadable
		if err != nil && !errors.As(err, &why) {
			t.Fatalf("a broken file is a fault of ours: %v", err)
		}
	}
	if _, err := shared.Text(t.Context(), file(whole, pdf)); err != nil {
		t.Errorf("after broken ones: %v", err)
	}
}

// painted is a wide picture, red on the left, blue on the right.
func painted() image.Image {
	p := image.NewRGBA(image.Rect(0, 0, 60, 20))
	for x := range 60 {
		for y := range 20 {
			c := color.RGBA{R: 255, A: 255}
			if x >= 30 {
				c = color.RGBA{B: 255, A: 255}
			}
			p.Set(x, y, c)
		}
	}
	return p
}

// photo is a JPEG as a camera writes it: orientation 6, a place, a maker, a comment,
// and a second picture behind the first.
func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, painted(), nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPSPLACE-MAKER"
	segment := func(marker byte, body string) string {
		return string([]byte{0xff, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}) + body
	}
	plain := b.String()
	return []byte(plain[:2] + segment(0xe1, exif) + segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00GPSPLACE") + segment(0xfe, "GPSPLACE comment") + plain[2:] + "GPSPLACE behind" + plain)
}

func TestPreviewsAreUprightAndBounded(t *testing.T) {
	var b bytes.Buffer
	if _, err := shared.Preview(t.Context(), &b, file(photo(t), "image/jpeg"), 1, 30); err != nil {
		t.Fatal(err)
	}
	p, err := jpeg.Decode(&b)
	if err != nil || p.Bounds().Dx() != 10 || p.Bounds().Dy() != 30 {
		t.Fatalf("%v, %v; want 10 by 30", p.Bounds(), err)
	}
	top, _, _, _ := p.At(5, 3).RGBA()
	if bottom, _, _, _ := p.At(5, 27).RGBA(); top < 0x8000 || bottom > 0x8000 {
		t.Error("the picture stands on its head")
	}
	b.Reset()
	pages, err := shared.Preview(t.Context(), &b, file(minutes(t), pdf), 2, 400)
	if err != nil || pages != 2 {
		t.Fatalf("%d pages, %v", pages, err)
	}
	if p, err = jpeg.Decode(&b); err != nil || p.Bounds().Dy() != 400 {
		t.Errorf("a page of %v, %v", p.Bounds(), err)
	}
	var why extract.Unreadable
	if _, err = shared.Preview(t.Context(), &b, file(minutes(t), pdf), 3, 400); !errors.As(err, &why) || why.Code != "extract.no_page" {
		t.Errorf("page 3 of 2: %v", err)
	}
	huge := bytes.NewBuffer(nil)
	if err := png.Encode(huge, image.NewGray(image.Rect(0, 0, 7000, 7000))); err != nil {
		t.Fatal(err)
	}
	if _, err = shared.Preview(t.Context(), &b, file(huge.Bytes(), "image/png"), 1, 400); !errors.As(err, &why) || why.Code != "extract.too_big" {
		t.Errorf("49 million pixels: %v", err)
	}
}

func clean(t *testing.T, content []byte, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := shared.Clean(t.Context(), &b, file(content, kind)); err != nil {
		t.Fatalf("clean %s: %v", kind, err)
	}
	return b.Bytes()
}

func TestCleanedCopiesOfPicturesKeepThePictureOnly(t *testing.T) {
	got := clean(t, photo(t), "image/jpeg")
	if bytes.Contains(got, []byte("GPSPLACE")) || bytes.Contains(got, []byte("MAKER")) {
		t.Error("the copy tells the place or the camera")
	}
	was, err := jpeg.Decode(bytes.NewReader(photo(t)))
	if err != nil {
		t.Fatal(err)
	}
	is, err := jpeg.Decode(bytes.NewReader(got))
	if err != nil || is.At(3, 3) != was.At(3, 3) || is.At(55, 3) != was.At(55, 3) {
		t.Errorf("the copy shows something else: %v", err)
	}
	var b bytes.Buffer
	if _, err := shared.Preview(t.Context(), &b, file(got, "image/jpeg"), 1, 30); err != nil {
		t.Fatal(err)
	}
	if p, _ := jpeg.Decode(&b); p.Bounds().Dx() != 10 {
		t.Error("the copy lies on its side")
	}
	var raw bytes.Buffer
	if err := png.Encode(&raw, painted()); err != nil {
		t.Fatal(err)
	}
	text := "\x00\x00\x00\x08tEXtGPSPLACE\x00\x00\x00\x00"
	dirty := raw.String()[:33] + text + raw.String()[33:] + "GPSPLACE"
	if got := clean(t, []byte(dirty), "image/png"); !bytes.Equal(got, raw.Bytes()) {
		t.Errorf("the PNG is %d bytes, want the %d without its text", len(got), raw.Len())
	}
}

func TestCleanedCopiesOfDocumentsNameNobody(t *testing.T) {
	dirty := zipped(
		"docProps/core.xml", `<cp:coreProperties><dc:title>标题</dc:title><dc:creator>张三</dc:creator><cp:lastModifiedBy>张三</cp:lastModifiedBy></cp:coreProperties>`,
		"docProps/app.xml", `<Properties><Company>张三公司</Company><Pages>2</Pages></Properties>`,
		"docProps/custom.xml", `<Properties><property fmtid="x" pid="2" name="n"><vt:lpwstr>张三</vt:lpwstr></property></Properties>`,
		"word/document.xml", `<w:document><w:ins w:id="1" w:author="张三" w:date="2026-01-01"><w:r><w:t>正文 author="正文"</w:t></w:r></w:ins></w:document>`,
		"word/comments.xml", `<w:comments><w:comment w:author='张三' w:initials="张"><w:t>批注</w:t></w:comment></w:comments>`,
		"word/people.xml", `<w15:people><w15:person w15:author="张三"><w15:presenceInfo w15:providerId="AD" w15:userId="张三"/></w15:person></w15:people>`,
		"word/media/image1.jpg", string(photo(t)),
	)
	z, err := zip.NewReader(bytes.NewReader(clean(t, dirty, docx)), int64(len(clean(t, dirty, docx))))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, _ := f.Open()
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(body)
		if strings.Contains(string(body), "张三") || strings.Contains(string(body), "GPSPLACE") {
			t.Errorf("%s names somebody: %s", f.Name, body)
		}
	}
	for name, want := range map[string]string{
		"word/document.xml": `正文 author=`, "word/comments.xml": "批注", "docProps/core.xml": "<dc:title>标题</dc:title><dc:creator></dc:creator>", "docProps/app.xml": "<Pages>2</Pages>",
	} {
		if !strings.Contains(parts[name], want) {
			t.Errorf("%s lost %s: %s", name, want, parts[name])
		}
	}
	whole := minutes(t)
	if !bytes.Contains(whole, []byte("/Creator")) {
		t.Fatal("the sample says nothing of its maker; nothing would be proved")
	}
	got := clean(t, whole, pdf)
	if bytes.Contains(got, []byte("/Author")) || bytes.Contains(got, []byte("/Creator<")) || bytes.Contains(got, []byte("LibreOffice")) {
		t.Error("the PDF tells who made it")
	}
	text, err := shared.Text(t.Context(), file(got, pdf))
	if err != nil || text.Pages != 2 || !strings.Contains(text.Body, "公务卡结算制度") {
		t.Errorf("the copy reads %+v, %v", text, err)
	}
	var why extract.Unreadable
	if _, err := shared.Clean(t.Context(), io.Discard, file(nil, "application/msword")); !errors.As(err, &why) || why.Code != "extract.uncleanable" {
		t.Errorf("an old Word file: %v", err)
	}
}

func FuzzPictures(f *testing.F) {
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00MM\x00*"))
	f.Fuzz(func(t *testing.T, content []byte) {
		for _, kind := range []string{"image/jpeg", "image/png", docx} {
			_, _ = shared.Clean(t.Context(), io.Discard, file(content, kind))
		}
		_, _ = shared.Preview(t.Context(), io.Discard, file(content, "image/jpeg"), 1, 20)
	})
}
