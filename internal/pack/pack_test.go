package pack_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"lianshen/internal/pack"
)

var contents = map[string]string{"目录.html": "<p>目录</p>", "08-JT-001_公务卡/01_会议记录.txt": strings.Repeat("记录", 500), "08-JT-001_公务卡/02_照片.jpg": "\xff\xd8picture"}

func made(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	w := pack.NewWriter(&b, pack.Manifest{Program: "test", At: time.Date(2026, 3, 24, 2, 0, 0, 0, time.UTC), Of: "08-JT-001"})
	for _, name := range []string{"目录.html", "08-JT-001_公务卡/01_会议记录.txt", "08-JT-001_公务卡/02_照片.jpg"} {
		_, err := w.Add(name, nil, func(w io.Writer) error { _, err := io.WriteString(w, contents[name]); return err })
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(t *testing.T, packed []byte) []pack.Fault {
	t.Helper()
	_, faults, err := pack.Check(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestWholePackHasNoFault(t *testing.T) {
	if faults := check(t, made(t)); len(faults) != 0 {
		t.Errorf("%v", faults)
	}
	m, _, _ := pack.Check(bytes.NewReader(made(t)), int64(len(made(t))))
	if len(m.Files) != 3 || m.Of != "08-JT-001" {
		t.Errorf("manifest %+v", m)
	}
}

// Whatever byte is changed is noticed; a byte of a file is reported with its path.
func TestEveryChangedByteIsReported(t *testing.T) {
	whole := made(t)
	for i := range whole {
		broken := bytes.Clone(whole)
		broken[i] ^= 0x20
		_, faults, err := pack.Check(bytes.NewReader(broken), int64(len(broken)))
		if err == nil && len(faults) == 0 {
			t.Fatalf("byte %d of %d may change", i, len(whole))
		}
	}
	at := bytes.Index(whole, []byte("\xff\xd8picture"))
	broken := bytes.Clone(whole)
	broken[at+4] ^= 1
	if got := check(t, broken); !slices.Equal(got, []pack.Fault{{Code: "pack.changed", Path: "08-JT-001_公务卡/02_照片.jpg"}}) {
		t.Errorf("%v", got)
	}
	for _, more := range []string{"x", "PK"} {
		if _, faults, err := pack.Check(strings.NewReader(string(whole)+more), int64(len(whole)+len(more))); err == nil && len(faults) == 0 {
			t.Error("a byte behind the pack is not noticed")
		}
	}
}

// repacked is the pack with one file left out and others added.
func repacked(t *testing.T, without string, with ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(made(t)), int64(len(made(t))))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_ = w.SetComment(z.Comment)
	for _, f := range z.File {
		if f.Name != without {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range with {
		to, _ := w.Create(name)
		_, _ = io.WriteString(to, "more")
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestMissingAndAddedFilesAreNamed(t *testing.T) {
	const record = "08-JT-001_公务卡/01_会议记录.txt"
	got := check(t, repacked(t, record, "多出的.txt"))
	if !slices.Equal(got, []pack.Fault{{"pack.missing", record}, {"pack.added", "多出的.txt"}}) {
		t.Errorf("%v", got)
	}
	if got = check(t, repacked(t, "", record)); !slices.Contains(got, pack.Fault{Code: "pack.twice", Path: record}) {
		t.Errorf("a second file of the name: %v", got)
	}
	for _, foreign := range []string{"hello", "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		if _, _, err := pack.Check(strings.NewReader(foreign), int64(len(foreign))); !errors.Is(err, pack.ErrForeign) {
			t.Errorf("%q: %v", foreign, err)
		}
	}
}

func TestNamesAreSafeOnEverySystem(t *testing.T) {
	for in, want := range map[string]string{"a/b\\c:d\n": "a_b_c_d", "  落实“双减”政策。  ": "落实“双减”", "..": "", "x. ": "x"} {
		if got := pack.Name(in, 6+strings.Count(in, "d")*10); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
