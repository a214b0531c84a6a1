package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lianshen/internal/lang"
)

// Segment is one coloured part of a bar; Hue as in Chip, or "acc" for the accent colour.
type Segment struct {
	Hue   string
	Value int
	Label string
}

type rect struct{ class, x, width, pattern string }

// rects lays segments out side by side in percent of total. Segments beyond total are cut, so that a wrong sum is
// seen as a full bar and not as a broken page.
func rects(segments []Segment, total int) []rect {
	var out []rect
	at := 0
	for _, s := range segments {
		width := min(s.Value, total-at)
		if width <= 0 {
			continue
		}
		r := rect{class: "f-" + s.Hue, x: percentOf(at, total), width: percentOf(width, total)}
		if s.Hue == Red || s.Hue == Amber {
			r.pattern = "url(#pt-" + s.Hue + ")"
		}
		out = append(out, r)
		at += width
	}
	return out
}

// percentOf is n/total as an SVG length, two decimals, which is finer than any screen.
func percentOf(n, total int) string {
	if total <= 0 {
		return "0%"
	}
	hundredths := n * 10000 / total
	return strconv.Itoa(hundredths/100) + "." + strconv.Itoa(hundredths%100/10) + strconv.Itoa(hundredths%10) + "%"
}

// StackRow is one line of a chart of stacked bars: 县教育体育局, its segments, and the figure at the end of the bar.
type StackRow struct {
	Label, Href string
	Segments    []Segment
	Figure      string
}

func (r StackRow) total() int {
	n := 0
	for _, s := range r.Segments {
		n += s.Value
	}
	return n
}

// longest is the total of the longest row, which fills the width of the chart.
func longest(rows []StackRow) int {
	most := 0
	for _, r := range rows {
		most = max(most, r.total())
	}
	return most
}

// axis is the scale below stacked bars: from 0 to top in steps.
type axis struct{ top, step int }

// axisOf chooses at most six round marks (1, 2 or 5 times a power of ten apart) that hold the longest row.
func axisOf(rows []StackRow) axis {
	most := max(longest(rows), 1)
	for step := 1; ; step *= 10 {
		for _, s := range []int{step, 2 * step, 5 * step} {
			if top := (most + s - 1) / s * s; top/s <= 5 {
				return axis{top, s}
			}
		}
	}
}

func (a axis) ticks() []int {
	var marks []int
	for n := 0; n <= a.top; n += a.step {
		marks = append(marks, n)
	}
	return marks
}

// FunnelStep is one stage of the loop in a funnel: how many findings reached it, and why the others did not.
type FunnelStep struct {
	Label, Href string
	Value       int
	Drop        string // 9 条未报; empty where none dropped out
	Closed      bool   // drawn green: past the verification on the spot
}

func (s FunnelStep) hue() string {
	if s.Closed {
		return Green
	}
	return "acc"
}

func funnelTop(steps []FunnelStep) int {
	top := 0
	for _, s := range steps {
		top = max(top, s.Value)
	}
	return top
}

// Trend is a line over time: percentages with one decimal as tenths (886 is 88.6 %), one per label. Plan may be nil.
type Trend struct {
	Labels       []string
	Actual, Plan []int
	ActualName   string
	PlanName     string
	Summary      string // the chart in words, for those who do not see it
	Wide         bool   // drawn for a wide card
}

// The chart's own units; the browser scales them to the card.
const (
	trendTop, trendLeft, trendRight, trendBottom = 8, 34, 18, 20
)

func (t Trend) width() int {
	if t.Wide {
		return 520
	}
	return 304
}

func (t Trend) height() int {
	if t.Wide {
		return 190
	}
	return 126
}

func (t Trend) viewBox() string {
	return "0 0 " + strconv.Itoa(t.width()) + " " + strconv.Itoa(t.height())
}

func (t Trend) x(i int) int {
	if len(t.Labels) < 2 {
		return trendLeft
	}
	return trendLeft + i*(t.width()-trendLeft-trendRight)/(len(t.Labels)-1)
}

func (t Trend) y(tenths int) int {
	span := t.height() - trendTop - trendBottom
	return trendTop + span - tenths*span/1000
}

// points is the polyline through values.
func (t Trend) points(values []int) string {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(t.x(i)) + "," + strconv.Itoa(t.y(v)))
	}
	return b.String()
}

// area is the polygon between the line and its foot.
func (t Trend) area() string {
	if len(t.Actual) == 0 {
		return ""
	}
	foot := strconv.Itoa(t.y(0))
	last := strconv.Itoa(t.x(len(t.Actual) - 1))
	return t.points(t.Actual) + " " + last + "," + foot + " " + strconv.Itoa(t.x(0)) + "," + foot
}

// labelled says whether the i-th label is written: at most five are, the first and the last among them.
func (t Trend) labelled(i int) bool {
	last := len(t.Labels) - 1
	every := (last + 3) / 4
	return every <= 1 || i == last || (i%every == 0 && last-i >= every)
}

func tenths(v int) string { return lang.Percent(v, 1000) + "%" }

// first is the value of a row's first segment: what is done, out of the total.
func first(r StackRow) int {
	if len(r.Segments) == 0 {
		return 0
	}
	return r.Segments[0].Value
}

// stackWords is a bar in words: 县民政局：已完成 31，超期 1.
func stackWords(ctx context.Context, r StackRow) string {
	words := ""
	for _, s := range r.Segments {
		part := s.Label + " " + strconv.Itoa(s.Value)
		if words == "" {
			words = part
		} else {
			words = lang.T(ctx, "ui.list", words, part)
		}
	}
	return lang.T(ctx, "ui.seal", r.Label, words)
}

// spoken makes a picture speak its label, or hides it where the words stand beside it.
func spoken(label string) templ.Attributes {
	if label == "" {
		return templ.Attributes{"aria-hidden": "true"}
	}
	return templ.Attributes{"role": "img", "aria-label": label}
}

// Bar is a bar of segments out of total. size is "" (8 px), b6, b12 or b16. label says it in words; an empty label hides
// the bar from screen readers, for places where the numbers stand beside it.
func Bar(segments []Segment, total int, label, size string) templ.Component {
	var b strings.Builder
	b.WriteString(`<svg class="bar ` + templ.EscapeString(size) + `"`)
	if label == "" {
		b.WriteString(` aria-hidden="true">`)
	} else {
		b.WriteString(` role="img" aria-label="` + templ.EscapeString(label) + `">`)
	}
	for _, r := range rects(segments, total) {
		b.WriteString(`<rect class="` + templ.EscapeString(r.class) + `" x="` + r.x + `" width="` + r.width + `" height="100%"></rect>`)
		if r.pattern != "" {
			b.WriteString(`<rect fill="` + r.pattern + `" x="` + r.x + `" width="` + r.width + `" height="100%"></rect>`)
		}
	}
	b.WriteString(`</svg>`)
	return markup(b.String())
}
