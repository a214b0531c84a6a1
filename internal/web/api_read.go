package web

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/rate"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// apiReads adds what can be read.
func (s *Server) apiReads(api huma.API) {
	reading(s, api, "/rounds", "Rounds", "All rounds, newest first.", s.apiRounds)
	reading(s, api, "/rounds/{round}", "Rounds", "One round with its parties and criteria.", s.apiRound)
	reading(s, api, "/rounds/{round}/rates", "Rates", "The rates of a round, of what the caller sees of it.", s.apiRates)
	reading(s, api, "/mechanisms", "Mechanisms", "All ways to review, with their versions.", s.apiMechanisms)
	reading(s, api, "/mechanisms/{code}", "Mechanisms", "One way to review, with its versions.", s.apiMechanism)
	reading(s, api, "/findings", "Findings", "Findings by number, a page at a time.", s.apiFindings)
	reading(s, api, "/findings/{number}", "Findings", "One finding, whole.", s.apiFinding)
	reading(s, api, "/submissions", "Submissions", "Submissions by identity, a page at a time.", s.apiSubmissions)
	reading(s, api, "/submissions/{id}", "Submissions", "One submission with what it says about each finding.", s.apiSubmission)
	reading(s, api, "/verdicts", "Review", "Verdicts that the caller may know: blind until its own is given.", s.apiVerdicts)
	reading(s, api, "/opinions", "Review", "Opinions that the caller may know.", s.apiOpinions)
	reading(s, api, "/consolidations", "Review", "What all parties together say; for an organisation once delivered.", s.apiConsolidations)
}

// output is the answer of an operation.
type output[T any] struct{ Body T }

