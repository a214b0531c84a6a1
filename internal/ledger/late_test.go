package ledger_test

import (
	"slices"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

func TestSendingSetsEachPartysDay(t *testing.T) {
	d := newDesk()
	d.doc.Late = mechanism.LateShut
	d.doc.Days, d.doc.DaysOf = 3, []mechanism.PartyDays{{Party: "team", Days: 5}}
	f := ledger.Finding{Number: deskFinding, Progress: ledger.Progress{Text: "检查31家"}}
	s := ledger.Submission{ID: deskReport, Doc: mechanism.Report, Number: 1, Stage: ledger.Pledging, Version: 2, Pledge: ledger.Pledged{Hash: ledger.ContentHash(mechanism.Report, []ledger.Finding{f})}}
	d.env.Submission, d.env.Findings, d.env.Today = s, []ledger.Finding{f}, date("2026-03-05") // a Thursday
	d.env.Seats = taken
	facts, err := ledger.Decide(s, ledger.Send{Submission: s.ID}, d.env)
	if err != nil {
		t.Fatal(err)
	}
	sent := s.Apply(facts[0].Event).(ledger.Submission)
	if got := sent.DueOf("office"); got != date("2026-03-10") {
		t.Errorf("the office has until %s, want three working days later", got)
	}
	if got := sent.DueOf("team"); got != date("2026-03-12") {
		t.Errorf("the team has until %s, want five working days later", got)
	}
	if sent.Overdue("office", date("2026-03-10")) || !sent.Overdue("office", date("2026-03-11")) {
		t.Error("the day itself is still in time, the next is late")
	}
	later := date("2026-03-20")
	if sent.Shuts("office", d.doc.Late, later) || !sent.Shuts("team", d.doc.Late, later) {
		t.Error("the door must shut on every late party but the one that consolidates")
	}
	d.env.Today = date("2031-03-05")
	if _, err := ledger.Decide(s, ledger.Send{Submission: s.ID}, d.env); code(err) != "calendar.unknown_year" {
		t.Errorf("sent in a year without a calendar: %v", err)
	}
}

func TestPassingOver(t *testing.T) {
	act := ledger.PassOver{Submission: deskReport, Party: "discipline", Reason: "逾期三日，已电话催告"}
	for name, c := range map[string]struct {
		late mechanism.Late
		due  string
		want string
	}{
		"where the review waits": {mechanism.LateWaits, "2026-03-06", "pass_over.not_late"},
		"on the last day":        {mechanism.LatePassed, "2026-03-09", "pass_over.not_late"},
		"the day after":          {mechanism.LatePassed, "2026-03-08", ""},
		"with the door shut":     {mechanism.LateShut, "2026-03-08", ""},
	} {
		d := newDesk()
		d.doc.Late, d.env.Submission.Due = c.late, []ledger.PartyDue{{Party: "discipline", By: date(c.due)}}
		facts, err := ledger.Decide(d.env.Submission, act, d.env)
		if code(err) != c.want || err == nil && len(facts) != 1 {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	vacated := newDesk()
	vacated.env.Seats = ledger.Seats{"office": {"zhou"}}
	if _, err := ledger.Decide(vacated.env.Submission, act, vacated.env); err != nil {
		t.Errorf("for whom nobody is left to speak, in time and where the review waits: %v", err)
	}
	d := newDesk()
	d.doc.Late, d.env.Submission.Due = mechanism.LatePassed, []ledger.PartyDue{{Party: "discipline", By: date("2026-03-06")}}
	if _, err := ledger.Decide(d.env.Submission, ledger.PassOver{Submission: deskReport, Party: "discipline"}, d.env); code(err) != "pass_over.reason_missing" {
		t.Errorf("without a reason: %v", err)
	}
	d.env.Submission.PassedOver = []ledger.PassedOver{{Party: "discipline"}}
	if _, err := ledger.Decide(d.env.Submission, act, d.env); code(err) != "pass_over.twice" {
		t.Errorf("twice: %v", err)
	}
}

// A panel is complete without whom it does not wait for, by act or by the clock;
// what was said before still counts.
func TestReadingDoesNotWaitForThePassed(t *testing.T) {
	d := newDesk()
	panel := d.env.Mechanism.Panel(mechanism.Report, false)
	said := map[joint.Party]joint.Conclusion{"office": joint.Agree, "personnel": joint.Agree, "team": joint.Return}
	read := func() joint.Reading {
		return joint.Read(panel, d.doc.Rule, d.env.Submission.Answers(*d.doc, panel, said, d.env.Today))
	}
	d.env.Submission.Due = []ledger.PartyDue{{Party: "discipline", By: date("2026-03-06")}}
	if r := read(); !slices.Equal(r.Missing, []joint.Party{"discipline"}) {
		t.Errorf("where the review waits, %v is missing; want the late party", r.Missing)
	}
	d.doc.Late = mechanism.LateShut
	if r := read(); !r.Complete() || r.Strictest != joint.Return {
		t.Errorf("with the door shut: %+v; want complete", r)
	}
	d.doc.Late, d.env.Submission.PassedOver = mechanism.LatePassed, []ledger.PassedOver{{Party: "discipline"}, {Party: "team"}}
	if r := read(); !r.Complete() || r.Strictest != joint.Return || !r.Disputed {
		t.Errorf("passed over: %+v; want complete, with what the team had said", r)
	}
}

// Where the door shuts on whoever is late, it never shuts on the party that
// consolidates: without its own answer it may not see the others', for ever.
func TestTheDoorNeverShutsOnWhoConsolidates(t *testing.T) {
	d := newDesk()
	d.doc.Late = mechanism.LateShut
	for party, awaited := range map[joint.Party]bool{"office": true, "discipline": false} {
		d.env.Submission.Due = []ledger.PartyDue{{Party: party, By: date("2026-03-06"), Awaited: awaited}}
		if shut := d.env.Submission.Shuts(party, d.doc.Late, d.env.Today); shut == awaited {
			t.Errorf("%s: shut out %v; want %v", party, shut, !awaited)
		}
		if passes := d.env.Submission.Passes(party, d.doc.Late, d.env.Today); passes == awaited {
			t.Errorf("%s: passed over %v; want %v", party, passes, !awaited)
		}
	}
}
