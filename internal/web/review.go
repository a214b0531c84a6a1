package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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

func (s *Server) reviewRoutes() []route {
	return []route{
		{"GET /rounds/{round}/review", opens(policy.PageReview), s.reviewQueue},
		{"GET /review/{submission}", opens(policy.PageReview), s.reviewStart},
		{"GET /review/{submission}/bulk", opens(policy.PageReview), s.reviewBulk},
		{"POST /review/{submission}/bulk", opens(policy.PageReview), s.agreeMany},
		{"GET /review/{submission}/{number}", opens(policy.PageReview), s.reviewFinding},
		{"POST /review/{submission}/{number}/take-back", opens(policy.PageReview), s.takeBack},
		{"POST /review/{submission}/pass-over", opens(policy.PageReview), s.passOver},
		{"POST /review/{submission}/{number}", opens(policy.PageReview), s.giveVerdict},
	}
}

// reviewPath is the address of one finding in the review workspace, or of the
// first one still to be judged if number is "".
func reviewPath(submission, number string) string {
	path := "/review/" + url.PathEscape(submission)
	if number != "" {
		path += "/" + url.PathEscape(number)
	}
	return path
}

// reviewForm names the draft of a finding's review.
func reviewForm(submission, number string) string { return "review:" + submission + ":" + number }

// A passage is one finding of one submission on its way through the review, with
// all that the actor may see of it.
type passage struct {
	Round      ledger.Round
	Submission ledger.Submission
	Office     string // short name of the organisation
	Party      joint.Party
	Findings   []store.Heading
	Given      map[string]joint.Conclusion // own party's, by finding
	Drafts     map[string]url.Values       // own, by finding

	Finding  ledger.Finding
	Item     ledger.Item
	Before   ledger.Item // as the own party last saw it, else in the version before; the zero Item if BeforeID is ""
	BeforeID string
	Verdicts []ledger.Verdict // on this finding in this submission
	Opinions []ledger.Opinion
	Made     bool             // the finding has been consolidated
	Seen     int64            // version of the own verdict, which was taken back; else 0
	Earlier  ledger.Verdict   // own party's last one on a version before; the zero Verdict if there is none
	Recheck  []ledger.Opinion // own party's on earlier versions, answered
	Raised   []ledger.Opinion // own party's on all versions; read only where there is an earlier one
	Names    map[string]string
	Zone     *time.Location
	Today    workday.Date
	Self     string // name of the actor
	Away     bool   // the actor is recused from the organisation
}

// sentOn is the day on which the submission was sent.
func (p passage) sentOn() string { return workday.In(p.Submission.Sent.At, p.Zone).String() }

func (p passage) mech() mechanism.Mechanism { return p.Round.Mechanism }

// doc is the document under review, as the mechanism describes it.
func (p passage) doc() mechanism.Document {
	d, _ := p.mech().Document(p.Submission.Doc)
	return d
}

func (p passage) scale() []mechanism.Word { return p.mech().Scale(p.Submission.Doc) }

// own returns the own party's verdict.
func (p passage) own() (ledger.Verdict, bool) {
	for _, v := range p.Verdicts {
		if v.Party == p.Party {
			return v, true
		}
	}
	return ledger.Verdict{}, false
}

// open reports whether the actor may give a verdict here and now.
func (p passage) open(who policy.Actor) bool {
	_, given := p.own()
	return !given && !p.Made && p.gives(who)
}

// gives reports whether the actor may give verdicts on the submission now.
func (p passage) gives(who policy.Actor) bool {
	_, member := p.mech().Party(p.Party)
	give := ledger.GiveVerdict{Submission: p.Submission.ID, Finding: p.Finding.Number, Party: p.Party}
	return member && !p.shut() && !p.Away && p.Submission.Stage == ledger.Reviewed && policy.Can(who, give, p.Submission.Subject())
}

// shut reports whether the own party's time has passed and nobody hears it any more.
func (p passage) shut() bool {
	return p.Submission.Shuts(p.Party, p.doc().Late, p.Today)
}

// at returns the place of the finding in the submission.
func (p passage) at() int {
	for i, h := range p.Findings {
		if h.Number == p.Finding.Number {
			return i
		}
	}
	return 0
}