// apiPage is a page of a list. Next goes into after for the next page; "" ends.
type apiPage[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"value of after for the next page; empty at the end"`
}

// reading adds one GET operation.
func reading[I, O any](s *Server, api huma.API, path, tag, summary string, serve func(context.Context, *I) (O, error)) {
	huma.Register(api, huma.Operation{
		OperationID: operationID("get", path), Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{tag},
		Security: []map[string][]string{{"token": {}}}, Errors: []int{401, 403, 404},
	}, func(ctx context.Context, in *I) (*output[O], error) {
		body, err := serve(ctx, in)
		if err != nil {
			return nil, s.problemOf(ctx, err)
		}
		return &output[O]{body}, nil
	})
}

// Paged asks for part of a list.
type Paged struct {
	After string `query:"after" maxLength:"200" doc:"next of the page before"`
	Limit int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
}

// pageOf cuts a list that was asked for with one more than the limit.
func pageOf[T, V any](list []T, limit int, id func(T) string, show func(T) V) apiPage[V] {
	page := apiPage[V]{Items: []V{}}
	if len(list) > limit {
		list = list[:limit]
		page.Next = id(list[limit-1])
	}
	for _, x := range list {
		page.Items = append(page.Items, show(x))
	}
	return page
}

func same[T any](x T) T { return x }

func (s *Server) apiRounds(ctx context.Context, _ *struct{}) (apiPage[apiRound], error) {
	list, err := s.Supervise.DB.Read().Rounds(ctx, 1000)
	return pageOf(list, 1000, func(ledger.Round) string { return "" }, func(r ledger.Round) apiRound { return roundShown(ctx, r) }), err
}

type RoundPath struct {
	Round int `path:"round" minimum:"1"`
}

func (s *Server) apiRound(ctx context.Context, in *RoundPath) (apiRound, error) {
	r, err := s.Supervise.DB.Read().Round(ctx, in.Round)
	return roundShown(ctx, r), err
}

type ratesInput struct {
	RoundPath
	Organisation string `query:"organisation" maxLength:"12"`
}

func (s *Server) apiRates(ctx context.Context, in *ratesInput) ([]apiFigure, error) {
	var figures []rate.Figure
	err := s.Supervise.DB.Snapshot(ctx, func(r store.Reader) error {
		round, err := r.Round(ctx, in.Round)
		if err != nil {
			return err
		}
		rows, err := r.RateRows(ctx, policy.ScopeOf(actorOf(ctx)), store.Filter{Round: in.Round, Organisation: in.Organisation})
		figures = rate.Rates(rate.Shown(round.Mechanism.Acceptance), slices.Values(rows), s.now())
		return err
	})
	shown := make([]apiFigure, len(figures))
	for i, f := range figures {
		shown[i] = figureShown(func(key string, args ...any) string { return lang.T(ctx, key, args...) }, f)
	}
	return shown, err
}

type findingsInput struct {
	Paged
	Round        int                `query:"round" minimum:"0"`
	Organisation string             `query:"organisation" maxLength:"12"`
	Category     string             `query:"category" maxLength:"100"`
	Kind         ledger.FindingKind `query:"kind" enum:"immediate,dated,long_term"`
	Stage        []string           `query:"stage" enum:"registered,rectifying,in_review,returned,recognised,closed"`
	Claim        ledger.Claim       `query:"claim" enum:"not_started,in_progress,basically_done,done"`
	OrganCadre   bool               `query:"organ_cadre" doc:"only those on organisation and cadres"`
	Gaps         bool               `query:"gaps" doc:"only those without measure, owner or supervisor"`
	Text         string             `query:"q" maxLength:"100" doc:"words that all occur, or a number"`
}

func (s *Server) apiFindings(ctx context.Context, in *findingsInput) (apiPage[apiRow], error) {
	f := store.Filter{
		Round: in.Round, Organisation: in.Organisation, Category: in.Category, Kind: in.Kind, Claim: in.Claim,
		OrganCadre: in.OrganCadre, Gaps: in.Gaps, Text: in.Text,
	}
	for _, stage := range in.Stage {
		f.Stages = append(f.Stages, ledger.Stage(stage))
	}
	p := store.Page{Sort: store.ByNumber, Limit: in.Limit}
	if in.After != "" {
		p.After = store.Cursor{Number: in.After}
	}
	list, more, err := s.Supervise.DB.Read().Findings(ctx, policy.ScopeOf(actorOf(ctx)), f, p)
	page := pageOf(list, in.Limit, func(r store.Row) string { return r.Number }, rowShown)
	if more {
		page.Next = list[len(list)-1].Number
	}
	return page, err
}

type FindingPath struct {
	Number string `path:"number" maxLength:"40"`
}

func (s *Server) apiFinding(ctx context.Context, in *FindingPath) (ledger.Finding, error) {
	f, err := s.Supervise.DB.Read().Finding(ctx, policy.ScopeOf(actorOf(ctx)), in.Number)
	if err != nil {
		return f, err
	}
	return sameFinding(actorOf(ctx), f), nil
}

type submissionsInput struct {
	Paged
	Round        int           `query:"round" minimum:"0"`
	Organisation string        `query:"organisation" maxLength:"12"`
	Doc          mechanism.Doc `query:"doc" enum:"plan,life_meeting,report,head_report,closing"`
	Stage        []string      `query:"stage" enum:"prepared,pledged,in_review,returned,accepted"`
}

func (s *Server) apiSubmissions(ctx context.Context, in *submissionsInput) (apiPage[ledger.Submission], error) {
	f := store.PaperFilter{Round: in.Round, Organisation: in.Organisation, Doc: string(in.Doc), After: in.After, Limit: in.Limit + 1}
	for _, stage := range in.Stage {
		f.Stages = append(f.Stages, ledger.SubmissionStage(stage))
	}
	list, err := s.Supervise.DB.Read().Papers(ctx, policy.ScopeOf(actorOf(ctx)), f)
	return pageOf(list, in.Limit, func(x ledger.Submission) string { return x.ID }, same[ledger.Submission]), err
}

// apiPaper is a submission with its text. Before it is sent, Hash is that of what
// it would say now, which is what the head pledges.
type apiPaper struct {
	Submission ledger.Submission `json:"submission"`
	Items      []ledger.Item     `json:"items"`
	Hash       string            `json:"hash,omitempty" doc:"before sending: of what would be sent now; to be pledged"`
}

type SubmissionPath struct {
	ID string `path:"id" maxLength:"100"`
}

func (s *Server) apiSubmission(ctx context.Context, in *SubmissionPath) (paper apiPaper, err error) {
	scope := policy.ScopeOf(actorOf(ctx))
	err = s.Supervise.DB.Snapshot(ctx, func(r store.Reader) error {
		x, err := r.Paper(ctx, scope, in.ID)
		if err != nil {
			return err
		}
		paper = apiPaper{Submission: x, Items: []ledger.Item{}}
		if x.Sent.At.IsZero() {
			return paper.draft(ctx, r, scope, s.today())
		}
		items, err := r.Items(ctx, x.ID)
		paper.Items = append(paper.Items, items...)
		return err
	})
	return paper, err
}

// draft fills a paper that has not been sent with what would be sent.
func (p *apiPaper) draft(ctx context.Context, r store.Reader, scope policy.Scope, today workday.Date) error {
	x := p.Submission
	if x.Doc.Whole() {
		p.Items, p.Hash = []ledger.Item{x.Item()}, x.ContentHash(nil)
		return nil
	}
	cases, err := r.Cases(ctx, scope, x.Round, x.Organisation)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(cases, func(f ledger.Finding) bool { return !f.Open(x.Doc, today) })
	for _, f := range open {
		p.Items = append(p.Items, ledger.ItemOf(x.Doc, f))
	}
	p.Hash = ledger.ContentHash(x.Doc, open)
	return nil
}

type voicesInput struct {
	Paged
	Round        int         `query:"round" minimum:"0"`
	Submission   string      `query:"submission" maxLength:"100"`
	Finding      string      `query:"finding" maxLength:"40"`
	Organisation string      `query:"organisation" maxLength:"12"`
	Party        joint.Party `query:"party" maxLength:"40"`
}

func (in voicesInput) filter() store.VoiceFilter {
	return store.VoiceFilter{
		Round: in.Round, Submission: in.Submission, Finding: in.Finding, Organisation: in.Organisation,
		Party: in.Party, After: in.After, Limit: in.Limit + 1,
	}
}

func (s *Server) apiVerdicts(ctx context.Context, in *voicesInput) (apiPage[ledger.Verdict], error) {
	list, err := s.Supervise.DB.Read().Verdicts(ctx, policy.ScopeOf(actorOf(ctx)), in.filter())
	return pageOf(list, in.Limit, func(x ledger.Verdict) string { return x.ID }, same[ledger.Verdict]), err
}

func (s *Server) apiOpinions(ctx context.Context, in *voicesInput) (apiPage[ledger.Opinion], error) {
	list, err := s.Supervise.DB.Read().Opinions(ctx, policy.ScopeOf(actorOf(ctx)), in.filter())
	return pageOf(list, in.Limit, func(x ledger.Opinion) string { return x.ID }, same[ledger.Opinion]), err
}

func (s *Server) apiConsolidations(ctx context.Context, in *voicesInput) (apiPage[apiConsolidation], error) {
	who := actorOf(ctx)
	list, err := s.Supervise.DB.Read().Consolidations(ctx, policy.ScopeOf(who), in.filter())
	return pageOf(list, in.Limit, func(x ledger.Consolidation) string { return x.ID },
		func(c ledger.Consolidation) apiConsolidation { return consolidationShown(who, c) }), err
}
