package ledger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// chamber is a meeting of the round with one item, and what its rules read.
type chamber struct {
	t   *testing.T
	env ledger.Env
	now ledger.Meeting
}

func called(t *testing.T, kind ledger.MeetingKind, votes said) *chamber {
	t.Helper()
	c := &chamber{t: t, env: court(votes, func(d *mechanism.Document, _ *mechanism.Mechanism) { d.Mode = mechanism.OnTheSpot })}
	c.env.Docket = []ledger.Matter{{Submission: c.env.Submission, Finding: c.env.Findings[0], Verdicts: c.env.Verdicts}}
	c.must(call(kind))
	return c
}

func call(kind ledger.MeetingKind) ledger.CallMeeting {
	return ledger.CallMeeting{Round: 8, Number: 1, Kind: kind, Terms: terms(), Submission: "s"}
}

func terms() ledger.MeetingTerms {
	return ledger.MeetingTerms{Title: "分歧会商", On: date("2026-03-26"), Chair: "梁建华", Place: "县委三楼"}
}

func (c *chamber) do(act ledger.Act) error {
	var state ledger.State = c.now
	if creator, ok := act.(ledger.Creator); ok && c.now.Version == 0 {
		state = creator.Blank(c.env)
	}
	facts, err := ledger.Decide(state, act, c.env)
	for _, f := range facts {
		state = state.Apply(viaText(c.t, f.Event))
	}
	if err == nil {
		c.now = state.(ledger.Meeting)
	}
	return err
}

func (c *chamber) must(act ledger.Act) {
	c.t.Helper()
	if err := c.do(act); err != nil {
		c.t.Fatalf("%T: %v", act, err)
	}
}

func resolve() ledger.Resolve {
	return ledger.Resolve{Meeting: "8-m1", Submission: "s", Finding: "f", Conclusion: goOn, Reason: "补齐台账", DecidedBy: "全体到会审核方"}
}

func TestAMeetingResolvesAndCloses(t *testing.T) {
	c := called(t, ledger.JointMeeting, split)
	c.must(ledger.Attend{Meeting: "8-m1", Attendance: []ledger.Attendee{{Party: "a", Name: "江一帆", Present: true}, {}, {Name: "列席", Note: "业务骨干"}}})
	refusedAs(t, c.do(ledger.CloseMeeting{Meeting: "8-m1"}), "meet.unresolved")
	c.must(resolve())
	again := resolve()
	again.Conclusion, again.Votes = back, said{"e": back}
	c.must(again)
	c.must(ledger.CloseMeeting{Meeting: "8-m1"})
	if len(c.now.Decisions) != 1 || c.now.Decisions[0].Conclusion != back || len(c.now.Attendance) != 2 || c.now.Open() || c.now.Pending() != 0 {
		t.Errorf("meeting %+v", c.now)
	}
	for _, act := range []ledger.Act{
		resolve(),
		ledger.CloseMeeting{Meeting: "8-m1"},
		ledger.Attend{Meeting: "8-m1"},
		ledger.AmendMeeting{Meeting: "8-m1", Terms: terms()},
		ledger.Defer{Meeting: "8-m1", Submission: "s", Finding: "f", Reason: "再议"},
	} {
		refusedAs(t, c.do(act), "meet.closed")
	}
}

