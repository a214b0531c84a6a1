package supervise_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// What is exported from one installation can be imported into another.
func TestExportGivesBackWhatWasImported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := sent(t, db)
		var file bytes.Buffer
		table, err := sheet.NewXLSX(&file, sheet.LedgerColumns(), sheet.XLSXOptions{})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		n, err := supervise.Export(t.Context(), s.DB.Read(), policy.ScopeOf(clerk), store.Filter{Round: 8}, table, func(int) { told++ })
		if err != nil || n != 3 {
			t.Fatalf("exported %d, %v; want 3", n, err)
		}
		if err := table.Close(); err != nil {
			t.Fatal(err)
		}
		read, err := sheet.ReadLedger(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "out.xlsx", sheet.Options{})
		if err != nil || len(read.Problems) > 0 {
			t.Fatalf("read it back: %v, %v", err, read.Problems)
		}
		var want []sheet.Row
		for f, err := range s.DB.Read().AllFindings(t.Context(), policy.ScopeOf(clerk), store.Filter{Round: 8}) {
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, supervise.ExportRow(f, "中共云溪县教育体育局党组"))
		}
		place := cmpopts.IgnoreFields(sheet.Row{}, "Sheet", "Line", "Cells")
		if diff := cmp.Diff(want, read.Rows, place, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("(-written +read)\n%s", diff)
		}
	})
}

func TestExportStopsAtTheScope(t *testing.T) {
	s := sent(t, storetest.SQLite(t))
	var file bytes.Buffer
	table, err := sheet.NewCSV(&file, sheet.LedgerColumns())
	if err != nil {
		t.Fatal(err)
	}
	n, err := supervise.Export(t.Context(), s.DB.Read(), policy.ScopeOf(other), store.Filter{}, table, nil)
	if err != nil || n != 0 {
		t.Errorf("another organisation exports %d findings, %v; want none", n, err)
	}
}
