package joint

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func ExampleRead() {
	panel := []Party{"office", "discipline", "personnel", "team"}
	r := Read(panel, Rule{}, map[Party]Conclusion{"office": Return, "discipline": Return, "personnel": Continue, "team": Return})
	fmt.Println(r.Complete(), r.Strictest, r.Disputed, r.Minority)
	// Output: true return true [personnel]
}

func TestRead(t *testing.T) {
	panel := []Party{"a", "b", "c"}
	tests := []struct {
		name     string
		panel    []Party
		said     map[Party]Conclusion
		complete bool
		disputed bool
		strict   Conclusion
		minority []Party
	}{
		{"an empty panel blocks", nil, nil, false, false, "", nil},
		{"nobody has answered", panel, nil, false, false, "", nil},
		{"one is missing", panel, map[Party]Conclusion{"a": Agree, "b": Agree}, false, false, Agree, nil},
		{"all agree", panel, map[Party]Conclusion{"a": Agree, "b": Agree, "c": Agree}, true, false, Agree, nil},
		{"one stands alone", panel, map[Party]Conclusion{"a": Agree, "b": Return, "c": Agree}, true, true, Return, []Party{"b"}},
		{"three ways have no minority", panel, map[Party]Conclusion{"a": Agree, "b": Return, "c": Continue}, true, true, Return, nil},
		{"a stranger does not count", panel, map[Party]Conclusion{"x": Return}, false, false, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := Read(tt.panel, Rule{}, tt.said)
			if r.Complete() != tt.complete || r.Disputed != tt.disputed || r.Strictest != tt.strict || !slices.Equal(r.Minority, tt.minority) {
				t.Errorf("Read = %+v, complete %v", r, r.Complete())
			}
		})
	}
}

// Another answer can only make the panel stricter, never more lenient.
func TestStrictestNeverSoftens(t *testing.T) {
	panel := []Party{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(t *rapid.T) {
		said := map[Party]Conclusion{}
		before := Conclusion("")
		for _, p := range rapid.Permutation(panel).Draw(t, "order") {
			said[p] = rapid.SampledFrom(Conclusions()).Draw(t, "c")
			now := Read(panel, Rule{}, said).Strictest
			if Stricter(before, now) != now {
				t.Fatalf("%v softened to %v", before, now)
			}
			before = now
		}
	})
}

func TestCrosses(t *testing.T) {
	panel := []Party{"a", "b", "c"}
	if ok, odd := Crosses(panel, map[Party]bool{"a": true, "b": false, "c": false}); !ok || !slices.Equal(odd, []Party{"a"}) {
		t.Errorf("one failed: %v %v", ok, odd)
	}
	if ok, _ := Crosses(panel, map[Party]bool{"a": false, "b": false}); ok {
		t.Error("two passes cross the fail line")
	}
}
