package supervise_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/clock"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

// county is a site with the seven organisations of the sample round and no finding.
func county(t *testing.T, db *store.DB) site {
	s := site{t, supervise.New(db, storetest.Zone)}
	var inspected []ledger.Inspected
	s.bodies()
	for _, o := range [][3]string{
		{"JT", "中共云溪县教育体育局党组", "县教育体育局"},
		{"WJ", "中共云溪县卫生健康局党组", "县卫生健康局"},
		{"NY", "中共云溪县农业农村局党组", "县农业农村局"},
		{"MZ", "中共云溪县民政局党组", "县民政局"},
		{"SW", "中共云溪县水务局党组", "县水务局"},
		{"LC", "中共云溪县林业和草原局党组", "县林业和草原局"},
		{"DX", "中共云溪县委党校校务委员会", "县委党校"},
	} {
		s.do(clerk, ledger.AddOrganisation{Code: o[0], Name: ledger.Name{Full: o[1], Short: o[2], Since: date("2019-03-01")}})
		inspected = append(inspected, ledger.Inspected{Organisation: o[0], Team: "team-1"})
	}
	s.do(clerk, ledger.OpenRound{
		Number: 8, Mechanism: "weixi", Organisations: inspected,
		Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: date("2025-11-20")},
	})
	return s
}

func sampleLedger(t *testing.T) sheet.Ledger {
	t.Helper()
	return readLedger(t, "../sheet/testdata/ledger-all.xlsx")
}

func readLedger(t *testing.T, path string) sheet.Ledger {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	l, err := sheet.ReadLedger(t.Context(), f, info.Size(), info.Name(), sheet.Options{FeedbackDate: "2025-11-20"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (s site) problems(who policy.Actor, req supervise.ImportRequest) []sheet.Problem {
	s.t.Helper()
	_, p, err := s.Import(s.t.Context(), who, req)
	if !errors.Is(err, supervise.ErrImportProblems) {
		s.t.Fatalf("import: err = %v, want ErrImportProblems", err)
	}
	preview, err := s.PlanImport(s.t.Context(), who, req)
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(preview.Problems, p.Problems); diff != "" {
		s.t.Errorf("preview and import disagree (-preview +import)\n%s", diff)
	}
	return p.Problems
}

func (s site) findings() int {
	s.t.Helper()
	ids, err := s.DB.Read().IDs(s.t.Context(), ledger.KindFinding, "", 10000)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(ids)
}

func TestSampleLedgerIsImportedOnceAndWhole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := county(t, db)
		req := supervise.ImportRequest{Round: 8, Ledger: sampleLedger(t)}
		p, err := s.PlanImport(t.Context(), clerk, req)
		if err != nil || len(p.Problems) > 0 || s.findings() != 0 {
			t.Fatalf("preview: %v, %v, %d findings in the database", err, p.Problems, s.findings())
		}
		if p.Count(supervise.Add) != 228 || len(p.Organisations) != 7 || p.Organisations[0].Added != 41 {
			t.Errorf("the plan adds %d findings, %v", p.Count(supervise.Add), p.Organisations)
		}
		if _, _, err := s.Import(t.Context(), clerk, req); err != nil {
			t.Fatal(err)
		}
		f, err := db.Read().Load(t.Context(), ledger.FindingRef("08-JT-001"))
		if err != nil {
			t.Fatal(err)
		}
		got := f.(ledger.Finding)
		if got.Plan.Leader != "副局长 陈国平" || got.Progress.Claim != ledger.Done || len(got.Progress.Evidence) != 3 ||
			got.Progress.Evidence[2].DocNumber != "云教体发〔2025〕86号" || got.Class.Deadline != date("2026-01-15") || got.Team != "team-1" {
			t.Errorf("08-JT-001 = %+v", got)
		}
		_, again, err := s.Import(t.Context(), clerk, req)
		if !errors.Is(err, supervise.ErrImportNothing) || again.Count(supervise.Leave) != 228 || s.findings() != 228 {
			t.Errorf("second import: %v, leaves %d", err, again.Count(supervise.Leave))
		}
		for _, row := range again.Rows {
			if len(row.Differences) > 0 {
				t.Fatalf("%s differs from itself: %+v", row.Number, row.Differences)
			}
		}
	})
}

