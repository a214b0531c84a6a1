package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/policy"
	"lianshen/internal/web/ui"
)

// wallView is one item of a meeting, drawn large for everybody in the room. It
// shows who has answered; what they answered only when all have, or where the
// document is not reviewed blind, whoever it is that projects it.
type wallView struct {
	sitting
	N          int // of the item, from 1
	Item       ledger.AgendaItem
	Office     string
	Paper      string
	Finding    ledger.Finding
	Sent       ledger.Item
	Claim      string
	Criteria   []mechanism.Criterion
	Seats      []wallSeat
	Answered   int
	Shown      bool // the conclusions are
	Holds      ui.ChipWord
	Decision   *decisionView
	Present    []string
	Here       string // address of this item
	Prev, Next string
}

type wallSeat struct {
	Seal ui.Seal
	Word string
	Chip ui.ChipWord // the conclusion, once shown
}

func (s *Server) wall(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	x, err := s.sitting(r, who)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(r.URL.Query().Get("at"))
	if err != nil || n < 1 {
		n = 1
	}
	v, err := s.wallView(r.Context(), x, min(n, len(x.Agenda)))
	if err != nil {
		return err
	}
	if fragment(r) {
		return render(w, r, http.StatusOK, wallBody(v))
	}
	page := ui.Page{Title: x.Terms.Title, Theme: theme(r)}
	return render(w, r, http.StatusOK, ui.Wall(page, wallBody(v)))
}

func (s *Server) wallView(ctx context.Context, x sitting, n int) (v wallView, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(x.Who)
	i := x.Agenda[n-1]
	paper := x.Papers[i.Submission]
	v = wallView{
		sitting: x, N: n, Item: i, Office: or(x.Offices[i.Organisation], i.Organisation), Paper: paperTitle(ctx, paper),
		Criteria: x.Round.Mechanism.Criteria(paper.Doc), Here: wallPath(x.ID, n),
	}
	if n > 1 {
		v.Prev = wallPath(x.ID, n-1)
	}
	if n < len(x.Agenda) {
		v.Next = wallPath(x.ID, n+1)
	}
	if v.Finding, err = db.Finding(ctx, scope, i.Finding); err != nil {
		return v, err
	}
	if v.Sent, err = db.Item(ctx, i.Submission, i.Finding); err != nil {
		return v, err
	}
	if v.Sent.Progress.Claim != "" {
		v.Claim = claimWord(ctx, v.Sent.Progress.Claim)
	}
	for _, a := range x.Attendance {
		if a.Present {
			v.Present = append(v.Present, a.Name)
		}
	}
	seated, err := db.Seated(ctx, scope, i.Submission)
	if err != nil {
		return v, err
	}
	v.seat(ctx, i, seated[i.Finding])
	return v, nil
}

func wallPath(meeting string, n int) string {
	return meetingPath(meeting, "wall") + "?at=" + strconv.Itoa(n)
}

// seat draws the seats of the panel. What is on the wall is for everybody in the
// room, so it does not matter that whoever projects it may know more.
func (v *wallView) seat(ctx context.Context, i ledger.AgendaItem, answered []joint.Party) {
	m, said, reading := v.Round.Mechanism, v.said(i), v.reading(i)
	doc, _ := m.Document(v.Papers[i.Submission].Doc)
	panel := v.panel(i)
	silent := slices.ContainsFunc(panel, func(p joint.Party) bool { return !slices.Contains(answered, p) })
	v.Shown = !doc.Blind || !silent
	for _, code := range panel {
		party, _ := m.Party(code)
		seat := wallSeat{Seal: partySeal(ctx, party, ui.Waiting), Word: lang.T(ctx, "verdict.waiting")}
		c, known := said[code]
		switch {
		case !slices.Contains(answered, code):
		case v.Shown && known && c.Known():
			v.Answered++
			seat.Chip = conclusionChip(ctx, m, c)
			seat.Seal.Verdict, seat.Seal.Word = conclusionLevel[c], seat.Chip.Word
		default:
			v.Answered++
			seat.Seal.Verdict, seat.Word = ui.Sealed, lang.T(ctx, "verdict.sealed.short")
		}
		v.Seats = append(v.Seats, seat)
	}
	if v.Shown && reading.Complete() {
		v.Holds = conclusionChip(ctx, m, reading.Holds)
	}
	if d, decided := v.Meeting.Decision(i.Submission, i.Finding); decided && v.Shown {
		v.Decision = v.decision(ctx, i, d)
	}
}
