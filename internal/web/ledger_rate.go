package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// rateOfList is the rate whose findings the list shows, with both its counts; nil
// where the address names none. The counts obey the filters beside the rate, so
// that the figure and the list below it are of the same findings.
func (s *Server) rateOfList(ctx context.Context, who policy.Actor, q listQuery, round int, l lang.Tag) (*ui.Rate, error) {
	if q.Rate == nil {
		return nil, nil
	}
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	counted := q.filter(round)
	num, err := db.CountFindings(ctx, scope, counted)
	if err != nil {
		return nil, err
	}
	counted.Claim, counted.Stages, counted.Position = "", nil, ""
	den, err := db.CountFindings(ctx, scope, counted)
	if err != nil {
		return nil, err
	}
	name := q.Rate.Name
	whole := q.href("rate", "", "view", viewAll)
	if q.Rate.OrganCadre {
		whole = q.href("rate", "", "view", viewCadre)
	}
	return &ui.Rate{
		Name: lang.Say(l, "rate."+name), Num: num, Den: den,
		NumName: lang.Say(l, "ledger_page.rate.num."+name), DenName: lang.Say(l, "ledger_page.rate.den."+name),
		Definition: lang.Say(l, q.Rate.Code), AsOf: lang.Moment(s.now().In(s.Supervise.Zone)),
		Href: q.href(), DenHref: whole,
	}, nil
}