// beside returns the number of the finding some steps away; "" beyond the ends.
func (p passage) beside(steps int) string {
	i := p.at() + steps
	if i < 0 || i >= len(p.Findings) {
		return ""
	}
	return p.Findings[i].Number
}

// nextOpen returns the next finding without a verdict of the own party, from the
// one after the current on and round again; "" if none is left.
func (p passage) nextOpen() string {
	n := len(p.Findings)
	for i := 1; i < n; i++ {
		number := p.Findings[(p.at()+i)%n].Number
		if _, given := p.Given[number]; !given {
			return number
		}
	}
	return ""
}

// listed reads the submission and the state of each of its findings.
func (s *Server) listed(ctx context.Context, who policy.Actor, submission string) (p passage, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	p.Zone, p.Today = s.Supervise.Zone, s.today()
	if p.Submission, err = db.Paper(ctx, scope, submission); err != nil {
		return p, err
	}
	seated, err := s.seated(ctx, p.Submission.Round)
	if err != nil {
		return p, err
	}
	p.Self, p.Away = who.Name, seated.away(p.Submission.Organisation, who)
	if p.Round, err = db.Round(ctx, p.Submission.Round); err != nil {
		return p, err
	}
	organisation, err := db.Organisation(ctx, p.Submission.Organisation)
	if err != nil {
		return p, err
	}
	p.Office = organisation.NameOn(p.Round.FeedbackOn).Short
	p.Party = who.Party(p.Submission.Subject())
	all, err := s.headings(ctx, submission)
	if err != nil {
		return p, err
	}
	p.Findings = p.putTo(all)
	stands, err := db.Stands(ctx, scope, []string{submission})
	if err != nil {
		return p, err
	}
	p.Given = map[string]joint.Conclusion{}
	for _, x := range stands {
		if x.Party == p.Party {
			p.Given[x.Finding] = x.Conclusion
		}
	}
	p.Drafts, err = s.drafts(ctx, who, "review:"+submission+":")
	return p, err
}

// putTo returns the findings that are put to the own party. Whoever speaks for none
// on this document reads them all.
func (p passage) putTo(all []store.Heading) []store.Heading {
	m, doc := p.mech(), p.Submission.Doc
	if !slices.Contains(m.Panel(doc, true), p.Party) {
		return all
	}
	return slices.DeleteFunc(all, func(h store.Heading) bool {
		return !slices.Contains(m.Panel(doc, h.OrganCadre), p.Party)
	})
}

// hidden reports whether the finding is not in the actor's review.
func (p passage) hidden(number string) bool {
	return !slices.ContainsFunc(p.Findings, func(h store.Heading) bool { return h.Number == number })
}

// drafts returns what the actor was writing into the forms under the prefix.
func (s *Server) drafts(ctx context.Context, who policy.Actor, prefix string) (map[string]url.Values, error) {
	forms, err := s.Supervise.DB.Read().FormsUnder(ctx, who.Person, prefix)
	if err != nil {
		return nil, err
	}
	values := map[string]url.Values{}
	for name, fields := range forms {
		v, err := url.ParseQuery(fields)
		if err != nil {
			continue // a draft that cannot be read is no draft; the form opens empty
		}
		values[name] = v
	}
	return values, nil
}

// passage reads one finding of a submission.
func (s *Server) passage(ctx context.Context, who policy.Actor, submission, number string) (p passage, err error) {
	if p, err = s.listed(ctx, who, submission); err != nil {
		return p, err
	}
	if p.hidden(number) {
		return p, fmt.Errorf("finding %s in %s: %w", number, submission, store.ErrNotFound)
	}
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	if p.Finding, err = s.judged(ctx, scope, p.Submission, number); err != nil {
		return p, err
	}
	if p.Item, err = db.Item(ctx, submission, number); err != nil {
		return p, err
	}
	if p.Before, p.BeforeID, err = db.EarlierItem(ctx, p.Submission, number); err != nil {
		return p, err
	}
	here := store.VoiceFilter{Submission: submission, Finding: number}
	if p.Verdicts, err = db.Verdicts(ctx, scope, here); err != nil {
		return p, err
	}
	if p.Opinions, err = db.Opinions(ctx, scope, here); err != nil {
		return p, err
	}
	if err = s.past(ctx, &p, scope); err != nil {
		return p, err
	}
	if err = s.readOwn(ctx, &p, scope); err != nil {
		return p, err
	}
	p.Names, err = db.Names(ctx, speakers(p.Verdicts))
	return p, err
}

