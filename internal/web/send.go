package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// Check before you send, the pledge, the sending; what was sent; the letter's answers.
func (s *Server) sendRoutes() []route {
	fill, cases := opens(policy.PageFill), opens(policy.PageLedger)
	return []route{
		{"GET /rounds/{round}/send/{doc}", fill, s.checkPage},
		{"POST /rounds/{round}/send/{doc}/{step}", fill, s.sendStep},
		{"GET /submissions/{id}", cases, s.submissionPage},
		{"GET /submissions/{submission}/files/{file}", cases, s.evidenceFile},
		{"GET /submissions/{submission}/files/{file}/view", cases, s.evidenceView},
		{"GET /submissions/{submission}/files/{file}/page/{page}", cases, s.evidencePicture},
		{"GET /rounds/{round}/letters", cases, s.lettersPage},
		{"POST /submissions/{id}/receive", fill, s.receive},
		{"GET /submissions/{id}/answers", cases, s.answersPage},
		{"POST /submissions/{id}/answers/{number}/{entry}", fill, s.answer},
	}
}

// checkView is the page before sending.
type checkView struct {
	Round      ledger.Round
	Doc        mechanism.Doc
	Latest     ledger.Submission
	Next       int // number of the version that would be prepared
	Findings   []ledger.Finding
	Lacks      []ledger.Lack
	Blocking   int
	Unanswered int
	Unsaid     int // findings without the organisation's answer
	Hash       string
	Changed    bool // since the pledge
	Pledge     bool // the head checks and pledges first
	Paper      ledger.Paper
	Role       ledger.Role
	Key        string
	Problem    string
}

// docIn reads the document of the address; ErrNotFound if the round has none such.
func docIn(r *http.Request, round ledger.Round) (mechanism.Doc, error) {
	d, reviewed := round.Mechanism.Document(mechanism.Doc(r.PathValue("doc")))
	if !reviewed {
		return "", store.ErrNotFound
	}
	return d.Code, nil
}

func (s *Server) checkPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.check(r, who)
	if err != nil {
		return err
	}
	return s.showCheck(w, r, who, http.StatusOK, view)
}

func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view checkView) error {
	title := lang.T(r.Context(), "send.title."+string(view.Doc))
	return s.showAs(w, r, who, status, frame{Title: title, At: "fill", Round: view.Round.Number}, checkBeforeSending(view))
}

func (s *Server) check(r *http.Request, who policy.Actor) (view checkView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	if view.Round, err = s.roundIn(r); err != nil {
		return view, err
	}
	if view.Doc, err = docIn(r, view.Round); err != nil {
		return view, err
	}
	if _, in := view.Round.Team(who.Organisation); !in {
		return view, store.ErrNotFound
	}
	if view.Latest, err = read.LatestSubmission(ctx, view.Round.Number, who.Organisation, view.Doc); err != nil {
		return view, err
	}
	cases, err := read.Cases(ctx, policy.ScopeOf(who), view.Round.Number, who.Organisation)
	if err != nil {
		return view, err
	}
	for _, f := range cases {
		if f.Open(view.Doc, s.today()) {
			view.Findings = append(view.Findings, f)
		}
	}
	if view.Latest.Stage == ledger.SentBack || view.Latest.Stage == ledger.Accepted {
		if view.Unanswered, err = s.unanswered(ctx, who, view.Latest.ID, cases); err != nil {
			return view, err
		}
	}
	view.Unsaid = ledger.Unacknowledged(view.Round.Mechanism, view.Doc, view.Findings)
	paper, number := next(view.Round.Number, who.Organisation, view.Doc, view.Latest)
	view.Next, view.Paper = number, paper.Paper
	view.Lacks = paper.Check(view.Findings)
	view.Blocking = ledger.Blocking(view.Lacks)
	view.Hash = paper.ContentHash(view.Findings)
	d, _ := view.Round.Mechanism.Document(view.Doc)
	view.Pledge = d.Pledge
	view.Changed = view.Latest.Stage == ledger.Pledging && view.Latest.Pledge.Hash != view.Hash
	view.Role, view.Key = who.Role, newKey()
	return view, nil
}

