package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"lianshen/internal/blob"
	"lianshen/internal/blob/blobtest"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// tus sends one request of the protocol; headers are names and values in turn.
func (s testSite) tus(who, method, path string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	r.Header.Set(tusHeader, tusVersion)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return s.ask(who, r)
}

// beginUpload announces a file for 08-JT-001 and returns its address.
func (s testSite) beginUpload(who, name string, size int, fields ...string) string {
	s.t.Helper()
	w := s.tus(who, "POST", "/findings/08-JT-001/uploads", nil,
		"Upload-Length", strconv.Itoa(size), "Upload-Metadata", described(name, fields...))
	if w.Code != http.StatusCreated {
		s.t.Fatalf("begin: code %d; %s", w.Code, w.Body)
	}
	return w.Header().Get("Location")
}

func described(name string, fields ...string) string {
	text := "filename " + base64.StdEncoding.EncodeToString([]byte(name))
	for i := 0; i < len(fields); i += 2 {
		text += "," + fields[i] + " " + base64.StdEncoding.EncodeToString([]byte(fields[i+1]))
	}
	return text
}

func (s testSite) piece(who, path string, at int, body string, headers ...string) *httptest.ResponseRecorder {
	headers = append([]string{"Upload-Offset", strconv.Itoa(at), "Content-Type", pieceType}, headers...)
	return s.tus(who, "PATCH", path, strings.NewReader(body), headers...)
}

// evidence is what the organisation has on 08-JT-001.
func (s testSite) evidence() []ledger.Evidence {
	s.t.Helper()
	f, err := s.Supervise.DB.Read().Finding(s.t.Context(), policy.Scope{All: true, Drafts: true}, "08-JT-001")
	if err != nil {
		s.t.Fatal(err)
	}
	return f.Progress.Evidence
}

func TestAFileInPiecesBecomesEvidence(t *testing.T) {
	s := newSite(t)
	s.round(1)
	s.do("liaison", ledger.WritePlan{Number: "08-JT-001", Plan: ledger.Plan{Measures: []ledger.Measure{{Text: "逐家检查"}}}})
	content := "会议纪要第一页\n会议纪要第二页\n"
	at := s.beginUpload("liaison", "纪要.txt", len(content), "name", "局党组会议纪要", "doc_number", "云教体党〔2026〕3号",
		"date", "2026-01-13", "issuer", "局党组", "proves", "专题研究", "measures", "08-JT-001-1")
	if w := s.piece("liaison", at, 0, content[:9]); w.Code != http.StatusNoContent || w.Header().Get("Upload-Offset") != "9" {
		t.Fatalf("first piece: code %d, offset %s; %s", w.Code, w.Header().Get("Upload-Offset"), w.Body)
	}
	if w := s.tus("liaison", "HEAD", at, nil); w.Code != http.StatusOK || w.Header().Get("Upload-Offset") != "9" ||
		w.Header().Get("Upload-Length") != strconv.Itoa(len(content)) || w.Header().Get("Upload-Expires") == "" {
		t.Errorf("HEAD: code %d, %v", w.Code, w.Header())
	}
	if list := s.evidence(); len(list) != 0 {
		t.Errorf("half a file is evidence: %+v", list)
	}
	for range 2 { // the answer to the last piece may get lost
		w := s.piece("liaison", at, 9, content[9:])
		if w.Code != http.StatusNoContent && w.Code != http.StatusConflict {
			t.Fatalf("last piece: code %d; %s", w.Code, w.Body)
		}
	}
	if w := s.piece("liaison", at, len(content), ""); w.Code != http.StatusNoContent {
		t.Errorf("nothing more, again: code %d; %s", w.Code, w.Body)
	}
	list := s.evidence()
	if len(list) != 1 || list[0].Name != "局党组会议纪要" || list[0].File.Name != "纪要.txt" || list[0].DocNumber != "云教体党〔2026〕3号" ||
		list[0].Date != day("2026-01-13") || list[0].Issuer != "局党组" || list[0].Proves != "专题研究" || len(list[0].Measures) != 1 {
		t.Fatalf("evidence %+v", list)
	}
	if err := blob.Check(t.Context(), s.Blobs, list[0].File.SHA256); err != nil {
		t.Error(err)
	}
	if w := s.get("liaison", "/findings/08-JT-001/evidence/"+list[0].ID); w.Body.String() != content {
		t.Errorf("read back %q", w.Body)
	}
}

