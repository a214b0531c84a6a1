package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"lianshen/internal/lang"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

func closingFormPath(number string) string { return "/findings/" + number + "/closing-form" }

func (s *Server) closingFormMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	return s.closingForm(ctx, who, r.PathValue("number"))
}

// closingFormsMaker binds the forms of all closed findings of an organisation.
func (s *Server) closingFormsMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	round, err := s.roundIn(r)
	if err != nil {
		return printout{}, err
	}
	code := r.PathValue("organisation")
	bound := printout{Title: lang.T(ctx, "paper.closing"), Round: round.Number, Name: "销号审批单_" + code, Path: roundPath(round.Number, "closing-forms", code)}
	ended := []ledger.Stage{ledger.ClosedStage, ledger.SettledStage}
	filter := store.Filter{Round: round.Number, Organisation: code, Stages: ended}
	var parts []paper.Document
	for f, err := range s.Supervise.DB.Read().AllFindings(ctx, policy.ScopeOf(who), filter) {
		if err != nil {
			return bound, err
		}
		p, err := s.closingForm(ctx, who, f.Number)
		if err != nil {
			return bound, err
		}
		bound.Sub, bound.Marks, parts = p.Sub, append(bound.Marks, p.Marks...), append(parts, p.Doc)
	}
	if len(parts) == 0 {
		return bound, fmt.Errorf("closed findings of %s: %w", code, store.ErrNotFound)
	}
	bound.Doc = paper.Bound("销号审批单", code, parts)
	return bound, nil
}

// joined narrows a scope to what all parties have said together: papers about what
// is settled are the same for everyone who may read them.
func joined(scope policy.Scope) policy.Scope {
	if scope.Verdicts == policy.OwnThenAll {
		scope.Verdicts, scope.Party = policy.Consolidated, ""
	}
	return scope
}

// closingForm makes the approval form of a finding that is recognised or has ended.
// It says what each party holds, so that an inspected organisation has none.
func (s *Server) closingForm(ctx context.Context, who policy.Actor, number string) (printout, error) {
	db, scope := s.Supervise.DB.Read(), joined(policy.ScopeOf(who))
	f, err := db.Finding(ctx, scope, number)
	if err != nil {
		return printout{}, err
	}
	if scope.Verdicts == policy.NoVerdicts || !closable(f.Stage) {
		return printout{}, fmt.Errorf("closing form of %s: %w", number, store.ErrNotFound)
	}
	round, err := db.Round(ctx, f.Round)
	if err != nil {
		return printout{}, err
	}
	organisation, err := db.Organisation(ctx, f.Organisation)
	if err != nil {
		return printout{}, err
	}
	words := paper.ClosingForm{
		Round: round.Name, Organisation: organisation.NameOn(round.FeedbackOn).Full, Number: number, Text: feedbackText(f.Feedback),
		Category: strings.Trim(f.Class.Category+"／"+f.Class.Aspect, "／"), Deadline: dayZH(f.Class.Deadline), Conclusion: endingZH(f), Date: dayZH(endedOn(f)),
	}
	words.Extensions = s.extensionsZH(f)
	version, err := s.whatWasDone(ctx, f, &words)
	if err != nil {
		return printout{}, err
	}
	told, err := s.partyLines(ctx, scope, round, f, &words)
	if err != nil {
		return printout{}, err
	}
	words.Reason = or(f.Settlement.Reason, words.Reason)
	p := printout{
		Title: lang.T(ctx, "paper.closing"), Sub: number + " · " + words.Organisation, Round: f.Round, Name: "销号审批单_" + number, Path: closingFormPath(number), Doc: words.Document(),
		Kind: "closing", Data: words.Data(), Author: words.Organisation,
	}
	p.mark(paper.Mark{Ref: number, Version: f.Version + version + told})
	return p, nil
}

// closable reports whether there is anything to approve: recognised, or ended.
func closable(stage ledger.Stage) bool {
	return stage.Done() || stage == ledger.ContinuingStage
}

