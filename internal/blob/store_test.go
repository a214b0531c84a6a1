package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/blob/blobtest"
)

// Every store is held to the same.
func TestStoresAgree(t *testing.T) {
	stores := map[string]func(*testing.T) blob.Store{
		"folder": func(t *testing.T) blob.Store { s, _ := folder(t); return s },
		"s3":     func(t *testing.T) blob.Store { return blobtest.OpenS3(t) },
		"s3 with a prefix": func(t *testing.T) blob.Store {
			b := blobtest.S3(t)
			b.Prefix = "county/evidence"
			s, err := blob.OpenS3(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	}
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			keepsAndGives(t, s)
			listsInOrder(t, s)
			reclaimsWhatIsOld(t, s)
			restoresByDigest(t, s)
		})
	}
}

// keepsAndGives goes over the border from which S3 sends a file in parts (16 MB).
func keepsAndGives(t *testing.T, s blob.Store) {
	t.Helper()
	for _, size := range []int{1, 70_000, 18 << 20} {
		content := random(size)
		ref, err := s.Put(t.Context(), "a.txt", bytes.NewReader(content), blob.DefaultLimit)
		if err != nil || ref.Size != int64(size) || ref.SHA256 != sum(content) {
			t.Fatalf("put %d bytes: %+v, %v", size, ref, err)
		}
		if again, err := s.Put(t.Context(), "b.txt", bytes.NewReader(content), blob.DefaultLimit); err != nil || again != ref {
			t.Errorf("put %d bytes again: %+v, %v", size, again, err)
		}
		if n, err := s.Stat(t.Context(), ref.SHA256); err != nil || n != ref.Size {
			t.Errorf("stat: %d, %v", n, err)
		}
		readsBack(t, s, ref.SHA256, content)
		if err := s.Delete(t.Context(), ref.SHA256); err != nil {
			t.Errorf("delete: %v", err)
		}
		if _, err := s.Open(t.Context(), ref.SHA256); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("open after delete: %v, want ErrNotFound", err)
		}
		if _, err := s.Stat(t.Context(), ref.SHA256); !errors.Is(err, blob.ErrNotFound) {
			t.Errorf("stat after delete: %v, want ErrNotFound", err)
		}
		if err := s.Delete(t.Context(), ref.SHA256); err != nil {
			t.Errorf("delete again: %v", err)
		}
	}
	if _, err := s.Open(t.Context(), "../../etc/passwd"); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("open what is no digest: %v", err)
	}
	var refusal *blob.Refusal
	if _, err := s.Put(t.Context(), "a.pdf", strings.NewReader("MZ"), 99); !errors.As(err, &refusal) {
		t.Errorf("a program called pdf: %v", err)
	}
}

func readsBack(t *testing.T, s blob.Store, digest string, content []byte) {
	t.Helper()
	file, err := s.Open(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes of %d, %v", len(got), len(content), err)
	}
	middle := int64(len(content) / 2)
	if at, err := file.Seek(middle, io.SeekStart); err != nil || at != middle {
		t.Errorf("seek: %d, %v", at, err)
	}
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, content[middle:]) {
		t.Errorf("from the middle: %d bytes, %v", len(got), err)
	}
	piece := make([]byte, min(7, len(content)))
	if _, err := file.(io.ReaderAt).ReadAt(piece, 0); err != nil && !errors.Is(err, io.EOF) || !bytes.Equal(piece, content[:len(piece)]) {
		t.Errorf("read at 0: %q, %v", piece, err)
	}
	if err := blob.Check(t.Context(), s, digest); err != nil {
		t.Errorf("check: %v", err)
	}
}

func listsInOrder(t *testing.T, s blob.Store) {
	t.Helper()
	kept := map[string]bool{}
	for i := range 30 {
		ref, err := s.Put(t.Context(), "a.txt", strings.NewReader(fmt.Sprint("第", i)), 99)
		if err != nil {
			t.Fatal(err)
		}
		kept[ref.SHA256] = true
	}
	last, n := "", 0
	for digest, err := range s.All(t.Context()) {
		if err != nil || digest <= last || !kept[digest] {
			t.Errorf("%q after %q, %v", digest, last, err)
		}
		last, n = digest, n+1
	}
	if n != len(kept) {
		t.Errorf("listed %d of %d", n, len(kept))
	}
	for _, err := range s.All(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break // stopping early must not hang or panic
	}
}

// What was put, or put again, after the given time stays.
func reclaimsWhatIsOld(t *testing.T, s blob.Store) {
	t.Helper()
	ref, err := s.Put(t.Context(), "a.txt", strings.NewReader("同一份"), 99)
	if err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Reclaim(t.Context(), ref.SHA256, time.Now().Add(-time.Hour)); removed || err != nil {
		t.Errorf("what was put a moment ago is reclaimed: %v, %v", removed, err)
	}
	if removed, err := s.Reclaim(t.Context(), ref.SHA256, time.Now().Add(time.Hour)); !removed || err != nil {
		t.Errorf("what is old is not reclaimed: %v, %v", removed, err)
	}
	if removed, err := s.Reclaim(t.Context(), ref.SHA256, time.Now().Add(time.Hour)); removed || err != nil {
		t.Errorf("what is gone is reclaimed: %v, %v", removed, err)
	}
}

