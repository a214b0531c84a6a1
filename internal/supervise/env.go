package supervise

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// env gathers what a decision on the act reads. Each act names its facts here
// and nowhere else.
func (s *Service) env(ctx context.Context, tx *store.Tx, who policy.Actor, act ledger.Act) (ledger.Env, error) {
	g := gatherer{ctx: ctx, tx: tx, env: ledger.Env{
		Now: tx.Now, Today: workday.In(tx.Now, s.Zone), Calendar: s.Calendar, Mechanisms: s.Mechanisms,
		Person: who.Person, PersonName: who.Name, Body: who.Body, OnBehalf: who.OnBehalf,
	}}
	switch act := act.(type) {
	case ledger.AddPerson:
		g.username(act.Username)
	case ledger.Appoint:
		g.exists(act.Post)
	case ledger.OpenRound:
		g.mechanism(act.Mechanism)
		g.bodies()
	case ledger.AddTemplate:
		g.fits(act.Kind, act.File.SHA256, act.Aliases, false)
	case ledger.MapTemplate:
		g.template(act.Kind, act.Number, act.Aliases, false)
	case ledger.UseTemplate:
		g.template(act.Kind, act.Number, nil, true)
	case ledger.EndPost:
		gather(&g, &g.env.Deputies, func() ([]ledger.Person, error) { return tx.DeputiesOf(ctx, act.Person) })
	case ledger.Delegate:
		g.principal(act.From)
	case ledger.Recuse:
		g.round(act.Round)
		g.principal(act.Person)
	case ledger.LiftRecusal:
		g.round(act.Round)
	case ledger.Inspect:
		g.bodies()
		g.anyFinding(act.Number, act.Inspected.Organisation)
	case ledger.Register:
		g.round(act.Round)
	case ledger.Correct:
		g.roundOf(ledger.FindingRef(act.Number))
	case ledger.AddHeading:
		g.env.Columns = columns()
	case ledger.Classify:
		g.roundOf(ledger.FindingRef(act.Number))
	case ledger.Acknowledge, ledger.AskExtension, ledger.DecideExtension:
		g.roundOf(act.Target())
	case ledger.Settle:
		g.roundOf(act.Target())
		g.mergers(act)
	case ledger.Close:
		g.roundOf(ledger.FindingRef(act.Number))
		g.opinionsOfFinding(act.Number, "")
	case ledger.WriteApplication:
		g.roundOf(ledger.FindingRef(act.Number))
	case ledger.WritePaper:
		g.previous(act.PaperOf)
	case ledger.AttachPaper:
		g.previous(act.PaperOf)
	case ledger.DetachPaper:
		g.previous(act.PaperOf)
	case ledger.Prepare:
		g.previous(ledger.PaperOf(act))
		g.owed(g.env.Submission.ID)
		g.openFindings(act.Round, act.Organisation, act.Doc)
	case ledger.MakePledge:
		g.written(act.Submission)
	case ledger.Send:
		g.written(act.Submission)
		g.earlier()
		g.seats()
	case ledger.Deliver:
		g.submission(act.Submission)
		g.consolidations(act.Submission)
		g.sentFindings()
		g.opinions(act.Submission, "")
	case ledger.GiveVerdict:
		g.submission(act.Submission)
		g.finding(act.Finding)
		g.item(act.Submission, act.Finding)
		g.consolidation(act.Submission, act.Finding)
		g.opinionsOfFinding(act.Finding, act.Party)
	case ledger.TakeBack:
		g.submission(act.Submission)
		g.verdicts(act.Submission, act.Finding)
		g.consolidation(act.Submission, act.Finding)
		g.opinionsOfFinding(act.Finding, act.Party)
	case ledger.PassOver:
		g.submission(act.Submission)
		g.seats()
	case ledger.Consolidate:
		g.submission(act.Submission)
		g.finding(act.Finding)
		g.verdicts(act.Submission, act.Finding)
		g.opinions(act.Submission, act.Finding)
		g.resolutions(act.Submission, act.Finding)
		g.env.Speaks = who.Party(g.env.Submission.Subject())
	case ledger.CallMeeting:
		g.called(act, who)
	case ledger.AmendMeeting:
		g.meeting(act.Meeting, who, act.Agenda...)
	case ledger.Attend:
		g.meeting(act.Meeting, who)
	case ledger.Resolve:
		g.meeting(act.Meeting, who, ledger.AgendaItem{Submission: act.Submission, Finding: act.Finding})
	case ledger.Defer:
		g.meeting(act.Meeting, who, ledger.AgendaItem{Submission: act.Submission, Finding: act.Finding})
	case ledger.CloseMeeting:
		g.meeting(act.Meeting, who, g.agenda(act.Meeting)...)
	case ledger.AnswerEntry:
		g.submission(act.Submission)
		g.opinions(act.Submission, act.Finding)
	}
	return g.env, g.err
}

