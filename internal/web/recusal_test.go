package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
)

func TestRecusalIsDeclaredShownAndLifted(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	path := roundPath(8, "recusals")
	fields := url.Values{"person": {"ge"}, "organisation": {"JT"}, "ground": {""}, "reason": {"曾任该局副局长"}}
	w := s.post("discipline", path, fields)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "曾任该局副局长") {
		t.Fatalf("code %d; want 422 with what was typed", w.Code)
	}
	fields.Set("ground", "former_member")
	if w := s.post("discipline", path, fields); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d: %s", w.Code, w.Body)
	}
	for who, want := range map[string]bool{"clerk": true, "discipline": true, "leader": true, "personnel": false} {
		if got := strings.Contains(s.get(who, path).Body.String(), "曾任该局副局长"); got != want {
			t.Errorf("%s reads the recusal: %v, want %v", who, got, want)
		}
	}
	for _, who := range []string{"liaison", "head"} {
		if code := s.get(who, path).Code; code != http.StatusForbidden {
			t.Errorf("%s: code %d; want 403", who, code)
		}
	}
	page := s.get("discipline", reviewPath(reportOne, "08-JT-001")).Body.String()
	if !strings.Contains(page, "已回避对该单位的审核") || strings.Contains(page, `name="conclusion"`) {
		t.Error("the workspace of a recused person does not say so, or offers the form")
	}
	if page := s.get("clerk", roundPath(8, "turns")).Body.String(); !strings.Contains(page, "县纪委监委：县教育体育局") && !strings.Contains(page, "席位目前无人可审") {
		t.Error("the convener is not told of the empty seat")
	}
	lift := path + "/JT/ge/lift"
	if w := s.post("discipline", lift, url.Values{"reason": {"已查明"}}); w.Code == http.StatusSeeOther {
		t.Error("somebody lifts their own recusal")
	}
	if w := s.post("clerk", lift, url.Values{"reason": {""}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("no reason: code %d", w.Code)
	}
	if w := s.post("clerk", lift, url.Values{"reason": {"已查明"}}); w.Code != http.StatusSeeOther {
		t.Errorf("lift: code %d", w.Code)
	}
}

func TestTurnsAreToldToThoseConcerned(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	path := roundPath(8, "turns")
	for who, want := range map[string][]string{
		"clerk": {"turn-office", "turn-discipline", "turn-personnel", "turn-team-1"}, "leader": {"turn-discipline"}, "discipline": {"turn-discipline"},
	} {
		page := s.get(who, path).Body.String()
		for _, id := range want {
			if !strings.Contains(page, `id="`+id+`"`) {
				t.Errorf("%s is not shown %s", who, id)
			}
		}
	}
	if page := s.get("discipline", path).Body.String(); strings.Contains(page, "turn-personnel") {
		t.Error("a reviewer is shown what waits for another body")
	}
	if page := s.get("liaison", path).Body.String(); strings.Contains(page, "turn-discipline") || !strings.Contains(page, "没有等待办理的事项") {
		t.Error("an organisation is shown more than its own")
	}
}

func TestDeputyIsNamedOnOnesOwnPage(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	fields := url.Values{"post": {"ge-1"}, "deputy": {"yin"}, "since": {"2026-03-24"}, "reason": {"出差"}, "key": {"k1"}}
	if w := s.post("discipline", mePath+"/deputies", fields); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "出差") {
		t.Fatalf("without a last day: code %d; want 422 with what was typed", w.Code)
	}
	fields.Set("until", "2026-03-31")
	if w := s.post("discipline", mePath+"/deputies", fields); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d: %s", w.Code, w.Body)
	}
	if page := s.get("discipline", mePath).Body.String(); !strings.Contains(page, "尹丽") {
		t.Error("the deputy is not listed")
	}
	yin, err := s.Supervise.DB.Read().Person(t.Context(), "yin")
	if err != nil || len(yin.Posts) != 2 || yin.Posts[1].Deputises.Name != "葛强" {
		t.Fatalf("posts %+v, %v", yin.Posts, err)
	}
	if page := s.get("secadmin", personPath("yin")).Body.String(); !strings.Contains(page, "（代葛强）") {
		t.Error("the deputy's post does not name the principal")
	}
	for _, path := range []string{personPath("nobody") + "/deputies/yin/" + yin.Posts[1].ID, personPath("ge") + "/deputies/nobody/x"} {
		if w := s.post("secadmin", path+"/end", nil); w.Code != http.StatusNotFound {
			t.Errorf("end of %s: code %d; want 404", path, w.Code)
		}
	}
	if w := s.post("discipline", mePath+"/deputies/yin/"+yin.Posts[1].ID+"/end", nil); w.Code != http.StatusSeeOther {
		t.Errorf("end: code %d", w.Code)
	}
}

func TestInspectorIsMarked(t *testing.T) {
	for name, want := range map[string]bool{"尤志刚": true, "李某": true, "尤": false, "": false} {
		if got := raised(ledger.Class{Inspector: "李某、尤志刚"}, name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
