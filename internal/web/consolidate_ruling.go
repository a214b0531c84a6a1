package web

import (
	"context"

	"lianshen/internal/lang"
)

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
