package sheet

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unitRow says where a finding of the key stands in the ledger of an organisation,
// and how that ledger writes its deadlines and status.
type unitRow struct {
	Number    string
	Sheet     string
	Row       int
	Deadlines []string
	Status    string
}

// unitLayout says what one layout holds of a finding, as the note on the samples
// tells it. The key states more than any single ledger does.
type unitLayout struct {
	file      string
	without   []Field // columns the ledger does not have
	numbered  bool    // it has the numbers of the findings
	perMap    bool    // one deadline for each measure
	sentences bool    // manifestations are joined by "；" into one
}

var unitLayouts = []unitLayout{
	{file: "JT.xlsx", without: []Field{Organisation, Aspect, Kind, Remark}, numbered: true, perMap: true},
	{file: "WJ.xlsx", without: []Field{Organisation, OrganCadre, Cause, Target, Remark}},
	{file: "NY.xlsx", without: []Field{Organisation, Aspect, Cause, Target, Remark}, numbered: true, perMap: true},
	{file: "MZ.xls", without: []Field{Organisation, Aspect, OrganCadre, Kind, Cause, Target, Remark}, numbered: true, perMap: true},
	{file: "SW.csv", without: []Field{Organisation, Aspect, OrganCadre, Kind, Cause, Target}, numbered: true, sentences: true},
	{file: "LC.xlsx", without: []Field{Organisation, Aspect, OrganCadre, Remark}},
	{file: "DX.xlsx", without: []Field{Organisation, Aspect, Kind, Cause, Target}},
}

// answered gives every open question the answer of the office: take hidden columns.
func answered(l Layout) Layout {
	for i := range l.Tabs {
		for j, c := range l.Tabs[i].Columns {
			if c.Hidden {
				l.Tabs[i].Columns[j].Take = Take
			}
		}
	}
	for i, v := range l.Values {
		if v.Word == "未销号" { // means 正在推进 or 未启动; nobody but the office knows
			l.Values[i].Code = StatusInProgress
		}
	}
	return l
}

// What a ledger does not tell by itself is asked, not guessed.
func TestWhatALedgerDoesNotTellIsAsked(t *testing.T) {
	for file, want := range map[string][]string{
		"JT.xlsx": {codeHiddenColumn + " F4", codeHiddenColumn + " P4"},
		"LC.xlsx": {codeHiddenColumn + " C3", codeHiddenColumn + " C3", codeHiddenColumn + " C3"},
		"MZ.xls":  {codeUnknownWord + " L36"},
		"NY.xlsx": nil, "SW.csv": nil, "DX.xlsx": nil, "WJ.xlsx": nil,
	} {
		book := openFile(t, filepath.Join("testdata/units", file))
		layout := book.Guess(nil)
		var asked []string
		for _, q := range layout.Questions(book) {
			asked = append(asked, q.Code+" "+q.Cell)
		}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Errorf("%s: (-want +asked)\n%s", file, diff)
		}
		got, err := book.Read(layout, Options{})
		check(t, err)
		if len(got.Problems) != len(want) {
			t.Errorf("%s: %d problems before anybody answered: %+v", file, len(got.Problems), got.Problems)
		}
	}
}

func TestLedgersOfTheOrganisationsAreReadWithEveryField(t *testing.T) {
	key := map[string]expected{}
	for _, e := range readExpected(t) {
		key[e.Number] = e
	}
	fields, wrong := 0, 0
	for _, u := range unitLayouts {
		t.Run(u.file, func(t *testing.T) {
			book := openFile(t, filepath.Join("testdata/units", u.file))
			got, err := book.Read(answered(book.Guess(nil)), Options{FeedbackDate: "2025-11-20"})
			check(t, err)
			for _, p := range got.Problems {
				t.Errorf("problem: %+v", p)
			}
			if !got.Account.Balanced() || got.Account.CellsLeft[leftLost]+got.Account.CellsLeft[leftOpen] > 0 {
				t.Errorf("account does not close: %+v", got.Account)
			}
			want := unitRows(t)[strings.Split(u.file, ".")[0]]
			if len(got.Rows) != len(want) {
				t.Fatalf("%d findings, want %d", len(got.Rows), len(want))
			}
			for i, w := range want {
				n, bad := u.compare(t, got.Rows[i], w, key[w.Number])
				fields, wrong = fields+n, wrong+bad
			}
			t.Logf("%s: %d findings, %d of %d filled cells in them, left out: %v", u.file, len(got.Rows), got.Account.CellsUsed, got.Account.Cells, got.Account.CellsLeft)
		})
	}
	t.Logf("seven ledgers: %d of %d fields right", fields-wrong, fields)
}

