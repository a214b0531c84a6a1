package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/ledger/mechanism/mechanismtest"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// resolves calls a meeting on the item, lets it decide and consolidates as decided.
func (s testSite) resolves(submission, finding, opinion string) ledger.Consolidation {
	s.t.Helper()
	call := callForm()
	call.Set("item", itemValue(submission, finding))
	s.moves("clerk", "/rounds/8/meetings", call)
	s.moves("clerk", "/meetings/8-m1/resolve", url.Values{
		"key": {newKey()}, "seen": {itoa(int(s.meeting().Version))}, "item": {itemValue(submission, finding)},
		"conclusion": {"continue"}, "reason": {"补齐台账即可"}, "decided_by": {"到会各方一致"},
	})
	form := consolidationForm(finding, "0")
	form.Set("conclusion", "continue")
	form.Set("origin-1", opinion)
	form.Del("reason")
	s.moves("clerk", consolidatePath(submission, finding), form)
	made, err := s.Supervise.DB.Read().Consolidations(s.t.Context(), policy.ScopeOf(actors["clerk"]), store.VoiceFilter{Submission: submission})
	if err != nil || len(made) != 1 {
		s.t.Fatalf("%d consolidations, %v", len(made), err)
	}
	return made[0]
}

// meetingDecides is the mechanism where only a meeting resolves a disagreement and a
// party that is late is passed over.
func meetingDecides(m mechanism.Mechanism) map[string]mechanism.Mechanism {
	m.Disputes.Meeting = true
	for i := range m.Documents {
		m.Documents[i].Late, m.Documents[i].Days = mechanism.LatePassed, 3
	}
	return map[string]mechanism.Mechanism{m.Code: m}
}

func TestADisagreementBesideAPassedOverPartyGoesToAMeeting(t *testing.T) {
	storetest.EachTimed(t, func(t *testing.T, db *store.DB, watch *storetest.Watch) {
		s := newSiteOn(t, db)
		s.Supervise.Mechanisms = meetingDecides(mechanism.Presets()["weixi"])
		s.sent(1)
		for who, harsh := range map[string]bool{"clerk": false, "discipline": false, "team": true} {
			s.says(who, "08-JT-001", harsh)
		}
		if page := s.get("clerk", "/rounds/8/disputes").Body.String(); strings.Contains(page, "08-JT-001") {
			t.Error("a disagreement is listed while a party is still awaited")
		}
		watch.Pass(14 * 24 * time.Hour)
		s.do("clerk", ledger.PassOver{Submission: reportOne, Party: "personnel", Reason: "逾期，已电话催告"})
		s.see("clerk", "/rounds/8/disputes", "08-JT-001", "逾期未反馈")
		if made := s.resolves(reportOne, "08-JT-001", opinionOf("08-JT-001", "team")); made.Meeting != "8-m1" || made.Conclusion != joint.Continue {
			t.Errorf("consolidated as %+v", made)
		}
	})
}

func TestADisagreementOnAWholeDocumentIsResolvedByAMeeting(t *testing.T) {
	s := newSite(t)
	s.Supervise.Mechanisms = meetingDecides(mechanismtest.With()[mechanismtest.Code])
	s.roundUnder(mechanismtest.Code, 1)
	s.moves("head", "/rounds/8/papers/head_report", url.Values{"seen": {"0"}, "text": {"本人主持专题会议3次。"}})
	s.sendDoc(mechanism.HeadReport, 1)
	for who, c := range map[string]joint.Conclusion{"clerk": joint.Agree, "discipline": joint.Return} {
		give := ledger.GiveVerdict{Submission: headPaper, Finding: headWhole, Party: speaking[who], Judged: ledger.Judged{Conclusion: c, Words: map[string]string{"result": "pass"}}}
		if c == joint.Return {
			give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "会议不等于落实。"}}
		}
		s.do(who, give)
	}
	s.see("clerk", "/rounds/8/disputes", "整篇", consolidatePath(headPaper, headWhole))
	if made := s.resolves(headPaper, headWhole, ledger.VerdictID(headPaper, headWhole, "discipline")+":1"); made.Meeting != "8-m1" {
		t.Errorf("consolidated as %+v", made)
	}
	s.see("clerk", "/meetings/8-m1", "整篇")
}
