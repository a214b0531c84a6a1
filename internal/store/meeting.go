package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// States of an item of an agenda, as the column has them.
const (
	itemOpen     = "open"
	itemResolved = "resolved"
	itemDeferred = "deferred"
)

func init() {
	register(ledger.KindMeeting, "meeting", "round number kind held_on items pending closed_at", func(s ledger.State, _ *Tx) []any {
		m := s.(ledger.Meeting)
		return []any{
			int64(m.Round), int64(m.Number), string(m.Kind), m.Terms.On.String(),
			int64(len(m.Agenda)), int64(m.Pending()), micros(m.Closed.At),
		}
	}, saveAgenda)
}

func saveAgenda(ctx context.Context, tx *Tx, _, s ledger.State, _ int64) error {
	m := s.(ledger.Meeting)
	if err := tx.exec(ctx, `delete from meeting_item where meeting = $1`, m.ID); err != nil {
		return err
	}
	for _, i := range m.Agenda {
		outcome := itemOpen
		d, decided := m.Decision(i.Submission, i.Finding)
		switch {
		case decided && d.Deferred:
			outcome = itemDeferred
		case decided:
			outcome = itemResolved
		}
		err := tx.exec(ctx, `
			insert into meeting_item (meeting, submission, finding, team, outcome, decided_at)
			values ($1, $2, $3, $4, $5, $6)`,
			m.ID, i.Submission, i.Finding, i.Team, outcome, micros(d.At))
		if err != nil {
			return err
		}
	}
	return nil
}

// LastMeeting returns the number of the newest meeting of the round, 0 for none.
func (r Reader) LastMeeting(ctx context.Context, round int) (n int, err error) {
	err = one(r.q.QueryRowContext(ctx, `select coalesce(max(number), 0) from meeting where round = $1`, round), &n)
	if err != nil {
		return 0, fmt.Errorf("last meeting of round %d: %w", round, err)
	}
	return n, nil
}

// Meeting returns the meeting as the actor may read it; see Meetings.
func (r Reader) Meeting(ctx context.Context, scope policy.Scope, id string) (ledger.Meeting, error) {
	list, err := r.meetings(ctx, scope, `x.id = ?`, id)
	if err != nil {
		return ledger.Meeting{}, err
	}
	if len(list) == 0 {
		return ledger.Meeting{}, fmt.Errorf("meeting %s: %w", id, ErrNotFound)
	}
	return list[0], nil
}

// Meetings returns the meetings of the round, newest first, as far as the actor
// may read them: a team the items of organisations that it inspected, a party no
// decision on a finding on which it has not spoken, a leader no party's vote
// before the finding is consolidated, an inspected organisation nothing.
func (r Reader) Meetings(ctx context.Context, scope policy.Scope, round int) ([]ledger.Meeting, error) {
	return r.meetings(ctx, scope, `x.round = ?`, round)
}

// OpenMeetings returns the meetings of the round that are not closed, the next one
// first, without what they decided.
func (r Reader) OpenMeetings(ctx context.Context, scope policy.Scope, round int) ([]ledger.Meeting, error) {
	w := &where{}
	w.gatherings(scope)
	w.and("x.round = ? and x.closed_at = 0", round)
	list, err := states[ledger.Meeting](ctx, r, ledger.KindMeeting,
		fmt.Sprintf("select x.state from meeting x %s order by x.held_on, x.number limit %d", w, mostMeetings), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list open meetings of round %d: %w", round, err)
	}
	for i, m := range list {
		list[i] = readable(m, scope, nil)
		list[i].Decisions = nil
	}
	return list, nil
}

// Resolution returns what a joint meeting resolved last on the finding of the
// submission, as far as the actor may read it; the zero one if there is none.
func (r Reader) Resolution(ctx context.Context, scope policy.Scope, submission, finding string) (ledger.Concluded, error) {
	rows, err := r.q.QueryContext(ctx, `
		select meeting from meeting_item where submission = $1 and finding = $2 and outcome = $3
		order  by decided_at desc, meeting desc limit 1`, submission, finding, itemResolved)
	list, err := all(rows, err, scanText)
	if err != nil || len(list) == 0 {
		return ledger.Concluded{}, err
	}
	m, err := r.Meeting(ctx, scope, list[0])
	if errors.Is(err, ErrNotFound) {
		return ledger.Concluded{}, nil
	}
	d, decided := m.Decision(submission, finding)
	if err != nil || !decided {
		return ledger.Concluded{}, err
	}
	return ledger.Concluded{Meeting: m.ID, Resolution: d}, nil
}

