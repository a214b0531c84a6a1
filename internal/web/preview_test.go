package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image/jpeg"
	"net/http"
	"os"
	"strings"
	"testing"

	"lianshen/internal/blob"
	"lianshen/internal/ledger"
)

// attached hangs the PDF of minutes on a finding of JT, sends it when asked to, and
// returns its address.
func (s testSite) attached(id string) (path, digest string) {
	s.t.Helper()
	content, err := os.ReadFile("../extract/testdata/minutes.pdf")
	if err != nil {
		s.t.Fatal(err)
	}
	ref, err := s.Blobs.Put(s.t.Context(), "minutes.pdf", bytes.NewReader(content), blob.DefaultLimit)
	if err != nil {
		s.t.Fatal(err)
	}
	s.do("liaison", ledger.Attach{Number: "08-JT-001", Evidence: ledger.Evidence{
		ID: id, Name: "会议记录", DocNumber: "云教体发〔2026〕1号", File: ledger.File{SHA256: ref.SHA256, Name: "会议记录.pdf", Size: ref.Size, Type: ref.Type},
	}})
	return "/findings/08-JT-001/evidence/" + id, ref.SHA256
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func TestEvidenceIsShownAsPicturesAndTextAndNeverAsAPage(t *testing.T) {
	s := newSite(t)
	s.round(1)
	path, _ := s.attached("e1")
	if body := s.get("liaison", path+"/view").Body.String(); !strings.Contains(body, "正在提取文字") {
		t.Error("the page does not say that the text is still to come")
	}
	if _, err := s.Supervise.ReadFiles(t.Context(), s.Blobs, s.Extract); err != nil {
		t.Fatal(err)
	}
	body := s.get("liaison", path+"/view?q=清理台账").Body.String()
	for _, want := range []string{path + "/page/1", "<mark>清理台账</mark>", "云教体发〔2026〕1号", path + "/page/2?small=1"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	w := s.get("liaison", path+"/page/2?small=1")
	if _, err := jpeg.Decode(w.Body); err != nil || w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("picture of a page: %d %v %v", w.Code, err, w.Header())
	}
	for _, to := range []string{path + "/page/3", path + "/page/0", path + "/page/x"} {
		if w := s.get("liaison", to); w.Code != http.StatusNotFound {
			t.Errorf("%s: code %d, want 404", to, w.Code)
		}
	}
	hits := s.get("liaison", searchFor("逐项核对原始凭证")).Body.String()
	if !strings.Contains(hits, path+"/view?q=") || !strings.Contains(hits, "<mark>逐项核对原始凭证</mark>") {
		t.Error("the search does not find the text of the file")
	}
	for _, who := range []string{"discipline", "team", "leader", "stranger"} { // not sent yet
		if strings.Contains(s.get(who, searchFor("逐项核对原始凭证")).Body.String(), path) {
			t.Errorf("%s finds a file that has not been sent", who)
		}
		for _, to := range []string{path + "/view", path + "/page/1"} {
			if w := s.get(who, to); w.Code != http.StatusNotFound {
				t.Errorf("%s, %s: code %d, want 404", who, to, w.Code)
			}
		}
	}
}

func TestOthersThanTheOfficeGetACleanedCopy(t *testing.T) {
	s := newSite(t)
	s.round(1)
	path, digest := s.attached("e1")
	if w := s.post("liaison", "/findings/08-JT-001/fill", filled("2")); w.Code != http.StatusSeeOther {
		t.Fatalf("fill: code %d", w.Code)
	}
	s.send(1)
	for who, original := range map[string]bool{"liaison": true, "head": true, "clerk": true, "discipline": false, "leader": false} {
		w := s.get(who, path)
		got := digestOf(w.Body.Bytes())
		if w.Code != http.StatusOK || (got == digest) != original {
			t.Errorf("%s: code %d, the original: %v, want %v", who, w.Code, got == digest, original)
		}
		if !original && (w.Header().Get("X-Evidence-Copy") != "cleaned" || bytes.Contains(w.Body.Bytes(), []byte("LibreOffice"))) {
			t.Errorf("%s gets a copy that is not clean: %v", who, w.Header())
		}
	}
	if got := s.get("clerk", path+"?copy=1"); digestOf(got.Body.Bytes()) == digest {
		t.Error("the office cannot get a cleaned copy to hand out")
	}
	s.Originals = true
	if got := s.get("discipline", path); digestOf(got.Body.Bytes()) != digest {
		t.Error("where the installation says so, everybody gets the original")
	}
}
