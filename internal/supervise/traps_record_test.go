package supervise_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

// Traps of dates, of import and export, and of the record: see traps_test.go.

// A date that somebody typed is kept to the day or refused, never replaced by
// another: here of a deadline, an extension, and a rest.
func TestTrapTypedDateIsReplaced(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		class := ledger.Class{Category: "决策部署", Kind: ledger.Dated}
		class.Deadline = date("2025-11-19") // the day before the feedback
		s.refused("class.deadline_before_feedback", clerk, ledger.Classify{Number: "08-JT-001", Class: class, Reason: "更正"})
		class.Deadline = date("2026-05-03") // a Sunday, and a public holiday
		f := s.do(clerk, ledger.Classify{Number: "08-JT-001", Class: class, Reason: "更正"}).(ledger.Finding)
		if f.Class.Deadline != class.Deadline {
			t.Errorf("deadline %v, typed was %v", f.Class.Deadline, class.Deadline)
		}
		ask := ledger.AskExtension{Number: "08-JT-002", To: date("2026-03-23"), Reason: "汛期不能施工"} // yesterday
		s.refused("extension.in_past", liaison, ask)
		ask.To = date("2026-10-04")
		s.do(liaison, ask)
		f = s.do(clerk, ledger.DecideExtension{Number: "08-JT-002", Grant: true}).(ledger.Finding)
		if f.Class.Deadline != ask.To || len(f.Extensions) != 1 || f.Extensions[0].From != date("2026-02-20") {
			t.Errorf("deadline %v, extensions %+v; typed was %v", f.Class.Deadline, f.Extensions, ask.To)
		}
		s.report()
		s.reviewFirst()
		s.consolidateFirst()
		s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "3"})
		rest := ledger.Settle{Number: "08-JT-001", Outcome: mechanism.Continuing, Reason: "工程在建", Until: date("2026-03-24")}
		s.refused("settle.until_past", clerk, rest)
		rest.Until = date("2026-09-27")
		f = s.do(clerk, rest).(ledger.Finding)
		if f.Settlement.Until != rest.Until {
			t.Errorf("rests until %v, typed was %v", f.Settlement.Until, rest.Until)
		}
	})
}

// What has no deadline is neither overdue nor due, in no list and no figure.
func TestTrapNoDeadlineIsOverdue(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, w *storetest.Watch) {
		s := opened(t, db)
		s.do(clerk, ledger.Register{
			Number: "08-JT-004", Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "长期坚持"},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.LongTerm, DeadlineText: "长期坚持"},
		})
		for range 3 {
			today := s.Today()
			for name, f := range map[string]store.Filter{
				"overdue":        {Round: 8, Before: today.String()},
				"due some day":   {Round: 8, From: today.String(), To: "9999-12-31"},
				"due to the end": {Round: 8, To: "9999-12-31"},
			} {
				list, _, err := db.Read().Findings(t.Context(), policy.ScopeOf(clerk), f, store.Page{Limit: 100})
				if err != nil {
					t.Fatal(err)
				}
				if slices.ContainsFunc(list, func(r store.Row) bool { return r.Number == "08-JT-004" }) {
					t.Errorf("%v: what has no deadline is %s", today, name)
				}
				if name == "overdue" && len(list) != 3 {
					t.Errorf("%v: %d overdue, want the 3 with a deadline", today, len(list))
				}
			}
			s.refused("extension.no_deadline", liaison, ledger.AskExtension{Number: "08-JT-004", To: today.AddDays(30), Reason: "来不及"})
			w.Pass(400 * 24 * 60 * 60 * 1e9)
		}
	})
}

// A ledger file that comes again, even with other words in it, undoes nothing: every
// difference is told as kept and every record is as it was.
func TestTrapImportUndoesDecisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := returned(t, db)
		s.do(clerk, ledger.Close{Number: "08-JT-002"})
		before := s.every(ledger.KindFinding)
		rows := s.rows()
		for i := range rows {
			rows[i].Status, rows[i].Progress, rows[i].Deadline = string(ledger.NotStarted), "", "2026-12-31"
		}
		_, p, err := s.Import(t.Context(), clerk, supervise.ImportRequest{Round: 8, Ledger: sheet.Ledger{Rows: rows}})
		if !errors.Is(err, supervise.ErrImportNothing) || p.Count(supervise.Leave) != len(rows) {
			t.Errorf("err = %v, %+v; want every row left as it is", err, p.Problems)
		}
		for _, row := range p.Rows {
			for _, x := range row.Differences {
				if x.Kept == nil {
					t.Errorf("%s: %s is not kept", row.Number, x.Field)
				}
			}
		}
		if diff := cmp.Diff(before, s.every(ledger.KindFinding)); diff != "" {
			t.Errorf("an import changed findings that were there (-before +after)\n%s", diff)
		}
	})
}

