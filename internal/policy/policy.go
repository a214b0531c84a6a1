// Package policy says who may do what and who sees what: two functions and one
// table. It does not know how people sign in, and it keeps nothing.
package policy

import (
	"reflect"
	"slices"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
)

// An Actor is a signed-in person acting by one of their posts.
// The zero Actor may do and see nothing.
type Actor struct {
	Person       string // person ID, or "system:..." for a job or the command line
	Name         string
	Post         string // post ID
	Role         ledger.Role
	Body         string // for a clerk or a reviewer
	Organisation string // for a liaison officer or a head
	ReadOnly     bool   // an API token with the scope "read"
	Principal    string // person ID of the principal, where the post is a deputy's
	OnBehalf     string // and their name
	System       bool   // no person: the set-up of the installation or its command line
}

// For returns whom the actor acts for, as the trail records it.
func (a Actor) For() string {
	if a.Organisation != "" {
		return a.Organisation
	}
	if a.Body != "" {
		return a.Body
	}
	return string(a.Role)
}

// Party returns the party for which the actor speaks on the subject; "" for none.
func (a Actor) Party(s ledger.Subject) joint.Party {
	return ledger.Post{Role: a.Role, Body: a.Body}.Speaks(s.Team)
}

// A relation is how an actor stands to the subject of an act.
type relation string

const (
	office      relation = "office"      // the inspection office
	spokesman   relation = "spokesman"   // speaks for the party the act names
	convener    relation = "convener"    // speaks for the party that convenes
	editor      relation = "editor"      // speaks for the party that consolidates
	extender    relation = "extender"    // speaks for the party that decides on extensions
	responsible relation = "responsible" // liaison officer of the organisation concerned
	head        relation = "head"        // head of the organisation concerned
	author      relation = "author"      // head of the organisation concerned, of the report that is the head's own
	sysadmin    relation = "sysadmin"
	secadmin    relation = "secadmin"
	self        relation = "self"      // the person concerned
	principal   relation = "principal" // whose post the act delegates, or ends the delegation of
	judge       relation = "judge"     // the person concerned, who speaks for a party there
	system      relation = "system"    // whoever holds the machine; made by package supervise only
)

