package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/pack"
)

func (s testSite) packed(who, path string) (pack.Manifest, *zip.Reader) {
	s.t.Helper()
	w := s.get(who, path)
	body := w.Body.Bytes()
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s gets %s: code %d", who, path, w.Code)
	}
	m, faults, err := pack.Check(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(faults) > 0 {
		s.t.Fatalf("%s gets %s: %v, %v", who, path, faults, err)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		s.t.Fatal(err)
	}
	return m, z
}

func zipPart(t *testing.T, z *zip.Reader, name string) string {
	t.Helper()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestPackHoldsEvidenceIndexAndDigestsWithinTheScope(t *testing.T) {
	s := newSite(t)
	s.round(2)
	_, digest := s.attached("e1")
	s.do("liaison", ledger.Attach{Number: "08-JT-001", Evidence: ledger.Evidence{ID: "e2", Name: "只有名称的材料"}})
	const folder = "08-JT-001_落实“双减”政策不够有力，校外培/"
	for _, who := range []string{"liaison", "clerk"} {
		m, z := s.packed(who, "/findings/08-JT-001/pack.zip")
		if len(m.Files) != 3 || m.Files[0].Path != folder+"01_会议记录.pdf" || m.Files[0].Source.SHA256 != digest || m.Files[0].Source.Copy != "cleaned" || m.Files[0].SHA256 == digest {
			t.Fatalf("%s: %+v", who, m.Files)
		}
		if len(m.Missing) != 1 || m.Missing[0].Name != "只有名称的材料" {
			t.Errorf("%s: missing %+v", who, m.Missing)
		}
		if index := zipPart(t, z, "目录.html"); !strings.Contains(index, "云教体发〔2026〕1号") || !strings.Contains(index, digest) || !strings.Contains(index, "仅登记名称") {
			t.Errorf("%s: the index lacks something", who)
		}
	}
	m, _ := s.packed("clerk", "/rounds/8/pack.zip?originals=1&organisation=JT")
	if m.Files[0].SHA256 != digest || m.Files[0].Source.Copy != "original" || m.Of != "8-JT" {
		t.Errorf("the office asks for originals: %+v", m)
	}
	for _, who := range []string{"discipline", "team", "leader"} { // nothing was sent
		if m, _ := s.packed(who, "/rounds/8/pack.zip"); slices.ContainsFunc(m.Files, func(f pack.File) bool { return f.Source != nil }) || len(m.Missing) > 0 {
			t.Errorf("%s gets what was not sent: %+v", who, m)
		}
	}
	if w := s.get("stranger", "/findings/08-JT-001/pack.zip"); w.Code != http.StatusNotFound {
		t.Errorf("another organisation: code %d", w.Code)
	}
	if w := s.get("stranger", "/rounds/8/pack.zip?organisation=JT"); w.Code != http.StatusNotFound {
		t.Errorf("another organisation, by the round: code %d", w.Code)
	}
	if m, _ := s.packed("stranger", "/rounds/8/pack.zip"); len(m.Files) != 2 {
		t.Errorf("another organisation gets %+v", m.Files)
	}
	if err := s.Blobs.Delete(t.Context(), digest); err != nil {
		t.Fatal(err)
	}
	if m, _ := s.packed("clerk", "/findings/08-JT-001/pack.zip"); len(m.Missing) != 2 {
		t.Errorf("a file that is gone is not named: %+v", m.Missing)
	}
}

// Who may not have originals gets none by asking.
func TestPackForOthersHasNoOriginals(t *testing.T) {
	s := newSite(t)
	s.round(1)
	_, digest := s.attached("e1")
	if w := s.post("liaison", "/findings/08-JT-001/fill", filled("2")); w.Code != http.StatusSeeOther {
		t.Fatalf("fill: code %d", w.Code)
	}
	s.send(1)
	for _, path := range []string{"/findings/08-JT-001/pack.zip?originals=1", "/rounds/8/pack.zip?originals=1"} {
		m, _ := s.packed("discipline", path)
		if m.Files[0].SHA256 == digest || m.Files[0].Source.Copy != "cleaned" {
			t.Errorf("%s: %+v", path, m.Files[0])
		}
	}
}
