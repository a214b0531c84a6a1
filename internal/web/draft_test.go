package web

import (
	"net/http"
	"net/url"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// One's own evidence does not make one's draft old; a colleague's words do.
func TestDraftOvertakenBySomebodyElseIsAConflict(t *testing.T) {
	s := newSite(t)
	s.round(1)
	err := s.Supervise.DB.Write(t.Context(), func(tx *store.Tx) error {
		facts := []ledger.Fact{{On: ledger.Person{ID: "he"}, Event: ledger.PersonAdded{Username: "he", Name: "和志强"}}}
		_, err := tx.Record(t.Context(), store.Who{Person: "test"}, facts)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := s.post("liaison", "/drafts/"+url.PathEscape(fillForm("08-JT-001")), filled("1")); w.Code != http.StatusNoContent {
		t.Fatalf("keep a draft: code %d; body:\n%s", w.Code, w.Body)
	}
	who := actors["liaison"]
	seen := func() int64 {
		t.Helper()
		f, err := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true}, "08-JT-001")
		if err != nil {
			t.Fatal(err)
		}
		d, err := s.draft(t.Context(), who, fillForm(f.Number))
		if err != nil || d.Fields == nil {
			t.Fatalf("draft %+v, %v", d, err)
		}
		n, err := s.draftSeen(t.Context(), who, f.Ref(), f.Version, d)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	plan := func(who policy.Actor, cause string) {
		t.Helper()
		act := ledger.WritePlan{Number: "08-JT-001", Plan: ledger.Plan{Cause: cause}}
		if _, err := s.Supervise.Do(t.Context(), who, supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
			t.Fatal(err)
		}
	}
	plan(who, "监管不严")
	if got := seen(); got != 2 {
		t.Errorf("after one's own act the draft has seen version %d, want 2", got)
	}
	colleague := who
	colleague.Person = "deputy"
	plan(colleague, "机制不全")
	if got := seen(); got != 1 {
		t.Errorf("after a colleague's act the draft has seen version %d, want 1", got)
	}
	if w := s.post("liaison", "/findings/08-JT-001/fill", filled("1")); w.Code != http.StatusConflict {
		t.Errorf("the overtaken draft is taken: code %d", w.Code)
	}
}
