package supervise_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
)

// The sequential model that the history of TestLinear is held against: one finding
// of one report, as one person at a time would have it. It knows nothing of the
// program but the names of its stages. A history is linearizable if every finding's
// part of it is: what is done to the whole report stands in each part.

// parties in the order of the model's arrays.
var parties = []joint.Party{"office", "discipline", "personnel", "team"}

// A call is one act, or one look, of the history.
type call struct {
	Op         string // "vote", "take back", "consolidate", "deliver", "answer", "prepare", "pledge", "send", "write", "close", "reopen", "recuse", "lift", "look"
	Finding    string // "" for what concerns the whole report
	Report     int    // number of the version it is about
	Party      int
	Person     string
	Conclusion joint.Conclusion
	Key        string    // idempotency key of a vote
	Text       string    // that is written
	Seen       int64     // version of the verdict or the consolidation on the sender's page
	Origins    [4]bool   // parties whose opinions the consolidation carries or sets aside
	Sight      caseState // what a look saw
	Sent       []string  // findings of a version that was sent
	Ver        int64     // version of the record that the act answered with
	OK         bool      // done; else refused
	Err        error     // of a refusal, for a report

	Ref   ledger.Ref // the record that an act was done to
	Entry int64      // of the trail; 0 for what changed nothing
	Place int        // in the order that is tried first
}

// A caseState is what the model knows of the finding and the report around it.
// It is comparable.
type caseState struct {
	Report int    // number of the newest version of the report
	Paper  string // stage of that version
	In     bool   // the finding is in that version, which has been sent
	Stage  ledger.Stage

	PaperVer, FindingVer int64 // versions of the records

	Said     [4]string // "person:conclusion" by party, on that version; "" if it was taken back
	SaidVer  [4]int64  // versions of these verdicts
	Spent    [4]int    // opinions that were taken back with them
	Made     joint.Conclusion
	MadeVer  int64 // version of the consolidation; 0 for none
	Answered bool  // the entry of the letter

	hidden // what a look does not see
}

// hidden is what the model remembers to foretell answers by.
type hidden struct {
	Away    [4]bool  // the first of those who speak for each party is recused
	AwayVer [4]int64 // versions of these recusals

	Keys string   // idempotency keys of the verdicts, each behind a comma
	Text string   // what the organisation has written
	Last struct { // of the last version that the finding was in
		Text   string
		Passed bool
		Said   [4]string
	}
}

// started is the state after the set-up: version 1 has been sent with every finding.
var started = caseState{
	Report: 1, Paper: string(ledger.Reviewed), In: true, Stage: ledger.InReview,
	PaperVer: 3, FindingVer: 4, // prepared, pledged, sent; registered, plan and progress written, sent
	hidden: hidden{Text: firstText},
}

const firstText = "第一稿。"

func linearModel() porcupine.Model {
	return porcupine.Model{
		Partition: byFinding,
		Init:      func() any { return started },
		Step: func(state, input, _ any) (bool, any) {
			return state.(caseState).step(input.(*call))
		},
		DescribeOperation: func(input, _ any) string { return input.(*call).String() },
		DescribeState:     func(state any) string { return fmt.Sprintf("%+v", state) },
	}
}

// byFinding parts the history. A refusal of what concerns the whole report may lie
// in another finding, so it says nothing about this one and is left out.
func byFinding(history []porcupine.Operation) [][]porcupine.Operation {
	parts := map[string][]porcupine.Operation{}
	var whole []porcupine.Operation
	for _, op := range history {
		c := op.Input.(*call)
		switch {
		case c.Finding != "":
			parts[c.Finding] = append(parts[c.Finding], op)
		case c.OK:
			whole = append(whole, op)
		}
	}
	var all [][]porcupine.Operation
	for finding, part := range parts {
		part = append(part, inPart(whole, finding)...)
		all = append(all, part)
	}
	return all
}

// inPart says of what was done to the report whether the finding was in it.
func inPart(whole []porcupine.Operation, finding string) []porcupine.Operation {
	part := slices.Clone(whole)
	for i := range part {
		c := *part[i].Input.(*call)
		c.Finding = finding
		part[i].Input = &c
	}
	return part
}

// step returns whether the call could have gone as it went, in this state, and the
// state after it. An act that could have been done may not be refused.
func (s caseState) step(c *call) (bool, caseState) {
	switch c.Op {
	case "look":
		visible := s
		visible.hidden = hidden{}
		return c.Sight == visible, s
	case "vote":
		return s.vote(c)
	case "consolidate":
		return s.consolidate(c)
	case "take back":
		return s.takeBack(c)
	case "answer":
		if c.Report < s.Report {
			return true, s // the letter of an earlier version: nothing here depends on it
		}
		may := c.Report == s.Report && s.Paper == string(ledger.SentBack) && s.In && s.Made == joint.Return
		return s.done(c, may, &s.MadeVer, func(s *caseState) { s.Answered = true })
	case "close":
		return s.done(c, s.Stage == ledger.Recognised, &s.FindingVer, func(s *caseState) { s.Stage = ledger.ClosedStage })
	case "reopen":
		may := s.Stage == ledger.Recognised || s.Stage == ledger.ClosedStage
		return s.done(c, may, &s.FindingVer, func(s *caseState) { s.Stage = ledger.Returned })
	case "write":
		return s.done(c, s.Stage == ledger.Returned, &s.FindingVer, func(s *caseState) { s.Text = c.Text })
	}
	return s.whole(c)
}

