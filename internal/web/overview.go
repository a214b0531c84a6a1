package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// The workbench says whose turn it is, the overview how a round stands. Neither
// keeps anything: both are counted afresh from the record.
func (s *Server) overviewRoutes() []route {
	return []route{
		{"GET /{$}", signedIn, s.workbench},
		{"GET /rounds/{round}", opens(policy.PageLedger), s.overview},
	}
}

// ledgerPath is the address of the ledger with filters, in pairs of name and value.
func ledgerPath(round int, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return roundPath(round, "ledger") + "?" + q.Encode()
}

// stagesPath is the address of the findings of a round in any of the stages.
func stagesPath(round int, stages ...ledger.Stage) string {
	codes := make([]string, len(stages))
	for i, s := range stages {
		codes[i] = string(s)
	}
	return ledgerPath(round, "stage", strings.Join(codes, ","))
}

// standing is a round as the actor may see it: what both pages start from.
type standing struct {
	Round   ledger.Round
	Who     policy.Actor
	Today   workday.Date
	AsOf    time.Time // in the zone of the site
	Names   map[string]string
	Tallies []store.Tally
	Papers  []store.PaperRow
	Given   map[string]map[joint.Party]int // by submission: findings the party has judged
	Merged  map[string]int                 // by submission: findings consolidated
	Marked  map[string]int                 // by submission: findings flagged organ-cadre, where that matters
	Owed    map[string]store.Owed
}

// standing reads a round with a fixed number of questions.
func (s *Server) standing(ctx context.Context, who policy.Actor, round ledger.Round) (st standing, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	st = standing{Round: round, Who: who, Today: s.today(), AsOf: s.now().In(s.Supervise.Zone)}
	organisations, err := db.OrganisationsOf(ctx, round.Number)
	if err != nil {
		return st, err
	}
	st.Names = namesOn(organisations, round)
	if st.Tallies, err = db.Tallies(ctx, scope, round.Number); err != nil {
		return st, err
	}
	if st.Papers, err = db.PaperRows(ctx, scope, round.Number); err != nil {
		return st, err
	}
	if st.Owed, err = db.Owed(ctx, scope, round.Number); err != nil {
		return st, err
	}
	return st, st.readProgress(ctx, db, scope)
}

// readProgress counts who has spoken on what is current.
func (st *standing) readProgress(ctx context.Context, db store.Reader, scope policy.Scope) error {
	var ids []string
	for _, p := range slices.Concat(st.busy(), st.inReview()) {
		if p.ID != "" && !slices.Contains(ids, p.ID) {
			ids = append(ids, p.ID)
		}
	}
	st.Given, st.Merged = map[string]map[joint.Party]int{}, map[string]int{}
	given, err := db.Given(ctx, scope, ids)
	if err != nil {
		return err
	}
	for _, c := range given {
		if st.Given[c.Submission] == nil {
			st.Given[c.Submission] = map[joint.Party]int{}
		}
		st.Given[c.Submission][c.Party] = c.N
	}
	if st.Marked, err = flagged(ctx, db, st.Round.Mechanism, ids); err != nil {
		return err
	}
	merged, err := db.Consolidated(ctx, scope, ids)
	for _, c := range merged {
		st.Merged[c.Submission] = c.N
	}
	return err
}

// organisations lists the codes of those the actor sees, in the order of the round.
func (st standing) organisations() (codes []string) {
	scope := policy.ScopeOf(st.Who)
	for _, x := range st.Round.Organisations {
		if scope.Sees(ledger.Subject{Kind: ledger.KindFinding, Organisation: x.Organisation, Team: x.Team}) {
			codes = append(codes, x.Organisation)
		}
	}
	return codes
}

// name is the short name of an organisation as it was when the round was fed back.
func (st standing) name(code string) string { return or(st.Names[code], code) }

// names joins names of organisations, at most three of them.
func (st standing) names(ctx context.Context, codes []string) string {
	var list []string
	for _, c := range codes[:min(3, len(codes))] {
		list = append(list, st.name(c))
	}
	text := strings.Join(list, lang.T(ctx, "word.and"))
	if len(codes) > 3 {
		text = lang.T(ctx, "overview.and_more", text, len(codes))
	}
	return text
}

