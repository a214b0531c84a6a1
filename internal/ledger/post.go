package ledger

import (
	"slices"

	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/workday"
)

// For returns whom the post acts for: the code of a body or of an organisation,
// or "" for a role that stands alone.
func (p Post) For() string {
	if p.Organisation != "" {
		return p.Organisation
	}
	return p.Body
}

// Speaks returns the party for which the post speaks on what the team inspected;
// "" for none.
func (p Post) Speaks(team string) joint.Party {
	switch {
	case p.Role != Clerk && p.Role != Reviewer, p.Body == "":
		return ""
	case p.Body == team:
		return mechanism.TeamParty
	case p.Role == Reviewer && team != "" && IsTeam(p.Body):
		return "" // another team
	}
	return joint.Party(p.Body)
}

// PostsOn returns the posts that are held on the day, in the order of Roles.
func (p Person) PostsOn(d workday.Date) []Post {
	var held []Post
	for _, x := range p.Posts {
		if x.HeldOn(d) {
			held = append(held, x)
		}
	}
	slices.SortStableFunc(held, func(a, b Post) int {
		return slices.Index(Roles(), a.Role) - slices.Index(Roles(), b.Role)
	})
	return held
}

// clash names the rule by which nobody may hold both posts at one time; "" if one
// may. Whoever files for an inspected organisation neither reviews nor leads nor
// administers, and files for no second one.
func clash(a, b Post) string {
	switch {
	case !overlap(a, b) || a.void() || b.void():
		return ""
	case a.files() != b.files():
		return "appoint.files_and_reviews"
	case a.files() && a.Organisation != b.Organisation:
		return "appoint.second_organisation"
	case a.Role == b.Role && a.For() == b.For() && a.Deputises.Person == b.Deputises.Person:
		return "appoint.twice" // a colleague of the same body may well be the deputy
	}
	return ""
}

func (p Post) files() bool { return p.Role == Liaison || p.Role == Head }

// void reports whether the post ended before it began.
func (p Post) void() bool { return !p.Until.IsZero() && p.Until.Before(p.Since) }

func overlap(a, b Post) bool {
	return (a.Until.IsZero() || !a.Until.Before(b.Since)) && (b.Until.IsZero() || !b.Until.Before(a.Since))
}

// Administers reports whether the role is one of the three administrators.
func (r Role) Administers() bool { return r == SysAdmin || r == SecAdmin || r == Auditor }

// MixesDuties reports whether the posts unite what should lie in several hands
// (三员分立): two administrators in one person, or one who also works on cases.
// A small office cannot always avoid it, so it is pointed out and not refused.
func MixesDuties(posts []Post) bool {
	duties := map[Role]bool{}
	for _, p := range posts {
		if p.Role.Administers() {
			duties[p.Role] = true
		} else {
			duties["casework"] = true
		}
	}
	return len(duties) > 1
}
