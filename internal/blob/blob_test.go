package blob_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lianshen/internal/blob"
)

func Example() {
	dir, err := os.MkdirTemp("", "evidence")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	files, err := blob.OpenFolder(dir)
	if err != nil {
		panic(err)
	}
	ref, err := files.Put(context.Background(), "会议记录.txt", strings.NewReader("2026年1月13日"), blob.DefaultLimit)
	fmt.Println(ref.Type, ref.Size, err)
	_, err = files.Put(context.Background(), "记录.exe", strings.NewReader("MZ"), blob.DefaultLimit)
	fmt.Println(err)
	// Output:
	// text/plain 16 <nil>
	// refused: blob.type[.exe]
}

func folder(t *testing.T) (blob.Folder, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

// filesIn returns the paths of all files below dir.
func filesIn(t *testing.T, dir string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(d.Name(), ".") {
			rel, _ := filepath.Rel(dir, path)
			paths = append(paths, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func archive(parts ...string) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, part := range parts {
		f, _ := w.Create(part)
		_, _ = io.WriteString(f, "<x/>")
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// photo is a whole JPEG.
func photo(width, height int) string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, width, height)), nil); err != nil {
		panic(err)
	}
	return b.String()
}

// screenshot is the head of a PNG that claims a size, and nothing behind it.
func screenshot(width, height uint32) string {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, 8, 2, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), 13)
	b = append(b, head...)
	return string(binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head)))
}

// unpacksTo is an office document whose part claims to be that large unpacked.
func unpacksTo(part string, size uint64) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_, _ = w.Create("[Content_Types].xml")
	_, _ = w.CreateRaw(&zip.FileHeader{Name: part, Method: zip.Deflate, UncompressedSize64: size})
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// compound returns the beginning of an office file from before 2007 with one stream,
// whose name lies across the edge of the buffer it is looked for in.
func compound(stream string) string {
	var wide strings.Builder
	for _, c := range stream + "\x00" {
		wide.WriteRune(c)
		wide.WriteByte(0)
	}
	head := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	return head + strings.Repeat("\x01", 64<<10-len(head)-5) + wide.String() + "tail"
}

