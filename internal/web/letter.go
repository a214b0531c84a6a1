package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/trail"
	"lianshen/internal/workday"
)

// letterPath is the letter of a submission on screen.
func letterPath(submission string) string {
	return "/submissions/" + url.PathEscape(submission) + "/letter"
}

// A letter is the letter of opinions on a submission: delivered, or as it would
// be delivered now.
type letter struct {
	paperView
	Made     []ledger.Consolidation
	Missing  []string // findings not consolidated yet
	AnswerBy workday.Date
	On       workday.Date // day of the letter
	Issuer   string
	Entry    trail.Record // of the delivery; zero before
	Version  int64        // of the submission when it was delivered
	Zone     *time.Location
	Print    printout
}

func (l letter) delivered() bool { return !l.Submission.Letter.At.IsZero() }

// letter reads the letter on a submission. Before it is delivered the inspected
// organisation does not know that there will be one.
func (s *Server) letter(ctx context.Context, who policy.Actor, submission string) (l letter, err error) {
	db, scope := s.Supervise.DB.Read(), policy.ScopeOf(who)
	l.Zone = s.Supervise.Zone
	if l.paperView, err = s.paper(ctx, who, submission); err != nil {
		return l, err
	}
	if l.Submission.Sent.At.IsZero() || scope.Verdicts == policy.NoVerdicts && !l.delivered() {
		return l, fmt.Errorf("letter on %s: %w", l.Submission.ID, store.ErrNotFound)
	}
	filter := store.VoiceFilter{Submission: l.Submission.ID, Limit: len(l.Submission.Sent.Findings) + 1}
	if l.Made, err = db.Consolidations(ctx, scope, filter); err != nil {
		return l, err
	}
	made := map[string]bool{}
	for _, c := range l.Made {
		made[c.Finding] = true
	}
	for _, number := range l.Submission.Sent.Findings {
		if !made[number] {
			l.Missing = append(l.Missing, number)
		}
	}
	if err := s.dated(ctx, &l); err != nil {
		return l, err
	}
	if l.Issuer, err = s.issuer(ctx, l.Round); err != nil {
		return l, err
	}
	l.Print = l.printed()
	return l, nil
}

// printed lays the letter out. One that has not been delivered is no paper yet
// and bears no mark.
func (l letter) printed() printout {
	words := l.write()
	p := printout{
		Title: words.Title, Name: words.Number + words.Title, Path: letterPath(l.Submission.ID), Round: l.Round.Number, Doc: words.Document(),
		Kind: "letter", Data: words.Data(), At: l.Submission.Letter.At, Author: l.Issuer,
	}
	if l.delivered() {
		p.mark(paper.Mark{Ref: l.Submission.ID, Version: l.Version, Seq: l.Entry.Seq})
	}
	return p
}

// dated sets the day of the letter and the day by which to answer: those of the
// delivery, or those of a delivery today.
func (s *Server) dated(ctx context.Context, l *letter) error {
	if !l.delivered() {
		l.On = s.today()
		by, err := s.Supervise.Calendar.Add(l.On, max(1, l.Round.Mechanism.Closing.AnswerDays))
		if err == nil {
			l.AnswerBy = by // without a calendar of the year the delivery itself says what is wrong
		}
		return nil
	}
	l.On, l.AnswerBy = workday.In(l.Submission.Letter.At, s.Supervise.Zone), l.Submission.Letter.AnswerBy
	entries, err := s.Supervise.DB.Read().EntriesOf(ctx, l.Submission.Ref())
	for i, e := range entries {
		if e.Event == ledger.EventName(ledger.LetterDelivered{}) {
			l.Entry, l.Version = e, int64(i+1)
		}
	}
	return err
}

// issuer names the body that consolidates.
func (s *Server) issuer(ctx context.Context, round ledger.Round) (string, error) {
	for _, p := range round.Mechanism.Parties {
		if !p.Consolidates {
			continue
		}
		body, err := s.Supervise.DB.Read().Body(ctx, string(p.Code))
		if errors.Is(err, store.ErrNotFound) {
			return p.Name, nil
		}
		return body.Name, err
	}
	return "", nil
}

// letterState is what the deliver form holds.
type letterState struct{ Number, Problem, Key string }

func (s *Server) letterPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	l, err := s.letter(r.Context(), who, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showLetter(w, r, who, http.StatusOK, l, letterState{Key: newKey()})
}

func (s *Server) showLetter(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, l letter, state letterState) error {
	if err := s.remember(r.Context(), l.Print.Marks); err != nil {
		return err
	}
	if err := s.viewed(r.Context(), &l.Print); err != nil {
		return err
	}
	view := letterView{letter: l, letterState: state}
	view.CanDeliver = !l.delivered() && policy.Can(who, ledger.Deliver{Submission: l.Submission.ID}, l.Submission.Subject().Under(l.Round.Mechanism))
	view.CanAnswer = l.delivered() && policy.Can(who, ledger.Receive{Submission: l.Submission.ID}, l.Submission.Subject())
	if policy.ScopeOf(who).Verdicts != policy.NoVerdicts || l.Round.Mechanism.Letter.Origins {
		view.Passed = partyList(r.Context(), l.Round.Mechanism, l.passedOver())
	}
	if l.delivered() {
		view.Delivered = lang.Moment(l.Submission.Letter.At.In(s.Supervise.Zone))
	}
	if !l.Submission.Received.At.IsZero() {
		view.Received = lang.Moment(l.Submission.Received.At.In(s.Supervise.Zone))
	}
	f := frame{Title: lang.T(r.Context(), "letter.word") + " · " + l.Name.Short, At: "letters", Round: l.Round.Number}
	return s.showAs(w, r, who, status, f, letterBody(view))
}

// letterView is the letter as it is drawn.
type letterView struct {
	letter
	letterState
	CanDeliver, CanAnswer bool
	Passed                string // parties passed over; "" for none, and for whom the letter names no parties
	Delivered, Received   string
}

// letterMaker makes the letter as a file: the official form.
func (s *Server) letterMaker(ctx context.Context, who policy.Actor, r *http.Request) (printout, error) {
	l, err := s.letter(ctx, who, r.PathValue("id"))
	return l.Print, err
}

// letterFile gives the letter as a Word file.
func (s *Server) letterFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	p, err := s.given(s.letterMaker, r, who)
	if err != nil {
		return err
	}
	return s.sendPrintout(w, r, p)
}

// deliver sends the letter.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	id := r.PathValue("submission")
	act := ledger.Deliver{Submission: id, LetterNumber: f.text("number")}
	order := f.order(act)
	_, err = s.Supervise.Do(r.Context(), who, order)
	if err == nil {
		return seeOther(w, r, letterPath(id))
	}
	status := statusOf(err)
	if status != http.StatusUnprocessableEntity && status != http.StatusConflict {
		return err
	}
	l, readErr := s.letter(r.Context(), who, id)
	if readErr != nil {
		return readErr
	}
	state := letterState{Number: f.text("number"), Problem: wording(lang.From(r.Context()), err), Key: order.Key}
	return s.showLetter(w, r, who, status, l, state)
}

// answerBy words the day by which to answer; a dash where nothing is to be answered.
func answerBy(v letterView) string {
	if v.Submission.Stage == ledger.Accepted {
		return "—"
	}
	return v.AnswerBy.String()
}
