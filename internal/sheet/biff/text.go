package biff

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// parts is the data of a record and of the CONTINUE records behind it.
type parts struct {
	list [][]byte
	i    int // part
	at   int // byte in it
	bad  bool
}

// take reads n bytes; structures do not notice where a record ends.
func (p *parts) take(n int) []byte {
	if p.i < len(p.list) && p.at+n <= len(p.list[p.i]) {
		b := p.list[p.i][p.at : p.at+n]
		p.at += n
		return b
	}
	out := make([]byte, 0, min(n, 1<<16))
	for len(out) < n {
		if !p.more() {
			p.bad = true
			return make([]byte, min(n, 8))
		}
		part := p.list[p.i][p.at:]
		part = part[:min(len(part), n-len(out))]
		out = append(out, part...)
		p.at += len(part)
	}
	return out
}

// more moves to the next part with content; false at the end.
func (p *parts) more() bool {
	for p.i < len(p.list) && p.at >= len(p.list[p.i]) {
		p.i, p.at = p.i+1, 0
	}
	return p.i < len(p.list)
}

func (p *parts) u8() int  { return int(p.take(1)[0]) }
func (p *parts) u16() int { return int(binary.LittleEndian.Uint16(p.take(2))) }
func (p *parts) u32() int { return int(binary.LittleEndian.Uint32(p.take(4))) }

// skip passes over n bytes.
func (p *parts) skip(n int) {
	for n > 0 && p.more() {
		step := min(n, len(p.list[p.i])-p.at)
		p.at += step
		n -= step
	}
	p.bad = p.bad || n > 0
}

// Flags before the characters of a text.
const (
	wide     = 1
	extended = 4
	rich     = 8
)

// text reads a text of n characters with its flags, and passes over what follows
// it: runs of formatting, readings. A text goes on in the next record behind a flag
// of its own, which may change the width of its characters.
func (p *parts) text(n int) string {
	flags := p.u8()
	runs, ext := 0, 0
	if flags&rich != 0 {
		runs = p.u16()
	}
	if flags&extended != 0 {
		ext = p.u32()
	}
	s := p.characters(n, flags)
	p.skip(4*runs + ext)
	return s
}

func (p *parts) characters(n, flags int) string {
	var b strings.Builder
	var pending []byte // a pair of surrogates may stand in two records
	for n > 0 {
		if p.i < len(p.list) && p.at >= len(p.list[p.i]) {
			if p.i, p.at = p.i+1, 0; p.i < len(p.list) && len(p.list[p.i]) > 0 {
				flags = p.u8()
			}
		}
		if p.i >= len(p.list) || len(p.list[p.i]) == 0 {
			p.bad = true
			break
		}
		left := p.list[p.i][p.at:]
		if flags&wide == 0 {
			step := min(n, len(left))
			b.WriteString(utf16le(pending))
			pending = nil
			for _, c := range left[:step] {
				b.WriteRune(rune(c))
			}
			p.at, n = p.at+step, n-step
			continue
		}
		step := min(n, len(left)/2)
		if step == 0 {
			p.bad = true // half a character
			break
		}
		pending = append(pending, left[:2*step]...)
		p.at, n = p.at+2*step, n-step
	}
	b.WriteString(utf16le(pending))
	s := b.String()
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	return s
}