// every returns all records of the kind.
func (s site) every(kind ledger.Kind) (all []ledger.State) {
	s.t.Helper()
	ids, err := s.DB.Read().IDs(s.t.Context(), kind, "", 10000)
	for _, id := range ids {
		state, e := s.DB.Read().Load(s.t.Context(), ledger.Ref{Kind: kind, ID: id})
		all, err = append(all, state), errors.Join(err, e)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// rows are the findings as a ledger file has them.
func (s site) rows() (rows []sheet.Row) {
	s.t.Helper()
	for f, err := range s.DB.Read().AllFindings(s.t.Context(), policy.ScopeOf(clerk), store.Filter{Round: 8}) {
		if err != nil {
			s.t.Fatal(err)
		}
		rows = append(rows, supervise.ExportRow(f, "中共云溪县教育体育局党组"))
	}
	return rows
}

// Random findings go out of one installation and into another, as XLSX and as
// CSV, and are the same there. Every column of the ledger holds something in some row.
func TestTrapExportLosesAColumn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := site{t, supervise.New(db, storetest.Zone)}
		s.open()
		r := rand.New(rand.NewPCG(rand.Uint64(), 3))
		for n := range 60 {
			s.do(clerk, randomFinding(r, n+11))
		}
		want := s.rows()
		for i, column := range sheet.LedgerColumns() {
			if !slices.ContainsFunc(want, func(row sheet.Row) bool { return fmt.Sprint(sheet.LedgerCells(row)[i]) != "" }) {
				t.Errorf("no row has anything in column %v, so losing it would not be seen", column)
			}
		}
		for name, to := range map[string]func(io.Writer) (sheet.TableWriter, error){
			"out.xlsx": func(w io.Writer) (sheet.TableWriter, error) {
				return sheet.NewXLSX(w, sheet.LedgerColumns(), sheet.XLSXOptions{})
			},
			"out.csv": func(w io.Writer) (sheet.TableWriter, error) { return sheet.NewCSV(w, sheet.LedgerColumns()) },
		} {
			other := site{t, supervise.New(storetest.SQLite(t), storetest.Zone)}
			other.open()
			got := other.imported(name, s.exported(to))
			place := cmpopts.IgnoreFields(sheet.Row{}, "Sheet", "Line", "Cells")
			if diff := cmp.Diff(want, got, place, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-there +here)\n%s", name, diff)
			}
		}
	})
}

// exported writes the findings from the fourth on into a file.
func (s site) exported(to func(io.Writer) (sheet.TableWriter, error)) []byte {
	s.t.Helper()
	var file bytes.Buffer
	table, err := to(&file)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, row := range s.rows()[3:] {
		if err := table.Write(sheet.LedgerCells(row)); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := table.Close(); err != nil {
		s.t.Fatal(err)
	}
	return file.Bytes()
}

// imported reads the file into the site and returns what it then holds.
func (s site) imported(name string, file []byte) []sheet.Row {
	s.t.Helper()
	l, err := sheet.ReadLedger(s.t.Context(), bytes.NewReader(file), int64(len(file)), name, sheet.Options{FeedbackDate: "2025-11-20"})
	if err != nil {
		s.t.Fatal(err)
	}
	if _, p, err := s.Import(s.t.Context(), clerk, supervise.ImportRequest{Round: 8, Ledger: l}); err != nil {
		s.t.Fatalf("import %s: %v, %+v", name, err, p.Problems)
	}
	return s.rows()
}

// randomFinding has anything in any column, and often nothing.
func randomFinding(r *rand.Rand, n int) ledger.Register {
	text := func(s string) string {
		if r.IntN(3) == 0 {
			return ""
		}
		return s + strings.Repeat([]string{"，含逗号", "“引号”", "\"直\"", "第二行", "１２％", "=1+1"}[r.IntN(6)], r.IntN(3))
	}
	day := func() workday.Date { return date("2025-12-01").AddDays(r.IntN(300)) }
	number := ledger.FindingNumber(8, "JT", n)
	a := ledger.Register{
		Number: number, Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: fmt.Sprintf("问题%d", n) + text("：监管不力")},
		Class: ledger.Class{
			Category: "决策部署", Aspect: text("教育方针"), OrganCadre: r.IntN(2) == 0, Deadline: day(),
			Kind: []ledger.FindingKind{ledger.Immediate, ledger.Dated, ledger.LongTerm}[r.IntN(3)],
		},
		Plan: ledger.Plan{Cause: text("认识不足"), Target: text("全覆盖"), Leader: text("陈国平"), Section: text("股室"), Handler: text("杨帆")},
		Progress: ledger.Progress{
			Text: text("检查31家"), EvidenceText: "", Remark: text("备注"),
			Claim: []ledger.Claim{ledger.NotStarted, ledger.InProgress, ledger.BasicallyDone, ledger.Done}[r.IntN(4)],
		},
	}
	for i := range r.IntN(4) {
		a.Plan.Measures = append(a.Plan.Measures, ledger.Measure{Text: fmt.Sprintf("措施%d", i+1) + text("逐家检查"), Deadline: a.Class.Deadline})
		a.Feedback.Manifestations = append(a.Feedback.Manifestations, fmt.Sprintf("表现%d", i+1))
	}
	for i := range r.IntN(3) {
		a.Progress.Evidence = append(a.Progress.Evidence, ledger.Evidence{
			ID: fmt.Sprintf("e%d", i+1), Name: fmt.Sprintf("检查记录%d", i+1), DocNumber: "云教体发〔2025〕86号", Date: date("2025-12-26"),
		})
	}
	return a
}

