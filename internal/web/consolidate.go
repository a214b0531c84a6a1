package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

func (s *Server) consolidateRoutes() []route {
	office, cases := opens(policy.PageConsolidate), opens(policy.PageLedger)
	return []route{
		{"GET /rounds/{round}/consolidate", office, s.consolidateList},
		{"POST /consolidate/{submission}/agreed", office, s.consolidateAgreed},
		{"GET /consolidate/{submission}/{number}", office, s.consolidatePage},
		{"POST /consolidate/{submission}/{number}", office, s.consolidate},
		{"POST /consolidate/{submission}/deliver", office, s.deliver},
		{"GET /submissions/{id}/letter", cases, s.letterPage},
		{"GET /submissions/{id}/letter.docx", cases, s.letterFile},
		{"GET /submissions/{id}/letter.pdf", cases, s.letterFile},
	}
}

// edits reports whether the actor is of the body that consolidates in a round of
// the mechanism, which need not be the inspection office.
func edits(who policy.Actor, m mechanism.Mechanism) bool {
	party := partyOf(who)
	return policy.CanOpen(who, policy.PageConsolidate) && party != "" && party == m.Bench().Consolidates
}

// consolidatePath is the address of one finding in the consolidation.
func consolidatePath(submission, number string) string {
	return "/consolidate/" + url.PathEscape(submission) + "/" + url.PathEscape(number)
}

// consolidateListPath is the list with the findings of one submission.
func consolidateListPath(p ledger.Submission) string {
	return roundPath(p.Round, "consolidate") + "?submission=" + url.QueryEscape(p.ID)
}

func consolidateForm(submission, number string) string {
	return "consolidate:" + submission + ":" + number
}

// A matter is one finding of a submission as the office sees it: what the
// parties said, as far as it may know, and what has been made of it.
type matter struct {
	store.Heading
	Panel   []joint.Party
	Said    map[joint.Party]joint.Conclusion
	Reading joint.Reading
	Demands int                  // opinions that ask for something
	Made    ledger.Consolidation // zero if not yet
}

// ready reports whether every party has spoken and nothing has been made of it.
func (m matter) ready() bool { return m.Reading.Complete() && m.Made.Version == 0 }

// agreed reports whether all parties agree and ask for nothing: there is nothing
// to word, and many such findings can be consolidated together.
func (m matter) agreed() bool {
	return m.ready() && !m.Reading.Disputed && m.Reading.Strictest == joint.Agree && m.Demands == 0
}

// matters reads the findings of a submission, in its order.
func (s *Server) matters(ctx context.Context, who policy.Actor, round ledger.Round, paper ledger.Submission) ([]matter, error) {
	submission := paper.ID
	doc, _ := round.Mechanism.Document(paper.Doc)
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	headings, err := s.headings(ctx, submission)
	if err != nil {
		return nil, err
	}
	stands, err := db.Stands(ctx, scope, []string{submission})
	if err != nil {
		return nil, err
	}
	made, err := db.Consolidations(ctx, scope, store.VoiceFilter{Submission: submission, Limit: len(headings) + 1})
	if err != nil {
		return nil, err
	}
	list := make([]matter, len(headings))
	at := map[string]*matter{}
	for i, h := range headings {
		list[i] = matter{Heading: h, Said: map[joint.Party]joint.Conclusion{}}
		at[h.Number] = &list[i]
	}
	for _, x := range stands {
		if m := at[x.Finding]; m != nil {
			m.Said[x.Party] = x.Conclusion
			m.Demands += x.Demands
		}
	}
	for _, c := range made {
		if m := at[c.Finding]; m != nil {
			m.Made = c
		}
	}
	for i := range list {
		list[i].Panel = round.Mechanism.Panel(doc.Code, list[i].OrganCadre)
		list[i].Reading = paper.Reading(round.Mechanism, list[i].OrganCadre, list[i].Said, s.today())
		list[i].Said = paper.Answers(doc, list[i].Panel, list[i].Said, s.today())
	}
	return list, nil
}

// consolidateState is what the list shows beside what is stored.
type consolidateState struct {
	Submission string // whose findings are listed
	Problem    string
	Flash      ui.Flash
}

