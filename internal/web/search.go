package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/phrase"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// How much a search shows.
const (
	hitsOfEach = 5  // of every kind, on the first page
	hitsOfKind = 20 // on a page of one kind
	excerptsOf = 2  // passages of a hit
	around     = 36 // characters before and after what was asked for
)

// searchKinds is what can be found, in the order of the page.
var searchKinds = []store.PassageKind{
	store.FindingPassage, store.ReportPassage, store.OpinionPassage, store.LetterPassage, store.EvidencePassage,
}

// searchData is the answer to a search.
type searchData struct {
	Text          string
	Kind          store.PassageKind // "" for all
	Round         int
	Organisation  string
	Before        int64
	Groups        []hitGroup
	Rounds        []store.RoundName
	Organisations map[string]string // short names of those among the hits, and of the one asked for
}

// A hitGroup is the hits of one kind. Next leads to more of them.
type hitGroup struct {
	Kind store.PassageKind
	Hits []hit
	Next string
}

// A hit is one text that holds what was asked for.
type hit struct {
	Href, Number, Title, Meta string
	Exact, Draft              bool
	Excerpts                  [][]phrase.Piece
}

// search looks in all rounds, within the scope.
func (s *Server) search(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	ctx := r.Context()
	q := r.URL.Query()
	d := searchData{Text: strings.TrimSpace(q.Get("q")), Organisation: q.Get("organisation"), Organisations: map[string]string{}}
	d.Round, _ = strconv.Atoi(q.Get("round"))
	d.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	if k := store.PassageKind(q.Get("kind")); slices.Contains(searchKinds, k) {
		d.Kind = k
	}
	if d.Text != "" {
		if err := s.look(ctx, policy.ScopeOf(who), &d); err != nil {
			return err
		}
	}
	page, err := s.page(r, who, frame{Title: lang.T(ctx, "find.title"), At: "ledger"})
	if err != nil {
		return err
	}
	page.Query = d.Text
	return render(w, r, http.StatusOK, ui.Shell(page, searchPage(d)))
}

// look fills in the groups.
func (s *Server) look(ctx context.Context, scope policy.Scope, d *searchData) error {
	db := s.Supervise.DB.Read()
	kinds := searchKinds
	limit := hitsOfEach
	if d.Kind != "" {
		kinds, limit = []store.PassageKind{d.Kind}, hitsOfKind
	}
	var all []store.Passage
	found := map[store.PassageKind]found{}
	for _, kind := range kinds {
		q := store.Question{Text: d.Text, Kind: kind, Round: d.Round, Organisation: d.Organisation, Before: d.Before, Limit: limit}
		f, err := seek(ctx, db, scope, q)
		if err != nil {
			return err
		}
		found[kind] = f
		all = append(append(all, f.exact...), f.rest...)
	}
	names, err := s.namesFor(ctx, db, scope, all, d)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		g := hitGroup{Kind: kind}
		f := found[kind]
		for i, p := range append(f.exact[:len(f.exact):len(f.exact)], f.rest...) {
			g.Hits = append(g.Hits, names.hit(ctx, p, d.Text, i < len(f.exact)))
		}
		switch {
		case f.more && d.Kind == "":
			g.Next = d.href("kind", string(kind))
		case f.more:
			g.Next = d.href("before", strconv.FormatInt(f.rest[len(f.rest)-1].Serial, 10))
		}
		if len(g.Hits) > 0 {
			d.Groups = append(d.Groups, g)
		}
	}
	return nil
}

// found is what one kind holds: what has the number that was typed, and the rest,
// newest first.
type found struct {
	exact, rest []store.Passage
	more        bool
}

func seek(ctx context.Context, db store.Reader, scope policy.Scope, q store.Question) (f found, err error) {
	if f.rest, f.more, err = db.Passages(ctx, scope, q); err != nil {
		return f, err
	}
	if strings.ContainsAny(phrase.Fold(q.Text), "0123456789") {
		if f.exact, err = db.Exact(ctx, scope, q); err != nil {
			return f, err
		}
	}
	is := map[int64]bool{}
	for _, p := range f.exact {
		is[p.Serial] = true
	}
	f.rest = slices.DeleteFunc(f.rest, func(p store.Passage) bool { return is[p.Serial] })
	if q.Before > 0 {
		f.exact = nil // they stand on the first page
	}
	f.more = f.more && len(f.rest) > 0
	return f, nil
}

// hitNames words what passages refer to.
type hitNames struct {
	titles        map[string]string
	organisations map[string]string
	rounds        map[int]ledger.Round
}

