package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// A queue is the submissions of a round under review, with how far each party
// is: counts, and nothing of what was judged.
type queue struct {
	Round  ledger.Round
	Papers []ledger.Submission
	Names  map[string]string // short names of organisations
	Given  map[string]map[joint.Party]int
	Zone   *time.Location
}

func (s *Server) queue(r *http.Request, who policy.Actor) (queue, error) {
	round, err := s.roundIn(r)
	if err != nil {
		return queue{}, err
	}
	return s.queueOf(r.Context(), who, round.Number)
}

func (s *Server) queueOf(ctx context.Context, who policy.Actor, round int) (q queue, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	q.Zone = s.Supervise.Zone
	if q.Round, err = db.Round(ctx, round); err != nil {
		return q, err
	}
	q.Papers, err = db.Papers(ctx, scope, store.PaperFilter{Round: q.Round.Number, Stages: []ledger.SubmissionStage{ledger.Reviewed}})
	if err != nil {
		return q, err
	}
	organisations, err := db.OrganisationsOf(ctx, q.Round.Number)
	if err != nil {
		return q, err
	}
	q.Names = map[string]string{}
	for _, o := range organisations {
		q.Names[o.Code] = o.NameOn(q.Round.FeedbackOn).Short
	}
	given, err := db.Given(ctx, scope, paperIDs(q.Papers))
	if err != nil {
		return q, err
	}
	q.Given = map[string]map[joint.Party]int{}
	for _, c := range given {
		if q.Given[c.Submission] == nil {
			q.Given[c.Submission] = map[joint.Party]int{}
		}
		q.Given[c.Submission][c.Party] = c.N
	}
	return q, nil
}

func paperIDs(list []ledger.Submission) (ids []string) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// queuePage is the queue as it is drawn.
type queuePage struct {
	Round  ledger.Round
	Rows   []queueRow
	Member bool // the actor speaks for a party of the panel in at least one row
	Matrix ui.Matrix
	Blind  bool
	Left   int // findings still to be judged by the own party
}

type queueRow struct {
	Submission ledger.Submission
	Office     string
	Title      string
	Sent       string
	Done, Of   int
	Member     bool
	Party      joint.Party // for which the actor speaks there
}

func queueView(ctx context.Context, who policy.Actor, q queue) queuePage {
	view := queuePage{Round: q.Round, Blind: true}
	for _, p := range q.Papers {
		party := who.Party(p.Subject())
		_, member := q.Round.Mechanism.Party(party)
		row := queueRow{
			Submission: p, Office: q.Names[p.Organisation], Title: paperTitle(ctx, p), Sent: lang.Moment(p.Sent.At.In(q.Zone)),
			Done: q.Given[p.ID][party], Of: len(p.Sent.Findings), Member: member, Party: party,
		}
		if member {
			view.Member, view.Left = true, view.Left+row.Of-row.Done
		}
		view.Rows = append(view.Rows, row)
	}
	slices.SortStableFunc(view.Rows, func(a, b queueRow) int { // what is left to do comes first
		return boolOrder(a.Done == a.Of, b.Done == b.Of)
	})
	view.Matrix = progressMatrix(ctx, q)
	return view
}

func boolOrder(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// progressMatrix counts parties by submissions.
func progressMatrix(ctx context.Context, q queue) ui.Matrix {
	m := ui.Matrix{Label: lang.T(ctx, "review.matrix"), RowHead: lang.T(ctx, "review.paper"), LastHead: lang.T(ctx, "word.status")}
	for _, party := range q.Round.Mechanism.Parties {
		m.Parties = append(m.Parties, partySeal(ctx, party, ""))
	}
	for _, p := range q.Papers {
		row := ui.MatrixRow{Label: q.Names[p.Organisation] + " · " + paperTitle(ctx, p)}
		missing := 0
		for _, party := range q.Round.Mechanism.Parties {
			cell := ui.Progress{Done: q.Given[p.ID][party.Code], Of: len(p.Sent.Findings)}
			missing += cell.Of - cell.Done
			row.Cells = append(row.Cells, cell)
		}
		row.Chip = ui.ChipWord{Hue: ui.Green, Icon: "checks", Word: lang.T(ctx, "review.complete")}
		if missing > 0 {
			row.Chip = ui.ChipWord{Hue: ui.Violet, Icon: "users", Word: lang.T(ctx, "stage.in_review")}
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
