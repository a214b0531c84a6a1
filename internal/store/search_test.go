package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

var reader = policy.Scope{All: true, Verdicts: policy.Consolidated}

func registeredAs(number, organisation, team, text string) ledger.Fact {
	round := 8
	if number[1] == '9' {
		round = 9
	}
	return ledger.Fact{On: ledger.Finding{Number: number}, Event: ledger.FindingRegistered{
		Round: round, Organisation: organisation, Team: team, Feedback: ledger.Feedback{Text: text}, Progress: ledger.Progress{Claim: ledger.Done},
	}}
}

// A search lists what holds every word, registered last first, within the scope;
// the same answers come from a filter of the ledger.
func TestSearchWithinTheScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db,
			registeredAs("08-JT-001", "JT", "team-1", "公务卡结算比例偏低，往来款长期挂账。"),
			registeredAs("08-WJ-001", "WJ", "team-2", "公务卡制度执行不严。"),
			registeredAs("08-JT-002", "JT", "team-1", "佐证材料缺失，见维教体发〔2025〕86号。"),
			registeredAs("09-WJ-001", "WJ", "team-2", "往来款未清理；公务接待超标。The card rules."),
		)
		for _, c := range []struct {
			scope policy.Scope
			text  string
			want  []string
		}{
			{everything, "公务卡", []string{"08-WJ-001", "08-JT-001"}},
			{everything, "往来款 公务", []string{"09-WJ-001", "08-JT-001"}},
			{everything, "佐证", []string{"08-JT-002"}},
			{everything, "款", []string{"09-WJ-001", "08-JT-001"}},
			{everything, "86号", []string{"08-JT-002"}},
			{everything, "6号", nil}, // words of digits are whole
			{everything, "维教体发[2025]８６号", []string{"08-JT-002"}},
			{everything, "08-JT-001", []string{"08-JT-001"}},
			{everything, "CARD", []string{"09-WJ-001"}},
			{everything, "卡执", nil}, // both characters occur, not together
			{everything, "务卡制", []string{"08-WJ-001"}},
			{everything, "区块链", nil},
			{everything, "“”", nil},
			{everything, `" OR *`, nil},
			{policy.Scope{Organisation: "JT"}, "公务卡", []string{"08-JT-001"}},
			{policy.Scope{Team: "team-2"}, "公务", []string{"09-WJ-001", "08-WJ-001"}},
			{policy.Scope{}, "公务卡", nil},
		} {
			found, more, err := db.Read().Passages(t.Context(), c.scope, store.Question{Text: c.text, Kind: store.FindingPassage, Limit: 10})
			if diff := cmp.Diff(c.want, findingsOf(found)); err != nil || more || diff != "" {
				t.Errorf("%q for %+v: more %v, %v (-want +got)\n%s", c.text, c.scope, more, err, diff)
			}
			rows, _, err := db.Read().Findings(t.Context(), c.scope, store.Filter{Text: c.text}, store.Page{Sort: store.ByNumber, Limit: 10})
			if err != nil || len(rows) != len(c.want) {
				t.Errorf("filter %q for %+v: %v (%v), want %d", c.text, c.scope, numbersOf(rows), err, len(c.want))
			}
		}
	})
}

func TestSearchGoesOnWhereThePageEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db,
			registeredAs("08-JT-001", "JT", "team-1", "公务卡"),
			registeredAs("08-WJ-001", "WJ", "team-2", "公务卡"),
			registeredAs("09-WJ-001", "WJ", "team-2", "公务接待"),
		)
		q := store.Question{Text: "公务", Kind: store.FindingPassage, Limit: 2}
		found, more, err := db.Read().Passages(t.Context(), everything, q)
		if want := []string{"09-WJ-001", "08-WJ-001"}; err != nil || !more || !cmp.Equal(want, findingsOf(found)) {
			t.Fatalf("the first two of three: %v, more %v, %v", findingsOf(found), more, err)
		}
		q.Before = found[1].Serial
		found, more, err = db.Read().Passages(t.Context(), everything, q)
		if err != nil || more || !cmp.Equal([]string{"08-JT-001"}, findingsOf(found)) {
			t.Errorf("the last of three: %v, more %v, %v", findingsOf(found), more, err)
		}
		q = store.Question{Text: "公务", Kind: store.FindingPassage, Limit: 9, Round: 8, Organisation: "WJ"}
		found, _, err = db.Read().Passages(t.Context(), everything, q)
		if err != nil || !cmp.Equal([]string{"08-WJ-001"}, findingsOf(found)) {
			t.Errorf("of one round and organisation: %v, %v", findingsOf(found), err)
		}
	})
}

