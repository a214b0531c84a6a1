package web

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
)

// papered is a site with one report consolidated and delivered: of its findings the
// first is returned, the second recognised and closed.
func papered(t *testing.T) testSite {
	s := newSite(t)
	s.sent(2)
	s.speak("08-JT-001", "discipline", "team")
	s.speak("08-JT-002")
	s.post("clerk", consolidatePath(reportOne, "08-JT-001"), consolidationForm("08-JT-001", "0", "discipline", "team"))
	s.do("clerk", ledger.Consolidate{Submission: reportOne, Finding: "08-JT-002", Conclusion: joint.Agree})
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕12号"})
	s.do("clerk", ledger.Close{Number: "08-JT-002"})
	return s
}

// Who may have which paper of the site.
func TestPapersAreForThoseWhoMayReadThem(t *testing.T) {
	s := papered(t)
	sheetOf := opinionSheetPath(reportOne, "discipline")
	for _, path := range []string{sheetOf, closingFormPath("08-JT-002"), "/rounds/8/closing-forms/JT", "/rounds/8/summary"} {
		for who, want := range map[string]int{
			"clerk": 200, "discipline": 200, "leader": 200, "liaison": 404, "head": 404, "stranger": 404, "sysadmin": 403, "auditor": 403, "": 303,
		} {
			for _, address := range []string{path, path + "/file.docx"} {
				if w := s.get(who, address); w.Code != want {
					t.Errorf("%q asks for %s: code %d, want %d", who, address, w.Code, want)
				}
			}
		}
	}
	for _, path := range []string{closingFormPath("08-JT-001"), opinionSheetPath(reportOne, "nobody"), "/rounds/8/closing-forms/WJ", "/rounds/99/summary", "/rounds/x/summary"} {
		if w := s.get("clerk", path); w.Code != http.StatusNotFound {
			t.Errorf("%s: code %d, want 404", path, w.Code)
		}
	}
	if w := s.get("team", "/rounds/8/summary"); w.Code != http.StatusNotFound {
		t.Errorf("a team, which does not see the whole round, gets its summary: code %d", w.Code)
	}
}

// A party prints its own sheet as soon as it has spoken; another party's is not
// there until every word of it is open.
func TestASheetIsSealedLikeTheVerdictsOnIt(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	path := opinionSheetPath(reportOne, "team")
	if w := s.get("team", path); w.Code != http.StatusNotFound {
		t.Errorf("before it has spoken: code %d, want 404", w.Code)
	}
	speaks := func(who, number string) {
		t.Helper()
		w := s.post(who, reviewPath(reportOne, number), judged("conclusion", "return", "w-result", "fail", "t-result", "抽查发现停更"))
		if w.Code != http.StatusSeeOther {
			t.Fatalf("%s on %s: code %d", who, number, w.Code)
		}
	}
	for _, number := range []string{"08-JT-001", "08-JT-002"} {
		speaks("team", number)
	}
	if w := s.get("team", path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "抽查发现停更") {
		t.Errorf("its own: code %d", w.Code)
	}
	speaks("discipline", "08-JT-001")
	if w := s.get("discipline", path); w.Code != http.StatusNotFound {
		t.Errorf("to a party that has spoken on one of two findings: code %d, want 404", w.Code)
	}
	speaks("discipline", "08-JT-002")
	if w := s.get("discipline", path); w.Code != http.StatusOK {
		t.Errorf("to a party that has spoken on both: code %d", w.Code)
	}
	if w := s.get("personnel", path); w.Code != http.StatusNotFound {
		t.Errorf("to a silent party: code %d, want 404", w.Code)
	}
}

var codeOnPaper = regexp.MustCompile(`文书编号：(\S+)　记录版本：(\d+)　校验码：([A-Z2-7]{5}-[A-Z2-7]{5})`)

// Every paper: the same bytes each time, well formed, and with a code that leads
// back to it, for those who may read it and for nobody else.
func TestFromPaperToRecord(t *testing.T) {
	s := papered(t)
	for _, path := range []string{
		opinionSheetPath(reportOne, "discipline"), closingFormPath("08-JT-002"), "/rounds/8/closing-forms/JT", "/rounds/8/summary", letterPath(reportOne),
	} {
		file := path + "/file.docx"
		if path == letterPath(reportOne) {
			file = path + ".docx"
		}
		first, second := s.get("clerk", file).Body.Bytes(), s.get("leader", file).Body.Bytes()
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two people get different files", path)
		}
		text := documentXML(t, first)
		wellFormed(t, path, text)
		m := codeOnPaper.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("%s bears no code", path)
		}
		if !strings.Contains(s.get("clerk", path).Body.String(), m[0]) {
			t.Errorf("%s: the page bears another mark than the file", path)
		}
		s.checks("clerk", m[1], strings.ToLower(m[3]), "与记录一致")
		s.checks("clerk", m[1], "AAAAA-AAAAA", "没有查到")
		s.checks("stranger", m[1], m[3], "没有查到")
	}
}