// gatherer fills an Env step by step; after the first error it does nothing.
type gatherer struct {
	ctx context.Context
	tx  *store.Tx
	env ledger.Env
	err error
}

func gather[T any](g *gatherer, into *T, read func() (T, error)) {
	if g.err != nil {
		return
	}
	v, err := read()
	if err != nil {
		g.err = fmt.Errorf("gather what the rule reads: %w", err)
		return
	}
	*into = v
}

// round also brings the mechanism: a running round keeps its version.
func (g *gatherer) round(number int) {
	gather(g, &g.env.Round, func() (ledger.Round, error) { return g.tx.Round(g.ctx, number) })
	g.env.Mechanism = g.env.Round.Mechanism
}

func (g *gatherer) roundOf(ref ledger.Ref) {
	var number int
	gather(g, &number, func() (int, error) {
		s, err := g.tx.Load(g.ctx, ref)
		if err != nil {
			return 0, err
		}
		return s.Subject().Round, nil
	})
	g.round(number)
}

func (g *gatherer) submission(id string) {
	gather(g, &g.env.Submission, func() (ledger.Submission, error) { return g.tx.Submission(g.ctx, id) })
	g.round(g.env.Submission.Round)
}

// previous is the version before the one named: the newest one, or the one before
// it where the version named has been begun already.
func (g *gatherer) previous(v ledger.PaperOf) {
	g.round(v.Round)
	gather(g, &g.env.Submission, func() (ledger.Submission, error) {
		latest, err := g.tx.LatestSubmission(g.ctx, v.Round, v.Organisation, v.Doc)
		switch {
		case err != nil || latest.Number < v.Number:
			return latest, err
		case v.Number <= 1:
			return ledger.Submission{}, nil
		}
		return g.tx.Submission(g.ctx, ledger.SubmissionID(v.Round, v.Organisation, v.Doc, v.Number-1))
	})
}

// written is a submission with the findings that go into it.
func (g *gatherer) written(id string) {
	g.submission(id)
	s := g.env.Submission
	g.openFindings(s.Round, s.Organisation, s.Doc)
}

func (g *gatherer) openFindings(round int, organisation string, doc mechanism.Doc) {
	if doc.Whole() {
		return // judged as one text
	}
	gather(g, &g.env.Findings, func() ([]ledger.Finding, error) {
		return g.tx.OpenFindings(g.ctx, round, organisation, doc, g.env.Today)
	})
}

// earlier brings what the versions before said and what the parties held of it.
func (g *gatherer) earlier() {
	s := g.env.Submission
	if s.Number < 2 {
		return
	}
	gather(g, &g.env.Earlier, func() (map[string]ledger.Earlier, error) { return g.tx.Earlier(g.ctx, s) })
	gather(g, &g.env.Opinions, func() ([]ledger.Opinion, error) { return g.tx.OpinionsOfOrganisation(g.ctx, s.Round, s.Organisation) })
}

func (g *gatherer) sentFindings() {
	gather(g, &g.env.Findings, func() ([]ledger.Finding, error) { return g.tx.SentFindings(g.ctx, g.env.Submission.ID) })
}

// finding is what is judged, unless it is a document as one text: the submission has it.
func (g *gatherer) finding(number string) {
	if ledger.IsWhole(number) {
		return
	}
	gather(g, &g.env.Findings, func() ([]ledger.Finding, error) {
		f, err := g.tx.Load(g.ctx, ledger.FindingRef(number))
		if err != nil {
			return nil, err
		}
		return []ledger.Finding{f.(ledger.Finding)}, nil
	})
}

// mergers are the finding that the other is merged into and those merged into it.
func (g *gatherer) mergers(act ledger.Settle) {
	gather(g, &g.env.Findings, func() ([]ledger.Finding, error) { return g.tx.Mergers(g.ctx, act.Number, act.Into) })
}