// mostMeetings of a round are listed.
const mostMeetings = 500

func (r Reader) meetings(ctx context.Context, scope policy.Scope, cond string, value any) ([]ledger.Meeting, error) {
	w := &where{}
	w.gatherings(scope)
	w.and(cond, value)
	list, err := states[ledger.Meeting](ctx, r, ledger.KindMeeting,
		fmt.Sprintf("select x.state from meeting x %s order by x.round, x.number desc limit %d", w, mostMeetings), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	for i, m := range list {
		hidden, err := r.unheard(ctx, scope, m.ID)
		if err != nil {
			return nil, err
		}
		list[i] = readable(m, scope, hidden)
	}
	return list, nil
}

// unheard returns the items of the meeting on which somebody has given a verdict
// that the actor may not know yet: "submission:finding".
func (r Reader) unheard(ctx context.Context, scope policy.Scope, meeting string) (map[string]bool, error) {
	w := &where{}
	w.and("i.meeting = ?", meeting)
	w.sealed(scope)
	rows, err := r.q.QueryContext(ctx, `
		select distinct i.submission, i.finding from meeting_item i
		join   verdict x on x.submission = i.submission and x.finding = i.finding `+w.String(), w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x [2]string, err error) { return x, rows.Scan(&x[0], &x[1]) })
	if err != nil {
		return nil, fmt.Errorf("items of meeting %s under seal: %w", meeting, err)
	}
	hidden := map[string]bool{}
	for _, x := range list {
		hidden[strings.Join(x[:], ":")] = true
	}
	return hidden, nil
}

// readable takes from a meeting what the actor may not read.
func readable(m ledger.Meeting, scope policy.Scope, hidden map[string]bool) ledger.Meeting {
	theirs := func(submission, finding string) bool {
		return !scope.All && !slices.ContainsFunc(m.Agenda, func(i ledger.AgendaItem) bool {
			return i.Submission == submission && i.Finding == finding && i.Team == scope.Team
		})
	}
	var decisions []ledger.Resolution
	for _, d := range m.Decisions {
		sealed := hidden[d.Submission+":"+d.Finding]
		if theirs(d.Submission, d.Finding) || sealed && scope.Verdicts == policy.OwnThenAll {
			continue
		}
		if sealed {
			d.Votes = nil
		}
		decisions = append(decisions, d)
	}
	m.Agenda = slices.DeleteFunc(slices.Clone(m.Agenda), func(i ledger.AgendaItem) bool { return theirs(i.Submission, i.Finding) })
	m.Decisions = decisions
	return m
}

// Resolutions returns what joint meetings resolved on the finding of the
// submission, oldest first; what was put off is not among it.
func (tx *Tx) Resolutions(ctx context.Context, submission, finding string) ([]ledger.Concluded, error) {
	list, err := states[ledger.Meeting](ctx, tx.Reader, ledger.KindMeeting, `
		select m.state from meeting_item i join meeting m on m.id = i.meeting
		where  i.submission = $1 and i.finding = $2 and i.outcome = $3
		order  by i.decided_at, m.number`, submission, finding, itemResolved)
	if err != nil {
		return nil, fmt.Errorf("resolutions on %s in %s: %w", finding, submission, err)
	}
	var out []ledger.Concluded
	for _, m := range list {
		if d, decided := m.Decision(submission, finding); decided {
			out = append(out, ledger.Concluded{Meeting: m.ID, Resolution: d})
		}
	}
	return out, nil
}

// MeetingOn returns an open meeting other than the given one that has the finding
// on its agenda and has not put it off; "" for none.
func (tx *Tx) MeetingOn(ctx context.Context, submission, finding, except string) (string, error) {
	rows, err := tx.q.QueryContext(ctx, `
		select m.id from meeting_item i join meeting m on m.id = i.meeting
		where  i.submission = $1 and i.finding = $2 and i.outcome <> $3 and m.closed_at = 0 and m.id <> $4
		order  by m.id limit 1`, submission, finding, itemDeferred, except)
	list, err := all(rows, err, scanText)
	if err != nil {
		return "", fmt.Errorf("open meetings on %s in %s: %w", finding, submission, err)
	}
	if len(list) == 0 {
		return "", nil
	}
	return list[0], nil
}

