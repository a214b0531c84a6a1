package ledger

import "strings"

// IsTeam reports whether the code is that of an inspection team: "team-1".
// Every other code is that of a permanent body and of the party it speaks for.
func IsTeam(code string) bool { return strings.HasPrefix(code, "team-") && len(code) > len("team-") }

// A Body is a supervising body: the inspection office, the discipline
// commission, the organisation department, an inspection team.
// A permanent body has the code of the party it speaks for ("discipline");
// teams are numbered ("team-1") and speak for the party "team" where they inspected.
type Body struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	Short    string   `json:"short"`
	Team     bool     `json:"team,omitempty"`
	Sections []string `json:"sections,omitempty"` // 督促科室, offered when a supervisor is assigned
	Version  int64    `json:"version"`
}

func (b Body) Ref() Ref         { return Ref{KindBody, b.Code} }
func (b Body) Ver() int64       { return b.Version }
func (b Body) Subject() Subject { return Subject{Kind: KindBody} }

// Acts on bodies.
type (
	// AddBody enters a supervising body.
	AddBody struct {
		Code, Name, Short string
		Team              bool
		Sections          []string
	}
	// AmendBody changes its name and sections.
	AmendBody struct {
		Code, Name, Short string
		Sections          []string
	}
)

func (a AddBody) Target() Ref     { return Ref{KindBody, a.Code} }
func (a AddBody) Under() Ref      { return Ref{} }
func (a AddBody) Blank(Env) State { return Body{Code: a.Code} }
func (a AmendBody) Target() Ref   { return Ref{KindBody, a.Code} }

// BodySet says what a body is called from now on.
type BodySet struct {
	Name     string   `json:"name"`
	Short    string   `json:"short"`
	Team     bool     `json:"team,omitempty"`
	Sections []string `json:"sections,omitempty"`
}

func (BodySet) event() {}

func (b Body) decide(act Act) ([]Fact, error) {
	var set BodySet
	switch act := act.(type) {
	case AddBody:
		if b.Version > 0 {
			return nil, refuse("body.code_taken", act.Code)
		}
		set = BodySet{act.Name, act.Short, act.Team, act.Sections}
	case AmendBody:
		set = BodySet{act.Name, act.Short, b.Team, act.Sections}
	default:
		return nil, unhandled(b, act)
	}
	if set.Team != IsTeam(b.Code) {
		return nil, refuse("body.team_code")
	}
	if strings.TrimSpace(b.Code) == "" || strings.TrimSpace(set.Name) == "" {
		return nil, refuse("body.name_missing")
	}
	if set.Short == "" {
		set.Short = set.Name
	}
	return on(b, set), nil
}

func (b Body) Apply(e Event) State {
	if e, ok := e.(BodySet); ok {
		b.Name, b.Short, b.Team, b.Sections = e.Name, e.Short, e.Team, e.Sections
	}
	b.Version++
	return b
}
