package web

import (
	"context"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/web/ui"
)

// conclusionLevel draws a conclusion with the picture of a verdict.
var conclusionLevel = map[joint.Conclusion]string{joint.Agree: ui.Pass, joint.Continue: ui.Basic, joint.Return: ui.Fail, joint.Abstained: ui.Waiting, joint.Passed: ui.Waiting}

var conclusionIcons = map[joint.Conclusion]string{
	joint.Agree: "circle-check", joint.Continue: "progress", joint.Return: "corner-up-left",
	joint.Abstained: "minus", joint.Passed: "clock",
}

func conclusionChip(ctx context.Context, m mechanism.Mechanism, c joint.Conclusion) ui.ChipWord {
	return ui.ChipWord{Hue: conclusionHues[c], Icon: conclusionIcons[c], Word: conclusionWord(ctx, m, c)}
}

// wordLevel is the colour of a verdict word: the most lenient passes, those
// beyond the fail line fail, the rest lies between.
func wordLevel(scale []mechanism.Word, code string) string {
	w, known := onScale(scale, code)
	switch {
	case !known:
		return ui.Waiting
	case w.Fail:
		return ui.Fail
	case w.Code == scale[0].Code:
		return ui.Pass
	}
	return ui.Basic
}

var levelChips = map[string]ui.ChipWord{
	ui.Pass: {Hue: ui.Green, Icon: "circle-check"}, ui.Basic: {Hue: ui.Amber, Icon: "circle-half-2"},
	ui.Fail: {Hue: ui.Red, Icon: "circle-x"}, ui.Waiting: {Hue: ui.Grey, Icon: "circle-dashed"},
}

func onScale(scale []mechanism.Word, code string) (mechanism.Word, bool) {
	i := slices.IndexFunc(scale, func(w mechanism.Word) bool { return w.Code == code })
	if i < 0 {
		return mechanism.Word{}, false
	}
	return scale[i], true
}

func wordChip(ctx context.Context, scale []mechanism.Word, code string) ui.ChipWord {
	chip := levelChips[wordLevel(scale, code)]
	if w, known := onScale(scale, code); known {
		chip.Word = named(ctx, w.Name, w.NameEn)
	}
	return chip
}

// saidOn joins what a party said on a criterion.
func saidOn(ctx context.Context, list []ledger.Opinion, party joint.Party, criterion string) string {
	var lines []string
	for _, o := range list {
		if o.Party == party && o.Said.Criterion == criterion {
			line := o.Said.Text
			if o.Said.Change != "" {
				line += " " + lang.T(ctx, "review.change", o.Said.Change)
			}
			if where := whereLine(ctx, o.Said); where != "" {
				line += " " + where
			}
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// saidView is what the parties said, as far as the actor may know.
type saidView struct {
	Own     ui.ChipWord // the own party's conclusion; Word "" if it has given none
	When    string
	Marks   []ui.Seal // heads of the columns
	Rows    []saidRow
	Parties []partySaid
}

type saidRow struct {
	Name  string
	Seals []ui.Seal
}

type partySaid struct {
	Seal     ui.Seal
	Who      string
	Chip     ui.ChipWord
	Needs    []string // on-site check, survey
	Opinions []spokenLine
}

// spokenLine is one opinion with the name of its criterion, "" for none.
type spokenLine struct {
	Criterion string
	ledger.Said
}

func said(ctx context.Context, p passage) *saidView {
	m, view := p.mech(), &saidView{}
	by := map[joint.Party]ledger.Verdict{}
	for _, v := range p.Verdicts {
		by[v.Party] = v
		if v.Party == p.Party {
			view.Own, view.When = conclusionChip(ctx, m, v.Judged.Conclusion), lang.Moment(v.At.In(p.Zone))
		}
	}
	panel := seats(m, m.Panel(p.Submission.Doc, p.Finding.Class.OrganCadre))
	for _, party := range panel {
		view.Marks = append(view.Marks, partySeal(ctx, party, ""))
		if v, given := by[party.Code]; given {
			view.Parties = append(view.Parties, partySaidOf(ctx, p, party, v))
		} else if p.passed(party.Code) {
			view.Parties = append(view.Parties, passedOver(ctx, m, party))
		}
	}
	for _, c := range m.Criteria(p.Submission.Doc) {
		row := saidRow{Name: named(ctx, c.Name, c.NameEn)}
		for _, party := range panel {
			seal := partySeal(ctx, party, ui.Waiting)
			if v, given := by[party.Code]; given {
				seal.Verdict = wordLevel(p.scale(), v.Judged.Words[c.Code])
				seal.Word = wordChip(ctx, p.scale(), v.Judged.Words[c.Code]).Word
			} else if p.passed(party.Code) {
				seal.Word = conclusionWord(ctx, m, joint.Passed)
			}
			row.Seals = append(row.Seals, seal)
		}
		view.Rows = append(view.Rows, row)
	}
	return view
}

func partySaidOf(ctx context.Context, p passage, party mechanism.Party, v ledger.Verdict) partySaid {
	x := partySaid{Seal: partySeal(ctx, party, conclusionLevel[v.Judged.Conclusion]), Who: onBehalf(ctx, p.Names[v.Person], v.OnBehalf), Chip: conclusionChip(ctx, p.mech(), v.Judged.Conclusion)}
	x.Seal.Word = x.Chip.Word
	if v.Judged.OnSite {
		x.Needs = append(x.Needs, lang.T(ctx, "review.onsite"))
	}
	if v.Judged.Survey {
		x.Needs = append(x.Needs, lang.T(ctx, "review.survey"))
	}
	for _, o := range p.Opinions {
		if o.Party == v.Party {
			x.Opinions = append(x.Opinions, spokenLine{criterionName(ctx, p.mech(), p.Submission.Doc, o.Said.Criterion), o.Said})
		}
	}
	return x
}

// passedOver stands where a party that is not waited for has said nothing.
func passedOver(ctx context.Context, m mechanism.Mechanism, party mechanism.Party) partySaid {
	x := partySaid{Seal: partySeal(ctx, party, ui.Waiting), Chip: conclusionChip(ctx, m, joint.Passed)}
	x.Seal.Word = x.Chip.Word
	return x
}

// passed reports whether the party is not waited for. It may be known while blind.
func (p passage) passed(party joint.Party) bool {
	return p.Submission.Passes(party, p.doc().Late, p.Today)
}

// seats describes the parties of a panel, in the order of the mechanism.
func seats(m mechanism.Mechanism, panel []joint.Party) []mechanism.Party {
	return slices.DeleteFunc(slices.Clone(m.Parties), func(p mechanism.Party) bool { return !slices.Contains(panel, p.Code) })
}

func partySeal(ctx context.Context, party mechanism.Party, verdict string) ui.Seal {
	return ui.Seal{Mark: party.Seal, Name: named(ctx, party.Name, party.NameEn), Verdict: verdict}
}

// criterionName names the criterion of an opinion; "" for none.
func criterionName(ctx context.Context, m mechanism.Mechanism, doc mechanism.Doc, code string) string {
	for _, c := range m.Criteria(doc) {
		if c.Code == code {
			return named(ctx, c.Name, c.NameEn)
		}
	}
	return ""
}
