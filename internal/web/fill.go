package web

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// An organisation plans and reports: the list of its findings and the editor of one.
func (s *Server) fillRoutes() []route {
	fill := opens(policy.PageFill)
	return []route{
		{"GET /rounds/{round}/fill", fill, s.fillList},
		{"POST /rounds/{round}/fill/acknowledge", fill, s.acknowledgeMany},
		{"GET /findings/{number}/fill", fill, s.fillPage},
		{"POST /findings/{number}/fill", fill, s.saveFill},
		{"POST /findings/{number}/evidence", fill, s.attach},
		{"POST /findings/{number}/evidence/{id}/detach", fill, s.detach},
		{"GET /findings/{number}/evidence/{id}/edit", fill, s.evidenceEdit},
		{"POST /findings/{number}/evidence/{id}/edit", fill, s.amendEvidence},
		{"POST /findings/{number}/evidence/{id}/file", fill, s.replaceFile},
		{"POST /findings/{number}/evidence/{id}/also", fill, s.alsoFor},
	}
}

// fillView is the list of an organisation's own findings.
type fillView struct {
	Round        ledger.Round
	Organisation ledger.Organisation
	Documents    []documentView
	Tasks        []fillTask
	Reported     int // findings with a progress text
	Who          policy.Actor
	Today        workday.Date
	Problem      string // with what was ticked
}

// documentView is where one document of the organisation stands.
type documentView struct {
	Doc    mechanism.Doc
	Latest ledger.Submission
	Lacks  int
	Open   int // findings the next version would have
	Check  string
}

type fillTask struct {
	Finding ledger.Finding
	Lacks   []string // message keys of what blocks
	Light   string
	Word    string
	Note    string
}

// roundIn reads the round of the address.
func (s *Server) roundIn(r *http.Request) (ledger.Round, error) {
	number, err := strconv.Atoi(r.PathValue("round"))
	if err != nil {
		return ledger.Round{}, store.ErrNotFound
	}
	return s.Supervise.DB.Read().Round(r.Context(), number)
}

func (s *Server) fillList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	view, err := s.fillView(r, who)
	if err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "fill.title"), At: "fill", Round: view.Round.Number}, fillListPage(view))
}

func (s *Server) fillView(r *http.Request, who policy.Actor) (view fillView, err error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	round, err := s.roundIn(r)
	if err != nil {
		return view, err
	}
	if _, in := round.Team(who.Organisation); !in {
		return view, store.ErrNotFound
	}
	view = fillView{Round: round, Who: who, Today: s.today()}
	if view.Organisation, err = read.Organisation(ctx, who.Organisation); err != nil {
		return view, err
	}
	findings, err := read.Cases(ctx, policy.ScopeOf(who), round.Number, who.Organisation)
	if err != nil {
		return view, err
	}
	for _, doc := range round.Mechanism.Reviewed() {
		d, err := s.document(ctx, round.Number, who.Organisation, doc, findings)
		if err != nil {
			return view, err
		}
		view.Documents = append(view.Documents, d)
	}
	for _, f := range findings {
		view.Tasks = append(view.Tasks, s.fillTask(ctx, f))
		if f.Progress.Text != "" {
			view.Reported++
		}
	}
	return view, nil
}

func (s *Server) document(ctx context.Context, round int, organisation string, doc mechanism.Doc, findings []ledger.Finding) (documentView, error) {
	latest, err := s.Supervise.DB.Read().LatestSubmission(ctx, round, organisation, doc)
	if err != nil {
		return documentView{}, err
	}
	var open []ledger.Finding
	for _, f := range findings {
		if f.Open(doc, s.today()) {
			open = append(open, f)
		}
	}
	paper, _ := next(round, organisation, doc, latest)
	return documentView{
		Doc: doc, Latest: latest, Open: len(open), Lacks: ledger.Blocking(paper.Check(open)), Check: documentPath(round, doc, latest.Stage),
	}, nil
}

