package web

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"lianshen/internal/ledger"
)

// listen opens the stream as the person and sends each line that is not empty.
func listen(t *testing.T, site *httptest.Server, who string) <-chan string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL+"/rounds/8/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: who})
	answer, err := site.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { answer.Body.Close() })
	if got := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("%s: status %d, %s; want a stream of events", who, answer.StatusCode, got)
	}
	lines := make(chan string, 20)
	go func() {
		defer close(lines)
		for scan := bufio.NewScanner(answer.Body); scan.Scan(); {
			if scan.Text() != "" {
				lines <- scan.Text()
			}
		}
	}()
	if first := <-lines; first != "retry: 5000" {
		t.Fatalf("%s: the stream begins with %q", who, first)
	}
	return lines
}

// Everyone who looks at the round hears that something has changed, each the same
// words, whoever it was that did it.
func TestLiveTellsEveryoneThatSomethingChanged(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.live.every = 20 * time.Millisecond
	site := httptest.NewServer(s.handler)
	t.Cleanup(site.Close) // after the streams, which it waits for
	streams := []<-chan string{listen(t, site, "discipline"), listen(t, site, "personnel"), listen(t, site, "clerk")}
	time.Sleep(60 * time.Millisecond) // the watch has seen the head as it is now
	s.judge(reportOne, "08-JT-001", "return")
	for i, lines := range streams {
		for _, want := range []string{"event: changed", "data:"} {
			select {
			case got := <-lines:
				if got != want {
					t.Errorf("stream %d: %q, want %q and nothing of the verdict", i, got, want)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("stream %d heard nothing", i)
			}
		}
	}
}

// Streams end with the program, and one person may not take them all.
func TestLiveIsBounded(t *testing.T) {
	s := newSite(t)
	s.round(1)
	done := make(chan struct{})
	s.Done = done
	site := httptest.NewServer(s.handler)
	t.Cleanup(site.Close) // after the streams, which it waits for
	var streams []<-chan string
	for range livePerson {
		streams = append(streams, listen(t, site, "clerk"))
	}
	if w := s.get("clerk", "/rounds/8/live"); w.Code != http.StatusNoContent {
		t.Errorf("one stream too many: status %d, want 204, after which a browser asks no more", w.Code)
	}
	close(done)
	for _, lines := range streams {
		for line := range lines {
			if !strings.HasPrefix(line, ":") && !strings.HasPrefix(line, "event") && !strings.HasPrefix(line, "data") {
				t.Errorf("at the end: %q", line)
			}
		}
	}
	if s.live.join("somebody"); len(s.live.listeners) != 1 {
		t.Errorf("%d listeners are left over", len(s.live.listeners)-1)
	}
}

// A verdict taken back no longer counts, and its party may not read the others' until
// it has given it anew.
func TestTakenBackVerdictIsBlindAgain(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	s.post("discipline", path, judged())
	s.post("personnel", path, judged())
	if page := s.get("discipline", path).Body.String(); !strings.Contains(page, "rparty") {
		t.Fatal("who has given its verdict reads the others'")
	}
	s.do("discipline", ledger.TakeBack{Submission: reportOne, Finding: "08-JT-001", Party: "discipline", Reason: "看错了版本"})
	if page := s.get("discipline", path).Body.String(); strings.Contains(page, "rparty") {
		t.Error("who has taken its verdict back still reads the others'")
	}
}

// The form gives a verdict anew after it was taken back, on the version that it has.
func TestVerdictIsTakenBackAndGivenAnewOnThePage(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	path := reviewPath(reportOne, "08-JT-001")
	s.post("discipline", path, judged())
	if page := s.get("discipline", path).Body.String(); !strings.Contains(page, path+"/take-back") {
		t.Fatal("the own verdict cannot be taken back on the page")
	}
	if w := s.post("discipline", path+"/take-back", url.Values{"seen": {"1"}, "key": {"b1"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: status %d, want 422", w.Code)
	}
	if w := s.post("discipline", path+"/take-back", url.Values{"seen": {"1"}, "key": {"b2"}, "reason": {"看错了版本"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("taking back: status %d", w.Code)
	}
	if page := s.get("discipline", path).Body.String(); !strings.Contains(page, `name="seen" value="2"`) {
		t.Error("the form does not follow the verdict that was taken back")
	}
	if w := s.post("discipline", path, judged("seen", "2", "key", "b3")); w.Code != http.StatusSeeOther {
		t.Errorf("giving anew: status %d; %s", w.Code, w.Body)
	}
	if w := s.post("personnel", path+"/take-back", url.Values{"seen": {"0"}, "key": {"b4"}, "reason": {"试探"}}); w.Code != http.StatusNotFound {
		t.Errorf("taking back what was not given: status %d, want 404", w.Code)
	}
}