func (s testSite) checks(who, ref, code, want string) {
	s.t.Helper()
	w := s.get(who, "/check?"+url.Values{"ref": {ref}, "code": {code}}.Encode())
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
		s.t.Errorf("%s checks %s %s: code %d, want %q", who, ref, code, w.Code, want)
	}
}

func wellFormed(t *testing.T, path, text string) {
	t.Helper()
	dec := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s: %v", path, err)
			return
		}
	}
}

// After the record has moved on, an old paper is told from a forged one.
func TestAnOldPaperIsKnownAgain(t *testing.T) {
	s := papered(t)
	path := opinionSheetPath(reportOne, "discipline")
	m := codeOnPaper.FindStringSubmatch(documentXML(t, s.get("clerk", path+"/file.docx").Body.Bytes()))
	s.do("liaison", ledger.AnswerEntry{Submission: reportOne, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分"})
	s.checks("clerk", m[1], m[3], "记录已有变化")
	s.checks("clerk", m[1], m[3], "记录版本 "+m[2])
	s.checks("liaison", m[1], m[3], "没有查到")
	if w := s.get("clerk", "/check?ref=&code=x"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a reference: code %d, want 422", w.Code)
	}
}

// Every figure of the summary is the length of the list behind it.
func TestSummaryCountsWhatItsListsHold(t *testing.T) {
	s := papered(t)
	s.do("liaison", ledger.AnswerEntry{Submission: reportOne, Finding: "08-JT-001", Entry: 1, Response: ledger.PartlyDone, Reason: "凭证待查", Place: "第二部分"})
	page := s.get("clerk", "/rounds/8/summary").Body.String()
	cells := regexp.MustCompile(`<a href="(/rounds/8/opinions\?[^"]+)">\s*(\d+)\s*</a>`).FindAllStringSubmatch(page, -1)
	total := 0
	for _, c := range cells {
		path := strings.ReplaceAll(c[1], "&amp;", "&")
		n := strings.Count(s.get("clerk", path).Body.String(), "<tr data-row>")
		total += n
		if itoa(n) != c[2] {
			t.Errorf("%s lists %d, the summary says %s", path, n, c[2])
		}
	}
	if len(cells) < 7*8 || total == 0 {
		t.Errorf("%d figures, %d opinions behind them", len(cells), total)
	}
}

// The minutes of a meeting are whole or not there at all, and hold each item once.
func TestMinutesOfAMeeting(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	s.speak("08-JT-001", "discipline")
	s.speak("08-JT-002", "team")
	s.do("clerk", ledger.CallMeeting{
		Round: 8, Number: 1, Kind: ledger.JointMeeting, Terms: ledger.MeetingTerms{Title: "第一次会议", On: day("2026-03-24"), Place: "三楼会议室", Chair: "杨志宏"},
		Agenda: []ledger.AgendaItem{{Submission: reportOne, Finding: "08-JT-001"}, {Submission: reportOne, Finding: "08-JT-002"}},
	})
	s.do("clerk", ledger.Attend{Meeting: "8-m1", Attendance: []ledger.Attendee{{Party: "discipline", Name: "葛强", Present: true}, {Party: "team", Name: "尤志刚", Note: "出差"}}})
	s.do("clerk", ledger.Resolve{Meeting: "8-m1", Submission: reportOne, Finding: "08-JT-001", Conclusion: joint.Continue, Reason: "数据须补齐", DecidedBy: "领导小组组长"})
	s.do("clerk", ledger.Defer{Meeting: "8-m1", Submission: reportOne, Finding: "08-JT-002", Reason: "待现场核实"})
	path := minutesPath("8-m1")
	if w := s.get("clerk", path); w.Code != http.StatusNotFound {
		t.Errorf("of an open meeting: code %d, want 404", w.Code)
	}
	s.do("clerk", ledger.CloseMeeting{Meeting: "8-m1"})
	text := documentXML(t, s.get("clerk", path+"/file.docx").Body.Bytes())
	wellFormed(t, path, text)
	for _, want := range []string{"杨志宏", "纪委监委葛强", "巡察组尤志刚（出差）", "纪委监委：退回重报", "数据须补齐", "领导小组组长", "暂缓决定", "待现场核实"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q stands in the minutes %d times, want once", want, strings.Count(text, want))
		}
	}
	for who, want := range map[string]int{"discipline": 200, "team": 200, "leader": 404, "liaison": 403} { // a leader waits for the consolidation
		if w := s.get(who, path); w.Code != want {
			t.Errorf("%s: code %d, want %d", who, w.Code, want)
		}
	}
	s.checks("clerk", "8-m1", codeOnPaper.FindStringSubmatch(text)[3], "与记录一致")
}
