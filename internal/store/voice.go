package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
)

// A VoiceFilter picks verdicts, opinions or consolidations. Empty fields pick
// everything. Lists come in the order of their identities, which is that of
// submission, finding and party; After is the identity before the page.
type VoiceFilter struct {
	Round        int
	Submission   string
	Finding      string
	Organisation string
	Party        joint.Party           // not for consolidations
	Stages       []ledger.OpinionStage // opinions only; empty: all but those taken back
	After        string
	Limit        int // 0 is 1000
}

func (f VoiceFilter) where(w *where) {
	if f.Round != 0 {
		w.and("x.round = ?", f.Round)
	}
	for _, eq := range []struct{ column, value string }{
		{"x.submission", f.Submission},
		{"x.finding", f.Finding},
		{"x.organisation", f.Organisation},
		{"x.party", string(f.Party)},
	} {
		if eq.value != "" {
			w.and(eq.column+" = ?", eq.value)
		}
	}
	if len(f.Stages) > 0 {
		w.in("x.stage", texts(f.Stages))
	}
	if f.After != "" {
		w.and("x.id > ?", f.After)
	}
}

// page ends the query of a filtered list.
func (f VoiceFilter) page(w *where) string {
	limit := f.Limit
	if limit == 0 {
		limit = 1000
	}
	w.args = append(w.args, limit)
	return fmt.Sprintf("%s order by x.id limit $%d", w, len(w.args))
}