// whatWasDone fills in measures, progress and evidence as in the version that was
// recognised, and who pledged for it. It returns the facts of that submission.
func (s *Server) whatWasDone(ctx context.Context, f ledger.Finding, words *paper.ClosingForm) (int64, error) {
	if f.LastReport == "" {
		words.Claim = "自评：" + say("claim."+string(f.Progress.Claim))
		return 0, nil
	}
	db := s.Supervise.DB.Read()
	item, err := db.Item(ctx, f.LastReport, f.Number)
	if err != nil {
		return 0, err
	}
	paper, err := db.Submission(ctx, f.LastReport)
	if err != nil {
		return 0, err
	}
	for i, m := range item.Plan.Measures {
		words.Measures = append(words.Measures, measureZH(i+1, m))
	}
	words.Done = []string{item.Progress.Text}
	for i, e := range item.Progress.Evidence {
		words.Evidence = append(words.Evidence, itoa(i+1)+"."+strings.TrimSpace(e.Name+" "+e.DocNumber))
	}
	words.Evidence = append(words.Evidence, item.Progress.EvidenceText)
	words.Claim = "自评：" + say("claim."+string(item.Progress.Claim)) + "（" + paperZH(paper) + "）"
	if paper.Pledge.Name != "" {
		words.Pledge = "真实性承诺：" + paper.Pledge.Name + "，" + s.paperDay(paper.Pledge.At)
	}
	return paper.Version, nil
}

// partyLines fills in what each party holds of the recognised version and of the
// last closing application, in the order of the mechanism, and why they concluded
// so together.
func (s *Server) partyLines(ctx context.Context, scope policy.Scope, round ledger.Round, f ledger.Finding, words *paper.ClosingForm) (version int64, err error) {
	sent, err := s.Supervise.DB.Read().SentItems(ctx, scope, f)
	if err != nil {
		return 0, err
	}
	var papers []ledger.Submission
	var applied ledger.Submission
	for _, x := range sent {
		switch {
		case x.Submission.ID == f.LastReport:
			papers = append(papers, x.Submission)
		case x.Submission.Doc == mechanism.ClosingDoc && !x.Submission.Letter.At.IsZero():
			applied = x.Submission
			words.Done = append(words.Done[:min(1, len(words.Done))], "销号申请："+x.Item.Application)
		}
	}
	if applied.ID != "" {
		papers = append(papers, applied)
	}
	lines := map[joint.Party][]string{}
	for _, paper := range papers {
		facts, err := s.heldOf(ctx, scope, round, f, paper, lines, words)
		if err != nil {
			return 0, err
		}
		version += facts
	}
	for _, p := range round.Mechanism.Parties {
		if said := lines[p.Code]; len(said) > 0 {
			words.Parties = append(words.Parties, paper.PartyLine{Name: p.Name, Lines: said})
		}
	}
	return version, nil
}

// heldOf adds what the panel holds of the finding in one submission.
func (s *Server) heldOf(ctx context.Context, scope policy.Scope, round ledger.Round, f ledger.Finding, paper ledger.Submission, lines map[joint.Party][]string, words *paper.ClosingForm) (version int64, err error) {
	db, filter := s.Supervise.DB.Read(), store.VoiceFilter{Submission: paper.ID, Finding: f.Number}
	verdicts, err := db.Verdicts(ctx, scope, filter)
	if err != nil {
		return 0, err
	}
	names, err := db.Names(ctx, givers(verdicts))
	if err != nil {
		return 0, err
	}
	said := map[joint.Party][]string{}
	for _, v := range verdicts {
		version += v.Version
		said[v.Party] = s.verdictZH(round, paper, v, onBehalfZH(or(names[v.Person], v.Person), v.OnBehalf))
	}
	made, err := db.Consolidations(ctx, scope, filter)
	if err != nil || len(made) == 0 {
		return version, err
	}
	words.Reason = or(made[0].Reason, words.Reason)
	for _, code := range round.Mechanism.Panel(paper.Doc, f.Class.OrganCadre) {
		switch {
		case said[code] != nil:
			lines[code] = append(lines[code], said[code]...)
		case made[0].Views[code] != "":
			lines[code] = append(lines[code], "结论："+conclusionZH(round, made[0].Views[code])+"（"+paperZH(paper)+"）")
		default:
			lines[code] = append(lines[code], "未反馈（"+paperZH(paper)+"）")
		}
	}
	return version + made[0].Version, nil
}

