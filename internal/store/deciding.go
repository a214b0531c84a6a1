package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// What a decision reads. These take no scope: the door has asked it already,
// and a rule must see what the actor may not. They exist on Tx only, so that no
// page can reach them.

// OpenFindings returns the findings that go into the next version of the
// document, by number.
func (tx *Tx) OpenFindings(ctx context.Context, round int, organisation string, doc mechanism.Doc, today workday.Date) ([]ledger.Finding, error) {
	list, err := states[ledger.Finding](ctx, tx.Reader, ledger.KindFinding,
		`select state from finding where round = $1 and organisation = $2 order by id`, round, organisation)
	if err != nil {
		return nil, fmt.Errorf("findings of %s in round %d: %w", organisation, round, err)
	}
	open := list[:0]
	for _, f := range list {
		if f.Open(doc, today) {
			open = append(open, f)
		}
	}
	return open, nil
}

// Mergers returns the finding with the number into, if there is one, and those
// that were merged into the finding with the number.
func (tx *Tx) Mergers(ctx context.Context, number, into string) ([]ledger.Finding, error) {
	list, err := states[ledger.Finding](ctx, tx.Reader, ledger.KindFinding,
		`select state from finding where id = $1 or merged_into = $2 order by id limit 100`, into, number)
	if err != nil {
		return nil, fmt.Errorf("findings merged with %s: %w", number, err)
	}
	return list, nil
}

// AnyFinding reports whether the organisation has a finding in the round.
func (tx *Tx) AnyFinding(ctx context.Context, round int, organisation string) ([]ledger.Finding, error) {
	return states[ledger.Finding](ctx, tx.Reader, ledger.KindFinding,
		`select state from finding where round = $1 and organisation = $2 order by id limit 1`, round, organisation)
}

// SentFindings returns the findings in the submission, by number.
func (tx *Tx) SentFindings(ctx context.Context, submission string) ([]ledger.Finding, error) {
	return states[ledger.Finding](ctx, tx.Reader, ledger.KindFinding, `
		select f.state from submission_item x join finding f on f.id = x.finding
		where  x.submission = $1 order by x.finding`, submission)
}

// VerdictsOn returns the verdicts on the finding in the submission.
func (tx *Tx) VerdictsOn(ctx context.Context, submission, finding string) ([]ledger.Verdict, error) {
	return states[ledger.Verdict](ctx, tx.Reader, ledger.KindVerdict,
		`select state from verdict where submission = $1 and finding = $2 order by party`, submission, finding)
}

// OpinionsOn returns the opinions on the finding in the submission that were not
// taken back; on every finding of it if finding is "".
func (tx *Tx) OpinionsOn(ctx context.Context, submission, finding string) ([]ledger.Opinion, error) {
	return states[ledger.Opinion](ctx, tx.Reader, ledger.KindOpinion,
		`select state from opinion where submission = $1 and (finding = $2 or $2 = '') and stage <> 'taken_back' order by id`, submission, finding)
}

// OpinionsOfFinding returns all opinions on the finding, of one party or, if
// party is "", of all.
func (tx *Tx) OpinionsOfFinding(ctx context.Context, finding string, party joint.Party) ([]ledger.Opinion, error) {
	return states[ledger.Opinion](ctx, tx.Reader, ledger.KindOpinion,
		`select state from opinion where finding = $1 and (party = $2 or $2 = '') order by at, id`, finding, string(party))
}

// OpinionsOfOrganisation returns all opinions on the organisation's findings.
func (tx *Tx) OpinionsOfOrganisation(ctx context.Context, round int, organisation string) ([]ledger.Opinion, error) {
	return states[ledger.Opinion](ctx, tx.Reader, ledger.KindOpinion,
		`select state from opinion where round = $1 and organisation = $2 order by id`, round, organisation)
}