// latest returns the newest version of a document that the actor may see; the
// zero row if there is none.
func (st standing) latest(organisation string, doc mechanism.Doc) (newest store.PaperRow) {
	for _, p := range st.Papers {
		if p.Organisation == organisation && p.Doc == doc && p.Number > newest.Number {
			newest = p
		}
	}
	return newest
}

// busy returns, organisation by organisation, the submissions that the parties are
// busy with; where there is none the one they were last busy with, or a row with
// the organisation alone.
func (st standing) busy() (list []store.PaperRow) {
	for _, code := range st.organisations() {
		last, reviewed := store.PaperRow{Organisation: code}, false
		for _, doc := range st.documents() {
			p := st.latest(code, doc)
			if p.Stage == ledger.Reviewed {
				list, reviewed = append(list, p), true
			}
			if p.Sent.IsZero() && p.Number > 1 {
				p = st.version(code, doc, p.Number-1)
			}
			if p.Sent.After(last.Sent) {
				last = p
			}
		}
		if !reviewed {
			list = append(list, last)
		}
	}
	return list
}

// version returns one version of a document; the zero row if there is none.
func (st standing) version(organisation string, doc mechanism.Doc, number int) store.PaperRow {
	i := slices.IndexFunc(st.Papers, func(p store.PaperRow) bool {
		return p.Organisation == organisation && p.Doc == doc && p.Number == number
	})
	if i < 0 {
		return store.PaperRow{}
	}
	return st.Papers[i]
}

// inReview lists the submissions that lie with the parties.
func (st standing) inReview() (list []store.PaperRow) {
	for _, p := range st.Papers {
		if p.Stage == ledger.Reviewed {
			list = append(list, p)
		}
	}
	return list
}

// missing returns the parties that have not judged all of the submission.
func (st standing) missing(p store.PaperRow) (parties []joint.Party) {
	for _, w := range st.works(p) {
		if w.left() > 0 {
			parties = append(parties, w.Party.Code)
		}
	}
	return parties
}

// works are the parties of the submission and how far each is.
func (st standing) works(p store.PaperRow) []partyWork {
	return works(st.Round.Mechanism, p.Times(), p.Findings, st.Marked[p.ID], st.Given[p.ID], st.Today)
}

func (st standing) subject(p store.PaperRow) ledger.Subject {
	return ledger.Subject{Kind: ledger.KindSubmission, Round: st.Round.Number, Organisation: p.Organisation, Team: p.Team}
}

// path is an address within the round.
func (st standing) path(parts ...string) string { return roundPath(st.Round.Number, parts...) }

// asOf is the form of the instant of the figures.
func (st standing) asOf() string { return lang.Moment(st.AsOf) }

// paperWord names a version of a document: 整改进展情况报告第2稿.
func paperWord(ctx context.Context, doc mechanism.Doc, number int) string {
	return lang.T(ctx, "overview.paper", lang.T(ctx, "doc."+string(doc)), number)
}

// dayOf is the day of an instant in words, in the zone of the site.
func (st standing) dayOf(ctx context.Context, at time.Time) string {
	return lang.Date(lang.From(ctx), workday.In(at, st.AsOf.Location()).String())
}

// dateOf reads a stored date; the zero date for "".
func dateOf(text string) workday.Date {
	d, err := workday.Parse(text)
	if err != nil {
		return workday.Date{}
	}
	return d
}

// roundsShown is how many rounds the workbench offers.
const roundsShown = 6

// deskRound chooses the round of the workbench: the one asked for, or the newest
// that concerns the actor. ok is false where there is none.
func (s *Server) deskRound(r *http.Request, who policy.Actor) (round ledger.Round, others []store.RoundName, ok bool, err error) {
	list, err := s.Supervise.DB.Read().RoundsOf(r.Context(), policy.ScopeOf(who), roundsShown)
	if err != nil || len(list) == 0 {
		return round, nil, false, err
	}
	number := list[0].Number
	if asked := r.URL.Query().Get("round"); asked != "" {
		number = -1
		for _, x := range list {
			if itoa(x.Number) == asked {
				number = x.Number
			}
		}
		if number < 0 {
			return round, nil, false, store.ErrNotFound
		}
	}
	round, err = s.Supervise.DB.Read().Round(r.Context(), number)
	return round, list, err == nil, err
}
