package web

import (
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/paper"
	"lianshen/internal/workday"
)

// say words something of an official document, which is Chinese.
func say(key string, args ...any) string { return lang.Say(lang.ZH, key, args...) }

// write words the letter. It says of who held what only as much as the mechanism
// puts into its letters: without, the parties speak through it with one voice.
func (l letter) write() paper.Letter {
	doc := say("doc." + string(l.Submission.Doc))
	name := l.Name
	out := paper.Letter{
		Issuer: l.Issuer, Number: l.Submission.Letter.Number, To: name.Full, Sign: l.Issuer,
		Title: say("letter.title", name.Short, doc, l.Submission.Number), Date: lang.LetterDate(lang.ZH, l.On.String()),
	}
	var agreed []string
	var open []ledger.Consolidation
	entries := 0
	for _, c := range l.Made {
		entries += len(c.Entries)
		if c.Agreed() && len(c.Entries) == 0 {
			agreed = append(agreed, c.Finding)
			continue
		}
		open = append(open, c)
	}
	sent := workday.In(l.Submission.Sent.At, l.Zone).String()
	opening, accepted := "letter.opening", "letter.closing.accepted"
	whole := l.Submission.Doc.Whole()
	if whole { // one text: there is nothing to count
		opening, accepted, agreed = "documents.letter.opening", "documents.letter.accepted", nil
	}
	out.Opening = say(opening, doc, l.Submission.Number, lang.LetterDate(lang.ZH, sent), partyNamesZH(l.Round, l.Submission.Doc), len(l.Submission.Sent.Findings))
	if len(agreed) > 0 {
		out.Opening += "\n" + say("letter.agreed", len(agreed), strings.Join(agreed, "、"))
	}
	out.Closing = say(accepted)
	if len(open) > 0 {
		if !whole {
			out.Opening += "\n" + say("letter.opinions", len(open), entries)
		}
		out.Closing = say("letter.closing", lang.LetterDate(lang.ZH, l.AnswerBy.String()))
	}
	out.Groups = l.groups(open)
	return out
}

// groups puts the entries under headings as the mechanism wants them.
func (l letter) groups(open []ledger.Consolidation) []paper.Group {
	switch l.Round.Mechanism.Letter.Group {
	case mechanism.ByCriterion:
		return l.grouped(open, l.criterionOf, func(key string) string { return say("letter.by_criterion", key) })
	case mechanism.ByParty:
		return l.grouped(open, l.speakerOf, func(key string) string { return say("letter.by_party", key) })
	case mechanism.ByFinding:
	}
	var groups []paper.Group
	for _, c := range open {
		g := paper.Group{Heading: paper.ForFinding(c.Finding), Text: l.Titles[c.Finding], Conclusion: conclusionZH(l.Round, c.Conclusion)}
		if doc := ledger.WholeDoc(c.Finding); doc != "" {
			g.Heading, g.Text = say("documents.letter.about", say("doc."+string(doc))), ""
		}
		for _, e := range c.Entries {
			g.Items = append(g.Items, entryText(e)+l.raisedBy(e))
		}
		g.Minority, g.Reason = l.minority(c), l.reason(c)
		groups = append(groups, g)
	}
	return groups
}

// grouped puts first what was concluded of each finding, then the entries by
// their keys, each entry once, then who held otherwise.
func (l letter) grouped(open []ledger.Consolidation, keyOf func(ledger.Entry) string, heading func(string) string) []paper.Group {
	if len(open) == 0 {
		return nil
	}
	stands := paper.Group{Heading: say("letter.stands")}
	var keys []string
	items := map[string][]string{}
	others := paper.Group{Heading: say("letter.others")}
	for _, c := range open {
		stands.Items = append(stands.Items, l.stand(c))
		for _, e := range c.Entries {
			key := keyOf(e)
			if items[key] == nil {
				keys = append(keys, key)
			}
			items[key] = append(items[key], ofFinding(c.Finding)+entryText(e)+l.raisedBy(e))
		}
		if said := l.minority(c) + l.reason(c); said != "" {
			others.Items = append(others.Items, ofFinding(c.Finding)+said)
		}
	}
	groups := []paper.Group{stands}
	for _, key := range keys {
		groups = append(groups, paper.Group{Heading: heading(key), Items: items[key]})
	}
	if len(others.Items) > 0 {
		groups = append(groups, others)
	}
	return groups
}

// stand says what was concluded of a finding, or of the document as a whole.
func (l letter) stand(c ledger.Consolidation) string {
	conclusion := conclusionZH(l.Round, c.Conclusion)
	if doc := ledger.WholeDoc(c.Finding); doc != "" {
		return say("documents.letter.stand", say("doc."+string(doc)), conclusion)
	}
	return say("letter.stand", c.Finding, strings.TrimRight(l.Titles[c.Finding], "。"), conclusion)
}