func restoresByDigest(t *testing.T, s blob.Store) {
	t.Helper()
	content := random(5000)
	if err := s.Restore(t.Context(), sum(content), bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	readsBack(t, s, sum(content), content)
	if err := s.Restore(t.Context(), sum([]byte("other")), bytes.NewReader(content)); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("restore other bytes: %v, want ErrDamaged", err)
	}
	if _, err := s.Stat(t.Context(), sum([]byte("other"))); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("after a refused restore: %v", err)
	}
}

// Old bytes that are put again count as new: their row may be about to be written.
func TestPuttingAgainRenewsTheAge(t *testing.T) {
	s, dir := folder(t)
	ref, err := s.Put(t.Context(), "a.txt", strings.NewReader("旧"), 99)
	if err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(dir+"/"+filesIn(t, dir)[0], old, old); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), "b.txt", strings.NewReader("旧"), 99); err != nil {
		t.Fatal(err)
	}
	if removed, err := s.Reclaim(t.Context(), ref.SHA256, time.Now().Add(-24*time.Hour)); removed || err != nil {
		t.Errorf("reclaimed: %v, %v", removed, err)
	}
}

func TestABucketThatIsNotThereIsSaid(t *testing.T) {
	b := blobtest.S3(t)
	b.Name = "nowhere"
	if _, err := blob.OpenS3(t.Context(), b); err == nil || strings.Contains(err.Error(), b.Secret) {
		t.Errorf("err = %v", err)
	}
	b.Name, b.Secret = "evidence", "wrong-secret"
	if _, err := blob.OpenS3(t.Context(), b); err == nil || strings.Contains(err.Error(), "wrong-secret") {
		t.Errorf("err = %v", err)
	}
}

// A process may write files up to a limit: for whoever writes it is a full disk,
// at a place the test chooses. The child is this test again.
func TestAFullDiskKeepsNothingAndSaysSo(t *testing.T) {
	if dir := os.Getenv("LIANSHEN_TEST_FULL"); dir != "" {
		fillUp(t, dir)
		return
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "LIANSHEN_TEST_FULL="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if left := filesIn(t, dir); len(left) != 1 {
		t.Errorf("left %v, want the one file that fits", left)
	}
}

func fillUp(t *testing.T, dir string) {
	t.Helper()
	s, err := blob.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), "a.txt", bytes.NewReader(random(1000)), blob.DefaultLimit); err != nil {
		t.Fatalf("before the disk is full: %v", err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}); err != nil {
		t.Fatal(err)
	}
	content := random(200 << 10)
	if _, err := s.Put(t.Context(), "a.txt", bytes.NewReader(content), blob.DefaultLimit); !errors.Is(err, blob.ErrFull) {
		t.Errorf("put: %v, want ErrFull", err)
	}
	if err := s.Restore(t.Context(), sum(content), bytes.NewReader(content)); !errors.Is(err, blob.ErrFull) {
		t.Errorf("restore: %v, want ErrFull", err)
	}
}

// random is text that no two tests share.
func random(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + rand.IntN(26))
	}
	return b
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func TestScannerTellsCleanInfectedAndUnsure(t *testing.T) {
	clamd := blobtest.StartClamd(t)
	s := blob.Scanner{Address: clamd.Address, Patience: 2 * time.Second}
	if found, err := s.Scan(t.Context(), bytes.NewReader(random(200<<10))); found != "" || err != nil {
		t.Errorf("clean: %q, %v", found, err)
	}
	dirty := string(random(64<<10-10)) + blobtest.Infected // across the edge of two pieces
	if found, err := s.Scan(t.Context(), strings.NewReader(dirty)); found != "Test.Signature" || err != nil {
		t.Errorf("infected: %q, %v", found, err)
	}
	for _, answer := range []string{"INSTREAM size limit exceeded. ERROR", "stream: ", "stream: OK maybe", "nonsense"} {
		clamd.Say(answer)
		if found, err := s.Scan(t.Context(), strings.NewReader("x")); found != "" || !errors.Is(err, blob.ErrUnsure) {
			t.Errorf("%q: %q, %v, want ErrUnsure", answer, found, err)
		}
	}
	gone := blob.Scanner{Address: "unix:" + t.TempDir() + "/none"}
	if found, err := gone.Scan(t.Context(), strings.NewReader("x")); found != "" || !errors.Is(err, blob.ErrUnsure) {
		t.Errorf("nobody there: %q, %v, want ErrUnsure", found, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Scan(ctx, strings.NewReader("x")); !errors.Is(err, blob.ErrUnsure) {
		t.Errorf("broken off: %v, want ErrUnsure", err)
	}
}
