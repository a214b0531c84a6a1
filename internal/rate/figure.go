package rate

import (
	"encoding/json"
	"iter"
	"slices"
	"time"
)

// The words of the ledger that count. They are the text of ledger's claims and
// stages, repeated here so that a rate can be computed from any list of rows.
const (
	ClaimDone       = "done"       // 已完成, as the organisation says; 基本完成 is another word
	StageRecognised = "recognised" // 已认定: the parties accept the finding as rectified
	StageClosed     = "closed"     // 已销号

	PositionAgrees = "agrees" // 认领: the organisation agrees with the finding
)

// A Row is what a rate needs to know of one fed-back finding.
type Row struct {
	Number     string // as people know it: "08-JT-012"
	Claim      string // status the organisation claims
	Stage      string // stage the finding has reached
	OrganCadre bool   // concerns organisation and cadres (涉组涉干)
	Position   string // what the organisation holds of the finding; "" where it has not said
}

// A Definition says what a rate counts. Name and Code are message keys; the words
// behind Code are printed under the figure wherever it is shown.
type Definition struct {
	Name string // "claimed"
	Code string // "rate.claimed.definition"

	Claims     []string // a finding counts if its claim is one of these,
	Stages     []string // or its stage one of these
	Positions  []string // or what the organisation holds of it one of these
	OrganCadre bool     // only findings concerning organisation and cadres, in both counts
	Acceptance bool     // only where the mechanism asks whether the organisation agrees
}

// Definitions lists the rates in the order in which they are shown. What the
// organisations claim and what the parties recognised are never mixed.
// The denominator is always all fed-back findings, and a claim of 基本完成 is not
// counted: so computed a Kunming district in 2023 (688 of 697 = 98.7 %, while its 4
// findings basically done would make it 99.3 %).
var Definitions = []Definition{
	{Name: "claimed", Code: "rate.claimed.definition", Claims: []string{ClaimDone}},
	{Name: "recognised", Code: "rate.recognised.definition", Stages: []string{StageRecognised, StageClosed}},
	{Name: "closed", Code: "rate.closed.definition", Stages: []string{StageClosed}},
	{Name: "cadre_claimed", Code: "rate.cadre_claimed.definition", Claims: []string{ClaimDone}, OrganCadre: true},
	{Name: "acknowledged", Code: "rate.acknowledged.definition", Positions: []string{PositionAgrees}, Acceptance: true},
}

// Shown returns the definitions that mean something in a round: whether
// organisations agree is a figure only where they are asked.
func Shown(acceptance bool) []Definition {
	return slices.DeleteFunc(slices.Clone(Definitions), func(d Definition) bool { return d.Acceptance && !acceptance })
}

// Within reports whether r is in the denominator.
func (d Definition) Within(r Row) bool { return !d.OrganCadre || r.OrganCadre }

// Counts reports whether r is in the numerator.
func (d Definition) Counts(r Row) bool {
	return d.Within(r) && (slices.Contains(d.Claims, r.Claim) || slices.Contains(d.Stages, r.Stage) || slices.Contains(d.Positions, r.Position))
}

// A Figure is a rate as published: immutable, and complete enough to be checked
// by hand against the list of findings it names.
type Figure struct {
	Rate
	Name       string
	Definition string    // code of the definition
	AsOf       time.Time // instant at which the ledger was read, UTC
	Findings   []string  // numbers of the findings in the numerator, ascending
}

// MarshalJSON writes the published form; findings is never null.
func (f Figure) MarshalJSON() ([]byte, error) {
	return json.Marshal(published{f.Name, f.Definition, f.Num, f.Den, f.AsOf.UTC(), append([]string{}, f.Findings...)})
}

// UnmarshalJSON reads the published form.
func (f *Figure) UnmarshalJSON(text []byte) error {
	var p published
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*f = Figure{Rate{p.Numerator, p.Denominator}, p.Name, p.Definition, p.AsOf, p.Findings}
	return nil
}

type published struct {
	Name        string    `json:"name"`
	Definition  string    `json:"definition"`
	Numerator   int       `json:"numerator"`
	Denominator int       `json:"denominator"`
	AsOf        time.Time `json:"as_of"`
	Findings    []string  `json:"findings"`
}

// Rates counts rows once and returns one figure per definition, in that order. Rows are the fed-back findings of whatever is being looked at: a
// round, an organisation, a reviewer's share. Pure.
func Rates(definitions []Definition, rows iter.Seq[Row], asOf time.Time) []Figure {
	figures := make([]Figure, len(definitions))
	for i, d := range definitions {
		figures[i] = Figure{Name: d.Name, Definition: d.Code, AsOf: asOf.UTC(), Findings: []string{}}
	}
	for row := range rows {
		for i, d := range definitions {
			figures[i].count(d, row)
		}
	}
	for _, f := range figures {
		slices.Sort(f.Findings)
	}
	return figures
}

func (f *Figure) count(d Definition, row Row) {
	if d.Within(row) {
		f.Den++
	}
	if d.Counts(row) {
		f.Num++
		f.Findings = append(f.Findings, row.Number)
	}
}
