package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lianshen/internal/account"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/supervise"
)

// apiSite is a site whose people have real tokens, for the API knows no cookies.
type apiSite struct {
	testSite
	tokens map[string]string // by key of actors
}

func newAPISite(t *testing.T, findings int) apiSite {
	s := apiSite{newSite(t), map[string]string{}}
	s.round(findings)
	for _, who := range actors {
		s.body(who.Body)
	}
	for key, who := range actors {
		s.tokens[key] = s.token(key, who, account.ScopeAct)
	}
	s.tokens["reading clerk"] = s.token("clerk", actors["clerk"], account.ScopeRead)
	return s
}

// body enters a body that is not there yet, so that people can be appointed to it.
func (s apiSite) body(code string) {
	s.t.Helper()
	if _, err := s.Supervise.DB.Read().Body(context.Background(), code); code != "" && err != nil {
		s.do("clerk", ledger.AddBody{Code: code, Name: code, Team: ledger.IsTeam(code)})
	}
}

// token enters the person, once, and makes a token for the post.
func (s apiSite) token(key string, who policy.Actor, scope account.Scope) string {
	s.t.Helper()
	ctx := context.Background()
	root := policy.Actor{Person: "system:test", System: true}
	if _, err := s.Supervise.DB.Read().Person(ctx, who.Person); err != nil {
		for _, act := range []ledger.Act{
			ledger.AddPerson{ID: who.Person, Username: strings.ReplaceAll("u-"+key, " ", ""), Name: "某人"},
			ledger.Appoint{Person: who.Person, Post: ledger.Post{
				ID: who.Person + "-1", Role: who.Role, Body: who.Body, Organisation: who.Organisation, Since: day("2024-01-01"),
			}},
		} {
			if _, err := s.Supervise.Do(ctx, root, supervise.Order{Act: act, Seen: supervise.Any}); err != nil {
				s.t.Fatalf("%s: %T: %v", key, act, err)
			}
		}
	}
	secret, _, err := s.Supervise.MakeToken(ctx, root, supervise.NewToken{
		Person: who.Person, Post: who.Person + "-1", Name: "test", Scope: scope,
	})
	if err != nil {
		s.t.Fatalf("%s: %v", key, err)
	}
	return secret
}

// call asks the API as somebody and decodes the answer into v, if v is not nil.
func (s apiSite) call(who, method, path string, body, v any, header ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	var text bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&text).Encode(body); err != nil {
			s.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, apiPrefix+path, &text)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Language", "en")
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+s.tokens[who])
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if v != nil {
		if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
			s.t.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
		}
	}
	return w
}

// must is call that expects 200.
func (s apiSite) must(who, method, path string, body, v any, header ...string) {
	s.t.Helper()
	if w := s.call(who, method, path, body, v, header...); w.Code != http.StatusOK {
		s.t.Fatalf("%s %s as %s: %d %s", method, path, who, w.Code, w.Body)
	}
}

// fails is call that expects a problem with the status and the code.
func (s apiSite) fails(status int, code, who, method, path string, body any) problem {
	s.t.Helper()
	var p problem
	w := s.call(who, method, path, body, &p)
	if w.Code != status || p.Status != status || p.Code != code || p.Detail == "" || strings.Contains(p.Detail, "⟦") {
		s.t.Errorf("%s %s as %s: %d %s; want %d %s", method, path, who, w.Code, w.Body, status, code)
	}
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		s.t.Errorf("%s %s: content type %q", method, path, ct)
	}
	return p
}

type object = map[string]any

type list[T any] struct {
	Items []T
	Next  string
}

func TestAPIAsksForAToken(t *testing.T) {
	s := newAPISite(t, 1)
	if p := s.fails(401, "error.401", "", "GET", "/rounds", nil); p.Request == "" {
		t.Error("no request id")
	}
	s.tokens["forged"] = "lsa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	s.fails(401, "error.401", "forged", "GET", "/rounds", nil)
	s.fails(403, "error.403", "auditor", "GET", "/findings", nil)
	s.fails(404, "error.404", "clerk", "GET", "/nothing", nil)
	s.fails(404, "error.404", "clerk", "GET", "/findings/08-XX-001", nil)
	s.fails(422, "api.invalid", "clerk", "GET", "/findings?stagge=closed", nil)
	r := httptest.NewRequest("GET", apiPrefix+"/rounds", nil)
	if w := s.ask("clerk", r); w.Code != http.StatusUnauthorized {
		t.Errorf("a cookie instead of a token: %d, want 401", w.Code)
	}
}