func TestUploadsAreStrict(t *testing.T) {
	s := newSite(t)
	s.round(1)
	post := func(who string, headers ...string) int {
		return s.tus(who, "POST", "/findings/08-JT-001/uploads", nil, headers...).Code
	}
	good := described("a.txt")
	for _, c := range []struct {
		name string
		got  int
		want int
	}{
		{"another version", post("liaison", tusHeader, "0.2.2", "Upload-Length", "5", "Upload-Metadata", good), 412},
		{"no length", post("liaison", "Upload-Metadata", good), 400},
		{"nothing in it", post("liaison", "Upload-Length", "0", "Upload-Metadata", good), 422},
		{"too large", post("liaison", "Upload-Length", "52428801", "Upload-Metadata", good), 413},
		{"a program", post("liaison", "Upload-Length", "5", "Upload-Metadata", described("a.exe")), 422},
		{"no base64", post("liaison", "Upload-Length", "5", "Upload-Metadata", "filename a.txt"), 400},
		{"a date that is none", post("liaison", "Upload-Length", "5", "Upload-Metadata", described("a.txt", "date", "昨天")), 422},
		{"a date in the future", post("liaison", "Upload-Length", "5", "Upload-Metadata", described("a.txt", "date", "2099-01-01")), 422},
		{"a measure there is not", post("liaison", "Upload-Length", "5", "Upload-Metadata", described("a.txt", "measures", "08-JT-001-9")), 422},
		{"the clerk", post("clerk", "Upload-Length", "5", "Upload-Metadata", good), 403},
		{"another organisation", post("stranger", "Upload-Length", "5", "Upload-Metadata", good), 404},
		{"nobody", post("", "Upload-Length", "5", "Upload-Metadata", good), 401},
	} {
		if c.got != c.want {
			t.Errorf("begin, %s: code %d, want %d", c.name, c.got, c.want)
		}
	}
	at := s.beginUpload("liaison", "a.txt", 5)
	sum := func(text string) string {
		d := sha256.Sum256([]byte(text))
		return "sha256 " + base64.StdEncoding.EncodeToString(d[:])
	}
	for _, c := range []struct {
		name string
		got  int
		want int
	}{
		{"ahead of the bytes", s.piece("liaison", at, 1, "ello").Code, 409},
		{"no offset", s.tus("liaison", "PATCH", at, strings.NewReader("hello"), "Content-Type", pieceType).Code, 415},
		{"another type", s.piece("liaison", at, 0, "hello", "Content-Type", "text/plain").Code, 415},
		{"more than announced", s.piece("liaison", at, 0, "hello!").Code, 413},
		{"wrong checksum", s.piece("liaison", at, 0, "hello", "Upload-Checksum", sum("hullo")).Code, 460},
		{"unknown checksum", s.piece("liaison", at, 0, "hello", "Upload-Checksum", "md5 eA==").Code, 400},
		{"somebody else", s.piece("stranger", at, 0, "hello").Code, 404},
		{"the head of the same organisation", s.piece("head", at, 0, "hello").Code, 404},
		{"nowhere", s.piece("liaison", uploadPath("../../x"), 0, "hello").Code, 404},
		{"the half that is right", s.piece("liaison", at, 0, "hel", "Upload-Checksum", sum("hel")).Code, 204},
		{"the same again", s.piece("liaison", at, 0, "hel").Code, 409},
	} {
		if c.got != c.want {
			t.Errorf("piece, %s: code %d, want %d", c.name, c.got, c.want)
		}
	}
	if w := s.tus("liaison", "DELETE", at, nil); w.Code != http.StatusNoContent {
		t.Errorf("cancel: code %d", w.Code)
	}
	if w := s.tus("liaison", "HEAD", at, nil); w.Code != http.StatusNotFound {
		t.Errorf("after cancelling: code %d", w.Code)
	}
	if n := len(s.evidence()); n != 0 {
		t.Errorf("%d pieces of evidence", n)
	}
}