func (s *Server) consolidateList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	state := consolidateState{Submission: r.URL.Query().Get("submission")}
	if n := r.URL.Query().Get("agreed"); n != "" {
		state.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(r.Context(), "consolidate.agreed.done", n)}
	}
	q, err := s.queue(r, who)
	if err != nil {
		return err
	}
	if !edits(who, q.Round.Mechanism) {
		return supervise.ErrForbidden
	}
	return s.showConsolidateList(w, r, who, http.StatusOK, q, state)
}

func (s *Server) showConsolidateList(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, q queue, state consolidateState) error {
	ctx := r.Context()
	view, err := s.consolidateListView(ctx, who, q, state.Submission)
	if err != nil {
		return err
	}
	view.Problem = state.Problem
	f := frame{Title: lang.T(ctx, "nav.consolidate"), At: "consolidate", Round: q.Round.Number, Flash: state.Flash}
	return s.showAs(w, r, who, status, f, consolidateListPage(view))
}

// consolidateAgreed consolidates all findings on which everybody agrees: one act
// each, all of them or none.
func (s *Server) consolidateAgreed(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := s.Supervise.DB.Read().Paper(r.Context(), policy.ScopeOf(who), r.PathValue("submission"))
	if err != nil {
		return err
	}
	round, err := s.Supervise.DB.Read().Round(r.Context(), p.Round)
	if err != nil {
		return err
	}
	if !edits(who, round.Mechanism) {
		return supervise.ErrForbidden
	}
	var orders []supervise.Order
	for _, number := range f.list("number") {
		act := ledger.Consolidate{Submission: p.ID, Finding: number, Conclusion: joint.Agree}
		orders = append(orders, supervise.Order{Act: act, Key: f.text("key") + ":" + number})
	}
	_, err = s.Supervise.DoAll(r.Context(), who, orders)
	if err == nil {
		return seeOther(w, r, consolidateListPath(p)+"&agreed="+itoa(len(orders)))
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	state := consolidateState{Submission: p.ID, Problem: wording(lang.From(r.Context()), err)}
	var at supervise.OrderError
	if errors.As(err, &at) && at.Index < len(orders) {
		state.Problem = lang.T(r.Context(), "ui.seal", f.list("number")[at.Index], state.Problem)
	}
	q, err := s.queueOf(r.Context(), who, p.Round)
	if err != nil {
		return err
	}
	return s.showConsolidateList(w, r, who, status, q, state)
}

// A consolidating is one finding on the office's table.
type consolidating struct {
	Round      ledger.Round
	Submission ledger.Submission
	Office     string
	Matters    []matter
	Finding    ledger.Finding
	Verdicts   []ledger.Verdict
	Opinions   []ledger.Opinion
	Names      map[string]string
	Resolved   ledger.Concluded // by a joint meeting; zero if by none
	Draft      draft
	Away       map[string]bool // people recused from the organisation now
}

func (c consolidating) mech() mechanism.Mechanism { return c.Round.Mechanism }

func (c consolidating) at() int {
	return slices.IndexFunc(c.Matters, func(m matter) bool { return m.Number == c.Finding.Number })
}

func (c consolidating) here() matter { return c.Matters[c.at()] }

// step returns the address of the finding some steps away; "" beyond the ends.
func (c consolidating) step(n int) string {
	if i := c.at() + n; i >= 0 && i < len(c.Matters) {
		return consolidatePath(c.Submission.ID, c.Matters[i].Number)
	}
	return ""
}

// next returns the address of the next finding of the kind after this one, and
// round again; "" if there is no other.
func (c consolidating) next(kind func(matter) bool) string {
	n := len(c.Matters)
	for i := 1; i < n; i++ {
		if m := c.Matters[(c.at()+i)%n]; kind(m) {
			return consolidatePath(c.Submission.ID, m.Number)
		}
	}
	return ""
}

func disputed(m matter) bool { return m.ready() && m.Reading.Disputed }

func (s *Server) consolidating(ctx context.Context, who policy.Actor, submission, number string) (c consolidating, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	if c.Submission, err = db.Paper(ctx, scope, submission); err != nil {
		return c, err
	}
	if !c.Submission.Has(number) {
		return c, fmt.Errorf("finding %s in %s: %w", number, submission, store.ErrNotFound)
	}
	if c.Round, err = db.Round(ctx, c.Submission.Round); err != nil {
		return c, err
	}
	if !edits(who, c.mech()) {
		return c, supervise.ErrForbidden
	}
	o, err := db.Organisation(ctx, c.Submission.Organisation)
	if err != nil {
		return c, err
	}
	c.Office = o.NameOn(c.Round.FeedbackOn).Short
	if c.Matters, err = s.matters(ctx, who, c.Round, c.Submission); err != nil {
		return c, err
	}
	if c.Finding, err = s.judged(ctx, scope, c.Submission, number); err != nil {
		return c, err
	}
	if c.Away, err = s.recusedFrom(ctx, scope, c.Submission); err != nil {
		return c, err
	}
	here := store.VoiceFilter{Submission: submission, Finding: number}
	if c.Verdicts, err = db.Verdicts(ctx, scope, here); err != nil {
		return c, err
	}
	if c.Opinions, err = db.Opinions(ctx, scope, here); err != nil {
		return c, err
	}
	if c.Names, err = db.Names(ctx, append(speakers(c.Verdicts), c.here().Made.Person)); err != nil {
		return c, err
	}
	if c.Resolved, err = db.Resolution(ctx, scope, submission, number); err != nil {
		return c, err
	}
	c.Draft, err = s.draft(ctx, who, consolidateForm(submission, number))
	return c, err
}

func (s *Server) consolidatePage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	c, err := s.consolidating(r.Context(), who, r.PathValue("submission"), r.PathValue("number"))
	if err != nil {
		return err
	}
	return s.showConsolidate(w, r, who, http.StatusOK, c, consolidateTyped{Values: c.Draft.Fields})
}

