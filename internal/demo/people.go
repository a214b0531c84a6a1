package demo

import (
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
)

// A User is somebody of the sample round. Main marks the one by whom a role is
// best tried: the page of the demo sign-in offers these first.
type User struct {
	Username     string
	Name         string
	Title        string
	Role         ledger.Role
	Body         string // of a clerk or a reviewer
	Organisation string // of a liaison officer or a head
	Main         bool
}

// Users returns the people of the sample round, those of one role together.
func Users() []User { return append([]User(nil), users...) }

// MainUsers returns one person for each thing there is to try, in the order of
// the loop.
func MainUsers() []User {
	var list []User
	for _, u := range users {
		if u.Main {
			list = append(list, u)
		}
	}
	return list
}

var users = []User{
	{"jiangyifan", "江一帆", "综合股股长", ledger.Clerk, "office", "", true},
	{"fangmin", "方敏", "督查股股长", ledger.Clerk, "office", "", false},

	{"geqiang", "葛强", "第一监督检查室主任", ledger.Reviewer, "discipline", "", true},
	{"zhuqing", "祝清", "第二监督检查室主任", ledger.Reviewer, "discipline", "", false},
	{"hongbo", "洪波", "派驻纪检监察组组长", ledger.Reviewer, "discipline", "", false},
	{"yinli", "尹丽", "干部股股长", ledger.Reviewer, "personnel", "", true},
	{"kebin", "柯斌", "组织股股长", ledger.Reviewer, "personnel", "", false},
	{"pujiang", "蒲江", "干部监督股股长", ledger.Reviewer, "personnel", "", false},
	{"shaoming", "邵明", "人才股（公务员股）股长", ledger.Reviewer, "personnel", "", false},
	{"youzhigang", "尤志刚", "县委第一巡察组组长", ledger.Reviewer, "team-1", "", true},
	{"shilijun", "施丽君", "县委第二巡察组组长", ledger.Reviewer, "team-2", "", false},
	{"konglinghui", "孔令辉", "县委第三巡察组组长", ledger.Reviewer, "team-3", "", false},
	{"yanfeng", "严峰", "县委第四巡察组组长", ledger.Reviewer, "team-4", "", false},

	{"furong", "付蓉", "办公室主任", ledger.Liaison, "", "LC", true},
	{"lixiaomei", "李晓梅", "办公室主任", ledger.Liaison, "", "JT", false},
	{"linjing", "林静", "办公室主任", ledger.Liaison, "", "WJ", false},
	{"pengling", "彭玲", "办公室主任", ledger.Liaison, "", "NY", false},
	{"chengjie", "程洁", "办公室（人事）负责人", ledger.Liaison, "", "MZ", false},
	{"jiangnan", "姜楠", "办公室主任", ledger.Liaison, "", "SW", false},
	{"leiming", "雷鸣", "办公室主任", ledger.Liaison, "", "DX", false},

	{"linzhiyuan", "林志远", "常务副校长", ledger.Head, "", "DX", true},
	{"zhaomingyuan", "赵明远", "党组书记、局长", ledger.Head, "", "JT", false},
	{"hezhigang", "何志刚", "党组书记、局长", ledger.Head, "", "WJ", false},
	{"xuzhengde", "许正德", "党组书记、局长", ledger.Head, "", "NY", false},
	{"tianguozhong", "田国忠", "党组书记、局长", ledger.Head, "", "MZ", false},
	{"yaozhendong", "姚振东", "党组书记、局长", ledger.Head, "", "SW", false},
	{"jiashiming", "贾世明", "党组书记、局长", ledger.Head, "", "LC", true},

	{"liangjianhua", "梁建华", "县委巡察工作领导小组副组长", ledger.Leader, "", "", true},

	{"wuxiaofeng", "吴晓峰", "系统管理员", ledger.SysAdmin, "", "", true},
	{"fengjing", "冯静", "安全管理员", ledger.SecAdmin, "", "", true},
	{"tianjia", "田佳", "审计员", ledger.Auditor, "", "", true},
}

// bodies are the supervising bodies; their sections are those of the duty list.
var bodies = []ledger.AddBody{
	{Code: "office", Name: "县委巡察办", Short: "巡察办", Sections: []string{"县委巡察办综合股", "县委巡察办督查股"}},
	{Code: "discipline", Name: "县纪委监委", Short: "纪委监委", Sections: []string{
		"县纪委监委第一监督检查室", "县纪委监委第二监督检查室", "县纪委监委派驻组",
	}},
	{Code: "personnel", Name: "县委组织部", Short: "组织部", Sections: []string{
		"县委组织部组织股", "县委组织部干部股", "县委组织部干部监督股", "县委组织部人才股（公务员股）",
	}},
	{Code: "team-1", Name: "县委第一巡察组", Short: "第一巡察组", Team: true},
	{Code: "team-2", Name: "县委第二巡察组", Short: "第二巡察组", Team: true},
	{Code: "team-3", Name: "县委第三巡察组", Short: "第三巡察组", Team: true},
	{Code: "team-4", Name: "县委第四巡察组", Short: "第四巡察组", Team: true},
}

// An inspected organisation, who inspected it, and which section of the
// discipline commission looks after its findings.
type inspected struct {
	code, full, short, team, section string
}

var organisations = []inspected{
	{"JT", "中共云溪县教育体育局党组", "县教育体育局", "team-1", "县纪委监委派驻组"},
	{"WJ", "中共云溪县卫生健康局党组", "县卫生健康局", "team-2", "县纪委监委第二监督检查室"},
	{"NY", "中共云溪县农业农村局党组", "县农业农村局", "team-3", "县纪委监委派驻组"},
	{"MZ", "中共云溪县民政局党组", "县民政局", "team-2", "县纪委监委第二监督检查室"},
	{"SW", "中共云溪县水务局党组", "县水务局", "team-4", "县纪委监委第一监督检查室"},
	{"LC", "中共云溪县林业和草原局党组", "县林业和草原局", "team-3", "县纪委监委派驻组"},
	{"DX", "中共云溪县委党校校务委员会", "县委党校", "team-1", "县纪委监委第一监督检查室"},
}

// sectionHeads says who answers for a section of the discipline commission.
var sectionHeads = map[string]string{
	"县纪委监委第一监督检查室": "葛强", "县纪委监委第二监督检查室": "祝清", "县纪委监委派驻组": "洪波",
}

// actor is the user acting by the only post they have.
func (u User) actor() policy.Actor {
	return policy.Actor{
		Person: u.Username, Name: u.Name, Post: u.post().ID,
		Role: u.Role, Body: u.Body, Organisation: u.Organisation,
	}
}

func (u User) post() ledger.Post {
	return ledger.Post{
		ID: u.Username + "-1", Role: u.Role, Body: u.Body, Organisation: u.Organisation,
		Title: u.Title, Since: date("2024-01-01"),
	}
}

// named returns the user with the name; the sample names reviewers by it.
func named(name string) User {
	for _, u := range users {
		if u.Name == name {
			return u
		}
	}
	panic("demo: nobody is called " + name)
}

// of returns the first user in the role for the organisation.
func of(organisation string, role ledger.Role) User {
	for _, u := range users {
		if u.Organisation == organisation && u.Role == role {
			return u
		}
	}
	panic("demo: nobody is " + string(role) + " of " + organisation)
}
