package web

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lianshen/internal/demo"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// These tests hold the promise that a party learns nothing of what another holds
// of a finding until it has spoken itself. They ask for everything that can be
// asked for, as everybody, and look at the answers in two ways: for the marked
// words themselves, and by comparing two worlds that differ in nothing but what
// the others said. Who must not know it must get the same answers in both.

func marked(what string, party joint.Party, finding string) string {
	return fmt.Sprintf("zq-%s-%s-%s-qz", what, party, finding)
}

var marks = regexp.MustCompile(`zq-(\w+)-(\w+)-([\w-]+?)-qz`)

func TestNobodyLearnsAVerdictTooEarly(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		from := sqliteOrigin(t)
		for _, party := range allParties {
			t.Run(string(party), func(t *testing.T) { holdBlind(t, from, party, speakerOf[party]) })
		}
		t.Run("others", func(t *testing.T) {
			holdBlind(t, from, "", "otherteam", "liaison", "head", "foreign", "leader", "sysadmin", "secadmin", "auditor", "")
		})
	})
	t.Run("postgres", func(t *testing.T) {
		holdBlind(t, postgresOrigin(t), "personnel", "personnel")
	})
}

// holdBlind compares what the viewers get in two worlds in which the parties
// except their own judge otherwise. On the first two findings their own party has
// spoken; there the others say the same in both.
func holdBlind(t *testing.T, from origin, own joint.Party, viewers ...string) {
	t.Parallel()
	var worlds [2]world
	moods := [2]mood{silent, cross}
	if own == "" {
		moods[0] = mild // the auditor sees how many entries there are
	}
	for i, m := range moods {
		w := newWorld(t, from)
		for n, finding := range w.underReview() {
			open := own != "" && n < 2
			for _, party := range allParties {
				switch {
				case open:
					w.speak(party, finding, cross)
				case party != own:
					w.speak(party, finding, m)
				}
			}
		}
		w.meet(w.underReview()[:2]...)
		worlds[i] = w
	}
	k := worlds[0].identities()
	for _, who := range viewers {
		first, second := worlds[0].crawl(who, k), worlds[1].crawl(who, k)
		t.Logf("%q asked for %d addresses", who, len(first.answers))
		first.examine()
		second.examine()
		tellApart(t, first, second)
		if own != "" {
			first.probe(k, second)
		}
	}
}

// meet has the office call a joint meeting on findings.
func (w world) meet(findings ...string) {
	w.t.Helper()
	act := ledger.CallMeeting{
		Round: 8, Number: 1, Kind: ledger.JointMeeting,
		Terms: ledger.MeetingTerms{Title: "联席会议", On: workday.In(demo.Day, demo.Zone), Chair: "梁建华"},
	}
	for _, finding := range findings {
		act.Agenda = append(act.Agenda, ledger.AgendaItem{Submission: blindDoc, Finding: finding})
	}
	w.act("clerk", act)
}

// probe tries what a page does not offer: acts on what may or may not be there.
// None of them succeeds, so that the answers of both worlds can be compared.
func (c *crawler) probe(k identities, other *crawler) {
	c.t.Helper()
	theirs := other.apiActs(k)
	for i, r := range c.apiActs(k) {
		a, b := c.ask(c.who, r), other.ask(c.who, theirs[i])
		c.judge("POST "+r.URL.Path, r.URL.Path, a, nil)
		if a.status < http.StatusMultipleChoices {
			c.t.Errorf("%q, POST %s: status %d for a bare request", c.who, r.URL.Path, a.status)
		}
		if blot(a.String()) != blot(b.String()) {
			c.t.Errorf("%q learns from POST %s what others said:\n%s", c.who, r.URL.Path, cmp.Diff(splitAnswer(a), splitAnswer(b)))
		}
	}
}

// tellApart reports what two walks of one person tell apart.
func tellApart(t *testing.T, first, second *crawler) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(first.answers)) {
		a, b := first.answers[name], second.answers[name]
		if a.String() != b.String() && blot(a.String()) != blot(b.String()) {
			t.Errorf("%q learns from %s what others said:\n%s", first.who, name, cmp.Diff(splitAnswer(a), splitAnswer(b)))
		}
	}
	if a, b := len(first.answers), len(second.answers); a != b {
		t.Errorf("%q is led to %d addresses in one world, to %d in the other", first.who, a, b)
	}
}

func splitAnswer(a answer) []string {
	return strings.Split(strings.ReplaceAll(blot(a.String()), "><", ">\n<"), "\n")
}

