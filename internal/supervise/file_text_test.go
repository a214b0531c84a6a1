package supervise_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"lianshen/internal/blob"
	"lianshen/internal/extract"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// sealing gives no file of the digest, as if it waited for its scan.
type sealing struct {
	blob.Store
	sealed string
}

func (s sealing) Open(ctx context.Context, sha256 string) (io.ReadSeekCloser, error) {
	if sha256 == s.sealed {
		return nil, errors.New("not scanned")
	}
	return s.Store.Open(ctx, sha256)
}

// The text of files makes evidence found; what cannot be read says why; what is held
// back is read when it no longer is; a program that is started anew goes on.
func TestReadFilesMakesEvidenceFoundByItsText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		files, err := blob.OpenFolder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		put := func(name, content string) ledger.File {
			ref, err := files.Put(t.Context(), name, strings.NewReader(content), blob.DefaultLimit)
			if err != nil {
				t.Fatal(err)
			}
			return ledger.File{SHA256: ref.SHA256, Name: name, Size: ref.Size, Type: ref.Type}
		}
		readable, broken, late := put("a.txt", "追缴票据存根"), put("b.pdf", "%PDF-1.7 nothing"), put("c.txt", "迟到的佐证")
		f := ledger.Finding{Number: "08-JT-001"}
		e := ledger.FindingRegistered{Round: 8, Organisation: "JT", Feedback: ledger.Feedback{Text: "x"}}
		for i, x := range []ledger.File{readable, broken, late, {SHA256: strings.Repeat("0", 64), Type: "text/plain"}, readable} {
			e.Progress.Evidence = append(e.Progress.Evidence, ledger.Evidence{ID: string(rune('a' + i)), Name: "材料", File: x})
		}
		err = db.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Record(t.Context(), store.Who{}, []ledger.Fact{{On: f, Event: e}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s, x := supervise.New(db, storetest.Zone), &extract.Extractor{}
		n, err := s.ReadFiles(t.Context(), sealing{files, late.SHA256}, x)
		if err == nil || n < 3 {
			t.Fatalf("read %d, %v; want three and the complaint about the one held back", n, err)
		}
		find := func(text string, want int) {
			t.Helper()
			found, _, err := db.Read().Passages(t.Context(), policy.Scope{All: true}, store.Question{Text: text, Kind: store.EvidencePassage, Limit: 9})
			if err != nil || len(found) != want {
				t.Errorf("%q finds %d, %v; want %d", text, len(found), err, want)
			}
		}
		find("票据存根", 2)
		find("迟到的佐证", 0)
		for sum, want := range map[string]store.FileText{
			readable.SHA256:         {State: store.WholeText},
			broken.SHA256:           {State: store.FailedText, Reason: "extract.damaged"},
			strings.Repeat("0", 64): {State: store.FailedText, Reason: "extract.gone"},
		} {
			got, err := db.Read().FileText(t.Context(), sum)
			if err != nil || got.State != want.State || got.Reason != want.Reason {
				t.Errorf("%s: %+v, %v; want %+v", sum, got, err, want)
			}
		}
		if n, err = supervise.New(db, storetest.Zone).ReadFiles(t.Context(), files, x); n != 1 || err != nil {
			t.Errorf("when it is let go: %d, %v", n, err)
		}
		find("迟到的佐证", 1)
		if n, err = s.ReadFiles(t.Context(), files, x); n != 0 || err != nil {
			t.Errorf("nothing left: %d, %v", n, err)
		}
	})
}
