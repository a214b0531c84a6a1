package demo

import (
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/sheet"
)

// letters has the office consolidate the first reports of four organisations and
// part of a fifth, deliver four letters, and the organisations answer them.
func (s *script) letters() {
	office := named("江一帆")
	for _, x := range []struct{ code, consolidated, delivered, received, answered, number string }{
		{"SW", "2026-03-09 09:30", "2026-03-10 09:30", "2026-03-10 10:40", "2026-03-16 15:10", "云巡办函〔2026〕3号"},
		{"JT", "2026-03-09 14:40", "2026-03-10 09:50", "2026-03-10 11:05", "2026-03-18 16:20", "云巡办函〔2026〕4号"},
		{"DX", "2026-03-10 08:50", "2026-03-10 10:10", "2026-03-10 14:30", "2026-03-17 10:30", "云巡办函〔2026〕5号"},
		{"LC", "2026-03-10 15:20", "2026-03-11 09:20", "2026-03-11 15:45", "2026-03-23 11:15", "云巡办函〔2026〕6号"},
	} {
		submission := ledger.SubmissionID(Round, x.code, mechanism.Report, 1)
		liaison := of(x.code, ledger.Liaison)
		s.at(x.consolidated, office, s.consolidated(submission, s.of(x.code))...)
		s.at(x.delivered, office, ledger.Deliver{Submission: submission, LetterNumber: x.number})
		s.at(x.received, liaison, ledger.Receive{Submission: submission})
		s.at(x.answered, liaison, s.answered(submission, x.code)...)
	}
	ny := s.of("NY")
	s.at("2026-03-23 16:50", office, s.consolidated(ledger.SubmissionID(Round, "NY", mechanism.Report, 1), ny[:len(ny)/2])...)
	s.at("2026-03-12 10:20", named("方敏"), s.closed("SW", "JT")...)
}

func (s *script) consolidated(submission string, rows []sheet.Row) []ledger.Act {
	var acts []ledger.Act
	for _, row := range rows {
		l := s.letter(row.Number)
		act := ledger.Consolidate{Submission: submission, Finding: row.Number, Conclusion: l.Conclusion, Reason: l.Reason}
		for _, e := range l.Entries {
			entry := ledger.Entry{Text: e.Text, Change: e.Change}
			for _, id := range e.Origins {
				entry.Origins = append(entry.Origins, s.byID[id].ref())
			}
			act.Entries = append(act.Entries, entry)
		}
		acts = append(acts, act)
	}
	return acts
}

func (s *script) answered(submission, code string) []ledger.Act {
	var acts []ledger.Act
	for _, row := range s.of(code) {
		a, given := s.answers[row.Number]
		if !given {
			continue
		}
		for n := range s.letter(row.Number).Entries {
			acts = append(acts, ledger.AnswerEntry{
				Submission: submission, Finding: row.Number, Entry: n + 1,
				Response: a.Response, Reason: a.Reason, Place: a.Place,
			})
		}
	}
	return acts
}

// closed ends the recognised findings of the organisations that ask for no
// further watching: those of organisation and cadres stay open for a while.
func (s *script) closed(codes ...string) []ledger.Act {
	var acts []ledger.Act
	for _, code := range codes {
		for _, row := range s.of(code) {
			if s.letter(row.Number).Conclusion == joint.Agree && !row.OrganCadre {
				acts = append(acts, ledger.Close{Number: row.Number})
			}
		}
	}
	return acts
}
