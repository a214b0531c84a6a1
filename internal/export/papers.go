package export

import (
	"context"
	"slices"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// Letters is every document that was sent, with the letter it was answered with.
func (s *Source) Letters(ctx context.Context, organisation string) (Table, error) {
	t := Table{Name: "报送和意见函台账", Total: -1, Look: sheet.XLSXOptions{Sheet: "报送和意见函", Title: s.title("报送和意见函台账"), Sub: s.issued(), Fixed: 3}}
	t.Columns = []sheet.Column{
		{Key: "sequence", Title: "序号", Width: 5},
		{Key: "organisation", Title: "被巡察党组织", Width: 18},
		{Key: "submission", Title: "报送件", Width: 22},
		{Key: "findings", Title: "问题数", Width: 8},
		{Key: "sent_at", Title: "报送时间", Width: 16},
		{Key: "stage", Title: "办理状态", Width: 12},
		{Key: "letter", Title: "意见函文号", Width: 24},
		{Key: "delivered_at", Title: "送达时间", Width: 16},
		{Key: "received_at", Title: "签收时间", Width: 16},
		{Key: "answer_by", Title: "答复期限", Width: 12},
		{Key: "entries", Title: "意见条数", Width: 9},
		{Key: "unanswered", Title: "未答复", Width: 8},
	}
	owed, err := s.DB.Owed(ctx, s.Scope, s.Round.Number)
	if err != nil {
		return t, err
	}
	filter := store.PaperFilter{Round: s.Round.Number, Organisation: organisation}
	papers := pages(func(after string) ([]ledger.Submission, error) {
		filter.After, filter.Limit = after, pageSize
		return s.DB.Papers(ctx, s.Scope, filter)
	}, func(p ledger.Submission) string { return p.ID })
	t.Parts = whole(rowsOf(papers, func(p ledger.Submission, serial int) []any {
		cells := []any{
			serial, s.Short(p.Organisation), s.paperName(p.ID), len(p.Sent.Findings), s.moment(p.Sent.At), word("send.stage.", string(p.Stage)),
			p.Letter.Number, s.moment(p.Letter.At), s.moment(p.Received.At), sheet.Date(p.Letter.AnswerBy.String()),
		}
		if p.Letter.At.IsZero() {
			return cells // while nothing is delivered it is no letter yet
		}
		return append(cells, owed[p.ID].Entries, owed[p.ID].Unanswered)
	}))
	return t, nil
}

// Meetings is what joint meetings had on their agendas and what they resolved, as
// far as the reader may know it.
func (s *Source) Meetings(ctx context.Context) (Table, error) {
	t := Table{Name: "联席会议议定事项", Total: -1, Look: sheet.XLSXOptions{Sheet: "议定事项", Title: s.title("联席会议议定事项台账"), Sub: s.issued(), Fixed: 3}}
	t.Columns = []sheet.Column{
		{Key: "sequence", Title: "序号", Width: 5},
		{Key: "meeting", Title: "会议", Width: 24},
		{Key: "on", Title: "日期", Width: 12},
		{Key: "place", Title: "地点", Width: 14},
		{Key: "chair", Title: "主持人", Width: 10},
		{Key: "organisation", Title: "被巡察党组织", Width: 16},
		{Key: "submission", Title: "报送件", Width: 18},
		{Key: "finding", Title: "问题编号", Width: 11},
		{Key: "votes", Title: "各方意见", Width: 30},
		{Key: "conclusion", Title: "议定结论", Width: 12},
		{Key: "reason", Title: "理由", Width: 36},
		{Key: "decided_by", Title: "议定人", Width: 10},
		{Key: "at", Title: "记录时间", Width: 16},
	}
	meetings, err := s.DB.Meetings(ctx, s.Scope, s.Round.Number)
	if err != nil {
		return t, err
	}
	var rows [][]any
	slices.Reverse(meetings)
	for _, m := range meetings {
		for _, item := range m.Agenda {
			d, _ := m.Decision(item.Submission, item.Finding)
			rows = append(rows, s.resolutionCells(m, item, d, len(rows)+1))
		}
	}
	t.Parts, t.Total = whole(listed(rows)), len(rows)
	return t, nil
}

func (s *Source) resolutionCells(m ledger.Meeting, item ledger.AgendaItem, d ledger.Resolution, serial int) []any {
	result := s.conclusion(d.Conclusion)
	if d.Deferred {
		result = "暂缓议定"
	}
	return []any{
		serial, m.Terms.Title, sheet.Date(m.Terms.On.String()), m.Terms.Place, m.Terms.Chair, s.Short(item.Organisation),
		s.paperName(item.Submission), about(item.Finding), s.votes(d.Votes), result, d.Reason, d.DecidedBy, s.moment(d.At),
	}
}

// votes words what each party held, in the order of the mechanism.
func (s *Source) votes(votes map[joint.Party]joint.Conclusion) string {
	var words []string
	for _, p := range s.Round.Mechanism.Parties {
		if c, voted := votes[p.Code]; voted {
			words = append(words, p.Name+"："+s.conclusion(c))
		}
	}
	return strings.Join(words, "；")
}
