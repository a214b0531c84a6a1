package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/export"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

func (s testSite) table(who, path string) (rows []map[string]any) {
	s.t.Helper()
	w := s.get(who, path)
	if w.Code != http.StatusOK {
		s.t.Fatalf("%s: code %d: %.300s", path, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &rows); err != nil {
		s.t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// The statistics say what the pages say: each rate as the overview and the API
// have it, and each count as many findings as its list holds.
func TestStatisticsEqualThePages(t *testing.T) {
	s := newSite(t)
	s.round(4)
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-002", Progress: ledger.Progress{Text: "已整改。", Claim: ledger.Done}})
	figures := map[string]string{}
	for _, row := range s.table("clerk", "/rounds/8/exports/statistics?format=json") {
		if row["organisation"] == "合计" {
			figures[row["figure"].(string)] = fmt.Sprint(row["numerator"], "/", row["denominator"])
			if row["definition"] == "" || row["as_of"] == "" {
				t.Errorf("%v stands without definition or as-of time", row)
			}
		}
	}
	rates, err := s.apiRates(context.WithValue(t.Context(), actorKey{}, actors["clerk"]), &ratesInput{RoundPath: RoundPath{8}})
	if err != nil || len(rates) < 4 {
		t.Fatal(rates, err)
	}
	names := map[string]string{"claimed": "自评整改完成率", "recognised": "会审认定率", "closed": "销号率", "cadre_claimed": "涉组涉干问题自评完成率", "acknowledged": "认领率"}
	for _, r := range rates {
		if got, want := figures[names[r.Name]], fmt.Sprint(r.Numerator, "/", r.Denominator); got != want {
			t.Errorf("%s: the table says %s, the page %s", r.Name, got, want)
		}
	}
	if figures["反馈问题数"] != "4/<nil>" || figures["自评整改完成率"] != "1/4" {
		t.Errorf("figures %v", figures)
	}
	page := s.get("clerk", "/rounds/8/exports").Body.String()
	if !strings.Contains(page, "当前筛选 4 条") {
		t.Error("the page of exports does not count what the ledger counts")
	}
}

func TestLedgerLeavesInTheChosenColumns(t *testing.T) {
	s := newSite(t)
	s.round(2)
	rows := s.table("clerk", "/rounds/8/ledger/export?view=all&format=json&layout=columns&column=text&column=number&place.text=2&place.number=1")
	if len(rows) != 2 || len(rows[0]) != 2 || rows[0]["number"] != "08-JT-001" {
		t.Errorf("%v", rows)
	}
	if w := s.get("clerk", "/rounds/8/ledger/export?layout=columns"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "至少勾选一栏") {
		t.Errorf("no column: code %d", w.Code)
	}
	for _, path := range []string{"/rounds/8/ledger/export?layout=nowhere", "/rounds/8/exports/nowhere", "/rounds/8/exports/letters?format=exe"} {
		if w := s.get("clerk", path); w.Code != http.StatusNotFound {
			t.Errorf("%s: code %d, want 404", path, w.Code)
		}
	}
}

func TestAChoiceIsRememberedForThePersonAlone(t *testing.T) {
	s := newSite(t)
	s.round(1)
	form := url.Values{"layout": {"columns"}, "format": {"json"}, "column": {"text", "watch_person"}, "field": {"watch_person", "text"}, "place.watch_person": {"1"}, "place.text": {"2"}, "organisation": {"JT"}}
	w := s.post("clerk", "/rounds/8/exports/choice", form)
	if w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "organisation=JT") {
		t.Fatalf("code %d to %s", w.Code, w.Header().Get("Location"))
	}
	mine := s.get("clerk", "/rounds/8/exports").Body.String()
	if strings.Index(mine, `name="column" value="watch_person" checked`) > strings.Index(mine, `name="column" value="text" checked`) || !strings.Contains(mine, `value="columns" checked`) {
		t.Error("the choice or its order is not there again")
	}
	if theirs := s.get("discipline", "/rounds/8/exports").Body.String(); strings.Contains(theirs, `value="watch_person" checked`) {
		t.Error("somebody else has it, too")
	}
}

func TestTheOfficesDesignIsKeptAndOffered(t *testing.T) {
	s := newSite(t)
	s.round(2)
	form := url.Values{
		"code": {"quarterly"}, "name": {"季报台账"}, "title": {"〔轮次〕季报"}, "paper": {"A3"}, "split": {"organisation"}, "seen": {"0"}, "key": {newKey()},
		"column": {"number", "text"}, "field": {"number", "text"}, "head.text": {"问题描述"}, "group.text": {"问题"},
	}
	if w := s.post("liaison", "/designs/new", form); w.Code != http.StatusForbidden {
		t.Errorf("a liaison officer: code %d", w.Code)
	}
	if w := s.post("clerk", "/designs/new", form); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d: %.500s", w.Code, w.Body)
	}
	if page := s.get("liaison", "/rounds/8/exports").Body.String(); !strings.Contains(page, "本单位表样：季报台账") {
		t.Error("the design is not offered")
	}
	if rows := s.table("liaison", "/rounds/8/ledger/export?view=all&format=json&layout=quarterly"); len(rows) != 2 || len(rows[0]) != 2 {
		t.Errorf("by the design: %v", rows)
	}
	csv := s.get("clerk", "/rounds/8/ledger/export?view=all&format=csv&layout=quarterly").Body.String()
	if !strings.HasPrefix(csv, "\ufeff问题编号,问题描述\r\n") {
		t.Errorf("heads %.60s", csv)
	}
	form.Set("key", newKey())
	if w := s.post("clerk", "/designs/quarterly", form); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "季报台账") {
		t.Errorf("stale: code %d", w.Code)
	}
	form.Set("seen", "1")
	form.Set("name", "")
	if w := s.post("clerk", "/designs/quarterly", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "问题描述") {
		t.Errorf("without a name: code %d, or what was typed is gone", w.Code)
	}
	if w := s.post("clerk", "/designs/quarterly/withdraw", url.Values{"seen": {"1"}, "key": {newKey()}}); w.Code != http.StatusSeeOther {
		t.Errorf("withdraw: code %d", w.Code)
	}
	if page := s.get("clerk", "/rounds/8/exports").Body.String(); strings.Contains(page, "季报台账") {
		t.Error("a withdrawn design is offered")
	}
}

