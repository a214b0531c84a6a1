package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"lianshen/internal/account"
	"lianshen/internal/blob"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest/pg"
	"lianshen/internal/supervise"
	"lianshen/internal/web"
)

// The 107 opinions of the sample go their whole way through the API, by the tokens
// of the people concerned: raised with the verdicts of four parties on 228
// findings, consolidated, delivered, answered, re-checked. Then the letter of each
// organisation is opened as its people get it.
func TestEveryOpinionThroughTheAPI(t *testing.T) {
	for name, url := range map[string]func() string{
		"sqlite":   func() string { return t.TempDir() + "/demo.db" },
		"postgres": func() string { return pg.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, url())
			for _, o := range organisations {
				c.raise(o)
				c.consolidate(o)
				c.answer(o)
				c.recheck(o)
				c.letter(o)
			}
			c.ended()
		})
	}
}

// client acts through the API for everybody of the sample round.
type client struct {
	t *testing.T
	*sample
	supervise *supervise.Service
	handler   http.Handler
	tokens    map[string]string // by username
	calls     int
	ends      map[ledger.OpinionStage]int
}

// newClient plays the sample round until all first reports are sent.
func newClient(t *testing.T, url string) *client {
	t.Helper()
	clk := NewClock()
	db, err := store.Open(t.Context(), url, clk.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &client{t: t, supervise: supervise.New(db, Zone), tokens: map[string]string{}, ends: map[ledger.OpinionStage]int{}}
	if c.sample, err = readSample(t.Context()); err != nil {
		t.Fatal(err)
	}
	script := newScript(c.sample)
	script.frame()
	script.register()
	script.plans()
	script.reports()
	if err := script.run(t.Context(), c.supervise, clk); err != nil {
		t.Fatal(err)
	}
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c.handler = web.New(web.Config{
		Supervise: c.supervise, Blobs: blobs, Log: slog.New(slog.DiscardHandler),
		WhoIs: func(_ context.Context, username string) (policy.Actor, error) { return whoIs(username) },
	}).Handler()
	return c
}

// whoIs is who sits before the browser whose cookie holds the username.
func whoIs(username string) (policy.Actor, error) {
	for _, u := range users {
		if u.Username == username {
			return u.actor(), nil
		}
	}
	return policy.Actor{}, store.ErrNotFound
}

func (c *client) token(u User) string {
	c.t.Helper()
	if secret, made := c.tokens[u.Username]; made {
		return secret
	}
	root := policy.Actor{Person: "system:test", System: true}
	secret, _, err := c.supervise.MakeToken(c.t.Context(), root, supervise.NewToken{
		Person: u.Username, Post: u.post().ID, Name: "test", Scope: account.ScopeAct,
	})
	if err != nil {
		c.t.Fatalf("token of %s: %v", u.Username, err)
	}
	c.tokens[u.Username] = secret
	return secret
}

type object = map[string]any

// call asks the API as somebody, expects 200 and decodes the answer into v.
func (c *client) call(u User, method, path string, body, v any) {
	c.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, bytes.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token(u))
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	c.calls++
	if w.Code != http.StatusOK {
		c.t.Fatalf("%s %s as %s: %d %s", method, path, u.Username, w.Code, w.Body)
	}
	if v != nil {
		if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
}

func (o inspected) report() string { return ledger.SubmissionID(Round, o.code, mechanism.Report, 1) }

// raise has the four parties judge every finding of the organisation.
func (c *client) raise(o inspected) {
	c.t.Helper()
	for n, row := range (&script{sample: c.sample}).of(o.code) {
		for _, party := range panel {
			who, give := reviewer(o, party, n), pass(mechanism.Report, o.report(), row.Number, party)
			if said, spoke := (&script{sample: c.sample}).on(row.Number, party); spoke {
				who, give = named(last(strings.Fields(said.Reviewer))), said.judge(give)
			}
			c.call(who, "POST", "/verdicts", object{
				"submission": give.Submission, "finding": give.Finding, "party": give.Party, "judged": give.Judged, "opinions": give.Opinions,
			}, nil)
		}
	}
}

// worded is an entry as the office words it: the opinions in full, each with its
// number in the file of the sample, so that the letter can be searched for it.
type worded struct {
	Text    string   `json:"text"`
	Origins []string `json:"origins"`
}

// consolidate has the office word every finding and deliver the letter: what asks
// for nothing is noted, what asks for a visit is set aside, the rest goes into one
// entry for the finding.
func (c *client) consolidate(o inspected) {
	c.t.Helper()
	office := named("江一帆")
	for _, row := range (&script{sample: c.sample}).of(o.code) {
		body := object{"seen": 0, "submission": o.report(), "finding": row.Number, "reason": "合议"}
		conclusion, aside := joint.Agree, map[string]string{}
		var entry worded
		for _, x := range c.opinions[row.Number] {
			switch x.Verdict {
			case "认可":
			case "待现场核实":
				aside[x.ref()] = "列入回访督查"
			default:
				conclusion = joint.Stricter(conclusion, x.judge(pass(mechanism.Report, o.report(), row.Number, parties[x.Party])).Judged.Conclusion)
				entry.Text += x.Text + mark(x)
				entry.Origins = append(entry.Origins, x.ref())
			}
		}
		if entry.Text != "" {
			body["entries"] = []worded{entry}
		}
		body["conclusion"], body["set_aside"] = conclusion, aside
		c.call(office, "POST", "/consolidations", body, nil)
	}
	c.call(office, "POST", "/submissions/"+o.report()+"/deliver", object{"seen": c.version(o), "letter_number": "云巡办函〔2026〕" + o.code + "号"}, nil)
	c.call(of(o.code, ledger.Liaison), "POST", "/submissions/"+o.report()+"/receive", object{"seen": c.version(o)}, nil)
}

// mark is the number of the opinion as entries print it.
func mark(x opinion) string { return "（" + x.ID + "）" }

func (c *client) version(o inspected) int64 {
	c.t.Helper()
	s, err := c.supervise.DB.Read().Submission(c.t.Context(), o.report())
	if err != nil {
		c.t.Fatal(err)
	}
	return s.Version
}

// made is a consolidation as the API shows it.
type made struct {
	Finding string   `json:"finding"`
	Version int64    `json:"version"`
	Entries []worded `json:"entries"`
}

func (c *client) made(who User, o inspected) []made {
	c.t.Helper()
	var page struct{ Items []made }
	c.call(who, "GET", "/consolidations?limit=500&submission="+o.report(), nil, &page)
	return page.Items
}

// answer has the organisation answer each entry.
func (c *client) answer(o inspected) {
	c.t.Helper()
	liaison := of(o.code, ledger.Liaison)
	for _, m := range c.made(liaison, o) {
		for n := range m.Entries {
			c.call(liaison, "POST", "/consolidations/"+o.report()+"/"+m.Finding+"/answers", object{
				"seen": m.Version + int64(n), "entry": n + 1, "response": "adopted", "place": "第二稿该条",
			}, nil)
		}
	}
}

// recheck has each party look at the answers to its opinions.
func (c *client) recheck(o inspected) {
	c.t.Helper()
	for _, party := range panel {
		who := reviewer(o, party, 0)
		for _, x := range c.raised(who, o) {
			if x.Party == party && x.Stage == ledger.Answered {
				c.call(who, "POST", "/opinions/"+x.ID+"/recheck", object{"seen": x.Version, "content": true}, nil)
			}
		}
	}
}

func (c *client) raised(who User, o inspected) []ledger.Opinion {
	c.t.Helper()
	var page struct{ Items []ledger.Opinion }
	c.call(who, "GET", "/opinions?limit=500&submission="+o.report(), nil, &page)
	return page.Items
}

// letter opens the letter as the organisation gets it, on screen and as a file:
// every opinion that was delivered stands in it once, no other does, and each leads
// back from its entry to what the party raised.
func (c *client) letter(o inspected) {
	c.t.Helper()
	office := named("江一帆")
	inEntry := map[string]int{}
	for _, m := range c.made(office, o) {
		for _, e := range m.Entries {
			for _, id := range e.Origins {
				inEntry[id]++
			}
		}
	}
	letters := map[string]string{
		"the page": c.page(o, "letter"),
		"the file": docxText(c.t, c.page(o, "letter.docx")),
	}
	for _, x := range c.raised(office, o) {
		c.ends[x.Stage]++
		source := c.source(x)
		want := 0
		if x.Entry > 0 {
			want = 1
		}
		if inEntry[x.ID] != want || x.Said.Text != source.Text {
			c.t.Errorf("%s (%s): in %d entries, want %d; it says %q", source.ID, x.Stage, inEntry[x.ID], want, x.Said.Text)
		}
		for where, text := range letters {
			if n := strings.Count(text, mark(source)); n != want {
				c.t.Errorf("%s (%s) stands %d times in %s of %s, want %d", source.ID, x.Stage, n, where, o.code, want)
			}
		}
	}
}

// source is the opinion of the sample file that this one was.
func (c *client) source(x ledger.Opinion) opinion {
	c.t.Helper()
	i := slices.IndexFunc(c.opinions[x.Finding], func(s opinion) bool { return s.ref() == x.ID })
	if i < 0 {
		c.t.Fatalf("%s is not in the sample", x.ID)
	}
	return c.opinions[x.Finding][i]
}

// page is what the liaison officer of the organisation is shown.
func (c *client) page(o inspected, name string) string {
	c.t.Helper()
	r := httptest.NewRequest("GET", "/submissions/"+o.report()+"/"+name, nil)
	r.AddCookie(&http.Cookie{Name: "lianshen_session", Value: of(o.code, ledger.Liaison).Username})
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		c.t.Fatalf("%s of %s: %d %s", name, o.code, w.Code, w.Body)
	}
	return w.Body.String()
}

var runs = regexp.MustCompile(`<w:t[^>]*>([^<]*)</w:t>`)

// docxText is the text of a Word document.
func docxText(t *testing.T, file string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	xml, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, m := range runs.FindAllStringSubmatch(string(xml), -1) {
		b.WriteString(m[1])
	}
	return b.String()
}

// ended sees that all opinions of the sample are there, that none is left open, and
// that the record holds.
func (c *client) ended() {
	c.t.Helper()
	want := map[ledger.OpinionStage]int{ledger.Resolved: 90, ledger.SetAside: 3, ledger.Noted: 14}
	if fmt.Sprint(c.ends) != fmt.Sprint(want) {
		c.t.Errorf("the opinions ended as %v, want %v", c.ends, want)
	}
	if v, err := c.supervise.Verify(c.t.Context()); err != nil || v.Fault != nil {
		c.t.Errorf("verify: %+v, %v", v.Fault, err)
	}
	c.t.Logf("opinions through the API: %d raised in %d calls, ended as %v", len(c.byID), c.calls, c.ends)
}