func TestImportNamesTheCellOfEveryProblem(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := county(t, db)
		l := sampleLedger(t)
		l.Rows = l.Rows[:6]
		l.Rows[1].Organisation = "中共沅平县教育体育局党组"
		l.Rows[2].Deadline = "2025-01-31"
		l.Rows[3].Number = ""
		l.Rows[4].Text = ""
		want := []string{
			l.Rows[1].Cells[sheet.Organisation] + " import.organisation_not_in_round",
			l.Rows[2].Cells[sheet.Deadline] + " import.deadline_before_feedback",
			l.Rows[4].Cells[sheet.Text] + " register.text_missing",
		}
		var got []string
		for _, p := range s.problems(clerk, supervise.ImportRequest{Round: 8, Ledger: l}) {
			if p.Sheet != "整改总台账" {
				t.Errorf("problem without its sheet: %+v", p)
			}
			got = append(got, p.Cell+" "+p.Code)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if n := s.findings(); n != 0 {
			t.Errorf("%d findings were imported beside problems", n)
		}
	})
}

func TestImportKnowsOrganisationsByEveryName(t *testing.T) {
	db := storetest.SQLite(t)
	s := county(t, db)
	s.do(clerk, ledger.RenameOrganisation{Code: "JT", Name: ledger.Name{Full: "中共云溪县教育局党组", Short: "县教育局", Since: date("2026-01-01")}})
	l := sampleLedger(t)
	l.Rows = l.Rows[:4]
	for i, name := range []string{"县教育局", "中共云溪县教育体育局 党组", "jt", ""} {
		l.Rows[i].Organisation = name
	}
	_, p, err := s.Import(t.Context(), clerk, supervise.ImportRequest{Round: 8, Organisation: "县教育体育局", Ledger: l})
	if err != nil || p.Count(supervise.Add) != 4 || p.Organisations[0].Added != 4 {
		t.Errorf("err = %v, problems %v, per organisation %v", err, p.Problems, p.Organisations)
	}
	l.Rows[3].Number, l.Rows = "08-JT-099", l.Rows[3:]
	for _, c := range []struct{ organisation, code, cell string }{
		{"", "import.missing_value", l.Rows[0].Cells[sheet.Organisation]},
		{"县气象局", "import.organisation_not_in_round", ""},
	} {
		got := s.problems(clerk, supervise.ImportRequest{Round: 8, Organisation: c.organisation, Ledger: l})
		if len(got) != 1 || got[0].Code != c.code || got[0].Cell != c.cell {
			t.Errorf("organisation %q: %+v, want %s at %q", c.organisation, got, c.code, c.cell)
		}
	}
}

func TestOnlyTheOfficeImports(t *testing.T) {
	s := county(t, storetest.SQLite(t))
	req := supervise.ImportRequest{Round: 8, Ledger: sampleLedger(t)}
	for _, who := range []policy.Actor{liaison, head, panel["discipline"], {}} {
		if _, _, err := s.Import(t.Context(), who, req); !errors.Is(err, supervise.ErrForbidden) {
			t.Errorf("%q imports: err = %v, want ErrForbidden", who.Role, err)
		}
		if _, err := s.PlanImport(t.Context(), who, req); !errors.Is(err, supervise.ErrForbidden) {
			t.Errorf("%q previews: err = %v, want ErrForbidden", who.Role, err)
		}
	}
	req.Round = 9
	if _, err := s.PlanImport(t.Context(), clerk, req); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a round that does not exist: err = %v, want ErrNotFound", err)
	}
}

