package web

import (
	"context"
	"net/http"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/trail"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// One finding: what was fed back, what is done about it, what the parties say,
// and all that happened to it.
func (s *Server) findingRoutes() []route {
	cases := opens(policy.PageLedger)
	return []route{
		{"GET /rounds/{round}/findings/new", cases, s.registerForm},
		{"POST /rounds/{round}/findings/new", cases, s.register},
		{"GET /findings/{number}", cases, s.findingPage},
		{"GET /findings/{number}/evidence/{id}", cases, s.evidenceFile},
		{"GET /findings/{number}/evidence/{id}/view", cases, s.evidenceView},
		{"GET /findings/{number}/evidence/{id}/page/{page}", cases, s.evidencePicture},
		{"POST /findings/{number}/classify", cases, s.findingAct(actClassify)},
		{"POST /findings/{number}/assign", cases, s.findingAct(actAssign)},
		{"POST /findings/{number}/close", cases, s.findingAct(actClose)},
		{"POST /findings/{number}/reopen", cases, s.findingAct(actReopen)},
		{"POST /findings/{number}/acknowledge", cases, s.findingAct(actAcknowledge)},
		{"POST /findings/{number}/extend", cases, s.findingAct(actExtend)},
		{"POST /findings/{number}/decide", cases, s.findingAct(actDecide)},
		{"POST /findings/{number}/settle", cases, s.findingAct(actSettle)},
		{"POST /findings/{number}/recheck", cases, s.recheck},
	}
}

// findingData is what the page of one finding shows. Everything in it was read
// within the scope of the reader.
type findingData struct {
	Finding      ledger.Finding
	Evidence     []ui.Evidence
	Round        ledger.Round
	Organisation ledger.Organisation
	Bodies       []ledger.Body
	Versions     []store.SentItem // oldest first
	Verdicts     []ledger.Verdict
	Opinions     []ledger.Opinion
	Letters      []ledger.Consolidation
	Spoken       map[joint.Party]bool // on the version sent last
	Trail        []trail.Record       // oldest first
	People       map[string]string    // names by ID
	Prev, Next   string               // numbers of the neighbours

	Who   policy.Actor
	Scope policy.Scope
	Light [2]string // kind and words
	Today workday.Date
	Zone  *time.Location
	Forms findingForms
}

// findingForms are the forms of the page with what was typed into them.
type findingForms struct {
	Open     string // which one is shown open
	Class    ledger.Class
	Watch    ledger.Watch
	Reason   string
	Opinion  string // that the recheck is about
	Note     string
	Life     lifeForms
	Problems map[string]string
	Conflict *ui.Conflict
	Key      string
}

func (s *Server) findingPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	d, err := s.finding(r.Context(), who, r.PathValue("number"))
	if err != nil {
		return err
	}
	return s.showFinding(w, r, who, http.StatusOK, d)
}

func (s *Server) showFinding(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, d findingData) error {
	return s.showAs(w, r, who, status, frame{
		Title: d.Finding.Number, At: "ledger", Round: d.Finding.Round, Rail: true,
	}, findingView(d))
}

// finding reads all that the page shows, within the scope.
func (s *Server) finding(ctx context.Context, who policy.Actor, number string) (d findingData, err error) {
	db := s.Supervise.DB.Read()
	d.Who, d.Scope, d.Today, d.Zone = who, policy.ScopeOf(who), s.today(), s.Supervise.Zone
	if d.Finding, err = db.Finding(ctx, d.Scope, number); err != nil {
		return d, err
	}
	f := d.Finding
	if d.Evidence, err = s.evidenceCards(ctx, d.Scope, f); err != nil {
		return d, err
	}
	if d.Round, err = db.Round(ctx, f.Round); err != nil {
		return d, err
	}
	if d.Organisation, err = db.Organisation(ctx, f.Organisation); err != nil {
		return d, err
	}
	if d.Bodies, err = db.Bodies(ctx); err != nil {
		return d, err
	}
	if d.Versions, err = db.SentItems(ctx, d.Scope, f); err != nil {
		return d, err
	}
	if err = d.readVoices(ctx, db); err != nil {
		return d, err
	}
	if err = d.readTrail(ctx, db); err != nil {
		return d, err
	}
	running := ""
	if f.Running() {
		running = f.Due().String()
	}
	d.Light[0], d.Light[1] = light(ctx, d.Today, f.Due().String(), running)
	d.Forms = findingForms{Class: f.Class, Watch: f.Watch, Key: newKey(), Life: lifeForms{Position: f.Acknowledgement.Position, Grounds: f.Acknowledgement.Grounds}}
	return d, d.readNeighbours(ctx, db)
}

func (d *findingData) readVoices(ctx context.Context, db store.Reader) (err error) {
	f := store.VoiceFilter{Finding: d.Finding.Number}
	if d.Verdicts, err = db.Verdicts(ctx, d.Scope, f); err != nil {
		return err
	}
	if d.Opinions, err = db.Opinions(ctx, d.Scope, f); err != nil {
		return err
	}
	if d.Letters, err = db.Consolidations(ctx, d.Scope, f); err != nil {
		return err
	}
	spoken, err := db.Spoken(ctx, d.Scope, []store.Row{{Number: d.Finding.Number, LastReport: d.version()}})
	d.Spoken = map[joint.Party]bool{}
	for _, x := range spoken[d.Finding.Number] {
		d.Spoken[x.Party] = true
	}
	return err
}

func (d *findingData) readTrail(ctx context.Context, db store.Reader) (err error) {
	if d.Trail, err = db.EntriesOf(ctx, d.Finding.Ref()); err != nil {
		return err
	}
	seen := map[string]bool{}
	var ids []string
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for _, e := range d.Trail {
		add(e.Actor)
	}
	for _, v := range d.Verdicts {
		add(v.Person)
	}
	for _, o := range d.Opinions {
		add(o.Person)
	}
	for _, c := range d.Letters {
		add(c.Person)
	}
	add(d.Finding.Acknowledgement.Person)
	for _, e := range d.Finding.Extensions {
		add(e.AskedBy)
		add(e.DecidedBy)
	}
	d.People, err = db.Names(ctx, ids)
	return err
}

// readNeighbours finds the findings before and after this one in its round.
func (d *findingData) readNeighbours(ctx context.Context, db store.Reader) error {
	here := store.Cursor{Value: d.Finding.Number, Number: d.Finding.Number}
	for _, back := range []bool{true, false} {
		rows, _, err := db.Findings(ctx, d.Scope, store.Filter{Round: d.Finding.Round}, store.Page{Sort: store.ByNumber, After: here, Backward: back, Limit: 1})
		if err != nil {
			return err
		}
		for _, row := range rows {
			if back {
				d.Prev = row.Number
			} else {
				d.Next = row.Number
			}
		}
	}
	return nil
}

// version is the identity of the version sent last: of the report or, before
// the first one, of the plan; "" where nothing has been sent.
func (d *findingData) version() string { return d.latest().Submission.ID }

// latest is the version sent last, the zero one where nothing has been sent.
func (d *findingData) latest() (last store.SentItem) {
	for _, v := range d.Versions {
		if v.Submission.ID == d.Finding.LastReport || d.Finding.LastReport == "" {
			last = v
		}
	}
	return last
}

// person is the name of somebody, "" for nobody.
func (d *findingData) person(id string) string { return or(d.People[id], id) }
