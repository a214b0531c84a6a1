package supervise_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"lianshen/internal/clock"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// behind edits the database as somebody with its password would.
func behind(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range strings.Split(statement, ";") {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Whatever is edited behind the program's back is found and named.
func TestVerifyNamesWhatWasEdited(t *testing.T) {
	const unlock = "drop trigger if exists trail_no_update; drop trigger if exists trail_no_delete;"
	for name, tt := range map[string]struct{ statement, code, place string }{
		"a column of a finding":        {"update finding set stage = 'closed' where id = '08-JT-002'", "verify.row_differs", "finding 08-JT-002"},
		"the text of a finding":        {"update finding set state = replace(state, '监管', '工作') where id = '08-JT-001'", "verify.row_differs", "finding 08-JT-001"},
		"a row that was never entered": {"insert into body (id, name, short, team, version, state) values ('x', 'x', 'x', 0, 1, '{}')", "verify.row_unknown", "body x"},
		"a row taken away":             {"delete from verdict where finding = '08-JT-003' and party = 'team'", "verify.row_missing", "verdict 8-JT-report-1:08-JT-003:team"},
		"an entry":                     {unlock + "update trail set body = replace(body, '关停2家', '关停9家') where id = '08-JT-001'", "trail.altered", ""},
		"who did it":                   {unlock + "update trail set actor = 'somebody' where seq = 5", "trail.altered", ""},
		"an entry taken away":          {unlock + "delete from trail where seq = 7", "trail.missing", ""},
		"the end cut off":              {unlock + "delete from trail where seq > 20", "trail.truncated", ""},
		"what a submission said":       {"update submission_item set item = replace(item, '关停2家', '关停9家') where finding = '08-JT-001'", "verify.item_differs", "finding 08-JT-001"},
		"a submission's item removed":  {"delete from submission_item where finding = '08-JT-002'", "verify.item_differs", "finding 08-JT-002"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			db, err := store.Open(t.Context(), path, clock.Fixed(storetest.Now))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			s := sent(t, db)
			s.reviewFirst()
			behind(t, path, tt.statement)
			v, err := s.Verify(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if v.Fault == nil || v.Fault.Code != tt.code || tt.place != "" && v.Fault.Record.String() != tt.place {
				t.Errorf("fault %+v; want %s at %q", v.Fault, tt.code, tt.place)
			}
		})
	}
}

// The engine itself refuses to change the trail.
func TestTrailIsAppendOnlyInTheEngine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db, err := store.Open(t.Context(), path, clock.Fixed(storetest.Now))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	opened(t, db)
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for _, s := range []string{"update trail set actor = 'x' where seq = 1", "delete from trail where seq = 1"} {
		if _, err := raw.Exec(s); err == nil {
			t.Errorf("%s: allowed", s)
		}
	}
}
