package web

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
)

// summaryRef is the reference of the summary of a round.
func summaryRef(round int) string { return itoa(round) + "-summary" }

// An opinionTally is all opinions of a round on findings that are consolidated: while a
// finding is still under review nothing of it counts, for nobody.
type opinionTally struct {
	Round    ledger.Round
	Names    map[string]string // short names of organisations
	Made     []ledger.Consolidation
	Opinions []ledger.Opinion
	Papers   []ledger.Submission
	Extended []ledger.Finding // for which a later deadline was asked
}

// mostOpinions bounds what one round is summed up from.
const mostOpinions = 50000

// tally reads what the round's figures count. It is for those who see the whole
// round, so that two people who print it print the same.
func (s *Server) tally(ctx context.Context, who policy.Actor, round int) (t opinionTally, err error) {
	db, scope := s.Supervise.DB.Read(), joined(policy.ScopeOf(who))
	if !scope.All || scope.Verdicts == policy.NoVerdicts {
		return t, fmt.Errorf("summary of round %d: %w", round, store.ErrNotFound)
	}
	if t.Round, err = db.Round(ctx, round); err != nil {
		return t, err
	}
	organisations, err := db.OrganisationsOf(ctx, round)
	if err != nil {
		return t, err
	}
	t.Names = map[string]string{}
	for _, o := range organisations {
		t.Names[o.Code] = o.NameOn(t.Round.FeedbackOn).Short
	}
	filter := store.VoiceFilter{Round: round, Limit: mostOpinions}
	if t.Made, err = db.Consolidations(ctx, scope, filter); err != nil {
		return t, err
	}
	t.Opinions, err = db.Opinions(ctx, scope, filter)
	return t, err
}

// readLate adds who was late, and which deadlines were moved.
func (s *Server) readLate(ctx context.Context, who policy.Actor, t *opinionTally) (err error) {
	db, scope := s.Supervise.DB.Read(), joined(policy.ScopeOf(who))
	scope.Drafts = false
	if t.Papers, err = db.Papers(ctx, scope, store.PaperFilter{Round: t.Round.Number, Limit: mostOpinions}); err != nil {
		return err
	}
	for f, err := range db.AllFindings(ctx, scope, store.Filter{Round: t.Round.Number}) {
		if err != nil {
			return err
		}
		if len(f.Extensions) > 0 {
			t.Extended = append(t.Extended, f)
		}
	}
	return nil
}

// A pick is what a figure counts; the page of opinions shows the same. Empty
// fields pick everything.
type pick struct{ Organisation, Party, Criterion, State string }

// States of opinions as the summary counts them, in the order of its columns.
func tallyStates() []string {
	return []string{"raised", "delivered", "adopted", "partly", "not", "resolved", "again"}
}

func (p pick) holds(o ledger.Opinion) bool {
	return (p.Organisation == "" || p.Organisation == o.Organisation) &&
		(p.Party == "" || p.Party == string(o.Party)) &&
		(p.Criterion == "" || p.Criterion == o.Said.Criterion) && p.inState(o)
}

func (p pick) inState(o ledger.Opinion) bool {
	switch p.State {
	case "", "raised":
		return true
	case "delivered":
		return slices.Contains([]ledger.OpinionStage{ledger.Delivered, ledger.Answered, ledger.Resolved, ledger.Again}, o.Stage)
	case "resolved", "again":
		return string(o.Stage) == p.State
	default:
		return string(o.Answer.Response) == p.State
	}
}

// of returns the opinions that the pick holds.
func (t opinionTally) of(p pick) (list []ledger.Opinion) {
	for _, o := range t.Opinions {
		if p.holds(o) {
			list = append(list, o)
		}
	}
	return list
}

// path is the page that lists what a pick holds.
func (t opinionTally) path(p pick) string {
	path := roundPath(t.Round.Number, "opinions") + "?"
	for _, f := range []struct{ name, value string }{
		{"organisation", p.Organisation}, {"party", p.Party}, {"criterion", p.Criterion}, {"state", p.State},
	} {
		if f.value != "" {
			path += f.name + "=" + f.value + "&"
		}
	}
	return path[:len(path)-1]
}

// row counts every state of the pick.
func (t opinionTally) row(p pick, heads ...string) paper.TallyRow {
	row := paper.TallyRow{Heads: heads}
	for _, state := range tallyStates() {
		p.State = state
		row.Counts = append(row.Counts, paper.Count{N: len(t.of(p)), Link: t.path(p)})
	}
	return row
}

func (s *Server) summaryMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	number, err := strconv.Atoi(r.PathValue("round"))
	if err != nil {
		return printout{}, store.ErrNotFound
	}
	return s.summary(ctx, who, number)
}

// summary makes the round's summary of opinions. Its date is that of the last fact
// in it, so that the same record gives the same paper.
func (s *Server) summary(ctx context.Context, who policy.Actor, round int) (printout, error) {
	t, err := s.tally(ctx, who, round)
	if err != nil {
		return printout{}, err
	}
	if err := s.readLate(ctx, who, &t); err != nil {
		return printout{}, err
	}
	issuer, err := s.issuer(ctx, t.Round)
	if err != nil {
		return printout{}, err
	}
	words := paper.Summary{
		Round: t.Round.Name, Issuer: issuer, Date: s.paperDay(t.last()),
		Opening: t.opening(), ByParty: t.byParty(), ByCriterion: t.byCriterion(), Disputes: t.disputes(), Late: t.late(), Extensions: s.extensions(t),
	}
	p := printout{
		Title: lang.T(ctx, "paper.summary"), Sub: t.Round.Name, Name: "审核意见汇总_" + summaryRef(round), Path: roundPath(round, "summary"),
		Round: round, Doc: words.Document(),
	}
	p.mark(paper.Mark{Ref: summaryRef(round), Version: t.version()})
	return p, nil
}

