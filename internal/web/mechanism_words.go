package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// versionName is the name of a mechanism and the number of its version: 四方联审 v2.
func versionName(ctx context.Context, m mechanism.Mechanism) string {
	return named(ctx, m.Name, m.NameEn) + " v" + strconv.Itoa(m.Version)
}

// A clause is one thing a mechanism says, in a sentence. Two versions are compared
// clause by clause, by their keys.
type clause struct {
	Key, Label, Text string
}

// A speaker words one mechanism.
type speaker struct {
	ctx context.Context
	m   mechanism.Mechanism
}

func (s speaker) t(key string, args ...any) string { return lang.T(s.ctx, key, args...) }

func (s speaker) tag() string { return string(lang.From(s.ctx)) }

// parties lists names of parties.
func (s speaker) parties(codes []joint.Party) string {
	var names mechanism.Labels
	for _, code := range codes {
		p, known := s.m.Party(code)
		if !known {
			p.Name = string(code)
		}
		names = append(names, p.Label())
	}
	return names.In(s.tag())
}

// glue puts sentences one after the other.
func (s speaker) glue(parts ...string) string {
	if lang.From(s.ctx) == lang.EN {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, "")
}

// clauses is all that the mechanism says, in the order of the page.
func (s speaker) clauses() []clause {
	list := []clause{{"name", s.t("mechanisms.name"), named(s.ctx, s.m.Name, s.m.NameEn)}}
	for _, p := range s.m.Parties {
		list = append(list, clause{"party:" + string(p.Code), s.t("word.party") + " " + p.Label().In(s.tag()), s.party(p)})
	}
	for _, d := range s.m.Documents {
		list = append(list, s.document(d)...)
	}
	list = append(list, clause{"words", s.t("mechanisms.words"), s.scale(s.m.Words)},
		clause{"conclusions", s.t("mechanisms.conclusions"), s.scale(s.m.Conclusions)})
	list = append(list, s.general()...)
	return append(list, clause{"phrases", s.t("mechanisms.phrases"), strings.Join(s.m.Phrases, "\n")})
}

// party says which seal the party has and what it does.
func (s speaker) party(p mechanism.Party) string {
	return strings.TrimSuffix(s.t("mechanisms.seal_is", p.Seal)+" · "+s.tasks(p), " · ")
}

// tasks says what the party does besides reviewing.
func (s speaker) tasks(p mechanism.Party) string {
	var words []string
	add := func(holds bool, key string) {
		if holds {
			words = append(words, s.t(key))
		}
	}
	add(p.Convenes, "mechanisms.convenes")
	add(p.Consolidates, "mechanisms.consolidates")
	add(p.PerOrganisation, "mechanisms.per_organisation")
	add(p.Sees == mechanism.SeesOrganCadre, "mechanisms.sees.organ_cadre")
	return strings.Join(words, " · ")
}

func (s speaker) document(d mechanism.Document) []clause {
	code, name := "doc:"+string(d.Code), d.Label().In(s.tag())
	list := []clause{{code, s.t("mechanisms.document"), name}}
	for _, c := range s.rules(d) {
		list = append(list, clause{code + ":" + c.Key, name + " · " + c.Label, c.Text})
	}
	for _, x := range d.Criteria {
		label := mechanism.Label{Zh: x.Name, En: x.NameEn}
		hint := mechanism.Label{Zh: x.Hint, En: x.HintEn}.In(s.tag())
		list = append(list, clause{code + ":criterion:" + x.Code, name + " · " + s.t("mechanisms.criterion"), strings.TrimSpace(label.In(s.tag()) + " " + hint)})
	}
	return list
}

// rules says in sentences how the document is reviewed.
func (s speaker) rules(d mechanism.Document) []clause {
	list := []clause{
		{"panel", s.t("mechanisms.panel"), s.panel(d)},
		{"how", s.t("mechanisms.how"), s.how(d)},
		{"time", s.t("mechanisms.time"), s.time(d)},
		{"votes", s.t("mechanisms.votes"), s.votes(d.Rule)},
		{"again", s.t("mechanisms.again"), s.again(d)},
	}
	if len(d.Words) > 0 {
		list = append(list, clause{"words", s.t("mechanisms.words"), s.scale(d.Words)})
	}
	if len(d.Grades) > 0 {
		list = append(list, clause{"grades", s.t("mechanisms.grades"), s.scale(d.Grades)})
	}
	return list
}

func (s speaker) panel(d mechanism.Document) string {
	all, most := s.m.Panel(d.Code, true), s.m.Panel(d.Code, false)
	text := s.parties(all)
	if few := slices.DeleteFunc(slices.Clone(all), func(p joint.Party) bool { return slices.Contains(most, p) }); len(few) > 0 {
		text = s.glue(text, s.t("mechanisms.panel.few", s.parties(few)))
	}
	return text
}

func (s speaker) how(d mechanism.Document) string {
	pick := func(yes bool, a, b string) string {
		if yes {
			return s.t(a)
		}
		return s.t(b)
	}
	words := []string{
		pick(d.Mode == mechanism.OnTheSpot, "mechanisms.mode.on_the_spot", "mechanisms.mode.circulated"),
		pick(d.Blind, "mechanisms.blind", "mechanisms.open"),
	}
	if d.Pledge {
		words = append(words, s.t("mechanisms.pledge"))
	}
	if d.RequireChange {
		words = append(words, s.t("mechanisms.change"))
	}
	return s.glue(words...)
}

