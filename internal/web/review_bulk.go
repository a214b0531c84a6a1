package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// bulkPath is where one agrees with several findings in one act.
func bulkPath(submission string) string { return reviewPath(submission, "") + "/bulk" }

// Whether a finding can be ticked, and if not, why.
const (
	bulkReady    = "opened"
	bulkUnopened = "unopened"
	bulkDraft    = "draft"   // something was written on it: to agree would drop that
	bulkRecheck  = "recheck" // the party has an answer to look at
)

var bulkChips = map[string]ui.ChipWord{
	bulkReady: {Hue: ui.Green, Icon: "check"}, bulkUnopened: {Hue: ui.Grey, Icon: "circle-dashed"},
	bulkDraft: {Hue: ui.Amber, Icon: "edit"}, bulkRecheck: {Hue: ui.Amber, Icon: "refresh"},
}

// A bulk is what the own party still has to judge in a submission, and which of it
// the actor may agree with at once.
type bulk struct {
	passage
	Rows    []bulkRow // not judged, not consolidated
	Open    bool      // the actor may give verdicts here, and they need no grade
	Key     string
	Problem string
}

type bulkRow struct {
	store.Heading
	State  string // one of bulkReady, ...
	Seen   int64  // version of the own verdict, which was taken back; else 0
	Ticked bool
}

func (x bulkRow) chip(ctx context.Context) ui.ChipWord {
	chip := bulkChips[x.State]
	chip.Word = lang.T(ctx, "review.bulk.state."+x.State)
	return chip
}

func (x bulkRow) seen() []ui.Hidden {
	return []ui.Hidden{{Name: seenName(x.Number), Value: strconv.FormatInt(x.Seen, 10)}}
}

// ready reports whether anything can be ticked.
func (b bulk) ready() bool {
	return b.Open && slices.ContainsFunc(b.Rows, func(x bulkRow) bool { return x.State == bulkReady })
}

// bulkable reports whether the actor may agree with several findings at once here.
func (p passage) bulkable(who policy.Actor) bool { return p.gives(who) && len(p.doc().Grades) == 0 }

func (s *Server) bulkOf(ctx context.Context, who policy.Actor, submission string) (b bulk, err error) {
	if b.passage, err = s.listed(ctx, who, submission); err != nil {
		return b, err
	}
	b.Open = b.bulkable(who)
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	made, err := db.Made(ctx, scope, []string{submission})
	if err != nil || b.Party == "" {
		return b, err
	}
	opened, err := db.Opened(ctx, who.Person, submission)
	if err != nil {
		return b, err
	}
	back, err := db.TakenBack(ctx, scope, submission, b.Party)
	if err != nil {
		return b, err
	}
	answered, err := db.Opinions(ctx, scope, store.VoiceFilter{
		Organisation: b.Submission.Organisation, Party: b.Party, Stages: []ledger.OpinionStage{ledger.Answered},
	})
	if err != nil {
		return b, err
	}
	for _, h := range b.Findings {
		if _, given := b.Given[h.Number]; given || slices.Contains(made[submission], h.Number) {
			continue
		}
		b.Rows = append(b.Rows, bulkRow{Heading: h, State: b.state(h.Number, opened, answered), Seen: back[h.Number]})
	}
	return b, nil
}

// state says whether the finding can be ticked. The text comes first: whoever has
// not read it is told that, whatever else there is.
func (b bulk) state(number string, opened map[string]bool, answered []ledger.Opinion) string {
	_, begun := b.Drafts[number]
	switch {
	case !opened[number]:
		return bulkUnopened
	case slices.ContainsFunc(answered, func(o ledger.Opinion) bool { return o.Finding == number }):
		return bulkRecheck
	case begun:
		return bulkDraft
	}
	return bulkReady
}

// reviewBulk shows what is still to be judged, to be ticked.
func (s *Server) reviewBulk(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	b, err := s.bulkOf(r.Context(), who, r.PathValue("submission"))
	if err != nil {
		return err
	}
	b.Key = newKey()
	return s.showBulk(w, r, who, http.StatusOK, b)
}

func (s *Server) showBulk(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, b bulk) error {
	return s.showAs(w, r, who, status, frame{
		Title: lang.T(r.Context(), "review.bulk.title") + " · " + b.Office, At: "review", Round: b.Submission.Round,
	}, bulkPage(b))
}