func (g *gatherer) principal(person string) {
	gather(g, &g.env.Principal, func() (ledger.Person, error) { return g.tx.Person(g.ctx, person) })
}

// seats brings who may speak today on the organisation of the submission.
func (g *gatherer) seats() {
	gather(g, &g.env.Seats, func() (ledger.Seats, error) {
		speakers, err := g.tx.Speakers(g.ctx, g.env.Today)
		if err != nil {
			return nil, err
		}
		away, err := g.tx.Away(g.ctx, g.env.Submission.Round)
		if err != nil {
			return nil, err
		}
		return ledger.SeatsOn(speakers, away, g.env.Submission.Organisation, g.env.Submission.Team), nil
	})
}

func (g *gatherer) anyFinding(round int, organisation string) {
	gather(g, &g.env.Findings, func() ([]ledger.Finding, error) { return g.tx.AnyFinding(g.ctx, round, organisation) })
}

// mechanism puts the version that is in force today in place of the preset.
func (g *gatherer) mechanism(code string) {
	var history ledger.Mechanism
	gather(g, &history, func() (ledger.Mechanism, error) { return g.tx.Mechanism(g.ctx, code) })
	all := maps.Clone(g.env.Mechanisms)
	if m, exists := history.InForce(all[code], g.env.Today); exists {
		all[code] = m
	}
	g.env.Mechanisms = all
}

// bodies lists those that can hold a seat.
func (g *gatherer) bodies() {
	var list []ledger.Body
	gather(g, &list, func() ([]ledger.Body, error) { return g.tx.Bodies(g.ctx) })
	g.env.Bodies = map[string]bool{}
	for _, b := range list {
		g.env.Bodies[b.Code] = true
	}
}

// exists sees that what a post is for is there.
func (g *gatherer) exists(p ledger.Post) {
	var of ledger.State
	switch {
	case p.Body != "":
		gather(g, &of, func() (ledger.State, error) { return g.tx.Body(g.ctx, p.Body) })
	case p.Organisation != "":
		gather(g, &of, func() (ledger.State, error) { return g.tx.Organisation(g.ctx, p.Organisation) })
	}
}

func (g *gatherer) username(name string) {
	gather(g, &g.env.People, func() ([]ledger.Person, error) {
		p, err := g.tx.PersonNamed(g.ctx, account.FoldUsername(name))
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		return []ledger.Person{p}, err
	})
}

func (g *gatherer) consolidations(submission string) {
	if submission == "" {
		return
	}
	gather(g, &g.env.Consolidations, func() ([]ledger.Consolidation, error) {
		return g.tx.ConsolidationsOf(g.ctx, submission)
	})
}

// owed brings the consolidations whose letter still asks for answers: what is said
// on a settled finding keeps nothing waiting.
func (g *gatherer) owed(submission string) {
	if submission == "" {
		return
	}
	gather(g, &g.env.Consolidations, func() ([]ledger.Consolidation, error) {
		return g.tx.ConsolidationsOwed(g.ctx, submission)
	})
}

// consolidation brings that of one finding, if there is one.
func (g *gatherer) consolidation(submission, finding string) {
	gather(g, &g.env.Consolidations, func() ([]ledger.Consolidation, error) {
		c, err := g.tx.Consolidation(g.ctx, submission, finding)
		if err != nil || c.Version == 0 {
			return nil, err
		}
		return []ledger.Consolidation{c}, nil
	})
}

// item brings what was sent of the finding; nothing where it was not: the rule says so.
func (g *gatherer) item(submission, finding string) {
	gather(g, &g.env.Item, func() (ledger.Item, error) {
		item, err := g.tx.Item(g.ctx, submission, finding)
		if errors.Is(err, store.ErrNotFound) {
			return ledger.Item{}, nil
		}
		return item, err
	})
}

func (g *gatherer) verdicts(submission, finding string) {
	gather(g, &g.env.Verdicts, func() ([]ledger.Verdict, error) { return g.tx.VerdictsOn(g.ctx, submission, finding) })
}

func (g *gatherer) opinions(submission, finding string) {
	gather(g, &g.env.Opinions, func() ([]ledger.Opinion, error) { return g.tx.OpinionsOn(g.ctx, submission, finding) })
}

func (g *gatherer) opinionsOfFinding(finding string, party joint.Party) {
	gather(g, &g.env.Opinions, func() ([]ledger.Opinion, error) {
		return g.tx.OpinionsOfFinding(g.ctx, finding, party)
	})
}
