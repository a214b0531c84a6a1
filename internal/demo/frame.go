package demo

import (
	"context"

	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
)

// frame enters people, bodies, organisations and the round. The first two
// administrators have nobody before them; the program itself enters these.
func (s *script) frame() {
	first := User{Username: "system:demo", Name: "系统"}
	var admins, others, posts []ledger.Act
	for _, u := range users {
		add := ledger.AddPerson{ID: u.Username, Username: u.Username, Name: u.Name}
		if u.Role == ledger.SysAdmin || u.Role == ledger.SecAdmin {
			admins = append(admins, add)
			first.Role = ledger.SecAdmin
			s.at("2025-11-18 08:35", first, ledger.Appoint{Person: u.Username, Post: u.post()})
			continue
		}
		others = append(others, add)
		posts = append(posts, ledger.Appoint{Person: u.Username, Post: u.post()})
	}
	first.Role = ledger.SysAdmin
	s.at("2025-11-18 08:30", first, admins...)
	s.at("2025-11-18 09:20", named("吴晓峰"), others...)
	s.at("2025-11-18 10:05", named("冯静"), posts...)

	var frame []ledger.Act
	for _, b := range bodies {
		frame = append(frame, b)
	}
	open := ledger.OpenRound{Number: Round, Mechanism: "weixi", Terms: ledger.RoundTerms{
		Name: "十四届云溪县委第八轮巡察", Source: "县委巡察",
		FeedbackOn: date("2025-11-20"), RectifyUntil: date("2026-02-20"),
		PlanDue: date("2025-12-20"), ReportDue: date("2026-02-28"),
	}}
	for _, o := range organisations {
		frame = append(frame, ledger.AddOrganisation{Code: o.code, Name: ledger.Name{Full: o.full, Short: o.short, Since: date("2019-03-01")}})
		open.Organisations = append(open.Organisations, ledger.Inspected{Organisation: o.code, Team: o.team})
	}
	s.at("2025-11-18 09:45", named("吴晓峰"), frame...) // before anybody can be appointed to them
	s.at("2025-11-20 16:30", named("江一帆"), open)
}

// register imports the findings as fed back, without what the organisations
// were to add later, and gives each its supervisor.
func (s *script) register() {
	s.step("2025-11-21 09:40", named("方敏").actor(), func(ctx context.Context, svc *supervise.Service, who policy.Actor) error {
		_, _, err := svc.Import(ctx, who, supervise.ImportRequest{Round: Round, Ledger: sheet.Ledger{Rows: s.fedBack()}})
		return err
	})
	var assigned []ledger.Act
	for _, row := range s.rows {
		if watch, has := s.watch(row); has {
			assigned = append(assigned, ledger.Assign{Number: row.Number, Watch: watch})
		}
	}
	s.at("2025-11-24 10:15", named("方敏"), assigned...)
}

func (s *script) fedBack() []sheet.Row {
	rows := make([]sheet.Row, len(s.rows))
	for i, r := range s.rows {
		rows[i] = sheet.Row{
			Sheet: r.Sheet, Line: r.Line, Cells: r.Cells,
			Number: r.Number, Organisation: r.Organisation, Category: r.Category, Aspect: r.Aspect, Text: r.Text,
			Manifestations: r.Manifestations, OrganCadre: r.OrganCadre, Kind: r.Kind,
			Deadline: r.Deadline, DeadlineText: r.DeadlineText,
		}
	}
	return rows
}

// unwatched findings still wait for a supervisor, so that the page of gaps has
// something to show.
var unwatched = map[string]bool{"08-WJ-038": true, "08-NY-036": true, "08-MZ-034": true, "08-SW-030": true}

// watch is the duty list of the organisation department; the other findings are
// looked after by the discipline commission.
func (s *script) watch(row sheet.Row) (ledger.Watch, bool) {
	if d, listed := s.duties[row.Number]; listed {
		return ledger.Watch{Body: "personnel", Section: d.Section, Person: d.Person, Number: d.Number}, true
	}
	if unwatched[row.Number] {
		return ledger.Watch{}, false
	}
	for _, o := range organisations {
		if o.code == organisationOf(row.Number) {
			return ledger.Watch{Body: "discipline", Section: o.section, Person: sectionHeads[o.section]}, true
		}
	}
	return ledger.Watch{}, false
}
