package supervise_test

import (
	"errors"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// in imports the rows as a file that is kept, by the clerk.
func (s site) in(rows ...sheet.Row) (ledger.Import, supervise.ImportPlan, error) {
	s.t.Helper()
	return s.Import(s.t.Context(), clerk, supervise.ImportRequest{
		Round: 8, Organisation: "JT", Category: "决策部署", File: ledger.File{SHA256: "ab", Name: "台账.xlsx"}, Ledger: sheet.Ledger{Sheet: "台账", Rows: rows},
	})
}

func row(line int, number, text string) sheet.Row {
	return sheet.Row{
		Sheet: "台账", Line: line, Number: number, Text: text, Cells: map[sheet.Field]string{},
		Measures: []sheet.Measure{{Text: "逐家检查"}},
	}
}

// A file without numbers is matched by what it says; what is new gets the next
// number; what differs is recorded, reported and verified.
func TestRowsWithoutNumbersAreMatchedByText(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := county(t, db)
		if _, _, err := s.in(row(2, "", "监管存在盲区。"), row(3, "", "账目长期不清。")); err != nil {
			t.Fatal(err)
		}
		same, changed, fresh := row(2, "", "1.监管存在盲区"), row(3, "", "账目长期不清。"), row(4, "", "人员管理混乱。")
		changed.Leader = "副局长 李四"
		report, p, err := s.in(same, changed, fresh)
		if err != nil {
			t.Fatal(err, p.Problems)
		}
		if report.ID != "8-import-2" || len(report.Added) != 1 || report.Added[0] != "08-JT-003" || len(report.Left) != 1 ||
			len(report.Updated) != 1 || report.Updated[0].Number != "08-JT-002" || report.Updated[0].Fields[0] != string(sheet.Leader) {
			t.Errorf("report %+v", report)
		}
		numbered, err := db.Read().FindingsNumbered(t.Context(), []string{"08-JT-002"})
		if f := numbered["08-JT-002"]; err != nil || f.Plan.Leader != "副局长 李四" || f.Plan.Measures[0].Number != "08-JT-002-1" || f.Version != 2 {
			t.Errorf("%v, %+v", err, f.Plan)
		}
		n, err := db.Read().CountFindings(t.Context(), policy.ScopeOf(clerk), store.Filter{Round: 8, Import: report.ID, ImportDid: store.ImportUpdated})
		if err != nil || n != 1 {
			t.Errorf("%v, %d findings by the filter", err, n)
		}
		if v, err := s.Verify(t.Context()); err != nil || v.Fault != nil {
			t.Errorf("verify: %v, %+v", err, v.Fault)
		}
	})
}

// A decision by hand is shown as kept and stays; the rest of the row goes in.
func TestADecisionByHandIsKeptAndTheRestGoesIn(t *testing.T) {
	s := county(t, storetest.SQLite(t))
	if _, _, err := s.in(row(2, "08-JT-001", "监管存在盲区。")); err != nil {
		t.Fatal(err)
	}
	s.do(clerk, ledger.Classify{Number: "08-JT-001", Class: ledger.Class{Category: "群众身边", Kind: ledger.Dated}, Reason: "改正"})
	again := row(2, "08-JT-001", "监管存在盲区。")
	again.Category, again.Leader = "决策部署", "副局长 李四"
	report, _, err := s.in(again)
	if err != nil || len(report.Kept) != 1 || report.Kept[0].Code != "correct.class_set" || len(report.Updated) != 1 {
		t.Fatalf("%v, %+v", err, report)
	}
	f, _ := s.DB.Read().FindingsNumbered(t.Context(), []string{"08-JT-001"})
	if got := f["08-JT-001"]; got.Class.Category != "群众身边" || got.Plan.Leader != "副局长 李四" {
		t.Errorf("after it %+v", got)
	}
}

func TestANumberAtAnotherTextIsASlip(t *testing.T) {
	s := county(t, storetest.SQLite(t))
	if _, _, err := s.in(row(2, "08-JT-001", "监管存在盲区。"), row(3, "08-JT-002", "账目长期不清。")); err != nil {
		t.Fatal(err)
	}
	_, p, err := s.in(row(2, "08-JT-001", "公务用车管理混乱，长期借用下属单位车辆。"), row(3, "08-JT-002", "账目长期不清。"), row(4, "08-JT-002", "账目长期不清。"))
	if !errors.Is(err, supervise.ErrImportProblems) || len(p.Problems) != 2 ||
		p.Problems[0].Code != "import.number_of_other_text" || p.Problems[1].Code != "import.same_finding" {
		t.Errorf("%v, %+v", err, p.Problems)
	}
}