func TestTypeIsDecidedByNameAndContent(t *testing.T) {
	docx := archive("[Content_Types].xml", "word/document.xml")
	xlsx := archive("[Content_Types].xml", "xl/workbook.xml")
	const (
		word  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	)
	for _, tt := range []struct{ name, content, want string }{
		{"a.pdf", "%PDF-1.7\n", "application/pdf"},
		{"a.PDF", "%PDF-1.7\n", "application/pdf"},
		{"a.jpg", photo(40, 30), "image/jpeg"},
		{"a.jpeg", photo(40, 30), "image/jpeg"},
		{"a.png", screenshot(40, 30), "image/png"},
		{"a.docx", docx, word},
		{"a.xlsx", xlsx, sheet},
		{"a.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
		{"a.doc", compound("WordDocument"), "application/msword"},
		{"a.xls", compound("Workbook"), "application/vnd.ms-excel"},
		{"a.xls", compound("Book"), "application/vnd.ms-excel"},
		{"a.wps", compound("WordDocument"), "application/vnd.ms-works"},
		{"a.wps", docx, "application/vnd.ms-works"},
		{"a.et", compound("Workbook"), "application/vnd.ms-excel"},
		{"a.txt", "2026年1月13日\r\n免去某人职务", "text/plain"},
		{"a.txt", "\xff\xfe\x00\x4e\x03\x4e\x1a\x4e", "text/plain"},    // 一七业 in UTF-16
		{"a.csv", "\xb1\xe0\xba\xc5,\xce\xca\xcc\xe2\r\n", "text/csv"}, // 编号,问题 in GB18030

		{"a.png", screenshot(15000, 15000), "blob.pixels"},
		{"a.png", screenshot(14000, 14000), "image/png"},
		{"a.png", screenshot(0, 14000), "blob.damaged"},
		{"a.png", "\x89PNG\r\n\x1a\n...", "blob.damaged"},
		{"a.jpg", "\xff\xd8\xff\xe0", "blob.damaged"},
		{"a.docx", unpacksTo("word/document.xml", 1<<30+1), "blob.unpacked"},
		{"a", "%PDF-1.7\n", "blob.type"},
		{"a.exe", "MZ\x90", "blob.type"},
		{"a.html", "<html>", "blob.type"},
		{"a.svg", "<svg/>", "blob.type"},
		{"a.zip", docx, "blob.type"},
		{"a.docm", docx, "blob.type"},
		{"a.pdf.exe", "%PDF-1.7\n", "blob.type"},
		{"a.pdf", "MZ\x90\x00", "blob.content"},
		{"a.pdf", "%PD", "blob.content"},
		{"a.jpg", "\x89PNG\r\n\x1a\n", "blob.content"},
		{"a.docx", xlsx, "blob.content"},
		{"a.docx", archive("word/document.xml"), "blob.content"},
		{"a.docx", archive("evil.exe"), "blob.content"},
		{"a.docx", docx[:len(docx)-30], "blob.damaged"},
		{"a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "blob.macro"},
		{"a.doc", compound("Installer"), "blob.content"},
		{"a.doc", compound("Workbook"), "blob.content"},
		{"a.doc", docx, "blob.content"},
		{"a.txt", "MZ\x90\x00\x03", "blob.content"},
		{"a.txt", "\x7fELF\x02\x01", "blob.content"},
		{"a.txt", "#!/bin/sh\nrm -rf /", "blob.content"},
		{"a.txt", "\ufeff \n<!DOCTYPE html><script>", "blob.content"},
		{"a.csv", "<SVG onload=alert(1)>", "blob.content"},
		{"a.txt", "\xff\xfe<\x00h\x00t\x00m\x00l\x00", "blob.content"},
		{"a.txt", "", "blob.empty"},
	} {
		s, dir := folder(t)
		ref, err := s.Put(t.Context(), tt.name, strings.NewReader(tt.content), blob.DefaultLimit)
		var refusal *blob.Refusal
		switch {
		case errors.As(err, &refusal):
			if refusal.Code != tt.want {
				t.Errorf("%s with %.12q: %s, want %s", tt.name, tt.content, refusal.Code, tt.want)
			}
			if left := filesIn(t, dir); len(left) != 0 {
				t.Errorf("%s with %.12q: refused, but left %v", tt.name, tt.content, left)
			}
		case err != nil || ref.Type != tt.want:
			t.Errorf("%s with %.12q: %q, %v; want %s", tt.name, tt.content, ref.Type, err, tt.want)
		}
	}
}

func TestWhatIsPutCanBeReadUntilItIsDeleted(t *testing.T) {
	s, dir := folder(t)
	ctx := t.Context()
	const (
		content = "一是完善制度"
		sum     = "b44078e3d7853e73c443a23d199a1314aa7506e840633fa6d9eee89a72ccfd71"
	)
	ref, err := s.Put(ctx, "a.txt", strings.NewReader(content), 18)
	if err != nil || ref.Size != 18 || ref.SHA256 != sum {
		t.Fatalf("Put = %+v, %v", ref, err)
	}
	where := ref.SHA256[:2] + "/" + ref.SHA256[2:4] + "/" + ref.SHA256
	if got := filesIn(t, dir); len(got) != 1 || got[0] != where {
		t.Errorf("kept as %v, want %s", got, where)
	}
	file, err := s.Open(ctx, ref.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || string(got) != content {
		t.Errorf("read %q, %v", got, err)
	}
	if size, err := s.Stat(ctx, ref.SHA256); size != 18 || err != nil {
		t.Errorf("Stat = %d, %v", size, err)
	}
	for range 2 {
		if err := s.Delete(ctx, ref.SHA256); err != nil {
			t.Errorf("Delete: %v", err)
		}
	}
	if _, err := s.Open(ctx, ref.SHA256); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Open after Delete: %v, want ErrNotFound", err)
	}
	if _, err := s.Stat(ctx, ref.SHA256); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("Stat after Delete: %v, want ErrNotFound", err)
	}
}

func TestTheSameBytesAreKeptOnce(t *testing.T) {
	s, dir := folder(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := s.Put(t.Context(), fmt.Sprintf("%d.txt", i), strings.NewReader("同一份佐证"), 99); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := filesIn(t, dir); len(got) != 1 {
		t.Errorf("kept %v", got)
	}
}

func TestOneByteOverTheLimitIsTooBig(t *testing.T) {
	s, dir := folder(t)
	_, err := s.Put(t.Context(), "a.txt", strings.NewReader("12345678901"), 10)
	var refusal *blob.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "blob.too_big" || refusal.Args[0] != "10 B" {
		t.Errorf("err = %v, want blob.too_big", err)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("refused, but left %v", left)
	}
	if _, err := s.Put(t.Context(), "a.txt", strings.NewReader("1234567890"), 10); err != nil {
		t.Errorf("of exactly the limit: %v", err)
	}
}

// brokenOff gives some bytes and then an error, as an upload that breaks off.
type brokenOff struct{ r io.Reader }

var errLine = errors.New("line is down")

func (b brokenOff) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err == io.EOF {
		err = errLine
	}
	return n, err
}

func TestABrokenUploadLeavesNothing(t *testing.T) {
	s, dir := folder(t)
	if _, err := s.Put(t.Context(), "a.txt", brokenOff{strings.NewReader("half")}, 99); !errors.Is(err, errLine) {
		t.Errorf("err = %v, want %v", err, errLine)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Put(ctx, "a.txt", strings.NewReader("whole"), 99); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want context.Canceled", err)
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}

func TestSweepRemovesWhatACrashLeft(t *testing.T) {
	s, dir := folder(t)
	if _, err := s.Put(t.Context(), "a.txt", strings.NewReader("whole"), 99); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "incoming", "123"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Sweep(); err != nil {
		t.Fatal(err)
	}
	if got := filesIn(t, dir); len(got) != 1 || strings.HasPrefix(got[0], "incoming") {
		t.Errorf("after Sweep there are %v", got)
	}
}

func TestCheckFindsDamage(t *testing.T) {
	s, dir := folder(t)
	ctx := t.Context()
	ref, err := s.Put(ctx, "a.txt", strings.NewReader("证据"), 99)
	if err != nil {
		t.Fatal(err)
	}
	if err := blob.Check(ctx, s, ref.SHA256); err != nil {
		t.Errorf("whole: %v", err)
	}
	path := filepath.Join(dir, filesIn(t, dir)[0])
	if err := errors.Join(os.Chmod(path, 0o600), os.WriteFile(path, []byte("证劇"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := blob.Check(ctx, s, ref.SHA256); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("changed: %v, want ErrDamaged", err)
	}
	if err := os.WriteFile(path, []byte("证"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(ctx, "a.txt", strings.NewReader("证据"), 99); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("putting over a shortened file: %v, want ErrDamaged", err)
	}
	if err := s.Delete(ctx, ref.SHA256); err != nil {
		t.Fatal(err)
	}
	if err := blob.Check(ctx, s, ref.SHA256); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("gone: %v, want ErrNotFound", err)
	}
}

func TestNoDigestLeadsOutOfTheFolder(t *testing.T) {
	s, dir := folder(t)
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "secret", "../secret", strings.Repeat("../", 21) + "x", strings.Repeat("A", 64), strings.Repeat("/", 64)} {
		if _, err := s.Open(t.Context(), bad); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("Open(%q): %v, want ErrNotFound", bad, err)
		}
		if err := s.Delete(t.Context(), bad); err != nil {
			t.Errorf("Delete(%q): %v", bad, err)
		}
	}
	if got := filesIn(t, dir); len(got) != 1 {
		t.Errorf("after that there are %v", got)
	}
}

func TestAllListsWhatIsKeptInOrder(t *testing.T) {
	s, dir := folder(t)
	kept := map[string]bool{}
	for i := range 20 {
		ref, err := s.Put(t.Context(), "a.txt", strings.NewReader(fmt.Sprint(i)), 99)
		if err != nil {
			t.Fatal(err)
		}
		kept[ref.SHA256] = true
	}
	for _, stray := range []string{"readme", filepath.Join("incoming", strings.Repeat("a", 64)), strings.Repeat("b", 64)} {
		if err := os.WriteFile(filepath.Join(dir, stray), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	last, n := "", 0
	for sum, err := range s.All(t.Context()) {
		if err != nil || sum <= last || !kept[sum] {
			t.Errorf("%q after %q, %v", sum, last, err)
		}
		last, n = sum, n+1
	}
	if n != len(kept) {
		t.Errorf("listed %d of %d", n, len(kept))
	}
	for _, err := range s.All(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break // stopping early must not panic
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for sum, err := range s.All(ctx) {
		if sum != "" || !errors.Is(err, context.Canceled) {
			t.Errorf("after cancel: %q, %v", sum, err)
		}
	}
}

func TestHeaderKeepsAFileFromRunning(t *testing.T) {
	h := http.Header{}
	blob.Header(h, blob.Ref{Type: "text/plain"}, "会议\"1 + 1'\r\n.txt")
	for key, want := range map[string]string{
		"Content-Type":            "text/plain",
		"X-Content-Type-Options":  "nosniff",
		"Content-Security-Policy": "sandbox; default-src 'none'",
		"Content-Disposition":     "attachment; filename*=UTF-8''%E4%BC%9A%E8%AE%AE%221%20%2B%201%27%0D%0A.txt",
	} {
		if got := h.Get(key); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
}