// next returns the version that is being made, and its number: the latest one, or
// one that does not exist yet where the latest is back.
func next(round int, organisation string, doc mechanism.Doc, latest ledger.Submission) (ledger.Submission, int) {
	switch latest.Stage {
	case ledger.Drafting:
		return latest, latest.Number
	case ledger.Prepared, ledger.Pledging, ledger.Reviewed:
		return latest, latest.Number + 1
	case ledger.SentBack, ledger.Accepted:
	}
	return ledger.Submission{Round: round, Organisation: organisation, Doc: doc}, latest.Number + 1
}

// unanswered counts the entries of the letter that still wait for an answer: those
// on settled findings do not.
func (s *Server) unanswered(ctx context.Context, who policy.Actor, submission string, cases []ledger.Finding) (int, error) {
	settled := map[string]bool{}
	for _, f := range cases {
		settled[f.Number] = f.Stage == ledger.SettledStage
	}
	letter, err := s.Supervise.DB.Read().Consolidations(ctx, policy.ScopeOf(who), store.VoiceFilter{Submission: submission})
	n := 0
	for _, c := range letter {
		for _, e := range c.Entries {
			if e.Answer.Response == "" && !settled[c.Finding] {
				n++
			}
		}
	}
	return n, err
}

// sendStep prepares, pledges or sends. The pledge carries the hash of what the
// head was shown; sending compares it again.
func (s *Server) sendStep(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.check(r, who)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	var act ledger.Act
	switch r.PathValue("step") {
	case "prepare":
		act = ledger.Prepare{Round: view.Round.Number, Organisation: who.Organisation, Doc: view.Doc, Number: view.Next}
	case "pledge":
		act = ledger.MakePledge{Submission: view.Latest.ID, Hash: typed.text("hash")}
	case "send":
		act = ledger.Send{Submission: view.Latest.ID}
	default:
		return store.ErrNotFound
	}
	if r.PathValue("step") == "pledge" && !typed.checked("pledge") {
		typed.wrong("pledge", "send.pledge_missing")
	} else {
		_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any, Key: typed.text("key")})
	}
	if err == nil && len(typed.problems) == 0 {
		return seeOther(w, r, roundPath(view.Round.Number, "send", string(view.Doc)))
	}
	if err != nil && !typed.refusedAt("", err) {
		return err
	}
	view.Problem = typed.summary()[0].Text
	return s.showCheck(w, r, who, http.StatusUnprocessableEntity, view)
}

// paperView is one sent version, as sent.
type paperView struct {
	Submission ledger.Submission
	Round      ledger.Round
	Name       ledger.Name
	Items      []ledger.Item
	Titles     map[string]string
	Flagged    map[string]bool // findings on organisation and cadres
}

func (s *Server) paper(ctx context.Context, who policy.Actor, submission string) (view paperView, err error) {
	read := s.Supervise.DB.Read()
	if view.Submission, err = read.Paper(ctx, policy.ScopeOf(who), submission); err != nil {
		return view, err
	}
	if view.Round, err = read.Round(ctx, view.Submission.Round); err != nil {
		return view, err
	}
	o, err := read.Organisation(ctx, view.Submission.Organisation)
	if err != nil {
		return view, err
	}
	view.Name = o.NameOn(view.Round.FeedbackOn)
	headings, err := s.headings(ctx, view.Submission.ID)
	view.Titles, view.Flagged = map[string]string{}, map[string]bool{}
	for _, f := range headings {
		view.Titles[f.Number], view.Flagged[f.Number] = f.Title, f.OrganCadre
	}
	return view, err
}

func (s *Server) submissionPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.paper(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	if view.Items, err = s.Supervise.DB.Read().Items(r.Context(), view.Submission.ID); err != nil {
		return err
	}
	at := "ledger"
	if policy.CanOpen(who, policy.PageFill) {
		at = "fill"
	}
	f := frame{Title: paperTitle(r.Context(), view.Submission), At: at, Round: view.Round.Number}
	return s.show(w, r, who, f, submissionBody(view))
}

func paperTitle(ctx context.Context, p ledger.Submission) string {
	return lang.T(ctx, "doc."+string(p.Doc)) + " " + lang.T(ctx, "send.version", p.Number)
}

// lettersView lists the submissions of a round with their letters.
type lettersView struct {
	Round   ledger.Round
	Papers  []ledger.Submission
	Names   map[string]string
	OwnOnly bool
	Sheets  map[string][]joint.Party // whose opinion sheets may be printed, by submission
	Closed  []string                 // organisations with a closing form
	Whole   bool                     // sees the whole round, and so its summary
}

