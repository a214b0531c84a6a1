package web

import (
	"context"
	"net/url"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

// reviewFormView is the form with what was typed.
type reviewFormView struct {
	Action, DraftKey, Key string
	Flagged               bool
	Criteria              []criterionView
	Other                 []boxView
	OtherOpen             bool
	Conclusion            ui.Group
	Grade                 ui.Group // no choices where the document is not graded
	Abstains              bool     // the mechanism lets a party abstain
	Reason, ReasonProblem string   // of abstaining
	Seen                  int64    // version of the own verdict: above 0 once it was taken back
	OnSite, Survey        bool
	Rechecks              []recheckView
	Phrases               []string
	Measures              []ui.Choice // that an opinion may be about
	Demand                string      // what the field for the required change says
	Lacks                 []string
	Errors                []ui.FieldProblem
	ShowFirst             bool // on a small screen: the form, because something in it is wrong
}

type criterionView struct {
	Code, Hint string
	Group      ui.Group
	Boxes      []boxView
	Open       bool
}

type boxView struct {
	Code, Name         string // of the criterion
	N                  int    // from 0
	Kind, Text, Change string
	Section, Measure   string
	Due                string            // as typed
	Problems           map[string]string // by control: t, c, m, d
}

type recheckView struct {
	Opinion ledger.Opinion
	Chain   string // for which time it was raised; "" for the first
	Group   ui.Group
}

// formView lays out the form with what was typed or kept.
func formView(ctx context.Context, p passage, state reviewState) *reviewFormView {
	m, v := p.mech(), state.Values
	view := &reviewFormView{
		Action: reviewPath(p.Submission.ID, p.Finding.Number), DraftKey: reviewForm(p.Submission.ID, p.Finding.Number),
		Key: state.Key, Flagged: v.Get("flag") != "", OnSite: v.Get("onsite") != "", Survey: v.Get("survey") != "",
		Phrases: m.Phrases, Measures: measureChoices(ctx, p.Item.Plan), Demand: demand(ctx, p.doc()), Lacks: lacks(ctx, p, v), ShowFirst: state.Problems != nil || state.Rival != nil,
	}
	if view.Key == "" {
		view.Key = newKey()
	}
	for _, c := range m.Criteria(p.Submission.Doc) {
		x := criterionView{Code: c.Code, Hint: named(ctx, c.Hint, c.HintEn), Group: wordGroup(ctx, p.scale(), c, state)}
		x.Boxes = boxes(v, c.Code, named(ctx, c.Name, c.NameEn), state.Problems)
		w, _ := onScale(p.scale(), v.Get("w-"+c.Code))
		x.Open = w.Fail || len(x.Boxes) > 1 || x.Boxes[0].filled()
		view.Criteria = append(view.Criteria, x)
	}
	view.Other = boxes(v, otherBox, lang.T(ctx, "review.other"), state.Problems)
	view.OtherOpen = len(view.Other) > 1 || view.Other[0].filled()
	view.Conclusion = conclusionGroup(ctx, m, state)
	view.Seen = p.Seen
	if view.Abstains = p.doc().Rule.Abstain != joint.AbstainNot; view.Abstains {
		view.Conclusion.Choices = append(view.Conclusion.Choices, ui.Choice{
			Value: string(joint.Abstained), Label: conclusionWord(ctx, m, joint.Abstained), Icon: conclusionIcons[joint.Abstained],
		})
		view.Reason, view.ReasonProblem = v.Get("reason"), state.Problems["reason"]
	}
	view.Grade = gradeGroup(ctx, p.doc(), state)
	for i, o := range p.Recheck {
		view.Rechecks = append(view.Rechecks, recheckOf(ctx, i, o, p.Raised, state))
	}
	view.Errors = summary(p, state.Problems)
	return view
}

func wordGroup(ctx context.Context, scale []mechanism.Word, c mechanism.Criterion, state reviewState) ui.Group {
	g := ui.Group{
		Name: "w-" + c.Code, Legend: named(ctx, c.Name, c.NameEn),
		Value: state.Values.Get("w-" + c.Code), Problem: state.Problems["w-"+c.Code],
	}
	classes := map[string]string{ui.Pass: "ok", ui.Basic: "mid", ui.Fail: "no"}
	for _, w := range scale {
		g.Choices = append(g.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn), Class: classes[wordLevel(scale, w.Code)]})
	}
	return g
}

func conclusionGroup(ctx context.Context, m mechanism.Mechanism, state reviewState) ui.Group {
	g := ui.Group{
		Name: "conclusion", Legend: lang.T(ctx, "review.conclusion"), Required: true,
		Value: state.Values.Get("conclusion"), Problem: state.Problems["conclusion"],
	}
	for _, w := range m.Conclusions {
		g.Choices = append(g.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn), Icon: conclusionIcons[joint.Conclusion(w.Code)]})
	}
	return g
}

// gradeGroup asks for the grade; without choices where the document has none.
func gradeGroup(ctx context.Context, doc mechanism.Document, state reviewState) ui.Group {
	g := ui.Group{
		Name: "grade", Legend: lang.T(ctx, "review.grade"), Required: true,
		Value: state.Values.Get("grade"), Problem: state.Problems["grade"],
	}
	for _, w := range doc.Grades {
		g.Choices = append(g.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn)})
	}
	return g
}

func recheckOf(ctx context.Context, i int, o ledger.Opinion, all []ledger.Opinion, state reviewState) recheckView {
	name := againName(o)
	return recheckView{o, chainLine(ctx, o, all), ui.Group{
		Name: name, Legend: lang.T(ctx, "review.recheck.nth", i+1), Required: true,
		Value: state.Values.Get(name), Problem: state.Problems[name],
		Choices: []ui.Choice{
			{Value: "content", Label: lang.T(ctx, "review.recheck.content"), Icon: "check"},
			{Value: "again", Label: lang.T(ctx, "review.recheck.again"), Icon: "refresh"},
		},
	}}
}

// boxes are the opinions on one criterion, at least one, empty boxes at the end
// included only where somebody asked for one more.
func boxes(v url.Values, code, name string, problems map[string]string) []boxView {
	list := []boxView{}
	for i, said := range saidIn(v, code) {
		list = append(list, boxOf(v, said, code, name, i, problems))
	}
	if len(list) == 0 {
		list = append(list, boxOf(v, ledger.Said{Kind: ledger.Must}, code, name, 0, problems))
	}
	return list
}

// summary lists the problems in the order of the form.
func summary(p passage, problems map[string]string) []ui.FieldProblem {
	var order []string
	for _, code := range boxCodes(p.mech(), p.Submission.Doc) {
		order = append(order, "w-"+code)
		for i := range 20 {
			for _, control := range boxControls {
				order = append(order, boxID(control, code, i))
			}
		}
	}
	order = append(order, "conclusion", "reason", "grade")
	for _, o := range p.Recheck {
		order = append(order, againName(o))
	}
	var list []ui.FieldProblem
	for _, id := range append(order, "") {
		if text, wrong := problems[id]; wrong {
			list = append(list, ui.FieldProblem{ID: id, Text: text})
		}
	}
	return list
}
