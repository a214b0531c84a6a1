// Package mechanismtest has a mechanism for tests that reviews every document. No
// program uses it.
package mechanismtest

import (
	"slices"

	"lianshen/internal/ledger/mechanism"
)

// Code is the code of the mechanism of Every.
const Code = "every"

// Every returns the default mechanism with all five documents under review, each
// pledged by the head but the material of the life meeting. Two parties review
// these three, by one criterion.
func Every() mechanism.Mechanism {
	m := mechanism.Presets()["weixi"]
	m.Code, m.Name, m.NameEn = Code, "五种材料", "Every document"
	m.Documents = slices.DeleteFunc(slices.Clone(m.Documents), func(d mechanism.Document) bool {
		return d.Code != mechanism.Plan && d.Code != mechanism.Report
	})
	for _, d := range []mechanism.Document{
		{Code: mechanism.LifeMeeting, Name: "专题民主生活会材料", NameEn: "Democratic life meeting material"},
		{Code: mechanism.HeadReport, Name: "主要负责人组织落实情况报告", NameEn: "Report of the head", Pledge: true},
		{Code: mechanism.ClosingDoc, Name: "销号申请", NameEn: "Closing application", Pledge: true},
	} {
		d.Parties = m.Panel(mechanism.Plan, true)[:2]
		d.Blind = true
		d.Criteria = []mechanism.Criterion{{Code: "result", Name: "内容是否实在", NameEn: "Substance"}}
		m.Documents = append(m.Documents, d)
	}
	return m
}

// With returns the mechanisms that come with the program, and that of Every.
func With() map[string]mechanism.Mechanism {
	all := mechanism.Presets()
	all[Code] = Every()
	return all
}