// partyName names a party in the reader's language.
func (v lettersView) partyName(ctx context.Context, code joint.Party) string {
	p, _ := v.Round.Mechanism.Party(code)
	return named(ctx, or(p.Name, string(code)), p.NameEn)
}

func (s *Server) lettersPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	view := lettersView{Round: round, Names: map[string]string{}, OwnOnly: who.Organisation != ""}
	if view.Papers, err = read.Papers(ctx, policy.ScopeOf(who), store.PaperFilter{Round: round.Number}); err != nil {
		return err
	}
	organisations, err := read.OrganisationsOf(ctx, round.Number)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		view.Names[o.Code] = o.NameOn(round.FeedbackOn).Short
	}
	if err := s.readPrintable(ctx, who, &view); err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: lang.T(ctx, "nav.letters"), At: "letters", Round: round.Number}, lettersBody(view))
}

func (s *Server) receive(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	if _, err := s.Supervise.Do(r.Context(), who, typed.order(ledger.Receive{Submission: id})); err != nil {
		return err
	}
	return seeOther(w, r, answersPath(id))
}

func answersPath(submission string) string {
	return "/submissions/" + url.PathEscape(submission) + "/answers"
}

// answersView is the letter with an answer to each entry.
type answersView struct {
	paperView
	Letter   []ledger.Consolidation
	Entries  int
	Answered int
	CanWrite bool
	Problems map[string]string // entry anchor -> wording
	Typed    map[string]ledger.Answer
}

func (s *Server) answers(r *http.Request, who policy.Actor) (view answersView, err error) {
	if view.paperView, err = s.paper(r.Context(), who, r.PathValue("id")); err != nil {
		return view, err
	}
	if view.Submission.Letter.At.IsZero() {
		return view, store.ErrNotFound
	}
	view.Letter, err = s.Supervise.DB.Read().Consolidations(r.Context(), policy.ScopeOf(who), store.VoiceFilter{Submission: view.Submission.ID})
	for _, c := range view.Letter {
		view.Entries += len(c.Entries)
		for _, e := range c.Entries {
			if e.Answer.Response != "" {
				view.Answered++
			}
		}
	}
	view.CanWrite = policy.Can(who, ledger.AnswerEntry{}, view.Submission.Subject())
	view.Problems, view.Typed = map[string]string{}, map[string]ledger.Answer{}
	return view, err
}

func (s *Server) answersPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.answers(r, who)
	if err != nil {
		return err
	}
	return s.showAnswers(w, r, who, http.StatusOK, view)
}

func (s *Server) showAnswers(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view answersView) error {
	f := frame{Title: lang.T(r.Context(), "answers.title"), At: "letters", Round: view.Round.Number}
	return s.showAs(w, r, who, status, f, answersBody(view))
}

// answer records the organisation's answer to one entry of the letter.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	number := r.PathValue("number")
	n, err := strconv.Atoi(r.PathValue("entry"))
	if err != nil {
		return store.ErrNotFound
	}
	act := ledger.AnswerEntry{
		Submission: r.PathValue("id"), Finding: number, Entry: n,
		Response: ledger.Response(typed.text(entryAnchor(number, n) + "-response")), Reason: typed.text("reason"), Place: typed.text("place"),
	}
	_, err = s.Supervise.Do(r.Context(), who, typed.order(act))
	if err == nil {
		return seeOther(w, r, answersPath(act.Submission)+"#"+entryAnchor(number, n))
	}
	view, viewErr := s.answers(r, who)
	if viewErr != nil {
		return viewErr
	}
	anchor := entryAnchor(number, n)
	view.Typed[anchor] = ledger.Answer{Response: act.Response, Reason: act.Reason, Place: act.Place}
	if _, stale := conflict(err); stale {
		view.Problems[anchor] = lang.T(r.Context(), "answers.stale")
		return s.showAnswers(w, r, who, http.StatusConflict, view)
	}
	if !typed.refusedAt(anchor, err) {
		return err
	}
	view.Problems[anchor] = typed.problems[anchor]
	return s.showAnswers(w, r, who, http.StatusUnprocessableEntity, view)
}

// entryAnchor names the place of an entry on the page.
func entryAnchor(finding string, entry int) string {
	return "e-" + strings.ReplaceAll(finding, ".", "-") + "-" + itoa(entry)
}
