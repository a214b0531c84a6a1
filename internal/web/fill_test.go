package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
)

// filled is everything the editor of a finding sends.
func filled(seen string) url.Values {
	return url.Values{
		"seen": {seen}, "cause": {"联动不够"}, "target": {"检查全覆盖"}, "leader": {"陈国平"}, "section": {"基础教育股"}, "handler": {"杨帆"},
		"m_text": {"逐家检查", ""}, "m_number": {"", ""}, "m_owner": {"杨帆", ""}, "m_deadline": {"2026-01-15", ""}, "m_deadline_text": {"", ""},
		"claim": {"done"}, "progress": {"检查31家，责令整改19家，关停2家。"},
		"q_name": {"检查率"}, "q_baseline": {"80"}, "q_target": {"100"}, "q_current": {"100"}, "q_unit": {"%"},
		"r_title": {"协管机制"}, "r_doc": {"云教体发〔2025〕86号"}, "r_date": {"2025-12-15"},
	}
}

func TestFillSavesPlanAndProgressTogether(t *testing.T) {
	s := newSite(t)
	s.round(1)
	if w := s.post("liaison", "/findings/08-JT-001/fill", filled("1")); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; body:\n%s", w.Code, w.Body)
	}
	f, err := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true, Drafts: true}, "08-JT-001")
	if err != nil || len(f.Plan.Measures) != 1 || f.Progress.Claim != ledger.Done || f.Progress.Quantities[0].Current != "100" ||
		f.Progress.Rules[0].Date != day("2025-12-15") || f.Version != 3 {
		t.Errorf("finding %+v, %v", f, err)
	}
	body := s.get("liaison", "/findings/08-JT-001/fill").Body.String()
	if !strings.Contains(body, "责令整改19家") || !strings.Contains(body, `value="云教体发〔2025〕86号"`) {
		t.Error("the editor does not show what was saved")
	}
}

func TestFillKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	s.round(1)
	bad := filled("1")
	bad.Set("m_deadline", "2026-02-30")
	w := s.post("liaison", "/findings/08-JT-001/fill", bad)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "2026-02-30") || !strings.Contains(body, "责令整改19家") {
		t.Errorf("impossible date: code %d", w.Code)
	}
	s.do("clerk", ledger.Assign{Number: "08-JT-001", Watch: ledger.Watch{Body: "discipline", Person: "葛强"}})
	w = s.post("liaison", "/findings/08-JT-001/fill", filled("1"))
	if body := w.Body.String(); w.Code != http.StatusConflict || !strings.Contains(body, "责令整改19家") || !strings.Contains(body, `name="seen" value="2"`) {
		t.Errorf("somebody was faster: code %d; want 409 with both versions and the new version to go on from", w.Code)
	}
}

func TestFillIsForTheOwnOrganisation(t *testing.T) {
	s := newSite(t)
	s.round(1)
	for who, want := range map[string]int{"stranger": 404, "clerk": 403, "discipline": 403, "sysadmin": 403, "head": 200, "": 303} {
		if w := s.get(who, "/findings/08-JT-001/fill"); w.Code != want {
			t.Errorf("%q reads the editor: code %d, want %d", who, w.Code, want)
		}
	}
	if w := s.post("head", "/findings/08-JT-001/fill", filled("1")); w.Code != http.StatusSeeOther {
		t.Errorf("the head saves: code %d", w.Code)
	}
	f, _ := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true, Drafts: true}, "08-JT-001")
	if f.Version != 1 {
		t.Error("the head changed the text; only the liaison officer writes")
	}
}

// upload sends one file with its particulars.
func (s testSite) upload(who, path, fileName, content string, fields map[string]string) *httptest.ResponseRecorder {
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := m.WriteField(k, v); err != nil {
			s.t.Fatal(err)
		}
	}
	part, err := m.CreateFormFile("file", fileName)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		s.t.Fatal(err)
	}
	m.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", m.FormDataContentType())
	return s.ask(who, r)
}

