package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// evidencePage is how many rows of evidence one page shows.
const evidencePage = 100

// evidenceListView is the evidence of a round that its reader may see.
type evidenceListView struct {
	Round  ledger.Round
	Rows   []store.EvidenceRow
	More   bool
	Filter store.EvidenceFilter
	Names  map[string]string // of organisations, by code
	Codes  []string          // of those the reader may see, in the order of the round
	Scans  map[string]store.Scan
	Query  url.Values
}

// evidenceKinds are the types one filters by, and how their media types begin.
var evidenceKinds = []struct{ word, media string }{
	{"pdf", "application/pdf"},
	{"picture", "image/"},
	{"word", "application/vnd.openxmlformats-officedocument.wordprocessingml"},
	{"sheet", "application/vnd.openxmlformats-officedocument.spreadsheetml"},
	{"text", "text/"},
	{"none", "none"},
}

func (s *Server) evidenceList(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	view := evidenceListView{Round: round, Names: map[string]string{}, Query: r.URL.Query()}
	view.Filter = view.filter()
	ctx, db, scope := r.Context(), s.Supervise.DB.Read(), policy.ScopeOf(who)
	organisations, err := db.OrganisationsOf(ctx, round.Number)
	if err != nil {
		return err
	}
	for _, o := range organisations {
		team, _ := round.Team(o.Code)
		if scope.Sees(ledger.Subject{Kind: ledger.KindFinding, Round: round.Number, Organisation: o.Code, Team: team}) {
			view.Names[o.Code] = o.NameOn(round.FeedbackOn).Short
			view.Codes = append(view.Codes, o.Code)
		}
	}
	if view.Rows, err = db.Evidence(ctx, scope, view.Filter); err != nil {
		return err
	}
	if view.More = len(view.Rows) > evidencePage; view.More {
		view.Rows = view.Rows[:evidencePage]
	}
	var digests []string
	for _, e := range view.Rows {
		if e.File.SHA256 != "" {
			digests = append(digests, e.File.SHA256)
		}
	}
	if view.Scans, err = db.ScansOf(ctx, digests); err != nil {
		return err
	}
	f := frame{Title: lang.T(ctx, "evidence.list"), At: "evidence", Round: round.Number}
	return s.show(w, r, who, f, evidenceListPage(view))
}

// filter reads the address. One row more than a page shows says whether there is
// another page.
func (v evidenceListView) filter() store.EvidenceFilter {
	f := store.EvidenceFilter{
		Round: v.Round.Number, Organisation: v.Query.Get("organisation"), Text: v.Query.Get("q"),
		Reused: v.Query.Get("noted") == "reused", Conflicting: v.Query.Get("noted") == "conflicting",
		After: v.Query.Get("after"), Limit: evidencePage + 1,
	}
	f.AfterAt, _ = strconv.Atoi(v.Query.Get("at")) // no number: from its first piece on
	for _, k := range evidenceKinds {
		if k.word == v.Query.Get("type") {
			f.Media = k.media
		}
	}
	return f
}

func (v evidenceListView) path() string { return roundPath(v.Round.Number, "evidence") }

// with is the address with one value of it changed, on the first page.
func (v evidenceListView) with(name, value string) string {
	q := url.Values{}
	for _, key := range []string{"organisation", "type", "noted", "q"} {
		if x := v.Query.Get(key); x != "" {
			q.Set(key, x)
		}
	}
	if q.Set(name, value); value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return v.path()
	}
	return v.path() + "?" + q.Encode()
}

func (v evidenceListView) kept() (kept []ui.Hidden) {
	for _, key := range []string{"organisation", "type", "noted"} {
		if x := v.Query.Get(key); x != "" {
			kept = append(kept, ui.Hidden{Name: key, Value: x})
		}
	}
	return kept
}

func (v evidenceListView) clear() string {
	if v.with("q", "") == v.path() && v.Filter.Text == "" {
		return ""
	}
	return v.path()
}

// evidenceMenu is one filter: its choices, or what is chosen and how to undo it.
type evidenceMenu struct {
	icon, label, on, off string
	choices              []ui.Link
}

func (v evidenceListView) menus(ctx context.Context) []evidenceMenu {
	organisation := evidenceMenu{icon: "building", label: lang.T(ctx, "word.organisation"), on: v.Names[v.Filter.Organisation], off: v.with("organisation", "")}
	for _, code := range v.Codes {
		organisation.choices = append(organisation.choices, ui.Link{Href: v.with("organisation", code), Label: v.Names[code]})
	}
	if len(v.Codes) < 2 {
		organisation.choices = nil
	}
	kind := evidenceMenu{icon: "file-text", label: lang.T(ctx, "evidence.type"), off: v.with("type", "")}
	for _, k := range evidenceKinds {
		word := lang.T(ctx, "evidence.type."+k.word)
		kind.choices = append(kind.choices, ui.Link{Href: v.with("type", k.word), Label: word})
		if v.Filter.Media == k.media {
			kind.on = word
		}
	}
	noted := evidenceMenu{icon: "alert-circle", label: lang.T(ctx, "evidence.noted"), off: v.with("noted", "")}
	for _, n := range []struct {
		word string
		on   bool
	}{{"reused", v.Filter.Reused}, {"conflicting", v.Filter.Conflicting}} {
		word := lang.T(ctx, "evidence.noted."+n.word)
		noted.choices = append(noted.choices, ui.Link{Href: v.with("noted", n.word), Label: word})
		if n.on {
			noted.on = word
		}
	}
	return []evidenceMenu{organisation, kind, noted}
}

// open reports whether the file may be fetched.
func (v evidenceListView) open(e store.EvidenceRow) bool {
	said := v.Scans[e.File.SHA256].Said
	return e.File.SHA256 != "" && (said == "" || said == store.Clean)
}

func (v evidenceListView) flags(ctx context.Context, e store.EvidenceRow) (flags []ui.ChipWord) {
	if flag, held := heldFlag(ctx, v.Scans[e.File.SHA256]); held {
		flags = append(flags, flag)
	}
	if e.Findings > 1 {
		flags = append(flags, ui.ChipWord{Hue: ui.Blue, Icon: "link", Word: lang.T(ctx, "evidence.findings", e.Findings)})
	}
	if e.Conflicts {
		flags = append(flags, ui.ChipWord{Hue: ui.Amber, Icon: "alert-circle", Word: lang.T(ctx, "evidence.noted.conflicting")})
	}
	if e.Versions > 1 {
		flags = append(flags, ui.ChipWord{Hue: ui.Blue, Icon: "history", Word: lang.T(ctx, "evidence.version", e.Versions)})
	}
	return flags
}

// pager leads on from the last row and, since rows are sought by it and not
// counted, back to the first page.
func (v evidenceListView) pager(context.Context) ui.Pager {
	var p ui.Pager
	if v.Filter.After != "" {
		p.Prev = v.with("q", v.Filter.Text)
	}
	if v.More {
		last := v.Rows[len(v.Rows)-1]
		next, err := url.Parse(v.with("q", v.Filter.Text))
		if err == nil {
			q := next.Query()
			q.Set("after", last.Finding)
			q.Set("at", strconv.Itoa(last.Position))
			next.RawQuery = q.Encode()
			p.Next = next.String()
		}
	}
	return p
}
