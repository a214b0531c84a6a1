package supervise_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
)

// The people of TestLinear: what each of them does over and over, knowing what a
// person at a page knows, which may be out of date.

// A worker is one of the people at work.
type worker struct {
	*crowd
	id   int
	who  policy.Actor
	r    *rand.Rand
	work func(*worker)
}

// people returns the 64: several who speak for each party, several at every desk.
func (c *crowd) people(seed uint64) []*worker {
	var all []*worker
	add := func(n int, who policy.Actor, work func(*worker)) {
		for i := range n {
			who.Person = fmt.Sprintf("%s%s-%d", who.Role, who.Body, i+1)
			all = append(all, &worker{c, len(all), who, rand.New(rand.NewPCG(seed, uint64(len(all)))), work})
		}
	}
	office := policy.Actor{Role: ledger.Clerk, Body: "office"}
	add(7, office, (*worker).vote)
	for _, body := range []string{"discipline", "personnel", "team-1"} {
		add(7, policy.Actor{Role: ledger.Reviewer, Body: body}, (*worker).vote)
	}
	add(5, office, (*worker).consolidate)
	add(3, office, (*worker).deliver)
	add(2, office, (*worker).takeBack)
	add(3, office, (*worker).close)
	add(2, office, (*worker).recuse)
	add(3, office, (*worker).reopen)
	jt := policy.Actor{Role: ledger.Liaison, Organisation: "JT"}
	add(6, jt, (*worker).answer)
	add(3, jt, (*worker).write)
	add(3, jt, (*worker).resubmit)
	add(2, policy.Actor{Role: ledger.Head, Organisation: "JT"}, (*worker).pledge)
	add(4, policy.Actor{Role: ledger.Leader}, (*worker).look)
	return all
}

func (w *worker) finding() string { return w.findings[w.r.IntN(len(w.findings))] }

// version is the number the worker believes to be the newest; now and then an old one.
func (w *worker) version() int {
	n := w.board.of(w.findings[0]).Report
	if w.r.IntN(20) == 0 {
		n = max(1, n-1)
	}
	return n
}

func reportID(n int) string { return ledger.SubmissionID(8, "JT", mechanism.Report, n) }

// vote gives the verdict of the worker's party. Now and then the answer gets lost
// and a colleague's browser sends the same again under the same key.
func (w *worker) vote() {
	party := w.id / 7
	n, finding, c := w.version(), w.finding(), joint.Agree
	if w.r.IntN(3) == 0 {
		c = joint.Return
	}
	act := verdict(reportID(n), finding, parties[party], c)
	act.Rechecks = map[string]bool{}
	for earlier := max(1, n-3); earlier < n; earlier++ {
		for spent := range 9 {
			act.Rechecks[opinionID(earlier, finding, parties[party], spent)] = true
		}
	}
	key := ""
	if w.r.IntN(4) == 0 {
		key = "key-" + strconv.FormatUint(w.r.Uint64(), 36)
	}
	x := call{Op: "vote", Finding: finding, Report: n, Party: party, Person: w.who.Person, Conclusion: c, Key: key}
	x.Seen = w.board.of(finding).SaidVer[party]
	if !w.sensible(x) {
		return
	}
	times := 1
	if key != "" {
		times = 2
	}
	done := make(chan struct{})
	for i := range times {
		go func() {
			defer func() { done <- struct{}{} }()
			w.act(w.id+i*1000, x, supervise.Order{Act: act, Key: key, Seen: x.Seen})
		}()
	}
	for range times {
		<-done
	}
}

// opinionID is the identity of the one opinion of a verdict; as many numbers as
// were taken back are spent.
func opinionID(report int, finding string, party joint.Party, spent int) string {
	return fmt.Sprintf("%s:%d", ledger.VerdictID(reportID(report), finding, party), spent+1)
}

// takeBack takes back the verdict of a colleague.
func (w *worker) takeBack() {
	party, finding := w.r.IntN(len(parties)), w.finding()
	s := w.board.of(finding)
	who := policy.Actor{Person: "back-" + strconv.Itoa(w.id), Role: ledger.Reviewer, Body: string(parties[party])}
	if parties[party] == mechanism.TeamParty {
		who.Body = "team-1"
	}
	if w.r.IntN(4) > 0 {
		w.pause()
		return
	}
	x := call{Op: "take back", Finding: finding, Report: s.Report, Party: party, Person: who.Person, Seen: s.SaidVer[party]}
	if w.sensible(x) {
		as := *w
		as.who = who
		as.act(w.id, x, supervise.Order{Act: ledger.TakeBack{Submission: reportID(s.Report), Finding: finding, Party: parties[party], Reason: "看错了"}, Seen: x.Seen})
	}
}

