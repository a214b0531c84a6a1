package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// waits returns the titles of the todos on somebody's workbench.
func (s testSite) waits(who string) (titles []string) {
	s.t.Helper()
	w := s.get(who, "/")
	if w.Code != http.StatusOK {
		s.t.Fatalf("workbench of %s: code %d", who, w.Code)
	}
	for _, m := range todoTitle.FindAllStringSubmatch(w.Body.String(), -1) {
		titles = append(titles, html.UnescapeString(m[1]))
	}
	return titles
}

var todoTitle = regexp.MustCompile(`<div class="tt"><a href="[^"]*">([^<]*)</a>`)

// turnWord recognises the todos of the loop, as against reminders and upkeep.
var turnWord = regexp.MustCompile(`^(会审|合议|送达|签收|答复|报送|审核并承诺|提请|复核|补齐)`)

// expect says whose turn it is: for each the beginnings of their todos of the
// loop, in their order, and for everybody not named none at all.
func (s testSite) expect(step string, want map[string][]string) {
	s.t.Helper()
	for _, who := range []string{"clerk", "discipline", "personnel", "team", "liaison", "head"} {
		got := slices.DeleteFunc(s.waits(who), func(title string) bool { return !turnWord.MatchString(title) })
		if !slices.EqualFunc(got, want[who], strings.HasPrefix) {
			s.t.Errorf("%s: %s has %q, want %q", step, who, got, want[who])
		}
	}
	if got := strings.Join(s.waits("stranger"), " "); strings.Contains(got, "教育体育局") {
		s.t.Errorf("%s: a foreign organisation is told %q", step, got)
	}
}

// One finding goes round the loop, and at each step the workbench of exactly the
// one whose turn it is says so.
func TestWorkbenchSaysWhoseTurnItIs(t *testing.T) {
	s := newSite(t)
	s.round(1)
	plan, next := "提请主要负责人审核整改方案第1稿", "提请主要负责人审核整改进展情况报告第2稿"
	s.expect("fed back", map[string][]string{"liaison": {"补齐整改方案第1稿：1 条问题有缺项", "补齐整改进展情况报告第1稿"}})
	if w := s.post("liaison", "/findings/08-JT-001/fill", filled("1")); w.Code != http.StatusSeeOther {
		t.Fatalf("fill: code %d", w.Code)
	}
	s.expect("filled in", map[string][]string{"liaison": {plan, "提请主要负责人审核整改进展情况报告第1稿"}})
	s.do("liaison", ledger.Prepare{Round: 8, Organisation: "JT", Doc: "report", Number: 1})
	s.expect("prepared", map[string][]string{"head": {"审核并承诺整改进展情况报告第1稿"}, "liaison": {plan}})
	_, hash, _ := strings.Cut(s.get("head", "/rounds/8/send/report").Body.String(), `name="hash" value="`)
	s.do("head", ledger.MakePledge{Submission: reportOne, Hash: hash[:64]})
	s.expect("pledged", map[string][]string{"liaison": {plan, "报送整改进展情况报告第1稿"}})
	s.do("liaison", ledger.Send{Submission: reportOne})
	review := []string{"会审县教育体育局整改进展情况报告第1稿"}
	s.expect("sent", map[string][]string{"clerk": review, "discipline": review, "personnel": review, "team": review, "liaison": {plan}})
	s.voice("discipline", "discipline", joint.Agree, "")
	s.expect("one party has spoken", map[string][]string{"clerk": review, "personnel": review, "team": review, "liaison": {plan}})
	s.voice("clerk", "office", joint.Agree, "")
	s.voice("personnel", "personnel", joint.Agree, "")
	s.expect("all but one have spoken", map[string][]string{"team": review, "liaison": {plan}})
	s.voice("team", "team", joint.Continue, "请补充名单。")
	s.expect("all have spoken", map[string][]string{"clerk": {"合议汇总：县教育体育局"}, "liaison": {plan}})
	origin := reportOne + ":08-JT-001:team:1"
	s.do("clerk", ledger.Consolidate{
		Submission: reportOne, Finding: "08-JT-001", Conclusion: joint.Continue, Reason: "从严",
		Entries: []ledger.Entry{{Text: "请补充名单。", Origins: []string{origin}}},
	})
	s.expect("consolidated", map[string][]string{"clerk": {"送达意见函：县教育体育局"}, "liaison": {plan}})
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "云巡办函〔2026〕1号"})
	s.expect("delivered", map[string][]string{"liaison": {plan, "签收意见函（整改进展情况报告第1稿）"}})
	if !slices.Contains(s.waits("clerk"), "提醒县教育体育局签收意见函") {
		t.Errorf("the office is not told that nobody received the letter: %q", s.waits("clerk"))
	}
	s.do("liaison", ledger.Receive{Submission: reportOne})
	s.expect("received", map[string][]string{"liaison": {plan, "答复意见函：还有 1 条"}})
	s.do("liaison", ledger.AnswerEntry{Submission: reportOne, Finding: "08-JT-001", Entry: 1, Response: ledger.Adopted, Place: "第二部分"})
	s.expect("answered", map[string][]string{"team": {"复核县教育体育局对意见的答复"}, "liaison": {plan, next}})
	s.do("team", ledger.Recheck{Opinion: origin, Content: true})
	s.expect("looked at again", map[string][]string{"liaison": {plan, next}})
}

