package web

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// Two of the traps that supervise/traps_test.go lists: those of the inbox.

// eachSite runs the test on the whole site, on a database of each engine whose
// address it is told, with a clock that starts at storetest.Now.
func eachSite(t *testing.T, test func(s testSite, w *storetest.Watch, driver, url string)) {
	t.Run("sqlite", func(t *testing.T) {
		url := filepath.Join(t.TempDir(), "test.db")
		s, w := timedSite(t, url)
		test(s, w, "sqlite", url)
	})
	t.Run("postgres", func(t *testing.T) {
		url := storetest.PostgresURL(t)
		s, w := timedSite(t, url)
		test(s, w, "pgx", url)
	})
}

func timedSite(t *testing.T, url string) (testSite, *storetest.Watch) {
	t.Helper()
	w := &storetest.Watch{At: storetest.Now}
	db, err := store.Open(t.Context(), url, func() time.Time { return w.At })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newSiteOn(t, db), w
}

// What waits for somebody is derived from the record. Whatever is not the record
// may be lost with everything in it, and the same things wait for the same people.
func TestTrapClearedInboxIsLost(t *testing.T) {
	eachSite(t, func(s testSite, _ *storetest.Watch, driver, url string) {
		s.sent(2)
		s.judge("8-JT-report-1", "08-JT-001", joint.Return)
		waiting := s.inboxes()
		if len(waiting) < 6 {
			s.t.Fatalf("only %q wait", waiting)
		}
		raw, err := sql.Open(driver, url)
		if err != nil {
			s.t.Fatal(err)
		}
		defer raw.Close()
		records := []string{ // what is folded from the trail, and the schema's own
			"organisation", "body", "person", "post", "round", "round_organisation", "finding", "passage", "submission", "submission_item",
			"verdict", "opinion", "consolidation", "mechanism", "meeting", "delegation", "recusal", "printed", "template", "trail", "trail_head", "goose_db_version",
		}
		for _, table := range s.tables(raw, driver) {
			if slices.ContainsFunc(records, func(r string) bool { return table == r || strings.HasPrefix(table, r+"_") }) {
				continue
			}
			if _, err := raw.Exec("delete from " + table); err != nil {
				s.t.Fatalf("empty %s: %v", table, err)
			}
		}
		again := newSiteOn(s.t, s.Supervise.DB) // a program that has just started remembers nothing
		if got := again.inboxes(); !slices.Equal(got, waiting) {
			s.t.Errorf("after everything beside the record was lost\n%q\nwait, before\n%q", got, waiting)
		}
	})
}

// inboxes returns what waits for everybody, in a fixed order.
func (s testSite) inboxes() (all []string) {
	s.t.Helper()
	for _, who := range []string{"clerk", "discipline", "personnel", "team", "liaison", "head", "leader"} {
		for _, title := range s.waits(who) {
			all = append(all, who+": "+title)
		}
	}
	return all
}

// tables lists the tables of the database.
func (s testSite) tables(raw *sql.DB, driver string) (names []string) {
	s.t.Helper()
	query := `select name from sqlite_master where type = 'table' and name not like 'sqlite_%'`
	if driver == "pgx" {
		query = `select table_name from information_schema.tables where table_schema = current_schema()`
	}
	rows, err := raw.Query(query)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			s.t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil || len(names) < 10 {
		s.t.Fatalf("tables %v, %v", names, err)
	}
	return names
}

// A deadline that comes near waits on the workbench every day from then on, and
// does not leave it by passing: nobody has to be there on one certain day. One
// that was set when it was near already waits at once.
func TestTrapReminderOnTheExactDayOnly(t *testing.T) {
	eachSite(t, func(s testSite, w *storetest.Watch, _, _ string) {
		s.round(1) // due on 31 March
		s.do("clerk", ledger.Classify{Number: "08-JT-001", Reason: "更正", Class: ledger.Class{
			Category: "决策部署", Kind: ledger.Dated, Deadline: day("2026-05-20"),
		}})
		due := func() bool {
			return slices.ContainsFunc(s.waits("liaison"), func(title string) bool { return strings.Contains(title, "双减") })
		}
		if due() {
			s.t.Fatal("57 days ahead it waits already")
		}
		for passed := 0; passed < 900; {
			today := s.Supervise.Today()
			if want := !today.AddDays(warnDays).Before(day("2026-05-20")); due() != want {
				s.t.Errorf("%v: waits %v, want %v", today, !want, want)
			}
			step := 1
			if passed > 70 {
				step = 97 // however long ago
			}
			w.Pass(time.Duration(step) * 24 * time.Hour)
			passed += step
		}
		tomorrow := s.Supervise.Today().AddDays(1)
		s.do("clerk", ledger.Register{
			Number: "08-JT-002", Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "食堂管理混乱。"},
			Class: ledger.Class{Category: "决策部署", Kind: ledger.Immediate, Deadline: tomorrow},
		})
		if !slices.ContainsFunc(s.waits("liaison"), func(title string) bool { return strings.Contains(title, "食堂") }) {
			s.t.Error("a deadline set the day before it does not wait")
		}
	})
}
