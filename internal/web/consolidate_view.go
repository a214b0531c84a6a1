package web

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/web/ui"
)

// consolidateOverview is the list: submissions, and the findings of one.
type consolidateOverview struct {
	Round    ledger.Round
	Papers   []paperRow
	Current  *paperRow // whose findings are listed; nil if there is none
	Findings []matterRow
	Agreed   []string // numbers that can be consolidated together
	Key      string
	Problem  string
}

type paperRow struct {
	Submission ledger.Submission
	Office     string
	Title      string
	Complete   int // findings on which every party has spoken
	Made, Of   int
	Disputed   int // complete, disputed and not consolidated
	Current    bool
}

type matterRow struct {
	matter
	Href  string
	Seals []ui.Seal
	Chip  ui.ChipWord
	order int
}

func (s *Server) consolidateListView(ctx context.Context, who policy.Actor, q queue, submission string) (consolidateOverview, error) {
	view := consolidateOverview{Round: q.Round, Key: newKey()}
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	stands, err := db.Stands(ctx, scope, paperIDs(q.Papers))
	if err != nil {
		return view, err
	}
	made, err := db.Made(ctx, scope, paperIDs(q.Papers))
	if err != nil {
		return view, err
	}
	said := map[string][]store.Stand{} // by submission
	for _, x := range stands {
		said[x.Submission] = append(said[x.Submission], x)
	}
	for _, p := range q.Papers {
		row := paperRow{Submission: p, Office: q.Names[p.Organisation], Title: paperTitle(ctx, p), Of: len(p.Sent.Findings)}
		row.Made = len(made[p.ID])
		for finding, reading := range readings(q.Round.Mechanism, p, said[p.ID], s.today()) {
			if reading.Complete() {
				row.Complete++
				if reading.Disputed && !slices.Contains(made[p.ID], finding) {
					row.Disputed++
				}
			}
		}
		view.Papers = append(view.Papers, row)
	}
	return view, s.findingsOf(ctx, who, &view, submission)
}

// findingsOf lists the findings of the submission asked for, or of the first one
// in which there is something to do.
func (s *Server) findingsOf(ctx context.Context, who policy.Actor, view *consolidateOverview, submission string) error {
	if len(view.Papers) == 0 {
		return nil
	}
	at := slices.IndexFunc(view.Papers, func(p paperRow) bool { return p.Submission.ID == submission })
	if at < 0 {
		at = max(0, slices.IndexFunc(view.Papers, func(p paperRow) bool { return p.Complete > p.Made }))
	}
	view.Papers[at].Current = true
	view.Current = &view.Papers[at]
	list, err := s.matters(ctx, who, view.Round, view.Current.Submission)
	if err != nil {
		return err
	}
	for _, m := range list {
		view.Findings = append(view.Findings, matterRowOf(ctx, view, m))
		if m.agreed() {
			view.Agreed = append(view.Agreed, m.Number)
		}
	}
	slices.SortStableFunc(view.Findings, func(a, b matterRow) int { return a.order - b.order })
	return nil
}

// matterRowOf words where a finding stands. Disagreements come first, then what
// else has to be worded, what all agree on, what is still open, what is made.
func matterRowOf(ctx context.Context, view *consolidateOverview, m matter) matterRow {
	row := matterRow{matter: m, Href: consolidatePath(view.Current.Submission.ID, m.Number)}
	for _, party := range seats(view.Round.Mechanism, m.Panel) {
		seal := partySeal(ctx, party, ui.Waiting)
		if c, given := m.Said[party.Code]; given {
			seal.Verdict, seal.Word = conclusionLevel[c], conclusionWord(ctx, view.Round.Mechanism, c)
		}
		row.Seals = append(row.Seals, seal)
	}
	switch {
	case m.Made.Version > 0:
		row.order, row.Chip = 5, conclusionChip(ctx, view.Round.Mechanism, m.Made.Conclusion)
		row.Chip.Word = lang.T(ctx, "consolidate.made", row.Chip.Word)
	case !m.Reading.Complete():
		row.order, row.Chip = 4, ui.ChipWord{Hue: ui.Violet, Icon: "users", Word: lang.T(ctx, "consolidate.incomplete")}
	case m.Reading.Disputed:
		row.order, row.Chip = 1, ui.ChipWord{Hue: ui.Amber, Icon: "alert-circle", Word: lang.T(ctx, "ui.differs")}
	case m.agreed():
		row.order, row.Chip = 3, ui.ChipWord{Hue: ui.Green, Icon: "circle-check", Word: lang.T(ctx, "consolidate.unanimous")}
	default:
		row.order, row.Chip = 2, ui.ChipWord{Hue: ui.Blue, Icon: "edit", Word: lang.T(ctx, "consolidate.to_word", m.Demands)}
	}
	return row
}

