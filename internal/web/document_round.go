package web

import (
	"fmt"
	"slices"
	"strings"

	"lianshen/internal/lang"
	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
)

// Documents of a whole round: the duty list of a body and the circular.

func roundDocuments() []documentSort {
	return []documentSort{
		{Kind: "duty_list", Group: "round", About: ofBody, Page: policy.PageDuty, fill: dutyData},
		{
			Kind: "circular", Group: "round", About: ofAll, Page: policy.PageIssue, fill: circularData, Asks: []ask{
				asksTitle(func(d *documentDraft) string { return "关于" + d.Round.Name + "\n整改情况的通报" }),
				{Name: "to", propose: always("各被巡察党组织")},
				asksText("opening", circularOpening), asksText("demands", always(circularDemands)),
				{Name: "issuer", propose: func(d *documentDraft) string { return d.Office + "文件" }},
				askNumber, askSignedBy, askDate, askContact,
				{Name: "copies", propose: always("县委巡察工作领导小组成员")},
				{Name: "issued_by", propose: func(d *documentDraft) string { return d.Office }},
				{Name: "issued_on", Date: true, propose: func(d *documentDraft) string { return d.Today.String() }},
			},
		},
	}
}

const circularDemands = "各党组织要切实扛起整改主体责任，主要负责人履行第一责任人责任，对照审核意见逐条补充完善；对超期问题倒排工期、挂账督办；对已完成的问题开展“回头看”，防止反弹；有关监督单位要盯住责任清单，跟踪督促到底。"

func circularOpening(d *documentDraft) string {
	return fmt.Sprintf("%s于%s向各党组织反馈了巡察意见。现将截至%s的整改情况通报如下。", d.Round.Name, dayZH(d.Round.FeedbackOn), dayZH(d.Today))
}

func dutyData(d *documentDraft) paper.Data {
	rows := []paper.Data{}
	watched := slices.Clone(d.Findings)
	slices.SortStableFunc(watched, func(a, b ledger.Finding) int { return strings.Compare(a.Watch.Number, b.Watch.Number) })
	for _, f := range watched {
		cadre := "否"
		if f.Class.OrganCadre {
			cadre = "是"
		}
		rows = append(rows, paper.Data{
			"watch": f.Watch.Number, "organisation": or(d.Names[f.Organisation].Short, f.Organisation), "number": f.Number, "text": f.Text, "cadre": cadre,
			"section": f.Watch.Section, "person": f.Watch.Person, "deadline": deadlineZH(f), "stage": say("stage." + string(f.Stage)),
		})
	}
	return paper.Data{"body": d.Body.Name, "round": d.Round.Name, "count": len(d.Findings), "as_of": dayZH(d.Today), "findings": rows}
}

func circularData(d *documentDraft) paper.Data {
	rows := []paper.Data{}
	for _, in := range d.Round.Organisations {
		if sum := d.Groups[in.Organisation]; sum != nil {
			rows = append(rows, standingRow(or(d.Names[in.Organisation].Short, in.Organisation), sum))
		}
	}
	rows = append(rows, standingRow("合计", d.Sums))
	return paper.Data{"figures": d.figures(), "organisations": rows, "definitions": definitionsZH, "problems": d.problems()}
}

const definitionsZH = "自评完成率为自评“已完成”的问题数占反馈问题总数的比例，不含“基本完成”；认定率为各审核方认定已完成和已销号的问题数占反馈问题总数的比例；超期为整改期限已过、尚未自评完成或者被退回的问题数。"

// standingRow says how an organisation stands, with the figures of the overview.
func standingRow(name string, s *sums) paper.Data {
	claimed, recognised := s.Rates["claimed"], s.Rates["recognised"]
	return paper.Data{
		"organisation": name, "findings": s.All, "claimed": claimed.Num, "claimed_rate": lang.Rate(claimed.Num, claimed.Den),
		"recognised": recognised.Num, "recognised_rate": lang.Rate(recognised.Num, recognised.Den),
		"closed": s.stages(ledger.ClosedStage), "overdue": s.Parts[partOverdue],
	}
}

// figures words the round as a whole.
func (d *documentDraft) figures() string {
	s := d.Sums
	claimed, recognised, closed := s.Rates["claimed"], s.Rates["recognised"], s.Rates["closed"]
	return fmt.Sprintf("本轮共向%d个党组织反馈问题%d个，其中涉组涉干问题%d个。自评已完成%d个，自评完成率%s；经联审认定%d个，认定率%s；已销号%d个，销号率%s。目前会审中%d个，退回补充%d个，持续整改%d个，超期%d个。",
		len(d.Groups), s.All, s.Cadre, claimed.Num, lang.Rate(claimed.Num, claimed.Den), recognised.Num, lang.Rate(recognised.Num, recognised.Den),
		closed.Num, lang.Rate(closed.Num, closed.Den), s.stages(ledger.InReview), s.stages(ledger.Returned), s.stages(ledger.ContinuingStage), s.Parts[partOverdue])
}

// problems names the organisations that are late, were sent back or have not begun.
func (d *documentDraft) problems() []paper.Data {
	rows := []paper.Data{}
	for _, kind := range []struct {
		words string
		count func(*sums) int
	}{
		{"整改超期", func(s *sums) int { return s.Parts[partOverdue] }},
		{"报告质量不高，被退回补充", func(s *sums) int { return s.stages(ledger.Returned) }},
		{"尚未启动", func(s *sums) int { return s.stages(ledger.Registered) }},
	} {
		var who []string
		for _, in := range d.Round.Organisations {
			if s := d.Groups[in.Organisation]; s != nil && kind.count(s) > 0 {
				who = append(who, fmt.Sprintf("%s%d个", or(d.Names[in.Organisation].Short, in.Organisation), kind.count(s)))
			}
		}
		if len(who) > 0 {
			rows = append(rows, paper.Data{"problem": kind.words + fmt.Sprintf("的问题%d个：", kind.count(d.Sums)) + strings.Join(who, "、") + "。"})
		}
	}
	return rows
}
