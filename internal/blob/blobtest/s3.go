// Package blobtest starts what tests of evidence files talk to: a real S3 service
// (versitygw) over a folder, and a clamd that says what the test wants. No test is
// left out silently: see [S3].
package blobtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lianshen/internal/blob"
)

// requiredVariable makes a missing versitygw a failure, as "make check" wants it.
const requiredVariable = "LIANSHEN_TEST_S3_REQUIRED"

// S3 starts a service with an empty bucket and returns where it is. It ends with
// the test. Where versitygw is not installed (scripts/setup-tests.sh does it) the
// test is skipped, or fails if LIANSHEN_TEST_S3_REQUIRED is set.
func S3(t testing.TB) blob.Bucket {
	t.Helper()
	program := gateway()
	if program == "" {
		if os.Getenv(requiredVariable) != "" {
			t.Fatal("versitygw is not installed: run scripts/setup-tests.sh")
		}
		t.Skip("versitygw is not installed: run scripts/setup-tests.sh")
	}
	root, address := t.TempDir(), freeAddress(t)
	if err := os.Mkdir(filepath.Join(root, "evidence"), 0o700); err != nil { // a bucket is a folder there
		t.Fatal(err)
	}
	b := blob.Bucket{
		Endpoint: "http://" + address, Name: "evidence", Region: "us-east-1",
		Access: "lianshen", Secret: rand.Text(), Spool: filepath.Join(t.TempDir(), "spool"),
	}
	cmd := exec.Command(program, "--port", address, "--access", b.Access, "--secret", b.Secret, "--quiet", "posix", root)
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it keeps nothing that is wanted
		_ = cmd.Wait()
	})
	awaitAnswer(t, b.Endpoint)
	return b
}

// OpenS3 starts a service and opens its bucket.
func OpenS3(t testing.TB) blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(context.Background(), S3(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// gateway is versitygw as scripts/setup-tests.sh puts it, or that of the machine.
func gateway() string {
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if own := filepath.Join(dir, ".tools", "bin", "versitygw"); executable(own) {
			return own
		}
	}
	found, err := exec.LookPath("versitygw")
	if err != nil {
		return ""
	}
	return found
}

func executable(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode()&0o111 != 0
}

func freeAddress(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String()
}

// awaitAnswer waits until somebody answers at all: 403 is an answer.
func awaitAnswer(t testing.TB, url string) {
	t.Helper()
	var last error
	for range 200 {
		answer, err := http.Get(url) //nolint:noctx // a test on this machine
		if err == nil {
			answer.Body.Close()
			return
		}
		last = err
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(fmt.Errorf("versitygw does not answer: %w", last))
}
