package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
	"lianshen/internal/trail"
	"lianshen/internal/web/ui"
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
	Zone     *time.Location
	Sheet    sheet.Letter
}

func (l letter) delivered() bool { return !l.Submission.Letter.At.IsZero() }

// letterIn reads the letter of the address. Before it is delivered the inspected
// organisation does not know that there will be one.
func (s *Server) letterIn(r *http.Request, who policy.Actor) (l letter, err error) {
	ctx, db, scope := r.Context(), s.Supervise.DB.Read(), policy.ScopeOf(who)
	l.Zone = s.Supervise.Zone
	if l.paperView, err = s.paper(r, who); err != nil {
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
	l.Sheet = l.write()
	return l, nil
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
	for _, e := range entries {
		if e.Event == ledger.EventName(ledger.LetterDelivered{}) {
			l.Entry = e
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

// write words the letter. It is a Chinese official document whatever the
// language of the interface, and says nothing of who held what: the parties
// speak through it with one voice.
func (l letter) write() sheet.Letter {
	say := func(key string, args ...any) string { return lang.Say(lang.ZH, key, args...) }
	doc := say("doc." + string(l.Submission.Doc))
	name := l.Name
	out := sheet.Letter{
		Issuer: l.Issuer, Number: l.Submission.Letter.Number, To: name.Full, Sign: l.Issuer,
		Title: say("letter.title", name.Short, doc, l.Submission.Number), Date: lang.LetterDate(lang.ZH, l.On.String()),
	}
	var agreed []string
	for _, c := range l.Made {
		if c.Agreed() && len(c.Entries) == 0 {
			agreed = append(agreed, c.Finding)
			continue
		}
		g := sheet.Group{Number: c.Finding, Text: l.Titles[c.Finding], Conclusion: conclusionZH(l.Round, c)}
		for _, e := range c.Entries {
			g.Items = append(g.Items, entryText(e))
		}
		out.Groups = append(out.Groups, g)
	}
	sent := workday.In(l.Submission.Sent.At, l.Zone).String()
	out.Opening = say("letter.opening", doc, l.Submission.Number, lang.LetterDate(lang.ZH, sent), partyNamesZH(l.Round), len(l.Submission.Sent.Findings))
	if len(agreed) > 0 {
		out.Opening += "\n" + say("letter.agreed", len(agreed), strings.Join(agreed, "、"))
	}
	out.Closing = say("letter.closing.accepted")
	if len(out.Groups) > 0 {
		out.Opening += "\n" + say("letter.opinions", len(out.Groups))
		out.Closing = say("letter.closing", lang.LetterDate(lang.ZH, l.AnswerBy.String()))
	}
	if l.Entry.Seq > 0 {
		out.Checkpoint = say("letter.checkpoint", l.Entry.Seq, trail.HexHash(l.Entry.Leaf)[:16])
	}
	return out
}

func conclusionZH(round ledger.Round, c ledger.Consolidation) string {
	for _, w := range round.Mechanism.Conclusions {
		if w.Code == string(c.Conclusion) {
			return w.Name
		}
	}
	return string(c.Conclusion)
}

func partyNamesZH(round ledger.Round) string {
	var names []string
	for _, p := range round.Mechanism.Parties {
		names = append(names, p.Name)
	}
	return strings.Join(names, "、")
}

// entryText is one opinion as the letter prints it.
func entryText(e ledger.Entry) string {
	if e.Change == "" {
		return e.Text
	}
	return strings.TrimRight(e.Text, "。；") + "。" + lang.Say(lang.ZH, "letter.change", strings.TrimRight(e.Change, "。；")) + "。"
}

// letterState is what the deliver form holds.
type letterState struct{ Number, Problem, Key string }

func (s *Server) letterPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	l, err := s.letterIn(r, who)
	if err != nil {
		return err
	}
	return s.showLetter(w, r, who, http.StatusOK, l, letterState{Key: newKey()})
}

func (s *Server) showLetter(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, l letter, state letterState) error {
	view := letterView{letter: l, letterState: state, A4: sheetOf(l.Sheet)}
	view.CanDeliver = !l.delivered() && policy.Can(who, ledger.Deliver{Submission: l.Submission.ID}, l.Submission.Subject().Under(l.Round.Mechanism))
	view.CanAnswer = l.delivered() && policy.Can(who, ledger.Receive{Submission: l.Submission.ID}, l.Submission.Subject())
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
	A4                    ui.Letter
	CanDeliver, CanAnswer bool
	Delivered, Received   string
}

// sheetOf lays the printed letter out for the screen.
func sheetOf(l sheet.Letter) ui.Letter {
	out := ui.Letter{
		Issuer: l.Issuer, Number: l.Number, Title: l.Title, To: strings.TrimRight(l.To, "：") + "：",
		Opening: strings.Split(l.Opening, "\n"), Closing: []string{l.Closing}, Signed: l.Sign, Date: l.Date,
	}
	for i, g := range l.Groups {
		out.Sections = append(out.Sections, ui.LetterSection{
			Heading: lang.Say(lang.ZH, "letter.group", sheet.Ordinal(i+1), g.Number, strings.TrimRight(g.Text, "。"), g.Conclusion), Items: g.Items,
		})
	}
	return out
}

// letterFile gives the letter as a Word file: the official form.
func (s *Server) letterFile(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	l, err := s.letterIn(r, who)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := sheet.WriteLetter(&file, l.Sheet); err != nil {
		return fmt.Errorf("write letter on %s: %w", l.Submission.ID, err)
	}
	name := l.Sheet.Title
	if l.Sheet.Number != "" {
		name = l.Sheet.Number + name
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
	h.Set("Content-Disposition", `attachment; filename="letter.docx"; filename*=UTF-8''`+url.PathEscape(name)+".docx")
	h.Set("Content-Length", itoa(file.Len()))
	_, err = w.Write(file.Bytes())
	return err
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
	r.SetPathValue("id", id)
	l, readErr := s.letterIn(r, who)
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
