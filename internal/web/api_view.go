package web

import (
	"context"
	"time"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// What the API shows. Findings, submissions, verdicts and opinions are shown as the
// records they are; what has to be said otherwise is here.

// apiRound is a round without the wording of its mechanism.
type apiRound struct {
	Number        int                `json:"number"`
	Name          string             `json:"name"`
	Source        string             `json:"source"`
	FeedbackOn    workday.Date       `json:"feedback_on"`
	RectifyUntil  workday.Date       `json:"rectify_until"`
	PlanDue       workday.Date       `json:"plan_due"`
	ReportDue     workday.Date       `json:"report_due"`
	Mechanism     string             `json:"mechanism"`
	Parties       []apiParty         `json:"parties"`
	Criteria      []apiCriterion     `json:"criteria"`
	Words         []string           `json:"words" doc:"words of a verdict, lenient to strict"`
	Organisations []ledger.Inspected `json:"organisations"`
	Version       int64              `json:"version"`
}

type apiParty struct {
	Code joint.Party `json:"code"`
	Name string      `json:"name"`
}

type apiCriterion struct {
	Doc  string `json:"doc" enum:"plan,report"`
	Code string `json:"code"`
	Name string `json:"name"`
}

func roundShown(ctx context.Context, r ledger.Round) apiRound {
	m := r.Mechanism
	shown := apiRound{
		Number: r.Number, Name: r.Name, Source: r.Source, FeedbackOn: r.FeedbackOn, RectifyUntil: r.RectifyUntil,
		PlanDue: r.PlanDue, ReportDue: r.ReportDue, Mechanism: m.Code, Organisations: r.Organisations, Version: r.Version,
		Parties: []apiParty{}, Criteria: []apiCriterion{}, Words: []string{},
	}
	for _, p := range m.Parties {
		shown.Parties = append(shown.Parties, apiParty{p.Code, named(ctx, p.Name, p.NameEn)})
	}
	for _, d := range m.Documents {
		for _, c := range d.Criteria {
			shown.Criteria = append(shown.Criteria, apiCriterion{string(d.Code), c.Code, named(ctx, c.Name, c.NameEn)})
		}
	}
	for _, w := range m.Words {
		shown.Words = append(shown.Words, w.Code)
	}
	return shown
}

// apiRow is a finding in a list.
type apiRow struct {
	Number       string             `json:"number"`
	Round        int                `json:"round"`
	Organisation string             `json:"organisation"`
	Team         string             `json:"team"`
	Text         string             `json:"text"`
	Category     string             `json:"category"`
	Aspect       string             `json:"aspect"`
	Kind         ledger.FindingKind `json:"kind"`
	OrganCadre   bool               `json:"organ_cadre"`
	Leader       string             `json:"leader"`
	Section      string             `json:"section"`
	Handler      string             `json:"handler"`
	Watch        ledger.Watch       `json:"watch"`
	Due          string             `json:"due" doc:"2026-03-31, or empty"`
	Running      bool               `json:"running" doc:"whether the deadline runs"`
	Stage        ledger.Stage       `json:"stage"`
	Claim        ledger.Claim       `json:"claim"`
	Measures     int                `json:"measures"`
	Evidence     int                `json:"evidence"`
	Gaps         int                `json:"gaps"`
	Version      int64              `json:"version"`
}

func rowShown(r store.Row) apiRow {
	return apiRow{
		r.Number, r.Round, r.Organisation, r.Team, r.Title, r.Category, r.Aspect, r.Kind, r.OrganCadre,
		r.Leader, r.Section, r.Handler, r.Watch, r.Due, r.Running != "", r.Stage, r.Claim,
		r.Measures, r.Evidence, r.Gaps, r.Version,
	}
}

// apiFigure is a rate with its definition in words.
type apiFigure struct {
	Name        string    `json:"name"`
	Definition  string    `json:"definition"`
	Numerator   int       `json:"numerator"`
	Denominator int       `json:"denominator"`
	AsOf        time.Time `json:"as_of"`
	Findings    []string  `json:"findings" doc:"numbers of the findings in the numerator"`
}

func figureShown(say func(string, ...any) string, f rate.Figure) apiFigure {
	return apiFigure{f.Name, say(f.Definition), f.Num, f.Den, f.AsOf, append([]string{}, f.Findings...)}
}

// apiConsolidation is the part of a letter on one finding. An inspected
// organisation reads what the letter says and not which party said it.
type apiConsolidation struct {
	ID           string           `json:"id"`
	Submission   string           `json:"submission"`
	Finding      string           `json:"finding"`
	Round        int              `json:"round"`
	Organisation string           `json:"organisation"`
	Conclusion   joint.Conclusion `json:"conclusion"`
	Disputed     *bool            `json:"disputed,omitempty"`
	Override     bool             `json:"override,omitempty" doc:"the consolidator decided more leniently than the rule"`
	Meeting      string           `json:"meeting,omitempty" doc:"joint meeting that resolved it"`
	Views        apiViews         `json:"views,omitempty" doc:"what each party concluded"`
	Minority     []joint.Party    `json:"minority,omitempty"`
	Reason       string           `json:"reason,omitempty"`
	Entries      []apiEntry       `json:"entries"`
	At           time.Time        `json:"at"`
	Version      int64            `json:"version"`
}

// apiViews is what each party concluded.
type apiViews = map[joint.Party]joint.Conclusion

type apiEntry struct {
	Text    string        `json:"text"`
	Change  string        `json:"change"`
	Origins []string      `json:"origins,omitempty" doc:"opinions that it carries; for the parties only"`
	Answer  ledger.Answer `json:"answer,omitzero"`
}

func consolidationShown(who policy.Actor, c ledger.Consolidation) apiConsolidation {
	inside := policy.ScopeOf(who).Verdicts != policy.NoVerdicts
	shown := apiConsolidation{
		ID: c.ID, Submission: c.Submission, Finding: c.Finding, Round: c.Round, Organisation: c.Organisation,
		Conclusion: c.Conclusion, Entries: []apiEntry{}, At: c.At, Version: c.Version,
	}
	if inside {
		shown.Disputed, shown.Reason = &c.Disputed, c.Reason
		shown.Override, shown.Meeting, shown.Views, shown.Minority = c.Override, c.Meeting, c.Views, c.Minority
	}
	for _, e := range c.Entries {
		entry := apiEntry{Text: e.Text, Change: e.Change, Answer: e.Answer}
		if inside {
			entry.Origins = e.Origins
		}
		shown.Entries = append(shown.Entries, entry)
	}
	return shown
}

// shownTo returns a record that somebody's act met in another version, as far as
// they may read it; nil where they may not: an organisation that answers a letter
// too early must not get it with the refusal.
func (s *Server) shownTo(ctx context.Context, who policy.Actor, state ledger.State) any {
	if m, ok := state.(ledger.Meeting); ok {
		shown, err := s.Supervise.DB.Read().Meeting(ctx, policy.ScopeOf(who), m.ID)
		if err != nil {
			return nil
		}
		return shown
	}
	c, ok := state.(ledger.Consolidation)
	if !ok {
		return state
	}
	list, err := s.Supervise.DB.Read().Consolidations(ctx, policy.ScopeOf(who),
		store.VoiceFilter{Submission: c.Submission, Finding: c.Finding, Limit: 1})
	if err != nil || len(list) == 0 {
		return nil
	}
	return consolidationShown(who, list[0])
}