// Verdicts returns the verdicts that the filter picks, of those the actor may know.
func (r Reader) Verdicts(ctx context.Context, scope policy.Scope, f VoiceFilter) ([]ledger.Verdict, error) {
	w := &where{}
	w.voices(scope)
	w.standing()
	f.where(w)
	list, err := states[ledger.Verdict](ctx, r, ledger.KindVerdict, "select x.state from verdict x "+f.page(w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list verdicts: %w", err)
	}
	return list, nil
}

// Opinions returns the opinions that the filter picks, of those the actor may know.
// What came of a re-check stays unknown as long as the verdict it came with.
func (r Reader) Opinions(ctx context.Context, scope policy.Scope, f VoiceFilter) ([]ledger.Opinion, error) {
	w := &where{}
	w.voices(scope)
	if len(f.Stages) == 0 {
		w.and("x.stage <> ?", string(ledger.TakenBack))
	}
	f.where(w)
	list, err := states[ledger.Opinion](ctx, r, ledger.KindOpinion, "select x.state from opinion x "+f.page(w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list opinions: %w", err)
	}
	return list, r.sealRechecks(ctx, scope, list)
}

// Consolidations returns those that the filter picks, of those the actor may
// read: an inspected organisation has to wait for the letter.
func (r Reader) Consolidations(ctx context.Context, scope policy.Scope, f VoiceFilter) ([]ledger.Consolidation, error) {
	w := &where{}
	w.letters(scope)
	f.Party, f.Stages = "", nil
	f.where(w)
	list, err := states[ledger.Consolidation](ctx, r, ledger.KindConsolidation, "select x.state from consolidation x "+f.page(w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list consolidations: %w", err)
	}
	return list, nil
}

// A Count is how many findings of a submission a party has judged, or, with an
// empty Party, how many have been consolidated. It says nothing of what was
// judged and may be shown while blind.
type Count struct {
	Submission string
	Party      joint.Party
	N          int
}

// Given counts the verdicts by submission and party. Inspected organisations,
// who read letters only, get none.
func (r Reader) Given(ctx context.Context, scope policy.Scope, submissions []string) ([]Count, error) {
	w := counted(scope, submissions)
	w.standing()
	list, err := recall(ctx, r, "select x.submission, x.party, count(*) from verdict x "+w.String()+
		" group by x.submission, x.party order by x.submission, x.party", w.args, func(rows *sql.Rows) (c Count, err error) { return c, rows.Scan(&c.Submission, &c.Party, &c.N) })
	if err != nil {
		return nil, fmt.Errorf("count verdicts: %w", err)
	}
	return list, nil
}

// Flagged counts the findings of each submission that are flagged organ-cadre: some
// parties are put these only. The caller has got the submissions through the scope.
func (r Reader) Flagged(ctx context.Context, submissions []string) (map[string]int, error) {
	w := &where{}
	w.in("x.submission", submissions)
	w.and("f.organ_cadre = 1")
	counts, err := r.counts(ctx, "count flagged findings",
		"select x.submission, count(*) from submission_item x join finding f on f.id = x.finding "+w.String()+" group by x.submission", w.args)
	return counts, err
}

// Consolidated counts the consolidations by submission.
func (r Reader) Consolidated(ctx context.Context, scope policy.Scope, submissions []string) ([]Count, error) {
	w := counted(scope, submissions)
	list, err := recall(ctx, r, "select x.submission, count(*) from consolidation x "+w.String()+
		" group by x.submission order by x.submission", w.args, func(rows *sql.Rows) (c Count, err error) { return c, rows.Scan(&c.Submission, &c.N) })
	if err != nil {
		return nil, fmt.Errorf("count consolidations: %w", err)
	}
	return list, nil
}

// Made tells which findings have been consolidated, by submission.
func (r Reader) Made(ctx context.Context, scope policy.Scope, submissions []string) (map[string][]string, error) {
	w := counted(scope, submissions)
	rows, err := r.q.QueryContext(ctx, "select x.submission, x.finding from consolidation x "+w.String()+
		" order by x.submission, x.finding", w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (x [2]string, err error) { return x, rows.Scan(&x[0], &x[1]) })
	if err != nil {
		return nil, fmt.Errorf("list consolidated findings: %w", err)
	}
	made := map[string][]string{}
	for _, x := range list {
		made[x[0]] = append(made[x[0]], x[1])
	}
	return made, nil
}

func counted(scope policy.Scope, submissions []string) *where {
	w := &where{}
	w.cases(scope, "x.")
	if scope.Verdicts == policy.NoVerdicts {
		w.and("1 = 0")
	}
	w.in("x.submission", submissions)
	return w
}

// A Stand is what one party concluded on one finding, and how many of its
// opinions ask for something.
type Stand struct {
	Submission, Finding string
	OrganCadre          bool // of the finding: some mechanisms put only those to a party
	Party               joint.Party
	Conclusion          joint.Conclusion
	Demands             int
}

// Stands returns where the parties stand, as far as the actor may know, by
// submission, finding and party. It reads no state, so that a whole round is cheap.
func (r Reader) Stands(ctx context.Context, scope policy.Scope, submissions []string) ([]Stand, error) {
	w := &where{}
	w.voices(scope)
	w.standing()
	w.in("x.submission", submissions)
	rows, err := r.q.QueryContext(ctx, `
		select x.submission, x.finding, coalesce(f.organ_cadre, 0) = 1, x.party, x.conclusion, (
			select count(*) from opinion o
			where  o.submission = x.submission and o.finding = x.finding and o.party = x.party
			and    o.kind <> 'remark' and o.stage <> 'taken_back')
		from   verdict x left join finding f on f.id = x.finding `+w.String()+`
		order  by x.submission, x.finding, x.party`, w.args...)
	list, err := all(rows, err, func(rows *sql.Rows) (s Stand, err error) {
		return s, rows.Scan(&s.Submission, &s.Finding, &s.OrganCadre, &s.Party, &s.Conclusion, &s.Demands)
	})
	if err != nil {
		return nil, fmt.Errorf("list conclusions: %w", err)
	}
	return list, nil
}

// A PaperFilter picks submissions. Empty fields pick everything.
type PaperFilter struct {
	Round        int
	Organisation string
	Doc          string
	Stages       []ledger.SubmissionStage
	After        string // identity before the page
	Limit        int    // 0 is 1000
}

// Papers returns the submissions that the filter picks, by identity. What has
// not been sent only its organisation sees.
func (r Reader) Papers(ctx context.Context, scope policy.Scope, f PaperFilter) ([]ledger.Submission, error) {
	w := &where{}
	w.papers(scope)
	if f.Round != 0 {
		w.and("x.round = ?", f.Round)
	}
	if f.Organisation != "" {
		w.and("x.organisation = ?", f.Organisation)
	}
	if f.Doc != "" {
		w.and("x.doc = ?", f.Doc)
	}
	if len(f.Stages) > 0 {
		w.in("x.stage", texts(f.Stages))
	}
	list, err := states[ledger.Submission](ctx, r, ledger.KindSubmission,
		"select x.state from submission x "+VoiceFilter{After: f.After, Limit: f.Limit}.tail(w), w.args...)
	if err != nil {
		return nil, fmt.Errorf("list submissions: %w", err)
	}
	return list, nil
}

// tail is the page of a list that has no other field of the filter.
func (f VoiceFilter) tail(w *where) string {
	f.where(w)
	return f.page(w)
}

// PapersOf returns the submissions with the identities, by identity.
func (r Reader) PapersOf(ctx context.Context, scope policy.Scope, ids []string) (map[string]ledger.Submission, error) {
	papers := map[string]ledger.Submission{}
	if len(ids) == 0 {
		return papers, nil
	}
	w := &where{}
	w.papers(scope)
	w.in("x.id", ids)
	list, err := states[ledger.Submission](ctx, r, ledger.KindSubmission, "select x.state from submission x "+w.String(), w.args...)
	if err != nil {
		return nil, fmt.Errorf("read %d submissions: %w", len(ids), err)
	}
	for _, p := range list {
		papers[p.ID] = p
	}
	return papers, nil
}

// Paper returns the submission if it lies within the scope, else ErrNotFound.
func (r Reader) Paper(ctx context.Context, scope policy.Scope, id string) (ledger.Submission, error) {
	s, err := r.Submission(ctx, id)
	if err == nil && (!scope.Sees(s.Subject()) || scope.Organisation == "" && s.Sent.At.IsZero()) {
		return ledger.Submission{}, fmt.Errorf("submission %s: %w", id, ErrNotFound)
	}
	return s, err
}

// A Heading is a finding as a list inside a submission shows it. A document judged
// as one text has one heading, without a title: see ledger.WholeOf.
type Heading struct {
	Number, Title, Category string
	OrganCadre              bool
}

// Headings returns the findings in a submission, by number. The caller has got
// the submission through Paper.
func (r Reader) Headings(ctx context.Context, submission string) ([]Heading, error) {
	rows, err := r.q.QueryContext(ctx, `
		select x.finding, coalesce(f.title, ''), coalesce(f.category, ''), coalesce(f.organ_cadre, 0) = 1
		from   submission_item x left join finding f on f.id = x.finding
		where  x.submission = $1 order by x.finding`, submission)
	list, err := all(rows, err, func(rows *sql.Rows) (h Heading, err error) {
		return h, rows.Scan(&h.Number, &h.Title, &h.Category, &h.OrganCadre)
	})
	if err != nil {
		return nil, fmt.Errorf("list findings of %s: %w", submission, err)
	}
	return list, nil
}

// EarlierItem returns what the last version of the document before s said about
// the finding, and that version's identity; "" if there was none.
func (r Reader) EarlierItem(ctx context.Context, s ledger.Submission, finding string) (item ledger.Item, version string, err error) {
	var text string
	err = one(r.q.QueryRowContext(ctx, `
		select s.id, x.item from submission s join submission_item x on x.submission = s.id
		where  s.round = $1 and s.organisation = $2 and s.doc = $3 and s.number < $4 and x.finding = $5
		order  by s.number desc limit 1`, s.Round, s.Organisation, string(s.Doc), s.Number, finding), &version, &text)
	if errors.Is(err, ErrNotFound) {
		return item, "", nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &item)
	}
	if err != nil {
		return item, "", fmt.Errorf("item %s before %s: %w", finding, s.ID, err)
	}
	return item, version, nil
}

// FormsUnder returns what the person was writing into forms whose name begins
// with the prefix: the fields, urlencoded, by the rest of the name.
func (r Reader) FormsUnder(ctx context.Context, person, prefix string) (map[string]string, error) {
	rows, err := r.q.QueryContext(ctx, `
		select form, fields from draft where person = $1 and substr(form, 1, $2) = $3`, // not a range: a locale may sort ":" anywhere
		person, utf8.RuneCountInString(prefix), prefix)
	if err != nil {
		return nil, fmt.Errorf("drafts under %s: %w", prefix, err)
	}
	defer rows.Close()
	forms := map[string]string{}
	for rows.Next() {
		var form, fields string
		if err := rows.Scan(&form, &fields); err != nil {
			return nil, err
		}
		forms[form[len(prefix):]] = fields
	}
	return forms, rows.Err()
}
