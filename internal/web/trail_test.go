package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTrailShowsActsWithoutCaseText(t *testing.T) {
	s := newSite(t)
	s.round(1)
	body := s.get("auditor", "/trail").Body.String()
	if !strings.Contains(body, "问题建账") || !strings.Contains(body, "08-JT-001") {
		t.Error("the auditor does not see that a finding was registered")
	}
	if strings.Contains(body, "校外培训") {
		t.Error("the auditor reads case text")
	}
	if w := s.post("auditor", "/trail/verify", url.Values{}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "校验通过") {
		t.Errorf("verify: code %d;\n%s", w.Code, w.Body)
	}
	for who, want := range map[string]int{"clerk": 403, "liaison": 403, "discipline": 403, "sysadmin": 403, "": 303} {
		if w := s.get(who, "/trail"); w.Code != want {
			t.Errorf("%q opens the trail: code %d, want %d", who, w.Code, want)
		}
	}
}
