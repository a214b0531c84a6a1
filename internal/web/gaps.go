package web

import (
	"context"
	"net/http"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// mostGaps is how many gaps of one kind the page lists.
const mostGaps = 200

// gapsData lists what is missing in a round, each with whom it waits for.
type gapsData struct {
	Round    ledger.Round
	Findings []gapRow // no measure, no owner, no supervisor
	Answers  []gapRow // entries of letters without an answer
	Rechecks []gapRow // answers nobody has looked at
}

// gapRow is one gap.
type gapRow struct {
	Number, Href, Title string
	Organisation        string
	Missing             []string // in words
	Who                 []string // in the order of Missing, repeated ones once
}

func (s *Server) gaps(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	round, err := s.roundIn(r)
	if err != nil {
		return err
	}
	d, err := s.gapsOf(r.Context(), who, round)
	if err != nil {
		return err
	}
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "gaps.title"), At: "gaps", Round: round.Number}, gapsPage(d))
}

func (s *Server) gapsOf(ctx context.Context, who policy.Actor, round ledger.Round) (d gapsData, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	d.Round = round
	organisations, err := db.OrganisationsOf(ctx, round.Number)
	if err != nil {
		return d, err
	}
	names := namesOn(organisations, round)
	rows, _, err := db.Findings(ctx, scope, store.Filter{Round: round.Number, Gaps: true}, store.Page{Sort: store.ByNumber, Limit: mostGaps})
	if err != nil {
		return d, err
	}
	for _, f := range rows {
		d.Findings = append(d.Findings, gapOfFinding(ctx, f, or(names[f.Organisation], f.Organisation)))
	}
	open, err := db.Unanswered(ctx, scope, round.Number, mostGaps)
	if err != nil {
		return d, err
	}
	for _, c := range open {
		d.Answers = append(d.Answers, gapsOfLetter(ctx, c, or(names[c.Organisation], c.Organisation))...)
	}
	answered, err := db.Opinions(ctx, scope, store.VoiceFilter{Round: round.Number, Stages: []ledger.OpinionStage{ledger.Answered}, Limit: mostGaps})
	if err != nil {
		return d, err
	}
	for _, o := range answered {
		p, _ := round.Mechanism.Party(o.Party)
		d.Rechecks = append(d.Rechecks, gapRow{
			Number: o.Finding, Href: findingPath(o.Finding) + "#opinions", Title: o.Said.Text,
			Organisation: or(names[o.Organisation], o.Organisation), Who: []string{or(named(ctx, p.Name, p.NameEn), string(o.Party))},
		})
	}
	return d, nil
}

// gapOfFinding says what the finding lacks. The columns of a list tell it as the
// record does: see ledger.Finding.Gaps.
func gapOfFinding(ctx context.Context, f store.Row, organisation string) gapRow {
	row := gapRow{Number: f.Number, Href: findingPath(f.Number), Title: f.Title, Organisation: organisation}
	add := func(missing bool, gap, who string) {
		if !missing {
			return
		}
		row.Missing = append(row.Missing, lang.T(ctx, gap))
		if len(row.Who) == 0 || row.Who[len(row.Who)-1] != who {
			row.Who = append(row.Who, who)
		}
	}
	liaison := lang.T(ctx, "gaps.who.organisation", organisation)
	add(f.Measures == 0, "gap.measure", liaison)
	add(f.Leader == "" && f.Section == "" && f.Handler == "", "gap.owner", liaison)
	add(f.Watch.Body == "" || f.Watch.Person == "", "gap.supervisor", lang.T(ctx, "gaps.who.office"))
	return row
}

func gapsOfLetter(ctx context.Context, c ledger.Consolidation, organisation string) (rows []gapRow) {
	for i, e := range c.Entries {
		if e.Answer.Response != "" {
			continue
		}
		rows = append(rows, gapRow{
			Number: c.Finding, Href: "/submissions/" + c.Submission + "/answers", Title: lang.T(ctx, "gaps.entry", i+1, e.Text),
			Organisation: organisation, Who: []string{lang.T(ctx, "gaps.who.organisation", organisation)},
		})
	}
	return rows
}