// What is refused at the end is forgotten, and the sender told why.
func TestAWholeFileThatIsNotTakenIsForgotten(t *testing.T) {
	s := newSite(t)
	s.round(1)
	at := s.beginUpload("liaison", "a.pdf", 4)
	w := s.piece("liaison", at, 0, "MZ\x90\x00")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "与扩展名") {
		t.Errorf("code %d; %s", w.Code, w.Body)
	}
	if w := s.tus("liaison", "HEAD", at, nil); w.Code != http.StatusNotFound {
		t.Errorf("afterwards: code %d", w.Code)
	}
}

func TestAnInfectedFileIsRefusedAndAnUnscannedOneHeld(t *testing.T) {
	s := newSite(t)
	s.round(1)
	clamd := blobtest.StartClamd(t)
	s.Scanner = blob.Scanner{Address: clamd.Address, Patience: time.Second}
	send := func(text string) int {
		return s.piece("liaison", s.beginUpload("liaison", "a.txt", len(text)), 0, text).Code
	}
	if code := send("infected: " + blobtest.Infected); code != http.StatusUnprocessableEntity || len(s.evidence()) != 0 {
		t.Errorf("infected: code %d, %d pieces of evidence", code, len(s.evidence()))
	}
	found, err := s.Supervise.DB.Read().Scans(t.Context(), store.Infected, 10)
	if err != nil || len(found) != 1 || found[0].Found != "Test.Signature" || found[0].Person != "he" || found[0].Name != "a.txt" {
		t.Errorf("on record: %+v, %v", found, err)
	}
	clamd.Say("INSTREAM size limit exceeded. ERROR")
	if code := send("nobody knows"); code != http.StatusNoContent || len(s.evidence()) != 1 {
		t.Fatalf("unsure: code %d, %d pieces of evidence", code, len(s.evidence()))
	}
	file := "/findings/08-JT-001/evidence/" + s.evidence()[0].ID
	if w := s.get("liaison", file); w.Code != http.StatusLocked {
		t.Errorf("served unscanned: code %d", w.Code)
	}
	if _, err := s.Blobs.Open(t.Context(), s.evidence()[0].File.SHA256); !errors.Is(err, blob.ErrSealed) {
		t.Errorf("given to another part of the program: %v", err)
	}
	if body := s.get("liaison", fillPath("08-JT-001")).Body.String(); !strings.Contains(body, "待查毒") {
		t.Error("the page does not say that the file awaits its scan")
	}
	clamd.Say("")
	sum, err := s.Supervise.Rescan(t.Context(), s.files(), false)
	if err != nil || sum.Clean != 1 {
		t.Errorf("rescan: %+v, %v", sum, err)
	}
	if w := s.get("liaison", file); w.Code != http.StatusOK || w.Body.String() != "nobody knows" {
		t.Errorf("after the rescan: code %d", w.Code)
	}
}

// cutter lets through a random number of bytes of each connection and cuts it.
type cutter struct {
	net.Conn
	left int
}

func (c *cutter) Write(p []byte) (int, error) {
	if len(p) > c.left {
		n, _ := c.Conn.Write(p[:c.left])
		c.left = 0
		_ = c.Close() // the line is down
		return n, errors.New("cut")
	}
	c.left -= len(p)
	return c.Conn.Write(p)
}

