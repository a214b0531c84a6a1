package web

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// The fields of the form are named by their path in the mechanism, so that what
// the check finds stands at its field: documents[1].criteria[0].name.

// mechanism reads the form. What is not a number counts as -1, which no rule allows.
func (f *form) mechanism() mechanism.Mechanism {
	m := mechanism.Mechanism{
		Code: f.text("code"), Name: f.text("name"), NameEn: f.text("name_en"),
		Words: f.words("words"), Conclusions: f.words("conclusions"),
		Disputes:   mechanism.Disputes{Meeting: f.checked("disputes.meeting")},
		Extension:  mechanism.Extension{DecidedBy: joint.Party(f.text("extension.decided_by")), Most: f.amount("extension.most")},
		Acceptance: f.checked("acceptance"),
		Closing: mechanism.Closing{
			OpinionsClosed: f.checked("closing.opinions_closed"), AnswerDays: f.amount("closing.answer_days"),
			ContinueDays: f.amount("closing.continue_days"), Outcomes: ticked[mechanism.Outcome](f, "closing.outcomes"),
		},
		Letter: mechanism.Letter{
			Group: mechanism.Group(f.text("letter.group")), Origins: f.checked("letter.origins"),
			Minority: f.checked("letter.minority"), Reasons: f.checked("letter.reasons"),
		},
		Phrases: f.lines("phrases"),
	}
	for i := range f.rows("parties") {
		path := row("parties", i)
		m.Parties = append(m.Parties, mechanism.Party{
			Code: joint.Party(f.text(path + ".code")), Name: f.text(path + ".name"), NameEn: f.text(path + ".name_en"), Seal: f.text(path + ".seal"),
			Convenes: f.text("convenes") == strconv.Itoa(i), Consolidates: f.text("consolidates") == strconv.Itoa(i),
			PerOrganisation: joint.Party(f.text(path+".code")) == mechanism.TeamParty, Sees: mechanism.Sight(f.text(path + ".sees")),
		})
	}
	for i := range f.rows("documents") {
		m.Documents = append(m.Documents, f.document(row("documents", i), m.Parties))
	}
	return m
}

func (f *form) document(path string, parties []mechanism.Party) mechanism.Document {
	d := mechanism.Document{
		Code: mechanism.Doc(f.text(path + ".code")), Name: f.text(path + ".name"), NameEn: f.text(path + ".name_en"),
		Parties: f.seats(path+".parties", parties), Words: f.words(path + ".words"), Grades: f.words(path + ".grades"),
		Rule: joint.Rule{
			Required: f.seats(path+".rule.required", parties), Veto: f.seats(path+".rule.veto", parties),
			Quorum: f.amount(path + ".rule.quorum"), Agrees: f.amount(path + ".rule.agrees"),
			Abstain: joint.Abstention(f.text(path + ".rule.abstain")),
		},
		Blind: f.checked(path + ".blind"), Pledge: f.checked(path + ".pledge"), Carry: f.checked(path + ".carry"),
		RequireChange: f.checked(path + ".require_change"),
		Mode:          mechanism.Mode(f.text(path + ".mode")), Late: mechanism.Late(f.text(path + ".late")),
		Days: f.amount(path + ".days"), Returns: f.amount(path + ".most_returns"),
	}
	if len(d.Parties) == len(parties) {
		d.Parties = nil // all, and so will be one that is added
	}
	for i := range f.rows(path + ".criteria") {
		c := row(path+".criteria", i)
		d.Criteria = append(d.Criteria, mechanism.Criterion{
			Code: f.text(c + ".code"), Name: f.text(c + ".name"), NameEn: f.text(c + ".name_en"), Hint: f.text(c + ".hint"), HintEn: f.text(c + ".hint_en"),
		})
	}
	for i, p := range parties {
		if n := f.amount(path + ".days_of." + strconv.Itoa(i)); n != 0 {
			d.DaysOf = append(d.DaysOf, mechanism.PartyDays{Party: p.Code, Days: n})
		}
	}
	return d
}

func row(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }

// mostRows bounds every list of the form; the check allows fewer.
const mostRows = 120

// rows counts the rows of a list by the field that each of them has.
func (f *form) rows(path string) int {
	n := 0
	for n < mostRows && f.r.PostForm.Has(row(path, n)+".code") {
		n++
	}
	return n
}

func (f *form) words(path string) []mechanism.Word {
	var list []mechanism.Word
	for i := range f.rows(path) {
		w := row(path, i)
		list = append(list, mechanism.Word{Code: f.text(w + ".code"), Name: f.text(w + ".name"), NameEn: f.text(w + ".name_en"), Fail: f.checked(w + ".fail")})
	}
	return list
}

// seats reads ticks: each is the position of a party, because its code may just
// have been changed in the same form.
func (f *form) seats(path string, parties []mechanism.Party) []joint.Party {
	var list []joint.Party
	for _, value := range f.list(path) {
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(parties) {
			list = append(list, parties[i].Code)
		}
	}
	return list
}