// table is who may do what. What is not in it nobody may.
var table = []struct {
	act ledger.Act
	who []relation
}{
	{ledger.AddOrganisation{}, []relation{office, sysadmin}},
	{ledger.RenameOrganisation{}, []relation{office, sysadmin}},
	{ledger.MoveOrganisation{}, []relation{office, sysadmin}},
	{ledger.AddBody{}, []relation{office, sysadmin, system}},
	{ledger.AmendBody{}, []relation{office, sysadmin}},
	{ledger.AddPerson{}, []relation{sysadmin, system}},
	{ledger.DisablePerson{}, []relation{sysadmin}},
	{ledger.EnablePerson{}, []relation{sysadmin}},
	{ledger.SetPassword{}, []relation{sysadmin, self, system}},
	{ledger.Appoint{}, []relation{secadmin, system}},
	{ledger.PublishMechanism{}, []relation{office, sysadmin}},
	{ledger.AddTemplate{}, []relation{office, sysadmin}},
	{ledger.MapTemplate{}, []relation{office, sysadmin}},
	{ledger.UseTemplate{}, []relation{office, sysadmin}},
	{ledger.KeepDesign{}, []relation{office}},
	{ledger.WithdrawDesign{}, []relation{office}},
	{ledger.EndPost{}, []relation{secadmin, principal}},
	{ledger.Delegate{}, []relation{secadmin, principal}},
	{ledger.OpenRound{}, []relation{office}},
	{ledger.AmendRound{}, []relation{office}},
	{ledger.Inspect{}, []relation{office}},
	{ledger.Register{}, []relation{office}},
	{ledger.Classify{}, []relation{office}},
	{ledger.Assign{}, []relation{office}},
	{ledger.Correct{}, []relation{office}},
	{ledger.RecordImport{}, []relation{office}},
	{ledger.RememberLayout{}, []relation{office}},
	{ledger.ForgetLayout{}, []relation{office}},
	{ledger.AddHeading{}, []relation{office, sysadmin}},
	{ledger.RemoveHeading{}, []relation{office, sysadmin}},
	{ledger.WritePlan{}, []relation{responsible}},
	{ledger.WriteProgress{}, []relation{responsible}},
	{ledger.Attach{}, []relation{responsible}},
	{ledger.Detach{}, []relation{responsible}},
	{ledger.AmendEvidence{}, []relation{responsible}},
	{ledger.ReplaceFile{}, []relation{responsible}},
	{ledger.WritePaper{}, []relation{responsible, author}},
	{ledger.AttachPaper{}, []relation{responsible, author}},
	{ledger.DetachPaper{}, []relation{responsible, author}},
	{ledger.WriteApplication{}, []relation{responsible}},
	{ledger.Prepare{}, []relation{responsible}},
	{ledger.MakePledge{}, []relation{head}},
	{ledger.Send{}, []relation{responsible}},
	{ledger.GiveVerdict{}, []relation{spokesman}},
	{ledger.TakeBack{}, []relation{spokesman}},
	{ledger.PassOver{}, []relation{convener}},
	{ledger.Recheck{}, []relation{spokesman}},
	{ledger.Consolidate{}, []relation{editor}},
	{ledger.Deliver{}, []relation{editor}},
	{ledger.Receive{}, []relation{responsible}},
	{ledger.AnswerEntry{}, []relation{responsible}},
	{ledger.Acknowledge{}, []relation{responsible, head}},
	{ledger.AskExtension{}, []relation{responsible, head}},
	{ledger.DecideExtension{}, []relation{extender}},
	{ledger.Settle{}, []relation{convener}},
	{ledger.CallMeeting{}, []relation{convener, editor}},
	{ledger.AmendMeeting{}, []relation{convener, editor}},
	{ledger.Attend{}, []relation{convener, editor}},
	{ledger.Resolve{}, []relation{convener, editor}},
	{ledger.Defer{}, []relation{convener, editor}},
	{ledger.CloseMeeting{}, []relation{convener, editor}},
	{ledger.Close{}, []relation{office}},
	{ledger.Reopen{}, []relation{office}},
	{ledger.Recuse{}, []relation{judge, convener}},
	{ledger.LiftRecusal{}, []relation{convener}},
}

// Can reports whether the actor may do the act to the subject.
// What may not be seen may not be done either; the door asks Scope first.
func Can(a Actor, act ledger.Act, s ledger.Subject) bool {
	if a.ReadOnly {
		return false
	}
	for _, row := range table {
		if reflect.TypeOf(row.act) == reflect.TypeOf(act) {
			return slices.ContainsFunc(row.who, func(r relation) bool { return r.holds(a, act, s) })
		}
	}
	return false
}

func (r relation) holds(a Actor, act ledger.Act, s ledger.Subject) bool {
	switch r {
	case office:
		return a.Role == ledger.Clerk
	case spokesman:
		return a.speaks(s, speaksFor(act, s))
	case convener:
		return a.speaks(s, s.Bench.Convenes)
	case editor:
		return a.speaks(s, s.Bench.Consolidates)
	case extender:
		return a.speaks(s, s.Bench.Extends)
	case responsible:
		return a.Role == ledger.Liaison && a.Organisation != "" && a.Organisation == s.Organisation
	case head:
		return a.Role == ledger.Head && a.Organisation != "" && a.Organisation == s.Organisation
	case author:
		return head.holds(a, act, s) && ofHead(act)
	case sysadmin:
		return a.Role == ledger.SysAdmin
	case secadmin:
		return a.Role == ledger.SecAdmin
	case self:
		return a.Person != "" && a.Person == s.Person
	case principal:
		return (a.Role == ledger.Clerk || a.Role == ledger.Reviewer) && a.Person == delegates(act)
	case judge:
		return a.Person != "" && a.Person == s.Person && a.Party(s) != ""
	case system:
		return a.System
	}
	return false
}

