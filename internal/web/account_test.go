package web

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"lianshen/internal/policy"
	"lianshen/internal/store/storetest"
	"lianshen/internal/supervise"
)

const password = "river-7-otter"

// A visitor is a browser with its cookies, on a site with real sessions.
type visitor struct {
	t       *testing.T
	s       *Server
	handler http.Handler
	cookies map[string]string
	log     *bytes.Buffer
}

// installed is a site with nobody on it, and its set-up link.
func installed(t *testing.T, change func(*Config)) (v *visitor, link string) {
	log := &bytes.Buffer{}
	c := Config{Supervise: supervise.New(storetest.SQLite(t), storetest.Zone), Log: slog.New(slog.NewTextHandler(log, nil))}
	if change != nil {
		change(&c)
	}
	token, _, err := c.Supervise.EnsureSetUpToken(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := New(c)
	return &visitor{t, s, s.Handler(), map[string]string{}, log}, SetUpURL("", token)
}

// another is a second browser on the same site.
func (v *visitor) another() *visitor {
	return &visitor{v.t, v.s, v.handler, map[string]string{}, v.log}
}

func (v *visitor) send(r *http.Request) *httptest.ResponseRecorder {
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	return w
}

func (v *visitor) get(path string) *httptest.ResponseRecorder {
	return v.send(httptest.NewRequest("GET", path, nil))
}

func (v *visitor) post(path string, fields ...string) *httptest.ResponseRecorder {
	values := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Referer", "http://example.com/findings/08-JT-001/fill")
	return v.send(r)
}

// sees checks an answer and returns its page.
func (v *visitor) sees(w *httptest.ResponseRecorder, code int, words ...string) string {
	v.t.Helper()
	body := w.Body.String()
	if w.Code != code {
		v.t.Fatalf("code %d, want %d; body:\n%s", w.Code, code, body)
	}
	for _, word := range words {
		if !strings.Contains(body, word) {
			v.t.Errorf("the page does not say %q:\n%s", word, body)
		}
	}
	return body
}

func (v *visitor) goesTo(w *httptest.ResponseRecorder, to string) {
	v.t.Helper()
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != to {
		v.t.Fatalf("code %d to %q, want 303 to %q; body:\n%s", w.Code, got, to, w.Body)
	}
}

func (v *visitor) setUp(link string, more ...string) *httptest.ResponseRecorder {
	u, _ := url.Parse(link)
	fields := []string{
		"token", u.Query().Get("token"), "body_office", "云溪县委巡察办", "body_discipline", "县纪委监委", "body_personnel", "县委组织部",
		"teams", "县委第一巡察组\r\n\r\n县委第二巡察组",
		"person1_name", "周明丽", "person1_username", "zhou", "person1_password", password, "person1_again", password,
		"person1_sysadmin", "on", "person1_clerk", "on",
	}
	return v.post("/setup", append(fields, more...)...)
}

// staffed is a site set up by zhou, who is signed in.
func staffed(t *testing.T, change func(*Config)) *visitor {
	v, link := installed(t, change)
	v.goesTo(v.setUp(link, "person1_secadmin", "on"), "/signin?ready=1")
	v.signIn("zhou", password)
	return v
}

func (v *visitor) signIn(username, password string) {
	v.t.Helper()
	if w := v.post("/signin", "username", username, "password", password); w.Code != http.StatusSeeOther {
		v.t.Fatalf("sign in as %s: code %d; body:\n%s", username, w.Code, w.Body)
	}
}

// become switches to the post with the role's word in its label.
func (v *visitor) become(role string) {
	v.t.Helper()
	menu := regexp.MustCompile(`(?s)name="capacity" value="([^"]+)">.*?` + role).FindStringSubmatch(v.get("/me").Body.String())
	if menu == nil {
		v.t.Fatalf("no post %s to switch to", role)
	}
	if w := v.post("/capacity", "capacity", menu[1]); w.Code != http.StatusSeeOther {
		v.t.Fatalf("switch to %s: code %d; body:\n%s", role, w.Code, w.Body)
	}
}

func TestEmptyInstallationIsSetUpOnce(t *testing.T) {
	v, link := installed(t, nil)
	v.sees(v.get("/setup?token=lsu_guess"), http.StatusNotFound)
	w := v.get(link)
	v.sees(w, http.StatusOK, "首次设置", "三员分立", `value="巡察办"`)
	if got := w.Header().Get("Referrer-Policy"); got != "origin" {
		t.Errorf("referrer policy %q would hand the secret on", got)
	}
	body := v.sees(v.setUp(link), http.StatusUnprocessableEntity, "还没有人承担“安全管理员”", `value="zhou"`, "县委第二巡察组")
	if strings.Contains(body, password) {
		t.Error("the page gives a password back")
	}
	v.sees(v.setUp(link, "person2_name", "李"), http.StatusUnprocessableEntity, "密码至少 10 个字符")
	v.goesTo(v.setUp(link, "person1_secadmin", "on"), "/signin?ready=1")
	v.sees(v.get("/signin?ready=1"), http.StatusOK, "设置完成")
	v.sees(v.get(link), http.StatusNotFound)

	bodies, err := v.s.Supervise.DB.Read().Bodies(t.Context())
	if err != nil || len(bodies) != 5 || bodies[4].Code != "team-2" || bodies[4].Name != "县委第二巡察组" {
		t.Errorf("bodies %+v, %v", bodies, err)
	}
	v.signIn("zhou", password)
	v.sees(v.get("/me"), http.StatusOK, "周明丽", "巡察办 · 云溪县委巡察办")
	if u, _ := url.Parse(link); strings.Contains(v.log.String(), u.Query().Get("token")) || strings.Contains(v.log.String(), password) {
		t.Errorf("a secret stands in the log:\n%s", v.log)
	}
}

func TestSignInTellsNotWhichIsWrong(t *testing.T) {
	v := staffed(t, nil)
	guest := v.another()
	known := guest.sees(guest.post("/signin", "username", "zhou", "password", "wrong-9-guess"), http.StatusUnprocessableEntity, "用户名或者密码不正确")
	unknown := guest.sees(guest.post("/signin", "username", "nemo", "password", "wrong-9-guess"), http.StatusUnprocessableEntity)
	if strings.ReplaceAll(known, "zhou", "") != strings.ReplaceAll(unknown, "nemo", "") {
		t.Error("the page tells a username that exists from one that does not")
	}
	for range 4 {
		guest.post("/signin", "username", "zhou", "password", "wrong-9-guess")
	}
	guest.sees(guest.post("/signin", "username", "zhou", "password", password), http.StatusUnprocessableEntity, "账号已锁定，2026-03-24 10:15 以后可以再试")
	if strings.Contains(v.log.String(), "wrong-9-guess") {
		t.Error("a password stands in the log")
	}
}

func TestSignedOutGoesBackWhereItWas(t *testing.T) {
	v := staffed(t, nil)
	guest := v.another()
	guest.goesTo(guest.get("/people?after=x"), "/signin?next=%2Fpeople%3Fafter%3Dx")
	guest.goesTo(guest.post("/me/keys"), "/signin?next=%2Ffindings%2F08-JT-001%2Ffill")
	guest.sees(guest.get("/signin?next=%2Fpeople"), http.StatusOK, `name="next" value="/people"`)
	guest.goesTo(guest.post("/signin", "username", "zhou", "password", password, "next", "//evil.example"), "/")
	v.goesTo(v.post("/signout"), "/signin")
	v.goesTo(v.get("/me"), "/signin?next=%2Fme")
}

func TestSessionCookieIsGuarded(t *testing.T) {
	for name, secure := range map[string]bool{"lianshen_session": false, "__Host-lianshen_session": true} {
		v := staffed(t, func(c *Config) { c.Secure = secure })
		w := v.post("/signin", "username", "zhou", "password", password)
		c := w.Result().Cookies()[0]
		if c.Name != name || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("cookie %+v", c)
		}
	}
}