// examine sees that no answer of a walk is a fault or tells what it must not.
func (c *crawler) examine() {
	c.t.Helper()
	texts := c.caseTexts()
	for _, name := range slices.Sorted(maps.Keys(c.answers)) {
		_, to, _ := strings.Cut(name, " ")
		c.judge(name, to, c.answers[name], texts)
	}
}

func (c *crawler) judge(name, to string, a answer, texts map[string]string) {
	c.t.Helper()
	what := fmt.Sprintf("%q, %s", c.who, name)
	if a.status >= 500 {
		c.t.Errorf("%s: status %d", what, a.status)
	}
	if a.status < http.StatusMultipleChoices && !strings.HasPrefix(name, "POST ") && !c.mayRead(to) {
		c.t.Errorf("%s: status %d, want a refusal", what, a.status)
	}
	if p := a.header.Get("Content-Security-Policy"); p != contentPolicy && p != "sandbox; default-src 'none'" {
		c.t.Errorf("%s: content policy %q", what, p)
	}
	for _, m := range marks.FindAllStringSubmatch(a.String(), -1) {
		if !c.mayKnow(m[1], joint.Party(m[2]), m[3]) {
			c.t.Errorf("%s: tells %s", what, m[0])
		}
	}
	for text, organisation := range texts {
		if !c.sees(organisation) && strings.Contains(a.body, text) {
			c.t.Errorf("%s: tells a case of %s: %s", what, organisation, text)
		}
	}
	if who := cast[c.who]; who.Organisation != "" {
		for _, m := range codeIn.FindAllStringSubmatch(strings.ReplaceAll(a.body, url.QueryEscape(to), ""), -1) {
			if m[1] != who.Organisation && !strings.Contains(to, m[0]) {
				c.t.Errorf("%s: names a case of %s", what, m[1])
			}
		}
	}
}

// caseTexts returns the beginning of every finding, and whose it is.
func (w world) caseTexts() map[string]string {
	w.t.Helper()
	texts := map[string]string{}
	for f, err := range w.Supervise.DB.Read().AllFindings(w.t.Context(), policy.Scope{All: true}, store.Filter{}) {
		if err != nil {
			w.t.Fatal(err)
		}
		begin := []rune(f.Text)
		texts[string(begin[:min(len(begin), 40)])] = f.Organisation
	}
	return texts
}

// sees says, without asking package policy, whether the person may read cases of
// the organisation.
func (c *crawler) sees(organisation string) bool {
	who := cast[c.who]
	switch who.Role {
	case ledger.Clerk, ledger.Leader:
		return true
	case ledger.Reviewer:
		return !ledger.IsTeam(who.Body) || slices.Contains(map[string][]string{
			"team-1": {"JT", "DX"}, "team-2": {"WJ", "MZ"},
		}[who.Body], organisation)
	case ledger.Liaison, ledger.Head:
		return who.Organisation == organisation
	case ledger.SysAdmin, ledger.SecAdmin, ledger.Auditor:
		return false
	}
	return false
}

// mayKnow says, without asking package policy, whether the person may now read
// marked words: those of an own verdict, of a finding on which one has spoken,
// and, for those who belong to no inspected organisation, what is consolidated.
func (c *crawler) mayKnow(what string, party joint.Party, finding string) bool {
	if !c.sees("DX") || cast[c.who].Organisation != "" {
		return false
	}
	own := joint.Party("")
	for p, speaker := range speakerOf {
		if speaker == c.who {
			own = p
		}
	}
	if what == "draft" {
		return own == party
	}
	return own == party || own != "" && c.has(ledger.Ref{Kind: ledger.KindVerdict, ID: ledger.VerdictID(blindDoc, finding, own)}) ||
		c.has(ledger.ConsolidationRef(blindDoc, finding))
}

func (w world) has(ref ledger.Ref) bool {
	_, err := w.Supervise.DB.Read().Load(w.t.Context(), ref)
	return err == nil
}