// Returns counts the earlier versions of the document in which the finding was
// returned (退回重报).
func (r Reader) Returns(ctx context.Context, s ledger.Submission, finding string) (n int, err error) {
	err = one(r.q.QueryRowContext(ctx, `
		select count(*) from consolidation c join submission s on s.id = c.submission
		where  c.finding = $1 and c.conclusion = $2 and s.round = $3 and s.organisation = $4 and s.doc = $5 and s.number < $6`,
		finding, string(joint.Return), s.Round, s.Organisation, string(s.Doc), s.Number), &n)
	if err != nil {
		return 0, fmt.Errorf("count returns of %s: %w", finding, err)
	}
	return n, nil
}

// A Contest is a finding on which parties differ, with what each of them holds,
// as far as the actor may know, and nothing has been made of it yet.
type Contest struct {
	Submission, Finding, Title, Organisation string
	Doc                                      mechanism.Doc
	Number                                   int // version of the document
	OrganCadre                               bool
	Said                                     map[joint.Party]joint.Conclusion
	Meeting                                  string // open meeting that has it on its agenda, "" for none
}

// Contests returns the findings of the round that are under review and not yet
// consolidated, on which the actor knows of different conclusions. Whether the
// panel is complete says the mechanism's rule. One cheap query for a round.
func (r Reader) Contests(ctx context.Context, scope policy.Scope, round int) ([]Contest, error) {
	w := &where{}
	w.voices(scope)
	w.and("x.round = ?", round)
	w.and("s.stage = ?", string(ledger.Reviewed))
	w.and(`exists (select 1 from verdict o
		where o.submission = x.submission and o.finding = x.finding and o.conclusion <> x.conclusion)`)
	w.and("not exists (select 1 from consolidation k where k.submission = x.submission and k.finding = x.finding)")
	rows, err := r.q.QueryContext(ctx, `
		select x.submission, x.finding, coalesce(f.title, ''), s.organisation, s.doc, s.number, coalesce(f.organ_cadre, 0) = 1, x.party, x.conclusion,
			coalesce((select min(m.id) from meeting_item i join meeting m on m.id = i.meeting
				where i.submission = x.submission and i.finding = x.finding and m.closed_at = 0), '')
		from   verdict x join submission s on s.id = x.submission left join finding f on f.id = x.finding `+w.String()+`
		order  by s.organisation, x.submission, x.finding, x.party`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list disagreements of round %d: %w", round, err)
	}
	defer rows.Close()
	var list []Contest
	for rows.Next() {
		var c Contest
		var party joint.Party
		var said joint.Conclusion
		if err := rows.Scan(&c.Submission, &c.Finding, &c.Title, &c.Organisation, &c.Doc, &c.Number, &c.OrganCadre, &party, &said, &c.Meeting); err != nil {
			return nil, err
		}
		if n := len(list); n == 0 || list[n-1].Submission != c.Submission || list[n-1].Finding != c.Finding {
			c.Said = map[joint.Party]joint.Conclusion{}
			list = append(list, c)
		}
		list[len(list)-1].Said[party] = said
	}
	return slices.DeleteFunc(list, func(c Contest) bool { return !c.differs() }), rows.Err()
}

// differs reports whether two of the known answers differ.
func (c Contest) differs() bool {
	met := map[joint.Conclusion]bool{}
	for _, said := range c.Said {
		met[said] = true
	}
	return len(met) > 1
}

// Contested returns the consolidations of the round on which the parties had
// differed, newest versions last, at most limit.
func (r Reader) Contested(ctx context.Context, scope policy.Scope, round, limit int) ([]ledger.Consolidation, error) {
	w := &where{}
	w.letters(scope)
	w.and("x.round = ? and x.disputed = 1", round)
	w.args = append(w.args, limit)
	list, err := states[ledger.Consolidation](ctx, r, ledger.KindConsolidation,
		fmt.Sprintf("select x.state from consolidation x %s order by x.organisation, x.id limit $%d", w, len(w.args)), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list settled disagreements of round %d: %w", round, err)
	}
	return list, nil
}

// Seated returns which parties have answered on each finding of the submission,
// and nothing of what: it may be shown while blind. An inspected organisation
// gets nothing.
func (r Reader) Seated(ctx context.Context, scope policy.Scope, submission string) (map[string][]joint.Party, error) {
	w := counted(scope, []string{submission})
	rows, err := r.q.QueryContext(ctx, `select x.finding, x.party from verdict x `+w.String()+` order by x.finding, x.party`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("list who has answered on %s: %w", submission, err)
	}
	defer rows.Close()
	seated := map[string][]joint.Party{}
	for rows.Next() {
		var finding string
		var party joint.Party
		if err := rows.Scan(&finding, &party); err != nil {
			return nil, err
		}
		seated[finding] = append(seated[finding], party)
	}
	return seated, rows.Err()
}