// whole is the part of what concerns the whole report that this finding can tell.
func (s caseState) whole(c *call) (bool, caseState) {
	switch c.Op {
	case "recuse", "lift":
		recuse := c.Op == "recuse"
		return s.done(c, s.Away[c.Party] != recuse, &s.AwayVer[c.Party], func(s *caseState) { s.Away[c.Party] = recuse })
	case "deliver":
		may := c.Report == s.Report && s.Paper == string(ledger.Reviewed) && (!s.In || s.MadeVer > 0)
		return s.done(c, may, &s.PaperVer, func(s *caseState) {
			s.Paper = string(ledger.SentBack)
			if s.In {
				s.FindingVer++
				s.Stage = ledger.Returned
				if s.Made == joint.Agree {
					s.Stage = ledger.Recognised
				}
				s.Last.Text, s.Last.Passed, s.Last.Said = s.Text, s.Made == joint.Agree, s.Said
			}
		})
	case "prepare":
		due := s.In && s.Made == joint.Return && !s.Answered
		may := c.Report == s.Report+1 && s.Paper == string(ledger.SentBack) && !due
		s.PaperVer = 0
		return s.done(c, may, &s.PaperVer, func(s *caseState) {
			*s = caseState{PaperVer: 1, FindingVer: s.FindingVer, Report: c.Report, Paper: string(ledger.Prepared), Stage: s.Stage, hidden: s.hidden}
			s.Keys = ""
		})
	case "pledge":
		may := c.Report == s.Report && (s.Paper == string(ledger.Prepared) || s.Paper == string(ledger.Pledging))
		return s.done(c, may, &s.PaperVer, func(s *caseState) { s.Paper = string(ledger.Pledging) })
	case "send":
		in := slices.Contains(c.Sent, c.Finding)
		may := c.Report == s.Report && s.Paper == string(ledger.Pledging) && in == (s.Stage == ledger.Returned)
		return s.done(c, may, &s.PaperVer, func(s *caseState) {
			s.Paper, s.In = string(ledger.Reviewed), in
			if in {
				s.FindingVer++
				s.Stage = ledger.InReview
				s.carry()
			}
		})
	}
	panic("unknown call " + c.Op)
}

// carry keeps the verdicts on a text that comes back as it was: of the parties
// that had nothing against it, for the others have an answer to look at.
func (s *caseState) carry() {
	if s.Last.Passed || s.Last.Text != s.Text {
		return
	}
	for p, says := range s.Last.Said {
		if !disagrees(says) {
			s.Said[p], s.SaidVer[p] = says, 1
		}
	}
}

// done is a step that is taken exactly when it may be, and then moves the record
// to the version that the act answered with.
func (s *caseState) done(c *call, may bool, ver *int64, then func(*caseState)) (bool, caseState) {
	if !may || !c.OK {
		return may == c.OK, *s
	}
	*ver++
	right := c.Ver == *ver
	then(s)
	return right, *s
}

func (s caseState) vote(c *call) (bool, caseState) {
	if c.Key != "" && c.OK && strings.Contains(s.Keys, ","+c.Key) {
		return true, s // the same order again, under the same key
	}
	if c.Key != "" && c.Report < s.Report {
		return true, s // it may repeat what was done to an earlier version
	}
	may := !s.away(c.Person) && s.underReview(c) && s.Said[c.Party] == "" && c.Seen == s.SaidVer[c.Party] && s.MadeVer == 0
	return s.done(c, may, &s.SaidVer[c.Party], func(s *caseState) {
		s.Said[c.Party] = c.says()
		if c.Key != "" {
			s.Keys += "," + c.Key
		}
	})
}

// away reports whether the person is recused: they judge nothing meanwhile.
func (s caseState) away(person string) bool {
	for i, away := range s.Away {
		if away && person == recusable(i) {
			return true
		}
	}
	return false
}

// recusable is the one person of each party whom recusals are about.
func recusable(party int) string {
	return []string{"clerkoffice-1", "reviewerdiscipline-1", "reviewerpersonnel-1", "reviewerteam-1-1"}[party]
}

func (s caseState) underReview(c *call) bool {
	return c.Report == s.Report && s.Paper == string(ledger.Reviewed) && s.In
}

func (s caseState) takeBack(c *call) (bool, caseState) {
	may := s.underReview(c) && s.Said[c.Party] != "" && c.Seen == s.SaidVer[c.Party] && s.MadeVer == 0
	return s.done(c, may, &s.SaidVer[c.Party], func(s *caseState) {
		if s.objects(c.Party) {
			s.Spent[c.Party]++
		}
		s.Said[c.Party] = ""
	})
}

// consolidate needs every party's word, the sender's sight of the last
// consolidation, and the fate of every opinion: a party that does not agree has raised one.
func (s caseState) consolidate(c *call) (bool, caseState) {
	may := !s.away(c.Person) && s.underReview(c) && c.Seen == s.MadeVer
	for p, says := range s.Said {
		may = may && says != "" && (c.Origins[p] || !s.objects(p))
	}
	return s.done(c, may, &s.MadeVer, func(s *caseState) { s.Made = c.Conclusion })
}

// objects reports whether the party has raised an opinion: all but those who agree do.
func (s caseState) objects(party int) bool { return s.Said[party] != "" && disagrees(s.Said[party]) }

func disagrees(says string) bool { return !strings.HasSuffix(says, ":"+string(joint.Agree)) }

func (c *call) says() string { return c.Person + ":" + string(c.Conclusion) }

func (c *call) String() string {
	result := "done"
	if !c.OK {
		result = fmt.Sprintf("refused: %v", c.Err)
	}
	if c.Op == "look" {
		return fmt.Sprintf("look %s: %+v", c.Finding, c.Sight)
	}
	return fmt.Sprintf("%s %s v%d %s %s seen=%d key=%q: %s", c.Op, c.Finding, c.Report, c.Person, c.Conclusion, c.Seen, c.Key, result)
}
