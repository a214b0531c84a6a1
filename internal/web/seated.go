package web

import (
	"context"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// seated is who may speak for bodies today, and who keeps away from what.
type seated struct {
	Speakers []ledger.Speaker
	Absent   []ledger.Absence
}

func (s *Server) seated(ctx context.Context, round int) (x seated, err error) {
	if x.Speakers, err = s.Supervise.DB.Read().Speakers(ctx, s.today()); err != nil {
		return x, err
	}
	x.Absent, err = s.Supervise.DB.Read().Away(ctx, round)
	return x, err
}

// away reports whether the actor, or the principal they deputise for, keeps away
// from the organisation.
func (x seated) away(organisation string, who policy.Actor) bool {
	return slices.Contains(x.Absent, ledger.Absence{Organisation: organisation, Person: who.Person}) ||
		who.Principal != "" && slices.Contains(x.Absent, ledger.Absence{Organisation: organisation, Person: who.Principal})
}

// vacant lists the seats on a submission for which nobody may speak any more.
func (x seated) vacant(round ledger.Round, p ledger.Submission) []joint.Party {
	panel := round.Mechanism.Panel(p.Doc, true)
	return ledger.SeatsOn(x.Speakers, x.Absent, p.Organisation, p.Team).Vacant(panel, nil)
}

// vacantFor names the empty seats to whoever convenes: they can appoint somebody,
// lift a recusal or pass the party over.
func (x seated) vacantFor(ctx context.Context, who policy.Actor, round ledger.Round, p ledger.Submission) (names []string) {
	if !policy.Can(who, ledger.PassOver{}, p.Subject().Under(round.Mechanism)) {
		return nil
	}
	for _, party := range x.vacant(round, p) {
		names = append(names, partyLabel(ctx, round, party))
	}
	return names
}

// recusePath is where one declares a recusal from the organisation.
func recusePath(round int, organisation string) string {
	return roundPath(round, "recusals") + "?organisation=" + organisation + "#declare"
}

// recusedFrom tells who is recused from the organisation of the submission, as far
// as the actor may know.
func (s *Server) recusedFrom(ctx context.Context, scope policy.Scope, p ledger.Submission) (map[string]bool, error) {
	list, err := s.Supervise.DB.Read().Recusals(ctx, scope, p.Round)
	if err != nil {
		return nil, err
	}
	away := map[string]bool{}
	for _, x := range list {
		if x.Applies() && x.Organisation == p.Organisation {
			away[x.Person] = true
		}
	}
	return away, nil
}

// speaker names who gave a verdict, and what is to be known of them: that they
// raised the finding, or have recused themselves since.
func (c consolidating) speaker(ctx context.Context, v ledger.Verdict) string {
	name := onBehalf(ctx, c.Names[v.Person], v.OnBehalf)
	if raised(c.Finding.Class, c.Names[v.Person]) {
		name += " · " + lang.T(ctx, "panel.inspector")
	}
	if v.Person != "" && c.Away[v.Person] {
		name += " · " + lang.T(ctx, "panel.before_recusal")
	}
	return name
}
