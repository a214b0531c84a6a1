package web

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"lianshen/internal/blob"
	"lianshen/internal/demo"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest/pg"
	"lianshen/internal/supervise"
)

// cast is who crawls, by the value of the session cookie: one person for each way
// of standing to the organisation DX, whose second report is under review.
var cast = map[string]policy.Actor{
	"clerk":      sampleActor("jiangyifan"),
	"discipline": sampleActor("geqiang"),
	"personnel":  sampleActor("yinli"),
	"team":       sampleActor("youzhigang"), // inspected DX
	"otherteam":  sampleActor("shilijun"),   // did not
	"liaison":    sampleActor("leiming"),
	"head":       sampleActor("linzhiyuan"),
	"foreign":    sampleActor("lixiaomei"), // liaison officer of JT
	"leader":     sampleActor("liangjianhua"),
	"sysadmin":   sampleActor("wuxiaofeng"),
	"secadmin":   sampleActor("fengjing"),
	"auditor":    sampleActor("tianjia"),
}

// speakerOf are the members of the cast who speak for a party on DX.
var speakerOf = map[joint.Party]string{"office": "clerk", "discipline": "discipline", "personnel": "personnel", "team": "team"}

// allParties is the parties in a fixed order.
var allParties = []joint.Party{"office", "discipline", "personnel", "team"}

// blindDoc is the submission that the worlds differ in.
const blindDoc = "8-DX-report-2"

func sampleActor(username string) policy.Actor {
	for _, u := range demo.Users() {
		if u.Username == username {
			return policy.Actor{
				Person: u.Username, Name: u.Name, Post: u.Username + "-1",
				Role: u.Role, Body: u.Body, Organisation: u.Organisation,
			}
		}
	}
	panic("nobody is called " + username)
}

// A world is the site on a database of its own.
type world struct {
	t testing.TB
	*Server
	handler http.Handler
	tokens  map[string]string // of the API
}

// An origin is the sample round, DX's second report sent, to be copied for each
// world.
type origin struct {
	url    func(testing.TB) string // of a fresh copy
	tokens map[string]string       // of the API, by name of the cast
}

// fill acts the sample round in an empty database and closes it.
func (o origin) fill(ctx context.Context, url string) error {
	clk := demo.NewClock()
	db, err := store.Open(ctx, url, clk.Now)
	if err != nil {
		return err
	}
	s := supervise.New(db, demo.Zone)
	if err := demo.Load(ctx, s, clk); err != nil {
		return err
	}
	if err := sendSecondReport(ctx, s); err != nil {
		return err
	}
	if err := o.makeTokens(ctx, s); err != nil {
		return err
	}
	return db.Close()
}

// sendSecondReport brings DX's second report, which the sample leaves with its
// head, to the parties. Nothing in it is as it was, so that each party has
// everything to say again.
func sendSecondReport(ctx context.Context, s *supervise.Service) error {
	err := s.DB.Write(ctx, func(tx *store.Tx) error {
		findings, err := tx.OpenFindings(ctx, demo.Round, "DX", mechanism.Report, s.Today())
		if err != nil {
			return err
		}
		for i := range findings {
			progress := findings[i].Progress
			progress.Text += "已补充。"
			write := ledger.WriteProgress{Number: findings[i].Number, Progress: progress}
			after, err := s.DoIn(ctx, tx, cast["liaison"], supervise.Order{Act: write, Seen: supervise.Any})
			if err != nil {
				return err
			}
			findings[i] = after.(ledger.Finding)
		}
		pledge := ledger.MakePledge{Submission: blindDoc, Hash: ledger.ContentHash(mechanism.Report, findings)}
		_, err = s.DoIn(ctx, tx, cast["head"], supervise.Order{Act: pledge, Seen: supervise.Any})
		return err
	})
	if err != nil {
		return fmt.Errorf("pledge: %w", err)
	}
	_, err = s.Do(ctx, cast["liaison"], supervise.Order{Act: ledger.Send{Submission: blindDoc}, Seen: supervise.Any})
	return err
}

