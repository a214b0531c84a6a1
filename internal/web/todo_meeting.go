package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
)

// deskMeetings reads the disagreements that the actor may resolve, and the open
// meetings.
func (s *Server) deskMeetings(ctx context.Context, d *desk) (err error) {
	if !policy.CanOpen(d.Who, policy.PageMeeting) {
		return nil
	}
	if mayCall(d.Who, d.Round) {
		list, err := s.contests(ctx, d.Who, d.Round)
		if err != nil {
			return err
		}
		d.Disputes = len(list)
	}
	d.Meetings, err = s.Supervise.DB.Read().OpenMeetings(ctx, policy.ScopeOf(d.Who), d.Round.Number)
	return err
}

// toResolve are the disagreements and the meetings to come.
func (d desk) toResolve(ctx context.Context) (list []todo) {
	if d.Disputes > 0 {
		list = append(list, todo{
			Kind: todoReview, Icon: "columns-3", Href: d.path("disputes"), Act: lang.T(ctx, "overview.act.disputes"),
			Title: lang.T(ctx, "overview.todo.disputes", d.Disputes), Sub: lang.T(ctx, "overview.todo.disputes.sub"),
		})
	}
	for _, m := range d.Meetings {
		list = append(list, todo{
			Kind: todoReview, Icon: "message-2", Href: meetingPath(m.ID), Act: lang.T(ctx, "overview.act.meeting"), Due: m.Terms.On,
			Title: m.Terms.Title, Sub: lang.T(ctx, "overview.todo.meeting.sub", lang.T(ctx, "meet.kind."+string(m.Kind)), len(m.Agenda)),
		})
	}
	return list
}
