package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// Kinds of todo, as they stand in the address of the workbench.
const (
	todoReview = "review" // something is judged, filled in or closed
	todoUrge   = "urge"   // somebody is reminded, or a deadline is near
	todoPaper  = "paper"  // a letter or a document moves on
)

var todoKinds = []string{todoReview, todoUrge, todoPaper}

// A todo is one thing that waits for the actor. It is derived from the record
// whenever the page is drawn, and gone when it is done.
type todo struct {
	Kind, Icon, Title, Sub string
	Href, Act              string // where it is done, and the wording of the button
	Due                    workday.Date
	Since                  string // for those without a date: since when, in words
}

// Stretches of time, in the order in which they are shown. What has no date
// stands before what is far away.
const (
	whenOverdue = iota
	whenToday
	whenWeek
	whenOpen
	whenLater
)

var whenLooks = []struct{ key, icon, hue string }{
	{"overview.when.overdue", "alert-triangle", ui.Red},
	{"overview.when.today", "clock", ui.Amber},
	{"overview.when.week", "calendar-due", ""},
	{"overview.when.open", "inbox", ""},
	{"overview.when.later", "calendar-due", ""},
}

// stretchOf says into which stretch a date falls. A week ends on Sunday.
func stretchOf(due, today workday.Date) int {
	if due.IsZero() {
		return whenOpen
	}
	sunday := today.AddDays((7 - int(today.Weekday())) % 7)
	switch {
	case due.Before(today):
		return whenOverdue
	case due == today:
		return whenToday
	case !due.After(sunday):
		return whenWeek
	default:
		return whenLater
	}
}

// grouped puts todos under the stretches of time; those with the earlier date
// come first.
func grouped(ctx context.Context, list []todo, today workday.Date) []ui.TodoGroup {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b todo) int {
		return cmp.Or(cmp.Compare(stretchOf(a.Due, today), stretchOf(b.Due, today)), a.Due.Compare(b.Due))
	})
	var groups []ui.TodoGroup
	last := -1
	for _, t := range list {
		if w := stretchOf(t.Due, today); w != last {
			look := whenLooks[w]
			groups, last = append(groups, ui.TodoGroup{Title: lang.T(ctx, look.key), Icon: look.icon, Hue: look.hue}), w
		}
		g := &groups[len(groups)-1]
		g.Items = append(g.Items, t.item(ctx, today))
	}
	return groups
}

func (t todo) item(ctx context.Context, today workday.Date) ui.Todo {
	item := ui.Todo{Icon: t.Icon, Title: t.Title, Sub: t.Sub, Href: t.Href, Act: t.Act, Due: t.Since}
	if !t.Due.IsZero() {
		item.Light, item.Due = ui.LightFor(lang.From(ctx), t.Due.Sub(today), warnDays)
		if item.Light == ui.Far {
			item.Light, item.Due = "", lang.Date(lang.From(ctx), t.Due.String())
		}
	}
	return item
}

// ofKind picks the todos of one kind, all of them for "".
func ofKind(list []todo, kind string) []todo {
	if kind == "" {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(t todo) bool { return t.Kind != kind })
}

// submissionPath is the address of what was sent.
func submissionPath(id string) string { return "/submissions/" + url.PathEscape(id) }

// since words the day from which something has been waiting.
func (st standing) since(ctx context.Context, at time.Time) string {
	return lang.T(ctx, "overview.since", st.dayOf(ctx, at))
}
