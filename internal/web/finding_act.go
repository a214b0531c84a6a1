package web

import (
	"context"
	"net/http"
	"strconv"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/store"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// The forms of the page, by the last part of their address.
const (
	actClassify = "classify"
	actAssign   = "assign"
	actClose    = "close"
	actReopen   = "reopen"
	actRecheck  = "recheck"
)

// findingAct does one of the office's acts on the finding and shows the page
// again: as it is now, or with what stands against the act and all that was typed.
func (s *Server) findingAct(name string) handler {
	return func(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		number := r.PathValue("number")
		d, err := s.finding(r.Context(), who, number)
		if err != nil {
			return err
		}
		act := d.Forms.Life.read(name, number, f)
		if act == nil {
			act = d.Forms.read(name, number, f)
		}
		if !d.may(act) {
			return supervise.ErrForbidden
		}
		if len(f.problems) == 0 {
			_, err = s.Supervise.Do(r.Context(), who, f.order(act))
			if err == nil {
				return seeOther(w, r, findingPath(number))
			}
		}
		return s.findingFailed(w, r, who, d, f, name, err)
	}
}

// findingFailed shows the page with its form still open: 409 if somebody else
// was faster, 422 if a rule or a field speaks against it.
func (s *Server) findingFailed(w http.ResponseWriter, r *http.Request, who policy.Actor, d findingData, f *form, name string, err error) error {
	d.Forms.Open, d.Forms.Problems = name, f.problems
	if _, stale := conflict(err); stale {
		d.Forms.Conflict = d.conflictOf(r.Context(), name)
		return s.showFinding(w, r, who, http.StatusConflict, d)
	}
	if err != nil && !f.refusedAt(fieldOfAct(name, err), err) {
		return err
	}
	return s.showFinding(w, r, who, http.StatusUnprocessableEntity, d)
}

// fieldOfAct names the field of the form that a refusal is about.
func fieldOfAct(name string, err error) string {
	code := refusalCode(err)
	if field := fieldOfLife(name, code); field != "" {
		return field
	}
	switch {
	case name == actClassify && code == "class.reason_missing":
		return "reason"
	case name == actClassify && code == "class.category_missing":
		return "category"
	case name == actClassify && code == "class.deadline_before_feedback":
		return "deadline"
	case name == actAssign:
		return "body"
	case name == actRecheck:
		return "note"
	}
	return "reason"
}

// read takes what was typed into the form and makes the act of it.
func (ff *findingForms) read(name, number string, f *form) ledger.Act {
	switch name {
	case actClassify:
		ff.Class = readClass(f)
		ff.Reason = f.text("reason")
		return ledger.Classify{Number: number, Class: ff.Class, Reason: ff.Reason}
	case actAssign:
		ff.Watch = ledger.Watch{Body: f.text("body"), Section: f.text("section"), Person: f.text("person"), Number: f.text("duty")}
		if ff.Watch.Person == "" {
			f.wrong("person", "ledger_page.assign.person_missing")
		}
		return ledger.Assign{Number: number, Watch: ff.Watch}
	case actReopen:
		ff.Reason = f.text("reason")
		return ledger.Reopen{Number: number, Reason: ff.Reason}
	default:
		return ledger.Close{Number: number}
	}
}

func readClass(f *form) ledger.Class {
	return ledger.Class{
		Category: f.text("category"), Aspect: f.text("aspect"), Kind: ledger.FindingKind(f.text("kind")),
		OrganCadre: f.checked("cadre"), Deadline: f.date("deadline"), DeadlineText: f.text("deadline_text"), Inspector: f.text("inspector"),
	}
}

// conflictOf puts what is stored now beside what was typed. Saving over it
// carries the version that is shown here.
func (d *findingData) conflictOf(ctx context.Context, name string) *ui.Conflict {
	path := findingPath(d.Finding.Number)
	c := &ui.Conflict{Action: path + "/" + name, Keep: path, Hidden: []ui.Hidden{
		{Name: "seen", Value: strconv.FormatInt(d.Finding.Version, 10)}, {Name: "key", Value: d.Forms.Key},
	}}
	if n := len(d.Trail); n > 0 {
		c.Who, c.When = d.person(d.Trail[n-1].Actor), d.moment(d.Trail[n-1].At)
	}
	row := func(label, field, theirs, mine, value string) {
		c.Rows = append(c.Rows, ui.ConflictRow{Field: lang.T(ctx, label), Theirs: theirs, Mine: mine})
		c.Hidden = append(c.Hidden, ui.Hidden{Name: field, Value: value})
	}
	switch was, typed := d.Finding, d.Forms; name {
	case actClassify:
		row("ledger_page.category", "category", was.Class.Category, typed.Class.Category, typed.Class.Category)
		row("finding.aspect", "aspect", was.Class.Aspect, typed.Class.Aspect, typed.Class.Aspect)
		row("ledger_page.kind", "kind", lang.T(ctx, "kind."+string(was.Class.Kind)), lang.T(ctx, "kind."+string(typed.Class.Kind)), string(typed.Class.Kind))
		row("word.deadline", "deadline", was.Class.Deadline.String(), typed.Class.Deadline.String(), typed.Class.Deadline.String())
		row("finding.deadline_text", "deadline_text", was.Class.DeadlineText, typed.Class.DeadlineText, typed.Class.DeadlineText)
		row("ledger_page.cadre", "cadre", yesNo(ctx, was.Class.OrganCadre), yesNo(ctx, typed.Class.OrganCadre), onIf(typed.Class.OrganCadre))
		row("ui.reason", "reason", "", typed.Reason, typed.Reason)
	case actAssign:
		row("ledger_page.assign.body", "body", bodyName(d.Bodies, was.Watch.Body), bodyName(d.Bodies, typed.Watch.Body), typed.Watch.Body)
		row("ledger_page.assign.section", "section", was.Watch.Section, typed.Watch.Section, typed.Watch.Section)
		row("ledger_page.assign.person", "person", was.Watch.Person, typed.Watch.Person, typed.Watch.Person)
		row("ledger_page.assign.number", "duty", was.Watch.Number, typed.Watch.Number, typed.Watch.Number)
	case actAcknowledge, actExtend, actDecide, actSettle:
		typed.Life.conflict(ctx, name, was, row)
	default:
		row("word.status", "reason", stageWord(ctx, was.Stage), typed.Reason, typed.Reason)
	}
	return c
}

func yesNo(ctx context.Context, b bool) string {
	if b {
		return lang.T(ctx, "word.yes")
	}
	return lang.T(ctx, "word.no")
}

// onIf is the value of a tick: nothing where it is not set.
func onIf(b bool) string {
	if b {
		return "on"
	}
	return ""
}

// recheck says for the party whether it is content with the answer to its opinion.
func (s *Server) recheck(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	number := r.PathValue("number")
	d, err := s.finding(r.Context(), who, number)
	if err != nil {
		return err
	}
	d.Forms.Opinion, d.Forms.Note = f.text("opinion"), f.text("note")
	if !d.has(d.Forms.Opinion) {
		return store.ErrNotFound // of another finding, or not to be known
	}
	content := f.text("content")
	if content != "yes" && content != "no" {
		f.wrong("note", "finding.recheck.missing")
	} else {
		act := ledger.Recheck{Opinion: d.Forms.Opinion, Content: content == "yes", Note: d.Forms.Note}
		if _, err = s.Supervise.Do(r.Context(), who, f.order(act)); err == nil {
			return seeOther(w, r, findingPath(number)+"#opinions")
		}
	}
	if _, stale := conflict(err); stale {
		f.wrong("note", "finding.recheck.stale")
		d.Forms.Open, d.Forms.Problems = actRecheck, f.problems
		return s.showFinding(w, r, who, http.StatusConflict, d)
	}
	return s.findingFailed(w, r, who, d, f, actRecheck, err)
}

// has reports whether the opinion is one of those shown.
func (d *findingData) has(opinion string) bool {
	for _, o := range d.Opinions {
		if o.ID == opinion {
			return true
		}
	}
	return false
}