// ofHead reports whether the act is on the text of the head's own report.
func ofHead(act ledger.Act) bool {
	switch act := act.(type) {
	case ledger.WritePaper:
		return act.Doc == mechanism.HeadReport
	case ledger.AttachPaper:
		return act.Doc == mechanism.HeadReport
	case ledger.DetachPaper:
		return act.Doc == mechanism.HeadReport
	}
	return false
}

// speaks reports whether the actor speaks for the party on the subject.
func (a Actor) speaks(s ledger.Subject, party joint.Party) bool {
	return party != "" && a.Party(s) == party
}

// speaksFor returns the party whose opinion the act is.
func speaksFor(act ledger.Act, s ledger.Subject) joint.Party {
	if give, ok := act.(ledger.GiveVerdict); ok {
		return give.Party
	}
	return s.Party
}

// delegates returns the person whose post the act delegates or takes back.
func delegates(act ledger.Act) string {
	switch act := act.(type) {
	case ledger.Delegate:
		return act.From
	case ledger.EndPost:
		return act.From
	}
	return ""
}

// A Scope is what an actor sees of the cases. Its zero value sees nothing.
// The store turns it into SQL in one place; a test holds the two against each other.
type Scope struct {
	All          bool   // every organisation
	Organisation string // or this one
	Team         string // or those this team inspected
	Drafts       bool   // of an organisation: what is written but not sent
	Party        string // body that speaks; decides whose verdicts are visible while blind
	Verdicts     VerdictSight
	Bodies       bool // what waits for every body and who keeps away from what, not the own body's only
}

// Original reports whether the actor may have the original of an evidence file: the
// organisation that sent it, and the office. All others get a copy without what the
// file carries unseen, where the installation says so.
func Original(a Actor, s ledger.Subject) bool {
	return office.holds(a, nil, s) || responsible.holds(a, nil, s) || head.holds(a, nil, s)
}

// VerdictSight is how much of single parties' verdicts and opinions is visible.
type VerdictSight int

// The sights, from nothing to most.
const (
	NoVerdicts   VerdictSight = iota // an inspected organisation reads letters only
	Consolidated                     // once the finding is consolidated
	OwnThenAll                       // own ones; the others' on a finding once one's own is given, or it is consolidated
)

// ScopeOf returns what the actor sees.
func ScopeOf(a Actor) Scope {
	switch a.Role {
	case ledger.Clerk:
		return Scope{All: true, Drafts: true, Party: a.Body, Verdicts: OwnThenAll, Bodies: true}
	case ledger.Reviewer:
		if ledger.IsTeam(a.Body) {
			return Scope{Team: a.Body, Party: a.Body, Verdicts: OwnThenAll}
		}
		return Scope{All: a.Body != "", Party: a.Body, Verdicts: OwnThenAll}
	case ledger.Liaison, ledger.Head:
		return Scope{Organisation: a.Organisation, Drafts: true}
	case ledger.Leader:
		return Scope{All: true, Verdicts: Consolidated, Bodies: true}
	case ledger.SysAdmin, ledger.SecAdmin, ledger.Auditor:
		return Scope{} // administers people or the trail, reads no case
	}
	return Scope{}
}

