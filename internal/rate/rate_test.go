package rate_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"lianshen/internal/ledger"
	"lianshen/internal/rate"
)

func ExampleRate() {
	finance := rate.Rate{Num: 7, Den: 8} // 87.5 %
	legal := rate.Rate{Num: 1, Den: 2}   // 50.0 %
	fmt.Println(finance.Add(legal))      // not the mean of the two percentages
	fmt.Println(rate.Rate{})
	// Output:
	// 8/10 (80.0%)
	// -
}

func TestPercent(t *testing.T) {
	for _, tt := range []struct {
		num, den int
		want     string
	}{
		{202, 228, "202/228 (88.6%)"},
		{688, 697, "688/697 (98.7%)"},
		{9996, 10000, "9996/10000 (99.9%)"}, // would round to 100.0
		{2499, 2500, "2499/2500 (99.9%)"},
		{9995, 10000, "9995/10000 (99.9%)"},
		{10000, 10000, "10000/10000 (100.0%)"},
		{1, 8, "1/8 (12.5%)"},
		{1, 16, "1/16 (6.3%)"}, // 6.25: half up, not half to even
		{0, 7, "0/7 (0.0%)"},
		{0, 0, "-"},
	} {
		if got := (rate.Rate{Num: tt.num, Den: tt.den}).String(); got != tt.want {
			t.Errorf("%d out of %d = %s, want %s", tt.num, tt.den, got, tt.want)
		}
	}
}

func TestPercentIsWithinHalfATenthAndNeverAFalseHundred(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.IntRange(1, 1_000_000).Draw(t, "den")
		num := rapid.IntRange(max(0, den-rapid.IntRange(0, den).Draw(t, "back")), den).Draw(t, "num")
		p, ok := rate.Rate{Num: num, Den: den}.Percent()
		if !ok || (p == 100) != (num == den) {
			t.Fatalf("%d/%d = %v, %v", num, den, p, ok)
		}
		exact, _ := new(big.Rat).SetFrac64(int64(num)*100, int64(den)).Float64()
		if off := p - exact; off > 0.0500001 || off < -0.0500001 && exact < 99.9 {
			t.Fatalf("%d/%d = %v, exactly %v", num, den, p, exact)
		}
	})
}

func rows(all ...rate.Row) iter.Seq[rate.Row] { return slices.Values(all) }

func TestClaimedAndRecognisedAreTwoFigures(t *testing.T) {
	asOf := time.Date(2026, 3, 18, 6, 32, 0, 0, time.UTC)
	got := rate.Rates(rate.Definitions, rows(
		rate.Row{Number: "08-JT-004", Claim: "basically_done", Stage: "reported"},
		rate.Row{Number: "08-JT-003", Claim: "done", Stage: "reported", OrganCadre: true},
		rate.Row{Number: "08-JT-002", Claim: "done", Stage: "recognised"},
		rate.Row{Number: "08-JT-001", Claim: "basically_done", Stage: "closed", OrganCadre: true},
		rate.Row{Number: "08-JT-005", Stage: "settled", Position: "agrees"},
		rate.Row{Number: "08-JT-006", Stage: "continuing", Position: "partly"},
	), asOf)
	want := []rate.Figure{
		{rate.Rate{Num: 2, Den: 6}, "claimed", "rate.claimed.definition", asOf, []string{"08-JT-002", "08-JT-003"}},
		{rate.Rate{Num: 2, Den: 6}, "recognised", "rate.recognised.definition", asOf, []string{"08-JT-001", "08-JT-002"}},
		{rate.Rate{Num: 1, Den: 6}, "closed", "rate.closed.definition", asOf, []string{"08-JT-001"}},
		{rate.Rate{Num: 1, Den: 2}, "cadre_claimed", "rate.cadre_claimed.definition", asOf, []string{"08-JT-003"}},
		{rate.Rate{Num: 1, Den: 6}, "acknowledged", "rate.acknowledged.definition", asOf, []string{"08-JT-005"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAcceptanceIsAFigureOnlyWhereItIsAsked(t *testing.T) {
	if n := len(rate.Shown(true)) - len(rate.Shown(false)); n != 1 || len(rate.Shown(true)) != len(rate.Definitions) {
		t.Errorf("%d figures more where organisations are asked, want the acceptance rate", n)
	}
}

func TestTheRateOfTheSampleRound(t *testing.T) {
	var all []rate.Row
	for i := range 228 {
		claim := "done"
		if i >= 202 {
			claim = "basically_done"
		}
		all = append(all, rate.Row{Number: fmt.Sprintf("08-XX-%03d", i+1), Claim: claim})
	}
	claimed := rate.Rates(rate.Definitions, rows(all...), time.Time{})[0]
	if claimed.String() != "202/228 (88.6%)" || len(claimed.Findings) != 202 {
		t.Errorf("claimed = %v with %d findings behind it", claimed, len(claimed.Findings))
	}
}

func TestPublishedForm(t *testing.T) {
	asOf := time.Date(2026, 3, 18, 14, 32, 0, 0, time.FixedZone("CST", 8*60*60))
	figure := rate.Figure{
		Rate: rate.Rate{Num: 1, Den: 2}, Name: "claimed", Definition: "rate.claimed.definition",
		AsOf: asOf, Findings: []string{"08-JT-001"},
	}
	text, err := json.Marshal(figure)
	want := `{"name":"claimed","definition":"rate.claimed.definition","numerator":1,"denominator":2,` +
		`"as_of":"2026-03-18T06:32:00Z","findings":["08-JT-001"]}`
	if err != nil || string(text) != want {
		t.Errorf("Marshal = %s, %v\nwant %s", text, err, want)
	}
	var back rate.Figure
	if err := json.Unmarshal(text, &back); err != nil || back.Rate != figure.Rate || !back.AsOf.Equal(asOf) {
		t.Errorf("Unmarshal = %+v, %v", back, err)
	}
	if text, _ := json.Marshal(rate.Figure{}); !json.Valid(text) || string(text[len(text)-5:]) != `":[]}` {
		t.Errorf("no findings are written as %s, want an empty list", text)
	}
}

// A word that counts here but is never said in the ledger would make a rate of zero.
func TestTheWordsThatCountAreThoseOfTheLedger(t *testing.T) {
	for word, want := range map[string]string{
		rate.ClaimDone:       string(ledger.Done),
		rate.StageRecognised: string(ledger.Recognised),
		rate.StageClosed:     string(ledger.ClosedStage),
	} {
		if word != want {
			t.Errorf("rates count %q, the ledger says %q", word, want)
		}
	}
}