// What an inspected organisation gets must not depend on who said what, on
// whether the parties disagreed and why, or on what was left out of the letter.
func TestAnOrganisationReadsLettersOnly(t *testing.T) {
	t.Parallel()
	from := sqliteOrigin(t)
	var worlds [2]world
	for i := range worlds {
		w := newWorld(t, from)
		for n, finding := range w.underReview() {
			w.settle(finding, n%2 == 0, i == 1)
		}
		w.act("clerk", ledger.Deliver{Submission: blindDoc, LetterNumber: "云巡办函〔2026〕9号"})
		worlds[i] = w
	}
	k := worlds[0].identities()
	for _, who := range []string{"liaison", "head", "foreign", "sysadmin", "secadmin", ""} {
		first, second := worlds[0].crawl(who, k), worlds[1].crawl(who, k)
		first.examine()
		second.examine()
		tellApart(t, first, second)
	}
	for _, who := range []string{"clerk", "discipline", "personnel", "team", "otherteam", "leader", "auditor"} {
		worlds[0].crawl(who, k).examine()
	}
}

// settle has all parties judge the finding and the office consolidate it to the
// same letter, whichever way the parties came to it.
func (w world) settle(finding string, returned, other bool) {
	w.t.Helper()
	loud := joint.Party("discipline")
	if other {
		loud = "personnel"
	}
	for _, party := range allParties {
		m := mild
		if party == loud || other && party == "team" {
			m = cross
		}
		w.speak(party, finding, m)
	}
	act := ledger.Consolidate{
		Submission: blindDoc, Finding: finding, Conclusion: joint.Agree,
		Reason: marked("reason", loud, finding), SetAside: map[string]string{},
	}
	for _, party := range allParties {
		opinion := ledger.VerdictID(blindDoc, finding, party) + ":1"
		if party == "team" && returned { // in both worlds: a letter may name who raised an entry
			act.Conclusion = joint.Continue
			act.Entries = []ledger.Entry{{Text: "请补充佐证材料。", Change: "附会议记录", Origins: []string{opinion}}}
			continue
		}
		act.SetAside[opinion] = marked("aside", party, finding)
	}
	w.act("clerk", act)
}

// Every form a page offers, and every address that takes one, answers anybody
// without a fault and without a word that is not for them.
func TestEveryFormAsEverybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sqliteOrigin(t))
	for n, finding := range w.underReview() {
		for p, party := range allParties {
			if n == 0 || p != n%len(allParties) { // each party is blind on some
				w.speak(party, finding, cross)
			}
		}
	}
	w.meet(w.underReview()[0])
	k := w.identities()
	for _, who := range []string{"", "sysadmin", "secadmin", "auditor", "otherteam", "foreign", "leader", "head", "liaison", "team", "personnel", "discipline", "clerk"} {
		c := w.crawl(who, k)
		c.examine()
		texts, before := c.caseTexts(), w.recordOf("DX")
		for _, f := range c.postings(k) {
			a := w.ask(who, f.request())
			c.judge("POST "+f.action, f.action, a, texts)
			if !c.mayPost(f.action) && a.status != http.StatusForbidden && a.status != http.StatusNotFound && !toSignIn(a) {
				t.Errorf("%q posts to %s: status %d, want 403 or 404", who, f.action, a.status)
			}
		}
		if diff := cmp.Diff(before, w.recordOf("DX")); diff != "" && !c.sees("DX") {
			t.Errorf("%q changes cases of another organisation:\n%s", who, diff)
		}
	}
}

// recordOf is everything the organisation has written, and what became of it.
func (w world) recordOf(organisation string) (record []ledger.State) {
	w.t.Helper()
	for f, err := range w.Supervise.DB.Read().AllFindings(w.t.Context(), policy.Scope{All: true}, store.Filter{Organisation: organisation}) {
		if err != nil {
			w.t.Fatal(err)
		}
		record = append(record, f)
	}
	for _, doc := range mechanism.Docs() {
		paper, err := w.Supervise.DB.Read().LatestSubmission(w.t.Context(), 8, organisation, doc)
		if err != nil {
			w.t.Fatal(err)
		}
		record = append(record, paper)
	}
	return record
}

// postings are the forms met, and an empty and a stale one for every address.
func (c *crawler) postings(k identities) []sentForm {
	var list []sentForm
	for _, rt := range c.routes() {
		if !strings.HasPrefix(rt.pattern, "POST ") {
			continue
		}
		for _, to := range k.fillAll(rt.pattern) {
			list = append(list, sentForm{action: to}, sentForm{action: to, fields: url.Values{"seen": {"1"}, "key": {newKey()}}})
		}
	}
	for _, action := range slices.Sorted(maps.Keys(c.forms)) {
		list = append(list, c.forms[action])
	}
	return list
}

func toSignIn(a answer) bool {
	return a.status == http.StatusSeeOther && strings.HasPrefix(a.header.Get("Location"), "/signin")
}