func (s *Server) namesFor(ctx context.Context, db store.Reader, scope policy.Scope, list []store.Passage, d *searchData) (n hitNames, err error) {
	n = hitNames{titles: map[string]string{}, organisations: d.Organisations, rounds: map[int]ledger.Round{}}
	var numbers, codes []string
	for _, p := range list {
		numbers, codes = append(numbers, p.Finding), append(codes, p.Organisation)
		if _, known := n.rounds[p.Round]; !known {
			if n.rounds[p.Round], err = db.Round(ctx, p.Round); err != nil {
				return n, err
			}
		}
	}
	rows, _, err := db.Findings(ctx, scope, store.Filter{Number: distinct(numbers)}, store.Page{Sort: store.ByNumber, Limit: len(numbers) + 1})
	if err != nil {
		return n, err
	}
	for _, f := range rows {
		n.titles[f.Number] = f.Title
	}
	if d.Organisation != "" && (scope.Organisation == "" || scope.Organisation == d.Organisation) {
		codes = append(codes, d.Organisation)
	}
	organisations, err := db.OrganisationsNamed(ctx, distinct(codes))
	if err != nil {
		return n, err
	}
	for code, o := range organisations {
		n.organisations[code] = o.NameOn(s.today()).Short
	}
	d.Rounds, err = db.RoundNames(ctx, 50)
	return n, err
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// hit words one passage.
func (n hitNames) hit(ctx context.Context, p store.Passage, question string, exact bool) hit {
	h := hit{Number: p.Finding, Title: n.titles[p.Finding], Exact: exact, Draft: !p.Sent, Href: findingPath(p.Finding)}
	meta := []string{n.rounds[p.Round].Name, or(n.organisations[p.Organisation], p.Organisation)}
	doc := ledger.WholeDoc(p.Finding)
	if doc != "" {
		h.Number, h.Title, h.Href = "", lang.T(ctx, "doc."+string(doc)), submissionPath(p.Submission)
	}
	switch p.Kind {
	case store.ReportPassage:
		if p.Submission == "" {
			meta = append(meta, lang.T(ctx, "find.registered"))
		} else {
			h.Href = submissionPath(p.Submission)
			meta = append(meta, p.Submission)
		}
	case store.OpinionPassage:
		meta = append(meta, n.party(ctx, p))
	case store.LetterPassage:
		h.Href = submissionPath(p.Submission) + "/letter"
		if p.Finding == "" {
			h.Title = lang.T(ctx, "find.letter", p.Body)
		}
		meta = append(meta, p.Submission)
	case store.EvidencePassage:
		h.Number, h.Title = "", p.Head
		h.Href = findingPath(p.Finding, "evidence", url.PathEscape(p.Evidence()))
		if doc != "" {
			h.Href = filePath(p.Submission, p.Evidence())
		}
		h.Href += "/view?q=" + url.QueryEscape(question)
		if p.SHA256 == "" {
			h.Href = numberPath(p.Submission, p.Finding) // named, but never uploaded
		}
		meta = append(meta, p.Finding)
	case store.FindingPassage, store.DraftPassage:
		h.Draft = false // nothing of a finding is unsent as a whole
	}
	h.Meta = strings.Join(meta, " · ")
	h.Excerpts = phrase.Excerpts(or(p.Body, h.Title), phrase.Terms(question), excerptsOf, around)
	return h
}

func (n hitNames) party(ctx context.Context, p store.Passage) string {
	x, _ := n.rounds[p.Round].Mechanism.Party(joint.Party(p.Party))
	return or(named(ctx, x.Name, x.NameEn), p.Party)
}

// href is the address of the search with one thing changed; the place in the list
// is kept only where it is what changes.
func (d searchData) href(name, value string) string {
	v := url.Values{"q": {d.Text}}
	for field, x := range map[string]string{"kind": string(d.Kind), "organisation": d.Organisation, "round": zeroless(d.Round)} {
		if x != "" {
			v.Set(field, x)
		}
	}
	v.Del(name)
	if value != "" {
		v.Set(name, value)
	}
	return ui.SearchPath + "?" + v.Encode()
}

func zeroless(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// filters are those of the bar above the hits.
func (d searchData) filters(ctx context.Context) []listFilter {
	kind := listFilter{Name: "kind", Icon: "folder", Label: lang.T(ctx, "find.kind")}
	for _, k := range searchKinds {
		kind.Choices = append(kind.Choices, ui.Link{Href: d.href("kind", string(k)), Label: lang.T(ctx, "find.kind."+string(k))})
	}
	if d.Kind != "" {
		kind.Value, kind.Word = string(d.Kind), lang.T(ctx, "find.kind."+string(d.Kind))
	}
	round := listFilter{Name: "round", Icon: "calendar-due", Label: lang.T(ctx, "word.round"), Value: zeroless(d.Round), Word: zeroless(d.Round)}
	for _, x := range d.Rounds {
		round.Choices = append(round.Choices, ui.Link{Href: d.href("round", strconv.Itoa(x.Number)), Label: x.Name})
		if x.Number == d.Round {
			round.Word = x.Name
		}
	}
	organisation := listFilter{Name: "organisation", Icon: "building", Label: lang.T(ctx, "word.organisation"), Value: d.Organisation}
	organisation.Word = or(d.Organisations[d.Organisation], d.Organisation)
	for _, code := range slices.Sorted(maps.Keys(d.Organisations)) {
		organisation.Choices = append(organisation.Choices, ui.Link{Href: d.href("organisation", code), Label: d.Organisations[code]})
	}
	return []listFilter{kind, round, organisation}
}

// kept are the fields that go along when the words are changed.
func (d searchData) kept() (list []ui.Hidden) {
	for _, f := range []ui.Hidden{{Name: "kind", Value: string(d.Kind)}, {Name: "round", Value: zeroless(d.Round)}, {Name: "organisation", Value: d.Organisation}} {
		if f.Value != "" {
			list = append(list, f)
		}
	}
	return list
}
