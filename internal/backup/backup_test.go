package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"lianshen/internal/backup"
	"lianshen/internal/blob"
	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

var clerk = policy.Actor{Person: "zhou", Name: "周明丽", Role: ledger.Clerk, Body: "office"}

// site fills a database with a round, and a folder with one evidence file.
func site(t *testing.T, db *store.DB, findings int) (*supervise.Service, blob.Folder) {
	t.Helper()
	s := supervise.New(db, storetest.Zone)
	feedback, err := workday.Parse("2025-11-20")
	if err != nil {
		t.Fatal(err)
	}
	act(t, s, ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "中共云溪县教育体育局党组", Short: "县教育体育局"}})
	for _, code := range []string{"office", "discipline", "personnel"} {
		act(t, s, ledger.AddBody{Code: code, Name: code})
	}
	act(t, s, ledger.AddBody{Code: "team-1", Name: "县委第一巡察组", Team: true})
	act(t, s, ledger.OpenRound{
		Number: 8, Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: feedback}, Mechanism: "weixi",
		Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}},
	})
	for n := 1; n <= findings; n++ {
		act(t, s, registration(n))
	}
	files, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files.Put(t.Context(), "台账.csv", strings.NewReader("编号,金额\n1,120\n"), 1<<20); err != nil {
		t.Fatal(err)
	}
	return s, files
}

func registration(n int) ledger.Register {
	return ledger.Register{
		Number: ledger.FindingNumber(8, "JT", n), Organisation: "JT", Round: 8,
		Feedback: ledger.Feedback{Text: fmt.Sprintf("问题%d：校外培训“监管”存在盲区 <&>\u2028。", n)},
		Class:    ledger.Class{Category: "决策部署", Kind: ledger.LongTerm},
	}
}

func act(t *testing.T, s *supervise.Service, a ledger.Act) {
	t.Helper()
	if _, err := s.Do(t.Context(), clerk, supervise.Order{Act: a}); err != nil {
		t.Fatalf("%+v: %v", a, err)
	}
}

func packed(t *testing.T, db *store.DB, files blob.Folder) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := backup.Write(t.Context(), &b, db, files, backup.About{Program: "test"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// restored unpacks into the URL and returns what verify says of it.
func restored(t *testing.T, file []byte, url string) (*store.DB, blob.Folder, supervise.Verification) {
	t.Helper()
	a, err := backup.Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Restore(t.Context(), url, clock.Fixed(storetest.Now), files); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), url, clock.Fixed(storetest.Now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	v, err := supervise.New(db, storetest.Zone).Verify(t.Context())
	if err != nil || v.Fault != nil {
		t.Fatalf("verify after restoring: %+v, %v", v.Fault, err)
	}
	return db, files, v
}

func TestEitherEngineRestoresIntoTheOther(t *testing.T) {
	db := storetest.SQLite(t)
	s, files := site(t, db, 700) // more than a batch
	want, err := s.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first := packed(t, db, files)
	there, filesThere, v := restored(t, first, storetest.PostgresURL(t))
	if v.Root != want.Root || v.Records != want.Records {
		t.Errorf("in PostgreSQL: root %s, %d records; want %s, %d", v.Root, v.Records, want.Root, want.Records)
	}
	second := packed(t, there, filesThere)
	back, filesBack, v := restored(t, second, filepath.Join(t.TempDir(), "back.db"))
	if v.Root != want.Root || v.Records != want.Records {
		t.Errorf("and back: root %s, %d records; want %s, %d", v.Root, v.Records, want.Root, want.Records)
	}
	for digest, err := range files.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if err := blob.Check(t.Context(), filesBack, digest); err != nil {
			t.Errorf("evidence file %s: %v", digest, err)
		}
	}
	found, _, err := back.Read().Findings(t.Context(), policy.ScopeOf(clerk), store.Filter{Text: "培训"}, store.Page{Limit: 5})
	if err != nil || len(found) != 5 {
		t.Errorf("text search after restoring: %d findings, %v; want 5", len(found), err)
	}
	if _, err := supervise.New(back, storetest.Zone).Do(t.Context(), clerk, supervise.Order{Act: registration(701)}); err != nil {
		t.Errorf("an act after restoring: %v", err)
	}
}

func TestEveryDamagedByteIsRefused(t *testing.T) {
	db := storetest.SQLite(t)
	_, files := site(t, db, 1)
	file := packed(t, db, files)
	for i := range file {
		file[i] ^= 0x20
		_, err := backup.Open(bytes.NewReader(file), int64(len(file)))
		if !errors.Is(err, backup.ErrDamaged) && !errors.Is(err, backup.ErrForeign) {
			t.Fatalf("byte %d of %d changed: err = %v", i, len(file), err)
		}
		file[i] ^= 0x20
	}
	for _, n := range []int{0, 1, len(file) / 2, len(file) - 1} {
		if _, err := backup.Open(bytes.NewReader(file[:n]), int64(n)); err == nil {
			t.Errorf("cut to %d bytes: not refused", n)
		}
	}
	if _, err := backup.Open(bytes.NewReader(file), int64(len(file))); err != nil {
		t.Errorf("whole again: %v", err)
	}
}

func TestRestoreOnlyIntoAnEmptyDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		_, files := site(t, db, 2)
		file := packed(t, db, files)
		a, err := backup.Open(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "used.db")
		if err := a.Restore(t.Context(), path, clock.Fixed(storetest.Now), files); err != nil {
			t.Fatal(err)
		}
		if err := a.Restore(t.Context(), path, clock.Fixed(storetest.Now), files); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("restored over another: err = %v, want ErrNotEmpty", err)
		}
		a.Manifest.Schema += 1000
		if err := a.Restore(t.Context(), filepath.Join(t.TempDir(), "new.db"), clock.Fixed(storetest.Now), files); !errors.Is(err, store.ErrNewer) {
			t.Errorf("from a newer program: err = %v, want ErrNewer", err)
		}
	})
}

// A backup is one moment, whatever happens while it is made.
func TestBackupWhileOthersWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s, files := site(t, db, 50)
		ctx, stop := context.WithCancel(t.Context())
		var writers sync.WaitGroup
		writers.Go(func() {
			for n := 51; ctx.Err() == nil; n++ {
				_, err := s.Do(context.WithoutCancel(ctx), clerk, supervise.Order{Act: registration(n)})
				if err != nil {
					t.Errorf("write during the backup: %v", err)
					return
				}
			}
		})
		for range 5 {
			file := packed(t, db, files)
			_, _, v := restored(t, file, filepath.Join(t.TempDir(), "then.db"))
			a, err := backup.Open(bytes.NewReader(file), int64(len(file)))
			if err != nil || v.Root != a.Manifest.Root || v.Entries != a.Manifest.Entries {
				t.Errorf("restored %d entries %s, the manifest says %d %s; %v", v.Entries, v.Root, a.Manifest.Entries, a.Manifest.Root, err)
			}
		}
		stop()
		writers.Wait()
	})
}

func TestDamagedEvidenceFileStopsTheBackup(t *testing.T) {
	db := storetest.SQLite(t)
	_, files := site(t, db, 1)
	_, err := backup.Write(t.Context(), io.Discard, db, lying{files}, backup.About{})
	if !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("err = %v, want blob.ErrDamaged", err)
	}
}

// lying is a store whose files have rotted.
type lying struct{ blob.Folder }

func (lying) Open(context.Context, string) (io.ReadSeekCloser, error) {
	return nopCloser{strings.NewReader("rotten")}, nil
}

type nopCloser struct{ io.ReadSeeker }

func (nopCloser) Close() error { return nil }