func TestWhatAMeetingRefuses(t *testing.T) {
	complete := said{"a": agree, "b": agree, "c": agree, "d": agree, "e": agree}
	for name, x := range map[string]struct {
		kind  ledger.MeetingKind
		said  said
		setup func(*chamber)
		act   func(*chamber) ledger.Act
		want  string
	}{
		"an item that is not there":    {act: with(resolve(), func(a *ledger.Resolve) { a.Finding = "g" }), want: "meet.not_on_agenda"},
		"no reason":                    {act: with(resolve(), func(a *ledger.Resolve) { a.Reason = " " }), want: "meet.reason_missing"},
		"nobody decided":               {act: with(resolve(), func(a *ledger.Resolve) { a.DecidedBy = "" }), want: "meet.decided_by_missing"},
		"no conclusion":                {act: with(resolve(), func(a *ledger.Resolve) { a.Conclusion = joint.Abstained }), want: "verdict.conclusion_missing"},
		"a vote of a stranger":         {act: with(resolve(), func(a *ledger.Resolve) { a.Votes = said{"x": agree} }), want: "meet.vote_unknown"},
		"a vote that is none":          {act: with(resolve(), func(a *ledger.Resolve) { a.Votes = said{"a": "aye"} }), want: "meet.vote_unknown"},
		"undisputed":                   {said: complete, act: with(resolve(), nil), want: "meet.item_undisputed"},
		"returned too often":           {said: complete, setup: func(c *chamber) { c.env.Mechanism.Documents[0].Returns, c.env.Docket[0].Returns = 1, 1 }, act: with(resolve(), nil)},
		"incomplete by now":            {setup: func(c *chamber) { c.env.Docket[0].Verdicts = c.env.Verdicts[:3] }, act: with(resolve(), nil), want: "meet.item_incomplete"},
		"the own seat is silent":       {setup: silentSeat, act: with(resolve(), nil), want: "meet.own_missing"},
		"consolidated meanwhile":       {setup: func(c *chamber) { c.env.Docket[0].Made = true }, act: with(resolve(), nil), want: "meet.item_consolidated"},
		"deferred without a reason":    {act: plain(ledger.Defer{Meeting: "8-m1", Submission: "s", Finding: "f"}), want: "meet.reason_missing"},
		"closed without anybody there": {setup: func(c *chamber) { c.must(resolve()) }, act: plain(ledger.CloseMeeting{Meeting: "8-m1"}), want: "meet.nobody_present"},
		"a name is missing":            {act: plain(ledger.Attend{Meeting: "8-m1", Attendance: []ledger.Attendee{{Note: "组长"}}}), want: "meet.name_missing"},
		"a party that is none":         {act: plain(ledger.Attend{Meeting: "8-m1", Attendance: []ledger.Attendee{{Party: "x", Name: "某人"}}}), want: "meet.party_unknown"},
		"a resolved item dropped": {setup: func(c *chamber) {
			c.must(resolve())
			c.env.Docket[0].Finding.Number = "g"
			c.env.Docket[0].Submission.Sent.Findings = []string{"g"}
		}, act: plain(amended()), want: "meet.item_resolved"},
		"an agenda without an item":     {setup: func(c *chamber) { c.env.Docket = nil }, act: plain(amended()), want: "meet.agenda_empty"},
		"an item twice":                 {setup: func(c *chamber) { c.env.Docket = append(c.env.Docket, c.env.Docket[0]) }, act: plain(amended()), want: "meet.item_twice"},
		"an item of another round":      {setup: func(c *chamber) { c.env.Docket[0].Submission.Round = 7 }, act: plain(amended()), want: "meet.item_other_round"},
		"an item that is delivered":     {setup: func(c *chamber) { c.env.Docket[0].Submission.Stage = ledger.SentBack }, act: plain(amended()), want: "meet.item_not_in_review"},
		"an item of another meeting":    {setup: func(c *chamber) { c.env.Docket[0].Elsewhere = "8-m9" }, act: plain(amended()), want: "meet.item_elsewhere"},
		"an item that is made":          {setup: func(c *chamber) { c.env.Docket[0].Made = true }, act: plain(amended()), want: "meet.item_consolidated"},
		"an incomplete item":            {setup: func(c *chamber) { c.env.Docket[0].Verdicts = nil }, act: plain(amended()), want: "meet.item_incomplete"},
		"the agenda of a spot session":  {kind: ledger.SpotSession, act: plain(amended()), want: "meet.agenda_fixed"},
		"no title":                      {act: plain(ledger.AmendMeeting{Meeting: "8-m1", Terms: ledger.MeetingTerms{On: terms().On, Chair: "梁"}}), want: "meet.title_missing"},
		"no day":                        {act: plain(ledger.AmendMeeting{Meeting: "8-m1", Terms: ledger.MeetingTerms{Title: "会", Chair: "梁"}}), want: "meet.date_missing"},
		"no chair":                      {act: plain(ledger.AmendMeeting{Meeting: "8-m1", Terms: ledger.MeetingTerms{Title: "会", On: terms().On}}), want: "meet.chair_missing"},
		"called twice":                  {act: plain(call(ledger.JointMeeting)), want: "meet.number"},
		"terms alone":                   {act: plain(ledger.AmendMeeting{Meeting: "8-m1", Terms: terms()})},
		"a spot session that agrees":    {kind: ledger.SpotSession, said: complete, setup: (*chamber).attended, act: plain(ledger.CloseMeeting{Meeting: "8-m1"})},
		"a spot session that differs":   {kind: ledger.SpotSession, setup: (*chamber).attended, act: plain(ledger.CloseMeeting{Meeting: "8-m1"}), want: "meet.unresolved"},
		"a spot session, the seat mute": {kind: ledger.SpotSession, said: complete, setup: func(c *chamber) { c.attended(); silentSeat(c) }, act: plain(ledger.CloseMeeting{Meeting: "8-m1"}), want: "meet.unresolved"},
	} {
		t.Run(name, func(t *testing.T) {
			if x.kind == "" {
				x.kind = ledger.JointMeeting
			}
			if x.said == nil {
				x.said = split
			}
			c := called(t, x.kind, x.said)
			if x.setup != nil {
				x.setup(c)
			}
			before := c.now
			refusedAs(t, c.do(x.act(c)), x.want)
			if x.want != "" && cmp.Diff(before, c.now) != "" {
				t.Error("a refused act changed the meeting")
			}
		})
	}
}

