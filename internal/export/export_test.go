package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lianshen/internal/export"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
	"lianshen/internal/workday"
)

var (
	clerk = policy.Actor{Person: "zhou", Name: "周明丽", Role: ledger.Clerk, Body: "office"}
	place = cmpopts.IgnoreFields(sheet.Row{}, "Sheet", "Line", "Cells", "Sequence")
)

func day(s string) workday.Date {
	d, err := workday.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// site opens round 8 with two organisations on a fresh database.
func site(t testing.TB, db *store.DB) *supervise.Service {
	t.Helper()
	s := supervise.New(db, storetest.Zone)
	feedback := day("2025-11-20")
	acts := []ledger.Act{
		ledger.AddOrganisation{Code: "JT", Name: ledger.Name{Full: "中共云溪县教育体育局党组", Short: "县教育体育局", Since: feedback}},
		ledger.AddOrganisation{Code: "WJ", Name: ledger.Name{Full: "中共云溪县卫生健康局党组", Short: "县卫生健康局", Since: feedback}},
	}
	for _, code := range []string{"office", "discipline", "personnel", "team-1"} {
		acts = append(acts, ledger.AddBody{Code: code, Name: "单位" + code, Short: code, Team: code == "team-1"})
	}
	acts = append(acts, ledger.OpenRound{
		Number: 8, Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: feedback, RectifyUntil: day("2026-02-20")}, Mechanism: "weixi",
		Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}, {Organisation: "WJ", Team: "team-1"}},
	})
	for _, act := range acts {
		do(t, s, act)
	}
	return s
}

func do(t testing.TB, s *supervise.Service, act ledger.Act) {
	t.Helper()
	who := clerk
	switch act.(type) {
	case ledger.AddBody, ledger.AddOrganisation:
		who = policy.Actor{Person: "adm", Name: "管理员", Role: ledger.SysAdmin}
	}
	if _, err := s.Do(context.Background(), who, supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
		t.Fatalf("%T: %v", act, err)
	}
}

func source(t testing.TB, db *store.DB, now time.Time) *export.Source {
	t.Helper()
	round, err := db.Read().Round(context.Background(), 8)
	if err != nil {
		t.Fatal(err)
	}
	from, err := export.Open(context.Background(), db.Read(), policy.ScopeOf(clerk), round, now.In(storetest.Zone))
	if err != nil {
		t.Fatal(err)
	}
	return from
}

// nasty are the texts that break lists, dates, XML, CSV, formulas and numbers.
var nasty = []string{
	"=1+1", "+86", "-5", "@SUM(A1)", "'引", "\"双\"", "甲\n乙", "1.甲\n2.乙", "①甲②乙", "007", "12345678901234567890", "1e5", "2026-01-31", "20260131", "是",
	"，全角＝", "👨‍👩‍👧", "𠮷", "<b>&amp;]]>", "_x000D_", "#REF!", "《通知》（云发〔2025〕1号，2025-12-01）", "续文", "备注", "合计", "—", "a,b;c\td",
}

func text(t *rapid.T, label string) string {
	s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 1, 4).Draw(t, label), "")
	if rapid.IntRange(0, 30).Draw(t, "long") == 0 {
		s = strings.Repeat(s+"长", 25)
	}
	return strings.TrimSpace(s)
}

// anyFinding is a finding as it may stand in the record.
func anyFinding(t *rapid.T, n int) ledger.Register {
	code := rapid.SampledFrom([]string{"JT", "WJ"}).Draw(t, "organisation")
	act := ledger.Register{
		Number: fmt.Sprintf("08-%s-%03d", code, n), Organisation: code, Round: 8, Feedback: ledger.Feedback{Text: text(t, "text")},
		Class: ledger.Class{
			Category: rapid.SampledFrom([]string{"聚焦决策部署", "=类", "1.类"}).Draw(t, "category"), Kind: rapid.SampledFrom([]ledger.FindingKind{ledger.Immediate, ledger.Dated, ledger.LongTerm}).Draw(t, "kind"),
			OrganCadre: rapid.Bool().Draw(t, "cadre"), Deadline: day("2026-02-20"),
		},
		Plan:     ledger.Plan{Cause: text(t, "cause"), Target: text(t, "target"), Leader: "=李", Section: "-股", Handler: "007"},
		Progress: ledger.Progress{Text: text(t, "progress"), Claim: rapid.SampledFrom([]ledger.Claim{ledger.Done, ledger.InProgress}).Draw(t, "claim"), Remark: text(t, "remark")},
		Watch:    ledger.Watch{Section: rapid.SampledFrom([]string{"", "组织股", "干部股"}).Draw(t, "section"), Person: "尹丽"},
	}
	for range rapid.IntRange(0, 3).Draw(t, "manifestations") {
		act.Feedback.Manifestations = append(act.Feedback.Manifestations, text(t, "manifestation"))
	}
	for range rapid.IntRange(0, 4).Draw(t, "measures") {
		act.Plan.Measures = append(act.Plan.Measures, ledger.Measure{Text: text(t, "measure"), Deadline: day("2026-01-31")})
	}
	return act
}

