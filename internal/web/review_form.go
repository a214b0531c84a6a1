package web

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// Fields of the review form. An opinion has its controls under one name each;
// they are sent in their order, so the n-th of each belong together.
//
//	w-CRITERION   word
//	k-, t-, c-CRITERION   kind, text and required change of each opinion
//	s-, m-, d-CRITERION   section, measure and due date of each
//	conclusion, onsite, survey, flag
//	again-OPINION   "content" or "again"; see againName
const otherBox = "other" // opinions on no single criterion

// boxCodes are the criteria of the document and the box for the rest.
func boxCodes(m mechanism.Mechanism, doc mechanism.Doc) []string {
	var codes []string
	for _, c := range m.Criteria(doc) {
		codes = append(codes, c.Code)
	}
	return append(codes, otherBox)
}

// saidIn reads the boxes of one criterion, empty ones too.
func saidIn(v url.Values, code string) []ledger.Said {
	var list []ledger.Said
	texts, kinds, changes := v["t-"+code], v["k-"+code], v["c-"+code]
	for i, text := range texts {
		said := ledger.Said{Criterion: code, Kind: ledger.Must, Text: clean(text)}
		if code == otherBox {
			said.Criterion = ""
		}
		if i < len(kinds) {
			said.Kind = ledger.OpinionKind(kinds[i])
		}
		if i < len(changes) {
			said.Change = clean(changes[i])
		}
		list = append(list, placed(v, said, code, i))
	}
	return list
}

func clean(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }

// withBox returns the fields with one more empty opinion on the criterion.
func withBox(v url.Values, code string) url.Values {
	v["t-"+code] = append(v["t-"+code], "")
	v["k-"+code] = append(v["k-"+code], string(ledger.Must))
	for _, control := range []string{"c", "s", "m", "d"} {
		v[control+"-"+code] = append(v[control+"-"+code], "")
	}
	return v
}

// verdictOf reads the verdict from the form.
func verdictOf(p passage, f *form) ledger.GiveVerdict {
	give := ledger.GiveVerdict{
		Submission: p.Submission.ID, Finding: p.Finding.Number, Party: p.Party,
		Judged: ledger.Judged{
			Words: map[string]string{}, Conclusion: joint.Conclusion(f.text("conclusion")),
			OnSite: f.checked("onsite"), Survey: f.checked("survey"),
			Grade: f.text("grade"),
		},
	}
	if give.Judged.Conclusion == joint.Abstained { // what was judged before is no part of it
		give.Judged = ledger.Judged{Conclusion: joint.Abstained, Reason: f.text("reason")}
		return withOpinions(give, p, f)
	}
	for _, c := range p.mech().Criteria(p.Submission.Doc) {
		if word := f.text("w-" + c.Code); word != "" {
			give.Judged.Words[c.Code] = word
		}
	}
	return withOpinions(give, p, f)
}

// withOpinions adds the opinions and the re-checks of the form.
func withOpinions(give ledger.GiveVerdict, p passage, f *form) ledger.GiveVerdict {
	for _, code := range boxCodes(p.mech(), p.Submission.Doc) {
		for _, said := range saidIn(f.r.PostForm, code) {
			if !blank(said) {
				give.Opinions = append(give.Opinions, said)
			}
		}
	}
	for _, o := range p.Recheck {
		if answer := f.text(againName(o)); answer != "" {
			if give.Rechecks == nil {
				give.Rechecks = map[string]bool{}
			}
			give.Rechecks[o.ID] = answer == "content"
		}
	}
	return give
}

// lacks names what still has to be filled in, in the order of the form.
func lacks(ctx context.Context, p passage, v url.Values) []string {
	var names []string
	abstains := v.Get("conclusion") == string(joint.Abstained)
	for _, c := range p.mech().Criteria(p.Submission.Doc) {
		if v.Get("w-"+c.Code) == "" && !abstains {
			names = append(names, named(ctx, c.Name, c.NameEn))
		}
	}
	if v.Get("conclusion") == "" {
		names = append(names, lang.T(ctx, "review.conclusion"))
	}
	if len(p.doc().Grades) > 0 && v.Get("grade") == "" && !abstains {
		names = append(names, lang.T(ctx, "review.grade"))
	}
	for i, o := range p.Recheck {
		if v.Get(againName(o)) == "" {
			names = append(names, lang.T(ctx, "review.recheck.nth", i+1))
		}
	}
	return names
}

// noteRefusal puts a refusal of the verdict beside the control it speaks of, in
// the reader's language, and reports whether it was one. All criteria without a
// word are noted at once: the rule names only the first.
func noteRefusal(p passage, f *form, err error) bool {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	ctx, v := f.r.Context(), f.r.PostForm
	switch refusal.Code {
	case "verdict.criterion_missing":
		for _, c := range p.mech().Criteria(p.Submission.Doc) {
			if v.Get("w-"+c.Code) == "" {
				f.wrong("w-"+c.Code, refusal.Code, named(ctx, c.Name, c.NameEn))
			}
		}
	case "verdict.fail_unexplained":
		for _, c := range p.mech().Criteria(p.Submission.Doc) {
			if refusal.Args[0] == c.Name {
				f.wrong(boxID("t", c.Code, 0), refusal.Code, named(ctx, c.Name, c.NameEn))
			}
		}
	case "verdict.abstain_reason":
		f.wrong("reason", refusal.Code)
	case "verdict.grade_missing", "verdict.grade_unknown":
		f.wrong("grade", refusal.Code, refusal.Args...)
	case "verdict.conclusion_missing", "verdict.opinion_missing", "verdict.abstain_not_allowed", "verdict.abstain_opinion", "verdict.renewal_missing":
		f.wrong("conclusion", refusal.Code)
	case "verdict.recheck_missing":
		for _, o := range p.Recheck {
			if v.Get(againName(o)) == "" {
				f.wrong(againName(o), refusal.Code)
			}
		}
	case "opinion.text_missing", "opinion.kind_unknown", "opinion.change_missing", "opinion.measure_unknown", "opinion.due_past":
		n, _ := refusal.Args[0].(int)
		f.wrong(boxOfOpinion(p, v, n, or(controlOf[refusal.Code], "t")), refusal.Code, refusal.Args...)
	}
	if len(f.problems) == 0 {
		f.wrong("", refusal.Code, refusal.Args...)
	}
	return true
}

// boxOfOpinion names a control of the n-th opinion that was sent, from 1.
func boxOfOpinion(p passage, v url.Values, n int, control string) string {
	for _, code := range boxCodes(p.mech(), p.Submission.Doc) {
		for i, said := range saidIn(v, code) {
			if blank(said) {
				continue
			}
			if n--; n == 0 {
				return boxID(control, code, i)
			}
		}
	}
	return ""
}

// boxID is the identity of a control of the n-th opinion of a criterion.
func boxID(control, code string, n int) string {
	return control + "-" + code + "-" + strconv.Itoa(n+1)
}

// againName is the control that re-checks an opinion. An address after "#" may
// not look like one with a scheme, so it has no colon.
func againName(o ledger.Opinion) string { return "again-" + strings.ReplaceAll(o.ID, ":", "_") }