func unitRows(t *testing.T) map[string][]unitRow {
	t.Helper()
	data, err := os.ReadFile("testdata/units/expected.json")
	check(t, err)
	var rows map[string][]unitRow
	check(t, json.Unmarshal(data, &rows))
	return rows
}

func openFile(t testing.TB, path string) *Book {
	t.Helper()
	f, err := os.Open(path)
	check(t, err)
	defer f.Close()
	info, err := f.Stat()
	check(t, err)
	b, err := OpenBook(t.Context(), f, info.Size(), filepath.Base(path), Limits{})
	check(t, err)
	return b
}

// compare counts the fields of a finding and those that differ from the key.
func (u unitLayout) compare(t *testing.T, got Row, w unitRow, e expected) (fields, wrong int) {
	t.Helper()
	if got.Line != w.Row || w.Sheet != "" && got.Sheet != w.Sheet {
		t.Errorf("%s: read at %s line %d, stands at %s line %d", w.Number, got.Sheet, got.Line, w.Sheet, w.Row)
	}
	want := e.asRow(t)
	u.reduce(t, &want, w)
	if u.sentences {
		want.Manifestations = joined(want.Manifestations, "；")
		got.Manifestations = joined(got.Manifestations, "；")
	}
	a, b := asMap(t, want), asMap(t, withoutPlace(got))
	for f := range a {
		if f == "sequence" {
			continue
		}
		fields++
		if diff := cmp.Diff(a[f], b[f]); diff != "" {
			wrong++
			t.Errorf("%s %s: (-key +read)\n%s", w.Number, f, diff)
		}
	}
	return fields, wrong
}

func joined(list []string, by string) []string {
	for i := range list {
		list[i] = strings.TrimSuffix(list[i], "。")
	}
	return []string{strings.Join(list, by)}
}

// reduce takes out of the key what this ledger does not say.
func (u unitLayout) reduce(t *testing.T, r *Row, w unitRow) {
	t.Helper()
	if !u.numbered {
		r.Number = ""
	}
	for _, f := range u.without {
		switch f {
		case Organisation:
			r.Organisation = ""
		case Aspect:
			r.Aspect = ""
		case OrganCadre:
			r.OrganCadre = false
		case Kind:
			r.Kind, _ = codeOf(Kind, w.Deadlines[0])
		case Cause:
			r.Cause = ""
		case Target:
			r.Target = ""
		case Remark:
			r.Remark = ""
		default:
			t.Fatalf("%s is not in the list", f)
		}
	}
	last := readDate(deadlineOf(w.Deadlines[len(w.Deadlines)-1]), false)
	if slices.Contains(w.Deadlines, "长期坚持") && last.day == "" {
		last.text = "长期坚持"
	}
	r.DeadlineText = last.text
	for i := range r.Measures {
		m := &r.Measures[i]
		m.Number = ""
		if u.file == "MZ.xls" {
			m.Number = strconv.Itoa(i + 1)
		}
		if !u.perMap {
			m.Deadline = r.Deadline
		}
		if m.DeadlineText = ""; m.Deadline != "" && u.file != "NY.xlsx" {
			m.DeadlineText = readDate(deadlineOf(w.Deadlines[min(i, len(w.Deadlines)-1)]), false).text
		}
	}
}

// deadlineOf is the cell of a deadline as the key states it.
func deadlineOf(s string) cell {
	if len(s) == 5 && runningNo.MatchString(s[:4]) {
		return cell{kind: numberCell, text: s}
	}
	return cell{text: s}
}

func asMap(t *testing.T, r Row) map[string]any {
	t.Helper()
	data, err := json.Marshal(r)
	check(t, err)
	var m map[string]any
	check(t, json.Unmarshal(data, &m))
	for k, v := range m {
		if list, ok := v.([]any); v == nil || ok && len(list) == 0 {
			m[k] = ""
		}
	}
	return m
}
