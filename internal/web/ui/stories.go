package ui

import (
	"net/http"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
)

// Story is one component in one state.
type Story struct {
	Group, Name string
	Component   templ.Component
	Whole       bool // a page of its own, with its own head
}

// StoryBookPath is where the story book is mounted in development, with a trailing slash for its pages.
const StoryBookPath = "/_ui/"

// Stories returns every component in each of its states: usual, empty, wrong, long. All values are invented.
func Stories() []Story {
	var all []Story
	for _, group := range [][]Story{
		statusStories(), barStories(), figureStories(), frameStories(), tableStories(), formStories(),
		findingStories(), compareStories(), messageStories(), pageStories(),
	} {
		all = append(all, group...)
	}
	return all
}

// StoryBook serves all components on one page, and each whole page under its name. The query says language and colours:
// ?lang=en&theme=dark.
func StoryBook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := lang.With(r.Context(), lang.Parse(r.URL.Query().Get("lang")))
		page := storyPage(r.URL.Query().Get("theme"))
		name := r.URL.Path[min(len(StoryBookPath), len(r.URL.Path)):]
		shown := storyBook(page, Stories())
		if name != "" {
			story, found := wholeStory(name)
			if !found {
				http.NotFound(w, r)
				return
			}
			ctx = withTheme(ctx, page.Theme)
			shown = story.Component
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = shown.Render(ctx, w) // the browser has gone; there is nobody to tell
	})
}

func wholeStory(name string) (Story, bool) {
	for _, s := range Stories() {
		if s.Whole && s.Name == name {
			return s, true
		}
	}
	return Story{}, false
}

const longTitle = "“三重一大”事项集体决策不规范，2024年以来 6 次大额资金支出未经党组会研究，个别项目先实施后补会议记录，班子成员对集体决策事项清单不掌握"

var sampleSeals = []Seal{
	{Mark: "办", Name: "巡察办", Verdict: Pass},
	{Mark: "纪", Name: "纪委监委", Verdict: Basic},
	{Mark: "组", Name: "组织部", Verdict: Fail},
	{Mark: "巡", Name: "巡察组", Verdict: Waiting},
}

func text(s string) templ.Component { return templ.Raw("<p>" + templ.EscapeString(s) + "</p>") }

func statusStories() []Story {
	var chips []templ.Component
	for _, s := range []string{"registered", "rectifying", "in_review", "returned", "recognised", "closed", "unknown"} {
		chips = append(chips, StatusChip(s, s))
	}
	var lights []templ.Component
	for _, l := range []lang.Tag{lang.ZH, lang.EN} {
		for _, left := range []int{-8, -1, 0, 1, 9, 40} {
			lights = append(lights, DeadlineLight(LightFor(l, left, 10)))
		}
	}
	lights = append(lights, DeadlineLight(Met, "按期完成"), DeadlineLight(NoDate, "未定期限"))
	var verdicts []templ.Component
	for _, v := range []string{Pass, Basic, Fail, Sealed, Waiting, Stale} {
		verdicts = append(verdicts, VerdictChip(v, v), SealMark(Seal{Mark: "纪", Name: "纪委监委", Verdict: v}, "lg"))
	}
	return []Story{
		{"status", "status chips", row(chips...), false},
		{"status", "deadline lights", row(lights...), false},
		{"status", "verdicts", row(verdicts...), false},
		{"status", "seals", row(Seals(sampleSeals), SealLegend("办")), false},
		{"status", "tags and keys", row(Tag("群众身边"), OutlineTag("涉组涉干"), Kbd("Ctrl K")), false},
	}
}

func sampleStack() []StackRow {
	bar := func(name string, done, on, due, late int, rate string) StackRow {
		return StackRow{Label: name, Href: "#", Figure: rate, Segments: []Segment{
			{Green, done, "已完成"}, {Grey, on, "正常推进"}, {Amber, due, "10日内到期"}, {Red, late, "已超期"},
		}}
	}
	return []StackRow{
		bar("县教育体育局", 34, 2, 2, 3, "82.9%"), bar("县卫生健康局", 33, 2, 2, 1, "86.8%"), bar("县农业农村局", 32, 1, 2, 1, "88.9%"),
		bar("县民政局", 31, 1, 1, 1, "91.2%"), bar("县水务局", 28, 1, 1, 0, "93.3%"), bar("县林业和草原局", 26, 2, 0, 1, "89.7%"),
		bar("县委党校", 18, 1, 1, 0, "90.0%"),
	}
}

func sampleTrend(wide bool) Trend {
	return Trend{
		Labels: []string{"11-20", "12-05", "12-20", "01-05", "01-20", "02-05", "02-20", "03-05", "03-18"},
		Actual: []int{0, 48, 127, 272, 443, 605, 772, 842, 886}, Plan: []int{0, 90, 210, 350, 500, 650, 850, 920, 950},
		ActualName: "实际整改率", PlanName: "计划", Summary: "整改率走势：11月20日 0%，2月20日 77.2%，3月18日 88.6%，计划 95%", Wide: wide,
	}
}