func TestEvidence(t *testing.T) {
	s := newSite(t)
	s.round(1)
	path := "/findings/08-JT-001/evidence"
	if w := s.upload("liaison", path, "记录.txt", "2025年12月检查记录", map[string]string{"name": "检查记录", "date": "2025-12-26"}); w.Code != http.StatusSeeOther {
		t.Fatalf("code %d; body:\n%s", w.Code, w.Body)
	}
	f, _ := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true, Drafts: true}, "08-JT-001")
	e := f.Progress.Evidence[0]
	if e.Name != "检查记录" || e.File.SHA256 != ledger.HashText("2025年12月检查记录") || e.Date != day("2025-12-26") {
		t.Errorf("evidence %+v", e)
	}
	for name, bad := range map[string]struct{ file, content, date string }{
		"a program":             {"x.exe", "MZ\x90\x00", "2025-12-26"},
		"a page called a text":  {"x.pdf", "<html><script>", "2025-12-26"},
		"a date in the future":  {"x.txt", "内容", "2027-01-01"},
		"a date that is no day": {"x.txt", "内容", "2025-02-30"},
	} {
		w := s.upload("liaison", path, bad.file, bad.content, map[string]string{"name": "材料", "date": bad.date})
		if w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: code %d, want 422", name, w.Code)
		}
	}
	if w := s.upload("stranger", path, "x.txt", "内容", nil); w.Code != http.StatusNotFound {
		t.Errorf("another organisation uploads: code %d, want 404", w.Code)
	}
	if w := s.post("liaison", path+"/"+e.ID+"/detach", url.Values{"seen": {"2"}}); w.Code != http.StatusSeeOther {
		t.Errorf("detach: code %d", w.Code)
	}
}

// sent fills n findings and sends the first report of JT through the pages.
func (s testSite) sent(n int) {
	s.t.Helper()
	s.round(n)
	for i := 1; i <= n; i++ {
		number := ledger.FindingNumber(8, "JT", i)
		if w := s.post("liaison", "/findings/"+number+"/fill", filled("1")); w.Code != http.StatusSeeOther {
			s.t.Fatalf("fill %s: code %d", number, w.Code)
		}
	}
	s.send(1)
}

// send walks one version of the report from preparation to the parties.
func (s testSite) send(version int) {
	s.t.Helper()
	s.sendDoc(mechanism.Report, version)
}

func (s testSite) sendDoc(doc mechanism.Doc, version int) {
	s.t.Helper()
	base := "/rounds/8/send/" + string(doc)
	if w := s.post("liaison", base+"/prepare", url.Values{}); w.Code != http.StatusSeeOther {
		s.t.Fatalf("prepare version %d: code %d; %s", version, w.Code, w.Body)
	}
	_, hash, _ := strings.Cut(s.get("head", base).Body.String(), `name="hash" value="`)
	if len(hash) < 64 {
		s.t.Fatal("the head is not shown the pledge")
	}
	if w := s.post("head", base+"/pledge", url.Values{"pledge": {"on"}, "hash": {hash[:64]}}); w.Code != http.StatusSeeOther {
		s.t.Fatalf("pledge version %d: code %d; %s", version, w.Code, w.Body)
	}
	if w := s.post("liaison", base+"/send", url.Values{}); w.Code != http.StatusSeeOther {
		s.t.Fatalf("send version %d: code %d; %s", version, w.Code, w.Body)
	}
}