// paperZH names a version of a document: "整改进展情况报告第1稿".
func paperZH(p ledger.Submission) string {
	return say("doc."+string(p.Doc)) + say("send.version", p.Number)
}

// verdictZH words a verdict for a paper: conclusion, the words by criterion, who and when.
func (s *Server) verdictZH(round ledger.Round, paper ledger.Submission, v ledger.Verdict, name string) []string {
	var words []string
	for _, c := range round.Mechanism.Criteria(paper.Doc) {
		if w, known := round.Mechanism.Word(paper.Doc, v.Judged.Words[c.Code]); known {
			words = append(words, c.Name+"："+w.Name)
		}
	}
	return []string{
		"结论：" + conclusionZH(round, v.Judged.Conclusion), strings.Join(words, "；"), v.Judged.Reason,
		"审核人：" + name + "，" + s.paperDay(v.At) + "（" + paperZH(paper) + "）",
	}
}

// feedbackText is the finding as fed back, with its manifestations.
func feedbackText(f ledger.Feedback) string {
	text := f.Text
	for i, m := range f.Manifestations {
		text += "\n" + itoa(i+1) + "." + m
	}
	return text
}

// measureZH words a measure: text, owner, deadline.
func measureZH(n int, m ledger.Measure) string {
	text := itoa(n) + "." + m.Text
	var who []string
	for _, part := range []string{m.Owner, or(m.DeadlineText, dayZH(m.Deadline))} {
		if part != "" {
			who = append(who, part)
		}
	}
	if len(who) > 0 {
		text += "（" + strings.Join(who, "，") + "）"
	}
	return text
}

// endingZH is the conclusion of the form: how the finding ended, or that it waits.
func endingZH(f ledger.Finding) string {
	switch f.Stage {
	case ledger.ClosedStage:
		return "同意销号"
	case ledger.SettledStage, ledger.ContinuingStage:
		text := "不予销号：" + say("outcome."+string(f.Settlement.Outcome))
		for _, detail := range []string{f.Settlement.Into, f.Settlement.Recipient, f.Settlement.Reference} {
			if detail != "" {
				text += "，" + detail
			}
		}
		if !f.Settlement.Until.IsZero() {
			text += "，至" + dayZH(f.Settlement.Until)
		}
		return text
	default:
		return "已认定，待批准销号"
	}
}

// endedOn is the day the finding was closed or settled.
func endedOn(f ledger.Finding) workday.Date {
	if f.Settlement.Outcome != "" {
		return f.Settlement.On
	}
	return f.Closed.On
}

// extensionsZH words every request for a later deadline.
func (s *Server) extensionsZH(f ledger.Finding) (list []string) {
	for i, e := range f.Extensions {
		state := "待批"
		switch {
		case e.Granted:
			state = "同意"
		case !e.Pending():
			state = "不同意"
		}
		text := itoa(i+1) + ".由" + or(e.FromText, dayZH(e.From)) + "申请延至" + dayZH(e.To) + "，理由：" + strings.TrimRight(e.Reason, "。") + "。" + state
		if !e.Pending() {
			text += "（" + s.paperDay(e.DecidedAt) + "）"
		}
		if e.DecisionReason != "" {
			text += "：" + e.DecisionReason
		}
		list = append(list, text)
	}
	return list
}
