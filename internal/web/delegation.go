package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
	"lianshen/internal/workday"
)

// Deputies of a person: the person makes and ends them on their own page, the
// security administrator on that of the person.

// deputiesView is the card of a principal's deputies.
type deputiesView struct {
	Action   string // where the form posts to, and under which a delegation is ended
	Rows     []deputyRow
	Posts    []ui.Choice // that can be delegated; none hides the form
	People   []ui.Choice // usernames on offer
	Fields   deputyFields
	Problems map[string]string
	Today    string
	Key      string
}

// A deputyRow is one delegation. End is the address that ends it; "" if it is over.
type deputyRow struct{ Name, Post, Term, Reason, End string }

type deputyFields struct {
	Post, Username, Since, Until, Reason string
	Standing                             bool
}

// deputies fills the card of the person whose deputies are shown.
func (s *Server) deputies(r *http.Request, who policy.Actor, person string, v deputiesView) (deputiesView, error) {
	ctx, read := r.Context(), s.Supervise.DB.Read()
	own, err := read.SeatsOf(ctx, person)
	if err != nil {
		return v, err
	}
	v.Today = s.today().String()
	if v.Key == "" {
		v.Key = newKey()
	}
	may := policy.Can(who, ledger.Delegate{From: person}, ledger.Subject{Kind: ledger.KindPerson})
	labels := map[string]string{}
	for _, seat := range own {
		labels[seat.Post.ID] = seatLabel(ctx, seat)
		over := !seat.Post.Until.IsZero() && seat.Post.Until.Before(s.today())
		if may && seat.Post.Delegable() && !over {
			v.Posts = append(v.Posts, ui.Choice{Value: seat.Post.ID, Label: labels[seat.Post.ID]})
		}
	}
	list, err := read.DeputiesOf(ctx, person)
	if err != nil {
		return v, err
	}
	for _, p := range list {
		for _, x := range p.Posts {
			if x.Deputises.Person == person {
				v.Rows = append(v.Rows, s.deputyRow(r, p, x, labels[x.Deputises.Post], may, v.Action))
			}
		}
	}
	if len(v.Posts) > 0 {
		v.People, err = s.colleagues(ctx, person)
	}
	return v, err
}

func (s *Server) deputyRow(r *http.Request, p ledger.Person, x ledger.Post, label string, may bool, action string) deputyRow {
	row := deputyRow{Name: p.Name, Post: label, Term: s.term(r, store.Seat{Post: x}), Reason: x.Deputises.Reason}
	if x.Until.IsZero() {
		row.Term = lang.T(r.Context(), "delegate.standing_since", row.Term)
	}
	if may && (x.Until.IsZero() || x.Until.After(s.today())) {
		row.End = action + "/" + url.PathEscape(p.ID) + "/" + url.PathEscape(x.ID) + "/end"
	}
	return row
}

// colleagues are the people who speak for a body, by username.
func (s *Server) colleagues(ctx context.Context, but string) (list []ui.Choice, err error) {
	speakers, err := s.Supervise.DB.Read().Speakers(ctx, s.today())
	if err != nil {
		return nil, err
	}
	bodies, err := s.Supervise.DB.Read().Bodies(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{but: true}
	for _, x := range speakers {
		if !seen[x.Person] {
			list = append(list, ui.Choice{Value: x.Username, Label: x.Name + " · " + bodyName(bodies, x.Post.Body)})
		}
		seen[x.Person] = true
	}
	return list, nil
}

// delegate takes the form of the card; ok is false where it was refused, with the
// view to show again.
func (s *Server) delegate(r *http.Request, who policy.Actor, from string) (v deputiesView, ok bool, err error) {
	f, err := readForm(r)
	if err != nil {
		return v, false, err
	}
	v = deputiesView{Problems: f.problems, Key: f.text("key"), Fields: deputyFields{
		f.text("post"), f.text("deputy"), f.text("since"), f.text("until"), f.text("reason"), f.checked("standing"),
	}}
	act := ledger.Delegate{From: from, Post: v.Fields.Post, Since: f.date("since"), Until: f.date("until"), Reason: v.Fields.Reason}
	if act.Since.IsZero() && v.Fields.Since == "" {
		act.Since = s.today()
	}
	if v.Fields.Standing {
		act.Until = workday.Date{}
	} else if v.Fields.Until == "" {
		f.wrong("until", "delegate.until_missing")
	}
	deputy, err := s.Supervise.DB.Read().PersonNamed(r.Context(), v.Fields.Username)
	switch {
	case errors.Is(err, store.ErrNotFound):
		f.wrong("deputy", "delegate.nobody", v.Fields.Username)
	case err != nil:
		return v, false, err
	}
	if len(f.problems) > 0 {
		return v, false, nil
	}
	act.Person = deputy.ID
	_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any, Key: v.Key})
	if err != nil && s.refuseAt(f, delegateField(err), err) {
		return v, false, nil
	}
	return v, err == nil, err
}

// delegateField names the field a refused delegation is about.
func delegateField(err error) string {
	switch refusalCode(err) {
	case "delegate.post":
		return "post"
	case "delegate.reason_missing":
		return "reason"
	case "delegate.before_post":
		return "since"
	case "delegate.dates", "delegate.after_post":
		return "until"
	}
	return "deputy"
}

// endDelegation ends it today, as the principal or as who may end any post.
func (s *Server) endDelegation(r *http.Request, who policy.Actor, from string) error {
	if _, err := s.Supervise.DB.Read().Person(r.Context(), from); err != nil {
		return err
	}
	person, err := s.Supervise.DB.Read().Person(r.Context(), r.PathValue("person"))
	if err != nil {
		return err
	}
	act := ledger.EndPost{Person: person.ID, Post: r.PathValue("post"), Until: s.today(), From: from}
	for _, x := range person.Posts {
		if x.ID == act.Post && x.Since.After(act.Until) {
			act.Until = x.Since // one that has not begun lasts for its first day at most
		}
	}
	_, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act, Seen: supervise.Any})
	return err
}

func (s *Server) delegateMine(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	v, ok, err := s.delegate(r, who, who.Person)
	switch {
	case err != nil:
		return err
	case ok:
		return seeOther(w, r, mePath+"#deputies")
	}
	return s.showMe(w, r, who, http.StatusUnprocessableEntity, ui.Flash{}, meView{Deputies: v})
}

func (s *Server) endMine(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	if err := s.endDelegation(r, who, who.Person); err != nil {
		return err
	}
	return seeOther(w, r, mePath+"#deputies")
}

func (s *Server) delegateOf(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	id := r.PathValue("id")
	v, ok, err := s.delegate(r, who, id)
	switch {
	case err != nil:
		return err
	case ok:
		return seeOther(w, r, personPath(id)+"#deputies")
	}
	return s.showPerson(w, r, who, http.StatusUnprocessableEntity, id, personView{Deputies: v})
}

func (s *Server) endOf(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	id := r.PathValue("id")
	if err := s.endDelegation(r, who, id); err != nil {
		return err
	}
	return seeOther(w, r, personPath(id)+"#deputies")
}
