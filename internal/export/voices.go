package export

import (
	"context"
	"iter"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/ledger/joint"
	"lianshen/internal/policy"
	"lianshen/internal/sheet"
	"lianshen/internal/store"
)

// opinions walks the opinions that the scope lets know, a page at a time.
func (s *Source) opinions(ctx context.Context, scope policy.Scope, f store.VoiceFilter) iter.Seq2[ledger.Opinion, error] {
	return pages(func(after string) ([]ledger.Opinion, error) {
		f.After, f.Limit = after, pageSize
		return s.DB.Opinions(ctx, scope, f)
	}, func(o ledger.Opinion) string { return o.ID })
}

const pageSize = 500

// pages walks a list that is asked for page by page.
func pages[T any](ask func(after string) ([]T, error), id func(T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for after := ""; ; {
			list, err := ask(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, x := range list {
				if !yield(x, nil) {
					return
				}
				after = id(x)
			}
			if len(list) < pageSize {
				return
			}
		}
	}
}

// rowsOf makes a row of each member of a sequence; serial counts from 1.
func rowsOf[T any](seq iter.Seq2[T, error], row func(x T, serial int) []any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		n := 0
		for x, err := range seq {
			if err != nil {
				yield(nil, err)
				return
			}
			n++
			if !yield(row(x, n), nil) {
				return
			}
		}
	}
}

// Opinions is every opinion of the parties that the reader may know, with what
// became of it. Inspected organisations read letters: see Entries.
func (s *Source) Opinions(ctx context.Context, organisation string, party joint.Party) (Table, error) {
	t := Table{Name: "会审意见台账", Total: -1, Look: sheet.XLSXOptions{Sheet: "会审意见", Title: s.title("会审意见台账"), Sub: s.issued(), Paper: sheet.PaperA3, Fixed: 4}}
	t.Columns = []sheet.Column{
		{Key: "sequence", Title: "序号", Width: 5},
		{Key: "organisation", Title: "被巡察党组织", Width: 16},
		{Key: "submission", Title: "报送件", Width: 18},
		{Key: "finding", Title: "问题编号", Width: 11},
		{Key: "party", Title: "审核方", Width: 12},
		{Key: "criterion", Title: "评审项", Width: 12},
		{Key: "kind", Title: "意见类别", Width: 9},
		{Key: "text", Title: "意见内容", Width: 40},
		{Key: "change", Title: "修改要求", Width: 30},
		{Key: "place", Title: "所指部位", Width: 14},
		{Key: "measure", Title: "所指措施", Width: 13},
		{Key: "due", Title: "完成期限", Width: 11},
		{Key: "raised_at", Title: "提出时间", Width: 16},
		{Key: "stage", Title: "意见状态", Width: 11},
		{Key: "response", Title: "采纳情况", Width: 9},
		{Key: "answer", Title: "答复说明", Width: 30},
		{Key: "answer_place", Title: "修改位置", Width: 16},
		{Key: "answered_at", Title: "答复时间", Width: 16},
		{Key: "reason", Title: "未列入或复核说明", Width: 24},
	}
	filter := store.VoiceFilter{Round: s.Round.Number, Organisation: organisation, Party: party}
	t.Parts = whole(rowsOf(ahead(s.opinions(ctx, s.Scope, filter)), s.opinionCells))
	return t, nil
}

func (s *Source) opinionCells(o ledger.Opinion, serial int) []any {
	return []any{
		serial, s.Short(o.Organisation), s.paperName(o.Submission), about(o.Finding), s.party(o.Party), s.criterion(o.Said.Criterion),
		word("opinion.kind.", string(o.Said.Kind)), o.Said.Text, o.Said.Change, o.Said.Section, o.Said.Measure, sheet.Date(o.Said.Due.String()),
		s.moment(o.At), word("paper.stage.", string(o.Stage)), word("response.", string(o.Answer.Response)),
		o.Answer.Reason, o.Answer.Place, s.moment(o.Answer.At), o.Reason,
	}
}