// agreeMany agrees with all ticked findings or none.
func (s *Server) agreeMany(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b, err := s.bulkOf(r.Context(), who, r.PathValue("submission"))
	if err != nil {
		return err
	}
	numbers := slices.Compact(slices.Sorted(slices.Values(f.list("id"))))
	if len(numbers) > mostAssigned {
		return errBadRequest
	}
	if i := slices.IndexFunc(numbers, b.hidden); i >= 0 {
		return fmt.Errorf("finding %s in %s: %w", numbers[i], b.Submission.ID, store.ErrNotFound)
	}
	if err = b.tickable(r.Context(), numbers); err == nil {
		_, err = s.Supervise.DoAll(r.Context(), who, b.orders(f, numbers))
	}
	if err != nil {
		return s.bulkRefused(w, r, who, f, numbers, err)
	}
	if b.leaves(numbers) {
		return seeOther(w, r, bulkPath(b.Submission.ID))
	}
	return seeOther(w, r, roundPath(b.Submission.Round, "review")+"?done="+url.QueryEscape(b.Submission.ID))
}

// tickable refuses what cannot be ticked on the page. What has been judged already
// is left to the door: the same form sent twice is one act.
func (b bulk) tickable(ctx context.Context, numbers []string) error {
	if len(numbers) == 0 {
		return ledger.Refusal{Code: "review.bulk.none"}
	}
	in := map[string][]string{}
	for _, x := range b.Rows {
		if slices.Contains(numbers, x.Number) {
			in[x.State] = append(in[x.State], numberWord(ctx, x.Number))
		}
	}
	if unread := in[bulkUnopened]; len(unread) > 0 {
		return ledger.Refusal{Code: "review.bulk.unopened", Args: []any{strings.Join(unread, listMark(ctx))}}
	}
	if single := append(in[bulkRecheck], in[bulkDraft]...); len(single) > 0 {
		return ledger.Refusal{Code: "review.bulk.single", Args: []any{strings.Join(single, listMark(ctx))}}
	}
	return nil
}

// orders are the verdicts: on every criterion the mildest word.
func (b bulk) orders(f *form, numbers []string) []supervise.Order {
	words, key := map[string]string{}, f.text("key")
	for _, c := range b.mech().Criteria(b.Submission.Doc) {
		words[c.Code] = b.scale()[0].Code
	}
	var orders []supervise.Order
	for _, number := range numbers {
		seen, err := strconv.ParseInt(f.text(seenName(number)), 10, 64)
		if err != nil {
			seen = 0
		}
		order := supervise.Order{Seen: seen, Act: ledger.GiveVerdict{
			Submission: b.Submission.ID, Finding: number, Party: b.Party,
			Judged: ledger.Judged{Words: words, Conclusion: joint.Agree},
		}}
		if key != "" {
			order.Key = key + ":" + number
		}
		orders = append(orders, order)
	}
	return orders
}

// leaves reports whether the party still has something to judge after these.
func (b bulk) leaves(numbers []string) bool {
	return slices.ContainsFunc(b.Rows, func(x bulkRow) bool { return !slices.Contains(numbers, x.Number) })
}

// bulkRefused shows the page as it is now, with what was ticked.
func (s *Server) bulkRefused(w http.ResponseWriter, r *http.Request, who policy.Actor, f *form, numbers []string, err error) error {
	ctx, status := r.Context(), http.StatusUnprocessableEntity
	if _, stale := conflict(err); stale {
		status = http.StatusConflict
		f.wrong("", "review.bulk.stale")
	} else if !f.refusedAt("", err) {
		return err
	}
	b, again := s.bulkOf(ctx, who, r.PathValue("submission"))
	if again != nil {
		return again
	}
	b.Key, b.Problem = newKey(), f.problems[""]
	var order supervise.OrderError
	if errors.As(err, &order) {
		b.Problem = lang.T(ctx, "ui.seal", numberWord(ctx, numbers[order.Index]), b.Problem)
	}
	for i, x := range b.Rows {
		b.Rows[i].Ticked = slices.Contains(numbers, x.Number)
	}
	return s.showBulk(w, r, who, status, b)
}
