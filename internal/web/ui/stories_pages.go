package ui

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

type themeKey struct{}

func withTheme(ctx context.Context, theme string) context.Context {
	return context.WithValue(ctx, themeKey{}, theme)
}

// storyPage is the shell of the story book.
func storyPage(theme string) Page {
	return Page{
		Title: "Components", Theme: theme, Back: StoryBookPath, Round: "十四届县委 · 第八轮", Search: true,
		Rounds: []Link{{"#", "十四届县委 · 第八轮", true}, {"#", "十四届县委 · 第七轮", false}},
		User:   User{Name: "周明丽", Capacity: "巡察办·督查科", Settings: "#", Others: []Capacity{{"b2", "第二巡察组"}}}, Notices: 4, NoticesHref: "#", Demo: "2026-03-18",
		Nav: []NavGroup{
			{"", []NavItem{
				{"home-check", "#", "我的工作台", 12, true, true},
				{"chart-bar", "#", "轮次总览", -1, false, false},
				{"table", "#", "问题台账", 228, false, false},
				{"scale", "#", "四方会审", 12, false, false},
				{"users-group", "#", "合议汇总", 3, false, false},
			}},
			{"督办", []NavItem{{"map-pin", "#", "回访督查", 6, false, false}, {"list-details", "#", "责任清单", 63, false, false}, {"file-text", "#", "反馈文书", -1, false, false}}},
			{"管理", []NavItem{{"file-spreadsheet", "#", "Excel 导入", -1, false, false}, {"shield-check", "#", "审计核验", -1, false, false}, {"settings", "#", "机制与用户", -1, false, false}}},
		},
	}
}

// inShell dresses a sample in the shell, in the colours the request asked for.
func inShell(main string, rail bool, title string, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		theme, _ := ctx.Value(themeKey{}).(string)
		p := storyPage(theme)
		p.Title, p.Main, p.Rail = title, main, rail
		return Shell(p, content).Render(ctx, w)
	})
}

func plainPage(p Page, content templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		p.Theme, _ = ctx.Value(themeKey{}).(string)
		return Plain(p, content).Render(ctx, w)
	})
}

func pageStories() []Story {
	return []Story{
		{"pages", "workbench", inShell("", false, "我的工作台", workbenchSample()), true},
		{"pages", "round", inShell("", false, "轮次总览", roundSample()), true},
		{"pages", "ledger", inShell("ledger", true, "问题台账", ledgerSample()), true},
		{"pages", "problem", inShell("", true, "08-JT-012", problemSample()), true},
		{"pages", "review", inShell("review", true, "四方会审", reviewSample()), true},
		{"pages", "consolidate", inShell("", true, "合议汇总", consolidateSample()), true},
		{"pages", "signin", plainPage(Page{Title: "登录", Demo: "2026-03-18"}, signInSample()), true},
		{"pages", "bare", Shell(Page{Title: "空页", Flash: Flash{Amber, "会话已恢复"}}, withChildren(Body(), Empty("inbox", "暂无内容", ""))), true},
	}
}

// withChildren gives a component its children outside a template.
func withChildren(c, children templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, children), w)
	})
}