// consolidate words what the board shows. The first finding is always returned, so
// that the report goes round again.
func (w *worker) consolidate() {
	finding := w.finding()
	s := w.board.of(finding)
	if s.MadeVer > 0 && w.r.IntN(5) > 0 {
		w.pause() // once is mostly enough
		return
	}
	act := ledger.Consolidate{
		Submission: reportID(s.Report), Finding: finding, Conclusion: joint.Agree, Reason: "合议", SetAside: map[string]string{},
	}
	if finding == w.findings[0] || w.r.IntN(3) == 0 {
		act.Conclusion = joint.Return
		act.Entries = []ledger.Entry{{Text: "请补充数据。"}}
	}
	c := call{Op: "consolidate", Finding: finding, Report: s.Report, Person: w.who.Person, Conclusion: act.Conclusion, Seen: s.MadeVer}
	for i, p := range parties {
		if c.Origins[i] = s.objects(i); !c.Origins[i] {
			continue
		}
		id := opinionID(s.Report, finding, p, s.Spent[i])
		if act.Conclusion == joint.Agree {
			act.SetAside[id] = "已在现场核实"
		} else {
			act.Entries[0].Origins = append(act.Entries[0].Origins, id)
		}
	}
	w.try(c, supervise.Order{Act: act, Seen: c.Seen})
}

// try does what seems sensible.
func (w *worker) try(x call, o supervise.Order) {
	if w.sensible(x) {
		w.act(w.id, x, o)
	}
}

// absent reports, and forgives, that something is not there yet.
func absent(err *error) bool {
	if errors.Is(*err, store.ErrNotFound) {
		*err = nil
		return true
	}
	return false
}

func (w *worker) deliver() {
	n := w.version()
	w.try(call{Op: "deliver", Report: n, Person: w.who.Person},
		anyway(ledger.Deliver{Submission: reportID(n), LetterNumber: fmt.Sprintf("云巡办函〔2026〕%d号", n)}))
}

func anyway(act ledger.Act) supervise.Order { return supervise.Order{Act: act, Seen: supervise.Any} }

func (w *worker) close() {
	finding := w.finding()
	w.try(call{Op: "close", Finding: finding, Person: w.who.Person}, anyway(ledger.Close{Number: finding}))
}

func (w *worker) reopen() {
	if w.r.IntN(4) > 0 {
		w.pause() // or hardly anything would stay closed long enough to be closed twice
		return
	}
	finding := w.finding()
	w.try(call{Op: "reopen", Finding: finding, Person: w.who.Person}, anyway(ledger.Reopen{Number: finding, Reason: "问题反弹"}))
}

// recuse has the office keep somebody away from the review, or lets them in again.
func (w *worker) recuse() {
	if w.r.IntN(4) > 0 {
		w.pause()
		return
	}
	party := w.r.IntN(len(parties))
	x := call{Op: "recuse", Party: party, Person: w.who.Person}
	var act ledger.Act = ledger.Recuse{Round: 8, Organisation: "JT", Person: recusable(party), Ground: ledger.Interest, Reason: "回避"}
	if w.r.IntN(3) > 0 {
		x.Op, act = "lift", ledger.LiftRecusal{Round: 8, Organisation: "JT", Person: recusable(party), Reason: "情形消失"}
	}
	by := *w
	by.who.Person = "convener" // nobody lifts their own
	if w.sensible(x) {
		by.act(w.id, x, anyway(act))
	}
}

func (w *worker) answer() {
	n, finding := w.version(), w.finding()
	w.try(call{Op: "answer", Finding: finding, Report: n, Person: w.who.Person},
		anyway(ledger.AnswerEntry{Submission: reportID(n), Finding: finding, Entry: 1, Response: ledger.Adopted, Place: "第二部分"}))
}

// write gives a finding that was sent back another text, once per version.
func (w *worker) write() {
	finding := w.finding()
	text := fmt.Sprintf("第%d稿后：检查31家，责令整改19家。", w.version())
	c := call{Op: "write", Finding: finding, Person: w.who.Person, Text: text}
	if !w.sensible(c) || w.board.wrote(finding, text) || w.r.IntN(3) == 0 {
		return // a text that is not written comes back as it was
	}
	w.act(w.id, c,
		anyway(ledger.WriteProgress{Number: finding, Progress: ledger.Progress{Text: text, Claim: ledger.Done}}))
}

