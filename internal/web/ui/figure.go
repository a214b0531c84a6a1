package ui

import (
	"context"

	"lianshen/internal/lang"
)

// Rate is a rate that can be checked: it never stands without what was divided by what, how it is defined, as of when,
// and the list behind it.
type Rate struct {
	Name           string // 整改率
	Num, Den       int
	NumName        string // 已完成
	DenName        string // 反馈问题
	Definition     string // 自评已完成的问题数 ÷ 反馈问题总数
	AsOf           string // 2026-03-18 14:30
	Href           string // the list of the Num
	DenHref        string // the list of the Den; empty: no link
	Figure         string // set only where the value is not Num/Den itself
	Note, NoteText string // hue and words of a remark: the change since the last period
}

// KPI is one figure of the strip at the top of an overview. A rate belongs into Rate, which then gives the value.
type KPI struct {
	Label, Icon, Hue  string // Hue "", red or amb
	Value, Unit, Note string
	Href              string
	Rate              *Rate
	Lead              bool
	NoteStart         string // of a rate: what its note compares with, as a tooltip
}

// Mini is a count that leads to its list: 超期 7.
type Mini struct {
	Hue, Icon, Label, Value, Href string
}

func (r Rate) figure() string {
	if r.Figure != "" {
		return r.Figure
	}
	return lang.Percent(r.Num, r.Den)
}

// unit is the sign after the figure, none where there is no figure.
func (r Rate) unit() string {
	if r.Den > 0 {
		return "%"
	}
	return ""
}

// words says the rate in full, for the link to its list.
func (r Rate) words(ctx context.Context) string {
	return lang.T(ctx, "ui.rate.words", r.Name, r.figure(), r.Num, r.Den)
}

// class is the look of one figure of the strip.
func (k KPI) class() string {
	class := "kpi"
	if k.Lead {
		class += " lead"
	}
	if k.Rate != nil {
		class += " rate"
	}
	if k.Hue != "" {
		class += " " + k.Hue
	}
	return class
}
