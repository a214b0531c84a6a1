package web

import (
	"context"
	"net/http"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/supervise"
	"lianshen/internal/web/ui"
)

// headingsView is the table of words that ledgers write over their columns, and the
// layouts that are remembered.
type headingsView struct {
	Words    []headingLine
	Layouts  []layoutLine
	May      bool // add and remove words
	Forget   bool // take a layout away
	Word     string
	Field    string
	Problems map[string]string
	Seen     int64
}

type headingLine struct {
	ledger.Heading
	Who, At string
}

type layoutLine struct {
	Organisation, Name, Who, At string
	Code                        string
}

func (s *Server) headingsPage(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.showHeadings(w, r, who, http.StatusOK, headingsView{})
}

func (s *Server) showHeadings(w http.ResponseWriter, r *http.Request, who policy.Actor, status int, v headingsView) error {
	ctx, db := r.Context(), s.Supervise.DB.Read()
	h, err := db.HeadingWords(ctx)
	if err != nil {
		return err
	}
	layouts, err := db.AllLayouts(ctx)
	if err != nil {
		return err
	}
	var people, codes []string
	for _, x := range h.Words {
		people = append(people, x.By)
	}
	for _, l := range layouts {
		codes = append(codes, l.Organisation)
		for _, k := range l.Known {
			people = append(people, k.By)
		}
	}
	names, err := db.Names(ctx, people)
	if err != nil {
		return err
	}
	organisations, err := db.OrganisationsNamed(ctx, codes)
	if err != nil {
		return err
	}
	for _, x := range h.Words {
		v.Words = append(v.Words, headingLine{x, or(names[x.By], x.By), s.moment(x.At)})
	}
	for _, l := range layouts {
		for _, k := range l.Known {
			v.Layouts = append(v.Layouts, layoutLine{whose(ctx, organisations, l.Organisation, s), k.Name, or(names[k.By], k.By), s.moment(k.At), l.Organisation})
		}
	}
	v.May = policy.Can(who, ledger.AddHeading{}, ledger.Headings{}.Subject())
	v.Forget = policy.Can(who, ledger.ForgetLayout{}, ledger.Layouts{}.Subject())
	return s.showAs(w, r, who, status, frame{Title: lang.T(ctx, "headings.title"), At: "import"}, headingsBody(v))
}

// whose names the organisation of a layout.
func whose(ctx context.Context, organisations map[string]ledger.Organisation, code string, s *Server) string {
	if code == ledger.AnyOrganisation {
		return lang.T(ctx, "headings.any")
	}
	if o, known := organisations[code]; known {
		return o.NameOn(s.today()).Short
	}
	return code
}

func (s *Server) addHeading(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.changeHeadings(w, r, who, func(f *form) ledger.Act {
		return ledger.AddHeading{Word: f.text("word"), Field: f.text("field")}
	})
}

func (s *Server) removeHeading(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.changeHeadings(w, r, who, func(f *form) ledger.Act { return ledger.RemoveHeading{Word: f.text("word")} })
}

func (s *Server) forgetLayout(w http.ResponseWriter, r *http.Request, who policy.Actor) error {
	return s.changeHeadings(w, r, who, func(f *form) ledger.Act {
		return ledger.ForgetLayout{Organisation: f.text("organisation"), Name: f.text("name")}
	})
}

// changeHeadings does one act of the page. Adding and removing a word replaces
// nothing that somebody else may have written meanwhile.
func (s *Server) changeHeadings(w http.ResponseWriter, r *http.Request, who policy.Actor, act func(*form) ledger.Act) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if _, err = s.Supervise.Do(r.Context(), who, supervise.Order{Act: act(f), Seen: supervise.Any, Key: f.text("key")}); err == nil {
		return seeOther(w, r, "/headings")
	}
	if !f.refusedAt("word", err) {
		return err
	}
	return s.showHeadings(w, r, who, http.StatusUnprocessableEntity, headingsView{Word: f.text("word"), Field: f.text("field"), Problems: f.problems})
}

// headingFields are what a word over a column may stand for.
func headingFields(ctx context.Context) []ui.Choice {
	var list []ui.Choice
	for _, f := range sheet.Fields() {
		if f != sheet.Message {
			list = append(list, ui.Choice{Value: string(f), Label: fieldWord(ctx, f)})
		}
	}
	return list
}