func TestDemonstrationOffersRolesAndNothingElseDoes(t *testing.T) {
	users := []DemoUser{{Username: "zhou", Name: "周明丽", Role: "clerk", For: "office"}}
	v := staffed(t, func(c *Config) { c.Demo = users; c.Supervise.Demo = true })
	guest := v.another()
	guest.sees(guest.get("/signin"), http.StatusOK, "演示", "周明丽", ">巡察办<", "云溪县委巡察办")
	guest.goesTo(guest.post("/signin/demo", "username", "zhou"), "/")
	guest.sees(guest.get("/me"), http.StatusOK, "周明丽")
	guest.sees(guest.post("/signin/demo", "username", "nemo"), http.StatusNotFound)

	real := staffed(t, nil).another()
	if body := real.get("/signin").Body.String(); strings.Contains(body, "演示") {
		t.Error("the sign-in page of an office speaks of a demonstration")
	}
	real.sees(real.post("/signin/demo", "username", "zhou"), http.StatusNotFound)
}

func TestAdministratorsShareTheWorkOnPeople(t *testing.T) {
	v := staffed(t, nil)
	v.sees(v.get("/people"), http.StatusForbidden) // as a clerk
	v.become("系统管理员")
	v.sees(v.get("/people"), http.StatusOK, "职责未分立", "新增用户")
	page := v.sees(v.post("/people", "name", "葛红", "username", "Ge"), http.StatusOK, "初始密码", "重置密码", "停用账号")
	if strings.Contains(page, "任命</button>") {
		t.Error("a system administrator is offered to appoint")
	}
	initial := regexp.MustCompile(`data-secret[^>]*>([^<]+)<`).FindStringSubmatch(page)[1]
	v.sees(v.post("/people", "name", "葛虹", "username", "ge"), http.StatusUnprocessableEntity, "已有人使用", `value="葛虹"`)
	ge, err := v.s.Supervise.DB.Read().PersonNamed(t.Context(), "ge")
	if err != nil {
		t.Fatal(err)
	}
	path := "/people/" + ge.ID
	v.sees(v.post(path+"/posts", "role", "auditor"), http.StatusForbidden)

	guest := v.another()
	guest.signIn("ge", initial)
	guest.goesTo(guest.get("/people"), "/me")
	guest.sees(guest.get("/me"), http.StatusOK, "初始密码")
	guest.sees(guest.post("/me/password", "old", "nonsense-1-x", "new", "maple-3-heron", "again", "maple-3-heron"), http.StatusUnprocessableEntity, "原密码不正确")
	guest.sees(guest.post("/me/password", "old", initial, "new", "maple-3-heron", "again", "maple"), http.StatusUnprocessableEntity, "不一致")
	guest.goesTo(guest.post("/me/password", "old", initial, "new", "maple-3-heron", "again", "maple-3-heron"), "/me?changed=1")
	guest.sees(guest.get("/me?changed=1"), http.StatusOK, "密码已修改", "没有任职")

	v.become("安全管理员")
	page = v.sees(v.get(path), http.StatusOK, "任命")
	if strings.Contains(page, "重置密码</button>") || strings.Contains(page, "停用账号</button>") {
		t.Error("a security administrator is offered what is the system administrator's")
	}
	v.sees(v.post(path+"/posts", "role", "reviewer"), http.StatusUnprocessableEntity, "监督主体")
	v.sees(v.post(path+"/posts", "role", "liaison", "organisation", "XX 无此单位"), http.StatusUnprocessableEntity, "没有代码为“XX”的党组织")
	v.sees(v.post(path+"/posts", "role", "auditor", "since", "昨天"), http.StatusUnprocessableEntity, "不是日期")
	v.goesTo(v.post(path+"/posts", "role", "reviewer", "body", "discipline", "title", "科长"), path)
	guest.signIn("ge", "maple-3-heron")
	guest.sees(guest.get("/me"), http.StatusOK, "审核人员 · 县纪委监委")

	ge, _ = v.s.Supervise.DB.Read().Person(t.Context(), ge.ID)
	end := path + "/posts/" + ge.Posts[0].ID + "/end"
	v.sees(v.post(end, "until", "2020-01-01"), http.StatusUnprocessableEntity, "不能早于")
	v.goesTo(v.post(end, "until", "2026-03-24"), path)
	v.become("系统管理员")
	v.goesTo(v.post(path+"/disable"), path)
	guest.goesTo(guest.get("/me"), "/signin?next=%2Fme")
	v.goesTo(v.post(path+"/enable"), path)
	v.sees(v.post(path+"/password"), http.StatusOK, "初始密码")
	if strings.Contains(v.log.String(), initial) {
		t.Error("an initial password stands in the log")
	}
}

