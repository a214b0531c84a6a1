package supervise_test

import (
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/ledger/mechanism/mechanismtest"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
)

// byTwo is a verdict of a party on what only two of them review.
func byTwo(submission, finding string, party joint.Party, c joint.Conclusion) ledger.GiveVerdict {
	give := ledger.GiveVerdict{Submission: submission, Finding: finding, Party: party, Judged: ledger.Judged{Conclusion: c, Words: map[string]string{"result": "pass"}}}
	if c != joint.Agree {
		give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "会议不等于落实。"}}
	}
	return give
}

func TestTextsJudgedAsAWholeDoNotMixOrganisationsOrDocuments(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := openedUnder(t, db, mechanismtest.Code)
		own := ledger.PaperOf{Round: 8, Organisation: "JT", Doc: mechanism.HeadReport, Number: 1}
		life := ledger.PaperOf{Round: 8, Organisation: "JT", Doc: mechanism.LifeMeeting, Number: 1}
		paper, whole := own.Target().ID, ledger.WholeOf(8, "JT", mechanism.HeadReport)

		s.do(head, ledger.WritePaper{PaperOf: own, Text: "本人主持专题会议3次。"})
		s.do(liaison, ledger.AttachPaper{PaperOf: own, Evidence: ledger.Evidence{ID: "e1", Name: "会议纪要"}})
		s.do(liaison, ledger.Prepare(own))
		got := s.do(liaison, ledger.AttachPaper{PaperOf: own, Evidence: ledger.Evidence{ID: "e2", Name: "照片"}}).(ledger.Submission)
		s.do(head, ledger.MakePledge{Submission: paper, Hash: got.ContentHash(nil)})
		s.do(liaison, ledger.DetachPaper{PaperOf: own, Evidence: "e2"})
		s.refused("send.changed", liaison, ledger.Send{Submission: paper})
		s.do(head, ledger.MakePledge{Submission: paper, Hash: s.load(paper).ContentHash(nil)})
		s.do(liaison, ledger.Send{Submission: paper})
		item, err := db.Read().Item(t.Context(), paper, whole)
		if err != nil || item.Text != "本人主持专题会议3次。" || len(item.Files) != 1 {
			t.Fatalf("item %+v, %v; want the text as sent and one file", item, err)
		}

		s.do(clerk, byTwo(paper, whole, "office", joint.Return))
		s.refused("verdict.not_on_panel", panel["team"], byTwo(paper, whole, "team", joint.Agree))
		s.do(panel["discipline"], byTwo(paper, whole, "discipline", joint.Agree))
		s.do(clerk, ledger.Consolidate{
			Submission: paper, Finding: whole, Conclusion: joint.Return, Reason: "会议不等于落实",
			Entries: []ledger.Entry{{Text: "请写明推动解决了什么。", Origins: []string{ledger.VerdictID(paper, whole, "office") + ":1"}}},
		})
		s.do(clerk, ledger.Deliver{Submission: paper, LetterNumber: "5号"})
		s.do(liaison, ledger.AnswerEntry{Submission: paper, Finding: whole, Entry: 1, Response: ledger.Adopted, Place: "第二段"})

		// Another document of the same organisation has no answered opinion to look at again.
		s.do(liaison, ledger.WritePaper{PaperOf: life, Text: "查摆问题12条。"})
		s.do(liaison, ledger.Prepare(life))
		s.do(liaison, ledger.Send{Submission: life.Target().ID})
		s.do(clerk, byTwo(life.Target().ID, ledger.WholeOf(8, "JT", mechanism.LifeMeeting), "office", joint.Agree))

		own.Number = 2
		s.do(liaison, ledger.WritePaper{PaperOf: own, Text: "本人推动解决问题5件。"})
		if second := s.load(own.Target().ID); len(second.Paper.Files) != 1 || len(second.Editors) != 2 {
			t.Errorf("version 2 = %+v; want the file and the writers of version 1", second)
		}
		s.do(liaison, ledger.Prepare(own))
		s.do(head, ledger.MakePledge{Submission: own.Target().ID, Hash: s.load(own.Target().ID).ContentHash(nil)})
		s.do(liaison, ledger.Send{Submission: own.Target().ID})
		s.refused("verdict.recheck_missing", clerk, byTwo(own.Target().ID, whole, "office", joint.Agree))
		before, version, err := db.Read().EarlierItem(t.Context(), s.load(own.Target().ID), whole)
		if err != nil || version != paper || before.Text != "本人主持专题会议3次。" {
			t.Errorf("before = %+v in %s, %v", before, version, err)
		}
		if fault, err := s.Verify(t.Context()); err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v; want no fault", fault, err)
		}
	})
}

func (s site) load(id string) ledger.Submission {
	s.t.Helper()
	x, err := s.DB.Read().Submission(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return x
}

func TestClosingIsAppliedFor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := openedUnder(t, db, mechanismtest.Code)
		s.report()
		for n := 1; n <= 3; n++ {
			number := ledger.FindingNumber(8, "JT", n)
			for party, who := range panel {
				s.do(who, verdict(report, number, party, joint.Agree))
			}
			s.do(clerk, ledger.Consolidate{Submission: report, Finding: number, Conclusion: joint.Agree})
		}
		s.do(clerk, ledger.Deliver{Submission: report, LetterNumber: "3号"})
		s.refused("close.application_missing", clerk, ledger.Close{Number: "08-JT-001"})
		of := ledger.PaperOf{Round: 8, Organisation: "JT", Doc: mechanism.ClosingDoc, Number: 1}
		s.refused("application.nothing", liaison, ledger.Prepare(of))
		s.do(liaison, ledger.WriteApplication{Number: "08-JT-001", Statement: "逐家回访，陈国平签字。"})
		s.do(liaison, ledger.Prepare(of))
		s.do(head, ledger.MakePledge{Submission: of.Target().ID, Hash: s.hashOf(mechanism.ClosingDoc)})
		sent := s.do(liaison, ledger.Send{Submission: of.Target().ID}).(ledger.Submission)
		if len(sent.Sent.Findings) != 1 {
			t.Fatalf("sent %v; want the finding with a statement only", sent.Sent.Findings)
		}
		if n := s.closable(); n != 0 {
			t.Errorf("%d findings may be closed before the parties agree; want 0", n)
		}
		for _, party := range []joint.Party{"office", "discipline"} {
			s.do(panel[party], byTwo(of.Target().ID, "08-JT-001", party, joint.Agree))
		}
		s.do(clerk, ledger.Consolidate{Submission: of.Target().ID, Finding: "08-JT-001", Conclusion: joint.Agree})
		s.do(clerk, ledger.Deliver{Submission: of.Target().ID, LetterNumber: "7号"})
		if n := s.closable(); n != 1 {
			t.Errorf("%d findings may be closed once the parties agree; want 1", n)
		}
		s.do(clerk, ledger.Close{Number: "08-JT-001"})
		s.refused("close.application_missing", clerk, ledger.Close{Number: "08-JT-002"})
		if fault, err := s.Verify(t.Context()); err != nil || fault.Fault != nil {
			t.Errorf("verify: %+v, %v; want no fault", fault, err)
		}
	})
}

func (s site) closable() (n int) {
	s.t.Helper()
	counts, err := s.DB.Read().Closable(s.t.Context(), policy.Scope{All: true}, 8, true, true)
	if err != nil {
		s.t.Fatal(err)
	}
	return counts["JT"]
}
