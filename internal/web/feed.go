package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// feedLength is how many acts the feed shows.
const feedLength = 7

// feed is what was last done in the round, from the trail.
func (s *Server) feed(ctx context.Context, st standing) ([]ui.Feed, error) {
	db := s.Supervise.DB.Read()
	deeds, err := db.Deeds(ctx, policy.ScopeOf(st.Who), st.Round.Number, feedLength)
	if err != nil || len(deeds) == 0 {
		return nil, err
	}
	var ids []string
	for _, d := range deeds {
		ids = append(ids, d.Person)
	}
	people, err := db.Names(ctx, ids)
	if err != nil {
		return nil, err
	}
	bodies, err := db.Bodies(ctx)
	if err != nil {
		return nil, err
	}
	var list []ui.Feed
	for _, d := range deeds {
		item := ui.Feed{When: st.feedTime(d), Who: st.doer(ctx, d, people, bodies), Text: lang.T(ctx, "overview.did."+d.Event)}
		item.Link, item.After = st.object(ctx, d)
		list = append(list, item)
	}
	return list, nil
}

// feedTime is the time of the day for today, the date for what is older.
func (st standing) feedTime(d store.Deed) string {
	at := d.At.In(st.AsOf.Location())
	if day := workday.In(at, at.Location()); day != st.Today {
		return lang.ShortDate(day.String(), st.Today.String())
	}
	return lang.ClockTime(at)
}

// doer names who acted. An inspected organisation is told for whom the others
// act, not who they are.
func (st standing) doer(ctx context.Context, d store.Deed, people map[string]string, bodies []ledger.Body) string {
	acted := bodyName(bodies, d.For)
	if d.For == d.Organisation {
		acted = st.name(d.For)
	}
	if st.Who.Organisation != "" && d.For != st.Who.Organisation {
		return acted
	}
	name, known := people[d.Person]
	if !known {
		return acted
	}
	if st.Who.Organisation != "" {
		return name // one of their own
	}
	return lang.T(ctx, "overview.doer", name, acted)
}

// object is what the act was done to, as a link, and the words after it.
func (st standing) object(ctx context.Context, d store.Deed) (ui.Link, string) {
	switch {
	case d.Submission != "":
		label := lang.T(ctx, "overview.paper.short."+string(d.Doc), d.Number)
		if st.Who.Organisation == "" {
			label = lang.T(ctx, "overview.paper.of", st.name(d.Organisation), label)
		}
		after := ""
		if d.Count > 0 {
			after = " " + lang.T(ctx, "overview.did.count", d.Count)
		}
		return ui.Link{Href: submissionPath(d.Submission), Label: label}, after
	case d.Finding != "":
		return ui.Link{Href: findingPath(d.Finding), Label: d.Finding}, ""
	default:
		label := lang.T(ctx, "count.findings", d.Count)
		if st.Who.Organisation == "" {
			label = lang.T(ctx, "overview.findings_of", st.name(d.Organisation), d.Count)
		}
		return ui.Link{Href: ledgerPath(st.Round.Number, "organisation", d.Organisation), Label: label}, ""
	}
}