// version counts the facts the summary is made from.
func (t opinionTally) version() (n int64) {
	n = t.Round.Version
	for _, c := range t.Made {
		n += c.Version
	}
	for _, o := range t.Opinions {
		n += o.Version
	}
	for _, p := range t.Papers {
		n += int64(len(p.PassedOver))
	}
	for _, f := range t.Extended {
		n += int64(len(f.Extensions) + f.Granted())
	}
	return n
}

// last is the instant of the newest fact the summary is made from.
func (t opinionTally) last() (at time.Time) {
	later := func(x time.Time) {
		if x.After(at) {
			at = x
		}
	}
	for _, c := range t.Made {
		later(c.At)
	}
	for _, o := range t.Opinions {
		later(o.At)
		later(o.Answer.At)
	}
	return at
}

func (t opinionTally) opening() string {
	papers, organisations := map[string]bool{}, map[string]bool{}
	disputed := 0
	for _, c := range t.Made {
		papers[c.Submission], organisations[c.Organisation] = true, true
		if c.Disputed {
			disputed++
		}
	}
	return fmt.Sprintf("本轮已对%d个党组织的%d件报送件作出联审汇总，共汇总问题%d个次，其中有分歧的%d个次；各方提出意见%d条，送达%d条。",
		len(organisations), len(papers), len(t.Made), disputed, len(t.Opinions), len(t.of(pick{State: "delivered"})))
}

// byParty has a row for each organisation and party that raised something, and the total.
func (t opinionTally) byParty() (rows []paper.TallyRow) {
	for _, in := range t.Round.Organisations {
		for _, p := range t.Round.Mechanism.Parties {
			row := t.row(pick{Organisation: in.Organisation, Party: string(p.Code)}, or(t.Names[in.Organisation], in.Organisation), p.Name)
			if row.Counts[0].N > 0 {
				rows = append(rows, row)
			}
		}
	}
	return append(rows, t.row(pick{}, "合计", ""))
}

// byCriterion has a row for each criterion of the mechanism, and the total.
func (t opinionTally) byCriterion() (rows []paper.TallyRow) {
	seen := map[string]bool{}
	for _, d := range t.Round.Mechanism.Documents {
		for _, c := range d.Criteria {
			if !seen[c.Code] {
				seen[c.Code] = true
				rows = append(rows, t.row(pick{Criterion: c.Code}, c.Name))
			}
		}
	}
	return append(rows, t.row(pick{}, "合计"))
}

// disputes words each disagreement, who held what and how it was resolved.
func (t opinionTally) disputes() (list []string) {
	for _, c := range t.Made {
		if !c.Disputed && !c.Override {
			continue
		}
		text := fmt.Sprintf("%s %s（%s）：%s。结论为“%s”", t.Names[c.Organisation], aboutZH(c.Finding), c.Submission,
			viewsZH(t.Round, slices.Collect(maps.Keys(c.Views)), c.Views), conclusionZH(t.Round, c.Conclusion))
		if c.Meeting != "" {
			text += "，由联席会议" + c.Meeting + "议定"
		}
		if c.Override {
			text += "，属改判"
		}
		text += "。理由：" + strings.TrimRight(or(c.Reason, "无"), "。") + "。"
		if len(c.Minority) > 0 {
			text += "少数意见：" + viewsZH(t.Round, c.Minority, c.Views) + "。"
		}
		list = append(list, text)
	}
	return list
}

// late words which parties were not waited for.
func (t opinionTally) late() (list []string) {
	for _, p := range t.Papers {
		for _, over := range p.PassedOver {
			party, _ := t.Round.Mechanism.Party(over.Party)
			list = append(list, fmt.Sprintf("%s（%s）：%s逾期未反馈，应于%s前反馈。说明：%s。", t.Names[p.Organisation], p.ID, party.Name,
				or(dayZH(p.DueOf(over.Party)), "（未定）"), strings.TrimRight(over.Reason, "。")))
		}
	}
	return list
}

// extensions words every deadline that was moved, or was asked to be.
func (s *Server) extensions(t opinionTally) (list []string) {
	for _, f := range t.Extended {
		for _, text := range s.extensionsZH(f) {
			_, text, _ = strings.Cut(text, ".")
			list = append(list, t.Names[f.Organisation]+" "+f.Number+"："+text+"。")
		}
	}
	return list
}

// opinionsView lists what a figure of the summary counts.
type opinionsView struct {
	opinionTally
	Pick pick
	List []ledger.Opinion
}

func (s *Server) opinionsPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	number, err := strconv.Atoi(r.PathValue("round"))
	if err != nil {
		return store.ErrNotFound
	}
	t, err := s.tally(r.Context(), who, number)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	view := opinionsView{opinionTally: t, Pick: pick{q.Get("organisation"), q.Get("party"), q.Get("criterion"), q.Get("state")}}
	view.List = t.of(view.Pick)
	return s.show(w, r, who, frame{Title: lang.T(r.Context(), "paper.opinions"), At: "letters", Round: number}, opinionsBody(view))
}

// partyName names a party in the reader's language.
func (t opinionTally) partyName(ctx context.Context, code joint.Party) string {
	p, _ := t.Round.Mechanism.Party(code)
	return named(ctx, or(p.Name, string(code)), p.NameEn)
}

// criterionName names a criterion in the reader's language.
func (t opinionTally) criterionName(ctx context.Context, code string) string {
	for _, d := range t.Round.Mechanism.Documents {
		for _, c := range d.Criteria {
			if c.Code == code {
				return named(ctx, c.Name, c.NameEn)
			}
		}
	}
	return lang.T(ctx, "paper.other")
}
