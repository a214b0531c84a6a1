package web

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// shortHash is enough of a hash for a person to compare: 9f2c…a41e.
func shortHash(hex string) string {
	if len(hex) < 12 {
		return hex
	}
	return hex[:4] + "…" + hex[len(hex)-4:]
}

// day is the date of an instant where the round is supervised.
func (d *findingData) day(t time.Time) string { return workday.In(t, d.Zone).String() }

// moment words an instant of the trail, given in microseconds.
func (d *findingData) moment(us int64) string { return lang.Moment(time.UnixMicro(us).In(d.Zone)) }

// source says where the finding comes from.
func (d *findingData) source() string {
	parts := []string{}
	for _, s := range []string{d.Round.Source, bodyName(d.Bodies, d.Finding.Team)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// facts are the basic facts beside the text.
func (d *findingData) facts(ctx context.Context) []ui.KV {
	f := d.Finding
	due := ui.KV{Key: lang.T(ctx, "word.deadline"), Value: f.Class.Deadline.String(), Note: f.Class.DeadlineText}
	if due.Value == "" {
		due.Value, due.Note = due.Note, ""
	}
	if was := earlier(ctx, f); was != "" {
		due.Note = was
	}
	facts := []ui.KV{
		{Key: lang.T(ctx, "word.organisation"), Value: d.Organisation.NameOn(d.Round.FeedbackOn).Full},
		{Key: lang.T(ctx, "ledger_page.category"), Value: f.Class.Category},
		{Key: lang.T(ctx, "finding.aspect"), Value: f.Class.Aspect},
		{Key: lang.T(ctx, "ledger_page.kind"), Value: lang.T(ctx, "kind."+string(f.Class.Kind))},
		due,
		{Key: lang.T(ctx, "ledger_page.cadre"), Value: yesNo(ctx, f.Class.OrganCadre)},
	}
	if !f.AnswerBy.IsZero() && f.Stage == ledger.Returned {
		facts = append(facts, ui.KV{Key: lang.T(ctx, "finding.answer_by"), Value: f.AnswerBy.String()})
	}
	return facts
}

// duty is the responsibility on both sides: who rectifies and who supervises.
func (d *findingData) duty(ctx context.Context) (rectifies, supervises []ui.KV) {
	p, w := d.Finding.Plan, d.Finding.Watch
	rectifies = []ui.KV{
		{Key: lang.T(ctx, "fill.leader"), Value: p.Leader}, {Key: lang.T(ctx, "fill.section"), Value: p.Section}, {Key: lang.T(ctx, "fill.handler"), Value: p.Handler},
	}
	supervises = []ui.KV{
		{Key: lang.T(ctx, "ledger_page.assign.body"), Value: bodyName(d.Bodies, w.Body)},
		{Key: lang.T(ctx, "ledger_page.assign.section"), Value: w.Section},
		{Key: lang.T(ctx, "ledger_page.assign.person"), Value: w.Person},
	}
	if w.Number != "" {
		supervises = append(supervises, ui.KV{Key: lang.T(ctx, "ledger_page.assign.number"), Value: w.Number})
	}
	return rectifies, supervises
}

// unsent reports whether the reader sees text that has not been sent.
func (d *findingData) unsent() bool {
	last := d.latest()
	return d.Scope.Drafts && last.Submission.Doc == mechanism.Report &&
		(!reflect.DeepEqual(last.Item.Progress, d.Finding.Progress) || !reflect.DeepEqual(last.Item.Plan, d.Finding.Plan))
}

// partyCards shows each party as far as the reader may know it.
func (d *findingData) partyCards(ctx context.Context) []ui.PartyCard {
	panel := d.panel()
	cards := make([]ui.PartyCard, len(panel))
	for i, p := range panel {
		cards[i] = d.partyCard(ctx, p)
	}
	return cards
}

func (d *findingData) partyCard(ctx context.Context, p mechanism.Party) ui.PartyCard {
	l, version := lang.From(ctx), d.version()
	card := ui.PartyCard{Seal: ui.Seal{Mark: p.Seal, Name: named(ctx, p.Name, p.NameEn), Verdict: ui.Waiting}}
	v := slices.IndexFunc(d.Verdicts, func(v ledger.Verdict) bool { return v.Submission == version && v.Party == p.Code })
	switch {
	case v >= 0:
		said := d.Verdicts[v]
		card.Seal.Verdict, card.Seal.Word = sealOf(ctx, d.Round.Mechanism, said.Judged.Conclusion, d.Scope)
		card.Chip = verdictChip(card.Seal)
		card.Who = d.person(said.Person) + " · " + lang.Moment(said.At.In(d.Zone))
		card.Text = d.said(p.Code, version)
		if d.Finding.Reopened {
			card.Seal.Verdict, card.Chip = ui.Stale, ui.ChipWord{Hue: ui.Grey, Icon: "history", Word: lang.Say(l, "verdict.stale")}
		}
	case d.Spoken[p.Code]:
		card.Seal.Verdict, card.Seal.Word = sealOf(ctx, d.Round.Mechanism, "", d.Scope)
		card.Chip = ui.ChipWord{Hue: ui.Violet, Icon: "circle-check", Word: lang.Say(l, "ledger_page.seal.given")}
		card.Blind = d.Scope.Verdicts == policy.OwnThenAll
		if !card.Blind {
			card.Text = lang.Say(l, "finding.after_consolidation")
		}
	default:
		card.Chip = ui.ChipWord{Hue: ui.Grey, Icon: "circle-dashed", Word: lang.Say(l, "verdict.waiting")}
		if d.Finding.Stage == ledger.InReview && d.speaksFor(p.Code) {
			card.Action = ui.Link{Href: reviewPath(version, d.Finding.Number), Label: lang.Say(l, "finding.do.review")}
		}
	}
	return card
}

// verdictChip is the chip of a conclusion that may be known.
func verdictChip(s ui.Seal) ui.ChipWord {
	chip := map[string]ui.ChipWord{
		ui.Pass:    {Hue: ui.Green, Icon: "circle-check"},
		ui.Basic:   {Hue: ui.Amber, Icon: "circle-half-2"},
		ui.Fail:    {Hue: ui.Red, Icon: "circle-x"},
		ui.Waiting: {Hue: ui.Grey, Icon: "minus"}, // spoke, but abstained
	}[s.Verdict]
	chip.Word = s.Word
	return chip
}

// said joins what the party asked for on the version.
func (d *findingData) said(p joint.Party, version string) string {
	var texts []string
	for _, o := range d.Opinions {
		if o.Party == p && o.Submission == version {
			texts = append(texts, o.Said.Text)
		}
	}
	return strings.Join(texts, " ")
}

// opinionRow is one opinion with where it comes from and what became of it.
type opinionRow struct {
	ledger.Opinion
	PartyName, Mark string
	Origin          string // person, document, version
	Criterion       string
	Chain           string // for which time it was raised; "" for the first
	State           ui.ChipWord
	MayRecheck      bool
}

// opinionRows lists the opinions the reader may know, newest version first.
func (d *findingData) opinionRows(ctx context.Context) []opinionRow {
	numbers := map[string]store.SentItem{}
	order := map[string]int{}
	for i, v := range d.Versions {
		numbers[v.Submission.ID], order[v.Submission.ID] = v, i
	}
	var rows []opinionRow
	for _, o := range d.Opinions {
		p, _ := d.Round.Mechanism.Party(o.Party)
		v := numbers[o.Submission].Submission
		row := opinionRow{
			Opinion: o, Mark: p.Seal, PartyName: named(ctx, p.Name, p.NameEn),
			Origin:     d.person(o.Person) + " · " + versionWords(ctx, v),
			Criterion:  d.criterion(ctx, v.Doc, o.Said.Criterion),
			Chain:      chainLine(ctx, o, d.Opinions),
			State:      opinionState(ctx, o.Stage),
			MayRecheck: o.Stage == ledger.Answered && d.Finding.Stage == ledger.Recognised && policy.Can(d.Who, ledger.Recheck{}, o.Subject()),
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b opinionRow) int { return order[b.Submission] - order[a.Submission] })
	return rows
}

// versionWords names a version of a document: 整改进展情况报告第1稿.
func versionWords(ctx context.Context, s ledger.Submission) string {
	return lang.T(ctx, "finding.version", lang.T(ctx, "doc."+string(s.Doc)), s.Number)
}

func (d *findingData) criterion(ctx context.Context, doc mechanism.Doc, code string) string {
	for _, c := range d.Round.Mechanism.Criteria(doc) {
		if c.Code == code {
			return named(ctx, c.Name, c.NameEn)
		}
	}
	return code
}

func opinionState(ctx context.Context, s ledger.OpinionStage) ui.ChipWord {
	chip := map[ledger.OpinionStage]ui.ChipWord{
		ledger.Raised:    {Hue: ui.Violet, Icon: "message-2"},
		ledger.Merged:    {Hue: ui.Violet, Icon: "users-group"},
		ledger.SetAside:  {Hue: ui.Grey, Icon: "minus"},
		ledger.Noted:     {Hue: ui.Grey, Icon: "check"},
		ledger.Delivered: {Hue: ui.Amber, Icon: "clock"},
		ledger.Answered:  {Hue: ui.Blue, Icon: "corner-up-left"},
		ledger.Resolved:  {Hue: ui.Green, Icon: "circle-check"},
		ledger.Again:     {Hue: ui.Red, Icon: "refresh"},
		ledger.TakenBack: {Hue: ui.Grey, Icon: "minus"},
	}[s]
	chip.Word = lang.T(ctx, "finding.opinion."+string(s))
	return chip
}

// letterOf returns the consolidation of the version, for the timeline.
func (d *findingData) letterOf(submission string) (ledger.Consolidation, bool) {
	i := slices.IndexFunc(d.Letters, func(c ledger.Consolidation) bool { return c.Submission == submission })
	if i < 0 {
		return ledger.Consolidation{}, false
	}
	return d.Letters[i], true
}

// answerWords says how an opinion or an entry of a letter was answered.
func answerWords(ctx context.Context, a ledger.Answer) string {
	if a.Response == "" {
		return lang.T(ctx, "ui.unanswered")
	}
	parts := []string{lang.T(ctx, "response."+string(a.Response))}
	for _, s := range []string{a.Reason, a.Place} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}
