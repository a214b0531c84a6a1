package web

import (
	"slices"

	"lianshen/internal/web/ui"
)

// Bounds of a comparison. Beyond them the middle of the texts is shown as
// removed and added whole: a text rewritten that far is read, not compared.
const (
	maxEdits = 800 // runes inserted and deleted
	minKept  = 3   // runes of a kept stretch between two changes; a shorter one is noise
)

// diffText compares two versions of a text rune by rune, because Chinese has no
// spaces between words. The parts with '=' and '-' together are old, those with
// '=' and '+' are new.
func diffText(old, new string) []ui.DiffPart {
	a, b := []rune(old), []rune(new)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d differ
	d.add('=', a[:head])
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add('=', a[len(a)-tail:])
	return d.tidy()
}

// differ collects the parts of a comparison.
type differ struct{ parts []ui.DiffPart }

// add appends text to the last part if that has the same operation.
func (d *differ) add(op byte, text []rune) {
	if len(text) == 0 {
		return
	}
	if n := len(d.parts); n > 0 && d.parts[n-1].Op == op {
		d.parts[n-1].Text += string(text)
		return
	}
	d.parts = append(d.parts, ui.DiffPart{Op: op, Text: string(text)})
}

// middle compares two texts that begin and end differently: the greedy
// algorithm of Myers, "An O(ND) Difference Algorithm" (1986).
func (d *differ) middle(a, b []rune) {
	trace, found := walk(a, b)
	if !found {
		d.add('-', a)
		d.add('+', b)
		return
	}
	type step struct {
		op   byte
		text []rune
	}
	var steps []step // from the end
	x, y := len(a), len(b)
	for edits := len(trace) - 1; edits > 0; edits-- {
		v, k := trace[edits-1], x-y
		down := k == -edits || k != edits && v.at(k-1) < v.at(k+1)
		from := k - 1
		if down {
			from = k + 1
		}
		x0 := v.at(from)
		y0 := x0 - from
		x1, y1 := x0+1, y0
		if down {
			x1, y1 = x0, y0+1
		}
		steps = append(steps, step{'=', a[x1:x]})
		if down {
			steps = append(steps, step{'+', b[y0:y1]})
		} else {
			steps = append(steps, step{'-', a[x0:x1]})
		}
		x, y = x0, y0
	}
	steps = append(steps, step{'=', a[:x]})
	for _, s := range slices.Backward(steps) {
		d.add(s.op, s.text)
	}
}

// reach is how far along a each diagonal has come, for diagonals -n to n.
type reach struct {
	n int
	x []int
}

func (r reach) at(k int) int { return r.x[k+r.n] }

// walk finds the least number of edits. trace[d] is what d edits reach.
func walk(a, b []rune) (trace []reach, found bool) {
	x := make([]int, 2*maxEdits+3)
	mid := maxEdits + 1
	for edits := 0; edits <= maxEdits; edits++ {
		for k := -edits; k <= edits; k += 2 {
			at := x[mid+k-1] + 1
			if k == -edits || k != edits && x[mid+k-1] < x[mid+k+1] {
				at = x[mid+k+1]
			}
			for at < len(a) && at-k < len(b) && a[at] == b[at-k] {
				at++
			}
			x[mid+k] = at
			found = found || at >= len(a) && at-k >= len(b)
		}
		trace = append(trace, reach{edits, slices.Clone(x[mid-edits : mid+edits+1])})
		if found {
			return trace, true
		}
	}
	return nil, false
}

// tidy joins changes that only a rune or so keeps apart, with what was removed
// before what was added.
func (d *differ) tidy() []ui.DiffPart {
	var out, removed, added differ
	flush := func() {
		out.parts = append(out.parts, append(removed.parts, added.parts...)...)
		removed, added = differ{}, differ{}
	}
	for i, p := range d.parts {
		text := []rune(p.Text)
		switch {
		case p.Op == '-':
			removed.add('-', text)
		case p.Op == '+':
			added.add('+', text)
		case i > 0 && i < len(d.parts)-1 && len(text) < minKept:
			removed.add('-', text)
			added.add('+', text)
		default:
			flush()
			out.add('=', text)
		}
	}
	flush()
	return out.parts
}