// consolidateView is the page of one finding.
type consolidateView struct {
	consolidating
	Comparison ui.Comparison
	Crossing   int // criteria on which opinions cross the fail line
	Lifted     string
	Prev, Next string
	NextDiff   string
	Meeting    string // what a joint meeting says of it, or has still to say
	MeetingRef string // its address
	Form       *consolidateFormView
	Made       *madeView // what was made of it, where the form is closed
	Why        string    // why there is neither
	WhyHref    string
	Conflict   *ui.Conflict
	Errors     []ui.FieldProblem
}

type consolidateFormView struct {
	Action, DraftKey, Key string
	Seen                  int64
	Entries               []entryView
	Opinions              []ledger.Opinion
	Aside                 []asideView
	AsideOpen             bool
	Conclusion, Reason    ui.Field
	Tally                 string
	Again                 bool   // it was made before
	Ruled                 string // how it was made before
	Confirm               string
	EntryProblem          string
}

type entryView struct {
	N            int
	Text, Change string
	Chips        []originChip
	Problem      string
}

// originChip is an opinion that an entry may carry.
type originChip struct {
	ID, Mark, Short, Full string
	On                    bool
}

type asideView struct {
	Opinion ledger.Opinion
	Party   string
	Field   ui.Field
}

type madeView struct {
	Chip    ui.ChipWord
	Ruled   string // an override, or the meeting that resolved it
	Views   []ui.Seal
	Reason  string
	Entries []ledger.Entry
	When    string
	Who     string
}

func (s *Server) consolidateView(ctx context.Context, who policy.Actor, c consolidating, typed consolidateTyped) consolidateView {
	view := consolidateView{consolidating: c, Prev: c.step(-1), Next: c.step(1), NextDiff: c.next(disputed), Conflict: typed.Conflict}
	view.Comparison, view.Crossing = comparison(ctx, c)
	m := c.here()
	if m.Reading.Complete() {
		var last ledger.Verdict
		for _, v := range c.Verdicts {
			if v.At.After(last.At) {
				last = v
			}
		}
		view.Lifted = lang.T(ctx, "consolidate.lifted", lang.Moment(last.At.In(s.Supervise.Zone)))
	}
	view.Meeting, view.MeetingRef = meetingNote(ctx, c)
	open := c.Submission.Stage == ledger.Reviewed
	act := ledger.Consolidate{Submission: c.Submission.ID, Finding: c.Finding.Number}
	switch {
	case open && m.Reading.Complete() && policy.Can(who, act, c.Submission.Subject().Under(c.mech())):
		if typed.Values == nil {
			typed.Values = suggested(c)
		}
		view.Form = consolidateForms(ctx, c, typed)
		view.Errors = consolidateSummary(c, typed.Problems)
	case m.Made.Version > 0:
		view.Made = &madeView{
			Chip: conclusionChip(ctx, c.mech(), m.Made.Conclusion), Ruled: ruledWords(ctx, c), Reason: m.Made.Reason,
			Views: saidSeals(ctx, c.mech(), m.Panel, m.Made.Views), Entries: m.Made.Entries,
			When: lang.Moment(m.Made.At.In(s.Supervise.Zone)), Who: onBehalf(ctx, c.Names[m.Made.Person], m.Made.OnBehalf),
		}
	default:
		view.Why, view.WhyHref = whyNoForm(ctx, who, c)
	}
	return view
}

// whyNoForm says what is still missing. While the own party has not spoken that
// is all that is said: who else has spoken is a matter of counts.
func whyNoForm(ctx context.Context, who policy.Actor, c consolidating) (text, href string) {
	own := who.Party(c.Submission.Subject())
	if _, member := c.mech().Party(own); member {
		if _, given := c.here().Said[own]; !given {
			return lang.T(ctx, "consolidate.own_missing"), reviewPath(c.Submission.ID, c.Finding.Number)
		}
	}
	return lang.T(ctx, "consolidate.parties_missing", partyList(ctx, c.mech(), c.here().Reading.Missing)), ""
}

func partyList(ctx context.Context, m mechanism.Mechanism, codes []joint.Party) string {
	var names []string
	for _, code := range codes {
		if p, known := m.Party(code); known {
			names = append(names, named(ctx, p.Name, p.NameEn))
		}
	}
	return strings.Join(names, listMark(ctx))
}

