package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// An Import is the report of a ledger that came in: what it was and what became of
// every row. It is written once and never changed.
type Import struct {
	ID     string    `json:"id"` // "8-import-3"
	Round  int       `json:"round"`
	Number int       `json:"number"` // within the round, from 1
	Intake           // what was imported and what came of it
	By     string    `json:"by"` // person ID
	At     time.Time `json:"at"`

	Version int64 `json:"version"`
}

// An Intake is what came in and what became of it. Every row of the file that
// holds a finding is in Added, Updated or Left, or in LeftOut with its reason.
type Intake struct {
	File         File             `json:"file"`                   // its bytes lie in the evidence store
	Organisation string           `json:"organisation,omitempty"` // whose the rows are where the file does not say
	Added        []string         `json:"added,omitempty"`        // numbers of the findings
	Updated      []UpdatedFinding `json:"updated,omitempty"`
	Left         []string         `json:"left,omitempty"`     // identical, or all that differs is kept
	Kept         []KeptField      `json:"kept,omitempty"`     // what the file says otherwise and people decided
	LeftOut      []LeftOut        `json:"left_out,omitempty"` // of the file, and why
	Fixed        []FixedCell      `json:"fixed,omitempty"`    // corrected on the way in, not in the file
	Layout       json.RawMessage  `json:"layout,omitempty"`   // how the file was read; see sheet.Layout
	Account      map[string]int   `json:"account,omitempty"`  // rows of the file by what became of them
}

// An UpdatedFinding is a finding and the fields that an import changed.
type UpdatedFinding struct {
	Number string   `json:"number"`
	Fields []string `json:"fields"`
}

// A KeptField is a field that an import left as people decided it. Code is that of
// the refusal, with its Args.
type KeptField struct {
	Number string   `json:"number"`
	Field  string   `json:"field"`
	Code   string   `json:"code"`
	Args   []string `json:"args,omitempty"`
}

// LeftOut is a place of the file that was not taken. Code says why.
type LeftOut struct {
	Sheet string   `json:"sheet,omitempty"`
	Cell  string   `json:"cell,omitempty"`
	Code  string   `json:"code"`
	Args  []string `json:"args,omitempty"`
}

// A FixedCell is a cell that was corrected before the import.
type FixedCell struct {
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

func (i Import) Ref() Ref         { return ImportRef(i.ID) }
func (i Import) Ver() int64       { return i.Version }
func (i Import) Subject() Subject { return Subject{Kind: KindImport, Round: i.Round} }

// ImportRef names the import.
func ImportRef(id string) Ref { return Ref{KindImport, id} }

// ImportID names the n-th import of a round.
func ImportID(round, n int) string { return fmt.Sprintf("%d-import-%d", round, n) }

// RecordImport keeps the report of an import, in the transaction that imports.
type RecordImport struct {
	Round, Number int
	Intake        Intake
}

func (a RecordImport) Target() Ref { return ImportRef(ImportID(a.Round, a.Number)) }
func (a RecordImport) Under() Ref  { return RoundRef(a.Round) }
func (a RecordImport) Blank(Env) State {
	return Import{ID: ImportID(a.Round, a.Number), Round: a.Round, Number: a.Number}
}

// LedgerImported says that a ledger came in.
type LedgerImported struct {
	Round  int       `json:"round"`
	Number int       `json:"number"`
	Intake Intake    `json:"intake"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func (LedgerImported) event() {}

func (i Import) decide(act Act, env Env) ([]Fact, error) {
	record, ok := act.(RecordImport)
	switch {
	case !ok:
		return nil, unhandled(i, act)
	case i.Version > 0:
		return nil, refuse("intake.recorded", i.ID)
	case record.Intake.File.SHA256 == "":
		return nil, refuse("intake.no_file")
	}
	return on(i, LedgerImported{record.Round, record.Number, record.Intake, env.Person, env.Now}), nil
}

// Apply returns the report after the event.
func (i Import) Apply(e Event) State {
	if e, ok := e.(LedgerImported); ok {
		i.Round, i.Number, i.Intake, i.By, i.At = e.Round, e.Number, e.Intake, e.By, e.At
	}
	i.Version++
	return i
}