func ticked[T ~string](f *form, name string) []T {
	var list []T
	for _, value := range f.list(name) {
		list = append(list, T(value))
	}
	return list
}

// amount is a number that may be left empty.
func (f *form) amount(name string) int {
	text := f.text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		f.wrong(name, "form.number", text)
		return -1
	}
	return n
}

func (f *form) lines(name string) []string {
	var list []string
	for line := range strings.Lines(f.text(name)) {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// A listOp is what a button beside a list does: add:parties, remove:parties:2,
// up:documents[0].criteria:3, add:documents:closing.
type listOp struct {
	verb, list, at string
}

func readListOp(op string) (listOp, bool) {
	parts := strings.SplitN(op, ":", 3)
	if len(parts) < 2 {
		return listOp{}, false
	}
	o := listOp{verb: parts[0], list: parts[1]}
	if len(parts) == 3 {
		o.at = parts[2]
	}
	return o, slices.Contains([]string{"add", "remove", "up"}, o.verb)
}

// apply does it to the mechanism. What does not fit any list changes nothing.
func (o listOp) apply(m *mechanism.Mechanism) {
	switch o.list {
	case "parties":
		o.parties(m)
	case "documents":
		o.documents(m)
	case "words":
		m.Words = changed(m.Words, o, wordFor(m.Words))
	}
	for i := range m.Documents {
		d := &m.Documents[i]
		switch path := row("documents", i); o.list {
		case path + ".criteria":
			d.Criteria = changed(d.Criteria, o, mechanism.Criterion{Code: free("c", len(d.Criteria), func(code string) bool {
				return slices.ContainsFunc(d.Criteria, func(c mechanism.Criterion) bool { return c.Code == code })
			})})
		case path + ".words":
			d.Words = changed(d.Words, o, wordFor(d.Words))
		case path + ".grades":
			d.Grades = changed(d.Grades, o, wordFor(d.Grades))
		}
	}
}

// changed returns the list after the button; blank is what adding adds.
func changed[T any](list []T, o listOp, blank T) []T {
	i, err := strconv.Atoi(o.at)
	switch {
	case o.verb == "add" && len(list) < mostRows:
		return append(list, blank)
	case err != nil || i < 0 || i >= len(list):
		return list
	case o.verb == "remove":
		return slices.Delete(list, i, i+1)
	case o.verb == "up" && i > 0:
		list[i-1], list[i] = list[i], list[i-1]
	}
	return list
}

// parties also takes a party that goes off every panel.
func (o listOp) parties(m *mechanism.Mechanism) {
	code := free("party", len(m.Parties), func(code string) bool { _, taken := m.Party(joint.Party(code)); return taken })
	before := slices.Clone(m.Parties)
	m.Parties = changed(m.Parties, o, mechanism.Party{Code: joint.Party(code)})
	i, err := strconv.Atoi(o.at)
	if o.verb != "remove" || err != nil || i < 0 || i >= len(before) {
		return
	}
	gone := func(p joint.Party) bool { return p == before[i].Code }
	for j := range m.Documents {
		d := &m.Documents[j]
		d.Parties, d.Rule.Required, d.Rule.Veto = slices.DeleteFunc(d.Parties, gone), slices.DeleteFunc(d.Rule.Required, gone), slices.DeleteFunc(d.Rule.Veto, gone)
		d.DaysOf = slices.DeleteFunc(d.DaysOf, func(x mechanism.PartyDays) bool { return gone(x.Party) })
	}
	if gone(m.Extension.DecidedBy) {
		m.Extension.DecidedBy = ""
	}
}

// documents adds the document with the code, named as usual, or removes one.
func (o listOp) documents(m *mechanism.Mechanism) {
	if o.verb != "add" {
		m.Documents = changed(m.Documents, o, mechanism.Document{})
		return
	}
	doc := mechanism.Doc(o.at)
	if _, there := m.Document(doc); there || !slices.Contains(mechanism.Docs(), doc) {
		return
	}
	m.Documents = append(m.Documents, usualDocument(doc))
}

// usualDocument is how another mechanism of the program reviews such a document.
func usualDocument(doc mechanism.Doc) mechanism.Document {
	presets := mechanism.Presets()
	for _, code := range mechanism.Order(presets) {
		if d, has := presets[code].Document(doc); has {
			return mechanism.Document{Code: doc, Name: d.Name, NameEn: d.NameEn, Criteria: slices.Clone(d.Criteria), Blind: true, Pledge: true}
		}
	}
	return mechanism.Document{Code: doc, Blind: true, Pledge: true, Criteria: []mechanism.Criterion{{Code: "c1"}}}
}

func wordFor(list []mechanism.Word) mechanism.Word {
	return mechanism.Word{Code: free("w", len(list), func(code string) bool {
		return slices.ContainsFunc(list, func(w mechanism.Word) bool { return w.Code == code })
	})}
}

// free returns a code that nothing in the list has: c3, c4, …
func free(prefix string, n int, taken func(string) bool) string {
	for {
		n++
		if code := prefix + strconv.Itoa(n); !taken(code) {
			return code
		}
	}
}
