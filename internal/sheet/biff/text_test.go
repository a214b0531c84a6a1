package biff

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"testing"
)

// A text goes on in the next record behind a flag of its own, which may change the
// width of its characters, in the middle of a run of formats too.
func TestTextsGoOnInTheNextRecord(t *testing.T) {
	wideText := func(s string) []byte {
		var out []byte
		for _, r := range s {
			out = binary.LittleEndian.AppendUint16(out, uint16(r))
		}
		return out
	}
	tests := map[string]struct {
		parts [][]byte
		chars int
		want  string
	}{
		"narrow":           {[][]byte{append([]byte{0}, "abc"...)}, 3, "abc"},
		"latin":            {[][]byte{{0, 0xE9, 0xB7}}, 2, "é·"},
		"wide":             {[][]byte{append([]byte{1}, wideText("整改")...)}, 2, "整改"},
		"wide over two":    {[][]byte{append([]byte{1}, wideText("整")...), append([]byte{1}, wideText("改")...)}, 2, "整改"},
		"wide to narrow":   {[][]byte{append([]byte{1}, wideText("整")...), append([]byte{0}, "ab"...)}, 3, "整ab"},
		"narrow to wide":   {[][]byte{append([]byte{0}, "ab"...), append([]byte{1}, wideText("改")...)}, 3, "ab改"},
		"rich":             {[][]byte{append([]byte{8, 1, 0}, "ab\x01\x00\x02\x00"...)}, 2, "ab"},
		"runs over two":    {[][]byte{append([]byte{8, 1, 0}, "ab\x01"...), {0, 2, 0}}, 2, "ab"},
		"with a reading":   {[][]byte{append([]byte{4, 3, 0, 0, 0}, "abxyz"...)}, 2, "ab"},
		"surrogates apart": {[][]byte{{1, 0x40, 0xD8}, {1, 0x00, 0xDC}}, 2, "\U00020000"},
	}
	for name, tt := range tests {
		p := &parts{list: append(tt.parts, []byte{'!'})}
		if got := p.text(tt.chars); got != tt.want || p.bad {
			t.Errorf("%s: %q, bad %v; want %q", name, got, p.bad, tt.want)
		}
		if next := p.take(1)[0]; next != '!' {
			t.Errorf("%s: stopped before %q", name, next)
		}
	}
	for name, list := range map[string][][]byte{"too short": {{0, 'a'}}, "half a character": {{1, 'a', 0, 'b'}}, "nothing": {{1}, {}}} {
		if p := (&parts{list: list}); p.text(3) == "abc" || !p.bad {
			t.Errorf("%s passes", name)
		}
	}
}

func TestPackedNumbers(t *testing.T) {
	half := uint32(math.Float64bits(0.5) >> 32)
	for v, want := range map[uint32]float64{
		46053<<2 | 2: 46053, 46053<<2 | 3: 460.53, half: 0.5, half | 1: 0.005, 0xFFFFFFFE: -1,
	} {
		if got := packed(v); got != want {
			t.Errorf("%#x: %v, want %v", v, got, want)
		}
	}
}

// stream builds a workbook stream of one sheet from records.
func stream(records ...[]byte) []byte {
	head := rec(recBOF, 0, 6, 5, 0, 0, 0, 0, 0)
	name := []byte{0, 0, 0, 0, 0, 0, 1, 0, 'S'}
	binary.LittleEndian.PutUint32(name, uint32(len(head)+4+len(name)+4))
	out := append(head, rec(recBoundSheet, name...)...)
	out = append(out, rec(recEOF)...)
	out = append(out, rec(recBOF, 0, 6, 16, 0, 0, 0, 0, 0)...)
	for _, r := range records {
		out = append(out, r...)
	}
	return append(out, rec(recEOF)...)
}

func rec(id int, data ...byte) []byte {
	return append(binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, uint16(id)), uint16(len(data))), data...)
}

func readStream(data []byte) (*Book, error) {
	return (&reader{ctx: context.Background(), data: data, lim: Limits{Cells: 100, Merges: 10, Text: 1000}}).read()
}

func TestFormulasGiveTheValueTheyWereSavedWith(t *testing.T) {
	formula := func(value ...byte) []byte {
		return rec(recFormula, append(append([]byte{0, 0, 0, 0, 0, 0}, value...), make([]byte, 8)...)...)
	}
	one := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1.5))
	for name, tt := range map[string]struct {
		records [][]byte
		want    Cell
	}{
		"number":              {[][]byte{formula(one...)}, Cell{Kind: Number, Number: 1.5}},
		"text":                {[][]byte{formula(0, 0, 0, 0, 0, 0, 255, 255), rec(recString, 2, 0, 0, 'o', 'k')}, Cell{Text: "ok"}},
		"text behind a share": {[][]byte{formula(0, 0, 0, 0, 0, 0, 255, 255), rec(0x4BC, 1, 2), rec(recString, 2, 0, 0, 'o', 'k')}, Cell{Text: "ok"}},
		"truth":               {[][]byte{formula(1, 0, 1, 0, 0, 0, 255, 255)}, Cell{Kind: Bool, Number: 1}},
		"error":               {[][]byte{formula(2, 0, 7, 0, 0, 0, 255, 255)}, Cell{Kind: Error, Text: "#DIV/0!"}},
	} {
		b, err := readStream(stream(tt.records...))
		if err != nil || len(b.Sheets[0].Cells) != 1 || b.Sheets[0].Cells[0] != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", name, b, err, tt.want)
		}
	}
	if _, err := readStream(stream(formula(0, 0, 0, 0, 0, 0, 255, 255))); !errors.Is(err, ErrDamaged) {
		t.Errorf("a formula whose text is missing: %v", err)
	}
}

func TestDamageInsideASheetIsNotPassedOver(t *testing.T) {
	cell := rec(recNumber, 3, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)
	for name, records := range map[string][][]byte{
		"a cell twice":         {cell, cell},
		"a cell cut short":     {rec(recNumber, 3, 0, 0, 0, 0, 0, 1, 2)},
		"a text nobody has":    {rec(recLabelSST, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0)},
		"an end in the middle": {rec(recEOF), cell},
		"blanks of odd width":  {rec(recMulBlank, 0, 0, 0, 0, 1, 0, 2, 0, 9, 0)},
		"a range upside down":  {rec(recMerged, 1, 0, 5, 0, 2, 0, 0, 0, 0, 0)},
	} {
		if b, err := readStream(stream(records...)); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %+v, %v", name, b, err)
		}
	}
	b, err := readStream(stream(rec(recRow, 7, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), cell))
	if err != nil || len(b.Sheets[0].Missing) != 1 || b.Sheets[0].Missing[0] != 7 {
		t.Errorf("a row said to hold cells, without any: %+v, %v", b, err)
	}
}

func FuzzOpen(f *testing.F) {
	for _, path := range []string{"../testdata/units/MZ.xls", "../testdata/writers/libreoffice.xls"} {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Open(t.Context(), readerAt(data), int64(len(data)), Limits{Cells: 10000, Merges: 1000, Text: 1 << 20})
		if (b == nil) == (err == nil) {
			t.Fatalf("%v, %v", b, err)
		}
	})
}
