package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
)

// Fields of the consolidation form:
//
//	entries                     how many entries there are
//	text-N, change-N, origin-N  entry N, from 1; origin-N once for each opinion it carries
//	aside-OPINION               why the opinion does not go into the letter; see asideName
//	conclusion, reason

// maxEntries bounds what a form may ask for.
const maxEntries = 30

// asideName is the control of the reason for leaving an opinion out.
func asideName(o ledger.Opinion) string { return "aside-" + strings.ReplaceAll(o.ID, ":", "_") }

func entryField(control string, n int) string { return control + "-" + strconv.Itoa(n) }

// entriesIn reads the entries of the form, empty ones too.
func entriesIn(v url.Values) []ledger.Entry {
	n, err := strconv.Atoi(v.Get("entries"))
	if err != nil {
		return nil
	}
	var list []ledger.Entry
	for i := 1; i <= min(n, maxEntries); i++ {
		list = append(list, ledger.Entry{
			Text: clean(v.Get(entryField("text", i))), Change: clean(v.Get(entryField("change", i))),
			Origins: slices.Clone(v[entryField("origin", i)]),
		})
	}
	return list
}

// putEntries writes the entries into the form.
func putEntries(v url.Values, list []ledger.Entry) {
	for i := 1; i <= maxEntries; i++ {
		for _, control := range []string{"text", "change", "origin"} {
			v.Del(entryField(control, i))
		}
	}
	v.Set("entries", strconv.Itoa(len(list)))
	for i, e := range list {
		v.Set(entryField("text", i+1), e.Text)
		v.Set(entryField("change", i+1), e.Change)
		v[entryField("origin", i+1)] = e.Origins
	}
}

// rebuild does what a button of the form asks for that is no act yet, and
// reports whether it was one: "add", "drop:2", "merge:2".
func rebuild(c consolidating, v url.Values, button string) bool {
	list := entriesIn(v)
	what, which, _ := strings.Cut(button, ":")
	i, err := strconv.Atoi(which)
	inside := err == nil && i >= 1 && i <= len(list)
	switch {
	case what == "add":
		if len(list) < maxEntries {
			list = append(list, ledger.Entry{})
		}
	case what == "drop" && inside:
		list = slices.Delete(list, i-1, i)
	case what == "merge" && inside:
		list[i-1].Text, list[i-1].Change = mergeWords(originsOf(c.Opinions, list[i-1].Origins))
	default:
		return false
	}
	putEntries(v, list)
	return true
}

func originsOf(opinions []ledger.Opinion, ids []string) (list []ledger.Opinion) {
	for _, o := range opinions {
		if slices.Contains(ids, o.ID) {
			list = append(list, o)
		}
	}
	return list
}

// mergeWords strings opinions together: a beginning for whoever words the entry.
// What several parties said alike is said once.
func mergeWords(list []ledger.Opinion) (text, change string) {
	var texts, changes []string
	for _, o := range list {
		texts = append(texts, o.Said.Text)
		changes = append(changes, changeZH(o.Said))
	}
	return together(texts), together(changes)
}

func together(parts []string) string {
	var list []string
	for _, p := range parts {
		p = strings.TrimRight(strings.TrimSpace(p), "。；;.")
		if p != "" && !slices.Contains(list, p) {
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, "；") + "。"
}

// suggested is the form before anybody typed: what was made before, or one entry
// for each criterion on which something is demanded.
func suggested(c consolidating) url.Values {
	v := url.Values{}
	made := c.here().Made
	if made.Version > 0 {
		putEntries(v, made.Entries)
		v.Set("conclusion", string(made.Conclusion))
		v.Set("reason", made.Reason)
		for _, o := range c.Opinions {
			if o.Stage == ledger.SetAside {
				v.Set(asideName(o), o.Reason)
			}
		}
		return v
	}
	var list []ledger.Entry
	for _, code := range append(boxCodes(c.mech(), c.Submission.Doc), "") {
		var origins []string
		var said []ledger.Opinion
		for _, o := range c.Opinions {
			if o.Said.Criterion == code && o.Said.Kind != ledger.Remark {
				origins, said = append(origins, o.ID), append(said, o)
			}
		}
		if len(said) > 0 {
			text, change := mergeWords(said)
			list = append(list, ledger.Entry{Text: text, Change: change, Origins: origins})
		}
	}
	putEntries(v, list)
	v.Set("conclusion", string(c.here().Reading.Holds))
	if c.Resolved.Meeting != "" {
		v.Set("conclusion", string(c.Resolved.Conclusion))
		v.Set("reason", c.Resolved.Reason)
	}
	return v
}

// consolidationOf reads the act from the form.
func consolidationOf(c consolidating, f *form) ledger.Consolidate {
	act := ledger.Consolidate{
		Submission: c.Submission.ID, Finding: c.Finding.Number, Conclusion: joint.Conclusion(f.text("conclusion")),
		Reason: f.text("reason"), Entries: entriesIn(f.r.PostForm), SetAside: map[string]string{},
	}
	for _, o := range c.Opinions {
		if reason := f.text(asideName(o)); reason != "" {
			act.SetAside[o.ID] = reason
		}
	}
	return act
}

// noteConsolidation puts a refusal beside the control it speaks of, in the
// reader's language, and reports whether it was one.
func noteConsolidation(c consolidating, f *form, err error) bool {
	var refusal ledger.Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	field := ""
	switch refusal.Code {
	case "consolidate.reason_missing":
		field = "reason"
	case "verdict.conclusion_missing", "consolidate.against_resolution", "consolidate.returns_exhausted":
		field = "conclusion"
	case "consolidate.entry_text", "consolidate.origin_unknown", "consolidate.origin_elsewhere":
		n, _ := refusal.Args[0].(int)
		field = entryField("text", n)
	case "consolidate.entry_missing":
		field = "add-entry"
	case "consolidate.opinion_dropped":
		act := consolidationOf(c, f)
		for _, o := range c.Opinions {
			if o.Said.Kind != ledger.Remark && act.SetAside[o.ID] == "" && !carried(act.Entries, o.ID) {
				f.wrong(asideName(o), refusal.Code, o.Said.Text)
			}
		}
	case "consolidate.parties_missing":
		f.wrong("", refusal.Code, partyList(f.r.Context(), c.mech(), c.here().Reading.Missing))
	}
	if len(f.problems) == 0 {
		f.wrong(field, refusal.Code, refusal.Args...)
	}
	return true
}

// carried reports whether an entry with a text carries the opinion.
func carried(list []ledger.Entry, id string) bool {
	return slices.ContainsFunc(list, func(e ledger.Entry) bool { return slices.Contains(e.Origins, id) })
}