// about is what an opinion is about: a finding, or the whole document.
func about(finding string) string {
	if ledger.IsWhole(finding) {
		return "全文"
	}
	return finding
}

func (s *Source) party(code joint.Party) string {
	p, _ := s.Round.Mechanism.Party(code)
	return or(p.Name, string(code))
}

func (s *Source) criterion(code string) string {
	for _, d := range s.Round.Mechanism.Documents {
		for _, c := range d.Criteria {
			if c.Code == code {
				return c.Name
			}
		}
	}
	return code
}

// paperName words a submission by its identity: 整改进展情况报告第2稿.
func (s *Source) paperName(id string) string {
	parts := strings.Split(id, "-")
	if len(parts) < 4 {
		return id
	}
	return lang.Say(lang.ZH, "export.paper", word("doc.", parts[len(parts)-2]), parts[len(parts)-1])
}

// Entries is what the letters ask for, with the organisations' answers. An
// organisation reads those of letters that it has got.
func (s *Source) Entries(ctx context.Context, organisation string) (Table, error) {
	t := Table{Name: "意见函问题及答复", Total: -1, Look: sheet.XLSXOptions{Sheet: "意见及答复", Title: s.title("意见函意见及答复情况"), Sub: s.issued(), Paper: sheet.PaperA3, Fixed: 4}}
	t.Columns = []sheet.Column{
		{Key: "sequence", Title: "序号", Width: 5},
		{Key: "organisation", Title: "被巡察党组织", Width: 16},
		{Key: "submission", Title: "报送件", Width: 18},
		{Key: "finding", Title: "问题编号", Width: 11},
		{Key: "conclusion", Title: "汇总结论", Width: 10},
		{Key: "entry", Title: "意见序号", Width: 7},
		{Key: "text", Title: "意见内容", Width: 44},
		{Key: "change", Title: "修改要求", Width: 30},
		{Key: "criterion", Title: "评审项", Width: 12},
		{Key: "response", Title: "采纳情况", Width: 9},
		{Key: "answer", Title: "答复说明", Width: 34},
		{Key: "answer_place", Title: "修改位置", Width: 18},
		{Key: "answered_at", Title: "答复时间", Width: 16},
	}
	filter := store.VoiceFilter{Round: s.Round.Number, Organisation: organisation}
	made := pages(func(after string) ([]ledger.Consolidation, error) {
		filter.After, filter.Limit = after, pageSize
		return s.DB.Consolidations(ctx, s.Scope, filter)
	}, func(c ledger.Consolidation) string { return c.ID })
	t.Parts = whole(rowsOf(entriesOf(ahead(made)), s.entryCells))
	return t, nil
}

// numbered is an entry of a letter, its number from 1 among those on the finding.
type numbered struct {
	ledger.Consolidation
	Entry ledger.Entry
	N     int
}

func entriesOf(made iter.Seq2[ledger.Consolidation, error]) iter.Seq2[numbered, error] {
	return func(yield func(numbered, error) bool) {
		for c, err := range made {
			if err != nil {
				yield(numbered{}, err)
				return
			}
			for i, e := range c.Entries {
				if !yield(numbered{c, e, i + 1}, nil) {
					return
				}
			}
		}
	}
}

func (s *Source) entryCells(x numbered, serial int) []any {
	a := x.Entry.Answer
	return []any{
		serial, s.Short(x.Organisation), s.paperName(x.Submission), about(x.Finding), s.conclusion(x.Conclusion), x.N,
		x.Entry.Text, x.Entry.Change, s.criterion(x.Entry.Criterion), word("response.", string(a.Response)), a.Reason, a.Place, s.moment(a.At),
	}
}

// conclusion is what the mechanism of the round calls it.
func (s *Source) conclusion(c joint.Conclusion) string {
	for _, w := range s.Round.Mechanism.Conclusions {
		if w.Code == string(c) {
			return w.Name
		}
	}
	return word("conclusion.", string(c))
}
