package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lianshen/internal/web/ui"
)

// compact writes a comparison as "same[-gone][+new]".
func compact(parts []ui.DiffPart) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Op == '=' {
			b.WriteString(p.Text)
			continue
		}
		b.WriteString("[" + string(p.Op) + p.Text + "]")
	}
	return b.String()
}

func TestDiffShowsWhatChanged(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"same", "检查31家。", "检查31家。", "检查31家。"},
		{"both empty", "", "", ""},
		{"first version", "", "检查31家。", "[+检查31家。]"},
		{"nothing left", "检查31家。", "", "[-检查31家。]"},
		{"inserted", "检查31家，关停2家。", "检查31家，责令整改19家，关停2家。", "检查31家，[+责令整改19家，]关停2家。"},
		{"replaced", "共退还46名学生。", "共退还52名学生。", "共退还[-46][+52]名学生。"},
		{"a rune in common is noise", "甲乙丙", "丁乙戊", "[-甲乙丙][+丁乙戊]"},
		{"paragraphs", "一是检查。\n二是整改。", "一是检查。\n二是全部整改。", "一是检查。\n二是[+全部]整改。"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, compact(diffText(c.old, c.new))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDiffLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("一二三四，。\n")), 0, 60, -1)
		old, new := text.Draw(t, "old"), text.Draw(t, "new")
		var before, after strings.Builder
		for _, p := range diffText(old, new) {
			if p.Op != '+' {
				before.WriteString(p.Text)
			}
			if p.Op != '-' {
				after.WriteString(p.Text)
			}
		}
		if before.String() != old || after.String() != new {
			t.Fatalf("old %q came back as %q, new %q as %q", old, before.String(), new, after.String())
		}
	})
}

func TestDiffOfRewrittenTextIsBounded(t *testing.T) {
	old, new := strings.Repeat("甲", 4000), strings.Repeat("乙", 4000)
	parts := diffText("同"+old, "同"+new)
	if got := len(parts); got != 3 || parts[1].Text != old || parts[2].Text != new {
		t.Errorf("%d parts; want the beginning, the old and the new text", got)
	}
}

func BenchmarkDiff(b *testing.B) {
	old := strings.Repeat("召开党组会专题研究，检查校外培训机构31家，责令整改19家。", 20)
	new := strings.ReplaceAll(old, "19家", "21家，关停2家")
	for b.Loop() {
		diffText(old, new)
	}
}