// Sees reports whether a case lies within the scope. Organisations, bodies,
// people, rounds, mechanisms and templates are no cases: they are the frame, and see CanRead.
func (s Scope) Sees(x ledger.Subject) bool {
	switch x.Kind {
	case ledger.KindOrganisation, ledger.KindBody, ledger.KindPerson, ledger.KindRound, ledger.KindMechanism,
		ledger.KindDesign, ledger.KindLayouts, ledger.KindHeadings, ledger.KindTemplate:
		return true
	case ledger.KindImport: // it names findings of every organisation
		return s.All && s.Drafts
	case ledger.KindMeeting: // never of an inspected organisation; a team reads its own items in the store's lists
		return s.All || s.Team != "" && s.Team == x.Team
	case ledger.KindRecusal:
		return s.keepsAway(x)
	case ledger.KindFinding, ledger.KindSubmission, ledger.KindVerdict, ledger.KindOpinion, ledger.KindConsolidation:
	}
	return s.All ||
		s.Organisation != "" && s.Organisation == x.Organisation ||
		s.Team != "" && s.Team == x.Team
}

// keepsAway reports whether a recusal lies within the scope: of those who see all
// bodies, of the body whose person it is, and of the party that convenes. An
// inspected organisation is not told who is close to it.
func (s Scope) keepsAway(x ledger.Subject) bool {
	switch {
	case s.Bodies:
		return true
	case s.Party == "":
		return false
	}
	return s.Party == string(x.Party) || s.Party == string(x.Bench.Convenes) ||
		x.Party == mechanism.TeamParty && s.Party == x.Team
}

// A Page is a part of the interface that not everyone may open.
type Page string

// The pages that are restricted by role. Pages of cases are restricted by Scope.
const (
	PageLedger      Page = "ledger"      // cases at all
	PageReview      Page = "review"      // the review workspace
	PageConsolidate Page = "consolidate" // the consolidation and the letter
	PageMeeting     Page = "meeting"     // disagreements and joint meetings
	PageFill        Page = "fill"        // plan and report of one's own organisation
	PageImport      Page = "import"
	PageFrame       Page = "frame" // rounds, organisations, bodies: to set up
	PagePeople      Page = "people"
	PageTrail       Page = "trail"
	PageRecusals    Page = "recusals" // who keeps away from what; never of an inspected organisation
	PageTurns       Page = "turns"    // whose turn it is
)

// Pages of the documents of a round.
const (
	PageDocuments   Page = "documents"    // at all
	PageOwnDocument Page = "own_document" // those of an inspected organisation
	PageIssue       Page = "issue"        // those that the office issues
	PageDuty        Page = "duty"         // what a body watches over
)

// pages is who may open what.
var pages = map[Page][]ledger.Role{
	PageLedger:      {ledger.Clerk, ledger.Reviewer, ledger.Liaison, ledger.Head, ledger.Leader},
	PageReview:      {ledger.Clerk, ledger.Reviewer},
	PageConsolidate: {ledger.Clerk, ledger.Reviewer}, // of the body that consolidates in the round
	PageMeeting:     {ledger.Clerk, ledger.Reviewer, ledger.Leader},
	PageFill:        {ledger.Liaison, ledger.Head},
	PageImport:      {ledger.Clerk},
	PageFrame:       {ledger.Clerk, ledger.SysAdmin},
	PagePeople:      {ledger.SysAdmin, ledger.SecAdmin},
	PageRecusals:    {ledger.Clerk, ledger.Reviewer, ledger.Leader},
	PageTurns:       {ledger.Clerk, ledger.Reviewer, ledger.Liaison, ledger.Head, ledger.Leader},
	PageDocuments:   {ledger.Clerk, ledger.Reviewer, ledger.Liaison, ledger.Head, ledger.Leader},
	PageOwnDocument: {ledger.Clerk, ledger.Liaison, ledger.Head},
	PageIssue:       {ledger.Clerk},
	PageDuty:        {ledger.Clerk, ledger.Reviewer, ledger.Leader},
	PageTrail:       {ledger.Auditor}, // not the office, a party: entries count the others' opinions
}

// CanOpen reports whether the actor may open the page.
func CanOpen(a Actor, p Page) bool { return slices.Contains(pages[p], a.Role) }
