package paper

import (
	"fmt"

	"lianshen/internal/opc"
)

// Minutes are the minutes of a joint meeting (联席会议纪要).
type Minutes struct {
	Kind, Round, Title, Issuer string // Kind: 联席会议纪要 or 现场会审纪要
	On, Place, Chair           string
	Present, Absent            []string
	Items                      []MinutesItem
	Closed                     string // day
}

// MinutesItem is one item of the agenda: who held what, and what was resolved.
type MinutesItem struct {
	Heading   string // organisation and number of the finding
	Text      string // of the finding
	Positions string
	Votes     string
	Resolved  string
	Reason    string
	DecidedBy string
}

// Document lays the minutes out.
func (m Minutes) Document() Document {
	d := Document{Title: m.Kind, Author: m.Issuer}
	d.add(StyleTitle, "", lines(m.Round, m.Title, m.Kind))
	d.blank()
	d.lead("时间：", m.On)
	d.lead("地点：", m.Place)
	d.lead("主持人：", m.Chair)
	d.add(StyleHeading1, "", "一、出席情况")
	d.lead("出席：", joinWords(m.Present))
	d.lead("缺席：", joinWords(m.Absent))
	d.add(StyleHeading1, "", "二、议题")
	for i, item := range m.Items {
		d.add(StyleBody, "", fmt.Sprintf("%d.%s：%s", i+1, item.Heading, item.Text))
	}
	d.add(StyleHeading1, "", "三、审议情况")
	for i, item := range m.Items {
		d.add(StyleHeading2, "", "（"+Ordinal(i+1)+"）"+item.Heading)
		d.lead("各方意见：", item.Positions)
		d.lead("表决情况：", item.Votes)
		d.lead("会议议定：", item.Resolved)
		d.lead("理由：", item.Reason)
		d.lead("决定人：", item.DecidedBy)
	}
	d.blank()
	d.add(StyleSign, "", m.Issuer)
	d.add(StyleDate, "", m.Closed)
	return d
}

// lead adds a body paragraph with its lead, unless there is nothing to say.
func (d *Document) lead(lead, text string) {
	if opc.Clean(text) != "" {
		d.add(StyleBody, lead, text)
	}
}

func joinWords(list []string) (text string) {
	for i, word := range list {
		if i > 0 {
			text += "、"
		}
		text += word
	}
	return text
}
