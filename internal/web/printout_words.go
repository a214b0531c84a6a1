package web

import (
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// Words of official papers, which are Chinese whatever the language of the page.

// criterionZH names a criterion; "其他" for one the document has not.
func criterionZH(round ledger.Round, doc mechanism.Doc, code string) string {
	for _, c := range round.Mechanism.Criteria(doc) {
		if c.Code == code {
			return c.Name
		}
	}
	return say("paper.other")
}

// aboutZH is the number of a finding, or the name of a document judged as a whole.
func aboutZH(finding string) string {
	if doc := ledger.WholeDoc(finding); doc != "" {
		return say("doc." + string(doc))
	}
	return finding
}

// placeZH is the part of the document an opinion is about: its section or measure,
// else the finding.
func placeZH(o ledger.Said, title string) string {
	if o.Section == "" && o.Measure == "" {
		return title
	}
	return strings.TrimSpace(o.Section + " " + o.Measure)
}

// changeZH is what an opinion requires, and by when.
func changeZH(o ledger.Said) string {
	if o.Due.IsZero() {
		return o.Change
	}
	return strings.TrimSpace(o.Change + "（" + dayZH(o.Due) + "前）")
}

// responseZH words an answer with its reason; "" for none.
func responseZH(a ledger.Answer) string {
	if a.Response == "" {
		return ""
	}
	word := say("response." + string(a.Response))
	if a.Reason != "" {
		word += "：" + a.Reason
	}
	return word
}

// recheckZH words what came of the party's second look; "" before it.
func recheckZH(o ledger.Opinion) string {
	if !o.Rechecked() {
		return ""
	}
	word := say("paper.stage." + string(o.Stage))
	if o.Reason != "" {
		word += "：" + o.Reason
	}
	return word
}

// dayZH words a day for a paper; "" for none.
func dayZH(d workday.Date) string {
	if d.IsZero() {
		return ""
	}
	return lang.LetterDate(lang.ZH, d.String())
}
