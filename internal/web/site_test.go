package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/blob"
	"lianshen/internal/clock"
	"lianshen/internal/extract"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
	"lianshen/internal/upload"
	"lianshen/internal/workday"
)

// Actors of the test site, by the value of their session cookie.
var actors = map[string]policy.Actor{
	"clerk":      {Person: "zhou", Name: "周明丽", Role: ledger.Clerk, Body: "office"},
	"discipline": {Person: "ge", Name: "葛强", Role: ledger.Reviewer, Body: "discipline"},
	"personnel":  {Person: "yin", Name: "尹丽", Role: ledger.Reviewer, Body: "personnel"},
	"team":       {Person: "you", Name: "尤志刚", Role: ledger.Reviewer, Body: "team-1"},
	"liaison":    {Person: "he", Name: "和志强", Role: ledger.Liaison, Organisation: "JT"},
	"head":       {Person: "li", Name: "李国栋", Role: ledger.Head, Organisation: "JT"},
	"stranger":   {Person: "yu", Name: "余春梅", Role: ledger.Liaison, Organisation: "WJ"},
	"leader":     {Person: "yang", Name: "杨志宏", Role: ledger.Leader},
	"sysadmin":   {Person: "adm", Name: "管理员", Role: ledger.SysAdmin},
	"secadmin":   {Person: "sec", Name: "安全员", Role: ledger.SecAdmin},
	"auditor":    {Person: "aud", Name: "审计员", Role: ledger.Auditor},
}

// testSite is the whole site on a fresh SQLite database, without a network.
type testSite struct {
	t testing.TB
	*Server
	handler http.Handler
}

// oneExtractor is shared: its engine takes long to compile.
var oneExtractor = &extract.Extractor{}

func newSite(t testing.TB) testSite { return newSiteOn(t, storetest.SQLite(t)) }

// newSiteOn is the site on the given database.
func newSiteOn(t testing.TB, db *store.DB) testSite {
	blobs, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	uploads, err := upload.Open(t.TempDir(), clock.Real)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{
		Supervise: supervise.New(db, storetest.Zone),
		Blobs:     blobs,
		Extract:   oneExtractor,
		Uploads:   uploads,
		Log:       slog.New(slog.DiscardHandler),
		WhoIs: func(_ context.Context, token string) (policy.Actor, error) {
			who, known := actors[token]
			if !known {
				return who, store.ErrNotFound
			}
			return who, nil
		},
	})
	return testSite{t, s, s.Handler()}
}

// do acts through the door, as the person with the cookie value.
func (s testSite) do(who string, act ledger.Act) ledger.State {
	s.t.Helper()
	state, err := s.Supervise.Do(context.Background(), actors[who], supervise.Order{Act: act, Seen: supervise.Any})
	if err != nil {
		s.t.Fatalf("%s does %T: %v", who, act, err)
	}
	return state
}

// staff enters the people of the panel, so that every seat has somebody who may
// speak: actors names them, here they exist.
func (s testSite) staff() {
	s.t.Helper()
	for _, name := range []string{"clerk", "discipline", "personnel", "team"} {
		a := actors[name]
		s.console(ledger.AddPerson{ID: a.Person, Username: a.Person, Name: a.Name})
		s.console(ledger.Appoint{Person: a.Person, Post: ledger.Post{ID: a.Person + "-1", Role: a.Role, Body: a.Body, Since: day("2024-01-01")}})
	}
}

// console acts as whoever sets the site up.
func (s testSite) console(act ledger.Act) {
	s.t.Helper()
	if _, err := s.Supervise.Do(context.Background(), supervise.Console, supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
		s.t.Fatalf("console: %T: %v", act, err)
	}
}

// round opens round 8 with two organisations, JT and WJ, and n findings of JT.
func (s testSite) round(n int) {
	s.t.Helper()
	s.roundUnder("weixi", n)
}

func (s testSite) roundUnder(mechanism string, n int) {
	s.t.Helper()
	feedback := day("2025-11-20")
	for _, o := range []struct{ code, full, short string }{
		{"JT", "中共云溪县教育体育局党组", "县教育体育局"}, {"WJ", "中共云溪县卫生健康局党组", "县卫生健康局"},
	} {
		s.do("clerk", ledger.AddOrganisation{Code: o.code, Name: ledger.Name{Full: o.full, Short: o.short, Since: feedback}})
	}
	s.bodies()
	s.staff()
	s.do("clerk", ledger.OpenRound{
		Number: 8, Mechanism: mechanism,
		Terms:         ledger.RoundTerms{Name: "第八轮巡察", Source: "县委巡察", FeedbackOn: feedback, RectifyUntil: day("2026-02-20")},
		Organisations: []ledger.Inspected{{Organisation: "JT", Team: "team-1"}, {Organisation: "WJ", Team: "team-2"}},
	})
	for i := 1; i <= n; i++ {
		s.do("clerk", ledger.Register{
			Number: ledger.FindingNumber(8, "JT", i), Organisation: "JT", Round: 8,
			Feedback: ledger.Feedback{Text: "落实“双减”政策不够有力，校外培训机构监管存在盲区。", Manifestations: []string{"仅开展联合检查3次。"}},
			Class:    ledger.Class{Category: "决策部署", Aspect: "教育方针", Kind: ledger.Dated, Deadline: day("2026-03-31")},
		})
	}
}

// bodies enters those that hold the seats of the usual mechanism.
func (s testSite) bodies() {
	s.t.Helper()
	for _, b := range []ledger.AddBody{
		{Code: "office", Name: "县委巡察办"},
		{Code: "discipline", Name: "县纪委监委"},
		{Code: "personnel", Name: "县委组织部"},
		{Code: "team-1", Name: "县委第一巡察组", Team: true},
		{Code: "team-2", Name: "县委第二巡察组", Team: true},
	} {
		s.do("clerk", b)
	}
}

func day(s string) workday.Date {
	d, err := workday.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// get asks for a page as somebody; "" is nobody.
func (s testSite) get(who, path string) *httptest.ResponseRecorder {
	return s.ask(who, httptest.NewRequest("GET", path, nil))
}

// post sends a form as somebody.
func (s testSite) post(who, path string, fields url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return s.ask(who, r)
}

func (s testSite) ask(who string, r *http.Request) *httptest.ResponseRecorder {
	if who != "" {
		r.AddCookie(&http.Cookie{Name: sessionCookie, Value: who})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}