func TestAPIListsPageByPage(t *testing.T) {
	s := newAPISite(t, 7)
	var got []string
	for after := ""; ; {
		var page list[apiRow]
		s.must("clerk", "GET", "/findings?round=8&stage=registered&limit=3&after="+after, nil, &page)
		for _, f := range page.Items {
			got = append(got, f.Number)
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(got) != 7 || got[0] != "08-JT-001" || got[6] != "08-JT-007" {
		t.Errorf("findings %v", got)
	}
	var none list[apiRow]
	s.must("stranger", "GET", "/findings", nil, &none)
	if len(none.Items) != 0 {
		t.Errorf("another organisation sees %v", none.Items)
	}
	s.fails(404, "error.404", "stranger", "GET", "/findings/08-JT-001", nil)
	var found list[apiRow]
	s.must("clerk", "GET", "/findings?q=校外培训", nil, &found)
	if len(found.Items) != 7 {
		t.Errorf("search finds %d", len(found.Items))
	}
	var rates []apiFigure
	s.must("clerk", "GET", "/rounds/8/rates", nil, &rates)
	if len(rates) != 4 || rates[0].Denominator != 7 || rates[0].Numerator != 0 || !strings.Contains(rates[0].Definition, "÷") {
		t.Errorf("rates %+v", rates)
	}
	var round apiRound
	s.must("liaison", "GET", "/rounds/8", nil, &round)
	if len(round.Parties) != 4 || len(round.Words) == 0 || len(round.Organisations) != 2 {
		t.Errorf("round %+v", round)
	}
}

func TestAPIConflictShowsTheRecordAsItIs(t *testing.T) {
	s := newAPISite(t, 1)
	plan := func(seen int, cause string) object {
		return object{"seen": seen, "plan": object{"cause": cause}}
	}
	s.must("liaison", "POST", "/findings/08-JT-001/plan", plan(1, "监管不严"), nil)
	p := s.fails(409, "error.409", "liaison", "POST", "/findings/08-JT-001/plan", plan(1, "另一个原因"))
	current, _ := json.Marshal(p.Current)
	if !strings.Contains(string(current), "监管不严") || !strings.Contains(string(current), `"version":2`) {
		t.Errorf("current = %s", current)
	}
	s.fails(403, "error.403", "clerk", "POST", "/findings/08-JT-001/plan", plan(2, "x"))
	s.fails(404, "error.404", "stranger", "POST", "/findings/08-JT-001/plan", plan(2, "x"))
	s.fails(403, "error.403", "reading clerk", "POST", "/findings/08-JT-001/assign", object{"seen": 2, "watch": object{"body": "office"}})
	s.fails(422, "assign.body_missing", "clerk", "POST", "/findings/08-JT-001/assign", object{"seen": 2, "watch": object{}})
	s.fails(422, "api.invalid", "clerk", "POST", "/findings/08-JT-001/assign", object{"watch": object{}})
	invalid := s.fails(422, "api.invalid", "clerk", "POST", "/findings/08-JT-001/assign", object{"seen": "two", "watch": object{}})
	if len(invalid.Errors) != 1 || invalid.Errors[0].Location != "body.seen" {
		t.Errorf("errors %+v", invalid.Errors)
	}
	s.fails(400, "error.400", "clerk", "POST", "/findings/08-JT-001/assign", nil)
}

func TestAPIRepeatedActIsDoneOnce(t *testing.T) {
	s := newAPISite(t, 1)
	body := object{"seen": 1, "plan": object{"cause": "监管不严"}}
	for range 3 {
		var f ledger.Finding
		s.must("liaison", "POST", "/findings/08-JT-001/plan", body, &f, "Idempotency-Key", "k1")
		if f.Version != 2 {
			t.Errorf("version %d, want 2", f.Version)
		}
	}
	// Somebody else's key of the same text is another key.
	s.must("clerk", "POST", "/findings/08-JT-001/assign", object{"seen": 2, "watch": object{"body": "office", "person": "周明丽"}}, nil, "Idempotency-Key", "k1")
}

// The loop through the API alone, with what each may read on the way.
func TestAPIWalksTheLoop(t *testing.T) {
	s := newAPISite(t, 1)
	const finding, report = "/findings/08-JT-001", "8-JT-report-1"
	s.must("liaison", "POST", finding+"/plan", object{"seen": 1, "plan": object{
		"leader": "陈国平", "section": "基础教育股", "measures": []object{{"text": "逐家检查", "deadline": "2026-01-15"}},
	}}, nil)
	s.must("liaison", "POST", finding+"/progress", object{"seen": 2, "progress": object{"text": "检查31家，关停2家。", "claim": "done"}}, nil)
	s.must("liaison", "POST", "/submissions", object{"round": 8, "organisation": "JT", "doc": "report", "number": 1}, nil)
	s.fails(404, "error.404", "discipline", "GET", "/submissions/"+report, nil)
	var paper apiPaper
	s.must("head", "GET", "/submissions/"+report, nil, &paper)
	s.must("head", "POST", "/submissions/"+report+"/pledge", object{"seen": 1, "hash": paper.Hash}, nil)
	s.must("liaison", "POST", "/submissions/"+report+"/send", object{"seen": 2}, nil)
	s.must("discipline", "GET", "/submissions/"+report, nil, &paper)
	if len(paper.Items) != 1 || paper.Items[0].Progress.Text == "" {
		t.Errorf("what was sent: %+v", paper.Items)
	}

	s.reviewAll(report)
	merged := object{
		"seen": 0, "submission": report, "finding": "08-JT-001", "conclusion": "return", "reason": "三方要求补充",
		"entries": []object{{"text": "请补充数据。", "origins": []string{
			report + ":08-JT-001:discipline:1", report + ":08-JT-001:team:1", report + ":08-JT-001:office:1",
		}}},
	}
	s.must("clerk", "POST", "/consolidations", merged, nil)
	answers := "/consolidations/" + report + "/08-JT-001/answers"
	answer := object{"seen": 1, "entry": 1, "response": "adopted", "place": "第二部分"}
	s.fails(422, "letter.not_delivered", "liaison", "POST", answers, answer)
	early := s.fails(409, "error.409", "liaison", "POST", answers, object{"seen": 9, "entry": 1, "response": "adopted", "place": "x"})
	if early.Current != nil {
		t.Errorf("the letter was read before it was delivered: %v", early.Current)
	}
	s.must("clerk", "POST", "/submissions/"+report+"/deliver", object{"seen": 3, "letter_number": "云巡办函〔2026〕8号"}, nil)
	var shown apiConsolidation
	s.must("liaison", "POST", answers, answer, &shown)
	if shown.Entries[0].Answer.Place != "第二部分" || shown.Entries[0].Origins != nil || shown.Reason != "" {
		t.Errorf("the organisation sees %+v", shown)
	}
	s.must("discipline", "POST", "/opinions/"+report+":08-JT-001:discipline:1/recheck", object{"seen": 4, "content": true}, nil)
	if v, err := s.Supervise.Verify(t.Context()); err != nil || v.Fault != nil {
		t.Errorf("verify: %+v, %v", v.Fault, err)
	}
}

// reviewAll lets each party speak, and looks before whether it can hear the others.
func (s apiSite) reviewAll(submission string) {
	s.t.Helper()
	var round apiRound
	s.must("clerk", "GET", "/rounds/8", nil, &round)
	words := object{}
	for _, c := range round.Criteria {
		if c.Doc == "report" {
			words[c.Code] = round.Words[0]
		}
	}
	for i, x := range []struct{ who, party, conclusion string }{
		{"discipline", "discipline", "return"}, {"team", "team", "return"}, {"clerk", "office", "return"}, {"personnel", "personnel", "agree"},
	} {
		if n := s.heard(x.who); n != 0 {
			s.t.Errorf("%s hears %d verdicts and opinions before speaking", x.who, n)
		}
		give := object{
			"submission": submission, "finding": "08-JT-001", "party": x.party,
			"judged": object{"words": words, "conclusion": x.conclusion},
		}
		if x.conclusion != "agree" {
			give["opinions"] = []object{{"criterion": "", "kind": "must", "text": "请补充数据", "change": "补充"}}
		}
		s.must(x.who, "POST", "/verdicts", give, nil)
		if n := s.heard(x.who); n < i+1 {
			s.t.Errorf("%s hears %d after speaking, want at least %d", x.who, n, i+1)
		}
		if n := s.heard("liaison"); n != 0 {
			s.t.Errorf("the organisation hears %d", n)
		}
	}
}

// heard counts the verdicts and opinions that somebody gets from the API.
func (s apiSite) heard(who string) int {
	s.t.Helper()
	var verdicts, opinions list[object]
	s.must(who, "GET", "/verdicts?finding=08-JT-001", nil, &verdicts)
	s.must(who, "GET", "/opinions?round=8", nil, &opinions)
	return len(verdicts.Items) + len(opinions.Items)
}

func TestAPIDescribesItself(t *testing.T) {
	s := newAPISite(t, 0)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Security    []map[string][]string
			Responses   map[string]any
		}
	}
	s.must("", "GET", "/openapi.json", nil, &doc)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) < 20 {
		t.Errorf("OpenAPI %s with %d paths", doc.OpenAPI, len(doc.Paths))
	}
	ids := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			if len(op.Security) == 0 || ids[op.OperationID] || op.Responses["404"] == nil {
				t.Errorf("%s %s: security %v, operation %q", method, path, op.Security, op.OperationID)
			}
			ids[op.OperationID] = true
		}
	}
	w := s.call("", "GET", "/docs", nil, nil)
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "http://") || !strings.Contains(w.Body.String(), "/api/v1/verdicts") {
		t.Errorf("docs: %d\n%s", w.Code, w.Body)
	}
}