func TestImportReportHasThePublishedForm(t *testing.T) {
	l := sampleLedger(t)
	say := func(key string, args ...any) string { return fmt.Sprint(key, args) }
	report := supervise.ReportImport(l.Rows[:1], []sheet.Problem{{Sheet: "表1", Cell: "B7", Code: "import.bad_date", Args: []string{"2月30日"}}}, say)
	want := supervise.ImportReport{
		Findings: []supervise.ReportedFinding{{
			Number: "08-JT-001", Text: l.Rows[0].Text, Organization: "中共云溪县教育体育局党组",
			Category: "聚焦党中央重大决策部署贯彻落实", Deadline: "2026-01-15", Responsible: "副局长 陈国平", Status: "已完成",
			Measures: []string{
				"会同市场监管、公安、消防对31家机构逐家检查，建立一机构一档", "把住宅小区隐形培训纳入社区网格员巡查事项，公布举报电话",
				"建立培训机构预收费资金监管账户", "每季度公布校外培训机构白名单",
			},
		}},
		Errors: []supervise.ReportedError{{Sheet: "表1", Cell: "B7", Message: "import.bad_date[2月30日]"}},
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if report, ok := supervise.ReportImportError(&sheet.FileError{Code: "import.file_empty"}, say); !ok || report.Errors[0].Message != "import.file_empty[]" {
		t.Errorf("refused file: %+v, %v", report, ok)
	}
}

// writeMany writes a workbook of n findings made out of the sample's, with
// numbers of their own, and returns its path.
func writeMany(t *testing.T, rows []sheet.Row, n int) string {
	t.Helper()
	path := t.TempDir() + "/many.xlsx"
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := sheet.NewXLSX(f, sheet.LedgerColumns(), sheet.XLSXOptions{Title: "整改总台账"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		row := rows[i%len(rows)]
		row.Number = ledger.FindingNumber(8, row.Number[3:5], 1000+i)
		row.Measures = slices.Clone(row.Measures)
		for m := range row.Measures {
			row.Measures[m].Number = fmt.Sprintf("%s-%d", row.Number, m+1)
		}
		if err := w.Write(sheet.LedgerCells(row)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// 5,000 findings, from the file to the commit, are to take 5 seconds and 200 MB. The
// figure is printed; the bound on time leaves room for the packages tested beside it.
func TestImportOfFiveThousandIsQuickAndSmall(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := county(t, db)
		path := writeMany(t, sampleLedger(t).Rows, 5000)
		peak := watchHeap()
		elapsed := clock.Stopwatch()
		req := supervise.ImportRequest{Round: 8, Ledger: readLedger(t, path)}
		read := elapsed()
		if _, _, err := s.Import(t.Context(), clerk, req); err != nil {
			t.Fatal(err)
		}
		took, heap := elapsed(), peak()
		t.Logf("%d findings in %v, of which reading %v; heap at most %d MB", s.findings(), took.Round(time.Millisecond), read.Round(time.Millisecond), heap>>20)
		if s.findings() != 5000 || took > time.Minute || heap > 200<<20 {
			t.Errorf("%d findings in %v with %d MB", s.findings(), took, heap>>20)
		}
	})
}

// watchHeap samples the heap until it is asked how far it has grown.
func watchHeap() func() uint64 {
	stop, done := make(chan struct{}), make(chan uint64)
	var before runtime.MemStats
	runtime.GC() // what other tests left is not part of the measure
	runtime.ReadMemStats(&before)
	go func() {
		peak := before.HeapInuse
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-tick.C:
			case <-stop:
				tick.Stop()
				done <- peak - before.HeapInuse
				return
			}
		}
	}()
	return func() uint64 { close(stop); return <-done }
}

// The round is read once in a transaction; what the transaction does to it counts.
func TestARoundChangedInATransactionIsSeenInIt(t *testing.T) {
	s := opened(t, storetest.SQLite(t))
	_, err := s.DoAll(t.Context(), clerk, []supervise.Order{
		{Act: ledger.AddOrganisation{Code: "WJ", Name: ledger.Name{Full: "中共云溪县卫生健康局党组"}}},
		{Act: ledger.Inspect{Number: 8, Inspected: ledger.Inspected{Organisation: "WJ", Team: "team-1"}}, Seen: 1},
		{Act: ledger.Register{
			Number: "08-WJ-001", Organisation: "WJ", Round: 8, Feedback: ledger.Feedback{Text: "签约服务不实。"},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.Dated},
		}},
	})
	if err != nil {
		t.Error(err)
	}
}