func sqliteOrigin(t *testing.T) origin {
	path, o := filepath.Join(t.TempDir(), "origin.db"), origin{tokens: map[string]string{}}
	if err := o.fill(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	o.url = func(t testing.TB) string {
		copied := filepath.Join(t.TempDir(), "world.db")
		copyFile(t, path, copied)
		return copied
	}
	return o
}

func postgresOrigin(*testing.T) origin {
	o := origin{tokens: map[string]string{}}
	sample := &pg.Template{Fill: o.fill}
	o.url = sample.URL
	return o
}

func copyFile(t testing.TB, from, to string) {
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func newWorld(t testing.TB, from origin) world {
	clk := demo.NewClock()
	clk.Stand(demo.Day)
	db, err := store.Open(t.Context(), from.url(t), clk.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{
		Supervise: supervise.New(db, demo.Zone), Blobs: blobs, Log: slog.New(slog.DiscardHandler),
		WhoIs: func(_ context.Context, token string) (policy.Actor, error) {
			if who, known := cast[token]; known {
				return who, nil
			}
			return policy.Actor{}, store.ErrNotFound
		},
	})
	return world{t, s, s.Handler(), from.tokens}
}

// act acts through the door as a member of the cast.
func (w world) act(who string, act ledger.Act) {
	w.t.Helper()
	if _, err := w.Supervise.Do(w.t.Context(), cast[who], supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
		w.t.Fatalf("%s does %T: %v", who, act, err)
	}
}

// underReview returns the findings in DX's second report.
func (w world) underReview() []string {
	w.t.Helper()
	s, err := w.Supervise.DB.Read().Submission(w.t.Context(), blindDoc)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(s.Sent.Findings) < 4 {
		w.t.Fatalf("%s holds %v; too few to tell who knows what", blindDoc, s.Sent.Findings)
	}
	return s.Sent.Findings
}

// A mood is how a party speaks: without a word, with a remark that asks for nothing
// (and leaves as many entries in the record as a cross verdict), or finding fault.
type mood int

const (
	silent mood = iota
	mild
	cross
)

// speak gives the party's verdict on a finding, its words marked with who said
// them about what.
func (w world) speak(party joint.Party, finding string, m mood) {
	w.t.Helper()
	words := map[string]string{}
	for _, c := range mechanism.Presets()["weixi"].Criteria(mechanism.Report) {
		words[c.Code] = "pass"
	}
	said := []ledger.Said{{Criterion: "result", Kind: ledger.Remark, Text: marked("text", party, finding), Change: marked("change", party, finding)}}
	judged := ledger.Judged{Words: words, Conclusion: joint.Agree}
	switch m {
	case silent:
		said = nil
	case mild:
	case cross:
		said[0].Kind, words["result"], words["effect"] = ledger.Must, "fail", "basic"
		judged.Conclusion, judged.OnSite, judged.Survey = joint.Return, true, true
	}
	w.act(speakerOf[party], ledger.GiveVerdict{
		Submission: blindDoc, Finding: finding, Party: party, Judged: judged,
		Opinions: said, Rechecks: w.rechecks(party, finding, m != cross),
	})
}

// rechecks says the same of each answered opinion of the party on the finding.
func (w world) rechecks(party joint.Party, finding string, satisfied bool) map[string]bool {
	answered, err := w.Supervise.DB.Read().Opinions(w.t.Context(), policy.ScopeOf(cast[speakerOf[party]]),
		store.VoiceFilter{Finding: finding, Party: party, Stages: []ledger.OpinionStage{ledger.Answered}})
	if err != nil {
		w.t.Fatal(err)
	}
	said := map[string]bool{}
	for _, o := range answered {
		said[o.ID] = satisfied
	}
	return said
}