// consolidateTyped is what was typed, and what is wrong with it.
type consolidateTyped struct {
	Values   url.Values // nil: as stored, or as suggested
	Problems map[string]string
	Conflict *ui.Conflict
	Key      string
}

func (s *Server) showConsolidate(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, c consolidating, typed consolidateTyped) error {
	ctx := r.Context()
	f := frame{
		Title: lang.T(ctx, "nav.consolidate") + " · " + numberWord(ctx, c.Finding.Number), At: "consolidate",
		Round: c.Round.Number, Rail: true,
	}
	return s.showAs(w, r, who, status, f, consolidateBody(s.consolidateView(ctx, who, c, typed)))
}

// consolidate takes the form: its buttons confirm, add or drop an entry, or fill
// an entry from the opinions ticked for it.
func (s *Server) consolidate(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c, err := s.consolidating(r.Context(), who, r.PathValue("submission"), r.PathValue("number"))
	if err != nil {
		return err
	}
	if rebuilt := rebuild(c, r.PostForm, f.text("act")); rebuilt {
		return s.showConsolidate(w, r, who, http.StatusOK, c, consolidateTyped{Values: r.PostForm, Key: f.text("key")})
	}
	if _, err := s.Supervise.Do(r.Context(), who, f.order(consolidationOf(c, f))); err != nil {
		return s.consolidateRefused(w, r, who, c, f, err)
	}
	s.dropDraft(r.Context(), who, consolidateForm(c.Submission.ID, c.Finding.Number))
	return seeOther(w, r, c.onward())
}

// onward is where to go after this finding: the next disagreement, the next that
// is complete, or the letter.
func (c consolidating) onward() string {
	if to := c.next(disputed); to != "" {
		return to
	}
	if to := c.next(func(m matter) bool { return m.ready() && !m.agreed() }); to != "" {
		return to
	}
	open := func(m matter) bool { return m.Made.Version == 0 && m.Number != c.Finding.Number }
	if slices.ContainsFunc(c.Matters, open) {
		return consolidateListPath(c.Submission)
	}
	return letterPath(c.Submission.ID)
}

func (s *Server) consolidateRefused(w http.ResponseWriter, r *http.Request, who policy.Actor, c consolidating, f *form, err error) error {
	typed := consolidateTyped{Values: r.PostForm, Key: f.text("key")}
	if current, stale := conflict(err); stale {
		theirs, ok := current.(ledger.Consolidation)
		if !ok {
			return err
		}
		again, err := s.consolidating(r.Context(), who, c.Submission.ID, c.Finding.Number)
		if err != nil {
			return err
		}
		typed.Conflict = s.consolidateConflict(r.Context(), again, theirs, f)
		return s.showConsolidate(w, r, who, http.StatusConflict, again, typed)
	}
	if !noteConsolidation(c, f, err) {
		return err
	}
	typed.Problems = f.problems
	return s.showConsolidate(w, r, who, http.StatusUnprocessableEntity, c, typed)
}