func (s speaker) time(d mechanism.Document) string {
	if d.Days == 0 && len(d.DaysOf) == 0 {
		return s.t("mechanisms.time.none")
	}
	text := s.t("mechanisms.time.others")
	if d.Days > 0 {
		text = s.t("mechanisms.time.days", d.Days)
	}
	for _, x := range d.DaysOf {
		text = s.glue(text, s.t("mechanisms.time.of", s.parties([]joint.Party{x.Party}), x.Days))
	}
	return s.glue(text, s.t("mechanisms.late."+lateWord(d.Late)))
}

func lateWord(l mechanism.Late) string {
	if l == mechanism.LateWaits {
		return "waits"
	}
	return string(l)
}

func (s speaker) votes(r joint.Rule) string {
	var words []string
	if len(r.Required) == 0 {
		words = append(words, s.t("mechanisms.required.all"))
	} else {
		words = append(words, s.t("mechanisms.required.some", s.parties(r.Required)))
	}
	if r.Quorum > 0 {
		words = append(words, s.t("mechanisms.quorum.is", r.Quorum))
	}
	if r.Agrees > 0 {
		words = append(words, s.t("mechanisms.agrees.is", r.Agrees))
	} else {
		words = append(words, s.t("mechanisms.agrees.none"))
	}
	if len(r.Veto) > 0 {
		words = append(words, s.t("mechanisms.veto.is", s.parties(r.Veto)))
	}
	return s.glue(append(words, s.t("mechanisms.abstain."+abstainWord(r.Abstain)))...)
}

func abstainWord(a joint.Abstention) string {
	if a == joint.AbstainNot {
		return "not"
	}
	return string(a)
}

func (s speaker) again(d mechanism.Document) string {
	text := s.t("mechanisms.carry.no")
	if d.Carry {
		text = s.t("mechanisms.carry.yes")
	}
	if d.Returns > 0 {
		text = s.glue(text, s.t("mechanisms.returns.is", d.Returns))
	}
	return text
}

func (s speaker) scale(words []mechanism.Word) string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = named(s.ctx, w.Name, w.NameEn)
		if w.Fail {
			list[i] = s.glue(list[i], s.t("mechanisms.is_fail"))
		}
	}
	return strings.Join(list, " / ")
}

// general says what holds for all documents.
func (s speaker) general() []clause {
	return []clause{
		{"disputes", s.t("mechanisms.disputes"), s.either(s.m.Disputes.Meeting, "mechanisms.disputes.meeting", "mechanisms.disputes.alone")},
		{"extension", s.t("mechanisms.extension"), s.extension()},
		{"acceptance", s.t("mechanisms.acceptance"), s.either(s.m.Acceptance, "mechanisms.acceptance.yes", "mechanisms.acceptance.no")},
		{"closing", s.t("mechanisms.closing"), s.closing()},
		{"letter", s.t("mechanisms.letter"), s.letter()},
	}
}

func (s speaker) either(yes bool, a, b string) string {
	if yes {
		return s.t(a)
	}
	return s.t(b)
}

func (s speaker) extension() string {
	text := s.t("mechanisms.extension.by", s.parties([]joint.Party{s.m.Bench().Extends}))
	if s.m.Extension.Most > 0 {
		text = s.glue(text, s.t("mechanisms.extension.most", s.m.Extension.Most))
	}
	return text
}

func (s speaker) closing() string {
	c := s.m.Closing
	text := s.either(c.OpinionsClosed, "mechanisms.closing.opinions", "mechanisms.closing.free")
	if _, applies := s.m.Document(mechanism.ClosingDoc); applies {
		text = s.glue(text, s.t("mechanisms.closing.applied"))
	}
	if c.AnswerDays > 0 {
		text = s.glue(text, s.t("mechanisms.closing.answer", c.AnswerDays))
	}
	words := []string{s.t("mechanisms.outcome." + string(mechanism.Rectified))}
	for _, o := range c.Outcomes {
		words = append(words, s.t("mechanisms.outcome."+string(o)))
	}
	separator := "、"
	if lang.From(s.ctx) == lang.EN {
		separator = ", "
	}
	text = s.glue(text, s.t("mechanisms.closing.outcomes", strings.Join(words, separator)))
	if c.ContinueDays > 0 {
		text = s.glue(text, s.t("mechanisms.closing.continue", c.ContinueDays))
	}
	return text
}

func (s speaker) letter() string {
	group := "finding"
	if s.m.Letter.Group != mechanism.ByFinding {
		group = string(s.m.Letter.Group)
	}
	text := s.t("mechanisms.letter." + group)
	text = s.glue(text, s.either(s.m.Letter.Origins, "mechanisms.letter.origins", "mechanisms.letter.no_origins"))
	if s.m.Letter.Minority {
		text = s.glue(text, s.t("mechanisms.letter.minority"))
	}
	if s.m.Letter.Reasons {
		text = s.glue(text, s.t("mechanisms.letter.reasons"))
	}
	return text
}

// A difference is a clause that is not the same in two versions; Before or After
// is empty where one of them does not have it.
type difference struct {
	Label, Before, After string
}

// differences compares two versions clause by clause, in the order of the newer one.
func differences(ctx context.Context, old, now mechanism.Mechanism) (list []difference) {
	before := speaker{ctx, old}.clauses()
	find := func(key string, in []clause) (string, bool) {
		i := slices.IndexFunc(in, func(c clause) bool { return c.Key == key })
		if i < 0 {
			return "", false
		}
		return in[i].Text, true
	}
	after := speaker{ctx, now}.clauses()
	for _, c := range after {
		if was, _ := find(c.Key, before); was != c.Text {
			list = append(list, difference{c.Label, was, c.Text})
		}
	}
	for _, c := range before {
		if _, still := find(c.Key, after); !still {
			list = append(list, difference{c.Label, c.Text, ""})
		}
	}
	return list
}