func TestWorkbenchOfTheOfficeKeepsTheLedger(t *testing.T) {
	s := newSite(t)
	s.sent(2)
	for _, number := range []string{"08-JT-001", "08-JT-002"} {
		s.judge(reportOne, number, joint.Agree)
	}
	s.do("clerk", ledger.Deliver{Submission: reportOne, LetterNumber: "1号"})
	got := s.waits("clerk")
	for _, want := range []string{"2 条已认定的问题可以销号", "2 条问题没有督促责任人"} {
		if !slices.Contains(got, want) {
			t.Errorf("todos %q lack %q", got, want)
		}
	}
	for _, number := range []string{"08-JT-001", "08-JT-002"} {
		s.do("clerk", ledger.Close{Number: number})
		s.do("clerk", ledger.Assign{Number: number, Watch: ledger.Watch{Body: "discipline", Person: "葛强"}})
	}
	if got := strings.Join(s.waits("clerk"), ""); strings.Contains(got, "销号") || strings.Contains(got, "督促责任人") {
		t.Errorf("what is done is still there: %q", got)
	}
}

func TestWorkbenchOfThoseWithoutCases(t *testing.T) {
	s := newSite(t)
	if body := s.get("clerk", "/").Body.String(); !strings.Contains(body, `href="/rounds/new"`) {
		t.Error("the office is not led to open the first round")
	}
	if body := s.get("liaison", "/").Body.String(); !strings.Contains(body, "还没有轮次") || strings.Contains(body, "/rounds/new") {
		t.Error("an organisation without a round is not told so")
	}
	s.sent(1)
	for who, links := range map[string][]string{"sysadmin": {"/organisations", "/people"}, "secadmin": {"/people"}, "auditor": {"/trail"}} {
		body := s.get(who, "/").Body.String()
		for _, link := range links {
			if !strings.Contains(body, `href="`+link+`"`) {
				t.Errorf("%s is not led to %s", who, link)
			}
		}
		if strings.Contains(body, "教育体育局") || strings.Contains(body, "/rounds/8") {
			t.Errorf("%s is told of cases", who)
		}
		if w := s.get(who, "/rounds/8"); w.Code != http.StatusForbidden {
			t.Errorf("%s opens the overview: code %d", who, w.Code)
		}
	}
	if w := s.get("", "/"); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/signin") {
		t.Errorf("nobody: code %d to %q", w.Code, w.Header().Get("Location"))
	}
	if w := s.get("clerk", "/rounds/9"); w.Code != http.StatusNotFound {
		t.Errorf("a round that does not exist: code %d", w.Code)
	}
	if w := s.get("stranger", "/?round=7"); w.Code != http.StatusNotFound {
		t.Errorf("the workbench of a round that does not exist: code %d", w.Code)
	}
}

