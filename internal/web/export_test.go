package web

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/sheet"
)

// What leaves as Excel or CSV can be read in again without difference.
func TestExportIsReadBack(t *testing.T) {
	s := newSite(t)
	s.round(3)
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "已整改。", Claim: ledger.Done}})
	for _, format := range []string{"xlsx", "csv"} {
		w := s.get("clerk", "/rounds/8/ledger/export?view=all&format="+format)
		if w.Code != 200 || w.Header().Get("X-Total-Rows") != "3" || !strings.Contains(w.Header().Get("Content-Disposition"), "filename*=UTF-8''%E7%AC%AC%E5%85%AB%E8%BD%AE") {
			t.Fatalf("%s: code %d, headers %v", format, w.Code, w.Header())
		}
		body := w.Body.Bytes()
		back, err := sheet.ReadLedger(t.Context(), bytes.NewReader(body), int64(len(body)), "ledger."+format, sheet.Options{})
		if err != nil || len(back.Problems) > 0 || len(back.Rows) != 3 {
			t.Fatalf("%s: %d rows, problems %v, %v", format, len(back.Rows), back.Problems, err)
		}
		want := []string{"08-JT-002", "县教育体育局", "决策部署", "2026-03-31", "done", "已整改。"}
		x := back.Rows[1]
		if diff := cmp.Diff(want, []string{x.Number, x.Organisation, x.Category, x.Deadline, x.Status, x.Progress}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
	}
}

func TestExportObeysFilterAndScope(t *testing.T) {
	s := newSite(t)
	s.round(3)
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "已整改。", Claim: ledger.Done}})
	for who, want := range map[string]int{"clerk": 1, "liaison": 1, "stranger": 0} {
		w := s.get(who, "/rounds/8/ledger/export?format=json&claim=done")
		var rows []struct {
			Number         string   `json:"number"`
			Manifestations []string `json:"manifestations"`
			Status         string   `json:"status"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil || len(rows) != want {
			t.Fatalf("%s: %d rows, want %d: %v", who, len(rows), want, err)
		}
		if want == 1 && (rows[0].Number != "08-JT-002" || rows[0].Status != "done" || len(rows[0].Manifestations) != 1) {
			t.Errorf("%s: %+v", who, rows[0])
		}
	}
	for path, want := range map[string]int{"/rounds/8/ledger/export?format=exe": 404, "/rounds/9/ledger/export": 404} {
		if w := s.get("clerk", path); w.Code != want {
			t.Errorf("%s: code %d, want %d", path, w.Code, want)
		}
	}
	if w := s.get("auditor", "/rounds/8/ledger/export"); w.Code != http.StatusForbidden {
		t.Errorf("auditor: code %d, want 403", w.Code)
	}
}

// A cell that begins like a formula must not become one in the reader's program.
func TestExportRunsNoFormula(t *testing.T) {
	s := newSite(t)
	s.round(0)
	s.do("clerk", ledger.Register{
		Number: "08-JT-001", Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "=HYPERLINK(\"http://example.org\")"},
		Class: ledger.Class{Category: "决策部署", Kind: ledger.Dated},
	})
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.get("clerk", "/rounds/8/ledger/export?format=csv&view=all").Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatal(rows, err)
	}
	for _, cell := range rows[1] {
		if strings.HasPrefix(cell, "=") {
			t.Errorf("cell %q would run", cell)
		}
	}
}

// A download that breaks off breaks the connection: a file cut short would look whole.
func TestBrokenExportBreaksTheConnection(t *testing.T) {
	s := newSite(t)
	s.round(2)
	defer func() {
		if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
			t.Errorf("recovered %v, want http.ErrAbortHandler", err)
		}
	}()
	r := httptest.NewRequest("GET", "/rounds/8/ledger/export?format=csv&view=all", nil)
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: "clerk"})
	s.handler.ServeHTTP(brokenWriter{http.Header{}}, r)
}

type brokenWriter struct{ header http.Header }

func (w brokenWriter) Header() http.Header       { return w.header }
func (w brokenWriter) WriteHeader(int)           {}
func (w brokenWriter) Write([]byte) (int, error) { return 0, errors.New("line cut") }
