package lang

import (
	"context"
	"testing"
	"testing/fstest"
	"time"
)

func TestSay(t *testing.T) {
	tests := []struct {
		name, want string
		got        string
	}{
		{"chinese", "已销号", Say(ZH, "stage.closed")},
		{"english", "Closed", Say(EN, "stage.closed")},
		{"argument", "超期 8 天", Say(ZH, "light.overdue", 8)},
		{"one", "1 day overdue", Say(EN, "light.overdue", 1)},
		{"many", "8 days overdue", Say(EN, "light.overdue", 8)},
		{"unknown key is visible", "⟦no.such.key⟧", Say(EN, "no.such.key", 1)},
		{"unknown language speaks Chinese", "已销号", Say("fr", "stage.closed")},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestFillLeavesWhatHasNoArgument(t *testing.T) {
	for text, want := range map[string]string{
		"{0} of {1}":  "2 of {1}",
		"{x} and {0":  "{x} and {0",
		"{1}{0}{0}":   "{1}22",
		"no argument": "no argument",
	} {
		if got := fill(ZH, text, []any{2}); got != want {
			t.Errorf("fill(%q): got %q, want %q", text, got, want)
		}
	}
}

func TestArgumentsAreNotFilledAgain(t *testing.T) {
	if got := fill(ZH, "{0} {1}", []any{"{1}", "b"}); got != "{1} b" {
		t.Errorf("an argument was read as a placeholder: %q", got)
	}
}

func TestKeyInTwoFilesIsRefused(t *testing.T) {
	from := fstest.MapFS{
		"catalog/en/a.json": {Data: []byte(`{"k":"1"}`)},
		"catalog/en/b.json": {Data: []byte(`{"k":"2"}`)},
	}
	if _, err := load(from, EN); err == nil {
		t.Error("the same key in two files was accepted")
	}
}

func TestContext(t *testing.T) {
	ctx := context.Background()
	if From(ctx) != ZH {
		t.Error("a context without a language must speak Chinese")
	}
	if got := T(With(ctx, EN), "stage.closed"); got != "Closed" {
		t.Errorf("got %q", got)
	}
}

func TestParse(t *testing.T) {
	for header, want := range map[string]Tag{
		"":                             ZH,
		"en":                           EN,
		"zh-CN":                        ZH,
		"zh-TW,zh;q=0.9,en;q=0.8":      ZH,
		"en-GB,en;q=0.9,zh;q=0.8":      EN,
		"fr-FR, de;q=0.9":              ZH,
		"fr, en;q=0.5, zh-CN;q=0.9":    ZH,
		"en;q=0, zh;q=0.1":             ZH,
		"en;q=broken":                  ZH,
		"<script>alert(1)</script>,en": EN,
	} {
		if got := Parse(header); got != want {
			t.Errorf("Parse(%q): got %s, want %s", header, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Date(ZH, "2026-03-18"), "3月18日 周三"},
		{Date(EN, "2026-03-18"), "18 Mar 2026"},
		{Date(ZH, ""), "—"},
		{Date(EN, "长期坚持"), "长期坚持"},
		{LongDate(ZH, "2026-03-22"), "2026年3月22日 星期日"},
		{LongDate(EN, "2026-03-18"), "Wednesday 18 March 2026"},
		{LetterDate(ZH, "2026-03-18"), "2026年3月18日"},
		{LetterDate(EN, "2026-03-18"), "18 March 2026"},
		{ShortDate("2026-03-18", "2026-01-01"), "03-18"},
		{ShortDate("2025-11-20", "2026-01-01"), "2025-11-20"},
		{ShortDate("", "2026-01-01"), "—"},
		{Moment(time.Date(2026, 3, 18, 14, 32, 9, 0, time.UTC)), "2026-03-18 14:32"},
		{Moment(time.Time{}), "—"},
		{ClockTime(time.Date(2026, 3, 18, 4, 2, 9, 0, time.UTC)), "04:02"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestPercentNeverSaysAllOrNothingWronglyAndRoundsToTheNearest(t *testing.T) {
	for _, tt := range []struct {
		num, den int
		want     string
	}{
		{202, 228, "88.6"},
		{91, 228, "39.9"},
		{9996, 10000, "99.9"},
		{99999, 100000, "99.9"},
		{228, 228, "100.0"},
		{0, 228, "0.0"},
		{1, 100000, "0.1"},
		{1, 3, "33.3"},
		{2, 3, "66.7"},
		{5, 0, "—"},
		{1, 2000, "0.1"},
	} {
		if got := Percent(tt.num, tt.den); got != tt.want {
			t.Errorf("Percent(%d, %d): got %s, want %s", tt.num, tt.den, got, tt.want)
		}
	}
	if Rate(1, 0) != "—" || Rate(1, 2) != "50.0%" {
		t.Error("rate form", Rate(1, 0), Rate(1, 2))
	}
}

func TestNumberAndBytes(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Number(0), "0"},
		{Number(999), "999"},
		{Number(18423), "18,423"},
		{Number(-1234567), "-1,234,567"},
		{Bytes(12), "12 B"},
		{Bytes(88064), "86 KB"},
		{Bytes(1258291), "1.2 MB"},
		{Bytes(3 << 30), "3.0 GB"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