// What the others say, whose it is and how many there are only those learn who
// have spoken themselves; who has spoken is told to all parties.
func TestOverviewIsBlind(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	s.voice("personnel", "personnel", joint.Return, "缺数据，退回。")
	for who, n := range map[string]string{"personnel": "1", "discipline": "0", "team": "0", "clerk": "0", "leader": "0"} {
		page := s.get(who, "/rounds/8").Body.String()
		flat := regexp.MustCompile(`\s+|<span[^>]*>[^<]*</span>`).ReplaceAllString(page, "")
		if !strings.Contains(flat, `组织部</dt><ddclass="num">`+n+`</dd>`) || !strings.Contains(page, "共 "+n+" 条") {
			t.Errorf("%s does not read that there are %s opinions", who, n)
		}
		if sealed := strings.Contains(page, "盲审中"); sealed != (who != "personnel") {
			t.Errorf("%s is told that something is sealed: %v", who, sealed)
		}
	}
	for _, who := range []string{"clerk", "discipline", "team", "leader", "liaison", "head", "stranger"} {
		for _, path := range []string{"/", "/rounds/8"} {
			page := s.get(who, path).Body.String()
			for _, secret := range []string{"缺数据", "退回重报"} {
				if strings.Contains(page, secret) {
					t.Errorf("%s reads %q on %s", who, secret, path)
				}
			}
		}
	}
	for _, who := range []string{"liaison", "head", "stranger"} {
		for _, path := range []string{"/", "/rounds/8"} {
			page := s.get(who, path).Body.String()
			if strings.Contains(page, "尹丽") || strings.Contains(page, "组织部") || strings.Contains(page, "四方意见") || strings.Contains(page, "各方评完") || strings.Contains(page, "提交评定") {
				t.Errorf("%s learns on %s that a party has spoken", who, path)
			}
		}
	}
}

func TestOverviewStaysWithinTheScope(t *testing.T) {
	s := newSite(t)
	s.sent(3)
	for who, sees := range map[string]bool{"clerk": true, "discipline": true, "leader": true, "team": true, "liaison": true, "head": true, "stranger": false} {
		for _, path := range []string{"/", "/rounds/8"} {
			page := s.get(who, path).Body.String()
			if strings.Contains(page, "县教育体育局") != sees {
				t.Errorf("%s on %s sees the organisation JT: %v, want %v", who, path, !sees, sees)
			}
			if who == "liaison" && strings.Contains(page, "县卫生健康局") {
				t.Errorf("a liaison officer is told of another organisation on %s", path)
			}
		}
	}
}

// sample imports the ledger of the sample round.
func (s testSite) sample() {
	s.t.Helper()
	var inspected []ledger.Inspected
	for code, name := range map[string]string{
		"JT": "中共云溪县教育体育局党组", "WJ": "中共云溪县卫生健康局党组", "NY": "中共云溪县农业农村局党组", "MZ": "中共云溪县民政局党组",
		"SW": "中共云溪县水务局党组", "LC": "中共云溪县林业和草原局党组", "DX": "中共云溪县委党校校务委员会",
	} {
		s.do("clerk", ledger.AddOrganisation{Code: code, Name: ledger.Name{Full: name, Short: code, Since: day("2019-03-01")}})
		inspected = append(inspected, ledger.Inspected{Organisation: code, Team: "team-1"})
	}
	s.bodies()
	s.do("clerk", ledger.OpenRound{
		Number: 8, Mechanism: "weixi", Organisations: inspected,
		Terms: ledger.RoundTerms{Name: "第八轮巡察", FeedbackOn: day("2025-11-20"), RectifyUntil: day("2026-02-20")},
	})
	s.importSample()
}

// The figures of the page are those that package rate makes of the list.
func TestOverviewFiguresAreTheRates(t *testing.T) {
	s := newSite(t)
	s.sample()
	v, err := s.overviewView(t.Context(), actors["clerk"], ledger.Round{Number: 8})
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"", "JT", "WJ", "NY", "MZ", "SW", "LC", "DX"} {
		rows, err := s.Supervise.DB.Read().RateRows(t.Context(), policy.Scope{All: true}, store.Filter{Round: 8, Organisation: code})
		if err != nil {
			t.Fatal(err)
		}
		got := v.Sum
		if code != "" {
			got = v.Groups[code]
		}
		want := map[string]rate.Rate{}
		for _, f := range rate.Rates(rate.Definitions, slices.Values(rows), time.Time{}) {
			want[f.Name] = f.Rate
		}
		if diff := cmp.Diff(want, got.Rates); diff != "" {
			t.Errorf("%s: (-rates of the list +overview)\n%s", code, diff)
		}
	}
	page := s.get("clerk", "/rounds/8").Body.String()
	for _, want := range []string{"7 个党组织", "202 / 228", "88.6<small>%</small>", "63<small>条</small>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the overview does not say %q", want)
		}
	}
}