func TestSendNeedsCompletenessAndThePledge(t *testing.T) {
	s := newSite(t)
	s.round(1)
	base := "/rounds/8/send/report"
	if w := s.post("liaison", base+"/prepare", url.Values{}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "没有整改措施") {
		t.Errorf("prepare with gaps: code %d; want 422 naming what is missing", w.Code)
	}
	s.post("liaison", "/findings/08-JT-001/fill", filled("1"))
	s.post("liaison", base+"/prepare", url.Values{})
	if w := s.post("liaison", base+"/send", url.Values{}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("send before the pledge: code %d, want 422", w.Code)
	}
	if w := s.post("liaison", base+"/pledge", url.Values{"pledge": {"on"}}); w.Code != http.StatusForbidden {
		t.Errorf("the liaison officer pledges: code %d, want 403", w.Code)
	}
	if w := s.post("head", base+"/pledge", url.Values{"hash": {"x"}}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("pledge without the tick: code %d, want 422", w.Code)
	}
}

func TestLetterIsAnsweredAndTheNextVersionSent(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	id := "8-JT-report-1"
	s.judge(id, "08-JT-001", joint.Return)
	s.judge(id, "08-JT-002", joint.Agree)
	if w := s.get("liaison", answersPath(id)); w.Code != http.StatusNotFound {
		t.Errorf("answers before the letter: code %d, want 404", w.Code)
	}
	s.do("clerk", ledger.Deliver{Submission: id, LetterNumber: "云巡办函〔2026〕3号"})
	page := s.get("liaison", answersPath(id)).Body.String()
	if !strings.Contains(page, "请补充数据") || strings.Contains(page, "纪委监委") {
		t.Error("the organisation does not read the entry, or reads who said it")
	}
	answer := answersPath(id) + "/08-JT-001/1"
	field := entryAnchor("08-JT-001", 1) + "-response"
	if w := s.post("liaison", answer, url.Values{"seen": {"1"}, field: {"not"}}); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "请说明理由") {
		t.Errorf("no reason: code %d, want 422", w.Code)
	}
	if w := s.post("liaison", answer, url.Values{"seen": {"1"}, field: {"adopted"}, "place": {"第二部分第1条"}}); w.Code != http.StatusSeeOther {
		t.Fatalf("answer: code %d; %s", w.Code, w.Body)
	}
	again := filled("5")
	again.Set("progress", "检查31家，名单见附件1。")
	f, _ := s.Supervise.DB.Read().Finding(t.Context(), policy.Scope{All: true, Drafts: true}, "08-JT-001")
	again.Set("seen", itoa(int(f.Version)))
	if w := s.post("liaison", "/findings/08-JT-001/fill", again); w.Code != http.StatusSeeOther {
		t.Fatalf("revise: code %d; %s", w.Code, w.Body)
	}
	s.send(2)
	if body := s.get("discipline", "/submissions/8-JT-report-2").Body.String(); !strings.Contains(body, "名单见附件1") || strings.Contains(body, "08-JT-002") {
		t.Error("version 2 should hold the returned finding in its new words, and nothing else")
	}
}

// judge gives every party's verdict on the finding and consolidates it.
func (s testSite) judge(submission, finding string, c joint.Conclusion) {
	s.t.Helper()
	m := mechanism.Presets()["weixi"]
	whole := ledger.Consolidate{Submission: submission, Finding: finding, Conclusion: c}
	for who, party := range map[string]joint.Party{"clerk": "office", "discipline": "discipline", "personnel": "personnel", "team": "team"} {
		give := ledger.GiveVerdict{Submission: submission, Finding: finding, Party: party, Judged: ledger.Judged{Conclusion: c, Words: map[string]string{}}}
		for _, crit := range m.Criteria(mechanism.Report) {
			give.Judged.Words[crit.Code] = "pass"
		}
		if c != joint.Agree {
			give.Opinions = []ledger.Said{{Criterion: "result", Kind: ledger.Must, Text: "无数据支撑。"}}
			whole.Entries = []ledger.Entry{{Text: "请补充数据。", Origins: append(origins(whole.Entries), ledger.VerdictID(submission, finding, party)+":1")}}
		}
		s.do(who, give)
	}
	s.do("clerk", whole)
}

func origins(entries []ledger.Entry) []string {
	if len(entries) == 0 {
		return nil
	}
	return entries[0].Origins
}