func with(a ledger.Resolve, change func(*ledger.Resolve)) func(*chamber) ledger.Act {
	if change != nil {
		change(&a)
	}
	return plain(a)
}

func plain(a ledger.Act) func(*chamber) ledger.Act { return func(*chamber) ledger.Act { return a } }

func amended() ledger.AmendMeeting {
	return ledger.AmendMeeting{Meeting: "8-m1", Terms: terms(), Agenda: []ledger.AgendaItem{{Submission: "s", Finding: "f"}}}
}

// silentSeat has somebody preside whose own party, for whom nobody waits, has not spoken.
func silentSeat(c *chamber) {
	c.env.Speaks = "a"
	c.env.Mechanism.Documents[0].Rule.Required = []joint.Party{"b", "c", "d", "e"}
	c.env.Docket[0].Verdicts = c.env.Docket[0].Verdicts[1:]
}

func (c *chamber) attended() {
	c.must(ledger.Attend{Meeting: "8-m1", Attendance: []ledger.Attendee{{Party: "a", Name: "江一帆", Present: true}}})
}

func TestWhichMeetingsCanBeCalled(t *testing.T) {
	for name, x := range map[string]struct {
		change func(*ledger.CallMeeting, *ledger.Env)
		want   string
	}{
		"as is":            {func(*ledger.CallMeeting, *ledger.Env) {}, ""},
		"a number too far": {func(a *ledger.CallMeeting, _ *ledger.Env) { a.Number = 3 }, "meet.number"},
		"of no known kind": {func(a *ledger.CallMeeting, _ *ledger.Env) { a.Kind = "tea" }, "meet.kind_unknown"},
		"circulated, on the spot": {func(a *ledger.CallMeeting, e *ledger.Env) {
			a.Kind = ledger.SpotSession
		}, "meet.not_on_the_spot"},
	} {
		t.Run(name, func(t *testing.T) {
			env := court(split, nil)
			env.Docket = []ledger.Matter{{Submission: env.Submission, Finding: env.Findings[0], Verdicts: env.Verdicts}}
			act := call(ledger.JointMeeting)
			x.change(&act, &env)
			_, err := ledger.Decide(act.Blank(env), act, env)
			refusedAs(t, err, x.want)
		})
	}
}