// Earlier returns, by finding, what the last version of the document before s
// said of it and what the parties held of that.
func (tx *Tx) Earlier(ctx context.Context, s ledger.Submission) (map[string]ledger.Earlier, error) {
	rows, err := tx.q.QueryContext(ctx, `
		select e.id, x.finding, x.item, coalesce(c.conclusion, '')
		from   submission e join submission_item x on x.submission = e.id
		left   join consolidation c on c.submission = e.id and c.finding = x.finding
		where  e.round = $1 and e.organisation = $2 and e.doc = $3 and e.number < $4
		order  by e.number`, s.Round, s.Organisation, string(s.Doc), s.Number)
	type row struct{ submission, finding, item, conclusion string }
	list, err := all(rows, err, func(rows *sql.Rows) (x row, err error) {
		return x, rows.Scan(&x.submission, &x.finding, &x.item, &x.conclusion)
	})
	if err != nil {
		return nil, fmt.Errorf("versions before %s: %w", s.ID, err)
	}
	earlier, last := map[string]ledger.Earlier{}, map[string]string{}
	for _, x := range list {
		e := ledger.Earlier{Agreed: x.conclusion == string(joint.Agree)}
		if err := json.Unmarshal([]byte(x.item), &e.Item); err != nil {
			return nil, fmt.Errorf("item %s of %s: %w", x.finding, x.submission, err)
		}
		earlier[x.finding], last[x.finding] = e, x.submission
	}
	verdicts, err := states[ledger.Verdict](ctx, tx.Reader, ledger.KindVerdict, `
		select v.state from verdict v join submission e on e.id = v.submission
		where  e.round = $1 and e.organisation = $2 and e.doc = $3 and e.number < $4
		order  by v.id`, s.Round, s.Organisation, string(s.Doc), s.Number)
	if err != nil {
		return nil, fmt.Errorf("verdicts before %s: %w", s.ID, err)
	}
	for _, v := range verdicts {
		if e := earlier[v.Finding]; last[v.Finding] == v.Submission {
			e.Verdicts = append(e.Verdicts, v)
			earlier[v.Finding] = e
		}
	}
	return earlier, nil
}

// ConsolidationsOf returns those of the submission.
func (tx *Tx) ConsolidationsOf(ctx context.Context, submission string) ([]ledger.Consolidation, error) {
	return states[ledger.Consolidation](ctx, tx.Reader, ledger.KindConsolidation,
		`select state from consolidation where submission = $1 order by finding`, submission)
}

// ConsolidationsOwed returns those of the submission that are not on a settled finding.
func (tx *Tx) ConsolidationsOwed(ctx context.Context, submission string) ([]ledger.Consolidation, error) {
	return states[ledger.Consolidation](ctx, tx.Reader, ledger.KindConsolidation,
		`select x.state from consolidation x where x.submission = $1 and `+unsettled+` order by x.finding`, submission)
}

// unsettled leaves out the consolidations, alias x, of findings that have ended
// otherwise than by being rectified. A document judged as one text has no finding.
const unsettled = `not exists (select 1 from finding s where s.id = x.finding and s.stage = 'settled')`

// A Key makes an act repeatable: see Tx.Replay.
type Key struct {
	ID     string
	Person string
}

// Replay returns the record an act with this key was done to, if it was.
func (tx *Tx) Replay(ctx context.Context, key Key) (ref ledger.Ref, done bool, err error) {
	rows, err := tx.q.QueryContext(ctx, `select kind, id from act_key where key = $1 and person = $2`, key.ID, key.Person)
	if err != nil {
		return ref, false, fmt.Errorf("look up act key: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		return ref, true, rows.Scan(&ref.Kind, &ref.ID)
	}
	return ref, false, rows.Err()
}

// Keep remembers that the act with this key was done to the record.
func (tx *Tx) Keep(ctx context.Context, key Key, s ledger.State) error {
	err := tx.exec(ctx, `insert into act_key (key, person, kind, id, version, at) values ($1, $2, $3, $4, $5, $6)`,
		key.ID, key.Person, string(s.Ref().Kind), s.Ref().ID, s.Ver(), tx.Now.UnixMicro())
	if err != nil {
		return fmt.Errorf("keep act key: %w", err)
	}
	return nil
}