// number returns which version of the document the submission is; 0 for another
// document's.
func (p passage) number(submission string) int {
	s := p.Submission
	for n := s.Number; n > 0; n-- {
		if ledger.SubmissionID(s.Round, s.Organisation, s.Doc, n) == submission {
			return n
		}
	}
	return 0
}

// past reads what the own party said when it last looked, the text it saw then,
// and what it has to look at again.
func (s *Server) past(ctx context.Context, p *passage, scope policy.Scope) error {
	if p.BeforeID == "" || p.Party == "" {
		return nil
	}
	db := s.Supervise.DB.Read()
	earlier, err := db.Verdicts(ctx, scope, store.VoiceFilter{Finding: p.Finding.Number, Party: p.Party})
	if err != nil {
		return err
	}
	for _, v := range earlier {
		if n := p.number(v.Submission); n < p.Submission.Number && n > p.number(p.Earlier.Submission) {
			p.Earlier = v
		}
	}
	if looked := p.Earlier.LookedAt(); looked != "" && looked != p.BeforeID {
		p.BeforeID = looked
		if p.Before, err = db.Item(ctx, looked, p.Finding.Number); err != nil {
			return err
		}
	}
	p.Raised, err = db.Opinions(ctx, scope, store.VoiceFilter{Finding: p.Finding.Number, Party: p.Party})
	for _, o := range p.Raised {
		if o.Stage == ledger.Answered {
			p.Recheck = append(p.Recheck, o)
		}
	}
	return err
}

func speakers(list []ledger.Verdict) (ids []string) {
	for _, v := range list {
		ids = append(ids, v.Person)
	}
	return ids
}

// reviewStart leads to the first finding that the own party has not judged.
func (s *Server) reviewStart(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.listed(r.Context(), who, r.PathValue("submission"))
	if err != nil {
		return err
	}
	if len(p.Findings) == 0 {
		return seeOther(w, r, roundPath(p.Submission.Round, "review"))
	}
	to := p.Findings[0].Number
	for _, h := range p.Findings {
		if _, given := p.Given[h.Number]; !given {
			to = h.Number
			break
		}
	}
	return seeOther(w, r, reviewPath(p.Submission.ID, to))
}

func (s *Server) reviewFinding(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.passage(r.Context(), who, r.PathValue("submission"), r.PathValue("number"))
	if err != nil {
		return err
	}
	if p.open(who) {
		if err := s.Supervise.DB.PutOpened(r.Context(), who.Person, p.Submission.ID, p.Finding.Number); err != nil {
			return err
		}
	}
	return s.showReview(w, r, who, http.StatusOK, p, reviewState{Values: p.Drafts[p.Finding.Number]})
}

// A reviewState is what a form holds beside the passage: what was typed, and
// what is wrong with it.
type reviewState struct {
	Values                  url.Values // nil for an empty form
	Problems                map[string]string
	Rival                   *ledger.Verdict // a colleague was faster
	BackProblem, BackReason string          // with taking the verdict back

	Key string // of the act that was refused: a repeat is the same act
}

func (s *Server) showReview(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, p passage, state reviewState) error {
	ctx := r.Context()
	f := frame{
		Title: lang.T(ctx, "review.title", p.Office) + " · " + numberWord(ctx, p.Finding.Number),
		At:    "review", Round: p.Submission.Round, Main: "review", Rail: true,
	}
	return s.showAs(w, r, who, status, f, reviewPage(s.reviewView(ctx, who, p, state)))
}