// A column that the program does not know is a problem with its cell, and nothing
// is imported beside it.
func TestTrapUnknownColumnIsSkipped(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := county(t, db)
		book, err := excelize.OpenFile("../sheet/testdata/ledger-all.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close() //nolint:errcheck // only read
		rows, err := book.GetRows("整改总台账")
		if err != nil {
			t.Fatal(err)
		}
		cell, err := excelize.CoordinatesToCellName(len(rows[2])+1, 4) // the header is in rows 3 and 4
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetCellStr("整改总台账", cell, "风险等级"); err != nil {
			t.Fatal(err)
		}
		file, err := book.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		l, err := sheet.ReadLedger(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), "l.xlsx", sheet.Options{FeedbackDate: "2025-11-20"})
		if err != nil {
			t.Fatal(err)
		}
		got := s.problems(clerk, supervise.ImportRequest{Round: 8, Ledger: l})
		if len(got) != 1 || got[0].Code != "import.unknown_column" || got[0].Cell != cell || s.findings() != 0 {
			t.Errorf("problems %+v, %d findings; want the column at %s and none", got, s.findings(), cell)
		}
	})
}

// Whoever deletes a record in the database deletes nothing of its history: the
// trail stays whole, and verification names what is gone.
func TestTrapHistoryGoesWithItsRecord(t *testing.T) {
	for engine, at := range map[string]func() string{
		"sqlite":   func() string { return filepath.Join(t.TempDir(), "test.db") },
		"postgres": func() string { return storetest.PostgresURL(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			url := at()
			db, err := store.Open(t.Context(), url, clock.Fixed(storetest.Now))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			s := sent(t, db)
			s.reviewFirst()
			driver := map[string]string{"sqlite": "sqlite", "postgres": "pgx"}[engine]
			raw, err := sql.Open(driver, url)
			if err != nil {
				t.Fatal(err)
			}
			defer raw.Close()
			size := s.entries()
			for _, table := range []string{"verdict", "opinion", "finding", "submission", "round_organisation", "round", "organisation"} {
				if _, err := raw.ExecContext(t.Context(), "delete from "+table); err != nil {
					t.Fatal(err)
				}
				if got := s.entries(); got != size {
					t.Errorf("without its %s the trail has %d entries, before %d", table, got, size)
				}
			}
			if _, err := raw.ExecContext(t.Context(), "delete from trail where kind = 'finding'"); err == nil {
				t.Error("entries of the trail can be deleted")
			}
			v, err := s.Verify(t.Context())
			if err != nil || v.Entries != int64(size) || v.Fault == nil || v.Fault.Code != "verify.row_missing" {
				t.Errorf("verification %+v, fault %+v, %v; want %d entries and a row that is missing", v, v.Fault, err, size)
			}
		})
	}
}

func (s site) entries() (n int) {
	s.t.Helper()
	for _, err := range s.DB.Read().Entries(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		n++
	}
	return n
}

// A report walks the findings: 2,500 of them with 50 MB of text need the memory of
// the few hundred that are in hand. A million is for "make bench".
func TestTrapReportLoadsTheWholeTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := opened(t, db)
		long := strings.Repeat("检查31家，", 1100) // 6,600 characters, 20 KB
		var orders []supervise.Order
		for n := range 2500 {
			orders = append(orders, supervise.Order{Act: ledger.Register{
				Number: ledger.FindingNumber(8, "JT", 1000+n), Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "问题"},
				Class:    ledger.Class{Category: "决策部署", Kind: ledger.Dated},
				Progress: ledger.Progress{Claim: ledger.Done, EvidenceText: long},
			}})
			if len(orders) == 500 {
				if _, err := s.DoAll(t.Context(), clerk, orders); err != nil {
					t.Fatal(err)
				}
				orders = orders[:0]
			}
		}
		table, err := sheet.NewCSV(io.Discard, sheet.LedgerColumns())
		if err != nil {
			t.Fatal(err)
		}
		peak := watchHeap()
		n, err := supervise.Export(t.Context(), db.Read(), policy.ScopeOf(clerk), store.Filter{Round: 8}, table, nil)
		if heap := peak(); err != nil || n != 2503 || heap > 40<<20 {
			t.Errorf("%d findings exported with %d MB, %v", n, heap>>20, err)
		} else {
			t.Logf("%d findings with 50 MB of text exported in a heap of at most %d MB", n, heap>>20)
		}
	})
}