func TestTokenIsShownOnce(t *testing.T) {
	v := staffed(t, nil)
	page := v.sees(v.post("/me/tokens", "name", "夜间导出", "scope", "read", "days", "90"), http.StatusOK, "只显示这一次", "2026-06-22")
	secret := regexp.MustCompile(`lsa_[\w-]+`).FindString(page)
	if who, err := v.s.Supervise.WhoIsToken(t.Context(), secret); err != nil || !who.ReadOnly {
		t.Errorf("the token shown is %+v, %v", who, err)
	}
	again := v.sees(v.get("/me"), http.StatusOK, "夜间导出")
	if strings.Contains(again, secret) || strings.Contains(v.log.String(), secret) {
		t.Error("the token is shown again, or logged")
	}
	v.sees(v.post("/me/tokens", "name", "", "scope", "read", "days", "90"), http.StatusUnprocessableEntity, "请填写令牌名称")
	v.sees(v.post("/me/tokens", "name", "x", "scope", "all", "days", "90"), http.StatusUnprocessableEntity, "没有“all”这种令牌权限")
	revoke := regexp.MustCompile(`/me/tokens/[^/"]+/revoke`).FindString(again)
	v.goesTo(v.post(revoke), "/me")
	v.sees(v.post(revoke), http.StatusNotFound)
	if _, err := v.s.Supervise.WhoIsToken(t.Context(), secret); err == nil {
		t.Error("a revoked token is good")
	}
}

