package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// An office is an installation with one finding and somebody who may add to it.
type office struct {
	t    *testing.T
	dir  string
	addr string
	http *http.Client
}

const (
	liaisonName   = "hezq"
	liaisonSecret = "correct-horse-battery-2"
	liaisonCase   = "08-JT-001"
)

func newOffice(t *testing.T) *office {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, dir: t.TempDir(), addr: freeAddress(t), http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
	if err := seedSite(t.Context(), filepath.Join(o.dir, databaseFile)); err != nil {
		t.Fatal(err)
	}
	o.open(func(s *supervise.Service) {
		ctx, clerk := t.Context(), policy.Actor{Person: "seed", Role: ledger.Clerk, Body: "office"}
		_, err := s.Do(ctx, clerk, supervise.Order{Act: ledger.Register{
			Number: liaisonCase, Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "校外培训机构监管存在盲区。"},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.LongTerm},
		}})
		if err != nil {
			t.Fatal(err)
		}
		person, initial, err := s.AddUser(ctx, supervise.Console, supervise.NewUser{
			Username: liaisonName, Name: "和志强", Posts: []ledger.Post{{Role: ledger.Liaison, Organisation: "JT"}},
		})
		if err == nil {
			_, err = s.ChangePassword(ctx, policy.Actor{Person: person.ID}, initial, liaisonSecret)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	return o
}

// open looks into the installation while no server runs.
func (o *office) open(use func(*supervise.Service)) {
	o.t.Helper()
	db, err := store.Open(o.t.Context(), filepath.Join(o.dir, databaseFile), clock.Real)
	if err != nil {
		o.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // what was written is committed
	use(supervise.New(db, time.UTC))
}

// serve starts the server and signs in where that has not been done.
func (o *office) serve(env ...string) *exec.Cmd {
	o.t.Helper()
	cmd := exec.Command("lianshen", "serve", "--data", o.dir, "--addr", o.addr)
	cmd.Env = append(os.Environ(), env...)
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { cmd.Process.Kill() }) //nolint:errcheck // it may have ended
	err := eventually(func() error {
		answer, err := http.Get("http://" + o.addr + "/healthz")
		if err == nil {
			answer.Body.Close() //nolint:errcheck // nothing was read
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	if len(o.http.Jar.Cookies(&url.URL{Scheme: "http", Host: o.addr})) == 0 {
		o.signIn()
	}
	return cmd
}

func (o *office) signIn() {
	o.t.Helper()
	answer, err := o.http.PostForm("http://"+o.addr+"/signin", url.Values{"username": {liaisonName}, "password": {liaisonSecret}})
	if err != nil || answer.StatusCode != http.StatusOK {
		o.t.Fatalf("sign in: %v, %v", answer, err)
	}
	answer.Body.Close() //nolint:errcheck // the cookie is what counts
}

// ask sends a request of the upload protocol.
func (o *office) ask(method, path string, body []byte, headers ...string) (*http.Response, error) {
	r, err := http.NewRequest(method, "http://"+o.addr+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := o.http.Do(r)
	if err == nil {
		text, _ := io.ReadAll(answer.Body)
		answer.Body.Close() //nolint:errcheck // read to its end
		if answer.StatusCode >= 500 {
			return nil, errors.New(answer.Status + ": " + string(text))
		}
	}
	return answer, err
}

// A sending is a file on its way; path is empty until the server has named it.
type sending struct {
	content []byte
	path    string
}

func newSending(size int) *sending {
	content := make([]byte, size)
	for i := range content {
		content[i] = byte('a' + rand.IntN(26))
	}
	return &sending{content: content}
}

func (s *sending) sum() string {
	d := sha256.Sum256(s.content)
	return hex.EncodeToString(d[:])
}

// push goes on with the file until it is evidence or the server is gone.
func (o *office) push(s *sending) error {
	if s.path == "" {
		begun, err := o.ask("POST", "/findings/"+liaisonCase+"/uploads", nil, "Upload-Length", strconv.Itoa(len(s.content)),
			"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte("a.txt")))
		if err != nil {
			return err
		}
		if s.path = begun.Header.Get("Location"); s.path == "" {
			o.t.Fatalf("begin: %s", begun.Status)
		}
	}
	head, err := o.ask("HEAD", s.path, nil)
	if err != nil {
		return err
	}
	if head.StatusCode == http.StatusNotFound { // it died before the upload was written down
		s.path = ""
		return o.push(s)
	}
	for at := offsetOf(o.t, head); ; {
		piece := s.content[at:min(at+64<<10, len(s.content))]
		answer, err := o.ask("PATCH", s.path, piece, "Upload-Offset", strconv.Itoa(at), "Content-Type", "application/offset+octet-stream")
		if err != nil {
			return err
		}
		if answer.StatusCode != http.StatusNoContent {
			o.t.Fatalf("piece at %d: %s", at, answer.Status)
		}
		if at = offsetOf(o.t, answer); at == len(s.content) {
			return nil
		}
	}
}

func offsetOf(t *testing.T, answer *http.Response) int {
	t.Helper()
	n, err := strconv.Atoi(answer.Header.Get("Upload-Offset"))
	if err != nil {
		t.Fatalf("%s, offset %q", answer.Status, answer.Header.Get("Upload-Offset"))
	}
	return n
}

// sound sees that every row has its bytes, and that the record fits. It returns the
// digests that the finding has, and how many files are kept.
func (o *office) sound() (attached map[string]int, kept int) {
	o.t.Helper()
	attached = map[string]int{}
	o.open(func(s *supervise.Service) {
		files := o.files()
		if _, missing, err := s.Missing(o.t.Context(), files, true); err != nil || len(missing) > 0 {
			o.t.Fatalf("rows without their bytes: %v, %v", missing, err)
		}
		if v, err := s.Verify(o.t.Context()); err != nil || v.Fault != nil {
			o.t.Fatalf("the record: %+v, %v", v.Fault, err)
		}
		f, err := s.DB.Read().Finding(o.t.Context(), policy.Scope{All: true, Drafts: true}, liaisonCase)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, e := range f.Progress.Evidence {
			attached[e.File.SHA256]++
		}
		for _, err := range files.All(o.t.Context()) {
			if err != nil {
				o.t.Fatal(err)
			}
			kept++
		}
	})
	return attached, kept
}

func (o *office) files() blob.Folder {
	o.t.Helper()
	files, err := blob.OpenFolder(filepath.Join(o.dir, "blobs"))
	if err != nil {
		o.t.Fatal(err)
	}
	return files
}

// reclaim is what a server does a day later.
func (o *office) reclaim() (n int) {
	o.t.Helper()
	o.open(func(s *supervise.Service) {
		var err error
		if n, err = s.Reclaim(o.t.Context(), o.files(), time.Now().Add(time.Hour)); err != nil {
			o.t.Fatal(err)
		}
	})
	return n
}

// The server is killed at random moments while files arrive. After each kill no row
// is without its bytes; what was begun is resumed and becomes evidence once; what
// nothing names is reclaimed, and nothing else.
func TestKilledServerLosesNoUpload(t *testing.T) {
	const kills = 12
	o := newOffice(t)
	var done []*sending
	lost, orphans := 0, 0
	next := newSending(150 << 10)
	for range kills {
		server := o.serve()
		deadline := time.AfterFunc(time.Duration(rand.IntN(120))*time.Millisecond, func() { server.Process.Kill() }) //nolint:errcheck // it may have ended
		for o.push(next) == nil {
			done, next = append(done, next), newSending(150<<10)
			if len(done) > 90 { // a finding takes a hundred
				break
			}
		}
		deadline.Stop()
		server.Process.Kill() //nolint:errcheck // it may have ended
		server.Wait()         //nolint:errcheck // it was killed
		attached, kept := o.sound()
		for _, s := range done {
			if attached[s.sum()] != 1 {
				lost++
			}
		}
		orphans += kept - len(attached)
	}
	if lost > 0 {
		t.Errorf("%d uploads were answered for and are not evidence once", lost)
	}
	server := o.serve()
	if err := o.push(next); err != nil { // the one that the last kill hit
		t.Fatal(err)
	}
	server.Process.Kill() //nolint:errcheck // it is being ended
	server.Wait()         //nolint:errcheck // it was killed
	o.reclaim()
	attached, kept := o.sound()
	if attached[next.sum()] != 1 || kept != len(attached) {
		t.Errorf("%d files kept for %d pieces of evidence", kept, len(attached))
	}
	t.Logf("killed server: %d kills during %d uploads, 0 rows without bytes, %d times bytes without a row, all reclaimed", kills, len(done)+1, orphans)
}

// The commands see what a kill, or a hand, has left.
func TestVerifyNamesAFileThatIsGone(t *testing.T) {
	o := newOffice(t)
	server := o.serve()
	s := newSending(1000)
	if err := o.push(s); err != nil {
		t.Fatal(err)
	}
	server.Process.Kill() //nolint:errcheck // it is being ended
	server.Wait()         //nolint:errcheck // it was killed
	if text := output(t, "verify", "--data", o.dir, "--lang", "en"); !strings.Contains(text, "1 evidence file") {
		t.Errorf("with its file: %s", text)
	}
	if err := o.files().Delete(context.Background(), s.sum()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd := exec.Command("lianshen", "verify", "--data", o.dir, "--format", "json")
	cmd.Stdout = &out
	var said struct {
		OK      bool
		Missing []supervise.MissingFile
	}
	if err := cmd.Run(); err == nil {
		t.Error("verify is content without the file")
	}
	if err := json.Unmarshal(out.Bytes(), &said); err != nil || said.OK || len(said.Missing) != 1 || said.Missing[0].SHA256 != s.sum() ||
		fmt.Sprint(said.Missing[0].Records) != "[finding 08-JT-001]" {
		t.Errorf("said %s", out.String())
	}
}