// comparison lays the verdicts side by side and counts the criteria on which
// they cross the fail line.
func comparison(ctx context.Context, c consolidating) (ui.Comparison, int) {
	m := c.mech()
	t := ui.Comparison{Label: lang.T(ctx, "consolidate.compare"), RowHead: lang.T(ctx, "review.criterion")}
	by := map[joint.Party]ledger.Verdict{}
	for _, v := range c.Verdicts {
		by[v.Party] = v
	}
	panel := seats(m, c.here().Panel)
	for _, p := range panel {
		t.Parties = append(t.Parties, partySeal(ctx, p, ""))
		t.Who = append(t.Who, c.speaker(ctx, by[p.Code]))
	}
	crossing := 0
	for _, crit := range m.Criteria(c.Submission.Doc) {
		failed := map[joint.Party]bool{}
		for code, v := range by {
			w, known := m.Word(c.Submission.Doc, v.Judged.Words[crit.Code])
			if known {
				failed[code] = w.Fail
			}
		}
		crosses, odd := joint.Crosses(c.here().Panel, failed)
		row := ui.CompareRow{Name: named(ctx, crit.Name, crit.NameEn), Differs: crosses}
		if crosses {
			crossing++
		}
		for _, p := range panel {
			cell := ui.CompareCell{Text: saidOn(ctx, c.Opinions, p.Code, crit.Code), Minority: crosses && slices.Contains(odd, p.Code)}
			if v, given := by[p.Code]; given {
				cell.Chip = wordChip(ctx, m.Scale(c.Submission.Doc), v.Judged.Words[crit.Code])
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	if other, any := otherRow(ctx, c); any {
		t.Rows = append(t.Rows, other)
	}
	t.Rows = append(t.Rows, conclusionRow(ctx, c, by))
	return t, crossing
}

// otherRow holds the opinions on no single criterion.
func otherRow(ctx context.Context, c consolidating) (row ui.CompareRow, any bool) {
	row = ui.CompareRow{Name: lang.T(ctx, "review.other"), Plain: true}
	for _, p := range seats(c.mech(), c.here().Panel) {
		text := saidOn(ctx, c.Opinions, p.Code, "")
		any = any || text != ""
		row.Cells = append(row.Cells, ui.CompareCell{Text: text})
	}
	return row, any
}

func conclusionRow(ctx context.Context, c consolidating, by map[joint.Party]ledger.Verdict) ui.CompareRow {
	row := ui.CompareRow{Name: lang.T(ctx, "consolidate.conclusion.row"), Plain: true}
	for _, p := range seats(c.mech(), c.here().Panel) {
		cell := ui.CompareCell{Minority: slices.Contains(c.here().Reading.Minority, p.Code)}
		if v, given := by[p.Code]; given {
			cell.Chip = conclusionChip(ctx, c.mech(), v.Judged.Conclusion)
			var needs []string
			if v.Judged.OnSite {
				needs = append(needs, lang.T(ctx, "review.onsite"))
			}
			if v.Judged.Survey {
				needs = append(needs, lang.T(ctx, "review.survey"))
			}
			cell.Text = strings.Join(needs, listMark(ctx))
		} else if held := c.here().Said[p.Code]; held == joint.Passed {
			cell.Chip = conclusionChip(ctx, c.mech(), held)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

func consolidateForms(ctx context.Context, c consolidating, typed consolidateTyped) *consolidateFormView {
	v, m := typed.Values, c.here()
	view := &consolidateFormView{
		Action: consolidatePath(c.Submission.ID, c.Finding.Number), DraftKey: consolidateForm(c.Submission.ID, c.Finding.Number),
		Key: typed.Key, Seen: m.Made.Version, Opinions: c.Opinions, Tally: tally(ctx, c), Again: m.Made.Version > 0, Ruled: ruledWords(ctx, c),
		EntryProblem: typed.Problems["add-entry"],
	}
	if view.Key == "" {
		view.Key = newKey()
	}
	for i, e := range entriesIn(v) {
		x := entryView{N: i + 1, Text: e.Text, Change: e.Change, Problem: typed.Problems[entryField("text", i+1)]}
		for _, o := range c.Opinions {
			x.Chips = append(x.Chips, originChip{
				ID: o.ID, Mark: markOf(c.mech(), o.Party), Short: short(o.Said.Text, 12), Full: fullWords(ctx, o.Said),
				On: slices.Contains(e.Origins, o.ID),
			})
		}
		view.Entries = append(view.Entries, x)
	}
	for _, o := range c.Opinions {
		if o.Said.Kind == ledger.Remark {
			continue
		}
		view.Aside = append(view.Aside, aside(ctx, c, o, typed))
		view.AsideOpen = view.AsideOpen || v.Get(asideName(o)) != "" || typed.Problems[asideName(o)] != ""
	}
	view.Conclusion = conclusionField(ctx, c, typed)
	view.Reason = ui.Field{
		Name: "reason", Label: lang.T(ctx, "consolidate.reason"), Value: v.Get("reason"), Problem: typed.Problems["reason"],
		Rows: 3, Required: false, Hint: lang.T(ctx, "consolidate.reason.hint"),
	}
	view.Confirm = lang.T(ctx, "consolidate.confirm")
	if c.next(disputed) != "" {
		view.Confirm = lang.T(ctx, "consolidate.confirm.next")
	}
	return view
}

func aside(ctx context.Context, c consolidating, o ledger.Opinion, typed consolidateTyped) asideView {
	party, _ := c.mech().Party(o.Party)
	return asideView{o, named(ctx, party.Name, party.NameEn), ui.Field{
		Name: asideName(o), Label: lang.T(ctx, "consolidate.aside.label", named(ctx, party.Name, party.NameEn), short(o.Said.Text, 24)),
		Value: typed.Values.Get(asideName(o)), Problem: typed.Problems[asideName(o)], Rows: 1,
		Placeholder: lang.T(ctx, "consolidate.aside.hint"),
	}}
}

func conclusionField(ctx context.Context, c consolidating, typed consolidateTyped) ui.Field {
	f := ui.Field{
		Name: "conclusion", Label: lang.T(ctx, "consolidate.conclusion", tally(ctx, c)), Required: true,
		Value: typed.Values.Get("conclusion"), Problem: typed.Problems["conclusion"],
		Hint: lang.T(ctx, "consolidate.strictest", conclusionWord(ctx, c.mech(), c.here().Reading.Holds)),
	}
	for _, w := range c.mech().Conclusions {
		f.Choices = append(f.Choices, ui.Choice{Value: w.Code, Label: named(ctx, w.Name, w.NameEn)})
	}
	return f
}

// tally counts the conclusions, the largest group first: 3 : 1.
func tally(ctx context.Context, c consolidating) string {
	count := map[joint.Conclusion]int{}
	for _, x := range c.here().Said {
		count[x]++
	}
	var sizes []int
	for _, n := range count {
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	if len(sizes) < 2 {
		return lang.T(ctx, "consolidate.unanimous")
	}
	parts := make([]string, len(sizes))
	for i, n := range sizes {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, " : ")
}

func markOf(m mechanism.Mechanism, party joint.Party) string {
	p, _ := m.Party(party)
	return p.Seal
}

// short cuts a text to n runes.
func short(text string, n int) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n]) + "…"
}

// consolidateSummary lists the problems in the order of the form.
func consolidateSummary(c consolidating, problems map[string]string) []ui.FieldProblem {
	var order []string
	for i := 1; i <= maxEntries; i++ {
		order = append(order, entryField("text", i))
	}
	order = append(order, "add-entry")
	for _, o := range c.Opinions {
		order = append(order, asideName(o))
	}
	var list []ui.FieldProblem
	for _, id := range append(order, "conclusion", "reason", "") {
		if text, wrong := problems[id]; wrong {
			list = append(list, ui.FieldProblem{ID: id, Text: text})
		}
	}
	return list
}

// consolidateConflict puts what a colleague made beside what was typed.
func (s *Server) consolidateConflict(ctx context.Context, c consolidating, theirs ledger.Consolidation, f *form) *ui.Conflict {
	path := consolidatePath(c.Submission.ID, c.Finding.Number)
	mine := consolidationOf(c, f)
	view := &ui.Conflict{
		Who: c.Names[theirs.Person], When: lang.Moment(theirs.At.In(s.Supervise.Zone)), Action: path, Keep: path,
		Rows: []ui.ConflictRow{
			{Field: lang.T(ctx, "review.conclusion"), Theirs: conclusionWord(ctx, c.mech(), theirs.Conclusion), Mine: conclusionWord(ctx, c.mech(), mine.Conclusion)},
			{Field: lang.T(ctx, "consolidate.reason"), Theirs: theirs.Reason, Mine: mine.Reason},
			{Field: lang.T(ctx, "consolidate.entries"), Theirs: entryLines(theirs.Entries), Mine: entryLines(mine.Entries)},
		},
	}
	for _, name := range slices.Sorted(maps.Keys(f.r.PostForm)) {
		if name == "seen" || name == "key" || name == "act" {
			continue
		}
		for _, value := range f.list(name) {
			view.Hidden = append(view.Hidden, ui.Hidden{Name: name, Value: value})
		}
	}
	view.Hidden = append(view.Hidden,
		ui.Hidden{Name: "seen", Value: strconv.FormatInt(theirs.Version, 10)}, ui.Hidden{Name: "key", Value: newKey()})
	return view
}

func entryLines(list []ledger.Entry) string {
	var lines []string
	for i, e := range list {
		lines = append(lines, strconv.Itoa(i+1)+". "+strings.TrimSpace(e.Text+" "+e.Change))
	}
	return strings.Join(lines, "\n")
}

// currentRow marks the link to what is shown below.
func currentRow(is bool) templ.Attributes {
	if is {
		return templ.Attributes{"aria-current": "true"}
	}
	return nil
}
