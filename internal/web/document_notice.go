package web

import (
	"fmt"
	"strings"

	"lianshen/internal/ledger"
	"lianshen/internal/paper"
	"lianshen/internal/policy"
)

// Notices and visits: the office urges, warns and looks. Each is about some findings
// of one organisation.

var (
	askOffice   = ask{Name: "issuer", propose: func(d *documentDraft) string { return d.Office }}
	askSignedBy = ask{Name: "signature", propose: func(d *documentDraft) string { return d.Office }}
	askTo       = ask{Name: "to", propose: func(d *documentDraft) string { return d.Name.Full }}
	askBy       = ask{Name: "deadline", Date: true, propose: (*documentDraft).noticeDeadline}
	askCopies   = ask{Name: "copies"}
)

func noticeDocuments() []documentSort {
	notice := func(kind string, asks ...ask) documentSort {
		asks = append(asks, askBy, askTo, askOffice, askNumber, askSignedBy, askDate, askContact, askCopies)
		return documentSort{Kind: kind, Group: "notice", About: ofFindings, Page: policy.PageIssue, Asks: asks, fill: noticeData}
	}
	return []documentSort{
		notice("immediate_notice", asksText("opening", immediateOpening), asksText("requirement", always("请立即组织整改，能够当场纠正的当场纠正，并举一反三排查同类问题。"))),
		notice("order", asksText("opening", orderOpening), asksText("requirement", always("请对照反馈问题和整改方案逐条核对，查明未按期完成的原因，明确责任人和完成时限，按期办结并书面报告办理情况，附佐证材料。")), askSigner),
		notice("reminder", asksText("opening", reminderOpening), asksText("requirement", always("请对照整改方案逐项核对措施落实情况，抓紧完成整改，补齐数据、实例和佐证材料。"))),
		notice("warning", asksText("opening", warningOpening), asksText("requirement", always("现予告诫。请党组织主要负责人亲自督办，查明原因、落实责任，在最后期限前整改到位，并书面说明逾期原因。"))),
		{
			Kind: "visit", Group: "visit", About: ofFindings, Page: policy.PageIssue, fill: visitData, Asks: []ask{
				{Name: "on", Date: true, propose: func(d *documentDraft) string { return d.Today.String() }},
				{Name: "lead"},
				{Name: "members"},
				{Name: "ways", propose: always("核查资料、查看现场、走访群众")},
				asksText("voices", nil), asksText("survey", nil), asksText("advice", nil),
			},
		},
	}
}

func immediateOpening(d *documentDraft) string {
	return fmt.Sprintf("根据巡察工作安排，%s在对你单位党组织的巡察中发现以下可以立即整改的问题，现通知你单位立行立改：", d.Team)
}

func orderOpening(d *documentDraft) string {
	return fmt.Sprintf("你单位承担的%s下列反馈问题整改进度滞后，现予督办。", d.Round.Name)
}

func reminderOpening(d *documentDraft) string {
	return fmt.Sprintf("你单位承担的%s下列反馈问题，整改期限即将届满，目前尚未完成，现提醒如下：", d.Round.Name)
}

func warningOpening(d *documentDraft) string {
	return fmt.Sprintf("你单位承担的%s下列反馈问题，已经超过整改期限，至%s仍未完成整改：", d.Round.Name, dayZH(d.Today))
}

// mostVisited is how many findings a visit is proposed to check.
const mostVisited = 5

// usual are the findings that the kind of notice is mostly about.
func (d *documentDraft) usual() (numbers []string) {
	for _, f := range d.Findings {
		if d.usually(f) && (d.Sort.Kind != "visit" || len(numbers) < mostVisited) {
			numbers = append(numbers, f.Number)
		}
	}
	return numbers
}

func (d *documentDraft) usually(f ledger.Finding) bool {
	left := f.Due().Sub(d.Today)
	switch d.Sort.Kind {
	case "immediate_notice":
		return f.Class.Kind == ledger.Immediate && f.Running()
	case "reminder":
		return f.Running() && !f.Due().IsZero() && left >= 0 && left <= 20
	case "warning", "order":
		return f.Running() && !f.Due().IsZero() && left < 0
	case "visit":
		return f.Progress.Claim == ledger.Done && f.Stage != ledger.ClosedStage && f.Stage != ledger.SettledStage
	}
	return false
}

// noticeDeadline proposes the first deadline that is still to come, for a reminder;
// ten working days for what is late.
func (d *documentDraft) noticeDeadline() string {
	first := d.soon
	if d.Sort.Kind == "reminder" {
		for i, f := range d.picked() {
			if due := f.Due(); !due.IsZero() && !d.Today.After(due) && (i == 0 || first.After(due)) {
				first = due
			}
		}
	}
	return first.String()
}

func noticeData(d *documentDraft) paper.Data {
	rows := []paper.Data{}
	for _, f := range d.picked() {
		rows = append(rows, paper.Data{"number": f.Number, "text": strings.TrimRight(f.Text, "。"), "state": stateZH(f)})
	}
	return paper.Data{"findings": rows, "deadline": d.text("deadline"), "copies": strings.TrimRight(d.text("copies"), "。")}
}

// stateZH says where a finding stands and by when it was to be rectified.
func stateZH(f ledger.Finding) string {
	text := say("stage." + string(f.Stage))
	if due := f.Due(); !due.IsZero() {
		text += "，期限为" + dayZH(due)
	}
	return text
}

func visitData(d *documentDraft) paper.Data {
	rows := []paper.Data{}
	for _, f := range d.picked() {
		rows = append(rows, paper.Data{"number": f.Number, "text": f.Text, "reported": f.Progress.Text, "seen": "", "agrees": "□一致\n□不一致", "verdict": "□属实\n□部分属实\n□不实"})
	}
	return paper.Data{"organisation": d.Name.Full, "round": d.Round.Name, "findings": rows}
}
