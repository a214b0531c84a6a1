package store

import (
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// The SQL of what an actor sees stands here and nowhere else. A test on random
// ledgers holds it against policy.Scope.

// cases limits a list of anything that has the columns organisation and team.
// prefix is the alias with its dot, or "".
func (w *where) cases(s policy.Scope, prefix string) {
	switch {
	case s.All:
	case s.Organisation != "":
		w.and(prefix+"organisation = ?", s.Organisation)
	case s.Team != "":
		w.and(prefix+"team = ?", s.Team)
	default:
		w.and("1 = 0")
	}
}

// voices limits a list of verdicts or opinions, alias x, to those the actor may
// know: blind means that the others' do not exist, in lists and in counts.
func (w *where) voices(s policy.Scope) {
	w.cases(s, "x.")
	cond, args := heard(s)
	w.and(cond, args...)
}

// sealed limits a list of verdicts, alias x, to those the actor may not know yet.
func (w *where) sealed(s policy.Scope) {
	cond, args := heard(s)
	w.and("not ("+cond+")", args...)
}

// standing limits a list of verdicts, alias x, to those that were not taken back.
func (w *where) standing() { w.and("x.conclusion <> ''") }

// heard is the condition under which the actor may know the verdict or opinion x.
func heard(s policy.Scope) (cond string, args []any) {
	consolidated := `exists (select 1 from consolidation c where c.submission = x.submission and c.finding = x.finding)`
	switch s.Verdicts {
	case policy.OwnThenAll:
		team := string(mechanism.TeamParty)
		return `(x.party = ? or x.party = ? and x.team = ? or ` + consolidated + `
			or exists (select 1 from submission o where o.id = x.submission and o.open = 1) or exists (
			select 1 from verdict mine
			where  mine.submission = x.submission and mine.finding = x.finding and mine.conclusion <> ''
			and    (mine.party = ? or mine.party = ? and mine.team = ?)))`,
			[]any{s.Party, team, s.Party, s.Party, team, s.Party}
	case policy.Consolidated:
		return consolidated, nil
	case policy.NoVerdicts:
	}
	return "1 = 0", nil
}

// letters limits a list of consolidations, alias x: an inspected organisation
// reads what has been delivered, the parties read it as soon as it is made.
func (w *where) letters(s policy.Scope) {
	w.cases(s, "x.")
	if s.Verdicts == policy.NoVerdicts {
		w.and(`exists (select 1 from submission l where l.id = x.submission and l.delivered_at > 0)`)
	}
}

// passages limits a search in one kind of text, alias x.
func (w *where) passages(s policy.Scope, kind PassageKind) {
	w.and("x.kind = ?", string(kind))
	switch kind {
	case OpinionPassage:
		w.voices(s)
	case LetterPassage:
		w.letters(s)
	case DraftPassage, EvidencePassage:
		w.cases(s, "x.")
		if !s.Drafts {
			w.and("x.sent = 1")
		}
	case FindingPassage, ReportPassage:
		w.cases(s, "x.")
	default:
		w.and("1 = 0")
	}
}

// papers limits a list of submissions, alias x: what has not been sent is seen by
// its organisation only.
func (w *where) papers(s policy.Scope) {
	w.cases(s, "x.")
	if s.Organisation == "" {
		w.and("x.sent_at > 0")
	}
}

// gatherings limits a list of meetings, alias x: a team sees those with an item of
// its own, an inspected organisation none.
func (w *where) gatherings(s policy.Scope) {
	switch {
	case s.All && s.Organisation == "":
	case s.Team != "":
		w.and("exists (select 1 from meeting_item own where own.meeting = x.id and own.team = ?)", s.Team)
	default:
		w.and("1 = 0")
	}
}

// recusals limits a list of recusals, alias x: an inspected organisation is not
// told who is close to it, nor one body about the people of another.
func (w *where) recusals(s policy.Scope) {
	switch {
	case s.Bodies:
	case s.Party == "":
		w.and("1 = 0")
	default:
		w.and("(x.party = ? or x.convenes = ? or x.party = ? and x.team = ?)",
			s.Party, s.Party, string(mechanism.TeamParty), s.Party)
	}
}
