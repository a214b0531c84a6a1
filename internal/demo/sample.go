package demo

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/sheet"
	"lianshen/internal/workday"
)

//go:embed round8/*.json round8/ledger-all.xlsx
var files embed.FS

// LedgerFile returns the office's ledger of the sample round, an Excel workbook,
// for trying the import.
func LedgerFile() []byte {
	content, err := files.ReadFile("round8/ledger-all.xlsx")
	if err != nil {
		panic(err) // embedded: a build without it is broken
	}
	return content
}

// sample is what the files of the round say.
type sample struct {
	rows       []sheet.Row
	byNumber   map[string]sheet.Row
	reports    reports
	opinions   map[string][]opinion // by finding, in the order of the file
	byID       map[string]opinion
	duties     map[string]duty
	letters    map[string]letter
	answers    map[string]answer
	quantities map[string][]ledger.Quantity
}

// reports are the texts of the progress reports by finding. Dates are those on
// which each organisation signed its versions.
type reports struct {
	Dates  map[string][]string `json:"dates"`
	First  map[string]string   `json:"v1"`
	Second map[string]string   `json:"v2"`
}

type opinion struct {
	ID        string   `json:"id"`
	Finding   string   `json:"problem"`
	Party     string   `json:"party"`
	Reviewer  string   `json:"reviewer"` // section and name
	Date      string   `json:"date"`
	Criterion string   `json:"criterion"`
	Verdict   string   `json:"verdict"`
	Text      string   `json:"opinion"`
	Change    string   `json:"required_change"`
	Flags     []string `json:"related_flags"`
}

type duty struct {
	Number  string `json:"no"`
	Finding string `json:"problem"`
	Section string `json:"supervising_section"`
	Person  string `json:"responsible"`
}

// letter is what the office made of the opinions on one finding; Origins are IDs
// of the file of opinions.
type letter struct {
	Conclusion joint.Conclusion `json:"conclusion"`
	Reason     string           `json:"reason"`
	Entries    []struct {
		Text    string   `json:"text"`
		Change  string   `json:"change"`
		Origins []string `json:"origins"`
	} `json:"entries"`
}

type answer struct {
	Response ledger.Response `json:"response"`
	Place    string          `json:"place"`
	Reason   string          `json:"reason"`
}

func readSample(ctx context.Context) (*sample, error) {
	s := &sample{
		byNumber: map[string]sheet.Row{}, opinions: map[string][]opinion{},
		byID: map[string]opinion{}, duties: map[string]duty{},
	}
	if err := s.readLedger(ctx); err != nil {
		return nil, err
	}
	var opinions struct {
		Opinions []opinion `json:"opinions"`
	}
	var duties struct {
		Items []duty `json:"items"`
	}
	var office struct {
		Letters map[string]letter `json:"letters"`
		Answers map[string]answer `json:"answers"`
	}
	for name, into := range map[string]any{
		"reports.json": &s.reports, "quantities.json": &s.quantities,
		"opinions.json": &opinions, "duty-list.json": &duties, "office.json": &office,
	} {
		if err := readJSON(name, into); err != nil {
			return nil, err
		}
	}
	for _, o := range opinions.Opinions {
		s.opinions[o.Finding] = append(s.opinions[o.Finding], o)
		s.byID[o.ID] = o
	}
	for _, d := range duties.Items {
		s.duties[d.Finding] = d
	}
	s.letters, s.answers = office.Letters, office.Answers
	return s, nil
}

func (s *sample) readLedger(ctx context.Context) error {
	content := LedgerFile()
	l, err := sheet.ReadLedger(ctx, bytes.NewReader(content), int64(len(content)), "ledger-all.xlsx", sheet.Options{})
	if err != nil {
		return err
	}
	if len(l.Problems) > 0 {
		return fmt.Errorf("ledger-all.xlsx: %+v", l.Problems[0])
	}
	s.rows = l.Rows
	for _, row := range l.Rows {
		s.byNumber[row.Number] = row
	}
	return nil
}

func readJSON(name string, into any) error {
	content, err := files.ReadFile("round8/" + name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// of returns the findings of the organisation, by number.
func (s *sample) of(organisation string) []sheet.Row {
	var rows []sheet.Row
	for _, row := range s.rows {
		if organisationOf(row.Number) == organisation {
			rows = append(rows, row)
		}
	}
	return rows
}

// on returns the opinion of the party on the first report about the finding.
func (s *sample) on(finding string, party joint.Party) (opinion, bool) {
	for _, o := range s.opinions[finding] {
		if parties[o.Party] == party {
			return o, true
		}
	}
	return opinion{}, false
}

// letter returns what the office made of the finding's opinions; a finding
// without any was recognised.
func (s *sample) letter(finding string) letter {
	if l, worded := s.letters[finding]; worded {
		return l
	}
	return letter{Conclusion: joint.Agree}
}

// organisationOf returns "JT" for "08-JT-012".
func organisationOf(number string) string { return number[3:5] }

func date(text string) workday.Date {
	if text == "" {
		return workday.Date{}
	}
	d, err := workday.Parse(text)
	if err != nil {
		panic(err) // of this package's own data: a test loads them all
	}
	return d
}
