package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

func (v Verdict) decide(act Act, env Env) ([]Fact, error) {
	switch act := act.(type) {
	case GiveVerdict:
		return v.give(act, env)
	case TakeBack:
		return v.takeBack(act, env)
	default:
		return nil, unhandled(v, act)
	}
}

// give expects the finding in env.Findings, what was sent of it in env.Item, its
// consolidation if there is one, and the party's own opinions on the finding.
func (v Verdict) give(give GiveVerdict, env Env) ([]Fact, error) {
	if err := v.allowed(give, env); err != nil {
		return nil, err
	}
	if err := judge(give, env); err != nil {
		return nil, err
	}
	renews, err := renewals(give, env.Opinions)
	if err != nil {
		return nil, err
	}
	judged := give.Judged
	judged.Reason = strings.TrimSpace(judged.Reason)
	facts := on(v, VerdictGiven{
		v.Submission, v.Finding, v.Round, v.Organisation, v.Team, v.Party, judged, env.Person, env.Now, env.OnBehalf,
	})
	facts = append(facts, v.raise(give.Opinions, renews, env)...)
	return v.rechecked(facts, give.Rechecks, env.Opinions)
}

// allowed sees that this party may speak now, on this finding of this version.
func (v Verdict) allowed(give GiveVerdict, env Env) error {
	doc, _ := env.Mechanism.Document(env.Submission.Doc)
	switch {
	case !slices.Contains(env.Mechanism.Panel(doc.Code, true), v.Party):
		return refuse("verdict.not_on_panel", string(v.Party))
	case v.Standing():
		return refuse("verdict.twice")
	case env.Submission.Stage != Reviewed:
		return refuse("verdict.not_in_review")
	case !env.Submission.Has(give.Finding):
		return refuse("verdict.not_in_submission", give.Finding)
	case len(env.consolidated(give.Finding)) > 0:
		return refuse("verdict.consolidated")
	case env.Submission.Shuts(v.Party, doc.Late, env.Today):
		return refuse("verdict.after_deadline", env.Submission.DueOf(v.Party).String())
	}
	if slices.Contains(env.Submission.Editors, env.Person) {
		return refuse("verdict.own_text") // of a document judged as one text
	}
	for _, f := range env.Findings {
		if f.Number != give.Finding {
			continue
		}
		switch {
		case f.Stage == ClosedStage:
			return refuse("verdict.finding_closed", f.Number)
		case !slices.Contains(env.Mechanism.Panel(doc.Code, f.Class.OrganCadre), v.Party):
			return refuse("verdict.not_put_to_party", f.Number)
		case slices.Contains(f.Editors, env.Person):
			return refuse("verdict.own_text") // who wrote it cannot review it
		}
	}
	return nil
}

// consolidated returns the finding's consolidation, if there is one.
func (env Env) consolidated(finding string) []Consolidation {
	return slices.DeleteFunc(slices.Clone(env.Consolidations), func(c Consolidation) bool {
		return c.Submission != env.Submission.ID || c.Finding != finding
	})
}

// judge sees that the verdict is complete and that a negative word is explained.
func judge(give GiveVerdict, env Env) error {
	doc, _ := env.Mechanism.Document(env.Submission.Doc)
	for i, o := range give.Opinions {
		if err := o.check(i+1, doc, env); err != nil {
			return err
		}
	}
	if give.Judged.Conclusion == joint.Abstained {
		return give.abstains(doc)
	}
	if err := give.answersCriteria(env.Mechanism, doc); err != nil {
		return err
	}
	demands := slices.ContainsFunc(give.Opinions, func(o Said) bool { return o.Kind != Remark })
	switch {
	case !give.Judged.Conclusion.Known():
		return refuse("verdict.conclusion_missing")
	case give.Judged.Conclusion != joint.Agree && !demands:
		return refuse("verdict.opinion_missing")
	}
	return give.Judged.graded(doc)
}

// answersCriteria sees that there is a known word on each criterion and on
// nothing else, and that a failing one is explained.
func (a GiveVerdict) answersCriteria(m mechanism.Mechanism, doc mechanism.Document) error {
	asked := map[string]bool{}
	for _, c := range doc.Criteria {
		asked[c.Code] = true
		word, known := m.Word(doc.Code, a.Judged.Words[c.Code])
		explained := slices.ContainsFunc(a.Opinions, func(o Said) bool { return o.Criterion == c.Code })
		switch {
		case !known:
			return refuse("verdict.criterion_missing", c.Name)
		case word.Fail && !explained:
			return refuse("verdict.fail_unexplained", c.Name)
		}
	}
	for code := range a.Judged.Words {
		if !asked[code] {
			return refuse("verdict.criterion_unknown", code)
		}
	}
	return nil
}

// abstains sees that the party may hold nothing, says why and demands nothing.
func (a GiveVerdict) abstains(doc mechanism.Document) error {
	switch {
	case doc.Rule.Abstain == joint.AbstainNot:
		return refuse("verdict.abstain_not_allowed")
	case strings.TrimSpace(a.Judged.Reason) == "":
		return refuse("verdict.abstain_reason")
	case tooLong(MaxText, a.Judged.Reason):
		return refuse("field.too_long", MaxText)
	case len(a.Judged.Words) > 0 || a.Judged.Grade != "":
		return refuse("verdict.abstain_words")
	case slices.ContainsFunc(a.Opinions, func(o Said) bool { return o.Kind != Remark }):
		return refuse("verdict.abstain_opinion")
	}
	return nil
}

// graded sees that there is a grade exactly where the document is graded.
func (j Judged) graded(doc mechanism.Document) error {
	known := slices.ContainsFunc(doc.Grades, func(w mechanism.Word) bool { return w.Code == j.Grade })
	switch {
	case len(doc.Grades) > 0 && j.Grade == "":
		return refuse("verdict.grade_missing")
	case j.Grade != "" && !known:
		return refuse("verdict.grade_unknown", j.Grade)
	}
	return nil
}

func (v Verdict) raise(said []Said, renews map[int][]string, env Env) []Fact {
	var facts []Fact
	for i, o := range said {
		o.Text, o.Change, o.Section = strings.TrimSpace(o.Text), strings.TrimSpace(o.Change), strings.TrimSpace(o.Section)
		blank := Opinion{ID: v.ID + ":" + itoa(v.Spent+i+1)}
		facts = append(facts, Fact{blank, OpinionRaised{
			v.Submission, v.Finding, v.Round, v.Organisation, v.Team, v.Party, o, env.Person, env.Now, renews[i], env.OnBehalf,
		}})
	}
	return facts
}

// rechecked adds the fate of the party's answered opinions: every one must be
// looked at again before the party speaks on the next version.
func (v Verdict) rechecked(facts []Fact, said map[string]bool, own []Opinion) ([]Fact, error) {
	for _, o := range own {
		if o.Stage != Answered {
			continue
		}
		content, looked := said[o.ID]
		if !looked {
			return nil, refuse("verdict.recheck_missing")
		}
		facts = append(facts, Fact{o, OpinionRechecked{Content: content, With: v.ID}})
	}
	return facts, nil
}
