package ledger

import (
	"regexp"
	"slices"
	"strings"
)

// A Design (表样) is how the office's own table of findings looks when it leaves:
// which columns with which heads, on which paper. It changes no finding.
type Design struct {
	Code      string      `json:"code"` // "quarterly"
	Terms     DesignTerms `json:"terms"`
	Withdrawn bool        `json:"withdrawn,omitempty"` // no longer offered
	Version   int64       `json:"version"`
}

// DesignTerms are what may be changed of a design.
type DesignTerms struct {
	Name     string         `json:"name"`            // 季度上报台账
	Title    string         `json:"title,omitempty"` // above the table; 〔轮次〕 and 〔日期〕 are filled in; "" takes the usual one
	Columns  []DesignColumn `json:"columns"`
	Paper    string         `json:"paper"` // PaperA3 or PaperA4
	Portrait bool           `json:"portrait,omitempty"`
	Split    string         `json:"split,omitempty"` // a sheet for each: SplitOrganisation, SplitCategory; "" for one sheet
	Measures bool           `json:"measures,omitempty"`
}

// A DesignColumn is a field under a head of the office's own. An empty head takes
// the usual one; columns of one group beside each other share a head above.
type DesignColumn struct {
	Field string  `json:"field"`
	Head  string  `json:"head,omitempty"`
	Group string  `json:"group,omitempty"`
	Width float64 `json:"width,omitempty"` // in characters; 0 takes the usual one
}

// Papers and splits of a design.
const (
	PaperA3           = "A3"
	PaperA4           = "A4"
	SplitOrganisation = "organisation"
	SplitCategory     = "category"
)

// DesignFields lists the fields a design can show, in the usual order.
func DesignFields() []string { return slices.Clone(designFields) }

var designFields = []string{
	"sequence", "number", "organisation", "category", "aspect", "text", "manifestations", "organ_cadre", "kind", "cause", "target",
	"measure_number", "measure", "measure_deadline", "leader", "section", "handler", "deadline", "progress", "status", "evidence", "remark",
	"stage", "outcome", "outcome_day", "earlier_deadline", "position", "due", "late_days",
	"team", "watch_body", "watch_section", "watch_person", "watch_number",
}

// The limits of a design.
const (
	maxDesignName  = 40
	maxDesignHead  = 60
	maxDesignWidth = 120
)

func (d Design) Ref() Ref         { return DesignRef(d.Code) }
func (d Design) Ver() int64       { return d.Version }
func (d Design) Subject() Subject { return Subject{Kind: KindDesign} }

// DesignRef names the design with the code.
func DesignRef(code string) Ref { return Ref{KindDesign, code} }

type (
	// KeepDesign makes a design, or changes it; one that was withdrawn is offered again.
	KeepDesign struct {
		Code  string
		Terms DesignTerms
	}
	// WithdrawDesign takes a design out of the list; what was printed by it stays.
	WithdrawDesign struct{ Code string }
)

func (a KeepDesign) Target() Ref     { return DesignRef(a.Code) }
func (a KeepDesign) Under() Ref      { return Ref{} }
func (a KeepDesign) Blank(Env) State { return Design{Code: a.Code} }
func (a WithdrawDesign) Target() Ref { return DesignRef(a.Code) }

// Events of designs.
type (
	DesignKept struct {
		Terms DesignTerms `json:"terms"`
	}
	DesignWithdrawn struct{}
)

func (DesignKept) event()      {}
func (DesignWithdrawn) event() {}

func (d Design) decide(act Act) ([]Fact, error) {
	switch act := act.(type) {
	case KeepDesign:
		return d.keep(act.Terms)
	case WithdrawDesign:
		if d.Version == 0 || d.Withdrawn {
			return nil, refuse("act.nothing_changed")
		}
		return on(d, DesignWithdrawn{}), nil
	}
	return nil, unhandled(d, act)
}

var designCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

func (d Design) keep(t DesignTerms) ([]Fact, error) {
	t.Name, t.Title = strings.TrimSpace(t.Name), strings.TrimSpace(t.Title)
	switch {
	case !designCode.MatchString(d.Code):
		return nil, refuse("design.code", d.Code)
	case t.Name == "":
		return nil, refuse("design.name_missing")
	case tooLong(maxDesignName, t.Name):
		return nil, refuse("field.too_long", maxDesignName)
	case tooLong(MaxShort, t.Title):
		return nil, refuse("field.too_long", MaxShort)
	case len(t.Columns) == 0:
		return nil, refuse("design.no_column")
	case t.Paper != PaperA3 && t.Paper != PaperA4:
		return nil, refuse("design.paper", t.Paper)
	case t.Split != "" && t.Split != SplitOrganisation && t.Split != SplitCategory:
		return nil, refuse("design.split", t.Split)
	}
	seen := map[string]bool{}
	for i, c := range t.Columns {
		switch {
		case !slices.Contains(designFields, c.Field):
			return nil, refuse("design.field", c.Field)
		case seen[c.Field]:
			return nil, refuse("design.field_twice", i+1, c.Field)
		case tooLong(maxDesignHead, c.Head, c.Group):
			return nil, refuse("design.head_too_long", i+1, maxDesignHead)
		case c.Width < 0 || c.Width > maxDesignWidth:
			return nil, refuse("design.width", i+1, maxDesignWidth)
		}
		seen[c.Field] = true
	}
	if d.Version > 0 && !d.Withdrawn && d.Terms.same(t) {
		return nil, refuse("act.nothing_changed")
	}
	return on(d, DesignKept{t}), nil
}

func (t DesignTerms) same(o DesignTerms) bool {
	return slices.Equal(t.Columns, o.Columns) && t.Name == o.Name && t.Title == o.Title && t.Paper == o.Paper && t.Portrait == o.Portrait && t.Split == o.Split && t.Measures == o.Measures
}

func (d Design) Apply(e Event) State {
	switch e := e.(type) {
	case DesignKept:
		d.Terms, d.Withdrawn = e.Terms, false
	case DesignWithdrawn:
		d.Withdrawn = true
	}
	d.Version++
	return d
}