func TestEveryTableInEveryFormat(t *testing.T) {
	s := newSite(t)
	s.round(2)
	for _, code := range exportOrder {
		for _, f := range export.Formats() {
			w := s.get("clerk", "/rounds/8/exports/"+code+"?flag=all&format="+string(f))
			if w.Code != http.StatusOK || w.Header().Get("Content-Type") != f.Type() || w.Body.Len() == 0 {
				t.Errorf("%s as %s: code %d, %s, %d bytes", code, f, w.Code, w.Header().Get("Content-Type"), w.Body.Len())
			}
		}
	}
	for code, want := range map[string]int{"opinions": 404, "meetings": 404, "letters": 200, "statistics": 200} {
		if w := s.get("liaison", "/rounds/8/exports/"+code); w.Code != want {
			t.Errorf("an organisation asks for %s: code %d, want %d", code, w.Code, want)
		}
	}
}

// What an export leaves out nobody would notice: it holds as many rows as the
// database counts.
func TestExportHoldsEveryRow(t *testing.T) {
	s := newSite(t)
	const many = 700 // more than one page of the walk
	s.round(many)
	for who, want := range map[string]int{"clerk": many, "liaison": many, "stranger": 0} {
		scope := policy.ScopeOf(actors[who])
		n, err := s.Supervise.DB.Read().CountFindings(t.Context(), scope, store.Filter{Round: 8})
		if err != nil || n != want && who != "stranger" {
			t.Fatalf("%s: %d findings, %v", who, n, err)
		}
		if rows := s.table(who, "/rounds/8/ledger/export?view=all&format=json&layout=columns&column=number"); len(rows) != want {
			t.Errorf("%s: %d rows, want %d", who, len(rows), want)
		}
	}
}