// documentPath leads to where the document is written, or to where it is sent.
func documentPath(round int, doc mechanism.Doc, stage ledger.SubmissionStage) string {
	sending := stage == ledger.Prepared || stage == ledger.Pledging || stage == ledger.Reviewed
	switch {
	case sending:
	case doc.Whole():
		return writePath(round, doc)
	case doc == mechanism.ClosingDoc:
		return roundPath(round, "closing")
	}
	return roundPath(round, "send", string(doc))
}

func (s *Server) fillTask(ctx context.Context, f ledger.Finding) fillTask {
	t := fillTask{Finding: f}
	for _, l := range ledger.Check(mechanism.Report, []ledger.Finding{f}) {
		if l.Blocks {
			t.Lacks = append(t.Lacks, l.Code)
		}
	}
	running := ""
	if f.Running() {
		running = f.Due().String()
	}
	t.Light, t.Word = light(ctx, s.today(), f.Due().String(), running)
	return t
}

// editView is the editor of one finding, with what was typed.
type editView struct {
	Finding      ledger.Finding
	Plan         ledger.Plan
	Progress     ledger.Progress
	PlanOpen     bool
	ProgressOpen bool
	CanWrite     bool
	Problems     map[string]string
	Summary      []ui.FieldProblem
	Seen         int64
	Key          string
	Conflict     *ui.Conflict
	Draft        string // when the draft shown was saved; "" if none
	Evidence     evidenceForm
	Cards        []ui.Evidence // of the evidence that is there
	Limit        string        // of one file, in words
	Person       string
	Next, Prev   string
}

// own returns the actor's own finding of the address.
func (s *Server) own(r *http.Request, who policy.Actor) (ledger.Finding, error) {
	return s.Supervise.DB.Read().Finding(r.Context(), policy.ScopeOf(who), r.PathValue("number"))
}

func (s *Server) fillPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.own(r, who)
	if err != nil {
		return err
	}
	view := edit(f, who)
	draft, err := s.draft(r.Context(), who, fillForm(f.Number))
	if err != nil {
		return err
	}
	if draft.Fields != nil && view.CanWrite {
		typed := &form{r: &http.Request{PostForm: draft.Fields}, problems: map[string]string{}}
		view.Plan, view.Progress = typed.plan(), typed.progress()
		view.Draft = lang.ClockTime(draft.At.In(s.Supervise.Zone))
		if view.Seen, err = s.draftSeen(r.Context(), who, f.Ref(), f.Version, draft); err != nil {
			return err
		}
	}
	return s.showEdit(w, r, who, http.StatusOK, view)
}

// fillForm names the draft of a finding's editor.
func fillForm(number string) string { return "fill:" + number }

func edit(f ledger.Finding, who policy.Actor) editView {
	may := policy.Can(who, ledger.WriteProgress{}, f.Subject())
	done := f.Stage.Done()
	return editView{
		Finding: f, Plan: f.Plan, Progress: f.Progress, Seen: f.Version, Key: newKey(), Problems: map[string]string{},
		CanWrite: may, PlanOpen: may && !done && f.PlanIn == "", ProgressOpen: may && !done && f.ReportIn == "",
	}
}

func (s *Server) showEdit(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, view editView) error {
	cases, err := s.Supervise.DB.Read().Cases(r.Context(), policy.ScopeOf(who), view.Finding.Round, view.Finding.Organisation)
	if err != nil {
		return err
	}
	for i, c := range cases {
		if c.Number != view.Finding.Number {
			continue
		}
		if i > 0 {
			view.Prev = fillPath(cases[i-1].Number)
		}
		if i+1 < len(cases) {
			view.Next = fillPath(cases[i+1].Number)
		}
	}
	if view.Cards, err = s.evidenceCards(r.Context(), policy.ScopeOf(who), view.Finding); err != nil {
		return err
	}
	view.Limit, view.Person = lang.Bytes(s.evidenceLimit()), who.Person
	f := frame{Title: view.Finding.Number, At: "fill", Round: view.Finding.Round}
	return s.showAs(w, r, who, status, f, fillEditPage(view))
}

func fillPath(number string) string { return "/findings/" + url.PathEscape(number) + "/fill" }