func written(t rapid.TB, from *export.Source, l export.Layout, filter store.Filter, f export.Format) []byte {
	t.Helper()
	table, err := from.Ledger(context.Background(), l, filter, f)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	n, err := table.Write(&buf, f, nil)
	if err != nil || n != table.Total {
		t.Fatalf("%d rows of %d, %v", n, table.Total, err)
	}
	return buf.Bytes()
}

// Whatever stands in the record leaves and comes back without a difference: in the
// round trip and in the layout of the big ledger, as workbook, CSV and JSON.
func TestAnyLedgerComesBackWithoutDifference(t *testing.T) {
	ctx := context.Background()
	db := storetest.SQLite(t)
	s := site(t, db)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		var these []string
		for range rapid.IntRange(1, 4).Draw(rt, "findings") {
			n++
			act := anyFinding(rt, n)
			these = append(these, act.Number)
			do(t, s, act)
		}
		filter := store.Filter{Number: these}
		from := source(t, db, db.Now())
		for _, l := range []export.Layout{export.RoundTrip(), export.Master()} {
			name := from.Full
			if l.Short {
				name = from.Short
			}
			var want []sheet.Row
			for f, err := range db.Read().AllFindings(ctx, policy.ScopeOf(clerk), filter) {
				if err != nil {
					rt.Fatal(err)
				}
				want = append(want, supervise.ExportRow(f, name(f.Organisation)))
			}
			for _, f := range []export.Format{export.XLSX, export.CSV, export.GB18030} {
				data := written(rt, from, l, filter, f)
				got, err := sheet.ReadLedger(ctx, bytes.NewReader(data), int64(len(data)), "a."+f.Ending(), sheet.Options{})
				if err != nil || len(got.Problems) > 0 {
					rt.Fatalf("%s as %s: %v, problems %v", l.Code, f, err, got.Problems)
				}
				if diff := cmp.Diff(want, got.Rows, place, cmpopts.EquateEmpty()); diff != "" {
					rt.Fatalf("%s as %s (-record +read):\n%s", l.Code, f, diff)
				}
			}
			sameInJSON(rt, want, written(rt, from, l, filter, export.JSON))
		}
	})
}

// sameInJSON reads the JSON of a ledger as any program would.
func sameInJSON(t rapid.TB, want []sheet.Row, data []byte) {
	t.Helper()
	var read []struct {
		sheet.Row
		Measures []sheet.Measure `json:"measure"`
		Sequence int             `json:"sequence"` // as printed: a number
	}
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	got := make([]sheet.Row, len(read))
	for i, r := range read {
		got[i] = r.Row
		got[i].Measures = r.Measures
	}
	if diff := cmp.Diff(want, got, place, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("JSON (-record +read):\n%s", diff)
	}
}

// The supervising ledger holds every finding once, in the order of who supervises.
func TestSupervisionHoldsEveryFindingOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := site(t, db)
		for n, section := range []string{"干部股", "", "组织股", "干部股"} {
			do(t, s, ledger.Register{
				Number: fmt.Sprintf("08-JT-%03d", n+1), Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "问题"},
				Class: ledger.Class{Category: "甲", Kind: ledger.Dated, OrganCadre: n != 3}, Watch: ledger.Watch{Section: section, Person: strings.TrimSpace(section + " ")},
			})
		}
		from := source(t, db, db.Now())
		for cadre, want := range map[bool]string{true: "[08-JT-001 08-JT-003 08-JT-002]", false: "[08-JT-001 08-JT-004 08-JT-003 08-JT-002]"} {
			table, err := from.Supervision(t.Context(), store.Filter{OrganCadre: cadre}, true, export.JSON)
			if err != nil {
				t.Fatal(err)
			}
			var got []any
			for _, part := range table.Parts {
				for cells, err := range part.Rows {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, cells[2])
				}
			}
			if db.Engine() == "sqlite" && fmt.Sprint(got) != want || len(got) != table.Total { // the engines sort Chinese differently
				t.Errorf("cadre only %v: %v of %d, want %s", cadre, got, table.Total, want)
			}
		}
	})
}

// Every field that a design may name has a column, and the other way round.
func TestDesignsKnowEveryField(t *testing.T) {
	var codes []string
	for _, f := range export.Fields() {
		codes = append(codes, f.Code)
	}
	if diff := cmp.Diff(ledger.DesignFields(), codes); diff != "" {
		t.Error(diff)
	}
}

func TestAnErrorOfTheReaderBreaksTheFileOff(t *testing.T) {
	broken := errors.New("line cut")
	rows := iter.Seq2[[]any, error](func(yield func([]any, error) bool) {
		_ = yield([]any{"1"}, nil) && yield(nil, broken)
	})
	table := export.Table{Name: "表", Columns: []sheet.Column{{Key: "a", Title: "甲"}}, Parts: []export.Part{{Rows: rows}}}
	for _, f := range export.Formats() {
		if n, err := table.Write(&bytes.Buffer{}, f, nil); !errors.Is(err, broken) || n != 1 {
			t.Errorf("%s: %d rows, %v", f, n, err)
		}
	}
}