// Every number on the overview that is a link to the ledger opens a list of that
// many findings.
func TestEveryNumberOpensItsList(t *testing.T) {
	s := newSite(t)
	s.sample()
	s.do("clerk", ledger.Assign{Number: "08-JT-001", Watch: ledger.Watch{Body: "office", Person: "周明丽"}})
	link := regexp.MustCompile(`href="(/rounds/8/ledger\?[^"]*)"[^>]*>\s*(?:[^<>]*<span class="num">)?(\d+)<`)
	checked := 0
	for _, path := range []string{"/rounds/8", "/"} {
		for _, m := range link.FindAllStringSubmatch(s.get("clerk", path).Body.String(), -1) {
			list := s.get("clerk", html.UnescapeString(m[1]))
			if list.Code != http.StatusOK || !strings.Contains(list.Body.String(), "共 "+m[2]+" 条") && (m[2] != "0" || strings.Contains(list.Body.String(), "data-row")) {
				t.Errorf("%s: the number %s leads to %s, which shows another list", path, m[2], m[1])
			}
			checked++
		}
	}
	if checked < 60 {
		t.Errorf("only %d numbers lead to a list", checked)
	}
}

func TestTodosStandUnderTheirDays(t *testing.T) {
	tuesday := day("2026-03-24")
	for date, want := range map[string]int{
		"2026-03-23": whenOverdue, "2026-03-24": whenToday, "2026-03-25": whenWeek, "2026-03-29": whenWeek, "2026-03-30": whenLater, "": whenOpen,
	} {
		if got := stretchOf(dateOf(date), tuesday); got != want {
			t.Errorf("%s stands under %d, want %d", date, got, want)
		}
	}
	if got := stretchOf(day("2026-03-30"), day("2026-03-29")); got != whenLater {
		t.Errorf("on a Sunday the week ends: Monday stands under %d", got)
	}
	groups := grouped(t.Context(), []todo{
		{Title: "later", Due: day("2026-04-09")}, {Title: "open"}, {Title: "week", Due: day("2026-03-26")}, {Title: "late", Due: day("2026-03-01")}, {Title: "sooner", Due: day("2026-03-25")},
	}, tuesday)
	var order []string
	for _, g := range groups {
		for _, item := range g.Items {
			order = append(order, item.Title)
		}
	}
	if want := []string{"late", "sooner", "week", "open", "later"}; !slices.Equal(order, want) || len(groups) != 4 {
		t.Errorf("order %v in %d groups, want %v in 4", order, len(groups), want)
	}
}

// The parts of a bar change on the same days as the views of the ledger.
func TestPartsOfABar(t *testing.T) {
	today := day("2026-03-24")
	for _, tt := range []struct {
		running string
		stage   ledger.Stage
		want    int
	}{
		{"2026-03-23", ledger.Rectifying, partOverdue},
		{"2026-03-24", ledger.Rectifying, partSoon},
		{"2026-04-03", ledger.InReview, partSoon},
		{"2026-04-04", ledger.InReview, partReview},
		{"", ledger.Returned, partWork},
		{"", ledger.InReview, partReview},
		{"", ledger.ClosedStage, partRecognised},
	} {
		if got := barPart(store.Tally{Running: tt.running, Stage: tt.stage}, today); got != tt.want {
			t.Errorf("due %q, %s: part %d, want %d", tt.running, tt.stage, got, tt.want)
		}
	}
}

func TestTodosOfOneKind(t *testing.T) {
	s := newSite(t)
	s.sent(1)
	page := s.get("clerk", "/?"+url.Values{"kind": {"urge"}}.Encode()).Body.String()
	if strings.Contains(page, `<div class="tt"><a href="/review/`) || !strings.Contains(page, "没有督促责任人") {
		t.Error("the reminders are not picked out")
	}
}

// Without anything to do the workbench names the next deadline.
func TestWorkbenchNamesTheNextDeadline(t *testing.T) {
	s := newSite(t)
	s.round(1)
	s.do("liaison", ledger.WriteProgress{Number: "08-JT-001", Progress: ledger.Progress{Claim: ledger.InProgress}})
	page := s.get("discipline", "/").Body.String()
	if !strings.Contains(page, "下一个期限：3月31日 周二，1 条问题到期。") {
		t.Errorf("no next deadline is named: %s", strconv.Quote(page[strings.Index(page, `id="todo"`):][:600]))
	}
	var none workday.Date
	if stretchOf(none, day("2026-03-24")) != whenOpen {
		t.Error("no date is not a day")
	}
}
