package web

import (
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
)

func searchFor(text string) string { return "/search?q=" + url.QueryEscape(text) }

func TestSearchHighlightsEveryKindOfText(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	body := s.get("clerk", searchFor("盲区")).Body.String()
	for _, want := range []string{`id="found-finding"`, "<mark>盲区</mark>", `href="/findings/08-JT-001"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the hits lack %s", want)
		}
	}
	body = s.get("clerk", searchFor("08-JT-002")).Body.String()
	if !strings.Contains(body, "编号相符") || !strings.Contains(body, "08-JT-002") {
		t.Error("an exact number is not said to be one")
	}
	if body = s.get("clerk", searchFor("区块链")).Body.String(); !strings.Contains(body, "没有找到") {
		t.Error("no empty state")
	}
	if body = s.get("clerk", searchFor("“<script>”")).Body.String(); strings.Contains(body, "<script>”") {
		t.Error("what was typed is not escaped")
	}
}

// What an organisation writes and has not sent is found by itself and by the office.
func TestSearchByReadersDoesNotKnowDrafts(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.do("clerk", ledger.Register{
		Number: "08-JT-009", Organisation: "JT", Round: 8, Feedback: ledger.Feedback{Text: "差旅报销不规范。"},
		Class: ledger.Class{Category: "财务", Kind: ledger.LongTerm},
	})
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-009", Progress: ledger.Progress{Text: "已追缴差旅补助，草稿独词。", Claim: ledger.InProgress}})
	for who, want := range map[string]bool{"liaison": true, "clerk": true, "discipline": false, "team": false, "leader": false, "stranger": false} {
		for _, page := range []string{searchFor("独词"), searchFor("独词") + "&kind=finding", "/rounds/8/ledger?q=" + url.QueryEscape("草稿独词")} {
			if got := strings.Contains(s.get(who, page).Body.String(), "08-JT-009"); got != want {
				t.Errorf("%s on %s finds the finding: %v, want %v", who, page, got, want)
			}
		}
	}
}
