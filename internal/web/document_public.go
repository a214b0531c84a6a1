package web

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
)

// The public version holds what may be public: no finding on organisation and cadres
// (涉组涉干), and of people their roles alone. What a list of rules cannot judge is put
// before the person who publishes it, see doubts.

func publicTitle(d *documentDraft) string {
	return d.Name.Full + "\n关于" + d.Round.Name + "\n整改进展情况的通报"
}

func publicOpening(d *documentDraft) string {
	return fmt.Sprintf("根据县委统一部署，%s对%s开展了巡察，%s反馈了巡察意见。按照巡察工作有关要求，现将巡察整改进展情况予以公布。",
		d.Team, d.Name.Full, dayZH(d.Round.FeedbackOn))
}

func publicData(d *documentDraft) paper.Data {
	return paper.Data{"categories": progressByCategory(d.publishable(), d.anonymous())}
}

// publishable leaves out the findings that stay within the Party.
func (d *documentDraft) publishable() (list []ledger.Finding) {
	for _, f := range d.Findings {
		if !f.Class.OrganCadre {
			list = append(list, f)
		}
	}
	return list
}

// anonymous returns what puts a role in the place of each name that the ledger knows.
func (d *documentDraft) anonymous() func(string) string {
	names := d.people()
	slices.SortFunc(names, func(a, b string) int { return len(b) - len(a) })
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name+"同志", "有关负责同志", name, "有关负责同志")
	}
	replacer := strings.NewReplacer(pairs...)
	return func(text string) string { return replacer.Replace(text) }
}

// people lists who is named as responsible in the plan or the watch, or as inspector.
func (d *documentDraft) people() (names []string) {
	add := func(text string) {
		for _, name := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,；; 　（）()", r) }) {
			if isName(name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	for _, f := range d.Findings {
		for _, text := range []string{f.Plan.Leader, f.Plan.Handler, f.Watch.Person, f.Class.Inspector} {
			add(text)
		}
		for _, m := range f.Plan.Measures {
			add(m.Owner)
		}
	}
	return names
}

var unitEnd = regexp.MustCompile(`(室|股|科|局|组|校|站|所|院|办|部|处|会|中心|人员|班子|成员|负责人|书记|局长|主任|校长)$`)

// isName reports whether an entry of a column for people is a name, not a section.
func isName(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 4 && !unitEnd.MatchString(s)
}

// A doubt is a passage of the public version that somebody has to look at.
type doubt struct{ Number, Word string }

// delicate are words that point to what rules on publication exclude: secrets, clues
// and cases not made public, what may lead to unrest. A name of somebody is one too.
var delicate = regexp.MustCompile(`问题线索|立案|初核|留置|审查调查|涉密|机密|秘密|信访|上访|群体性|舆情|[\p{Han}]某某?|身份证|1[3-9]\d{9}`)

// doubts lists the passages of the public version that need a look.
func (d *documentDraft) doubts() (list []doubt) {
	if d.Sort.Kind != publicKindCode {
		return nil
	}
	tell := d.anonymous()
	for _, f := range d.publishable() {
		var words []string
		for _, word := range delicate.FindAllString(tell(f.Text+"\n"+f.Progress.Text), -1) {
			if !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
		if len(words) > 0 {
			list = append(list, doubt{f.Number, strings.Join(words, "、")})
		}
	}
	return list
}