func TestShortcutsCanBeSwitchedOff(t *testing.T) {
	v := staffed(t, nil)
	v.sees(v.get("/me"), http.StatusOK, `data-keys="on"`)
	v.goesTo(v.post("/me/keys"), "/me")
	v.sees(v.get("/me"), http.StatusOK, `data-keys="off"`)
}

func TestDraftIsThereAfterTheSessionWasLost(t *testing.T) {
	v := staffed(t, nil)
	const form = "/drafts/fill:08-JT-001"
	if w := v.post(form, "cause", "监管不严", "seen", "3", "key", "k1"); w.Code != http.StatusNoContent || w.Header().Get("X-Saved-At") != "10:00" {
		t.Fatalf("code %d, saved at %q", w.Code, w.Header().Get("X-Saved-At"))
	}
	old := v.another()
	v.goesTo(v.post("/signout"), "/signin")
	old.goesTo(old.post(form, "cause", "别人"), "/signin?next=%2Ffindings%2F08-JT-001%2Ffill")
	v.signIn("zhou", password)
	who, err := v.s.Supervise.WhoIs(t.Context(), v.cookies[sessionCookie])
	if err != nil {
		t.Fatal(err)
	}
	d, err := v.s.draft(t.Context(), who, "fill:08-JT-001")
	if err != nil || d.Fields.Get("cause") != "监管不严" || d.Fields.Get("seen") != "3" || d.Fields.Has("key") {
		t.Errorf("draft %+v, %v", d, err)
	}
	v.s.dropDraft(t.Context(), who, "fill:08-JT-001")
	if d, err := v.s.draft(t.Context(), who, "fill:08-JT-001"); err != nil || d.Fields != nil {
		t.Errorf("after the act: %+v, %v", d, err)
	}
	v.sees(v.post(form, "cause", strings.Repeat("长", maxDraft)), http.StatusRequestEntityTooLarge)
	v.sees(v.post(form, "cause", "\xff"), http.StatusBadRequest)
	v.sees(v.post(form, "cause", "a\x00b"), http.StatusBadRequest)
}

func TestEverybodyBeginsWhereTheirWorkIs(t *testing.T) {
	for name, want := range map[string]string{
		"clerk": "/", "liaison": "/", "leader": "/", "sysadmin": "/people", "secadmin": "/people", "auditor": "/trail", "": "/me",
	} {
		if got := startOf(actors[name]); got != want {
			t.Errorf("%s begins at %s, want %s", name, got, want)
		}
	}
}

func TestTrailNamesTheSetUp(t *testing.T) {
	v := staffed(t, nil)
	v.s.WhoIs = func(context.Context, string) (policy.Actor, error) { return actors["auditor"], nil }
	body := v.sees(v.get("/trail"), http.StatusOK, "首次设置")
	if strings.Contains(body, "system:setup") {
		t.Error("the trail page shows the identity of the set-up")
	}
}