// resubmit prepares the next version, or sends the newest.
func (w *worker) resubmit() {
	n := w.version()
	if w.r.IntN(2) == 0 {
		w.try(call{Op: "send", Report: n, Person: w.who.Person}, anyway(ledger.Send{Submission: reportID(n)}))
		return
	}
	w.try(call{Op: "prepare", Report: n + 1, Person: w.who.Person},
		supervise.Order{Act: ledger.Prepare{Round: 8, Organisation: "JT", Doc: mechanism.Report, Number: n + 1}})
}

// pledge reads what is to be pledged and pledges that.
func (w *worker) pledge() {
	n := w.version()
	c := call{Op: "pledge", Report: n, Person: w.who.Person}
	if !w.sensible(c) {
		return
	}
	var open []ledger.Finding
	for _, number := range w.findings {
		f, err := w.DB.Read().Load(w.ctx, ledger.FindingRef(number))
		if err != nil {
			w.fault("read before pledging", err)
			return
		}
		if f := f.(ledger.Finding); f.Open(mechanism.Report, w.Today()) {
			open = append(open, f)
		}
	}
	w.act(w.id, c,
		anyway(ledger.MakePledge{Submission: reportID(n), Hash: ledger.ContentHash(mechanism.Report, open)}))
}

// look reads everything about one finding at one moment.
func (w *worker) look() {
	c := &call{Op: "look", Finding: w.finding(), OK: true}
	began := w.tick.Add(1)
	var sight caseState
	err := w.DB.Snapshot(w.ctx, func(r store.Reader) (err error) {
		sight, err = seen(w.ctx, r, c.Finding)
		return err
	})
	w.fault("look", err)
	if err == nil {
		c.Sight = sight
		w.record(w.id, began, c)
		w.board.put(c.Finding, sight)
	}
	time.Sleep(10 * time.Millisecond) // a look costs less than an act; this is about acts
}

func seen(ctx context.Context, r store.Reader, finding string) (s caseState, err error) {
	f, err := r.Load(ctx, ledger.FindingRef(finding))
	if err != nil {
		return s, err
	}
	paper, err := r.LatestSubmission(ctx, 8, "JT", mechanism.Report)
	if err != nil {
		return s, err
	}
	s = caseState{
		Report: paper.Number, Paper: string(paper.Stage), In: paper.Has(finding), Stage: f.(ledger.Finding).Stage,
		PaperVer: paper.Version, FindingVer: f.Ver(),
	}
	for i, p := range parties {
		v, err := r.Verdict(ctx, ledger.VerdictID(paper.ID, finding, p))
		if s.SaidVer[i], s.Spent[i] = v.Version, v.Spent; v.Standing() {
			s.Said[i] = v.Person + ":" + string(v.Judged.Conclusion)
		}
		if !absent(&err) && err != nil {
			return s, err
		}
	}
	made, err := r.Consolidation(ctx, paper.ID, finding)
	if !absent(&err) && err == nil {
		s.Made, s.MadeVer = made.Conclusion, made.Version
		s.Answered = len(made.Entries) > 0 && made.Entries[0].Answer.Response != ""
	}
	return s, err
}

// A board shows what people have heard: like pages left open, it is mostly right.
type board struct {
	mu    sync.Mutex
	cases map[string]caseState
	texts map[string]string
}

func (b *board) of(finding string) caseState {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cases[finding]
}

func (b *board) put(finding string, s caseState) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s.hidden = b.cases[finding].hidden
	b.cases[finding] = s
}

// wrote reports whether the finding got that text before, and that it now does.
func (b *board) wrote(finding, text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	before := b.texts[finding]
	b.texts[finding] = text
	return before == text
}

// expects reports whether the call, as the board shows the cases, would be done.
func (b *board) expects(x call) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	x.OK = true
	for finding, s := range b.cases {
		if x.Finding != "" && x.Finding != finding {
			continue
		}
		y := x
		y.Finding = finding
		if may, _ := s.step(&y); !may && x.Op != "send" {
			return false
		}
	}
	return true
}

// hear notes a call that was done.
func (b *board) hear(x call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for finding, s := range b.cases {
		if x.Finding == "" || x.Finding == finding {
			y := x
			y.Finding = finding
			_, b.cases[finding] = s.step(&y)
		}
	}
}

// sensible reports whether the worker tries the call: one that looks pointless is
// mostly left, but not always, for the page may be wrong.
func (w *worker) sensible(x call) bool {
	if w.board.expects(x) || w.r.IntN(8) == 0 {
		return true
	}
	w.pause()
	return false
}

func (w *worker) pause() { time.Sleep(time.Duration(w.r.IntN(4)) * time.Millisecond) }
