package paper

import (
	"strings"
	"testing"
)

// A document with landscape annexes is shown as it lies.
func TestSheetsLieAsTheirSectionsDo(t *testing.T) {
	kind, _ := KindOf("plan")
	v, err := ViewOf(kind.Builtin())
	check(t, err)
	if len(v.Sheets) != 2 || v.Sheets[0].Landscape || !v.Sheets[1].Landscape {
		t.Fatalf("%d sheets", len(v.Sheets))
	}
	if strings.Contains(v.Sheets[0].HTML, "附件1") || !strings.Contains(v.Sheets[1].HTML, "附件1") || v.Sheets[0].HTML+v.Sheets[1].HTML != v.HTML {
		t.Error("the annexes are not on the second sheet")
	}
}