// giveVerdict takes the form of the workspace: its buttons give the verdict, put
// the finding off, keep what is written or add a box for another opinion.
func (s *Server) giveVerdict(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p, err := s.passage(r.Context(), who, r.PathValue("submission"), r.PathValue("number"))
	if err != nil {
		return err
	}
	switch act := f.text("act"); {
	case act == "flag":
		return s.flagLater(w, r, who, p, f)
	case act == "save":
		return s.keepReview(w, r, who, p, r.PostForm, reviewPath(p.Submission.ID, p.Finding.Number))
	case len(act) > len("more:") && act[:len("more:")] == "more:":
		state := reviewState{Values: withBox(r.PostForm, act[len("more:"):]), Key: f.text("key")}
		return s.showReview(w, r, who, http.StatusOK, p, state)
	}
	if wrongDays(p, f) {
		state := reviewState{Values: r.PostForm, Key: f.text("key"), Problems: f.problems}
		return s.showReview(w, r, who, http.StatusUnprocessableEntity, p, state)
	}
	order := f.order(verdictOf(p, f))
	order.Draft = reviewForm(p.Submission.ID, p.Finding.Number)
	if _, err := s.Supervise.Do(r.Context(), who, order); err != nil {
		return s.verdictRefused(w, r, who, p, f, err)
	}
	if next := p.nextOpen(); next != "" {
		return seeOther(w, r, reviewPath(p.Submission.ID, next))
	}
	return seeOther(w, r, roundPath(p.Submission.Round, "review")+"?done="+url.QueryEscape(p.Submission.ID))
}

// verdictRefused shows the page again with everything typed.
func (s *Server) verdictRefused(w http.ResponseWriter, r *http.Request, who policy.Actor, p passage, f *form, err error) error {
	state := reviewState{Values: r.PostForm, Key: f.text("key")}
	if current, stale := conflict(err); stale {
		if v, ok := current.(ledger.Verdict); ok {
			again, err := s.passage(r.Context(), who, p.Submission.ID, p.Finding.Number)
			if err != nil {
				return err
			}
			state.Rival = &v
			return s.showReview(w, r, who, http.StatusConflict, again, state)
		}
	}
	if !noteRefusal(p, f, err) {
		return err
	}
	state.Problems = f.problems
	return s.showReview(w, r, who, http.StatusUnprocessableEntity, p, state)
}

// flagLater marks the finding for oneself, or takes the mark away, and goes on.
func (s *Server) flagLater(w http.ResponseWriter, r *http.Request, who policy.Actor, p passage, f *form) error {
	to := p.beside(1)
	if f.checked("flag") {
		r.PostForm.Del("flag")
		to = p.Finding.Number
	} else {
		r.PostForm.Set("flag", "1")
	}
	if to == "" {
		to = p.Finding.Number
	}
	return s.keepReview(w, r, who, p, r.PostForm, reviewPath(p.Submission.ID, to))
}

// keepReview keeps what was written as a draft.
func (s *Server) keepReview(w http.ResponseWriter, r *http.Request, who policy.Actor, p passage, fields url.Values, to string) error {
	for _, own := range []string{"act", "key", "seen"} {
		fields.Del(own)
	}
	draft := store.Draft{Form: reviewForm(p.Submission.ID, p.Finding.Number), Fields: fields.Encode()}
	if err := s.Supervise.DB.PutDraft(r.Context(), who.Person, draft); err != nil {
		return err
	}
	return seeOther(w, r, to)
}

// reviewQueue lists the submissions under review with how far each party is.
func (s *Server) reviewQueue(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	return s.showQueue(w, r, who, http.StatusOK, round.Number, "")
}

func (s *Server) showQueue(w http.ResponseWriter, r *http.Request, who policy.Actor, status, round int, problem string) error {
	ctx := r.Context()
	q, err := s.queueOf(ctx, who, round)
	if err != nil {
		return err
	}
	f := frame{Title: lang.T(ctx, "nav.review"), At: "review", Round: q.Round.Number}
	for _, p := range q.Papers {
		if p.ID == r.URL.Query().Get("done") {
			f.Flash = ui.Flash{Hue: ui.Green, Text: lang.T(ctx, "review.done", q.Names[p.Organisation])}
		}
	}
	view := queueView(ctx, who, q)
	view.Problem = problem
	return s.showAs(w, r, who, status, f, reviewQueuePage(view))
}
