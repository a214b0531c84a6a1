package ledger

import (
	"slices"
	"strings"

	"lianshen/internal/ledger/joint"
)

// A Ruling says how a joint conclusion came about: what the parties held, and
// who decided where they differed. The minority's view stays in the record.
type Ruling struct {
	Disputed bool                             `json:"disputed,omitempty"` // the parties' conclusions differed
	Override bool                             `json:"override,omitempty"` // the consolidator decided more leniently than the rule (改判)
	Meeting  string                           `json:"meeting,omitempty"`  // identity of the joint meeting that resolved it
	Views    map[joint.Party]joint.Conclusion `json:"views,omitempty"`    // what each party concluded
	Minority []joint.Party                    `json:"minority,omitempty"` // whose conclusion was not the most frequent one
}

// rule sees that the conclusion may be drawn and returns how it came about, with
// the reason for it: the consolidator's own or that of the joint meeting.
//
// Until somebody decides, the strictest conclusion holds, or what the mechanism's
// rule makes of the votes. Another one takes a reason, a more lenient one is an
// override, and where a joint meeting has resolved the finding its word is final.
func rule(act Consolidate, env Env) (Ruling, string, error) {
	views := Conclusions(env.Verdicts)
	reading := env.reading(act.Finding)
	switch {
	case env.seatSilent(act.Finding, views):
		return Ruling{}, "", refuse("consolidate.own_missing") // and nothing of what the others hold
	case len(reading.Missing) > 0:
		return Ruling{}, "", refuse("consolidate.parties_missing", partyNames(env, reading.Missing))
	case reading.Short > 0:
		return Ruling{}, "", refuse("consolidate.quorum_short", reading.Short)
	case !act.Conclusion.Known():
		return Ruling{}, "", refuse("verdict.conclusion_missing")
	}
	ruling := Ruling{Disputed: reading.Disputed, Views: views, Minority: reading.Minority}
	reason := strings.TrimSpace(act.Reason)
	if n := len(env.Resolved); n > 0 {
		return ruling.resolved(act.Conclusion, reason, env.Resolved[n-1])
	}
	if err := needsMeeting(act.Conclusion, reading, env); err != nil {
		return Ruling{}, "", err
	}
	open := reading.Disputed && !reading.Settled
	if reason == "" && (open || act.Conclusion != reading.Holds) {
		return Ruling{}, "", refuse("consolidate.reason_missing")
	}
	ruling.Override = act.Conclusion != reading.Holds && joint.Stricter(act.Conclusion, reading.Holds) == reading.Holds
	return ruling, reason, nil
}

// seatSilent reports whether the seat of whoever consolidates has not answered,
// even if the rule does not wait for it: it must not learn what the others hold.
func (env Env) seatSilent(finding string, views map[joint.Party]joint.Conclusion) bool {
	_, spoken := views[env.Speaks]
	return env.Speaks != "" && !spoken && slices.Contains(env.panel(finding), env.Speaks)
}

// resolved follows the joint meeting: its conclusion, and its reason unless the
// consolidator adds to it.
func (r Ruling) resolved(c joint.Conclusion, reason string, by Concluded) (Ruling, string, error) {
	if c != by.Conclusion {
		return Ruling{}, "", refuse("consolidate.against_resolution", by.Meeting)
	}
	r.Meeting = by.Meeting
	if reason == "" {
		reason = by.Reason
	}
	return r, reason, nil
}

// needsMeeting sees whether the mechanism leaves the decision to a joint meeting.
func needsMeeting(c joint.Conclusion, reading joint.Reading, env Env) error {
	doc, _ := env.Mechanism.Document(env.Submission.Doc)
	switch {
	case env.Mechanism.Disputes.Meeting && reading.Disputed && !reading.Settled:
		return refuse("consolidate.meeting_needed")
	case doc.Returns > 0 && env.Returns >= doc.Returns && c == joint.Return:
		return refuse("consolidate.returns_exhausted", env.Returns)
	}
	return nil
}

// ownOrigins sees that an entry carries opinions on its own finding only: an
// answer to it must be an answer to each of them.
func ownOrigins(entry int, origins []string, finding string, opinions []Opinion) error {
	for _, id := range origins {
		if slices.ContainsFunc(opinions, func(o Opinion) bool { return o.ID == id }) {
			continue
		}
		if parts := strings.Split(id, ":"); len(parts) > 1 && parts[1] != finding {
			return refuse("consolidate.origin_elsewhere", entry, parts[1])
		}
		return refuse("consolidate.origin_unknown", entry)
	}
	return nil
}

// criterionOf is the criterion that all origins speak of, "" if there is no such one.
func criterionOf(origins []string, opinions []Opinion) string {
	criterion, any := "", false
	for _, o := range opinions {
		switch {
		case !slices.Contains(origins, o.ID):
		case any && o.Said.Criterion != criterion:
			return ""
		default:
			criterion, any = o.Said.Criterion, true
		}
	}
	return criterion
}
