package web

import (
	"context"

	"lianshen/internal/lang"
	"lianshen/internal/policy"
	"lianshen/internal/workday"
)

// Minutes is a meeting in plain words: what its minutes (会议纪要) say. What the
// reader may not know is not in it.
type Minutes struct {
	ID, Round          string
	Title, Kind, Place string
	On                 workday.Date
	Chair, Convener    string
	Attendance         []MinutesSeat
	Items              []MinutesItem
	Closed             bool
}

// MinutesSeat is one line of the attendance list; Party is "" for somebody invited.
type MinutesSeat struct {
	Party, Name, Note string
	Present           bool
}

// MinutesItem is one item: what each party held, and what the meeting made of it.
type MinutesItem struct {
	Number, Title, Organisation, Paper string
	Views                              []MinutesView
	Deferred                           bool
	Conclusion, Reason, DecidedBy      string // Conclusion is "" while nothing is decided, or if it was put off
	Votes                              []MinutesView
}

// MinutesView is what one party concluded, in words.
type MinutesView struct{ Party, Conclusion string }

func minutesItem(v itemView) MinutesItem {
	out := MinutesItem{Number: v.Finding, Title: v.Title, Organisation: v.Office, Paper: v.Paper}
	for _, seal := range v.Seals {
		out.Views = append(out.Views, MinutesView{seal.Name, seal.Word})
	}
	if v.Decision == nil {
		return out
	}
	out.Deferred, out.Reason, out.DecidedBy = v.Decision.Deferred, v.Decision.Reason, v.Decision.DecidedBy
	if !out.Deferred {
		out.Conclusion = v.Decision.Chip.Word
	}
	for _, seal := range v.Decision.Votes {
		out.Votes = append(out.Votes, MinutesView{seal.Name, seal.Word})
	}
	return out
}

// minutesOf is a meeting in plain words, for the minutes.
func (s *Server) minutesOf(ctx context.Context, who policy.Actor, id string) (Minutes, error) {
	x, err := s.sittingOf(ctx, who, id)
	if err != nil {
		return Minutes{}, err
	}
	out := Minutes{
		Title: x.Terms.Title, Kind: lang.T(ctx, "meet.kind."+string(x.Kind)), On: x.Terms.On, Place: x.Terms.Place, Chair: x.Terms.Chair,
		Convener: x.Names[x.Convener], Closed: !x.Open(), ID: x.ID, Round: x.Round.Name,
	}
	for _, a := range x.Attendance {
		party, _ := x.Round.Mechanism.Party(a.Party)
		out.Attendance = append(out.Attendance, MinutesSeat{named(ctx, party.Name, party.NameEn), a.Name, a.Note, a.Present})
	}
	for n, i := range x.Agenda {
		out.Items = append(out.Items, minutesItem(x.item(ctx, n+1, i, meetingTyped{}, false)))
	}
	return out, nil
}