// What an organisation writes is found by itself and by the office, and by nobody
// else before it is sent: neither in the search nor by the filter of a ledger.
func TestWordsOfADraftAreNotFoundByReaders(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		record(t, db, registeredAs("08-JT-001", "JT", "team-1", "公务卡结算比例偏低。"))
		change := func(e ledger.Event) {
			t.Helper()
			f, err := db.Read().Load(t.Context(), ledger.FindingRef("08-JT-001"))
			if err != nil {
				t.Fatal(err)
			}
			record(t, db, ledger.Fact{On: f, Event: e})
		}
		change(ledger.ProgressWritten{Progress: ledger.Progress{Text: "已追缴差旅补助。"}})
		change(ledger.EvidenceAttached{Evidence: ledger.Evidence{ID: "e1", Name: "追缴票据.pdf", DocNumber: "云财发〔2026〕3号"}})
		own := policy.Scope{Organisation: "JT", Drafts: true}
		check := func(scope policy.Scope, kind store.PassageKind, want int) {
			t.Helper()
			found, _, err := db.Read().Passages(t.Context(), scope, store.Question{Text: "追缴", Kind: kind, Limit: 9})
			if err != nil || len(found) != want {
				t.Errorf("%s for %+v: %d, %v; want %d", kind, scope, len(found), err, want)
			}
		}
		listed := func(scope policy.Scope, want int) {
			t.Helper()
			rows, _, err := db.Read().Findings(t.Context(), scope, store.Filter{Text: "追缴"}, store.Page{Sort: store.ByNumber, Limit: 9})
			if err != nil || len(rows) != want {
				t.Errorf("ledger for %+v: %d, %v; want %d", scope, len(rows), err, want)
			}
		}
		number := func(scope policy.Scope, want int) {
			t.Helper()
			found, err := db.Read().Exact(t.Context(), scope, store.Question{Text: "云财发[2026]3号", Kind: store.EvidencePassage, Limit: 9})
			if err != nil || len(found) != want {
				t.Errorf("number for %+v: %d, %v; want %d", scope, len(found), err, want)
			}
		}
		for _, kind := range []store.PassageKind{store.FindingPassage, store.EvidencePassage} {
			check(own, kind, 1)
			check(reader, kind, 0)
		}
		listed(own, 1)
		listed(reader, 0)
		number(own, 1)
		number(reader, 0)

		f, err := db.Read().Finding(t.Context(), own, "08-JT-001")
		if err != nil {
			t.Fatal(err)
		}
		change(ledger.ItemSent{Submission: "8-JT-report-1", Item: ledger.ItemOf(mechanism.Report, f)})
		change(ledger.EvidenceDetached{Evidence: "e1"})
		change(ledger.ProgressWritten{Progress: ledger.Progress{Text: "重新写。"}})
		check(reader, store.FindingPassage, 0)
		check(reader, store.ReportPassage, 1)
		check(reader, store.EvidencePassage, 1) // it stays in the version that was sent
		listed(reader, 1)
		number(reader, 1)
		check(policy.Scope{Organisation: "WJ", Drafts: true}, store.ReportPassage, 0)
		check(policy.Scope{}, store.ReportPassage, 0)
	})
}

func findingsOf(found []store.Passage) (list []string) {
	for _, p := range found {
		list = append(list, p.Finding)
	}
	return list
}

func numbersOf(rows []store.Row) (list []string) {
	for _, f := range rows {
		list = append(list, f.Number)
	}
	return list
}
