package web

import (
	"context"
	"net/http"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// contestedShown bounds how many resolved disagreements a page lists.
const contestedShown = 300

// disputesView is the list of disagreements of a round: those that wait, and how
// the others were resolved.
type disputesView struct {
	Round   ledger.Round
	Waiting int
	Groups  []disputeGroup // by organisation
	Done    []disputeRow
	CanCall bool
}

type disputeGroup struct {
	Office string
	Rows   []disputeRow
}

type disputeRow struct {
	Item          string // of a form: see itemValue
	Number, Title string
	Paper         string
	Office        string
	Href          string
	Seals         []ui.Seal
	Chip          ui.ChipWord // what holds until it is resolved, or what was made of it
	Meeting       string
	How, Reason   string // of a resolved one
}

func (s *Server) disputes(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	view, err := s.disputesView(ctx, who, round)
	if err != nil {
		return err
	}
	f := frame{Title: lang.T(ctx, "nav.disputes"), At: "disputes", Round: round.Number}
	return s.show(w, r, who, f, disputesPage(view))
}

// contests are the findings on which all parties have spoken and differ, and on
// which the rule has not settled it, as far as the actor may know.
func (s *Server) contests(ctx context.Context, who policy.Actor, round ledger.Round) ([]contest, error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	list, err := db.Contests(ctx, scope, round.Number)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.Submission
	}
	papers, err := db.PapersOf(ctx, scope, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	var open []contest
	for _, c := range list {
		paper, m := papers[c.Submission], round.Mechanism
		x := contest{Contest: c, Reading: paper.Reading(m, c.OrganCadre, c.Said, s.today())}
		if !x.Reading.Complete() || !x.Reading.Disputed || x.Reading.Settled {
			continue
		}
		doc, _ := m.Document(c.Doc)
		x.Said = paper.Answers(doc, m.Panel(c.Doc, c.OrganCadre), c.Said, s.today())
		open = append(open, x)
	}
	return open, nil
}

// A contest is a disagreement and what holds until it is resolved.
type contest struct {
	store.Contest
	Reading joint.Reading
}

func (s *Server) disputesView(ctx context.Context, who policy.Actor, round ledger.Round) (v disputesView, err error) {
	v = disputesView{Round: round, CanCall: mayCall(who, round)}
	list, err := s.contests(ctx, who, round)
	if err != nil {
		return v, err
	}
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	organisations, err := db.OrganisationsOf(ctx, round.Number)
	if err != nil {
		return v, err
	}
	names := namesOn(organisations, round)
	v.Waiting = len(list)
	for _, c := range list {
		row := contestRow(ctx, who, round, c, or(names[c.Organisation], c.Organisation))
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Office != row.Office {
			v.Groups = append(v.Groups, disputeGroup{Office: row.Office})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Rows = append(g.Rows, row)
	}
	done, err := db.Contested(ctx, scope, round.Number, contestedShown)
	if err != nil {
		return v, err
	}
	for _, c := range done {
		v.Done = append(v.Done, settledRow(ctx, round.Mechanism, c, or(names[c.Organisation], c.Organisation)))
	}
	return v, nil
}

func contestRow(ctx context.Context, who policy.Actor, round ledger.Round, c contest, office string) disputeRow {
	m := round.Mechanism
	row := disputeRow{
		Item: itemValue(c.Submission, c.Finding), Number: numberWord(ctx, c.Finding), Title: c.Title, Office: office,
		Paper: paperWord(ctx, c.Doc, c.Number), Href: numberPath(c.Submission, c.Finding), Meeting: c.Meeting,
		Seals: saidSeals(ctx, m, m.Panel(c.Doc, c.OrganCadre), c.Said), Chip: conclusionChip(ctx, m, c.Reading.Holds),
	}
	if edits(who, m) {
		row.Href = consolidatePath(c.Submission, c.Finding)
	}
	return row
}

// settledRow says of a disagreement how it was resolved: by a joint meeting, by
// an override, or by the consolidator with a reason.
func settledRow(ctx context.Context, m mechanism.Mechanism, c ledger.Consolidation, office string) disputeRow {
	var panel []joint.Party
	for _, p := range m.Parties {
		if _, spoke := c.Views[p.Code]; spoke {
			panel = append(panel, p.Code)
		}
	}
	return disputeRow{
		Number: numberWord(ctx, c.Finding), Office: office, Href: numberPath(c.Submission, c.Finding), Meeting: c.Meeting, How: howRuled(ctx, c.Ruling),
		Reason: c.Reason, Seals: saidSeals(ctx, m, panel, c.Views), Chip: conclusionChip(ctx, m, c.Conclusion),
	}
}

// howRuled words who decided where the parties differed.
func howRuled(ctx context.Context, r ledger.Ruling) string {
	switch {
	case r.Meeting != "":
		return lang.T(ctx, "disputes.how.meeting", r.Meeting)
	case r.Override:
		return lang.T(ctx, "disputes.how.override")
	case r.Disputed:
		return lang.T(ctx, "disputes.how.reason")
	}
	return ""
}

// saidSeals are the squares of the panel with what each party concluded.
func saidSeals(ctx context.Context, m mechanism.Mechanism, panel []joint.Party, said map[joint.Party]joint.Conclusion) []ui.Seal {
	var seals []ui.Seal
	for _, code := range panel {
		party, _ := m.Party(code)
		seal := partySeal(ctx, party, ui.Waiting)
		if c, spoke := said[code]; spoke && c.Known() {
			seal.Verdict, seal.Word = conclusionLevel[c], conclusionWord(ctx, m, c)
		} else if spoke {
			seal.Verdict, seal.Word = ui.Sealed, conclusionWord(ctx, m, c)
		}
		seals = append(seals, seal)
	}
	return seals
}
