package web

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var rewrite = flag.Bool("update", false, "rewrite the golden documents")

// What three documents of the sample round say, word for word: one of an organisation,
// one that the office issues, one of the whole round.
func TestDocumentsOfTheSampleRoundSayWhatTheySaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	for name, address := range map[string]string{
		"plan_DX":  makePath(8, "plan/file.docx", "organisation", "DX"),
		"order_MZ": makePath(8, "order/file.docx", "organisation", "MZ"),
		"circular": makePath(8, "circular/file.docx"),
	} {
		golden := filepath.Join("testdata", "documents", name+".txt")
		got := w.textOf("clerk", address)
		if *rewrite {
			if err := os.MkdirAll(filepath.Dir(golden), 0o750); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s says something else than %s; look at the difference, then go test -run %s -update", name, golden, t.Name())
		}
	}
}

// Documents are asked for by the dozen before a meeting: three hundred a minute at
// least, over all kinds and organisations, one after the other.
func TestDocumentsPerMinute(t *testing.T) {
	w := newWorld(t, sqliteOrigin(t))
	kinds, made, began := 0, 0, time.Now()
	for _, d := range documentSorts() {
		kinds++
		for _, subject := range w.subjects(d) {
			if got := w.get("clerk", makePath(8, d.Kind+"/file.docx", subject...)); got.Code != http.StatusOK {
				t.Fatalf("%s of %v: code %d", d.Kind, subject, got.Code)
			}
			made++
		}
	}
	perMinute := float64(made) / time.Since(began).Minutes()
	t.Logf("documents per minute: %.0f (%d of %d kinds)", perMinute, made, kinds)
	if perMinute < 300 {
		t.Errorf("%.0f documents per minute, want 300", perMinute)
	}
}
