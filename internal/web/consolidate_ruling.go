package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/ledger/mechanism"
	"lianshen/internal/store"
	"lianshen/internal/workday"
)

// readings reads what the parties hold of each finding of a submission on which
// somebody has spoken.
func readings(m mechanism.Mechanism, p ledger.Submission, stands []store.Stand, today workday.Date) map[string]joint.Reading {
	said, flagged := map[string]map[joint.Party]joint.Conclusion{}, map[string]bool{}
	for _, x := range stands {
		if said[x.Finding] == nil {
			said[x.Finding] = map[joint.Party]joint.Conclusion{}
		}
		said[x.Finding][x.Party], flagged[x.Finding] = x.Conclusion, x.OrganCadre
	}
	read := map[string]joint.Reading{}
	for finding, conclusions := range said {
		read[finding] = p.Reading(m, flagged[finding], conclusions, today)
	}
	return read
}

// meetingNote says what a joint meeting resolved, or that one has to.
func meetingNote(ctx context.Context, c consolidating) (text, href string) {
	reading := c.here().Reading
	switch {
	case c.Resolved.Meeting != "":
		word := conclusionWord(ctx, c.mech(), c.Resolved.Conclusion)
		return lang.T(ctx, "consolidate.meeting.resolved", c.Resolved.Meeting, word), meetingPath(c.Resolved.Meeting)
	case c.mech().Disputes.Meeting && reading.Complete() && reading.Disputed && !reading.Settled && c.here().Made.Version == 0:
		return lang.T(ctx, "consolidate.needs_meeting"), roundPath(c.Round.Number, "disputes")
	}
	return "", ""
}

// ruledWords says of what was made whether it is an override or a meeting's word.
func ruledWords(ctx context.Context, c consolidating) string {
	switch made := c.here().Made; {
	case made.Meeting != "":
		return lang.T(ctx, "consolidate.ruled.meeting", made.Meeting)
	case made.Override:
		return lang.T(ctx, "consolidate.ruled.override", conclusionWord(ctx, c.mech(), c.here().Reading.Holds))
	}
	return ""
}