// ofFinding goes before what is said of one finding; "" for a document as a whole.
func ofFinding(finding string) string {
	if ledger.IsWhole(finding) {
		return ""
	}
	return say("letter.of_finding", finding)
}

// raisedBy names the parties behind an entry, where letters of the mechanism do.
func (l letter) raisedBy(e ledger.Entry) string {
	if parties := l.partiesOf(e); l.Round.Mechanism.Letter.Origins && parties != "" {
		return say("letter.raised_by", parties)
	}
	return ""
}

// partiesOf names the parties whose opinions the entry carries, in the order of
// the mechanism.
func (l letter) partiesOf(e ledger.Entry) string {
	var names []string
	for _, p := range l.Round.Mechanism.Parties {
		if slices.ContainsFunc(e.Origins, func(id string) bool { return raiser(id) == p.Code }) {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, "、")
}

// speakerOf is partiesOf, and the party that consolidates for an entry of its own.
func (l letter) speakerOf(e ledger.Entry) string {
	if names := l.partiesOf(e); names != "" {
		return names
	}
	p, _ := l.Round.Mechanism.Party(l.Round.Mechanism.Bench().Consolidates)
	return p.Name
}

// criterionOf names the criterion that the entry speaks to.
func (l letter) criterionOf(e ledger.Entry) string {
	return criterionZH(l.Round, l.Submission.Doc, e.Criterion)
}

// minority says what the fewer parties concluded, where letters of the mechanism do.
func (l letter) minority(c ledger.Consolidation) string {
	if !l.Round.Mechanism.Letter.Minority || len(c.Minority) == 0 {
		return ""
	}
	return viewsZH(l.Round, c.Minority, c.Views) + "。"
}

// raiser is the party in the identity of an opinion: "8-JT-report-1:08-JT-012:office:1".
func raiser(opinion string) joint.Party {
	parts := strings.Split(opinion, ":")
	if len(parts) < 4 {
		return ""
	}
	return joint.Party(parts[2])
}

func conclusionZH(round ledger.Round, said joint.Conclusion) string {
	for _, w := range round.Mechanism.Conclusions {
		if w.Code == string(said) {
			return w.Name
		}
	}
	return say("conclusion." + string(said))
}

// viewsZH words what each of the parties concluded: "组织部：同意；巡察组：继续整改".
func viewsZH(round ledger.Round, parties []joint.Party, views map[joint.Party]joint.Conclusion) string {
	var said []string
	for _, p := range round.Mechanism.Parties {
		if view, spoke := views[p.Code]; spoke && slices.Contains(parties, p.Code) {
			said = append(said, p.Name+"："+conclusionZH(round, view))
		}
	}
	return strings.Join(said, "；")
}

// partyNamesZH names the parties that review the document.
func partyNamesZH(round ledger.Round, doc mechanism.Doc) string {
	var names []string
	for _, code := range round.Mechanism.Panel(doc, true) {
		p, _ := round.Mechanism.Party(code)
		names = append(names, p.Name)
	}
	return strings.Join(names, "、")
}

// entryText is one opinion as the letter prints it.
func entryText(e ledger.Entry) string {
	if e.Change == "" {
		return e.Text
	}
	return strings.TrimRight(e.Text, "。；") + "。" + say("letter.change", strings.TrimRight(e.Change, "。；")) + "。"
}

// reason is by whom and why a disagreement was resolved so, or the rule set aside,
// where letters of the mechanism say it.
func (l letter) reason(c ledger.Consolidation) string {
	resolved := c.Disputed || c.Override || c.Meeting != ""
	if !l.Round.Mechanism.Letter.Reasons || !resolved || c.Reason == "" {
		return ""
	}
	editor, _ := l.Round.Mechanism.Party(l.Round.Mechanism.Bench().Consolidates)
	switch {
	case c.Meeting != "":
		return say("letter.reason.meeting", c.Meeting, c.Reason)
	case c.Override:
		return say("letter.reason.override", editor.Name, c.Reason)
	}
	return say("letter.reason.consolidated", editor.Name, c.Reason)
}

// passedOver are the parties of which a finding was consolidated without their word
// because they were not waited for.
func (l letter) passedOver() []joint.Party {
	m := l.Round.Mechanism
	doc, _ := m.Document(l.Submission.Doc)
	return slices.DeleteFunc(m.Panel(doc.Code, true), func(p joint.Party) bool {
		silent := slices.ContainsFunc(l.Made, func(c ledger.Consolidation) bool {
			return c.Views[p] == "" && slices.Contains(m.Panel(doc.Code, l.Flagged[c.Finding]), p)
		})
		return !silent || !l.Submission.Passes(p, doc.Late, l.On)
	})
}
