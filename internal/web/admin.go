package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// An adminTask is a part of the site that an administrator works in.
type adminTask struct {
	ui.Link
	Icon, Text string
}

// adminView lists what those may do who see no cases, taken from the navigation.
func adminView(ctx context.Context, who policy.Actor) (tasks []adminTask) {
	for _, g := range navGroups {
		for _, e := range g.entries {
			if e.page == policy.PageLedger || !policy.CanOpen(who, e.page) {
				continue
			}
			tasks = append(tasks, adminTask{
				Link: ui.Link{Href: e.href(0), Label: lang.T(ctx, "nav."+e.at)},
				Icon: e.icon, Text: lang.T(ctx, "overview.admin."+string(who.Role)+"."+e.at),
			})
		}
	}
	return append(tasks, adminTask{
		Link: ui.Link{Href: mePath, Label: lang.T(ctx, "shell.settings")}, Icon: "settings", Text: lang.T(ctx, "overview.admin.me"),
	})
}
