package sheet

import (
	"strings"
	"testing"
)

func openText(t *testing.T, text string) *Book {
	t.Helper()
	b, err := OpenBook(t.Context(), strings.NewReader(text), int64(len(text)), "台账.csv", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAFixIsReadAsIfItStoodInTheFile(t *testing.T) {
	b := openText(t, "问题编号,反馈问题,反馈类别,完成时限\n08-JT-001,监管不力。,决策部署,2026-02-30\n,台账不清。,,2026-03-31\n")
	l := b.Guess(nil)
	tab := l.Tabs[0].Name
	read, err := b.Read(l, Options{})
	if err != nil || len(read.Problems) == 0 {
		t.Fatalf("a date that does not exist is no problem: %v, %+v", err, read.Problems)
	}
	fixed := b.With([]Fix{{tab, "D2", "2026年2月28日"}, {tab, "A3", "08-JT-002"}, {tab, "C3", "群众身边"}, {tab, "C2", ""}})
	read, err = fixed.Read(l, Options{})
	if err != nil || len(read.Problems) > 0 || len(read.Rows) != 2 || !read.Account.Balanced() {
		t.Fatalf("%v, problems %+v, %d rows, %+v", err, read.Problems, len(read.Rows), read.Account)
	}
	a, c := read.Rows[0], read.Rows[1]
	if a.Deadline != "2026-02-28" || a.Category != "" || c.Number != "08-JT-002" || c.Category != "群众身边" {
		t.Errorf("read %+v\nand %+v", a, c)
	}
	if b.CellText(tab, "D2") != "2026-02-30" || fixed.CellText(tab, "D2") != "2026年2月28日" || b.CellText(tab, "C3") != "" {
		t.Error("the book itself has changed")
	}
}

func TestAHeaderCanBePointedAt(t *testing.T) {
	b := openText(t, "某局,整改,清单\n问题编号,反馈问题,反馈类别\n08-JT-001,监管不力。,决策部署\n")
	l := b.Guess(nil)
	tab, ok := b.Header(l.Tabs[0].Name, 2, 2, Words{})
	if !ok || len(tab.Columns) != 3 || tab.Columns[1].Field != Text || tab.Columns[1].Samples[0] != "监管不力。" {
		t.Errorf("%v, %+v", ok, tab)
	}
	if _, ok := b.Header("没有", 1, 1, nil); ok {
		t.Error("a tab that is not there has a header")
	}
}
