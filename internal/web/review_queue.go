package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// A queue is the submissions of a round under review, with how far each party
// is: counts, and nothing of what was judged.
type queue struct {
	Round  ledger.Round
	Papers []ledger.Submission
	Names  map[string]string // short names of organisations
	Given  map[string]map[joint.Party]int
	Marked map[string]int // findings flagged organ-cadre, where that matters
	Today  workday.Date
	Zone   *time.Location
	Seated seated
}

// works are the parties of the submission and how far each is.
func (q queue) works(p ledger.Submission) []partyWork {
	return works(q.Round.Mechanism, p, len(p.Sent.Findings), q.Marked[p.ID], q.Given[p.ID], q.Today)
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
	q.Zone, q.Today = s.Supervise.Zone, s.today()
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
	if q.Seated, err = s.seated(ctx, round); err != nil {
		return q, err
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
	q.Marked, err = flagged(ctx, db, q.Round.Mechanism, paperIDs(q.Papers))
	return q, err
}

func paperIDs(list []ledger.Submission) (ids []string) {
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// queuePage is the queue as it is drawn.
type queuePage struct {
	Round   ledger.Round
	Rows    []queueRow
	Member  bool // the actor speaks for a party of the panel in at least one row
	Matrix  ui.Matrix
	Blind   bool
	Left    int    // findings still to be judged by the own party
	Problem string // with passing somebody over
}

type queueRow struct {
	Submission ledger.Submission
	Office     string
	Title      string
	Sent       string
	Done, Of   int
	Member     bool
	Party      joint.Party // for which the actor speaks there
	Late       ui.Progress // note on the own party's time
	PassOver   []partyWork // parties that the actor may pass over now
	Away       bool        // the actor is recused
	Vacant     []string    // names of parties for which nobody may speak; for the convener
}

func queueView(ctx context.Context, who policy.Actor, q queue) queuePage {
	view := queuePage{Round: q.Round, Blind: true}
	for _, p := range q.Papers {
		all := q.works(p)
		own, member := workOf(all, who.Party(p.Subject()))
		row := queueRow{
			Submission: p, Office: q.Names[p.Organisation], Title: paperTitle(ctx, p), Sent: lang.Moment(p.Sent.At.In(q.Zone)),
			Done: own.Done, Of: own.Of, Member: member && own.Of > 0, Party: own.Party.Code, Late: own.cell(ctx), PassOver: q.passable(who, p, all),
		}
		row.Away = q.Seated.away(p.Organisation, who)
		row.Vacant = q.Seated.vacantFor(ctx, who, q.Round, p)
		if row.Member {
			view.Member, view.Left = true, view.Left+max(0, own.Of-own.Done)
		}
		view.Rows = append(view.Rows, row)
	}
	slices.SortStableFunc(view.Rows, func(a, b queueRow) int { // what is left to do comes first
		return boolOrder(!a.Member || a.Done >= a.Of, !b.Member || b.Done >= b.Of)
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
		all, missing := q.works(p), 0
		for _, party := range q.Round.Mechanism.Parties {
			work, seated := workOf(all, party.Code)
			if !seated {
				row.Cells = append(row.Cells, ui.Progress{})
				continue
			}
			missing += work.left()
			row.Cells = append(row.Cells, work.cell(ctx))
		}
		row.Chip = ui.ChipWord{Hue: ui.Green, Icon: "checks", Word: lang.T(ctx, "review.complete")}
		if missing > 0 {
			row.Chip = ui.ChipWord{Hue: ui.Violet, Icon: "users", Word: lang.T(ctx, "stage.in_review")}
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// passable are the parties that the actor may pass over on the submission now.
func (q queue) passable(who policy.Actor, p ledger.Submission, all []partyWork) []partyWork {
	doc, _ := q.Round.Mechanism.Document(p.Doc)
	if doc.Late == mechanism.LateWaits || !policy.Can(who, ledger.PassOver{}, p.Subject().Under(q.Round.Mechanism)) {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(w partyWork) bool { return !w.Late || w.Passed })
}
