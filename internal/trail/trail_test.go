package trail_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"lianshen/internal/trail"
)

func Example() {
	var head trail.Frontier
	var records []trail.Record
	for _, event := range []string{"FindingEntered", "PlanSubmitted", "ReportSubmitted"} {
		entry := trail.Entry{Seq: head.Size + 1, Kind: "finding", ID: "f1", Event: event, Body: json.RawMessage(`{}`)}
		record := trail.Record{Entry: entry, Leaf: trail.Leaf(entry)}
		records = append(records, record)
		head, _ = head.Append(record.Leaf)
	}
	records[1].Event = "PlanWithdrawn" // somebody edits a row

	report, err := trail.Verify(each(records), trail.Frontier{}, head.Checkpoint("", time.Time{}))
	fmt.Println(report.Fault, err)
	// Output: trail.altered: entry 2 <nil>
}

func each(records []trail.Record) iter.Seq2[trail.Record, error] {
	return func(yield func(trail.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// makeLog returns a log of n entries, and its frontier after each of 0..n entries.
func makeLog(n int) (records []trail.Record, heads []trail.Frontier) {
	heads = []trail.Frontier{{}}
	for i := range n {
		e := trail.Entry{
			Seq: int64(i + 1), At: 1_773_815_520_000_000 + int64(i), Actor: "p-王", For: "jwjw", Kind: "finding",
			ID: fmt.Sprintf("f%d", i%3), Event: "Opined", Body: json.RawMessage(fmt.Sprintf(`{"round":%d}`, i)),
		}
		record := trail.Record{Entry: e, Leaf: trail.Leaf(e)}
		records = append(records, record)
		head, _ := heads[i].Append(record.Leaf)
		heads = append(heads, head)
	}
	return records, heads
}

func clone(records []trail.Record) []trail.Record {
	out := slices.Clone(records)
	for i := range out {
		out[i].Body = slices.Clone(out[i].Body)
	}
	return out
}

// mutations calls try once for each byte of record i, with that byte changed.
func mutations(records []trail.Record, i int, try func(what string, changed []trail.Record)) {
	number := func(what string, field func(*trail.Record) *int64) {
		for bit := 0; bit < 64; bit += 8 {
			changed := clone(records)
			*field(&changed[i]) ^= 1 << bit
			try(fmt.Sprintf("%s, byte %d", what, bit/8), changed)
		}
	}
	text := func(what string, field func(*trail.Record) *string) {
		for at := range *field(&records[i]) {
			changed := clone(records)
			b := []byte(*field(&changed[i]))
			b[at] ^= 1
			*field(&changed[i]) = string(b)
			try(fmt.Sprintf("%s, byte %d", what, at), changed)
		}
	}
	number("seq", func(r *trail.Record) *int64 { return &r.Seq })
	number("at", func(r *trail.Record) *int64 { return &r.At })
	text("actor", func(r *trail.Record) *string { return &r.Actor })
	text("for", func(r *trail.Record) *string { return &r.For })
	text("kind", func(r *trail.Record) *string { return &r.Kind })
	text("id", func(r *trail.Record) *string { return &r.ID })
	text("event", func(r *trail.Record) *string { return &r.Event })
	for at := range records[i].Body {
		changed := clone(records)
		changed[i].Body[at] ^= 1
		try(fmt.Sprintf("body, byte %d", at), changed)
	}
	for at := range records[i].Leaf {
		changed := clone(records)
		changed[i].Leaf[at] ^= 1
		try(fmt.Sprintf("leaf, byte %d", at), changed)
	}
}

func TestEveryChangedByteIsNamed(t *testing.T) {
	records, heads := makeLog(13)
	want := heads[13].Checkpoint("", time.Time{})
	tried := 0
	for i := range records {
		mutations(records, i, func(what string, changed []trail.Record) {
			tried++
			report, err := trail.Verify(each(changed), trail.Frontier{}, want)
			if err != nil || report.Fault == nil || report.Fault.Seq != int64(i+1) || report.Fault.Last != int64(i+1) {
				t.Errorf("entry %d, %s: fault %v, err %v", i+1, what, report.Fault, err)
			}
		})
	}
	if tried < 13*80 {
		t.Errorf("tried only %d mutations", tried)
	}
}

// Someone who knows the program changes the leaf hash along with the entry.
func TestARewrittenEntryContradictsTheCheckpoints(t *testing.T) {
	records, heads := makeLog(13)
	for i := range records {
		mutations(records, i, func(what string, changed []trail.Record) {
			if strings.HasPrefix(what, "leaf") || strings.HasPrefix(what, "seq") {
				return
			}
			changed[i].Leaf = trail.Leaf(changed[i].Entry)
			report, err := trail.Verify(each(changed), trail.Frontier{},
				heads[13].Checkpoint("", time.Time{}), heads[5].Checkpoint("", time.Time{}))
			want := &trail.Fault{Code: trail.Rewritten, Seq: 6, Last: 13}
			if i < 5 {
				want = &trail.Fault{Code: trail.Rewritten, Seq: 1, Last: 5}
			}
			if diff := cmp.Diff(want, report.Fault); err != nil || diff != "" {
				t.Errorf("entry %d, %s: %v %s", i+1, what, err, diff)
			}
		})
	}
}

func TestMissingSwappedAndAddedEntriesAreNamed(t *testing.T) {
	records, heads := makeLog(9)
	swapped := clone(records)
	swapped[3], swapped[4] = swapped[4], swapped[3]
	renumbered := slices.Delete(clone(records), 3, 4)
	for i := 3; i < len(renumbered); i++ {
		renumbered[i].Seq = int64(i + 1)
		renumbered[i].Leaf = trail.Leaf(renumbered[i].Entry)
	}
	tests := []struct {
		name    string
		records []trail.Record
		want    *trail.Fault
	}{
		{"whole", records, nil},
		{"one is gone", slices.Delete(clone(records), 3, 4), &trail.Fault{Code: trail.Missing, Seq: 4, Last: 4}},
		{"the first is gone", records[1:], &trail.Fault{Code: trail.Missing, Seq: 1, Last: 1}},
		{"the last is gone", records[:8], &trail.Fault{Code: trail.Truncated, Seq: 9, Last: 9}},
		{"all are gone", nil, &trail.Fault{Code: trail.Truncated, Seq: 1, Last: 1}},
		{"two change places", swapped, &trail.Fault{Code: trail.Missing, Seq: 4, Last: 4}},
		{"one is there twice", slices.Insert(clone(records), 3, records[2]), &trail.Fault{Code: trail.Missing, Seq: 4, Last: 4}},
		{"gone and renumbered", renumbered, &trail.Fault{Code: trail.Truncated, Seq: 9, Last: 9}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report, err := trail.Verify(each(tt.records), trail.Frontier{}, heads[9].Checkpoint("", time.Time{}))
			if diff := cmp.Diff(tt.want, report.Fault); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func TestVerifyGoesOnFromAFrontier(t *testing.T) {
	records, heads := makeLog(20)
	var want []trail.Checkpoint
	for _, size := range []int{20, 3, 12, 7} {
		want = append(want, heads[size].Checkpoint("", time.Time{}))
	}
	report, err := trail.Verify(each(records[7:]), heads[7], want...)
	if err != nil || report.Fault != nil || len(report.Agreed) != 3 || report.Checked.Root() != heads[20].Root() {
		t.Errorf("report = %+v, %v", report, err)
	}
	if report, _ := trail.Verify(each(records[7:]), heads[8], want...); report.Fault == nil || report.Fault.Seq != 9 {
		t.Errorf("from a frontier one too far: fault %v, want entry 9", report.Fault)
	}
	wrong := trail.Frontier{Size: 7, Edge: heads[14].Edge}
	if report, _ := trail.Verify(each(records[7:]), wrong, want...); report.Fault == nil || report.Fault.Seq != 1 || report.Fault.Last != 7 {
		t.Errorf("from a wrong frontier: fault %v, want entries 1 to 7", report.Fault)
	}
}

func TestAReadErrorIsNotAFault(t *testing.T) {
	records, _ := makeLog(2)
	broken := errors.New("disk on fire")
	source := func(yield func(trail.Record, error) bool) {
		_ = yield(records[0], nil) && yield(trail.Record{}, broken)
	}
	report, err := trail.Verify(source, trail.Frontier{})
	if !errors.Is(err, broken) || report.Fault != nil || !strings.Contains(err.Error(), "entry 2") {
		t.Errorf("report %+v, err %v", report, err)
	}
}

// No two entries share a canonical form, even if text moves between the fields.
func TestCanonicalKeepsFieldsApart(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "a", "b", "ab", "ba", "\x00", "a\x00"})
	draw := func(t *rapid.T, name string) trail.Entry {
		return trail.Entry{
			Seq: rapid.Int64Range(0, 1).Draw(t, name), At: rapid.Int64Range(0, 1).Draw(t, name),
			Actor: word.Draw(t, name), For: word.Draw(t, name), Kind: word.Draw(t, name),
			ID: word.Draw(t, name), Event: word.Draw(t, name), Body: json.RawMessage(word.Draw(t, name)),
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, "a"), draw(t, "b")
		if same := bytes.Equal(trail.Canonical(a), trail.Canonical(b)); same != cmp.Equal(a, b) {
			t.Fatalf("%+v and %+v: same form %v", a, b, same)
		}
	})
}

// The form is an agreement with every log ever written: it may only change
// together with the version inside it.
func TestCanonicalFormIsFrozen(t *testing.T) {
	e := trail.Entry{Seq: 1, At: 2, Actor: "王", For: "jw", Kind: "finding", ID: "f1", Event: "Opined", Body: json.RawMessage(`{}`)}
	const want = "\x00\x00\x00\x00\x00\x00\x00\x16lianshen trail entry 1" +
		"\x00\x00\x00\x00\x00\x00\x00\x01" + "\x00\x00\x00\x00\x00\x00\x00\x02" +
		"\x00\x00\x00\x00\x00\x00\x00\x03王" + "\x00\x00\x00\x00\x00\x00\x00\x02jw" +
		"\x00\x00\x00\x00\x00\x00\x00\x07finding" + "\x00\x00\x00\x00\x00\x00\x00\x02f1" +
		"\x00\x00\x00\x00\x00\x00\x00\x06Opined" + "\x00\x00\x00\x00\x00\x00\x00\x02{}"
	if got := trail.Canonical(e); string(got) != want {
		t.Errorf("Canonical = %q", got)
	}
	if got := trail.Leaf(e); got != tlog.RecordHash([]byte(want)) {
		t.Errorf("Leaf = %v", got)
	}
}

// stored is a tree kept hash by hash, as tlog wants it.
type stored []trail.Hash

func (s stored) ReadHashes(indexes []int64) ([]trail.Hash, error) {
	var out []trail.Hash
	for _, i := range indexes {
		if i >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", i)
		}
		out = append(out, s[i])
	}
	return out, nil
}

func TestFrontierAgreesWithTlog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		random := rand.NewChaCha8([32]byte{rapid.Byte().Draw(t, "seed")})
		var tree stored
		var head trail.Frontier
		for i := range int64(n) {
			var leaf trail.Hash
			random.Read(leaf[:])
			want, err := trail.Log{Hashes: tree}.Append(i, leaf)
			if err != nil {
				t.Fatal(err)
			}
			before := slices.Clone(head.Edge)
			next, final := head.Append(leaf)
			if !slices.Equal(final, want) || int64(len(tree)) != tlog.StoredHashIndex(0, i) {
				t.Fatalf("entry %d: new hashes %v, want %v", i, final, want)
			}
			if !slices.Equal(before, head.Edge) {
				t.Fatalf("entry %d: Append changed the frontier it was given", i)
			}
			tree, head = append(tree, final...), next
		}
		if want, err := tlog.TreeHash(int64(n), tree); err != nil || head.Root() != want {
			t.Fatalf("root of %d = %v, want %v, %v", n, head.Root(), want, err)
		}
		restored, err := trail.Log{Hashes: tree}.Frontier(int64(n))
		if err != nil || restored.Root() != head.Root() || !slices.Equal(restored.Edge, head.Edge) {
			t.Fatalf("restored %v, %v; want %v", restored, err, head)
		}
		back, err := trail.ParseFrontier(head.Size, head.EdgeText())
		if err != nil || !cmp.Equal(back, head) {
			t.Fatalf("%v came back as %v, %v", head, back, err)
		}
	})
}