func sampleFunnel() []FunnelStep {
	return []FunnelStep{
		{Label: "反馈问题", Value: 228},
		{Label: "制定措施", Value: 228},
		{Label: "报送进展", Value: 219, Drop: "9 条未报"},
		{Label: "四方联审通过", Value: 208, Drop: "11 条退回"},
		{Label: "完成整改", Value: 202, Drop: "6 条整改中", Href: "#"},
		{Label: "回访核实", Value: 96, Drop: "106 条待回访", Closed: true},
		{Label: "销号", Value: 91, Drop: "5 条核实不过", Closed: true},
	}
}

func barStories() []Story {
	segments := []Segment{{Green, 202, ""}, {Grey, 10, ""}, {Amber, 9, ""}, {Red, 7, ""}}
	return []Story{
		{"bars", "bar", Bar(segments, 228, "已完成 202，正常推进 10，10 日内到期 9，已超期 7", "b12"), false},
		{"bars", "bar, more than all", Bar(segments, 100, "", ""), false},
		{"bars", "bar of nothing", Bar(nil, 0, "无数据", ""), false},
		{"bars", "progress", row(ProgressBar(29, 41, "已评 29 / 41"), PercentBar(75, Blue), PercentBar(100, Green)), false},
		{"bars", "stacked bars", StackBars("各党组织整改进度", sampleStack()), false},
		{"bars", "stacked bars, none", StackBars("各党组织整改进度", nil), false},
		{"bars", "counts", CountBars([]StackRow{
			{Label: "无数据及实例支撑", Segments: []Segment{{"acc", 29, ""}}},
			{Label: "措施不精准", Segments: []Segment{{"acc", 22, ""}}, Href: "#"},
			{Label: "表述不规范", Segments: []Segment{{"acc", 7, ""}}},
		}), false},
		{"bars", "shares", ShareBars([]StackRow{
			{Label: "聚焦贯彻落实党的路线方针政策和党中央决策部署", Segments: []Segment{{Green, 62, ""}, {Grey, 9, ""}}, Figure: "87.3%"},
			{Label: "聚焦群众身边腐败问题和不正之风", Segments: []Segment{{Green, 50, ""}, {Grey, 8, ""}}, Figure: "86.2%", Href: "#"},
		}), false},
		{"bars", "funnel", Funnel(sampleFunnel()), false},
		{"bars", "trend", TrendChart(sampleTrend(false)), false},
		{"bars", "trend without data", TrendChart(Trend{ActualName: "实际整改率", Summary: "暂无数据"}), false},
	}
}

func claimed() Rate {
	return Rate{
		Name: "整改率（单位自报）", Num: 202, Den: 228, NumName: "已完成", DenName: "反馈问题", Href: "#claimed", DenHref: "#all",
		Definition: "单位自报已完成的问题数 ÷ 反馈问题总数", AsOf: "2026-03-18 14:30", Note: Green, NoteText: "+11.4 个百分点",
	}
}

func recognised() Rate {
	return Rate{
		Name: "认定率（四方认定）", Num: 91, Den: 228, NumName: "已认定", DenName: "反馈问题", Href: "#recognised",
		Definition: "四方认定完成的问题数 ÷ 反馈问题总数", AsOf: "2026-03-18 14:30",
	}
}

func sampleKPIs() []KPI {
	a, b := claimed(), recognised()
	return []KPI{
		{Rate: &a, Lead: true, NoteStart: "较 2 月 20 日"},
		{Label: "已超期", Icon: "alert-triangle", Hue: Red, Value: "7", Unit: "条", Note: "5 个单位 · 最长 8 天", Href: "#"},
		{Label: "10 日内到期", Icon: "clock", Hue: Amber, Value: "9", Unit: "条", Note: "已发黄色预警 9 份", Href: "#"},
		{Label: "四方意见建议", Icon: "message-2", Value: "107", Unit: "条", Note: "已采纳整改 81 条"},
		{Label: "涉组涉干问题", Icon: "users", Value: "63", Unit: "条", Note: "已完成 57 条 · 90.5%", Href: "#"},
		{Rate: &b, Icon: "checks"},
	}
}

func figureStories() []Story {
	none := Rate{Name: "整改率", NumName: "已完成", DenName: "反馈问题", Href: "#", Definition: "尚无问题", AsOf: "2026-03-18 14:30"}
	return []Story{
		{"figures", "rate", RateFigure(claimed()), false},
		{"figures", "rate of nothing", RateFigure(none), false},
		{"figures", "strip", KPIStrip(sampleKPIs()), false},
		{"figures", "small counts", Minis(sampleMinis()), false},
		{"figures", "per party", PartyCounts(sampleSeals, []int{31, 34, 24, 18}), false},
	}
}

func sampleMinis() []Mini {
	return []Mini{
		{Red, "alert-triangle", "超期", "7", "#"},
		{Amber, "clock", "10 日内", "9", "#"},
		{Amber, "corner-up-left", "退回补充", "11", "#"},
		{Green, "checks", "已销号", "91", "#"},
	}
}