// An upload is cut at random places, of the request and of the answer, and resumed
// from where the server says. No file is corrupt and no byte before the announced
// offset is sent again: at most the piece under way travels twice.
func TestUploadCutAtRandomPlaces(t *testing.T) {
	s := newSite(t)
	s.round(1)
	server := httptest.NewServer(s.handler)
	defer server.Close()
	const cuts, chunk, size = 200, 64 << 10, 1 << 20
	random := rand.New(rand.NewPCG(1, uint64(time.Now().UnixNano())))
	done, files, twice, most := 0, 0, int64(0), int64(0)
	for ; done < cuts; files++ {
		content := make([]byte, size+random.IntN(chunk))
		for i := range content {
			content[i] = byte('a' + random.IntN(26))
		}
		c := client{t: t, url: server.URL, random: random, chunk: chunk, left: min(20, cuts-done)}
		id := c.send(content)
		done += c.cuts
		twice, most = twice+c.sentTwice, max(most, c.mostTwice)
		at := s.evidenceByID(id)
		sum := fmt.Sprintf("%x", sha256.Sum256(content))
		if at.File.SHA256 != sum || at.File.Size != int64(len(content)) {
			t.Fatalf("file %d after %d cuts: %s of %d bytes, want %s of %d", files, c.cuts, at.File.SHA256, at.File.Size, sum, len(content))
		}
		if err := blob.Check(t.Context(), s.Blobs, sum); err != nil {
			t.Error(err)
		}
	}
	if most > chunk {
		t.Errorf("%d bytes were sent twice after one cut, a chunk has %d", most, chunk)
	}
	t.Logf("resumable upload: cut %d times in %d files of 1 MB, 0 corrupt; sent twice after one cut at most %d bytes of a chunk of %d", done, files, most, chunk)
}

func (s testSite) evidenceByID(id string) ledger.Evidence {
	for _, e := range s.evidence() {
		if e.ID == id {
			return e
		}
	}
	s.t.Fatalf("no evidence %s", id)
	return ledger.Evidence{}
}

// client sends files over lines that break.
type client struct {
	t         *testing.T
	url       string
	random    *rand.Rand
	chunk     int
	left      int // cuts still to come
	cuts      int
	sentTwice int64
	mostTwice int64
}

func (c *client) ask(method, path string, at int, body []byte, life int) (*http.Response, error) {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return &cutter{conn, life}, err
	}}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: "liaison"})
	r.Header.Set(tusHeader, tusVersion)
	switch method {
	case "PATCH":
		r.Header.Set("Upload-Offset", strconv.Itoa(at))
		r.Header.Set("Content-Type", pieceType)
	case "POST":
		r.Header.Set("Upload-Length", strconv.Itoa(at))
		r.Header.Set("Upload-Metadata", described("a.txt"))
	}
	answer, err := transport.RoundTrip(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
	return answer, err
}

const whole = 1 << 30 // a line that does not break

// send sends one file to the end and returns the ID of its evidence.
func (c *client) send(content []byte) string {
	begun, err := c.ask("POST", "/findings/08-JT-001/uploads", len(content), nil, whole)
	if err != nil || begun.StatusCode != http.StatusCreated {
		c.t.Fatalf("begin: %v, %v", begun, err)
	}
	path := begun.Header.Get("Location")
	for at := 0; at < len(content); {
		piece := content[at:min(at+c.chunk, len(content))]
		life := whole
		if c.cuts < c.left && c.random.IntN(2) == 0 {
			life = c.random.IntN(len(piece) + 600) // in the head, in the body, or after it
		}
		answer, err := c.ask("PATCH", path, at, piece, life)
		if err == nil && answer.StatusCode == http.StatusNoContent {
			at = offset(c.t, answer)
			continue
		}
		switch {
		case err != nil:
			c.cuts++
		case answer.StatusCode != http.StatusLocked && answer.StatusCode != http.StatusConflict: // what was cut off came in late
			c.t.Fatalf("piece at %d: %s", at, answer.Status)
		}
		head, err := c.ask("HEAD", path, 0, nil, whole)
		if err != nil || head.StatusCode != http.StatusOK {
			c.t.Fatalf("after a cut: %v, %v", head, err)
		}
		now := offset(c.t, head)
		twice := int64(max(0, at+min(life, len(piece))-now))
		c.sentTwice, c.mostTwice = c.sentTwice+twice, max(c.mostTwice, twice)
		at = now
	}
	last, err := c.ask("PATCH", path, len(content), nil, whole)
	if err != nil || last.StatusCode != http.StatusNoContent {
		c.t.Fatalf("end: %v, %v", last, err)
	}
	return strings.TrimPrefix(path, "/uploads/")
}

func offset(t *testing.T, answer *http.Response) int {
	t.Helper()
	n, err := strconv.Atoi(answer.Header.Get("Upload-Offset"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