func TestParseFrontierRefusesWhatCannotBe(t *testing.T) {
	_, heads := makeLog(5)
	edge := heads[5].EdgeText()
	for _, tt := range []struct {
		size int64
		edge string
	}{{4, edge}, {5, edge[1:]}, {5, ""}, {-1, edge}, {5, strings.ToUpper(edge)}, {5, "g" + edge[1:]}} {
		if f, err := trail.ParseFrontier(tt.size, tt.edge); err == nil {
			t.Errorf("ParseFrontier(%d, %q) = %v, want an error", tt.size, tt.edge, f)
		}
	}
}

func TestCheckpointCannotBeForged(t *testing.T) {
	secret, public, err := trail.NewKey(rand.NewChaCha8([32]byte{1}), "lianshen.yunxi")
	if err != nil {
		t.Fatal(err)
	}
	_, heads := makeLog(5)
	want := heads[5].Checkpoint("lianshen.yunxi", time.Date(2026, 3, 18, 6, 32, 0, 0, time.UTC))
	signed, err := trail.Sign(want, secret)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := trail.Open(signed, public); err != nil || got != want {
		t.Fatalf("Open = %+v, %v; want %+v", got, err, want)
	}
	for i := range signed {
		forged := slices.Clone(signed)
		forged[i] ^= 1
		if got, err := trail.Open(forged, public); err == nil && got != want {
			t.Errorf("byte %d changed: opened as %+v", i, got)
		}
	}
	_, other, _ := trail.NewKey(rand.NewChaCha8([32]byte{2}), "lianshen.yunxi")
	if got, err := trail.Open(signed, other); err == nil {
		t.Errorf("opened with another key: %+v", got)
	}
}

func BenchmarkAppend(b *testing.B) {
	var head trail.Frontier
	e := trail.Entry{Actor: "p1", Kind: "finding", Event: "Opined", Body: json.RawMessage(strings.Repeat("x", 300))}
	for b.Loop() {
		e.Seq++
		head, _ = head.Append(trail.Leaf(e))
		_ = head.Root()
	}
}
