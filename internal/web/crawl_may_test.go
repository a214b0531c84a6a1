package web

import (
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/web/static"
)

// What follows is the intention, written down a second time: a mistake in the
// table of package policy or in the access of a route shows as a difference.

// posters says who may send a form to addresses with a prefix. The first that
// fits counts.
var posters = []struct {
	prefix string
	roles  string // names of the cast, or "everybody", or "signed in"
}{
	{"/theme", "everybody"},
	{"/language", "everybody"},
	{"/signin", "everybody"},
	{"/setup", "everybody"},
	{"/signout", "signed in"},
	{"/capacity", "signed in"},
	{"/me", "signed in"},
	{"/drafts", "signed in"},
	{"/people", "sysadmin secadmin"},
	{"/organisations", "clerk sysadmin"},
	{"/bodies", "clerk sysadmin"},
	{"/mechanisms", "clerk sysadmin"},
	{"/templates", "clerk sysadmin"},
	{"/headings", "clerk sysadmin"},
	{"/rounds/8/send", "liaison head foreign"},
	{"/rounds/8/fill", "liaison head foreign"}, // each writes for the own organisation
	{"/rounds/8/papers", "liaison head foreign"},
	{"/rounds/8/closing", "liaison head foreign"},
	{"/rounds/8/ledger/assign", "clerk"},
	{"/rounds/8/recusals", "clerk discipline personnel team otherteam"},
	{"/rounds/8/exports/choice", "clerk discipline personnel team otherteam liaison head foreign leader"}, // kept for themselves
	{"/rounds/99/exports/choice", "clerk discipline personnel team otherteam liaison head foreign leader"},
	{"/rounds/8/documents/duty_list", "clerk discipline personnel team otherteam leader"},
	{"/rounds/8/documents/plan", "clerk liaison head foreign"},
	{"/rounds/8/documents/report", "clerk liaison head foreign"},
	{"/rounds/8/documents/head_report", "clerk liaison head foreign"},
	{"/rounds/8/documents/public", "clerk liaison head foreign"},
	{"/rounds", "clerk"},
	{"/designs", "clerk"},
	{"/submissions", "liaison head foreign"},
	{"/review", "clerk discipline personnel team otherteam"},
	{"/consolidate", "clerk"},
	{"/meetings", "clerk"},
	{"/findings/", "clerk liaison head foreign"},
	{"/trail", "auditor"},
}

// mayPost reports whether anything but a refusal may be the answer to a form of
// this person.
func (c *crawler) mayPost(to string) bool {
	for _, p := range posters {
		if !strings.HasPrefix(to, p.prefix) {
			continue
		}
		switch {
		case p.roles == "everybody", p.roles == "signed in" && c.who != "":
			return true
		case c.who == "" || !strings.Contains(" "+p.roles+" ", " "+c.who+" "):
			return false
		}
		code := organisationIn(to)
		return code == "" || c.sees(code)
	}
	c.t.Errorf("nobody has said who may post to %s; see posters", to)
	return false
}

// mayRead reports whether a page may be the answer: a case page is closed to
// administrators and to strangers, and nothing but a few pages is open to nobody.
func (c *crawler) mayRead(to string) bool {
	path, _, _ := strings.Cut(to, "?")
	if path == "/healthz" || strings.HasPrefix(path, static.Prefix) || strings.HasPrefix(path, "/signin") || strings.HasPrefix(path, "/setup") ||
		path == apiPrefix+"/docs" || strings.HasPrefix(path, apiPrefix+"/openapi") {
		return true
	}
	if c.who == "" {
		return false
	}
	switch cast[c.who].Role {
	case ledger.SysAdmin, ledger.SecAdmin, ledger.Auditor:
		for _, p := range []string{"/people", "/me", "/organisations", "/bodies", "/mechanisms", "/templates", "/headings", "/trail"} {
			if strings.HasPrefix(path, p) {
				return true
			}
		}
		return path == "/"
	default:
		if strings.Contains(path, "/exports/opinions") && cast[c.who].Organisation != "" || strings.HasPrefix(path, "/designs") && c.who != "clerk" {
			return false
		}
		meets := strings.Contains(path, "/meetings") || strings.HasSuffix(path, "/disputes")
		if meets && cast[c.who].Organisation != "" {
			return false
		}
		code := organisationIn(path)
		return code == "" || c.sees(code)
	}
}
