package web

import (
	"net/http"
	"testing"

	"lianshen/internal/ledger/mechanism"
)

func TestAPIPublishesAMechanism(t *testing.T) {
	s := newAPISite(t, 0)
	var list apiPage[apiWay]
	if w := s.call("clerk", "GET", "/mechanisms", nil, &list); w.Code != http.StatusOK || len(list.Items) < 5 || list.Items[0].Code != mechanism.Usual {
		t.Fatalf("list: code %d, %d mechanisms; %s", w.Code, len(list.Items), w.Body)
	}
	m := list.Items[0].InForce
	m.Documents[1].Days = 5
	body := map[string]any{"seen": 0, "mechanism": m, "note": "规定时限"}
	var after apiWay
	for range 2 { // the same key: once
		if w := s.call("clerk", "POST", "/mechanisms/weixi", body, &after, "Idempotency-Key", "k1"); w.Code != http.StatusOK || after.InForce.Version != 2 || len(after.Versions) != 2 {
			t.Fatalf("publish: code %d, version %d; %s", w.Code, after.InForce.Version, w.Body)
		}
	}
	var one apiWay
	if w := s.call("discipline", "GET", "/mechanisms/weixi", nil, &one); w.Code != http.StatusOK || len(one.Versions) != 2 || len(one.Versions[1].Rounds) != 1 {
		t.Errorf("read: code %d; want round 8 under version 1; %s", w.Code, w.Body)
	}
	if got, err := mechanism.Parse([]byte(one.Versions[0].YAML)); err != nil || !mechanism.Same(got, m) {
		t.Errorf("the YAML of version 2: %v", err)
	}
	var p problem
	m.Documents[1].Rule.Quorum = 9
	for name, tt := range map[string]struct {
		who, code string
		status    int
		body      map[string]any
	}{
		"a reviewer":  {"discipline", "error.403", 403, body},
		"stale":       {"clerk", "error.409", 409, map[string]any{"seen": 0, "mechanism": m, "note": "x"}},
		"unsound":     {"clerk", "mechanism.unsound", 422, map[string]any{"seen": 1, "mechanism": m, "note": "x"}},
		"half a text": {"clerk", "api.invalid", 422, map[string]any{"seen": 1, "mechanism": map[string]any{"code": "weixi"}, "note": "x"}},
	} {
		if w := s.call(tt.who, "POST", "/mechanisms/weixi", tt.body, &p); w.Code != tt.status || p.Code != tt.code {
			t.Errorf("%s: code %d %s; want %d %s", name, w.Code, p.Code, tt.status, tt.code)
		}
	}
	if w := s.call("clerk", "GET", "/mechanisms/nothing", nil, nil); w.Code != http.StatusNotFound {
		t.Errorf("an unknown one: code %d, want 404", w.Code)
	}
}