// saveFill saves plan and progress, as far as each changed, in one go.
func (s *Server) saveFill(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := s.own(r, who)
	if err != nil {
		return err
	}
	typed, err := readForm(r)
	if err != nil {
		return err
	}
	view := edit(f, who)
	view.Plan, view.Progress = f.Plan, f.Progress
	if view.PlanOpen {
		view.Plan = typed.plan()
	}
	if view.ProgressOpen {
		view.Progress = typed.progress()
	}
	if len(typed.problems) == 0 {
		err = s.writeFill(r.Context(), who, typed, view)
	}
	if err == nil && len(typed.problems) == 0 {
		s.dropDraft(r.Context(), who, fillForm(f.Number))
		return seeOther(w, r, after(typed.text("then"), fillPath(f.Number)))
	}
	if current, stale := conflict(err); stale {
		view.Conflict = s.fillConflict(r.Context(), typed, view, current.(ledger.Finding))
		return s.showEdit(w, r, who, http.StatusConflict, view)
	}
	if err != nil && !typed.refusedAt("", err) {
		return err
	}
	view.Problems, view.Summary = typed.problems, typed.summary()
	return s.showEdit(w, r, who, http.StatusUnprocessableEntity, view)
}

// after returns where to go on; only addresses of this site.
func after(to, otherwise string) string {
	if to == "" {
		return otherwise
	}
	return local(to)
}

// writeFill does what changed. The first act carries the version seen; the
// second follows it within the same transaction.
func (s *Server) writeFill(ctx context.Context, who policy.Actor, typed *form, view editView) error {
	var orders []supervise.Order
	add := func(act ledger.Act) {
		o := typed.order(act)
		if len(orders) > 0 {
			o.Seen, o.Key = supervise.Any, ""
		}
		orders = append(orders, o)
	}
	before := view.Finding
	if view.PlanOpen && !reflect.DeepEqual(view.Plan, before.Plan) {
		add(ledger.WritePlan{Number: before.Number, Plan: view.Plan})
	}
	was := before.Progress
	was.Evidence = nil
	if view.ProgressOpen && !reflect.DeepEqual(view.Progress, was) {
		add(ledger.WriteProgress{Number: before.Number, Progress: view.Progress})
	}
	if len(orders) == 0 {
		return nil
	}
	_, err := s.Supervise.DoAll(ctx, who, orders)
	return err
}

// fillConflict puts what somebody else saved beside what was typed.
func (s *Server) fillConflict(ctx context.Context, typed *form, mine editView, theirs ledger.Finding) *ui.Conflict {
	c := &ui.Conflict{Action: fillPath(theirs.Number), Keep: fillPath(theirs.Number)}
	row := func(key, other, own string) {
		c.Rows = append(c.Rows, ui.ConflictRow{Field: lang.T(ctx, key), Theirs: other, Mine: own})
	}
	row("fill.cause", theirs.Plan.Cause, mine.Plan.Cause)
	row("fill.target", theirs.Plan.Target, mine.Plan.Target)
	row("fill.measures", measureLines(theirs.Plan.Measures), measureLines(mine.Plan.Measures))
	row("fill.leader", theirs.Plan.Leader, mine.Plan.Leader)
	row("fill.section", theirs.Plan.Section, mine.Plan.Section)
	row("fill.handler", theirs.Plan.Handler, mine.Plan.Handler)
	row("fill.progress", theirs.Progress.Text, mine.Progress.Text)
	row("fill.claim", claimWord(ctx, theirs.Progress.Claim), claimWord(ctx, mine.Progress.Claim))
	for name, values := range typed.r.PostForm {
		if name == "seen" || name == "key" {
			continue
		}
		for _, v := range values {
			c.Hidden = append(c.Hidden, ui.Hidden{Name: name, Value: v})
		}
	}
	c.Hidden = append(c.Hidden, ui.Hidden{Name: "seen", Value: strconv.FormatInt(theirs.Version, 10)}, ui.Hidden{Name: "key", Value: newKey()})
	return c
}

func claimWord(ctx context.Context, c ledger.Claim) string { return lang.T(ctx, "claim."+string(c)) }

func measureLines(list []ledger.Measure) string {
	text := ""
	for i, m := range list {
		if i > 0 {
			text += "\n"
		}
		text += strconv.Itoa(i+1) + ". " + m.Text
	}
	return text
}
