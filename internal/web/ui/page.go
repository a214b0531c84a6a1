package ui

import (
	"context"

	"lianshen/internal/lang"
)

// Where the forms of the shell post to. Each takes the field "back": the address to return to.
const (
	ThemePath    = "/theme"    // field theme: light or dark
	LanguagePath = "/language" // field language: zh-CN or en
	CapacityPath = "/capacity" // field capacity: the value of a Capacity
	SignOutPath  = "/signout"
	SearchPath   = "/search" // GET, field q
)

// Page is what the shell needs to know to dress a page. The zero value is a page without navigation in light colours.
type Page struct {
	Title string // shown in the browser's tab before the brand
	Brand string // the name of the mechanism, such as 四方联审; empty: the product's own
	Theme string // light or dark
	Main  string // extra class of <main>: "", ledger or review; those two fill the window and scroll inside
	Rail  bool   // a narrow navigation of icons, for pages that need the width
	Back  string // this page's own address with query, where theme and language switches return to

	Nav    []NavGroup
	Round  string // the round all figures are scoped to, such as 十四届县委 · 第八轮
	Rounds []Link // the rounds one may switch to; empty hides the switch
	Search bool   // offer the global search
	Query  string // what was searched for

	User        User
	Notices     int    // unread notices
	NoticesHref string // empty hides the bell

	KeysOff bool   // single-key shortcuts are off for this user
	Demo    string // date of the demo clock, YYYY-MM-DD; empty outside a demonstration
	Flash   Flash  // what the last act led to, said once
}

// User is who is signed in and for whom they act. The zero value is nobody: no menu is shown.
type User struct {
	Name     string
	Capacity string     // 巡察办·督查科
	Others   []Capacity // other capacities one may switch to
	Settings string     // address of the personal settings; empty hides the entry
}

// Capacity is one body or organisation a person acts for.
type Capacity struct {
	Value string
	Label string
}

// NavGroup is a block of the navigation; the first one has no title.
type NavGroup struct {
	Title string
	Items []NavItem
}

// NavItem is one entry of the navigation. Count below zero hides the number; Hot says the number needs attention.
type NavItem struct {
	Icon, Href, Label string
	Count             int
	Hot, Current      bool
}

// Link is a place to go. Current marks where one is.
type Link struct {
	Href, Label string
	Current     bool
}

// Flash is a message about the last act. Hue is grn, amb, red or blu; Text empty means none.
type Flash struct {
	Hue, Text string
}

func (p Page) brand(ctx context.Context) string {
	if p.Brand != "" {
		return p.Brand
	}
	return lang.T(ctx, "shell.brand")
}

func (p Page) theme() string {
	if p.Theme == "dark" {
		return "dark"
	}
	return "light"
}

func (p Page) otherTheme() string {
	if p.theme() == "dark" {
		return "light"
	}
	return "dark"
}

func (p Page) keys() string {
	if p.KeysOff {
		return "off"
	}
	return "on"
}

// shellClass names the layout: a rail instead of the side navigation, and room for the demo strip on phones.
func (p Page) shellClass() string {
	class := "shell"
	if p.Rail {
		class += " rail"
	}
	if p.Demo != "" {
		class += " is-demo"
	}
	return class
}

func otherLanguage(ctx context.Context) (lang.Tag, string) {
	if lang.From(ctx) == lang.EN {
		return lang.ZH, lang.T(ctx, "shell.language.zh")
	}
	return lang.EN, "EN"
}

// initial is the first character of a name, for the avatar.
func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return ""
}

// htmxConfig keeps htmx within the content security policy, and case text out of the browser's storage on shared computers.
// Style attributes are not settled: the policy allows none.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"historyCacheSize":0,"defaultSwapStyle":"outerHTML","attributesToSettle":["class"],"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"4(09|13|22)","swap":true,"error":true},{"code":"[45]..","swap":false,"error":true}]}`
