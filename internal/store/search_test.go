package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// A search lists what holds every word, registered last first, within the scope;
// the same answers come from a filter of the ledger.
func TestSearchWithinTheScope(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var facts []ledger.Fact
		for _, f := range [][4]string{
			{"08-JT-001", "JT", "team-1", "公务卡结算比例偏低，往来款长期挂账。"},
			{"08-WJ-001", "WJ", "team-2", "公务卡制度执行不严。"},
			{"08-JT-002", "JT", "team-1", "佐证材料缺失，见维教体发〔2025〕86号。"},
			{"09-WJ-001", "WJ", "team-2", "往来款未清理；公务接待超标。"},
		} {
			facts = append(facts, ledger.Fact{On: ledger.Finding{Number: f[0]}, Event: ledger.FindingRegistered{
				Round: 8, Organisation: f[1], Team: f[2], Feedback: ledger.Feedback{Text: f[3]}, Progress: ledger.Progress{Claim: ledger.Done},
			}})
		}
		record(t, db, facts...)
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
			{everything, "08-JT-001", []string{"08-JT-001"}},
			{everything, "区块链", nil},
			{everything, "“”", nil},
			{policy.Scope{Organisation: "JT"}, "公务卡", []string{"08-JT-001"}},
			{policy.Scope{Team: "team-2"}, "公务", []string{"09-WJ-001", "08-WJ-001"}},
			{policy.Scope{}, "公务卡", nil},
		} {
			rows, more, err := db.Read().Search(t.Context(), c.scope, c.text, 10)
			if diff := cmp.Diff(c.want, numbersOf(rows)); err != nil || more || diff != "" {
				t.Errorf("%q for %+v: more %v, %v (-want +got)\n%s", c.text, c.scope, more, err, diff)
			}
			rows, _, err = db.Read().Findings(t.Context(), c.scope, store.Filter{Text: c.text}, store.Page{Sort: store.ByNumber, Limit: 10})
			if err != nil || len(rows) != len(c.want) {
				t.Errorf("filter %q for %+v: %v (%v), want %d", c.text, c.scope, numbersOf(rows), err, len(c.want))
			}
		}
		rows, more, err := db.Read().Search(t.Context(), everything, "公务", 2)
		if want := []string{"09-WJ-001", "08-WJ-001"}; err != nil || !more || !cmp.Equal(want, numbersOf(rows)) {
			t.Errorf("the first two of three: %v, more %v, %v", numbersOf(rows), more, err)
		}
	})
}

func numbersOf(rows []store.Row) (list []string) {
	for _, f := range rows {
		list = append(list, f.Number)
	}
	return list
}
